"""A finished PDF passes PDF/UA-1 whatever is on the page, and each of its fields can be found,
named and reached.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from fontTools.agl import AGL2UV
from fontTools.ttLib import TTFont
from mentorkit.edition.field import Choice, Kind, Place
from mentorkit.pdf.form_examination import examine
from mentorkit.pdf.form_metadata import FIELD, FormMetadata, edition_id
from mentorkit.pdf.form_reader import read_values
from mentorkit.pdf.postprocess import finish
from mentorkit.pdf.tag_tree import StructureTree, kids, tag_name
from mentorkit.pdf.typeset import TypesetPdf, lay_out
from page import validate_pdf_bytes
from pikepdf import Name

from fillers import fill_with_pypdf
from sheet import PLACES, control, form, form_metadata_of, sheet

SVG = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='40' height='20'%3E%3Crect width='40' height='20'/%3E%3C/svg%3E"  # noqa: E501
LONG = "<p>" + "Many words make a page. " * 30 + "</p>"
ROWS = "".join(f"<tr><th>row {n}</th><td>cell</td><td>cell</td></tr>" for n in range(90))

# What a book is made of. Those with a star fail as WeasyPrint writes them; see test_the_repair_is_needed.  # noqa: E501
BODIES = {
    "text": "<p>Words <b>strong</b> <i>soft</i> <code>code</code> and a<br>break.</p>",
    "tight list": "<ul><li>one</li><li>two</li></ul>",
    "loose list *": "<ul><li><p>one</p><p>more</p></li><li><p>two</p></li></ul>",
    "mixed list *": "<ul><li>one<p>more</p></li><li><p>two</p><ul><li>inner</li></ul></li></ul>",
    "nested list": "<ol><li>one<ul><li>inner<ol><li>innermost</li></ol></li></ul></li><li>two</li></ol>",  # noqa: E501
    "loose nested list *": "<ol><li><p>one</p><ul><li><p>inner</p></li></ul><p>after</p></li></ol>",
    "list with labels inside *": "<ul class=in><li>one</li><li><p>two</p></li></ul><style>.in{list-style:inside}</style>",  # noqa: E501
    "list without labels": "<ul class=no><li>one</li><li><p>two</p></li></ul><style>.no{list-style:none}</style>",  # noqa: E501
    "flexible list": "<ul class=fx><li>one</li><li>two</li></ul><style>.fx li{display:flex}</style>",  # noqa: E501
    "list with quote and table *": "<ul><li><blockquote><p>q</p></blockquote></li><li><table><tr><td>1</table></li></ul>",  # noqa: E501
    "definitions": "<dl><dt>word</dt><dd>meaning</dd><dt>other</dt><dd><p>one</p><p>two</p></dd></dl>",  # noqa: E501
    "link": '<p><a href="https://example.org/a?b=1&amp;c=2">a place</a> and <a href="#top">the top</a></p>',  # noqa: E501
    "bold link *": '<p><a href="https://example.org/"><b>bold</b></a> <a href="#top"><b>a</b> and <code>b</code></a></p>',  # noqa: E501
    "block link *": '<a class=b href="#top"><span>Title</span><span>7</span></a><style>.b{display:flex}</style>',  # noqa: E501
    "link around blocks": '<a href="#top"><div><p>one</p></div><div>two</div></a>',
    "picture link *": f'<p><a href="https://example.org/"><img src="{SVG}" alt="a black bar"></a></p>',  # noqa: E501
    "long link": f'<p><a href="https://example.org/">{"a link of many words " * 30}</a></p>',
    "link in a list *": '<ul><li><p><a href="#top"><em>up</em></a></p></li></ul>',
    "link in the foot": '<p class="foot"><a href="#top">up</a></p>',
    "picture": f'<p><img src="{SVG}" alt="a black bar"></p>',
    "decoration *": f'<p>before <img src="{SVG}" alt=""> after</p>',
    "decoration in a link *": f'<p><a href="#top"><img src="{SVG}" alt=""> words</a></p>',
    "drawing": '<svg width="40" height="20"><title>A bar</title><rect width="40" height="20"/></svg>',  # noqa: E501
    "drawing as decoration *": '<svg width="40" height="20"><rect width="40" height="20"/></svg>',
    "figure": f'<figure><img src="{SVG}" alt="a black bar"><figcaption>A bar</figcaption></figure>',
    "picture over the edge": f'<img class=o src="{SVG}" alt="bar"><style>.o{{position:absolute;left:-40mm}}</style>',  # noqa: E501
    "table": "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>",  # noqa: E501
    "table with row heads": "<table><tr><th></th><th>a</th></tr><tr><th>r</th><td>1</td></tr></table>",  # noqa: E501
    "table with rowspan *": "<table><tr><th rowspan=2>a</th><td>1</td></tr><tr><td>2</td></tr></table>",  # noqa: E501
    "table with colspan *": "<table><thead><tr><th colspan=2>a</th></tr></thead><tr><td>1</td><td>2</td></tr></table>",  # noqa: E501
    "table with groups": "<table><thead><tr><th>a<th>b</thead><tbody><tr><th colspan=2>group<tr><th>r<td>1</tbody></table>",  # noqa: E501
    "table with both *": "<table><thead><tr><th rowspan=2>a<th colspan=2>b<tr><th>c<th>d</thead><tr><th>r<td>1<td>2</table>",  # noqa: E501
    "table over pages": f"<table><thead><tr><th>a<th>b<th>c</thead><tbody>{ROWS}</tbody></table>",
    "table with lists": "<table><tr><td><ul><li>a</li></ul></td><td><p>b</p><p>c</p></td></tr></table>",  # noqa: E501
    "table with caption": "<table><caption>Cap</caption><tr><th>a</th></tr><tr><td>1</td></tr></table>",  # noqa: E501
    "sections": "<section><h2>Two</h2><p>x</p><h3>Three</h3><p>y</p></section><article><h2>Two</h2></article>",  # noqa: E501
    "heading with marks": '<h2 id="h">A <em>soft</em> <code>code</code></h2><p><a href="#h">go</a></p>',  # noqa: E501
    "quote": "<blockquote><p>one</p><p>two</p></blockquote>",
    "code": "<pre><code>a = 1\n  b</code></pre>",
    "rule": "<p>a</p><hr><p>b</p>",
    "columns": f"<div class=c>{LONG}</div><style>.c{{columns:2}}</style>",
    "grid": "<div class=g><p>a</p><p>b</p></div><style>.g{display:grid;grid-template-columns:1fr 1fr}</style>",  # noqa: E501
    "float": "<div class=f>aside</div><p>text</p><style>.f{float:left}</style>",
    "absolute": "<div class=a>placed</div><p>text</p><style>.a{position:absolute;top:100mm}</style>",  # noqa: E501
    "many pages": LONG * 12,
    "contents": '<ul class=t><li><span><a href="#c">C</a></span><i></i><b data-to="#c"></b></li></ul><h2 id=c>C</h2>'  # noqa: E501
    "<style>.t li{display:flex}.t i{flex:1}.t b::after{content:target-counter(attr(data-to url),page)}</style>",  # noqa: E501
    "generated content": "<p class=q>said</p><style>.q::before{content:'“'}.q::after{content:'”'}</style>",  # noqa: E501
    "all kinds of field": "<form>" + "".join(control(place) for place in PLACES) + "</form>",
    "fields in a table": "<form><table><thead><tr><th>what<th>yes<th>why</thead><tr><th>pace<td>"
    f"{control(PLACES[2])}<td>{control(PLACES[1])}</table></form>",
    "fields in a list *": f"<form><ul><li><p>name</p>{control(PLACES[0])}</li></ul></form>",
}


def laid(body: str) -> TypesetPdf:
    page = body if body.startswith("<!DOCTYPE") else sheet(body)
    return lay_out(page, Path(), "<form>" in page)


def places_on(body: str) -> tuple[Place, ...]:
    return tuple(place for place in PLACES if f'name="{place.name}"' in body)


def failures(pdf: bytes) -> str:
    """What page-validation finds against PDF/UA-1; empty where it finds nothing."""
    report = validate_pdf_bytes(pdf, profile="ua1")
    return "" if report.is_compliant else str(report)


@cache
def opened(pdf: bytes) -> pikepdf.Pdf:
    """Kept open: pikepdf's objects die with their document."""
    return pikepdf.open(BytesIO(pdf))


