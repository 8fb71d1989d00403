"""Lay out HTML as a tagged PDF, with the page of every anchor and everything that went wrong.

Only this module and its checks import WeasyPrint, and late: `mentorkit check` never needs it. The
same HTML gives the same bytes in any folder, on any day: addresses are fixed (see `url_fetcher`),
and a book gets no font but those that its style sheet names. What WeasyPrint merely logs becomes a
complaint in plain words.
"""

from __future__ import annotations

import atexit
import os
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mentorkit.pdf import url_fetcher
from mentorkit.pdf.elastic import stretched
from mentorkit.pdf.layout_checks import find_cut_text, find_untagged_meaning
from mentorkit.pdf.weasyprint_log import ComplaintHandler, MissingLetterHandler, redirect_log

if TYPE_CHECKING:
    from weasyprint import CSS, Document, Page
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

MAX_PAGES = 2000
PX = 0.75  # points in a CSS pixel
STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_styles: dict[tuple[str, bool], CSS] = {}


@dataclass(frozen=True)
class TypesetPdf:
    """A document laid out.

    `pages`: the page (from 1) of each anchor. `count`: its pages. `complaints`: what is wrong.
    """

    pdf: bytes
    pages: dict[str, int]
    count: int
    complaints: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PagePdf:
    """A page as a PDF of its own, with the fonts that it alone needs.

    In points from the lower left corner: where its text begins, how wide it is, the baseline of the
    first line. `lines`: how many there are. `missing`: the letters that no font has.
    """

    pdf: bytes
    left: float
    width: float
    baseline: float
    lines: int
    missing: str


def lay_out(
    html: str,
    root: Path,
    fillable: bool,
    system_fonts: bool = False,
    pitch_mm: float | None = None,
) -> TypesetPdf:
    """Return the PDF of `html`, with pictures from the program's folder `root`.

    Raises nothing for what an author wrote. With `system_fonts`, the computer's own fonts help
    where the kit's have no letter: for pages with people's names. With `pitch_mm`, the distance
    between two lines to write on, answers take the space that their page has left.
    """
    load_weasyprint()
    from weasyprint import HTML

    complaints: dict[str, None] = {}  # in order, each once
    fetcher = _fetcher(root, complaints)
    with _fixed_environment(), redirect_log(ComplaintHandler(complaints)):
        styles = [
            _read_style(found[1], fetcher, complaints, system_fonts)
            for found in STYLE.finditer(html)
        ]
        page = HTML(string=STYLE.sub("", html), base_url=url_fetcher.BASE, url_fetcher=fetcher)
        complaints |= dict.fromkeys(find_untagged_meaning(page.etree_element))
        with stretched(pitch_mm):
            document = page.render(
                stylesheets=styles,
                font_config=_fonts(system_fonts),
                pdf_variant="pdf/ua-1",
                pdf_forms=fillable,
            )
        if len(document.pages) > MAX_PAGES:
            complaints[f"it has {len(document.pages):,} pages (limit {MAX_PAGES:,})"] = None
        complaints |= dict.fromkeys(find_cut_text(document))
        # pikepdf compresses the pages, after the repairs.
        pdf = document.write_pdf(pdf_variant="pdf/ua-1", pdf_forms=fillable, uncompressed_pdf=True)
    return TypesetPdf(pdf, _find_anchors(document), len(document.pages), tuple(complaints))


def lay_out_pages(html: str) -> list[PagePdf]:
    """Return each page of `html` by itself.

    The computer's own fonts help; nothing but the kit's files is loaded.
    """
    load_weasyprint()
    from weasyprint import HTML

    pages = []
    fetcher = _fetcher(url_fetcher.KIT, {})
    with _fixed_environment(), redirect_log(ComplaintHandler({})):
        source = HTML(string=html, base_url=url_fetcher.BASE, url_fetcher=fetcher)
        document = source.render(font_config=_fonts(True))
        for page in document.pages:
            with redirect_log(letters := MissingLetterHandler()):
                pdf = document.copy([page]).write_pdf()
            left, width, baseline, lines = _text_box(page)
            pages.append(
                PagePdf(
                    pdf=pdf,
                    left=left,
                    width=width,
                    baseline=baseline,
                    lines=lines,
                    missing="".join(letters.letters),
                )
            )
    return pages


