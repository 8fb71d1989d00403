"""CSV files of people. UTF-8, or UTF-16 with its mark; a wrong guess would print wrong names."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass

from mentorkit.people.table import (
    BLANKS,
    HEADING_ROWS,
    MAX_CELL,
    IsKnown,
    Table,
    check_row_count,
    heading_index,
    refusal,
)
from mentorkit.source.problem import UnreadableError

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
CSV_LIMIT = 100_000  # characters of a line that are looked at; the csv module raises at 131,072


@dataclass(frozen=True)
class RawRow:
    """A row as the csv module reads it, with the numbers of its first and last line."""

    first: int
    last: int
    cells: list[str]


def read_csv(data: bytes, shown: str, is_known: IsKnown) -> Table:
    """Return the table in a CSV file. Raises `UnreadableError` for an encoding or quotes in doubt."""  # noqa: E501
    text, encoding = _decode(data, shown)
    chosen = re.match(r'"?sep=([^"\r\n])"?(\r\n|\r|\n|$)', text)
    separator = chosen[1] if chosen else _separator_of(text, is_known)
    table = Table(form=f"CSV in {encoding}, separated by {SEPARATORS.get(separator, separator)}")
    body = text[chosen.end() :] if chosen else text
    rows = _read_rows(body, shown, separator, 1 if chosen else 0)
    held = [row.cells for row in rows if any(row.cells)]
    start = heading_index(held[:HEADING_ROWS], is_known)
    headings = held[start] if held else []
    below_headings = "ResponseId" in headings  # Qualtrics writes its questions there, as prose
    gap = seen = 0
    for row in rows:
        if not any(row.cells):
            gap += bool(table.rows)
            continue
        seen += 1
        prose = seen <= start or below_headings and seen == start + 2
        if not prose and _is_swallowed(row.cells, separator, len(headings)):
            table.problems.append(_quote_refusal("", shown, row.first, row.last).problem)
            continue
        check_row_count(table.rows, shown, row.first)
        table.rows[row.first] = row.cells
        table.blank, gap = table.blank + gap, 0
    return table


def _read_rows(text: str, shown: str, separator: str, above: int) -> list[RawRow]:
    """Return all rows; `above` is the number of lines that were cut off before them."""
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=separator, strict=True)
    found: list[RawRow] = []
    while True:
        first = reader.line_num + above + 1
        try:
            cells = next(reader, None)
        except csv.Error as fault:
            last = reader.line_num + above
            raise _quote_refusal(str(fault), shown, first, last) from None
        if cells is None:
            return found
        stripped = [cell.strip(BLANKS) for cell in cells]
        found.append(RawRow(first, reader.line_num + above, stripped))


def _separator_of(text: str, is_known: IsKnown) -> str:
    """Return the separator under which most headings are known, then most cells are filled."""
    lines = [line for line in text[:CSV_LIMIT].splitlines() if line.strip(" ,;\t\r\n")]

    def score(separator: str) -> tuple[int, int]:
        found = [(0, 0)]
        for line in lines[:HEADING_ROWS]:
            cells = next(csv.reader([line], delimiter=separator), [])
            found.append((sum(map(is_known, cells)), len(cells)))
        return max(found)

    return max(SEPARATORS, key=score)


def _decode(data: bytes, shown: str) -> tuple[str, str]:
    """Return the text and the name of its encoding. Lone surrogates pass; their row is reported."""
    try:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return data.decode("utf-16", "surrogatepass"), "UTF-16"
        if b"\0" in data[:2]:
            what = "this is UTF-16 without a mark"
            raise refusal(shown, "not-utf8", what, 'save it as "CSV UTF-8"')
        return data.decode("utf-8", "surrogatepass").removeprefix("\ufeff"), "UTF-8"
    except UnicodeDecodeError as fault:
        before, after = data[: fault.start], data[fault.start :]
        line = len(re.findall(rb"\r\n|\r|\n", before)) + 1
        cell = re.split(rb'[,;\t\r\n"]', before)[-1] + re.split(rb'[,;\t\r\n"]', after)[0]
        name = cell[:60].decode("cp1252", "replace")
        what = f"this is not UTF-8; as Windows-1252 it reads “{name}”"
        cure = 'open it in Excel, look at the names, and save it as "CSV UTF-8"'
        raise refusal(shown, "not-utf8", what, cure, line) from None


def _is_swallowed(cells: list[str], separator: str, width: int) -> bool:
    """Return whether a cell of several lines may join two rows for want of a closing quote."""
    lines = [cell for cell in cells if "\n" in cell or "\r" in cell]
    return bool(lines) and (len(cells) != width or any(separator in cell for cell in lines))


def _quote_refusal(words: str, shown: str, first: int, last: int) -> UnreadableError:
    """Return the refusal for what the csv module stopped at, with the line where it began."""
    if last > first or "end of data" in words:
        is_open = "end of data" in words or "limit" in words
        closed = "never closed" if is_open else f"closed only on line {last}"
        what = f"a quote opened here is {closed}"
        cure = "close it in the same cell; if the text really has several lines, "
        cure += "save the list as .xlsx"
        return refusal(shown, "open-quote", what, cure, first)
    if "limit" in words:
        what = f"a cell is longer than {MAX_CELL:,} characters"
        return refusal(shown, "too-long", what, "shorten it", first)
    cure = 'put the whole cell in quotes, and write "" for a quote inside'
    return refusal(shown, "open-quote", "text follows a closing quote", cure, first)
