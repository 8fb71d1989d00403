"""A folder to a Library: what could be read, and everything that is wrong with it, all at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from mentorkit import overlay, source
from mentorkit.check import check
from mentorkit.explain import did_you_mean, explain
from mentorkit.library import CURRICULUM, Filed, Library
from mentorkit.model import CaseStudy, Cohort, Curriculum, Page, Session, Worksheet
from mentorkit.model.base import KIT_WORDS, propose_name
from mentorkit.problem import Problem, Span, warning
from mentorkit.source import Mapping, Scalar

M = TypeVar("M", bound=BaseModel)
COHORT_FOLDERS = {"case_studies": ("cases", CaseStudy, "case study"), "worksheets": ("worksheets", Worksheet, "worksheet"), "pages": ("pages", Page, "page")}


def is_program(folder: Path) -> bool:
    """True for a folder with `curriculum/` and `sessions/`; nothing else makes a program."""
    return (folder / "curriculum").is_dir() and (folder / "sessions").is_dir()


def load(folder: Path) -> Library:
    """The program in `folder`. Whatever is wrong with it stands in the library's `problems`; nothing is raised."""
    problems: list[Problem] = []
    spine = _file(folder / "curriculum" / "curriculum.yaml", folder, Curriculum, "curriculum", problems)
    cases = _folder(folder, "case_studies", CaseStudy, "case study", problems)
    library = Library(
        folder, spine, _folder(folder, "sessions", Session, "session", problems), cases, _varied(cases, problems),
        _folder(folder, "worksheets", Worksheet, "worksheet", problems), _folder(folder, "curriculum/pages", Page, "page", problems),
        _cohorts(folder, problems),
    )
    return check(library.with_problems(problems))


def for_cohort(library: Library, name: str) -> Library:
    """The program as the cohort `name` changes it: its own files added, its `changes` laid over, all judged again.

    The result's `problems` are those of this cohort alone.
    """
    cohort = library.cohorts[name]
    problems: list[Problem] = []
    mine = library.folder / "cohorts" / name
    added: dict[str, dict[str, Any]] = {}
    for sub, (slot, model, noun) in COHORT_FOLDERS.items():
        own = _folder(library.folder, f"cohorts/{name}/{sub}", model, noun, problems) if (mine / sub).is_dir() else {}
        added[slot] = {**getattr(library, slot), **own}
    changed = replace(library, **added, problems=())
    node = cohort.root.values.get("changes")
    if isinstance(node, Mapping):
        changed = _changed(changed, node, problems)
    departures = _departures(node)
    return replace(changed, varied=_varied(changed.cases, problems), departures=tuple(departures)).with_problems(problems)


def _departures(changes: source.Node | None) -> list[str]:
    """One line for each place where the cohort's file changes the program."""
    if not isinstance(changes, Mapping):
        return []
    told = []
    for path, scalar in source.scalars(changes):
        words = " › ".join(str(step) for step in path)
        told.append(f"{words}: {'left out' if scalar.text == overlay.DROP else 'changed'} ({scalar.span.file}, line {scalar.span.line})")
    return told


def _changed(library: Library, changes: Mapping, problems: list[Problem]) -> Library:
    """The library with each change laid over the file that holds its home."""
    homes = {home.name: home for home in library.homes()}
    by_file: dict[str, tuple[Filed[Any], Mapping]] = {}
    dropped: set[str] = set()
    for name, over in changes.values.items():
        home = homes.get(name)
        file = library.curriculum if name == CURRICULUM else home.file if home else None
        if file is None:
            problems.append(Problem(changes.keys[name].span, "unknown-name", f'there is nothing called "{name}" in this program', did_you_mean(name, homes)))
            continue
        path = home.path if home else ()
        if isinstance(over, Scalar) and over.text == overlay.DROP and not path:
            dropped.add(name)
            continue
        root = by_file.get(file.path, (file, file.root))[1]
        by_file[file.path] = (file, _lay(root, path, over, changes.keys[name], problems))
    for file, root in by_file.values():
        library = _replaced(library, file, root, problems)
    return _without(library, dropped)


