"""Counts what can be counted at a place of the program, for the floors of curriculum/coverage.yaml."""  # noqa: E501

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from mentorkit.program.library import Library
from mentorkit.source.nodes import Listing, Mapping, Node, Scalar, find

SKIPPED = ("facilitator", "variations", "rights")
NAMED = (
    "questions",
    "rows",
    "groups",
    "columns",
    "parts",
    "links",
    "steps",
    "objectives",
    "activities",
    "strategies",
    "modules",
)


def at(library: Library, address: str) -> Node:
    """The value at `file:dotted.path`; KeyError where there is none."""
    path, _, dotted = address.partition(":")
    file = next((file for file in library.files() if file.path == f"{path}.yaml"), None)
    if file is None:
        raise KeyError(path)
    steps = tuple(filter(None, dotted.split(".")))
    node = find(file.root, steps)
    if steps and (
        not isinstance(above := find(file.root, steps[:-1]), Mapping)
        or steps[-1] not in above.values
    ):
        raise KeyError(address)
    return node


def counted(node: Node) -> Counter[str]:
    """How many there are of everything below `node`, facilitators' notes and variations aside.

    entries: of the group or list itself; words, paragraphs, bullets: of its texts; rows, columns
    (the column of the rows' texts counts), groups, cells (to fill), own_rows: of its tables;
    questions, parts, links, steps, boards, cases …: however deep.
    """
    total: Counter[str] = Counter(
        entries=len(node.values)
        if isinstance(node, Mapping)
        else len(node.items)
        if isinstance(node, Listing)
        else 0
    )
    for _, key, value in below(node):
        if isinstance(value, Scalar):
            total["words"] += len(re.findall(r"[\w’'-]*\w", value.text))
            total["paragraphs"] += len(re.split(r"\n\s*\n", value.text.strip()))
            total["bullets"] += len(re.findall(r"(?m)^\s*(?:[-*]|\d+\.) ", value.text))
        if key in NAMED and isinstance(value, Mapping):
            total[key] += len(value.values)
        total["boards"] += key == "board"
        total["cases"] += key == "case"
        total["pictures"] += key == "picture"
        if key == "table":
            total.update(_table(value))
    if isinstance(node, Mapping) and "columns" in node.values:
        total.update(_table(node))
    return total


def _table(table: Node) -> Counter[str]:
    assert isinstance(table, Mapping)
    columns = table.values.get("columns")
    assert isinstance(columns, Mapping)
    given = {
        name
        for name, column in columns.values.items()
        if isinstance(column, Mapping) and "given" in column.values
    }
    rows = [
        row
        for _, key, value in below(table)
        if key == "rows" and isinstance(value, Mapping)
        for row in value.values.values()
    ]
    cells = sum(
        1
        for row in rows
        for name in columns.values
        if name not in given
        and not (
            isinstance(row, Mapping)
            and isinstance(cs := row.values.get("cells"), Mapping)
            and name in cs.values
        )
    )
    own = table.values.get("own_rows")
    return Counter(cells=cells, own_rows=int(own.text) if isinstance(own, Scalar) else 0, columns=1)


def below(node: Node, key: str = "") -> Iterator[tuple[Node, str, Node]]:
    """(holder, key, value) for every value below `node`, itself first."""
    yield node, key, node
    if isinstance(node, Mapping):
        for name, value in node.values.items():
            if name not in SKIPPED:
                yield from below(value, name)
    elif isinstance(node, Listing):
        for value in node.items:
            yield from below(value, "")
