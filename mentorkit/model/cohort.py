"""A cohort: one group, its meetings, and what it changes."""

from __future__ import annotations

from typing import Any

from mentorkit.model.block import Facilitator, Link
from mentorkit.model.types import (
    Address,
    Clock,
    Count,
    Date,
    Line,
    Minutes,
    Mode,
    Named,
    Names,
    Paper,
    Paragraph,
    Texts,
    Written,
    YesNo,
)


class Break(Written):
    """A pause inside a meeting."""

    after: str
    """The short name of the activity it follows."""
    minutes: Minutes
    """How long it is."""


class CohortMeeting(Written):
    """A session, or chosen modules, on a date; a homework unit has a due date instead."""

    session: str | None = None
    """The short name of a session or homework unit."""
    modules: Names = ()
    """Short names of modules, in place of a session."""
    activities: Names = ()
    """Short names of activities, where the meeting holds only some of them.

    The others are left out of this cohort's books.
    """
    title: Line | None = None
    """What it is called; the session's title by default."""
    date: Date | None = None
    """The day, written as 2027-02-03."""
    start: Clock | None = None
    """When it begins, as 10:00."""
    end: Clock | None = None
    """When it ends."""
    minutes: Minutes | None = None
    """How long it is, where no end is given."""
    place: Line | None = None
    """The room."""
    link: Address | None = None
    """Where it meets online."""
    mode: Mode | None = None
    """in_person, online or hybrid, where it differs from the cohort's."""
    led_by: Texts = ()
    """Who leads it."""
    breaks: tuple[Break, ...] = ()
    """Pauses."""
    delivered: Named[Minutes] = {}
    """Afterwards: how many minutes each module really took."""
    due: Date | None = None
    """Homework: when it is due."""
    feedback: Line | None = None
    """Homework: how feedback is given."""


class Cohort(Written):
    """One group of participants: when it meets, what it chooses, and the values that fill the
    texts."""

    title: Line
    """What the group is called."""
    time_zone: Line
    """Its time zone, such as America/New_York."""
    meetings: tuple[CohortMeeting, ...]
    """Its meetings, in order."""
    start: Clock | None = None
    """When every meeting begins that says nothing else, as 10:00."""
    end: Clock | None = None
    """When every meeting ends that says nothing else."""
    place: Line | None = None
    """The room of every meeting that says nothing else."""
    link: Address | None = None
    """Where every meeting meets online that says nothing else."""
    led_by: Texts = ()
    """Who leads every meeting that says nothing else."""
    values: dict[str, Paragraph] = {}
    """What fills {{ name }} in the texts."""
    mode: Mode | None = None
    """in_person, online or hybrid; where nothing is said, the guide prints both ways."""
    paper: Paper = "letter"
    """letter or a4."""
    logo: Line | None = None
    """A picture for the cover, in the cohort's folder."""
    roster: Line | None = None
    """The list of people: a file in the cohort's folder."""
    format: str | None = None
    """The short name of one of the program's formats.

    Meetings that name nothing hold what it plans, in its order.
    """
    min_meetings: Count | None = None
    """How many meetings earn a certificate."""
    boards: dict[str, Address] = {}
    """The link of each shared board (activity: address)."""
    links: Named[Link] = {}
    """Links of the cohort's own."""
    changes: dict[str, Any] = {}
    """What this cohort changes (short name: drop, or the keys that differ)."""
    may_mention: Names = ()
    """Short names of what is not in this cohort and may be spoken of all the same."""
    closed: YesNo = False
    """yes when it is over."""
    facilitator: Facilitator | None = None
    """What only its facilitators read."""
