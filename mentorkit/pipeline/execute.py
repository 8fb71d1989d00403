"""Make what a build plan says: lay out documents in several processes, then switch the files in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path

from mentorkit import __version__
from mentorkit.compose.compose import Composed
from mentorkit.handouts.handouts import STAFF, Sheet
from mentorkit.handouts.typeset import missing_letters_notice, typeset_sheet
from mentorkit.output.build_cache import CachingRenderer
from mentorkit.output.files import for_owner_alone
from mentorkit.output.manifest import PACKETS
from mentorkit.output.writer import Artifact, OutputFolder, WriteResult, reserve
from mentorkit.packets.packets import LARGE, packets, place_in, unprintable
from mentorkit.pdf.worker import Rendered, RenderError
from mentorkit.pdf.worker_pool import WorkerPool, worker_count
from mentorkit.pipeline import site
from mentorkit.pipeline.documents import FILLABLE, WORKBOOK, Document
from mentorkit.pipeline.outputs import OUTPUTS
from mentorkit.pipeline.plan import BuildPlan, CohortPlan, adjust_severity, written_paths
from mentorkit.pipeline.progress import ProgressMeter, Report, report_nothing
from mentorkit.pipeline.report import BuildReport, CohortReport
from mentorkit.source.problem import Problem, stopping

# Whatever cites pages waits for these, so they are laid out first.
CITED_FIRST = (f"{LARGE}.pdf", FILLABLE, WORKBOOK)


@dataclass
class CohortResult:
    """What was laid out for one cohort so far; nothing is written before all cohorts are ready."""

    books: list[Artifact] = field(default_factory=list)
    packets: list[Artifact] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def execute(
    plan: BuildPlan, progress: Report = report_nothing, jobs: int | None = None
) -> BuildReport:
    """Make the files of `plan`, which must not stop; report each step to `progress`.

    `jobs`: how many documents are laid out at once; by default as many as the computer can. The
    files have the same bytes however many. Either everything is written or nothing.
    """
    build = plan.folder / "build"
    with ExitStack() as stack:
        held = [stack.enter_context(reserve(build / cohort.name)) for cohort in plan.cohorts]
        pool = stack.enter_context(WorkerPool(plan.folder, jobs or worker_count()))
        meter = ProgressMeter(*_expected(plan), progress)
        workers = [
            CachingRenderer(build / cohort.name, pool, _picture_sums(cohort.composed))
            for cohort in plan.cohorts
        ]
        results = [
            _lay_out(cohort, worker, meter, plan.request.strict, pool.size)
            for cohort, worker in zip(plan.cohorts, workers, strict=True)
        ]
        report = _report_layout(results)
        if report.failures or stopping(report.problems):
            return report
        books = _write_books(plan, held, results, workers) if plan.request.books else {}
        packets = [
            _write_packets(build, cohort, result.packets, bool(plan.request.packets))
            for cohort, result in zip(plan.cohorts, results, strict=True)
        ]
        cohorts = [
            CohortReport(
                cohort=cohort.name,
                books=books.get(cohort.name),
                packets=written,
                people=len(cohort.packets.people) if cohort.packets else 0,
            )
            for cohort, written in zip(plan.cohorts, packets, strict=True)
        ]
        return replace(report, cohorts=tuple(cohorts))


def _report_layout(results: Sequence[CohortResult]) -> BuildReport:
    """Return a report of what was laid out, before anything is written."""
    return BuildReport(
        notices=tuple(line for result in results for line in result.notices),
        problems=tuple(problem for result in results for problem in result.problems),
        failures=tuple(line for result in results for line in result.failures),
    )


def _write_books(
    plan: BuildPlan,
    folders: Sequence[OutputFolder],
    results: Sequence[CohortResult],
    workers: Sequence[CachingRenderer],
) -> dict[str, WriteResult]:
    """Switch the books of each cohort in; return what was done, by the cohort's name."""
    written = {}
    for cohort, folder, result, worker in zip(plan.cohorts, folders, results, workers, strict=True):
        written[cohort.name] = _switch(folder, cohort, result.books, bool(plan.request.only), {})
        lists = plan.folder / "build" / cohort.name / STAFF
        if lists.is_dir():
            lists.chmod(0o700)  # it holds lists of names and addresses
        worker.save(cohort.composed.workbook.places())
    return written


