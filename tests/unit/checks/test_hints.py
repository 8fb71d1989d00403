"""Where a hint says what to type, a machine that does just that, and knows nothing else, gets a
program that loads without a word."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from mentorkit.checks.load import load_program
from mentorkit.source.problem import Problem

from problem_cases import Case, cases, lay_out
from problem_codes import find_problems

# A line as the author wrote it, the problem, and what the hint says: the line as it is to be, or
# None where it goes.
Hand = Callable[[str, Problem, str], str | None]


def in_the_spot(line: str, problem: Problem, words: str) -> str:
    """`words` in place of the spot."""
    return line[: problem.span.column - 1] + words + line[problem.span.end_column - 1 :]


def quoted(line: str, _problem: Problem, words: str) -> str:
    """`words` in place of the same words without quotes, which may be curly ones."""
    bare = words[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    return next(line.replace(form, words, 1) for form in (f"“{bare}”", bare) if form in line)


def from_its_first_word(line: str, _problem: Problem, words: str) -> str:
    """`words` to the end of the line, from where its first word of the same kind stands."""
    before = re.match(r"\s*" if words.startswith("- ") else r"\s*(?:- )*", line)
    bare = before[0] if before else ""
    return bare + words


HANDS: tuple[tuple[str, Hand], ...] = (
    (r'put the (?:text|whole item) in double quotes: (".*[^…]")', quoted),
    (
        r'did you mean "(.+)"\?|type it again: (.+)|rather: (.+)|write (yes|no|\d+)(?: or less)?',
        in_the_spot,
    ),
    (r"there is \"(.+)\"; capital letters count", in_the_spot),
    (r"write: ((?:- |[A-Za-z_]\w*: ).*)", from_its_first_word),
    (r"write: (.+)", in_the_spot),
    (
        r"delete it(?:; it comes from .*)?|replace it by an ordinary space; .*",
        lambda line, problem, _words: in_the_spot(
            line, problem, " " if problem.code == "odd-space" else ""
        ),
    ),
    (r"delete (?:this|that|the) line(?: minutes)?", lambda _line, _problem, _words: None),
    (
        r'use a hyphen and a space: "- "',
        lambda line, problem, _words: (
            line[: problem.span.column - 1] + "-" + line[problem.span.column :]
        ),
    ),
)


def hand_for(problem: Problem) -> tuple[Hand, str] | None:
    """What the hint asks for, and the words that it gives.

    None where a person has to find the words.
    """
    for pattern, hand in HANDS:
        if (match := re.fullmatch(pattern, problem.hint)) and problem.span.end_column > 1:
            return hand, next((group for group in match.groups() if group), "")
    return None


# Here the words are right, and leave something to do that only a person can: a bomb is no text, and
# a group may not be left empty.
NOT_ALONE = {
    "Alias bomb (Y48)",
    "Merge key (Y48)",
    "Change return",
    "Change curriculum dropped",
}
PASSES = 3  # as a person would: do what is said, look again


def is_literal(case: Case) -> bool:
    """Return whether the hints of a case say what to type, in one file."""
    problems = find_problems(case)
    files = {problem.span.file for problem in problems}
    return case.title not in NOT_ALONE and len(files) == 1 and all(map(hand_for, problems))


LITERAL = [case for case in cases() if is_literal(case)]


def test_many_hints_can_be_followed_without_a_thought() -> None:
    assert len(LITERAL) > 60


@pytest.mark.parametrize("case", LITERAL, ids=lambda case: case.name)
def test_a_hint_followed_to_the_letter_is_the_cure(case: Case, tmp_path: Path) -> None:
    program = lay_out(tmp_path / "program", case.files)
    problems = find_problems(case)
    file = program / problems[0].span.file
    for _ in range(PASSES):
        lines: list[str | None] = list(file.read_text(encoding="utf-8").split("\n"))
        for problem in sorted(problems, key=lambda problem: problem.span, reverse=True):
            hand, words = hand_for(problem) or pytest.fail(f"not to the letter: {problem}")
            lines[problem.span.line - 1] = hand(lines[problem.span.line - 1] or "", problem, words)
        file.write_text("\n".join(line for line in lines if line is not None), encoding="utf-8")
        problems = tuple(
            problem for problem in load_program(program).problems if problem.code != "unused"
        )
        if not problems:
            return
    assert [str(problem) for problem in problems] == []
