"""The PDFs that participants get, each with its HTML and the places to fill in it: one visible list, `documents`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from mentorkit.compose.compose import Composed
from mentorkit.edition.field import Place
from mentorkit.edition.strings import WORDS
from mentorkit.edition.workbook import Edition
from mentorkit.packets.packets import LARGE, LARGE_SHEETS, MENTOR
from mentorkit.pdf.form_metadata import Card, edition_id
from mentorkit.pdf.worker import Job
from mentorkit.render.print.html import large_html, workbook_html, worksheet_html


@dataclass(frozen=True)
class Document:
    """One PDF to be made: its path in the output, its HTML, the places a reader can fill in it, what it is made from."""

    path: str
    html: str
    places: tuple[Place, ...]
    card: Card | None
    sources: tuple[str, ...]

    @property
    def job(self) -> Job:
        """What the worker gets."""
        return Job(self.path, self.html, self.places, self.card)


def documents(composed: Composed, only: tuple[str, ...]) -> Iterator[Document]:
    """Those of `only`; the guide is none of them, since it follows when the workbook's pages are known."""
    book, sources = composed.workbook, composed.sources
    if "workbook" in only:
        yield printed(composed)
    if "workbook-fillable" in only:
        yield Document(
            "workbook-fillable.pdf",
            workbook_html(book, True),
            book.places(),
            card_of(book),
            sources["workbook"],
        )
    if LARGE in only:
        yield Document(f"{LARGE}.pdf", large_html(book), (), None, sources["workbook"])
    for folder in ("worksheets", LARGE_SHEETS):
        if folder in only:
            yield from (
                worksheet(
                    sheet, f"{folder}/{sheet.name}.pdf", sources[sheet.name], folder == LARGE_SHEETS
                )
                for sheet in composed.worksheets
            )
    if "mentor-copies" in only:
        yield from (
            worksheet(for_mentor(sheet), f"{MENTOR}/{sheet.name}.pdf", sources[sheet.name])
            for sheet in composed.worksheets
            if sheet.both_sides
        )


def printed(composed: Composed) -> Document:
    """The workbook to print, whose pages the guide cites."""
    return Document(
        "workbook.pdf",
        workbook_html(composed.workbook, False),
        (),
        None,
        composed.sources["workbook"],
    )


def for_mentor(sheet: Edition) -> Edition:
    """The mentor's copy of a worksheet: it says so, and asks for the mentee's name."""
    words = WORDS | sheet.words
    return replace(
        sheet,
        side="mentor",
        owner=replace(sheet.owner, label=words["mentee_name"]) if sheet.owner else None,
    )


def worksheet(sheet: Edition, path: str, sources: tuple[str, ...], large: bool = False) -> Document:
    """One worksheet; fillable where there is anything to fill in."""
    places = sheet.places()
    return Document(
        path,
        worksheet_html(sheet, bool(places), large),
        places,
        card_of(sheet) if places else None,
        sources,
    )


def card_of(edition: Edition) -> Card:
    """The list of fields that the file carries, so that answers can be read back years later."""
    places = edition.places()
    names, returned = (
        tuple(place.name for place in chosen)
        for chosen in (places, [place for place in places if place.returned])
    )
    return Card(
        edition_id(places, edition.release), edition.release, edition.name, names, returned=returned
    )
