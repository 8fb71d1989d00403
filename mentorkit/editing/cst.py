"""A YAML file's characters as they stand, where each value of them is written, and how new ones are
spelled. `splice` edits with it."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable
from typing import Any

from mentorkit.model.keys import KEYS
from mentorkit.source.nodes import Listing, Mapping, Node, Scalar, plain
from mentorkit.source.problem import Problem, UnreadableError, stopping
from mentorkit.source.reader import parse
from mentorkit.source.text_file import decode

Path = tuple[str | int, ...]
Value = str | list[Any] | dict[str, Any]
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
BLOCK = ("|", ">")


class EditRefusedError(Exception):
    """The edit cannot be made; the message says why.

    `problem` is what reading the file would have complained of.
    """

    def __init__(self, why: str, problem: Problem | None = None) -> None:
        super().__init__(why)
        self.problem = problem
        self.path: Path = ()  # what was edited, where several edits were tried


class Sheet:
    """One file's characters as they stand, and where each value of it is written."""

    def __init__(self, data: bytes) -> None:
        try:
            decode(data, "")
        except UnreadableError as found:
            raise EditRefusedError(str(found.problem.what), found.problem) from None
        self.mark, self.encoding = next(
            ((mark, name) for mark, name in MARKS if data.startswith(mark)), (b"", "utf-8")
        )
        self.text = data[len(self.mark) :].decode(self.encoding)
        self.break_ = "\r\n" if "\r\n" in self.text else "\n"
        self._lines = [0, *(found.end() for found in re.finditer("\n", self.text))]
        read = parse(self.text, "", KEYS)
        if read.root is None:
            raise EditRefusedError(read.problems[0].what, read.problems[0])
        self.root, self.known = (
            read.root,
            {(problem.code, problem.what) for problem in read.problems},
        )

    def node(self, path: Path) -> Node:
        found: Node | None = self.root
        for step in path:
            found = child(found, step) if found is not None else None
        if found is None:
            raise EditRefusedError("there is nothing at this place")
        return found

    def at(self, line: int, column: int) -> int:
        return min(self._lines[min(line, len(self._lines)) - 1] + column - 1, len(self.text))

    def start(self, node: Node) -> int:
        return self.at(node.span.line, node.span.column)

    def end(self, node: Node) -> int:
        """Behind the last character of a value.

        The empty lines below a block of text are not part of it.
        """
        if isinstance(node, Scalar):
            end = self.at(node.span.end_line, node.span.end_column)
            return (
                self.start(node) + len(self.text[self.start(node) : end].rstrip("\r\n "))
                if node.style in BLOCK
                else end
            )
        inner = list(node.values.values()) if isinstance(node, Mapping) else list(node.items)
        last = self.end(inner[-1]) if inner else self.start(node) + 1
        if not node.flow:
            return last
        closing = re.compile(r"(?:[\s,]|#.*)*[\]}]").match(self.text, last)
        if closing is None:
            raise EditRefusedError("the end of these brackets was not found")
        return closing.end()

    def line_start(self, offset: int) -> int:
        return self.text.rfind("\n", 0, offset) + 1

    def line_end(self, offset: int) -> int:
        """Where the line ends on which `offset` stands, before its line end."""
        found = self.text.find("\n", offset)
        end = len(self.text) if found < 0 else found
        return end - 1 if end > offset and self.text[end - 1] == "\r" else end

    def starts(self, group: Node) -> list[int]:
        """Where each entry of a group or list begins: at its name, or at its hyphen."""
        if isinstance(group, Mapping):
            return [self.start(key) for key in group.keys.values()]
        if not isinstance(group, Listing) or group.flow:
            return [self.start(item) for item in group.items] if isinstance(group, Listing) else []
        return [self._hyphen(item, group.span.column) for item in group.items]

    def _hyphen(self, item: Node, column: int) -> int:
        line = item.span.line
        while line > 1 and self.text[(place := self.at(line, column)) : place + 1] != "-":
            line -= 1
        return self.at(line, column)

    def inserted(
        self, path: Path, group: Mapping | Listing, at: int, name: str | int, value: Value
    ) -> str:
        """The text with a new entry at the place `at` of the group."""
        starts, ends = self.starts(group), [self.end(entry) for entry in values_of(group)]
        head = f"{name}:" if isinstance(group, Mapping) else "-"
        if group.flow:
            entry = f"{head}{written(value, 0, True)}".removeprefix("-").strip()
            if not starts:
                return self.replaced(self.start(group) + 1, self.start(group) + 1, entry)
            place = ends[at - 1] if at else starts[0]
            return self.replaced(place, place, f", {entry}" if at else f"{entry}, ")
        indent = starts[0] - self.line_start(starts[0])
        if isinstance(group, Mapping):
            indent = next(iter(group.keys.values())).span.column - 1
        elif path:
            indent = group.span.column - 1
        entry = head + (written if isinstance(group, Mapping) else item)(value, indent, False)
        if at:
            place = self.line_end(ends[at - 1])
            return self.replaced(place, place, f"\n{' ' * indent}{entry}")
        return self.replaced(starts[0], starts[0], f"{entry}\n{' ' * indent}")

    def without(self, group: Node, number: int) -> str:
        """The text without entry `number` of the group.

        Its lines go whole where nothing else stands on them.
        """
        starts, entries = self.starts(group), values_of(group)
        start, end = starts[number], self.end(entries[number])
        if isinstance(group, Mapping | Listing) and group.flow:
            first, last = (
                (starts[number], starts[number + 1])
                if number + 1 < len(starts)
                else (self.end(entries[number - 1]), end)
            )
            return self.replaced(first, last, "")
        if self.text[self.line_start(start) : start].strip():
            return self.replaced(start, starts[number + 1], "")  # the first entry, behind a hyphen
        first, last = self.line_start(start), self.line_end(end)
        if last == len(self.text):
            return self.replaced(len(self.text[:first].rstrip("\r\n")), last, "")
        return self.replaced(first, self.text.index("\n", last) + 1, "")

    def reordered(self, group: Node, number: int, to: int) -> str:
        """The text with entry `number` as number `to`.

        What stands between the entries stays where it is.
        """
        flow = isinstance(group, Mapping | Listing) and group.flow
        pieces: list[tuple[int, int]] = []
        for start, entry in zip(self.starts(group), values_of(group), strict=True):
            if not flow and self.text[self.line_start(start) : start].strip():
                raise EditRefusedError("what follows a hyphen cannot be moved")
            first = (
                start
                if flow
                else self._with_comments(self.line_start(start), pieces[-1][1] if pieces else -1)
            )
            pieces.append((first, self.end(entry) if flow else self.line_end(self.end(entry))))
        order = [n for n in range(len(pieces)) if n != number]
        order.insert(to, number)
        new, gaps = (
            "",
            [
                self.text[end:start]
                for (_, end), (start, _) in zip(pieces, pieces[1:], strict=False)
            ],
        )
        for place, each in enumerate(order):
            new += self.text[slice(*pieces[each])] + (gaps[place] if place < len(gaps) else "")
        return self.text[: pieces[0][0]] + new + self.text[pieces[-1][1] :]

    def _with_comments(self, start: int, floor: int) -> int:
        """The start of the lines of comment directly above a line.

        None above the first entry, where they may speak of the whole list.
        """
        while (
            floor >= 0
            and start > 0
            and (above := self.line_start(start - 1)) > floor
            and re.match(r" *#", self.text[above:start])
        ):
            start = above
        return start

    def replaced(self, start: int, end: int, new: str) -> str:
        """The text with other characters from `start` to `end`, in the file's own line ends."""
        return self.text[:start] + new.replace("\n", self.break_) + self.text[end:]

    def proved(self, ways: Iterable[str], expected: Value) -> bytes:
        """The first of several ways to write the edit that reads as `expected` and complains of
        nothing new."""
        found: Problem | None = None
        for text in ways:
            read = parse(text, "", KEYS)
            new = [
                problem
                for problem in stopping(read.problems)
                if (problem.code, problem.what) not in self.known
            ]
            if (
                read.root is not None
                and not new
                and json.dumps(plain(read.root)) == json.dumps(expected)
            ):
                return self.mark + text.encode(self.encoding)
            found = found or next(iter(new), None)
        raise EditRefusedError(
            found.what if found else "this cannot be written here without changing something else",
            found,
        )


