"""Finish a laid-out PDF: repair its tags, rebuild its form, draw its fields, fix its bytes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

from pikepdf import Dictionary, Name, Object, ObjectStreamMode, Pdf

from mentorkit.edition.field import Place
from mentorkit.pdf.drawn_fields import Medium, draw_fields, inset_widgets
from mentorkit.pdf.form import drop_form_font, rebuild
from mentorkit.pdf.form_metadata import FormMetadata, hash_pages
from mentorkit.pdf.tag_tree import (
    Id,
    StructureTree,
    kids,
    remove_annotations,
    remove_kids,
    repair,
    tag_name,
)
from mentorkit.pdf.to_unicode import write_usual_characters

# Width and height in pixels of slot-cover.png.
NAME_WIDTH, NAME_HEIGHT = 101, 1
NAMESPACE = "https://assets.invalid/kit/card/1/"


def finish(
    pdf: bytes,
    places: Sequence[Place] = (),
    form_metadata: FormMetadata | None = None,
    pitch_mm: float | None = None,
) -> bytes:
    """Return the same pages with repaired tags.

    With `places`, they hold a form of one field each; with `form_metadata`, it is written into the
    file twice. With `pitch_mm`, the controls were laid out without borders, and their boxes are
    drawn. Raises ValueError where the fields on the pages are not exactly `places`.
    """
    with Pdf.open(BytesIO(pdf)) as document:
        if pitch_mm and places:
            _remove_name_pictures(document)
            draw_fields(document, places, Medium.SCREEN, pitch_mm)
        reading_order = repair(document)
        if form_metadata:
            form_metadata = replace(form_metadata, pages=hash_pages(document))
        if places or form_metadata:
            if pitch_mm:
                inset_widgets(reading_order, places)
            rebuild(document, places, form_metadata, reading_order)
        if form_metadata:
            _write_form_metadata(document, form_metadata)
        return _saved(document)


def finish_for_paper(pdf: bytes, places: Sequence[Place], pitch_mm: float) -> bytes:
    """Return the pages of a laid-out form as a copy to print: lines to write on and no form."""
    with Pdf.open(BytesIO(pdf)) as document:
        draw_fields(document, places, Medium.PAPER, pitch_mm)
        _remove_form(document)
        repair(document)
        return _saved(document)


def _remove_form(document: Pdf) -> None:
    """Remove the form's fields, their annotations and their tags."""
    tree = StructureTree(document, document.Root.StructTreeRoot)
    tree.read()
    widgets: list[Object] = []
    for holder, reference in tree.holders:
        if reference.Obj.get(Name.Subtype) == Name.Widget:
            widgets.append(reference.Obj)
            remove_kids(tree.parents[holder.objgen], [holder])
    drop_form_font(document, widgets)
    remove_annotations(tree, {widget.objgen for widget in widgets})
    for page in document.pages:
        if Name.Annots in page and not len(page.Annots):
            del page[Name.Annots]
    if Name.AcroForm in document.Root:
        del document.Root[Name.AcroForm]


def _remove_name_pictures(document: Pdf) -> None:
    """Remove the picture that keeps a place for the owner's name: here the field keeps it.

    Its tag loses its words, so that `repair` makes it decoration (7.3).
    """
    tree = StructureTree(document, document.Root.StructTreeRoot)
    tree.read()
    removed: set[tuple[Id, int]] = set()
    for page in document.pages:
        for key, picture in page.Resources.get(Name.XObject, Dictionary()).items():
            if picture.get(Name.Width) != NAME_WIDTH or picture.get(Name.Height) != NAME_HEIGHT:
                continue
            drawn = re.compile(
                rb"(/Figure\s*<</MCID (\d+)>>\s*BDC(?:(?!\bEMC\b).)*?)%s Do"
                % re.escape(key.encode()),
                re.DOTALL,
            )
            content = page.Contents.read_bytes()
            removed |= {(page.obj.objgen, int(found[2])) for found in drawn.finditer(content)}
            page.Contents.write(drawn.sub(rb"\1", content))
    for element in tree.order:
        if tag_name(element) != "Figure":
            continue
        page_id: Any = element.Pg.objgen
        if any((page_id, int(kid)) in removed for kid in kids(element) if isinstance(kid, int)):
            del element[Name.Alt]


def _saved(document: Pdf) -> bytes:
    write_usual_characters(document)
    out = BytesIO()
    document.save(out, deterministic_id=True, object_stream_mode=ObjectStreamMode.generate)
    return out.getvalue()


def _write_form_metadata(document: Pdf, form_metadata: FormMetadata) -> None:
    """Write the second copy into the XMP metadata, which viewers that rebuild forms keep."""
    metadata = document.Root[Name.Metadata]
    before, end, after = metadata.read_bytes().rpartition(b"</rdf:RDF>")
    own = (
        f'<rdf:Description xmlns:mk="{NAMESPACE}" rdf:about="">'
        f"<mk:card>{form_metadata.to_json()}</mk:card></rdf:Description>"
    )
    metadata.write(before + own.encode("ascii") + end + after)
