"""A workbook for Excel that holds texts and nothing else: every cell is an inline string, so none can come alive as a formula."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

MOST_UNITS = 32_767  # of UTF-16, in a cell, says Excel
CUT = " … [cut; responses.csv has it whole]"
# What XML cannot hold, and what Excel would take for a code of its own.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
CODE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
LONG_AGO = (1980, 1, 1, 0, 0, 0)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SORT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
LOOK = '<alignment vertical="top" wrapText="1"/></xf>'
TEXT = 'numFmtId="49" applyNumberFormat="1" applyAlignment="1"'  # 49: everything is text
STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    f'<cellXfs count="2"><xf {TEXT}>{LOOK}<xf {TEXT} fontId="1" applyFont="1">{LOOK}</cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


@dataclass(frozen=True)
class Sheet:
    """Its title, its rows (the first `heads` of them are headings), and how wide its columns are."""

    title: str
    rows: Sequence[Sequence[str]]
    heads: int = 1
    widths: Sequence[int] = ()


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """The bytes of the .xlsx file: the same sheets always give the same."""
    names = titles([sheet.title for sheet in sheets])
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>'
        for n, name in enumerate(names, 1)
    )
    parts = {f"xl/worksheets/sheet{n}.xml": _sheet(sheet) for n, sheet in enumerate(sheets, 1)}
    kinds = "".join(_kind(path, "worksheet") for path in parts)
    links = "".join(
        _link(n, "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)
    )
    parts |= {
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _links(
            links + _link(len(sheets) + 1, "styles", "styles.xml")
        ),
        "xl/styles.xml": STYLES,
        "_rels/.rels": _links(_link(1, "officeDocument", "xl/workbook.xml")),
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{_kind('xl/workbook.xml', 'sheet.main')}{_kind('xl/styles.xml', 'styles')}{kinds}</Types>",
    }
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(parts):
            entry = zipfile.ZipInfo(path, LONG_AGO)
            entry.create_system, entry.external_attr, entry.compress_type = (
                3,
                0o100600 << 16,
                zipfile.ZIP_DEFLATED,
            )
            archive.writestr(entry, parts[path].encode("utf-8"))
    return out.getvalue()


def titles(wanted: Sequence[str]) -> list[str]:
    """Titles that Excel takes: without its signs, at most 31 characters, each once."""
    made: list[str] = []
    for title in wanted:
        plain = (
            re.sub(r"[\[\]:*?/\\\x00-\x1f]|^'|'$", " ", UNWRITABLE.sub(" ", title)).strip()
            or "Sheet"
        )
        name, number = plain[:31].strip(), 1
        while name.casefold() in {other.casefold() for other in (*made, "history")}:
            number += 1
            name = f"{plain[:27].strip()} ({number})"
        made.append(name)
    return made


def cell_text(text: str) -> str:
    """What a cell can hold of a text: nearly always all of it."""
    text = UNWRITABLE.sub("\ufffd", text)
    if len(text.encode("utf-16-le")) // 2 > MOST_UNITS:
        room = MOST_UNITS - len(CUT)
        text = text.encode("utf-16-le")[: room * 2].decode("utf-16-le", "ignore") + CUT
    return text


def _link(number: int, sort: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{OFFICE}/{sort}" Target="{target}"/>'


def _links(links: str) -> str:
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>'


def _kind(path: str, sort: str) -> str:
    return f'<Override PartName="/{path}" ContentType="{SORT}.{sort}+xml"/>'


def _sheet(sheet: Sheet) -> str:
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
        for n, width in enumerate(sheet.widths, 1)
    )
    pane = f'<pane ySplit="{sheet.heads}" topLeftCell="A{sheet.heads + 1}" activePane="bottomLeft" state="frozen"/>'
    rows = "".join(
        f'<row r="{n}">{_cells(row, n, int(n <= sheet.heads))}</row>'
        for n, row in enumerate(sheet.rows, 1)
    )
    head = f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>{f"<cols>{widths}</cols>" if widths else ""}'
    return f'{HEAD}<worksheet xmlns="{MAIN}">{head}<sheetData>{rows}</sheetData></worksheet>'


def _cells(row: Sequence[str], number: int, style: int) -> str:
    filled = [(column(place), text) for place, text in enumerate(row) if text]
    cell = '<c r="{}{}" s="{}" t="inlineStr"><is><t xml:space="preserve">{}</t></is></c>'
    return "".join(cell.format(name, number, style, _written(text)) for name, text in filled)


def _written(text: str) -> str:
    return escape(CODE.sub("_x005F_", cell_text(text)), {"\r": "&#13;"})


def column(place: int) -> str:
    """A, B, …, Z, AA, … for 0, 1, …"""
    return (column(place // 26 - 1) if place > 25 else "") + chr(65 + place % 26)
