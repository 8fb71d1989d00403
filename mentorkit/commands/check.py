"""`mentorkit check`: report everything that is wrong with the program, without making a page."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from functools import cache
from typing import TYPE_CHECKING

import click

from mentorkit.program import location
from mentorkit.source.problem import Problem, Span, stopping
from mentorkit.terminal import print_line

if TYPE_CHECKING:
    from mentorkit.program.library import Library


@click.command("check")
@click.option("--strict", is_flag=True, help="Take warnings for problems.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="text to read (the default), json for programs, github for marks in a pull request.",
)
def command(strict: bool, form: str) -> int:
    """Read the program and tell everything that is wrong with it."""
    folder = location.find()
    from mentorkit.checks.load import load_program

    with redirect_stdout(sys.stderr):  # stdout holds the result alone, whatever a library prints
        library = load_program(folder)
        problems = found_in(library)
    for line in FORMATS[form](library, problems):
        print_line(line)
    return 1 if stopping(problems) or (strict and problems) else 0


def found_in(library: Library) -> list[Problem]:
    """Return the problems of a program and its books: first what stops a build, then by file."""
    problems = list(library.problems)
    if library.curriculum is not None and not stopping(problems):
        from mentorkit.compose.compose import compose
        from mentorkit.pipeline.diff import find_renamed_fields

        for name, cohort in library.cohorts.items():
            if not cohort.model.closed:
                composed = compose(library, name)
                problems += composed.problems
                problems += find_renamed_fields(library, composed)
    return sorted(dict.fromkeys(problems), key=lambda found: (not found.stops, found.span))


def text(library: Library, problems: Sequence[Problem]) -> Iterator[str]:
    """Yield each problem with the line it is about, how lists of people were read, and the counts.

    Where nothing stops a build, links that nobody opened are named, too.
    """
    from mentorkit.commands import source_excerpt

    lines = cache(source_excerpt.lines_of)
    for problem in problems:
        yield str(problem)
        yield from source_excerpt.marked(
            lines(library.folder / problem.span.file), problem.span, sys.stdout.encoding or "ascii"
        )
    stop, warned = count_by_severity(problems)
    if not stop:  # twenty links would push off the screen what stops a build
        yield from never_opened(library)
    yield from people_read(library)
    if problems:
        yield f"{count(stop, 'problem')}, {count(warned, 'warning')}"
    else:
        yield "No problems."


def people_read(library: Library) -> Iterator[str]:
    """Yield how each open cohort's list of people was read: columns, first names, needs."""
    for name, cohort in library.cohorts.items():
        if cohort.model.roster and not cohort.model.closed:
            yield from library.people(name).summary


def as_json(_: Library, problems: Sequence[Problem]) -> Iterator[str]:
    """Yield one JSON object: the problems in the order of `text`, and the counts."""
    stop, warned = count_by_severity(problems)
    counts = {"problem": stop, "warning": warned}
    listed = [_as_values(problem) for problem in problems]
    yield from json.dumps({"problems": listed, "counts": counts}, indent=1).split("\n")


def _as_values(problem: Problem) -> dict[str, str | int]:
    """Return a problem for JSON; one with a whole file ends where it begins."""
    span = problem.span
    has_end = span.end_line >= span.line
    return {
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "end_line": max(span.end_line, span.line),
        "end_column": span.end_column if has_end else span.column,
        "severity": problem.severity.value,
        "code": problem.code,
        "what": problem.what,
        "hint": problem.hint,
    }


def github(library: Library, problems: Sequence[Problem]) -> Iterator[str]:
    """Yield a workflow command for each problem, which GitHub shows at its line in a pull request.

    Files are named from the top of the checkout.
    """
    top = os.environ.get("GITHUB_WORKSPACE", "")
    for problem in problems:
        path = library.folder / problem.span.file
        is_below = bool(top) and path.is_relative_to(top)
        file = path.relative_to(top).as_posix() if is_below else problem.span.file
        values = {"file": file, **_github_position(problem.span), "title": problem.code}
        options = ",".join(f"{key}={_escape(str(v), ':,')}" for key, v in values.items())
        message = problem.what + (f" ({problem.hint})" if problem.hint else "")
        yield f"::{'error' if problem.stops else 'warning'} {options}::{_escape(message)}"


def _github_position(span: Span) -> dict[str, int]:
    """Return the lines of a span, and its columns where it is within one line.

    GitHub refuses columns over several lines.
    """
    if span.end_line > span.line:
        return {"line": span.line, "endLine": span.end_line}
    if span.end_line < span.line or span.end_column <= 1:
        return {"line": span.line}
    end = max(span.column, span.end_column - 1)
    return {"line": span.line, "col": span.column, "endLine": span.line, "endColumn": end}


def _escape(text: str, more: str = "") -> str:
    """Escape per cent and line ends as GitHub wants it, and the signs in `more`."""
    return "".join(f"%{ord(sign):02X}" if sign in "%\r\n" + more else sign for sign in text)


FORMATS: dict[str, Callable[[Library, Sequence[Problem]], Iterator[str]]] = {
    "text": text,
    "json": as_json,
    "github": github,
}


def never_opened(library: Library) -> list[str]:
    """Return one line that counts the links that no one has opened yet, by file; none without any.

    It is no problem, but a task for the weeks before the first meeting.
    """
    from mentorkit.program.walk import blocks_of, modules_of

    found = [(file, block.links) for file, _, block in blocks_of(library)]
    found += [(file, module.links) for file, _, module in modules_of(library)]
    files = Counter(
        file.path
        for file, links in found
        for link in links.values()
        if link.url and not link.opened
    )
    if not files:
        return []
    places = ", ".join(f"{path} ({number})" for path, number in sorted(files.items()))
    task = "open them before the first meeting, then write opened: yes"
    return [f"Links that no one has opened yet: {files.total()}; {task}: {places}"]


def count_by_severity(problems: Sequence[Problem]) -> tuple[int, int]:
    """Return how many problems stop a build, and how many only warn."""
    stop = len(stopping(problems))
    return stop, len(problems) - stop


def count(number: int, noun: str) -> str:
    """Return a count in words, such as `1 problem`, `2 problems`, `no problems`."""
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
