"""Figures of the report, and the small drawings beside them, as SVG in data URLs."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup


@dataclass(frozen=True)
class Figure:
    """One table of the report.

    The first cell of a row heads it; a drawing, where there is one, only repeats its figures.
    """

    title: str
    about: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    drawings: tuple[Markup, ...] = ()


def _svg(inside: str) -> Markup:
    head = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 200 16' width='200' height='16'>"
    drawing = f"{head}{inside}</svg>"
    return Markup("data:image/svg+xml,") + Markup(quote(drawing, safe="/:='"))


def draw_bar(part: float) -> Markup:
    """Return a bar filled to this part, 0 to 1."""
    box = "<rect x='.5' y='2.5' height='11' width='{:.1f}' fill='{}' stroke='#44546a'/>"
    return _svg(box.format(199, "none") + box.format(199 * min(part, 1), "#44546a"))


def draw_step(before: float, now: float, points: int) -> Markup:
    """Return a scale with the mean before as a ring, and the mean now as a disk."""
    one, two, *marks = (
        f"{8 + 184 * (mark - 1) / max(points - 1, 1):.1f}"
        for mark in (before, now, *range(1, points + 1))
    )
    ticks = "".join(f"<line x1='{x}' x2='{x}' y1='4' y2='12' stroke='#8a939b'/>" for x in marks)
    axis = "<line x1='8' x2='192' y1='8' y2='8' stroke='#8a939b'/>"
    change = f"<line x1='{one}' x2='{two}' y1='8' y2='8' stroke='#1d2730' stroke-width='3'/>"
    ends = f"<circle cx='{one}' cy='8' r='5' fill='#fff' stroke='#1d2730' stroke-width='2'/>"
    ends += f"<circle cx='{two}' cy='8' r='6' fill='#1d2730'/>"
    return _svg(axis + ticks + change + ends)