@pytest.fixture(scope="module")
def filled_in() -> pikepdf.Pdf:
    """A form with one field of each kind."""
    return opened(finish(laid(form()).pdf, PLACES, form_metadata_of()))


@pytest.mark.parametrize("name", BODIES)
def test_whatever_is_on_the_page_passes_pdf_ua_1(name: str) -> None:
    page = laid(BODIES[name])
    assert page.complaints == ()
    pdf = finish(page.pdf, places_on(BODIES[name]))
    assert not failures(pdf)
    assert not opened(pdf).check_pdf_syntax()


@pytest.mark.parametrize("name", [name for name in BODIES if name.endswith("*")])
def test_the_repair_is_needed(name: str) -> None:
    assert failures(laid(BODIES[name]).pdf)


@pytest.mark.parametrize("name", [name for name in BODIES if "list" in name])
def test_a_list_item_holds_labels_and_one_body(name: str) -> None:
    items = elements(finish(laid(BODIES[name]).pdf, places_on(BODIES[name])), "LI")
    assert items
    for item in items:
        inside = [tag_name(kid) for kid in kids(item)]
        assert inside in (["Lbl", "LBody"], ["LBody"], ["Lbl"]), inside


@pytest.mark.parametrize("name", [name for name in BODIES if "link" in name and "foot" not in name])
def test_every_link_stands_in_one_link_tag_and_says_where_it_leads(name: str) -> None:
    pdf = finish(laid(BODIES[name]).pdf)
    document = opened(pdf)
    links = [a.objgen for page in document.pages for a in page.get(Name.Annots, ())]
    tagged = [
        thing.Obj.objgen for element, thing in tree_of(pdf).holders if tag_name(element) == "Link"
    ]
    assert links
    assert sorted(tagged) == sorted(links)
    for page in document.pages:
        for link in page.get(Name.Annots, ()):
            wanted = "Go to A sheet" if Name.Dest in link else str(link.A.URI)
            assert str(link.Contents) == wanted


