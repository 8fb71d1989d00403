"""Make the text of a PDF say the usual character where one glyph stands for several.

A font maps a hyphen and a non-breaking hyphen to one glyph, and a PDF gives each glyph one
character: the first that was set. One U+2011 would make every hyphen of the file a U+2011, which no
search finds.
"""

from __future__ import annotations

import re

from pikepdf import Name, Object, Pdf

# Characters that share a glyph with the usual one in the kit's fonts, or by normal form.
USUAL = {
    "\u00a0": " ",
    "\u00ad": "-",
    "\u2010": "-",
    "\u2011": "-",
    "\u02bb": "‘",
    "\u02bc": "’",
    "\u03bc": "µ",
    "\u2206": "Δ",
    "\u2126": "Ω",
    "\u212a": "K",
    "\u212b": "Å",
    "\u03d5": "φ",
    "\u2009": "\u202f",
    "\u2215": "⁄",
}
_ENTRY = re.compile(rb"(<[0-9a-f]{4}> <)([0-9a-f]{4})>")
_USUAL_CODES = {b"%04x" % ord(rare): b"%04x" % ord(usual) for rare, usual in USUAL.items()}


def write_usual_characters(document: Pdf) -> None:
    """Replace rare characters in the ToUnicode maps of all fonts (ISO 32000-1, 9.10.3)."""
    maps: dict[tuple[int, int], Object] = {}
    for page in document.pages:
        for font in page.Resources.get(Name.Font, {}).values():
            if Name.ToUnicode in font:
                maps[font.ToUnicode.objgen] = font.ToUnicode
    for stream in maps.values():
        before = stream.read_bytes()
        after = _ENTRY.sub(_with_usual_code, before)
        if after != before:
            stream.write(after)


def _with_usual_code(entry: re.Match[bytes]) -> bytes:
    return entry[1] + _USUAL_CODES.get(entry[2], entry[2]) + b">"
