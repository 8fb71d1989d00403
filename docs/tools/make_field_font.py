"""Make the two small fonts of the kit's own: mkform.ttf, which people's answers are typed in, and
mkname.ttf, in which packets have names.

    python docs/tools/make_field_font.py

Both are Source Sans 3 Regular without hints. mkform.ttf has the letters of Windows-1252 and of
Central European and Turkish
spelling, without features: 19 KB, since it stands whole in every fillable file. mkname.ttf has
every Latin, Greek and Cyrillic letter
with kerning and marks: a packet holds a few of its glyphs, and cutting them out takes milliseconds.
The Open
Font License keeps the name “Source” for the original, hence other names. The same input gives the
same bytes.
"""

from collections.abc import Sequence
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from mentorkit.pdf.form_font import ENCODING

FONTS = Path(__file__).resolve().parents[2] / "mentorkit" / "fonts"
KEPT = (0, 13, 14)  # of the name table: copyright, licence, the licence's address
BOX = "□"  # for a letter that no font has


def main() -> None:
    """Write the fonts."""
    make("MKForm", [*ENCODING.values()], [])
    known = TTFont(FONTS / "source-sans-3" / "SourceSans3-Regular.ttf").getBestCmap()
    make(
        "MKName",
        [chr(code) for code in known if 0x20 <= code < 0x590 or 0x1E00 <= code < 0x2070] + [BOX],
        ["ccmp", "kern", "locl", "mark", "mkmk"],
    )


def make(name: str, letters: Sequence[str], features: list[str]) -> None:
    """Write the font of that name with these letters."""
    font = TTFont(FONTS / "source-sans-3" / "SourceSans3-Regular.ttf", recalcTimestamp=False)
    options = Options(
        layout_features=features,
        hinting=False,
        notdef_outline=True,
        name_IDs=list(KEPT),
        glyph_names=False,
    )
    options.drop_tables += ["STAT", "DSIG", "meta"] + ([] if features else ["GDEF", "GPOS", "GSUB"])
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[ord(letter) for letter in letters])
    subsetter.subset(font)
    rename(font, name)
    font.save(FONTS / f"{name.lower()}.ttf")


def rename(font: TTFont, name: str) -> None:
    """Give the font its own name; copyright and licence stay."""
    for number, text in {
        1: name,
        2: "Regular",
        3: f"{name} 1.000",
        4: name,
        5: "Version 1.000",
        6: name,
    }.items():
        font["name"].setName(text, number, 3, 1, 0x409)


if __name__ == "__main__":
    main()
