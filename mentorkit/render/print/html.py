"""An Edition or a Guide as one HTML page, ready to be laid out: templates filled, one style sheet, no decisions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import quote

from markupsafe import Markup

from mentorkit.edition.content import Content, CreditLine, Group, Role, Section
from mentorkit.edition.field import Place
from mentorkit.edition.guide import Guide, GuideActivity, GuideChapter, Notes
from mentorkit.edition.markdown import inline_html, paragraphs, plain, to_html
from mentorkit.edition.strings import WORDS
from mentorkit.edition.workbook import Edition
from mentorkit.render.print.macros import macro_of

if TYPE_CHECKING:
    from jinja2 import Environment

ASSETS = (
    "https://assets.invalid/"  # the fetcher serves these from the package and the program's folder
)
PAPERS = {"letter": (215.9, 279.4), "a4": (210.0, 297.0)}  # millimeters
HUES = ("#00626b", "#3b4cc0", "#7a2e6e", "#2d6a3e", "#9a4a12", "#44546a")
TINTS = ("#eef5f5", "#f1f2fb", "#f6f0f5", "#f0f5f1", "#f8f2ee", "#f1f3f5")
MOST_LINES = 12
RULED = 8.0  # millimeters between two lines to write on
LARGE_RULED = 11.0  # and in large print
SHEET = 200.0  # millimeters that the rows and the lists of a run sheet share on the shorter paper


def workbook_html(edition: Edition, fillable: bool) -> str:
    """The workbook; printed and fillable differ in their controls alone, so their pages are the same."""
    return _fill("workbook.html", edition.words, edition.paper, book=edition, fillable=fillable)


def large_html(edition: Edition) -> str:
    """The workbook in large print: 18 points for what is read, nothing under 16; an edition of its own, with its own pages."""
    return _fill(
        "workbook.html", edition.words, edition.paper, book=edition, fillable=False, large=True
    )


def enlarged(css: str) -> str:
    """A style sheet with its sizes in points made larger (the small ones most, thin lines not at all) and set in the large-print face."""

    def larger(found: re.Match[str]) -> str:
        size = float(found[1])
        factor = 1 if size < 7 else 1.72 if size <= 13 else 1.45 if size <= 20 else 1.15
        return f"{max(size * factor, 16) if size >= 7 else size:.4g}pt"

    css = re.sub(r"(\d*\.?\d+)pt\b", larger, css)
    return re.sub(
        r"(?<!font-family: )\b(?:Sans|Serif|Title)(?:, (?:Sans|Serif))?(?=\s*[;}])",
        "Hyper, Sans, Serif",
        css,
    )


def worksheet_html(edition: Edition, fillable: bool = True, large: bool = False) -> str:
    """One worksheet as a document of its own."""
    return _fill(
        "worksheet.html", edition.words, edition.paper, book=edition, fillable=fillable, large=large
    )


def guide_html(
    guide: Guide, pages: Mapping[str, int], large: Mapping[str, int] | None = None
) -> str:
    """The facilitator's book; `pages` says where each anchor of the workbook is printed, `large` where in the large-print one, of which
    the guide then holds a table. Raises KeyError for a Ref to an anchor that the workbook does not have (compose never makes one)."""
    sheets = tuple(sheet_css(chapter) for chapter in guide.chapters)
    return _fill(
        "guide.html",
        guide.words,
        guide.paper,
        book=guide,
        page_number=pages.__getitem__,
        fillable=False,
        sheets=sheets,
        large_pages=large or {},
    )


def handout_html(name: str, edition: Edition, **values: object) -> str:
    """What comes with a cohort beside its books: the template of that name, in the words of the edition."""
    return _fill(
        f"handouts/{name}.html",
        edition.words,
        edition.paper,
        book=edition,
        fillable=False,
        **values,
    )


def answers_html(name: str, edition: Edition, **values: object) -> str:
    """A page about what came back, whole in itself: no font, picture or script of another file."""
    return _fill(
        f"answers/{name}.html", edition.words, edition.paper, book=edition, fillable=False, **values
    )


def sheet_css(chapter: GuideChapter) -> Markup:
    """The heights of a session's run sheet, one class an activity, since styles stand in no attribute."""
    activities = [activity for module in chapter.modules for activity in module.activities]
    if not activities:
        return Markup("")
    lowest = [_lowest(activity) for activity in activities]
    room = _room(chapter) - 5 * len(chapter.modules)
    scale = room / chapter.minutes
    for _ in range(9):  # what the brief ones take beyond their share, the long ones give
        taken = sum(max(a.minutes * scale, low) for a, low in zip(activities, lowest, strict=True))
        scale *= min(room / taken, 1)
    tall = {
        f"{a.name}": max(a.minutes * scale, low) for a, low in zip(activities, lowest, strict=True)
    }
    return Markup(
        "\n".join(
            f".sheet-{chapter.name} .of-{name} {{ height: {mm:.1f}mm }}"
            for name, mm in tall.items()
        )
    )


