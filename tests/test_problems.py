"""Every folder in tests/problems: what is wrong with it is said in exactly these lines, and the cure in the message cures it."""

from __future__ import annotations

import ast
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
from folders import HERE, IN_PLACE_OF, laid_out

import mentorkit
from mentorkit.checks.load import load_program
from mentorkit.commands import source_excerpt
from mentorkit.model.validation_errors import CODES
from mentorkit.source.problem import Problem

PROBLEMS = HERE / "problems"
PROGRAM = PROBLEMS / "_program"
FOLDERS = sorted(
    folder for folder in PROBLEMS.iterdir() if folder.is_dir() and not folder.name.startswith("_")
)
SILENT = "No problems."
# Codes that no folder can show: they need a link, a file too large to keep, or a fault that we do not know how to make.
ELSEWHERE = {"outside", "too-large", "yaml", "unusable", "renamed"}
# Modules whose problems are about other things than a program's YAML files, or about laid-out books; their own tests show them.
OTHERS = ("people.", "handouts.", "compose.", "packets.", "edition.", "responses.")
MENDED = [
    folder for folder in FOLDERS if (folder / "fixed.yaml").exists() or (folder / "fixed").is_dir()
]


@cache
def found(folder: Path, fixed: bool = False) -> tuple[Problem, ...]:
    with tempfile.TemporaryDirectory() as empty:
        return load_program(laid_out(PROGRAM, folder, Path(empty) / "program", fixed)).problems


def written(folder: Path, name: str) -> Path:
    """The file of this folder, or of the small program, that a message calls `name`."""
    own = next(
        (
            folder / here
            for here, place in IN_PLACE_OF.items()
            if place == name and (folder / here).is_file()
        ),
        folder / name,
    )
    return own if own.is_file() else PROGRAM / name


def told(folder: Path, fixed: bool = False) -> list[str]:
    return [str(problem) for problem in found(folder, fixed)] or [SILENT]


def test_the_small_program_itself_is_in_order() -> None:
    assert [str(problem) for problem in load_program(PROGRAM).problems] == []
    assert len(FOLDERS) > 200


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_message(folder: Path) -> None:
    expected = (folder / "expected.txt").read_text(encoding="utf-8").splitlines()
    assert told(folder) == expected
    for problem in found(folder):
        marked = source_excerpt.marked(
            source_excerpt.lines_of(written(folder, problem.span.file)), problem.span, "ascii"
        )
        assert (
            not marked
            or "^" in marked[1]
            and all(line.isascii() and line.isprintable() and len(line) < 700 for line in marked)
        )
        assert marked or problem.span.end_column == 1, "a spot that cannot be shown"


@pytest.mark.parametrize("folder", MENDED, ids=lambda folder: folder.name)
def test_the_cure_cures(folder: Path) -> None:
    assert (folder / "expected.txt").read_text(encoding="utf-8").strip() != SILENT
    assert (folder / "fixed").is_dir() != (
        sum((folder / name).exists() for name in IN_PLACE_OF) == 1
        and (folder / "fixed.yaml").exists()
    )
    assert told(folder, fixed=True) == [SILENT]


def test_every_row_of_the_catalogue_has_a_folder_or_a_reason() -> None:
    readme = (PROBLEMS / "README.md").read_text(encoding="utf-8")
    for letter, rows in (("Y", 55), ("M", 17), ("C", 8)):
        for row in (f"{letter}{number:02d}" for number in range(1, rows + 1)):
            assert any(folder.name.startswith(f"{row}_") for folder in FOLDERS) or re.search(
                rf"\b{row}\b", readme
            ), row


def test_every_code_has_a_folder() -> None:
    """A new kind of problem needs a folder that shows it."""
    shown = {problem.code for folder in FOLDERS for problem in found(folder, False)}
    ours = {
        code
        for code, made in codes().items()
        if not all(name.startswith(OTHERS) for name in made.modules)
    }
    assert ours - ELSEWHERE <= shown, sorted(ours - ELSEWHERE - shown)
    assert shown <= codes().keys(), sorted(shown - codes().keys())
    assert len(shown) > 80


@dataclass
class Made:
    """Where a code comes from, as the source says."""

    modules: set[str] = field(default_factory=set)
    severities: set[str] = field(default_factory=set)


@cache
def codes() -> dict[str, Made]:
    """Every code that the package can give a problem, gathered from its source: no call may hide one."""
    trees = {
        path: ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(Path(mentorkit.__file__).parent.rglob("*.py"))
    }
    takers = {
        "Problem": 1,
        "warning": 1,
    }  # functions that are given a code, and which of their arguments it is; private ones count in their own module
    for tree in trees.values():
        takers |= {name: place for name, place in _takers(tree) if not name.startswith("_")}
    named: dict[str, Made] = defaultdict(Made)
    package = Path(mentorkit.__file__).parent
    for path, tree in trees.items():
        module = ".".join(path.relative_to(package).with_suffix("").parts)
        for code, severity in _codes_in(tree, {**takers, **dict(_takers(tree))}):
            assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code), code
            named[code].modules.add(module)
            named[code].severities.add(severity)
    return dict(named)


def _takers(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        names = (
            [each.arg for each in node.args.args if each.arg != "self"]
            if isinstance(node, ast.FunctionDef)
            else []
        )
        if isinstance(node, ast.FunctionDef) and "code" in names and "what" in names:
            yield node.name, names.index("code")


def _codes_in(tree: ast.Module, takers: dict[str, int]) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        name = (
            (
                node.func.attr
                if isinstance(node.func, ast.Attribute)
                else getattr(node.func, "id", "")
            )
            if isinstance(node, ast.Call)
            else ""
        )
        if isinstance(node, ast.Call) and name in takers:
            assert len(node.args) > takers[name], ast.unparse(node)
            code = node.args[takers[name]]
            if isinstance(code, ast.Call) and ast.unparse(code.func) == "CODES.get":
                yield from (
                    (each, "problem") for each in (*CODES.values(), ast.literal_eval(code.args[1]))
                )
            elif ast.unparse(code) != "code":  # handed on by a function that was given it
                severity = "warning" if name == "warning" else "problem"
                yield from (
                    (ast.literal_eval(each), severity)
                    for each in (
                        (code.body, code.orelse) if isinstance(code, ast.IfExp) else (code,)
                    )
                )
        elif (
            isinstance(node, ast.FunctionDef)
            and node.returns is not None
            and ast.unparse(node.returns) == "_Guess"
        ):
            returned = [each.value for each in ast.walk(node) if isinstance(each, ast.Return)]
            yield from (
                (ast.literal_eval(each.elts[1]), "problem")
                for each in returned
                if isinstance(each, ast.Tuple)
            )
