"""Build the form of a fillable PDF from the list of places.

WeasyPrint's geometry and tags stay, the fields are our own. Tried in four fillers (pypdf, pikepdf,
pdfium, pdf.js): appearance streams for every widget, a simple font that is embedded once, size 0
where text may wrap, no NeedAppearances. No radio buttons, no signature fields, no JavaScript.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from mentorkit.edition.field import Kind, Place
from mentorkit.pdf import form_font
from mentorkit.pdf.form_metadata import FIELD, FormMetadata

FONT = Path(__file__).resolve().parent.parent / "fonts" / "mkform.ttf"
SIZE = 10.5
PRINT, HIDDEN = 4, 2
READ_ONLY, MULTI_LINE, COMBO = 1 << 0, 1 << 12, 1 << 17
CHOOSING = (Kind.CHOICE, Kind.SCALE)

Form = Callable[[str, float, float], Object]


def rebuild(
    pdf: Pdf,
    places: Sequence[Place],
    form_metadata: FormMetadata | None,
    reading_order: Sequence[Object],
) -> None:
    """Make the form: one field a place, in reading order.

    ValueError where the fields on the pages are not those in `places`.
    """
    by_name = {place.name: place for place in places}
    widgets = [a for a in reading_order if a.get(Name.Subtype) == Name.Widget]
    _require_same_names([str(w.T) for w in widgets], list(by_name))
    drop_form_font(pdf, widgets)
    form = _appearance_maker(pdf)
    for widget in widgets:
        _field(widget, by_name[str(widget.T)], form)
    _sort_annotations(pdf, reading_order)
    if form_metadata:
        widgets.append(_metadata_field(pdf, form_metadata))
    dingbats = pdf.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.ZapfDingbats)
    )
    fonts = Dictionary(MKForm=field_font(pdf), ZaDb=dingbats)
    pdf.Root.AcroForm = pdf.make_indirect(
        Dictionary(Fields=Array(widgets), DA=_default_appearance(SIZE), DR=Dictionary(Font=fonts)),
    )


def _require_same_names(on_pages: list[str], listed: list[str]) -> None:
    twice = sorted({name for name in on_pages if on_pages.count(name) > 1})
    if twice:
        raise ValueError(
            f"these places are there twice, or break over two pages: {', '.join(twice[:5])}"
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
    # So coarse that boxes of one style sheet share their appearances.
    width, height = round(rect[2] - rect[0], 1), round(rect[3] - rect[1], 1)
    size = _font_size(widget)
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
    is_multiline = place.kind is Kind.TEXT and place.expected_lines > 1
    _set(widget, V=String(""), DV=String(""), DA=_default_appearance(0 if is_multiline else size))
    _set(widget, AP=Dictionary(N=form("empty", width, height)))
    if place.kind in CHOOSING:
        _set(
            widget,
            FT=Name.Ch,
            Ff=COMBO,
            Opt=_options(place),
        )
    else:
        _set(widget, FT=Name.Tx, Ff=MULTI_LINE if is_multiline else 0)


def _options(place: Place) -> Array:
    """Return the options of a drop-down (ISO 32000-2, 12.7.5.4), after an empty one.

    Each is a pair of what is exported and what is shown, or one text for both.
    """
    options = [
        Array([String(choice.key), String(choice.words)])
        if choice.key != choice.words
        else String(choice.key)
        for choice in place.offered
    ]
    return Array([String(""), *options])


def _font_size(widget: Object) -> float:
    """Return the style sheet's size of what is typed, in points; in large print it is larger."""
    words = str(widget.get(Name.DA, "")).split(" Tf")[0].split()
    return round(float(words[-1]), 1) if words else SIZE


def _set(thing: Object, **values: object) -> None:
    for key, value in values.items():
        thing[f"/{key}"] = value


def _default_appearance(size: float) -> String:
    """Return a default appearance; with size 0, the viewer wraps and shrinks text to fit."""
    return String(f"/MKForm {size:g} Tf 0 g")


