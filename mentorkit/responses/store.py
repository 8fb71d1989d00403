"""responses/COHORT/: everything that came back, in a folder that its owner alone can read, switched in whole."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from mentorkit import __version__
from mentorkit.compose.compose import Composed
from mentorkit.handouts.csv_files import written
from mentorkit.output.writer import Artifact, DiskError, Held, reserve
from mentorkit.people.person import Person
from mentorkit.render.print.html import answers_html
from mentorkit.responses.matching import FATES, Register, Row
from mentorkit.responses.xlsx import Sheet, workbook

ANSWERS, TABLE, LONG, PAGE = (
    "answers.json",
    "responses.xlsx",
    "responses.csv",
    "collect-report.html",
)
ABOUT = ("Person", "Key", "Side", "File", "Document", "Release", "Look at it", "Status")


@contextmanager
def private(folder: Path, cohort: str) -> Iterator[Held]:
    """The cohort's folder of answers, held for one writer; whatever is made meanwhile is for its owner alone, whatever the umask."""
    before = os.umask(0o077)
    try:
        with reserve(folder / "responses" / cohort) as held:
            yield held
    finally:
        os.umask(before)


def read(folder: Path, cohort: str) -> list[Row]:
    """What was collected last; nothing where nothing was."""
    path = folder / "responses" / cohort / ANSWERS
    try:
        return [Row(**row) for row in json.loads(path.read_bytes())["files"]]
    except FileNotFoundError:
        return []
    except (ValueError, TypeError, KeyError):
        raise DiskError(
            f"{path} is not as mentorkit wrote it; nothing was changed (move it away, and collect again)"
        ) from None


def write(held: Held, rows: Sequence[Row], sent: Register, composed: Composed) -> None:
    """All outputs anew. A report made from earlier answers goes."""
    files = {
        ANSWERS: as_json(rows),
        TABLE: as_workbook(rows, sent),
        LONG: as_csv(rows, sent),
        PAGE: as_page(rows, sent, composed),
    }
    put(held, files, False)


def put(held: Held, files: Mapping[str, bytes], keep_others: bool) -> None:
    """Switch these files in; the folder itself stays its owner's alone."""
    held.switch(
        [Artifact(path, data, ()) for path, data in files.items()],
        {"mentorkit": __version__},
        keep_others,
        {},
    )
    os.chmod(held.target, 0o700)


def as_json(rows: Sequence[Row]) -> bytes:
    """For `report` and `forget`."""
    return json.dumps(
        {"mentorkit": 1, "files": [asdict(row) for row in rows]}, ensure_ascii=False, indent=1
    ).encode("utf-8", "backslashreplace")


def as_workbook(rows: Sequence[Row], sent: Register) -> bytes:
    """One sheet of all files, then one a session and one a worksheet, with a row for each file that has any of its fields."""
    heads = [*ABOUT, *(fate.capitalize() for fate in FATES)]
    sheets = [
        Sheet(
            "Files",
            [
                heads,
                *(
                    [*_about(row), *(str(row.fates.get(fate, "")) for fate in FATES)]
                    for row in rows
                ),
            ],
            widths=(24, 12, 9, 28, 22, 10, 10, 60),
        )
    ]
    for section in sent.sections:
        own = [row for row in rows if any(place.name in row.answers for place in section.places)]
        body = [
            [*_about(row), *(row.answers.get(place.name, "") for place in section.places)]
            for row in own
        ]
        labels = [*ABOUT, *(place.label for place in section.places)]
        names = [*[""] * len(ABOUT), *(place.name for place in section.places)]
        sheets.append(
            Sheet(
                section.title,
                [labels, names, *body],
                2,
                (24, 12, 9, 28, 22, 10, 10, 40, *[30] * len(section.places)),
            )
        )
    return workbook(sheets)


def as_csv(rows: Sequence[Row], sent: Register) -> bytes:
    """One row an answer; a file without any has one row, with its status."""
    lines: list[Sequence[str]] = [(*ABOUT, "Sheet", "Field", "Question", "Answer")]
    for row in rows:
        given = [
            (section.title, place.name, place.label, text)
            for section in sent.sections
            for place in section.places
            if (text := row.answers.get(place.name))
        ]
        lines += [(*_about(row), *each) for each in given or [("", "", "", "")]]
    return written(lines)


def as_page(rows: Sequence[Row], sent: Register, composed: Composed) -> bytes:
    """The page for the facilitator. It says what came, and quotes nothing."""
    came = {row.key for row in rows if row.answered}
    empty = {row.key for row in rows} - came
    mentors = {row.key for row in rows if row.answered and row.side == "mentor"}
    given = {(row.key, name) for row in rows for name, text in row.answers.items() if text}
    partly = [
        (section.title, names)
        for section in sent.sections
        if (
            names := [
                one.name
                for one in sent.people.values()
                if one.key in came
                and not any((one.key, place.name) in given for place in section.places)
            ]
        )
    ]
    silent = [person for person in sent.people.values() if person.key not in came]
    waiting = (
        [person for person in sent.people.values() if person.key not in mentors]
        if sent.both_sides
        else []
    )
    totals = {fate: sum(row.fates.get(fate, 0) for row in rows) for fate in FATES}
    values = {
        "rows": rows,
        "sent": sent,
        "silent": silent,
        "empty": empty,
        "waiting": waiting,
        "partly": partly,
        "totals": totals,
    }
    return answers_html("collect", composed.workbook, title="What came back", **values).encode()


def forgotten(rows: Sequence[Row], person: str, people: Mapping[str, Person]) -> list[Row]:
    """The rows of this person, named by key, by e-mail, or by a name that only one has."""
    named = {each.key for each in people.values() if person in (each.key, each.email, each.name)}
    keys = named if len(named) == 1 else {person}
    return [
        row for row in rows if row.key and (row.key in keys or not named and row.name == person)
    ]


def _about(row: Row) -> tuple[str, ...]:
    return (
        row.name,
        row.key,
        row.side,
        row.file,
        row.document,
        row.release,
        "yes" if row.eye else "",
        row.status,
    )
