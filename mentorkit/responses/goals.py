"""SMART goals: whose come due when, and who wants to see them again."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mentorkit.compose.compose import Composed
from mentorkit.edition.content import GoalTable
from mentorkit.edition.field import Kind
from mentorkit.edition.field_names import speakable
from mentorkit.edition.strings import phrase, words_of
from mentorkit.edition.workbook import Edition
from mentorkit.handouts.calendar import STAMP, uid
from mentorkit.responses.register import Register, sections_of
from mentorkit.responses.statistics import Said, cells_of

DATES = ("%Y-%m-%d", "%B %d, %Y", "%d %B %Y")


@dataclass(frozen=True)
class Goal:
    """A person's goals of one module: when the first is due, and whether to show them again."""

    key: str
    module: str
    due: datetime.date | None
    unclear: bool
    remind: bool
    texts: tuple[tuple[str, str], ...]


def goals(composed: Composed, said: Said) -> Iterator[Goal]:
    """Yield everybody's goals of every module."""
    for block in sections_of(composed):
        table = next(block.find(GoalTable), None)
        if table is None:
            continue
        cells = [
            (f"{speakable(row.text)}: {column.title}", place.name)
            for row in table.rows
            for column in table.columns
            if (place := cells_of(table, row).get(column.name))
        ]
        day = next(
            (
                q.place.name
                for q in block.questions()
                if q.place.kind is Kind.DATE and q.place.returned
            ),
            "",
        )
        tick = next(
            (
                q.place.name
                for q in block.questions()
                if q.place.kind is Kind.TICK and q.place.returned
            ),
            "",
        )
        for key, own in said.items():
            texts = tuple((head, own[name]) for head, name in cells if name in own)
            if texts or day in own:
                due = date_of(own.get(day, ""))
                yield Goal(
                    key,
                    block.title.rpartition(": ")[2],
                    due,
                    due is None and day in own,
                    tick in own,
                    texts,
                )


def date_of(text: str) -> datetime.date | None:
    """A day that can be read in one way alone."""
    for form in DATES:
        try:
            return datetime.datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
    return None


def calendar(due: Iterable[Goal], book: Edition, sent: Register) -> bytes:
    """goals.ics: whom to ask on which day. The goals themselves are not in it."""
    from icalendar import Calendar, Event

    words = words_of(book.words)
    whole = Calendar()
    whole.add("version", "2.0")
    whole.add("prodid", "-//mentorkit//goals//EN")
    for goal in due:
        if goal.due:
            event = Event()
            person = sent.people.get(goal.key)
            event.add("uid", uid(book.institution, sent.cohort, f"goal {goal.key} {goal.module}"))
            event.add("dtstamp", STAMP)
            name = person.name if person else goal.key
            summary = phrase(words["goal_comes_due"], name=name, module=goal.module)
            event.add("summary", summary)
            event.add("dtstart", goal.due)
            event.add("dtend", goal.due + datetime.timedelta(days=1))
            event.add("transp", "TRANSPARENT")
            whole.add_component(event)
    return bytes(whole.to_ical())
