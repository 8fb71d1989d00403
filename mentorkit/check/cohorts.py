"""Cohorts: meetings that can take place, and choices that name something."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Iterator

from mentorkit.check.references import missing
from mentorkit.library import Filed, Library
from mentorkit.model import Cohort, CohortMeeting
from mentorkit.problem import Problem, warning


def meetings(library: Library) -> Iterator[Problem]:
    """Meetings name sessions or modules, stand in order, end after they begin, and are long enough for what they hold."""
    known = {home.name: home for home in library.homes()}
    modules = [name for name, home in known.items() if home.sort == "module"]
    for file in library.cohorts.values():
        last: datetime.date | None = None
        seen: set[str] = set()
        for number, meeting in enumerate(file.model.meetings):
            here = ("meetings", number)
            if not meeting.session and not meeting.modules:
                yield Problem(file.span(*here), "missing", "this meeting names neither a session nor modules", "add a line: session: …")
            if meeting.session and meeting.session not in library.sessions:
                yield missing(file.span(*here, "session"), "session", meeting.session, library.sessions)
            elif meeting.session in seen and meeting.session:
                yield Problem(file.span(*here, "session"), "listed-twice", f'"{meeting.session}" meets twice', "split it by modules, or delete one meeting")
            seen.add(meeting.session or "")
            for place, module in enumerate(meeting.modules):
                if module not in modules:
                    yield missing(file.span(*here, "modules", place), "module", module, modules)
            day = meeting.date or meeting.due
            if day and last and day < last:
                yield Problem(file.span(*here, "date" if meeting.date else "due"), "order", f"this meeting ({day}) is before the one above it ({last})", "put the meetings in order")
            last = day or last
            for place, pause in enumerate(meeting.breaks):
                if pause.after not in known or known[pause.after].sort != "activity":
                    yield missing(file.span(*here, "breaks", place, "after"), "activity", pause.after, [n for n, h in known.items() if h.sort == "activity"])
            yield from _slot(library, file, meeting, number)


def _slot(library: Library, file: Filed[Cohort], meeting: CohortMeeting, number: int) -> Iterator[Problem]:
    """The time that a meeting has against the time it needs."""
    here = ("meetings", number)
    given = meeting.minutes
    if meeting.start and meeting.end:
        start, end = (int(clock[:-3]) * 60 + int(clock[-2:]) for clock in (meeting.start, meeting.end))
        if end <= start:
            yield Problem(file.span(*here, "end"), "order", f"this meeting ends at {meeting.end} and begins at {meeting.start}", "write both by the 24-hour clock")
            return
        given = end - start
    session = library.sessions.get(meeting.session or "")
    if given is None or session is None:
        return
    needed = session.model.minutes + sum(pause.minutes for pause in meeting.breaks)
    if needed > given:
        yield warning(file.span(*here), "too-long", f'"{session.model.title}" needs {needed} minutes and has {given}', "lengthen the meeting, or drop an activity under changes:")


def choices(library: Library) -> Iterator[Problem]:
    """A cohort fills only values that the curriculum knows, links boards of activities that have one, and lives in a known time zone."""
    assert library.curriculum is not None
    spine = library.curriculum.model
    boards = [name for file in library.sessions.values() for module in file.model.modules.values() for name, activity in module.activities.items() if activity.board]
    zones = zoneinfo.available_timezones()
    for file in library.cohorts.values():
        for name in file.model.values:
            if name not in spine.values:
                yield missing(file.span("values", name), "value of the curriculum", name, spine.values)
        for name in file.model.boards:
            if name not in boards:
                yield missing(file.span("boards", name), "activity with a board", name, boards)
        if zones and file.model.time_zone not in zones:
            yield Problem(file.span("time_zone"), "time-zone", f'"{file.model.time_zone}" is not a time zone', "use a name such as America/New_York")
        if file.model.format and file.model.format not in spine.formats:
            yield missing(file.span("format"), "format", file.model.format, spine.formats)
        if file.model.roster and not (library.folder / "cohorts" / file.name / file.model.roster).is_file():
            yield Problem(file.span("roster"), "roster", f"there is no file {file.model.roster} in cohorts/{file.name}", "put the list of people there, or delete this line")
