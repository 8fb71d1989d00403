"""Edits to a YAML file that change the bytes of what is edited, and no others.

Comments, order, quotes, indentation, line ends and the mark at the file's start stay as they are.
Each edit takes the bytes of a
whole file and gives them back changed, after a proof: what is read from them is exactly what was
meant, and reading them complains
of nothing new. What cannot be proved is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy
from functools import lru_cache
from typing import Any

from mentorkit.editing.cst import (
    BLOCK,
    EditRefusedError,
    Path,
    Sheet,
    Value,
    block,
    child,
    number_of,
    spelled,
    written,
)
from mentorkit.source.nodes import Listing, Mapping, Node, Scalar, plain

__all__ = ["Path", "EditRefusedError", "Sheet", "Value", "add", "delete", "move", "put"]


def put(data: bytes, path: Path, value: Value, after: str | None = None) -> bytes:
    """The value at `path` replaced.

    Where a name of the path is missing it is added, behind the name `after`, else at the end.
    """
    sheet = _sheet(data)
    node: Node = sheet.root
    for depth, step in enumerate(path):
        below = child(node, step)
        if below is None:
            if not isinstance(node, Mapping) or not isinstance(step, str):
                raise EditRefusedError("there is nothing at this place")
            for name in reversed(path[depth + 1 :]):
                value = {str(name): value}
            return add(data, path[:depth], step, value, after)
        node = below
    expected = _changed(
        sheet, path[:-1], lambda group: group.__setitem__(path[-1], deepcopy(value))
    )
    return sheet.proved(_ways_to_put(sheet, path, node, value), expected)


def add(data: bytes, path: Path, name: str | int, value: Value, after: str | None = None) -> bytes:
    """A new entry `name` in the group at `path`, behind the entry `after` ("": first; None: last).

    Or in a list, before entry number `name`.
    """
    sheet = _sheet(data)
    node = sheet.node(path)
    names = list(node.values) if isinstance(node, Mapping) else []
    size = (
        len(names)
        if isinstance(node, Mapping)
        else len(node.items)
        if isinstance(node, Listing)
        else 0
    )
    if (
        isinstance(node, Scalar)
        or isinstance(name, str) != isinstance(node, Mapping)
        or name in names
    ):
        raise EditRefusedError(
            f'"{name}" cannot be added here'
            if name not in names
            else f'there is a "{name}" here already'
        )
    at = (
        int(name)
        if not isinstance(name, str)
        else size
        if after is None or after not in ("", *names)
        else 0
        if after == ""
        else names.index(after) + 1
    )
    if not 0 <= at <= size:
        raise EditRefusedError("there is no such place in the list")

    def entered(group: Any) -> None:
        entries = list(group.items()) if isinstance(group, dict) else group
        entries.insert(at, (name, deepcopy(value)) if isinstance(group, dict) else deepcopy(value))
        if isinstance(group, dict):
            group.clear()
            group.update(entries)

    return sheet.proved(
        [sheet.inserted(path, node, at, name, value)], _changed(sheet, path, entered)
    )


def delete(data: bytes, path: Path) -> bytes:
    """The entry at `path` taken out; where it is the last of its group, the group goes too."""
    sheet = _sheet(data)
    above = sheet.node(path[:-1]) if path else None
    if above is None or child(above, path[-1]) is None:
        raise EditRefusedError("there is nothing to take out here")
    if len(sheet.starts(above)) == 1:
        return delete(data, path[:-1])
    expected = _changed(sheet, path[:-1], lambda group: group.__delitem__(path[-1]))
    return sheet.proved([sheet.without(above, number_of(above, path[-1]))], expected)


def move(data: bytes, path: Path, to: int) -> bytes:
    """The entry at `path` as number `to` of its list or group.

    Lines of comment directly above an entry go with it.
    """
    sheet = _sheet(data)
    above = sheet.node(path[:-1]) if path else None
    if above is None or child(above, path[-1]) is None or not 0 <= to < len(sheet.starts(above)):
        raise EditRefusedError("it cannot be moved there")
    number = number_of(above, path[-1])

    def moved(group: Any) -> None:
        entries = list(group.items()) if isinstance(group, dict) else list(group)
        entries.insert(to, entries.pop(number))
        group.clear()
        group.update(entries) if isinstance(group, dict) else group.extend(entries)

    return sheet.proved([sheet.reordered(above, number, to)], _changed(sheet, path[:-1], moved))


@lru_cache(maxsize=16)
def _sheet(data: bytes) -> Sheet:
    return Sheet(data)


def _changed(sheet: Sheet, path: Path, change: Callable[[Any], None]) -> Any:
    """The file's values with a change made to the group at `path`."""
    whole: Any = plain(sheet.root)
    group = whole
    for step in path:
        group = group[step]
    change(group)
    return whole


def _ways_to_put(sheet: Sheet, path: Path, node: Node, value: Value) -> Iterable[str]:
    """The file's text with another value at `path`, in the way it was written if that can be, else
    as plainly as can be."""
    above = sheet.node(path[:-1])
    start, end = sheet.start(node), sheet.end(node)
    flow = isinstance(above, Mapping | Listing) and above.flow
    indent = (
        above.keys[str(path[-1])].span.column - 1
        if isinstance(above, Mapping)
        else above.span.column - 1
    )
    head = sheet.text[sheet.line_start(start) : start]
    gap = "" if not head or head[-1:] in " [{" or start == sheet.line_start(start) else " "
    if not isinstance(value, str) or not isinstance(node, Scalar):
        yield sheet.replaced(
            len(sheet.text[:start].rstrip(" \r\n")), end, written(value, indent, flow)
        )
        return
    styles = ["|", '"'] if "\n" in value else ["", '"', "'", "|"]
    for style in dict.fromkeys(
        [*([node.style] if "\n" not in value or node.style in BLOCK else []), *styles]
    ):
        new = block(value, style, indent, node) if style in BLOCK else spelled(value, style)
        if new is not None and not (flow and style in BLOCK):
            yield sheet.replaced(start, end, gap + new)