def test_a_link_to_what_is_no_heading_names_the_page() -> None:
    pdf = finish(laid(f'<p><a href="#there">go</a></p>{LONG * 12}<p id="there">here</p>').pdf)
    document = opened(pdf)
    assert str(document.pages[0].Annots[0].Contents) == f"Go to page {len(document.pages)}"


def test_a_link_with_marks_in_it_is_pressed_once() -> None:
    """WeasyPrint lays a second link over each bold part of the first."""
    page = laid(BODIES["bold link *"])
    assert len(opened(page.pdf).pages[0].Annots) == 5
    assert len(opened(finish(page.pdf)).pages[0].Annots) == 2


def test_heading_cells_say_what_they_head() -> None:
    body = "<table><thead><tr><th>a<th>b</thead><tbody><tr><th>r<td>1</tbody></table><table><tr><th>c<th>d<tr><th>s<td>2</table>"  # noqa: E501
    scopes = [str(cell.A.Scope) for cell in elements(finish(laid(body).pdf), "TH")]
    assert scopes == ["/Column", "/Column", "/Row", "/Column", "/Column", "/Row"]


def test_a_picture_without_words_becomes_an_artifact_and_leaves_the_page_as_it_was() -> None:
    page = laid(BODIES["decoration *"])
    pdf = finish(page.pdf)
    assert not elements(pdf, "Figure")
    before, after = (opened(data).pages[0].Contents.read_bytes() for data in (page.pdf, pdf))
    assert before.count(b"/Figure\n") == 2  # the other stands in the foot
    assert after.count(b"/Figure\n") == 0
    drawn = [
        b"\n".join(line for line in c.split(b"\n") if line.endswith((b" re", b"Do", b"TJ")))
        for c in (before, after)
    ]
    assert drawn[0] == drawn[1]


