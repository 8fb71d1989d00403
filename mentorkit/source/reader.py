"""Text files to plain values that know their place.

`read(path, name)` gives the values of one YAML file and all that is wrong with it. It walks the
parser's *events* and builds
its own values, with limits, since `yaml.load` can end the process on deeply nested input and
silently changes texts
(`no`, `1:30`, doubled keys). Every text stays a text; the model decides what it means.
"""

from __future__ import annotations

import bisect
import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import yaml

from mentorkit.source import lint, syntax_errors, text_file
from mentorkit.source.nodes import Listing, Mapping, Node, Scalar, Source
from mentorkit.source.problem import Problem, Span, UnreadableError
from mentorkit.source.text_file import decode

# Limits; every refusal names its limit. One place for all of them.
MAX_BYTES = 1024 * 1024
MAX_DEPTH = 20
MAX_ENTRIES = 100_000
MAX_LINE = 20_000


class Mark(Protocol):
    """A place in the parser's text, counted from 0; the two parsers of PyYAML have a class each."""

    line: int
    column: int


def read(path: Path, name: str, keys: frozenset[str] = frozenset()) -> Source:
    """The values in the file at `path`, called `name` in messages.

    Never raises for what a person wrote.
    """
    try:
        return read_bytes(text_file.take(path, name, MAX_BYTES), name, keys)
    except UnreadableError as found:
        return Source(name, "", None, (found.problem,))


def read_bytes(data: bytes, name: str, keys: frozenset[str] = frozenset()) -> Source:
    """The values in a file that holds `data`: the same as `read`, without the disk."""
    try:
        return replace(
            parse(decode(data, name), name, keys), digest=hashlib.sha256(data).hexdigest()
        )
    except UnreadableError as found:
        return Source(name, "", None, (found.problem,))


def parse(text: str, name: str, keys: frozenset[str] = frozenset()) -> Source:
    """The values in `text`, which is one YAML document holding `name: value` lines.

    `keys` are words that, at the start of a line inside a text, are taken for a key that was
    indented too far.
    """
    text = text.replace(
        "\r\n", "\n"
    )  # one line end, so that lines are counted as an editor counts them
    problems, cleaned = lint.refused_lines(text, name, MAX_LINE)
    if cleaned is None:
        return Source(name, text, None, tuple(problems))
    reader = _Reader(cleaned, name, keys)
    try:
        root = reader.document()
    except UnreadableError as found:
        # What follows from a hidden character, or from the slip that ended the reading, is not
        # reported
        # beside it.
        before = [
            problem for problem in reader.problems if problem.span.line < found.problem.span.line
        ]
        return Source(
            name, text, None, (*problems, *before, *(() if problems else (found.problem,)))
        )
    problems += [*reader.problems, *lint.comments(cleaned, name, reader.covered)]
    return Source(name, text, root, tuple(problems))


