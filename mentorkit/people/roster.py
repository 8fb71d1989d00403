"""The list of people of a cohort, read from CSV or .xlsx as common programs export it.

Nobody is merged or renamed. A row that is surely no person, such as Canvas's "Points Possible", is
left out with a warning. What was understood is repeated in `summary` for comparison.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from mentorkit.people.columns import NO, NO_VALUE, YES, Columns, address_in, find_columns
from mentorkit.people.headings import LARGE_PRINT, is_known, meaning_of, normalize_heading
from mentorkit.people.person import Person
from mentorkit.people.roster_summary import summarize
from mentorkit.people.row_checks import (
    check_cells,
    check_names,
    check_row_is_a_person,
    check_rows_together,
    reason_to_leave_out,
)
from mentorkit.people.spreadsheet import read_table
from mentorkit.people.table import Table
from mentorkit.source.problem import Problem, Span, UnreadableError, warning

NORMAL = NO | {"normal", "standard", "regular", "small", "default"}
POINTS_OF_LARGE_PRINT = 16  # points; from here on a wished size means large print
SIZE = re.compile(r"(\d{1,2})(?:[.,]\d)?\s*-?(pts?|points?|punkt|puntos|pontos)?\.?")
NO_NEED = re.compile(
    r"(no|nope|none|nil|nein|non|não|nao|n/?a|not applicable|nothing|false|falsch|faux|falso|0|-+|"
    r"–|ningun[ao]?|ninguno|aucune?|keine?|nenhuma?|no,? thank.*|not at this time|not needed|"
    r"no (dietary )?(restrictions?|needs?|allergies))\.?",
    re.IGNORECASE,
)
NEGATION = re.compile(r"\b(no|not|don.?t|without|nein|kein|sin|sans|sem)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Roster:
    """The people of a cohort in the file's order; `summary` says in lines how the file was read."""

    people: tuple[Person, ...] = ()
    summary: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_roster(path: Path, shown: str) -> Roster:
    """Return the people in the file at `path`, called `shown` in messages. Never raises."""
    problems: list[Problem] = []
    try:
        table = read_table(path, shown, is_known)
        problems += table.problems
        columns = find_columns(table, shown, problems)
    except UnreadableError as found:
        return Roster(problems=tuple(sorted({*problems, found.problem})))
    people: list[Person] = []
    for number in list(table.rows)[1:]:
        cells = _cells_of_row(table, columns, number)
        here = Span(shown, number)
        if reason := reason_to_leave_out(table.rows[number], cells, table):
            what = f"row {number} is no person (“{reason}”), and is left out"
            problems.append(warning(here, "no-person", what, "delete the row"))
            continue
        faults = [fault for (row, _), fault in table.faults.items() if row == number]
        read = [table.faults.get((number, column)) for column in columns.slots.values()]
        problems += [fault for fault in faults if fault in read] or check_cells(cells, here)
        person = _person_of(table, columns, cells, number, problems, here)
        problems += check_row_is_a_person(table, columns, person, here)
        people.append(person)
    problems += check_rows_together(people, shown)
    problems += _rows_above(table, shown)
    lines = summarize(table, columns, people, shown)
    return Roster(tuple(people), tuple(lines), tuple(sorted(set(problems))))


def _cells_of_row(table: Table, columns: Columns, number: int) -> dict[str, str]:
    """Return the texts of a row by slot; an address is taken out of its brackets."""
    row = table.rows[number]
    cells = {slot: row[column] for slot, column in columns.slots.items()}
    if "email" in cells:
        alone = cells["email"].removeprefix("mailto:")
        cells["email"] = address_in(alone) or alone
        if cells["email"].casefold() == "anonymous":
            cells["email"] = ""
    return cells


