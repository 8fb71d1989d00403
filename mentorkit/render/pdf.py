"""HTML in, a tagged PDF out, with the page of every anchor and everything that went wrong.

The only module that imports WeasyPrint, and late: `mentorkit check` never needs it. The same HTML gives the same bytes
in any folder, on any day: addresses are fixed (see `fence`), and a book sees no font but those that its style sheet
names. Nothing is lost in silence: what WeasyPrint merely logs becomes a complaint, in plain words.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element

from mentorkit.render import fence

if TYPE_CHECKING:
    from weasyprint import Document
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

MAX_PAGES = 2000
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@dataclass(frozen=True)
class Laid:
    """A document laid out: its bytes, the page (from 1) of each anchor, its pages, and what is wrong with it."""

    pdf: bytes
    pages: dict[str, int]
    count: int
    complaints: tuple[str, ...]


def lay_out(html: str, root: Path, fillable: bool) -> Laid:
    """The PDF of `html`; pictures come from the program's folder `root`. Never raises for what an author wrote."""
    load_weasyprint()
    from weasyprint import HTML

    complaints: dict[str, None] = {}  # in order, each once
    fetcher = _fetcher(root, complaints)
    with _told(complaints):
        page = HTML(string=html, base_url=fence.BASE, url_fetcher=fetcher)
        complaints |= dict.fromkeys(_unreadable_aloud(page.etree_element))
        document = page.render(font_config=_fonts(), pdf_variant="pdf/ua-1", pdf_forms=fillable)
        if len(document.pages) > MAX_PAGES:
            complaints[f"it has {len(document.pages):,} pages (limit {MAX_PAGES:,})"] = None
        complaints |= dict.fromkeys(_cut_off(document))
        pdf = document.write_pdf(pdf_variant="pdf/ua-1", pdf_forms=fillable)
    return Laid(pdf, _pages(document), len(document.pages), tuple(complaints))


def load_weasyprint() -> None:
    """Import WeasyPrint, once, blind to this computer's fonts, clock and language. OSError where pango is missing."""
    os.environ["FONTCONFIG_FILE"] = str(Path(__file__).with_name("fonts.conf"))
    os.environ["SOURCE_DATE_EPOCH"] = "0"  # fontTools writes the time into each font it cuts from a variable one
    os.environ["FC_LANG"] = "en"
    for name in ("FONTCONFIG_PATH", "FONTCONFIG_SYSROOT"):
        os.environ.pop(name, None)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "No fonts configured")  # that is what we want
        import weasyprint  # noqa: F401


@cache
def _fonts() -> FontConfiguration:
    """One configuration a process: the kit's fonts are read and registered once."""
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


def _pages(document: Document) -> dict[str, int]:
    pages: dict[str, int] = {}
    for number, page in enumerate(document.pages, start=1):
        for anchor in page.anchors:
            pages.setdefault(anchor, number)
    return pages


def _fetcher(root: Path, complaints: dict[str, None]) -> URLFetcher:
    """The fence as WeasyPrint wants it. It writes refusals down, since inside an SVG an exception is swallowed."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Fence(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            try:
                data, media_type = fence.read(url, root)
            except (fence.Refused, OSError) as reason:
                why = str(reason) if isinstance(reason, fence.Refused) else "cannot be read"
                complaints[f"{fence.shown(url)} {why}"] = None
                raise
            return URLFetcherResponse(url, data, {"Content-Type": media_type})

    return Fence(allowed_protocols=set(), allow_redirects=False, fail_on_errors=False)


# ---- what WeasyPrint only logs ----------------------------------------------------------------------------------

# The beginning of its message, and ours, with its arguments; None: told elsewhere, or no fault of the document.
PLAIN: tuple[tuple[str, str | None], ...] = (
    (".notdef glyph", "no font of the book has the character “{0}” (U+{1:04X})"),
    ("No anchor #", "a link leads to “{0}”, which is nowhere in the document"),
    ("Content discarded", "a page number is asked for {0[1]!r}, which is nowhere in the document"),
    ("Anchor defined twice", "“{0}” names two places of the document"),
    ("Failed to load image", "the picture {0} cannot be used"),
    ("Failed to render SVG", "the picture {0} cannot be drawn"),
    ("Failed to load inline SVG", "a drawing cannot be read: {0}"),
    ("Failed to load attachment", "a file to be attached cannot be used"),
    ("Failed to load stylesheet", "the style sheet {0} cannot be used"),
    ("Font-face", "the font {0} cannot be loaded"),
    ("Image ", None),  # no text alternative: see _unreadable_aloud, which knows `alt=""` from none
    ("Using fontTools", None),  # an older HarfBuzz: slower, no worse
)


class _Complaints(logging.Handler):
    """Turns WeasyPrint's log into complaints."""

    def __init__(self, complaints: dict[str, None]) -> None:
        super().__init__(logging.WARNING)
        self.complaints = complaints

    def emit(self, record: logging.LogRecord) -> None:
        text = _plain(record)
        if text:
            self.complaints[text] = None


