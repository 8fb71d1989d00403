"""Clock times, breaks, meetings that hold part of a session, formats, and what to cut when time is
short.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from mentorkit.checks.load import load_program
from mentorkit.compose.compose import compose
from mentorkit.model.cohort import Cohort
from mentorkit.model.program import Activity
from mentorkit.program.library import Library
from mentorkit.program.meetings import plan_meetings
from mentorkit.program.schedule import (
    Slot,
    cuts,
    given,
    held_in,
    late,
    needed,
    scheduled,
    time_activities,
)


@pytest.fixture(scope="module")
def library(program: Path) -> Library:
    return load_program(program)


def cohort(*meetings: dict[str, object], **keys: object) -> Cohort:
    return Cohort.model_validate(
        {"title": "A group", "time_zone": "America/Chicago", "meetings": list(meetings), **keys}
    )


def activity(minutes: int, priority: str = "should", shortest: int | None = None) -> Activity:
    return Activity(
        title=f"{priority} {minutes}", minutes=minutes, priority=priority, shortest=shortest
    )  # type: ignore[arg-type]


def times(library: Library, group: Cohort) -> list[dict[str, Slot]]:
    """When each activity begins, meeting by meeting."""
    held, filled = scheduled(library, group)
    return [
        time_activities(plan.activities, plan.meeting)
        for plan in plan_meetings(held, filled)
        if plan.kind == "session"
    ]


def test_an_activity_begins_when_the_ones_before_it_and_the_break_are_over(
    library: Library,
) -> None:
    group = cohort(
        {
            "session": "talking_and_agreeing",
            "start": "9:45",
            "end": "12:00",
            "breaks": [{"after": "feedback_talk", "minutes": "10"}],
        }
    )
    (timed,) = times(library, group)
    first, second = list(timed.values())[:2]
    assert (first.name, first.clock, first.pause) == ("feedback_talk", "9:45", 10)
    assert second.start == first.activity.length + 10
    assert given(group.meetings[0]) == 135
    held, filled = scheduled(library, group)
    lengths = sum(slot.activity.length for slot in timed.values())
    assert needed(held, filled.meetings[0]) == lengths + 10


def test_a_session_split_over_two_meetings_starts_twice(library: Library) -> None:
    group = cohort(
        {"modules": "communication", "start": "10:00"},
        {"modules": "expectations", "start": "14:30"},
    )
    first, second = times(library, group)
    assert next(iter(first.values())).clock == "10:00"
    assert next(iter(second.values())).clock == "14:30"
    assert next(iter(second.values())).start == 0


@pytest.mark.parametrize("name", ["five_sessions", "five_brief", "ten_short", "two_half_days"])
def test_a_cohort_that_chooses_a_format_holds_what_the_format_plans(
    library: Library, name: str
) -> None:
    assert library.curriculum is not None
    plan = library.curriculum.model.formats[name]
    group = cohort(
        *[{"start": "9:00", "minutes": str(meeting.minutes)} for meeting in plan.meetings],
        format=name,
    )
    held, filled = scheduled(library, group)
    for meeting, planned in zip(filled.meetings, plan.meetings, strict=True):
        assert sum(pause.minutes for pause in meeting.breaks) == planned.breaks
        assert needed(held, meeting) + planned.spare == planned.minutes
    named = {activity for meeting in plan.meetings for activity in meeting.activities}
    kept = {
        a for s in held.sessions.values() for m in s.model.modules.values() for a in m.activities
    }
    assert named <= kept
    if name == "two_half_days":
        assert "welcome_back_3" not in kept and "philosophy_statement" in kept, (
            "what nobody meets for stays whole"
        )


def test_too_long_is_a_warning_with_what_to_give_up(own_program: Path) -> None:
    path = own_program / "cohorts" / "spring_2027" / "cohort.yaml"
    path.write_text(path.read_text("utf-8").replace("end: 12:15", "end: 11:30", 1), "utf-8")
    told = [
        problem
        for problem in compose(load_program(own_program), "spring_2027").problems
        if problem.code == "full-meeting"
    ]
    assert [str(problem.severity) for problem in told] == ["warning"]
    assert "needs 126 minutes and has 90" in told[0].what and "leave out" in told[0].hint


def test_what_is_least_dear_goes_first_and_a_must_never_goes() -> None:
    pairs = [
        ("a", activity(20, "must", 15)),
        ("b", activity(10, "could")),
        ("c", activity(12, "should", 6)),
    ]
    assert [(cut.title, cut.to) for cut in cuts(pairs, 5)] == [("should 12", 6)], (
        "shortening is kinder than leaving out"
    )
    assert [(cut.title, cut.to) for cut in cuts(pairs, 10)] == [("should 12", 6), ("must 20", 15)]
    assert [(cut.title, cut.to) for cut in cuts(pairs, 20)] == [("could 10", 0), ("should 12", 0)]
    most = cuts(pairs, 60)
    assert sum(cut.saves for cut in most) == 27 and all(
        cut.to for cut in most if cut.title.startswith("must")
    )


def test_the_guide_holds_a_plan_for_running_late(library: Library) -> None:
    group = cohort({"session": "fairness_and_ethics"})
    plans = dict(late(held_in(library, group.meetings[0])))
    assert 30 in plans and any(not cut.to for cut in plans[30])


@pytest.mark.parametrize(
    ("mode", "there", "gone"),
    [
        ("online", "online", "in_person"),
        ("in_person", "in_person", "online"),
        ("hybrid", "online", ""),
        (None, "online", ""),
    ],
)
def test_the_chosen_mode_leaves_the_other_way_out(
    own_program: Path, mode: str | None, there: str, gone: str
) -> None:
    path = own_program / "cohorts" / "spring_2027" / "cohort.yaml"
    if mode:
        path.write_text(
            path.read_text("utf-8").replace("paper: letter", f"paper: letter\nmode: {mode}"),
            "utf-8",
        )
    guide = compose(load_program(own_program), "spring_2027").guide
    notes = [
        a.notes
        for chapter in guide.chapters
        for module in chapter.modules
        for a in module.activities
    ]
    assert len(notes) > 40 and any(getattr(n, there) for n in notes)
    assert not gone or not any(getattr(n, gone) for n in notes)
