"""The widths of a table's columns, found from its words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mentorkit.edition.content import Column, Given, Table
from mentorkit.edition.field import Kind, Place
from mentorkit.edition.markdown import plain

MEASURE_MM = 177.9  # the text width of a Letter page; A4 is 3 % narrower
FIXED_MM = {Kind.TICK: 24.0, Kind.PERCENT: 26.0, Kind.DATE: 34.0, Kind.CHOICE: 34.0}
CIRCLE_MM = 5.6
PICK_MM = 17.0  # a drop-down beside the circles of a scale
MOST_IN_A_ROW = 7  # a scale with more points takes two rows
CHARACTER_MM = 1.85
SEMIBOLD_MM = 1.9
# A word longer than this may be broken.
LONGEST_WORD = 16
# Cells with more characters than this need a column of at least so many millimeters.
LONG_CELL, LONG_CELL_MM = 24, 24.0
# Cells with fewer characters than this stay on one line.
ONE_LINE = 14
PLACE_WEIGHT = 13.0


@dataclass(frozen=True)
class Need:
    """What a column needs: its least width in millimeters, and its share of what is left."""

    least_mm: float
    weight: float


def column_percents(table: Table) -> list[int]:
    """Return the width of each column in whole percents, the column of the rows' texts first.

    Columns of ticks, dates, percents, choices and scales have a fixed width. The others share what
    is left: the longer their longest text, the more, but less than in proportion.
    """
    needs = list(_needs(table))
    spare = max(MEASURE_MM - sum(need.least_mm for need in needs), 0)
    weights = sum(need.weight for need in needs)
    if weights:
        widths = [need.least_mm + spare * need.weight / weights for need in needs]
    else:
        widths = [need.least_mm + spare / len(needs) for need in needs]
    total = sum(widths)
    return [max(3, round(100 * width / total)) for width in widths]


def _needs(table: Table) -> Iterator[Need]:
    rows = table.rows
    heads = [_row_text(row.text, row.left, row.right) for row in rows]
    yield _need_of_texts(heads, any(row.own for row in rows), table.first)
    for index, column in enumerate(table.columns):
        if column.kind in FIXED_MM or column.kind is Kind.SCALE:
            yield Need(max(_fixed_mm(column), _longest_word_mm(column.title)), 0)
            continue
        cells = [row.cells[index] for row in rows if index < len(row.cells)]
        texts = [cell.text for cell in cells if isinstance(cell, Given)]
        has_places = any(isinstance(cell, Place) for cell in cells)
        yield _need_of_texts(texts, has_places, column.title)


def _row_text(text: str, left: str, right: str) -> str:
    return f"{left} / {right}" if right else text or left


def _fixed_mm(column: Column) -> float:
    if column.kind is not Kind.SCALE:
        assert column.kind is not None
        return FIXED_MM[column.kind]
    rows = 1 if column.points <= MOST_IN_A_ROW else 2
    return -(-column.points // rows) * CIRCLE_MM + PICK_MM


def _longest_word_mm(title: str) -> float:
    return SEMIBOLD_MM * max(map(len, plain(title).split()), default=0) + 3


def _need_of_texts(texts: Sequence[str], has_places: bool, title: str) -> Need:
    """Return what a column of texts, or of places to write in, needs."""
    lengths = [len(plain(text)) for text in texts]
    longest = max(lengths, default=0)
    words = [len(word) for text in (*texts, title) for word in plain(text).split()]
    unbroken = max([*words, longest if longest < ONE_LINE else 0], default=0)
    least = CHARACTER_MM * min(unbroken, LONGEST_WORD) + 4
    if longest > LONG_CELL:
        least = max(least, LONG_CELL_MM)
    weight = longest**0.62 if longest > 12 else 0.0
    return Need(least, max(weight, PLACE_WEIGHT if has_places else 0.0))
