"""Sections and their content: names of places, choices by key, kinds chosen by what is written."""

from __future__ import annotations

import typing
from collections import Counter
from dataclasses import fields

import pytest
from mentorkit.compose.blocks import Blocks, gallery_of, group_signatures, term_list_of
from mentorkit.compose.placeholders import Filler
from mentorkit.compose.tables import Setting
from mentorkit.edition import content
from mentorkit.edition.content import Role
from mentorkit.edition.field import Choice, Kind, Place
from mentorkit.edition.field_names import keys_from_words
from mentorkit.edition.section import Section
from mentorkit.model.block import PlainBlock
from mentorkit.render.print.macros import macro_of
from mentorkit.render.text.lines import content_lines, section_lines
from mentorkit.responses.register import names_of_today

import sample_edition

KINDS = [kind for kind in typing.get_args(content.Content) if isinstance(kind, type)]
OWN_ROWS = {"columns": {"why": "Why?"}, "own_rows": 1}


def compose(written: dict[str, object]) -> Section:
    """Return the section of a worksheet that is written so."""
    block = PlainBlock.model_validate(written)
    return Blocks(Filler({}, {}), {}).section(
        block, Role.WORKSHEET, "sheet", "sheet", Setting("sheet", ("Sheet",), 1)
    )


def places(section: Section) -> list[Place]:
    return [place for part in section.sections() for place in part.places()]


def contents(section: Section) -> list[content.Content]:
    """Return the content of a section and of those inside it."""
    return [i for part in section.sections() for i in part.content if not isinstance(i, Section)]


def test_every_kind_of_content_is_in_the_sample_or_made_below() -> None:
    seen = {type(item) for s in sample_edition.edition().top_sections() for item in contents(s)}
    assert set(KINDS) - seen == {content.TermList, content.Gallery, content.Figure}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.__name__))
def test_print_and_text_have_an_arm_for_every_kind(kind: type) -> None:
    """mypy proves it of each `match`; this runs the arms."""
    items = [
        item
        for section in sample_edition.edition().top_sections()
        for item in contents(section)
        if isinstance(item, kind)
    ]
    empty = [kind(*[()] * len(fields(kind)))] if not items else []
    for item in (*items, *empty):
        assert macro_of(item)
        list(content_lines(item, ""))


def test_rows_that_readers_add_are_named_after_the_part_of_their_table() -> None:
    part = {"title": "A part", "table": OWN_ROWS}
    found = places(
        compose({"table": OWN_ROWS, "parts": {"one": part, "two": part | {"title": "B"}}})
    )
    assert [(place.name, place.old_name) for place in found] == [
        ("sheet__own1__text", ""),
        ("sheet__own1__why", ""),
        ("sheet__one_own1__text", "sheet__own1__text"),
        ("sheet__one_own1__why", "sheet__own1__why"),
        ("sheet__two_own1__text", "sheet__own1__text"),
        ("sheet__two_own1__why", "sheet__own1__why"),
    ]
    assert max(Counter(place.label for place in found).values()) == 1


def test_choices_have_the_keys_that_are_written_or_keys_made_from_their_words() -> None:
    asked = {"ask": "Which?", "kind": "choice"}
    listed = asked | {"choices": ["My mentor", "A peer", "Łódź", "a peer!", "中文"]}
    keyed = asked | {"choices": {"boss": "My mentor", "peer": "A peer"}}
    one, two = places(compose({"questions": {"one": listed, "two": keyed}}))
    assert one.options == ("my_mentor", "a_peer", "odz", "a_peer_2", "choice")
    assert two.choices == (Choice("boss", "My mentor"), Choice("peer", "A peer"))
    assert two.key_of("A peer") == two.key_of("peer") == "peer"
    assert two.key_of("something else") == "something else"
    assert two.words_of("boss") == "My mentor"


def test_the_points_of_a_scale_are_their_own_keys() -> None:
    place = Place("a", "A", Kind.SCALE, points=3)
    assert place.options == ("1", "2", "3") and place.key_of("2") == place.words_of("2") == "2"


def test_keys_are_short_and_each_once() -> None:
    keys = list(keys_from_words(["a" * 99, "a" * 99, "Same", "same"]))
    assert len(set(keys)) == 4 and all(len(key) <= 42 for key in keys)


def test_a_line_of_text_and_the_date_after_it_are_a_signature_line() -> None:
    def question(name: str, kind: Kind, lines: int = 1) -> content.Question:
        return content.Question(0, name, "", Place(name, name, kind, lines))

    made = group_signatures(
        [
            question("why", Kind.TEXT, 3),
            question("name", Kind.TEXT),
            question("date", Kind.DATE),
            question("until", Kind.DATE),
        ]
    )
    assert [type(item) for item in made] == [
        content.QuestionList,
        content.SignatureLine,
        content.QuestionList,
    ]


def test_many_short_parts_are_terms_and_many_pictures_are_a_gallery() -> None:
    def part(number: int, *items: content.Content) -> Section:
        anchor = f"part{number}"
        return Section(role=Role.PART, name=anchor, anchor=anchor, title="A", content=items)

    text, figure = content.Prose("What it means."), content.Figure("a.svg", "A door", "")
    words = [part(number, text) for number in range(6)]
    pictures = [part(number, text, figure) for number in range(4)]
    assert isinstance(term_list_of(words)[0], content.TermList) and not gallery_of(words)
    assert isinstance(gallery_of(pictures)[0], content.Gallery) and not term_list_of(pictures)
    assert not term_list_of(words[:5]) and not gallery_of(pictures[:3])


def test_the_text_of_a_section_holds_all_its_words() -> None:
    for section in sample_edition.edition().top_sections():
        lines = "\n".join(section_lines(section))
        for place in places(section):
            assert place.name in lines and place.label in lines


def test_an_old_name_is_read_where_it_says_which_place_is_meant() -> None:
    two = (
        Place("s__one_own1", "A", old_name="s__own1"),
        Place("s__two_own1", "B", old_name="s__own1"),
    )
    assert names_of_today(two[:1]) == {"s__own1": "s__one_own1"}
    assert names_of_today(two) == {} == names_of_today((*two[:1], Place("s__own1", "C")))
