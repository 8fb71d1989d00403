"""`mentorkit diff`: what a facilitator and a print shop must know of the next cohort, in plain
words.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from conftest import Run
from mentorkit.checks.load import load_program
from mentorkit.pipeline.diff import differences

from paths import DATA

TWO = (
    DATA / "two_cohorts"
)  # fall_2027 beside the example's spring_2027, and the whole text of what differs


def told(program: Path, new: str) -> list[str]:
    """What differs between the example's cohort and `new`, the text of another one's file; nine
    people are on its list.
    """
    shutil.copytree(TWO / "fall_2027", program / "cohorts" / "fall_2027", dirs_exist_ok=True)
    (program / "cohorts" / "fall_2027" / "cohort.yaml").write_text(new, "utf-8")
    library = load_program(program)
    assert not [p for p in library.problems if p.stops], [str(p) for p in library.problems]
    return list(differences(library, "spring_2027", "fall_2027"))


def spring(program: Path, *changed: tuple[str, str]) -> str:
    text = (program / "cohorts" / "spring_2027" / "cohort.yaml").read_text("utf-8")
    for old, new in changed:
        assert old in text
        text = text.replace(old, new)
    return text


def test_two_cohorts_that_differ_in_sessions_cases_mode_paper_and_people(
    own_program: Path, run: Run
) -> None:
    """The whole text, as a facilitator reads it.

    Where it changes on purpose: `mentorkit diff spring_2027 fall_2027 >
    tests/data/two_cohorts/diff.txt`.
    """
    shutil.copytree(TWO / "fall_2027", own_program / "cohorts" / "fall_2027")
    done = run("diff", "spring_2027", "fall_2027", cwd=own_program, env={"PYTHONHASHSEED": "1"})
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().replace("\r\n", "\n") == (TWO / "diff.txt").read_text("utf-8")


def test_the_names_of_both_groups_are_told_to_nobody(own_program: Path) -> None:
    said = "\n".join(told(own_program, (TWO / "fall_2027" / "cohort.yaml").read_text("utf-8")))
    for name in ("spring_2027", "fall_2027"):
        people = (own_program / "cohorts" / name / "roster.csv").read_text("utf-8").splitlines()[1:]
        assert people and not [
            row
            for row in people
            if row.split(",")[0] in said or "@" in row.split(",")[1] and row.split(",")[1] in said
        ]


def test_a_cohort_that_only_moves_a_meeting_needs_the_pages_of_that_session(
    own_program: Path,
) -> None:
    lines = told(
        own_program,
        spring(own_program, ("date: 2027-02-03", "date: 2027-02-02"), ("roster: roster.csv\n", "")),
    )
    about = "Getting Started with Mentoring Up"
    where = "10:00–12:00, Room 220, North Building, led by Imani Solberg and Teo Marchetti"
    assert lines == [
        "Spring 2027 (fall_2027), compared with Spring 2027 (spring_2027)",
        "",
        "Meetings",
        (
            f"  “{about}”: Tuesday, February 2, 2027, {where} (was Wednesday, "
            f"February 3, 2027, {where})"
        ),
        "  people on the list: 0 (was 30)",
        "",
        "For the print shop",
        "  copies of workbook.pdf: 0 (was 28)",
        "  copies of workbook-large.pdf: 0 (was 2)",
        f"  workbook: print it anew; these parts are others: “{about}”",
        "  worksheets that say the same: 25; old copies will do",
        "  handouts: each group has its own; print the new ones",
    ]


def test_a_cohort_with_another_name_and_nothing_else_keeps_its_pages_but_for_those_that_name_it(
    own_program: Path,
) -> None:
    lines = told(own_program, spring(own_program, ("title: Spring 2027", "title: Autumn 2027")))
    assert lines[2:] == [
        "Meetings",
        "  people on the list: 9 (was 30)",
        "",
        "For the print shop",
        "  copies of workbook.pdf: 7 (was 28)",
        "  workbook: print it anew; these parts are others: the cover and the page after it, "
        "which name the group",
        "  worksheets that say the same: 25, but with another name of the group in the head",
        "  handouts: each group has its own; print the new ones",
    ]


def test_what_is_left_out_changed_in_the_guide_alone_or_not_filled_in_is_told(
    own_program: Path,
) -> None:
    changes = (
        "changes:\n  ethics: drop\n  communication_plan:\n    minutes: 12\n    steps: "
        "drop\n    facilitator:\n      close: Enough for today.\n"
    )
    lines = told(
        own_program,
        spring(
            own_program,
            ("  annual_survey: the postdoc survey in March\n", ""),
            ("        minutes: 10\n", "        minutes: 5\n"),
        )
        + changes,
    )
    for line in (
        "  module “Cultivating Ethical Behavior” is left out",
        "  annual_survey: not filled in (was the postdoc survey in March)",
        "  the guide’s notes on “",
        "  the break after “",
        "  minutes of “",
    ):
        assert any(said.startswith(line) for said in lines), (line, lines)
    assert not any("survey" in said and "has another text" in said for said in lines), (
        "a value is told as a value, once"
    )


def test_a_cohort_of_a_format_is_told_by_the_sessions_that_it_plans(own_program: Path) -> None:
    meetings = (
        "meetings:\n  - date: 2027-10-06\n    start: 14:00\n  - date: 2027-10-13\n    "
        "start: 14:00\n"
    )
    lines = told(
        own_program, f"title: Fall\ntime_zone: Europe/Lisbon\nformat: five_sessions\n{meetings}"
    )
    assert "  “Getting Started with Mentoring Up”: Wednesday, October 6, 2027, 14:00–" in "\n".join(
        lines
    )
    assert not any("“Meeting”" in line for line in lines)