def test_a_picture_with_words_says_where_it_stands() -> None:
    css = "<style>.p{position:absolute;left:10mm;top:30mm;width:40mm;height:20mm}</style>"
    (figure,) = elements(
        finish(laid(f'<img class=p src="{SVG}" alt="a black bar">{css}').pdf), "Figure"
    )
    assert str(figure.Alt) == "a black bar"
    left, bottom, right, top = (float(edge) * 25.4 / 72 for edge in figure.A.BBox)
    assert (left, right) == pytest.approx((30, 70), abs=0.1)  # 20 mm of margin, 10 of offset
    assert (bottom, top) == pytest.approx((297 - 70, 297 - 50), abs=0.1)


def test_a_picture_over_the_edge_stands_within_its_page() -> None:
    (figure,) = elements(finish(laid(BODIES["picture over the edge"]).pdf), "Figure")
    assert all(edge >= 0 for edge in figure.A.BBox)


@pytest.mark.parametrize("name", ["many pages", "all kinds of field"])
def test_everything_marked_on_a_page_hangs_in_the_tree(name: str) -> None:
    """The running foot, too, is either tagged or an artifact; WeasyPrint leaves its tags hanging
    nowhere.
    """
    pdf = finish(laid(BODIES[name]).pdf, places_on(BODIES[name]))
    document = opened(pdf)
    hanging = {element.objgen for element in elements(pdf)}
    numbers = document.Root.StructTreeRoot.ParentTree.Nums
    owners = {int(numbers[at]): numbers[at + 1] for at in range(0, len(numbers), 2)}
    for page in document.pages:
        content = page.Contents.read_bytes()
        assert b"/Artifact" in content
        for match in re.finditer(rb"<</MCID (\d+)>>", content):
            assert owners[int(page.StructParents)][int(match[1])].objgen in hanging


# ---- the form ---------------------------------------------------------------------------------------------------  # noqa: E501


def widgets(document: pikepdf.Pdf) -> list[pikepdf.Object]:
    shown = [
        a for page in document.pages for a in page.get(Name.Annots, ()) if a.Subtype == Name.Widget
    ]
    return [widget for widget in shown if widget.T != FIELD]


def test_each_field_has_its_name_and_its_label(filled_in: pikepdf.Pdf) -> None:
    found = [(str(widget.T), str(widget.TU), str(widget.Contents)) for widget in widgets(filled_in)]
    assert found == [(place.name, place.label, place.label) for place in PLACES]


def test_each_field_stands_in_a_form_tag_that_points_back(filled_in: pikepdf.Pdf) -> None:
    buffer = BytesIO()
    filled_in.save(buffer)
    tagged = {
        kid.Obj.T: form.objgen for form in elements(buffer.getvalue(), "Form") for kid in kids(form)
    }
    assert set(map(str, tagged)) == {place.name for place in PLACES}
    for widget in widgets(filled_in):
        assert Name.StructParent in widget


def test_fields_pages_and_tags_are_in_reading_order() -> None:
    places = tuple(Place(f"order__{n}", f"Number {n}") for n in range(9))
    cells = "".join(
        f"<td>{control(place)}</td>" + ("</tr><tr>" if n % 3 == 2 else "")
        for n, place in enumerate(places)
    )
    css = "<style>.beside{display:flex} input{width:20mm}</style>"
    body = f"<form><div class=beside>{control(places[0])}{control(places[1])}</div><table><tr>"
    body += (
        cells.replace(f"<td>{control(places[0])}</td><td>{control(places[1])}</td>", "")
        + f"</table></form>{css}"
    )
    document = opened(finish(laid(body).pdf, places, form_metadata_of(places)))
    wanted = [place.name for place in places]
    assert [str(widget.T) for widget in widgets(document)] == wanted
    assert [str(f.T) for f in document.Root.AcroForm.Fields] == [*wanted, FIELD]
    assert all(page.Tabs == Name.S for page in document.pages)


def test_fields_outside_the_form_element_keep_their_order() -> None:
    """WeasyPrint writes these first."""
    places = tuple(Place(f"order__{n}", f"Number {n}") for n in range(3))
    body = f"<form>{control(places[0])}</form>{control(places[1])}<form>{control(places[2])}</form>"
    document = opened(finish(laid(body).pdf, places))
    assert [str(widget.T) for widget in widgets(document)] == [place.name for place in places]


