"""Put a person's name on a laid-out book without laying it out again.

WeasyPrint leaves a transparent picture wherever a name may go, one for all pages. `prepare` turns
these pictures into drawings that can be replaced, and finds what else differs in a person's copy:
the field for the name, the title, and both copies of the form metadata. `stamp` then writes the
bytes for one person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from xml.sax.saxutils import escape

from pikepdf import Dictionary, Name, Object, Page, Pdf

from mentorkit.edition.field_names import OWNER
from mentorkit.pdf.form_metadata import FIELD, FormMetadata, hash_pages
from mentorkit.pdf.name_drawings import EM, NameDrawing
from mentorkit.pdf.rewrite import (
    BasePdf,
    PdfObject,
    PdfRewriter,
    collect_objects,
    encode_text,
    open_dictionary,
    set_marker,
)
from mentorkit.pdf.typeset import PX, PagePdf

LEADING = 1.2  # the height of a line, in sizes of the type
BASELINE = 0.95  # from the upper edge of a line to its baseline, in sizes of the type
TITLE = re.compile(
    rb'(<dc:title><rdf:Alt><rdf:li xml:lang="x-default">)(.*?)(</rdf:li>)', re.DOTALL
)
METADATA = re.compile(rb"(<mk:card>)(.*?)(</mk:card>)", re.DOTALL)
FIGURE = re.compile(rb"/Figure\s*<</MCID (\d+)>>\s*BDC")


@dataclass(frozen=True)
class Style:
    """How a name is set in a slot: its size and least size in points, its edge, its side.

    Below the least size, it takes a second line. `edge` is bottom, top or middle.
    """

    size: float
    least: float
    edge: str = "bottom"
    right: bool = False


# By the width in pixels of the picture that keeps the room.
SLOTS = {
    101: ("name", Style(17, 8)),
    102: ("foot", Style(8.5, 6, "top")),
    103: ("foot-left", Style(8.5, 6, "top", right=True)),
}
FOOT = 8 / 25.4 * 72  # points: the height of the slot in the foot
IN_FIELD = Style(14, 7, "middle")
INDENT = 4  # points before a name in a field


@dataclass(frozen=True)
class NameSlot:
    """Room for a name: its style and its size in points.

    Where it was a `picture`, its drawing fills a square of one by one.
    """

    style: Style
    width: float
    height: float
    picture: bool = True


@dataclass(frozen=True, kw_only=True)
class Master:
    """A book ready for names.

    `slots`: by the names of their marked objects. `heads`: what each marked object says that is
    the same for all people. `field`: the slot of the field for the owner's name.
    """

    base: BasePdf
    slots: Mapping[str, NameSlot]
    heads: Mapping[str, bytes]
    field: NameSlot | None
    title: str
    metadata: bytes
    form_metadata: FormMetadata | None


@dataclass(frozen=True)
class NameObjects:
    """A name as it goes into files.

    `lines`: the name on one line, on two and so on; each with its objects, the drawing first.
    """

    name: str
    lines: tuple[tuple[PagePdf, tuple[PdfObject, ...]], ...]


def make_name_objects(name: str, drawing: NameDrawing) -> NameObjects:
    """Return the objects of a drawn name."""
    variants = tuple((page, tuple(_drawing_objects(page))) for page in drawing.variants)
    return NameObjects(name, variants)


def _drawing_objects(page_pdf: PagePdf) -> list[PdfObject]:
    """Return the only page as a form XObject, with all it refers to."""
    with Pdf.open(BytesIO(page_pdf.pdf)) as document:
        page = document.pages[0]
        used = {
            key: value
            for key, value in page.Resources.items()
            if key in ("/Font", "/ExtGState", "/XObject") and len(value)
        }
        form = page.Contents
        form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, page.MediaBox
        form.Resources = Dictionary(used)
        return collect_objects(document, form)


def prepare(pdf: bytes) -> Master:
    """Return a finished file as a master; once for a cohort."""
    with Pdf.open(BytesIO(pdf)) as document:
        slots = open_name_slots(document)
        listed = document.Root.get(Name.AcroForm, Dictionary()).get(Name.Fields, ())
        fields = {str(field.T): field for field in listed}
        info, xmp = document.trailer.Info, document.Root.Metadata
        metadata, title = xmp.read_bytes(), str(info.get(Name.Title, ""))
        info_head = open_dictionary(info, "/Title")
        owner_slot = _owner_slot(fields[OWNER]) if OWNER in fields else None
        form_metadata = None
        if FIELD in fields:
            form_metadata = FormMetadata.from_json(str(fields[FIELD].V))
        if form_metadata:
            form_metadata = replace(form_metadata, pages=hash_pages(document))
            set_marker(fields[FIELD], "form-metadata")
            fields[FIELD].V = ""
        xmp.write(b"")
        for key in list(info.keys()):
            del info[key]
        set_marker(info, "info")
        base = BasePdf.from_document(document)
    return Master(
        base=base,
        slots=slots,
        heads={"info": info_head, **dict(_heads(base))},
        field=owner_slot,
        title=title,
        metadata=metadata,
        form_metadata=form_metadata,
    )


def _owner_slot(field: Object) -> NameSlot:
    """Mark the field for the owner's name and return its slot."""
    x1, y1, x2, y2 = (float(edge) for edge in field.Rect)
    typed_size = float(str(field.DA).split(" Tf")[0].split()[-1])
    style = replace(IN_FIELD, size=max(IN_FIELD.size, typed_size))
    set_marker(field, "owner")
    return NameSlot(style, x2 - x1, y2 - y1, picture=False)