def _expected(plan: BuildPlan) -> tuple[dict[str, int], int]:
    """Return the length of each HTML to be laid out, by path, and how many files get a name."""
    weights: dict[str, int] = {}
    copies = 0
    for cohort in plan.cohorts:
        longest = 0
        for document in (*cohort.documents, *cohort.masters):
            # What cites pages is about as long as the longest book, and known only later.
            length = longest if document.cites else len(document.html({}).partition("</style>")[2])
            weights[f"{cohort.name}/{document.path}"] = length
            longest = max(longest, length)
        for sheet in cohort.handouts.sheets:
            weights[f"{cohort.name}/{sheet.path}"] = len(sheet.html.partition("</style>")[2])
        documents = (*cohort.documents, *cohort.masters)
        paths = [
            path
            for document in documents
            for path in written_paths(document)
            if path in cohort.master_paths
        ]
        for person in cohort.packets.people if cohort.packets else ():
            copies += sum(bool(place_in(path, person.print == "large")) for path in paths)
    return weights, copies


def _picture_sums(composed: Composed) -> str:
    """Return the checksums of all that books show and that is not in their HTML."""
    sums = sorted(composed.sums.items())
    return " ".join(checksum for path, checksum in sums if not path.endswith(".yaml"))


def _lay_out(
    cohort: CohortPlan, worker: CachingRenderer, meter: ProgressMeter, strict: bool, threads: int
) -> CohortResult:
    """Lay out all documents and handouts of one cohort, and prepare its packets."""
    result = CohortResult(notices=list(cohort.notices))
    with ThreadPoolExecutor(threads) as executor:
        try:
            layout = _Layout(cohort, worker, meter, executor)
            layout.start()
            layout.collect(result)
            result.books += _other_files(cohort, layout.book_pages())
        except BaseException:  # Ctrl-C: what waits is not begun
            executor.shutdown(wait=False, cancel_futures=True)
            worker.close()
            raise
    if cohort.packets and not result.failures:
        _prepare_packets(cohort, layout.masters(), worker, meter, strict, result)
    if result.failures:
        result.failures.append("nothing was changed")
    return result


class _Layout:
    """The documents and handouts of one cohort, laid out in threads that each hold a worker."""

    def __init__(
        self,
        cohort: CohortPlan,
        worker: CachingRenderer,
        meter: ProgressMeter,
        executor: ThreadPoolExecutor,
    ) -> None:
        self._cohort, self._worker, self._meter, self._executor = cohort, worker, meter, executor
        self._documents: dict[str, Future[Rendered]] = {}
        self._sheets: dict[str, Future[tuple[Rendered, set[str]]]] = {}

    def start(self) -> None:
        """Hand everything to the threads: books first, those that others cite before them.

        The guide is handed over as soon as the pages that it cites are known, then what is small.
        """
        cohort = self._cohort
        documents = [*cohort.documents, *cohort.masters]
        books = [d for d in documents if "/" not in d.path and not d.cites]
        for document in sorted(books, key=_priority):
            self._submit(document, {})
        for document in documents:
            if document.cites:
                self._submit_citing(document)
        for document in sorted((d for d in documents if "/" in d.path), key=_priority):
            self._submit(document, {})
        for sheet in cohort.handouts.sheets:
            self._sheets[sheet.path] = self._executor.submit(self._sheet, sheet)

    def _submit_citing(self, document: Document) -> None:
        """Wait for the documents that this one cites, then hand it over."""
        cited = [path for path in document.cites if path in self._documents]
        for path in cited:
            if self._documents[path].exception():
                failed: Future[Rendered] = Future()
                failed.set_exception(RenderError(document.path, f"it cites {path}, which failed"))
                self._documents[document.path] = failed
                return
        self._submit(document, {path: self._documents[path].result().pages for path in cited})

    def collect(self, result: CohortResult) -> None:
        """Wait for everything; add files, notices and failures in the order of the plan."""
        cohort = self._cohort
        for document in cohort.documents:
            rendered = self._outcome(document.path, self._documents[document.path], result)
            if rendered and document.is_written:
                result.books += _artifacts(document, rendered)
        for document in cohort.masters:
            self._outcome(document.path, self._documents[document.path], result)
        result.notices += cohort.handouts.told
        result.books += cohort.handouts.files
        lost: set[str] = set()
        for sheet in cohort.handouts.sheets:
            future = self._sheets[sheet.path]
            try:
                rendered, letters = future.result()
            except RenderError as error:
                result.failures.append(f"{cohort.name}/{sheet.path}: {error.reason}")
                continue
            lost |= letters
            result.failures += self._complaints(sheet.path, rendered)
            result.books.append(Artifact(sheet.path, rendered.pdf, sheet.sources))
        if lost:
            result.notices.append(missing_letters_notice(cohort.name, cohort.handouts, lost))

    def masters(self) -> list[Artifact]:
        """Return what packets are made from, among what was laid out."""
        return [
            artifact
            for document in (*self._cohort.documents, *self._cohort.masters)
            if document.is_written
            for artifact in _artifacts(document, self._documents[document.path].result())
            if artifact.path in self._cohort.master_paths
        ]

    def book_pages(self) -> Mapping[str, int]:
        """Return the pages of the workbook's anchors; nothing where it was not laid out."""
        for path in (WORKBOOK, FILLABLE):
            future = self._documents.get(path)
            if future and not future.exception():
                return future.result().pages
        return {}

    def _submit(self, document: Document, pages: dict[str, dict[str, int]]) -> None:
        job = self._executor.submit(self._document, document, pages)
        self._documents[document.path] = job

    def _document(self, document: Document, pages: dict[str, dict[str, int]]) -> Rendered:
        path = f"{self._cohort.name}/{document.path}"
        self._meter.begin(document.path)
        rendered = self._worker.render(document.job(pages))
        self._meter.end(path)
        return rendered

    def _sheet(self, sheet: Sheet) -> tuple[Rendered, set[str]]:
        self._meter.begin(sheet.path)
        made = typeset_sheet(sheet, self._worker)
        self._meter.end(f"{self._cohort.name}/{sheet.path}")
        return made

    def _outcome(
        self, path: str, future: Future[Rendered], result: CohortResult
    ) -> Rendered | None:
        """Return the rendered document; None, with failures added, where it cannot be used."""
        try:
            rendered = future.result()
        except RenderError as error:
            result.failures.append(f"{self._cohort.name}/{path}: {error.reason}")
            return None
        result.failures += (complaints := self._complaints(path, rendered))
        return None if complaints else rendered

    def _complaints(self, path: str, rendered: Rendered) -> list[str]:
        return [f"{self._cohort.name}/{path}: {complaint}" for complaint in rendered.complaints]


