"""The pages' HTML: rules that every template keeps, every place exactly once, and books that break
pages alike.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import mentorkit
import pikepdf
import pytest
from mentorkit.edition.content import CardDeck, GoalTable
from mentorkit.edition.field import Kind
from mentorkit.edition.section import places_in
from mentorkit.pdf.typeset import TypesetPdf, lay_out
from mentorkit.render.print.cards import stacks
from mentorkit.render.print.html import guide_html, workbook_html, worksheet_html
from mentorkit.render.print.options import PAPERS, PrintOptions
from mentorkit.render.print.runsheet import sheet_css

import sample_edition as sample
import sample_guide

TEMPLATES = Path(mentorkit.__file__).parent / "templates"
SOURCES = sorted(TEMPLATES.glob("*.html")) + sorted(TEMPLATES.glob("*.css"))
Tag = tuple[str, dict[str, str]]


class Tags(HTMLParser):
    """Every start tag of a document with its attributes, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[Tag] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def controls(self) -> list[Tag]:
        return [
            (tag, attrs)
            for tag, attrs in self.found
            if tag in ("input", "textarea", "select", "button")
        ]

    def boxes(self) -> list[str]:
        """The classes of each place to fill, as far as they say its size."""
        kinds = [
            attrs["class"].split()
            for _, attrs in self.found
            if {"field", "tick"} & set(attrs.get("class", "").split())
        ]
        return [" ".join(sorted(set(kind) - {"print", "lines-1"})) for kind in kinds]

    def ids(self) -> list[str]:
        return [attrs["id"] for _, attrs in self.found if "id" in attrs]

    def headings(self) -> list[int]:
        return [int(tag[1]) for tag, _ in self.found if re.fullmatch("h[1-6]", tag)]


BOOK = sample.edition()
PAGES = {anchor: number for number, anchor in enumerate(sorted(sample.anchors(BOOK)), 5)}
DOCUMENTS = {
    "workbook": workbook_html(BOOK),
    "fillable": workbook_html(BOOK, PrintOptions(fillable=True)),
    "worksheet": worksheet_html(sample.worksheet()),
    "guide": guide_html(sample_guide.guide(), PAGES),
}


@pytest.fixture(scope="module")
def printed() -> TypesetPdf:
    return lay_out(DOCUMENTS["workbook"], Path(), fillable=False)


@pytest.fixture(scope="module")
def fillable() -> TypesetPdf:
    return lay_out(DOCUMENTS["fillable"], Path(), fillable=True)


@pytest.fixture(scope="module")
def guide() -> TypesetPdf:
    return lay_out(DOCUMENTS["guide"], Path(), fillable=False)


# ---- what no template may hold


def test_there_are_templates_to_look_at() -> None:
    assert len(SOURCES) > 10


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
@pytest.mark.parametrize(
    "never",
    [
        r"\sstyle\s*=",
        r"<script",
        r"\son[a-z]+\s*=\s*[\"']",
        r"woff",
        r"dotted",
        r"leader\(",
        r"gradient",
        r"opacity",
        r"\|\s*safe\b",
        r"@import",
        r"http://",
    ],
)
def test_no_template_holds_what_is_slow_unsafe_or_loses_text(source: Path, never: str) -> None:
    assert not re.search(never, source.read_text(encoding="utf-8"))


def test_no_flex_and_no_grid_stand_round_the_body_of_a_book() -> None:
    around = re.compile(
        r"(^|[\s,}])(html|body|form|section|main|\.(chapter|module|opener|block|front|back|own-page|story|role-\w+))\s*$"
    )
    for source in TEMPLATES.glob("*.css"):
        for selectors, rules in re.findall(
            r"([^{}]+)\{([^{}]*)\}", source.read_text(encoding="utf-8")
        ):
            assert "display: grid" not in rules
            assert not (
                "display: flex" in rules and any(around.search(one) for one in selectors.split(","))
            ), selectors


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_have_no_style_attribute_no_script_and_no_control_that_loses_answers(
    name: str,
) -> None:
    for tag, attributes in Tags(DOCUMENTS[name]).found:
        assert tag not in ("script", "button", "iframe", "object", "embed", "link")
        assert "style" not in attributes and not any(key.startswith("on") for key in attributes)
        assert attributes.get("type", "text") in ("text", "checkbox")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_headings_go_down_one_level_at_a_time(name: str) -> None:
    levels = Tags(DOCUMENTS[name]).headings()
    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in zip(levels, levels[1:], strict=False))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_image_says_what_it_shows_or_that_it_shows_nothing(name: str) -> None:
    images = [attributes for tag, attributes in Tags(DOCUMENTS[name]).found if tag == "img"]
    assert images and all("alt" in image for image in images)


