"""Kind and Place: a place that a reader fills in, whatever the output."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Text = str  # Markdown without placeholders; rendered by mentorkit.edition.markdown


class Kind(StrEnum):
    """The kinds of a place to fill."""

    TEXT = "text"
    TICK = "tick"
    CHOICE = "choice"
    SCALE = "scale"
    PERCENT = "percent"
    DATE = "date"


@dataclass(frozen=True)
class Place:
    """One place to fill.

    `name` is made from short names alone; `label` makes sense when it is read aloud by itself. `expected_lines` says
    about how many lines of handwriting the answer takes. `points`, `left` and `right` describe a scale, `total` what a
    column of percentages adds up to, `at_most` how many of a column may be ticked.
    """

    name: str
    label: str
    kind: Kind = Kind.TEXT
    expected_lines: int = 1
    choices: tuple[str, ...] = ()
    points: int = 0
    left: str = ""
    right: str = ""
    total: int = 0
    at_most: int = 0
    returned: bool = False

    @property
    def options(self) -> tuple[str, ...]:
        """The words of a drop-down: the choices, or the points of a scale as figures."""
        return self.choices or tuple(str(n) for n in range(1, self.points + 1))
