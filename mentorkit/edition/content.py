"""The kinds of content of a section: what a participant reads and fills in.

Every kind of content has a class here and belongs to the union `Content`. A renderer is a `match`
over it that ends in `assert_never`: mypy then names each renderer that lacks a kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mentorkit.edition.field import Kind, Place, Text


class Role(StrEnum):
    """What a section is in the program; a part is a section inside another one."""

    PART = "part"
    ACTIVITY = "activity"
    CASE = "case"
    WORKSHEET = "worksheet"
    PAGE = "page"
    BEFORE = "before"
    LINKS = "links"
    STRATEGIES = "strategies"
    SMART = "smart"


class NoticeKind(StrEnum):
    """What a notice tells its reader; the words are the kit's, under the same key."""

    PRIVATE_PART = "private_part"
    PRIVATE_TABLE = "private_table"
    PRIVATE_ANSWER = "private_answer"
    RETURNED = "returned"
    HEADS_UP = "heads_up"


class RefKind(StrEnum):
    """What a reference points to."""

    SESSION = "session"
    MODULE = "module"
    BEFORE = "before"
    ACTIVITY = "activity"
    CASE = "case"
    WORKSHEET = "worksheet"
    TAKE_HOME = "take_home"
    STRATEGIES = "strategies"
    SMART = "smart"


# ---- parts of the content


@dataclass(frozen=True)
class Given:
    """A cell that is printed and not filled."""

    text: Text


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a table; `kind` is None where its cells are given."""

    name: str
    title: str
    hint: str = ""
    kind: Kind | None = Kind.TEXT
    points: int = 0
    left: str = ""
    right: str = ""
    total: int = 0


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row: `text`, or `left` and `right` for a pair, or `own` where readers write the text.

    `cells` holds one cell for each column.
    """

    name: str
    text: Text = ""
    left: Text = ""
    right: Text = ""
    own: Place | None = None
    example: bool = False
    cells: tuple[Place | Given, ...] = ()


@dataclass(frozen=True)
class Group:
    """Rows under a heading; a table without groups has one group without a title."""

    name: str
    title: str
    text: Text
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Question:
    """A question with its place; `number` is 0 where it is not numbered."""

    number: int
    text: Text
    hint: Text
    place: Place
    notice: NoticeKind | None = None


@dataclass(frozen=True)
class Link:
    """A pointer to something outside the book."""

    title: str
    url: str = ""
    by: str = ""
    about: Text = ""


@dataclass(frozen=True)
class Step:
    """One step of an activity; `shape` says how people work: alone, pairs, threes, groups, all."""

    name: str
    do: Text
    shape: str = ""


@dataclass(frozen=True)
class Ref:
    """A reference to what is printed elsewhere in the workbook."""

    anchor: str
    title: str
    kind: RefKind


@dataclass(frozen=True)
class Term:
    """A word and what it means."""

    name: str
    anchor: str
    title: str
    text: Text


# ---- kinds of content


@dataclass(frozen=True)
class Prose:
    """Paragraphs, lists and quotations."""

    text: Text


@dataclass(frozen=True)
class Story:
    """A text to read closely; its paragraphs carry numbers."""

    text: Text


@dataclass(frozen=True)
class WhoIsWho:
    """The people of a case, in one line."""

    text: Text


@dataclass(frozen=True)
class Notice:
    """Something that readers must know before they go on; `text` follows the kit's words."""

    kind: NoticeKind
    text: Text = ""


@dataclass(frozen=True)
class Stem:
    """The beginning of a sentence that each row of the next table completes."""

    text: Text


@dataclass(frozen=True)
class Steps:
    """What to do, step by step."""

    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Board:
    """A shared board; `url` is empty where the cohort names none."""

    title: str
    url: str = ""
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figure:
    """A picture; `file` is a path inside the program's folder, with /."""

    file: str
    alt: str
    caption: Text = ""


@dataclass(frozen=True)
class Table:
    """What all tables have in common; `first` heads the column of the rows' texts.

    `has_brief_rows`: the rows' texts fit a narrow column. `shows_totals`: a last row says what
    each column adds up to.
    """

    first: str
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    has_brief_rows: bool = False
    shows_totals: bool = False

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of all groups."""
        return tuple(row for group in self.groups for row in group.rows)


@dataclass(frozen=True)
class FieldTable(Table):
    """Cells that are given or to fill."""


@dataclass(frozen=True)
class TickTable(Table):
    """Statements to tick."""


@dataclass(frozen=True)
class PairTable(Table):
    """Two statements a row, with a scale between them."""


@dataclass(frozen=True)
class CardDeck(Table):
    """Groups as cards that are seen at once."""


@dataclass(frozen=True)
class GoalTable(Table):
    """Goals, one a row, across a wide page."""


@dataclass(frozen=True)
class QuestionList:
    """Questions, one below the other."""

    questions: tuple[Question, ...]


@dataclass(frozen=True)
class SignatureLine:
    """A signature and its date."""

    signature: Question
    date: Question


@dataclass(frozen=True)
class Staircase:
    """Questions that lead upward, the first at the bottom."""

    questions: tuple[Question, ...]


@dataclass(frozen=True)
class LinkList:
    """Pointers to things outside the book."""

    links: tuple[Link, ...]


@dataclass(frozen=True)
class CrossReferences:
    """References to other places in the book."""

    refs: tuple[Ref, ...]


@dataclass(frozen=True)
class TermList:
    """Words and what they mean."""

    terms: tuple[Term, ...]


@dataclass(frozen=True)
class GalleryItem:
    """One picture of a gallery, with its title and a text."""

    name: str
    anchor: str
    title: str
    figure: Figure
    text: Text = ""


@dataclass(frozen=True)
class Gallery:
    """Pictures to choose from, side by side."""

    items: tuple[GalleryItem, ...]


@dataclass(frozen=True)
class CreditLine:
    """Who made the section, printed at its end."""

    text: Text


AnyTable = FieldTable | TickTable | PairTable | CardDeck | GoalTable
Content = (
    Prose
    | Story
    | WhoIsWho
    | Notice
    | Stem
    | Steps
    | Board
    | Figure
    | AnyTable
    | QuestionList
    | SignatureLine
    | Staircase
    | LinkList
    | CrossReferences
    | TermList
    | Gallery
    | CreditLine
)
