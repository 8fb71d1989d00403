"""What stands under `facilitator` reaches no participant: looked for, text by text, in every
edition of the real program.

This looks at what was composed; the same is asked of the finished PDFs in the tests of the books.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mentorkit.checks.load import load_cohort, load_program
from mentorkit.compose.compose import Composed, compose
from mentorkit.edition.guide import Guide
from mentorkit.edition.workbook import Edition
from mentorkit.program.library import Library
from mentorkit.source.nodes import Scalar, scalars

# Shorter runs of words stand in prose by chance ("Name cards", "Pens").
LEAST = 5


@pytest.fixture(scope="module")
def library(program: Path) -> Library:
    return load_program(program)


@pytest.fixture(scope="module")
def composed(library: Library) -> list[Composed]:
    return [compose(library, name) for name in library.cohorts]


def words(text: str) -> str:
    """The words alone, each between blanks: marks, placeholders and line ends make no difference."""  # noqa: E501
    found = re.findall(r"[^\W_]+", re.sub(r"\{\{.*?\}\}", " ", text))
    return f" {' '.join(found)} "


def everything(value: Any) -> Iterator[str]:
    """Every text in a frozen value, whatever slot it stands in: titles, labels, names, choices,
    words, credits.
    """
    if isinstance(value, str):
        yield value
    elif dataclasses.is_dataclass(value):
        for slot in dataclasses.fields(value):
            yield from everything(getattr(value, slot.name))
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from (key, *everything(inner))
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from everything(inner)


def told(*editions: Edition | Guide) -> str:
    return words("\n".join(text for edition in editions for text in everything(edition)))


def secrets(library: Library) -> dict[str, str]:
    """Each paragraph under `facilitator` with its place; not those that participants read
    elsewhere, word for word.
    """
    public: list[str] = []
    found: dict[str, str] = {}
    for file in (*library.files(), *library.cohorts.values()):
        for path, scalar in scalars(file.root):
            if "facilitator" in path:
                found.update(paragraphs(scalar))
            else:
                public.append(scalar.text)
    read = words("\n".join(public))
    return {paragraph: place for paragraph, place in found.items() if paragraph not in read}


def paragraphs(scalar: Scalar) -> Iterator[tuple[str, str]]:
    for paragraph in re.split(r"\n\s*\n|\{\{.*?\}\}", scalar.text):
        if paragraph.count(" ") >= LEAST - 1 and len(words(paragraph).split()) >= LEAST:
            yield words(paragraph), str(scalar.span)


def leaks(library: Library, participant: str) -> list[str]:
    return [place for paragraph, place in secrets(library).items() if paragraph in participant]


def test_there_is_much_to_keep(library: Library) -> None:
    assert len(secrets(library)) > 500
    assert len({place.split(":")[0] for place in secrets(library).values()}) > 30


def test_no_participants_edition_holds_a_word_of_it(
    library: Library, composed: list[Composed]
) -> None:
    for one in composed:
        participant = told(one.workbook, *one.worksheets)
        assert len(participant) > 100_000 and len(one.worksheets) > 5
        assert leaks(library, participant) == []
        assert leaks(load_cohort(library, one.cohort), participant) == []


def test_the_guide_holds_it(library: Library, composed: list[Composed]) -> None:
    """Else nothing was proved: nearly all of it has to be somewhere."""
    for one in composed:
        found = leaks(library, told(one.guide))
        assert len(found) > 0.8 * len(secrets(library)), len(found)


@pytest.mark.parametrize("path", ["sessions", "case_studies", "worksheets", "curriculum/pages"])
def test_a_note_that_moves_across_is_seen(
    path: str, own_program: Path, library: Library, composed: list[Composed]
) -> None:
    """The same text written once more where everybody reads it, in one file of each kind."""
    printed = {name for one in composed for name in _printed(one)}
    kept = secrets(library)
    moved = 0
    for file in sorted((own_program / path).glob("*.yaml")):
        text = file.read_text(encoding="utf-8")
        note = next(
            (
                scalar.text
                for route, scalar in scalars(_root(library, f"{path}/{file.name}"))
                if "facilitator" in route and words(scalar.text) in kept
            ),
            None,
        )
        if file.stem not in printed or note is None or moved:
            continue
        line = f'text: "{" ".join(note.split())}"\n'.replace("{{", "(").replace("}}", ")")
        spoiled = re.sub(r"^text: .*\n(?:(?:  .*)?\n)*", "", text, count=1, flags=re.MULTILINE)
        file.write_text(line + spoiled, encoding="utf-8")
        spilled = load_program(own_program)
        assert not spilled.broken, [str(problem) for problem in spilled.problems][:3]
        one = compose(spilled, next(iter(spilled.cohorts)))
        assert leaks(library, told(one.workbook, *one.worksheets)), file
        moved += 1
    assert moved == 1


def _printed(one: Composed) -> set[str]:
    return {chapter.name for chapter in one.workbook.chapters} | {
        section.name for section in one.workbook.sections()
    }


def _root(library: Library, path: str) -> Any:
    return next(file.root for file in library.files() if file.path == path)
