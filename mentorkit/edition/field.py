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
class Choice:
    """Something to choose: the key that an answer is stored by, and the words that are shown."""

    key: str
    words: str


@dataclass(frozen=True)
class Place:
    """One place to fill.

    `name` is made from short names alone; `label` makes sense when it is read aloud by itself.
    `expected_lines` says about how many lines of handwriting the answer takes. `points`, `left`
    and `right` describe a scale, `total` what a column of percentages adds up to, `at_most` how
    many of a column may be ticked. `old_name` is its name in files made before rows that readers
    add were named after their part.
    """

    name: str
    label: str
    kind: Kind = Kind.TEXT
    expected_lines: int = 1
    choices: tuple[Choice, ...] = ()
    points: int = 0
    left: str = ""
    right: str = ""
    total: int = 0
    at_most: int = 0
    returned: bool = False
    old_name: str = ""

    @property
    def offered(self) -> tuple[Choice, ...]:
        """What a drop-down offers: the choices, or the points of a scale as figures."""
        points = (str(number) for number in range(1, self.points + 1))
        return self.choices or tuple(Choice(point, point) for point in points)

    @property
    def options(self) -> tuple[str, ...]:
        """The keys of a drop-down, by which answers are stored."""
        return tuple(choice.key for choice in self.offered)

    def key_of(self, answer: str) -> str:
        """Return the key of an answer that is a key or the words of a choice; any other answer as
        it is.

        Files made before choices had keys, and some viewers, hold the words.
        """
        words = {choice.words: choice.key for choice in self.offered}
        return answer if answer in self.options else words.get(answer, answer)

    def words_of(self, answer: str) -> str:
        """Return the words of an answer that is a key; any other answer as it is."""
        words = {choice.key: choice.words for choice in self.offered}
        return words.get(answer, answer)
