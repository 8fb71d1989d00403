"""HTML in, a tagged PDF out, with the page of every anchor and everything that went wrong.

The only module that imports WeasyPrint, and late: `mentorkit check` never needs it. The same HTML gives the same bytes
in any folder, on any day: addresses are fixed (see `fence`), and a book sees no font but those that its style sheet
names. Nothing is lost in silence: what WeasyPrint merely logs becomes a complaint, in plain words.
"""

from __future__ import annotations

import atexit
import logging
import os
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from mentorkit.pdf import url_fetcher
from mentorkit.pdf.elastic import stretched

if TYPE_CHECKING:
    from weasyprint import CSS, Document, Page
    from weasyprint.formatting_structure.boxes import Box
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

MAX_PAGES = 2000
PX = 0.75  # points in a CSS pixel
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_styles: dict[tuple[str, bool], CSS] = {}


@dataclass(frozen=True)
class Laid:
    """A document laid out: its bytes, the page (from 1) of each anchor, its pages, and what is wrong with it."""

    pdf: bytes
    pages: dict[str, int]
    count: int
    complaints: tuple[str, ...]


def lay_out(
    html: str,
    root: Path,
    fillable: bool,
    system_fonts: bool = False,
    pitch_mm: float | None = None,
) -> Laid:
    """The PDF of `html`; pictures come from the program's folder `root`. Never raises for what an author wrote.

    With `system_fonts`, the computer's own fonts help where the kit's have no letter: for pages with people's names.
    With `pitch_mm`, the distance between two lines to write on, answers take the space that their page has left.
    """
    load_weasyprint()
    from weasyprint import HTML

    complaints: dict[str, None] = {}  # in order, each once
    fetcher = _fetcher(root, complaints)
    with _alone(), _told(_Complaints(complaints)):
        styles = [
            _style(found[1], fetcher, complaints, system_fonts) for found in STYLE.finditer(html)
        ]
        page = HTML(string=STYLE.sub("", html), base_url=url_fetcher.BASE, url_fetcher=fetcher)
        complaints |= dict.fromkeys(_unreadable_aloud(page.etree_element))
        with stretched(pitch_mm):
            document = page.render(
                stylesheets=styles,
                font_config=_fonts(system_fonts),
                pdf_variant="pdf/ua-1",
                pdf_forms=fillable,
            )
        if len(document.pages) > MAX_PAGES:
            complaints[f"it has {len(document.pages):,} pages (limit {MAX_PAGES:,})"] = None
        complaints |= dict.fromkeys(_cut_off(document))
        # pikepdf compresses the pages, after the repairs.
        pdf = document.write_pdf(pdf_variant="pdf/ua-1", pdf_forms=fillable, uncompressed_pdf=True)
    return Laid(pdf, _pages(document), len(document.pages), tuple(complaints))


def _style(text: str, fetcher: URLFetcher, complaints: dict[str, None], system_fonts: bool) -> CSS:
    """A style sheet as WeasyPrint has it. All worksheets have the same one: it is read once a process, if nothing is wrong with it."""
    from weasyprint import CSS

    if known := _styles.get((text, system_fonts)):
        return known
    before = len(complaints)
    made = CSS(
        string=text,
        base_url=url_fetcher.BASE,
        url_fetcher=fetcher,
        font_config=_fonts(system_fonts),
    )
    if len(complaints) == before:
        _styles[text, system_fonts] = made
    return made


@dataclass(frozen=True)
class Scrap:
    """A page as a PDF of its own, with the fonts that it alone needs.

    In points from its lower left corner: where its text begins, how wide it is, the first line's baseline. Its lines, and the letters
    that no font has.
    """

    pdf: bytes
    left: float
    width: float
    baseline: float
    lines: int
    missing: str


