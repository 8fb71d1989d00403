"""calendar.ics: every meeting of a cohort, and the day on which homework is due.

A meeting keeps its UID when it moves, so that a calendar which knows the old file replaces it. Nothing here comes from the
clock: the same cohort gives the same file.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mentorkit import __version__
from mentorkit.edition import Edition
from mentorkit.handouts.meetings import Gathering

if TYPE_CHECKING:
    from icalendar import Event, Timezone

STAMP = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
NAMES = uuid.uuid5(uuid.NAMESPACE_URL, "https://assets.invalid/kit/calendar/")


def calendar(book: Edition, cohort: str, held: Sequence[Gathering], words: dict[str, str]) -> bytes | None:
    """The file, for those that have a day; None where none has."""
    from icalendar import Calendar

    dated = [each for each in held if each.day]
    if not dated:
        return None
    whole = Calendar()
    whole.add("version", "2.0")
    whole.add("prodid", f"-//mentorkit//{__version__}//EN")
    whole.add("x-wr-calname", f"{book.title}, {book.cohort}")
    for each in dated:
        whole.add_component(_event(book, cohort, each, words))
    days = [each.day for each in dated if each.day]
    for zone in {each.start.tzinfo for each in dated if each.start}:
        if isinstance(zone, ZoneInfo) and zone.key in whole.get_missing_tzids():
            whole.subcomponents.insert(0, _zone(zone, min(days).year, max(days).year))
    return bytes(whole.to_ical())


def _zone(zone: ZoneInfo, first: int, last: int) -> Timezone:
    """The zone’s clock in these years. Icalendar’s own search steps over changes less than two months apart, as they are in Morocco."""
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

    rules = Timezone()
    rules.add("tzid", zone.key)
    before = datetime.datetime(first, 1, 1, tzinfo=zone).utcoffset() or datetime.timedelta()
    for half_hour in range(366 * 48 * (last - first + 1)):
        at = datetime.datetime(first, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(minutes=30 * half_hour)
        local = at.astimezone(zone)
        offset = local.utcoffset() or datetime.timedelta()
        if offset != before or not half_hour:
            rule = TimezoneDaylight() if local.dst() else TimezoneStandard()
            rule.add("dtstart", (at + before).replace(tzinfo=None) if half_hour else datetime.datetime(first, 1, 1))
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
    event.add("description", "\n".join((f"{book.title}, {book.cohort}", *(f"{words[word]}: {said}" for word, said in more.items() if said))))
    return event
