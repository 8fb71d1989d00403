"""What readers will hold: every folder of tests/data/editions as plain lines; and names that stay
when texts move or change.
"""

from __future__ import annotations

import difflib
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from mentorkit.checks.load import load_program
from mentorkit.compose.compose import Composed, compose
from mentorkit.render.text.guide_lines import guide_lines
from mentorkit.render.text.lines import edition_lines
from mentorkit.source.problem import stopping

from folders import HERE, laid_out

EDITIONS = HERE / "editions"
PROGRAM = EDITIONS / "_program"
FOLDERS = sorted(
    folder
    for folder in EDITIONS.iterdir()
    if folder.is_dir() and folder.name not in ("_program", "whole")
)
NAMED = {
    "questions",
    "columns",
    "rows",
    "groups",
    "parts",
    "links",
    "steps",
    "activities",
    "modules",
    "objectives",
    "strategies",
    "chapters",
}


def composed(folder: Path) -> Composed:
    library = load_program(folder)
    assert [
        str(problem) for problem in stopping(library.problems)
    ] == []  # an objective that was just put in is served by nothing yet
    return compose(library, "fall")


@cache
def lines(folder: Path) -> list[str]:
    """The workbook, the heads of the worksheets and the guide of the rich program with `folder`
    over it, and what is told.
    """
    with tempfile.TemporaryDirectory() as empty:
        made = composed(laid_out(PROGRAM, folder, Path(empty) / "program"))
    sheets = [line for sheet in made.worksheets for line in list(edition_lines(sheet))[:3]]
    return [
        *(str(problem) for problem in made.problems),
        *edition_lines(made.workbook),
        *sheets,
        *guide_lines(made.guide),
    ]


def differing(folder: Path) -> list[str]:
    """The lines that `folder` makes go and come, in order."""
    return [
        line
        for line in difflib.unified_diff(lines(EDITIONS / "whole"), lines(folder), n=0, lineterm="")
        if not line.startswith(("---", "+++", "@@"))
    ]


def expected(folder: Path) -> list[str]:
    return (folder / "expected.txt").read_text(encoding="utf-8").splitlines()


def test_the_whole_program() -> None:
    assert lines(EDITIONS / "whole") == expected(EDITIONS / "whole")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_what_differs(folder: Path) -> None:
    assert expected(folder), "a folder that changes nothing shows nothing"
    assert differing(folder) == expected(folder)


def test_the_same_place_has_one_name_and_label_in_workbook_and_worksheet() -> None:
    made = composed(PROGRAM)
    book = {place.name: place for place in made.workbook.places()}
    assert len(made.worksheets) == 4 and sum(len(sheet.places()) for sheet in made.worksheets) > 20
    for sheet in made.worksheets:
        for place in sheet.places():
            assert book[place.name] == place


def test_names_and_labels_differ_within_a_document_and_follow_the_rules() -> None:
    made = composed(PROGRAM)
    for edition in (made.workbook, *made.worksheets):
        places = edition.places()
        assert (
            len({place.name for place in places})
            == len({place.label for place in places})
            == len(places)
        )
        assert all(
            place.name.replace("_", "a").isalnum()
            and place.name.islower()
            and len(place.name) <= 61
            for place in places
        )


def test_composing_twice_gives_the_same() -> None:
    assert composed(PROGRAM) == composed(PROGRAM)


# ---- names stay: nothing that an author moves, adds or rewords changes the name of another place


class LiteralDumper(yaml.SafeDumper):
    """Writes a text of several lines after |, as authors do."""


LiteralDumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar(
        "tag:yaml.org,2002:str", text, style="|" if "\n" in text else None
    ),
)


def files() -> list[Path]:
    return sorted(
        path.relative_to(PROGRAM)
        for folder in ("sessions", "case_studies", "worksheets")
        for path in (PROGRAM / folder).glob("*.yaml")
    )


def rewritten(to: Path, path: Path, change: Callable[[dict[str, Any]], None]) -> list[str]:
    """Return the names of all places after `change` was made to one file of the program."""
    shutil.copytree(PROGRAM, to)
    data = yaml.load((PROGRAM / path).read_text(encoding="utf-8"), yaml.BaseLoader)
    change(data)
    (to / path).write_text(
        yaml.dump(
            data, Dumper=LiteralDumper, sort_keys=False, allow_unicode=True, width=10_000
        ).replace("return: 'yes'", "return: yes"),
        encoding="utf-8",
    )
    return [place.name for place in composed(to).workbook.places()]