def _option(option: pikepdf.Object) -> object:
    """A text, or what is exported and what is shown."""
    return tuple(map(str, option)) if isinstance(option, pikepdf.Array) else str(option)


def test_each_kind_of_place_becomes_its_kind_of_field(filled_in: pikepdf.Pdf) -> None:
    kinds = {
        str(w.T): (str(w.FT), int(w.get(Name.Ff, 0)), [_option(o) for o in w.get(Name.Opt, ())])
        for w in widgets(filled_in)
    }
    assert kinds == {
        "home__name": ("/Tx", 0, []),
        "home__story": ("/Tx", 1 << 12, []),
        "home__agreed": ("/Btn", 0, []),
        "home__pace": (
            "/Ch",
            1 << 17,
            ["", "slow", ("fast_loose", "fast & loose"), ("lodz", "Łódź")],
        ),
        "home__trust": ("/Ch", 1 << 17, ["", "1", "2", "3", "4", "5", "6"]),
        "home__day": ("/Tx", 0, []),
    }


def test_every_field_can_be_drawn_without_the_viewer_s_help(filled_in: pikepdf.Pdf) -> None:
    assert Name.NeedAppearances not in filled_in.Root.AcroForm
    for widget in widgets(filled_in):
        normal = widget.AP.N
        drawn = normal.values() if isinstance(normal, pikepdf.Dictionary) else [normal]
        for stream in drawn:
            assert [float(n) for n in stream.BBox[2:]] == pytest.approx(size(widget), abs=0.1)
        assert all(edge > 0 for edge in size(widget))


def size(widget: pikepdf.Object) -> tuple[float, float]:
    left, bottom, right, top = (float(edge) for edge in widget.Rect)
    return right - left, top - bottom


def test_no_script_no_signature_no_button_and_no_radio(filled_in: pikepdf.Pdf) -> None:
    assert not {Name.OpenAction, Name.AA} & set(filled_in.Root.keys())
    for widget in widgets(filled_in):
        assert Name.A not in widget and Name.AA not in widget
        assert Name.Sig != widget.FT
        assert not int(widget.get(Name.Ff, 0)) & (1 << 15 | 1 << 16)


def test_what_is_typed_into_one_field_shows_in_no_other_of_its_size() -> None:
    """pypdf draws into the stream that it finds, so no two fields may have one."""
    places = tuple(Place(f"same__{n}", f"Number {n}") for n in range(40))
    filled = fill_with_pypdf(finish(laid(form(places)).pdf, places), {"same__7": "Mine alone"})
    assert read_values(filled) == {p.name: "Mine alone" * (p.name == "same__7") for p in places}
    assert not any(field["fault"] for field in examine(filled)["fields"].values())


def test_the_field_font_is_embedded_once_and_weasyprint_s_copy_is_gone(
    filled_in: pikepdf.Pdf,
) -> None:
    names = [
        str(o.FontName)
        for o in filled_in.objects
        if isinstance(o, pikepdf.Dictionary) and Name.FontName in o
    ]
    assert [name for name in names if "MKForm" in name] == ["/MKForm"]
    assert filled_in.Root.AcroForm.DR.Font.MKForm.FontDescriptor.FontFile2.Length1 < 25_000


def test_the_words_on_the_page_can_be_copied_out_of_a_form() -> None:
    """A font that also served a field would lose its ligatures."""
    import pypdfium2

    pdf = finish(
        laid(form().replace("<form>", "<form><p>A confident office: efficient, fluffy.</p>")).pdf,
        PLACES,
    )
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_bounded()
    assert "A confident office: efficient, fluffy." in text


def test_the_field_font_is_what_its_script_makes() -> None:
    from mentorkit.pdf import form_font

    font = TTFont(Path(finish.__code__.co_filename).parents[1] / "fonts" / "mkform.ttf")
    assert {ord(letter) for letter in form_font.ENCODING.values()} <= set(font.getBestCmap())
    assert all(AGL2UV[name] == ord(letter) for letter, name in form_font.MORE.items())
    assert "Source" not in "".join(str(n) for n in font["name"].names if n.nameID in (1, 3, 4, 6))
    assert "Open Font License" in font["name"].getDebugName(13)


