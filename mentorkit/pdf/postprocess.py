"""A laid-out PDF made fit for readers: its tags repaired, its form rebuilt, its card written in, its bytes fixed."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from pikepdf import Name, ObjectStreamMode, Pdf

from mentorkit.edition.field import Place
from mentorkit.pdf.form import rebuild
from mentorkit.pdf.form_metadata import Card, edition_id
from mentorkit.pdf.tag_tree import repair

__all__ = ["Card", "edition_id", "finish"]

NAMESPACE = "https://assets.invalid/kit/card/1/"


def finish(pdf: bytes, places: Sequence[Place] = (), card: Card | None = None) -> bytes:
    """The same pages with good tags; with `places`, a form of one field each; with `card`, the card kept twice.

    ValueError where the fields on the pages are not exactly `places`.
    """
    with Pdf.open(BytesIO(pdf)) as document:
        reading_order = repair(document)
        if places or card:
            rebuild(document, places, card, reading_order)
        if card:
            _write_card(document, card)
        out = BytesIO()
        document.save(out, deterministic_id=True, object_stream_mode=ObjectStreamMode.generate)
    return out.getvalue()


def _write_card(document: Pdf, card: Card) -> None:
    """The card's second copy, in the metadata: a viewer that rebuilds the form leaves these alone."""
    metadata = document.Root[Name.Metadata]
    before, end, after = metadata.read_bytes().rpartition(b"</rdf:RDF>")
    own = f'<rdf:Description xmlns:mk="{NAMESPACE}" rdf:about=""><mk:card>{card.to_json()}</mk:card></rdf:Description>'
    metadata.write(before + own.encode("ascii") + end + after)
