"""Tables of people from the files in which they come: CSV or .xlsx."""

from __future__ import annotations

import re
import stat
from pathlib import Path

from mentorkit.people.csv_table import read_csv
from mentorkit.people.excel_table import read_workbook
from mentorkit.people.table import (
    HEADING_ROWS,
    IMPORT_ID,
    IN_EXCEL,
    MAX_COLUMNS,
    SAVE_AS,
    IsKnown,
    Table,
    heading_index,
    refusal,
)
from mentorkit.source import lint
from mentorkit.source.problem import Problem, Span, warning

MAX_BYTES = 5 * 1024 * 1024
EXCEL_BLOCK = 16  # Excel leaves out the separators of empty last columns in blocks of so many rows
WEB_PAGE = (b"<!doctype", b"<html", b"<head", b"<meta", b"<table", b"<style", b"<!--")


def read_table(path: Path, shown: str, is_known: IsKnown) -> Table:
    """Return the table in the file at `path`, called `shown` in messages.

    `is_known` tells headings, by which their row and the separator of a CSV file are found.
    Raises `UnreadableError` with the problem where the file gives no table.
    """
    data = _read_bytes(path, shown)
    start = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if data.startswith(b"PK\x03\x04"):
        table = read_workbook(data, shown)
    elif data.startswith(b"\xd0\xcf\x11\xe0"):
        what = "this is an old Excel file, or one with a password"
        raise refusal(shown, "not-a-table", what, f"{SAVE_AS}, without a password")
    elif kind := _kind_of_other_file(start):
        raise refusal(shown, "not-a-table", f"this is {kind}, not a table", IN_EXCEL)
    else:
        table = read_csv(data, shown, is_known)
    _find_headings(table, is_known)
    _report_merged_and_hidden(table, shown)
    _even_out(table, shown)
    return table


def _kind_of_other_file(start: bytes) -> str:
    if start.startswith(WEB_PAGE):
        return "a web page"
    return next((kind for head, kind in lint.NOT_TEXT if start.startswith(head.lower())), "")


def _read_bytes(path: Path, shown: str) -> bytes:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            cure = "put the list of people here, as .xlsx or as CSV UTF-8"
            raise refusal(shown, "file", "this is not an ordinary file", cure)
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as fault:
        what = f"this file cannot be read: {fault.strerror}"
        raise refusal(shown, "file", what, "check its name, and who may read it") from None
    if len(data) > MAX_BYTES:
        what = "this file is larger than 5 MB"
        raise refusal(shown, "too-large", what, "keep the list of people alone in it")
    return data


def _find_headings(table: Table, is_known: IsKnown) -> None:
    """Move the rows above the headings out of the table, and the two rows that Qualtrics adds."""
    numbers = list(table.rows)
    start = heading_index(list(table.rows.values())[:HEADING_ROWS], is_known)
    for number in numbers[:start]:
        table.above[number] = table.rows.pop(number)
    below = numbers[start + 1 : start + 3]
    has_ids = [IMPORT_ID in "".join(table.rows[number]).casefold() for number in below]
    if any(has_ids):
        last = has_ids.index(True)
        table.labels = table.rows[below[0]] if last == 1 else []
        for number in below[: last + 1]:
            del table.rows[number]
    numbers = list(table.rows)
    table.blank -= sum(_is_gap(number, table) for number in range(1, numbers[0] if numbers else 1))


def _is_gap(number: int, table: Table) -> bool:
    """Return whether a blank row was counted that lies above the headings."""
    return number not in table.above and bool(table.above) and number > min(table.above)


def _report_merged_and_hidden(table: Table, shown: str) -> None:
    """Report merged cells and hidden rows, but for those above the headings."""
    merged = [ref for ref in table.merged if _last_row(ref) >= table.heading_row]
    if merged:
        what = f"merged cells: {', '.join(merged[:5])}"
        cure = "in Excel choose Unmerge Cells, and fill each cell"
        table.problems.append(Problem(Span(shown), "merged", what, cure))
    hidden = [number for number in table.hidden if number in table.rows]
    if hidden:
        what = f"rows hidden in Excel are read all the same: {', '.join(map(str, hidden))}"
        cure = "show them, and delete those that do not belong here"
        table.problems.append(warning(Span(shown, hidden[0]), "hidden-rows", what, cure))


def _last_row(ref: str) -> int:
    return max((int(digits) for digits in re.findall(r"\d+", ref)), default=0)


def _even_out(table: Table, shown: str) -> None:
    """Make every row as long as the headings; report others, but those that Excel itself cuts."""
    filled = {
        number: max((column for column, cell in enumerate(cells, 1) if cell), default=0)
        for number, cells in table.rows.items()
    }
    width = next(iter(filled.values()), 0)
    blocks: dict[int, set[int]] = {}
    for number, cells in table.rows.items():
        blocks.setdefault((number - 1) // EXCEL_BLOCK, set()).add(len(cells))
    for number, cells in table.rows.items():
        by_excel = number > EXCEL_BLOCK and len(blocks[(number - 1) // EXCEL_BLOCK]) == 1
        if filled[number] > width or len(cells) < width and not by_excel:
            found = max(filled[number], min(len(cells), width))
            what = f"{found} cell{'s' * (found > 1)}, the heading has {width}"
            cure = "look for a missing or needless separator; a cell that holds one needs quotes"
            table.problems.append(Problem(Span(shown, number), "cells", what, cure))
        table.rows[number] = [*cells[:width], *[""] * (width - len(cells))][:MAX_COLUMNS]
    table.labels = [*table.labels[:width], *[""] * (width - len(table.labels))]
    if table.has_far_cells or width > MAX_COLUMNS:
        what = f"only the first {MAX_COLUMNS} columns are read"
        cure = "move what is needed to the left"
        table.problems.append(warning(Span(shown), "columns", what, cure))
