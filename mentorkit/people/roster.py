"""People as Excel gives them: the list of a cohort, read from CSV or .xlsx.

Nobody is merged, dropped or renamed: what cannot be told apart, or read without a guess, is a problem with its row.
What was understood is echoed in `told`, so that a person can compare it with the list.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from mentorkit.people.folder_names import fold
from mentorkit.people.person import Person
from mentorkit.people.spreadsheet import MAX_CELL, Table, read_table, refused
from mentorkit.source import lint
from mentorkit.source.problem import Problem, Span, Unreadable, warning

# What each column is called by the people who make lists, without blanks and hyphens.
HEADINGS: dict[str, str] = {
    "name": "name fullname displayname preferredname participant participantname participantsname attendee yourname mentee menteename",
    "first": "firstname givenname givennames forename first",
    "last": "lastname familyname surname last",
    "email": "email emailaddress mail mailaddress youremail workemail primaryemail",
    "id": "id personid participantid employeeid studentid netid userid uid",
    "group": "group groupname smallgroup team table breakout breakoutroom",
    "print": "print printsize printing textsize",
    "mentor": "mentor mentorname mentorsname nameofmentor facultymentor advisor adviser supervisor pi",
}
SLOTS = {word: slot for slot, words in HEADINGS.items() for word in words.split()}
SPOKEN = {
    **{slot: slot for slot in HEADINGS},
    "first": "first name",
    "last": "last name",
    "email": "e-mail",
}
PRINTS = ("normal", "large")


@dataclass(frozen=True)
class Roster:
    """The people of a cohort, in the file's order; `told` says in lines how the file was read."""

    people: tuple[Person, ...]
    told: tuple[str, ...]
    problems: tuple[Problem, ...]


def read_roster(path: Path, shown: str) -> Roster:
    """The people in the file at `path`, called `shown` in messages. Never raises for what a person wrote."""
    problems: list[Problem] = []
    try:
        table = read_table(path, shown, lambda heading: _slot(heading) != "")
        problems += table.problems
        columns = _columns(table, shown, problems)
    except Unreadable as found:
        return Roster((), (), tuple(sorted({*problems, found.problem})))
    people: list[Person] = []
    for number in list(table.rows)[1:]:
        cells = {slot: table.rows[number][place] for slot, place in columns.items()}
        if "name" not in cells:
            cells["name"] = f"{cells.pop('first')} {cells.pop('last')}".strip()
        faults = [
            table.faults[number, place]
            for place in columns.values()
            if (number, place) in table.faults
        ]
        problems += faults or _faults(cells, Span(shown, number))
        people.append(_person(cells, number))
    problems += [*_twins(people, shown), *_short_ids(people, shown)]
    return Roster(
        tuple(people), tuple(_told(table, columns, people, shown)), tuple(sorted(set(problems)))
    )


def _slot(heading: str) -> str:
    """What a column is for, by its heading; nothing where it is none of ours."""
    return SLOTS.get(_bare(heading), "")