def test_a_printed_document_has_no_form() -> None:
    document = opened(finish(laid(BODIES["text"]).pdf))
    assert Name.AcroForm not in document.Root


@pytest.mark.parametrize(
    ("places", "message"),
    [
        (PLACES[1:], "differ in 1: home__name"),
        ((*PLACES, Place("home__more", "More")), "differ in 1: home__more"),
    ],
)
def test_pages_and_list_must_agree(places: tuple[Place, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        finish(laid(form()).pdf, places)


def test_a_place_that_stands_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="are there twice.*home__name"):
        finish(laid(form((PLACES[0], PLACES[0]))).pdf, PLACES[:1])


# ---- the card ---------------------------------------------------------------------------------------------------  # noqa: E501


def test_the_edition_changes_with_its_places_and_its_release_alone() -> None:
    first = edition_id(PLACES, "2027.1")
    assert edition_id(PLACES, "2027.1") == first and re.fullmatch("[0-9a-f]{10}", first)
    relabelled = (replace(PLACES[0], label="Your own name"), *PLACES[1:])
    assert edition_id(relabelled, "2027.1") == first
    others = [
        edition_id(PLACES, "2027.2"),
        edition_id(PLACES[1:], "2027.1"),
        edition_id((replace(PLACES[0], name="home__nom"), *PLACES[1:]), "2027.1"),
        edition_id((replace(PLACES[0], kind=Kind.DATE), *PLACES[1:]), "2027.1"),
        edition_id(
            (
                *PLACES[:3],
                replace(PLACES[3], choices=(Choice("slow", "slow"), Choice("fast", "fast"))),
                *PLACES[4:],
            ),
            "2027.1",
        ),
    ]
    assert len({first, *others}) == 6


@pytest.mark.parametrize(
    "text", ["", "plain", "<&>\"'\\", "Łódź 中文 \U0001f600", "]]></rdf:RDF>", "}{", "\x00\n"]
)
def test_a_card_survives_whatever_stands_in_it(text: str) -> None:
    card = FormMetadata(
        edition_id="0123456789",
        release=text,
        document=text,
        fields=(text, "home__name"),
        packet=text,
        side="mentee",
    )
    assert FormMetadata.from_json("noise " + card.to_json() + " noise") == card
    assert not set("<>&") & set(card.to_json())


@pytest.mark.parametrize(
    "text",
    ["", "{}", '{"mentorkit":1,', '{"mentorkit":1,"fields":3}', '{"mentorkit":1,' + "[" * 9999],
)
def test_what_is_no_card_is_none(text: str) -> None:
    assert FormMetadata.from_json(text) is None


def test_the_card_is_kept_twice_and_out_of_sight(filled_in: pikepdf.Pdf) -> None:
    (hidden,) = [f for f in filled_in.Root.AcroForm.Fields if f.T == FIELD]
    assert FormMetadata.from_json(str(hidden.V)) == form_metadata_of()
    assert (
        FormMetadata.from_json(filled_in.Root.Metadata.read_bytes().decode()) == form_metadata_of()
    )
    assert int(hidden.F) & 2 and int(hidden.Ff) & 1


# ---- bytes ------------------------------------------------------------------------------------------------------  # noqa: E501


def test_the_same_input_gives_the_same_bytes() -> None:
    raw = laid(form()).pdf
    assert finish(raw, PLACES, form_metadata_of()) == finish(raw, PLACES, form_metadata_of())


# ---- helpers that read ------------------------------------------------------------------------------------------  # noqa: E501


def tree_of(pdf: bytes) -> StructureTree:
    tree = StructureTree(opened(pdf), opened(pdf).Root.StructTreeRoot)
    tree.read()
    return tree


def elements(pdf: bytes, wanted: str = "") -> list[pikepdf.Object]:
    """The elements of the structure tree, in order; those with this tag, or all."""
    return [element for element in tree_of(pdf).order if wanted in ("", tag_name(element))]
