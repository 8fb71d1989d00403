"""Lists of who was in an online meeting, as Zoom and Teams write them, with minutes."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence

from mentorkit.handouts.meetings import Gathering
from mentorkit.people.headings import normalize_heading

DURATION = re.compile(r"^(total)?(duration|timeinmeeting|inmeetingduration|minutes)(minutes|min)?$")
DATES = (
    (re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b"), (0, 1, 2)),
    (re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b"), (2, 0, 1)),
    (re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b"), (2, 1, 0)),
)


def duration_column(headings: Sequence[str]) -> int | None:
    """Return the column that holds how long people stayed; None where there is none."""
    for column, heading in enumerate(headings):
        if DURATION.match(normalize_heading(heading)):
            return column
    return None


def stayed(cell: str) -> bool:
    """Return whether a duration is more than nothing: "118", "1h 2m 3s", "0:54:10"."""
    return any(int(number) for number in re.findall(r"\d+", cell))


def meeting_of_report(
    rows: Mapping[int, Sequence[str]],
    above: Iterable[Sequence[str]],
    meetings: Sequence[Gathering],
) -> Gathering | None:
    """Return the meeting that a report is about: by a day that is written in it, or the only one.

    A day such as 3/4/2027 is read month first, and day first where only that is a meeting's day.
    """
    if len(meetings) == 1:
        return meetings[0]
    texts = [cell for row in (*above, *rows.values()) for cell in row]
    found = {day for text in texts for day in _days_in(text)}
    held = [meeting for meeting in meetings if meeting.day in found]
    return held[0] if len(held) == 1 else None


def _days_in(text: str) -> Iterable[datetime.date]:
    for pattern, (year, month, day) in DATES:
        for match in pattern.finditer(text):
            parts = [int(part) for part in match.groups()]
            for one, two in ((month, day), (day, month)):
                try:
                    yield datetime.date(parts[year], parts[one], parts[two])
                except ValueError:
                    continue