def groups(data: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path to every group of named things outside `facilitator`."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key != "facilitator" and isinstance(value, dict):
                if key in NAMED:
                    yield (*path, key)
                yield from groups(value, (*path, key))


ALL_GROUPS = [
    (path, group)
    for path in files()
    for group in groups(yaml.load((PROGRAM / path).read_text(encoding="utf-8"), yaml.BaseLoader))
    if "variations" not in group
]
BEFORE = [place.name for place in composed(PROGRAM).workbook.places()]


def at(data: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        data = data[step]
    return data


NEW: dict[str, Any] = {
    "questions": "Brand new?",
    "columns": "Brand new",
    "rows": "Brand new",
    "links": "Brand new",
    "objectives": "Brand new",
    "strategies": "Brand new",
    "groups": {"title": "Brand new", "rows": {"new_row": "A new row"}},
    "parts": {"title": "Brand new", "questions": {"new_question": "What is new?"}},
    "steps": {"do": "Something new", "minutes": "3"},
    "activities": {
        "title": "Brand new",
        "minutes": "3",
        "questions": {"new_question": "What is new?"},
    },
    "modules": {
        "title": "Brand new",
        "objectives": {"new_objective": "x"},
        "activities": {"new_activity": {"title": "New", "minutes": "3"}},
        "strategies": {"new_strategy": "x"},
    },
}


@pytest.mark.parametrize(
    ("path", "group"),
    ALL_GROUPS,
    ids=lambda value: value.stem if isinstance(value, Path) else ".".join(value),
)
def test_an_entry_in_the_middle_renames_nothing(
    path: Path, group: tuple[str, ...], tmp_path: Path
) -> None:
    def insert(data: dict[str, Any]) -> None:
        entries = at(data, group)
        old = list(entries.items())
        new = (
            {"left": "One end", "right": "The other"}
            if group[-1] == "rows" and "left" in old[0][1]
            else NEW[group[-1]]
        )
        entries.clear()
        entries.update([*old[: len(old) // 2], ("brand_new", new), *old[len(old) // 2 :]])

    after = rewritten(tmp_path / "program", path, insert)
    assert [name for name in after if name in set(BEFORE)] == BEFORE, (
        "no name goes, none changes, none moves"
    )
    assert group[-1] in ("links", "objectives", "steps") or len(after) > len(BEFORE)


@pytest.mark.parametrize(
    ("path", "group"),
    [(path, group) for path, group in ALL_GROUPS if group[-1] != "activities"],
    ids=lambda value: value.stem if isinstance(value, Path) else ".".join(value),
)
def test_another_order_renames_nothing(path: Path, group: tuple[str, ...], tmp_path: Path) -> None:
    def reverse(data: dict[str, Any]) -> None:
        entries = at(data, group)
        turned = list(entries.items())[::-1]
        entries.clear()
        entries.update(turned)

    assert sorted(rewritten(tmp_path / "program", path, reverse)) == sorted(BEFORE)


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_other_words_rename_nothing(path: Path, tmp_path: Path) -> None:
    def reword(data: Any) -> None:
        for key, value in data.items():
            if isinstance(value, dict):
                reword(value)
            elif key in (
                "title",
                "text",
                "ask",
                "hint",
                "label",
                "topic",
                "first",
                "left",
                "right",
                "about",
                "do",
                "own_title",
            ):
                data[key] = f"Quite {value}"

    assert rewritten(tmp_path / "program", path, reword) == BEFORE


def test_an_activity_keeps_its_names_when_it_moves_to_another_module(tmp_path: Path) -> None:
    def move(data: dict[str, Any]) -> None:
        modules = data["modules"]
        modules["fitting"]["activities"]["statements"] = modules["talking"]["activities"].pop(
            "statements"
        )

    assert sorted(rewritten(tmp_path / "program", Path("sessions/first_day.yaml"), move)) == sorted(
        BEFORE
    )


def test_a_row_keeps_its_name_when_it_moves_to_another_group(tmp_path: Path) -> None:
    def move(data: dict[str, Any]) -> None:
        data["table"]["groups"]["other"]["rows"]["methods"] = data["table"]["groups"]["research"][
            "rows"
        ].pop("methods")

    assert sorted(rewritten(tmp_path / "program", Path("worksheets/roles.yaml"), move)) == sorted(
        BEFORE
    )


# ---- values that nobody filled


def test_a_value_that_is_left_out_takes_away_no_more_than_what_holds_it_and_never_raises(
    tmp_path: Path,
) -> None:
    """`{{ survey }}` is left out where it is not filled.

    It is put at the end of every text in turn, the facilitators' too.
    """
    tried = 0
    for path in [
        *files(),
        Path("curriculum/pages/welcome.yaml"),
        Path("curriculum/pages/for_leaders.yaml"),
        Path("curriculum/curriculum.yaml"),
    ]:
        text = (PROGRAM / path).read_text(encoding="utf-8")
        for number, line in enumerate(text.split("\n")):
            key, _, value = line.strip().partition(": ")
            if (
                not value
                or key
                not in (
                    "title",
                    "text",
                    "ask",
                    "hint",
                    "topic",
                    "first",
                    "about",
                    "do",
                    "say",
                    "alt",
                    "caption",
                    "by",
                    "heads_up",
                    "people",
                    "subtitle",
                    "care",
                    "background",
                )
                or value in ("|",)
            ):
                continue
            to = tmp_path / f"{path.stem}-{number}"
            shutil.copytree(PROGRAM, to)
            (to / path).write_text(
                "\n".join(
                    f"{each} {{{{ survey }}}}" if place == number else each
                    for place, each in enumerate(text.split("\n"))
                ),
                encoding="utf-8",
            )
            made = compose(load_program(to), "fall")
            left = {place.name for place in made.workbook.places()}
            assert len(left) >= len(BEFORE) - 40, (path, line)
            assert "survey" not in "\n".join(edition_lines(made.workbook)).lower(), (path, line)
            shutil.rmtree(to)
            tried += 1
    assert tried > 80


if __name__ == "__main__":
    print(
        "\n".join(
            differing(EDITIONS / sys.argv[1])
            if sys.argv[1] != "whole"
            else lines(EDITIONS / "whole")
        )
    )
