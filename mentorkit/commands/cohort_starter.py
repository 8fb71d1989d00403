"""Fill the starter of a cohort with what is known of it and of its program."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mentorkit.model.program import Curriculum

TIME = r"([01]?\d|2[0-3]):[0-5]\d"
TIME_ZONE = "America/New_York"  # in the starter
WHEN = """
    # The day, as year-month-day; the hours by the 24-hour clock.
    # date: 2027-02-03
    # start: 10:00
    # end: 12:00"""
FIRST = """
    # place: Room 220
    # Where it meets online.
    # link: https://meet.example.org
    # led_by: Your Name
    # Pauses, each after an activity.
    # breaks:
    #   - after: {}
    #     minutes: 10"""
DUE = "\n    # due: 2027-05-03\n    # feedback: A talk with one of the facilitators"


@dataclass(frozen=True, kw_only=True)
class CohortFacts:
    """What is known of a new cohort when its file is written; the rest becomes remarks in it.

    `every`: from one meeting to the next. `skip`: days on which nobody meets.
    """

    institution: str = ""
    zone: str = ""
    first: date | None = None
    hours: str = ""
    every: timedelta = timedelta(weeks=1)
    skip: tuple[date, ...] = ()
    format: str = ""

    def meeting_lines(self, index: int) -> str:
        """Return the lines for the day and the hours of a meeting; the first has index 0."""
        start, _, end = self.hours.partition("-")
        day = f"\n    date: {self._day(self.first, index)}" if self.first else ""
        hours = f'\n    start: "{start}"\n    end: "{end}"' if end else ""
        return day + hours

    def _day(self, first: date, index: int) -> date:
        """Return the day of a meeting; a day to skip moves it and those after it on."""
        day = first
        for _ in range(index):
            day += self.every
            while day in self.skip:
                day += self.every
        return day


def parse_day(context: click.Context, option: click.Parameter, text: str | None) -> date | None:
    """Return the day of the first meeting."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        message = "write it as year-month-day, such as 2027-09-08"
        raise click.BadParameter(message, context, option) from None


def parse_days(
    context: click.Context, option: click.Parameter, texts: tuple[str, ...]
) -> tuple[date, ...]:
    """Return the days to skip."""
    days = (parse_day(context, option, text) for text in texts)
    return tuple(day for day in days if day)


def parse_interval(context: click.Context, option: click.Parameter, text: str) -> timedelta:
    """Return how far apart the meetings are."""
    found = re.fullmatch(r"([1-9]\d?)([wd])", text)
    if not found:
        message = "write 2w for two weeks or 3d for three days"
        raise click.BadParameter(message, context, option)
    number = int(found[1])
    return timedelta(weeks=number) if found[2] == "w" else timedelta(days=number)


def parse_hours(context: click.Context, option: click.Parameter, text: str) -> str:
    """Return the hours as two clock times with a hyphen between them."""
    hours = text.replace("–", "-")
    if hours and not re.fullmatch(f"{TIME}-{TIME}", hours):
        message = "write both by the 24-hour clock, such as 10:00-12:00"
        raise click.BadParameter(message, context, option)
    return hours


OPTIONS = (
    click.Option(
        ["--institution"],
        default="",
        metavar="NAME",
        help="What your university, laboratory or hospital is called.",
    ),
    click.Option(
        ["--zone"],
        default="",
        metavar="PLACE",
        help="The time zone by its place, such as Europe/Berlin.",
    ),
    click.Option(
        ["--first"],
        callback=parse_day,
        metavar="DATE",
        help="The first meeting, as year-month-day; the others follow week by week.",
    ),
    click.Option(
        ["--every"],
        default="1w",
        callback=parse_interval,
        metavar="2w",
        help="How far apart the meetings are: 2w for two weeks, 3d for three days.",
    ),
    click.Option(
        ["--skip"],
        multiple=True,
        callback=parse_days,
        metavar="DATE",
        help="A day on which nobody meets, as year-month-day; may be given several times.",
    ),
    click.Option(
        ["--format"],
        default="",
        metavar="NAME",
        help="One of the program's formats, such as two_half_days.",
    ),
    click.Option(
        ["--hours"],
        default="",
        callback=parse_hours,
        metavar="FROM-TO",
        help="From when to when they meet, such as 10:00-12:00.",
    ),
)


def fill_starter(folder: Path, text: str, facts: CohortFacts) -> str:
    """Return a cohort's starter with the facts and this program's sessions, values and names."""
    from mentorkit.checks.load import load_program

    library = load_program(folder)
    if library.curriculum is None:
        return text.replace("FORMAT", "").replace("MEETINGS\n", "").replace("VALUES\n", "")
    curriculum = library.curriculum.model
    activities = [
        (name, activity)
        for session in curriculum.sessions
        if session in library.sessions
        for module in library.sessions[session].model.modules.values()
        for name, activity in module.activities.items()
    ]
    names = [name for name, _ in activities] or ["some_activity"]
    boards = [name for name, activity in activities if activity.board]
    if facts.institution and "institution" in curriculum.values:
        institution = json.dumps(facts.institution, ensure_ascii=False)
        text = text.replace("# values:\n", f"values:\n  institution: {institution}\n")
    if facts.zone:
        text = text.replace(TIME_ZONE, facts.zone)
    slots = {
        "FORMAT": f"format: {facts.format}\n" if facts.format else "",
        "MEETINGS": "\n".join(_meetings(curriculum, facts, names[0])),
        "VALUES": "\n".join(_values(curriculum, facts)),
        "BOARD": boards[0] if boards else names[0],
        "ACTIVITY": names[-1],
    }
    for slot, value in slots.items():
        text = text.replace(slot, value)
    return text


def _meetings(curriculum: Curriculum, facts: CohortFacts, first_activity: str) -> Iterator[str]:
    """Yield the lines of each meeting, the first with remarks on what can be written."""
    if facts.format:
        yield from _meetings_of_format(curriculum, facts)
        yield from (f"  - session: {name}{DUE}" for name in curriculum.homework)
        return
    for index, name in enumerate(curriculum.sessions):
        lines = f"  - session: {name}{facts.meeting_lines(index)}"
        if index == 0:
            lines += ("" if facts.meeting_lines(0) else WHEN) + FIRST.format(first_activity)
        yield lines
    for name in curriculum.homework:
        yield f"  - session: {name}{DUE}"


def _meetings_of_format(curriculum: Curriculum, facts: CohortFacts) -> Iterator[str]:
    """Yield the lines of each meeting that a format of the program has.

    A usage error where the program has no such format.
    """
    from mentorkit.model.validation_errors import did_you_mean

    if facts.format not in curriculum.formats:
        hint = did_you_mean(facts.format, curriculum.formats)
        raise click.UsageError(f'there is no format "{facts.format}"; {hint}')
    for index in range(len(curriculum.formats[facts.format].meetings)):
        lines = facts.meeting_lines(index).lstrip()
        if lines:
            yield f"  - {lines}"


def _values(curriculum: Curriculum, facts: CohortFacts) -> Iterator[str]:
    """Yield remarks with the values that a cohort can fill, except for one that is known."""
    for name, value in curriculum.values.items():
        if not (name == "institution" and facts.institution):
            yield f"#   {value.about.rstrip('.')}.\n#   {name}: …"
