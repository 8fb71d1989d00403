"""The kinds of file: the curriculum, sessions, case studies, worksheets and pages."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from mentorkit.model.block import RETURN, WITH, Block, Facilitator, Licensed, Link, Question, Rights
from mentorkit.model.types import (
    Line,
    Minutes,
    Named,
    Names,
    Paragraph,
    People,
    Priority,
    Shape,
    Text,
    Texts,
    Written,
    YesNo,
    group_of,
)


class Step(Written):
    """A named part of an activity with its own minutes."""

    do: Text | None = None
    """What everybody does.

    A step without it and without from_case is printed in the guide alone.
    """
    from_case: str | None = None
    """In place of do: the short name of a step that the case study describes under its own steps.
    """
    minutes: Minutes
    """How long it takes."""
    shortest: Minutes | None = None
    """How far it can shrink when time is short."""
    shape: Shape | None = None
    """alone, pairs, threes, groups or all."""
    priority: Priority | None = None
    """must, should or could."""
    requires: Names = WITH
    facilitator: Facilitator | None = None
    """What only facilitators read."""


class Board(Written):
    """A shared board. Its link is in the cohort's file."""

    title: Line
    """What stands above it."""
    columns: Texts = ()
    """The headings of its columns."""


class Activity(Block):
    """One timed part of a module: a block with minutes, a shape and whatever it uses."""

    minutes: Minutes | None = None
    """How long it takes; or give steps with minutes, never both."""
    steps: Named[Step] = {}
    """Its named parts, each with minutes."""
    shortest: Minutes | None = None
    """How far it can shrink when time is short."""
    shape: Shape | None = None
    """alone, pairs, threes, groups or all."""
    priority: Priority = "should"
    """must, should or could: what to keep when time is short."""
    case: str | None = None
    """The short name of a case study."""
    variation: str | None = None
    """The variation of that case."""
    worksheets: Names = ()
    """Short names of the worksheets it uses."""
    serves: Names = ()
    """Short names of the module's objectives it serves."""
    board: Annotated[Board, group_of("title")] | None = None
    """A shared board to post on."""

    @model_validator(mode="after")
    def _minutes_or_steps(self) -> Activity:
        if bool(self.minutes) == bool(self.steps):
            raise PydanticCustomError(
                "minutes_or_steps", "{both}", {"both": "yes" if self.minutes else ""}
            )
        if self.steps and self.shortest:
            raise PydanticCustomError("shortest_on_steps", "shortest_on_steps")
        return self

    @property
    def length(self) -> int:
        """Its minutes: its own, or those of its steps together."""
        return self.minutes or sum(step.minutes for step in self.steps.values())


class Objective(Written):
    """What you can do afterwards. A single line of text is short for `text`."""

    text: Paragraph
    """The objective, to “you”."""
    competency: str | None = None
    """The module whose competency it builds; its own by default."""
    requires: Names = WITH


class Strategy(Written):
    """One thing to do when mentoring up. A single line of text is short for `text`."""

    text: Paragraph
    """It completes the stem “You are mentoring up when you …”."""
    requires: Names = WITH


class Module(Written):
    """One topic inside a session."""

    title: Line
    """Its title."""
    topic: Line | None = None
    """A shorter title, for the foot of pages and for headings."""
    text: Text | None = None
    """Its introduction."""
    objectives: Named[Annotated[Objective, group_of("text")]]
    """What people can do afterwards, each under a short name."""
    activities: Named[Activity]
    """What happens, in order, each under a short name."""
    strategies: Named[Annotated[Strategy, group_of("text")]]
    """Strategies for mentoring up, each under a short name."""
    smart_example: dict[str, Paragraph] = {}
    """An example row for the SMART table (column: text)."""
    worksheets: Names = ()
    """Worksheets and handouts printed at its end."""
    take_home: Names = ()
    """Worksheets listed at its end by title and printed as sheets of their own, not in the
    workbook."""
    links: Named[Annotated[Link, group_of("title")]] = {}
    """Resources printed at its end."""
    facilitator: Facilitator | None = None
    """What only facilitators read."""

    @property
    def minutes(self) -> int:
        return sum(activity.length for activity in self.activities.values())


class Before(Block):
    """What to do before a session."""

    worksheets: Names = ()
    """Worksheets to look at beforehand."""
    take_home: Names = ()
    """Worksheets listed here by title and printed as sheets of their own, not in the workbook."""


