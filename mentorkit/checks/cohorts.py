"""Cohorts: meetings that can take place, and choices that name something."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Iterator
from functools import cache

from mentorkit.checks.references import unknown
from mentorkit.model.cohort import Cohort, CohortMeeting
from mentorkit.model.validation_errors import did_you_mean
from mentorkit.program.library import Filed, Library
from mentorkit.program.schedule import too_long
from mentorkit.source.problem import Problem

Path = tuple[str | int, ...]


def meetings(library: Library) -> Iterator[Problem]:
    """Meetings name sessions or modules, each once, stand in order, end after they begin, and are
    long enough for what they hold."""
    for file in library.cohorts.values():
        last: datetime.date | None = None
        met: dict[str, int] = {}
        for number, meeting in enumerate(file.model.meetings):
            here: Path = ("meetings", number)
            yield from _held(library, file, meeting, here, met)
            day = meeting.date or meeting.due
            if day and last and day < last:
                yield Problem(
                    file.span(*here, "date" if meeting.date else "due"),
                    "order",
                    f"this meeting ({day}) is before the one above it ({last})",
                    "put the meetings in order",
                )
            last = day or last
            yield from _clock(file, meeting, here)
        if not (
            file.model.changes or file.model.format
        ):  # else only the changed program can tell: compose does
            yield from too_long(library, file, file.model)


def _held(
    library: Library, file: Filed[Cohort], meeting: CohortMeeting, here: Path, met: dict[str, int]
) -> Iterator[Problem]:
    """What a meeting is about: one session or some modules, that exist and have not met before.

    Its breaks stand after activities.
    """
    modules = {
        name: module
        for session in library.sessions.values()
        for name, module in session.model.modules.items()
    }
    if (
        bool(meeting.session) == bool(meeting.modules)
        and not meeting.activities
        and not (file.model.format and not meeting.session)
    ):
        both = (
            "names both a session and modules"
            if meeting.session
            else "names neither a session nor modules"
        )
        yield Problem(
            file.span(*here),
            "missing",
            f"this meeting {both}",
            "delete one of them" if meeting.session else "add a line: session: …",
        )
    yield from unknown(
        library, file, (*here, "session"), "session", library.sessions, meeting.session
    )
    yield from unknown(library, file, (*here, "modules"), "module", modules, meeting.modules)
    yield from unknown(
        library,
        file,
        (*here, "activities"),
        "activity",
        [name for module in modules.values() for name in module.activities],
        meeting.activities,
    )
    for key, names in (
        ("session", (meeting.session,) if meeting.session else ()),
        ("modules", meeting.modules),
    ):
        for number, name in enumerate(names):
            span = file.span(*here, key, number)
            if name in met:
                yield Problem(
                    span,
                    "listed-twice",
                    f'"{name}" meets twice (first on line {met[name]})',
                    "split it by modules, or delete one meeting",
                )
            met.setdefault(name, span.line)
    activities = [name for module in modules.values() for name in module.activities]
    for number, pause in enumerate(meeting.breaks):
        yield from unknown(
            library, file, (*here, "breaks", number, "after"), "activity", activities, pause.after
        )
    for name in meeting.delivered:
        yield from unknown(library, file, (*here, "delivered", name), "module", modules, name)


def _clock(file: Filed[Cohort], meeting: CohortMeeting, here: Path) -> Iterator[Problem]:
    """A meeting ends after it begins, and says only one thing about its length."""
    if meeting.start and meeting.end:
        start, end = (
            int(clock[:-3]) * 60 + int(clock[-2:]) for clock in (meeting.start, meeting.end)
        )
        if end <= start:
            yield Problem(
                file.span(*here, "end"),
                "meeting-time",
                f"this meeting ends at {meeting.end} and begins at {meeting.start}",
                "write both by the 24-hour clock",
            )
            return
        if meeting.minutes and meeting.minutes != end - start:
            yield Problem(
                file.span(*here, "minutes"),
                "meeting-time",
                f"from {meeting.start} to {meeting.end} are {end - start} minutes, not "
                f"{meeting.minutes}",
                "delete the line minutes",
            )


def choices(library: Library) -> Iterator[Problem]:
    """A cohort fills only values that the curriculum knows, links boards of activities that have
    one, lives in a known time zone, and has the roster it names."""
    assert library.curriculum is not None
    spine = library.curriculum.model
    boards = [
        name
        for file in library.sessions.values()
        for module in file.model.modules.values()
        for name, activity in module.activities.items()
        if activity.board
    ]
    for file in library.cohorts.values():
        for name in file.model.values:
            yield from unknown(
                library, file, ("values", name), "value of the curriculum", spine.values, name
            )
        for name in file.model.boards:
            yield from unknown(
                library, file, ("boards", name), "activity with a board", boards, name
            )
        yield from unknown(library, file, ("format",), "format", spine.formats, file.model.format)
        zone, zones = file.model.time_zone, _zones()
        if zones and (zone not in zones or "/" not in zone and zone != "UTC"):
            yield Problem(
                file.span("time_zone"),
                "time-zone",
                f'"{zone}" is not a time zone',
                _zone_hint(zone, zones),
            )
        if file.model.roster:
            yield from _roster(library, file, file.model.roster)


@cache
def _zones() -> frozenset[str]:
    """Every zone this computer knows; none where it has no list of them."""
    return frozenset(zoneinfo.available_timezones())


def _zone_hint(zone: str, zones: frozenset[str]) -> str:
    hint = did_you_mean(zone, {name.lower() for name in zones}) if "/" in zone else ""
    meant = next((name for name in sorted(zones) if f'"{name.lower()}"' in hint), "")
    return f'did you mean "{meant}"?' if meant else "use a name such as America/New_York"


def _roster(library: Library, file: Filed[Cohort], name: str) -> Iterator[Problem]:
    folder = library.folder / "cohorts" / file.name
    try:
        inside = (folder / name).resolve().is_relative_to(folder.resolve())
        there = inside and (folder / name).is_file()
    except (OSError, RuntimeError, ValueError):
        inside, there = True, False
    if not inside:
        yield Problem(
            file.span("roster"),
            "roster",
            f'"{name}" is outside cohorts/{file.name}',
            "put the list of people there and write its name alone",
        )
    elif not there:
        yield Problem(
            file.span("roster"),
            "roster",
            f"no such file: {name}",
            f"looked in cohorts/{file.name}; put the list of people there, or delete this line",
        )


def rosters(library: Library) -> Iterator[Problem]:
    """A cohort's list of people can be read without a guess: each row has a name and says what it
    means, and no two people are alike."""
    for file in library.cohorts.values():
        name = file.model.roster
        if name and not any(_roster(library, file, name)):  # it is there
            yield from library.people(file.name).problems
