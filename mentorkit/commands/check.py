"""`mentorkit check`: everything that is wrong with what was written, at once, short of making a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mentorkit import program
from mentorkit.console import tell
from mentorkit.problem import stopping

if TYPE_CHECKING:
    from mentorkit.library import Library


@click.command("check")
@click.option("--strict", is_flag=True, help="Take warnings for problems.")
def command(strict: bool) -> int:
    """Read the program and tell everything that is wrong with it."""
    folder = program.find()
    from mentorkit.load import load

    library = load(folder)
    problems = list(library.problems)
    if library.curriculum is not None and not stopping(problems):
        from mentorkit.compose import compose

        for name, cohort in library.cohorts.items():
            if not cohort.model.closed:
                problems += compose(library, name).problems
    problems = sorted(dict.fromkeys(problems), key=lambda found: (not found.stops, found.span))
    for problem in problems:
        tell(str(problem))
    for line in never_opened(library):
        tell(line)
    stop = sum(problem.stops for problem in problems)
    told = len(problems) - stop
    tell(f"{count(stop, 'problem')}, {count(told, 'warning')}" if problems else "No problems.")
    return 1 if stop or (strict and told) else 0


def never_opened(library: Library) -> list[str]:
    """A line for each link that nobody has opened yet: no problem, but a task for the weeks before the first meeting."""
    from mentorkit.check.walk import blocks_of, modules_of

    found = [(file, (*path, "links", name), link) for file, path, block in blocks_of(library) for name, link in block.links.items()]
    found += [(file, (*base, "links", name), link) for file, base, module in modules_of(library) for name, link in module.links.items()]
    lines = [f"{file.span(*path, 'url')}: {link.url}" for file, path, link in found if link.url and not link.opened]
    return [f"Links that nobody has opened yet ({len(lines)}); open them before the first meeting, then write opened: yes", *lines] if lines else []


def count(number: int, noun: str) -> str:
    """1 problem, 2 problems, no problems."""
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
