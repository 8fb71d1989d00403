"""Rights that must be there, and pictures that can be printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mentorkit.check.references import blocks_of, missing
from mentorkit.explain import did_you_mean
from mentorkit.library import Filed, Library
from mentorkit.model import Rights
from mentorkit.problem import Problem, Span

PICTURES = "curriculum/pictures"
LARGEST = 20 * 1024 * 1024
HEADS = {".png": b"\x89PNG\r\n\x1a\n", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff"}


def licensed(library: Library) -> Iterator[Problem]:
    """Rights that are named must exist, and what others reserve needs their permission."""
    assert library.curriculum is not None
    known = library.curriculum.model.rights
    files: list[Filed[Any]] = [*library.sessions.values(), *library.cases.values(), *library.worksheets.values(), *library.pages.values()]
    for file in files:
        rights = file.model.rights
        if isinstance(rights, str) and rights not in known:
            yield missing(file.span("rights"), "entry under rights in the curriculum", rights, known)
        if isinstance(rights, Rights) and rights.license == "all rights reserved" and not rights.permission:
            yield Problem(file.span("rights"), "permission", "somebody else reserves all rights to this", "say who allowed its use under permission:, or take it out")


def pictures(library: Library) -> Iterator[Problem]:
    """A picture is an SVG, PNG or JPEG file in curriculum/pictures, not too large, and its name is spelled as the file's."""
    folder = library.folder / PICTURES
    present = {path.name for path in folder.glob("*")} if folder.is_dir() else set()
    for file, path, block in blocks_of(library):
        if block.picture:
            yield from _picture(folder, present, block.picture.file, file.span(*path, "picture", "file"))
    for cohort in library.cohorts.values():
        if cohort.model.logo:
            mine = library.folder / "cohorts" / cohort.name
            yield from _picture(mine, {path.name for path in mine.glob("*")}, cohort.model.logo, cohort.span("logo"))


def _picture(folder: Path, present: set[str], name: str, span: Span) -> Iterator[Problem]:
    if "/" in name or "\\" in name or name.startswith("."):
        yield Problem(span, "picture", f'"{name}" lies outside the pictures\' folder', f"put the file into {PICTURES}/ and write its name alone")
        return
    if name not in present:
        other = next((found for found in present if found.lower() == name.lower()), "")
        hint = f'there is "{other}" (capital letters count)' if other else did_you_mean(name, present) or f"put it into {PICTURES}/"
        yield Problem(span, "picture", f'there is no picture "{name}"', hint)
        return
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
        yield Problem(span, "picture", f'"{name}" is not a file of this folder', "put the file itself there")
        return
    if path.stat().st_size > LARGEST:
        yield Problem(span, "picture", f'"{name}" is larger than 20 MB', "make it smaller")
        return
    data = path.read_bytes()
    suffix = path.suffix.lower()
    if suffix == ".svg":
        if fault := _bad_svg(data):
            yield Problem(span, "picture", f'"{name}" {fault}', "save it as a plain SVG")
    elif suffix not in HEADS or not data.startswith(HEADS[suffix]):
        yield Problem(span, "picture", f'"{name}" is not a picture that can be printed', "save it as SVG, PNG or JPEG, with the ending that fits")


def _bad_svg(data: bytes) -> str:
    if b"<svg" not in data[:2000]:
        return "is not an SVG picture"
    found = re.search(rb"<!DOCTYPE|<!ENTITY|<script|<foreignObject|@import|\bon[a-z]+\s*=|(?:href|src)\s*=\s*[\"'](?!#)", data, re.IGNORECASE)
    return f"holds “{found[0].decode('ascii', 'replace')}”, which a picture of ours may not" if found else ""