def _lowest(activity: GuideActivity) -> float:
    """Millimeters that the words of a run sheet's row need: the title, and a line of steps where it is long."""
    lines = -(-len(plain(activity.title) + activity.priority) // 34)
    return 1.2 + 4.3 * lines + 3.9 * bool(activity.steps and activity.minutes > 9)


def _room(chapter: GuideChapter) -> float:
    """Millimeters for the rows of a run sheet, so that it stays one page: the rest goes to head and lists."""
    words = 90 if long_list(chapter) else sum(len(plain(item)) + 3 for item in chapter.materials)
    trims = sum(len(plan) + 22 for _, plan in chapter.late)
    lines = sum(-(-length // 115) for length in (words, trims, len(plain(chapter.notes.cut))))
    between = sum(
        5.6 * bool(a.pause) + 5 * bool(a.opens)
        for module in chapter.modules
        for a in module.activities
    )
    return SHEET - 4.3 * lines - between


def long_list(chapter: GuideChapter) -> bool:
    """True where the materials are too many for the run sheet, which then says where they stand."""
    return sum(len(plain(item)) + 3 for item in chapter.materials) > 500


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("mentorkit", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        md=to_html, inline=inline_html, plain=plain, paragraphs=paragraphs, stack=stacks
    )
    environment.filters.update(
        macro=macro_of,
        titled=titled,
        has_credit_line=has_credit_line,
        long_list=long_list,
        without_glance=without_glance,
    )
    environment.tests["section"] = is_section
    environment.globals.update(icon=icon, figure=figure, picture_url=picture_url)
    return environment


def _fill(
    template: str, words: Mapping[str, str], paper: str, large: bool = False, **values: object
) -> str:
    width, height = PAPERS[paper]
    ruled = LARGE_RULED if large else RULED
    measures = {
        "width": width,
        "height": height,
        "hues": HUES,
        "tints": TINTS,
        "ruled": ruled,
        "rules": {n: (rules(n, n), rules(n, n - 1)) for n in range(1, MOST_LINES + 1)},
        "notes": notes_svg(height),
        "tabs": [_svg(26, 7, "M0 3.5H26", hue, 7) for hue in HUES],
    }
    page = (
        _environment()
        .get_template(template)
        .render(w=WORDS | dict(words), paper=measures, large=large, **values)
    )
    start, end = page.index("<style>"), page.index("</style>")
    return page[:start] + enlarged(page[start:end]) + page[end:] if large else page


@cache
def icon(name: str) -> Markup:
    """A small drawn sign beside its word, for the eye alone; nothing where there is no such drawing."""
    if not name or not files("mentorkit").joinpath("templates", "icons", f"{name}.svg").is_file():
        return Markup("")
    return Markup('<img class="icon" src="{}kit/templates/icons/{}.svg" alt="">').format(
        ASSETS, name
    )


@cache
def figure(name: str) -> Markup:
    """A decorative drawing of ours, or nothing where there is none."""
    if not files("mentorkit").joinpath("templates", "figures", f"{name}.svg").is_file():
        return Markup("")
    return Markup('<img class="figure" src="{}kit/templates/figures/{}.svg" alt="">').format(
        ASSETS, name
    )


def picture_url(file: str) -> str:
    """The address of a picture of the program."""
    return ASSETS + quote(file)


def _svg(width: float, height: float, path: str, ink: str, stroke: float = 0.22) -> str:
    # One drawing with stroked paths: every viewer draws all of its lines, which no repeated pattern achieves.
    drawing = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width:g} {height:g}' preserveAspectRatio='none'>"
        f"<path d='{path}' stroke='{ink}' stroke-width='{stroke}' fill='none'/></svg>"
    )
    return "data:image/svg+xml," + quote(drawing, safe=" =/:.,")


def rules(lines: int, drawn: int) -> str:
    """The background of a place so many lines tall, as a data address; in a table the cell's edge is the last line."""
    path = "".join(f"M0 {n * RULED - 0.2:g}H100" for n in range(1, drawn + 1))
    return _svg(100, lines * RULED, path, "#8a939b")


def notes_svg(height: float) -> str:
    """The ruled lines of a left page that stays empty before a session."""
    count = int((height - 52) // RULED)
    path = "".join(f"M0 {n * RULED - 0.2:g}H100" for n in range(1, count + 1))
    return _svg(100, count * RULED, path, "#b3bac0")


def titled(book: Edition | Guide, role: Role) -> list[Section]:
    """Return the workbook's sections of that role by title; none in a guide."""
    return book.titled(role) if isinstance(book, Edition) else []


def is_section(item: Content | Section) -> bool:
    """Return whether a piece of content is a section of its own."""
    return isinstance(item, Section)


def has_credit_line(book: Edition) -> bool:
    """Return whether a section says who made it, so that the document's end need not."""
    return any(True for section in book.top_sections() for _ in section.find(CreditLine))


def without_glance(notes: Notes) -> Notes:
    """What is left to say of a session once its page “at a glance” and its run sheet are printed."""
    return replace(notes, purpose="", prepare=(), materials=(), cut="")


def stacks(groups: Sequence[Group], count: int = 3) -> list[list[Group]]:
    """The groups in `count` stacks about equally tall, each in the groups' order: all must be seen at once."""
    filled: list[list[Group]] = [[] for _ in range(count)]
    for group in sorted(groups, key=_tall, reverse=True):
        min(filled, key=lambda stack: sum(map(_tall, stack))).append(group)
    ordered = [sorted(stack, key=groups.index) for stack in filled if stack]
    return sorted(ordered, key=lambda stack: groups.index(stack[0]))


def _tall(group: Group) -> float:
    """About how many lines to write on a card takes."""
    rows = sum(
        0.5 * bool(row.text) + sum(isinstance(cell, Place) for cell in row.cells)
        for row in group.rows
    )
    return 1.2 + 0.6 * bool(group.text) + rows
