"""What is wrong with a program that each file alone could not tell.

One function a check; its docstring is its manual page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from mentorkit.checks import (
    case_steps,
    characters,
    cohorts,
    folding,
    names,
    pictures,
    references,
    rights,
    starters,
    style,
    texts,
    usage,
)
from mentorkit.program.library import Library
from mentorkit.source.problem import Problem

Check = Callable[[Library], Iterable[Problem]]

CHECKS: tuple[Check, ...] = (
    names.homes_differ,
    names.numbered,
    references.spine,
    references.formats,
    references.activities,
    references.modules,
    references.tables,
    case_steps.requirements,
    case_steps.case_steps,
    references.objectives,
    usage.unused,
    usage.guide_pages,
    rights.licensed,
    pictures.printable,
    pictures.described,
    starters.samples,
    texts.placeholders,
    folding.keep_lines,
    texts.markdown,
    texts.pointers,
    characters.have_a_shape,
    style.grade,
    style.words,
    cohorts.meetings,
    cohorts.choices,
    cohorts.rosters,
)


def check(library: Library) -> Library:
    """The library with all that the checks found added to its problems."""
    if library.curriculum is None:
        return library
    return library.with_problems([problem for run in CHECKS for problem in run(library)])
