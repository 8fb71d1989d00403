"""Ruled lines as data addresses: drawings of stroked paths."""

from __future__ import annotations

from urllib.parse import quote

from mentorkit.render.print.options import RULED_MM as RULED


def _svg(width: float, height: float, path: str, ink: str, stroke: float = 0.22) -> str:
    # One drawing with stroked paths: every viewer draws all of its lines, which no repeated
    # pattern achieves.
    drawing = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width:g} {height:g}' "
        "preserveAspectRatio='none'>"
        f"<path d='{path}' stroke='{ink}' stroke-width='{stroke}' fill='none'/></svg>"
    )
    return "data:image/svg+xml," + quote(drawing, safe=" =/:.,")


def rules(lines: int, drawn: int) -> str:
    """The background of a place so many lines tall, as a data address; in a table the cell's edge
    is the last line.
    """
    path = "".join(f"M0 {n * RULED - 0.2:g}H100" for n in range(1, drawn + 1))
    return _svg(100, lines * RULED, path, "#8a939b")
