"""A table as it comes out of Excel, from CSV or .xlsx: rows of texts, each with its number. Nothing is guessed, nothing merged.

CSV is UTF-8, or UTF-16 with its mark; another encoding is refused, since a wrong guess prints wrong names.
An .xlsx file is judged by its list of parts before any of them is opened.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
import stat
import warnings
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from mentorkit.source import lint
from mentorkit.source.problem import Problem, Span, Unreadable, warning

MAX_BYTES, MAX_PEOPLE, MAX_COLUMNS, MAX_CELL = 5 * 1024 * 1024, 5_000, 60, 1_000
MAX_PARTS, MAX_UNPACKED, MAX_PART, MAX_RATIO = 2_000, 100 * 1024 * 1024, 50 * 1024 * 1024, 200
OUTSIDE = re.compile(r"^[/\\]|^\w:|(^|[/\\])\.\.([/\\]|$)")
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
LAST_ROW = 1_048_576  # Excel's own
EXCEL_BLOCK = 16  # Excel leaves out the separators of empty last columns in blocks of so many rows
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
BLANKS = " \t\u00a0"
WEB_PAGE = (b"<!doctype", b"<html", b"<head", b"<meta", b"<table", b"<style", b"<!--")
SHEET_NAMES = ("roster", "people", "participants")
SAVE_AS = "save it as .xlsx or as CSV UTF-8"
IN_EXCEL = f"open it in Excel, look at the names, and {SAVE_AS}"


@dataclass
class Table:
    """The rows that hold something, by number (the line in CSV, the row in Excel), the headings first; `form` says how they were read."""

    rows: dict[int, list[str]] = field(default_factory=dict)
    form: str = ""
    problems: list[Problem] = field(default_factory=list)
    faults: dict[tuple[int, int], Problem] = field(
        default_factory=dict
    )  # of single cells, by row number and column from 0
    blank: int = 0  # rows without anything between the others
    gap: int = 0  # those since the last that holds something
    far: bool = False  # something stands beyond the columns that are read


def read_table(path: Path, shown: str, known: Callable[[str], bool]) -> Table:
    """The table in the file at `path`, called `shown`; `known` tells a heading. Raises `Unreadable`."""
    data = _bytes(path, shown)
    start = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if data.startswith(b"PK\x03\x04"):
        table = _workbook(data, shown)
    elif data.startswith(b"\xd0\xcf\x11\xe0"):
        raise refused(
            shown,
            "not-a-table",
            "this is an old Excel file, or one with a password",
            f"{SAVE_AS}, without a password",
        )
    elif (
        kind := "a web page"
        if start.startswith(WEB_PAGE)
        else next((kind for head, kind in lint.NOT_TEXT if start.startswith(head.lower())), "")
    ):
        raise refused(shown, "not-a-table", f"this is {kind}, not a table", IN_EXCEL)
    else:
        table = _csv(data, shown, known)
    _even_out(table, shown)
    return table


def refused(shown: str, code: str, what: str, hint: str, line: int = 1) -> Unreadable:
    """What stops the reading of a file."""
    return Unreadable(Problem(Span(shown, line), code, what, hint))


def _bytes(path: Path, shown: str) -> bytes:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise refused(
                shown,
                "file",
                "this is not an ordinary file",
                "put the list of people here, as .xlsx or as CSV UTF-8",
            )
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as fault:
        raise refused(
            shown,
            "file",
            f"this file cannot be read: {fault.strerror}",
            "check its name, and who may read it",
        ) from None
    if len(data) > MAX_BYTES:
        raise refused(
            shown,
            "too-large",
            "this file is larger than 5 MB",
            "keep the list of people alone in it",
        )
    return data


# ---- CSV ---------------------------------------------------------------------------------------------------------


def _csv(data: bytes, shown: str, known: Callable[[str], bool]) -> Table:
    text, encoding = _decode(data, shown)
    lines = io.StringIO(text, newline="")
    heading = next((line for line in lines if line.strip(" ,;\t\r\n")), "")[
        :100_000
    ]  # the csv module raises at 131,072
    lines.seek(0)
    chosen = re.fullmatch(r'"?sep=([^"\r\n])"?[\r\n]*', lines.readline())

    def fits(sign: str) -> tuple[int, int]:
        cells = next(csv.reader([heading], delimiter=sign))
        return sum(map(known, cells)), len(cells)

    separator = chosen[1] if chosen else max(SEPARATORS, key=fits)
    table = Table(form=f"CSV in {encoding}, separated by {SEPARATORS.get(separator, separator)}")
    above = 1 if chosen else lines.seek(0)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        start = reader.line_num + above + 1
        try:
            cells = next(reader, None)
        except csv.Error as fault:
            raise _quote(str(fault), shown, start, reader.line_num + above) from None
        if cells is None:
            return table
        if _swallowed(cells, separator, len(next(iter(table.rows.values()), cells))):
            table.problems.append(_quote("", shown, start, reader.line_num + above).problem)
        else:
            _add(table, shown, start, [cell.strip(BLANKS) for cell in cells])


def _decode(data: bytes, shown: str) -> tuple[str, str]:
    try:  # a lone surrogate passes here, to be told with its row
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return data.decode("utf-16", "surrogatepass"), "UTF-16"
        if b"\0" in data[:2]:
            raise refused(
                shown, "not-utf8", "this is UTF-16 without a mark", 'save it as "CSV UTF-8"'
            )
        return data.decode("utf-8", "surrogatepass").removeprefix("\ufeff"), "UTF-8"
    except UnicodeDecodeError as fault:
        line = len(re.findall(rb"\r\n|\r|\n", data[: fault.start])) + 1
        cell = (
            re.split(rb'[,;\t\r\n"]', data[: fault.start])[-1]
            + re.split(rb'[,;\t\r\n"]', data[fault.start :])[0]
        )
        raise refused(
            shown,
            "not-utf8",
            f"this is not UTF-8; as Windows-1252 it reads “{cell[:60].decode('cp1252', 'replace')}”",
            'open it in Excel, look at the names, and save it as "CSV UTF-8"',
            line,
        ) from None


def _swallowed(cells: list[str], separator: str, width: int) -> bool:
    """True where a cell of several lines may be the end of one row and the start of another, for want of a closing quote."""
    lines = [cell for cell in cells if "\n" in cell or "\r" in cell]
    return bool(lines) and (len(cells) != width or any(separator in cell for cell in lines))


def _quote(words: str, shown: str, start: int, end: int) -> Unreadable:
    """What the csv module stumbled over, told at the row where it began."""
    if end > start or "end of data" in words:
        closed = (
            "never closed"
            if "end of data" in words or "limit" in words
            else f"closed only on line {end}"
        )
        return refused(
            shown,
            "open-quote",
            f"a quote opened here is {closed}",
            "close it in the same cell; if the text really has several lines, save the list as .xlsx",
            start,
        )
    if "limit" in words:
        return refused(
            shown, "too-long", f"a cell is longer than {MAX_CELL:,} characters", "shorten it", start
        )
    return refused(
        shown,
        "open-quote",
        "text follows a closing quote",
        'put the whole cell in quotes, and write "" for a quote inside',
        start,
    )


# ---- Excel -------------------------------------------------------------------------------------------------------


def _workbook(data: bytes, shown: str) -> Table:
    _look_at_parts(data, shown)
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl leaves out is never a cell
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            filled = [table for sheet in book.worksheets if (table := _sheet(sheet, shown)).rows]
            if not book.worksheets:
                raise ValueError
    except Unreadable:
        raise
    except Exception:  # openpyxl raises whatever a damaged file leads it into
        raise refused(shown, "damaged", "this Excel file is damaged", IN_EXCEL) from None
    named = [table for table in filled if table.form.strip().casefold() in SHEET_NAMES]
    if len(filled) > 1 and len(named) != 1:
        titles = ", ".join(table.form for table in filled)
        raise refused(
            shown,
            "sheets",
            f"{len(filled)} sheets hold something: {titles}",
            'call the one with the people "Roster"',
        )
    table = next(iter(named or filled), Table())
    table.form = f"Excel, sheet “{table.form}”"
    return table


def _look_at_parts(data: bytes, shown: str) -> None:
    """Refuses what is no workbook, or would not fit into memory, by its list of parts; then what declares entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            large = any(
                part.file_size > min(MAX_PART, max(10_000, part.compress_size * MAX_RATIO))
                for part in parts
            )
            if (
                large
                or len(parts) > MAX_PARTS
                or sum(part.file_size for part in parts) > MAX_UNPACKED
            ):
                most = f"{MAX_PARTS:,} parts, 50 MB a part, 100 MB in all, or {MAX_RATIO} times its size"
                raise refused(
                    shown,
                    "too-large",
                    f"this file unpacks to more than {most}",
                    "copy the list of people into a new workbook",
                )
            if "xl/workbook.xml" not in names:
                raise refused(shown, "not-a-table", "this is not an Excel workbook", SAVE_AS)
            if len(names) < len(parts) or any(
                part.flag_bits & 1
                or part.compress_type not in PACKED
                or OUTSIDE.search(part.filename)
                for part in parts
            ):
                raise refused(
                    shown,
                    "damaged",
                    "this workbook has doubled, encrypted or misplaced parts",
                    IN_EXCEL,
                )
            for name in names:
                if name.endswith((".xml", ".rels")) and re.search(
                    rb"<!(DOCTYPE|ENTITY)|\A.{0,3}\0", archive.read(name), re.DOTALL
                ):
                    raise refused(
                        shown,
                        "damaged",
                        "this workbook declares entities, which Excel never does",
                        IN_EXCEL,
                    )
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        OSError,
        EOFError,
        RuntimeError,
        ValueError,
    ):
        raise refused(shown, "damaged", "this Excel file is damaged or cut off", IN_EXCEL) from None


