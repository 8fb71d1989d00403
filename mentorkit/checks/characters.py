"""Check the characters of texts: each has a shape in the fonts of the books."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from mentorkit.checks.texts import NOT_TEXT
from mentorkit.program.library import Library
from mentorkit.program.walk import texts_of
from mentorkit.source.nodes import Scalar
from mentorkit.source.problem import Problem, Span, warning

FONT = Path("fonts", "source-sans-3", "SourceSans3-Regular.ttf")  # every list of fonts ends with it
SPACES = frozenset(
    "\u2002\u2003\u2004\u2005\u2006\u2025\u20bf"
)  # these are in the serif font alone
# Letters that every font of the books has; for these alone no font is opened.
COMMON = frozenset(map(chr, range(0x20, 0x7F))) | frozenset(map(chr, range(0xA0, 0x17F)))
COMMON |= frozenset("\n\t‘’“”–—…•→€−×÷≤≥½")
LIGATURES = "\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06"


def have_a_shape(library: Library) -> Iterator[Problem]:
    """The books print with fonts of their own.

    A character that none of them has cannot be printed; a ligature letter is found by no search.
    """
    for path, scalar in texts_of(library):
        if path and path[-1] in NOT_TEXT or scalar.text.isascii():
            continue
        missing = find_missing(scalar.text)
        if missing:
            more = f", nor {len(missing) - 1} others of this text" if len(missing) > 1 else ""
            yield Problem(
                _place(scalar, missing[0]),
                "no-glyph",
                f"no font of the books has the character “{missing[0]}”"
                f" (U+{ord(missing[0]):04X}){more}",
                "write it in words, or use another character",
            )
        for sign in LIGATURES:
            if sign in scalar.text:
                letters = unicodedata.normalize("NFKC", sign)
                yield warning(
                    _place(scalar, sign),
                    "ligature",
                    f"“{sign}” is one character for {len(letters)} letters, which no search finds",
                    f"write: {letters}",
                )


def find_missing(text: str) -> list[str]:
    """Return the characters of `text` that the books cannot print, in order, each once."""
    rare = [sign for sign in dict.fromkeys(text) if sign not in COMMON]
    return [sign for sign in rare if not _is_ignorable(sign) and ord(sign) not in _printable()]


def _is_ignorable(sign: str) -> bool:
    """Return whether a character has no shape of its own: joiners, soft hyphens, variation
    selectors."""
    is_selector = 0xFE00 <= ord(sign) <= 0xFE0F or 0xE0100 <= ord(sign) <= 0xE01EF
    return is_selector or sign in SPACES or unicodedata.category(sign) == "Cf"


@cache
def _printable() -> frozenset[int]:
    """Return the code points of the font that every list of fonts ends with."""
    from fontTools.ttLib import TTFont

    with TTFont(Path(__file__).resolve().parent.parent / FONT, lazy=True) as font:
        return frozenset(font.getBestCmap())


def _place(scalar: Scalar, sign: str) -> Span:
    """Return the place of the first `sign` in a text."""
    start = scalar.raw.find(sign)
    return scalar.inside(start) if start >= 0 else scalar.span
