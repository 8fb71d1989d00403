"""Read a program's folder into a Library, and derive from it the program of one cohort."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from mentorkit.model.cohort import Cohort
from mentorkit.model.file_kinds import (
    CASE_STUDY,
    COHORT,
    COHORT_KINDS,
    CURRICULUM,
    PAGE,
    SESSION,
    WORKSHEET,
    FileKind,
)
from mentorkit.model.keys import KEYS
from mentorkit.model.program import CaseStudy, Curriculum, Page, Session, Worksheet
from mentorkit.model.types import KIT_WORDS, propose_name
from mentorkit.model.validation_errors import explain
from mentorkit.program import cohort_changes, overlay
from mentorkit.program.library import Filed, Library
from mentorkit.program.schedule import name_sessions
from mentorkit.source import nodes, reader
from mentorkit.source.nodes import Mapping
from mentorkit.source.problem import Problem, Span, warning

M = TypeVar("M", bound=BaseModel)


@dataclass
class Reading:
    """One reading of a folder: what is wrong is gathered here, and the words of files that could
    not be taken.
    """

    folder: Path
    problems: list[Problem] = field(default_factory=list)
    doubtful: set[str] = field(default_factory=set)
    read: Callable[[Path, str, frozenset[str]], nodes.Source] = reader.read


def read_program(
    folder: Path, read: Callable[[Path, str, frozenset[str]], nodes.Source] = reader.read
) -> Library:
    """Return the program in `folder` as far as each file alone can be read, with the problems
    found.

    Nothing is raised for what a person wrote. Checks over several files are not run here: see
    `mentorkit.checks.load`.
    """
    reading = Reading(folder, read=read)
    spine = _file(reading, folder / CURRICULUM.place, Curriculum, CURRICULUM.noun)
    cases = _folder(reading, CASE_STUDY, CaseStudy)
    return Library(
        folder,
        spine,
        name_sessions(_folder(reading, SESSION, Session)),
        cases,
        _varied(cases, reading.problems),
        _folder(reading, WORKSHEET, Worksheet),
        _folder(reading, PAGE, Page),
        _cohorts(reading),
        problems=tuple(reading.problems),
        doubtful=frozenset(reading.doubtful),
        read=read,
    )


def derive_cohort_program(library: Library, name: str) -> Library:
    """Return the program as the cohort `name` changes it: its own files added, its `changes`
    applied.

    The result holds this cohort alone, and its `problems` are only those that reading its files
    and applying its changes found; checks are not run here.
    """
    cohort = library.cohorts[name]
    reading = Reading(library.folder, doubtful=set(library.doubtful), read=library.read)
    with_own, added = _with_own(reading, library, name)
    changed = cohort_changes.changed(
        replace(with_own, cohorts={name: cohort}, problems=()), cohort, reading.problems, _judged
    )
    departures = (*added, *cohort_changes.departures(cohort.root.values.get("changes")))
    return replace(
        changed,
        problems=tuple(reading.problems),
        sessions=name_sessions(changed.sessions, library.sessions),
        varied=_varied(changed.cases, reading.problems),
        departures=departures,
        doubtful=changed.doubtful | reading.doubtful,
    )


def _with_own(reading: Reading, library: Library, name: str) -> tuple[Library, list[str]]:
    """The library with the cohort's own case studies, worksheets and pages, and a line for each."""
    told = []
    for kind in COHORT_KINDS:
        sub = kind.cohort_folder(name)
        own: dict[str, Filed[Any]] = (
            _folder(reading, kind, kind.model, sub) if (library.folder / sub).is_dir() else {}
        )
        there = getattr(library, kind.slot)
        for short in [short for short in own if short in there]:
            reading.problems.append(
                Problem(
                    Span(own.pop(short).path),
                    "doubled-name",
                    f'the program has a {kind.noun} "{short}" already',
                    "give the file another name, or write what differs under changes:",
                )
            )
        told += [
            f"{short}: a {kind.noun} of this cohort's own ({file.path})"
            for short, file in own.items()
        ]
        filled: dict[str, Any] = {kind.slot: {**there, **own}}
        library = replace(library, **filled)
    return library, told