class Session(Written):
    """One sitting of the workshop, or the homework unit."""

    title: Line = ""
    """Its title; the topics of its modules by default."""
    text: Text | None = None
    """One sentence of why, printed on its opening page."""
    before: Annotated[Before, group_of("text")] | None = None
    """What to do beforehand."""
    modules: Named[Module]
    """One or two topics, each under a short name."""
    facilitator: Facilitator | None = None
    """What only facilitators read."""
    rights: Licensed | None = None
    """The name of an entry in the curriculum's rights, or a group; its own by default."""

    @property
    def minutes(self) -> int:
        return sum(module.minutes for module in self.modules.values())


class CaseStep(Written):
    """What a step of an activity asks about this story. A single line of text is short for `do`."""

    do: Text
    """What everybody does."""
    facilitator: Facilitator | None = None
    """What only facilitators read."""


class CaseStudy(Written):
    """A story and its questions."""

    title: Line
    """Its title."""
    about: Line
    """One line for lists."""
    people: People = ()
    """The people of the story, each as a name, or as a name, a comma, and who they are."""
    seat: Literal["mentee", "mentor", "third"]
    """From whose seat it is told: mentee, mentor or third."""
    stage: Line
    """The career stage it is about."""
    field: Line
    """The field of research it is set in."""
    introduction: Text | None = None
    """One or two sentences that introduce this story, printed with the activity before its steps.
    """
    heads_up: Paragraph | None = None
    """What a reader may want to know before reading."""
    steps: Named[Annotated[CaseStep, group_of("do")]] = {}
    """What a step of the activity asks about this story, each under the name that the step gives
    after from_case."""
    text: Text
    """The story, paragraphs parted by an empty line."""
    questions: Named[Annotated[Question, group_of("ask")]]
    """Guiding questions, each under a short name."""
    variations: dict[str, dict[str, object]] = {}
    """The same case in another setting: a short name, and below it the keys that differ."""
    returned: YesNo | None = RETURN
    facilitator: Facilitator | None = None
    """What only facilitators read."""
    rights: Licensed
    """The name of an entry in the curriculum's rights, or a group."""


class Page(Block):
    """A page of the book, or of the guide."""

    title: Line
    """Its title."""
    about: Line | None = None
    """One line for lists."""
    rights: Licensed
    """The name of an entry in the curriculum's rights, or a group."""


class Worksheet(Page):
    """Something to fill in, a handout, or a reading: part of the book, and a file of its own."""

    both_sides: YesNo = False
    """yes: the mentor gets a copy of it."""


class Value(Written):
    """A value that each cohort fills, used as {{ name }} in texts."""

    about: Line
    """What to fill in."""
    default: Paragraph | None = None
    """What is printed where a cohort fills in nothing."""
    if_empty: Literal["leave_out", "line"] = "line"
    """Unfilled: leave out the smallest part that holds it, or print a line to write on."""


class FormatMeeting(Written):
    """One meeting of a format: a session, or chosen modules, or chosen activities."""

    title: Line | None = None
    """What it is called; the session's title by default."""
    session: str | None = None
    """The short name of a session."""
    modules: Names = ()
    """Short names of modules."""
    activities: Names = ()
    """Short names of activities; all of the modules' by default."""
    minutes: Minutes
    """How long the meeting is, breaks included."""
    breaks: Minutes = 0
    """How many of these minutes are breaks."""
    spare: Minutes = 0
    """How many of these minutes are kept in reserve.

    Activities, breaks and reserve add up to the meeting.
    """


class Format(Written):
    """A way of spreading the program over meetings."""

    title: Line
    """What it is called."""
    about: Paragraph
    """For whom it fits, and what it costs."""
    unit: Line | None = None
    """What one meeting is called in a sentence, such as half day; session by default."""
    meetings: tuple[FormatMeeting, ...]
    """The meetings, in order."""


class Curriculum(Written):
    """The spine: which sessions there are, in which order, and what ends every module."""

    title: Line
    """The program's title."""
    subtitle: Line | None = None
    """A second line for the cover."""
    text: Text | None = None
    """What the program is, for the back of the cover."""
    release: Line
    """The program's version, such as 2027.1."""
    lang: Line = "en-US"
    """The language of the texts."""
    rights: Named[Rights]
    """Rights that files can name; `own` is the program's own."""
    sessions: Names
    """Short names of the sessions, in order."""
    homework: Names = ()
    """Short names of the homework units."""
    front: Names = ()
    """Pages before the first session."""
    back: Names = ()
    """Pages and worksheets after the last one."""
    guide: Names = ()
    """Pages of the facilitator's guide."""
    strategies: Block
    """What stands above and around the strategies of every module."""
    smart: Block
    """The SMART table printed at the end of every module."""
    values: Named[Value] = {}
    """The values that a cohort fills."""
    words: dict[str, Line] = {}
    """Other words for those that the kit prints."""
    formats: Named[Format] = {}
    """Ways of spreading the program over meetings."""
    facilitator: Facilitator | None = None
    """What only facilitators read."""
