"""Show the line that a problem points to, with the place marked below it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path

from mentorkit.source.problem import Span, UnreadableError
from mentorkit.source.text_file import decode, take
from mentorkit.terminal import escape_for

WIDEST = 88  # characters shown of a long line
BEFORE = 30  # how many of them come before the marked place
LARGEST = 1024 * 1024


def lines_of(path: Path) -> list[str]:
    """Return the lines of a file as messages count them; none where it cannot be read."""
    try:
        data = take(path, path.name, LARGEST)
    except UnreadableError:
        return []
    try:
        text = decode(data, path.name)
    except UnreadableError:
        text = data.decode("utf-8-sig", "replace")
    return text.replace("\r\n", "\n").split("\n")


def marked(lines: Sequence[str], span: Span, encoding: str = "utf-8") -> list[str]:
    """Return the line of `span` and the marks below it, as a terminal of this encoding shows them.

    Nothing for a span that means a whole file or row.
    """
    if (
        span.end_line < span.line
        or (span.end_line, span.end_column) == (1, 1)
        or span.line > len(lines)
    ):
        return []
    line = lines[span.line - 1].rstrip(" ")
    start = min(span.column - 1, len(line))
    end = min(span.end_column - 1, len(line)) if span.end_line == span.line else len(line)
    first = max(0, min(start - BEFORE, len(line) - WIDEST))
    last = min(len(line), first + WIDEST)
    while start > first and line[start : start + 1] and not _width(line[start]):
        start -= 1  # what has no width of its own is marked under its letter
    cells = [escape_for(" " * 4 if sign == "\t" else sign, encoding) for sign in line[first:last]]
    cut_before, cut_behind = (
        escape_for("…", encoding) if cut else "" for cut in (first > 0, last < len(line))
    )
    blank = " " * (len(cut_before) + sum(map(_width, cells[: start - first])))
    marks = "^" * max(1, sum(map(_width, cells[start - first : max(end, start + 1) - first])))
    return [
        f"{span.line:>6} | {cut_before}{''.join(cells)}{cut_behind}",
        f"{'':>6} | {blank}{marks}",
    ]


def _width(text: str) -> int:
    """Return how many columns of a terminal `text` takes."""
    return sum(map(_letter_width, text))


def _letter_width(letter: str) -> int:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in ("W", "F") else 1
