"""Excel workbooks of people, read part by part: what only shapes their look is never opened.

Strict and transitional Open XML, and workbooks of other programs, are read alike. A file is judged
by its list of parts before any of them is opened.
"""

from __future__ import annotations

import datetime
import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from mentorkit.people.table import (
    BLANKS,
    IN_EXCEL,
    MAX_COLUMNS,
    SAVE_AS,
    Table,
    check_row_count,
    refusal,
)
from mentorkit.source.problem import Problem, Span, UnreadableError

MAX_PARTS, MAX_UNPACKED, MAX_PART, MAX_RATIO = 2_000, 100 * 1024 * 1024, 50 * 1024 * 1024, 200
OUTSIDE = re.compile(r"^[/\\]|^\w:|(^|[/\\])\.\.([/\\]|$)")
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
LAST_ROW = 1_048_576  # Excel's own
SHEET_NAMES = ("roster", "people", "participants")
OTHER_FILES = (  # a part, and what a file that holds it is
    ("xl/workbook.bin", "a binary Excel workbook (.xlsb)"),
    ("word/document.xml", "a Word document"),
    ("ppt/presentation.xml", "a PowerPoint file"),
    ("content.xml", "an OpenDocument file"),
    ("index/document.iwa", "a Numbers or Pages file"),
    ("index.zip", "a Numbers or Pages file"),
)
DAMAGE = (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError, RuntimeError)
CODE = re.compile("_x00([01][0-9A-Fa-f])_")  # Excel's way to write control characters


@dataclass
class Workbook:
    """The parts of a workbook by name in lower case, its texts, and the formats of its cells."""

    archive: zipfile.ZipFile
    parts: dict[str, str]
    texts: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    epoch: datetime.datetime = datetime.datetime(1899, 12, 30)

    def open_tree(self, name: str) -> ElementTree.Element | None:
        """Return the root of a part; None where the workbook has no such part."""
        real = self.parts.get(name.casefold())
        return ElementTree.fromstring(self.archive.read(real)) if real else None


@dataclass
class Cell:
    """A cell: its text as Excel shows it, and what is wrong with it in plain words."""

    column: int
    text: str
    fault: str = ""


def read_workbook(data: bytes, shown: str) -> Table:
    """Return the one sheet with people. Raises `UnreadableError` for what is no workbook."""
    _check_parts(data, shown)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            book = _open_workbook(archive)
            tables = [_read_sheet(book, *sheet, shown) for sheet in _sheets_of(book)]
    except UnreadableError:
        raise
    except (*DAMAGE, ElementTree.ParseError, ValueError, KeyError, IndexError, TypeError) as fault:
        what = "this Excel file is damaged"
        raise refusal(shown, "damaged", what, IN_EXCEL) from fault
    if not tables:
        raise refusal(shown, "damaged", "this workbook holds no sheet of cells", IN_EXCEL)
    filled = [table for table in tables if table.rows]
    named = [table for table in filled if table.form.strip().casefold() in SHEET_NAMES]
    if len(filled) > 1 and len(named) != 1:
        what = f"{len(filled)} sheets hold something: {', '.join(t.form for t in filled)}"
        raise refusal(shown, "sheets", what, 'call the one with the people "Roster"')
    table = next(iter(named or filled), Table())
    table.form = f"Excel, sheet “{table.form}”"
    return table


