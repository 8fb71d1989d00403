"""Where the program lies that a command works on, and where the starter lies that a new one is
copied from.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

import click

NONE_HERE = (
    "no program here or above (a folder with curriculum/ and sessions/); start one "
    "with: mentorkit new program FOLDER"
)


class NotHere(click.UsageError):
    """What was named is not to be found; the message itself says what there is."""


def is_program(folder: Path) -> bool:
    """True for a folder with `curriculum/` and `sessions/`; nothing else makes a program."""
    return (folder / "curriculum").is_dir() and (folder / "sessions").is_dir()


def find() -> Path:
    """The program's folder: the working folder, or the nearest one above it.

    `NotHere` where there is none.
    """
    try:
        here = Path.cwd()
    except FileNotFoundError:
        raise NotHere("the folder that this was started in no longer exists") from None
    for folder in (here, *here.parents):
        if is_program(folder):
            return folder
    raise NotHere(NONE_HERE)


def cohort_names(folder: Path) -> list[str]:
    """The short names of the program's cohorts, in order."""
    return sorted(path.parent.name for path in (folder / "cohorts").glob("*/cohort.yaml"))


def starter() -> Path:
    """The folder that holds the curriculum as shipped: inside an installed package, else the
    repository's root.
    """
    package = Path(__file__).resolve().parent.parent
    inside = package / "starter"
    return inside if inside.is_dir() else package.parent


def one_of(sort: str, word: str, words: Iterable[str]) -> str:
    """`word`, if it is one of `words`; else `NotHere` with the nearest of them, or of their parts."""  # noqa: E501
    known = list(words)
    if word in known:
        return word
    parts = {
        part: each
        for each in reversed(known)
        for part in (*each.replace("_", "-").split("-"), each)
    }
    near = difflib.get_close_matches(word.lower(), parts, 1)
    rest = (
        f'did you mean "{parts[near[0]]}"?'
        if near
        else f"there are: {', '.join(known)}"
        if known
        else "there are none yet"
    )
    raise NotHere(f'no {sort} "{word}"; {rest}')
