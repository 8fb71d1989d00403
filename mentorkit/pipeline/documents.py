"""The PDFs to be laid out, each with its HTML and the places to fill in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from mentorkit.compose.compose import Composed
from mentorkit.edition.field import Place
from mentorkit.edition.strings import words_of
from mentorkit.edition.workbook import Edition
from mentorkit.packets.packets import LARGE, LARGE_SHEETS, LARGE_TO_RETURN, MENTOR, TO_RETURN
from mentorkit.pdf.form_metadata import FormMetadata, edition_id
from mentorkit.pdf.worker import Job
from mentorkit.render.print.html import guide_html, workbook_html, worksheet_html
from mentorkit.render.print.options import PrintOptions

WORKBOOK, FILLABLE, GUIDE = "workbook.pdf", "workbook-fillable.pdf", "facilitator-guide.pdf"
# The pages (from 1) of the anchors of laid-out documents, by the documents' paths.
Pages = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, kw_only=True)
class Document:
    """One PDF to be made: `path` in the output, the `places` to fill in it, the paths of `sources`.

    `html` makes the HTML from the pages of those documents that `cites` names, as far as the build
    makes them. Where not `is_written`, it is laid out for its page numbers alone. Where not
    `is_form`, its places are lines on paper. `paper_path` is a copy to print of the same layout.
    """

    path: str
    html: Callable[[Pages], str]
    sources: tuple[str, ...]
    places: tuple[Place, ...] = ()
    form_metadata: FormMetadata | None = None
    cites: tuple[str, ...] = ()
    is_written: bool = True
    pitch_mm: float | None = None
    is_form: bool = True
    paper_path: str = ""

    def job(self, pages: Pages) -> Job:
        """Return what the worker gets."""
        return Job(
            self.path,
            self.html(pages),
            self.places,
            self.form_metadata,
            pitch_mm=self.pitch_mm,
            is_form=self.is_form,
            paper_name=self.paper_path,
        )


def printed_workbook(composed: Composed) -> Iterator[Document]:
    """Yield the workbook to print."""
    yield replace(_workbook(composed), path=WORKBOOK, form_metadata=None, is_form=False)


def fillable_workbook(composed: Composed) -> Iterator[Document]:
    """Yield the workbook as a form, with the same pages as the printed one."""
    yield _workbook(composed)


def both_workbooks(composed: Composed) -> Document:
    """Return the fillable workbook with a copy to print, out of one layout."""
    return replace(_workbook(composed), paper_path=WORKBOOK)


def _workbook(composed: Composed) -> Document:
    book = composed.workbook
    options = PrintOptions(composed.paper, fillable=True)
    html = workbook_html(book, options)
    return Document(
        path=FILLABLE,
        html=lambda _: html,
        sources=composed.sources["workbook"],
        places=book.places(),
        form_metadata=form_metadata_of(book, composed.cohort),
        pitch_mm=options.ruled_mm,
    )


def large_workbook(composed: Composed) -> Iterator[Document]:
    """Yield the workbook in large print, which has pages of its own."""
    book = composed.workbook
    options = PrintOptions(composed.paper, fillable=True, large=True)
    html = workbook_html(book, options)
    yield Document(
        path=f"{LARGE}.pdf",
        html=lambda _: html,
        sources=composed.sources["workbook"],
        places=book.places(),
        pitch_mm=options.ruled_mm,
        is_form=False,
    )


def guide(composed: Composed) -> Iterator[Document]:
    """Yield the facilitator's guide, which cites pages of the workbook and of its large print."""

    def html(pages: Pages) -> str:
        cited = pages.get(WORKBOOK) or pages.get(FILLABLE) or {}
        large = pages.get(f"{LARGE}.pdf")
        return guide_html(composed.guide, cited, PrintOptions(composed.paper), large)

    yield Document(
        path=GUIDE,
        html=html,
        sources=composed.sources["guide"],
        cites=(WORKBOOK, FILLABLE, f"{LARGE}.pdf"),
    )


