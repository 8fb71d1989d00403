"""Edition: one composed document for a participant, complete and without a layout.

Everything is frozen. An Edition has no slot for a facilitator's text, so that none can reach a
participant.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from mentorkit.edition.content import Figure, Gallery, Role
from mentorkit.edition.field import Place, Text
from mentorkit.edition.section import Section


class Audience(StrEnum):
    """Who reads a document."""

    PARTICIPANT = "participant"
    FACILITATOR = "facilitator"


@dataclass(frozen=True, kw_only=True)
class Module:
    """A module of a chapter; `topic` is its short title."""

    name: str
    anchor: str
    title: str
    topic: str
    text: Text
    objectives: tuple[Text, ...]
    sections: tuple[Section, ...]


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """When and where a cohort meets for a chapter; None and empty where nothing is fixed.

    `is_due`: it is homework, and `date` is the day by which it is due. `zone` is the name of the
    time zone of `start` and `end`, such as America/Chicago. `feedback` says how feedback on
    homework is given.
    """

    date: datetime.date | None = None
    is_due: bool = False
    start: datetime.time | None = None
    end: datetime.time | None = None
    zone: str = ""
    place: str = ""
    link: str = ""
    feedback: str = ""


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """A chapter: front and back pages (kind front, back), a session, the homework unit, or a
    worksheet.

    `position` is 0 to 5, its place among the chapters that are marked; -1 for front and back
    pages. `sections` holds the page itself; in a session, what comes before its modules.
    """

    kind: str
    name: str
    anchor: str
    title: str
    number: int = 0
    position: int = -1
    text: Text = ""
    meeting: Meeting = Meeting()
    modules: tuple[Module, ...] = ()
    sections: tuple[Section, ...] = ()

    def is_titled_like(self, section: Section) -> bool:
        """Return whether the chapter's heading is the section's, which then has none of its own."""
        return section.title == self.title


@dataclass(frozen=True)
class Credit:
    """An entry of the page of credits."""

    title: str
    credit: Text
    license: str
    source: Text = ""
    link: str = ""


@dataclass(frozen=True, kw_only=True)
class Edition:
    """One composed document for a participant: a workbook, or one worksheet.

    `name` is workbook, or the worksheet's name. `cohort` is the cohort's title. `words` holds the
    kit's printed words that the curriculum replaces. `side` is mentee or mentor on a worksheet for
    both. `owner` is the place for the reader's name.
    """

    name: str
    title: str
    subtitle: str = ""
    audience: Audience = Audience.PARTICIPANT
    lang: str
    release: str
    cohort: str
    institution: str = ""
    chapters: tuple[Chapter, ...]
    words: dict[str, str] = field(hash=False)
    credits: tuple[Credit, ...] = ()
    logo: str = ""
    side: str = ""
    both_sides: bool = False
    about: Text = ""
    owner: Place | None = None

    def top_sections(self) -> Iterator[Section]:
        """Yield the sections that are not inside another one, in reading order."""
        for chapter in self.chapters:
            yield from chapter.sections
            for module in chapter.modules:
                yield from module.sections

    def sections(self) -> Iterator[Section]:
        """Yield every section, parts included, in reading order."""
        for section in self.top_sections():
            yield from section.sections()

    def places(self) -> tuple[Place, ...]:
        """Return every place to fill, in reading order; the owner's name first."""
        found = tuple(place for section in self.sections() for place in section.places())
        return (self.owner, *found) if self.owner and found else found

    def anchors(self) -> tuple[str, ...]:
        """Return the anchors of all sections, terms and pictures, in reading order."""
        return tuple(anchor for section in self.top_sections() for anchor in section.anchors())

    def figures(self) -> Iterator[Figure]:
        """Yield every picture, those of galleries too."""
        for section in self.sections():
            yield from section.find(Figure)
            for gallery in section.find(Gallery):
                yield from (item.figure for item in gallery.items)

    def titled(self, role: Role) -> list[Section]:
        """Return the sections of that role that have a title, in the order of their titles, each
        once.
        """
        found = {s.anchor: s for s in self.sections() if s.role == role and s.title}
        return sorted(found.values(), key=lambda section: section.title.lower())