def _sheet(sheet: Any, shown: str) -> Table:
    """The rows of one sheet, as Excel shows them; `form` is its title."""
    from openpyxl.utils import get_column_letter

    table = Table(form=sheet.title)
    filled, unvalued = _marks(sheet, shown, table)
    # Without the limits one stray cell in the last corner would be filled up to with empty ones.
    for number, cells in enumerate(
        sheet.iter_rows(max_row=max(filled, default=1), max_col=MAX_COLUMNS), 1
    ):
        if number not in filled:
            continue
        texts = [_text(cell) for cell in cells]
        for place, cell in enumerate(cells):
            fault = (
                "a formula without a value"
                if (number, place) in unvalued
                else f"an error ({cell.value})"
                if cell.data_type == "e"
                else ""
            )
            if fault:
                texts[place] = texts[place] or "="  # the row holds something
                what = f"{get_column_letter(place + 1)}{number} holds {fault}"
                table.faults[number, place] = Problem(
                    Span(shown, number),
                    "formula",
                    what,
                    "open and save it in Excel, or type the text itself",
                )
        _add(table, shown, number, texts)
    table.blank = max(table.rows, default=0) - min(table.rows, default=1) + 1 - len(table.rows)
    if hidden := [number for number in table.rows if filled[number]]:
        table.problems.append(
            warning(
                Span(shown, hidden[0]),
                "hidden-rows",
                f"rows hidden in Excel are read all the same: {', '.join(map(str, hidden))}",
                "show them, and delete those that do not belong here",
            )
        )
    return table


