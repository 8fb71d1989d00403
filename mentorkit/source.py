"""Text files to plain values that know their place.

`read(path, name)` gives the values of one YAML file and all that is wrong with it. It walks the parser's *events* and builds
its own values, with limits, since `yaml.load` can end the process on deeply nested input and silently changes texts
(`no`, `1:30`, doubled keys). Every text stays a text; the model decides what it means.
"""

from __future__ import annotations

import bisect
import hashlib
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from mentorkit import complaint, slips
from mentorkit.problem import Problem, Span, Unreadable

# Limits; every refusal names its limit. One place for all of them.
MAX_BYTES = 1024 * 1024
MAX_DEPTH = 20
MAX_ENTRIES = 100_000
MAX_LINE = 20_000


@dataclass(frozen=True)
class Scalar:
    """A text, with the way it was written: `style` is '' (plain), ', ", | or >; `raw` is what stands in the file."""

    text: str
    span: Span
    style: str = ""
    raw: str = ""

    def inside(self, start: int, length: int = 1) -> Span:
        """The place of `raw[start:start + length]`."""
        line = self.span.line + self.raw.count("\n", 0, start)
        column = start - self.raw.rfind("\n", 0, start) if line > self.span.line else self.span.column + start
        return Span(self.span.file, line, column, line, column + length)


@dataclass(frozen=True)
class Listing:
    """Several values in a row; `flow` is True where brackets hold them."""

    items: tuple[Node, ...]
    span: Span
    flow: bool = False


@dataclass(frozen=True)
class Mapping:
    """A group of named values in the author's order. `keys` holds where each name stands; `flow` is True where braces hold it."""

    values: dict[str, Node]
    keys: dict[str, Scalar]
    span: Span
    flow: bool = False


Node = Scalar | Listing | Mapping


@dataclass(frozen=True)
class Source:
    """One file as it was read. `root` is None where nothing usable was found; `problems` says why."""

    name: str
    text: str
    root: Mapping | None
    problems: tuple[Problem, ...]
    digest: str = ""  # sha256 of the bytes that were read


def read(path: Path, name: str, keys: frozenset[str] = frozenset()) -> Source:
    """The values in the file at `path`, called `name` in messages. Never raises for what a person wrote."""
    try:
        data = _bytes(path, name)
        return replace(parse(decode(data, name), name, keys), digest=hashlib.sha256(data).hexdigest())
    except Unreadable as found:
        return Source(name, "", None, (found.problem,))


def parse(text: str, name: str, keys: frozenset[str] = frozenset()) -> Source:
    """The values in `text`, which is one YAML document holding `name: value` lines.

    `keys` are words that, at the start of a line inside a text, are taken for a key that was indented too far.
    """
    text = text.replace("\r\n", "\n")  # one line end, so that lines are counted as an editor counts them
    problems, cleaned = slips.refused_lines(text, name, MAX_LINE)
    if cleaned is None:
        return Source(name, text, None, tuple(problems))
    reader = _Reader(cleaned, name, keys)
    try:
        root = reader.document()
    except Unreadable as found:
        # What follows from a hidden character is not told beside it.
        return Source(name, text, None, (*problems, *reader.problems, *(() if problems else (found.problem,))))
    problems += [*reader.problems, *slips.comments(cleaned, name, reader.covered)]
    return Source(name, text, root, tuple(problems))


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


def scalars(node: Node, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Scalar]]:
    """Every text below `node` with the path to it."""
    if isinstance(node, Scalar):
        yield path, node
    elif isinstance(node, Listing):
        for number, item in enumerate(node.items):
            yield from scalars(item, (*path, number))
    else:
        for key, value in node.values.items():
            yield from scalars(value, (*path, key))


def _bytes(path: Path, name: str) -> bytes:
    place = Span(name)
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):  # a pipe or device would block or never end, so it is not opened
            kind = "a folder" if stat.S_ISDIR(mode) else "not an ordinary file"
            raise Unreadable(Problem(place, "file", f"this is {kind}", "put a text file here"))
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise Unreadable(Problem(place, "file", "there is no such file", "check the name; a link may lead nowhere")) from None
    except OSError as fault:
        raise Unreadable(Problem(place, "file", f"this file cannot be read: {fault.strerror}", "check who may read it")) from None
    if len(data) > MAX_BYTES:
        raise Unreadable(Problem(place, "too-large", "this file is larger than 1 MiB", "split it into several files"))
    return data


def decode(data: bytes, name: str) -> str:
    """The text of a file in UTF-8, or in UTF-16 with its mark; anything else is refused, never guessed."""
    for head, kind in slips.NOT_TEXT:
        if data.startswith(head):
            raise Unreadable(Problem(Span(name), "not-text", f"this is {kind}, not a YAML text file",
                                     "open it in its own program and save or paste the text"))
    try:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise Unreadable(slips.not_utf8(data, fault, name)) from None


