"""One way to change what is written elsewhere: variations of a case, and a cohort's changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from mentorkit.checks.load import load_cohort, load_program
from mentorkit.compose.compose import compose
from mentorkit.program import overlay
from mentorkit.source import nodes, reader
from mentorkit.source.nodes import Mapping
from mentorkit.source.problem import Problem
from test_load import SMALL, add, change, small  # noqa: F401  (a fixture)

BASE = """\
title: The only one
text: |
  A story.
questions:
  hope: What did they hope for?
  landing:
    ask: How did it land?
    lines: 5
  size:
    ask: How large was it?
    kind: scale
    points: 6
steps:
  read:
    do: Read.
    minutes: 6
  share:
    do: Share.
    minutes: 10
materials:
  - Pens
  - Cards
before: Read the story.
return: no
"""


def merged(over: str, fixed: bool = False) -> tuple[dict[str, Any], list[str]]:
    """BASE with `over` laid over it, and the problems."""
    base, above = reader.parse(BASE, "base.yaml").root, reader.parse(over, "over.yaml").root
    assert base is not None and above is not None
    problems: list[Problem] = []
    made = overlay.merge(base, above, problems, fixed=overlay.FIXED if fixed else frozenset())
    plain = nodes.plain(made)
    assert isinstance(plain, dict)
    return plain, [str(problem) for problem in problems]


def test_a_text_replaces_a_text_and_its_neighbors_stay() -> None:
    made, problems = merged("title: Another\nquestions:\n  landing: How might it have landed?\n")
    assert problems == [] and made["title"] == "Another" and made["text"] == "A story."
    assert made["questions"]["landing"] == {"ask": "How might it have landed?", "lines": "5"}
    assert list(made["questions"]) == ["hope", "landing", "size"]


def test_a_group_laid_over_a_short_text_keeps_the_text() -> None:
    made, problems = merged("questions:\n  hope:\n    lines: 8\nbefore:\n  title: At home\n")
    assert problems == [] and made["questions"]["hope"] == {
        "ask": "What did they hope for?",
        "lines": "8",
    }
    assert made["before"] == {"text": "Read the story.", "title": "At home"}


def test_a_list_is_replaced_whole() -> None:
    assert merged("materials:\n  - Paper\n")[0]["materials"] == ["Paper"]
    assert merged("materials: Paper\n")[0]["materials"] == "Paper"


def test_drop_leaves_out_and_what_is_not_there_cannot_be_left_out() -> None:
    made, problems = merged("questions:\n  hope: drop\ntext: drop\n")
    assert problems == [] and list(made["questions"]) == ["landing", "size"] and "text" not in made
    assert merged("questions:\n  hoop: drop\n")[1] == [
        'over.yaml:2:3: there is no "hoop" here to leave out (look at the short names in the '
        "file that is changed)"
    ]


def test_a_new_name_comes_last_or_after_another() -> None:
    assert list(merged("questions:\n  fear: What did they fear?\n")[0]["questions"]) == [
        "hope",
        "landing",
        "size",
        "fear",
    ]
    made, problems = merged("questions:\n  fear:\n    ask: What did they fear?\n    after: hope\n")
    assert (
        problems == []
        and list(made["questions"]) == ["hope", "fear", "landing", "size"]
        and made["questions"]["fear"] == {"ask": "What did they fear?"}
    )
    assert merged("questions:\n  fear:\n    ask: What?\n    after: hoop\n")[1] == [
        'over.yaml:4:12: there is no "hoop" here to stand after (look at the short names in '
        "the file that is changed)"
    ]


def test_after_moves_what_is_there_already() -> None:
    made, problems = merged("steps:\n  read:\n    after: share\n    minutes: 5\n")
    assert (
        problems == []
        and list(made["steps"]) == ["share", "read"]
        and made["steps"]["read"] == {"do": "Read.", "minutes": "5"}
    )


def test_a_text_or_a_list_where_names_are_wanted_is_told_and_changes_nothing() -> None:
    for over in ("steps: Read quickly.\n", "steps:\n  - Read quickly.\n", "steps:\n"):
        made, problems = merged(over)
        assert (
            len(problems) == 1
            and "over.yaml:" in problems[0]
            and '"steps" holds names with a colon' in problems[0]
        )
        assert list(made["steps"]) == ["read", "share"]


@pytest.mark.parametrize(
    "over", ["kind: tick", "points: 8", "choices:\n      - one", "total: 100", "kind: drop"]
)
def test_what_kind_of_answer_is_asked_for_cannot_be_changed(over: str) -> None:
    made, problems = merged(f"questions:\n  size:\n    {over}\n", fixed=True)
    assert (
        len(problems) == 1
        and problems[0].startswith("over.yaml:3:5: ")
        and "answers could not be compared" in problems[0]
    )
    assert made["questions"]["size"] == {"ask": "How large was it?", "kind": "scale", "points": "6"}


def test_a_kind_cannot_be_given_to_a_text_that_had_none_but_a_new_question_is_free() -> None:
    assert len(merged("questions:\n  hope:\n    kind: tick\n", fixed=True)[1]) == 1
    assert (
        merged(
            "questions:\n  hope:\n    kind: text\n  fear:\n    ask: How much?\n    kind: "
            "scale\n    points: 5\n",
            fixed=True,
        )[1]
        == []
    )
    assert merged("questions:\n  size:\n    kind: scale\n    points: 6\n", fixed=True)[1] == []


def test_every_value_keeps_the_place_where_it_was_written() -> None:
    base, above = (
        reader.parse(BASE, "base.yaml").root,
        reader.parse("questions:\n  landing: New words\n", "over.yaml").root,
    )
    assert base is not None and above is not None
    made = overlay.merge(base, above, [])
    assert str(nodes.find(made, ("questions", "landing", "ask")).span) == "over.yaml:2:12"
    assert str(nodes.find(made, ("questions", "landing", "lines")).span) == "base.yaml:8:12"


def test_nothing_laid_over_changes_nothing() -> None:
    base = reader.parse(BASE, "base.yaml").root
    assert base is not None
    assert overlay.merge(base, Mapping({}, {}, base.span), []) == base
    assert nodes.plain(overlay.merge(base, base, [], fixed=overlay.FIXED)) == nodes.plain(base)


# ---- a cohort's changes, through the whole program


def cohort(folder: Path, changes: str) -> list[str]:
    """What is told when the cohort `fall` makes these changes."""
    text = (SMALL / "cohorts/fall/cohort.yaml").read_text(encoding="utf-8")
    add(
        folder,
        "cohorts/fall/cohort.yaml",
        text.replace(
            "meetings:",
            "changes:\n" + "".join(f"  {line}\n" for line in changes.splitlines()) + "meetings:",
        ),
    )
    return [str(problem) for problem in load_program(folder).problems]


def test_a_cohort_drops_adds_and_replaces(small: Path) -> None:  # noqa: F811
    assert (
        cohort(
            small,
            "choosing: drop\npractice_talk:\n  steps:\n    read:\n      minutes: 4\n"
            "talking:\n  activities:\n    hello:\n      title: Hello\n      minutes: 5\n     "
            " after: practice_talk\nexample:\n  questions:\n    hope: And they?",
        )
        == []
    )
    library = load_cohort(load_program(small), "fall")
    module = library.sessions["first_day"].model.modules["talking"]
    assert [(name, activity.length) for name, activity in module.activities.items()] == [
        ("practice_talk", 18),
        ("hello", 5),
    ]
    assert library.cases["example"].model.questions["hope"].ask == "And they?"
    assert (
        load_program(small).sessions["first_day"].model.modules["talking"].activities["choosing"]
    ), "the program itself is not changed"


def test_every_departure_is_named_with_its_line(small: Path) -> None:  # noqa: F811
    cohort(small, "choosing: drop\npractice_talk:\n  steps:\n    read:\n      minutes: 4")
    add(small, "cohorts/fall/worksheets/extra.yaml", "title: Extra\nrights: own\n")
    assert load_cohort(load_program(small), "fall").departures == (
        "extra: a worksheet of this cohort's own (cohorts/fall/worksheets/extra.yaml)",
        "choosing: left out (cohorts/fall/cohort.yaml, line 7)",
        "practice_talk › steps › read › minutes: changed (cohorts/fall/cohort.yaml, line 11)",
    )


def test_a_whole_worksheet_page_or_session_can_be_left_out(small: Path) -> None:  # noqa: F811
    assert cohort(small, "roles: drop\nwelcome: drop") == []
    composed = compose(load_program(small), "fall")
    assert composed.worksheets == () and [
        chapter.name for chapter in composed.workbook.chapters
    ] == ["first_day"]


def test_a_case_in_use_cannot_be_left_out_unless_its_activity_goes_too(small: Path) -> None:  # noqa: F811
    assert [line.split(": ", 1)[1] for line in cohort(small, "example: drop")] == [
        'the activity "practice_talk" uses this case study (drop practice_talk too, or give '
        "it another case)"
    ]
    assert cohort(small, "example: drop\npractice_talk: drop") == []


def test_a_cohort_never_asks_for_answers_that_were_private(small: Path) -> None:  # noqa: F811
    for changes in (
        "roles:\n  return: yes",
        "example:\n  questions:\n    hope:\n      return: yes",
        "choosing:\n  parts:\n    more:\n      text: More\n      return: yes",
    ):
        assert any("a cohort cannot ask for answers" in line for line in cohort(small, changes)), (
            changes
        )
    assert cohort(small, "roles:\n  return: no") == []


def test_messages_point_into_the_cohorts_file_even_when_something_else_now_dangles(
    small: Path,  # noqa: F811
) -> None:
    lines = cohort(small, "talking:\n  objectives:\n    words: drop")
    assert lines == [
        "cohorts/fall/cohort.yaml:6:1: with these changes, in sessions/first_day.yaml, line "
        '10: no objective of this module has the name "words" (there is none at all)'
    ]


def test_the_curriculum_can_be_changed_too(small: Path) -> None:  # noqa: F811
    assert (
        cohort(
            small,
            "curriculum:\n  title: Our own program\n  values:\n    institution:\n      "
            "default: our house",
        )
        == []
    )
    assert compose(load_program(small), "fall").workbook.title == "Our own program"


def test_a_break_after_an_activity_that_the_cohort_leaves_out_is_told(small: Path) -> None:  # noqa: F811
    change(
        small,
        "cohorts/fall/cohort.yaml",
        "    end: 11:00",
        "    end: 11:00\n    breaks:\n      - after: choosing\n        minutes: 5",
    )
    text = (small / "cohorts/fall/cohort.yaml").read_text(encoding="utf-8")
    assert load_program(small).problems == ()
    add(
        small,
        "cohorts/fall/cohort.yaml",
        text.replace("meetings:", "changes:\n  choosing: drop\nmeetings:"),
    )
    assert [problem.code for problem in load_program(small).problems] == ["unknown-name"]


# ---- variations

VARIED = (
    "variations:\n  station:\n    field: marine ecology\n    text: |\n      Another "
    "story.\n    questions:\n      hope: What did Teva hope for?\n      invited:\n      "
    "  ask: Who decides?\n        after: hope\nrights: own"
)


def test_a_variation_is_the_case_with_what_differs(small: Path) -> None:  # noqa: F811
    change(small, "case_studies/example.yaml", "rights: own", VARIED)
    change(
        small,
        "sessions/first_day.yaml",
        "case: example",
        "case: example\n        variation: station",
    )
    library = load_program(small)
    assert library.problems == ()
    varied = library.varied["example", "station"].model
    assert (varied.title, varied.field, varied.text, list(varied.questions)) == (
        "The only one at the table",
        "marine ecology",
        "Another story.",
        ["hope", "invited"],
    )
    names = [place.name for place in compose(library, "fall").workbook.places()]
    assert "example__hope" in names and "example__invited" in names, (
        "the case gives its name to the fields, whatever the variation"
    )


def test_a_cohort_may_choose_the_variation(small: Path) -> None:  # noqa: F811
    change(small, "case_studies/example.yaml", "rights: own", VARIED)
    assert cohort(small, "practice_talk:\n  variation: station") == []
    assert any(
        "Another story" in text
        for section in compose(load_program(small), "fall").workbook.sections()
        for text in section.texts()
    )