class _Reader:
    """Builds values from the parser's events, refusing what authors never mean: anchors, aliases,
    tags, deep nesting."""

    def __init__(self, text: str, name: str, keys: frozenset[str]) -> None:
        self.text = text
        self.name = name
        self.problems: list[Problem] = []
        self.covered: list[tuple[int, int]] = []  # where scalars stand, as offsets into text
        self._keys = keys
        self._quotes: list[Span] = []
        self._brackets: list[Span] = []  # those that are open
        self._entries = 0
        self._starts = [0, *(match.end() for match in re.finditer("\n", self.text))]

    def document(self) -> Mapping | None:
        """The values of the one document.

        `UnreadableError` where the text cannot be read to its end.
        """
        events = self._events()
        try:
            first = next(events, None)
            if first is None or isinstance(first, yaml.StreamEndEvent):
                raise self._fault(
                    Span(self.name),
                    "empty",
                    "this file is empty",
                    "start with a line such as: title: …",
                )
            root = self._node(first, events, 1)
            for event in events:
                if isinstance(event, yaml.DocumentStartEvent):
                    raise self._fault(
                        self._span(event),
                        "second-document",
                        '"---" starts a second document here',
                        "delete the line, or indent it if it belongs to the text",
                    )
        except yaml.YAMLError as fault:
            if "nesting depth" in str(getattr(fault, "problem", "")):
                raise self._too_deep(self._first_too_deep(fault)) from None
            raise UnreadableError(
                syntax_errors.explain(fault, self.text, self.name, self._quotes, self._brackets)
            ) from None
        if isinstance(root, Mapping):
            return root
        if isinstance(root, Scalar) and not root.text:
            raise self._fault(
                Span(self.name),
                "empty",
                "this file is empty",
                "start with a line such as: title: …",
            )
        raise self._fault(
            root.span,
            "not-a-group",
            'the file must start with "name: text" lines',
            "for example: title: The only one at the table",
        )

    def _events(self) -> Iterator[yaml.Event]:
        documents = 0
        for event in yaml.parse(self.text, Loader=yaml.CSafeLoader):
            documents += isinstance(event, yaml.DocumentStartEvent)
            opening = isinstance(event, yaml.DocumentStartEvent) and documents == 1
            if not opening and not isinstance(
                event, (yaml.StreamStartEvent, yaml.DocumentEndEvent)
            ):
                yield event

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        span = self._span(event)
        if (
            isinstance(event, yaml.AliasEvent)
            or getattr(event, "anchor", None)
            or getattr(event, "tag", None)
        ):
            start = self._index(event.start_mark)
            raise self._fault(
                span,
                "special-start",
                f"a text cannot start with {self.text[start:][:1] or '*'}",
                f"put the text in double quotes: {lint.quoted(self._rest(start))}",
            )
        self._entries += 1
        if self._entries > MAX_ENTRIES:
            raise self._fault(
                span,
                "too-large",
                f"this file holds more than {MAX_ENTRIES:,} entries",
                "split it into several files",
            )
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, span)
        if depth > MAX_DEPTH:
            raise self._too_deep(span)
        flow = bool(getattr(event, "flow_style", False))
        if flow:
            self._brackets.append(span)
        made = (
            self._listing(events, span, depth, flow)
            if isinstance(event, yaml.SequenceStartEvent)
            else self._mapping(event, events, span, depth, flow)
        )
        if flow:
            self._brackets.pop()
        return made

    def _too_deep(self, span: Span) -> UnreadableError:
        return self._fault(
            span,
            "too-deep",
            f"lists or groups are nested more than {MAX_DEPTH} deep",
            "use fewer levels",
        )

    def _first_too_deep(self, fault: yaml.YAMLError) -> Span:
        """Return the place of the first bracket beyond MAX_DEPTH.

        From version 0.2.6 on, libyaml refuses 1,000 levels itself. Its scanner may look that far
        ahead of the
        events already handed over, so the bracket is searched for in the text that it has scanned.
        """
        mark = getattr(fault, "problem_mark", None)
        end = self._index(mark) if mark else len(self.text)
        start = self._brackets[-1] if self._brackets else None
        begin = (
            self._starts[start.line - 1] + start.column - 1
            if start
            else self.covered[-1][1]
            if self.covered
            else 0
        )
        depth = max(len(self._brackets) - 1, 0) + 1
        for found in re.finditer(r"[\[{\]}]", self.text[begin:end]):
            depth += 1 if found[0] in "[{" else -1
            if depth > MAX_DEPTH:
                return self._at(begin + found.start())
        return self._at(max(end - 1, 0))

    def _listing(self, events: Iterator[yaml.Event], span: Span, depth: int, flow: bool) -> Listing:
        items: list[Node] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(item := self._node(event, events, depth + 1))
            if not flow:
                self._continued(item, item.span.column)
        return Listing(tuple(items), span, flow)

    def _mapping(
        self, opening: yaml.Event, events: Iterator[yaml.Event], span: Span, depth: int, flow: bool
    ) -> Mapping:
        values: dict[str, Node] = {}
        keys: dict[str, Scalar] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self._node(event, events, depth + 1)
            value = self._node(next(events), events, depth + 1)
            if not isinstance(key, Scalar):
                raise self._fault(
                    span,
                    "braces",
                    "braces or brackets are where a name is expected",
                    "put the text in double quotes: "
                    f"{lint.quoted(self._rest(self._index(opening.start_mark)))}",
                )
            if flow and "\n" in key.raw:
                raise self._fault(
                    span,
                    "open-bracket",
                    'a "{" is not closed',
                    "close it, or put the text in double quotes",
                )
            if not key.text or "\n" in key.raw:
                raise self._fault(
                    key.span,
                    "no-name",
                    "a name is missing here",
                    "write a name and a colon before the text",
                )
            if key.text in values:
                self.problems.append(
                    Problem(
                        key.span,
                        "doubled",
                        f'"{key.text}" appears twice here (first on line '
                        f"{keys[key.text].span.line})",
                        "remove or rename one of them",
                    )
                )
            if not flow:
                self._continued(
                    value,
                    key.span.column + 2 if value.span.line == key.span.line else value.span.column,
                )
            values[key.text] = value
            keys[key.text] = key
        return Mapping(values, keys, span, flow)

    def _scalar(self, event: yaml.ScalarEvent, span: Span) -> Scalar:
        start, end = self._index(event.start_mark), self._index(event.end_mark)
        self.covered.append((start, end))
        style, raw = event.style or "", self.text[start:end]
        if style in ("'", '"'):
            self._quotes.append(span)
        if style == '"':
            self._backslashes(raw, start)
        if style in ("|", ">"):
            head = raw.partition("\n")[0]
            if not re.fullmatch(r"[|>][+-]?", head.rstrip()):
                raise self._fault(
                    span,
                    "block-text",
                    f"text follows {style} on the same line",
                    "start the text on the next line, indented by two spaces",
                )
        line_start = self.text.rfind("\n", 0, start) + 1
        starts_line = not self.text[line_start:start].strip()
        self.problems.extend(lint.in_text(raw, span, style, self._keys, starts_line))
        text = event.value
        if (
            not text.isascii()
        ):  # one form of each letter, so that it is found, printed and copied as one
            text = unicodedata.normalize("NFC", text.translate(lint.WITHOUT_WIDTH))
        return Scalar(text.rstrip("\n") if style in ("|", ">") else text, span, style, raw)

    def _backslashes(self, raw: str, start: int) -> None:
        for found in re.finditer(r"\\(.|\n)", raw):
            if found[1] not in '\\"n\n':
                raise self._fault(
                    self._at(start + found.start()),
                    "backslash",
                    "a backslash in double quotes starts a code",
                    "write \\\\ for one backslash, or use single quotes",
                )

    def _continued(self, node: Node, column: int) -> None:
        """A text without quotes may go on below, exactly at `column`.

        A line further in strayed here from something else.
        """
        if isinstance(node, Scalar) and not node.style and "\n" in node.raw:
            self.problems.extend(lint.strayed(node.raw, node.span, column))

    def _rest(self, index: int) -> str:
        """The rest of the line from `index` on."""
        end = self.text.find("\n", index)
        return self.text[index:] if end < 0 else self.text[index:end]

    def _index(self, mark: Mark | None) -> int:
        """Return the index in the text of a parser's mark."""
        assert mark is not None, "libyaml marks every event"
        return min(
            int(self._starts[min(mark.line, len(self._starts) - 1)] + mark.column), len(self.text)
        )

    def _span(self, event: yaml.Event) -> Span:
        start, end = event.start_mark, event.end_mark
        assert start is not None and end is not None, "libyaml marks every event"
        return Span(self.name, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def _at(self, index: int) -> Span:
        line = bisect.bisect_right(self._starts, index)
        column = index - self._starts[line - 1] + 1
        return Span(self.name, line, column, line, column + 1)

    @staticmethod
    def _fault(span: Span, code: str, what: str, hint: str) -> UnreadableError:
        return UnreadableError(Problem(span, code, what, hint))