def _cohorts(reading: Reading) -> dict[str, Filed[Cohort]]:
    found = {}
    for path in sorted((reading.folder / "cohorts").glob("*/")):
        if path.name.startswith((".", "_")):
            continue
        if file := _file(reading, path / Path(COHORT.place).name, Cohort, COHORT.noun, path.name):
            found[path.name] = file
    return found


def _folder(reading: Reading, kind: FileKind, model: type[M], sub: str = "") -> dict[str, Filed[M]]:
    """Return every file of a kind by its short name; files that editors leave behind are passed
    over.

    `sub` is the folder where it is not the program's own for this kind.
    """
    sub = sub or kind.folder
    found: dict[str, Filed[M]] = {}
    for path in sorted((reading.folder / sub).glob("*")):
        name = path.name
        if (
            name.startswith((".", "~", "_"))
            or name.endswith("~")
            or path.suffix.lower() not in (".yaml", ".yml")
        ):
            continue
        place = Span(f"{sub}/{name}")
        if "conflicted copy" in name:
            reading.problems.append(
                warning(
                    place,
                    "conflicted-copy",
                    "this is a copy made by a cloud folder and is not used",
                    "keep one of the two files",
                )
            )
        elif path.stem in KIT_WORDS:
            reading.problems.append(
                Problem(
                    place,
                    "file-name",
                    f'"{path.stem}" is a word of the kit, and a file\'s name is a short name',
                    f"rename it, for example to the_{path.stem}.yaml",
                )
            )
        elif path.stem != propose_name(path.stem):
            reading.problems.append(
                Problem(
                    place,
                    "file-name",
                    f'"{path.stem}" cannot be a short name, and a file\'s name is one',
                    f"rename it, for example to {propose_name(path.stem)}.yaml",
                )
            )
        elif path.stem in found:
            reading.problems.append(
                Problem(
                    place,
                    "doubled-name",
                    f"{Path(found[path.stem].path).name} has the same short name",
                    "keep one of the two files",
                )
            )
        elif file := _file(reading, path, model, kind.noun):
            found[file.name] = file
    return found


def _file(
    reading: Reading, path: Path, model: type[M], noun: str, name: str = ""
) -> Filed[M] | None:
    shown = path.relative_to(reading.folder).as_posix()
    try:
        inside = path.resolve().is_relative_to(reading.folder.resolve())
    except (OSError, RuntimeError):  # a link that leads to itself
        inside = False
    if not inside:
        reading.problems.append(
            Problem(
                Span(shown),
                "outside",
                "this link leads out of the program's folder",
                "put the file itself here",
            )
        )
        return None
    read = reading.read(path, shown, KEYS)
    reading.problems.extend(read.problems)
    judged = _judged(read.root, model, noun, reading.problems) if read.root is not None else None
    if read.root is None or judged is None:
        reading.doubtful.update((name or path.stem, *re.findall(r"[a-z][a-z0-9_]*", read.text)))
        return None
    return Filed(name or path.stem, shown, read.root, judged, read.digest)


def _judged(root: Mapping, model: type[M], noun: str, problems: list[Problem]) -> M | None:
    try:
        return model.model_validate(nodes.plain(root))
    except ValidationError as fault:
        problems.extend(explain(fault, model, root, noun))
        return None


def _varied(
    cases: dict[str, Filed[CaseStudy]], problems: list[Problem]
) -> dict[tuple[str, str], Filed[CaseStudy]]:
    """Each case with each of its variations laid over it."""
    found = {}
    for case in cases.values():
        variations = case.root.values.get("variations")
        for name, over in variations.values.items() if isinstance(variations, Mapping) else ():
            if not isinstance(over, Mapping):
                continue
            root = overlay.merge(case.root, over, problems)
            if isinstance(root, Mapping) and (
                model := _judged(root, CaseStudy, "variation", problems)
            ):
                found[case.name, name] = replace(case, root=root, model=model)
    return found
