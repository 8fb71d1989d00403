"""Whatever people do to a YAML file, they are told what is wrong and where, and nothing is lost or
shown to the wrong reader."""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass

import pytest

from mutants import MOVES, Mutant, Shipped, Taken, mutants, shipped, take

SEED = 20270203
MOVING = {change.__name__ for change in MOVES}


@dataclass(frozen=True)
class Result:
    mutant: Mutant
    taken: Taken


@pytest.fixture(scope="module")
def results(deep: bool) -> list[Result]:
    """The mutants, each read once.

    An exception here is a failure of its own: a slip must never raise.
    """
    print(f"seed {SEED}")
    return [
        Result(mutant, take(mutant.data, mutant.of.name, mutant.of.model))
        for mutant in mutants(SEED, 20_000 if deep else 2_000)
    ]


def test_the_shipped_files_are_read_without_a_word() -> None:
    names = [file.name for file in shipped()]
    assert len(names) > 30 and len({file.model for file in shipped()}) == 6
    assert [
        str(problem)
        for file in shipped()
        for problem in take(file.data, file.name, file.model).problems
    ] == []


def test_the_mutants_are_many_and_most_are_refused(results: list[Result]) -> None:
    """Else the tests below would prove little."""
    assert len({result.mutant.how for result in results}) == 12
    assert len({result.mutant.of.name for result in results}) > 30
    refused = sum(any(problem.stops for problem in result.taken.problems) for result in results)
    assert len(results) * 0.35 < refused < len(results) * 0.95
    assert len({problem.code for result in results for problem in result.taken.problems}) >= 20


def test_every_problem_has_a_place_inside_its_file_and_plain_words(results: list[Result]) -> None:
    for result in results:
        lines = result.taken.text.split("\n")
        for problem in result.taken.problems:
            at = problem.span
            assert at.file == result.mutant.of.name
            assert 1 <= at.line <= len(lines), (result.mutant, str(problem))
            assert 1 <= at.column <= len(lines[at.line - 1]) + 1, (
                result.mutant,
                str(problem),
                lines[at.line - 1],
            )
            assert problem.what and "\n" not in str(problem)
            assert not re.search(
                r"\b(str|dict|tuple|NoneType|pydantic|mapping|scalar|token|None|True|False)\b",
                re.sub(r"[\"“].*?[\"”]", "", problem.what),
            ), str(problem)


def test_hardly_any_message_is_the_last_resort(results: list[Result]) -> None:
    codes = Counter(problem.code for result in results for problem in result.taken.problems)
    assert codes["yaml"] <= codes.total() * 0.005
    assert (
        sum(not problem.hint for result in results for problem in result.taken.problems)
        <= codes.total() * 0.005
    )


def test_what_loads_in_silence_has_lost_no_word(results: list[Result]) -> None:
    """Each word of the source, but for comments on lines of their own, is in the data, as often as
    it was written."""
    silent = [result for result in results if not result.taken.problems]
    assert len(silent) > len(results) / 20
    for result in silent:
        lost = words(result.taken.text) - result.taken.words
        assert not lost, (result.mutant.of.name, result.mutant.number, result.mutant.how, lost)


def test_no_slip_makes_a_facilitators_words_public(results: list[Result]) -> None:
    secrets = {file.name: secret_runs(file) for file in shipped()}
    assert sum(map(len, secrets.values())) > 10_000
    looked = 0
    for result in results:
        if result.mutant.how not in MOVING and not any(
            problem.stops for problem in result.taken.problems
        ):
            looked += 1
            leaked = result.taken.runs(for_facilitators=False) & secrets[result.mutant.of.name]
            assert not leaked, (
                result.mutant.of.name,
                result.mutant.number,
                result.mutant.how,
                sorted(leaked)[:3],
            )
    assert looked > len(results) / 10


def test_the_leak_test_would_see_a_leak() -> None:
    """The same runs, looked for in a file whose notes were moved to where everybody reads."""
    seen = 0
    for file in shipped():
        if secrets := secret_runs(file):
            opened = take(
                re.sub(r"\bfacilitator:", "spoiled:", file.text).encode(), file.name, file.model
            )
            assert opened.problems and secrets <= opened.runs(for_facilitators=False)
            seen += 1
    assert seen > 20


