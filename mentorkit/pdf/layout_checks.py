"""Find what is wrong with a laid-out document and what WeasyPrint does not report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from mentorkit.pdf import url_fetcher

if TYPE_CHECKING:
    from weasyprint import Document, Page
    from weasyprint.formatting_structure.boxes import Box

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
MAX_CUT_PX = 2  # text may reach so far over an edge, in CSS pixels

Edges = tuple[float, float, float, float]  # left, top, right, bottom


def find_untagged_meaning(page: Element) -> Iterator[str]:
    """Yield pictures without a text alternative, and headings that skip a level.

    See PDF/UA-1, 7.3 and 7.4.2.
    """
    level = 0
    for element in page.iter():
        if element.tag == "img" and _has_no_alternative(element):
            address = urljoin(url_fetcher.BASE, element.get("src", ""))
            yield f"the picture {url_fetcher.shorten_url(address)} has no text alternative"
        if element.tag in HEADINGS:
            own_level = HEADINGS.index(element.tag) + 1
            if own_level > level + 1:
                text = " ".join("".join(element.itertext()).split())
                before = f"h{level}" if level else "nothing"
                yield f"the heading “{text}” skips a level ({element.tag} after {before})"
            level = own_level


def find_cut_text(document: Document) -> Iterator[str]:
    """Yield text that runs off its page or out of a box that hides it, or that has no tag."""
    for number, page in enumerate(document.pages, start=1):
        yield from _find_cut_text(page, number)


def _has_no_alternative(image: Element) -> bool:
    alternative = image.get("alt")
    return alternative is None or alternative.isspace()


def _find_cut_text(page: Page, number: int) -> Iterator[str]:
    from weasyprint.formatting_structure.boxes import TextBox

    stack: list[tuple[Box, Edges]] = [(page._page_box, (0, 0, page.width, page.height))]
    while stack:
        box, visible = stack.pop()
        if box.style["transform"]:
            continue
        if box.style["opacity"] < 1:  # WeasyPrint tags nothing in a transparent group
            yield f"see-through text cannot be tagged: “{_text_in(box)[:60]}”"
        elif isinstance(box, TextBox):
            text = box.text.strip()
            if text and _is_cut(box, visible):
                yield f"text is cut off on page {number}: “{text[:60]}”"
        else:
            visible = _visible_inside(box, visible)
            stack += [(child, visible) for child in box.all_children()]


def _is_cut(box: Box, visible: Edges) -> bool:
    """Return whether a box reaches over the visible edges."""
    left, top, right, bottom = visible
    over = (
        left - box.position_x,
        top - box.position_y,
        box.position_x + box.width - right,
        box.position_y + box.height - bottom,
    )
    return bool(max(over) > MAX_CUT_PX)


def _visible_inside(box: Box, visible: Edges) -> Edges:
    """Return the edges within which the content of a box is visible."""
    from weasyprint.formatting_structure.boxes import InlineBox, PageBox

    if box.style["overflow"] == "visible" or isinstance(box, InlineBox | PageBox):
        return visible
    left, top = box.padding_box_x(), box.padding_box_y()
    right, bottom = left + box.padding_width(), top + box.padding_height()
    return (
        max(visible[0], left),
        max(visible[1], top),
        min(visible[2], right),
        min(visible[3], bottom),
    )


def _text_in(box: Box) -> str:
    return " ".join(b.text for b in box.descendants() if hasattr(b, "text")).strip()
