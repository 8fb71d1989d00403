"""Short names: those that must differ, and those that say nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mentorkit.program.library import Home, Library
from mentorkit.program.walk import blocks_of, modules_of
from mentorkit.source.problem import Problem, warning


def homes_differ(library: Library) -> Iterator[Problem]:
    """Sessions, modules, activities, case studies, worksheets and pages all have different short
    names, since fields are named after them."""
    first: dict[str, Home] = {}
    for home in library.homes():
        if home.name in first:
            other = first[home.name]
            yield Problem(
                home.span,
                "doubled-name",
                f'"{home.name}" is the name of a {home.sort} here and of a {other.sort} in '
                f"{other.span.file}, line {other.span.line}",
                "give one of them another name",
            )
        first.setdefault(home.name, home)


def numbered(library: Library) -> Iterator[Problem]:
    """A question called `q1` or `question_2` is named after its place, and what is named after its
    place is renamed when somebody moves it."""
    blocks = [(file, path, block.questions) for file, path, block in blocks_of(library)]
    cases = [(file, (), file.model.questions) for file in library.cases.values()]
    for file, path, questions in (*blocks, *cases):
        for name in questions:
            if re.fullmatch(r"(q|question)_?\d+", name):
                yield warning(
                    file.span(*path, "questions", name),
                    "numbered-name",
                    f'the short name "{name}" only counts',
                    "choose a word from the question, which still fits when the order changes",
                )
    for file, path, module in modules_of(library):
        for name in module.activities:
            if re.fullmatch(r"(activity|act)_?\d+", name):
                yield warning(
                    file.span(*path, "activities", name),
                    "numbered-name",
                    f'the short name "{name}" only counts',
                    "choose a word from its title, which still fits when the order changes",
                )
