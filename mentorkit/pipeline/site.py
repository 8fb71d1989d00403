"""The site of a cohort as files of a build: a folder, and a ZIP of it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from mentorkit.compose.compose import Composed
from mentorkit.edition.workbook import Edition
from mentorkit.output.writer import Artifact
from mentorkit.pdf.form_metadata import edition_id
from mentorkit.render.renderer import RenderContext, Rendered
from mentorkit.render.web.site import WebRenderer

FOLDER, ARCHIVE = "web", "web.zip"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a ZIP can hold; the same bytes every time


def web_artifacts(
    composed: Composed, folder: Path, book_pages: Mapping[str, int]
) -> Iterator[Artifact]:
    """Yield the files of the output `web`."""
    made = make_site(composed, folder, book_pages)
    yield from site_artifacts(made, composed.sources["workbook"])


def make_site(
    composed: Composed, folder: Path, book_pages: Mapping[str, int]
) -> Iterator[Rendered]:
    """Yield the files of the cohort's site.

    Args:
        composed: the cohort's editions.
        folder: the program's folder, from which pictures are read.
        book_pages: the page of the workbook for each anchor; empty where no workbook is made.
    """
    edition = with_take_home(composed)
    renderer = WebRenderer(
        cohort=composed.cohort,
        edition_id=edition_id(composed.workbook.places(), composed.workbook.release),
        document=composed.workbook.name,
        pictures={f.file: (folder / f.file).read_bytes() for f in edition.figures()},
    )
    yield from renderer.render(edition, RenderContext(pages=book_pages))


def with_take_home(composed: Composed) -> Edition:
    """Return the workbook with the sheets to take home as chapters after its sessions."""
    book, sheets = composed.workbook, composed.take_home
    if sheets is None:
        return book
    taken = {chapter.name for chapter in book.chapters}
    added = [replace(c, kind="take_home") for c in sheets.chapters if c.name not in taken]
    back = next((i for i, c in enumerate(book.chapters) if c.kind == "back"), len(book.chapters))
    return replace(book, chapters=(*book.chapters[:back], *added, *book.chapters[back:]))


def site_artifacts(made: Iterable[Rendered], sources: tuple[str, ...]) -> Iterator[Artifact]:
    """Yield the files of the site in its folder, then the ZIP of them."""
    listed = list(made)
    for file in listed:
        yield Artifact(f"{FOLDER}/{file.path}", file.data, sources)
    yield Artifact(ARCHIVE, _zip(listed), sources)


def _zip(made: Iterable[Rendered]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in made:
            entry = zipfile.ZipInfo(f"{FOLDER}/{file.path}", EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, file.data)
    return buffer.getvalue()
