"""Short names that are present in a cohort, and parts that `with:` makes depend on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic import BaseModel

from mentorkit.model.block import Group
from mentorkit.model.file_kinds import CHANGED_KINDS
from mentorkit.model.program import Activity, Module, Session
from mentorkit.program.library import Filed, Library

EARLIER = "earlier_meeting"  # reserved in `with:`: the cohort has met on an earlier day
IsLater = Callable[[str], bool]


def present_names(library: Library) -> frozenset[str]:
    """Return the short names of all that the program prints for participants or facilitators.

    Files that nothing lists are not present.
    """
    if library.curriculum is None:
        return frozenset()
    spine = library.curriculum.model
    listed = [name for name in (*spine.sessions, *spine.homework) if name in library.sessions]
    pages = {*spine.front, *spine.back, *spine.guide}
    names = {*listed, *(name for name in pages if name in library.pages)}
    sheets = {name for name in pages if name in library.worksheets}
    for listed_name in listed:
        session = library.sessions[listed_name].model
        sheets.update(sheets_before(session))
        for key, module in session.modules.items():
            names.update((key, *module.activities))
            sheets.update((*module.worksheets, *module.take_home))
            for activity in module.activities.values():
                sheets.update(activity.worksheets)
                names.update([activity.case] if activity.case in library.cases else [])
    return frozenset(names | (sheets & library.worksheets.keys()))


def sheets_before(session: Session) -> tuple[str, ...]:
    """Return the worksheets that a session lists under `before:`, those to take home last."""
    return (*session.before.worksheets, *session.before.take_home) if session.before else ()


def take_home_lists(library: Library) -> Iterator[tuple[str, ...]]:
    """Yield each list of sheets to take home, in the order of the workbook."""
    spine = library.curriculum.model if library.curriculum else None
    for name in (*spine.sessions, *spine.homework) if spine else ():
        session = library.sessions.get(name)
        if session and session.model.before:
            yield session.model.before.take_home
        for module in session.model.modules.values() if session else ():
            yield module.take_home


def keep_present(library: Library, is_later: IsLater) -> Library:
    """Return the program without the parts whose `with:` names something that is not there.

    `is_later` says of an activity's short name whether the cohort has met on an earlier day.
    A row about a module (`competency:`) needs that module. Repeats until nothing more goes.
    """
    while True:
        names = present_names(library)
        pruned = _prune_library(library, names, is_later)
        if present_names(pruned) == names:
            return pruned
        library = pruned


def first_users(library: Library) -> dict[str, str]:
    """Return the first activity of each session, module, case and worksheet."""
    users: dict[str, str] = {}
    order = list(library.curriculum.model.sessions) if library.curriculum else []
    names = [*order, *(name for name in library.sessions if name not in order)]
    for name in names:
        if name not in library.sessions:
            continue
        session = library.sessions[name].model
        first = next((key for m in session.modules.values() for key in m.activities), "")
        for used in (name, *sheets_before(session)):
            users.setdefault(used, first)
        for key, module in session.modules.items():
            _note_users(users, key, module)
    return users


def _note_users(users: dict[str, str], name: str, module: Module) -> None:
    for key, activity in module.activities.items():
        for used in (name, key, *activity.worksheets, *([activity.case] if activity.case else ())):
            users.setdefault(used, key)
    last = next(reversed(module.activities), "")
    for sheet in (*module.worksheets, *module.take_home):
        users.setdefault(sheet, last)


def _prune_library(library: Library, names: frozenset[str], is_later: IsLater) -> Library:
    users = first_users(library)
    slots: dict[str, Any] = {
        kind.slot: dict(_prune_files(getattr(library, kind.slot), names, users, is_later))
        for kind in CHANGED_KINDS
    }
    slots["varied"] = {
        key: _prune_file(file, names, is_later(users.get(file.name, "")), is_later)
        for key, file in library.varied.items()
    }
    slots["sessions"] = {
        name: file for name, file in slots["sessions"].items() if file.model.modules
    }
    if library.curriculum:
        slots["curriculum"] = _prune_file(library.curriculum, names, True, is_later)
    return replace(library, **slots)


def _prune_files(
    files: Mapping[str, Filed[Any]],
    names: frozenset[str],
    users: Mapping[str, str],
    is_later: IsLater,
) -> Iterator[tuple[str, Filed[Any]]]:
    for name, file in files.items():
        later = is_later(users.get(name, ""))
        if is_kept(file.model, names, later):
            yield name, _prune_file(file, names, later, is_later)


def _prune_file(
    file: Filed[Any], names: frozenset[str], later: bool, is_later: IsLater
) -> Filed[Any]:
    model = _prune(file.model, names, later, is_later)
    return file if model is file.model else replace(file, model=model)


def is_kept(part: BaseModel, names: frozenset[str], later: bool) -> bool:
    """Return whether all that the part's `with:` and `competency:` name is there."""
    required: tuple[str, ...] = getattr(part, "requires", ())
    module = getattr(part, "competency", None)
    known = names | {EARLIER} if later else names
    return set(required) <= known and (module is None or module in known)


def _prune(model: BaseModel, names: frozenset[str], later: bool, is_later: IsLater) -> Any:
    """Return the model without parts that are not kept, however deep."""
    changes: dict[str, Any] = {}
    for key in type(model).model_fields:
        value = getattr(model, key)
        if isinstance(value, BaseModel):
            pruned = _prune(value, names, later, is_later)
            if pruned is not value:
                changes[key] = pruned
        elif isinstance(value, dict) and any(isinstance(v, BaseModel) for v in value.values()):
            kept = dict(_prune_group(value, names, later, is_later))
            if len(kept) < len(value) or any(kept[name] is not value[name] for name in kept):
                changes[key] = kept
    return model.model_copy(update=changes) if changes else model


def _prune_group(
    group: Mapping[str, Any], names: frozenset[str], later: bool, is_later: IsLater
) -> Iterator[tuple[str, Any]]:
    for name, part in group.items():
        if not isinstance(part, BaseModel):
            yield name, part
            continue
        here = _is_later_in(name, part, later, is_later)
        if not is_kept(part, names, here):
            continue
        pruned = _prune(part, names, here, is_later)
        if not _is_emptied(part, pruned):
            yield name, pruned


def _is_emptied(part: BaseModel, pruned: Any) -> bool:
    """Return whether an activity has lost its steps, a module its activities, a group its rows."""
    if isinstance(part, Activity):
        return bool(part.steps) and not pruned.steps
    if isinstance(part, Group):
        return bool(part.rows) and not pruned.rows
    return isinstance(part, Module) and bool(part.activities) and not pruned.activities


def _is_later_in(name: str, part: BaseModel, later: bool, is_later: IsLater) -> bool:
    """Activities and modules have meetings of their own; all else has the one of what holds it."""
    if isinstance(part, Activity):
        return is_later(name)
    if isinstance(part, Module):
        return is_later(next(iter(part.activities), ""))
    return later
