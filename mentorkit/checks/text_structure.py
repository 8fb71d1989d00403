"""Check the lines of one text: whatever would be joined, restructured or printed as typed is
reported.

Places are given in the text itself: lines and columns count from 1, the file is empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from mentorkit.edition.list_entry import (
    LIST_ENTRY,
    is_broken_early,
    measure_longest_line,
    starts_list,
)
from mentorkit.source.problem import Problem, Span, warning

# A line is short up to this part of the longest line, or of a usual width, and this many
# characters.
SHORT, WIDTH, SHORT_MAX = 0.6, 72, 60
HEADING = re.compile(r"#{1,6}(?:\s|$)")
UNDERLINE = re.compile(r"(?:=+|-{2,})\s*$")
FENCE = re.compile(r"(?P<sign>`{3,}|~{3,})[^`]*$")
TABLE_RULE = re.compile(r"\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)+\|?\s*$")
FOOTNOTE = re.compile(r"\[\^[^\]\s]+\]")
DEFINITION = re.compile(r"\[[^\]^][^\]]*\]:\s*\S")
# What authors put before the entries of a list, by kind; the hyphen with a space is the right one.
ENTRY_SIGNS = (
    re.compile(r"[-+*]\s+\S"),
    re.compile(r"-[^\W\d_]|-[“\"(]"),
    re.compile(r"[–—]\s*\S"),
    re.compile(r"o\s\S"),
    re.compile(r"[→➢➤✓✔☐☑▢□]\s*\S"),
    re.compile(r"\(?\d{1,2}[.)]\s+\S"),
    re.compile(r"\(?[a-zA-Z]\)\s+\S"),
    re.compile(r"\[[ xX]\]\s"),
)
CONTAINER_MARKS = re.compile(r"(?:[ \t>]|(?:[-+*]|\d{1,9}[.)])(?=[ \t]|$))*")


@dataclass(frozen=True)
class Paragraph:
    """The lines of one paragraph of a text.

    `first` is the number of its first line in the text; `raw` are the lines as they are written,
    `lines` the same without the marks of lists and quotations. `is_nested` is True in a list or
    quotation, `number` the number of the list entry that it begins.
    """

    first: int
    raw: tuple[str, ...]
    lines: tuple[str, ...]
    longest: int
    is_nested: bool = False
    number: int | None = None

    @cached_property
    def indents(self) -> tuple[int, ...]:
        return tuple(len(line) - len(line.lstrip()) for line in self.raw)

    def span(self, index: int, part: str = "") -> Span:
        """Return the place of a line of this paragraph, or of `part` in it."""
        line = self.raw[index]
        start = line.find(part, self.indents[index]) if part else self.indents[index]
        start = max(start, self.indents[index])
        length = len(part) or max(len(line.rstrip()) - start, 1)
        number = self.first + index
        return Span("", number, start + 1, number, start + 1 + length)

    def is_joined_early(self, index: int) -> bool:
        """Return whether the line is joined to one above it that was ended on purpose."""
        return is_broken_early(self.lines[index - 1], self.lines[index], self.longest)


def check_lines(paragraph: Paragraph) -> Iterator[Problem]:
    """Report lines that look like what they are not: headings, tables, lists, verses."""
    if not paragraph.is_nested and paragraph.indents[0] > 3:
        yield warning(
            paragraph.span(0),
            "code",
            "this line is indented, and printed as an ordinary paragraph",
            "move the text to the left, with fewer than four spaces",
        )
    refused = [*_find_tables(paragraph), *_find_refused(paragraph)]
    yield from refused
    if refused:
        return
    glued = [*_find_list_entries(paragraph)] or [*_find_unindented(paragraph)]
    yield from glued or _find_short_lines(paragraph)
    yield from _find_two_entries(paragraph)


def _find_refused(paragraph: Paragraph) -> Iterator[Problem]:
    """Find headings, code blocks, footnotes and addresses of links, which texts cannot hold."""
    for index, line in enumerate(paragraph.lines):
        if HEADING.match(line) or (index and UNDERLINE.match(line)):
            yield report_heading(paragraph.span(index))
        elif fence := FENCE.match(line):
            yield Problem(
                paragraph.span(index),
                "code",
                f"{fence['sign']} starts computer code, which cannot be in a text",
                f"delete the line {fence['sign']}",
            )
            return
        elif note := FOOTNOTE.search(line):
            yield Problem(
                paragraph.span(index, note[0]),
                "footnote",
                "footnotes cannot be used here",
                "write the note into the text, in parentheses",
            )
        elif DEFINITION.match(line):
            yield warning(
                paragraph.span(index),
                "link-address",
                "this line is printed as it is typed, and not used as the address of a link",
                "write the address behind the words: [words](https://…)",
            )


def report_heading(span: Span) -> Problem:
    """Return the problem for a line that Markdown elsewhere takes for a heading."""
    return Problem(
        span,
        "heading",
        "headings cannot be inside a text",
        "give the part a title of its own: title: …; write a remark for authors outside of the "
        "text",
    )


def _find_tables(paragraph: Paragraph) -> Iterator[Problem]:
    """Find a table drawn with bars."""
    bars = [index for index, line in enumerate(paragraph.lines) if line.startswith("|")]
    rules = [index for index, line in enumerate(paragraph.lines) if TABLE_RULE.match(line)]
    if rules or len(bars) > 1:
        yield Problem(
            paragraph.span(min(bars + rules)),
            "table-in-text",
            "tables cannot be inside a text",
            "use table: with columns and rows",
        )


def _find_list_entries(paragraph: Paragraph) -> Iterator[Problem]:
    """Find the first line that looks like an entry of a list, and is part of the paragraph."""
    for index in range(1, len(paragraph.lines)):
        line = paragraph.lines[index]
        for sign in ENTRY_SIGNS:
            if not sign.match(line):
                continue
            others = [other for other in paragraph.lines if other is not line and sign.match(other)]
            above = paragraph.lines[index - 1].rstrip()
            if others or above.endswith(":") or paragraph.is_joined_early(index):
                yield warning(
                    paragraph.span(index),
                    "run-together",
                    "this line is printed as part of the line above it",
                    "to make a list, put an empty line above it and begin each entry with a hyphen"
                    " and a space",
                )
                return


def _find_unindented(paragraph: Paragraph) -> Iterator[Problem]:
    """Find the first line that a list entry or a quotation takes in without being part of it."""
    if not paragraph.is_nested:
        return
    content = len(paragraph.raw[0]) - len(paragraph.raw[0][_marks_end(paragraph.raw[0]) :])
    is_quotation = ">" in paragraph.raw[0][:content]
    for index in range(1, len(paragraph.lines)):
        is_outside = paragraph.indents[index] < content and (
            not is_quotation or not paragraph.raw[index].lstrip().startswith(">")
        )
        if is_outside and paragraph.is_joined_early(index):
            yield warning(
                paragraph.span(index),
                "run-together",
                f"this line is printed as part of the {'quotation' if is_quotation else 'entry'}"
                " above it",
                "put an empty line above it; if it is an entry, begin it with a hyphen and a space",
            )
            return


def _marks_end(line: str) -> int:
    """Return the index behind the marks of lists and quotations at the start of a line."""
    marks = CONTAINER_MARKS.match(line)
    return marks.end() if marks else 0


def _find_short_lines(paragraph: Paragraph) -> Iterator[Problem]:
    """Find three lines running that are far shorter than the text is wide: a verse, an address."""
    longest = max(paragraph.longest, WIDTH)
    run = 0
    for index, line in enumerate(paragraph.lines):
        is_last = index == len(paragraph.lines) - 1
        is_short = len(line) <= min(SHORT * longest, SHORT_MAX)
        is_break_kept = re.search(r"(?:\\| {2,})$", line) is not None
        is_early = is_last or is_broken_early(
            line, paragraph.lines[index + 1], max(paragraph.longest, WIDTH)
        )
        run = run + 1 if is_short and is_early and not is_break_kept else 0
        if run == 3:
            yield warning(
                paragraph.span(index - 2),
                "joined-lines",
                "these short lines are printed as one paragraph",
                "end each of them but the last with a backslash to keep them apart, or put empty"
                " lines between them",
            )
            return


def _find_two_entries(paragraph: Paragraph) -> Iterator[Problem]:
    """Find a second numbered entry, or a second bullet, on the line of the first."""
    if paragraph.number is None and paragraph.is_nested:
        return
    words = paragraph.lines[0]
    number = paragraph.number
    if number is None:
        own = re.match(r"\(?(\d{1,2})[.)]\s", words)
        number = int(own[1]) if own else None
    if number is None:
        return
    if found := re.search(rf"\s({number + 1}[.)]\s)", words):
        yield warning(
            paragraph.span(0, found[1]),
            "run-together",
            f'"{found[1].strip()}" is in the line of the entry before it',
            "start it on a line of its own",
        )


def find_empty_lines(text: str) -> Iterator[int]:
    """Give the number of each first line after an empty line inside `text`."""
    lines = text.split("\n")
    for index in range(1, len(lines)):
        if lines[index].strip() and not lines[index - 1].strip() and any(lines[: index - 1]):
            yield index + 1


def check_one_paragraph(text: str) -> Iterator[Problem]:
    """Report the lists, quotations and paragraphs of a text that is printed as one paragraph."""
    lines = text.split("\n")
    longest = measure_longest_line(text)
    for number in find_empty_lines(text):
        yield _report_joined(lines, number, "the paragraphs of this text are printed as one")
        return
    for index in range(1, len(lines)):
        line = lines[index].strip()
        is_entry = LIST_ENTRY.match(line) and starts_list(
            lines[index - 1], line, lines[index + 1 :], longest
        )
        if is_entry or line.startswith("> "):
            yield _report_joined(lines, index + 1, "this line is printed as part of the line above")
            return
    yield from check_lines(whole_paragraph(text))


def whole_paragraph(text: str) -> Paragraph:
    """Return the whole of a text as one paragraph."""
    raw = tuple(text.split("\n"))
    return Paragraph(1, raw, tuple(line.strip() for line in raw), measure_longest_line(text))


def _report_joined(lines: Iterable[str], number: int, what: str) -> Problem:
    line = list(lines)[number - 1]
    start = len(line) - len(line.lstrip()) + 1
    return Problem(
        Span("", number, start, number, len(line.rstrip()) + 1),
        "one-paragraph",
        what,
        "write one paragraph; longer texts and lists go into text:",
    )
