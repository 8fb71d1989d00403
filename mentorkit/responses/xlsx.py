"""Workbooks for Excel that hold texts and nothing else: no cell can become a formula or a link."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import xlsxwriter  # type: ignore[import-untyped]

MAX_UNITS = 32_767  # of UTF-16, in a cell: Excel's limit
CUT = " … [cut; responses.csv has it whole]"
# What XML cannot hold, or Excel refuses.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
MADE = datetime.datetime(1980, 1, 1, tzinfo=datetime.UTC)  # the same texts give the same bytes
TEXT = {"num_format": "@", "valign": "top", "text_wrap": True, "font_name": "Calibri"}
OPTIONS = {
    "in_memory": True,  # answers never reach a temporary file
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(frozen=True)
class Sheet:
    """A sheet: its title, its rows (the first `heads` are headings), its columns' widths."""

    title: str
    rows: Sequence[Sequence[str]]
    heads: int = 1
    widths: Sequence[int] = ()


def make_workbook(sheets: Sequence[Sheet]) -> bytes:
    """Return the bytes of the .xlsx file: the same sheets always give the same."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS)
    book.set_properties({"created": MADE})
    plain, bold = book.add_format(TEXT), book.add_format(TEXT | {"bold": True})
    for sheet, title in zip(sheets, make_titles([sheet.title for sheet in sheets]), strict=True):
        page = book.add_worksheet(title)
        page.freeze_panes(sheet.heads, 0)
        for column, width in enumerate(sheet.widths):
            page.set_column(column, column, width)
        for number, row in enumerate(sheet.rows):
            style = bold if number < sheet.heads else plain
            for column, text in enumerate(row):
                if text:
                    page.write_string(number, column, cell_text(text), style)
    book.close()
    return out.getvalue()


def make_titles(wanted: Sequence[str]) -> list[str]:
    """Return titles that Excel takes: without its signs, at most 31 characters, each once."""
    made: list[str] = []
    for title in wanted:
        kept = re.sub(r"[\[\]:*?/\\\x00-\x1f]|^'|'$", " ", UNWRITABLE.sub(" ", title)).strip()
        plain = kept or "Sheet"
        name, number = plain[:31].strip(), 1
        while name.casefold() in {other.casefold() for other in (*made, "history")}:
            number += 1
            name = f"{plain[:27].strip()} ({number})"
        made.append(name)
    return made


def cell_text(text: str) -> str:
    """Return what a cell can hold of a text: nearly always all of it."""
    text = UNWRITABLE.sub("\ufffd", text)
    if len(text.encode("utf-16-le")) // 2 > MAX_UNITS:
        room = MAX_UNITS - len(CUT)
        text = text.encode("utf-16-le")[: room * 2].decode("utf-16-le", "ignore") + CUT
    return text
