"""responses/COHORT/: everything that came back, in a folder that its owner alone can read."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from mentorkit import __version__
from mentorkit.compose.compose import Composed
from mentorkit.output.files import for_owner_alone
from mentorkit.output.writer import Artifact, DiskError, OutputFolder, reserve
from mentorkit.people.csv_writer import write_csv
from mentorkit.people.folder_names import fold
from mentorkit.people.person import Person
from mentorkit.render.print.html import answers_html
from mentorkit.responses.matching import FATES, Row
from mentorkit.responses.register import Register
from mentorkit.responses.xlsx import Sheet, make_workbook

ANSWERS, TABLE, LONG, PAGE = (
    "answers.json",
    "responses.xlsx",
    "responses.csv",
    "collect-report.html",
)
CLEAN = "clean"  # the folder of copies without private answers
ABOUT = ("Person", "Key", "Side", "File", "Document", "Release", "Look at it", "Status")
WIDTHS = (24, 12, 9, 28, 22, 10, 10)
EARLIER = "Fields of earlier editions"


@dataclass(frozen=True)
class TablePart:
    """A sheet of the tables: its title, and pairs of a field's name and label.

    `words` holds what is shown for the keys of a choice, by the field's name.
    """

    title: str
    fields: tuple[tuple[str, str], ...]
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def show(self, name: str, answer: str) -> str:
        """Return an answer as a person reads it."""
        return self.words.get(name, {}).get(answer, answer)


@dataclass(frozen=True, kw_only=True)
class Collected:
    """What was collected: the rows, the parts of the tables, and what must not come back.

    `forgotten` holds salted hashes of files of people who were forgotten.
    """

    rows: Sequence[Row] = ()
    parts: Sequence[TablePart] = ()
    salt: str = ""
    forgotten: frozenset[str] = field(default_factory=frozenset)

    def has_forgotten(self, *digests: str) -> bool:
        """Return whether a file with one of these digests belongs to somebody forgotten."""
        hashes = {self._hash(digest) for digest in digests if digest}
        return bool(self.forgotten & hashes)

    def without(self, rows: Iterable[Row]) -> Collected:
        """Return the same without these rows, whose files are remembered by hash alone."""
        gone = list(rows)
        salt = self.salt or secrets.token_hex(16)
        salted = replace(self, salt=salt)
        digests = {digest for row in gone for digest in (row.digest, row.container) if digest}
        identities = {id(row) for row in gone}
        return replace(
            salted,
            rows=[row for row in self.rows if id(row) not in identities],
            forgotten=self.forgotten | {salted._hash(digest) for digest in digests},
        )

    def _hash(self, digest: str) -> str:
        return hashlib.sha256(f"{self.salt}{digest}".encode()).hexdigest()


@contextmanager
def private(folder: Path, cohort: str) -> Iterator[OutputFolder]:
    """Hold the cohort's folder for one writer; what is made is for its owner alone."""
    with for_owner_alone(), reserve(folder / "responses" / cohort) as held:
        yield held


def read_rows(folder: Path, cohort: str) -> list[Row]:
    """Return the rows that were collected last; none where nothing was."""
    return list(read_collected(folder, cohort).rows)


def read_collected(folder: Path, cohort: str) -> Collected:
    """Return what was collected last. Raises `DiskError` where the file was changed by hand."""
    path = folder / "responses" / cohort / ANSWERS
    try:
        return _from_json(json.loads(path.read_bytes()))
    except FileNotFoundError:
        return Collected()
    except (ValueError, TypeError, KeyError):
        what = f"{path} is not as mentorkit wrote it; nothing was changed"
        raise DiskError(f"{what} (move it away, and collect again)") from None


def _from_json(values: dict[str, Any]) -> Collected:
    return Collected(
        rows=[Row(**row) for row in values["files"]],
        parts=[
            TablePart(
                part["title"],
                tuple((name, label) for name, label in part["fields"]),
                part.get("words", {}),
            )
            for part in values.get("parts", [])
        ],
        salt=values.get("salt", ""),
        forgotten=frozenset(values.get("forgotten", [])),
    )


def as_json(collected: Collected) -> bytes:
    """Return the file that `report` and `forget` read."""
    values = {
        "mentorkit": 2,
        "files": [asdict(row) for row in collected.rows],
        "parts": [asdict(part) for part in collected.parts],
        "salt": collected.salt,
        "forgotten": sorted(collected.forgotten),
    }
    text = json.dumps(values, ensure_ascii=False, indent=1)
    return text.encode("utf-8", "backslashreplace")


def parts_of(sent: Register, rows: Iterable[Row]) -> list[TablePart]:
    """Return the parts of the tables: those of today, then the fields of earlier editions."""
    found = [
        TablePart(
            part.title,
            tuple((place.name, place.label) for place in part.places),
            {p.name: {c.key: c.words for c in p.choices} for p in part.places if p.choices},
        )
        for part in sent.parts
    ]
    names = dict.fromkeys(name for row in rows for name in row.answers if name not in sent.places)
    if names:
        found.append(TablePart(EARLIER, tuple((name, name) for name in names)))
    return found


