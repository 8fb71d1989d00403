"""Whose file it is and what came back in it: decided by what the file carries, never by its name, and every loss is told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mentorkit.compose.compose import Composed
from mentorkit.edition.content import Role
from mentorkit.edition.field import Kind, Place
from mentorkit.packets.packets import read_packet_id
from mentorkit.pdf.form_metadata import Card, edition_id
from mentorkit.people.folder_names import fold
from mentorkit.people.person import Person
from mentorkit.responses.inbox import Reading
from mentorkit.terminal import printable

FATES = ("answered", "blank", "missing", "unknown", "doubled", "damaged", "private")
BETWEEN = "\n[the same field again:]\n"
MOST_NAMED = 8
LONGEST = {"key": 254, "document": 60, "release": 40, "status": 2_000}
SIDES = ("mentee", "mentor")


@dataclass(frozen=True)
class Section:
    """What gets a sheet of its own: a session or a worksheet, and its fields that may come back."""

    title: str
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Register:
    """What a cohort sent out, to compare with what comes back."""

    cohort: str
    people: Mapping[str, Person]  # by key
    sections: tuple[Section, ...]
    editions: Mapping[str, str]  # document: its edition today
    names: frozenset[str]  # of every field, private ones too
    both_sides: tuple[str, ...]  # documents of which the mentor fills a copy
    places: Mapping[str, Place] = field(init=False)  # those that may come back, by name

    def __post_init__(self) -> None:
        object.__setattr__(
            self,
            "places",
            {place.name: place for section in self.sections for place in section.places},
        )


@dataclass(frozen=True)
class Row:
    """One returned file. `answers` holds only what may come back, by field; `eye`: a person has to look at it."""

    file: str
    digest: str
    key: str = ""
    name: str = ""
    side: str = ""
    document: str = ""
    release: str = ""
    status: str = ""
    eye: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)
    fates: Mapping[str, int] = field(default_factory=dict)

    @property
    def answered(self) -> bool:
        """True where it holds an answer; a form that came back blank holds none."""
        return any(self.answers.values())

    def and_also(self, note: str, eye: bool) -> Row:
        """The same row with one more thing to say."""
        return replace(self, status=f"{self.status}; {note}", eye=self.eye or eye)


def register(composed: Composed, people: Iterable[Person]) -> Register:
    """The register of a composed cohort."""
    books = (composed.workbook, *composed.worksheets)
    editions = {book.name: edition_id(book.places(), book.release) for book in books}
    return Register(
        composed.cohort,
        {person.key: person for person in people},
        tuple(_sections(composed)),
        editions,
        frozenset(place.name for place in composed.workbook.places()),
        tuple(book.name for book in books if book.both_sides),
    )


def _sections(composed: Composed) -> Iterable[Section]:
    for chapter in composed.workbook.chapters:
        sections = [
            *chapter.sections,
            *(section for module in chapter.modules for section in module.sections),
        ]
        own: dict[bool, list[Section]] = {False: [], True: []}
        for section in sections:
            places = tuple(
                place for part in section.sections() for place in part.places() if place.returned
            )
            own[section.role is Role.WORKSHEET].append(Section(section.title, places))
        rest = tuple(place for section in own[False] for place in section.places)
        yield from (
            section for section in (Section(chapter.title, rest), *own[True]) if section.places
        )


def judge(reading: Reading, sent: Register) -> Row:
    """What a reading is. Never raises: whatever is wrong stands in the status. A stranger's card may say anything, so its words are made fit to print."""
    row = _judged(reading, sent)
    fit = {slot: _fit(getattr(row, slot), LONGEST[slot]) for slot in LONGEST}
    return replace(row, **fit, side=row.side if row.side in SIDES else "")  # type: ignore[arg-type]


def _fit(text: str, longest: int) -> str:
    return printable(text[:longest].encode("utf-8", "backslashreplace").decode())


def _judged(reading: Reading, sent: Register) -> Row:
    row = Row(reading.file, reading.digest)
    if reading.said is None:
        return replace(row, status=reading.refused, eye=True)
    cards = [card for text in reading.said["cards"] if (card := Card.from_json(text))]
    if not cards:
        return replace(
            row,
            status=reading.refused
            or "it carries no mark of ours: it is not a worksheet of this program, or it was made anew",
            eye=True,
        )
    if len(cards) > 1:
        return replace(
            row,
            status="its two marks differ: it was edited, or put together from several files; nothing was read",
            eye=True,
        )
    card, fault = cards[0], _not_ours(cards[0], sent)
    row = replace(row, document=card.document, release=card.release, side=card.side)
    if fault:
        return replace(row, status=fault, eye=True)
    key = (read_packet_id(card.packet) or ("", ""))[1]
    person = sent.people.get(key)
    row = replace(row, key=key, name=person.name if person else "")
    if reading.refused:
        return replace(row, status=reading.refused, eye=True)
    row = _compared(row, card, reading.said, sent)
    if not key:
        row = row.and_also(
            "it is no personal copy, so it does not say whose it is; its answers stand in the tables without a name",
            True,
        )
    elif person is None:
        row = row.and_also(f"“{key}” is not on the list of people", True)
    elif other := _named_for(reading.file, person, sent.people.values()):
        row = row.and_also(
            f"the file is named for {other.name} and holds {person.name}’s copy", True
        )
    return row


