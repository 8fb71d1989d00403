"""Everything that was written, under its short names, each value knowing its file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from pydantic import BaseModel

from mentorkit.model.cohort import Cohort
from mentorkit.model.program import CaseStudy, Curriculum, Page, Session, Worksheet
from mentorkit.source.nodes import Mapping, Scalar, Source, find, paths, span_of_key
from mentorkit.source.problem import Problem, Severity, Span
from mentorkit.source.reader import read

if TYPE_CHECKING:
    from mentorkit.people.roster import Roster

M_co = TypeVar("M_co", bound=BaseModel, covariant=True)
CURRICULUM = "curriculum"


@dataclass(frozen=True)
class Filed(Generic[M_co]):
    """One file as the model took it:

    `name` is its short name, `path` its place below the program's folder.
    """

    name: str
    path: str
    root: Mapping
    model: M_co
    digest: str = ""  # sha256 of the file as it was read

    def span(self, *path: str | int) -> Span:
        """Where the value at `path` is written."""
        node = find(self.root, path)
        return node.span if isinstance(node, Scalar) else span_of_key(self.root, path)


@dataclass(frozen=True)
class Home:
    """What travels as one piece and gives its name to its fields:

    `path` leads to it inside its file.
    """

    name: str
    sort: str  # session, module, activity, case study, worksheet, page
    file: Filed[BaseModel]
    path: tuple[str, ...] = ()

    @property
    def span(self) -> Span:
        return span_of_key(self.file.root, self.path) if self.path else Span(self.file.path)


@dataclass(frozen=True)
class Library:
    """A program as it could be read, together with everything that is wrong with it."""

    folder: Path
    curriculum: Filed[Curriculum] | None
    sessions: dict[str, Filed[Session]]
    cases: dict[str, Filed[CaseStudy]]
    varied: dict[
        tuple[str, str], Filed[CaseStudy]
    ]  # (case, variation): the case with the variation laid over it
    worksheets: dict[str, Filed[Worksheet]]
    pages: dict[str, Filed[Page]]
    cohorts: dict[str, Filed[Cohort]]
    problems: tuple[Problem, ...] = ()
    departures: tuple[str, ...] = field(
        default=()
    )  # what a cohort changes, each with its file and line
    left_out: frozenset[str] = frozenset()  # short names that a cohort leaves out
    # Each cohort's own program, where it was derived and checked already.
    cohort_programs: dict[str, Library] = field(default_factory=dict, compare=False, repr=False)
    # Lists of people that were read, by path, size and time of their last change.
    rosters: dict[tuple[str, int, int], Roster] = field(
        default_factory=dict, compare=False, repr=False
    )
    doubtful: frozenset[str] = (
        frozenset()
    )  # words of files that could not be taken: a name among them may well exist
    read: Callable[[Path, str, frozenset[str]], Source] = field(
        default=read, compare=False, repr=False
    )  # the page reads drafts and keeps what it read

    def files(self) -> tuple[Filed[BaseModel], ...]:
        """Every file of the program but the cohorts', in a fixed order."""
        spine = (self.curriculum,) if self.curriculum else ()
        return (
            *spine,
            *self.sessions.values(),
            *self.cases.values(),
            *self.worksheets.values(),
            *self.pages.values(),
        )

    def homes(self) -> list[Home]:
        """Every home of the program; a name that occurs twice occurs twice here."""
        found: list[Home] = []
        for session in self.sessions.values():
            found.append(Home(session.name, "session", session))
            for module, written in session.model.modules.items():
                found.append(Home(module, "module", session, ("modules", module)))
                found += [
                    Home(name, "activity", session, ("modules", module, "activities", name))
                    for name in written.activities
                ]
        found += [Home(case.name, "case study", case) for case in self.cases.values()]
        found += [Home(sheet.name, "worksheet", sheet) for sheet in self.worksheets.values()]
        found += [Home(page.name, "page", page) for page in self.pages.values()]
        return found

    def span_of_field(self, name: str) -> Span | None:
        """Return where the place to fill with this field name is written; None where nothing has
        its first part.
        """
        first, *rest = name.split("__")
        home = next((home for home in self.homes() if home.name == first), None)
        if home is None:
            return None
        found: tuple[str | int, ...] = home.path
        for word in rest:
            found = next((path for path in paths(home.file.root, found) if path[-1] == word), found)
        return home.file.span(*found) if found else home.span

    def people(self, cohort: str) -> Roster:
        """Return the list of people of a cohort; an empty one where it names none.

        The file is read once, and again when it has changed.
        """
        from mentorkit.people.roster import Roster, read_roster

        name = self.cohorts[cohort].model.roster
        if not name:
            return Roster()
        shown = f"cohorts/{cohort}/{name}"
        path = self.folder / shown
        try:
            state = path.stat()
        except OSError:
            return read_roster(path, shown)
        key = (shown, state.st_size, state.st_mtime_ns)
        if key not in self.rosters:
            self.rosters[key] = read_roster(path, shown)
        return self.rosters[key]

    def with_problems(self, problems: list[Problem]) -> Library:
        """The same library with these problems added, sorted by place, each once."""
        return replace(
            self,
            problems=tuple(
                sorted(
                    {*self.problems, *problems}, key=lambda p: (p.span, p.severity, p.code, p.what)
                )
            ),
        )

    @property
    def broken(self) -> bool:
        """True where something stops every build."""
        return self.curriculum is None or any(p.severity is Severity.PROBLEM for p in self.problems)
