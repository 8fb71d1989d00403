"""Whose a file is and what came back in it: what the file carries decides, never its name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

from mentorkit.edition.field import Kind, Place
from mentorkit.edition.field_names import OWNER
from mentorkit.packets.packets import read_packet_id
from mentorkit.pdf.form_metadata import FormMetadata
from mentorkit.people.folder_names import fold
from mentorkit.people.person import Person
from mentorkit.responses.inbox import Reading
from mentorkit.responses.register import Register
from mentorkit.terminal import printable

FATES = ("answered", "blank", "missing", "unknown", "doubled", "damaged", "private")
BETWEEN = "\n[the same field again:]\n"
MOST_NAMED = 8
MOST_CHARACTERS = {"key": 254, "document": 60, "release": 40, "status": 2_000}
SIDES = ("mentee", "mentor")
NO_MARK = (
    "it carries no mark of ours: it is not a worksheet of this program, or it was made anew by "
    "printing or scanning; read it by eye"
)
TWO_MARKS = (
    "its two marks differ: it was edited, or put together from several files; nothing was read"
)
NOT_PERSONAL = (
    "it is no personal copy, so it does not say whose it is; its answers stand in the tables "
    "without a name"
)
REPAIRED = (
    "the file was damaged and repaired for reading; compare it with the original, or ask for it "
    "again"
)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One returned document.

    `answers` holds only what may come back, by field. `eye`: a person has to look at it. `also`
    holds the names of equal files, `container` the SHA-256 of the file that came, `clean` the path
    of the copy that was kept without private answers, of which there are `private`.
    """

    file: str
    digest: str
    container: str = ""
    key: str = ""
    name: str = ""
    side: str = ""
    document: str = ""
    release: str = ""
    status: str = ""
    eye: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)
    fates: Mapping[str, int] = field(default_factory=dict)
    also: Sequence[str] = ()
    private: int = 0
    clean: str = ""

    @property
    def is_answered(self) -> bool:
        """Return whether it holds an answer; a form that came back blank holds none."""
        return any(self.answers.values())

    @property
    def files(self) -> tuple[str, ...]:
        """Return the names of all equal files."""
        return (self.file, *self.also)

    def with_note(self, note: str, eye: bool) -> Row:
        """Return the row with one more note in its status."""
        return replace(self, status=f"{self.status}; {note}", eye=self.eye or eye)


def judge(reading: Reading, sent: Register) -> tuple[Row, ...]:
    """Return the rows of a reading: one a document that was joined into it. Never raises.

    A card may say anything, so its words are made fit to print.
    """
    rows = []
    for row in _judge(reading, sent):
        texts = {slot: _fit(getattr(row, slot), most) for slot, most in MOST_CHARACTERS.items()}
        side = row.side if row.side in SIDES else ""
        rows.append(replace(row, side=side, **texts))  # type: ignore[arg-type]
    return tuple(rows)


def _fit(text: str, most: int) -> str:
    return printable(text[:most].encode("utf-8", "backslashreplace").decode())


def _judge(reading: Reading, sent: Register) -> Iterator[Row]:
    row = Row(file=reading.file, digest=reading.digest, container=reading.container)
    if reading.said is None:
        yield replace(row, status=reading.refused, eye=True)
        return
    found = (FormMetadata.from_json(text) for text in reading.said["cards"])
    cards = list(dict.fromkeys(card for card in found if card))
    if not cards:
        yield replace(row, status=reading.refused or NO_MARK, eye=True)
        return
    if reason := _reason_not_to_separate(cards, sent):
        yield replace(row, status=reason, eye=True)
        return
    known = {name for card in cards for name in card.fields}
    for number, card in enumerate(cards):
        fields = reading.said["fields"]
        if len(cards) > 1:
            listed = set(card.fields)
            is_kept = listed if number else listed | (fields.keys() - known)
            fields = {name: item for name, item in fields.items() if name in is_kept}
        judged = _judge_card(row, card, {**reading.said, "fields": fields}, sent, reading.refused)
        if len(cards) > 1:
            judged = judged.with_note(f"{len(cards)} sheets were joined into this file", False)
        yield judged


