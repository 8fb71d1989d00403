"""How a document is printed: paper, fillable or not, large print, or one page for a screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mentorkit.render.renderer import PRINT_ASSETS, Assets

PAPERS = {"letter": (215.9, 279.4), "a4": (210.0, 297.0)}  # millimeters
RULED_MM, LARGE_RULED_MM = 7.5, 11.0  # between two lines to write on
# Every size of letters and lines that the style sheets use, in points: 10.5 is var(--pt-10-5)
# there.
SIZES_PT = (
    7, 7.5, 8, 8.5, 9, 9.5, 10, 10.2, 10.5, 11, 11.5, 12, 12.3, 12.5, 12.6, 13, 13.5, 14, 14.4,
    14.5, 15, 15.5, 16, 16.5, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 32, 33,
    34, 36, 40, 46, 50, 52, 56, 60, 76,
)  # fmt: skip
LARGE_LEAST_PT = 16
# Families have names of our own: browsers take "Serif" for any serif face they like.
FONTS = {
    "sans": "MKSans, MKSerif",
    "serif": "MKSerif, MKSans",
    "title": "MKTitle, MKSans",
}
LARGE_FONT = "MKLarge, MKSans, MKSerif"


@dataclass(frozen=True)
class Screen:
    """A page of the book for a browser: its style sheet is a file of its own, page numbers are
    given.

    `classes` are added to the body, `note` is printed above the page. `pages` says which page an
    anchor is printed on. `style_url` takes a style sheet and returns its address.
    """

    classes: str
    note: str
    pages: Mapping[str, int]
    style_url: Callable[[str], str]


@dataclass(frozen=True)
class PrintOptions:
    """The options of a printed document."""

    paper: str = "letter"
    fillable: bool = False
    large: bool = False
    screen: Screen | None = None
    assets: Assets = PRINT_ASSETS

    @property
    def ruled_mm(self) -> float:
        """The distance of two lines to write on, in millimeters."""
        return LARGE_RULED_MM if self.large else RULED_MM

    def sizes(self) -> dict[str, str]:
        """Return the custom properties for sizes: the part of the name after --pt-, and the value
        in points.
        """
        values = ((size, enlarge(size) if self.large else size) for size in SIZES_PT)
        return {f"{size:g}".replace(".", "-"): f"{value:.4g}" for size, value in values}

    def fonts(self) -> dict[str, str]:
        """Return the custom properties for families: sans, serif and title."""
        return dict.fromkeys(FONTS, LARGE_FONT) if self.large else FONTS


def enlarge(size: float) -> float:
    """Return a size in points for large print: small ones grow most, and none is under 16."""
    factor = 1.72 if size <= 13 else 1.45 if size <= 20 else 1.15
    return max(size * factor, LARGE_LEAST_PT)