def _not_ours(card: Card, sent: Register) -> str:
    """Why a file with a card is not filed at all; empty where it is ours."""
    if card.packet:
        packet = read_packet_id(card.packet)
        if packet is None:
            return "its packet id was changed; nothing was read"
        if packet[0] != sent.cohort:
            return f"it is not a worksheet of this cohort (it belongs to {packet[0]})"
    if card.document not in sent.editions or sent.names.isdisjoint(card.fields):
        return "it is not a worksheet of this program"
    return ""


def _compared(
    row: Row, card: Card, said: Mapping[str, Mapping[str, Mapping[str, object]]], sent: Register
) -> Row:
    """The fields that came back beside the list that the file carries."""
    found, listed = said["fields"], dict.fromkeys(card.fields)
    allowed = dict.fromkeys(name for name in card.returned if name in sent.places)
    sets: dict[str, list[str]] = {fate: [] for fate in FATES}
    for name in listed:
        sets[_fate(found.get(name), name in allowed)].append(name)
    sets["unknown"] = [name for name in found if name not in listed]
    sets["private"] = [name for name in listed if name not in allowed]
    answers = {name: BETWEEN.join(found[name]["values"]) for name in allowed if name in found}  # type: ignore[arg-type]
    sets["answered"] = [name for name in allowed if answers.get(name)]
    sets["blank"] = [
        name
        for name in allowed
        if name in found and not answers[name] and name not in sets["damaged"]
    ]
    lost = sets["missing"] + sets["damaged"]
    head = (
        f"{len(listed) - len(lost)} of {len(listed)} fields readable"
        if lost
        else _count(len(sets["answered"]), "answer")
        if any(answers.values())
        else "blank"
    )
    notes = [head, *_told(sets, {name: str(found[name]["fault"]) for name in sets["damaged"]})]
    if odd := [name for name, text in answers.items() if text and _odd(sent.places[name], text)]:
        notes.append(f"not among the choices, or no number of the scale: {_listed(odd)}")
    eye = bool(lost or sets["doubled"] or said["damaged"] or said["on_top"])
    if said["damaged"]:
        notes.append(
            "the file was damaged and mended for reading; compare it with the original, or ask for it again"
        )
    if said["on_top"]:
        notes.append(
            f"{_count(int(str(said['on_top'])), 'note')} written on top of the pages: read by eye"
        )
    if card.edition_id != sent.editions[card.document]:
        notes.append(
            f"from another edition (release {card.release}): {len(sent.names & listed.keys())} of its {len(listed)} fields match"
        )
    return replace(
        row,
        status="; ".join([*notes, *map(str, said["notes"])]),
        eye=eye,
        answers=answers,
        fates={fate: len(names) for fate, names in sets.items()},
    )


def _fate(found: Mapping[str, object] | None, allowed: bool) -> str:
    if found is None:
        return "missing"
    return "damaged" if found["fault"] else "doubled" if found["differ"] else "answered"


def _told(sets: Mapping[str, Sequence[str]], faults: Mapping[str, str]) -> Iterable[str]:
    if sets["missing"]:
        yield f"missing: {_listed(sets['missing'])}"
    for fault in dict.fromkeys(faults.values()):
        names = [name for name in faults if faults[name] == fault]
        yield f"{_listed(names)}{': each' if len(names) > 1 else ''} {fault}"
    if sets["doubled"]:
        yield f"twice, with different answers, both kept: {_listed(sets['doubled'])}"
    if sets["unknown"]:
        yield f"{_count(len(sets['unknown']), 'unknown field')} left out"


def _odd(place: Place, text: str) -> bool:
    return (
        bool(place.options)
        and text not in place.options
        or place.kind is Kind.TICK
        and text != "yes"
    )


def _listed(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _named_for(file: str, owner: Person, people: Iterable[Person]) -> Person | None:
    """Another person whose whole name stands in the file's name, where the owner's does not."""
    words = Counter(_words(file))
    named = [
        person for person in people if (own := _words(person.name)) and not Counter(own) - words
    ]
    return next(iter(named), None) if owner not in named else None


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", fold(text))


def filed(rows: Iterable[Row], sent: Register) -> list[Row]:
    """The rows in the order of the list of people, a mentor's copy beside its mentee's; equal files once, versions told and all kept."""
    once: dict[str, Row] = {}
    for row in rows:
        first = once.get(row.digest) if row.digest else None
        if first:
            once[row.digest] = first.and_also(f"the same file is there again as {row.file}", False)
        else:
            once[row.digest or f"/{row.file}"] = row
    sets: dict[tuple[str, ...], list[Row]] = {}
    for row in once.values():
        sets.setdefault(
            (row.key, row.side, row.document) if row.key and row.answers else ("", row.file), []
        ).append(row)
    order = {key: number for number, key in enumerate(sent.people)}
    found = [
        each for same in sets.values() for each in (_versions(same) if len(same) > 1 else same)
    ]
    return sorted(
        found,
        key=lambda row: (
            order.get(row.key, len(order)),
            row.key,
            row.document,
            row.side == "mentor",
            row.file,
        ),
    )


def _versions(same: list[Row]) -> list[Row]:
    if len({tuple(row.answers.items()) for row in same}) == 1:
        return [
            same[0],
            *(row.and_also(f"the same answers as {same[0].file}", False) for row in same[1:]),
        ]
    number = {2: "two", 3: "three"}.get(len(same), str(len(same)))
    return [
        row.and_also(
            f"{number} versions: keep the one that the person wants counted, and run collect again",
            True,
        )
        for row in same
    ]
