"""Makes mentorkit/fonts/mkform.ttf, the font that people's answers are typed in.

    python docs/make_field_font.py

Source Sans 3, weight 400, cut down to the letters of Windows-1252 and of Central European and Turkish spelling,
without hints and features: 19 KB, since it stands whole in every fillable file. The Open Font License keeps the name
“Source” for the original, hence another name. The same input gives the same bytes.
"""

from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from mentorkit.render.letters import ENCODING

FONTS = Path(__file__).resolve().parent.parent / "mentorkit" / "fonts"
NAME = "MKForm"
KEPT = (0, 13, 14)  # of the name table: copyright, licence, the licence's address


def main() -> None:
    """Write the font."""
    font = TTFont(FONTS / "source-sans-3" / "SourceSans3.ttf", recalcTimestamp=False)
    instantiateVariableFont(font, {"wght": 400}, inplace=True)
    options = Options(layout_features=[], hinting=False, notdef_outline=True, name_IDs=list(KEPT), glyph_names=False)
    options.drop_tables += ["STAT", "GDEF", "GPOS", "GSUB", "DSIG", "meta"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[ord(letter) for letter in ENCODING.values()])
    subsetter.subset(font)
    rename(font)
    font.save(FONTS / "mkform.ttf")


def rename(font: TTFont) -> None:
    """Give the font its own name; copyright and licence stay."""
    names = font["name"]
    for number, text in {1: NAME, 2: "Regular", 3: f"{NAME} 1.000", 4: NAME, 5: "Version 1.000", 6: NAME}.items():
        names.setName(text, number, 3, 1, 0x409)


if __name__ == "__main__":
    main()
