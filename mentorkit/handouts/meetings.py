"""A cohort's meetings and homework as its handouts print them."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from mentorkit.edition.guide import Guide
from mentorkit.edition.markdown import plain
from mentorkit.model.cohort import Cohort, CohortMeeting


@dataclass(frozen=True)
class Gathering:
    """One meeting, or one unit of homework (`number` 0). `name` is made from short names, so it stays when the meeting moves."""

    name: str
    number: int
    title: str
    day: datetime.date | None = None  # the meeting's, or when the homework is due
    start: datetime.datetime | None = None
    end: datetime.datetime | None = None
    minutes: int = 0  # together; afterwards, what was delivered
    place: str = ""
    link: str = ""
    online: bool = False  # some or all take part from afar
    led_by: tuple[str, ...] = ()
    feedback: str = ""

    @property
    def date(self) -> str:
        """Its day as people say it."""
        return f"{self.day:%A, %B} {self.day.day}, {self.day.year}" if self.day else ""

    @property
    def hours(self) -> str:
        """From when to when; with the zone where people join from elsewhere."""
        if not self.start:
            return ""
        zone = f" {self.start.tzname()}" if self.online else ""
        return (
            f"{self.start:%H:%M}–{self.end:%H:%M}" if self.end else f"{self.start:%H:%M}"
        ) + zone


def gatherings(cohort: Cohort, guide: Guide) -> tuple[Gathering, ...]:
    """All of them, in the cohort's order."""
    found: list[Gathering] = []
    names: Counter[str] = Counter()
    number = 0
    for meeting in cohort.meetings:
        title, needed, homework = _held(meeting, guide)
        name = meeting.session or "-".join(meeting.modules or meeting.activities[:1]) or "meeting"
        names[name] += 1
        number += not homework
        found.append(
            _gathering(
                meeting,
                cohort,
                f"{name}-{names[name]}" if names[name] > 1 else name,
                0 if homework else number,
                title,
                needed,
            )
        )
    return tuple(found)


def _held(meeting: CohortMeeting, guide: Guide) -> tuple[str, int, bool]:
    """What a meeting is called, how many minutes its parts need, and whether it is homework."""
    chapters = [chapter for chapter in guide.chapters if chapter.name == meeting.session]
    modules = [
        module
        for chapter in guide.chapters
        for module in chapter.modules
        if module.name in meeting.modules
    ]
    every = [
        activity
        for chapter in guide.chapters
        for module in chapter.modules
        for activity in module.activities
    ]
    chosen = [activity for activity in every if activity.name in meeting.activities]
    title = (
        meeting.title
        or " · ".join(plain(held.title) for held in chapters or modules or chosen)
        or "Meeting"
    )
    minutes = sum(held.minutes for held in chosen or chapters or modules) + sum(
        pause.minutes for pause in meeting.breaks
    )
    return (
        title,
        minutes,
        bool(meeting.due) or any(chapter.kind == "homework" for chapter in chapters),
    )


def _gathering(
    meeting: CohortMeeting, cohort: Cohort, name: str, number: int, title: str, needed: int
) -> Gathering:
    start, end = _when(meeting, ZoneInfo(cohort.time_zone), needed)
    minutes = sum(meeting.delivered.values()) or (
        int((end - start).total_seconds()) // 60 if start and end else meeting.minutes or needed
    )
    mode = meeting.mode or cohort.mode
    online = mode in ("online", "hybrid") or not mode and bool(meeting.link)
    return Gathering(
        name,
        number,
        title,
        meeting.date or meeting.due,
        start,
        end,
        minutes,
        meeting.place or "",
        meeting.link or "",
        online,
        meeting.led_by,
        meeting.feedback or "",
    )


def _when(
    meeting: CohortMeeting, zone: ZoneInfo, needed: int
) -> tuple[datetime.datetime | None, datetime.datetime | None]:
    """Beginning and end by the clock of the cohort's zone; a meeting without an end lasts as long as its parts."""
    if not meeting.date or not meeting.start:
        return None, None
    start, end = (
        datetime.datetime.combine(meeting.date, _clock(clock), zone)
        for clock in (meeting.start, meeting.end or meeting.start)
    )
    minutes = 0 if meeting.end else meeting.minutes or needed
    return start, end + datetime.timedelta(minutes=minutes) if meeting.end or minutes else None


def _clock(text: str) -> datetime.time:
    hours, minutes = text.split(":")
    return datetime.time(int(hours), int(minutes))
