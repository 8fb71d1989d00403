"""The whole pipeline on one screen: read this first.

YAML files become a Library (`load`), the Library and a cohort become editions (`compose`), editions become HTML (`render.html`), HTML
becomes PDFs in one child process (`render.worker`), and the finished files are switched in together (`write`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from mentorkit import __version__, packet
from mentorkit.compose import Composed, compose
from mentorkit.edition import Edition, Place
from mentorkit.fresh import Remembering
from mentorkit.handouts import Handouts, sums
from mentorkit.handouts.printing import hand_out, prepare
from mentorkit.library import Library
from mentorkit.load import load
from mentorkit.manifest import PACKETS
from mentorkit.packet import LARGE, Plan
from mentorkit.problem import Problem, Severity, stopping
from mentorkit.render.card import Card, edition_id
from mentorkit.render.html import guide_html, large_html, workbook_html, worksheet_html
from mentorkit.render.worker import Died, Job, Rendered, Worker
from mentorkit.roster import read_roster
from mentorkit.words import WORDS
from mentorkit.write import Artifact, Written, reserve

OUTPUTS = ("workbook", "workbook-fillable", "workbook-large", "facilitator-guide", "worksheets", "handouts")
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Document:
    """One PDF to be made: its path in the output, its HTML, and the places a reader can fill in it."""

    path: str
    html: str
    places: tuple[Place, ...]
    card: Card | None
    sources: tuple[str, ...]


def build(folder: Path, cohorts: tuple[str, ...], only: tuple[str, ...], paper: str | None, strict: bool, tell: Tell,
          packets: tuple[str, ...] | None = None, books: bool = True) -> int:
    """Make the books of the cohorts named, or of all that are not closed; the exit code. Tells what it made and where.

    With `packets` also a packet for each person: of these files, or, where none is named, of those that packets hold by default.
    Without `books`, packets alone.
    """
    library = load(folder)
    names = cohorts or tuple(name for name, file in library.cohorts.items() if not file.model.closed)
    problems = judged(library.problems, names if cohorts else (), strict)
    if report(problems, tell) or library.curriculum is None:
        return 1
    if not names:
        tell("There is no cohort to build for; write cohorts/NAME/cohort.yaml first.")
        return 1
    composed = [compose(library, name, paper) for name in names]
    told, wanted = set(problems), (only or OUTPUTS) if books else ()
    given = [prepare(library, one) if "handouts" in wanted else Handouts() for one in composed]
    large = {name for name in names if only or asks_for_large(library, name)}
    plans = [packet.plan(library, name, packets) for name in names] if packets is not None else []
    if report(judged([p for c in (*composed, *given, *plans) for p in c.problems if p not in told], (), strict), tell):
        return 1
    made: list[list[Artifact]] = []
    packed: list[list[Artifact]] = []
    with ExitStack() as stack:
        held = [stack.enter_context(reserve(folder / "build" / one.cohort)) for one in composed]  # a second build is told at once
        workers: list[Worker] = []

        def real() -> Worker:
            """The one worker of this build, started when something must be rendered."""
            if not workers:
                workers.append(stack.enter_context(Worker(folder)))
            return workers[0]

        kept = [Remembering(folder / "build" / one.cohort, real, pictures(one)) for one in composed]
        for one, extra, worker in zip(composed, given, kept, strict=True):
            artifacts = render(one, tuple(name for name in wanted if name != LARGE or one.cohort in large), worker, tell)
            sheets = None if artifacts is None else hand_out(extra, one.cohort, worker, tell)
            if artifacts is None or sheets is None:
                return 1
            made.append([*artifacts, *sheets])
        for one, plan, files, worker in zip(composed, plans, made, kept):
            if (found := pack(plan, one, files, worker, strict, tell)) is None:
                return 1
            packed.append(found)
        for one, place, files, worker in zip(composed, held, made, kept, strict=True):
            read = one.sums | sums(one.cohort, library.cohorts[one.cohort].model, folder)
            if books:
                tell_written(one, place.switch(files, {**versions(), "paper": one.workbook.paper}, bool(only), read), tell)
                worker.save()
        for one, plan, files in zip(composed, plans, packed):
            with reserve(folder / "build" / one.cohort / PACKETS) as inner:
                written = inner.switch(files, {**versions(), "paper": one.workbook.paper}, bool(packets), one.sums | plan.sums)
            tell_packed(plan, written, tell)
    return 0


def asks_for_large(library: Library, cohort: str) -> bool:
    """True where somebody on the cohort's list asks for large print."""
    roster = library.cohorts[cohort].model.roster
    path = f"cohorts/{cohort}/{roster}"
    return bool(roster) and any(person.print == "large" for person in read_roster(library.folder / path, path).people)


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
    return " ".join(sum for path, sum in sorted(composed.sums.items()) if not path.endswith(".yaml"))


def render(composed: Composed, only: tuple[str, ...], worker: Remembering, tell: Tell) -> list[Artifact] | None:
    """The finished files of one cohort; None where one of them cannot be made, which has been told."""
    artifacts: list[Artifact] = []
    pages: dict[str, int] = {}
    large: dict[str, int] = {}
    for document in documents(composed, only):
        rendered = _rendered(document.path, document.html, document.places, document.card, composed.cohort, worker, tell)
        if rendered is None:
            return None
        if document.path == f"{LARGE}.pdf":
            large = rendered.pages
        elif document.path.startswith("workbook"):
            pages = rendered.pages
        artifacts.append(Artifact(document.path, rendered.pdf, document.sources))
    if "facilitator-guide" in only:
        if not pages:
            laid = _rendered("workbook.pdf", workbook_html(composed.workbook, False), (), None, composed.cohort, worker, tell)
            if laid is None:
                return None
            pages = laid.pages
        rendered = _rendered("facilitator-guide.pdf", guide_html(composed.guide, pages, large), (), None, composed.cohort, worker, tell)
        if rendered is None:
            return None
        artifacts.append(Artifact("facilitator-guide.pdf", rendered.pdf, composed.sources["guide"]))
    return artifacts


