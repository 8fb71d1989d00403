"""`mentorkit check`: everything that is wrong with what was written, at once, short of making a page."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from functools import cache
from typing import TYPE_CHECKING

import click

from mentorkit.program import location
from mentorkit.source.problem import Problem, stopping
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
    """All that is wrong with a program, books included: what stops a build first, each in the order of the files."""
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
    """Each problem on a line, below it the line it is about with the spot marked; where nothing stops a build, links nobody opened; the counts."""
    from mentorkit.commands import source_excerpt

    lines = cache(source_excerpt.lines_of)
    for problem in problems:
        yield str(problem)
        yield from source_excerpt.marked(
            lines(library.folder / problem.span.file), problem.span, sys.stdout.encoding or "ascii"
        )
    stop, told = counted(problems)
    if not stop:  # what stops a build comes first: twenty links would push it off the screen
        yield from never_opened(library)
    yield from people_read(library)
    yield f"{count(stop, 'problem')}, {count(told, 'warning')}" if problems else "No problems."


def people_read(library: Library) -> Iterator[str]:
    """Yield how each open cohort's list of people was read: columns, first names, needs."""
    for name, cohort in library.cohorts.items():
        if cohort.model.roster and not cohort.model.closed:
            yield from library.people(name).summary


def as_json(library: Library, problems: Sequence[Problem]) -> Iterator[str]:
    """One object: the problems in the order of the text, and how many of each severity there are. A problem with a whole file ends where it begins."""
    told = [
        {
            "file": p.span.file,
            "line": p.span.line,
            "column": p.span.column,
            "end_line": max(p.span.end_line, p.span.line),
            "end_column": p.span.end_column if p.span.end_line >= p.span.line else p.span.column,
            "severity": p.severity.value,
            "code": p.code,
            "what": p.what,
            "hint": p.hint,
        }
        for p in problems
    ]
    stop, warned = counted(problems)
    yield from json.dumps(
        {"problems": told, "counts": {"problem": stop, "warning": warned}}, indent=1
    ).split("\n")


def github(library: Library, problems: Sequence[Problem]) -> Iterator[str]:
    """A workflow command for each problem, which GitHub shows at its line in a pull request.

    Files are named from the top of the checkout. Columns go along only where one line holds the spot: GitHub refuses them else.
    """
    top = os.environ.get("GITHUB_WORKSPACE", "")
    for problem in problems:
        span, path = problem.span, library.folder / problem.span.file
        shown = path.relative_to(top).as_posix() if top and path.is_relative_to(top) else span.file
        place = {"file": shown, "line": span.line}
        if span.end_line > span.line:
            place |= {"endLine": span.end_line}
        elif span.end_line == span.line and span.end_column > 1:
            place |= {
                "col": span.column,
                "endLine": span.line,
                "endColumn": max(span.column, span.end_column - 1),
            }
        named = ",".join(
            f"{key}={_escaped(str(value), ':,')}"
            for key, value in {**place, "title": problem.code}.items()
        )
        yield f"::{'error' if problem.stops else 'warning'} {named}::{_escaped(problem.what + (f' ({problem.hint})' if problem.hint else ''))}"


def _escaped(words: str, more: str = "") -> str:
    """GitHub's own rule: per cent and line ends in a message, colons and commas too in what stands before it."""
    return "".join(f"%{ord(sign):02X}" if sign in "%\r\n" + more else sign for sign in words)


FORMATS: dict[str, Callable[[Library, Sequence[Problem]], Iterator[str]]] = {
    "text": text,
    "json": as_json,
    "github": github,
}


def never_opened(library: Library) -> list[str]:
    """A line for each link that nobody has opened yet: no problem, but a task for the weeks before the first meeting."""
    from mentorkit.program.walk import blocks_of, modules_of

    found = [
        (file, (*path, "links", name), link)
        for file, path, block in blocks_of(library)
        for name, link in block.links.items()
    ]
    found += [
        (file, (*base, "links", name), link)
        for file, base, module in modules_of(library)
        for name, link in module.links.items()
    ]
    lines = [
        f"{file.span(*path, 'url')}: {link.url}"
        for file, path, link in found
        if link.url and not link.opened
    ]
    return (
        [
            f"Links that nobody has opened yet ({len(lines)}); open them before the first meeting, then write opened: yes",
            *lines,
        ]
        if lines
        else []
    )


def counted(problems: Sequence[Problem]) -> tuple[int, int]:
    """How many problems stop a build, and how many only warn."""
    stop = len(stopping(problems))
    return stop, len(problems) - stop


def count(number: int, noun: str) -> str:
    """1 problem, 2 problems, no problems."""
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
