"""Who has earned a certificate, and what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mentorkit.handouts.attendance import Attendance
from mentorkit.handouts.meetings import Gathering
from mentorkit.people.person import Person


@dataclass(frozen=True)
class Certificate:
    """One person's."""

    name: str
    text: str
    hours: str


def earned(
    people: Sequence[Person],
    attendance: Attendance,
    meetings: Sequence[Gathering],
    least: int,
    words: dict[str, str],
) -> list[Certificate]:
    """The certificates of those who came to `least` meetings, in the roster's order."""
    found = []
    for person in people:
        came = attendance.came.get(person.key, ())
        if len(came) >= least:
            text = words["took_part_always" if len(came) == len(meetings) else "took_part"]
            text = text.replace("{some}", str(len(came))).replace("{all}", str(len(meetings)))
            hours = round(sum(meeting.minutes for meeting in came) / 15) / 4
            found.append(Certificate(person.certificate_name, text, f"{hours:g}"))
    return found
