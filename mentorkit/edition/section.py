"""Section: a titled piece of a book, with its content in reading order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from mentorkit.edition.content import (
    Content,
    Gallery,
    Prose,
    Question,
    QuestionList,
    Role,
    SignatureLine,
    Staircase,
    Story,
    Table,
    TermList,
)
from mentorkit.edition.field import Place, Text

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Section:
    """A titled piece of a book with its content in reading order.

    `level` is the level of its heading, 1 to 6. `introduces`: the section after it is its case or
    worksheet. `continues`: it belongs with what is printed just before it. `is_letter`: it is a
    text to copy and send.
    """

    role: Role
    name: str
    anchor: str
    title: str = ""
    level: int = 2
    content: tuple[Content | Section, ...] = ()
    is_letter: bool = False
    introduces: bool = False
    continues: bool = False

    def sections(self) -> Iterator[Section]:
        """Yield the section, then the sections inside it, however deep."""
        yield self
        for item in self.content:
            if isinstance(item, Section):
                yield from item.sections()

    def find(self, kind: type[T]) -> Iterator[T]:
        """Yield its own content of that kind, in reading order."""
        return (item for item in self.content if isinstance(item, kind))

    def texts(self) -> Iterator[Text]:
        """Yield the prose and the stories of the section itself."""
        return (item.text for item in self.content if isinstance(item, Prose | Story))

    def questions(self) -> Iterator[Question]:
        """Yield the questions of the section itself, in reading order."""
        for item in self.content:
            if not isinstance(item, Section):
                yield from questions_in(item)

    def places(self) -> Iterator[Place]:
        """Yield the places of the section itself, in reading order."""
        for item in self.content:
            if not isinstance(item, Section):
                yield from places_in(item)

    def anchors(self) -> Iterator[str]:
        """Yield every anchor that is printed for the section and for what is inside it."""
        yield self.anchor
        for item in self.content:
            if isinstance(item, Section):
                yield from item.anchors()
            elif isinstance(item, TermList):
                yield from (term.anchor for term in item.terms)
            elif isinstance(item, Gallery):
                yield from (picture.anchor for picture in item.items)


def questions_in(item: Content) -> tuple[Question, ...]:
    """Return the questions of one piece of content."""
    if isinstance(item, QuestionList | Staircase):
        return item.questions
    return (item.signature, item.date) if isinstance(item, SignatureLine) else ()


def places_in(item: Content) -> Iterator[Place]:
    """Yield the places of one piece of content, in reading order."""
    for row in item.rows if isinstance(item, Table) else ():
        if row.own:
            yield row.own
        yield from (cell for cell in row.cells if isinstance(cell, Place))
    yield from (question.place for question in questions_in(item))
