"""Notices that say whether anybody collects what readers write."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mentorkit.edition.content import (
    Content,
    Notice,
    NoticeKind,
    Question,
    QuestionList,
    SignatureLine,
    Staircase,
    Table,
)
from mentorkit.edition.section import Section, places_in


def add_notices(section: Section, contact: str = "", is_inside: bool = False) -> Section:
    """Return the section with its notices; unchanged where nobody collects any of it.

    A section that may be returned says so at its head, and to whom: `contact`, where the cohort
    names one. It says wherever a part, a table or an answer in it is private all the same.
    """
    places = [place for part in section.sections() for place in part.places()]
    if not any(place.returned for place in places):
        if not places or not is_inside:
            return section
        return replace(section, content=(Notice(NoticeKind.PRIVATE_PART), *section.content))
    head = () if is_inside else (Notice(NoticeKind.RETURNED, contact),)
    inner = (item for own in section.content for item in _with_notices(own))
    return replace(section, content=(*head, *inner))


def _with_notices(item: Content | Section) -> Iterator[Content | Section]:
    """Yield the content of a section that may be returned, with notices on what is private."""
    if isinstance(item, Section):
        yield add_notices(item, is_inside=True)
    elif isinstance(item, Table):
        first = next(places_in(item), None)
        if first and not first.returned:
            yield Notice(NoticeKind.PRIVATE_TABLE)
        yield item
    elif isinstance(item, QuestionList | Staircase):
        yield replace(item, questions=tuple(map(_question_with_notice, item.questions)))
    elif isinstance(item, SignatureLine):
        yield SignatureLine(_question_with_notice(item.signature), _question_with_notice(item.date))
    else:
        yield item


def _question_with_notice(question: Question) -> Question:
    notice = None if question.place.returned else NoticeKind.PRIVATE_ANSWER
    return replace(question, notice=notice)
