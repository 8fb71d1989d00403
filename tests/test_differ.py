"""`mentorkit diff`: what a facilitator and a print shop must know of the next cohort, in plain words."""

from __future__ import annotations

from pathlib import Path

from mentorkit.compose import compose
from mentorkit.differ import differences
from mentorkit.load import load

FALL = """\
title: Fall 2027
time_zone: Europe/Berlin
mode: online
paper: a4
meetings:
  - session: talking_and_agreeing
    date: 2027-10-06
    start: 14:00
    end: 16:30
    link: https://meet.example.org/1
changes:
  statements: drop
  feedback_talk:
    variation: on_a_screen
  needs:
    text: Tick first, talk later.
  welcome_back:
    questions:
      next_step: drop
      next_steps: What is the next small step toward your goal, and when will you take it?
"""


def told(program: Path, fall: str) -> list[str]:
    (program / "cohorts" / "fall").mkdir(exist_ok=True)
    (program / "cohorts" / "fall" / "cohort.yaml").write_text(fall, "utf-8")
    library = load(program)
    assert not [p for p in library.problems if p.stops], [str(p) for p in library.problems]
    return list(differences(compose(library, "spring_2027"), compose(library, "fall")))


def test_everything_that_a_cohort_changes_is_said_once_in_plain_words(own_program: Path) -> None:
    lines = told(own_program, FALL)
    assert len(lines) == len(set(lines))
    assert "“Fairness and Ethics” is not there any more" in lines
    assert not any("Woodsmoke" in line for line in lines), "of a session that is gone, nothing more is said"
    assert "“Talking and Agreeing” meets Wednesday, October 6, 2027, 14:00–16:30, https://meet.example.org/1" in lines
    assert "activity “Said, heard, meant” is not there any more" in lines
    assert "case study “Feedback Before the Trip”: its text is another one" in lines
    assert "activity “What you need, and how to ask for it”: its text is another one" in lines
    assert "for the print shop: the paper is a4 (was letter)" in lines
    assert "for the print shop: the workbook's pages are others; print it anew" in lines


def test_a_renamed_short_name_is_told_with_what_it_costs(own_program: Path) -> None:
    renamed = [line for line in told(own_program, FALL) if "is now called" in line]
    assert renamed == ["“welcome_back__next_step” is now called “welcome_back__next_steps”: answers given under the old name will not be found"]


def test_a_cohort_that_only_changes_its_dates_keeps_the_words(own_program: Path) -> None:
    spring = (own_program / "cohorts" / "spring_2027" / "cohort.yaml").read_text("utf-8").replace("roster: roster.csv\n", "")
    lines = told(own_program, spring.replace("date: 2027-02-03", "date: 2027-02-02"))
    assert lines == ["“Getting Started with Mentoring Up” meets Tuesday, February 2, 2027, 10:00–12:00, Room 220, North Building",
                     "for the print shop: the workbook's pages are others; print it anew"]