def _plain(record: logging.LogRecord) -> str:
    arguments = record.args if isinstance(record.args, tuple) else ()
    for beginning, words in PLAIN:
        if str(record.msg).startswith(beginning):
            shown = [fence.shown(a) if isinstance(a, str) else a for a in arguments]
            return words.format(*shown) if words else ""
    return "the page maker says: " + " ".join(record.getMessage().split())[:300]


@contextmanager
def _told(complaints: dict[str, None]) -> Iterator[None]:
    """While it lasts, WeasyPrint's log goes to `complaints` and nowhere else."""
    logger = logging.getLogger("weasyprint")
    before = logger.handlers[:], logger.level, logger.propagate
    logger.handlers, logger.propagate = [_Complaints(complaints)], False
    logger.setLevel(logging.WARNING)
    logging.getLogger("weasyprint.progress").setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.handlers, logger.propagate = before[0], before[2]
        logger.setLevel(before[1])


# ---- what nobody tells ------------------------------------------------------------------------------------------


def _unreadable_aloud(page: Element) -> Iterator[str]:
    """Pictures without a text alternative, and headings that skip a level (PDF/UA-1, 7.3 and 7.4.2)."""
    level = 0
    for element in page.iter():
        if element.tag == "img" and (element.get("alt") is None or element.get("alt", "").isspace()):
            yield f"the picture {fence.shown(element.get('src', ''))} has no text alternative"
        if element.tag in HEADINGS:
            here = HEADINGS.index(element.tag) + 1
            if here > level + 1:
                words = " ".join("".join(element.itertext()).split())
                yield f"the heading “{words}” skips a level ({element.tag} after {f'h{level}' if level else 'nothing'})"
            level = here


def _cut_off(document: Document) -> Iterator[str]:
    """Text that runs off its page, or out of a box that hides what does not fit."""
    from weasyprint.formatting_structure.boxes import Box, TextBox

    for number, page in enumerate(document.pages, start=1):
        stack: list[tuple[Box, tuple[float, float, float, float]]] = [(page._page_box, (0, 0, page.width, page.height))]
        while stack:
            box, seen = stack.pop()
            if box.style["transform"]:
                continue
            if isinstance(box, TextBox):
                right, bottom = box.position_x + box.width, box.position_y + box.height
                text = box.text.strip()
                lost = max(seen[0] - box.position_x, seen[1] - box.position_y, right - seen[2], bottom - seen[3])
                if text and lost > 2:
                    yield f"text is cut off on page {number}: “{text[:60]}”"
                continue
            if box.style["overflow"] != "visible" and box is not page._page_box:
                left, top = box.padding_box_x(), box.padding_box_y()
                edges = left, top, left + box.padding_width(), top + box.padding_height()
                seen = max(seen[0], left), max(seen[1], top), min(seen[2], edges[2]), min(seen[3], edges[3])
            stack += [(child, seen) for child in box.all_children()]