def _read_style(
    text: str, fetcher: URLFetcher, complaints: dict[str, None], system_fonts: bool
) -> CSS:
    """Return a style sheet as WeasyPrint has it.

    All worksheets have the same one: it is read once a process, if nothing is wrong with it.
    """
    from weasyprint import CSS

    if known := _styles.get((text, system_fonts)):
        return known
    before = len(complaints)
    style = CSS(
        string=text,
        base_url=url_fetcher.BASE,
        url_fetcher=fetcher,
        font_config=_fonts(system_fonts),
    )
    if len(complaints) == before:
        _styles[text, system_fonts] = style
    return style


def _text_box(page: Page) -> tuple[float, float, float, int]:
    """Return left, width and first baseline of a page's text in points, and its lines."""
    from weasyprint.formatting_structure.boxes import TextBox

    texts = [box for box in page._page_box.descendants() if isinstance(box, TextBox)]
    if not texts:
        return 0, 1, 0, 1
    left = min(box.position_x for box in texts)
    right = max(box.position_x + box.width for box in texts)
    baselines = {round(box.position_y + box.baseline) for box in texts}
    height = page.height - texts[0].position_y - texts[0].baseline
    return left * PX, max(right - left, 1) * PX, height * PX, len(baselines)


def _find_anchors(document: Document) -> dict[str, int]:
    """Return the page, from 1, on which each anchor is first."""
    pages: dict[str, int] = {}
    for number, page in enumerate(document.pages, start=1):
        for anchor in page.anchors:
            pages.setdefault(anchor, number)
    return pages


# ---- WeasyPrint itself -----------------------------------------------------------------------


@cache
def load_weasyprint() -> None:
    """Import WeasyPrint with its font configuration. OSError where Pango is missing."""
    with _fixed_environment(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "No fonts configured")  # that is what we want
        import weasyprint  # noqa: F401

        _fonts(False)
    _remember_page_references()
    atexit.register(_clear_caches)


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


def _clear_caches() -> None:
    """Let WeasyPrint remove its copies of fonts, which needs a Python that still runs."""
    _styles.clear()
    _fonts.cache_clear()


@contextmanager
def _fixed_environment() -> Iterator[None]:
    """Hide the computer's fonts, clock and language from libraries while the block runs.

    Afterwards the environment is as before: a browser that we start needs its fonts.
    """
    before = dict(os.environ)
    os.environ["FONTCONFIG_FILE"] = str(Path(__file__).with_name("fonts.conf"))
    # fontTools writes the time into each font that it makes from a variable one.
    os.environ["SOURCE_DATE_EPOCH"] = "0"
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
    """Return the font configuration for books, or the one for pages with names; once a process.

    It holds one font from the start, since Pango ends the process where it finds none at all.
    """
    from weasyprint.text.fonts import FontConfiguration

    if system:  # until the environment is restored
        # Windows has no folder that fontconfig reads everywhere, and is not tested.
        names = Path(__file__).with_name("fonts-of-system.conf")
        os.environ["FONTCONFIG_FILE"] = str(names) if os.name == "posix" else ""
    fonts = FontConfiguration()
    address = f"{url_fetcher.BASE}kit/fonts/mkform.ttf"
    face = {"font_family": "MK Base", "src": [("external", address)]}
    fonts.add_font_face(face, _fetcher(url_fetcher.KIT, {}))
    return fonts


def _fetcher(root: Path, complaints: dict[str, None]) -> URLFetcher:
    """Return a fetcher that loads what `url_fetcher` allows and adds refusals to `complaints`.

    An exception alone would not do: inside an SVG, WeasyPrint ignores it.
    """
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class AllowlistFetcher(URLFetcher):  # type: ignore[misc] # WeasyPrint ships no types
        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:  # noqa: ARG002
            try:
                data, media_type = url_fetcher.read_url(url, root)
            except url_fetcher.RefusedUrlError as error:
                complaints[f"{url_fetcher.shorten_url(url)} {error}"] = None
                raise
            except OSError:
                complaints[f"{url_fetcher.shorten_url(url)} cannot be read"] = None
                raise
            return URLFetcherResponse(url, data, {"Content-Type": media_type})

    return AllowlistFetcher(allowed_protocols=set(), allow_redirects=False, fail_on_errors=False)
