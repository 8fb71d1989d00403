"""What a reader will hold: an Edition, its chapters and their blocks, all decided and none laid out.

`compose` makes these values; templates only lay them out. Texts are Markdown (`Text`), already free of placeholders;
everything is frozen. The participant's Edition has no slot for a facilitator's text, so none can leak into it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

Text = str  # Markdown; rendered by mentorkit.edition.markdown


class Audience(StrEnum):
    PARTICIPANT = "participant"
    FACILITATOR = "facilitator"


class Kind(StrEnum):
    """The kinds of a place to fill: one visible list."""

    TEXT = "text"
    TICK = "tick"
    CHOICE = "choice"
    SCALE = "scale"
    PERCENT = "percent"
    DATE = "date"


@dataclass(frozen=True)
class Place:
    """One place to fill. `name` is made from short names alone; `label` makes sense when read aloud by itself."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    lines: int = 1
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


@dataclass(frozen=True)
class Module:
    name: str
    anchor: str
    title: str
    topic: str
    text: Text
    objectives: tuple[Text, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Meeting:
    """When and where a cohort meets for a chapter; empty strings where nothing is fixed."""

    date: str = ""
    time: str = ""
    place: str = ""
    link: str = ""
    feedback: str = ""  # homework: how feedback is given


@dataclass(frozen=True)
class Chapter:
    """Front and back pages (kind front, back), a session, or the homework unit.

    `hue` is 0 to 5, the place of the thumb tab and of the colour; -1 for front and back pages.
    """

    kind: str
    name: str
    anchor: str
    title: str
    number: int = 0
    hue: int = -1
    text: Text = ""
    meeting: Meeting = Meeting()
    modules: tuple[Module, ...] = ()
    blocks: tuple[
        Block, ...
    ] = ()  # front and back: the page itself; a session: what stands before its modules


@dataclass(frozen=True)
class Credit:
    title: str
    credit: Text
    license: str
    source: Text = ""
    link: str = ""


@dataclass(frozen=True)
class Edition:
    """One composed document for a participant: a workbook, or one worksheet."""

    name: str  # workbook, or the worksheet's name
    title: str
    subtitle: str
    audience: Audience
    lang: str
    release: str
    cohort: str  # the cohort's title
    institution: str
    chapters: tuple[Chapter, ...]
    words: dict[str, str] = field(
        hash=False
    )  # the kit's printed words, overridable by the curriculum
    credits: tuple[Credit, ...] = ()
    logo: str = ""
    paper: str = "letter"
    side: str = ""  # "mentee" or "mentor" on a worksheet for both sides; else empty
    both_sides: bool = False  # a worksheet that the mentor gets a copy of
    owner: Place | None = None  # for its owner's name, where anything else is to be filled in

    def blocks(self) -> Iterator[Block]:
        """Every block, parts included, in reading order."""
        for chapter in self.chapters:
            for block in chapter.blocks:
                yield from walk(block)
            for module in chapter.modules:
                for block in module.blocks:
                    yield from walk(block)

    def places(self) -> tuple[Place, ...]:
        """Every place to fill, in reading order; the owner's name first."""
        found = tuple(place for block in self.blocks() for place in places_in(block))
        return (self.owner, *found) if self.owner and found else found


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


# ---- the facilitator's book -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Way:
    """How a thing is done in the room, or online."""

    how: Text = ""
    prepare: tuple[Text, ...] = ()
    materials: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Heard:
    hear: Text
    then: Text


@dataclass(frozen=True)
class Notes:
    """What stands under `facilitator`, wherever it occurs."""

    purpose: Text = ""
    prepare: tuple[Text, ...] = ()
    materials: tuple[Text, ...] = ()
    say: Text = ""
    ask: tuple[Text, ...] = ()
    watch: tuple[Heard, ...] = ()
    bring_out: tuple[Text, ...] = ()
    care: Text = ""
    close: Text = ""
    cut: Text = ""
    in_person: Way | None = None
    online: Way | None = None
    background: Text = ""
    chapters: tuple[Block, ...] = ()

    def __bool__(self) -> bool:
        return self != Notes()


@dataclass(frozen=True)
class GuideStep:
    name: str
    do: Text
    minutes: int
    shortest: int  # 0: cannot shrink
    shape: str
    priority: str
    notes: Notes


@dataclass(frozen=True)
class GuideThing:
    """A case, worksheet or question group that an activity uses: its notes and where participants find it."""

    ref: Ref
    sort: str  # case, worksheet
    title: str
    about: Text
    heads_up: Text
    seat: str
    questions: tuple[Text, ...]
    question_notes: tuple[tuple[Text, Notes], ...]  # question, its notes
    notes: Notes
    here: bool  # False: its notes stand at an earlier activity, see the ref


@dataclass(frozen=True)
class GuideActivity:
    name: str
    anchor: str
    ref: Ref  # its place in the workbook
    title: str
    minutes: int
    start: int  # minutes after the meeting's beginning
    clock: str  # the time of day; empty where the cohort gives none
    pause: int  # minutes of break after it
    opens: Meeting | None  # a second meeting of the same session begins with it
    shape: str
    priority: str
    icon: str  # case, board, worksheet, else the shape
    serves: tuple[Text, ...]
    text: Text
    steps: tuple[GuideStep, ...]
    board: str
    board_url: str
    things: tuple[GuideThing, ...]
    notes: Notes


@dataclass(frozen=True)
class GuideModule:
    name: str
    anchor: str
    title: str
    topic: str
    minutes: int
    objectives: tuple[Text, ...]
    activities: tuple[GuideActivity, ...]
    refs: tuple[
        Ref, ...
    ]  # its pages in the workbook: the module, its strategies, its SMART page, its worksheets
    things: tuple[GuideThing, ...]  # worksheets of the module that no activity uses
    notes: Notes


@dataclass(frozen=True)
class GuideChapter:
    """A session, the homework unit (minutes 0), or a page of the guide's own (kind page: `notes` alone)."""

    kind: str  # page, session, homework
    name: str
    anchor: str
    title: str
    number: int = 0
    hue: int = -1
    text: Text = ""
    minutes: int = 0
    ref: Ref | None = None
    meeting: Meeting = Meeting()
    led_by: tuple[str, ...] = ()
    prework: Ref | None = None
    prework_text: Text = ""
    late: tuple[tuple[int, Text], ...] = ()  # so many minutes behind: what to give up
    materials: tuple[Text, ...] = ()  # gathered from session and activities, each once
    prepare: tuple[Text, ...] = ()
    modules: tuple[GuideModule, ...] = ()
    notes: Notes = Notes()


@dataclass(frozen=True)
class Guide:
    """The facilitator's own book. Every `Ref` in it points into the workbook of the same cohort."""

    title: str
    subtitle: str
    lang: str
    release: str
    cohort: str
    institution: str
    mode: str  # "", in_person, online, hybrid: empty prints both ways and marks them
    chapters: tuple[GuideChapter, ...]
    words: dict[str, str] = field(hash=False)
    departures: tuple[str, ...] = ()  # the cohort's changes, each with its file and line
    credits: tuple[Credit, ...] = ()
    logo: str = ""
    paper: str = "letter"