def _check_parts(data: bytes, shown: str) -> None:
    """Refuse what is no workbook, or would not fit into memory; then what declares entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            _check_size(parts, shown)
            _check_kind(parts, shown)
            names = {part.filename for part in parts}
            if len(names) < len(parts) or any(map(_is_suspicious, parts)):
                what = "this workbook has doubled, encrypted or misplaced parts"
                raise refusal(shown, "damaged", what, IN_EXCEL)
            for name in names:
                if name.lower().endswith((".xml", ".rels")) and re.search(
                    rb"<!(DOCTYPE|ENTITY)|\A.{0,3}\0", archive.read(name), re.DOTALL
                ):
                    what = "this workbook declares entities, which Excel never does"
                    raise refusal(shown, "damaged", what, IN_EXCEL)
    except (*DAMAGE, ValueError):
        what = "this Excel file is damaged or cut off"
        raise refusal(shown, "damaged", what, IN_EXCEL) from None


def _check_size(parts: list[zipfile.ZipInfo], shown: str) -> None:
    limits = [min(MAX_PART, max(10_000, part.compress_size * MAX_RATIO)) for part in parts]
    is_large = any(part.file_size > most for part, most in zip(parts, limits, strict=True))
    total = sum(part.file_size for part in parts)
    if is_large or len(parts) > MAX_PARTS or total > MAX_UNPACKED:
        most = f"{MAX_PARTS:,} parts, 50 MB a part, 100 MB in all, or {MAX_RATIO} times its size"
        cure = "copy the list of people into a new workbook"
        raise refusal(shown, "too-large", f"this file unpacks to more than {most}", cure)


def _check_kind(parts: list[zipfile.ZipInfo], shown: str) -> None:
    names = {_normal_name(part.filename) for part in parts}
    if "xl/workbook.xml" not in names:
        kind = next((kind for part, kind in OTHER_FILES if part in names), "")
        what = f"this is {kind}" if kind else "this is not an Excel workbook"
        raise refusal(shown, "not-a-table", what, SAVE_AS)


def _is_suspicious(part: zipfile.ZipInfo) -> bool:
    is_packed_oddly = bool(part.flag_bits & 1) or part.compress_type not in PACKED
    return is_packed_oddly or bool(OUTSIDE.search(part.filename))


def _normal_name(name: str) -> str:
    return name.replace("\\", "/").casefold()


def _open_workbook(archive: zipfile.ZipFile) -> Workbook:
    book = Workbook(archive, {_normal_name(name): name for name in archive.namelist()})
    for name in book.parts:
        if name.startswith("xl/") and name.endswith("sharedstrings.xml"):
            book.texts = list(_shared_texts(archive, book.parts[name]))
    book.formats = _formats_of(book)
    root = book.open_tree("xl/workbook.xml")
    for element in root.iter() if root is not None else ():
        if _tag(element) == "workbookPr" and element.get("date1904") in ("1", "true"):
            book.epoch = datetime.datetime(1904, 1, 1)
    return book


def _shared_texts(archive: zipfile.ZipFile, part: str) -> Iterator[str]:
    with archive.open(part) as stream:
        for _, element in ElementTree.iterparse(stream):
            if _tag(element) == "si":
                yield _text_inside(element)
                element.clear()


def _formats_of(book: Workbook) -> list[str]:
    """Return the number format of each cell style: the only part of a look that changes a text."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS

    try:
        root = book.open_tree("xl/styles.xml")
    except ElementTree.ParseError:
        return []
    if root is None:
        return []
    known: dict[str, str] = {str(key): value for key, value in BUILTIN_FORMATS.items()}
    found: list[str] = []
    for element in root:
        if _tag(element) == "numFmts":
            known |= {item.get("numFmtId", ""): item.get("formatCode", "") for item in element}
        elif _tag(element) == "cellXfs":
            found = [item.get("numFmtId", "0") for item in element]
    return [known.get(number, "General") for number in found]


def _sheets_of(book: Workbook) -> Iterator[tuple[str, str]]:
    """Yield the title and the part of each sheet of cells, in the workbook's order."""
    root = book.open_tree("xl/workbook.xml")
    links = book.open_tree("xl/_rels/workbook.xml.rels")
    targets: dict[str, str] = {}
    for link in links if links is not None else ():
        target = link.get("Target", "").replace("\\", "/")
        path = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
        if link.get("Type", "").rpartition("/")[2] == "worksheet":
            targets[link.get("Id", "")] = posixpath.normpath(path).casefold()
    for element in root.iter() if root is not None else ():
        if _tag(element) == "sheet":
            identifiers = [v for k, v in element.items() if k.rpartition("}")[2] == "id"]
            part = targets.get(identifiers[0] if identifiers else "", "")
            if part in book.parts:
                yield element.get("name", ""), book.parts[part]


def _read_sheet(book: Workbook, title: str, part: str, shown: str) -> Table:
    """Return the rows of a sheet as Excel shows them; `form` is its title."""
    table, last = Table(form=title), 0
    with book.archive.open(part) as stream:
        for _, element in ElementTree.iterparse(stream):
            if _tag(element) == "mergeCell":
                table.merged.append(element.get("ref", ""))
            if _tag(element) != "row":
                continue
            number = int(element.get("r", last + 1))
            if not last < number <= LAST_ROW:
                what = "this workbook's rows are out of order"
                raise refusal(shown, "damaged", what, IN_EXCEL)
            last = number
            cells = _row_of(element, book, number, table, shown)
            if any(cells):
                check_row_count(table.rows, shown, number)
                table.rows[number] = cells
                if element.get("hidden") in ("1", "true"):
                    table.hidden.append(number)
            element.clear()
    width = max(map(len, table.rows.values()), default=0)
    table.rows = {n: [*cells, *[""] * (width - len(cells))] for n, cells in table.rows.items()}
    table.blank = max(table.rows, default=0) - min(table.rows, default=1) + 1 - len(table.rows)
    return table


