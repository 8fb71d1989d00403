"""Check texts whose lines YAML joins: all but those after | lose their empty lines and lists."""

from __future__ import annotations

from collections.abc import Iterator

from mentorkit.edition.list_entry import LIST_ENTRY, starts_list
from mentorkit.program.library import Library
from mentorkit.program.walk import texts_of
from mentorkit.source.nodes import Scalar
from mentorkit.source.problem import Problem, Span


def keep_lines(library: Library) -> Iterator[Problem]:
    """YAML joins the lines of a text that does not start with |.

    Its paragraphs and lists would be lost.
    """
    for _, scalar in texts_of(library):
        if scalar.style != "|" and "\n" in scalar.raw:
            yield from _check_lines(scalar)


def _check_lines(scalar: Scalar) -> Iterator[Problem]:
    """Report the first line that is lost as a paragraph or as an entry of a list."""
    lines = scalar.raw.rstrip().split("\n")
    words = [line.strip() for line in lines]
    longest = max(len(line) for line in words)
    for index in range(2 if scalar.style == ">" else 1, len(lines)):
        line, above = words[index], words[index - 1]
        if line and not above:
            yield _report(scalar, index, "its paragraphs are joined")
            return
        if LIST_ENTRY.match(line) and starts_list(above, line, words[index + 1 :], longest):
            yield _report(scalar, index, "its lines are joined and the list is lost")
            return


def _report(scalar: Scalar, index: int, loss: str) -> Problem:
    """Return the problem for a line of the text, counted from 0."""
    line = scalar.raw.split("\n")[index]
    start = len(line) - len(line.lstrip()) + 1
    number = scalar.span.line + index
    place = Span(scalar.span.file, number, start, number, len(line) + 1)
    if scalar.style == ">":
        return Problem(
            place, "folded", f"this text starts with >, so {loss}", "start it with | instead of >"
        )
    if not scalar.style and line.lstrip().startswith("- "):
        return Problem(
            place,
            "run-together",
            "this dash was read as part of the text above it",
            "line it up with the list it belongs to, or start the text above with | on its own "
            "line",
        )
    return Problem(
        place,
        "folded",
        f"this text does not start with |, so {loss}",
        "write it after | on the lines below its name, indented by two spaces",
    )
