"""Values that no cohort fills: computed from the cohort's meetings and modules."""

from __future__ import annotations

from collections.abc import Iterable

from mentorkit.edition.dates import date_words
from mentorkit.edition.strings import words_of
from mentorkit.model.cohort import Cohort, CohortMeeting
from mentorkit.program.library import Library
from mentorkit.program.schedule import given, needed

# The reserved names and what each of them prints.
COMPUTED: dict[str, str] = {
    "meetings": "how many meetings there are, such as “five sessions” or “two half days”",
    "meeting_count": "how many meetings there are, in words",
    "sessions": "the titles of the sessions, in a sentence",
    "session_count": "how many sessions there are, in words",
    "modules": "the topics of the modules, in a sentence",
    "module_count": "how many modules there are, in words",
    "hours": "how long all meetings are together, such as “ten hours”",
    "first_date": "the day of the first meeting",
    "last_date": "the day of the last meeting",
}


def compute_values(library: Library, cohort: Cohort) -> dict[str, str]:
    """Return each computed value of a scheduled cohort; those of missing dates are absent."""
    assert library.curriculum is not None
    spine = library.curriculum.model
    words = words_of(spine.words)
    held = [m for m in cohort.meetings if not m.due and m.session not in spine.homework]
    sessions = [library.sessions[name].model for name in spine.sessions if name in library.sessions]
    modules = [module for session in sessions for module in session.modules.values()]
    plan = spine.formats.get(cohort.format or "")
    unit = (plan.unit if plan else None) or words["unit"]
    count = len(held) or len(sessions)
    values = {
        "meetings": count_of(count, unit, words),
        "meeting_count": number_word(count, words),
        "sessions": in_sentence([session.title for session in sessions], words),
        "session_count": number_word(len(sessions), words),
        "modules": in_sentence([module.topic or module.title for module in modules], words),
        "module_count": number_word(len(modules), words),
    }
    if minutes := sum(_minutes(library, meeting) for meeting in held):
        values["hours"] = in_hours(minutes, words)
    dates = [meeting.date for meeting in held if meeting.date]
    if dates:
        values["first_date"] = date_words(min(dates), words)
        values["last_date"] = date_words(max(dates), words)
    return values


def number_word(number: int, words: dict[str, str]) -> str:
    """Return the number in words up to twelve, in figures beyond."""
    listed = words["numbers"].split()
    return listed[number] if number < len(listed) else str(number)


def count_of(number: int, unit: str, words: dict[str, str]) -> str:
    """Return a count with its unit, such as “one session” or “two half days”."""
    return f"{number_word(number, words)} {unit if number == 1 else unit + 's'}"


def in_sentence(items: Iterable[str], words: dict[str, str]) -> str:
    """Return the items with commas, and “and” before the last."""
    listed = list(items)
    if len(listed) < 3:
        return f" {words['and']} ".join(listed)
    return f"{', '.join(listed[:-1])}, {words['and']} {listed[-1]}"


def in_hours(minutes: int, words: dict[str, str]) -> str:
    """Return a length of time in hours, rounded to the half hour: “ten hours”, “7½ hours”."""
    halves = round(minutes / 30)
    whole, half = divmod(halves, 2)
    if half:
        return f"{whole or ''}½ {words['hour'] if not whole else words['hours_unit']}"
    return f"{number_word(whole, words)} {words['hour'] if whole == 1 else words['hours_unit']}"


def _minutes(library: Library, meeting: CohortMeeting) -> int:
    return given(meeting) or needed(library, meeting)
