"""A made-up guide to the made-up workbook: a page of its own, a session with a run sheet, the
homework.
"""

from __future__ import annotations

import datetime

from mentorkit.edition.content import Ref, RefKind
from mentorkit.edition.guide import (
    Guide,
    GuideActivity,
    GuideChapter,
    GuideModule,
    GuideStep,
    GuideThing,
    Heard,
    Notes,
    Trim,
    Way,
)
from mentorkit.edition.workbook import Meeting

from sample_edition import section

NOTES = Notes(
    purpose="To put a pause between hearing and answering.",
    prepare=("Print the story, one a person.", "Write the three questions on a flip chart."),
    materials=("Flip chart", "Pens"),
    say=(
        "I will read the first line twice, once tired and once curious. Listen to what changes in "
        "you.\n\nThere is no prize for the fastest reader. Take the six minutes."
    ),
    ask=(
        "What would you have to know before you could be sure what was meant?",
        "Who has *been* the professor?",
    ),
    watch=(
        Heard(
            "He should just say what he thinks.",
            "Ask what it would cost him, and what it cost Noor that he did not.",
        ),
        Heard(
            "She is too sensitive.",
            "Look at row forty-two together: what could she have done with it?",
        ),
        Heard(
            "Nobody has time for this.",
            "Count the minutes the talk took, and the hours that followed.",
        ),
        Heard(
            "My own mentor is exactly like this.", "Thank them; offer to talk after the session."
        ),
    ),
    bring_out=("A thin reply is information.", "Both of them lost something on the stairs."),
    care="Somebody may recognize their own week. Say beforehand that anyone may pass, and mean it.",
    close="One line each, on paper and kept: what I will ask for next time.",
    cut="Leave out the last question; people can take it home.",
    in_person=Way(
        "Pairs turn their chairs; the first line stands on a flip chart.",
        materials=("Flip chart", "Pens"),
    ),
    online=Way(
        "Rooms of three; paste the questions into the chat before you open them.",
        prepare=("Make the rooms beforehand",),
    ),
    background="Feedback that cannot be acted on is remembered longer than praise.",
)


def guide_activity(
    name: str, title: str, start: int, minutes: int, priority: str = "must", **slots: object
) -> GuideActivity:
    values: dict[str, object] = {
        "anchor": f"guide-{name}",
        "ref": Ref(name, title, RefKind.ACTIVITY),
        "title": title,
        "minutes": minutes,
        "start": start,
        "clock": "",
        "pause": 0,
        "opens": None,
        "shape": "threes",
        "priority": priority,
        "icon": "case",
        "serves": ("You can take in feedback, sort it, and act on it.",),
        "text": "",
        "steps": (),
        "board": "",
        "board_url": "",
        "things": (),
        "notes": NOTES,
    }
    return GuideActivity(name=name, **(values | slots))  # type: ignore[arg-type]