def worksheets(composed: Composed) -> Iterator[Document]:
    """Yield each worksheet as a document of its own."""
    for sheet in composed.worksheets:
        path = f"worksheets/{sheet.name}.pdf"
        yield worksheet(
            sheet, path, composed.sources[sheet.name], composed.paper, cohort=composed.cohort
        )


def take_home_sheets(composed: Composed) -> Iterator[Document]:
    """Yield one document that holds all sheets to take home, where there are any."""
    if composed.take_home:
        sources = composed.sources["take-home"]
        yield worksheet(
            composed.take_home, "take-home.pdf", sources, composed.paper, cohort=composed.cohort
        )


def stories(composed: Composed) -> Iterator[Document]:
    """Yield every case study in each of its versions, for facilitators to choose from."""
    if composed.stories:
        html = worksheet_html(composed.stories, PrintOptions(composed.paper))
        yield Document(
            path="stories.pdf", html=lambda _: html, sources=composed.sources["take-home"]
        )


def large_worksheets(composed: Composed) -> Iterator[Document]:
    """Yield each worksheet in large print; packets alone hold these."""
    for sheet in composed.worksheets:
        path = f"{LARGE_SHEETS}/{sheet.name}.pdf"
        sources = composed.sources[sheet.name]
        yield worksheet(sheet, path, sources, composed.paper, cohort=composed.cohort, large=True)


def mentor_copies(composed: Composed) -> Iterator[Document]:
    """Yield the mentor's copy of each worksheet that both sides fill in; only packets hold it."""
    for sheet in composed.worksheets:
        if sheet.both_sides:
            path = f"{MENTOR}/{sheet.name}.pdf"
            sources = composed.sources[sheet.name]
            yield worksheet(
                for_mentor(sheet), path, sources, composed.paper, cohort=composed.cohort
            )


def to_return(composed: Composed) -> Iterator[Document]:
    """Yield the one form that holds all that may come back; packets alone hold it."""
    yield from _to_return(composed, f"{TO_RETURN}.pdf", large=False)


def large_to_return(composed: Composed) -> Iterator[Document]:
    """Yield the form that holds all that may come back in large print."""
    yield from _to_return(composed, f"{LARGE_TO_RETURN}.pdf", large=True)


def _to_return(composed: Composed, path: str, *, large: bool) -> Iterator[Document]:
    if composed.to_return:
        yield worksheet(
            composed.to_return,
            path,
            composed.sources["workbook"],
            composed.paper,
            cohort=composed.cohort,
            large=large,
        )


def for_mentor(sheet: Edition) -> Edition:
    """Return the mentor's copy of a worksheet: it says so, and asks for the mentee's name."""
    words = words_of(sheet.words)
    return replace(
        sheet,
        side="mentor",
        owner=replace(sheet.owner, label=words["mentee_name"]) if sheet.owner else None,
    )


def worksheet(
    sheet: Edition,
    path: str,
    sources: tuple[str, ...],
    paper: str,
    *,
    cohort: str,
    large: bool = False,
) -> Document:
    """Return one worksheet as a document; fillable where there is anything to fill in."""
    places = sheet.places()
    options = PrintOptions(paper, fillable=bool(places), large=large)
    html = worksheet_html(sheet, options)
    return Document(
        path=path,
        html=lambda _: html,
        sources=sources,
        places=places,
        form_metadata=form_metadata_of(sheet, cohort) if places else None,
        pitch_mm=options.ruled_mm if places else None,
    )


def form_metadata_of(edition: Edition, cohort: str = "") -> FormMetadata:
    """Return what a file says of itself, so that its answers can be read years later."""
    places = edition.places()
    names = tuple(place.name for place in places)
    returned = tuple(place.name for place in places if place.returned)
    return FormMetadata(
        edition_id=edition_id(places, edition.release),
        release=edition.release,
        document=edition.name,
        fields=names,
        returned=returned,
        cohort=cohort,
    )
