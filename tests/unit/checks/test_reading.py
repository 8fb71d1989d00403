"""How hard a text is to read: syllables, sentences, grades; and that our own texts are easy enough."""  # noqa: E501

from __future__ import annotations

import re
from pathlib import Path

import pytest
from mentorkit.checks import style
from mentorkit.checks.load import load_program
from mentorkit.checks.readability import measure, sentences, syllables


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "the one are use year hear clear stage named"),
        (2, "being very people table people’s wanted watches mentor homework useful something"),
        (3, "mentoring area idea somebody"),
        (4, "responsible society evaluate"),
        (5, "university organization"),
    ],
)
def test_syllables(number: int, words: str) -> None:
    assert {word: syllables(word) for word in words.split()} == dict.fromkeys(words.split(), number)


def test_a_sentence_ends_at_its_stop_at_a_list_s_entry_and_at_a_paragraph() -> None:
    text = (
        "One [here](https://example.org/a.b.c?d=e). “Two!” she said. Three, i.e. still "
        "three\n\nFour\n\n- five\n- six\n\n# Seven\n\n{{ name }} is eight."
    )
    assert [re.sub(r"\W+", " ", sentence).strip() for sentence in sentences(text)] == [
        "One here",
        "Two she said",
        "Three i e still three",
        "Four",
        "five",
        "six",
        "Seven",
        "name is eight",
    ]


def test_the_grade_is_flesch_and_kincaid_s() -> None:
    words, grade = measure(["The cat sat on the mat.", "It saw a dog."])
    assert (words, round(grade, 2)) == (10, round(0.39 * 5 + 11.8 * 1 - 15.59, 2))
    assert measure([""]) == (0, pytest.approx(-15.59))


def test_what_is_shipped_is_told_nothing_of_style_or_of_anything_else(program: Path) -> None:
    assert [str(problem) for problem in load_program(program).problems] == []


def test_the_list_of_words_holds_no_word_twice_and_its_cures_are_cures() -> None:
    listed = [word for words in style.WORDS.values() for word in words]
    assert len(listed) == len(set(listed)) > 60
    for words in style.WORDS.values():
        for word, better in words.items():
            assert (
                word == word.lower()
                and better
                and word.count("*") <= 1
                and better.count("*") == word.count("*")
            ), word
            assert better not in listed, word
