"""What is wrong with rows of a list of people, by themselves and beside each other."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from operator import attrgetter

from mentorkit.people.columns import Columns, shorten
from mentorkit.people.folder_names import fold
from mentorkit.people.headings import SPOKEN
from mentorkit.people.person import Person
from mentorkit.people.table import MAX_CELL, Table
from mentorkit.source import lint
from mentorkit.source.problem import Problem, Span, warning

EXPORT_ROW = re.compile(
    r"points possible|students?,? test|test,? student|manual posting|(class|overall|group) average|"
    r"(grand |sub-?)?totals?( (registrants|participants|attendees|responses|people|users))?"
    r"\s*[:=]?\s*[\d.,]*|(average|count|sum|mean)\s*[:=]?\s*[\d.,]*|n\s*=\s*\d+|"
    r"(registrants|participants|attendees|responses)\s*:\s*\d+|end of (list|report)|"
    r"gesamt(summe)?\s*:?\s*\d*|summe\s*:?\s*\d*|total general\s*:?\s*\d*",
    re.IGNORECASE,
)
MONTHS = (
    "jan|ene|janv|feb|fev|fév|févr|mar|mär|mrz|mars|abr|apr|avr|avril|may|mai|maio|jun|juin|jul|juil|"
    "ago|aug|août|aoû|sep|sept|set|oct|okt|out|nov|dec|dez|dic|déc"
)
EXCEL_DATE = re.compile(
    rf"\d{{1,2}}[-./ ]+({MONTHS})\.?([-./ ]+\d{{2,4}})?|({MONTHS})\.?[-./ ]+\d{{1,4}}|"
    r"\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?",
    re.IGNORECASE,
)
EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+")
ENTITY = re.compile(r"&(#\d+|#x[0-9a-f]+|[a-z]+\d?);", re.IGNORECASE)
LOST_LETTER = re.compile(r"\w\?|\?\w")
CODE_PAGES = ("cp1252", "latin-1", "cp1250", "cp1251", "mac_roman")
CANCELLED = re.compile(
    r"cancell?ed|den(y|ied)|declined?|deleted|not attending|withdrawn|refunded|rejected",
    re.IGNORECASE,
)
AFTER_COMMA = re.compile(
    r"\s*(jr|sr|i{1,3}|iv|ph\.?\s?d|m\.?d|m\.?sc|b\.?sc|dr)\.?\b.*", re.IGNORECASE
)
FEW = 3  # people with an id or address, beside whom a row without either is noticed


def reason_to_leave_out(row: list[str], cells: dict[str, str], table: Table) -> str:
    """Return the words by which a row is surely no person; nothing where it may be."""
    names = [cells[slot] for slot in ("name", "first", "last") if cells.get(slot)]
    headings = table.rows[table.heading_row]
    filled = [(cell, heading) for cell, heading in zip(row, headings, strict=True) if cell]
    if all(cell == heading for cell, heading in filled):
        return shorten(filled[0][0])
    if cells.get("email") and "@" in cells["email"]:
        return ""
    user = next((cell for cell in row if cell.casefold().endswith("_previewuser")), "")
    if user:
        return shorten(user)
    whole = " ".join(names) if "name" not in cells else cells["name"]
    first = next(filter(None, row), "")
    for words in (whole, first):
        if EXPORT_ROW.fullmatch(words.strip()):
            return shorten(words.strip())
    return ""


def check_cells(cells: dict[str, str], here: Span) -> list[Problem]:
    """Return what is wrong with the texts of one row."""
    found: list[Problem] = []
    for slot, text in cells.items():
        found += _check_text(slot, text, here)
    names = [cells.get(slot, "") for slot in ("name", "first", "last", "preferred")]
    if not "".join(names).strip("\u200c\u200d"):  # joiners alone cannot be seen
        what = f"row {here.line} has no name"
        found.append(Problem(here, "unnamed-person", what, "write the name, or delete the row"))
    number = cells.get("id", "")
    if re.fullmatch(r"\d([.,]\d+)?E\+?\d+", number, re.IGNORECASE) or EXCEL_DATE.fullmatch(number):
        what = f"the id looks changed by Excel ({number})"
        found.append(Problem(here, "excel-id", what, AS_TEXT.format(what="id")))
    if cells.get("email") and not EMAIL.fullmatch(cells["email"]):
        what = f"“{shorten(cells['email'])}” is not an e-mail address"
        cure = "write one address alone, or leave the cell empty"
        found.append(Problem(here, "email", what, cure))
    return found


AS_TEXT = "format the column as Text, and type the {what} again"


def _check_text(slot: str, text: str, here: Span) -> Iterator[Problem]:
    """Yield what no cell may hold: too much, line breaks, characters that cannot be seen."""
    if len(text) > MAX_CELL:
        what = f"the {SPOKEN[slot]} is longer than {MAX_CELL:,} characters"
        yield Problem(here, "long-cell", what, "shorten it")
    elif not {"\r", "\n", *lint.BREAKS}.isdisjoint(text):
        what = f"a line break stands inside the {SPOKEN[slot]}"
        yield Problem(here, "line-break", what, "write it on one line")
    else:
        for problem in lint.refused_lines(text, here.file, MAX_CELL)[0]:
            yield replace(problem, span=here, what=f"{problem.what}, in the {SPOKEN[slot]}")


def check_names(name: str, here: Span) -> Iterator[Problem]:
    """Yield a warning where a name looks changed by a wrong encoding."""
    meant = repaired_encoding(name)
    if meant:
        what = f"the name looks changed by a wrong encoding ({shorten(name)}; meant {meant}?)"
        yield warning(here, "wrong-encoding", what, "write the name as it should be printed")
    elif LOST_LETTER.search(name) or "??" in name:
        what = f"the name looks as if letters were lost ({shorten(name)})"
        yield warning(here, "wrong-encoding", what, "write the name as it should be printed")


def repaired_encoding(text: str) -> str:
    """Return what was meant by a text of a wrong encoding, or with HTML codes; else nothing."""
    if ENTITY.search(text) and html.unescape(text) != text:
        return html.unescape(text)
    if text.isascii():
        return ""
    for page in CODE_PAGES:
        try:
            # Windows leaves five bytes without a letter; programs pass them on as they are.
            data = b"".join(_encode_letter(letter, page) for letter in text)
            meant = data.decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
        if meant != text and meant.isprintable():
            return meant
    return ""


def _encode_letter(letter: str, page: str) -> bytes:
    try:
        return letter.encode(page)
    except UnicodeEncodeError:
        if 0x80 <= ord(letter) < 0xA0:
            return bytes([ord(letter)])
        raise


def check_row_is_a_person(
    table: Table, columns: Columns, person: Person, here: Span
) -> Iterator[Problem]:
    """Yield warnings for a row that may be no participant: no letters, a cancelled registration."""
    if person.name.strip("\u200c\u200d") and not any(sign.isalpha() for sign in person.name):
        what = f"row {person.row} looks like no person (“{shorten(person.name)}”)"
        yield warning(here, "no-person", what, "delete the row, or write the name")
    for column in columns.status:
        cell = table.rows[person.row][column]
        if CANCELLED.fullmatch(cell):
            heading = shorten(table.rows[table.heading_row][column])
            what = f"{person.name} is read although “{heading}” says “{shorten(cell)}”"
            yield warning(
                here, "cancelled", what, "delete the row if the person does not take part"
            )


def check_rows_together(people: list[Person], shown: str) -> Iterator[Problem]:
    """Yield what is seen only beside other rows: equal people, odd ids, names turned round."""
    yield from _equal_people(people, shown)
    yield from _short_ids(people, shown)
    yield from _nameless_addresses(people, shown)
    yield from _turned_names(people, shown)
    dates = [person for person in people if EXCEL_DATE.fullmatch(person.group)]
    if dates:
        what = (
            f"the group looks like a date that Excel made ({dates[0].group}), in {rows_of(dates)}"
        )
        yield warning(Span(shown, dates[0].row), "excel-date", what, AS_TEXT.format(what="group"))


def _nameless_addresses(people: list[Person], shown: str) -> Iterator[Problem]:
    """Yield a warning for rows without id and e-mail where nearly all others have one."""
    for slot in ("id", "email"):
        without = [person for person in people if not getattr(person, slot)]
        has_none = [person for person in without if not person.id and not person.email]
        if has_none and len(people) - len(without) >= max(FEW, 9 * len(has_none)):
            for person in has_none:
                what = f"{shorten(person.name)} has neither id nor e-mail; all others have one"
                cure = "add one; or delete the row if it is no person"
                yield warning(Span(shown, person.row), "no-person", what, cure)
            return


def _turned_names(people: list[Person], shown: str) -> Iterator[Problem]:
    """Yield one warning for names written with the family name first, which are printed so."""
    turned = [
        person
        for person in people
        if re.fullmatch(r"[^,]+,[^,]+", person.name)
        and not AFTER_COMMA.fullmatch(person.name.partition(",")[2])
    ]
    if turned:
        count = "1 name is" if len(turned) == 1 else f"{len(turned)} names are"
        what = f"{count} written last name first, and printed so (“{shorten(turned[0].name)}”)"
        cure = "make two columns, First name and Last name; in Excel: Data, Text to Columns"
        yield warning(Span(shown, turned[0].row), "last-name-first", what, cure)


def _equal_people(people: list[Person], shown: str) -> Iterator[Problem]:
    """Yield a problem for each set of rows that nothing tells apart."""
    reported: set[str] = set()
    for field, words in (
        ("id", "have the same id"),
        ("email", "have the same e-mail"),
        ("key", "cannot be told apart"),
    ):
        for same in group_alike(people, attrgetter(field)):
            rows = rows_of(same)
            if rows not in reported:
                reported.add(rows)
                what = f"{rows} {words} (“{shorten(getattr(same[0], field))}”)"
                cure = "give each person an id or e-mail of their own, or delete the row that "
                cure += "is there twice"
                yield Problem(Span(shown, same[1].row), "same-person", what, cure)


def group_alike(people: Iterable[Person], text_of: Callable[[Person], str]) -> list[list[Person]]:
    """Return the sets of two people or more whose texts look the same."""
    sets: dict[str, list[Person]] = {}
    for person in people:
        sets.setdefault(fold(text_of(person)), []).append(person)
    return [same for text, same in sets.items() if text and len(same) > 1]


def _short_ids(people: list[Person], shown: str) -> Iterator[Problem]:
    """Yield ids that seem to have lost their leading zeros, beside others that kept them."""
    numbers = [person for person in people if person.id.isdecimal()]
    length = max((len(person.id) for person in numbers if person.id.startswith("0")), default=0)
    for person in numbers:
        if len(person.id) < length:
            what = f"the id looks changed by Excel ({person.id}; others have {length} digits)"
            yield warning(Span(shown, person.row), "excel-id", what, AS_TEXT.format(what="id"))


def rows_of(people: list[Person]) -> str:
    """Return "row 4", or "rows 4, 7 and 9"."""
    numbers = [str(person.row) for person in people]
    if len(numbers) == 1:
        return f"row {numbers[0]}"
    return f"rows {', '.join(numbers[:-1])} and {numbers[-1]}"
