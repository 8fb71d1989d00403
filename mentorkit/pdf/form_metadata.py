"""What a fillable file says of itself, written twice so that it can be read years later."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pikepdf import Pdf

from mentorkit.edition.field import Place

# The hidden field that holds the first copy; the second is in the file's metadata. Files that were
# handed out hold these names, so they stay.
FIELD = "mk_card"
HASH_LENGTH = 8  # characters of a page's hash
START = '{"mentorkit":1,'


@dataclass(frozen=True, kw_only=True)
class FormMetadata:
    """The file's own list of fields, in reading order, and what it was made for.

    `side`: mentee, mentor or empty. `returned`: the fields whose page told the reader that they may
    come back; the others are private. `cohort` is written into files without a packet's id, too.
    `pages`: a hash of each page's content, by which text drawn into a page is noticed; files made
    before release 2027.2 have none.
    """

    edition_id: str
    release: str
    document: str
    fields: tuple[str, ...]
    packet: str = ""
    side: str = ""
    returned: tuple[str, ...] = ()
    cohort: str = ""
    pages: tuple[str, ...] = field(default=(), compare=False)

    def to_json(self) -> str:
        """Return compact JSON in ASCII without `<`, `>`, `&`: safe in a PDF string and in XML."""
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
            "returned": [index for index, name in enumerate(self.fields) if name in returned],
        }
        text = json.dumps(values, separators=(",", ":"))
        for sign in "<>&":
            text = text.replace(sign, f"\\u{ord(sign):04x}")
        return text

    @staticmethod
    def from_json(text: str) -> FormMetadata | None:
        """Return the metadata that begins somewhere in `text`; None where there is none."""
        start = text.find(START)
        if start < 0:
            return None
        try:
            values, _ = json.JSONDecoder().raw_decode(text, start)
        except (ValueError, RecursionError):
            return None
        fields, returned = values.get("fields"), values.get("returned", [])
        texts = [values.get(key) for key in ("edition", "release", "document", "packet", "side")]
        if not _is_list_of_text(fields) or not _is_list_of_text(texts):
            return None
        if not _is_list_of_indexes(returned, len(fields)):
            return None
        edition, release, document, packet, side = texts
        cohort, pages = values.get("cohort", ""), values.get("pages", "")
        return FormMetadata(
            edition_id=edition,
            release=release,
            document=document,
            fields=tuple(fields),
            packet=packet,
            side=side,
            returned=tuple(fields[index] for index in returned),
            cohort=cohort if isinstance(cohort, str) else "",
            pages=_split_hashes(pages) if isinstance(pages, str) else (),
        )


def hash_page(content: bytes) -> str:
    """Return the hash of a page's unpacked content, `HASH_LENGTH` characters long."""
    return hashlib.sha256(content).hexdigest()[:HASH_LENGTH]


def hash_pages(document: Pdf) -> tuple[str, ...]:
    """Return the hash of each page of a finished file, in the order of the pages."""
    return tuple(hash_page(page.Contents.read_bytes()) for page in document.pages)


def edition_id(places: Sequence[Place], release: str) -> str:
    """Return ten hexadecimal digits that depend on the program's release and on all fields.

    They change with a field's name, kind or options. Labels are not part of them: a corrected
    misprint makes no new edition.
    """
    listed = [[place.name, place.kind.value, list(place.options)] for place in places]
    text = json.dumps([release, listed], separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:10]


def _split_hashes(text: str) -> tuple[str, ...]:
    starts = range(0, len(text), HASH_LENGTH)
    return tuple(text[start : start + HASH_LENGTH] for start in starts)


def _is_list_of_text(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_list_of_indexes(value: Any, count: int) -> bool:
    if not isinstance(value, list):
        return False
    return all(type(item) is int and 0 <= item < count for item in value)