def lay_out_apart(html: str) -> list[Scrap]:
    """Each page of `html` by itself. The computer's own fonts help; nothing but the kit's files is loaded."""
    load_weasyprint()
    from weasyprint import HTML

    made = []
    with _alone(), _told(_Complaints({})):
        document = HTML(
            string=html, base_url=url_fetcher.BASE, url_fetcher=_fetcher(url_fetcher.KIT, {})
        ).render(font_config=_fonts(True))
        for page in document.pages:
            with _told(lost := _Lost()):
                pdf = document.copy([page]).write_pdf()
            made.append(Scrap(pdf, *_text_box(page), "".join(lost.letters)))
    return made


def _text_box(page: Page) -> tuple[float, float, float, int]:
    """Left, width, first baseline and lines of the text on a page, in points from below."""
    from weasyprint.formatting_structure.boxes import TextBox

    texts = [box for box in page._page_box.descendants() if isinstance(box, TextBox)] or [None]
    if texts[0] is None:
        return 0, 1, 0, 1
    left, right = (
        min(box.position_x for box in texts),
        max(box.position_x + box.width for box in texts),
    )
    tops = sorted({round(box.position_y + box.baseline) for box in texts})
    return (
        left * PX,
        max(right - left, 1) * PX,
        (page.height - texts[0].position_y - texts[0].baseline) * PX,
        len(tops),
    )


@cache
def load_weasyprint() -> None:
    """Import WeasyPrint, once, with its font configuration. OSError where pango is missing."""
    with _alone(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "No fonts configured")  # that is what we want
        import weasyprint  # noqa: F401

        _fonts(False)
    _remember_page_references()
    atexit.register(_clear_up)


def _remember_page_references() -> None:
    """Make pydyf keep the references of its pages.

    For each tag, pydyf 0.13 makes the references of all pages anew, which takes a ninth of a book's
    time and grows with pages times tags. Other versions are left as they are.
    """
    import pydyf

    if not str(pydyf.VERSION).startswith("0.13."):
        return

    def page_references(pdf: Any) -> tuple[bytes, ...]:
        kids = pdf.pages["Kids"]
        known: tuple[bytes, ...] = pdf.__dict__.get("_known_page_references", ())
        if len(known) * 3 != len(kids):
            known = pdf._known_page_references = tuple(b"%d 0 R" % number for number in kids[::3])
        return known

    pydyf.PDF.page_references = property(page_references)


def _clear_up() -> None:
    """WeasyPrint copies every font into a folder, and takes it away when its font configuration goes: this must happen while Python still runs."""
    _styles.clear()
    _fonts.cache_clear()


@contextmanager
def _alone() -> Iterator[None]:
    """While it lasts, this process is blind to the computer's fonts, clock and language.

    Afterwards the environment is as before: a browser that we start needs its fonts.
    """
    before = dict(os.environ)
    os.environ["FONTCONFIG_FILE"] = str(Path(__file__).with_name("fonts.conf"))
    os.environ["SOURCE_DATE_EPOCH"] = (
        "0"  # fontTools writes the time into each font it cuts from a variable one
    )
    os.environ["FC_LANG"] = "en"
    for name in ("FONTCONFIG_PATH", "FONTCONFIG_SYSROOT"):
        os.environ.pop(name, None)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@cache
def _fonts(system: bool) -> FontConfiguration:
    """One configuration a process for books, one for pages with names: the kit's fonts are read and registered once.

    One font is there from the start, since pango takes the process down where it finds none at all.
    """
    from weasyprint.text.fonts import FontConfiguration

    if system:  # until `_alone` ends; Windows has no folder that fontconfig reads everywhere, and is not tested
        os.environ["FONTCONFIG_FILE"] = (
            str(Path(__file__).with_name("fonts-of-system.conf")) if os.name == "posix" else ""
        )
    fonts = FontConfiguration()
    address = f"{url_fetcher.BASE}kit/fonts/mkform.ttf"
    fonts.add_font_face(
        {"font_family": "MK Base", "src": [("external", address)]}, _fetcher(url_fetcher.KIT, {})
    )
    return fonts


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
                data, media_type = url_fetcher.read(url, root)
            except (url_fetcher.RefusedUrlError, OSError) as reason:
                why = (
                    str(reason)
                    if isinstance(reason, url_fetcher.RefusedUrlError)
                    else "cannot be read"
                )
                complaints[f"{url_fetcher.shown(url)} {why}"] = None
                raise
            return URLFetcherResponse(url, data, {"Content-Type": media_type})

    return Fence(allowed_protocols=set(), allow_redirects=False, fail_on_errors=False)


