"""Which files go to whom: packets of a cohort, each file made when it is its turn to be written.

A packet's id is the cohort, the person's key and a check letter. It is in both copies of each
file's card, so what comes back is known
whatever the file is called by then.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import PurePosixPath

from mentorkit.compose.compose import Composed
from mentorkit.edition.strings import words_of
from mentorkit.output.writer import Artifact
from mentorkit.packets.email_drafts import draft
from mentorkit.packets.print_run import all_print
from mentorkit.pdf.name_drawings import NameDrawing
from mentorkit.pdf.personalize import make_name_objects, prepare, stamp
from mentorkit.people.folder_names import file_labels, fold, safe_names
from mentorkit.people.person import Person
from mentorkit.people.roster import Roster
from mentorkit.program.library import Library
from mentorkit.source.problem import Problem, Span, warning

PACKETS = (
    "workbook-fillable",
    "worksheets",
    "to-return",
    "workbook",
    "mentor-copies",
    "zip",
    "drafts",
    "all-print",
)
DEFAULT = ("workbook-fillable", "worksheets", "to-return")
LARGE, LARGE_SHEETS = "workbook-large", "worksheets-large"  # for those who ask for large print
TO_RETURN, LARGE_TO_RETURN = "to-return", "to-return-large"
PRINT, DRAFTS, MENTOR = (
    "print",
    "drafts",
    "mentor",
)  # folders: what is for the print shop alone; mails to send; inside a packet, what the mentor gets
TAKEN = (PRINT, DRAFTS, "packets")
CHECK = "ABCDEFGHJKLMNPQRSTVWXYZ"  # 23 letters that nobody takes for each other
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # in every ZIP, so that the same files give the same bytes


def packet_id(cohort: str, key: str) -> str:
    """Return a packet's id, such as `fall/P-07/K`.

    A wrong digit, or two signs that changed places, give another letter (modulo 23, each sign times
    a power of 5).
    """
    total = 0
    for sign in f"{cohort}/{key}":
        total = (total * 5 + ord(sign)) % 23
    return f"{cohort}/{key}/{CHECK[total]}"


def read_packet_id(words: str) -> tuple[str, str] | None:
    """Cohort and key; None where the check letter is another, or it is no packet's id at all."""
    cohort, slash, rest = words.partition("/")
    key, slash, _ = rest.rpartition("/")
    return (cohort, key) if slash and packet_id(cohort, key) == words else None


@dataclass(frozen=True)
class Plan:
    """Whose packets hold what. `sums` is the sha256 of the list of people by its path."""

    kinds: tuple[str, ...]
    cohort: str
    people: tuple[Person, ...]
    sums: Mapping[str, str]
    problems: tuple[Problem, ...]

    @property
    def in_packet(self) -> tuple[str, ...]:
        """Return what a packet holds; for a ZIP or a mail alone, what it holds by default."""
        return self.loose or (DEFAULT if {"zip", "drafts"} & set(self.kinds) else ())

    @property
    def loose(self) -> tuple[str, ...]:
        """What is written file by file."""
        return tuple(kind for kind in self.kinds if kind not in ("zip", "drafts", "all-print"))

    @property
    def masters(self) -> tuple[str, ...]:
        """The books and sheets to be laid out."""
        sizes = {person.print for person in self.people}
        shop = (
            [name for name, size in (("workbook", "normal"), (LARGE, "large")) if size in sizes]
            if "all-print" in self.kinds
            else []
        )
        return tuple(
            dict.fromkeys((*self.in_packet, *(self.in_large if "large" in sizes else ()), *shop))
        )

    @property
    def in_large(self) -> tuple[str, ...]:
        """Return what is in large print for those who ask for it."""
        pairs = (
            (LARGE, {"workbook", "workbook-fillable"}),
            (LARGE_SHEETS, {"worksheets"}),
            (LARGE_TO_RETURN, {TO_RETURN}),
        )
        return tuple(large for large, small in pairs if small & set(self.in_packet))


def plan(library: Library, cohort: str, roster: Roster, kinds: Sequence[str]) -> Plan:
    """Return the people of a cohort, and what they get: `kinds`, or the default."""
    file = library.cohorts[cohort]
    wanted = tuple(kinds) or DEFAULT
    if not file.model.roster:
        none = Problem(
            Span(file.path),
            "no-roster",
            "there is no list of people to make packets for",
            "put one beside this file and write roster: roster.csv",
        )
        return Plan(wanted, cohort, (), {}, (none,))
    shown = f"cohorts/{cohort}/{file.model.roster}"
    path = library.folder / shown
    sums = {shown: hashlib.sha256(path.read_bytes()).hexdigest()} if path.is_file() else {}
    cure = "add it to the list, or hand over the packet"
    silent = (
        warning(
            Span(shown, person.row),
            "no-email",
            f"{person.name} has no e-mail address, so there is no mail",
            cure,
        )
        for person in roster.people
        if "drafts" in wanted and not person.email
    )
    return Plan(wanted, cohort, roster.people, sums, (*roster.problems, *silent))


