"""Which column of a table of people holds what, and what is to be said about the others."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from mentorkit.people.folder_names import fold
from mentorkit.people.headings import (
    HEADINGS,
    SPOKEN,
    Meaning,
    may_hold_a_name,
    meaning_of,
    normalize_heading,
    word_set,
)
from mentorkit.people.table import Table, refusal
from mentorkit.source.problem import Problem, Span, warning

ADDRESS = re.compile(
    r"[^@\s,;<>\"()\[\]:]+@[^@\s,;<>\"()\[\]]+\.[^@\s,;<>\"()\[\]]*[^@\s,;<>\"()\[\].]"
)
NO_VALUE = frozenset(["", "-", "–", "n/a", "na", "none", "anonymous", "null"])
YES = word_set("yes y x true 1 ✓ ✔ ja oui si sí sim wahr vrai verdadero verdadeiro please")
NO = word_set("no n false 0 nein non nao não falsch faux falso none")
NEAR = 0.75  # how alike a misspelled heading is to the one that was meant


@dataclass(kw_only=True)
class Columns:
    """The column of each slot, counted from 0; those of needs; the status; those left unread."""

    slots: dict[str, int] = field(default_factory=dict)
    needs: list[int] = field(default_factory=list)
    status: list[int] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)
    # Slots that two columns hold, which is reported.
    doubled: set[str] = field(default_factory=set)


def find_columns(table: Table, shown: str, problems: list[Problem]) -> Columns:
    """Return the columns; add to `problems` what is in doubt.

    Raises `UnreadableError` where the table has nobody in it, or no column for names.
    """
    if len(table.rows) < 2 and not problems:
        what = f"no people in {shown.rpartition('/')[2]}"
        cure = "write headings in the first row and one person in each row below"
        raise refusal(shown, "nobody", what, cure)
    headings = table.rows.get(table.heading_row, [])
    here = Span(shown, table.heading_row)
    found = Columns()
    meanings = [_meaning(table, column, heading) for column, heading in enumerate(headings)]
    for slot in HEADINGS:
        _fill_slot(slot, meanings, table, found, problems, here)
    found.needs = [n for n, meaning in enumerate(meanings) if meaning.slot == "need"]
    found.status = [n for n, meaning in enumerate(meanings) if meaning.slot == "status"]
    _find_addresses(table, meanings, found)
    problems += _unnamed_columns(table, headings, here)
    _settle_names(table, meanings, found)
    if not {"name", "first", "last", "preferred"} & found.slots.keys():
        there = ", ".join(shorten(heading) for heading in headings[:12] if heading)
        which = "first row" if table.heading_row == 1 else f"row of headings, {table.heading_row},"
        what = "no column has the heading Name, or First name and Last name"
        problems += _misspelled(headings, found, here)
        raise refusal(shown, "no-names", what, f"the {which} has: {there}", table.heading_row)
    used = {*found.slots.values(), *found.needs}
    found.unread = [n for n, text in enumerate(headings) if text and n not in used]
    problems += _misspelled(headings, found, here)
    problems += _unread_names_and_addresses(table, meanings, found, here)
    return found


def shorten(text: str, most: int = 40) -> str:
    """Return the text on one line, cut at `most` characters."""
    text = re.sub(r"\s+", " ", text)
    return text if len(text) <= most else text[: most - 1] + "…"


def cells_of(table: Table, column: int) -> list[str]:
    """Return the cells below a heading."""
    return [cells[column] for number, cells in table.rows.items() if number != table.heading_row]


def address_in(text: str) -> str:
    """Return the one e-mail address in a text such as "Ana Lima (ana@x.example)"; else nothing."""
    found = {fold(match): match for match in ADDRESS.findall(text)}
    return next(iter(found.values())) if len(found) == 1 else ""


def _meaning(table: Table, column: int, heading: str) -> Meaning:
    """Return what a column holds, by its heading, else by the question below it."""
    found = meaning_of(heading)
    if not found.slot and column < len(table.labels) and table.labels[column]:
        found = meaning_of(table.labels[column])
    if found.slot == "email" and found.rank > 1 and not _holds_addresses(table, column):
        return Meaning("other")
    return found


def _holds_addresses(table: Table, column: int) -> bool:
    """Return whether half of the filled cells below a heading hold an e-mail address."""
    cells = [cell for cell in cells_of(table, column) if cell.casefold() not in NO_VALUE]
    return bool(cells) and sum("@" in cell for cell in cells) * 2 >= len(cells)


def _fill_slot(
    slot: str,
    meanings: list[Meaning],
    table: Table,
    found: Columns,
    problems: list[Problem],
    here: Span,
) -> None:
    """Choose the column of a slot: the lowest rank that holds something; equals are a problem."""
    every = [n for n, meaning in enumerate(meanings) if meaning.slot == slot]
    if not every:
        return
    filled = [n for n in every if _is_filled(table, n)] or every
    lowest = min(meanings[n].rank for n in filled)
    best = [n for n in filled if meanings[n].rank == lowest]
    found.slots[slot] = best[0]
    rows = [cells_of(table, column) for column in best]
    if slot != "id" and any(other != rows[0] for other in rows[1:]):
        found.doubled.add(slot)
        headings = table.rows[table.heading_row]
        both = f"“{shorten(headings[best[0]])}” and “{shorten(headings[best[1]])}”"
        what = f"two columns hold the {SPOKEN[slot]}: {both}"
        problems.append(Problem(here, "doubled-column", what, "delete or rename one of them"))


def _is_filled(table: Table, column: int) -> bool:
    return any(cell.casefold() not in NO_VALUE for cell in cells_of(table, column))


def _is_yes_or_no(table: Table, column: int) -> bool:
    return all(cell.casefold() in {*YES, *NO, *NO_VALUE} for cell in cells_of(table, column))


def _find_addresses(table: Table, meanings: list[Meaning], found: Columns) -> None:
    """Take a column whose cells are addresses where no heading names one."""
    email = found.slots.get("email")
    if email is not None and _is_filled(table, email):
        return
    for column, meaning in enumerate(meanings):
        is_free = meaning.slot == "" or meaning.slot == "id" and found.slots.get("id") != column
        if is_free and _holds_addresses(table, column):
            found.slots["email"] = column
            return


def _settle_names(table: Table, meanings: list[Meaning], found: Columns) -> None:
    """Decide by the cells whether "Name" is the whole name, or the family name beside "Vorname"."""
    slots = found.slots
    if "name" not in slots:
        return
    if {"first", "last"} <= slots.keys():
        is_doubtful = meanings[slots["name"]].rank > 1 and _is_filled(table, slots["last"])
        if is_doubtful or not _is_filled(table, slots["name"]):
            del slots["name"]
        return
    part = next((part for part in ("first", "last") if part in slots), "")
    if not part:
        return
    wholes, parts = cells_of(table, slots["name"]), cells_of(table, slots[part])
    pairs = [(fold(a), fold(b)) for a, b in zip(wholes, parts, strict=True) if a and b]
    if pairs and sum(b in a for a, b in pairs) * 2 < len(pairs):
        slots["last" if part == "first" else "first"] = slots.pop("name")


def _unnamed_columns(table: Table, headings: list[str], here: Span) -> Iterator[Problem]:
    for column, heading in enumerate(headings):
        if not heading and any(cells[column] for cells in table.rows.values()):
            what = f"column {column + 1} has no heading"
            yield Problem(here, "no-heading", what, "write one, or delete the column")


def _misspelled(headings: list[str], found: Columns, here: Span) -> Iterator[Problem]:
    """Report headings that are nearly one that is read."""
    words = {word: slot for slot, every in HEADINGS.items() for word in every.split()}
    for heading in headings:
        plain = normalize_heading(heading)
        if len(plain) < 4 or meaning_of(heading).slot:
            continue
        near = difflib.get_close_matches(plain, words, 1, NEAR)
        if near and words[near[0]] not in found.slots:
            what = f"the column “{shorten(heading)}” is not known, so it is not read"
            cure = f'did you mean "{SPOKEN[words[near[0]]]}"?'
            yield warning(here, "unknown-heading", what, cure)


def _unread_names_and_addresses(
    table: Table, meanings: list[Meaning], found: Columns, here: Span
) -> Iterator[Problem]:
    """Report columns that are not read and may hold a name or an address of the participants."""
    headings = table.rows[table.heading_row]
    read_names = [column for slot, column in found.slots.items() if slot in NAME_SLOTS]
    email = found.slots.get("email")
    for column in found.unread:
        meaning, heading = meanings[column], headings[column]
        is_settled = meaning.slot in ("other", "status") or meaning.slot in found.doubled
        if is_settled or not _is_filled(table, column) or _is_yes_or_no(table, column):
            continue
        if (may_hold_a_name(heading) or meaning.slot in NAME_SLOTS) and not _is_repeated(
            table, column, read_names
        ):
            what = f"the column “{shorten(heading)}” may hold a name, and is not read"
            cure = "head it First name, Last name or Preferred name; or delete it"
            yield warning(here, "unread-column", what, cure)
        elif _holds_addresses(table, column) and not _is_repeated(
            table, column, [] if email is None else [email]
        ):
            what = f"the column “{shorten(heading)}” holds addresses, and is not read"
            cure = "head the column with the participants' addresses E-mail; or delete this one"
            yield warning(here, "unread-column", what, cure)


NAME_SLOTS = ("name", "first", "last", "preferred", "middle", "suffix")


def _is_repeated(table: Table, column: int, others: list[int]) -> bool:
    """Return whether every cell of a column stands in a cell of the columns that are read."""
    for number, cells in table.rows.items():
        if number == table.heading_row or cells[column].casefold() in NO_VALUE:
            continue
        known = fold(" ".join(cells[other] for other in others))
        if fold(cells[column]) not in known and not set(fold(cells[column]).split()) <= set(
            known.replace(",", " ").split()
        ):
            return False
    return True