def _lay(root: Mapping, path: tuple[str, ...], over: source.Node, key: Scalar, problems: list[Problem]) -> Mapping:
    """`root` with `over` laid over the group at `path`."""
    wrapped: source.Node = over
    for step in reversed(path):
        wrapped = Mapping({step: wrapped}, {step: key}, over.span)
    merged = overlay.merge(root, wrapped, problems, fixed=frozenset(overlay.FIXED))
    assert isinstance(merged, Mapping)
    return merged


def _replaced(library: Library, file: Filed[Any], root: Mapping, problems: list[Problem]) -> Library:
    model = _judged(root, type(file.model), "changed file", problems)
    if model is None:
        return library
    new = replace(file, root=root, model=model)
    if isinstance(file.model, Curriculum):
        return replace(library, curriculum=new)
    slot = {Session: "sessions", CaseStudy: "cases", Worksheet: "worksheets", Page: "pages"}[type(file.model)]
    return replace(library, **{slot: {**getattr(library, slot), file.name: new}})


def _without(library: Library, dropped: set[str]) -> Library:
    """The library without whole files that a cohort leaves out."""
    slots = {slot: {name: file for name, file in getattr(library, slot).items() if name not in dropped} for slot in ("sessions", "cases", "worksheets", "pages")}
    return replace(library, **slots)


def _cohorts(folder: Path, problems: list[Problem]) -> dict[str, Filed[Cohort]]:
    found = {}
    for path in sorted((folder / "cohorts").glob("*/")):
        if path.name.startswith((".", "_")):
            continue
        if file := _file(path / "cohort.yaml", folder, Cohort, "cohort", problems, path.name):
            found[path.name] = file
    return found


def _folder(folder: Path, sub: str, model: type[M], noun: str, problems: list[Problem]) -> dict[str, Filed[M]]:
    """Every YAML file of a folder, by its short name; files that editors leave behind are passed over."""
    found: dict[str, Filed[M]] = {}
    for path in sorted((folder / sub).glob("*")):
        name = path.name
        if name.startswith((".", "~", "_")) or name.endswith("~") or path.suffix not in (".yaml", ".yml"):
            continue
        place = Span(f"{sub}/{name}")
        if "conflicted copy" in name:
            problems.append(warning(place, "conflicted-copy", "this is a copy made by a cloud folder and is not used", "keep one of the two files"))
            continue
        if path.stem != propose_name(path.stem) or path.stem in KIT_WORDS:
            problems.append(Problem(place, "file-name", f'"{path.stem}" cannot be a short name, and a file\'s name is one', f"rename it, for example to {propose_name(path.stem)}.yaml"))
            continue
        if file := _file(path, folder, model, noun, problems):
            found[file.name] = file
    return found


def _file(path: Path, folder: Path, model: type[M], noun: str, problems: list[Problem], name: str = "") -> Filed[M] | None:
    shown = path.relative_to(folder).as_posix()
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
    except OSError:
        inside = False
    if not inside:
        problems.append(Problem(Span(shown), "outside", "this link leads out of the program's folder", "put the file itself here"))
        return None
    read = source.read(path, shown)
    problems.extend(read.problems)
    if read.root is None:
        return None
    judged = _judged(read.root, model, noun, problems)
    return None if judged is None else Filed(name or path.stem, shown, read.root, judged, read.digest)


def _judged(root: Mapping, model: type[M], noun: str, problems: list[Problem]) -> M | None:
    try:
        return model.model_validate(source.plain(root))
    except ValidationError as fault:
        problems.extend(explain(fault, model, root, noun))
        return None


def _varied(cases: dict[str, Filed[CaseStudy]], problems: list[Problem]) -> dict[tuple[str, str], Filed[CaseStudy]]:
    """Each case with each of its variations laid over it."""
    found = {}
    for case in cases.values():
        variations = case.root.values.get("variations")
        for name, over in variations.values.items() if isinstance(variations, Mapping) else ():
            if not isinstance(over, Mapping):
                continue
            root = overlay.merge(case.root, over, problems)
            assert isinstance(root, Mapping)
            own: list[Problem] = []
            if model := _judged(root, CaseStudy, "variation", own):
                found[case.name, name] = replace(case, root=root, model=model)
            problems.extend(own)
    return found
