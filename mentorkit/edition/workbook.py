"""Edition: one composed document for a participant, complete and without a layout.

Everything is frozen. An Edition has no slot for a facilitator's text, so that none can reach a participant.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from mentorkit.edition.content import Block, places_in, walk
from mentorkit.edition.field import Place, Text


class Audience(StrEnum):
    PARTICIPANT = "participant"
    FACILITATOR = "facilitator"


@dataclass(frozen=True)
class Module:
    name: str
    anchor: str
    title: str
    topic: str
    text: Text
    objectives: tuple[Text, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Meeting:
    """When and where a cohort meets for a chapter; empty strings where nothing is fixed."""

    date: str = ""
    time: str = ""
    place: str = ""
    link: str = ""
    feedback: str = ""  # homework: how feedback is given


@dataclass(frozen=True)
class Chapter:
    """Front and back pages (kind front, back), a session, or the homework unit.

    `position` is 0 to 5, the place of its thumb tab and its color; -1 for front and back pages.
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
    blocks: tuple[
        Block, ...
    ] = ()  # front and back: the page itself; a session: what stands before its modules


@dataclass(frozen=True)
class Credit:
    title: str
    credit: Text
    license: str
    source: Text = ""
    link: str = ""


@dataclass(frozen=True)
class Edition:
    """One composed document for a participant: a workbook, or one worksheet."""

    name: str  # workbook, or the worksheet's name
    title: str
    subtitle: str
    audience: Audience
    lang: str
    release: str
    cohort: str  # the cohort's title
    institution: str
    chapters: tuple[Chapter, ...]
    words: dict[str, str] = field(
        hash=False
    )  # the kit's printed words, overridable by the curriculum
    credits: tuple[Credit, ...] = ()
    logo: str = ""
    paper: str = "letter"
    side: str = ""  # "mentee" or "mentor" on a worksheet for both sides; else empty
    both_sides: bool = False  # a worksheet that the mentor gets a copy of
    owner: Place | None = None  # for its owner's name, where anything else is to be filled in

    def blocks(self) -> Iterator[Block]:
        """Every block, parts included, in reading order."""
        for chapter in self.chapters:
            for block in chapter.blocks:
                yield from walk(block)
            for module in chapter.modules:
                for block in module.blocks:
                    yield from walk(block)

    def places(self) -> tuple[Place, ...]:
        """Every place to fill, in reading order; the owner's name first."""
        found = tuple(place for block in self.blocks() for place in places_in(block))
        return (self.owner, *found) if self.owner and found else found
