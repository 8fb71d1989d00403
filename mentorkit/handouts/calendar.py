"""calendar.ics: every meeting of a cohort, and the day on which homework is due.

A meeting keeps its UID when it moves, and its SEQUENCE rises by one against the file that stands there, so that a calendar which knows the
old file takes the new place or time (RFC 5545, 3.8.7.4). Nothing here comes from the clock: where nothing moved, the file is the same.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mentorkit import __version__
from mentorkit.edition.workbook import Edition
from mentorkit.handouts.meetings import Gathering

if TYPE_CHECKING:
    from icalendar import Component, Event, Timezone

STAMP = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
MOVES = ("DTSTART", "DTEND", "LOCATION", "URL")  # what raises the SEQUENCE
NAMES = uuid.uuid5(uuid.NAMESPACE_URL, "https://assets.invalid/kit/calendar/")


def calendar(
    book: Edition,
    cohort: str,
    held: Sequence[Gathering],
    words: dict[str, str],
    before: bytes = b"",
) -> bytes | None:
    """The file, for those that have a day; None where none has. `before` is the file that was made the last time."""
    from icalendar import Calendar

    dated = [each for each in held if each.day]
    if not dated:
        return None
    whole = Calendar()
    whole.add("version", "2.0")
    whole.add("prodid", f"-//mentorkit//{__version__}//EN")
    whole.add("x-wr-calname", f"{book.title}, {book.cohort}")
    known = _known(before)
    for each in dated:
        event = _event(book, cohort, each, words)
        event.add("sequence", _sequence(event, known.get(str(event["UID"]))))
        whole.add_component(event)
    days = [each.day for each in dated if each.day]
    for zone in {each.start.tzinfo for each in dated if each.start}:
        if isinstance(zone, ZoneInfo) and zone.key in whole.get_missing_tzids():
            whole.subcomponents.insert(0, _zone(zone, min(days).year, max(days).year))
    return bytes(whole.to_ical())


def _known(before: bytes) -> dict[str, Component]:
    """The events of a file by their UIDs; none of a file that is no calendar any more."""
    from icalendar import Calendar

    with suppress(ValueError):
        return (
            {
                str(event["UID"]): event
                for event in Calendar.from_ical(before).walk("VEVENT")
                if "UID" in event
            }
            if before
            else {}
        )
    return {}


def _sequence(event: Event, old: Component | None) -> int:
    """How often the meeting has moved since it was first sent."""
    if old is None:
        return 0
    with suppress(ValueError, TypeError, AttributeError):  # where somebody wrote into the old file
        was, now = (
            [
                (each[key].to_ical(), dict(each[key].params)) if key in each else None
                for key in MOVES
            ]
            for each in (old, event)
        )
        return int(old.get("SEQUENCE", 0)) + (was != now)
    return 0


def _zone(zone: ZoneInfo, first: int, last: int) -> Timezone:
    """The zone’s clock in these years. Icalendar’s own search steps over changes less than two months apart, as they are in Morocco."""
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

    rules = Timezone()
    rules.add("tzid", zone.key)
    before = datetime.datetime(first, 1, 1, tzinfo=zone).utcoffset() or datetime.timedelta()
    for half_hour in range(366 * 48 * (last - first + 1)):
        at = datetime.datetime(first, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(
            minutes=30 * half_hour
        )
        local = at.astimezone(zone)
        offset = local.utcoffset() or datetime.timedelta()
        if offset != before or not half_hour:
            rule = TimezoneDaylight() if local.dst() else TimezoneStandard()
            rule.add(
                "dtstart",
                (at + before).replace(tzinfo=None) if half_hour else datetime.datetime(first, 1, 1),
            )
            rule.add("tzoffsetfrom", before)
            rule.add("tzoffsetto", offset)
            rule.add("tzname", local.tzname())
            rules.add_component(rule)
        before = offset
    return rules


def uid(institution: str, cohort: str, name: str) -> str:
    """The same for the same meeting of the same cohort, whenever it takes place; another for everybody else’s."""
    return str(uuid.uuid5(NAMES, "\n".join((institution, cohort, name))))


def _event(book: Edition, cohort: str, each: Gathering, words: dict[str, str]) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", uid(book.institution, cohort, each.name))
    event.add("dtstamp", STAMP)
    title = each.title if book.title in each.title else f"{each.title} ({book.title})"
    event.add("summary", title if each.number else f"{words['due']}: {title}")
    if each.start:
        event.add("dtstart", each.start)
        event.add("dtend", each.end or each.start)
    else:  # a whole day, which leaves people free
        assert each.day
        event.add("dtstart", each.day)
        event.add("dtend", each.day + datetime.timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    if where := each.place or each.link:
        event.add("location", where)
    if each.link:
        event.add("url", each.link)
    more = {"join": each.link, "led_by": ", ".join(each.led_by), "feedback": each.feedback}
    event.add(
        "description",
        "\n".join(
            (
                f"{book.title}, {book.cohort}",
                *(f"{words[word]}: {said}" for word, said in more.items() if said),
            )
        ),
    )
    return event
