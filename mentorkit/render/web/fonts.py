"""Faces for the web: cut to the letters in use, renamed as their license asks, as WOFF files."""

from __future__ import annotations

import io
from functools import cache
from importlib.resources import files

# The parts of a face's name are its family here; the license reserves "Source".
FACES = {
    "sans": ("source-sans-3/SourceSans3-Regular.ttf", "MK Web Sans"),
    "semibold": ("source-sans-3/SourceSans3-Semibold.ttf", "MK Web Sans Semibold"),
    "serif": ("source-serif-4/SourceSerif4-Regular.ttf", "MK Web Serif"),
    "display": ("source-serif-4/SourceSerif4Display-Semibold.ttf", "MK Web Display"),
}
BASIC_LATIN = "".join(map(chr, range(0x20, 0x7F)))
# What people may type beyond the edition's letters falls to the system's own face.
NAME_FAMILY, NAME_FULL, NAME_POSTSCRIPT = 1, 4, 6
# Kerning and features take most of a face's bytes, and most of the time that cutting takes.
LAYOUT_TABLES = ("GPOS", "GSUB", "GDEF")
KEPT_NAMES = (0, 7, 13, 14)  # copyright, trademark, license, its address


@cache
def cut_face(face: str, letters: str) -> bytes:
    """Return the face of FACES, cut to Basic Latin and `letters`, as the bytes of a WOFF file."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    path, family = FACES[face]
    data = files("mentorkit").joinpath("fonts", *path.split("/")).read_bytes()
    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    for table in LAYOUT_TABLES:
        if table in font:
            del font[table]
    options = Options()
    options.hinting = False
    options.name_IDs = list(KEPT_NAMES)
    options.notdef_outline = True
    subsetter = Subsetter(options=options)
    subsetter.populate(text=BASIC_LATIN + letters)
    subsetter.subset(font)
    names = font["name"]
    for number in (NAME_FAMILY, NAME_FULL):
        names.setName(family, number, 3, 1, 0x409)
    names.setName("Regular", 2, 3, 1, 0x409)
    names.setName(family.replace(" ", ""), NAME_POSTSCRIPT, 3, 1, 0x409)
    font.flavor = "woff"
    made = io.BytesIO()
    font.save(made)
    return made.getvalue()
