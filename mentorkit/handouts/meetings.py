"""A cohort's meetings and homework as its handouts print them."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from mentorkit.edition.dates import date_words, time_words
from mentorkit.edition.guide import Guide, GuideChapter
from mentorkit.edition.markdown import plain
from mentorkit.edition.strings import words_of
from mentorkit.model.cohort import Cohort, CohortMeeting


@dataclass(frozen=True)
class Gathering:
    """One meeting, or one unit of homework (`number` 0).

    `name` is made from short names, so it stays when the meeting moves.
    """

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
    date: str = ""  # its day in words
    hours: str = ""  # from when to when; with the zone where people join from elsewhere


def gatherings(cohort: Cohort, guide: Guide) -> tuple[Gathering, ...]:
    """Return the meetings and the homework of a scheduled cohort, in its order."""
    found: list[Gathering] = []
    words = words_of(guide.words)
    names: Counter[str] = Counter()
    number = 0
    for meeting, chapter in _pair_chapters(cohort, guide):
        name = meeting.session or "-".join(meeting.modules or meeting.activities[:1]) or "meeting"
        names[name] += 1
        is_homework = _is_homework(meeting, guide)
        number += not is_homework
        pauses = sum(pause.minutes for pause in meeting.breaks)
        found.append(
            _gathering(
                meeting,
                cohort,
                f"{name}-{names[name]}" if names[name] > 1 else name,
                0 if is_homework else number,
                meeting.title or (plain(chapter.title) if chapter else words["meeting"]),
                (chapter.minutes if chapter else 0) + pauses,
                words,
            )
        )
    return tuple(found)


def _pair_chapters(
    cohort: Cohort, guide: Guide
) -> Iterator[tuple[CohortMeeting, GuideChapter | None]]:
    """Yield each meeting with its chapter of the guide: by its session, else by its place."""
    named = {chapter.name: chapter for chapter in guide.chapters if chapter.kind != "page"}
    sessions = [chapter for chapter in guide.chapters if chapter.kind == "session"]
    number = 0
    for meeting in cohort.meetings:
        chapter = named.get(meeting.session or "")
        if not _is_homework(meeting, guide):
            if chapter is None and number < len(sessions):
                chapter = sessions[number]
            number += 1
        yield meeting, chapter


def _is_homework(meeting: CohortMeeting, guide: Guide) -> bool:
    homework = {chapter.name for chapter in guide.chapters if chapter.kind == "homework"}
    return bool(meeting.due) or meeting.session in homework


def _gathering(
    meeting: CohortMeeting,
    cohort: Cohort,
    name: str,
    number: int,
    title: str,
    needed: int,
    words: Mapping[str, str],
) -> Gathering:
    start, end = _when(meeting, ZoneInfo(cohort.time_zone), needed)
    minutes = sum(meeting.delivered.values()) or (
        int((end - start).total_seconds()) // 60 if start and end else meeting.minutes or needed
    )
    mode = meeting.mode or cohort.mode
    online = mode in ("online", "hybrid") or not mode and bool(meeting.link)
    day = meeting.date or meeting.due
    hours = time_words(start.time() if start else None, end.time() if end else None, words)
    zone = f" {start.tzname()}" if start and online else ""
    return Gathering(
        name,
        number,
        title,
        day,
        start,
        end,
        minutes,
        meeting.place or "",
        meeting.link or "",
        online,
        meeting.led_by,
        meeting.feedback or "",
        date_words(day, words) if day else "",
        hours + zone,
    )


def _when(
    meeting: CohortMeeting, zone: ZoneInfo, needed: int
) -> tuple[datetime.datetime | None, datetime.datetime | None]:
    """Return beginning and end by the clock of the cohort's zone.

    A meeting without an end lasts as long as its parts.
    """
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