def child(node: Node, step: str | int) -> Node | None:
    """The value under this name or number."""
    if isinstance(node, Mapping) and isinstance(step, str):
        return node.values.get(step)
    return (
        node.items[step]
        if isinstance(node, Listing) and isinstance(step, int) and 0 <= step < len(node.items)
        else None
    )


def values_of(group: Node) -> list[Node]:
    """The values of a group or list, in order."""
    return (
        list(group.values.values())
        if isinstance(group, Mapping)
        else list(group.items)
        if isinstance(group, Listing)
        else []
    )


def number_of(group: Node, step: str | int) -> int:
    """The place of an entry in its group or list."""
    return list(group.values).index(str(step)) if isinstance(group, Mapping) else int(step)


def block(text: str, style: str, indent: int, old: Scalar | None = None) -> str | None:
    """A text on lines of its own; lines that stay the same stay as they were typed."""
    head, *typed = old.raw.rstrip("\n ").split("\n") if old and old.style == style else [style]
    pad = next(
        (line[: len(line) - len(line.lstrip())] for line in typed if line.strip()),
        " " * (indent + 2),
    )
    lines = text.split("\n") if style == "|" else text.replace("\n", "\n\n").split("\n")
    new = [pad + line if line else "" for line in lines]
    before = old.text.split("\n") if old else []
    if style == "|" and len(before) == len(typed):
        for sign, side in (
            (1, range(min(len(lines), len(before)))),
            (-1, range(1, min(len(lines), len(before)) + 1)),
        ):
            for n in side:
                if lines[sign * n] != before[sign * n]:
                    break
                new[sign * n] = typed[sign * n]
    return "\n".join([head, *new]) if text.strip() else None


