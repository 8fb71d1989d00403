"""Section and its content: what a participant reads and fills in, in reading order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mentorkit.edition.field import Kind, Place, Text


@dataclass(frozen=True)
class Given:
    """A cell that is printed and not filled."""

    text: Text


@dataclass(frozen=True)
class Column:
    name: str
    title: str
    hint: str = ""
    kind: Kind | None = Kind.TEXT  # None: given, printed and not filled
    points: int = 0
    left: str = ""
    right: str = ""
    total: int = 0


@dataclass(frozen=True)
class Row:
    """`text`, or `left` and `right` for a pair, or `own` for a row whose text people write; `cells` one per column."""

    name: str
    text: Text = ""
    left: Text = ""
    right: Text = ""
    own: Place | None = None
    example: bool = False
    cells: tuple[Place | Given, ...] = ()


@dataclass(frozen=True)
class Group:
    name: str
    title: str
    text: Text
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Table:
    """`first` heads the column of the rows' texts; it may be empty. A table without groups has one without a title."""

    first: str
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(row for group in self.groups for row in group.rows)

    @property
    def paired(self) -> bool:
        """True where the rows are two statements with a scale between them."""
        return any(row.right for row in self.rows)


@dataclass(frozen=True)
class Question:
    number: int  # 0: not numbered
    text: Text
    hint: Text
    place: Place


@dataclass(frozen=True)
class Picture:
    file: str  # path inside the program's folder, with /
    alt: str
    caption: Text = ""


@dataclass(frozen=True)
class Link:
    title: str
    url: str = ""
    by: str = ""
    about: Text = ""


@dataclass(frozen=True)
class Step:
    name: str
    do: Text
    shape: str = ""


@dataclass(frozen=True)
class Ref:
    """Points to a block printed elsewhere in the workbook: “see page N”."""

    anchor: str
    title: str
    sort: str = ""  # "case study", "worksheet", …


@dataclass(frozen=True)
class Block:
    """Whatever is printed, with the same few slots, laid out by `role`.

    Roles: part (inside another block), objectives, activity, case, worksheet, page, before, links, strategies, smart.
    Inside the slots the order is: title, text, steps, board, picture, table, questions, links, parts.
    """

    role: str
    name: str
    anchor: str
    title: str = ""
    level: int = 2  # of its heading, 1 to 6
    look: str = ""  # "", stairs, cards, letter
    text: Text = ""
    people: Text = ""  # a case: who is who, in one line
    heads_up: Text = ""  # a case: what a reader may want to know before
    stem: Text = ""  # strategies: “You are mentoring up when you”
    steps: tuple[Step, ...] = ()
    board: str = ""  # title of the shared board
    board_url: str = ""
    board_columns: tuple[str, ...] = ()
    picture: Picture | None = None
    table: Table | None = None
    questions: tuple[Question, ...] = ()
    links: tuple[Link, ...] = ()
    parts: tuple[Block, ...] = ()
    refs: tuple[
        Ref, ...
    ] = ()  # printed elsewhere: a case used twice, the worksheets of an activity
    items: tuple[Text, ...] = ()  # objectives
    privacy: str = ""  # "private" or "returned" where the reader must be told; else empty
    credit: Text = ""  # printed at the foot of the block


def walk(block: Block) -> Iterator[Block]:
    """The block, then its parts, however deep."""
    yield block
    for part in block.parts:
        yield from walk(part)


def places_in(block: Block) -> Iterator[Place]:
    """The places of a block itself (not of its parts), as they are printed: table, then questions."""
    for row in block.table.rows if block.table else ():
        if row.own:
            yield row.own
        yield from (cell for cell in row.cells if isinstance(cell, Place))
    for question in block.questions:
        yield question.place