def test_markup_in_titles_and_names_is_text() -> None:
    hostile = replace(
        BOOK, title="<i>Up</i> & “on”", cohort="<script>x</script>", institution='" onload="x'
    )
    found = Tags(workbook_html(hostile, PrintOptions(fillable=True))).found
    assert not {"i", "script"} & {tag for tag, _ in found}
    assert not any("onload" in attributes for _, attributes in found)


# ---- places


def test_every_place_of_a_fillable_book_is_exactly_one_control() -> None:
    names = Counter(attributes["name"] for _, attributes in Tags(DOCUMENTS["fillable"]).controls())
    assert len(BOOK.places()) > 200
    assert names == Counter(place.name for place in BOOK.places())


def test_the_controls_come_in_reading_order_but_on_cards_and_in_goal_tables() -> None:
    """Cards are dealt in stacks; a goal table asks its first test of every goal, then the next."""
    names = [attributes["name"] for _, attributes in Tags(DOCUMENTS["fillable"]).controls()]
    cards = {
        place.name
        for section in BOOK.sections()
        for table in (*section.find(CardDeck), *section.find(GoalTable))
        for place in places_in(table)
    }
    expected = [place.name for place in BOOK.places() if place.name not in cards]
    assert [name for name in names if name not in cards] == expected


def test_controls_are_of_the_sort_that_their_kind_asks_for() -> None:
    controls = {
        attributes["name"]: (tag, attributes)
        for tag, attributes in Tags(DOCUMENTS["fillable"]).controls()
    }
    kinds = set()
    for place in BOOK.places():
        tag, attributes = controls[place.name]
        kinds.add(place.kind)
        if place.kind == Kind.TICK:
            assert (tag, attributes["type"]) == ("input", "checkbox")
        elif place.kind in (Kind.CHOICE, Kind.SCALE):
            assert tag == "select"
        elif place.kind == Kind.TEXT and place.expected_lines > 1:
            sizes = [
                int(name[6:]) for name in attributes["class"].split() if name.startswith("lines-")
            ]
            assert tag == "textarea" and 1 <= sizes[0] <= place.expected_lines
            assert int(attributes["data-lines"]) >= place.expected_lines, "what its page may add"
        else:
            assert tag == "input"
        assert attributes["title"] == place.label
    assert kinds == set(Kind)


def test_a_printed_book_has_the_same_boxes_and_no_control() -> None:
    assert Tags(DOCUMENTS["workbook"]).controls() == [] and "<form" not in DOCUMENTS["workbook"]
    assert Tags(DOCUMENTS["workbook"]).boxes() == Tags(DOCUMENTS["fillable"]).boxes()
    assert len(Tags(DOCUMENTS["workbook"]).boxes()) == len(BOOK.places())


def test_a_worksheet_has_its_own_places_alone() -> None:
    book = sample.worksheet()
    names = [attributes["name"] for _, attributes in Tags(DOCUMENTS["worksheet"]).controls()]
    assert names == [place.name for place in book.places()] and names


def test_a_drop_down_begins_empty_and_offers_every_point() -> None:
    scale = next(place for place in BOOK.places() if place.points == 10)
    options = "".join(f"<option>{n}</option>" for n in range(1, 11))
    assert re.search(
        rf'<select[^>]*name="{scale.name}"[^>]*><option></option>{options}</select>',
        DOCUMENTS["fillable"],
    )


def test_cards_keep_every_group_once() -> None:
    groups = next(deck for s in BOOK.sections() for deck in s.find(CardDeck)).groups
    dealt = [group for stack in stacks(groups) for group in stack]
    assert (
        sorted(group.name for group in dealt) == sorted(group.name for group in groups)
        and len(stacks(groups)) == 3
    )


