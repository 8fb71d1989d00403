"""A table of people: rows of texts, each with its number, below a row of headings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from mentorkit.source.problem import Problem, Span, UnreadableError

MAX_PEOPLE, MAX_COLUMNS, MAX_CELL = 5_000, 60, 1_000
HEADING_ROWS = 25  # rows that hold something, among which the headings are looked for
BLANKS = " \t\u00a0"
SAVE_AS = "save it as .xlsx or as CSV UTF-8"
IN_EXCEL = f"open it in Excel, look at the names, and {SAVE_AS}"
IMPORT_ID = '{"importid"'  # the third row of a Qualtrics export

IsKnown = Callable[[str], bool]


@dataclass(kw_only=True)
class Table:
    """The rows that hold something, by number (the line in CSV, the row in Excel), headings first.

    `form` says how the file was read. `above` holds rows above the headings. `labels` holds the
    questions that Qualtrics writes below its headings. `merged` holds Excel's merged ranges.
    `faults` holds problems of single cells by row number and column, counted from 0.
    """

    rows: dict[int, list[str]] = field(default_factory=dict)
    form: str = ""
    problems: list[Problem] = field(default_factory=list)
    faults: dict[tuple[int, int], Problem] = field(default_factory=dict)
    above: dict[int, list[str]] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    blank: int = 0  # rows without anything, between others
    has_far_cells: bool = False  # something is written beyond the columns that are read

    @property
    def heading_row(self) -> int:
        """Return the number of the row of headings; 1 in an empty table."""
        return next(iter(self.rows), 1)


def refusal(shown: str, code: str, what: str, hint: str, line: int = 1) -> UnreadableError:
    """Return the exception that stops the reading of a file."""
    return UnreadableError(Problem(Span(shown, line), code, what, hint))


def check_row_count(rows: dict[int, list[str]], shown: str, number: int) -> None:
    """Raise `UnreadableError` where a table has more rows than a cohort can have people."""
    if len(rows) > MAX_PEOPLE:
        what = f"more than {MAX_PEOPLE:,} people"
        raise refusal(shown, "too-large", what, "split the list", number)


def heading_index(rows: list[list[str]], is_known: IsKnown) -> int:
    """Return the index of the row of headings: the first with most known ones, else 0."""
    best, most = 0, (0, 0)
    for index, cells in enumerate(rows[:HEADING_ROWS]):
        if IMPORT_ID in "".join(cells).casefold():
            return max(0, index - 2)
    for index, cells in enumerate(rows[:HEADING_ROWS]):
        known = len({cell for cell in cells if cell and is_known(cell)})
        score = (known, sum(map(bool, cells)) if known == 1 else 0)
        if known and score > most:
            best, most = index, score
    return best
