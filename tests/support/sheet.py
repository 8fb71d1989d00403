"""A page with fields, as the books have them: to lay out, fill and read in tests."""

from __future__ import annotations

from mentorkit.edition.field import Choice, Kind, Place
from mentorkit.pdf.form_metadata import FormMetadata, edition_id

CSS = """
@font-face { font-family: Sheet; src: url(/kit/fonts/source-sans-3/SourceSans3-Regular.ttf) }
@font-face { font-family: MKForm; src: url(/kit/fonts/mkform.ttf) }
@page { size: a4; margin: 20mm; @bottom-center { content: element(foot) } }
body { font-family: Sheet; font-size: 10pt }
.foot { position: running(foot) }
.slot { width: 60mm; height: 5mm }
input, textarea, select {
  font-family: MKForm; display: block; border: .6pt solid #888; width: 80mm; height: 8mm
}
.tick { display: inline-block; width: 4mm; height: 4mm }
.lines-4 { height: 32mm }
"""

SLOT = '<img class="slot" src="https://assets.invalid/kit/slot-foot.png" alt="">'
FOOT = f'<p class="foot">The workbook {SLOT}</p>'

# One place of each kind that a filler treats differently, and what its control looks like on the
# page.
PLACES = (
    Place("home__name", "Your name"),
    Place("home__story", "Your story", expected_lines=4),
    Place("home__agreed", "We agree on this", Kind.TICK),
    Place(
        "home__pace",
        "Pace of the meeting",
        Kind.CHOICE,
        choices=(
            Choice("slow", "slow"),
            Choice("fast_loose", "fast & loose"),
            Choice("lodz", "Łódź"),
        ),
    ),
    Place("home__trust", "Trust, from 1 to 6", Kind.SCALE, points=6),
    Place("home__day", "Day of signing (year-month-day)", Kind.DATE),
)


def control(place: Place) -> str:
    """The HTML of a place, as the templates write it."""
    if place.kind is Kind.TICK:
        return f'<div><input type="checkbox" class="tick" name="{place.name}"> {place.label}</div>'
    if place.options:
        options = "".join(
            f"<option>{option.replace('&', '&amp;')}</option>"
            for option in ("", *(choice.words for choice in place.offered))
        )
        return (
            f'<div>{place.label} <select class="field" name="{place.name}">{options}</select></div>'
        )
    if place.expected_lines > 1:
        kind = f"field lines-{place.expected_lines}"
        box = f'<textarea class="{kind}" name="{place.name}"></textarea>'
        return f"<div>{place.label} {box}</div>"
    return f'<div>{place.label} <input type="text" class="field" name="{place.name}"></div>'


def sheet(body: str, css: str = "", title: str = "A sheet") -> str:
    """A whole document around `body`."""
    head = f"<title>{title}</title><style>{CSS}{css}</style>"
    page = f'{FOOT}<h1 id="top">{title}</h1>{body}'
    return f'<!DOCTYPE html><html lang="en-US"><head>{head}</head><body>{page}</body></html>'


def form(places: tuple[Place, ...] = PLACES) -> str:
    """A document with a control for each place, in this order."""
    return sheet("<form>" + "".join(control(place) for place in places) + "</form>")


def form_metadata_of(places: tuple[Place, ...] = PLACES) -> FormMetadata:
    """The card of `form(places)`."""
    names = tuple(place.name for place in places)
    return FormMetadata(
        edition_id=edition_id(places, "2027.1"),
        release="2027.1",
        document="worksheet home",
        fields=names,
    )
