"""Dates and times as they are printed, in the words of a document."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from mentorkit.edition.strings import phrase

LISTED = ", "  # between the names of days and months in the strings


def date_words(day: datetime.date, words: Mapping[str, str]) -> str:
    """Return a day with its weekday: “Wednesday, February 3, 2027”."""
    return phrase(words["date"], weekday=_weekday(day, words), **_date_slots(day, words))


def short_date_words(day: datetime.date, words: Mapping[str, str]) -> str:
    """Return a day without its weekday: “February 3, 2027”."""
    return phrase(words["date_short"], **_date_slots(day, words))


def time_words(
    start: datetime.time | None, end: datetime.time | None, words: Mapping[str, str]
) -> str:
    """Return from when to when: “9:30–11:00”; the beginning alone where no end is known; empty
    without a beginning.
    """
    if not start:
        return ""
    if not end:
        return _clock(start)
    return phrase(words["time_span"], start=_clock(start), end=_clock(end))


def _clock(time: datetime.time) -> str:
    return f"{time.hour}:{time.minute:02}"


def _weekday(day: datetime.date, words: Mapping[str, str]) -> str:
    return words["weekdays"].split(LISTED)[day.weekday()]


def _date_slots(day: datetime.date, words: Mapping[str, str]) -> dict[str, object]:
    month = words["months"].split(LISTED)[day.month - 1]
    return {"month": month, "day": day.day, "year": day.year}
