"""What people may write: few kinds of element, each key with a sentence, and nothing that
contradicts itself."""

from __future__ import annotations

import typing

import pytest
from mentorkit.model.block import Block, Column, Facilitator, PlainBlock, Question, Row
from mentorkit.model.cohort import Cohort
from mentorkit.model.keys import KEYS
from mentorkit.model.program import Activity, CaseStudy, Curriculum, Page, Session, Worksheet
from mentorkit.model.types import KIT_WORDS, Written, propose_name
from pydantic import BaseModel, ValidationError

FILES = (Curriculum, Session, CaseStudy, Worksheet, Page, Cohort)
# Kinds that are one thing to a writer: a block with or without notes, a block before a session, a
# question's and a column's place,
# a way and what is heard inside `facilitator`, and a break.
SAME = {"PlainBlock", "Before", "KindOfPlace", "Way", "Heard", "Break"}


def models(kind: type[BaseModel] = Written) -> list[type[BaseModel]]:
    return [each for below in kind.__subclasses__() for each in (below, *models(below))]


def test_there_are_about_twenty_kinds_of_element() -> None:
    elements = (
        {model.__name__ for model in models() if model.__module__.startswith("mentorkit.")}
        - {model.__name__ for model in FILES}
        - SAME
    )
    assert len(elements) <= 22, sorted(elements)
    assert {"Activity", "Module", "Question", "Table", "Facilitator"} <= elements


def test_an_activity_has_no_kind() -> None:
    assert "kind" not in Activity.model_fields and "type" not in KEYS


@pytest.mark.parametrize(
    "model",
    [model for model in models() if model.__module__.startswith("mentorkit.")],
    ids=lambda model: model.__name__,
)
def test_every_kind_and_every_key_says_what_it_is(model: type[BaseModel]) -> None:
    assert model.__doc__
    for name, field in model.model_fields.items():
        said = field.description or next(
            (
                base.model_fields[name].description
                for base in model.__mro__[1:]
                if issubclass(base, BaseModel) and name in base.model_fields
            ),
            None,
        )
        assert said or name == "facilitator", f"{model.__name__}.{name}"


def test_everything_is_frozen_and_refuses_unknown_keys() -> None:
    for model in models():
        assert model.model_config["frozen"] and model.model_config["extra"] == "forbid"


def test_facilitators_text_stands_under_one_key_alone() -> None:
    """Of the keys inside `facilitator` only `ask` is known outside, and `text`, `title`, `parts`
    are not known inside: a line that slips out is refused."""
    inside = set(Facilitator.model_fields)
    public = {
        key
        for model in (Block, Activity, Question, Column, Row, CaseStudy, Page, Session)
        for key in model.model_fields
    }
    assert inside & public == {"ask"}
    assert not inside & {"text", "title", "parts"}
    assert inside - {"ask"} <= KIT_WORDS, "nor can one of them become a short name"


def test_facilitator_can_be_written_wherever_something_is_led() -> None:
    for name in (
        "Curriculum",
        "Session",
        "Module",
        "Activity",
        "Step",
        "CaseStudy",
        "Question",
        "Block",
        "Worksheet",
        "Page",
        "Cohort",
    ):
        model = next(model for model in models() if model.__name__ == name)
        assert typing.get_args(model.model_fields["facilitator"].annotation)[0] is Facilitator
    assert "facilitator" not in PlainBlock.model_fields, (
        "what is inside a chapter of the guide is for facilitators already"
    )


def test_a_single_text_is_short_for_a_group() -> None:
    page = Page.model_validate(
        {
            "title": "A",
            "rights": "own",
            "questions": {"hope": "What?"},
            "links": {"one": "A book"},
            "parts": {"first": "A text"},
        }
    )
    assert (page.questions["hope"].ask, page.links["one"].title, page.parts["first"].text) == (
        "What?",
        "A book",
        "A text",
    )


def test_the_same_whether_written_short_or_long() -> None:
    short, long = (
        {"title": "A", "rights": "own", "questions": {"hope": question}}
        for question in ("What?", {"ask": "What?"})
    )
    assert Page.model_validate(short) == Page.model_validate(long)


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"ask": "x", "kind": "scale"}, "kind_needs"),
        ({"ask": "x", "kind": "choice"}, "kind_needs"),
        ({"ask": "x", "kind": "tick", "points": "6"}, "kind_not"),
        ({"ask": "x", "kind": "date", "lines": "2"}, "kind_not"),
        ({"ask": "x", "total": "100"}, "kind_not"),
        ({"ask": "x", "lines": "13"}, "less_than_equal"),
        ({}, "missing"),
    ],
)
def test_a_place_that_contradicts_itself_is_refused(given: dict[str, str], fault: str) -> None:
    with pytest.raises(ValidationError) as found:
        Question.model_validate(given)
    assert [error["type"] for error in found.value.errors()] == [fault]


@pytest.mark.parametrize(
    "name",
    [
        "Hope",
        "1st",
        "a__b",
        "a_",
        "_a",
        "a-b",
        "a.b",
        "ä",
        "x" * 31,
        "title",
        "say",
        "yes",
        "drop",
        "facilitator",
        "",
    ],
)
def test_what_cannot_be_a_short_name(name: str) -> None:
    with pytest.raises(ValidationError):
        Page.model_validate({"title": "A", "rights": "own", "questions": {name: "What?"}})


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Being alone", "being_alone"),
        ("  What, now?! ", "what_now"),
        ("1st goal", "st_goal"),
        ("x" * 40, "x" * 30),
        ("???", "a_name"),
        ("Über-Ich", "ber_ich"),
    ],
)
def test_a_name_is_proposed_that_may_be_used(text: str, name: str) -> None:
    assert propose_name(text) == name
    Page.model_validate({"title": "A", "rights": "own", "questions": {name: "What?"}})