def _bare(heading: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", heading).casefold())


def _columns(table: Table, shown: str, problems: list[Problem]) -> dict[str, int]:
    """Where each slot stands. Raises where there is nobody, or no column for names."""
    if len(table.rows) < 2 and not problems:
        raise refused(
            shown,
            "nobody",
            f"no people in {shown.rpartition('/')[2]}",
            "write headings in the first row and one person in each row below",
        )
    number, headings = next(iter(table.rows.items()), (1, []))
    here, columns = Span(shown, number), dict[str, int]()
    for place, heading in enumerate(headings):
        slot = _slot(heading)
        if slot in columns:
            both = f"“{_short(headings[columns[slot]])}” and “{_short(heading)}”"
            problems.append(
                Problem(
                    here,
                    "doubled-column",
                    f"two columns hold the {SPOKEN[slot]}: {both}",
                    "delete or rename one of them",
                )
            )
        elif slot:
            columns[slot] = place
        elif not heading and any(cells[place] for cells in table.rows.values()):
            problems.append(
                Problem(
                    here,
                    "no-heading",
                    f"column {place + 1} has no heading",
                    "write one, or delete the column",
                )
            )
    for heading in headings:
        near = (
            difflib.get_close_matches(_bare(heading), SLOTS, 1, 0.75)
            if len(_bare(heading)) > 3 and not _slot(heading)
            else []
        )
        if near and SLOTS[near[0]] not in columns:
            what = f"the column “{_short(heading)}” is not known, so it is not read"
            problems.append(
                warning(here, "unknown-heading", what, f'did you mean "{SPOKEN[SLOTS[near[0]]]}"?')
            )
    if "name" not in columns and not {"first", "last"} <= columns.keys():
        there = ", ".join(_short(heading) for heading in headings[:12] if heading)
        raise refused(
            shown,
            "no-names",
            "no column has the heading Name, or First name and Last name",
            f"the first row has: {there}",
            number,
        )
    parts = ("first", "last") if "name" in columns else ()  # a whole name wins over its parts
    return {slot: place for slot, place in columns.items() if slot not in parts}


def _faults(cells: dict[str, str], here: Span) -> Iterator[Problem]:
    """What is wrong in one row, by itself."""
    for slot, text in cells.items():
        if len(text) > MAX_CELL:
            yield Problem(
                here,
                "long-cell",
                f"the {SPOKEN[slot]} is longer than {MAX_CELL:,} characters",
                "shorten it",
            )
        elif not {"\r", "\n", *lint.BREAKS}.isdisjoint(text):
            yield Problem(
                here,
                "line-break",
                f"a line break stands inside the {SPOKEN[slot]}",
                "write it on one line",
            )
        else:
            for problem in lint.refused_lines(text, here.file, MAX_CELL)[0]:
                yield replace(problem, span=here, what=f"{problem.what}, in the {SPOKEN[slot]}")
    if not cells["name"].strip("\u200c\u200d"):  # joiners alone are nothing to see
        yield Problem(
            here,
            "unnamed-person",
            f"row {here.line} has no name",
            "write the name, or delete the row",
        )
    if re.fullmatch(r"\d([.,]\d+)?E\+?\d+", cells.get("id", ""), re.IGNORECASE):
        yield Problem(
            here,
            "excel-id",
            f"the id looks changed by Excel ({cells['id']})",
            "format the column as Text, and type the id again",
        )
    if cells.get("email") and not re.fullmatch(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+", cells["email"]):
        yield Problem(
            here,
            "email",
            f"“{_short(cells['email'])}” is not an e-mail address",
            "write one address alone, or leave the cell empty",
        )
    if cells.get("print", "").casefold() not in ("", *PRINTS):
        yield Problem(
            here,
            "print",
            f'print cannot be "{_short(cells["print"])}"',
            "write normal or large, or leave it empty",
        )


def _person(cells: dict[str, str], row: int) -> Person:
    name, email, own = cells["name"], cells.get("email", ""), cells.get("id", "")
    printed = cells.get("print", "").casefold() or PRINTS[0]
    return Person(
        own or email or name,
        name,
        email,
        own,
        cells.get("group", ""),
        printed,
        cells.get("mentor", ""),
        row,
    )


def _twins(people: list[Person], shown: str) -> Iterator[Problem]:
    """People whom nothing tells apart; each set of rows is told once."""
    told: set[str] = set()
    for field, words in (
        ("id", "have the same id"),
        ("email", "have the same e-mail"),
        ("key", "cannot be told apart"),
    ):
        for same in _alike(people, field):
            if (rows := _rows(same)) not in told:
                told.add(rows)
                yield Problem(
                    Span(shown, same[1].row),
                    "same-person",
                    f"{rows} {words} (“{_short(getattr(same[0], field))}”)",
                    "give each person an id or e-mail of their own, or delete the row that is there twice",
                )


def _alike(people: list[Person], field: str) -> list[list[Person]]:
    """Sets of people in whom `field` looks the same."""
    sets: dict[str, list[Person]] = {}
    for person in people:
        sets.setdefault(fold(getattr(person, field)), []).append(person)
    return [same for text, same in sets.items() if text and len(same) > 1]


def _short_ids(people: list[Person], shown: str) -> Iterator[Problem]:
    """Ids that seem to have lost their leading zeros, beside others that kept them."""
    numbers = [person for person in people if person.id.isdecimal()]
    length = max((len(person.id) for person in numbers if person.id.startswith("0")), default=0)
    for person in numbers:
        if len(person.id) < length:
            what = f"the id looks changed by Excel ({person.id}; others have {length} digits)"
            yield warning(
                Span(shown, person.row),
                "excel-id",
                what,
                "format the column as Text, and type the id again",
            )


def _told(table: Table, columns: dict[str, int], people: list[Person], shown: str) -> Iterator[str]:
    """How the file was read, for a person to compare."""
    headings = next(iter(table.rows.values()))
    ends = f", from {_short(people[0].name)} to {_short(people[-1].name)}" if people else ""
    blank = f"; blank rows left out: {table.blank}" if table.blank else ""
    yield f"{shown}: {len(people)} {'person' if len(people) == 1 else 'people'}{ends} ({table.form}{blank})"
    yield "columns read: " + ", ".join(
        f"{SPOKEN[slot]} (“{_short(headings[place])}”)"
        for slot, place in sorted(columns.items(), key=lambda pair: pair[1])
    )
    if left := [
        _short(heading)
        for place, heading in enumerate(headings)
        if heading and place not in columns.values()
    ]:
        yield f"columns not read: {', '.join(left)}"
    for same in _alike(people, "name"):
        names = sorted({person.name for person in same})
        yield f"{_rows(same)} {'look alike' if len(names) > 1 else 'have one name'}: {', '.join(map(_short, names))}"


def _rows(people: list[Person]) -> str:
    """“rows 4 and 9”."""
    numbers = [str(person.row) for person in people]
    return f"rows {', '.join(numbers[:-1])} and {numbers[-1]}"


def _short(text: str) -> str:
    text = re.sub(r"\s+", " ", text)
    return text if len(text) <= 40 else text[:39] + "…"