def tables(collected: Collected) -> dict[str, bytes]:
    """Return the files that hold answers, by name."""
    return {
        ANSWERS: as_json(collected),
        TABLE: as_workbook(collected),
        LONG: as_csv(collected),
    }


def put(
    held: OutputFolder, files: Mapping[str, bytes], keep_others: bool, kept: Sequence[str] = ()
) -> None:
    """Switch these files in; the folder itself stays its owner's alone.

    Others stay where `keep_others`; the files `kept` stay in any case.
    """
    home = Path(held.target)
    stay = {path: (home / path).read_bytes() for path in kept if path not in files}
    made = [Artifact(path, data, ()) for path, data in {**stay, **files}.items()]
    held.switch(made, {"mentorkit": __version__}, keep_others, {})
    home.chmod(0o700)


def as_workbook(collected: Collected) -> bytes:
    """Return the workbook: a sheet of all files, then one a part with the files that fill it."""
    rows = collected.rows
    heads = [*ABOUT, *(fate.capitalize() for fate in FATES)]
    counts = [[*_about(row), *(str(row.fates.get(fate, "")) for fate in FATES)] for row in rows]
    sheets = [Sheet("Files", [heads, *counts], widths=(*WIDTHS, 60))]
    for part in collected.parts:
        names = [name for name, _ in part.fields]
        own = [row for row in rows if not row.answers.keys().isdisjoint(names)]
        body = [
            [*_about(row), *(part.show(name, row.answers.get(name, "")) for name in names)]
            for row in own
        ]
        labels = [*ABOUT, *(label for _, label in part.fields)]
        under = [*[""] * len(ABOUT), *names]
        widths = (*WIDTHS, 40, *[30] * len(names))
        sheets.append(Sheet(part.title, [labels, under, *body], 2, widths))
    return make_workbook(sheets)


def as_csv(collected: Collected) -> bytes:
    """Return one row an answer; a file without any has one row, with its status."""
    lines: list[Sequence[str]] = [(*ABOUT, "Sheet", "Field", "Question", "Answer")]
    for row in collected.rows:
        given = [
            (part.title, name, label, part.show(name, text))
            for part in collected.parts
            for name, label in part.fields
            if (text := row.answers.get(name))
        ]
        lines += [(*_about(row), *item) for item in given or [("", "", "", "")]]
    return write_csv(lines)


def as_page(rows: Sequence[Row], sent: Register, composed: Composed) -> bytes:
    """Return the page for the facilitator. It says what came, and quotes nothing."""
    came = {row.key for row in rows if row.is_answered}
    mentors = {row.key for row in rows if row.is_answered and row.side == "mentor"}
    values: dict[str, object] = {
        "rows": rows,
        "sent": sent,
        "silent": [person for person in sent.people.values() if person.key not in came],
        "empty": {row.key for row in rows} - came,
        "waiting": _without_mentors_copy(sent, mentors),
        "partly": _parts_without_answers(rows, sent, came),
        "totals": {fate: sum(row.fates.get(fate, 0) for row in rows) for fate in FATES},
    }
    title = "What came back"
    page = answers_html("collect", composed.workbook, composed.paper, title=title, **values)
    return page.encode()


def _without_mentors_copy(sent: Register, mentors: set[str]) -> list[Person]:
    if not sent.both_sides:
        return []
    return [person for person in sent.people.values() if person.key not in mentors]


def _parts_without_answers(
    rows: Sequence[Row], sent: Register, came: set[str]
) -> list[tuple[str, list[str]]]:
    """Return each part that people who sent answers left blank, with their names."""
    given = {(row.key, name) for row in rows for name, text in row.answers.items() if text}
    found = []
    for part in sent.parts:
        names = [
            person.name
            for person in sent.people.values()
            if person.key in came
            and not any((person.key, place.name) in given for place in part.places)
        ]
        if names:
            found.append((part.title, names))
    return found


def rows_of_person(rows: Sequence[Row], person: str, people: Mapping[str, Person]) -> list[Row]:
    """Return the rows of a person: named by key, by e-mail, or by a name that only one has.

    Case and kinds of letters do not matter.
    """
    wanted = fold(person.strip())
    named = {
        item.key
        for item in people.values()
        if wanted in {fold(item.key), fold(item.email), fold(item.name), fold(item.full_name)}
    }
    if len(named) == 1:
        return [row for row in rows if row.key in named]
    keys = {row.key for row in rows if fold(row.key) == wanted or fold(row.name) == wanted}
    return [row for row in rows if row.key and row.key in keys and len(keys) == 1]


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
