"""Names of people drawn once, each with the few glyphs that it needs, to be put into many files afterwards.

Names may be in any script, so the computer's own fonts help where the kit's have no letter. Each name is a small PDF of its
own: one person's file holds no glyph that only somebody else's name has, and adding a person changes nobody's bytes.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mentorkit.pdf.typeset import Scrap, lay_out_apart

CHUNK = 100  # names on one sheet: more make a page slower, fewer make more sheets
EM = 75.0  # points: the size in which names are drawn
ROOM = 20  # ems; what is wider is also drawn on several lines
LINES = (2, 3, 4)
BOX = "□"  # drawn for a letter that no font has
STYLE = (
    "<style>@font-face{font-family:MKName;src:url(/kit/fonts/mkname.ttf)}@page{size:40000px 2000px;margin:100px}"
    "html{font:100px/120px MKName;color:#1d2730}body,p{margin:0}p{break-after:page;white-space:nowrap;overflow-wrap:anywhere}</style>"
)


@dataclass(frozen=True)
class Plate:
    """A drawn name: on one line and, where that is wide, also on two and more. `missing`: its letters that no font has."""

    drawn: tuple[Scrap, ...]
    missing: str


def plates(names: Sequence[str]) -> list[Plate]:
    """A plate for each name; a letter that no font has is drawn as a box."""
    first = _laid([(name, 0.0) for name in names])
    missing = [scrap.missing for scrap in first]
    shown = [
        "".join(BOX if letter in gone else letter for letter in name)
        for name, gone in zip(names, missing, strict=True)
    ]
    again = iter(_laid([(text, 0.0) for text, gone in zip(shown, missing, strict=True) if gone]))
    single = [next(again) if gone else scrap for scrap, gone in zip(first, missing, strict=True)]
    wide = [
        (text, count)
        for text, scrap in zip(shown, single, strict=True)
        for count in LINES
        if scrap.width > ROOM * EM
    ]
    widths = {text: scrap.width for text, scrap in zip(shown, single, strict=True)}
    wrapped = _laid([(text, 1.1 * widths[text] / count) for text, count in wide])
    several: dict[str, list[Scrap]] = {}
    for (text, _), scrap in zip(wide, wrapped, strict=True):
        several.setdefault(text, []).append(scrap)
    return [
        Plate((scrap, *several.get(text, ())), gone)
        for text, scrap, gone in zip(shown, single, missing, strict=True)
    ]


def _laid(lines: Sequence[tuple[str, float]]) -> list[Scrap]:
    """Each text on a page of its own; a width other than 0 wraps it."""
    return lay_out_apart(STYLE + "".join(_paragraphs(lines))) if lines else []


def _paragraphs(lines: Sequence[tuple[str, float]]) -> Iterator[str]:
    for text, width in lines:
        wraps = f' style="white-space:normal;width:{width / EM * 100:.0f}px"' if width else ""
        yield f"<p{wraps}>{html.escape(text)}</p>"
