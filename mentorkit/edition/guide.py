"""Guide: the composed book of the facilitator.

Every Ref in it points into the workbook of the same cohort.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from mentorkit.edition.content import Ref, RefKind
from mentorkit.edition.field import Text
from mentorkit.edition.section import Section
from mentorkit.edition.workbook import Credit, Meeting


@dataclass(frozen=True)
class Way:
    """How something is done in the room, or online."""

    how: Text = ""
    prepare: tuple[Text, ...] = ()
    materials: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Heard:
    """What a participant may say, and what the facilitator can do then."""

    hear: Text
    then: Text


@dataclass(frozen=True, kw_only=True)
class Notes:
    """The notes to a facilitator on one part of the program; empty notes are false.

    The order of the slots is the order in which they are needed. `cut` is what goes first when
    time is short.
    """

    purpose: Text = ""
    prepare: tuple[Text, ...] = ()
    materials: tuple[Text, ...] = ()
    care: Text = ""
    say: Text = ""
    ask: tuple[Text, ...] = ()
    watch: tuple[Heard, ...] = ()
    bring_out: tuple[Text, ...] = ()
    close: Text = ""
    cut: Text = ""
    in_person: Way | None = None
    online: Way | None = None
    background: Text = ""
    chapters: tuple[Section, ...] = ()

    def __bool__(self) -> bool:
        return self != Notes()


@dataclass(frozen=True, kw_only=True)
class GuideStep:
    """A step of an activity; `shortest` is 0 where it cannot be made shorter."""

    name: str
    do: Text
    minutes: int
    shortest: int
    shape: str
    priority: str
    notes: Notes


@dataclass(frozen=True, kw_only=True)
class GuideThing:
    """A case or worksheet that an activity uses: its notes, and where participants find it.

    `question_notes` pairs a question with its notes. `here` is False where the notes are printed
    with an earlier activity. `versions` pairs title and subject of the other versions of a case.
    """

    ref: Ref
    kind: RefKind
    title: str
    about: Text
    heads_up: Text
    seat: str
    questions: tuple[Text, ...]
    question_notes: tuple[tuple[Text, Notes], ...]
    notes: Notes
    here: bool
    versions: tuple[tuple[Text, Text], ...] = ()


@dataclass(frozen=True, kw_only=True)
class GuideActivity:
    """An activity as a facilitator leads it.

    `ref` is its place in the workbook. `start` counts minutes from the meeting's beginning,
    `clock` is the time of day (empty where the cohort gives none), `pause` the minutes of a break
    after it. `opens` is a second meeting of the same session that begins with it. `cues` names
    what to look for on the run sheet.
    """

    name: str
    anchor: str
    ref: Ref
    title: str
    minutes: int
    start: int
    clock: str
    pause: int
    opens: Meeting | None
    shape: str
    priority: str
    icon: str
    serves: tuple[Text, ...]
    text: Text
    steps: tuple[GuideStep, ...]
    board: str
    board_url: str
    things: tuple[GuideThing, ...]
    notes: Notes

    @property
    def cues(self) -> tuple[str, ...]:
        """The signs that are printed beside it on the run sheet; its case and worksheets count."""
        notes = (self.notes, *(thing.notes for thing in self.things))
        found: dict[str, object] = {
            "say": any(note.say for note in notes),
            "ask": any(note.ask for note in notes),
            "watch": any(note.watch for note in notes),
            "care": any(note.care for note in notes),
            "board": self.board,
            "pen": any(thing.kind is RefKind.WORKSHEET for thing in self.things),
        }
        return tuple(cue for cue, is_there in found.items() if is_there)


@dataclass(frozen=True, kw_only=True)
class GuideModule:
    """A module as a facilitator leads it.

    `refs` points to its pages in the workbook: the module, its strategies, its SMART page.
    `things` holds the worksheets of the module that no activity uses.
    """

    name: str
    anchor: str
    title: str
    topic: str
    minutes: int
    objectives: tuple[Text, ...]
    activities: tuple[GuideActivity, ...]
    refs: tuple[Ref, ...]
    things: tuple[GuideThing, ...]
    notes: Notes


@dataclass(frozen=True)
class Trim:
    """One way to save time: an activity shortened to so many minutes, or left out (0), and the
    minutes it saves.
    """

    title: Text
    minutes: int
    saves: int


@dataclass(frozen=True, kw_only=True)
class GuideChapter:
    """A session, the homework unit (minutes 0), or a page of the guide's own (kind page: `notes`
    alone).

    `late` pairs minutes behind the plan with what to give up. `materials` and `prepare` are
    gathered from the session and its activities, each once. `things` holds the worksheets that
    people look at beforehand.
    """

    kind: str
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
    late: tuple[tuple[int, tuple[Trim, ...]], ...] = ()
    materials: tuple[Text, ...] = ()
    prepare: tuple[Text, ...] = ()
    things: tuple[GuideThing, ...] = ()
    modules: tuple[GuideModule, ...] = ()
    notes: Notes = Notes()


@dataclass(frozen=True, kw_only=True)
class Guide:
    """The facilitator's book.

    `mode` is in_person, online or hybrid; where it is empty, both ways are printed and marked.
    `departures` holds the cohort's changes, each with its file and line.
    """

    title: str
    subtitle: str = ""
    lang: str
    release: str
    cohort: str
    institution: str = ""
    mode: str = ""
    chapters: tuple[GuideChapter, ...]
    words: dict[str, str] = field(hash=False)
    departures: tuple[str, ...] = ()
    credits: tuple[Credit, ...] = ()
    logo: str = ""

    def activities(self) -> Iterator[GuideActivity]:
        """Yield every activity, in order."""
        for chapter in self.chapters:
            for module in chapter.modules:
                yield from module.activities