def _heads(base: BasePdf) -> Iterator[tuple[str, bytes]]:
    """Yield what the marked objects say that is the same for all, with the numbers of the base."""
    differing = {
        "owner": ("/V", "/AP", "/DA"),
        "form-metadata": ("/V",),
        "spoken": ("/ActualText",),
    }
    with Pdf.open(BytesIO(PdfRewriter(base).to_bytes())) as document:
        for name, keys in differing.items():
            if name in base.marked:
                yield name, open_dictionary(document.get_object(base.marked[name], 0), *keys)


def open_name_slots(document: Pdf) -> dict[str, NameSlot]:
    """Turn the pictures that keep room for names into marked drawings; return the slots by name."""
    slots: dict[str, NameSlot] = {}
    pictures: dict[str, Object] = {}
    for page in document.pages:
        for key, picture in page.Resources.get(Name.XObject, Dictionary()).items():
            name, style = SLOTS.get(int(picture.get(Name.Width, 0)), ("", Style(0, 0)))
            if not name or name in slots or picture.get(Name.Height) != 1:
                continue
            slot = _find_slot(page, key, style, is_foot=name != "name")
            if slot is None:
                continue
            slots[name], pictures[name] = slot, picture
            if name == "name" and Name.StructTreeRoot in document.Root:
                _tag_as_paragraph(document, page, key)
    for name, picture in pictures.items():
        picture.write(b"")
        for key in set(picture.keys()) - {"/Length"}:
            del picture[key]
        picture.Type, picture.Subtype, picture.BBox = Name.XObject, Name.Form, [0, 0, 1, 1]
        set_marker(picture, name)
    return slots


def _find_slot(page: Page, key: str, style: Style, *, is_foot: bool) -> NameSlot | None:
    """Return the slot where the page draws the picture `key`; None where it does not."""
    drawn = rb"([\d.]+) 0 0 -([\d.]+) 0 [\d.]+ cm\s+%s Do" % re.escape(key.encode())
    size = re.search(drawn, page.Contents.read_bytes())
    if size is None:
        return None
    width, height = float(size[1]) * PX, float(size[2]) * PX
    scale = height / FOOT if is_foot else 1  # in large print the foot is taller
    scaled = replace(style, size=style.size * scale, least=style.least * scale)
    return NameSlot(scaled, width, height)


def _tag_as_paragraph(document: Pdf, page: Page, key: str) -> None:
    """Turn the tag of a picture into a paragraph that holds the name."""
    content = page.Contents.read_bytes()
    figures = list(FIGURE.finditer(content[: content.index(key.encode() + b" Do")]))
    if not figures:
        return
    figure = figures[-1]
    rest = content[figure.start() + len(b"/Figure") :]
    page.Contents.write(content[: figure.start()] + b"/P" + rest)
    numbers = document.Root.StructTreeRoot.ParentTree.Nums
    keys = [int(number) for number in list(numbers)[::2]]
    owners = numbers[2 * keys.index(int(page.StructParents)) + 1]
    element = owners[int(figure[1])]
    element.S = Name.P
    for attribute in ("/Alt", "/A"):
        if attribute in element:
            del element[attribute]
    set_marker(element, "spoken")