# ---- anchors and pages


@pytest.mark.parametrize("name", ["workbook", "fillable"])
def test_every_anchor_is_printed_once(name: str) -> None:
    ids = Tags(DOCUMENTS[name]).ids()
    assert len(ids) == len(set(ids)) and sample.anchors(BOOK) <= set(ids)


def test_every_link_inside_a_book_leads_somewhere() -> None:
    for html in DOCUMENTS.values():
        tags = Tags(html)
        inside = {
            attributes[key][1:]
            for _, attributes in tags.found
            for key in ("href", "data-to")
            if attributes.get(key, "").startswith("#")
        }
        assert inside <= set(tags.ids())


def test_printed_and_fillable_book_break_their_pages_alike(
    printed: TypesetPdf, fillable: TypesetPdf
) -> None:
    assert printed.pages == fillable.pages and printed.count == fillable.count
    assert sample.anchors(BOOK) <= set(printed.pages)


def test_nothing_is_missing_or_cut(
    printed: TypesetPdf, fillable: TypesetPdf, guide: TypesetPdf
) -> None:
    assert printed.complaints == fillable.complaints == guide.complaints == ()


def test_every_page_stands_upright(printed: TypesetPdf) -> None:
    with pikepdf.open(BytesIO(printed.pdf)) as pdf:
        assert all(page.mediabox[2] < page.mediabox[3] for page in pdf.pages)


@pytest.mark.parametrize("paper", PAPERS)
def test_both_papers_are_cut_to_size(paper: str) -> None:
    laid = lay_out(
        worksheet_html(sample.worksheet(), PrintOptions(paper, fillable=True)), Path(), True
    )
    with pikepdf.open(BytesIO(laid.pdf)) as pdf:
        size = [float(edge) * 25.4 / 72 for edge in pdf.pages[0].mediabox[2:]]
    assert size == pytest.approx(PAPERS[paper], abs=0.1) and laid.complaints == ()


# ---- the guide


def test_the_guide_prints_the_pages_that_it_is_given() -> None:
    moved = guide_html(sample_guide.guide(), dict.fromkeys(PAGES, 400))
    assert "p. 400" in moved and "p. 400" not in DOCUMENTS["guide"]
    assert f"workbook p. {PAGES['in_the_doorway']}" in DOCUMENTS["guide"]


def test_a_page_that_the_workbook_does_not_have_is_our_bug() -> None:
    with pytest.raises(KeyError):
        guide_html(sample_guide.guide(), {})


def test_blocks_of_the_run_sheet_are_as_tall_as_they_are_long() -> None:
    session = next(chapter for chapter in sample_guide.guide().chapters if chapter.minutes)
    tall = {
        name: float(height)
        for name, height in re.findall(r"\.of-([\w-]+) \{ height: ([\d.]+)mm", sheet_css(session))
    }
    minutes = {
        activity.name: activity.minutes
        for module in session.modules
        for activity in module.activities
    }
    assert set(tall) == set(minutes)
    long = [name for name in minutes if minutes[name] >= 20]
    assert len(long) > 3 and len({round(tall[name] / minutes[name], 1) for name in long}) == 1
    assert all(tall[name] > 5 for name in tall) and sum(tall.values()) < 200


def test_the_run_sheet_is_one_page(guide: TypesetPdf) -> None:
    session = next(chapter for chapter in sample_guide.guide().chapters if chapter.minutes).anchor
    assert guide.pages[session] == guide.pages[f"{session}-sheet"], "first of all"
    assert guide.pages[f"{session}-materials"] - guide.pages[f"{session}-sheet"] == 1


def test_every_guide_anchor_is_printed(guide: TypesetPdf) -> None:
    chapters = sample_guide.guide().chapters
    expected = {chapter.anchor for chapter in chapters}
    expected |= {module.anchor for chapter in chapters for module in chapter.modules}
    expected |= {
        a.anchor for chapter in chapters for module in chapter.modules for a in module.activities
    }
    assert expected <= set(guide.pages)


def test_every_question_is_printed() -> None:
    asked = [question.text for section in BOOK.sections() for question in section.questions()]
    assert asked and all(text in DOCUMENTS["workbook"] for text in asked)
