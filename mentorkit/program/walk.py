"""Every module, block, table and text of a program, each with the path to it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from mentorkit.model.block import PlainBlock, Table
from mentorkit.model.introspect import annotation_at, is_one_paragraph
from mentorkit.model.program import Module
from mentorkit.program.library import Filed, Library
from mentorkit.source.nodes import Scalar, scalars

Path = tuple[str, ...]
# Keys whose texts are printed as one paragraph wherever they are written.
ONE_PARAGRAPH_KEYS = frozenset(["ask", "hint", "caption", "hear", "cut", "heads_up", "about"])


def modules_of(library: Library) -> Iterator[tuple[Filed[Any], Path, Module]]:
    """Every module, session by session."""
    for file in library.sessions.values():
        for name, module in file.model.modules.items():
            yield file, ("modules", name), module


def blocks_of(library: Library) -> Iterator[tuple[Filed[Any], Path, PlainBlock]]:
    """Every block: activities, what stands before sessions, worksheets, pages, what ends modules,
    the guide's chapters; and the parts of each.
    """
    waiting = deque(_outer_blocks(library))
    while waiting:
        file, path, block = waiting.popleft()
        yield file, path, block
        waiting += [(file, (*path, "parts", name), part) for name, part in block.parts.items()]


def tables_of(library: Library) -> Iterator[tuple[Filed[Any], Path, Table]]:
    """The table of every block that has one."""
    for file, path, block in blocks_of(library):
        if block.table:
            yield file, (*path, "table"), block.table


def texts_of(library: Library) -> Iterator[tuple[tuple[str | int, ...], Scalar]]:
    """The texts of the program; where it is judged for a cohort, those that the cohort wrote."""
    for _, path, scalar in texts_with_models_of(library):
        yield path, scalar


def texts_with_models_of(
    library: Library,
) -> Iterator[tuple[type[BaseModel], tuple[str | int, ...], Scalar]]:
    """The same texts, each with the model of its file."""
    own: list[Filed[Any]] = [
        *(file for file in library.files() if file.path.startswith("cohorts/")),
        *library.cohorts.values(),
    ]
    for file in own if library.cohorts else library.files():
        for path, scalar in scalars(file.root):
            yield type(file.model), path, scalar


def is_printed_as_one_paragraph(model: type[BaseModel], path: tuple[str | int, ...]) -> bool:
    """Return whether the text at `path` in a file of this model is printed inside a line or a cell.

    A variation has the keys of a case study. What a cohort changes is looked up by its last key.
    """
    if path[:1] == ("variations",) and len(path) > 2:
        path = path[2:]
    if path[:1] != ("changes",):
        return is_one_paragraph(annotation_at(model, path))
    words = [step for step in path if isinstance(step, str)]
    return words[-1] in ONE_PARAGRAPH_KEYS


def _outer_blocks(library: Library) -> Iterator[tuple[Filed[Any], Path, PlainBlock]]:
    if spine := library.curriculum:
        yield spine, ("strategies",), spine.model.strategies
        yield spine, ("smart",), spine.model.smart
    for file, base, module in modules_of(library):
        for name, activity in module.activities.items():
            yield file, (*base, "activities", name), activity
    for session in library.sessions.values():
        if session.model.before:
            yield session, ("before",), session.model.before
    pages: list[Filed[Any]] = [*library.worksheets.values(), *library.pages.values()]
    for page in pages:
        yield page, (), page.model
        for name, chapter in (
            page.model.facilitator.chapters.items() if page.model.facilitator else ()
        ):
            yield page, ("facilitator", "chapters", name), chapter
