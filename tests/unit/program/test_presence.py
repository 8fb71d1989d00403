"""What a cohort holds decides what it prints: `with:`, computed values, cases, take-home sheets."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from mentorkit.compose.compose import Composed
from mentorkit.edition.content import Link, LinkList, Step, Steps, WhoIsWho
from mentorkit.edition.section import Section
from mentorkit.program.facts import COMPUTED, compute_values
from mentorkit.program.library import Library
from mentorkit.program.schedule import scheduled

from cohort_programs import NAME, compose_cohort, read_base, with_cohort

WHOLE = "meetings: []\n"
TWO_DAYS = """
meetings:
  - modules: talking
    date: 2027-02-03
  - modules: settling
    date: 2027-02-10
"""
ONE_DAY = TWO_DAYS.replace("2027-02-10", "2027-02-03")
CURRICULUM = """
title: A program
release: "1"
rights:
  own:
    license: CC-BY-4.0
    source: written for tests
    credit: The authors
sessions: day
strategies:
  title: Strategies
  table:
    columns:
      try:
        title: Try
        kind: tick
smart:
  title: Goal
  table:
    columns:
      what: What
    rows:
      goal: Goal
formats:
  two_halves:
    title: Two half days
    about: Two mornings.
    unit: half day
    meetings:
      - modules: talking
        minutes: 240
      - modules: settling
        minutes: 210
"""
SESSION = """
before:
  text: Read this first.
  take_home: primer
modules:
  talking:
    title: Talking Well
    topic: Talking
    objectives:
      words: You find words.
      settle:
        text: You settle what you said.
        with: settling
    activities:
      story_talk:
        title: A story
        text: You read a story.
        case: trip
        steps:
          read:
            from_case: turn
            minutes: 5
          settle:
            do: Settle it.
            minutes: 5
            with: settling
        questions:
          both:
            ask: What would you settle?
            with: [settling, talking]
    strategies:
      early: speak early
  settling:
    title: Settling Things
    topic: Settling
    text: "There are {{ meetings }}, about {{ modules }}. See [](#talking) and [](#primer)."
    objectives:
      terms: You agree on terms.
    activities:
      look_back:
        title: Look back
        minutes: 10
        with: earlier_meeting
      terms_talk:
        title: Terms
        minutes: 20
        worksheets: scales
        parts:
          since: What has moved?
    strategies:
      write: write it down
"""
CASE = """
title: The Trip
about: A talk before a trip.
people:
  - Ada Moreno, a postdoc
  - Ben Reyes
seat: mentee
stage: postdoc
field: physics
introduction: Ada is about to leave.
steps:
  turn:
    do: Mark the line where Ben could have asked.
    facilitator:
      say: Look for Ben.
text: Ada packs. Ben waits.
questions:
  turn: Where is it?
variations:
  lab:
    people: Cy Lund, a student
    introduction: Cy is about to stay.
    steps:
      turn: Mark the line where Cy could have asked.
    text: Cy stays.
facilitator:
  say: This is Ada's story.
rights: own
"""
PRIMER = "title: A Primer\nabout: Words we share.\ntext: Read. See [](#talking).\nrights: own\n"
SCALES = """
title: Scales
table:
  columns:
    now: Now
  rows:
    talk:
      text: I talk.
      competency: talking
    settle:
      text: I settle.
      competency: settling
rights: own
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("program")
    texts = {
        "curriculum/curriculum.yaml": CURRICULUM,
        "sessions/day.yaml": SESSION,
        "case_studies/trip.yaml": CASE,
        "worksheets/primer.yaml": PRIMER,
        "worksheets/scales.yaml": SCALES,
    }
    for place, text in texts.items():
        path: Path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip(), "utf-8")
    library = read_base(folder)
    assert not library.problems, library.problems
    return library


def section(made: Composed, name: str) -> Section:
    return next(section for section in made.workbook.sections() if section.name == name)


def text(section: Section) -> str:
    return "\n\n".join(section.texts())


def steps(section: Section) -> list[Step]:
    return [step for item in section.find(Steps) for step in item.steps]


def links(section: Section) -> list[Link]:
    return [link for item in section.find(LinkList) for link in item.links]


def names(made: Composed) -> set[str]:
    return {place.name for place in made.workbook.places()}


def activities(made: Composed) -> list[str]:
    return [
        activity.name
        for chapter in made.guide.chapters
        for module in chapter.modules
        for activity in module.activities
    ]


