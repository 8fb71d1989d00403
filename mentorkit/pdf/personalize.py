"""A laid-out book made personal without being laid out again: prepared once, then bytes for each person.

WeasyPrint leaves a transparent picture wherever a name may stand, one for all pages. `prepare` turns these pictures into drawings that can be
replaced, and finds what else a person's copy says otherwise: the field for the name, the title, and both copies of the card.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from xml.sax.saxutils import escape

from pikepdf import Dictionary, Name, Object, Page, Pdf

from mentorkit.edition.field_names import OWNER
from mentorkit.pdf.form_metadata import FIELD, Card, hash_pages
from mentorkit.pdf.name_drawings import EM, Plate
from mentorkit.pdf.rewrite import (
    BasePdf,
    PdfObject,
    PdfRewriter,
    collect_objects,
    mark,
    text,
    without,
)
from mentorkit.pdf.typeset import PX, Scrap

LEADING, BASELINE = (
    1.2,
    0.95,
)  # of a line, in sizes: from one to the next, and from its upper edge to the letters' feet
TITLE = re.compile(
    rb'(<dc:title><rdf:Alt><rdf:li xml:lang="x-default">)(.*?)(</rdf:li>)', re.DOTALL
)
CARD = re.compile(rb"(<mk:card>)(.*?)(</mk:card>)", re.DOTALL)


@dataclass(frozen=True)
class Style:
    """How a name stands in a place: its size in points, the least before it takes a second line; at which edge and at which end."""

    size: float
    least: float
    edge: str = "bottom"  # or top, middle
    right: bool = False


# By the width in pixels of the picture that keeps the place.
SLOTS = {
    101: ("name", Style(17, 8)),
    102: ("foot", Style(8.5, 6, "top")),
    103: ("foot-left", Style(8.5, 6, "top", right=True)),
}
FOOT = 8 / 25.4 * 72  # points: the height of the place in the foot
IN_FIELD = Style(14, 7, "middle")
INDENT = 4  # points before a name in a field


@dataclass(frozen=True)
class NameSlot:
    """A place for a name: its style, its size in points, and whether a picture was there, which fills a square of one by one."""

    style: Style
    width: float
    height: float
    picture: bool = True


@dataclass(frozen=True)
class Master:
    """A book ready for names: places by the marks of their objects, and what the other objects that differ say beside the person's own."""

    ground: BasePdf
    slots: Mapping[str, NameSlot]
    heads: Mapping[str, bytes]
    field: NameSlot | None
    title: str
    metadata: bytes
    card: Card | None


@dataclass(frozen=True)
class NameObjects:
    """A name as it goes into files: for each number of lines its objects, the first being the drawing, and its measures."""

    name: str
    lines: tuple[tuple[Scrap, tuple[PdfObject, ...]], ...]


def drawn(name: str, plate: Plate) -> NameObjects:
    """The objects of a plate."""
    return NameObjects(name, tuple((scrap, tuple(_drawing(scrap))) for scrap in plate.drawn))


def _drawing(scrap: Scrap) -> list[PdfObject]:
    with Pdf.open(BytesIO(scrap.pdf)) as document:
        page = document.pages[0]
        used = {
            key: value
            for key, value in page.Resources.items()
            if key in ("/Font", "/ExtGState", "/XObject") and len(value)
        }
        form = page.Contents
        form.Type, form.Subtype, form.BBox, form.Resources = (
            Name.XObject,
            Name.Form,
            page.MediaBox,
            Dictionary(used),
        )
        return collect_objects(document, form)


def prepare(pdf: bytes) -> Master:
    """A finished file as a master; once for a cohort."""
    with Pdf.open(BytesIO(pdf)) as document:
        slots = open_name_slots(document)
        fields = {
            str(field.T): field
            for field in document.Root.get(Name.AcroForm, Dictionary()).get(Name.Fields, ())
        }
        info, metadata = document.trailer.Info, document.Root.Metadata
        told = metadata.read_bytes()
        heads, field = {"info": without(info, "/Title")}, None
        title = str(info.get(Name.Title, ""))
        card = Card.from_json(str(fields[FIELD].V)) if FIELD in fields else None
        if OWNER in fields:
            x1, y1, x2, y2 = (float(edge) for edge in fields[OWNER].Rect)
            typed = float(str(fields[OWNER].DA).split(" Tf")[0].split()[-1])
            field = NameSlot(
                replace(IN_FIELD, size=max(IN_FIELD.size, typed)), x2 - x1, y2 - y1, picture=False
            )
            mark(fields[OWNER], "owner")
        if card:
            card = replace(card, pages=hash_pages(document))
            mark(fields[FIELD], "card")
            fields[FIELD].V = ""
        metadata.write(b"")
        for key in list(info.keys()):
            del info[key]
        mark(info, "info")
        ground = BasePdf.from_document(document)
    heads |= dict(_heads(ground))
    return Master(ground, slots, heads, field, title, told, card)


def _heads(ground: BasePdf) -> Iterator[tuple[str, bytes]]:
    """What the marked objects say that is the same for all, with the numbers that the saved file has."""
    differ = {"owner": ("/V", "/AP", "/DA"), "card": ("/V",), "spoken": ("/ActualText",)}
    with Pdf.open(BytesIO(PdfRewriter(ground).to_bytes())) as document:
        for word, keys in differ.items():
            if word in ground.marked:
                yield word, without(document.get_object(ground.marked[word], 0), *keys)


