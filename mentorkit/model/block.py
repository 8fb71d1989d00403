"""The block: whatever is printed, with the same few slots everywhere.

And what may stand under `facilitator`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from mentorkit.edition.field import Kind
from mentorkit.edition.field_names import keys_from_words
from mentorkit.model.types import (
    Address,
    Count,
    Date,
    Line,
    Lines,
    Named,
    Names,
    Paragraph,
    Text,
    Texts,
    Written,
    YesNo,
    group_of,
)

RETURN = Field(
    None,
    alias="return",
    description="yes: the answers may come back to the office; private where nothing is said.",
)

WITH = Field(
    (),
    alias="with",
    description="Print this only where all of these short names are in the cohort.",
)

Choices = Annotated[
    Annotated[Texts, Tag("listed")] | Annotated[Named[Paragraph], Tag("keyed")],
    Discriminator(lambda value: "keyed" if isinstance(value, dict) else "listed"),
]

KINDS = Literal["text", "tick", "choice", "scale", "percent", "date"]


class Way(Written):
    """How something is done in the room, or online."""

    how: Text | None = None
    """What to do, in sentences."""
    prepare: Texts = ()
    """What to have ready for this way."""
    materials: Texts = ()
    """What to bring for this way."""


class Heard(Written):
    """Something that usually comes up, and how to follow it."""

    hear: Paragraph
    """What a participant says, in their voice."""
    then: Text
    """What you can ask or do next."""


AWay = Annotated[Way, group_of("how")]
Watch = Annotated[
    tuple[Heard, ...], BeforeValidator(lambda value: [value] if isinstance(value, dict) else value)
]


class Facilitator(Written):
    """What only a facilitator reads. It is printed in the guide and nowhere else."""

    purpose: Text | None = None
    """Why this is here: what people should leave with."""
    prepare: Texts = ()
    """What to do beforehand, as a list."""
    materials: Texts = ()
    """What to bring, as a list."""
    say: Text | None = None
    """Words to say aloud."""
    ask: Texts = ()
    """Questions to put to the room, as a list."""
    watch: Watch = ()
    """What usually comes up: a list of `hear` and `then`."""
    bring_out: Texts = ()
    """Points that must not be lost, as a list."""
    care: Text | None = None
    """How to keep people safe, and what to do if something is disclosed."""
    close: Text | None = None
    """How to end it and lead on."""
    cut: Paragraph | None = None
    """What goes first when time is short."""
    in_person: AWay | None = None
    """How it works in the room: a text, or `how`, `prepare`, `materials`."""
    online: AWay | None = None
    """How it works online: a text, or `how`, `prepare`, `materials`."""
    background: Text | None = None
    """Anything else worth knowing."""
    chapters: Named[PlainBlock] = {}
    """Longer texts for the guide, each a block under a short name."""


class KindOfPlace(Written):
    """What a place to fill is: shared by questions and columns."""

    hint: Paragraph | None = None
    """A short help printed beside the question or at the head of the column."""
    label: Line | None = None
    """What a screen reader says in place of the label made from the titles."""
    kind: KINDS | None = None
    """text, tick, choice, scale, percent or date; text where nothing is said."""
    lines: Lines | None = None
    """How many ruled lines there are to write on."""
    choices: Choices = ()
    """choice: the words to choose from, as a list, or each under a short name that stays when its
    words change."""
    points: Count | None = None
    """scale: how many points there are."""
    left: Line | None = None
    """scale: what its first point means."""
    right: Line | None = None
    """scale: what its last point means."""
    total: Count | None = None
    """percent: what the column should add up to."""
    at_most: Count | None = None
    """tick: how many may be ticked."""

    @model_validator(mode="after")
    def _fits(self) -> KindOfPlace:
        kind = self.kind or "text"
        wanted = {"choice": "choices", "scale": "points"}.get(kind)
        if wanted and not getattr(self, wanted):
            raise PydanticCustomError(
                "kind_needs", "{kind}|{wanted}", {"kind": kind, "wanted": wanted}
            )
        allowed = {
            "text": {"lines"},
            "tick": {"at_most"},
            "choice": {"choices"},
            "scale": {"points", "left", "right"},
            "percent": {"total"},
            "date": set(),
        }[kind]
        for key in ("lines", "choices", "points", "left", "right", "total", "at_most"):
            if key in self.model_fields_set and key not in allowed:
                raise PydanticCustomError("kind_not", "{kind}|{key}", {"kind": kind, "key": key})
        return self

    @property
    def keyed_choices(self) -> dict[str, str]:
        """The choices by key; those of a plain list get keys from their words."""
        return self.choices if isinstance(self.choices, dict) else keys_from_words(self.choices)

    @property
    def sort(self) -> Kind:
        return Kind(self.kind or "text")


class Question(KindOfPlace):
    """One question with a place to answer. A single line of text is short for `ask`."""

    ask: Paragraph
    """The question itself."""
    returned: YesNo | None = RETURN
    requires: Names = WITH
    facilitator: Facilitator | None = None
    """Notes to the facilitator on this question."""


class Column(KindOfPlace):
    """One column of a table. A single line of text is short for `title`."""

    title: Line
    """The heading of the column."""
    given: YesNo = False
    """yes: its cells are printed, not filled."""


class Row(Written):
    """One row of a table: a text, or two statements (`left`, `right`) with a scale between them."""

    text: Text | None = None
    """What stands at the head of the row."""
    left: Paragraph | None = None
    """A pair: the statement on the left."""
    right: Paragraph | None = None
    """A pair: the statement on the right."""
    label: Line | None = None
    """What a screen reader says in place of the row's text."""
    competency: str | None = None
    """The module that this row is about; the row is printed only where the module is."""
    requires: Names = WITH
    cells: dict[str, Text] = {}
    """Given text for some columns (column: text); such a cell is printed, not filled."""

    @model_validator(mode="after")
    def _has_text(self) -> Row:
        if bool(self.text) == bool(self.left and self.right):
            raise PydanticCustomError("row_text", "row_text")
        return self


