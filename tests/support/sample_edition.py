"""A made-up workbook and guide that hold every kind of page, for tests and for looking at."""

from __future__ import annotations

import datetime
from dataclasses import replace

from mentorkit.compose.blocks import group_signatures
from mentorkit.edition.content import (
    AnyTable,
    Board,
    CardDeck,
    Column,
    Content,
    CreditLine,
    CrossReferences,
    FieldTable,
    Given,
    GoalTable,
    Group,
    Link,
    LinkList,
    Notice,
    NoticeKind,
    PairTable,
    Prose,
    Question,
    Ref,
    RefKind,
    Role,
    Row,
    Staircase,
    Stem,
    Step,
    Steps,
    Story,
    TickTable,
    WhoIsWho,
)
from mentorkit.edition.field import Choice, Kind, Place
from mentorkit.edition.section import Section
from mentorkit.edition.workbook import Audience, Chapter, Credit, Edition, Meeting, Module

OWNER = Place("participant_name", "Name")


def section(
    role: str,
    name: str,
    anchor: str,
    title: str = "",
    level: int = 2,
    *,
    look: str = "",
    privacy: str = "",
    people: str = "",
    heads_up: str = "",
    text: str = "",
    stem: str = "",
    steps: tuple[Step, ...] = (),
    board: Board | None = None,
    table: AnyTable | None = None,
    questions: tuple[Question, ...] = (),
    links: tuple[Link, ...] = (),
    refs: tuple[Ref, ...] = (),
    parts: tuple[Section, ...] = (),
    credit: str = "",
) -> Section:
    """A section with its content in the order in which compose puts it."""
    words: Content = Story(text) if role == "case" else Prose(text)
    asked = [Staircase(questions)] if look == "stairs" else group_signatures(questions)
    slots: list[tuple[object, list[Content | Section]]] = [
        (privacy, [Notice(NoticeKind(privacy or "private_part"))]),
        (people, [WhoIsWho(people)]),
        (heads_up, [Notice(NoticeKind.HEADS_UP, heads_up)]),
        (text, [words]),
        (stem, [Stem(stem)]),
        (steps, [Steps(steps)]),
        (board, [board] if board else []),
        (table, [table] if table else []),
        (questions, list(asked)),
        (links, [LinkList(links)]),
        (refs, [CrossReferences(refs)]),
        (parts, list(parts)),
        (credit, [CreditLine(credit)]),
    ]
    return Section(
        role=Role(role),
        name=name,
        anchor=anchor,
        title=title,
        level=level,
        content=tuple(item for given, items in slots if given for item in items),
        is_letter=look == "letter",
    )


STORY = """\
Noor knocks on the frame of the open door, though Professor Adeyemi has already seen her. It is
ten past six. The corridor lights have gone to their evening setting and the mug on the desk
says *Kayak Club 2009*.

“I read it on the train,” he says. “All of it. Twice, in fact.” He means the draft. He turns the
pages as if one of them might still surprise him.

“And?”

“It is a good draft.” He stops there. He has learned, somewhere, that one begins with what is
good, and now that he has said it he does not know how to go on. What he thinks is: *the second
half is a different paper, and I do not have the heart to say so three days before the
deadline.*

Noor waits. She has a spreadsheet on her phone in which every comment she has ever had from him
stands in a row, with a date, and a column for what she did about it. There are forty-one rows.
Nineteen of them say “unclear”.

“Maybe,” he says, “look once more at the order of things.” She writes that down. *The order of
things.* Row forty-two.

On the stairs she thinks about the word *maybe*. Behind her, in the office, he thinks that it
went rather well. Neither of them is being unkind; both of them will sleep badly.

The submission closes on Friday. On Thursday at midnight Noor sends the draft as it was, with
two paragraphs exchanged and a new title, and the message: “Done! I looked at the order of
things.”

What would each of them say, if somebody asked them on the stairs?
"""


