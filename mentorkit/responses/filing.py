"""Rows of returned documents beside each other: equal files, versions, answers that disagree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from mentorkit.compose.to_return import TO_RETURN
from mentorkit.responses.matching import MOST_NAMED, Row
from mentorkit.responses.register import Register

WHOLE_BOOK = "workbook"
NUMBERS = {2: "two", 3: "three"}


def file_rows(rows: Iterable[Row], sent: Register) -> list[Row]:
    """Return the rows in the order of the list of people, a mentor's copy beside its mentee's.

    Equal files become one row that names them all. Versions of one document, and documents of one
    person that disagree, are all kept and say so.
    """
    once = _join_equal_files(rows)
    sets: dict[tuple[str, ...], list[Row]] = {}
    for row in once:
        is_filed = bool(row.key and row.answers)
        key = (row.key, row.side, row.document) if is_filed else ("", row.file, row.document)
        sets.setdefault(key, []).append(row)
    found = [row for same in sets.values() for row in _mark_versions(same)]
    found = _mark_disagreements(found)
    order = {key: number for number, key in enumerate(sent.people)}

    def place(row: Row) -> tuple[int, str, str, bool, str]:
        number = order.get(row.key, len(order))
        return number, row.key, row.document, row.side == "mentor", row.file

    return sorted(found, key=place)


def rank_of(row: Row) -> int:
    """Return which document counts where two disagree: 0 before 1 before 2."""
    if row.document == TO_RETURN:
        return 0
    return 2 if row.document == WHOLE_BOOK else 1


def _join_equal_files(rows: Iterable[Row]) -> list[Row]:
    once: dict[tuple[str, str], Row] = {}
    for row in rows:
        key = (row.digest, row.document) if row.digest else (f"/{row.file}", "")
        first = once.get(key)
        if first is None:
            once[key] = row
        else:
            noted = first.with_note(f"the same file is there again as {row.file}", False)
            once[key] = replace(noted, also=(*first.also, row.file))
    return list(once.values())


def _mark_versions(same: list[Row]) -> list[Row]:
    """Return rows of one document of one person with a note on those that came again."""
    if len(same) == 1:
        return same
    if len({tuple(row.answers.items()) for row in same}) == 1:
        first = same[0]
        return [
            first,
            *(row.with_note(f"the same answers as {first.file}", False) for row in same[1:]),
        ]
    number = NUMBERS.get(len(same), str(len(same)))
    note = f"{number} versions: keep the one that the person wants counted, and run collect again"
    return [row.with_note(note, True) for row in same]


def _mark_disagreements(rows: list[Row]) -> list[Row]:
    """Return the rows with notes on fields that other documents of the person answer otherwise."""
    said: dict[tuple[str, str, str], list[tuple[int, str]]] = defaultdict(list)
    for number, row in enumerate(rows):
        if row.key:
            for name, text in row.answers.items():
                if text:
                    said[row.key, row.side, name].append((number, text))
    fields: dict[tuple[int, int], list[str]] = defaultdict(list)
    for (_, _, name), given in said.items():
        for number, text in given:
            for other, another in given:
                if other > number and another != text:
                    fields[number, other].append(name)
    for (one, two), names in fields.items():
        if rows[one].document == rows[two].document:
            continue  # two versions, which are noted
        best = min((one, two), key=lambda number: (rank_of(rows[number]), number))
        has_winner = rank_of(rows[one]) != rank_of(rows[two])
        for number, other in ((one, two), (two, one)):
            rows[number] = rows[number].with_note(
                _disagreement(rows[other], names, rows[best] if has_winner else None), True
            )
    return rows


def _disagreement(other: Row, names: list[str], winner: Row | None) -> str:
    more = len(names) - MOST_NAMED
    listed = ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
    counts = f"what {winner.file} says counts" if winner else "neither counts"
    return f"other answers than {other.file} ({listed}): {counts}"
