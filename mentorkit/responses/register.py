"""What a cohort sent out, to compare with what comes back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from mentorkit.compose.compose import Composed
from mentorkit.edition.content import Role
from mentorkit.edition.field import Place
from mentorkit.edition.field_names import OWNER
from mentorkit.edition.section import Section
from mentorkit.edition.workbook import Chapter
from mentorkit.pdf.form_examination import Request
from mentorkit.pdf.form_metadata import edition_id
from mentorkit.people.person import Person


@dataclass(frozen=True)
class Part:
    """What gets a sheet of its own: a chapter or a worksheet, and its fields that may come back."""

    title: str
    places: tuple[Place, ...]


@dataclass(frozen=True, kw_only=True)
class Register:
    """What a cohort sent out.

    `editions` holds today's edition of each document by its name, `names` every field of today,
    `both_sides` the documents of which the mentor fills in a copy, `today` the name of today for
    each field that had another one in earlier files.
    """

    cohort: str
    people: Mapping[str, Person]
    parts: tuple[Part, ...]
    editions: Mapping[str, str]
    names: frozenset[str]
    both_sides: tuple[str, ...]
    today: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, Place] = field(init=False)  # those that may come back, by name

    def __post_init__(self) -> None:
        places = {place.name: place for part in self.parts for place in part.places}
        object.__setattr__(self, "places", places)

    @property
    def private(self) -> frozenset[str]:
        """Return the fields of today whose answers stay with the participant."""
        private = self.names - self.places.keys()
        return private | {old for old, name in self.today.items() if name in private}

    def place(self, name: str) -> Place | None:
        """Return the place of a field, also by its old name; None where it may not come back."""
        return self.places.get(self.today.get(name, name))

    def key_of(self, name: str, answer: str) -> str:
        """Return the answer as it is stored: of a choice its key, whatever the file holds."""
        place = self.place(name)
        return place.key_of(answer) if place else answer

    def request(self, keep_clean: bool = False) -> Request:
        """Return what the process that reads the files has to know."""
        people = {
            key: tuple(dict.fromkeys((person.name, person.certificate_name)))
            for key, person in self.people.items()
        }
        return Request(private=self.private, people=people, keep_clean=keep_clean)


def make_register(composed: Composed, people: Iterable[Person]) -> Register:
    """Return the register of a composed cohort, sheets to take home among its documents."""
    extra = (composed.take_home, composed.to_return)
    books = (composed.workbook, *composed.worksheets, *(book for book in extra if book))
    places = {place.name: place for book in books for place in book.places()}
    return Register(
        cohort=composed.cohort,
        people={person.key: person for person in people},
        parts=tuple(_parts(composed)),
        editions={book.name: edition_id(book.places(), book.release) for book in books},
        names=frozenset(places),
        both_sides=tuple(book.name for book in books if book.both_sides),
        today=names_of_today(places.values()),
    )


def names_of_today(places: Iterable[Place]) -> dict[str, str]:
    """Return old name to name of today, where the old one says which place is meant."""
    places = list(places)
    names = {place.name for place in places}
    counted = Counter(place.old_name for place in places)
    return {
        place.old_name: place.name
        for place in places
        if place.old_name and place.old_name not in names and counted[place.old_name] == 1
    }


def sections_of(composed: Composed) -> Iterator[Section]:
    """Yield the workbook's sections, then those of worksheets that are not in it."""
    seen = {place.name for place in composed.workbook.places()}
    yield from composed.workbook.sections()
    for sheet in composed.worksheets:
        if not seen & {place.name for place in sheet.places() if place.name != OWNER}:
            yield from sheet.sections()


def _parts(composed: Composed) -> Iterator[Part]:
    """Yield the parts of the workbook in its order, then the worksheets that are not in it."""
    seen: set[str] = set()
    for chapter in composed.workbook.chapters:
        for part in _parts_of(chapter):
            seen |= {place.name for place in part.places}
            yield part
    for sheet in composed.worksheets:
        places = tuple(p for p in sheet.places() if p.returned and p.name not in seen)
        if places:
            yield Part(sheet.title, places)


def _parts_of(chapter: Chapter) -> Iterator[Part]:
    rest: list[Place] = []
    sheets: list[Part] = []
    sections = [*chapter.sections, *(s for m in chapter.modules for s in m.sections)]
    for section in sections:
        inner = (place for part in section.sections() for place in part.places())
        places = tuple(place for place in inner if place.returned)
        if section.role is Role.WORKSHEET:
            sheets.append(Part(section.title, places))
        else:
            rest += places
    yield from (part for part in (Part(chapter.title, tuple(rest)), *sheets) if part.places)