def places(
    home: str, row: str, label: str, columns: tuple[Column, ...], lines: int = 2
) -> tuple[Place, ...]:
    """One place a column, named and labeled as compose does it."""
    return tuple(
        Place(
            f"{home}__{row}__{column.name}",
            f"{label}: {column.title}",
            kind=column.kind or Kind.TEXT,
            expected_lines=lines if column.kind == Kind.TEXT else 1,
            points=column.points,
            left=column.left,
            right=column.right,
            total=column.total,
        )
        for column in columns
    )


def question(
    home: str, name: str, number: int, text: str, hint: str = "", **place: object
) -> Question:
    return Question(
        number, text, hint, Place(f"{home}__{name}", text, **({"expected_lines": 3} | place))
    )  # type: ignore[arg-type]


def case(name: str, title: str) -> Section:
    asks = (
        "What is this story about, for you?",
        "Where did the talk turn, and who could have turned it back?",
        "What might a thin reply such as “Done!” be telling the mentor?",
        "What would you like to have said on the stairs?",
    )
    return section(
        "case",
        name,
        name,
        title,
        4,
        text=STORY,
        people="Noor, a postdoc in her second year; Professor Adeyemi, who leads the group",
        heads_up="Sharp words about a piece of work. You may listen without speaking.",
        questions=tuple(
            question(name, f"ask{n}", n, ask, expected_lines=3 + n // 3)
            for n, ask in enumerate(asks, 1)
        ),
        credit="Words by the mentorkit authors, CC-BY-4.0.",
    )


def activity(name: str, title: str, *parts: Section, **slots: object) -> Section:
    return section("activity", name, name, title, 3, parts=parts, **slots)  # type: ignore[arg-type]


def strategies(module: str) -> Section:
    try_it = Column(name="try", title="I will try this", kind=Kind.TICK)
    texts = (
        "find out which channel your mentor reads first, and say so where yours is another",
        "put regular meetings into both calendars, short ones included",
        "keep a record of what has moved, and report it in writing and in person",
        "name a difficulty while it is small, and ask for advice or for a hand",
        "come to a meeting knowing what you want from it and what should follow",
        "begin by assuming that a remark was meant well, then check",
    )
    given = tuple(
        Row(name=f"s{n}", text=text, cells=places(module, f"s{n}", text, (try_it,)))
        for n, text in enumerate(texts)
    )
    own = tuple(
        Row(
            name=f"own{n}",
            own=Place(f"{module}__own{n}__text", f"A strategy of my own, {n}"),
            cells=places(module, f"own{n}", f"A strategy of my own, {n}", (try_it,)),
        )
        for n in (1, 2, 3)
    )
    table = TickTable("", (try_it,), (Group("all", "", "", given + own),))
    return section(
        "strategies",
        "strategies",
        f"{module}-strategies",
        "Strategies for mentoring up",
        3,
        stem="You are mentoring up when you",
        table=table,
    )


SMART = (
    Column(
        name="specific",
        title="Specific",
        hint=(
            "Say it plainly. What will exist that does not exist today? Cut a big goal into steps."
        ),
    ),
    Column(
        name="measurable", title="Measurable", hint="How will you know? It need not be a number."
    ),
    Column(
        name="achievable",
        title="Achievable",
        hint="Do you have the time, the means, and the help? Is each part realistic?",
    ),
    Column(name="relevant", title="Relevant", hint="Why is it worth your effort now?"),
    Column(name="timely", title="Timely", hint="By when, and by when the parts?"),
    Column(name="due", title="Due date", kind=Kind.DATE),
)
EXAMPLE = (
    (
        "I will keep one shared page of what my mentor and I agree, and read it to her at the "
        "start of each meeting."
    ),
    (
        "Fewer things fall between us: at most one forgotten action a month, and no surprise "
        "about a date."
    ),
    "We both live in the same calendar already, and the page takes ten minutes a week.",
    "Twice this year a dropped message cost me a week at the instrument and a deadline.",
    "Set up by the first Monday; looked at together after six weeks; kept or dropped by June.",
    "June 1",
)


def smart(module: str, example: bool = False) -> Section:
    rows = (
        [
            Row(
                name="example",
                text="Example",
                example=True,
                cells=tuple(Given(text) for text in EXAMPLE),
            )
        ]
        if example
        else []
    )
    rows += [
        Row(
            name=f"goal{n}",
            text=f"Goal {n}",
            cells=places(module, f"goal{n}", f"Goal {n}", SMART, 6),
        )
        for n in (1, 2)
    ]
    remind = question(
        module,
        "remind",
        0,
        "Send my goals back to me in six months",
        kind=Kind.TICK,
        expected_lines=1,
    )
    return section(
        "smart",
        "smart",
        f"{module}-smart",
        "SMART goals",
        3,
        table=GoalTable("", SMART, (Group("all", "", "", tuple(rows)),)),
        questions=(remind,),
        privacy="returned",
    )


def pairs() -> Section:
    view = (Column(name="view", title="Where I stand", kind=Kind.SCALE, points=6),)
    statements = (
        (
            "What counts most is a topic we both care about.",
            "What counts most is a way of working we both like.",
        ),
        (
            "A mentor should look closely at my work.",
            "A mentor should leave me wide room to explore.",
        ),
        (
            "We should be warm and personal with each other.",
            "We should keep a professional distance, so that both can be frank.",
        ),
        (
            "We argue; disagreement is how the work gets better.",
            "We look for agreement; calm is how the work gets done.",
        ),
        ("My mentor sets how often we meet.", "I set how often we meet."),
    )
    groups = tuple(
        Group(
            stage,
            title,
            about,
            tuple(
                Row(
                    name=f"{stage}{n}",
                    left=left,
                    right=right,
                    cells=places("questionnaire", f"{stage}{n}", f"1 = {left} 6 = {right}", view),
                )
                for n, (left, right) in enumerate(statements)
            ),
        )
        for stage, title, about in (
            ("early", "At the beginning", "Choosing each other, and the first months."),
            ("middle", "In the middle", ""),
            ("late", "Toward the end", ""),
        )
    )
    return section(
        "worksheet",
        "questionnaire",
        "questionnaire",
        "Where do you stand?",
        3,
        text=(
            "Each line has two ends. Choose 1 to 3 if you lean to the left, 4 to 6 if you lean to "
            "the right; there is no "
            "middle. Fill it in alone, then put your copy beside your mentor’s and talk about the "
            "widest gaps."
        ),
        table=PairTable("", view, groups),
        privacy="returned",
    )


def mentor_map() -> Section:
    people = tuple(Column(name=f"person{n}", title=f"Person {n}") for n in (1, 2, 3))
    areas = {
        "Emotional support": ("Friends", "Family", "Others"),
        "Everyday advice": ("On the bench", "On writing", "On people"),
        "Community": ("People among whom I need not explain myself", "Beyond work"),
        "Money and means": ("Funders", "Instruments", "Letters"),
        "Opening doors": ("",),
        "Keeping me honest": ("",),
        "Ten years ahead": ("",),
    }
    groups = tuple(
        Group(
            f"area{a}",
            title,
            "",
            tuple(
                Row(
                    name=f"r{a}{n}",
                    text=text,
                    cells=places("mentor_map", f"r{a}{n}", f"{title}, {text}", people, 1),
                )
                for n, text in enumerate(texts)
            ),
        )
        for a, (title, texts) in enumerate(areas.items())
    )
    return section(
        "worksheet",
        "mentor_map",
        "mentor_map",
        "My map of mentors",
        3,
        look="cards",
        text=(
            "Put names where you have somebody. Leave a gap where there is one: the gaps are what "
            "you came for."
        ),
        table=CardDeck("", people, groups),
        privacy="private_part",
        credit=(
            "The mentorkit authors, after the National Center for Faculty Development & "
            "Diversity. CC-BY-4.0."
        ),
    )


def roles() -> Section:
    columns = (
        Column(name="need", title="I need this now", kind=Kind.TICK),
        Column(name="top", title="One of my three", hint="Three at most.", kind=Kind.TICK),
    )
    skills = {
        "Research skills": (
            "learn the methods of my field",
            "write and speak about my science",
            "find money",
        ),
        "Interpersonal skills": (
            "agree on what we expect",
            "get feedback in time to use it",
            "trust each other",
        ),
        "Sponsorship skills": (
            "become independent",
            "meet people who can help",
            "look at other careers",
        ),
    }
    groups = tuple(
        Group(
            f"g{g}",
            title,
            "Doing the work, and doing it well." if not g else "",
            tuple(
                Row(name=f"g{g}r{n}", text=text, cells=places("roles", f"g{g}r{n}", text, columns))
                for n, text in enumerate(texts)
            ),
        )
        for g, (title, texts) in enumerate(skills.items())
    )
    checklist = section(
        "part",
        "checklist",
        "roles-checklist",
        "What I need",
        4,
        table=TickTable("From my mentor I need help to", columns, groups),
    )
    asking = section(
        "part",
        "asking",
        "roles-asking",
        "From a tick to a sentence",
        4,
        questions=(
            question("roles", "which", 1, "Which one will you raise first?", expected_lines=1),
            question("roles", "words", 2, "With which words will you ask?", expected_lines=5),
        ),
    )
    return section(
        "worksheet",
        "roles",
        "roles",
        "Roles a mentor can play",
        3,
        text="Tick what you need **now**. Then mark the three that matter most.",
        parts=(checklist, asking),
    )


def agreement() -> Section:
    goals = section(
        "part",
        "goals",
        "agreement-goals",
        "Goals",
        4,
        text=(
            "Say what should be different at the end. New insight, more options, a paper, "
            "courage, a network?"
        ),
        questions=(question("agreement", "aims", 0, "What we want from working together"),),
    )
    secret = section(
        "part",
        "secret",
        "agreement-secret",
        "Confidence",
        4,
        text="What we tell each other stays with us, unless somebody is in danger.",
        questions=(
            question("agreement", "off_limits", 0, "What we will not talk about", expected_lines=2),
            question("agreement", "until", 0, "We work together until", kind=Kind.DATE),
        ),
    )
    parting = section(
        "part",
        "parting",
        "agreement-parting",
        "Parting",
        4,
        text=(
            "Either of us may end this at any time. The other says thank you and asks for no "
            "reasons."
        ),
    )
    signed = section(
        "part",
        "signatures",
        "agreement-signatures",
        "Signatures",
        4,
        questions=tuple(
            question("agreement", f"{who}_{what}", 0, text, hint, expected_lines=1, kind=kind)
            for who in ("mentee", "mentor")
            for what, text, hint, kind in (
                ("name", f"Signature of the {who}", "Type your full name to sign.", Kind.TEXT),
                ("date", f"Date of the {who}’s signature", "", Kind.DATE),
            )
        ),
    )
    return section(
        "worksheet",
        "agreement",
        "agreement",
        "Mentoring agreement",
        3,
        text="For both of you, to fill in together or to swap. Change what does not fit.",
        parts=(goals, secret, parting, signed),
        privacy="private_part",
    )


def stairs() -> Section:
    climb = section(
        "part",
        "stairs",
        "stairs-stairs",
        "",
        4,
        look="stairs",
        questions=tuple(
            question("stairs", f"step{n}", 0, text, expected_lines=1)
            for n, text in enumerate(
                (
                    "First step, at the bottom",
                    "Second step",
                    "Third step",
                    "Fourth step, if you need it",
                    "Fifth step, if you need it",
                ),
                1,
            )
        ),
    )
    return section(
        "worksheet",
        "stairs",
        "stairs",
        "One stair at a time",
        3,
        text=(
            "Write a task that you doubt you can finish. Cut it into steps so small that the "
            "lowest could be done tomorrow."
        ),
        questions=(
            question("stairs", "task", 0, "The task at the top of the stairs", expected_lines=1),
        ),
        parts=(climb,),
    )


def domains() -> Section:
    columns = (
        Column(
            name="importance",
            title="Importance",
            hint="Share out 100.",
            kind=Kind.PERCENT,
            total=100,
        ),
        Column(name="focus", title="Focus", hint="Share out 100.", kind=Kind.PERCENT, total=100),
        Column(
            name="satisfaction",
            title="Satisfaction",
            hint="",
            kind=Kind.SCALE,
            points=10,
            left="not at all",
            right="fully",
        ),
        Column(name="why", title="Why?"),
    )
    texts = ("Work and career", "Home and family", "Community", "Myself")
    rows = tuple(
        Row(name=f"d{n}", text=text, cells=places("domains", f"d{n}", text, columns))
        for n, text in enumerate(texts)
    )
    asks = (
        question(
            "domains",
            "gap",
            1,
            "How wide is the widest gap?",
            kind=Kind.SCALE,
            points=10,
            left="narrow",
            right="wide",
            expected_lines=1,
        ),
        question(
            "domains",
            "next",
            2,
            "What comes first?",
            kind=Kind.CHOICE,
            choices=(
                Choice("more_time", "More time"),
                Choice("other_people", "Other people"),
                Choice("a_clear_no", "A clear no"),
            ),
            expected_lines=1,
        ),
        question(
            "domains",
            "hours",
            3,
            "What part of the week is yours?",
            kind=Kind.PERCENT,
            expected_lines=1,
        ),
    )
    return section(
        "worksheet",
        "domains",
        "domains",
        "A look at four parts of life",
        3,
        text="Fill one column at a time.",
        table=FieldTable("Part of life", columns, (Group("all", "", "", rows),)),
        questions=asks,
    )


def letter() -> Section:
    mail = section(
        "part",
        "mail",
        "asking-mail",
        "A first message",
        4,
        look="letter",
        text=(
            "Dear Dr. Okafor,\n\nI read your paper on river ice twice, once for the result and "
            "once for how you wrote about doubt. May I ask you for **twenty minutes** in the next "
            "weeks?\n\nWith thanks,  \nNoor"
        ),
    )
    return section(
        "worksheet",
        "asking",
        "asking",
        "Asking somebody to be your mentor",
        3,
        text="A message that has worked. Make it yours.",
        parts=(mail,),
        credit="After an idea of a friend.",
    )


def statements() -> Section:
    columns = tuple(
        Column(name=n, title=t)
        for n, t in (
            ("heard", "How might it be heard?"),
            ("meant", "What is probably meant?"),
            ("reply", "What could you answer?"),
        )
    )
    texts = (
        "“Group meeting starts at nine. Nine means nine.”",
        "“How many more weeks will that draft take?”",
        "“Please clear your corner before the visitors come.”",
        "“I looked for you on Thursday.”",
    )
    rows = tuple(
        Row(name=f"t{n}", text=text, cells=places("statements", f"t{n}", text, columns, 3))
        for n, text in enumerate(texts)
    )
    return activity(
        "statements",
        "What was said, what was meant",
        text=(
            "First write how the remark could land, then what may lie behind it, then an answer "
            "that keeps the talk open."
        ),
        table=FieldTable("The remark", columns, (Group("all", "", "", rows),)),
    )


def session_one() -> Chapter:
    goals = (
        "You can say what you want from a mentor this year.",
        "You know ten people here by name and by what they hope for.",
        "You can turn a vague wish into a goal with a date.",
    )
    wall = activity(
        "picture_wall",
        "A picture of mentoring",
        text="Choose the picture that says most to you about mentoring. There is no right one.",
        steps=(
            Step("choose", "Walk along the wall and choose **one** picture.", "alone"),
            Step("tell", "Say your name, and in three sentences why you chose it.", "all"),
        ),
        questions=(
            question(
                "picture_wall",
                "chosen",
                1,
                "Which one did you choose, and what does it say?",
                "A word is enough.",
                expected_lines=2,
            ),
        ),
    )
    needs = activity(
        "goal_needs",
        "One goal, three needs",
        steps=(
            Step("think", "Think of one aim for this year.", "alone"),
            Step("post", "Put your aim and three needs on the board.", "pairs"),
        ),
        board=Board(
            "Goals and needs",
            "https://example.org/board/1",
            ("My goal", "First need", "Second need", "Third need"),
        ),
    )
    module = Module(
        name="introduction",
        anchor="introduction",
        title="Introduction to Mentoring Up",
        topic="Starting Out",
        text=(
            "You may have been told that a good mentor is found. This module starts from another "
            "end: that much of what a mentor does for you begins with what you *ask*, and how."
        ),
        objectives=goals,
        sections=(
            wall,
            needs,
            strategies("introduction"),
            smart("introduction", example=True),
        ),
    )
    before = section(
        "before",
        "before_one",
        "before_one",
        "Before the first session",
        2,
        text="Bring one sentence that a mentor once said to you and that stayed.",
        questions=(question("before_one", "sentence", 1, "The sentence", expected_lines=2),),
    )
    return Chapter(
        kind="session",
        name="mentoring_up",
        anchor="mentoring_up",
        title="Mentoring up, and who is in the room",
        number=1,
        position=0,
        text="You cannot choose how you are mentored, and yet you can steer it more than it seems.",
        meeting=Meeting(
            date=datetime.date(2027, 2, 3),
            start=datetime.time(10),
            end=datetime.time(12),
            place="Hall B, second floor",
            link="https://example.org/room/1",
        ),
        modules=(module,),
        sections=(before,),
    )


def session_two() -> Chapter:
    one = (
        "You can talk across differences of background, field, rank and power.",
        "You can take in feedback, sort it, and act on it.",
        "You can tell one style of communicating from another, your own included.",
    )
    two = ("You can set expectations that serve both of you.", "You can say them clearly.")
    read = activity(
        "draft_talk",
        "A talk in a doorway",
        case("in_the_doorway", "In the doorway"),
        steps=(
            Step("read", "Read the story alone and underline where it turns.", "alone"),
            Step("discuss", "Compare your moments, then take the questions one by one.", "threes"),
            Step("share", "Bring one sentence back.", "all"),
        ),
    )
    again = activity(
        "roles_activity",
        "What you need from a mentor",
        roles(),
        text="From a list of seventeen to one sentence that you can say aloud.",
        refs=(Ref("in_the_doorway", "In the doorway", RefKind.CASE),),
    )
    m1 = Module(
        name="communication",
        anchor="communication",
        title="Maintaining Effective Communication",
        topic="Effective Communication",
        text=(
            "Every working relationship runs on talk: in the corridor, on a screen, at the foot "
            "of a draft."
        ),
        objectives=one,
        sections=(
            read,
            statements(),
            strategies("communication"),
            smart("communication"),
        ),
    )
    m2 = Module(
        name="expectations",
        anchor="expectations",
        title="Aligning Expectations",
        topic="Aligning Expectations",
        text="Most trouble starts with something that nobody said.",
        objectives=two,
        sections=(
            again,
            strategies("expectations"),
            smart("expectations"),
            pairs(),
            mentor_map(),
            agreement(),
            stairs(),
            domains(),
            letter(),
            section(
                "links",
                "more",
                "expectations-links",
                "To read on",
                3,
                links=(
                    Link(
                        "Compacts between mentors and mentees",
                        "https://example.org/compacts",
                        "A. Writer",
                        "Six examples to start from.",
                    ),
                    Link("A book without an address", by="B. Writer"),
                ),
            ),
        ),
    )
    return Chapter(
        kind="session",
        name="talking",
        anchor="talking",
        title="Talking and agreeing",
        number=2,
        position=1,
        text="What was never said cannot be agreed on.",
        modules=(m1, m2),
    )


def edition() -> Edition:
    """The workbook."""
    ground = section(
        "page",
        "ground_rules",
        "ground_rules",
        "Ground rules",
        1,
        text=(
            "We agree on these today, and change them when we must.\n\n- What is said here stays "
            "here.\n- You may pass, always.\n- Speak for yourself.\n\n> Be as kind as you would "
            "be at your own table."
        ),
    )
    faq = section(
        "page",
        "faq",
        "faq",
        "Questions people ask",
        1,
        parts=tuple(
            section("part", f"q{n}", f"faq-q{n}", title, 2, text=text)
            for n, (title, text) in enumerate(
                (
                    (
                        "How often should we meet?",
                        "As often as the work asks for, and once a month at the very least.",
                    ),
                    (
                        "What if it does not work?",
                        (
                            "Say so early, to the other person first. See [the "
                            "compacts](https://example.org/compacts)."
                        ),
                    ),
                    ("May I have two mentors?", "Yes. *Most people need three.*"),
                )
            )
        ),
    )
    glossary = section(
        "page",
        "glossary",
        "glossary",
        "Words we use",
        1,
        parts=tuple(
            section("part", f"g{n}", f"glossary-g{n}", title, 2, text=text)
            for n, (title, text) in enumerate(
                (
                    ("Mentoring up", "Steering the relationship from the mentee’s side."),
                    ("Sponsor", "A person who spends some of their own standing on you."),
                )
            )
        ),
    )
    return Edition(
        name="workbook",
        title="Mentoring Up",
        subtitle="A workbook for people who have mentors and want more from them",
        audience=Audience.PARTICIPANT,
        lang="en-US",
        release="2027.1",
        cohort="Spring 2027",
        institution="Example University",
        chapters=(
            Chapter(
                kind="front",
                name="ground_rules",
                anchor="ground_rules-page",
                title="Ground rules",
                sections=(ground,),
            ),
            session_one(),
            session_two(),
            Chapter(
                kind="homework",
                name="philosophy",
                anchor="philosophy_at_home",
                title="Your philosophy, at home",
                number=0,
                position=5,
                text="One page that says how you mentor, and why.",
                modules=(
                    Module(
                        name="philosophy",
                        anchor="philosophy",
                        title="Articulating Your Mentoring Philosophy",
                        topic="Philosophy",
                        text="Write it for the person you will mentor next.",
                        objectives=(),
                        sections=(strategies("philosophy"),),
                    ),
                ),
            ),
            Chapter(
                kind="back",
                name="faq",
                anchor="faq-page",
                title="Questions people ask",
                sections=(faq,),
            ),
            Chapter(
                kind="back",
                name="glossary",
                anchor="glossary-page",
                title="Words we use",
                sections=(glossary,),
            ),
        ),
        words={},
        credits=(
            Credit("In the doorway", "The mentorkit authors", "CC-BY-4.0"),
            Credit(
                "My map of mentors",
                "The mentorkit authors",
                "CC-BY-4.0",
                "the idea of such a map is NCFDD’s",
                "https://www.FacultyDiversity.org",
            ),
        ),
        owner=OWNER,
    )


def worksheet() -> Edition:
    """The roles as a file of their own."""
    whole = edition()
    sheet = raised(next(block for block in whole.sections() if block.name == "roles"), 2)
    chapter = Chapter(
        kind="worksheet", name="roles", anchor="roles-file", title=sheet.title, sections=(sheet,)
    )
    return Edition(
        name="roles",
        title=sheet.title,
        subtitle="",
        audience=Audience.PARTICIPANT,
        lang="en-US",
        release="2027.1",
        cohort="Spring 2027",
        institution="Example University",
        chapters=(chapter,),
        words={},
        side="mentee",
        owner=OWNER,
    )


def raised(block: Section, by: int) -> Section:
    """The block with its headings so many levels higher, as compose makes it for a file of its
    own.
    """
    return replace(
        block,
        level=block.level - by,
        content=tuple(
            raised(item, by) if isinstance(item, Section) else item for item in block.content
        ),
    )


def anchors(book: Edition) -> set[str]:
    """Every anchor that the book promises to print."""
    found = set(book.anchors())
    for chapter in book.chapters:
        found.add(chapter.anchor)
        found.update(module.anchor for module in chapter.modules)
    return found
