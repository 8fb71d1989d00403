"""The whole pipeline on one screen: read this first.

YAML files become a Library (`load`), the Library and a cohort become editions (`compose`), editions become HTML (`documents`, `render.html`),
HTML becomes PDFs in one child process (`render.worker`), and the finished files are switched in together (`write`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from mentorkit import __version__
from mentorkit.checks.load import load_program
from mentorkit.compose.compose import Composed, compose
from mentorkit.handouts.handouts import Handouts, sums
from mentorkit.handouts.typeset import hand_out, prepare
from mentorkit.output.build_cache import Remembering
from mentorkit.output.manifest import PACKETS
from mentorkit.output.writer import Artifact, Held, Written, reserve
from mentorkit.packets import packets as packet
from mentorkit.packets.packets import LARGE, Plan
from mentorkit.pdf.worker import Died, Rendered, Worker
from mentorkit.pipeline.diff import renamed
from mentorkit.pipeline.documents import Document, documents, printed
from mentorkit.program.library import Library
from mentorkit.render.print.html import guide_html
from mentorkit.source.problem import Problem, Severity, stopping
from mentorkit.terminal import silent

OUTPUTS = (
    "workbook",
    "workbook-fillable",
    "workbook-large",
    "facilitator-guide",
    "worksheets",
    "handouts",
)
Tell = Callable[[str], None]


class Stopped(Exception):
    """A file cannot be made; why has been told, and nothing was changed."""


def build(
    folder: Path,
    cohorts: tuple[str, ...],
    only: tuple[str, ...],
    paper: str | None,
    strict: bool,
    tell: Tell,
    packets: tuple[str, ...] | None = None,
    books: bool = True,
    step: Tell = silent,
) -> int:
    """Make the books of the cohorts named, or of all that are not closed; the exit code. Tells what it made and where.

    With `packets` also a packet for each person: of these files, or, where none is named, of those that packets hold by default.
    Without `books`, packets alone. `step` is told of each file in its turn.
    """
    library = load_program(folder)
    names = cohorts or tuple(
        name for name, file in library.cohorts.items() if not file.model.closed
    )
    told = judged(library.problems, names if cohorts else (), strict)
    if report(told, tell) or library.curriculum is None:
        return 1
    if not names:
        tell("There is no cohort to build for; write cohorts/NAME/cohort.yaml first.")
        return 1
    wanted = (only or OUTPUTS) if books else ()
    works = [
        decide(library, compose(library, name, paper), wanted, bool(only), packets)
        for name in names
    ]
    found = dict.fromkeys(
        problem for work in works for problem in work.problems if problem not in told
    )
    if report(judged([*found], (), strict), tell):
        return 1
    with ExitStack() as stack:
        held = [
            stack.enter_context(reserve(folder / "build" / name)) for name in names
        ]  # a second build is told at once
        real = cache(
            lambda: stack.enter_context(Worker(folder))
        )  # one for all, started when something must be rendered
        workers = [
            Remembering(
                folder / "build" / work.composed.cohort, real, pictures(work.composed), step
            )
            for work in works
        ]
        try:
            made = [render(work, worker, tell) for work, worker in zip(works, workers, strict=True)]
            packed = [
                pack(work, files, worker, strict, tell)
                for work, files, worker in zip(works, made, workers, strict=True)
            ]
        except Stopped:
            return 1
        for work, place, files, worker in zip(works, held, made, workers, strict=True):
            if books:
                put(work, place, files, bool(only), tell)
                worker.save(work.composed.workbook.places())
        for work, files in zip(works, packed, strict=True):
            if work.plan:
                put_packets(work, work.plan, folder, files, bool(packets), tell)
    return 0


@dataclass(frozen=True)
class Work:
    """What a build makes for one cohort, decided before anything is laid out."""

    composed: Composed
    wanted: tuple[str, ...]  # of OUTPUTS
    handouts: Handouts
    plan: Plan | None  # of its packets, where they are asked for
    told: tuple[str, ...]  # how its list of people was read, where that matters
    read: dict[str, str]  # the sha256 of every file that it is made from
    renamed: tuple[Problem, ...]  # short names that the books made last have otherwise

    @property
    def problems(self) -> tuple[Problem, ...]:
        return (
            *self.composed.problems,
            *self.renamed,
            *self.handouts.problems,
            *(self.plan.problems if self.plan else ()),
        )


def decide(
    library: Library,
    composed: Composed,
    wanted: tuple[str, ...],
    named: bool,
    packets: tuple[str, ...] | None,
) -> Work:
    """The work for a composed cohort. Large print is made where somebody on the list asks for it, or where it was `named`."""
    cohort = library.cohorts[composed.cohort].model
    people = library.people(composed.cohort)
    large = named or any(person.print == "large" for person in people.people)
    given = prepare(library, composed, people) if "handouts" in wanted else Handouts()
    plan = packet.plan(library, composed.cohort, people, packets) if packets is not None else None
    listed = people.told if plan or "handouts" in wanted else ()
    read = composed.sums | sums(composed.cohort, cohort, library.folder)
    changed = tuple(renamed(library, composed))
    return Work(
        composed,
        tuple(name for name in wanted if large or name != LARGE),
        given,
        plan,
        listed,
        read,
        changed,
    )


def judged(problems: Sequence[Problem], named: tuple[str, ...], strict: bool) -> list[Problem]:
    """The problems as this build takes them: those of other cohorts are warnings where cohorts were named."""
    taken = []
    for problem in problems:
        owner = problem.span.file.split("/")[1] if problem.span.file.startswith("cohorts/") else ""
        if named and owner and owner not in named:
            taken.append(replace(problem, severity=Severity.WARNING))
        elif strict:
            taken.append(replace(problem, severity=Severity.PROBLEM))
        else:
            taken.append(problem)
    return taken


def report(problems: Sequence[Problem], tell: Tell) -> bool:
    """Tell every problem; True where one of them stops the build."""
    for problem in problems:
        tell(str(problem))
    stops = len(stopping(problems))
    if stops:
        tell(f"{stops} {'problem' if stops == 1 else 'problems'}; nothing was built.")
    return bool(stops)


def pictures(composed: Composed) -> str:
    """The checksums of all that the books show and that does not stand in their HTML."""
    return " ".join(
        sum for path, sum in sorted(composed.sums.items()) if not path.endswith(".yaml")
    )


def render(work: Work, worker: Remembering, tell: Tell) -> list[Artifact]:
    """The finished books, worksheets and handouts of one cohort."""
    for line in work.told:
        tell(line)
    composed = work.composed
    done = {
        document: rendered(document, composed.cohort, worker, tell)
        for document in documents(composed, work.wanted)
    }
    if "facilitator-guide" in work.wanted:
        pages = {document.path: laid.pages for document, laid in done.items()}
        cited = (
            pages.get("workbook.pdf")
            or pages.get("workbook-fillable.pdf")
            or rendered(printed(composed), composed.cohort, worker, tell).pages
        )
        html = guide_html(composed.guide, cited, pages.get(f"{LARGE}.pdf"))
        guide = Document("facilitator-guide.pdf", html, (), None, composed.sources["guide"])
        done[guide] = rendered(guide, composed.cohort, worker, tell)
    sheets = hand_out(work.handouts, composed.cohort, worker, tell)
    if sheets is None:
        raise Stopped
    return [
        *(Artifact(document.path, laid.pdf, document.sources) for document, laid in done.items()),
        *sheets,
    ]


def pack(
    work: Work, made: Sequence[Artifact], worker: Remembering, strict: bool, tell: Tell
) -> list[Artifact]:
    """The files of a cohort's packets, out of the books just made and those that packets alone need."""
    plan, composed = work.plan, work.composed
    if plan is None:
        return []
    try:
        plates = worker.draw([person.name for person in plan.people])
    except Died as died:
        tell(f"{composed.cohort}: {died}; nothing was changed")
        raise Stopped from None
    if report(judged(packet.unprintable(plan, plates), (), strict), tell):
        raise Stopped
    ready = {artifact.path: artifact for artifact in made}
    masters = [
        ready.get(document.path)
        or Artifact(
            document.path, rendered(document, composed.cohort, worker, tell).pdf, document.sources
        )
        for document in documents(composed, plan.masters)
    ]
    return packet.packets(plan, composed, plates, masters)