def _reason_not_to_separate(cards: Sequence[FormMetadata], sent: Register) -> str:
    """Return why several cards cannot be told apart; nothing where each can be read by itself."""
    for one, two in combinations(cards, 2):
        shared = (set(one.fields) & set(two.fields)) - {OWNER}
        is_one_persons = bool(one.packet) and one.packet == two.packet
        if not shared or is_one_persons and one.document != two.document:
            continue
        if one.packet != two.packet and one.document == two.document:
            names = [_name_of(card, sent) for card in (one, two)]
            if all(names):
                return (
                    f"it holds the marks of {names[0]} and of {names[1]} for one sheet: it was "
                    "edited, or joined from two people's files; nothing was read"
                )
        return TWO_MARKS
    return ""


def _name_of(card: FormMetadata, sent: Register) -> str:
    key = (read_packet_id(card.packet) or ("", ""))[1]
    return sent.people[key].name if key in sent.people else ""


def _judge_card(
    row: Row, card: FormMetadata, said: Mapping[str, Any], sent: Register, refused: str
) -> Row:
    """Return the row of one card and its fields."""
    row = replace(row, document=card.document, release=card.release, side=card.side)
    if reason := _reason_not_ours(card, sent):
        return replace(row, status=reason, eye=True)
    key = (read_packet_id(card.packet) or ("", ""))[1]
    person = sent.people.get(key)
    row = replace(row, key=key, name=person.name if person else "")
    if refused:
        return replace(row, status=refused, eye=True)
    row = _compare_fields(row, card, said, sent)
    if not key:
        return row.with_note(NOT_PERSONAL, True)
    if person is None:
        return row.with_note(f"“{key}” is not on the list of people", True)
    if other := _other_owner(said.get("owner", ""), sent):
        row = row.with_note(f"the name typed in it is {other}; it is {person.name}’s copy", True)
    if named := _named_for(row.file, person, sent.people.values()):
        row = row.with_note(
            f"the file is named for {named.name} and holds {person.name}’s copy", True
        )
    return row


def _other_owner(owner: str, sent: Register) -> str:
    """Return whose name was typed in, where it is not the owner's."""
    if owner in sent.people:
        return f"{sent.people[owner].name}’s"
    return "another person’s" if owner else ""


def _reason_not_ours(card: FormMetadata, sent: Register) -> str:
    """Return why a file with a card is not filed at all; nothing where it is ours."""
    if card.packet:
        packet = read_packet_id(card.packet)
        if packet is None:
            return "its packet id was changed; nothing was read"
        if packet[0] != sent.cohort:
            return f"it is not a worksheet of this cohort (it belongs to {packet[0]})"
        if packet[1] in sent.people and _is_one_sheet(card):
            return ""  # perhaps of an earlier edition, whose sheet has left the book
    if card.cohort and card.cohort != sent.cohort:
        return f"it is not a worksheet of this cohort (it belongs to {card.cohort})"
    if card.document not in sent.editions or sent.names.isdisjoint(card.fields):
        return "it is not a worksheet of this program"
    return ""


def _is_one_sheet(card: FormMetadata) -> bool:
    """Return whether all fields are named after the document, as those of a worksheet are."""
    names = [name for name in card.fields if name != OWNER]
    return bool(names) and all(name.startswith(f"{card.document}__") for name in names)