def _marks(sheet: Any, shown: str, table: Table) -> tuple[dict[int, bool], set[tuple[int, int]]]:
    """What openpyxl does not tell when it only reads: the rows that hold something (True: hidden), and the cells whose formula was never computed."""
    from openpyxl.utils.cell import coordinate_to_tuple

    filled: dict[int, bool] = {}
    unvalued: set[tuple[int, int]] = set()
    merged: list[str] = []
    last = 0
    with sheet.parent._archive.open(sheet._worksheet_path) as stream:
        for _, element in ElementTree.iterparse(stream):
            tag = element.tag.rpartition("}")[2]
            if tag == "mergeCell":
                merged.append(element.get("ref", ""))
            elif tag == "row":
                number, column = int(element.get("r", last + 1)), 0
                if not last < number <= LAST_ROW:  # openpyxl would drop it
                    raise refused(
                        shown, "damaged", "this workbook's rows are out of order", IN_EXCEL
                    )
                last = number
                for cell in element:
                    column = coordinate_to_tuple(cell.get("r"))[1] if cell.get("r") else column + 1
                    inside = {child.tag.rpartition("}")[2]: child.text for child in cell}
                    if inside and column <= MAX_COLUMNS:
                        filled[number] = element.get("hidden") in ("1", "true")
                        if "f" in inside and not inside.get("v") and cell.get("t") != "str":
                            unvalued.add((number, column - 1))
                    table.far = table.far or bool(inside) and column > MAX_COLUMNS
                element.clear()
    if merged:
        table.problems.append(
            Problem(
                Span(shown),
                "merged",
                f"merged cells: {', '.join(merged[:5])}",
                "in Excel choose Unmerge Cells, and fill each cell",
            )
        )
    return filled, unvalued


def _text(cell: Any) -> str:
    """A cell's text as Excel shows it."""
    value = cell.value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime.datetime):
        return str(value).removesuffix(" 00:00:00")
    if isinstance(value, int | float):
        if abs(value) >= 1e15:  # Excel keeps 15 digits, so the rest is lost
            return f"{value:.4E}"
        text = str(int(value)) if value == int(value) else str(value)
        return (
            text.zfill(len(cell.number_format)) if re.fullmatch("0+", cell.number_format) else text
        )
    text = "" if value is None else str(value)
    return re.sub("_x00([01][0-9A-Fa-f])_", lambda found: chr(int(found[1], 16)), text).strip(
        BLANKS
    )  # Excel's way to write control characters


def _add(table: Table, shown: str, number: int, cells: list[str]) -> None:
    """One row more, if it holds something."""
    if any(cells):
        if len(table.rows) > MAX_PEOPLE:
            raise refused(
                shown, "too-large", f"more than {MAX_PEOPLE:,} people", "split the list", number
            )
        table.rows[number] = cells
        table.blank, table.gap = table.blank + table.gap, 0
    elif table.rows:
        table.gap += 1


def _even_out(table: Table, shown: str) -> None:
    """Every row as long as the headings; others are told, but for those that Excel itself shortens."""
    filled = {
        number: max(place for place, cell in enumerate(cells, 1) if cell)
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
            table.problems.append(
                Problem(
                    Span(shown, number),
                    "cells",
                    f"{found} cell{'s' * (found > 1)}, the heading has {width}",
                    "look for a missing or needless separator; a cell that holds one needs quotes",
                )
            )
        table.rows[number] = [*cells[:width], *[""] * (width - len(cells))][:MAX_COLUMNS]
    if table.far or width > MAX_COLUMNS:
        table.problems.append(
            warning(
                Span(shown),
                "columns",
                f"only the first {MAX_COLUMNS} columns are read",
                "move what is needed to the left",
            )
        )
