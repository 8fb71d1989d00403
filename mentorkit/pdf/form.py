"""The form of a fillable PDF, built anew from the list of places: WeasyPrint's geometry and tags, our own fields.

Measured in four fillers (pypdf, pikepdf, pdfium, pdf.js): appearance streams for every widget, a simple font that is
embedded once, size 0 where text may wrap, no NeedAppearances. No radio buttons, no signature fields, no JavaScript.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from mentorkit.edition.field import Kind, Place
from mentorkit.pdf import form_font
from mentorkit.pdf.form_metadata import FIELD, Card

FONT = Path(__file__).resolve().parent.parent / "fonts" / "mkform.ttf"
SIZE = 10.5
PRINT, HIDDEN = 4, 2
READ_ONLY, MULTI_LINE, COMBO = 1 << 0, 1 << 12, 1 << 17
CHOOSING = (Kind.CHOICE, Kind.SCALE)

Form = Callable[[str, float, float], Object]


def rebuild(
    pdf: Pdf, places: Sequence[Place], card: Card | None, reading_order: Sequence[Object]
) -> None:
    """Make the form: one field a place, in reading order. ValueError where page and list do not agree."""
    by_name = {place.name: place for place in places}
    widgets = [a for a in reading_order if a.get(Name.Subtype) == Name.Widget]
    _agree([str(w.T) for w in widgets], list(by_name))
    drop_form_font(pdf, widgets)
    form = _forms(pdf)
    for widget in widgets:
        _field(widget, by_name[str(widget.T)], form)
    _sort_annotations(pdf, reading_order)
    if card:
        widgets.append(_card_field(pdf, card))
    dingbats = pdf.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.ZapfDingbats)
    )
    fonts = Dictionary(MKForm=field_font(pdf), ZaDb=dingbats)
    pdf.Root.AcroForm = pdf.make_indirect(
        Dictionary(Fields=Array(widgets), DA=_look(SIZE), DR=Dictionary(Font=fonts)),
    )


def _agree(on_pages: list[str], listed: list[str]) -> None:
    twice = sorted({name for name in on_pages if on_pages.count(name) > 1})
    if twice:
        raise ValueError(
            f"these places stand twice, or break over two pages: {', '.join(twice[:5])}"
        )
    odd = sorted(set(on_pages) ^ set(listed))
    if odd:
        raise ValueError(
            f"the pages and the list of places differ in {len(odd)}: {', '.join(odd[:5])}"
        )


def _field(widget: Object, place: Place, form: Form) -> None:
    """Turn a widget into the field of `place`; its rectangle, page and tag stay."""
    x1, y1, x2, y2 = (float(edge) for edge in widget.Rect)
    rect = [round(edge, 2) for edge in (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))]
    width, height = (
        round(rect[2] - rect[0], 1),
        round(rect[3] - rect[1], 1),
    )  # so coarse, equal ones are found equal
    size = _size(widget)
    for key in set(widget.keys()) - {"/P", "/StructParent"}:
        del widget[key]
    label = String(place.label)
    _set(
        widget, Type=Name.Annot, Subtype=Name.Widget, Rect=Array(rect), F=PRINT, BS=Dictionary(W=0)
    )
    _set(widget, T=String(place.name), TU=label, Contents=label)
    if place.kind is Kind.TICK:
        states = Dictionary(Yes=form("on", width, height), Off=form("off", width, height))
        _set(widget, FT=Name.Btn, V=Name.Off, DV=Name.Off, AS=Name.Off, AP=Dictionary(N=states))
        _set(widget, DA=String("/ZaDb 0 Tf 0 g"), MK=Dictionary(CA=String("4")))
        return
    several = place.kind is Kind.TEXT and place.expected_lines > 1
    _set(widget, V=String(""), DV=String(""), DA=_look(0 if several else size))
    _set(widget, AP=Dictionary(N=form("empty", width, height)))
    if place.kind in CHOOSING:
        _set(
            widget,
            FT=Name.Ch,
            Ff=COMBO,
            Opt=Array([String(option) for option in ("", *place.options)]),
        )
    else:
        _set(widget, FT=Name.Tx, Ff=MULTI_LINE if several else 0)


def _size(widget: Object) -> float:
    """How large the style sheet wants what is typed, which in large print is larger."""
    words = str(widget.get(Name.DA, "")).split(" Tf")[0].split()
    return round(float(words[-1]), 1) if words else SIZE


def _set(thing: Object, **values: object) -> None:
    for key, value in values.items():
        thing[f"/{key}"] = value


def _look(size: float) -> String:
    """The typed text's font and size; 0 lets the viewer wrap and shrink it to fit."""
    return String(f"/MKForm {size:g} Tf 0 g")