ARow = Annotated[Row, group_of("text")]


class Group(Written):
    """Rows under a heading of their own."""

    title: Line
    """The heading of the group."""
    text: Paragraph | None = None
    """A sentence below the heading."""
    rows: Named[ARow]
    """The rows, each under a short name."""
    requires: Names = WITH


class Table(Written):
    """Columns and rows. Every cell that is not given is a place to fill."""

    first: Line | None = None
    """The heading of the column in which the rows' texts stand."""
    columns: Named[Annotated[Column, group_of("title")]]
    """The columns, each under a short name."""
    rows: Named[ARow] = {}
    """The rows, each under a short name."""
    groups: Named[Group] = {}
    """Groups of rows, in place of rows."""
    own_rows: Count | None = None
    """How many rows people add themselves."""
    own_title: Line | None = None
    """What such a row is called."""


class Link(Written):
    """A pointer to something outside the book. A single line of text is short for `title`."""

    title: Line
    """What it is called."""
    url: Address | None = None
    """Its address, beginning with https://."""
    by: Line | None = None
    """Who made it."""
    about: Paragraph | None = None
    """What one finds there."""
    checked: Date | None = None
    """The day somebody looked at this entry."""
    opened: YesNo | None = None
    """yes where somebody opened the address on that day."""
    requires: Names = WITH


class Picture(Written):
    """A picture with its text alternative."""

    file: Line
    """Its file's name in curriculum/pictures/ (SVG, PNG or JPEG)."""
    alt: Line
    """What one sees in it, for people who cannot see it."""
    caption: Paragraph | None = None
    """A line printed below it."""
    rights: Licensed | None = None
    """Where its rights differ from those of the file it stands in."""


class Rights(Written):
    """Who made a thing and what may be done with it."""

    license: Literal[
        "CC-BY-4.0",
        "CC-BY-SA-4.0",
        "CC0-1.0",
        "CC-BY-NC-4.0",
        "OFL-1.1",
        "MIT",
        "public domain",
        "all rights reserved",
    ]
    """One of the licenses that mentorkit knows."""
    source: Paragraph
    """Where it comes from."""
    credit: Paragraph
    """The line to print."""
    link: Address | None = None
    """Where the original is."""
    permission: Paragraph | None = None
    """all rights reserved: who allowed its use, and when."""


# Two ways to write it, distinguished first, so that a slip inside a group is one problem and not
# one
# for each way.
Licensed = Annotated[
    Annotated[str, Tag("named")] | Annotated[Rights, Tag("written")],
    Discriminator(lambda value: "named" if isinstance(value, str) else "written"),
]


class PlainBlock(Written):
    """Whatever is printed: every slot may be left out, and they are printed in this order."""

    title: Line | None = None
    """The heading."""
    text: Text | None = None
    """Markdown."""
    picture: Picture | None = None
    """A picture."""
    table: Table | None = None
    """A table, with cells given or to fill."""
    questions: Named[Annotated[Question, group_of("ask")]] = {}
    """Questions, each under a short name."""
    links: Named[Annotated[Link, group_of("title")]] = {}
    """Links, each under a short name."""
    parts: Named[Annotated[PlainBlock, group_of("text")]] = {}
    """Blocks inside this block, each under a short name."""
    lines: Lines | None = None
    """How many ruled lines its questions and cells have (3 for questions, 2 for cells)."""
    returned: YesNo | None = RETURN
    look: Literal["stairs", "cards", "letter"] | None = None
    """stairs, cards or letter: how it is laid out."""
    requires: Names = WITH


class Block(PlainBlock):
    """A block that may carry notes to the facilitator."""

    # A block's parts may carry notes, too; pydantic replaces the field, so no value is shared.
    parts: Named[Annotated[Block, group_of("text")]] = {}  # type: ignore[assignment]
    """Blocks inside this block, each under a short name."""
    facilitator: Facilitator | None = None
    """What only facilitators read."""


# PlainBlock holds parts of its own kind, so these are complete only here.
for _model in (Facilitator, Picture, PlainBlock, Block):
    _model.model_rebuild()
