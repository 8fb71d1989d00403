"""Every folder in tests/problems: what is wrong with it is said in exactly these lines, and the cure in the message cures it."""

from __future__ import annotations

import ast
import re
import tempfile
from functools import cache
from pathlib import Path

import pytest
from folders import HERE, IN_PLACE_OF, laid_out

import mentorkit
from mentorkit.load import load
from mentorkit.problem import Problem

PROBLEMS = HERE / "problems"
PROGRAM = PROBLEMS / "_program"
FOLDERS = sorted(folder for folder in PROBLEMS.iterdir() if folder.is_dir() and not folder.name.startswith("_"))
SILENT = "No problems."
# Codes that no folder can show: they need a link, a file that nobody may read, or a fault that we do not know how to make.
ELSEWHERE = {"outside", "yaml"}
# Modules whose problems are about other things than a program's YAML files.
OTHERS = {"roster.py", "table.py"}


@cache
def found(folder: Path, fixed: bool = False) -> tuple[Problem, ...]:
    with tempfile.TemporaryDirectory() as empty:
        return load(laid_out(PROGRAM, folder, Path(empty) / "program", fixed)).problems


def told(folder: Path, fixed: bool = False) -> list[str]:
    return [str(problem) for problem in found(folder, fixed)] or [SILENT]


def test_the_small_program_itself_is_in_order() -> None:
    assert [str(problem) for problem in load(PROGRAM).problems] == []
    assert len(FOLDERS) > 200


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_message(folder: Path) -> None:
    expected = (folder / "expected.txt").read_text(encoding="utf-8").splitlines()
    assert told(folder) == expected


@pytest.mark.parametrize("folder", [folder for folder in FOLDERS if (folder / "fixed.yaml").exists()], ids=lambda folder: folder.name)
def test_the_cure_cures(folder: Path) -> None:
    assert (folder / "expected.txt").read_text(encoding="utf-8").strip() != SILENT
    assert sum((folder / name).exists() for name in IN_PLACE_OF) == 1
    assert told(folder, fixed=True) == [SILENT]


def test_every_row_of_the_catalogue_has_a_folder_or_a_reason() -> None:
    readme = (PROBLEMS / "README.md").read_text(encoding="utf-8")
    for letter, rows in (("Y", 55), ("M", 17), ("C", 8)):
        for row in (f"{letter}{number:02d}" for number in range(1, rows + 1)):
            assert any(folder.name.startswith(f"{row}_") for folder in FOLDERS) or re.search(rf"\b{row}\b", readme), row


def test_every_code_has_a_folder() -> None:
    """A new kind of problem needs a folder that shows it."""
    shown = {problem.code for folder in FOLDERS for problem in found(folder, False)}
    assert codes() - ELSEWHERE <= shown, sorted(codes() - ELSEWHERE - shown)
    assert len(shown) > 50


def codes() -> set[str]:
    """Every code written in the modules that read, judge and check: the second word of a Problem."""
    named: set[str] = set()
    package = Path(mentorkit.__file__).parent
    paths = [*package.glob("check/*.py"), *(package / name for name in ("source.py", "textfile.py", "slips.py", "complaint.py", "explain.py", "overlay.py", "adapt.py", "load.py"))]
    for path in paths:
        if path.name in OTHERS:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""
                place = {"Problem": 1, "warning": 1, "_fault": 1, "_at": 3}.get(name)
                if place is not None and len(node.args) > place and isinstance(code := node.args[place], ast.Constant) and isinstance(code.value, str):
                    named.add(code.value)
    assert len(named) > 45
    return named
