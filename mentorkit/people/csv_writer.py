"""CSV files that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

# An apostrophe that is there already counts as a blank, so that guarding can be undone.
RISKY = re.compile(r"'*[\s\ufeff]*[=+\-@\t\r\n＝＋－＠]")


def guard_cell(cell: str) -> str:
    """Return the cell with an apostrophe before what a spreadsheet could take for a formula."""
    return "'" + cell if RISKY.match(cell) else cell


def unguard_cell(cell: str) -> str:
    """Return the cell as it was before `guard_cell`."""
    return cell[1:] if cell.startswith("'") and RISKY.match(cell[1:]) else cell


def write_csv(rows: Iterable[Sequence[str]], mark: bool = True) -> bytes:
    """Return rows as CSV in UTF-8, guarded; with the mark by which Excel knows UTF-8."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([guard_cell(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig" if mark else "utf-8")
