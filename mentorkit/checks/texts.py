"""Check every text of a program: placeholders, Markdown, and links inside the book."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from mentorkit.checks.text_markup import check_markdown
from mentorkit.model.validation_errors import did_you_mean
from mentorkit.program.facts import COMPUTED
from mentorkit.program.library import Library
from mentorkit.program.walk import is_printed_as_one_paragraph, texts_of, texts_with_models_of
from mentorkit.source.nodes import Scalar
from mentorkit.source.problem import Problem, Span

# Keys whose texts are no prose.
NOT_TEXT = {
    "url",
    "link",
    "file",
    "kind",
    "shape",
    "priority",
    "license",
    "release",
    "lang",
    "minutes",
    "points",
    "roster",
    "logo",
}
PLACEHOLDER = re.compile(r"\{\{(.*?)\}\}|\{%.*?%\}", re.DOTALL)
HALF_PLACEHOLDER = re.compile(r"\{ ?\{|\} ?\}|\{%|%\}")
# What makes a text worth reading as Markdown.
SIGNS = re.compile(r"[<>\[\]#`~*_|\\\n]|\d[.)]\s.*\d[.)]\s")


def placeholders(library: Library) -> Iterator[Problem]:
    """A placeholder `{{ name }}` is replaced by a value of the curriculum.

    No other name is known, and nothing is ever computed.
    """
    assert library.curriculum is not None
    known = {*library.curriculum.model.values, *COMPUTED}
    for _, scalar in texts_of(library):
        if not HALF_PLACEHOLDER.search(scalar.text):
            continue
        for found in PLACEHOLDER.finditer(scalar.raw):
            name = (found[1] or "").strip()
            if name not in known:
                yield Problem(
                    scalar.inside(found.start(), len(found[0])),
                    "placeholder",
                    f'"{" ".join((name or found[0]).split())}" is not a value of the curriculum',
                    did_you_mean(name, known),
                )
        rest = PLACEHOLDER.sub(lambda found: " " * len(found[0]), scalar.raw)
        if half := HALF_PLACEHOLDER.search(rest):
            yield Problem(
                scalar.inside(half.start(), len(half[0])),
                "placeholder",
                f'"{half[0]}" is half of a placeholder, and would be printed as it is typed',
                "write both braces at both ends without a blank between them: {{ name }}",
            )


def markdown(library: Library) -> Iterator[Problem]:
    """All words of a text are printed, as it was meant: Markdown knows emphasis, lists, quotations,
    links (https, mailto or #) and line breaks; everything else is reported."""
    for model, path, scalar in texts_with_models_of(library):
        if path and path[-1] in NOT_TEXT or not SIGNS.search(scalar.text):
            continue
        for problem in check_markdown(scalar.text, is_printed_as_one_paragraph(model, path)):
            yield replace(problem, span=place_in_file(scalar, problem.span))


def pointers(library: Library) -> Iterator[Problem]:
    """A link such as `[the roles](#roles)` leads to something of that short name in the book."""
    names = {home.name for home in library.homes()}
    for path, scalar in texts_of(library):
        if "](#" in scalar.raw and path[-1] not in NOT_TEXT:
            for found in re.finditer(r"\]\(#([^)\s]*)\)", scalar.raw):
                if found[1].split("__")[0] not in names and found[1] not in library.doubtful:
                    yield Problem(
                        scalar.inside(found.start(1), len(found[1]) or 1),
                        "unknown-name",
                        f'nothing in the book has the name "{found[1]}"',
                        did_you_mean(found[1], names),
                    )


def place_in_file(scalar: Scalar, span: Span) -> Span:
    """Return the place in the file of a place in the text.

    Of the whole text where it is written otherwise.
    """
    if not span.column or span == Span(""):
        return scalar.span
    if scalar.style == "|":
        written = scalar.raw.split("\n")[span.line] if scalar.raw.count("\n") >= span.line else ""
        text_line = scalar.text.split("\n")[span.line - 1]
        shift = len(written) - len(text_line) if written.endswith(text_line) else 0
        line = scalar.span.line + span.line
        return Span(scalar.span.file, line, span.column + shift, line, span.end_column + shift)
    words = scalar.text.split("\n")[span.line - 1][span.column - 1 : span.end_column - 1]
    start = scalar.raw.find(words) if words else -1
    return scalar.inside(start, len(words)) if start >= 0 else scalar.span