def _appearance_maker(pdf: Pdf) -> Form:
    """Return a function that makes appearances from a kind, a width and a height.

    Check boxes of equal size share theirs. What will hold text is each field's own, since pypdf
    draws into the very stream that it finds.
    """
    known: dict[tuple[str, float, float], Object] = {}

    def form(kind: str, width: float, height: float) -> Object:
        if kind == "empty":
            return _appearance(pdf, b"/Tx BMC\nEMC", width, height)
        key = (kind, width, height)
        if key not in known:
            content = _check_mark(width, height) if kind == "on" else b"q\nQ"
            known[key] = _appearance(pdf, content, width, height)
        return known[key]

    return form


def _appearance(pdf: Pdf, content: bytes, width: float, height: float) -> Object:
    box = Array([0, 0, width, height])
    stream = Stream(pdf, content, Type=Name.XObject, Subtype=Name.Form, BBox=box)
    return pdf.make_indirect(stream)


def _check_mark(width: float, height: float) -> bytes:
    """Return the drawing of a check mark in a box of this size."""
    corners = ((0.18, 0.52), (0.42, 0.22), (0.84, 0.82))
    start, middle, end = (f"{x * width:.2f} {y * height:.2f}" for x, y in corners)
    stroke = max(1.0, 0.13 * height)
    return f"q 0 G {stroke:.2f} w 1 J 1 j {start} m {middle} l {end} l S Q".encode("ascii")


def _metadata_field(pdf: Pdf, form_metadata: FormMetadata) -> Object:
    """Return the hidden field that holds the form metadata; it is no part of the page."""
    page = pdf.pages[0]
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T=String(FIELD),
            TU=String("Kept by mentorkit"),
            V=String(form_metadata.to_json()),
            Ff=READ_ONLY,
            F=HIDDEN,
            Rect=Array([0, 0, 0, 0]),
            P=page.obj,
            DA=_default_appearance(SIZE),
        )
    )
    page.Annots = Array([*page.get(Name.Annots, ()), field])
    return field


def _sort_annotations(pdf: Pdf, reading_order: Sequence[Object]) -> None:
    """Sort the annotations of each page as the tags do, for viewers that follow their list."""
    index = {annotation.objgen: number for number, annotation in enumerate(reading_order)}
    for page in pdf.pages:
        if Name.Annots in page:
            page.Annots = Array(sorted(page.Annots, key=lambda a: index[a.objgen]))


def drop_form_font(pdf: Pdf, widgets: Sequence[Object]) -> None:
    """Remove the font that WeasyPrint embeds whole for the fields; ours replaces it."""
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
    """Return the field font as a simple font: Windows-1252 and `form_font.MORE`."""
    font = TTFont(FONT, lazy=True)
    scale = 1000 / font["head"].unitsPerEm
    cmap, metrics = font.getBestCmap(), font["hmtx"].metrics
    width = {
        byte: round(metrics[cmap[ord(letter)]][0] * scale)
        for byte, letter in form_font.ENCODING.items()
    }
    first, last = min(width), max(width)
    differences = [Name(d) if isinstance(d, str) else d for d in form_font.differences()]
    encoding = Dictionary(
        Type=Name.Encoding, BaseEncoding=Name.WinAnsiEncoding, Differences=Array(differences)
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.TrueType,
            BaseFont=Name.MKForm,
            FirstChar=first,
            LastChar=last,
            Widths=Array([width.get(byte, 0) for byte in range(first, last + 1)]),
            FontDescriptor=pdf.make_indirect(_font_descriptor(pdf, font, scale)),
            Encoding=encoding,
            ToUnicode=pdf.make_indirect(Stream(pdf, form_font.to_unicode())),
        )
    )


def _font_descriptor(pdf: Pdf, font: TTFont, scale: float) -> Dictionary:
    head, hhea, data = font["head"], font["hhea"], FONT.read_bytes()
    box = [round(edge * scale) for edge in (head.xMin, head.yMin, head.xMax, head.yMax)]
    return Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name.MKForm,
        Flags=32,
        FontBBox=Array(box),
        ItalicAngle=0,
        Ascent=round(hhea.ascent * scale),
        Descent=round(hhea.descent * scale),
        CapHeight=round(font["OS/2"].sCapHeight * scale),
        StemV=80,
        FontFile2=pdf.make_indirect(Stream(pdf, data, Length1=len(data))),
    )