def _forms(pdf: Pdf) -> Form:
    """A maker of appearances. Equal ticks are given out once; what will hold words is each field's own, since pypdf draws into the very stream it finds."""
    made: dict[tuple[str, float, float], Object] = {}

    def form(sort: str, width: float, height: float) -> Object:
        if sort == "empty" or (sort, width, height) not in made:
            drawn = {"empty": b"/Tx BMC\nEMC", "off": b"q\nQ", "on": _tick(width, height)}[sort]
            made[sort, width, height] = pdf.make_indirect(
                Stream(
                    pdf,
                    drawn,
                    Type=Name.XObject,
                    Subtype=Name.Form,
                    BBox=Array([0, 0, width, height]),
                )
            )
        return made[sort, width, height]

    return form


def _tick(width: float, height: float) -> bytes:
    points = [(0.18, 0.52), (0.42, 0.22), (0.84, 0.82)]
    at = [f"{x * width:.2f} {y * height:.2f}" for x, y in points]
    return (
        f"q 0 G {max(1.0, 0.13 * height):.2f} w 1 J 1 j {at[0]} m {at[1]} l {at[2]} l S Q".encode(
            "ascii"
        )
    )


def _card_field(pdf: Pdf, card: Card) -> Object:
    """The hidden field that holds the card; it is no part of the page."""
    page = pdf.pages[0]
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T=String(FIELD),
            TU=String("Kept by mentorkit"),
            V=String(card.to_json()),
            Ff=READ_ONLY,
            F=HIDDEN,
            Rect=Array([0, 0, 0, 0]),
            P=page.obj,
            DA=_look(SIZE),
        )
    )
    page.Annots = Array([*page.get(Name.Annots, ()), field])
    return field


def _sort_annotations(pdf: Pdf, reading_order: Sequence[Object]) -> None:
    """Viewers that follow the list, not the tags, must come to the same order."""
    place = {annotation.objgen: number for number, annotation in enumerate(reading_order)}
    for page in pdf.pages:
        if Name.Annots in page:
            page.Annots = Array(sorted(page.Annots, key=lambda a: place[a.objgen]))


def drop_form_font(pdf: Pdf, widgets: Sequence[Object]) -> None:
    """WeasyPrint embeds the fields' font whole; ours takes its place."""
    names = {str(w.DA).split(" Tf")[0].split()[-2].lstrip("/") for w in widgets if Name.DA in w}
    streams = [page.Contents for page in pdf.pages]
    streams += [
        o for o in pdf.objects if isinstance(o, Stream) and o.get(Name.Subtype) == Name.Form
    ]
    drawn = b"\n".join(stream.read_bytes() for stream in streams)
    for page in pdf.pages[:1]:
        for name in names:
            if f"/{name} ".encode() not in drawn and f"/{name}" in page.Resources.Font:
                del page.Resources.Font[f"/{name}"]


def field_font(pdf: Pdf) -> Object:
    """The field font as a simple font: Windows-1252 and `letters.MORE`."""
    data = FONT.read_bytes()
    font = TTFont(FONT, lazy=True)
    scale = 1000 / font["head"].unitsPerEm
    cmap, metrics = font.getBestCmap(), font["hmtx"].metrics
    width = {
        byte: round(metrics[cmap[ord(letter)]][0] * scale)
        for byte, letter in form_font.ENCODING.items()
    }
    first, last = min(width), max(width)
    head, os2 = font["head"], font["OS/2"]
    box = [round(edge * scale) for edge in (head.xMin, head.yMin, head.xMax, head.yMax)]
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name.MKForm,
        Flags=32,
        FontBBox=Array(box),
        ItalicAngle=0,
        Ascent=round(font["hhea"].ascent * scale),
        Descent=round(font["hhea"].descent * scale),
        CapHeight=round(os2.sCapHeight * scale),
        StemV=80,
        FontFile2=pdf.make_indirect(Stream(pdf, data, Length1=len(data))),
    )
    encoding = Dictionary(Type=Name.Encoding, BaseEncoding=Name.WinAnsiEncoding)
    encoding.Differences = Array(
        [Name(d) if isinstance(d, str) else d for d in form_font.differences()]
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.TrueType,
            BaseFont=Name.MKForm,
            FirstChar=first,
            LastChar=last,
            Widths=Array([width.get(byte, 0) for byte in range(first, last + 1)]),
            FontDescriptor=pdf.make_indirect(descriptor),
            Encoding=encoding,
            ToUnicode=pdf.make_indirect(Stream(pdf, form_font.to_unicode())),
        )
    )
