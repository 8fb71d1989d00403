"""Who came: the empty list that a build writes, and the filled one that staff put in its place.

What is in build/ is made anew each time, so the filled list counts only in cohorts/NAME/, as
attendance.csv or
.xlsx. Marks typed into the copy in build/ are never lost, see `blank_or_filled`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mentorkit.handouts.meeting_reports import duration_column, meeting_of_report, stayed
from mentorkit.handouts.meetings import Gathering
from mentorkit.people.csv_writer import unguard_cell, write_csv
from mentorkit.people.folder_names import fold
from mentorkit.people.headings import meaning_of
from mentorkit.people.person import Person
from mentorkit.people.spreadsheet import read_table
from mentorkit.people.table import Table
from mentorkit.source.problem import Problem, Span, UnreadableError, warning

FILES = ("attendance.csv", "attendance.xlsx")
WHO = ("id", "email", "name")
CAME = frozenset(["x", "✓", "✔", "y", "yes", "1", "true", "present", "here"])
STAYED_AWAY = frozenset(("", *["-", "–", "n", "no", "0", "false", "absent", "excused"]))


@dataclass(frozen=True)
class Attendance:
    """The meetings that each person came to, by key, and what is wrong with the list."""

    came: dict[str, tuple[Gathering, ...]]
    problems: tuple[Problem, ...] = ()


def blank(people: Sequence[Person], meetings: Sequence[Gathering]) -> bytes:
    """Return the list to fill in: a row a person, a column a meeting."""
    heads = ("name", "email", "id", *map(_label, meetings))
    return write_csv(
        (
            heads,
            *((person.name, person.email, person.id, *("" for _ in meetings)) for person in people),
        )
    )


def filled_by_hand(path: Path) -> bool:
    """Return whether the copy at `path` holds marks, or cannot be read any more."""
    if not path.is_file():
        return False
    try:
        heads, rows, _ = _parts_of(_read(path, path.name))
    except UnreadableError:
        return True
    return any(
        cell
        for row in rows.values()
        for head, cell in zip(heads, row, strict=False)
        if not _slot(head)
    )


def read_attendance(
    path: Path, shown: str, people: Sequence[Person], meetings: Sequence[Gathering]
) -> Attendance:
    """Return what the filled list at `path`, called `shown` in messages, says."""
    try:
        table = _read(path, shown)
    except UnreadableError as found:
        return Attendance({}, (found.problem,))
    heads, rows, problems = _parts_of(table)
    if not any(map(_slot, heads)):
        what = "this list has no column for names, e-mail addresses or ids"
        cure = "head the column of names: name"
        return Attendance({}, (Problem(Span(shown), "no-names", what, cure),))
    minutes = duration_column(heads)
    if minutes is not None and not any(_meeting(head, meetings) for head in heads):
        return _read_report(table, minutes, shown, people, meetings)
    columns = {
        place: _meeting(head, meetings) for place, head in enumerate(heads) if not _slot(head)
    }
    problems += [
        _no_meeting(heads[place], Span(shown))
        for place, found in columns.items()
        if found is None and heads[place]
    ]
    came: dict[str, tuple[Gathering, ...]] = {}
    known = _known(people)
    for number, row in rows.items():
        person = _person_of(heads, row, known)
        if person is None or person.key in came:
            problems.append(
                _twice(person, Span(shown, number))
                if person
                else _nobody(row[0], Span(shown, number))
            )
            continue
        marks = {place: row[place].casefold() for place, meeting in columns.items() if meeting}
        problems += [
            _strange(mark, Span(shown, number))
            for mark in marks.values()
            if mark not in CAME and mark not in STAYED_AWAY
        ]
        came[person.key] = tuple(
            dict.fromkeys(
                meeting for place, meeting in columns.items() if meeting and marks[place] in CAME
            )
        )
    if left := [person.name for person in people if person.key not in came]:
        some = ", ".join(left[:10]) + (" …" if len(left) > 10 else "")
        problems.append(
            warning(
                Span(shown), "no-row", f"not in this list: {some}", "add a row for each of them"
            )
        )
    return Attendance(came, tuple(problems))


def _person_of(
    heads: Sequence[str], row: Sequence[str], known: dict[tuple[str, str], Person]
) -> Person | None:
    """Return whose row it is: by id, else by e-mail, else by name."""
    cells = [(_slot(head), cell) for head, cell in zip(heads, row, strict=False)]
    for slot in WHO:
        for own, cell in cells:
            if own == slot and (slot, fold(cell)) in known:
                return known[slot, fold(cell)]
    return None


def _read_report(
    table: Table, minutes: int, shown: str, people: Sequence[Person], meetings: Sequence[Gathering]
) -> Attendance:
    """Return who was in the one meeting of a report of Zoom or Teams; people may be in it twice."""
    heads, rows, problems = _parts_of(table)
    meeting = meeting_of_report(rows, table.above.values(), meetings)
    if meeting is None:
        what = "this is a list of one online meeting, and it does not say on which day that was"
        cure = "head its column of minutes with the meeting’s title, and write x for who came"
        return Attendance({}, (*problems, Problem(Span(shown), "no-meeting", what, cure)))
    known, came = _known(people), dict[str, tuple[Gathering, ...]]()
    for number, row in rows.items():
        person = _person_of(heads, row, known)
        if person is None:
            problems.append(_nobody(row[0], Span(shown, number)))
        elif stayed(row[minutes]):
            came[person.key] = (meeting,)
    return Attendance(came, tuple(problems))


def _read(path: Path, shown: str) -> Table:
    """Return the table, its headings found by the column that says whose a row is."""
    return read_table(path, shown, lambda heading: _slot(heading) != "")


def _parts_of(table: Table) -> tuple[list[str], dict[int, list[str]], list[Problem]]:
    """Return the headings, the rows below them by number without guards, and what is wrong."""
    rows = {number: [unguard_cell(cell) for cell in row] for number, row in table.rows.items()}
    first = next(iter(rows), 0)
    return rows.pop(first, []), rows, [*table.problems, *table.faults.values()]


def _label(meeting: Gathering) -> str:
    return f"{meeting.title} ({meeting.day})" if meeting.day else meeting.title


def _meeting(heading: str, meetings: Sequence[Gathering]) -> Gathering | None:
    """Return a column's meeting: a moved one is known by its title, a renamed one by its day."""
    title = fold(re.sub(r"\s*\([^()]*\)$", "", heading))
    ways: tuple[list[Gathering], ...] = (
        [each for each in meetings if _label(each) == heading],
        [each for each in meetings if fold(each.title) == title],
        [each for each in meetings if each.day and str(each.day) in heading],
    )
    return next((found[0] for found in ways if len(found) == 1), None)