def _other_files(cohort: CohortPlan, book_pages: Mapping[str, int]) -> Iterator[Artifact]:
    """Yield the files of the outputs that are no PDFs, where they are asked for."""
    for output in OUTPUTS:
        if output.artifacts and output.name in cohort.outputs:
            make = getattr(site, output.artifacts)
            yield from make(cohort.composed, cohort.folder, book_pages)


def _artifacts(document: Document, rendered: Rendered) -> list[Artifact]:
    """Return the files of a document; the copy to print first, as the outputs list them."""
    made = [Artifact(document.path, rendered.pdf, document.sources)]
    if document.paper_path:
        made.insert(0, Artifact(document.paper_path, rendered.paper, document.sources))
    return made


def _prepare_packets(
    cohort: CohortPlan,
    masters: Sequence[Artifact],
    worker: CachingRenderer,
    meter: ProgressMeter,
    strict: bool,
    result: CohortResult,
) -> None:
    """Draw the people's names and add the files of their packets, each made when it is written."""
    assert cohort.packets is not None
    try:
        drawings = worker.draw_names([person.name for person in cohort.packets.people])
    except RenderError as error:
        result.failures.append(f"{cohort.name}: {error}")
        return
    result.problems += adjust_severity(unprintable(cohort.packets, drawings), strict=strict)
    for artifact in packets(cohort.packets, cohort.composed, drawings, masters):
        result.packets.append(replace(artifact, data=_counted(artifact.data, meter)))


def _counted(
    data: bytes | Callable[[], bytes], meter: ProgressMeter
) -> bytes | Callable[[], bytes]:
    """Return the data of a packet's file; where it is made when written, that is reported."""
    if isinstance(data, bytes):
        return data

    def make() -> bytes:
        made = data()
        meter.write_copy()
        return made

    return make


def _switch(
    place: OutputFolder,
    cohort: CohortPlan,
    files: Sequence[Artifact],
    keep_others: bool,
    more_sums: Mapping[str, str],
) -> WriteResult:
    """Replace the files of the last manifest by these, whole or not at all."""
    versions = {
        "mentorkit": __version__,
        "weasyprint": version("weasyprint"),
        "pikepdf": version("pikepdf"),
        "paper": cohort.composed.paper,
    }
    return place.switch(files, versions, keep_others, {**cohort.sums, **more_sums})


def _write_packets(
    build: Path, cohort: CohortPlan, files: Sequence[Artifact], keep_others: bool
) -> WriteResult | None:
    """Switch the packets in, a set of files with a manifest of its own; None without packets."""
    if cohort.packets is None:
        return None
    with for_owner_alone(), reserve(build / cohort.name / PACKETS) as place:
        written = _switch(place, cohort, files, keep_others, cohort.packets.sums)
        (build / cohort.name / PACKETS).chmod(0o700)
        return written


def _priority(document: Document) -> tuple[int, int]:
    """Sort what others cite first, then the longest: the last to end is then a short one."""
    is_cited = document.path in CITED_FIRST
    rank = CITED_FIRST.index(document.path) if is_cited else len(CITED_FIRST)
    return rank, -len(document.html({}))
