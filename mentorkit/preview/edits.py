"""What was typed in a form, applied to a file: a list of small edits, the state they started from,
and a save that loses nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from mentorkit.editing import edit as splice
from mentorkit.editing.rewrap import WIDTH, rewrapped, unwrapped
from mentorkit.model.introspect import keys_of, model_at
from mentorkit.model.keys import KEYS
from mentorkit.output import files
from mentorkit.preview.form_fields import Path as Place
from mentorkit.preview.form_fields import is_text
from mentorkit.program.overlay import MAIN_IN, MAIN_OF
from mentorkit.source.nodes import Mapping, Node, Scalar, find
from mentorkit.source.reader import parse
from mentorkit.source.text_file import decode

MOST_EDITS = 2_000
Edit = tuple[
    str, Place, Any, Any, Any
]  # put path value after | add path name value after | delete path | move path to


class UnclearEditsError(Exception):
    """What came is no list of edits."""


def read_edits(sent: object) -> list[Edit]:
    """The edits in what a page sent; anything else is `UnclearEditsError`."""
    if not isinstance(sent, list) or len(sent) > MOST_EDITS:
        raise UnclearEditsError("these are no edits")
    return [_edit(each) for each in sent]


def _edit(sent: object) -> Edit:
    lengths = {"put": (3, 4), "add": (4, 5), "delete": (2,), "move": (3,)}
    if (
        not isinstance(sent, list)
        or not sent
        or sent[0] not in lengths
        or len(sent) not in lengths[sent[0]]
        or not isinstance(sent[1], list)
    ):
        raise UnclearEditsError("this is no edit")
    verb, path, *rest = sent
    steps = path if verb != "add" else [*path, rest[0]]
    after = (
        rest[2]
        if verb == "add" and len(rest) > 2
        else rest[1]
        if verb == "put" and len(rest) > 1
        else None
    )
    value = rest[0] if verb == "put" else rest[1] if verb == "add" else ""
    if (
        not steps
        or len(steps) > 20
        or not all(isinstance(step, str) and len(step) <= 60 or _is_number(step) for step in steps)
    ):
        raise UnclearEditsError("this is no path")
    if (
        verb == "move"
        and not _is_number(rest[0])
        or not _is_value(value)
        or not isinstance(after, str | None)
    ):
        raise UnclearEditsError("this is no value")
    return verb, tuple(path), rest[0] if rest else None, value, after


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10_000


def _is_value(value: object, depth: int = 4) -> bool:
    if isinstance(value, str):
        return len(value) <= 200_000
    if (
        not depth
        or not isinstance(value, dict | list)
        or isinstance(value, dict)
        and not all(name.isidentifier() for name in value)
    ):
        return False
    return all(
        _is_value(each, depth - 1)
        for each in (value.values() if isinstance(value, dict) else value)
    )


def applied(data: bytes, model: type[BaseModel], edits: Sequence[Edit]) -> bytes:
    """The file's bytes after all edits, in their order.

    `splice.EditRefusedError` where one cannot be made.
    """
    for edit in edits:
        try:
            data = _one(data, model, json.dumps(edit))
        except splice.EditRefusedError as fault:
            fault.path = edit[1]
            raise
    return data


@lru_cache(maxsize=256)
def _one(data: bytes, model: type[BaseModel], sent: str) -> bytes:
    verb, steps, first, value, after = json.loads(sent)
    path: Place = tuple(steps)
    if verb == "delete":
        return splice.delete(data, path)
    if verb == "move":
        return splice.move(data, path, first)
    root = _root(data)
    if verb == "add":
        data = _grown(data, root, (*path, first))
        if (
            find(_root(data), path) is find(_root(data), path[:-1]) and path
        ):  # the list or group itself is new
            return splice.put(
                data,
                path,
                [value] if isinstance(first, int) else {first: value},
                _before(model, root, path),
            )
        return splice.add(data, path, first, value, after)
    data = _grown(data, root, path)
    if isinstance(value, str):
        value = _broken(value.strip(), _root(data), path, is_text(model, path))
    return splice.put(data, path, value, after or _before(model, root, path))


def _root(data: bytes) -> Mapping:
    root = parse(decode(data, ""), "", KEYS).root
    if root is None:
        raise splice.EditRefusedError("this file cannot be read")
    return root


def _grown(data: bytes, root: Mapping, path: Place) -> bytes:
    """The file with a single text written as the group or list that it is short for, where the path
    leads into it."""
    node: Node = root
    for depth, step in enumerate(path[:-1], 1):
        below = find(node, (step,))
        if below is node:
            return data
        if isinstance(below, Scalar):
            main = MAIN_IN.get(str(path[depth - 2]) if depth > 1 else "") or MAIN_OF.get(
                str(step), ""
            )
            grown: splice.Value = (
                [below.text] if isinstance(path[depth], int) else {main: below.text}
            )
            return (
                splice.put(data, path[:depth], grown) if main or isinstance(grown, list) else data
            )
        node = below
    return data


def _broken(text: str, root: Mapping, path: Place, long: bool) -> str:
    """The text with its lines as they were, and new ones where it is long."""
    old = find(root, path)
    before = old.text if isinstance(old, Scalar) and find(root, path[:-1]) is not old else ""
    if unwrapped(before) == text:
        return before
    return (
        rewrapped(text, before)
        if long and ("\n" in before or "\n" in text or len(text) > WIDTH)
        else text
    )


def _before(model: type[BaseModel], root: Mapping, path: Place) -> str | None:
    """Return the name behind which a new one belongs: the nearest written one before it."""
    above, kind = find(root, path[:-1]), model_at(model, path[:-1])
    if kind is None or not isinstance(above, Mapping) or path[-1] not in (names := keys_of(kind)):
        return None
    return next(
        (name for name in reversed(names[: names.index(str(path[-1]))]) if name in above.values), ""
    )


def save(place: Path, data: bytes, expected: bytes) -> bool:
    """Replace a file in one go, its rights kept.

    False, and nothing done, where it is no longer what was `expected`.
    """
    new = place.with_name(f".{place.name}.new")
    new.unlink(missing_ok=True)
    try:
        files.write_new(str(new), data)
        new.chmod(place.stat().st_mode & 0o7777)
        if place.read_bytes() != expected:
            return False
        new.replace(place)
        files.sync_folder(str(place.parent))
        return True
    finally:
        new.unlink(missing_ok=True)