def test_parts_with_a_module_go_when_the_module_goes(base: Library) -> None:
    whole = compose_cohort(base, WHOLE)
    less = compose_cohort(base, WHOLE + "changes:\n  settling: drop\n")
    assert len(steps(section(whole, "story_talk"))) == 2 and "story_talk__both" in names(whole)
    assert len(steps(section(less, "story_talk"))) == 1 and "story_talk__both" not in names(less)
    assert [len(m.objectives) for c in whole.workbook.chapters for m in c.modules] == [2, 1]
    assert [len(m.objectives) for c in less.workbook.chapters for m in c.modules] == [1]


def test_a_row_about_a_module_goes_with_it(base: Library) -> None:
    less = compose_cohort(base, WHOLE + "changes:\n  talking: drop\n")
    assert "scales__settle__now" in names(less) and "scales__talk__now" not in names(less)


def test_what_looks_back_needs_an_earlier_day(base: Library) -> None:
    assert "look_back" in activities(compose_cohort(base, TWO_DAYS))
    assert "look_back" not in activities(compose_cohort(base, ONE_DAY))
    assert "look_back" not in activities(compose_cohort(base, WHOLE))


@pytest.mark.parametrize(
    ("cohort", "meetings"),
    [
        (WHOLE, "one session"),
        (TWO_DAYS, "two sessions"),
        ("format: two_halves\nmeetings: []\n", "two half days"),
    ],
)
def test_numbers_names_and_titles_are_computed(base: Library, cohort: str, meetings: str) -> None:
    made = compose_cohort(base, cohort)
    module = next(m for c in made.workbook.chapters for m in c.modules if m.name == "settling")
    assert module.text == (
        f"There are {meetings}, about Talking and Settling. "
        "See [Talking Well](#talking) and A Primer."
    )


def test_a_link_is_words_alone_where_its_target_is_in_another_document(base: Library) -> None:
    made = compose_cohort(base, WHOLE)
    sheet = next(sheet for sheet in made.worksheets if sheet.name == "primer")
    assert text(next(sheet.sections())) == "Read. See Talking Well."


def test_every_computed_value_is_known_where_there_are_dates(base: Library) -> None:
    library = with_cohort(base, TWO_DAYS)
    values = compute_values(*scheduled(library, library.cohorts[NAME].model))
    assert values.keys() == COMPUTED.keys()
    assert values["first_date"] == "Wednesday, February 3, 2027"
    assert values["hours"] == "½ hour"


def test_a_case_brings_its_introduction_its_people_and_its_step(base: Library) -> None:
    made = compose_cohort(base, WHOLE)
    activity = section(made, "story_talk")
    assert text(activity) == "You read a story.\n\nAda is about to leave."
    assert steps(activity)[0].do == "Mark the line where Ben could have asked."
    assert next(section(made, "trip").find(WhoIsWho)).text == "Ada Moreno, a postdoc; Ben Reyes"
    step = made.guide.chapters[0].modules[0].activities[0].steps[0]
    assert (step.do, step.notes.say) == (steps(activity)[0].do, "Look for Ben.")


def test_a_variation_brings_its_own(base: Library) -> None:
    made = compose_cohort(base, WHOLE + "changes:\n  story_talk:\n    variation: lab\n")
    activity = section(made, "story_talk")
    assert text(activity).endswith("Cy is about to stay.")
    assert steps(activity)[0].do == "Mark the line where Cy could have asked."
    assert not re.search(r"\bAda\b|\bBen\b", text(activity) + text(section(made, "trip")))
    step = made.guide.chapters[0].modules[0].activities[0].steps[0]
    assert step.notes.say == "Look for Ben.", "what a variation does not say otherwise stays"


def test_a_sheet_to_take_home_is_listed_in_the_workbook_and_printed_by_itself(
    base: Library,
) -> None:
    made = compose_cohort(base, WHOLE)
    listed = section(made, "take_home")
    assert [(link.title, link.about) for link in links(listed)] == [("A Primer", "Words we share.")]
    assert "primer" not in {section.name for section in made.workbook.sections()}
    assert [sheet.name for sheet in made.worksheets] == ["scales", "primer"]
    assert made.take_home is not None
    assert [chapter.title for chapter in made.take_home.chapters] == ["A Primer"]


def test_a_sheet_moved_by_a_cohort_keeps_its_field_names(base: Library) -> None:
    change = "changes:\n  terms_talk:\n    worksheets: drop\n  settling:\n    take_home: [scales]\n"
    moved = compose_cohort(base, WHOLE + change)
    assert "scales__talk__now" not in names(moved) and moved.take_home is not None
    assert "scales__talk__now" in {place.name for place in moved.take_home.places()}