def guide() -> Guide:
    """The guide to the workbook above: one session with a run sheet, the homework, a page of its
    own.
    """
    steps = (
        GuideStep(
            name="read",
            do="Read the story alone and underline where it turns.",
            minutes=6,
            shortest=0,
            shape="alone",
            priority="must",
            notes=Notes(),
        ),
        GuideStep(
            name="discuss",
            do="Compare your moments, then take the questions one by one.",
            minutes=14,
            shortest=10,
            shape="threes",
            priority="must",
            notes=Notes(say="Keep both people in view."),
        ),
        GuideStep(
            name="share",
            do="Bring one sentence back.",
            minutes=10,
            shortest=5,
            shape="all",
            priority="should",
            notes=Notes(),
        ),
    )
    story = GuideThing(
        ref=Ref("in_the_doorway", "In the doorway", RefKind.CASE),
        kind=RefKind.CASE,
        title="In the doorway",
        about="A draft, a doorway, and the word maybe.",
        heads_up="Sharp words.",
        seat="mentee",
        questions=("What is this story about, for you?", "Where did the talk turn?"),
        question_notes=(("Where did the talk turn?", Notes(ask=("Could it have turned back?",))),),
        notes=NOTES,
        here=True,
    )
    sheet = GuideThing(
        ref=Ref("roles", "Roles a mentor can play", RefKind.WORKSHEET),
        kind=RefKind.WORKSHEET,
        title="Roles a mentor can play",
        about="A check list.",
        heads_up="",
        seat="",
        questions=(),
        question_notes=(),
        notes=NOTES,
        here=True,
    )
    first = (
        guide_activity("draft_talk", "A talk in a doorway", 0, 30, steps=steps, things=(story,)),
        guide_activity(
            "statements", "What was said, what was meant", 30, 20, "should", shape="pairs"
        ),
        guide_activity(
            "communication-strategies",
            "Strategies and one SMART goal",
            50,
            7,
            shape="alone",
            notes=Notes(say="Five minutes, a pen, one goal."),
        ),
    )
    second = (
        guide_activity("roles_activity", "What you need from a mentor", 57, 25, things=(sheet,)),
        guide_activity(
            "mentor_map",
            "A map of mentors",
            82,
            20,
            "could",
            notes=Notes(purpose="To see gaps.", say="Begin where nobody stands."),
        ),
        guide_activity(
            "stairs",
            "One stair at a time",
            102,
            5,
            "could",
            shape="all",
            notes=Notes(ask=("Which stair is the lowest?",)),
        ),
        guide_activity(
            "expectations-smart",
            "Looking back",
            107,
            3,
            shape="all",
            notes=Notes(say="One word each."),
        ),
    )
    goals = (
        "You can talk across differences.",
        "You can take in feedback, sort it, and act on it.",
    )
    refs = (
        Ref("communication", "Maintaining Effective Communication", RefKind.MODULE),
        Ref("communication-strategies", "Strategies", RefKind.STRATEGIES),
        Ref("communication-smart", "SMART goals", RefKind.SMART),
    )
    modules = (
        GuideModule(
            name="communication",
            anchor="guide-communication",
            title="Maintaining Effective Communication",
            topic="Effective Communication",
            minutes=57,
            objectives=goals,
            activities=first,
            refs=refs,
            things=(),
            notes=Notes(purpose="One slow look at one talk."),
        ),
        GuideModule(
            name="expectations",
            anchor="guide-expectations",
            title="Aligning Expectations",
            topic="Aligning Expectations",
            minutes=53,
            objectives=goals,
            activities=second,
            refs=(Ref("expectations", "Aligning Expectations", RefKind.MODULE),),
            things=(),
            notes=Notes(),
        ),
    )
    session = GuideChapter(
        kind="session",
        name="talking",
        anchor="guide-talking",
        title="Talking and agreeing",
        number=2,
        position=1,
        text="What was never said cannot be agreed on.",
        minutes=110,
        ref=Ref("talking", "Talking and agreeing", RefKind.SESSION),
        meeting=Meeting(
            date=datetime.date(2027, 2, 17),
            start=datetime.time(10),
            end=datetime.time(12),
            place="Hall B",
            link="https://example.org/room/1",
        ),
        led_by=("A. Example", "B. Example"),
        prework=Ref("before_one", "Before the first session", RefKind.BEFORE),
        prework_text="Bring one message that puzzled you.",
        late=((5, (Trim("A talk in a doorway", 20, 10),)),),
        materials=("Flip chart", "Pens", "Printed stories", "A clock that all can see"),
        prepare=(
            "Print the story, one a person.",
            "Set the chairs in threes.",
            "Open the board and test the link.",
        ),
        modules=modules,
        notes=NOTES,
    )
    role = GuideChapter(
        kind="page",
        name="guide_role",
        anchor="guide-role",
        title="Your part",
        notes=Notes(
            background=(
                "You keep the time and the peace. *The room* does the rest.\n\n- Speak less than "
                "you would like.\n- Let silence work."
            ),
            say="I am not here to teach this.",
            chapters=(
                section(
                    "part",
                    "two",
                    "guide-role-two",
                    "Working as two",
                    2,
                    text="One speaks, one watches the room.",
                ),
            ),
        ),
    )
    home = GuideChapter(
        kind="homework",
        name="philosophy",
        anchor="guide-philosophy",
        title="Your philosophy, at home",
        number=0,
        position=5,
        text="One page that says how you mentor, and why.",
        ref=Ref("philosophy_at_home", "Your philosophy, at home", RefKind.SESSION),
        notes=Notes(purpose="To write it down."),
    )
    return Guide(
        title="Mentoring Up",
        subtitle="A book for those who lead it",
        lang="en-US",
        release="2027.1",
        cohort="Spring 2027",
        institution="Example University",
        mode="",
        chapters=(role, session, home),
        words={},
        departures=("Session 2 leaves out the desk remark (cohorts/spring/cohort.yaml:12).",),
    )