def unprintable(made: Plan, drawings: Sequence[NameDrawing]) -> list[Problem]:
    """A warning for each name with letters that no font has."""
    found = []
    for person, drawing in zip(made.people, drawings, strict=True):
        if drawing.missing:
            letters = ", ".join(f"“{letter}” (U+{ord(letter):04X})" for letter in drawing.missing)
            what = f"no font here has {letters} of the name {person.name}; a box is drawn instead"
            found.append(
                warning(
                    Span(next(iter(made.sums)), person.row),
                    "no-letter",
                    what,
                    "install a font that has it, such as one of the Noto fonts",
                )
            )
    return found


def packets(
    made: Plan, composed: Composed, drawings: Sequence[NameDrawing], masters: Sequence[Artifact]
) -> list[Artifact]:
    """Every file of every packet, each person's together, then what is for the print shop."""
    named = {
        person.key: make_name_objects(person.name, drawing)
        for person, drawing in zip(made.people, drawings, strict=True)
    }
    both = {sheet.name for sheet in composed.worksheets if sheet.both_sides}
    shop_alone = {"workbook.pdf", f"{LARGE}.pdf"} - {
        f"{name}.pdf" for name in (*made.in_packet, *made.in_large)
    }
    ready = [
        (file, prepare(_data(file)), _side(PurePosixPath(file.path), both))
        for file in masters
        if file.path not in shop_alone
    ]
    words, title = (
        words_of(composed.workbook.words),
        f"{composed.workbook.title}, {composed.workbook.cohort}",
    )
    homes, found = folders(made.people), list[Artifact]()
    labels = file_labels(made.people)
    for person in made.people:
        folder, packet = homes[person.key], packet_id(made.cohort, person.key)
        own = [
            Artifact(
                f"{folder}/{name_in_packet(path, labels[person.key], words)}",
                partial(stamp, master, named[person.key], packet, side),
                (*file.sources, *made.sums),
            )
            for file, master, side in ready
            if (path := place_in(file.path, person.print == "large"))
        ]
        zipped, sources = (
            partial(_zipped, own),
            tuple(sorted({source for file in own for source in file.sources})),
        )
        found += own if made.loose else ()
        if "zip" in made.kinds:
            found.append(Artifact(f"{folder}/{folder}.zip", zipped, sources))
        if "drafts" in made.kinds and person.email:
            said = {
                "name": person.name,
                "title": composed.workbook.title,
                "cohort": composed.workbook.cohort,
                "folder": folder,
            }
            files = [(file.path.partition("/")[2], partial(_data, file)) for file in own]
            found.append(
                Artifact(
                    f"{DRAFTS}/{folder}.eml",
                    partial(draft, person.email, files, zipped, said, words),
                    sources,
                )
            )
    shop = {
        "workbook.pdf": ("normal", "all-print", title),
        f"{LARGE}.pdf": ("large", "all-print-large", f"{title}, {words['large_print']}"),
    }
    for book in (file for file in masters if "all-print" in made.kinds and file.path in shop):
        size, name, heading = shop[book.path]
        if who := [named[person.key] for person in made.people if person.print == size]:
            found.append(
                Artifact(
                    f"{PRINT}/{name}.pdf",
                    partial(all_print, _data(book), who, heading, words),
                    (*book.sources, *made.sums),
                )
            )
    return found


def _side(path: PurePosixPath, both: Set[str]) -> str:
    """Whose copy of a worksheet for both sides it is."""
    return (
        MENTOR
        if path.parts[0] == MENTOR
        else "mentee"
        if path.parts[0] in ("worksheets", LARGE_SHEETS) and path.stem in both
        else ""
    )


def place_in(path: str, large: bool) -> str:
    """Return where a file is in a packet; nothing where it is for the other size of print."""
    if path.startswith(f"{LARGE_SHEETS}/"):
        return path.replace(LARGE_SHEETS, "worksheets", 1) if large else ""
    if path == f"{LARGE}.pdf":
        return path if large else ""
    if path in (f"{TO_RETURN}.pdf", f"{LARGE_TO_RETURN}.pdf"):
        return f"{TO_RETURN}.pdf" if large == (path == f"{LARGE_TO_RETURN}.pdf") else ""
    return "" if large and (path == "workbook.pdf" or path.startswith("worksheets/")) else path


def name_in_packet(path: str, label: str, words: Mapping[str, str]) -> str:
    """Return what a file of a packet is called: "Nwankwo, Adaeze - workbook.pdf".

    `path` is the file's place in a packet as `place_in` gives it, `label` the person's label.
    """
    folder, slash, name = path.rpartition("/")
    stem = name.removesuffix(".pdf")
    if stem == TO_RETURN:
        return f"{words['to_return']} ({label}).pdf"
    key = f"file_{stem.replace('-', '_')}"
    title = words.get(key) or stem.replace("_", " ")
    return f"{folder}{slash}{label} - {title}.pdf"


def folders(people: Sequence[Person]) -> dict[str, str]:
    """Where each person's packet lies among the packets, by the person's key."""
    return {
        key: f"{name}_" if fold(name) in TAKEN else name for key, name in safe_names(people).items()
    }


def _data(file: Artifact) -> bytes:
    return file.data if isinstance(file.data, bytes) else file.data()


def _zipped(files: Sequence[Artifact]) -> bytes:
    """The files in one, as they are: PDFs are packed already."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for file in files:
            entry = zipfile.ZipInfo(file.path, LONG_AGO)
            entry.create_system, entry.external_attr = 3, 0o100644 << 16  # the same on every system
            archive.writestr(entry, _data(file))
    return out.getvalue()
