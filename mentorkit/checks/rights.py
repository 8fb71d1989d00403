"""Rights that must be there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mentorkit.checks.references import unknown
from mentorkit.model.block import Rights
from mentorkit.program.library import Filed, Library
from mentorkit.program.walk import blocks_of
from mentorkit.source.problem import Problem


def licensed(library: Library) -> Iterator[Problem]:
    """Rights that are named must exist, and what others reserve needs their permission."""
    assert library.curriculum is not None
    known = library.curriculum.model.rights
    files: list[Filed[Any]] = [
        *library.sessions.values(),
        *library.cases.values(),
        *library.worksheets.values(),
        *library.pages.values(),
    ]
    written: list[tuple[Filed[Any], tuple[str, ...], Any]] = [
        (file, ("rights",), file.model.rights) for file in files
    ]
    written += [
        (file, (*path, "picture", "rights"), block.picture.rights)
        for file, path, block in blocks_of(library)
        if block.picture
    ]
    for file, path, rights in written:
        if isinstance(rights, Rights):
            yield from _permitted(file, path, rights)
        else:
            yield from unknown(
                library, file, path, "entry under rights in the curriculum", known, rights
            )
    for name, entry in known.items():
        yield from _permitted(library.curriculum, ("rights", name), entry)


def _permitted(file: Filed[Any], path: tuple[str, ...], rights: Rights) -> Iterator[Problem]:
    if rights.license == "all rights reserved" and not rights.permission:
        yield Problem(
            file.span(*path),
            "permission",
            "their owner reserves all rights to this",
            "say who allowed its use under permission:, or take it out",
        )
