"""Names and labels of places: made from short names, and sensible when read aloud."""

from __future__ import annotations

import pytest
from mentorkit.edition.field_names import field_name, label, speakable


def test_a_name_is_made_of_short_names() -> None:
    assert field_name("roles", "methods", "need") == "roles__methods__need"
    assert field_name("first_day__before", "helper") == "first_day__before__helper"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("**What** did *they* hope?", "What did they hope?"),
        ("See [the rules](https://example.org), please.", "See the rules, please."),
        ("First.\n\nSecond.", "First."),
        ("Two\nlines", "Two lines"),
        ("# Heading", "Heading"),
        ("snake_case stays", "snake_case stays"),
        ("`code` > x", "code x"),
        ("", ""),
    ],
)
def test_a_text_is_said_without_its_marks(text: str, said: str) -> None:
    assert speakable(text) == said


def test_a_label_goes_from_the_home_down_to_the_column() -> None:
    assert label(
        "A look at four parts of life",
        "Home and family",
        last="Satisfaction",
        scale="1 (not at all) to 10 (fully)",
    ) == (
        "A look at four parts of life, Home and family: Satisfaction, 1 (not at all) to 10 (fully)"
    )
    assert label("SMART goals", "Goal 2", last="Measurable") == "SMART goals, Goal 2: Measurable"
    assert label("Roles", "", last="") == "Roles"
    assert label(last="What?") == "What?"
    assert label("The last line:", last="What?") == "The last line: What?"