def rendered(document: Document, cohort: str, worker: Remembering, tell: Tell) -> Rendered:
    """The document laid out. `Stopped` where it cannot be, or where anything on its pages is wrong."""
    try:
        laid = worker.render(document.job)
    except Died as died:
        tell(f"{cohort}/{document.path}: {died.reason}; nothing was changed")
        raise Stopped from None
    for complaint in laid.complaints:
        tell(f"{cohort}/{document.path}: {complaint}")
    if laid.complaints:
        tell("nothing was changed")
        raise Stopped
    return laid


def put(work: Work, place: Held, files: Sequence[Artifact], keep_others: bool, tell: Tell) -> None:
    """Switch the books in."""
    composed = work.composed
    tell_written(
        composed,
        place.switch(
            files, {**versions(), "paper": composed.workbook.paper}, keep_others, work.read
        ),
        tell,
    )


def put_packets(
    work: Work, plan: Plan, folder: Path, files: Sequence[Artifact], keep_others: bool, tell: Tell
) -> None:
    """Switch the packets in, a set of their own."""
    with reserve(folder / "build" / plan.cohort / PACKETS) as place:
        written = place.switch(
            files,
            {**versions(), "paper": work.composed.workbook.paper},
            keep_others,
            {**work.read, **plan.sums},
        )
    tell_packed(plan, written, tell)


def tell_written(composed: Composed, written: Written, tell: Tell) -> None:
    """Say what was made and where, what stayed, and what is older than its sources."""
    where = f"build/{composed.cohort}"
    for path in written.made:
        tell(f"made {where}/{path}")
    for path in written.stale:
        tell(
            f"{where}/{path} is older than the files it is made from; run: mentorkit build {composed.cohort}"
        )
    for path in written.foreign:
        tell(f"warning: {where}/{path} was not made by mentorkit; it was left as it is")
    for line in written.warnings:
        tell(f"warning: {line}")


def tell_packed(plan: Plan, written: Written, tell: Tell) -> None:
    """Say how many packets were made, what stayed, and what is older than its sources."""
    where, run = f"build/{plan.cohort}/{PACKETS}", f"run: mentorkit packets {plan.cohort}"
    tell(
        f"made {where}: {len(plan.people)} {'person' if len(plan.people) == 1 else 'people'}, {len(written.made):,} files"
    )
    if written.stale:
        tell(
            f"{where}: {len(written.stale):,} files of earlier packets are older than what they are made from; {run}"
        )
    for line in (
        *(
            f"{where}/{path} was not made by mentorkit; it was left as it is"
            for path in written.foreign
        ),
        *written.warnings,
    ):
        tell(f"warning: {line}")


def versions() -> dict[str, str]:
    """What made the files, for the manifest."""
    from importlib.metadata import version

    return {
        "mentorkit": __version__,
        "weasyprint": version("weasyprint"),
        "pikepdf": version("pikepdf"),
    }
