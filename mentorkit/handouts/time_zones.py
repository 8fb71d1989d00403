"""VTIMEZONE as Outlook reads it: one yearly rule each way, where the zone has such a rule.

Outlook brings a zone down to one change a year each way and ignores what it cannot bring down
([MS-OXCICAL] 2.1.3.1.1.19).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from icalendar import Timezone

YEARS = 7  # after so many, the fourth Sunday has been the last one and has not
RULE_BEGAN = 1970  # the year from which a yearly rule is written
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NONE = datetime.timedelta()


@dataclass(frozen=True)
class Change:
    """A change of the clock: its local time before, both offsets, and the name of the new time."""

    local: datetime.datetime
    before: datetime.timedelta
    after: datetime.timedelta
    name: str
    is_daylight: bool

    @property
    def rule(self) -> tuple[int, int, int, datetime.time]:
        """Return month, week (-1: the last), weekday (0: Monday) and time of the change."""
        is_last = (self.local + datetime.timedelta(days=7)).month != self.local.month
        week = -1 if is_last else (self.local.day - 1) // 7 + 1
        return self.local.month, week, self.local.weekday(), self.local.time()


def time_zone(zone: ZoneInfo, first: int, last: int) -> Timezone:
    """Return the zone's clock for the years from `first` to `last`."""
    from icalendar import Timezone

    rules = Timezone()
    rules.add("tzid", zone.key)
    until = max(last, first + YEARS - 1)  # a rule shows itself only when it returns
    changes = list(_changes(zone, first, until))
    yearly = _yearly(changes, until - first + 1)
    if not changes:
        moment = datetime.datetime(first, 1, 1, tzinfo=zone)
        offset = moment.utcoffset() or NONE
        start = datetime.datetime(RULE_BEGAN, 1, 1)
        _add(rules, Change(start, offset, offset, moment.tzname() or zone.key, False), {})
    elif yearly:
        for change in yearly:
            month, week, weekday, _ = change.rule
            rule = {"FREQ": "YEARLY", "BYMONTH": month, "BYDAY": f"{week}{DAYS[weekday]}"}
            _add(rules, change, rule)
    else:
        moment = datetime.datetime(first, 1, 1, tzinfo=zone)
        offset = moment.utcoffset() or NONE
        january = Change(
            datetime.datetime(first, 1, 1),
            offset,
            offset,
            moment.tzname() or zone.key,
            bool(moment.dst()),
        )
        for change in (january, *(item for item in changes if item.local.year <= last)):
            _add(rules, change, {})
    return rules


def _yearly(changes: list[Change], years: int) -> list[Change]:
    """Return the two changes as a yearly rule gives them, where all years follow it; else none."""
    found = []
    for is_daylight in (True, False):
        own = [change for change in changes if change.is_daylight is is_daylight]
        same = {(c.rule[0], c.rule[2], c.rule[3], c.before, c.after) for c in own}
        weeks = {change.rule[1] for change in own}
        # The fourth week is the last one in some years.
        is_one_rule = len(same) == 1 and (len(weeks) == 1 or weeks == {4, -1})
        if len(own) != years or not is_one_rule:
            return []
        found.append(_in_first_year(own[0], max(weeks)))
    return found


def _in_first_year(change: Change, week: int) -> Change:
    """Return the change as the rule gives it in the year in which rules begin."""
    month, _, weekday, time = change.rule
    if week == -1:
        next_month = datetime.date(RULE_BEGAN + month // 12, month % 12 + 1, 1)
        day = next_month - datetime.timedelta(days=1)
        while day.weekday() != weekday:
            day -= datetime.timedelta(days=1)
    else:
        day = datetime.date(RULE_BEGAN, month, 1)
        while day.weekday() != weekday:
            day += datetime.timedelta(days=1)
        day += datetime.timedelta(days=7 * (week - 1))
    local = datetime.datetime.combine(day, time)
    return Change(local, change.before, change.after, change.name, change.is_daylight)


def _changes(zone: ZoneInfo, first: int, last: int) -> Iterator[Change]:
    """Yield every change of the clock. Steps of half an hour miss none, as in Morocco."""
    moment = datetime.datetime(first, 1, 1, tzinfo=datetime.UTC)
    before = moment.astimezone(zone).utcoffset() or NONE
    step = datetime.timedelta(minutes=30)
    while moment.year <= last:
        local = moment.astimezone(zone)
        after = local.utcoffset() or NONE
        if after != before:
            at = (moment + before).replace(tzinfo=None)
            yield Change(at, before, after, local.tzname() or zone.key, bool(local.dst()))
        before = after
        moment += step


def _add(rules: Timezone, change: Change, rule: dict[str, object]) -> None:
    from icalendar import TimezoneDaylight, TimezoneStandard

    part = TimezoneDaylight() if change.is_daylight else TimezoneStandard()
    part.add("dtstart", change.local)
    part.add("tzoffsetfrom", change.before)
    part.add("tzoffsetto", change.after)
    part.add("tzname", change.name)
    if rule:
        part.add("rrule", rule)
    rules.add_component(part)
