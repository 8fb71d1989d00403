"""Guide: the composed book of the facilitator. Every Ref in it points into the workbook of the same cohort."""

from __future__ import annotations

from dataclasses import dataclass, field

from mentorkit.edition.content import Block, Ref
from mentorkit.edition.field import Text
from mentorkit.edition.workbook import Credit, Meeting


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
    position: int = -1
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
