"""Meetings are the chapters of a cohort's books."""

from __future__ import annotations

from pathlib import Path

import pytest
from mentorkit.compose.compose import Composed
from mentorkit.edition.content import Role
from mentorkit.edition.guide import GuideActivity, GuideChapter
from mentorkit.edition.workbook import Chapter
from mentorkit.program.library import Library

from cohort_programs import compose_cohort, read_base

HALF_DAYS = """
format: two_half_days
meetings:
  - date: 2027-02-03
    start: 9:00
  - date: 2027-02-10
    start: 9:00
"""


@pytest.fixture(scope="module")
def base(program: Path) -> Library:
    return read_base(program)


@pytest.fixture(scope="module")
def half_days(base: Library) -> Composed:
    return compose_cohort(base, HALF_DAYS)


def sessions(made: Composed) -> list[Chapter]:
    return [chapter for chapter in made.workbook.chapters if chapter.kind == "session"]


def run_sheets(made: Composed) -> list[GuideChapter]:
    return [chapter for chapter in made.guide.chapters if chapter.kind == "session"]


def activities(chapter: GuideChapter) -> list[GuideActivity]:
    return [activity for module in chapter.modules for activity in module.activities]


def test_two_half_days_are_two_chapters_with_one_clock_each(half_days: Composed) -> None:
    assert len(sessions(half_days)) == len(run_sheets(half_days)) == 2
    for chapter in run_sheets(half_days):
        at = 9 * 60
        for activity in activities(chapter):
            assert activity.clock == f"{at // 60}:{at % 60:02}", activity.name
            at += activity.minutes + activity.pause
        assert sum(activity.pause for activity in activities(chapter)) == 30
        assert at <= 13 * 60


def test_a_chapter_has_one_heading_for_all_that_comes_before_its_meeting(
    half_days: Composed,
) -> None:
    for chapter in sessions(half_days):
        titles = [s.title for s in chapter.sections if s.role is Role.BEFORE]
        assert len(titles) > 1 and titles[0] and not any(titles[1:])


def test_field_names_do_not_depend_on_the_meetings(base: Library, half_days: Composed) -> None:
    usual = compose_cohort(base, "meetings: []\n")
    names = {place.name for place in usual.workbook.places()}
    assert {place.name for place in half_days.workbook.places()} < names


def test_a_cohort_without_dates_follows_its_format(base: Library) -> None:
    made = compose_cohort(base, "format: two_half_days\nmeetings: []\n")
    assert [chapter.title for chapter in sessions(made)] == [
        chapter.title for chapter in sessions(compose_cohort(base, HALF_DAYS))
    ]


def test_a_module_in_two_meetings_begins_in_the_first_and_ends_in_the_last(base: Library) -> None:
    made = compose_cohort(base, "format: ten_short\nmeetings: []\n")
    first, second = (chapter.modules[0] for chapter in sessions(made)[:2])
    assert first.name == second.name and first.anchor != second.anchor
    assert first.text and first.objectives and not second.text and not second.objectives
    ends = [[s.role for s in module.sections].count(Role.SMART) for module in (first, second)]
    assert ends == [0, 1]


def test_if_time_is_short_names_only_what_the_meeting_holds(base: Library) -> None:
    made = compose_cohort(base, "format: ten_short\nmeetings: []\n")
    for chapter in run_sheets(made):
        titles = {activity.title for activity in activities(chapter)}
        named = {trim.title for _, trims in chapter.late for trim in trims}
        assert named <= titles


def test_what_no_meeting_holds_is_left_out_and_homework_stays(base: Library) -> None:
    made = compose_cohort(base, "meetings:\n  - modules: communication\n")
    modules = [module.name for chapter in made.workbook.chapters for module in chapter.modules]
    assert modules[0] == "communication" and len(sessions(made)) == 1
    assert [chapter.kind for chapter in made.workbook.chapters].count("homework") == 1


def test_a_meeting_is_titled_by_itself_its_session_or_its_modules(base: Library) -> None:
    made = compose_cohort(
        base,
        """
meetings:
  - title: A first afternoon
    session: mentoring_up
  - session: talking_and_agreeing
  - modules: equity
""",
    )
    session = base.sessions["talking_and_agreeing"].model
    equity = base.sessions["fairness_and_ethics"].model.modules["equity"]
    titles = ["A first afternoon", session.title, equity.topic or equity.title]
    assert [chapter.title for chapter in sessions(made)] == titles


def test_a_session_that_lost_a_module_is_named_after_the_others(base: Library) -> None:
    made = compose_cohort(base, "meetings: []\nchanges:\n  ethics: drop\n")
    equity = base.sessions["fairness_and_ethics"].model.modules["equity"]
    chapter = next(c for c in sessions(made) if c.name == "fairness_and_ethics")
    assert chapter.title == (equity.topic or equity.title)
    assert chapter.text == ""
