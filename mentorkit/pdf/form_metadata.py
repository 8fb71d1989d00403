"""What a fillable file knows of itself, written into it twice, so that answers can be read back years later."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from pikepdf import Pdf

from mentorkit.edition.field import Place

FIELD = "mk_card"  # the hidden field that holds the first copy; the second stands in the file's metadata
HASH = 8  # characters of a page's hash
MARK = '{"mentorkit":1,'


@dataclass(frozen=True)
class Card:
    """The file's own list of fields, in reading order, and what it was made for.

    `cohort` is written into files without a packet's id too. `pages` holds a hash of each page's
    content, by which words drawn into a page are noticed; files made before have none.
    """

    edition_id: str
    release: str
    document: str
    fields: tuple[str, ...]
    packet: str = ""
    side: str = ""  # mentee, mentor, or empty
    returned: tuple[
        str, ...
    ] = ()  # the fields whose page told the reader that they may come back; the others are private
    cohort: str = ""
    pages: tuple[str, ...] = field(default=(), compare=False)

    def to_json(self) -> str:
        """Compact JSON in ASCII, without `<`, `>` and `&`: it stands as it is in a PDF string and in XML."""
        returned = frozenset(self.returned)
        values = {
            "mentorkit": 1,
            "edition": self.edition_id,
            "release": self.release,
            "document": self.document,
            "packet": self.packet,
            "side": self.side,
            "cohort": self.cohort,
            "pages": "".join(self.pages),
            "fields": self.fields,
            "returned": [number for number, name in enumerate(self.fields) if name in returned],
        }
        text = json.dumps(values, separators=(",", ":"))
        for sign in "<>&":
            text = text.replace(sign, f"\\u{ord(sign):04x}")
        return text

    @staticmethod
    def from_json(text: str) -> Card | None:
        """The card that begins in `text`, whatever stands around it; None where there is none."""
        start = text.find(MARK)
        if start < 0:
            return None
        try:
            values, _ = json.JSONDecoder().raw_decode(text, start)
        except (ValueError, RecursionError):
            return None
        words = [values.get(key) for key in ("edition", "release", "document", "packet", "side")]
        fields = values.get("fields")
        if not isinstance(fields, list) or not all(
            isinstance(word, str) for word in [*words, *fields]
        ):
            return None
        marked = values.get("returned", [])
        if not isinstance(marked, list) or not all(
            type(number) is int and 0 <= number < len(fields) for number in marked
        ):
            return None
        return Card(
            words[0],
            words[1],
            words[2],
            tuple(fields),
            words[3],
            words[4],
            tuple(fields[number] for number in marked),
            *_cohort_and_pages(values),
        )


def _cohort_and_pages(values: dict[str, object]) -> tuple[str, tuple[str, ...]]:
    """Return what cards have carried since 2027.2; nothing where they lack it."""
    cohort, pages = values.get("cohort", ""), values.get("pages", "")
    text = pages if isinstance(pages, str) else ""
    hashes = tuple(text[at : at + HASH] for at in range(0, len(text), HASH))
    return cohort if isinstance(cohort, str) else "", hashes


def hash_page(content: bytes) -> str:
    """Return the hash of a page's unpacked content, `HASH` characters long."""
    return hashlib.sha256(content).hexdigest()[:HASH]


def hash_pages(document: Pdf) -> tuple[str, ...]:
    """Return the hash of each page of a finished file, in the order of the pages."""
    return tuple(hash_page(page.Contents.read_bytes()) for page in document.pages)


def edition_id(places: Sequence[Place], release: str) -> str:
    """Ten letters and figures that change when a place's name, kind or options change, or the program's release.

    Labels are not part of it: a corrected misprint makes no new edition.
    """
    listed = [[place.name, place.kind.value, list(place.options)] for place in places]
    text = json.dumps([release, listed], separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:10]