def pack(plan: Plan, composed: Composed, made: Sequence[Artifact], worker: Remembering, strict: bool, tell: Tell) -> list[Artifact] | None:
    """The files of a cohort's packets, out of the books just made and those that packets alone need; None where it cannot be, which has been told."""
    for line in plan.told:
        tell(line)
    try:
        plates = worker.draw([person.name for person in plan.people])
    except Died as died:
        tell(f"{composed.cohort}: {died}; nothing was changed")
        return None
    if report(judged(packet.unprintable(plan, plates), (), strict), tell):
        return None
    ready = {artifact.path: artifact for artifact in made}
    masters = []
    for document in documents(composed, plan.masters):
        if document.path not in ready:
            rendered = _rendered(document.path, document.html, document.places, document.card, composed.cohort, worker, tell)
            if rendered is None:
                return None
            ready[document.path] = Artifact(document.path, rendered.pdf, document.sources)
        masters.append(ready[document.path])
    return packet.packets(plan, composed, plates, masters)


def documents(composed: Composed, only: tuple[str, ...]) -> list[Document]:
    """What participants get; the guide follows when the workbook's pages are known."""
    book = composed.workbook
    made = []
    if "workbook" in only:
        made.append(Document("workbook.pdf", workbook_html(book, False), (), None, composed.sources["workbook"]))
    if "workbook-fillable" in only:
        made.append(Document("workbook-fillable.pdf", workbook_html(book, True), book.places(), card_of(book), composed.sources["workbook"]))
    if LARGE in only:
        made.append(Document(f"{LARGE}.pdf", large_html(book), (), None, composed.sources["workbook"]))
    if "worksheets" in only:
        made += [worksheet(sheet, f"worksheets/{sheet.name}.pdf", composed.sources[sheet.name]) for sheet in composed.worksheets]
    if "mentor-copies" in only:
        shared = [sheet for sheet in composed.worksheets if sheet.both_sides]
        made += [worksheet(for_mentor(sheet), f"{packet.MENTOR}/{sheet.name}.pdf", composed.sources[sheet.name]) for sheet in shared]
    return made


def for_mentor(sheet: Edition) -> Edition:
    """The mentor's copy of a worksheet: it says so, and asks for the mentee's name."""
    words = WORDS | sheet.words
    return replace(sheet, side="mentor", owner=replace(sheet.owner, label=words["mentee_name"]) if sheet.owner else None)


def worksheet(sheet: Edition, path: str, sources: tuple[str, ...]) -> Document:
    """One worksheet; fillable where there is anything to fill in."""
    places = sheet.places()
    return Document(path, worksheet_html(sheet, bool(places)), places, card_of(sheet) if places else None, sources)


def card_of(edition: Edition) -> Card:
    """The list of fields that the file carries, so that answers can be read back years later."""
    places = edition.places()
    names, returned = (tuple(place.name for place in chosen) for chosen in (places, [place for place in places if place.returned]))
    return Card(edition_id(places, edition.release), edition.release, edition.name, names, returned=returned)


def _rendered(path: str, html: str, places: tuple[Place, ...], card: Card | None, cohort: str, worker: Remembering, tell: Tell) -> Rendered | None:
    try:
        rendered = worker.render(Job(path, html, places, card))
    except Died as died:
        tell(f"{cohort}/{path}: {died.reason}; nothing was changed")
        return None
    for complaint in rendered.complaints:
        tell(f"{cohort}/{path}: {complaint}")
    if rendered.complaints:
        tell("nothing was changed")
        return None
    return rendered


def tell_written(composed: Composed, written: Written, tell: Tell) -> None:
    """Say what was made and where, what stayed, and what is older than its sources."""
    where = f"build/{composed.cohort}"
    for path in written.made:
        tell(f"made {where}/{path}")
    for path in written.stale:
        tell(f"{where}/{path} is older than the files it is made from; run: mentorkit build {composed.cohort}")
    for path in written.foreign:
        tell(f"warning: {where}/{path} was not made by mentorkit; it was left as it is")
    for line in written.warnings:
        tell(f"warning: {line}")


def tell_packed(plan: Plan, written: Written, tell: Tell) -> None:
    """Say how many packets were made, what stayed, and what is older than its sources."""
    where, run = f"build/{plan.cohort}/{PACKETS}", f"run: mentorkit packets {plan.cohort}"
    tell(f"made {where}: {len(plan.people)} people, {len(written.made):,} files")
    if written.stale:
        tell(f"{where}: {len(written.stale):,} files of earlier packets are older than what they are made from; {run}")
    for line in (*(f"{where}/{path} was not made by mentorkit; it was left as it is" for path in written.foreign), *written.warnings):
        tell(f"warning: {line}")


def versions() -> dict[str, str]:
    """What made the files, for the manifest."""
    from importlib.metadata import version

    return {"mentorkit": __version__, "weasyprint": version("weasyprint"), "pikepdf": version("pikepdf")}


