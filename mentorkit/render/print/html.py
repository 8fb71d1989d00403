"""An Edition or a Guide as one HTML page, ready to be laid out: templates filled, one style sheet,
no decisions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup

from mentorkit.edition.content import Content, CreditLine, Role
from mentorkit.edition.dates import date_words, time_words
from mentorkit.edition.guide import Guide, Notes
from mentorkit.edition.markdown import inline_html, paragraphs, plain
from mentorkit.edition.section import Section
from mentorkit.edition.strings import Words, html_phrase, phrase, words_of
from mentorkit.edition.workbook import Edition, Meeting
from mentorkit.render.print.arrangement import (
    arrange,
    is_long,
    is_long_text,
    least_lines,
    question_rows,
    text_html,
)
from mentorkit.render.print.cards import stacks
from mentorkit.render.print.column_widths import column_percents
from mentorkit.render.print.drawings import rules
from mentorkit.render.print.macros import macro_of
from mentorkit.render.print.options import PAPERS, PrintOptions
from mentorkit.render.print.runsheet import first_words, long_list, sheet_css

if TYPE_CHECKING:
    from jinja2 import Environment

HUES = ("#00626b", "#3b4cc0", "#7a2e6e", "#2d6a3e", "#9a4a12", "#44546a")
TINTS = ("#eef5f5", "#f1f2fb", "#f6f0f5", "#f0f5f1", "#f8f2ee", "#f1f3f5")
MOST_LINES = 12
PRINTED, FILLABLE = PrintOptions(), PrintOptions(fillable=True)
SIDES_MM, GUTTER_MM = 38.0, 7.0  # both margins; between the four columns of the grid


def workbook_html(edition: Edition, options: PrintOptions = PRINTED) -> str:
    """Return the workbook.

    Printed and fillable ones differ in their controls alone, so their pages are the same; large
    print has pages of its own.
    """
    return _book("workbook.html", edition, options)


def worksheet_html(edition: Edition, options: PrintOptions = FILLABLE) -> str:
    """Return one worksheet as a document of its own."""
    return _book("worksheet.html", edition, options)


def guide_html(
    guide: Guide,
    pages: Mapping[str, int],
    options: PrintOptions = PRINTED,
    large_pages: Mapping[str, int] | None = None,
) -> str:
    """Return the facilitator's book.

    Args:
        guide: the guide.
        pages: the page of the workbook on which each anchor is printed.
        options: paper and screen.
        large_pages: the same of the workbook in large print; the guide then holds a table of both.

    Raises:
        KeyError: a Ref to an anchor that the workbook does not have; compose never makes one.
    """
    sheets = tuple(sheet_css(chapter) for chapter in guide.chapters)
    return _book(
        "guide.html",
        guide,
        options,
        page_number=pages.__getitem__,
        sheets=sheets,
        large_pages=large_pages or {},
    )


def handout_html(name: str, edition: Edition, paper: str = "letter", **values: object) -> str:
    """Return what comes with a cohort beside its books: the template of that name, in the words of
    the edition.
    """
    return _fill(f"handouts/{name}.html", edition, PrintOptions(paper), values)


def answers_html(name: str, edition: Edition, paper: str = "letter", **values: object) -> str:
    """Return a page about what came back, whole in itself: no font, picture or script of another
    file.
    """
    title = words_of(edition.words)[f"{name.replace('-', '_')}_title"]
    return _fill(f"answers/{name}.html", edition, PrintOptions(paper), {**values, "title": title})


def _book(template: str, book: Edition | Guide, options: PrintOptions, **values: object) -> str:
    style = _fill("style.css", book, options, values)
    return _fill(template, book, options, {**values, "style": Markup(style)})


def _fill(
    template: str, book: Edition | Guide, options: PrintOptions, values: Mapping[str, object]
) -> str:
    width, height = PAPERS[options.paper]
    measures = {
        "width": width,
        "height": height,
        "hues": HUES,
        "tints": TINTS,
        "ruled": options.ruled_mm,
        "rules": {n: (rules(n, n), rules(n, n - 1)) for n in range(1, MOST_LINES + 1)},
        "reading": round((width - SIDES_MM) * 3 / 4 - GUTTER_MM / 4, 1),
    }
    asset = options.assets.url
    words = words_of(book.words, is_screen=options.screen is not None)
    variables: dict[str, object] = {
        "book": book,
        "w": Words(words),
        "options": options,
        "paper": measures,
        "asset": asset,
        "icon": partial(_drawing, "icon", "icons", asset),
        "figure": partial(_drawing, "figure", "figures", asset),
        "new_tab": Markup(' target="_blank" rel="noreferrer"') if options.screen else "",
        "date_of": partial(_date_of, words),
        "time_of": partial(_time_of, words),
        "page_of_anchor": partial(_page_of_anchor, options),
    }
    page = _environment(options.screen is not None).get_template(template)
    return page.render({**variables, **values})


@cache
def _environment(is_screen: bool) -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("mentorkit", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        md=partial(text_html, new_tab=is_screen),
        inline=partial(inline_html, new_tab=is_screen),
        plain=plain,
        phrase=html_phrase,
        paragraphs=paragraphs,
        stack=stacks,
        macro=macro_of,
        titled=titled,
        has_credit_line=has_credit_line,
        long_list=long_list,
        first_words=first_words,
        without_glance=without_glance,
        arrange=arrange,
        question_rows=question_rows,
        is_long=is_long,
        is_long_text=is_long_text,
        column_percents=column_percents,
        least_lines=least_lines,
    )
    environment.tests["section"] = is_section
    return environment


def _drawing(css_class: str, folder: str, asset: Callable[[str], str], name: str) -> Markup:
    """Return a drawing of ours, for the eye alone; nothing where there is none of that name."""
    if not _is_drawing(folder, name):
        return Markup("")
    address = asset(f"kit/templates/{folder}/{name}.svg")
    return Markup('<img class="{}" src="{}" alt="">').format(css_class, address)


@cache
def _is_drawing(folder: str, name: str) -> bool:
    return bool(name) and files("mentorkit").joinpath("templates", folder, f"{name}.svg").is_file()


def _page_of_anchor(options: PrintOptions, anchor: str) -> Markup:
    """Return the attribute from which the style sheet makes a page number: where the anchor is, or
    the number.
    """
    if options.screen:
        return Markup('data-page="{}"').format(options.screen.pages.get(anchor, "…"))
    return Markup('data-to="#{}"').format(anchor)


def _date_of(words: Mapping[str, str], meeting: Meeting) -> str:
    """Return the day of a meeting, or the day by which it is due; empty where none is fixed."""
    day = date_words(meeting.date, words) if meeting.date else ""
    return phrase(words["due_date"], date=day) if meeting.is_due else day


def _time_of(words: Mapping[str, str], meeting: Meeting) -> str:
    """Return from when to when a meeting lasts; empty where nothing is fixed."""
    return time_words(meeting.start, meeting.end, words)


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
    """Return what is left of a session's notes after its page “at a glance” and its run sheet."""
    return replace(notes, purpose="", prepare=(), materials=(), cut="")
