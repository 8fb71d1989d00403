"""Texts that speak of what a cohort does not have are found, and no others."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from mentorkit.checks.left_out import AbsentThing, Search, name_parts
from mentorkit.checks.present_texts import PresentText
from mentorkit.checks.stale_references import (
    NUMBER_WORDS,
    find_hits,
    find_stale_references,
    is_ordinary,
)
from mentorkit.program.library import Library
from mentorkit.program.loader import derive_cohort_program
from mentorkit.program.schedule import scheduled
from mentorkit.source.nodes import Scalar
from mentorkit.source.problem import Problem, Span

from cohort_matrix import cohort_text, pairs, single_variants, with_own_case
from cohort_programs import NAME, compose_cohort, read_base, with_cohort

# A cohort that lacks two modules and several activities, and meets twice.
SMALL = """
meetings:
  - modules: [introduction, communication, expectations, equity]
  - modules: [self_efficacy, independence, development]
changes:
  statements: drop
  asking_for_feedback: drop
"""
LINKS = (
    "See [](#{name}) for more.",
    "As [these pages](#{name}) say, ask early.",
    "Go back to [](#{name__part}).",
    "Bring what you wrote in *[](#{name})* to the next meeting.",
)
TITLES = (
    "You will come back to “{title}” in the spring.",
    "Bring your notes from the session {title} with you.",
    "The activity *{title}* asks the same question.",
    "- {title}: what you can do",
    "{title}",
)
PLAIN_TITLES = ("Last month, {title} took us an hour.", "Whoever led {title} can say more.")
PEOPLE = (
    "Underline the line at which {person} stops.",
    "What would {person} have said to you?",
    "You read that {person} waited for an answer.",
    "{person}’s silence can be read in two ways.",
    "Give {person} one sentence to begin with.",
)
SHORT_NAMES = ("Look at {name} again.", "It comes from {name}.", "Use {name}, then stop.")
COUNTS = (
    "There are {number} sessions.",
    "The program has {number} meetings in all.",
    "Over {number} sessions you will write a plan.",
    "All {number} sessions begin on time.",
)
MODULE_COUNTS = ("The {number} skills of this program are yours.", "{Number} modules make it up.")
WORDS = NUMBER_WORDS.split()
INNOCENT = (
    "Independence grows when someone trusts you.",
    "Welcome back, and take a seat.",
    "Choose two skills that you want this year, and give each two meetings.",
    "In the first two sessions with a mentor, listen.",
    "Ask for three meetings a year.",
    "She wrote it under the heading of ethics.",
    "Lihua Wang, 2019, found the opposite.",
    "Write to name_of_person@example.org.",
)


@pytest.fixture(scope="module")
def base(program: Path) -> Library:
    return with_own_case(read_base(program))


@pytest.fixture(scope="module")
def search(base: Library) -> Search:
    return search_of(base, SMALL)


def search_of(base: Library, text: str) -> Search:
    library = with_cohort(base, text)
    program = derive_cohort_program(library, NAME)
    held, cohort = scheduled(program, program.cohorts[NAME].model)
    return Search(library, held, cohort)


def hits(search: Search, sentence: str) -> list[str]:
    scalar = Scalar(sentence, Span("sessions/a_session.yaml", 3, 5, 3, 5), "", sentence)
    text = PresentText("a_session", ("modules", "equity", "text"), scalar)
    return [hit.what for hit in find_hits(search, text)]


def stale(base: Library, text: str) -> list[Problem]:
    library = with_cohort(base, text)
    return find_stale_references(library, derive_cohort_program(library, NAME), NAME)


def planted(search: Search) -> Iterator[tuple[str, str]]:
    """Kind and text of sentences that are stale for the cohort, kind by kind."""
    gone = [each for each in search.left_out if each.kind != "case study"]
    for each, form in zip(gone * 6, itertools.cycle(LINKS), strict=False):
        yield "a", form.format(name=each.name, name__part=f"{each.name}__part")
    for each, form in itertools.product(gone, TITLES):
        for title in each.titles:
            if title in search.titles:
                yield "b", form.format(title=title)
    for title, form in itertools.product(search.titles, PLAIN_TITLES):
        if not is_ordinary(title):
            yield "b", form.format(title=title)
    for number, (person, form) in enumerate(itertools.product(search.people, PEOPLE)):
        if number % 2:
            yield "c", form.format(person=person)
    for name, form in zip(sorted(search.short_names), itertools.cycle(SHORT_NAMES), strict=False):
        yield "d", form.format(name=name)
    for form, number in itertools.product(COUNTS, range(3, 13)):
        if number != search.counts["meetings"]:
            yield "e", form.format(number=WORDS[number])
    for form, number in itertools.product(MODULE_COUNTS, range(5, 13)):
        if number not in (search.counts["modules"], search.counts["modules"] - 1):
            yield "e", form.format(number=WORDS[number], Number=WORDS[number].capitalize())


def test_planted_sentences_are_found(search: Search) -> None:
    sentences = list(planted(search))
    total, found = Counter(kind for kind, _ in sentences), Counter[str]()
    missed = []
    for kind, sentence in sentences:
        if hits(search, sentence):
            found[kind] += 1
        else:
            missed.append(sentence)
    assert total.total() >= 500 and min(total[kind] for kind in "abcde") >= 30, total
    for kind in "acde":
        assert found[kind] >= 0.98 * total[kind], (kind, found, total, missed)
    assert found["b"] >= 0.9 * total["b"], (found, total, missed)


@pytest.mark.parametrize("sentence", INNOCENT)
def test_ordinary_sentences_are_not(search: Search, sentence: str) -> None:
    assert hits(search, sentence) == []


def test_a_value_without_its_dates_is_found(base: Library) -> None:
    assert hits(search_of(base, "meetings: []\n"), "We begin on {{ first_date }}.")
    dated = "meetings:\n  - session: mentoring_up\n    date: 2027-02-03\n"
    assert not hits(search_of(base, dated), "We begin on {{ first_date }}.")


def test_numbers_of_sessions_are_stale_where_meetings_are_others(base: Library) -> None:
    assert hits(search_of(base, "format: two_half_days\nmeetings: []\n"), "As in Session 2.")
    assert not hits(search_of(base, "meetings: []\n"), "As in Session 2.")
    assert hits(search_of(base, "meetings: []\n"), "As in Session 9.")


def test_a_cohort_may_mention_what_it_names(base: Library) -> None:
    title = base.sessions["fairness_and_ethics"].model.modules["ethics"].title
    assert hits(search_of(base, SMALL), f"Bring “{title}” with you.")
    allowed = search_of(base, SMALL + "may_mention: [ethics]\n")
    assert not hits(allowed, f"Bring “{title}” with you.")


@pytest.mark.parametrize(
    ("person", "names"),
    [
        ("Ada Moreno, a postdoc", {"Ada", "Moreno", "Ada Moreno"}),
        ("Dr. Reyes", {"Reyes"}),
        ("Will Stone", {"Stone", "Will Stone"}),
        ("You, a mentor", set()),
        ("The narrator, a professor", set()),
    ],
)
def test_people_are_known_by_their_names_alone(person: str, names: set[str]) -> None:
    assert name_parts(person) == names


def test_a_problem_says_where_the_words_are(own_program: Path) -> None:
    path = own_program / "sessions" / "talking_and_agreeing.yaml"
    text = path.read_text("utf-8")
    old = next(line for line in text.splitlines() if line.startswith("    text: "))
    path.write_text(text.replace(old, "    text: We will use [](#ethics) here.", 1), "utf-8")
    found = stale(read_base(own_program), "meetings: []\nchanges:\n  ethics: drop\n")
    assert any(
        problem.span.file == "sessions/talking_and_agreeing.yaml" and problem.stops
        for problem in found
    )


def test_left_out_versions_of_a_case_are_known_by_their_people(search: Search) -> None:
    kinds = {each.kind for each in search.left_out}
    assert "case study" in kinds
    assert isinstance(search.left_out[0], AbsentThing)


def test_the_program_as_it_is_has_none(base: Library) -> None:
    assert stale(base, "meetings: []\n") == []


def test_clocks_sums_and_names_hold_in_every_cohort(base: Library, deep: bool) -> None:
    singles = single_variants(base)
    cohorts = [*((variant,) for variant in singles), *pairs(singles)]
    assert len(cohorts) >= 400
    for cohort in cohorts[:: 1 if deep else 60]:
        made = compose_cohort(base, cohort_text(cohort))
        assert not [problem for problem in made.problems if problem.stops], cohort
        for chapter in made.guide.chapters:
            at = 0
            for module in chapter.modules:
                assert module.minutes == sum(a.minutes for a in module.activities), cohort
                for activity in module.activities:
                    assert activity.start == at, (cohort, activity.name)
                    at += activity.minutes + activity.pause
            assert chapter.minutes == sum(module.minutes for module in chapter.modules), cohort
        anchors = made.workbook.anchors()
        assert len(anchors) == len(set(anchors)), cohort


def test_no_cohort_of_the_matrix_has_any(base: Library, deep: bool) -> None:
    """A text that needs a worksheet is reported where a cohort leaves the worksheet out."""
    singles = single_variants(base)
    cohorts = [*((variant,) for variant in singles), *pairs(singles)]
    for cohort in cohorts[:: 1 if deep else 60]:
        for problem in stale(base, cohort_text(cohort)):
            is_known = any(f'"{name}"' in problem.what for name in base.worksheets)
            assert is_known, (cohort, str(problem))