class _Reader:
    """Builds values from the parser's events, refusing what authors never mean: anchors, aliases, tags, deep nesting."""

    def __init__(self, text: str, name: str, keys: frozenset[str]) -> None:
        self.text = text
        self.name = name
        self.problems: list[Problem] = []
        self.covered: list[tuple[int, int]] = []  # where scalars stand, as offsets into text
        self._keys = keys
        self._quotes: list[Span] = []
        self._entries = 0
        self._starts = [0, *(match.end() for match in re.finditer("\n", self.text))]

    def document(self) -> Mapping | None:
        events = self._events()
        try:
            first = next(events, None)
            if first is None or isinstance(first, yaml.StreamEndEvent):
                raise self._fault(Span(self.name), "empty", "this file is empty", "start with a line such as: title: …")
            root = self._node(first, events, 1)
            for event in events:
                if isinstance(event, yaml.DocumentStartEvent):
                    raise self._fault(self._span(event), "second-document", '"---" starts a second document here',
                                      "delete the line, or indent it if it belongs to the text")
        except yaml.YAMLError as fault:
            raise Unreadable(complaint.explain(fault, self.text, self.name, self._quotes)) from None
        if isinstance(root, Mapping):
            return root
        if isinstance(root, Scalar) and not root.text:
            raise self._fault(Span(self.name), "empty", "this file is empty", "start with a line such as: title: …")
        raise self._fault(root.span, "not-a-group", 'the file must start with "name: text" lines',
                          "for example: title: The only one at the table")

    def _events(self) -> Iterator[yaml.Event]:
        documents = 0
        for event in yaml.parse(self.text, Loader=yaml.CSafeLoader):
            documents += isinstance(event, yaml.DocumentStartEvent)
            opening = isinstance(event, yaml.DocumentStartEvent) and documents == 1
            if not opening and not isinstance(event, (yaml.StreamStartEvent, yaml.DocumentEndEvent)):
                yield event

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        span = self._span(event)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
            start = self._index(event.start_mark)
            raise self._fault(span, "special-start", f"a text cannot start with {self.text[start:][:1] or '*'}",
                              f"put the text in double quotes: {slips.quoted(self._rest(start))}")
        self._entries += 1
        if self._entries > MAX_ENTRIES:
            raise self._fault(span, "too-large", f"this file holds more than {MAX_ENTRIES:,} entries", "split it into several files")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, span)
        if depth > MAX_DEPTH:
            raise self._fault(span, "too-deep", f"lists or groups are nested more than {MAX_DEPTH} deep", "use fewer levels")
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(inner := next(events), yaml.SequenceEndEvent):
                items.append(self._node(inner, events, depth + 1))
            return Listing(tuple(items), span, bool(event.flow_style))
        return self._mapping(event, events, span, depth)

    def _mapping(self, opening: yaml.Event, events: Iterator[yaml.Event], span: Span, depth: int) -> Mapping:
        values: dict[str, Node] = {}
        keys: dict[str, Scalar] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self._node(event, events, depth + 1)
            value = self._node(next(events), events, depth + 1)
            if not isinstance(key, Scalar):
                raise self._fault(span, "braces", "braces or brackets stand where a name is expected",
                                  f"put the text in double quotes: {slips.quoted(self._rest(self._index(opening.start_mark)))}")
            if not key.text:
                raise self._fault(key.span, "no-name", "a name is missing before this colon", "write a name, or put the text in quotes")
            if key.text in values:
                self.problems.append(Problem(key.span, "doubled", f'"{key.text}" appears twice here (first on line {keys[key.text].span.line})',
                                             "remove or rename one of them"))
            values[key.text] = value
            keys[key.text] = key
        return Mapping(values, keys, span, bool(getattr(opening, "flow_style", False)))

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
                raise self._fault(span, "block-text", f"text follows {style} on the same line", "start the text on the next line, indented by two spaces")
        self.problems.extend(slips.in_text(raw, span, style, self._keys))
        return Scalar(event.value.rstrip("\n") if style in ("|", ">") else event.value, span, style, raw)

    def _backslashes(self, raw: str, start: int) -> None:
        for found in re.finditer(r"\\(.|\n)", raw):
            if found[1] not in '\\"n\n':
                raise self._fault(self._at(start + found.start()), "backslash", "a backslash in double quotes starts a code",
                                  "write \\\\ for one backslash, or use single quotes")

    def _rest(self, index: int) -> str:
        """The rest of the line from `index` on."""
        end = self.text.find("\n", index)
        return self.text[index:] if end < 0 else self.text[index:end]

    def _index(self, mark: yaml.Mark) -> int:
        return min(self._starts[min(mark.line, len(self._starts) - 1)] + mark.column, len(self.text))

    def _span(self, event: yaml.Event) -> Span:
        start, end = event.start_mark, event.end_mark
        return Span(self.name, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def _at(self, index: int) -> Span:
        line = bisect.bisect_right(self._starts, index)
        column = index - self._starts[line - 1] + 1
        return Span(self.name, line, column, line, column + 1)

    @staticmethod
    def _fault(span: Span, code: str, what: str, hint: str) -> Unreadable:
        return Unreadable(Problem(span, code, what, hint))