def _compare_fields(row: Row, card: FormMetadata, said: Mapping[str, Any], sent: Register) -> Row:
    """Return the row with the fields that came back beside the list that the file carries."""
    found, listed = said["fields"], dict.fromkeys(card.fields)
    # What is private today stays so, whatever the card of an earlier edition allowed.
    allowed = dict.fromkeys(name for name in card.returned if name not in sent.private)
    sets: dict[str, list[str]] = {fate: [] for fate in FATES}
    for name in listed:
        sets[_fate_of(found.get(name))].append(name)
    sets["unknown"] = [name for name in found if name not in listed]
    sets["private"] = [name for name in listed if name not in allowed]
    answers = {
        name: BETWEEN.join(sent.key_of(name, value) for value in found[name]["values"])
        for name in allowed
        if name in found
    }
    sets["answered"] = [name for name in allowed if answers.get(name)]
    damaged = set(sets["damaged"])
    sets["blank"] = [name for name, text in answers.items() if not text and name not in damaged]
    lost = sets["missing"] + sets["damaged"]
    kept_private = int(said.get("private", 0))
    notes = [
        _head_of(card, sets, bool(allowed), said),
        *_notes_on_fields(sets, {name: str(found[name]["fault"]) for name in sets["damaged"]}),
    ]
    odd = [name for name, text in answers.items() if text and _is_odd(sent.place(name), text)]
    if odd:
        notes.append(f"not among the choices, or no number of the scale: {_listed(odd)}")
    notes += _notes_on_file(card, said, sent)
    if kept_private and sets["answered"]:
        notes.append(f"{_count(kept_private, 'private answer')} in it not read")
    eye = bool(lost or sets["doubled"] or said["damaged"] or said["on_top"] or said.get("drawn"))
    return replace(
        row,
        status="; ".join(notes),
        eye=eye,
        answers={sent.today.get(name, name): text for name, text in answers.items()},
        private=kept_private,
        fates={fate: len(names) for fate, names in sets.items()},
    )


def _head_of(
    card: FormMetadata, sets: Mapping[str, Sequence[str]], may_return: bool, said: Mapping[str, Any]
) -> str:
    """Return the first words of a status: how much was read."""
    lost, listed = len(sets["missing"]) + len(sets["damaged"]), len(dict.fromkeys(card.fields))
    if lost:
        return f"{listed - lost} of {listed} fields readable"
    if sets["answered"]:
        return _count(len(sets["answered"]), "answer")
    if kept_private := int(said.get("private", 0)):
        kind = "no answer in it that may come back" if may_return else "nothing in it may come back"
        return f"{kind}; {_count(kept_private, 'private answer')} in it not read"
    return "no field is filled in" if said.get("drawn") else "blank"


def _notes_on_file(card: FormMetadata, said: Mapping[str, Any], sent: Register) -> Iterator[str]:
    """Yield what is to be said of the file beside its fields."""
    if said["damaged"]:
        yield REPAIRED
    if said["on_top"]:
        yield f"{_count(int(said['on_top']), 'note')} written on top of the pages: read by eye"
    if drawn := int(said.get("drawn", 0)):
        pages = f"{_count(drawn, 'page')} of {int(said.get('pages', 0))}"
        yield (
            f"{pages} differ from what was sent (words drawn on them, or a program that "
            "wrote them anew): read by eye"
        )
    if card.edition_id != sent.editions.get(card.document):
        matching = len(sent.names.intersection(card.fields))
        yield (
            f"from another edition (release {card.release}): "
            f"{matching} of its {len(dict.fromkeys(card.fields))} fields match"
        )
    yield from map(str, said["notes"])


def _fate_of(found: Mapping[str, object] | None) -> str:
    if found is None:
        return "missing"
    if found["fault"]:
        return "damaged"
    return "doubled" if found["differ"] else "answered"


def _notes_on_fields(sets: Mapping[str, Sequence[str]], faults: Mapping[str, str]) -> Iterator[str]:
    if sets["missing"]:
        yield f"missing: {_listed(sets['missing'])}"
    for fault in dict.fromkeys(faults.values()):
        names = [name for name in faults if faults[name] == fault]
        yield f"{_listed(names)}{': each' if len(names) > 1 else ''} {fault}"
    if sets["doubled"]:
        yield f"twice, with different answers, both kept: {_listed(sets['doubled'])}"
    if sets["unknown"]:
        yield f"{_count(len(sets['unknown']), 'unknown field')} left out"


def _is_odd(place: Place | None, text: str) -> bool:
    """Return whether a place of today does not offer this answer."""
    if place is None:
        return False
    is_other_choice = bool(place.options) and text not in place.options
    return is_other_choice or place.kind is Kind.TICK and text != "yes"


def _listed(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _named_for(file: str, owner: Person, people: Iterable[Person]) -> Person | None:
    """Return another person whose whole name is in the file's name, where the owner's is not."""
    words = Counter(_words(file))
    named = [
        person for person in people if (own := _words(person.name)) and not Counter(own) - words
    ]
    return next(iter(named), None) if owner not in named else None


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", fold(text))
