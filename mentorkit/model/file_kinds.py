"""The kinds of file that a program is made of: the one table of their folders, models and names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from mentorkit.model.cohort import Cohort
from mentorkit.model.program import CaseStudy, Curriculum, Page, Session, Worksheet


@dataclass(frozen=True, kw_only=True)
class FileKind:
    """One kind of file.

    `name` is the schema's, `noun` the word in messages. `place` and `cohort_place` are paths below
    the
    program's folder with {} for a short name; `cohort_place` is that of a cohort's own files, with
    {}
    for the cohort first. `slot` is the attribute of `Library` that holds them.
    """

    name: str
    noun: str
    model: type[BaseModel]
    place: str
    slot: str
    cohort_place: str = ""

    @property
    def folder(self) -> str:
        """The folder below the program's that holds the files of this kind."""
        return self.place.rpartition("/")[0]

    def cohort_folder(self, cohort: str) -> str:
        """Return the folder that holds a cohort's own files of this kind."""
        return self.cohort_place.rpartition("/")[0].format(cohort)

    def patterns(self) -> tuple[str, ...]:
        """Return the patterns of the paths of this kind, below the program's folder."""
        places = [place for place in (self.place, self.cohort_place) if place]
        return tuple(place.replace("{}", "*") for place in places)


CURRICULUM = FileKind(
    name="curriculum",
    noun="curriculum",
    model=Curriculum,
    place="curriculum/curriculum.yaml",
    slot="curriculum",
)
SESSION = FileKind(
    name="session", noun="session", model=Session, place="sessions/{}.yaml", slot="sessions"
)
CASE_STUDY = FileKind(
    name="case_study",
    noun="case study",
    model=CaseStudy,
    place="case_studies/{}.yaml",
    slot="cases",
    cohort_place="cohorts/{}/case_studies/{}.yaml",
)
WORKSHEET = FileKind(
    name="worksheet",
    noun="worksheet",
    model=Worksheet,
    place="worksheets/{}.yaml",
    slot="worksheets",
    cohort_place="cohorts/{}/worksheets/{}.yaml",
)
PAGE = FileKind(
    name="page",
    noun="page",
    model=Page,
    place="curriculum/pages/{}.yaml",
    slot="pages",
    cohort_place="cohorts/{}/pages/{}.yaml",
)
COHORT = FileKind(
    name="cohort", noun="cohort", model=Cohort, place="cohorts/{}/cohort.yaml", slot="cohorts"
)
FILE_KINDS = (CURRICULUM, SESSION, CASE_STUDY, WORKSHEET, PAGE, COHORT)
# What a cohort may bring along, and what it may change.
COHORT_KINDS = tuple(kind for kind in FILE_KINDS if kind.cohort_place)
CHANGED_KINDS = (SESSION, *COHORT_KINDS)
# The folders of a program. Nothing outside of them is read.
PROGRAM_FOLDERS = tuple(dict.fromkeys(kind.place.split("/")[0] for kind in FILE_KINDS))


def kind_of_model(model: type[BaseModel]) -> FileKind:
    """Return the kind of file that a model describes.

    Raises StopIteration for a model of a part.
    """
    return next(kind for kind in FILE_KINDS if kind.model is model)


def find_patterns() -> Iterator[tuple[str, FileKind]]:
    """Give the pattern of every path that a program's files have, with its kind.

    .yml is read too.
    """
    for kind in FILE_KINDS:
        for pattern in kind.patterns():
            yield pattern.replace("*.yaml", "*.y*ml"), kind