def words(text: str) -> Counter[str]:
    lines = (line for line in text.split("\n") if not line.lstrip().startswith("#"))
    return Counter(word for line in lines for word in re.findall(r"\w+", line))


def secret_runs(file: Shipped) -> set[tuple[str, ...]]:
    """The runs of five words that stand under `facilitator` and nowhere else in the file."""
    taken = take(file.data, file.name, file.model)
    return taken.runs(for_facilitators=True) - taken.runs(for_facilitators=False)


# ---- one fault in a real file, at a line we know

KEY_AND_TEXT = re.compile(r"^( *)([a-z][a-z0-9_]*): ([A-Za-z][^:#\"']{8,})$")
FAULTS = {
    "a tab": lambda indent, key, text: f"{indent}\t{key}: {text}",
    "a second colon": lambda indent, key, text: f"{indent}{key}: One thing: {text}",
    "a hash": lambda indent, key, text: f"{indent}{key}: {text} #1",
    "a star": lambda indent, key, text: f"{indent}{key}: *{text}*",
    "an at sign": lambda indent, key, text: f"{indent}{key}: @{text}",
    "an open quote": lambda indent, key, text: f'{indent}{key}: "{text}',
    "an open apostrophe": lambda indent, key, text: f"{indent}{key}: '{text}",
    "an open bracket": lambda indent, key, text: f"{indent}{key}: [{text}",
    "text after a quote": lambda indent, key, text: f'{indent}{key}: "{text[:4]}" {text[4:]}',
    "no space": lambda indent, key, text: f"{indent}{key}:{text}",
    "no colon": lambda indent, key, text: f"{indent}{key} {text}",
    "one space too many": lambda indent, key, text: f"{indent} {key}: {text}",
    "text after a bar": lambda indent, key, text: f"{indent}{key}: | {text}",
    "the line twice": lambda indent, key, text: f"{indent}{key}: {text}\n{indent}{key}: {text}",
    "a curly quote as a quote": lambda indent, key, text: f"{indent}{key}: “One: {text}”",
    "a hidden sign": lambda indent, key, text: f"{indent}{key}: {text[:3]}\u202e{text[3:]}",
    "a capital letter": lambda indent, key, text: f"{indent}{key.title()}: {text}",
}


def test_a_single_fault_is_found_at_its_line() -> None:
    """At least 97 of 100 are told at their line or beside it.

    An open quote at the line where it opens.
    """
    chance = random.Random(SEED)
    near: list[bool] = []
    far: list[str] = []
    for what, spoil in FAULTS.items():
        for file in chance.sample(list(shipped()), 12):
            lines = file.text.split("\n")
            places = [
                (number, found)
                for number, line in enumerate(lines)
                if (found := KEY_AND_TEXT.match(line)) and not _inside_text(lines, number)
            ]
            if not places:
                continue
            number, found = chance.choice(places)
            spoiled = "\n".join(
                [*lines[:number], spoil(found[1], found[2], found[3]), *lines[number + 1 :]]
            )
            problems = sorted(take(spoiled.encode(), file.name, file.model).problems)
            first = problems[0].span.line if problems else 0
            near.append(bool(problems) and abs(first - (number + 1)) <= 1)
            if not near[-1]:
                far.append(f"{what} at {file.name}:{number + 1}: {[str(p) for p in problems[:2]]}")
    assert len(near) >= 98
    assert sum(near) >= 0.97 * len(near), "\n".join(far)


def _inside_text(lines: list[str], number: int) -> bool:
    """True for a line of a text after | that only looks like a key."""
    indent = len(lines[number]) - len(lines[number].lstrip())
    for line in reversed(lines[:number]):
        if line.strip() and len(line) - len(line.lstrip()) < indent:
            return line.rstrip().endswith(("|", ">", "|-", ">-"))
    return False
