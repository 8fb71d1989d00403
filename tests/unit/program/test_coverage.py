"""The whole workshop is there: each of its 181 elements at the place that the ledger names, with at
least as much of it.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from mentorkit.checks.load import load_program
from mentorkit.program.library import Library

from counting import at, counted
from paths import ROOT

LEDGER = yaml.safe_load((ROOT / "curriculum" / "coverage.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def library(program: Path) -> Library:
    return load_program(program)


@pytest.mark.parametrize("name", LEDGER)
def test_an_element_is_where_the_ledger_says(library: Library, name: str) -> None:
    entry = LEDGER[name]
    places = [entry["at"]] if isinstance(entry["at"], str) else entry["at"]
    nodes = [at(library, place) for place in places]
    found = counted(nodes[0])
    short = {
        what: (found[what], least)
        for what, least in entry.get("at_least", {}).items()
        if found[what] < least
    }
    assert not short, f"{places[0]}: (there, at least) {short}"


def test_the_ledger_is_whole() -> None:
    assert len(LEDGER) == 181
    assert sum(name.startswith("G.") for name in LEDGER) == 19
    without = [
        name
        for name, entry in LEDGER.items()
        if not entry.get("at_least") and not name.startswith("G.")
    ]
    assert not without, "every element of the workshop has a floor"


def test_the_totals_of_the_workshop(library: Library) -> None:
    assert library.curriculum is not None
    modules = [
        module for session in library.sessions.values() for module in session.model.modules.values()
    ]
    assert (
        len(library.curriculum.model.sessions),
        len(library.curriculum.model.homework),
        len(modules),
    ) == (5, 1, 10)
    assert sum(len(module.objectives) for module in modules) >= 28
    assert (
        len(library.cases) == 9
        and sum(len(case.model.questions) for case in library.cases.values()) >= 33
    )
    assert sum(len(module.strategies) for module in modules) >= 42
    assert (
        sum(
            activity.board is not None
            for module in modules
            for activity in module.activities.values()
        )
        >= 4
    )


def test_the_seats_of_the_cases_are_balanced(library: Library) -> None:
    seats = [case.model.seat for case in library.cases.values()]
    assert seats.count("mentee") >= 4 and seats.count("mentor") >= 3 and seats.count("third") >= 1


def test_every_case_has_a_variation_and_enough_for_its_facilitator(library: Library) -> None:
    for case in library.cases.values():
        assert case.model.variations, case.name
        notes = case.model.facilitator
        assert (
            notes
            and len(notes.watch) >= 4
            and notes.purpose
            and notes.ask
            and notes.bring_out
            and notes.close
        ), case.name


def test_every_activity_tells_its_facilitator_all_there_is_to_know(library: Library) -> None:
    for session in library.sessions.values():
        for module in session.model.modules.values():
            for name, activity in module.activities.items():
                case = library.cases.get(activity.case or "")
                found = [activity.facilitator, case and case.model.facilitator]
                notes = [note for note in found if note]
                missing = [
                    key
                    for key in ("purpose", "say", "close", "in_person", "online")
                    if not any(getattr(note, key) for note in notes)
                ]
                assert not missing and any(note.ask or note.watch for note in notes), (
                    name,
                    missing,
                )


def test_minutes_of_a_session_fit_two_hours(library: Library) -> None:
    assert library.curriculum is not None
    for name in library.curriculum.model.sessions:
        session = library.sessions[name].model
        needed = sum(
            a.length
            for m in session.modules.values()
            for a in m.activities.values()
            if a.priority == "must"
        )
        assert 100 <= session.minutes <= 118 and needed <= 90, (name, session.minutes, needed)


def test_every_format_adds_up(library: Library) -> None:
    assert library.curriculum is not None
    activities = {
        name: a
        for s in library.sessions.values()
        for m in s.model.modules.values()
        for name, a in m.activities.items()
    }
    formats = library.curriculum.model.formats
    assert {"five_sessions", "ten_short", "two_half_days"} <= set(formats)
    for name, plan in formats.items():
        for meeting in plan.meetings:
            names = meeting.activities or [
                a
                for key, s in library.sessions.items()
                for m, module in s.model.modules.items()
                if key == meeting.session or m in meeting.modules
                for a in module.activities
            ]
            total = sum(activities[a].length for a in names) + meeting.breaks + meeting.spare
            assert total == meeting.minutes, (
                name,
                meeting.title or meeting.session,
                total,
                meeting.minutes,
            )


def test_check_counts_the_links_that_no_one_has_opened_in_one_line(library: Library) -> None:
    from mentorkit.commands.check import never_opened

    (line,) = never_opened(library)
    counts = [int(number) for number in re.findall(r"\.yaml \((\d+)\)", line)]
    assert f"yet: {sum(counts)};" in line
    assert sum(counts) > 15
    assert "worksheets/subtle_bias_study.yaml (1)" in line
