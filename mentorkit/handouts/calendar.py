"""calendar.ics: every meeting of a cohort, and the day on which homework is due.

A meeting keeps its UID. Its SEQUENCE rises by one, and its DTSTAMP moves on, against the file that
was made before, whenever anything in it changes; a meeting that is dropped stays as a cancelled
event (RFC 5545, 3.8.7.4 and 3.8.1.11). Nothing here comes from the clock: where nothing changed,
the file is the same.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from mentorkit import __version__
from mentorkit.edition.workbook import Edition
from mentorkit.handouts.meetings import Gathering
from mentorkit.handouts.time_zones import time_zone

if TYPE_CHECKING:
    from icalendar import Event

STAMP = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
WATCHED = (  # what raises the SEQUENCE
    "DTSTART",
    "DTEND",
    "LOCATION",
    "URL",
    "SUMMARY",
    "DESCRIPTION",
    "STATUS",
)
NAMES = uuid.uuid5(uuid.NAMESPACE_URL, "https://assets.invalid/kit/calendar/")


def calendar(
    book: Edition,
    cohort: str,
    held: Sequence[Gathering],
    words: dict[str, str],
    before: bytes = b"",
) -> bytes | None:
    """Return the file for those meetings that have a day; None where there is none, and was none.

    `before` is the file that was made the last time; its events that are no longer held are
    cancelled.
    """
    from icalendar import Calendar

    known = _known_events(before)
    events: list[Any] = [_event(book, cohort, item, words) for item in held if item.day]
    uids = {str(event["UID"]) for event in events}
    events += [_cancelled(old) for uid, old in known.items() if uid not in uids]
    if not events:
        return None
    whole = Calendar()
    whole.add("version", "2.0")
    whole.add("prodid", f"-//mentorkit//{__version__}//EN")
    whole.add("method", "PUBLISH")
    whole.add("x-wr-calname", f"{book.title}, {book.cohort}")
    for event in events:
        number = _sequence(event, known.get(str(event["UID"])))
        event.add("sequence", number)
        event.add("dtstamp", STAMP + datetime.timedelta(minutes=number))
        whole.add_component(event)
    days = [item.day for item in held if item.day]
    zones = {item.start.tzinfo for item in held if item.start}
    zones |= {event["DTSTART"].dt.tzinfo for event in events if _has_time(event)}
    for zone in sorted((zone for zone in zones if isinstance(zone, ZoneInfo)), key=str):
        if zone.key in whole.get_missing_tzids():
            years = [day.year for day in days] or [event["DTSTART"].dt.year for event in events]
            whole.subcomponents.insert(0, time_zone(zone, min(years), max(years)))
    return bytes(whole.to_ical())


def newly_cancelled(data: bytes | None, before: bytes) -> list[str]:
    """Return the titles of events that this file cancels and the one before did not."""
    was, now = _known_events(before), _known_events(data or b"")
    return [
        str(event["SUMMARY"])
        for uid, event in now.items()
        if _is_cancelled(event) and uid in was and not _is_cancelled(was[uid])
    ]


def _is_cancelled(event: Any) -> bool:
    return str(event.get("STATUS", "")) == "CANCELLED"


def _has_time(event: Any) -> bool:
    return isinstance(event["DTSTART"].dt, datetime.datetime)


def _known_events(before: bytes) -> dict[str, Any]:
    """Return the events of a file by their UIDs; none of a file that is no calendar any more."""
    from icalendar import Calendar

    if not before:
        return {}
    with suppress(ValueError):
        events = Calendar.from_ical(before).walk("VEVENT")
        return {str(event["UID"]): event for event in events if {"UID", "DTSTART"} <= event.keys()}
    return {}


def _cancelled(old: Any) -> Event:
    """Return an event of the file before as one that does not take place."""
    from icalendar import Event

    event = Event()
    for key, value in old.items():
        if key not in ("SEQUENCE", "DTSTAMP", "STATUS"):
            event[key] = value
    event.add("status", "CANCELLED")
    return event


def _sequence(event: Any, old: Any) -> int:
    """Return how often the event has changed since it was first sent."""
    if old is None:
        return 0
    with suppress(ValueError, TypeError, AttributeError):  # where somebody wrote into the old file
        was, now = (
            [
                (item[key].to_ical(), dict(item[key].params)) if key in item else None
                for key in WATCHED
            ]
            for item in (old, event)
        )
        return int(old.get("SEQUENCE", 0)) + (was != now)
    return 0


def uid(institution: str, cohort: str, name: str) -> str:
    """Return the UID: the same for a meeting of a cohort whenever it takes place."""
    return str(uuid.uuid5(NAMES, "\n".join((institution, cohort, name))))


def _event(book: Edition, cohort: str, item: Gathering, words: dict[str, str]) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", uid(book.institution, cohort, item.name))
    title = item.title if book.title in item.title else f"{item.title} ({book.title})"
    event.add("summary", title if item.number else f"{words['due']}: {title}")
    if item.start:
        event.add("dtstart", item.start)
        event.add("dtend", item.end or item.start)
    else:  # a whole day, which leaves people free
        day = cast(datetime.date, item.day)
        event.add("dtstart", day)
        event.add("dtend", day + datetime.timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    if where := item.place or item.link:
        event.add("location", where)
    if item.link:
        event.add("url", item.link)
    more = {"join": item.link, "led_by": ", ".join(item.led_by), "feedback": item.feedback}
    lines = [f"{words[word]}: {said}" for word, said in more.items() if said]
    event.add("description", "\n".join((f"{book.title}, {book.cohort}", *lines)))
    return event
