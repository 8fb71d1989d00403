"""Which files go to whom: the packets of a cohort, each file made when its turn to be written comes.

A packet's id is the cohort, the person's key and a check letter. It stands in both copies of each file's card, so what comes back is known
whatever the file is called by then.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO

from mentorkit.all_print import all_print
from mentorkit.compose import Composed
from mentorkit.filenames import fold, safe_names
from mentorkit.library import Library
from mentorkit.problem import Problem, Span, warning
from mentorkit.render.nameplate import Plate
from mentorkit.roster import Person, Roster
from mentorkit.stamp import drawn, prepare, stamp
from mentorkit.words import WORDS
from mentorkit.write import Artifact

PACKETS = ("workbook-fillable", "worksheets", "workbook", "mentor-copies", "zip", "all-print")
DEFAULT = ("workbook-fillable", "worksheets")
LARGE = "workbook-large"  # goes with the workbook to those who ask for large print
PRINT, MENTOR = "print", "mentor"  # folders: what is for the print shop alone; inside a packet, what the mentor gets
TAKEN = (PRINT, "packets")
CHECK = "ABCDEFGHJKLMNPQRSTVWXYZ"  # 23 letters that nobody takes for each other
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # in every ZIP, so that the same files give the same bytes


def packet_id(cohort: str, key: str) -> str:
    """`fall/P-07/K`. A wrong digit, or two signs that changed places, ask for another letter (modulo 23, each sign times a power of 5)."""
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
        """What a packet holds; a ZIP that is asked for alone holds what packets hold by default."""
        own = tuple(kind for kind in self.kinds if kind not in ("zip", "all-print"))
        return own or (DEFAULT if "zip" in self.kinds else ())

    @property
    def masters(self) -> tuple[str, ...]:
        """The books and sheets to be laid out."""
        large = (LARGE,) if {"workbook", "workbook-fillable"} & set(self.in_packet) and any(person.print == "large" for person in self.people) else ()
        return tuple(dict.fromkeys((*self.in_packet, *large, *(("workbook",) if "all-print" in self.kinds else ()))))


def plan(library: Library, cohort: str, roster: Roster, kinds: Sequence[str]) -> Plan:
    """The people of a cohort's list, and what they get: `kinds`, or what packets hold by default."""
    file = library.cohorts[cohort]
    wanted = tuple(kinds) or DEFAULT
    if not file.model.roster:
        none = Problem(Span(file.path), "no-roster", "there is no list of people to make packets for", "put one beside this file and write roster: roster.csv")
        return Plan(wanted, cohort, (), {}, (none,))
    shown = f"cohorts/{cohort}/{file.model.roster}"
    path = library.folder / shown
    return Plan(wanted, cohort, roster.people, {shown: hashlib.sha256(path.read_bytes()).hexdigest()} if path.is_file() else {}, roster.problems)


def unprintable(made: Plan, plates: Sequence[Plate]) -> list[Problem]:
    """A warning for each name with letters that no font has."""
    found = []
    for person, plate in zip(made.people, plates, strict=True):
        if plate.missing:
            letters = ", ".join(f"“{letter}” (U+{ord(letter):04X})" for letter in plate.missing)
            what = f"no font here has {letters} of the name {person.name}; a box is drawn instead"
            found.append(warning(Span(next(iter(made.sums)), person.row), "no-letter", what, "install a font that has it, such as one of the Noto fonts"))
    return found


def packets(made: Plan, composed: Composed, plates: Sequence[Plate], masters: Sequence[Artifact]) -> list[Artifact]:
    """Every file of every packet, each person's together, then what is for the print shop."""
    named = {person.key: drawn(person.name, plate) for person, plate in zip(made.people, plates, strict=True)}
    both = {f"worksheets/{sheet.name}.pdf" for sheet in composed.worksheets if sheet.both_sides}
    ready = [(file, prepare(_data(file)), "mentee" if file.path in both else MENTOR if file.path.startswith(f"{MENTOR}/") else "")
             for file in masters if file.path != "workbook.pdf" or "workbook" in made.in_packet]
    folders, found = _folders(made.people), list[Artifact]()
    for person in made.people:
        folder, packet = folders[person.key], packet_id(made.cohort, person.key)
        own = [Artifact(f"{folder}/{file.path}", partial(stamp, master, named[person.key], packet, side), (*file.sources, *made.sums))
               for file, master, side in ready if file.path != f"{LARGE}.pdf" or person.print == "large"]
        if "zip" in made.kinds:
            own.append(Artifact(f"{folder}/{folder}.zip", partial(_zipped, own[:]), tuple(sorted({source for file in own for source in file.sources}))))
        found += own if set(made.kinds) - {"zip", "all-print"} else own[-1:]
    if "all-print" in made.kinds:
        book, words = next(file for file in masters if file.path == "workbook.pdf"), WORDS | composed.workbook.words
        title = f"{composed.workbook.title}, {composed.workbook.cohort}"
        found.append(Artifact(f"{PRINT}/all-print.pdf", partial(all_print, _data(book), list(named.values()), title, words), (*book.sources, *made.sums)))
    return found


def _folders(people: Sequence[Person]) -> dict[str, str]:
    return {key: f"{name}_" if fold(name) in TAKEN else name for key, name in safe_names(people).items()}


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
