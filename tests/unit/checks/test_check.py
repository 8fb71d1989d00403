"""The list of checks: each has its manual page, each finds what it is for, and all of them are
quick to be told apart."""

from __future__ import annotations

import inspect
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from mentorkit.checks import pictures
from mentorkit.checks.load import load_program
from mentorkit.checks.registry import CHECKS, check
from mentorkit.program.library import Library

from folders import HERE
from paths import ROOT

PROBLEMS = HERE / "problems"


@pytest.fixture(scope="module")
def small() -> Library:
    return load_program(PROBLEMS / "_program")


def test_every_check_says_in_one_sentence_what_it_asks_for() -> None:
    assert len(CHECKS) == len(set(CHECKS)) >= 15
    for run in CHECKS:
        said = inspect.getdoc(run)
        assert said and said[0].isupper() and said.endswith(".") and 30 < len(said) < 250, run


def test_no_check_changes_what_it_looks_at(small: Library) -> None:
    assert check(small) == small
    for run in CHECKS:
        assert list(run(small)) == list(run(small)) == []


def test_without_a_curriculum_nothing_is_checked_and_nothing_raises(small: Library) -> None:
    assert check(replace(small, curriculum=None)).problems == ()


def test_an_empty_program_has_only_what_its_curriculum_lists(small: Library) -> None:
    empty = check(
        replace(small, sessions={}, cases={}, varied={}, worksheets={}, pages={}, cohorts={})
    )
    assert [problem.what for problem in empty.problems] == [
        'no session has the name "first_day"',
        'no page has the name "welcome"',
    ]


def test_a_name_that_may_stand_in_a_broken_file_is_not_called_unknown(small: Library) -> None:
    assert (
        check(
            replace(
                small,
                sessions={},
                cases={},
                cohorts={},
                pages={},
                doubtful=frozenset({"first_day", "welcome", "roles"}),
            )
        ).problems
        == ()
    )


def test_a_picture_of_more_than_20_mb_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(shutil.copytree(PROBLEMS / "_program", tmp_path / "program"))
    sheet = folder / "worksheets/roles.yaml"
    sheet.write_text(
        sheet.read_text() + "picture:\n  file: door.svg\n  alt: A door that stands open\n"
    )
    size = (folder / "curriculum/pictures/door.svg").stat().st_size
    assert pictures.LARGEST == 20 * 1024 * 1024
    monkeypatch.setattr(pictures, "LARGEST", size)
    assert load_program(folder).problems == ()
    monkeypatch.setattr(pictures, "LARGEST", size - 1)
    assert [str(problem) for problem in load_program(folder).problems] == [
        'worksheets/roles.yaml:12:9: "door.svg" is larger than 20 MB (make it smaller)'
    ]


def test_a_picture_that_is_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(PROBLEMS / "_program", tmp_path / "program"))
    (tmp_path / "secret.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'></svg>")
    (folder / "curriculum/pictures/secret.svg").symlink_to(tmp_path / "secret.svg")
    sheet = folder / "worksheets/roles.yaml"
    sheet.write_text(
        sheet.read_text() + "picture:\n  file: secret.svg\n  alt: A secret that lies elsewhere\n"
    )
    assert [problem.what for problem in load_program(folder).problems] == [
        '"secret.svg" is not a file of this folder'
    ]


def test_every_shipped_picture_can_be_printed() -> None:
    folder = ROOT / "curriculum/pictures"
    found = [path for path in folder.glob("*") if path.suffix in pictures.ENDINGS]
    assert len(found) >= 12
    assert [
        (path.name, fault) for path in found if (fault := pictures._fault(folder, path)) != ("", "")
    ] == []