def _known(people: Sequence[Person]) -> dict[tuple[str, str], Person]:
    """Return each person by id, e-mail and name, where these are one person’s alone."""
    found: dict[tuple[str, str], list[Person]] = {}
    for person in people:
        for slot in WHO:
            found.setdefault((slot, fold(getattr(person, slot))), []).append(person)
    return {key: same[0] for key, same in found.items() if len(same) == 1 and key[1]}


def _slot(heading: str) -> str:
    slot = meaning_of(heading).slot
    return slot if slot in WHO else ""


def _nobody(name: str, at: Span) -> Problem:
    what = f"“{name}” is not in the list of people and gets no certificate"
    return warning(
        at,
        "not-in-roster",
        what,
        "add the person to that list, or write the name as it is written there",
    )


def _no_meeting(heading: str, at: Span) -> Problem:
    return warning(
        at,
        "no-meeting",
        f"the column “{heading}” is none of the meetings and is not counted",
        "head it with the meeting’s title",
    )


def _twice(person: Person, at: Span) -> Problem:
    return Problem(
        at, "twice", f"{person.name} has two rows", "put the marks together in one of them"
    )


def _strange(mark: str, at: Span) -> Problem:
    return Problem(
        at,
        "mark",
        f"“{mark[:40]}” does not say whether somebody came",
        "write x for who came, and nothing for who did not",
    )