def _person_of(
    table: Table,
    columns: Columns,
    cells: dict[str, str],
    number: int,
    problems: list[Problem],
    here: Span,
) -> Person:
    given, family = cells.get("first", ""), cells.get("last", "")
    parts = [given, cells.get("middle", ""), family, cells.get("suffix", "")]
    whole = cells.get("name") or " ".join(filter(None, parts))
    short = cells.get("name") or " ".join(filter(None, (given, family)))
    printed, doubt = _printed_name(short, family, cells.get("preferred", ""))
    if doubt:
        problems.append(warning(here, "preferred-name", doubt, WHOLE_NAME))
    name = printed or whole
    problems += check_names(name, here)
    needs, asks_for_large = _needs_of(table, columns, number)
    size = _print_size(cells.get("print", ""), table, columns, here, problems)
    own, email = cells.get("id", ""), cells.get("email", "")
    return Person(
        key=own or email or whole or name,
        name=name,
        row=number,
        email=email,
        id=own,
        group=cells.get("group", ""),
        print="large" if asks_for_large else size,
        mentor=cells.get("mentor", ""),
        full_name=whole or name,
        given=given,
        family=family,
        pronouns=cells.get("pronouns", ""),
        needs=needs,
    )


WHOLE_NAME = "write the name as it is to be printed, family name included, under Preferred name"


def _printed_name(whole: str, family: str, preferred: str) -> tuple[str, str]:
    """Return the name to print, and what is in doubt about it; both may be empty."""
    if not preferred or preferred.casefold() in NO_VALUE or preferred == whole:
        return whole, ""
    if not family:
        has_several_words = len(preferred.split()) > 1 or not whole
        doubt = f"the preferred name “{preferred}” is printed without a family name"
        return preferred, "" if has_several_words else doubt
    if family.casefold() in preferred.casefold():
        return preferred, ""
    if len(preferred.split()) == 1 or whole.casefold().startswith(preferred.casefold()):
        return f"{preferred} {family}", ""
    return preferred, f"the preferred name “{preferred}” is printed without “{family}”"


def _needs_of(
    table: Table, columns: Columns, number: int
) -> tuple[tuple[tuple[str, str], ...], bool]:
    """Return a row's needs by heading, and whether they ask for large print in clear words."""
    headings, row = table.rows[table.heading_row], table.rows[number]
    labels = [table.labels[n] or headings[n] for n in columns.needs]
    cells = [row[n] for n in columns.needs]
    needs = tuple(
        (label, cell)
        for label, cell in zip(labels, cells, strict=True)
        if cell and not NO_NEED.fullmatch(cell)
    )
    asks = any(
        LARGE_PRINT.search(normalize_heading(cell)) and not NEGATION.search(cell)
        for _, cell in needs
    )
    return needs, asks


def _print_size(
    text: str, table: Table, columns: Columns, here: Span, problems: list[Problem]
) -> str:
    """Return "normal" or "large"; a text that says neither is a problem, and gives "normal"."""
    plain = text.casefold().strip(" .!")
    first = re.split(r"[\s,;.!:(]", plain)[0]
    if not plain or plain in NO_VALUE:
        return "normal"
    if match := SIZE.fullmatch(plain):
        points = int(match[1])
        is_tick = points < 2 and not match[2]
        is_large = points == 1 if is_tick else points >= POINTS_OF_LARGE_PRINT
        return "large" if is_large else "normal"
    if plain == "large" or LARGE_PRINT.search(normalize_heading(plain)):
        return "normal" if NEGATION.search(plain) else "large"
    if first in NORMAL:
        return "normal"
    heading = table.rows[table.heading_row][columns.slots["print"]]
    is_question = meaning_of(heading).rank > 0
    if first in YES or is_question and first in ("large", "larger", "big", "i"):
        return "large"
    what = f'print cannot be "{text[:40]}"'
    cure = "write normal or large, or leave it empty"
    problems.append(Problem(here, "print", what, cure))
    return "normal"


def _rows_above(table: Table, shown: str) -> list[Problem]:
    """Report a row above the headings that may be a person."""
    found = []
    for number, cells in table.above.items():
        if any(address_in(cell) for cell in cells) and sum(map(bool, cells)) > 1:
            what = (
                f"row {number} is above the headings (row {table.heading_row}) and holds an address"
            )
            cure = "move the headings to the first row; or delete the rows above them"
            found.append(warning(Span(shown, number), "above-headings", what, cure))
    return found
