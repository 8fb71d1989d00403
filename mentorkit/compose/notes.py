"""Notes to the facilitator, composed for one cohort."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import Any

from mentorkit.compose.blocks import Blocks
from mentorkit.compose.placeholders import Filler, LeftOutError
from mentorkit.compose.tables import Setting
from mentorkit.edition import guide
from mentorkit.edition.content import Role
from mentorkit.edition.section import Section
from mentorkit.model.block import Block, Facilitator, Heard, PlainBlock, Way


class NotesComposer:
    """Composes notes; `mode` is how the meeting at hand takes place."""

    def __init__(self, fill: Filler, words: Mapping[str, str], mode: str | None) -> None:
        self.fill, self.mode = fill, mode
        self.blocks = Blocks(fill, words)

    def notes(self, written: Facilitator | None, anchor: str, level: int) -> guide.Notes:
        """What stands under `facilitator`, its texts filled; entries that need an unfilled value
        are left out.
        """
        if written is None:
            return guide.Notes()
        setting = Setting("guide", (), level)

        def maker(name: str, block: PlainBlock) -> Callable[[], Section]:
            return lambda: self.blocks.section(block, Role.PART, name, f"{anchor}__{name}", setting)

        return guide.Notes(
            purpose=self._text(written.purpose),
            prepare=self.blocks.texts(written.prepare),
            materials=self.blocks.texts(written.materials),
            say=self._text(written.say),
            ask=self.blocks.texts(written.ask),
            watch=self._heard(written.watch),
            bring_out=self.blocks.texts(written.bring_out),
            care=self._text(written.care),
            close=self._text(written.close),
            cut=self._text(written.cut),
            in_person=self._way(written.in_person, "online"),
            online=self._way(written.online, "in_person"),
            background=self._text(written.background),
            chapters=self.blocks.kept(maker(n, b) for n, b in written.chapters.items()),
        )

    def block_notes(self, block: Block, anchor: str, level: int) -> guide.Notes:
        """Return the notes of a block, then those of its questions and parts."""
        notes = self.notes(block.facilitator, anchor, level)
        for name, question in block.questions.items():
            notes = join_notes(notes, self.notes(question.facilitator, f"{anchor}-{name}", level))
        for name, part in block.parts.items():
            if isinstance(part, Block):
                notes = join_notes(notes, self.block_notes(part, f"{anchor}-{name}", level))
        return notes

    def _text(self, written: str | None) -> str:
        try:
            with self.fill.held():
                return self.fill(written)
        except LeftOutError:
            return ""

    def _heard(self, written: Iterable[Heard]) -> tuple[guide.Heard, ...]:
        def maker(heard: Heard) -> Callable[[], guide.Heard]:
            return lambda: guide.Heard(self.fill(heard.hear), self.fill(heard.then))

        return self.blocks.kept(map(maker, written))

    def _way(self, written: Way | None, other: str) -> guide.Way | None:
        """One of the two ways; not the one that this cohort has not chosen."""
        if written is None or self.mode == other:
            return None
        return guide.Way(
            self._text(written.how),
            self.blocks.texts(written.prepare),
            self.blocks.texts(written.materials),
        )


def join_notes(first: guide.Notes, second: guide.Notes) -> guide.Notes:
    """Return both notes as one: texts with a blank line between them, lists one after the other."""
    joined: dict[str, Any] = {}
    for slot in fields(guide.Notes):
        one, other = getattr(first, slot.name), getattr(second, slot.name)
        if isinstance(one, str):
            joined[slot.name] = "\n\n".join(filter(None, (one, other)))
        elif isinstance(one, tuple):
            joined[slot.name] = one + other
        else:
            joined[slot.name] = _join_ways(one, other)
    return guide.Notes(**joined)


def _join_ways(first: guide.Way | None, second: guide.Way | None) -> guide.Way | None:
    if first is None or second is None:
        return first or second
    how = "\n\n".join(filter(None, (first.how, second.how)))
    return guide.Way(how, first.prepare + second.prepare, first.materials + second.materials)