def _row_of(
    element: ElementTree.Element, book: Workbook, number: int, table: Table, shown: str
) -> list[str]:
    """Return the texts of a row; note faults of cells, and cells beyond the last column read."""
    texts: list[str] = []
    column = -1
    for item in element:
        if _tag(item) != "c":
            continue
        reference = item.get("r", "")
        column = _column_of(reference) if reference else column + 1
        cell = _read_cell(item, book, column)
        if not cell.text and not cell.fault:
            continue
        if column >= MAX_COLUMNS:
            table.has_far_cells = True
            continue
        texts += [""] * (column + 1 - len(texts))
        texts[column] = cell.text or "="
        if cell.fault:
            what = f"{_letters_of(column)}{number} holds {cell.fault}"
            cure = "open and save it in Excel, or type the text itself"
            table.faults[number, column] = Problem(Span(shown, number), "formula", what, cure)
    return texts


def _read_cell(item: ElementTree.Element, book: Workbook, column: int) -> Cell:
    """Return a cell. A formula that was never computed, and an error, are its fault."""
    inside = {_tag(child): child for child in item}
    kind, value = item.get("t", "n"), inside["v"].text or "" if "v" in inside else ""
    if kind == "inlineStr":
        return Cell(column, _clean(_text_inside(inside["is"]) if "is" in inside else ""))
    if "f" in inside and not value and kind != "str":
        return Cell(column, "", "a formula without a value")
    if kind == "e":
        return Cell(column, value, f"an error ({value})")
    if not value:
        return Cell(column, "")
    if kind == "s":
        return Cell(column, _clean(book.texts[int(value)]))
    if kind == "b":
        return Cell(column, "TRUE" if value in ("1", "true") else "FALSE")
    if kind == "d":
        return Cell(column, value.removesuffix("T00:00:00").replace("T", " "))
    if kind == "n":
        style = int(item.get("s", "0"))
        shape = book.formats[style] if style < len(book.formats) else "General"
        return Cell(column, _number_text(value.strip(), shape, book.epoch))
    return Cell(column, _clean(value))


def _number_text(value: str, shape: str, epoch: datetime.datetime) -> str:
    """Return a number as Excel shows it under the number format `shape`."""
    from openpyxl.styles.numbers import is_date_format

    number = float(value)
    if is_date_format(shape) and 0 <= number < 2_958_466:  # the days up to the year 9999
        moment = epoch + datetime.timedelta(days=number)
        if number < 1 and epoch.year < 1900:
            return str((moment + datetime.timedelta(microseconds=500_000)).time())[:8]
        rounded = moment + datetime.timedelta(microseconds=500_000)
        return str(rounded.replace(microsecond=0)).removesuffix(" 00:00:00")
    if abs(number) >= 1e15:  # Excel keeps 15 digits; the rest is lost
        return f"{number:.4E}"
    text = str(int(number)) if number == int(number) else str(number)
    return text.zfill(len(shape)) if re.fullmatch("0+", shape) else text


def _text_inside(element: ElementTree.Element) -> str:
    """Return the text of a string, rich text joined, without the phonetic guide."""
    found = []
    for child in element:
        if _tag(child) == "t":
            found.append(child.text or "")
        elif _tag(child) == "r":
            found += [part.text or "" for part in child if _tag(part) == "t"]
    return "".join(found)


def _clean(text: str) -> str:
    return CODE.sub(lambda found: chr(int(found[1], 16)), text).strip(BLANKS)


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _column_of(reference: str) -> int:
    """Return the column of a reference such as AB12, counted from 0."""
    letters = re.match("[A-Za-z]{1,3}", reference)
    if not letters:
        raise ValueError(reference)
    number = 0
    for letter in letters[0].upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def _letters_of(column: int) -> str:
    """Return the letters of a column counted from 0: A, B, …, Z, AA."""
    return (_letters_of(column // 26 - 1) if column > 25 else "") + chr(65 + column % 26)
