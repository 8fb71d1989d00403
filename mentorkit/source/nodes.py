"""The values that a YAML file becomes: texts, lists and groups that know their position."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mentorkit.source.problem import Problem, Span


@dataclass(frozen=True)
class Scalar:
    """A text, with the way it was written: `style` is '' (plain), ', ", | or >.

    `raw` is what stands in the file.
    """

    text: str
    span: Span
    style: str = ""
    raw: str = ""

    def inside(self, start: int, length: int = 1) -> Span:
        """The place of `raw[start:start + length]`."""
        line = self.span.line + self.raw.count("\n", 0, start)
        column = (
            start - self.raw.rfind("\n", 0, start)
            if line > self.span.line
            else self.span.column + start
        )
        return Span(self.span.file, line, column, line, column + length)


@dataclass(frozen=True)
class Listing:
    """Several values in a row; `flow` is True where brackets hold them."""

    items: tuple[Node, ...]
    span: Span
    flow: bool = False


@dataclass(frozen=True)
class Mapping:
    """A group of named values in the author's order.

    `keys` holds where each name stands; `flow` is True where braces hold it.
    """

    values: dict[str, Node]
    keys: dict[str, Scalar]
    span: Span
    flow: bool = False


Node = Scalar | Listing | Mapping


@dataclass(frozen=True)
class Source:
    """One file as it was read.

    `root` is None where nothing usable was found; `problems` says why.
    """

    name: str
    text: str
    root: Mapping | None
    problems: tuple[Problem, ...]
    digest: str = ""  # sha256 of the bytes that were read


def plain(node: Node) -> object:
    """The same values as str, list and dict, for the model to judge."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Listing):
        return [plain(item) for item in node.items]
    return {key: plain(value) for key, value in node.values.items()}


def find(node: Node, path: tuple[str | int, ...]) -> Node:
    """The node at `path`, or the nearest one above it that exists."""
    for step in path:
        if isinstance(node, Mapping) and step in node.values:
            node = node.values[str(step)]
        elif isinstance(node, Listing) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            return node
    return node


def span_of_key(node: Node, path: tuple[str | int, ...]) -> Span:
    """Where the last name of `path` is written; the value's own place where it is no name."""
    above = find(node, path[:-1]) if path else node
    if path and isinstance(above, Mapping) and path[-1] in above.keys:
        return above.keys[str(path[-1])].span
    return find(node, path).span


def scalars(
    node: Node, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], Scalar]]:
    """Every text below `node` with the path to it."""
    if isinstance(node, Scalar):
        yield path, node
    elif isinstance(node, Listing):
        for number, item in enumerate(node.items):
            yield from scalars(item, (*path, number))
    else:
        for key, value in node.values.items():
            yield from scalars(value, (*path, key))


def paths(node: Node, below: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path to every name below the one at `below`, the upper ones first."""
    here = find(node, below)
    inside = (
        here.values.items()
        if isinstance(here, Mapping)
        else enumerate(here.items)
        if isinstance(here, Listing)
        else ()
    )
    for key, _ in inside:
        yield (*below, key)
        yield from paths(node, (*below, key))
