"""Draw people's names once, each with the few glyphs that it needs, to be put into many files.

Names may be in any script, so the computer's own fonts help where the kit's have no letter. Each
name is a small PDF of its own: one person's file holds no glyph that only another person's name
has, and adding a person changes nobody's bytes.
"""

from __future__ import annotations

import html
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mentorkit.pdf.typeset import PagePdf, lay_out_pages

CHUNK = 100  # names on one sheet: more make a page slower, fewer make more sheets
EM = 75.0  # points: the size in which names are drawn
ROOM = 20  # ems; a wider name is also drawn on several lines
LINES = (2, 3, 4)
BOX = "□"  # drawn for a letter that no font has
STYLE = (
    "<style>@font-face{font-family:MKName;src:url(/kit/fonts/mkname.ttf)}"
    "@page{size:40000px 2000px;margin:100px}"
    "html{font:100px/120px MKName;color:#1d2730}"
    "body,p{margin:0}p{break-after:page;white-space:nowrap;overflow-wrap:anywhere}</style>"
)


@dataclass(frozen=True)
class NameDrawing:
    """A drawn name. `variants`: on one line; where that is wide, also on two and more."""

    variants: tuple[PagePdf, ...]
    missing: str  # its letters that no font has


def draw_names(names: Sequence[str]) -> list[NameDrawing]:
    """Return a drawing for each name; a letter that no font has is drawn as a box."""
    first = _draw_lines([(name, 0.0) for name in names])
    missing = [page.missing for page in first]
    texts = [_with_boxes(name, lost) for name, lost in zip(names, missing, strict=True)]
    replaced = [(text, 0.0) for text, lost in zip(texts, missing, strict=True) if lost]
    again = iter(_draw_lines(replaced))
    single = [next(again) if page.missing else page for page in first]
    widths = {text: page.width for text, page in zip(texts, single, strict=True)}
    wide = [text for text, width in widths.items() if width > ROOM * EM]
    lines = [(text, 1.1 * widths[text] / count) for text in wide for count in LINES]
    several: dict[str, list[PagePdf]] = defaultdict(list)
    for (text, _), page in zip(lines, _draw_lines(lines), strict=True):
        several[text].append(page)
    return [
        NameDrawing((page, *several[text]), lost)
        for text, page, lost in zip(texts, single, missing, strict=True)
    ]


def _with_boxes(name: str, missing: str) -> str:
    return "".join(BOX if letter in missing else letter for letter in name)


def _draw_lines(lines: Sequence[tuple[str, float]]) -> list[PagePdf]:
    """Return each text as a page of its own; a width in points other than 0 wraps it."""
    return lay_out_pages(STYLE + "".join(_paragraphs(lines))) if lines else []


def _paragraphs(lines: Sequence[tuple[str, float]]) -> Iterator[str]:
    for text, width in lines:
        wraps = f' style="white-space:normal;width:{width / EM * 100:.0f}px"' if width else ""
        yield f"<p{wraps}>{html.escape(text)}</p>"
