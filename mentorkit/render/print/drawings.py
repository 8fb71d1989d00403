"""Ruled lines and tabs as data addresses: drawings of stroked paths."""

from __future__ import annotations

from urllib.parse import quote

from mentorkit.render.print.options import RULED_MM as RULED


def tab(color: str) -> str:
    """Return the mark of a chapter at the edge of a wide page."""
    return _svg(26, 7, "M0 3.5H26", color, 7)


def _svg(width: float, height: float, path: str, ink: str, stroke: float = 0.22) -> str:
    # One drawing with stroked paths: every viewer draws all of its lines, which no repeated pattern achieves.
    drawing = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width:g} {height:g}' preserveAspectRatio='none'>"
        f"<path d='{path}' stroke='{ink}' stroke-width='{stroke}' fill='none'/></svg>"
    )
    return "data:image/svg+xml," + quote(drawing, safe=" =/:.,")


def rules(lines: int, drawn: int) -> str:
    """The background of a place so many lines tall, as a data address; in a table the cell's edge is the last line."""
    path = "".join(f"M0 {n * RULED - 0.2:g}H100" for n in range(1, drawn + 1))
    return _svg(100, lines * RULED, path, "#8a939b")


def notes_svg(height: float) -> str:
    """The ruled lines of a left page that stays empty before a session."""
    count = int((height - 52) // RULED)
    path = "".join(f"M0 {n * RULED - 0.2:g}H100" for n in range(1, count + 1))
    return _svg(100, count * RULED, path, "#b3bac0")