def stamp(master: Master, who: NameObjects, packet: str, side: str = "") -> bytes:
    """Return the master with a person's name. The same person always gives the same bytes."""
    rewriter, marked, placed = PdfRewriter(master.base), master.base.marked, dict[int, int]()
    heads = master.heads
    for name, slot in master.slots.items():
        rewriter.put(marked[name], draw_in_slot(rewriter, placed, who, slot))
    if master.field:
        appearance = rewriter.add(draw_in_slot(rewriter, placed, who, master.field))
        values = b"/V %s /DA (/MKForm %.4g Tf 0 g) /AP << /N %d 0 R >> >>" % (
            encode_text(who.name),
            fit_name(who, master.field)[1],
            appearance,
        )
        rewriter.put(marked["owner"], PdfObject(heads["owner"] + values))
    title, metadata = f"{master.title} – {who.name}", master.metadata
    if master.form_metadata:
        own = replace(master.form_metadata, packet=packet, side=side).to_json()
        head = heads["form-metadata"] + b"/V %s >>" % encode_text(own)
        rewriter.put(marked["form-metadata"], PdfObject(head))
        metadata = METADATA.sub(lambda found: found[1] + own.encode("ascii") + found[3], metadata)
    metadata = TITLE.sub(lambda found: found[1] + escape(title).encode() + found[3], metadata)
    rewriter.put(marked["metadata"], PdfObject(b"<< /Type /Metadata /Subtype /XML >>", metadata))
    info = heads["info"] + b"/Title %s >>" % encode_text(title)
    rewriter.put(marked["info"], PdfObject(info))
    if "spoken" in marked:
        spoken = heads["spoken"] + b"/ActualText %s >>" % encode_text(who.name)
        rewriter.put(marked["spoken"], PdfObject(spoken))
    return rewriter.to_bytes()


def fit_name(who: NameObjects, slot: NameSlot) -> tuple[int, float]:
    """Return which of `who.lines` fits a slot, as an index, and the size of its type in points.

    A name is made smaller first, then it takes more lines, in the end it is as small as needed.
    """
    width = slot.width if slot.picture else slot.width - 2 * INDENT
    sizes = [
        min(slot.style.size, width / page.width * EM, slot.height / page.lines / LEADING)
        for page, _ in who.lines
    ]
    large = [index for index, size in enumerate(sizes) if size >= slot.style.least]
    best = large[0] if large else max(range(len(sizes)), key=sizes.__getitem__)
    return best, sizes[best]


def draw_in_slot(
    rewriter: PdfRewriter, placed: dict[int, int], who: NameObjects, slot: NameSlot
) -> PdfObject:
    """Return the drawing of a slot: the name, moved and scaled to fit.

    `placed` holds the numbers of the drawings of the name that are in the file already.
    """
    index, size = fit_name(who, slot)
    page, objects = who.lines[index]
    if index not in placed:
        numbers = [rewriter.reserve_number() for _ in objects]
        placed[index] = numbers[0]
        for number, item in zip(numbers, objects, strict=True):
            rewriter.put(number, item.shift_references(numbers[0] - 1))
    scale = size / EM
    left, bottom = _position(slot, page, size)
    draws = b"q %.6f 0 0 %.6f %.4f %.4f cm /N Do Q" % (scale, scale, left, bottom)
    head = b"<< /Type /XObject /Subtype /Form /BBox [0 0 %.4f %.4f]" % (slot.width, slot.height)
    head += b" /Resources << /XObject << /N %d 0 R >> >>" % placed[index]
    if slot.picture:
        matrix = b" /Matrix [%.9f 0 0 %.9f 0 0] >>" % (1 / slot.width, 1 / slot.height)
        return PdfObject(head + matrix, draws)
    return PdfObject(head + b" >>", b"/Tx BMC %s EMC" % draws)


def _position(slot: NameSlot, page: PagePdf, size: float) -> tuple[float, float]:
    """Return where the origin of a drawing goes, in points from the slot's lower left corner."""
    scale, room = size / EM, slot.height - page.lines * size * LEADING
    above = {"top": 0.0, "middle": room / 2, "bottom": room}[slot.style.edge]
    left = 0.0 if slot.picture else INDENT
    if slot.style.right:
        left = slot.width - page.width * scale
    baseline = slot.height - above - BASELINE * size
    return left - page.left * scale, baseline - page.baseline * scale
