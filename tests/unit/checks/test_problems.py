"""Every case in tests/data/problems: what is reported, and that following the message is the cure."""  # noqa: E501

from __future__ import annotations

import re
from pathlib import Path

import pytest
from mentorkit.checks.load import load_program
from mentorkit.commands import source_excerpt

from problem_cases import NO_CODE, PROBLEMS, PROGRAM, SILENT, Case, cases, code_files
from problem_codes import codes, find_problems

# Codes that no case can show: they need a link, a file too large to keep, or a fault that nobody
# knows how to make.
ELSEWHERE = {"outside", "too-large", "yaml", "unusable", "renamed", "lost-words"}
# Packages whose problems are about other things than a program's YAML files; their own tests show
# them.
OTHERS = ("people.", "handouts.", "compose.", "packets.", "edition.", "responses.")
FIXED = [case for case in cases() if case.is_fixed]


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
    """A new kind of problem needs tests/data/problems/CODE.md, with its meaning and a case that
    shows it.
    """
    assert sorted(code_files()) == sorted({*codes(), NO_CODE})
    assert [code for code, file in code_files().items() if not file.meaning] == []
    shown = {problem.code for case in cases() for problem in find_problems(case)}
    others = {
        code for code, made in codes().items() if all(m.startswith(OTHERS) for m in made.modules)
    }
    assert codes().keys() - others - ELSEWHERE - shown == set()
