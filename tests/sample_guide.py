"""A made-up guide to the made-up workbook: a page of its own, a session with a run sheet, the homework."""

from __future__ import annotations

from mentorkit.edition.content import Block, Ref
from mentorkit.edition.guide import (
    Guide,
    GuideActivity,
    GuideChapter,
    GuideModule,
    GuideStep,
    GuideThing,
    Heard,
    Notes,
    Way,
)
from mentorkit.edition.workbook import Meeting

NOTES = Notes(
    purpose="To put a pause between hearing and answering.",
    prepare=("Print the story, one a person.", "Write the three questions on a flip chart."),
    materials=("Flip chart", "Pens"),
    say="I will read the first line twice, once tired and once curious. Listen to what changes in you.\n\nThere is no prize for the fastest reader. Take the six minutes.",
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
        "ref": Ref(name, title, "activity"),
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
    """The guide to the workbook above: one session with a run sheet, the homework, a page of its own."""
    steps = (
        GuideStep(
            "read",
            "Read the story alone and underline where it turns.",
            6,
            0,
            "alone",
            "must",
            Notes(),
        ),
        GuideStep(
            "discuss",
            "Compare your moments, then take the questions one by one.",
            14,
            10,
            "threes",
            "must",
            Notes(say="Keep both people in view."),
        ),
        GuideStep("share", "Bring one sentence back.", 10, 5, "all", "should", Notes()),
    )
    story = GuideThing(
        Ref("in_the_doorway", "In the doorway", "case study"),
        "case",
        "In the doorway",
        "A draft, a doorway, and the word maybe.",
        "Sharp words.",
        "mentee",
        ("What is this story about, for you?", "Where did the talk turn?"),
        (("Where did the talk turn?", Notes(ask=("Could it have turned back?",))),),
        NOTES,
        True,
    )
    sheet = GuideThing(
        Ref("roles", "Roles a mentor can play", "worksheet"),
        "worksheet",
        "Roles a mentor can play",
        "A check list.",
        "",
        "",
        (),
        (),
        NOTES,
        True,
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
        Ref("communication", "Maintaining Effective Communication", "module"),
        Ref("communication-strategies", "Strategies", ""),
        Ref("communication-smart", "SMART goals", ""),
    )
    modules = (
        GuideModule(
            "communication",
            "guide-communication",
            "Maintaining Effective Communication",
            "Effective Communication",
            57,
            goals,
            first,
            refs,
            (),
            Notes(purpose="One slow look at one talk."),
        ),
        GuideModule(
            "expectations",
            "guide-expectations",
            "Aligning Expectations",
            "Aligning Expectations",
            53,
            goals,
            second,
            (Ref("expectations", "Aligning Expectations", "module"),),
            (),
            Notes(),
        ),
    )
    session = GuideChapter(
        "session",
        "talking",
        "guide-talking",
        "Talking and agreeing",
        2,
        1,
        "What was never said cannot be agreed on.",
        110,
        Ref("talking", "Talking and agreeing", "session"),
        Meeting(
            "Wednesday, February 17, 2027", "10:00 to 12:00", "Hall B", "https://example.org/room/1"
        ),
        ("A. Example", "B. Example"),
        Ref("before_one", "Before the first session", ""),
        "Bring one message that puzzled you.",
        ((5, "shorten the story to 20 minutes"),),
        ("Flip chart", "Pens", "Printed stories", "A clock that all can see"),
        (
            "Print the story, one a person.",
            "Set the chairs in threes.",
            "Open the board and test the link.",
        ),
        modules,
        NOTES,
    )
    role = GuideChapter(
        "page",
        "guide_role",
        "guide-role",
        "Your part",
        notes=Notes(
            background="You keep the time and the peace. *The room* does the rest.\n\n- Speak less than you would like.\n- Let silence work.",
            say="I am not here to teach this.",
            chapters=(
                Block(
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
        "homework",
        "philosophy",
        "guide-philosophy",
        "Your philosophy, at home",
        0,
        5,
        "One page that says how you mentor, and why.",
        ref=Ref("philosophy_at_home", "Your philosophy, at home", "homework"),
        notes=Notes(purpose="To write it down."),
    )
    return Guide(
        "Mentoring Up",
        "A book for those who lead it",
        "en-US",
        "2027.1",
        "Spring 2027",
        "Example University",
        "",
        (role, session, home),
        {},
        ("Session 2 leaves out the desk remark (cohorts/spring/cohort.yaml:12).",),
    )
