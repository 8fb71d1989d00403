"""The page on cohorts: what it shows can be written as it is shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from conftest import Run
from mentorkit.checks.load import load_program
from mentorkit.compose.compose import compose

HEAD = "title: A group\ntime_zone: America/Chicago\n"


def snippets(repository: Path) -> list[str]:
    page = (repository / "docs" / "cohorts.md").read_text("utf-8")
    return re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)


def test_every_snippet_is_part_of_a_cohort(repository: Path, own_program: Path) -> None:
    found = snippets(repository)
    assert len(found) >= 8
    folder = own_program / "cohorts" / "a_group"
    (folder / "case_studies").mkdir(parents=True)
    story = own_program / "case_studies" / "feedback_before_the_trip.yaml"
    (folder / "case_studies" / "our_story.yaml").write_bytes(story.read_bytes())
    for number, snippet in enumerate(found):
        if "logo:" in snippet:
            continue
        rest = "" if "meetings:" in snippet else "meetings: []\n"
        (folder / "cohort.yaml").write_text(HEAD + rest + snippet, "utf-8")
        library = load_program(own_program)
        mine = [p for p in library.problems if p.span.file.startswith("cohorts/a_group")]
        # A dropped module may leave texts that speak of it; they are reported, as the page says.
        stops = [p for p in mine if p.stops and p.code != "stale-reference"]
        assert not stops, (number, [str(problem) for problem in stops])


def test_the_first_command_writes_what_the_page_says(own_program: Path, run: Run) -> None:
    words = "--format two_half_days --first 2027-09-08 --every 2w --skip 2027-09-22"
    done = run(
        "new", "cohort", "fall_2027", *words.split(), "--hours", "9:00-13:00", cwd=own_program
    )
    assert done.returncode == 0, done.stderr
    text = (own_program / "cohorts" / "fall_2027" / "cohort.yaml").read_text("utf-8")
    written = yaml.safe_load(text)
    dates = [str(meeting["date"]) for meeting in written["meetings"] if "date" in meeting]
    assert (written["format"], dates) == ("two_half_days", ["2027-09-08", "2027-10-06"])
    assert not [p for p in load_program(own_program).problems if p.stops]


@pytest.mark.parametrize(
    ("option", "word"),
    [("--every", "two weeks"), ("--skip", "tomorrow"), ("--format", "no_such_format")],
)
def test_what_cannot_be_meant_is_refused(
    own_program: Path, run: Run, option: str, word: str
) -> None:
    done = run("new", "cohort", "fall_2027", option, word, cwd=own_program)
    assert done.returncode == 2 and not (own_program / "cohorts" / "fall_2027").exists()


def test_meetings_share_what_the_cohort_says_once(own_program: Path) -> None:
    folder = own_program / "cohorts" / "a_group"
    folder.mkdir()
    (folder / "cohort.yaml").write_text(
        HEAD
        + "start: 9:00\nend: 11:00\nplace: Room 1\nled_by: Ada Moreno\nmeetings:\n"
        + "  - session: mentoring_up\n    date: 2027-02-03\n"
        + "  - session: talking_and_agreeing\n    date: 2027-02-10\n    start: 14:00\n"
        + "    place: Room 2\n",
        "utf-8",
    )
    chapters = compose(load_program(own_program), "a_group").guide.chapters
    first, second = (chapter for chapter in chapters if chapter.kind == "session")
    assert (first.meeting.place, second.meeting.place) == ("Room 1", "Room 2")
    assert first.led_by == second.led_by == ("Ada Moreno",)
    assert str(first.meeting.end) == "11:00:00" and second.meeting.end is None
