"""How a list of people was read, in lines that a person compares with the list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mentorkit.people.columns import Columns, shorten
from mentorkit.people.headings import SPOKEN
from mentorkit.people.person import Person
from mentorkit.people.row_checks import group_alike, rows_of
from mentorkit.people.table import Table

SHOWN = 3  # people who are named as they will be printed


def summarize(
    table: Table, columns: Columns, people: Sequence[Person], shown: str
) -> Iterator[str]:
    """Yield three lines (how many, which columns, the first names), then needs and equal names."""
    ends = ""
    if people:
        ends = f", from {shorten(people[0].name)} to {shorten(people[-1].name)}"
    count = f"{len(people)} {'person' if len(people) == 1 else 'people'}"
    yield f"{shown}: {count}{ends} ({table.form}{_left_out(table)})"
    yield _columns_line(table, columns)
    if people:
        yield f"printed as: {'; '.join(map(_printed, people[:SHOWN]))}"
    yield from _needs_lines(people)
    for same in group_alike(people, lambda person: person.name):
        names = sorted({person.name for person in same})
        words = "look alike" if len(names) > 1 else "have one name"
        yield f"{rows_of(same)} {words}: {', '.join(map(shorten, names))}"


def _left_out(table: Table) -> str:
    above = f"; headings in row {table.heading_row}" if table.above else ""
    return above + (f"; blank rows left out: {table.blank}" if table.blank else "")


def _columns_line(table: Table, columns: Columns) -> str:
    """Return which column each value is read from, in the table's order, and what is not read."""
    headings = table.rows[table.heading_row]
    read = {column: SPOKEN[slot] for slot, column in columns.slots.items()}
    read |= dict.fromkeys(columns.needs, "need")
    words = [f"{slot} (“{shorten(headings[column])}”)" for column, slot in sorted(read.items())]
    left = [shorten(headings[column]) for column in columns.unread]
    not_read = f"; not read: {', '.join(left)}" if left else ""
    return f"columns read: {', '.join(words)}{not_read}"


def _printed(person: Person) -> str:
    """Return a person as books and mails name them: "Ana Lima <ana@x.example>, large print"."""
    address = f" <{shorten(person.email)}>" if person.email else ""
    size = ", large print" if person.print == "large" else ""
    pronouns = f", {shorten(person.pronouns)}" if person.pronouns else ""
    has_other = person.certificate_name != person.name
    full = f", on the certificate {shorten(person.certificate_name)}" if has_other else ""
    return f"{shorten(person.name)}{address}{pronouns}{size}{full}"


def _needs_lines(people: Sequence[Person]) -> Iterator[str]:
    """Yield who asks for what: names alone, since what they wrote may be about their health."""
    large = [person.name for person in people if person.print == "large"]
    if large:
        yield f"large print: {', '.join(map(shorten, large))}"
    needs: dict[str, list[str]] = {}
    for person in people:
        for heading, _ in person.needs:
            needs.setdefault(shorten(heading), []).append(shorten(person.name))
    for heading, names in needs.items():
        yield f"“{heading}” is filled in by {', '.join(names)}"
