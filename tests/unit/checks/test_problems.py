"""Every case in tests/data/problems: what is reported, and that following the message is the cure."""

from __future__ import annotations

import ast
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import mentorkit
import pytest
from mentorkit.checks.load import load_program
from mentorkit.commands import source_excerpt
from mentorkit.model.validation_errors import CODES
from mentorkit.source.problem import Problem

from problem_cases import NO_CODE, PROBLEMS, PROGRAM, SILENT, Case, cases, code_files

# Codes that no case can show: they need a link, a file too large to keep, or a fault that nobody
# knows how to make.
ELSEWHERE = {"outside", "too-large", "yaml", "unusable", "renamed", "lost-words"}
# Packages whose problems are about other things than a program's YAML files; their own tests show
# them.
OTHERS = ("people.", "handouts.", "compose.", "packets.", "edition.", "responses.")
FIXED = [case for case in cases() if case.is_fixed]


@cache
def find_problems(case: Case, fixed: bool = False) -> tuple[Problem, ...]:
    """Return the problems of the case, or those that are left after its fix."""
    with tempfile.TemporaryDirectory() as empty:
        return load_program(case.lay_out(Path(empty) / "program", fixed)).problems


def report(case: Case, fixed: bool = False) -> tuple[str, ...]:
    return tuple(str(problem) for problem in find_problems(case, fixed)) or (SILENT,)


def test_the_small_program_itself_is_in_order() -> None:
    assert [str(problem) for problem in load_program(PROGRAM).problems] == []
    assert len(cases()) > 200


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_the_message(case: Case, tmp_path: Path) -> None:
    assert report(case) == case.messages
    program = case.lay_out(tmp_path / "program")
    for problem in find_problems(case):
        lines = source_excerpt.lines_of(program / problem.span.file)
        marked = source_excerpt.marked(lines, problem.span, "ascii")
        assert all(line.isascii() and line.isprintable() and len(line) < 700 for line in marked)
        assert "^" in marked[1] if marked else problem.span.end_column == 1, "no place to show"


@pytest.mark.parametrize("case", FIXED, ids=lambda case: case.name)
def test_the_cure_cures(case: Case) -> None:
    assert case.messages != (SILENT,)
    assert report(case, fixed=True) == (SILENT,)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_a_case_is_in_the_file_of_its_first_problem(case: Case) -> None:
    problems = find_problems(case)
    assert case.code == (problems[0].code if problems else NO_CODE)


def test_every_row_of_the_catalogue_has_a_case_or_a_reason() -> None:
    readme = (PROBLEMS / "README.md").read_text(encoding="utf-8")
    rows = {row for case in cases() for row in re.findall(r"\((\w\d\d)\)$", case.title)}
    for letter, count in (("Y", 55), ("M", 17), ("C", 8)):
        for row in (f"{letter}{number:02d}" for number in range(1, count + 1)):
            assert row in rows or re.search(rf"\b{row}\b", readme), row


def test_every_code_has_a_file_and_a_case() -> None:
    """A new kind of problem needs tests/data/problems/CODE.md, with its meaning and a case that shows
    it."""
    assert sorted(code_files()) == sorted({*codes(), NO_CODE})
    assert [code for code, file in code_files().items() if not file.meaning] == []
    shown = {problem.code for case in cases() for problem in find_problems(case)}
    others = {
        code for code, made in codes().items() if all(m.startswith(OTHERS) for m in made.modules)
    }
    assert codes().keys() - others - ELSEWHERE - shown == set()


@dataclass
class Made:
    """Where a code comes from, as the source says."""

    modules: set[str] = field(default_factory=set)
    severities: set[str] = field(default_factory=set)


@cache
def codes() -> dict[str, Made]:
    """Every code that the package can give a problem, gathered from its source: no call may hide
    one."""
    trees = {
        path: ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(Path(mentorkit.__file__).parent.rglob("*.py"))
    }
    # Functions that are given a code, and which of their arguments it is; private ones count in
    # their own module.
    takers = {"Problem": 1, "warning": 1}
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