# ---- what WeasyPrint only logs ----------------------------------------------------------------------------------

# The beginning of its message, and ours, with its arguments; None: told elsewhere, or no fault of the document.
PLAIN: tuple[tuple[str, str | None], ...] = (
    (".notdef glyph", "no font of the book has the character “{0}” (U+{1:04X})"),
    ("No anchor #", "a link leads to “{0}”, which is nowhere in the document"),
    ("Content discarded", "a page number is asked for “{0}”, which is nowhere in the document"),
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
            shown = [_shown(argument) for argument in arguments]
            return words.format(*shown) if words else ""
    return "the page maker says: " + " ".join(record.getMessage().split())[:300]


def _shown(argument: Any) -> Any:
    while isinstance(argument, tuple):  # ("url", ("internal", name))
        argument = argument[-1]
    return url_fetcher.shown(argument) if isinstance(argument, str) else argument


class _Lost(logging.Handler):
    """Gathers the letters that no font has, from WeasyPrint's log."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.letters: dict[str, None] = {}

    def emit(self, record: logging.LogRecord) -> None:
        if str(record.msg).startswith(".notdef") and isinstance(record.args, tuple):
            self.letters[str(record.args[0])] = None


@contextmanager
def _told(handler: logging.Handler) -> Iterator[None]:
    """While it lasts, WeasyPrint's log goes to `handler` and nowhere else."""
    logger = logging.getLogger("weasyprint")
    before = logger.handlers[:], logger.level, logger.propagate
    logger.handlers, logger.propagate = [handler], False
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
        if element.tag == "img" and (
            element.get("alt") is None or element.get("alt", "").isspace()
        ):
            address = urljoin(url_fetcher.BASE, element.get("src", ""))
            yield f"the picture {url_fetcher.shown(address)} has no text alternative"
        if element.tag in HEADINGS:
            here = HEADINGS.index(element.tag) + 1
            if here > level + 1:
                words = " ".join("".join(element.itertext()).split())
                yield f"the heading “{words}” skips a level ({element.tag} after {f'h{level}' if level else 'nothing'})"
            level = here


def _words(box: Box) -> str:
    return " ".join(b.text for b in box.descendants() if hasattr(b, "text")).strip()


def _cut_off(document: Document) -> Iterator[str]:
    """Text that runs off its page, or out of a box that hides what does not fit, or that no tag can reach."""
    from weasyprint.formatting_structure.boxes import InlineBox, PageBox, TextBox

    for number, page in enumerate(document.pages, start=1):
        stack: list[tuple[Box, tuple[float, float, float, float]]] = [
            (page._page_box, (0, 0, page.width, page.height))
        ]
        while stack:
            box, seen = stack.pop()
            if box.style["transform"]:
                continue
            if (
                box.style["opacity"] < 1
            ):  # what is drawn in a transparent group has no place in the tags
                yield f"see-through text cannot be tagged: “{_words(box)[:60]}”"
                continue
            if isinstance(box, TextBox):
                right, bottom = box.position_x + box.width, box.position_y + box.height
                text = box.text.strip()
                lost = max(
                    seen[0] - box.position_x,
                    seen[1] - box.position_y,
                    right - seen[2],
                    bottom - seen[3],
                )
                if text and lost > 2:
                    yield f"text is cut off on page {number}: “{text[:60]}”"
                continue
            if box.style["overflow"] != "visible" and not isinstance(box, (InlineBox, PageBox)):
                left, top = box.padding_box_x(), box.padding_box_y()
                edges = left, top, left + box.padding_width(), top + box.padding_height()
                seen = (
                    max(seen[0], left),
                    max(seen[1], top),
                    min(seen[2], edges[2]),
                    min(seen[3], edges[3]),
                )
            stack += [(child, seen) for child in box.all_children()]
