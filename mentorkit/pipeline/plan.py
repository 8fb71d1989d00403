"""What a build is going to make, decided before anything is laid out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mentorkit.checks.load import load_program
from mentorkit.compose.compose import Composed, compose
from mentorkit.handouts.handouts import Handouts, sums
from mentorkit.handouts.typeset import prepare
from mentorkit.packets.packets import LARGE, LARGE_SHEETS, LARGE_TO_RETURN, TO_RETURN
from mentorkit.packets.packets import Plan as PacketPlan
from mentorkit.packets.packets import plan as plan_packets
from mentorkit.pipeline import documents as document_list
from mentorkit.pipeline.diff import find_renamed_fields
from mentorkit.pipeline.documents import (
    FILLABLE,
    WORKBOOK,
    Document,
    both_workbooks,
    large_to_return,
    large_worksheets,
    mentor_copies,
    printed_workbook,
    to_return,
)
from mentorkit.pipeline.outputs import OUTPUT_NAMES, OUTPUTS
from mentorkit.program.library import Library
from mentorkit.source.problem import Problem, Severity, stopping

# Documents that packets alone hold, beside the outputs.
FOR_PACKETS = {
    LARGE_SHEETS: large_worksheets,
    "mentor-copies": mentor_copies,
    TO_RETURN: to_return,
    LARGE_TO_RETURN: large_to_return,
}


@dataclass(frozen=True, kw_only=True)
class BuildRequest:
    """What was asked for.

    `cohorts`: empty for all that are not closed. `only`: names of outputs; empty for all of them.
    `packets`: None for no packets, else the kinds of files they hold, or empty for the usual ones.
    `books` is False where packets alone are asked for.
    """

    cohorts: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    paper: str | None = None
    strict: bool = False
    packets: tuple[str, ...] | None = None
    books: bool = True


@dataclass(frozen=True, kw_only=True)
class CohortPlan:
    """What a build makes for one cohort."""

    folder: Path  # of the program
    composed: Composed
    outputs: tuple[str, ...]
    documents: tuple[Document, ...]  # of the outputs
    masters: tuple[Document, ...]  # that packets need beside them
    master_paths: frozenset[str]  # of all files that packets are made from; never the guide
    handouts: Handouts
    packets: PacketPlan | None
    notices: tuple[str, ...]  # how the list of people was read, where that matters
    sums: dict[str, str]  # the sha256 of every file that it is made from
    problems: tuple[Problem, ...]

    @property
    def name(self) -> str:
        return self.composed.cohort


@dataclass(frozen=True, kw_only=True)
class BuildPlan:
    """What a build makes for all its cohorts; where `stops`, nothing can be made."""

    folder: Path
    request: BuildRequest
    cohorts: tuple[CohortPlan, ...]
    problems: tuple[Problem, ...]
    has_program: bool = True

    @property
    def stops(self) -> bool:
        return bool(stopping(self.problems)) or not self.has_program


def plan_build(folder: Path, request: BuildRequest) -> BuildPlan:
    """Load the program in `folder`, compose what is asked for, and decide what to make."""
    library = load_program(folder)
    open_cohorts = (n for n, file in library.cohorts.items() if not file.model.closed)
    names = request.cohorts or tuple(open_cohorts)
    problems = adjust_severity(library.problems, named=request.cohorts, strict=request.strict)
    if stopping(problems) or library.curriculum is None:
        return BuildPlan(
            folder=folder,
            request=request,
            cohorts=(),
            problems=tuple(problems),
            has_program=library.curriculum is not None,
        )
    cohorts = tuple(plan_cohort(library, name, request) for name in names)
    known = set(problems)
    found = [p for cohort in cohorts for p in cohort.problems if p not in known]
    new = adjust_severity(list(dict.fromkeys(found)), named=(), strict=request.strict)
    return BuildPlan(folder=folder, request=request, cohorts=cohorts, problems=(*problems, *new))


def plan_cohort(library: Library, name: str, request: BuildRequest) -> CohortPlan:
    """Compose one cohort and decide what to make for it.

    Large print is made where somebody on the list of people asks for it, or where it was named.
    """
    composed = compose(library, name, request.paper)
    cohort = library.cohorts[name].model
    people = library.people(name)
    is_large = bool(request.only) or any(person.print == "large" for person in people.people)
    wanted = (request.only or OUTPUT_NAMES) if request.books else ()
    outputs = tuple(output for output in wanted if is_large or output != LARGE)
    handouts = prepare(library, composed, people) if "handouts" in outputs else Handouts()
    packets = None
    if request.packets is not None:
        packets = plan_packets(library, name, people, request.packets)
    documents = tuple(
        _with_cited(tuple(_merged(_documents(composed, outputs), composed)), composed)
    )
    made = {path for document in documents for path in written_paths(document)}
    needed = tuple(_documents(composed, packets.masters if packets else ()))
    masters = [document for document in needed if document.path not in made]
    return CohortPlan(
        folder=library.folder,
        composed=composed,
        outputs=outputs,
        documents=documents,
        masters=tuple(_merged(masters, composed)),
        master_paths=frozenset(document.path for document in needed),
        handouts=handouts,
        packets=packets,
        notices=people.summary if packets or "handouts" in outputs else (),
        sums=composed.sums | sums(name, cohort, library.folder),
        problems=(
            *composed.problems,
            *find_renamed_fields(library, composed),
            *handouts.problems,
            *(packets.problems if packets else ()),
        ),
    )


def adjust_severity(
    problems: Sequence[Problem], *, named: tuple[str, ...] = (), strict: bool = False
) -> list[Problem]:
    """Return the problems as a build takes them.

    Where cohorts were `named`, problems of other cohorts are warnings. Where `strict`, all others
    stop the build.
    """
    adjusted = []
    for problem in problems:
        owner = problem.span.file.split("/")[1] if problem.span.file.startswith("cohorts/") else ""
        if named and owner and owner not in named:
            adjusted.append(replace(problem, severity=Severity.WARNING))
        elif strict:
            adjusted.append(replace(problem, severity=Severity.PROBLEM))
        else:
            adjusted.append(problem)
    return adjusted


def _documents(composed: Composed, names: Sequence[str]) -> Iterator[Document]:
    """Yield the documents of the outputs named, in the order of OUTPUTS, then those for packets."""
    for output in OUTPUTS:
        if output.name in names and output.documents:
            yield from getattr(document_list, output.documents)(composed)
    for name, documents in FOR_PACKETS.items():
        if name in names:
            yield from documents(composed)


def written_paths(document: Document) -> tuple[str, ...]:
    """Return the paths of the files that a document is written to."""
    paths = (document.path, document.paper_path) if document.is_written else ()
    return tuple(path for path in paths if path)


def _merged(documents: Iterable[Document], composed: Composed) -> Iterator[Document]:
    """Yield the documents; the printed and the fillable workbook as one, laid out once."""
    listed = list(documents)
    paths = {document.path for document in listed}
    has_both = {WORKBOOK, FILLABLE} <= paths
    for document in listed:
        if has_both and document.path == FILLABLE:
            yield both_workbooks(composed)
        elif not (has_both and document.path == WORKBOOK):
            yield document


def _with_cited(documents: tuple[Document, ...], composed: Composed) -> Iterator[Document]:
    """Yield the documents; before them a workbook to take the pages from, where one must be made.

    It is laid out for its page numbers alone and not written: see `Document.cites`.
    """
    paths = {document.path for document in documents}
    for document in documents:
        if WORKBOOK in document.cites and not paths & set(document.cites[:2]):
            (book,) = printed_workbook(composed)
            yield replace(book, is_written=False)
    yield from documents