def open_name_slots(document: Pdf) -> dict[str, NameSlot]:
    """Turn the pictures that keep places for names into drawings; the places by the marks of these."""
    found: dict[str, NameSlot] = {}
    pictures: dict[str, Object] = {}
    for page in document.pages:
        for key, picture in page.Resources.get(Name.XObject, Dictionary()).items():
            word, style = SLOTS.get(int(picture.get(Name.Width, 0)), ("", Style(0, 0)))
            if not word or word in found or picture.get(Name.Height) != 1:
                continue
            if size := re.search(
                rb"([\d.]+) 0 0 -([\d.]+) 0 [\d.]+ cm\s+%s Do" % re.escape(key.encode()),
                page.Contents.read_bytes(),
            ):
                width, height = float(size[1]) * PX, float(size[2]) * PX
                scale = height / FOOT if word != "name" else 1  # in large print the foot is taller
                found[word], pictures[word] = (
                    NameSlot(
                        replace(style, size=style.size * scale, least=style.least * scale),
                        width,
                        height,
                    ),
                    picture,
                )
                if word == "name" and Name.StructTreeRoot in document.Root:
                    _speak(document, page, key)
    for word, picture in pictures.items():
        picture.write(b"")
        for key in set(picture.keys()) - {"/Length"}:
            del picture[key]
        picture.Type, picture.Subtype, picture.BBox = Name.XObject, Name.Form, [0, 0, 1, 1]
        mark(picture, word)
    return found


def _speak(document: Pdf, page: Page, key: str) -> None:
    """What was a picture of a line becomes a paragraph that holds the name."""
    content = page.Contents.read_bytes()
    opened = list(
        re.finditer(
            rb"/Figure\s*<</MCID (\d+)>>\s*BDC", content[: content.index(key.encode() + b" Do")]
        )
    )
    if not opened:
        return
    last = opened[-1]
    page.Contents.write(content[: last.start()] + b"/P" + content[last.start() + len(b"/Figure") :])
    numbers = document.Root.StructTreeRoot.ParentTree.Nums
    at = next(at for at in range(0, len(numbers), 2) if numbers[at] == page.StructParents)
    element = numbers[at + 1][int(last[1])]
    element.S = Name.P
    for gone in ("/Alt", "/A"):
        if gone in element:
            del element[gone]
    mark(element, "spoken")


def stamp(master: Master, who: NameObjects, packet: str, side: str = "") -> bytes:
    """The master with a person's name on it and in it. The same person always gives the same bytes."""
    ink, marked, placed = PdfRewriter(master.ground), master.ground.marked, dict[int, int]()
    for word, spot in master.slots.items():
        ink.put(marked[word], shown(ink, placed, who, spot))
    if master.field:
        look = ink.add(shown(ink, placed, who, master.field))
        own = b"/V %s /DA (/MKForm %.4g Tf 0 g) /AP << /N %d 0 R >> >>" % (
            text(who.name),
            size_of(who, master.field)[1],
            look,
        )
        ink.put(marked["owner"], PdfObject(master.heads["owner"] + own))
    title, metadata = f"{master.title} – {who.name}", master.metadata
    if master.card:
        card = replace(master.card, packet=packet, side=side).to_json()
        ink.put(marked["card"], PdfObject(master.heads["card"] + b"/V %s >>" % text(card)))
        metadata = CARD.sub(lambda found: found[1] + card.encode("ascii") + found[3], metadata)
    metadata = TITLE.sub(lambda found: found[1] + escape(title).encode() + found[3], metadata)
    ink.put(marked["metadata"], PdfObject(b"<< /Type /Metadata /Subtype /XML >>", metadata))
    ink.put(marked["info"], PdfObject(master.heads["info"] + b"/Title %s >>" % text(title)))
    if "spoken" in marked:
        ink.put(
            marked["spoken"],
            PdfObject(master.heads["spoken"] + b"/ActualText %s >>" % text(who.name)),
        )
    return ink.to_bytes()


def size_of(who: NameObjects, spot: NameSlot) -> tuple[int, float]:
    """On how many lines, and in which size, a name stands: made smaller first, then wrapped, in the end as small as it must be."""
    width = spot.width if spot.picture else spot.width - 2 * INDENT
    sizes = [
        min(spot.style.size, width / scrap.width * EM, spot.height / scrap.lines / LEADING)
        for scrap, _ in who.lines
    ]
    large = [at for at, size in enumerate(sizes) if size >= spot.style.least]
    best = large[0] if large else max(range(len(sizes)), key=sizes.__getitem__)
    return best, sizes[best]


def shown(ink: PdfRewriter, placed: dict[int, int], who: NameObjects, spot: NameSlot) -> PdfObject:
    """The drawing of a place: the name moved and sized to stand in it. The name itself goes into the file once, see `placed`."""
    line, size = size_of(who, spot)
    scrap, drawing = who.lines[line]
    if line not in placed:
        placed[line] = first = len(ink.rows)
        numbers = [ink.number() for _ in drawing]
        for number, part in zip(numbers, drawing, strict=True):
            ink.put(number, part.shift_references(first - 1))
    scale, block = size / EM, scrap.lines * size * LEADING
    room = {"top": 0.0, "middle": (spot.height - block) / 2, "bottom": spot.height - block}[
        spot.style.edge
    ]
    left = spot.width - scrap.width * scale if spot.style.right else 0 if spot.picture else INDENT
    at = left - scrap.left * scale, spot.height - room - BASELINE * size - scrap.baseline * scale
    draws = b"q %.6f 0 0 %.6f %.4f %.4f cm /N Do Q" % (scale, scale, *at)
    head = (
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 %.4f %.4f] /Resources << /XObject << /N %d 0 R >> >>"
        % (spot.width, spot.height, placed[line])
    )
    if spot.picture:
        return PdfObject(
            head + b" /Matrix [%.9f 0 0 %.9f 0 0] >>" % (1 / spot.width, 1 / spot.height), draws
        )
    return PdfObject(head + b" >>", b"/Tx BMC %s EMC" % draws)
