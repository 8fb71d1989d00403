"""The boxes and lines of places to fill, drawn into the pages of a laid-out form.

WeasyPrint lays out one document whose controls draw nothing, so the rectangle of each widget is its
whole box. The same layout then gives the form to fill on a screen and the copy to print: both have
the same pages. All sizes and colors of drawn places are here and nowhere else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from pikepdf import Array, Name, Object, Pdf

from mentorkit.edition.field import Kind, Place
from mentorkit.pdf.tag_tree import Id, StructureTree, tag_name

# What a style sheet of a document with drawn fields must say.
BARE_CONTROLS = ".field, .tick { border-width: 0; padding: 0; background: none }"

MM = 72 / 25.4  # points in a millimeter
LINE_COLOR = "0.541 0.576 0.608"  # ruled lines on paper
EDGE_COLOR = "0.435 0.478 0.518"  # the edge of a field on a screen: 3:1 against white
BOX_COLOR = "0.2 0.255 0.302"  # check boxes
FIELD_FILL = "0.957 0.965 0.969"
LINE_WIDTH = 0.22 * MM
# The distance from a rule to the lower edge of its line, so that a descender stays above it.
LINE_RISE = 0.2 * MM
CHOOSING = (Kind.CHOICE, Kind.SCALE)


class Medium(Enum):
    """Where a copy is used."""

    PAPER = "paper"
    SCREEN = "screen"


@dataclass(frozen=True, kw_only=True)
class Box:
    """The place of one field on its page, in points from the lower left corner."""

    name: str
    left: float
    bottom: float
    right: float
    top: float
    is_in_cell: bool


def draw_fields(pdf: Pdf, places: Sequence[Place], medium: Medium, pitch_mm: float) -> None:
    """Draw the box or the lines of each field over its page, as artifacts.

    They come last, since a tinted panel around a field is part of the page's content. `pitch_mm` is
    the distance between two lines to write on.
    """
    by_name = {place.name: place for place in places}
    drawings: dict[Id, list[str]] = defaultdict(list)
    for page_id, box in find_boxes(pdf):
        drawn = _drawing(by_name[box.name], box, medium, pitch_mm)
        if drawn:
            drawings[page_id].append(drawn)
    for page in pdf.pages:
        if page.obj.objgen in drawings:
            # WeasyPrint leaves the page's coordinates upside down, so its content is kept apart.
            content = page.Contents.read_bytes()
            fields = "\n".join(drawings[page.obj.objgen]).encode("ascii")
            page.Contents.write(
                b"q\n" + content + b"\nQ\n/Artifact BMC q\n" + fields + b"\nQ EMC\n"
            )


def inset_widgets(widgets: Sequence[Object], places: Sequence[Place]) -> None:
    """Shrink each widget to the room inside its drawn box, since text must not touch the edge."""
    by_name = {place.name: place for place in places}
    for widget in widgets:
        if widget.get(Name.Subtype) == Name.Widget:
            across, down = _padding(by_name[str(widget.T)].kind)
            left, bottom, right, top = _rectangle(widget)
            widget.Rect = Array([left + across, bottom + down, right - across, top - down])


def find_boxes(pdf: Pdf) -> Iterator[tuple[Id, Box]]:
    """Yield each widget's page and box, in reading order."""
    tree = StructureTree(pdf, pdf.Root.StructTreeRoot)
    tree.read()
    for holder, reference in tree.holders:
        widget = reference.Obj
        if widget.get(Name.Subtype) == Name.Widget:
            left, bottom, right, top = _rectangle(widget)
            yield (
                widget.P.objgen,
                Box(
                    name=str(widget.T),
                    left=left,
                    bottom=bottom,
                    right=right,
                    top=top,
                    is_in_cell=any(
                        tag_name(above) in ("TD", "TH") for above in tree.ancestors(holder)
                    ),
                ),
            )


def _rectangle(widget: Object) -> tuple[float, float, float, float]:
    x1, y1, x2, y2 = (float(edge) for edge in widget.Rect)
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def _padding(kind: Kind) -> tuple[float, float]:
    """Return the room between a drawn edge and its field, across and down, in points."""
    if kind is Kind.TICK:
        return 0.8, 0.8
    if kind in CHOOSING:
        return MM + 0.6, 0.6
    return 1.5 * MM + 0.6, 0.5 * MM + 0.6


def _drawing(place: Place, box: Box, medium: Medium, pitch_mm: float) -> str:
    """Return the drawing of one field; empty where paper shows nothing there."""
    if place.kind is Kind.TICK:
        return _outline(box, width=0.8, edge=BOX_COLOR, radius=0.5 * MM, fill="1 1 1")
    if medium is Medium.SCREEN:
        return _outline(box, width=0.6, edge=EDGE_COLOR, radius=0.6 * MM, fill=FIELD_FILL)
    if place.kind in CHOOSING:
        return ""  # on paper the circles or words beside it are the answer
    return _rules(place, box, pitch_mm * MM)


def _rules(place: Place, box: Box, pitch: float) -> str:
    """Return ruled lines; the last line of a table's cell is the cell's own edge."""
    count = max(round((box.top - box.bottom) / pitch), 1)
    has_edge_below = box.is_in_cell and place.kind not in (Kind.PERCENT, Kind.DATE)
    lines = []
    for number in range(1, count if has_edge_below else count + 1):
        height = box.top - number * pitch + LINE_RISE
        lines.append(f"{box.left:.2f} {height:.2f} m {box.right:.2f} {height:.2f} l")
    if not lines:
        return ""
    return f"{LINE_COLOR} RG {LINE_WIDTH:.3f} w {' '.join(lines)} S"


def _outline(box: Box, *, width: float, edge: str, radius: float, fill: str) -> str:
    """Return a filled rectangle with rounded corners, its edge inside the box."""
    left, bottom = box.left + width / 2, box.bottom + width / 2
    right, top = box.right - width / 2, box.top - width / 2
    curve = radius * 0.4477  # the control points of a quarter circle lie so far from its corner
    path = (
        f"{left + radius:.2f} {bottom:.2f} m {right - radius:.2f} {bottom:.2f} l "
        f"{right - curve:.2f} {bottom:.2f} {right:.2f} {bottom + curve:.2f} "
        f"{right:.2f} {bottom + radius:.2f} c {right:.2f} {top - radius:.2f} l "
        f"{right:.2f} {top - curve:.2f} {right - curve:.2f} {top:.2f} "
        f"{right - radius:.2f} {top:.2f} c {left + radius:.2f} {top:.2f} l "
        f"{left + curve:.2f} {top:.2f} {left:.2f} {top - curve:.2f} "
        f"{left:.2f} {top - radius:.2f} c {left:.2f} {bottom + radius:.2f} l "
        f"{left:.2f} {bottom + curve:.2f} {left + curve:.2f} {bottom:.2f} "
        f"{left + radius:.2f} {bottom:.2f} c h"
    )
    return f"{edge} RG {fill} rg {width:g} w {path} B"