def spelled(text: str, style: str) -> str | None:
    """A text on one line, in quotes of this kind; None where it cannot be."""
    if style == '"':
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    if "\n" in text:
        return None
    return "'" + text.replace("'", "''") + "'" if style == "'" else text or None


def written(value: Value, indent: int, flow: bool) -> str:
    """What stands behind a colon or a hyphen that is `indent` characters in, with the space or line
    end before it."""
    if isinstance(value, str):
        return " " + mildest(value, indent, flow)
    if flow or not value:
        if isinstance(value, dict):
            pairs = [f"{name}:{written(each, 0, True)}" for name, each in value.items()]
            return f" {{{', '.join(pairs)}}}"
        return f" [{', '.join(written(each, 0, True).strip() for each in value)}]"
    pad = "\n" + " " * (indent + 2)
    if isinstance(value, dict):
        return "".join(
            f"{pad}{name}:{written(each, indent + 2, False)}" for name, each in value.items()
        )
    return "".join(f"{pad}-{item(each, indent + 2)}" for each in value)


def item(value: Value, indent: int, flow: bool = False) -> str:
    """An entry of a list: a group's first name stands behind the hyphen."""
    text = written(value, indent, flow)
    return " " + text.lstrip("\n ") if isinstance(value, dict) and value else text


def mildest(text: str, indent: int, flow: bool) -> str:
    """The text as plainly as it can be written and read back."""
    styles = (
        ['"']
        if not text
        else ["|", '"']
        if "\n" in text and not flow
        else ['"']
        if "\n" in text
        else ["", '"', "'"]
    )
    for style in styles:
        new = block(text, style, indent) if style in BLOCK else spelled(text, style)
        around = f"k: [{new}]\n" if flow else f"{' ' * indent}k: {new}\n"
        read = parse(around, "", KEYS) if new else None
        if (
            read
            and read.root is not None
            and not read.problems
            and plain(read.root) == {"k": [text] if flow else text}
        ):
            return str(new)
    return str(spelled(text, '"'))
