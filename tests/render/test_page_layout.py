"""How pages are filled: columns, rows of questions, widths of tables, stretched answers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from mentorkit.edition.content import (
    Column,
    FieldTable,
    Given,
    Group,
    Prose,
    Question,
    Role,
    Row,
    Step,
    Steps,
)
from mentorkit.edition.field import Kind, Place
from mentorkit.edition.section import Section
from mentorkit.pdf.elastic import Answer, share_lines
from mentorkit.pdf.typeset import lay_out
from mentorkit.render.print.arrangement import (
    arrange,
    least_lines,
    question_rows,
    text_html,
)
from mentorkit.render.print.column_widths import column_percents


def question(lines: int = 2, kind: Kind = Kind.TEXT, text: str = "What helps?") -> Question:
    return Question(1, text, "", Place("q", "q", kind, lines))


def part(text: str) -> Section:
    return Section(role=Role.PART, name="p", anchor="p", title="P", content=(Prose(text),))


def section(*content: Prose | Steps | Section) -> Section:
    return Section(role=Role.ACTIVITY, name="a", anchor="a", title="A", content=content)


# ---- columns and rows


def test_a_text_stands_beside_its_steps_where_that_takes_fewer_lines() -> None:
    brief = Steps(tuple(Step(name, "word " * 5) for name in "abcd"))
    assert [g.form for g in arrange(section(Prose("word " * 60), brief), False)] == ["beside"]
    long = Steps((Step("one", "word " * 30),))
    assert [g.form for g in arrange(section(Prose("word"), long), False)] == ["one", "one"]


def test_parts_that_hold_words_alone_share_two_columns_where_they_are_long() -> None:
    long, short = part("word " * 100), part("word")
    assert [group.form for group in arrange(section(long, long), False)] == ["columns"]
    assert [group.form for group in arrange(section(short, short), False)] == ["one", "one"]


def test_large_print_has_one_column_and_no_questions_abreast() -> None:
    long = part("word " * 100)
    assert {group.form for group in arrange(section(long, long), True)} == {"one"}
    assert [row.form for row in question_rows([question(), question()], True)] == ["one", "one"]


def test_two_short_questions_stand_abreast_and_a_long_one_alone() -> None:
    rows = list(question_rows([question(), question(), question(5), question()], False))
    assert [(row.form, len(row.questions)) for row in rows] == [
        ("abreast", 2),
        ("one", 1),
        ("one", 1),
    ]


def test_a_date_stands_beside_the_box_to_tick_after_it() -> None:
    rows = list(question_rows([question(1, Kind.DATE), question(1, Kind.TICK)], False))
    assert [row.form for row in rows] == ["date-tick"]


def test_short_items_of_a_list_stand_in_two_columns() -> None:
    assert '<ul class="short">' in text_html("\n".join(["- brief"] * 4))
    assert '<ul class="short">' not in text_html("\n".join(["- brief"] * 3))
    assert '<ul class="short">' not in text_html("\n".join(["- " + "long " * 12] * 4))


# ---- widths


def table(*columns: Column, texts: tuple[str, ...]) -> FieldTable:
    cells = tuple(
        Given(text) if column.kind is None else Place("p", "p", column.kind)
        for column, text in zip(columns, texts, strict=True)
    )
    rows = (Row(name="r", text="A row", cells=cells),)
    return FieldTable("", columns, (Group("", "", "", rows),))


def test_a_column_is_as_wide_as_its_words_need() -> None:
    brief = Column(name="a", title="A", kind=None)
    long = Column(name="b", title="B", kind=None)
    _, narrow, wide = column_percents(table(brief, long, texts=("few words", "many words " * 12)))
    assert wide > 2 * narrow


def test_ticks_dates_and_scales_have_one_width_and_writing_takes_the_rest() -> None:
    tick = Column(name="t", title="T", kind=Kind.TICK)
    write = Column(name="w", title="W")
    first, ticks, writing = column_percents(table(tick, write, texts=("", "")))
    assert ticks == 13 and writing > 5 * first
    assert first + ticks + writing == pytest.approx(100, abs=2)


# ---- stretched answers


def answer(lines: int, expected: int) -> Answer:
    return Answer(paths=[], start=lines, lines=lines, expected=expected)


@pytest.mark.parametrize(("expected", "least"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (10, 6)])
def test_an_answer_begins_with_three_fifths_of_its_lines(expected: int, least: int) -> None:
    assert least_lines(expected) == least


def test_answers_below_what_their_author_expects_grow_first() -> None:
    short, full = answer(3, 5), answer(2, 2)
    assert share_lines([short, full], 2) == 2
    assert (short.lines, full.lines) == (5, 2)


def test_no_answer_grows_by_more_than_three_lines_beyond_what_is_expected() -> None:
    alone = answer(2, 2)
    assert share_lines([alone], 10) == 3 and alone.lines == 5


FORM = """<html lang="en"><head><title>t</title><style>
@page {{ size: 100mm 100mm; margin: 10mm }}
html {{ font: 10pt/12pt "MK Base" }}
body, form, p, div {{ margin: 0 }}
textarea {{ display: block; width: 100%; height: 20mm; border: 0; padding: 0 }}
</style></head><body><form><div class="question"><p>Ask</p>
<textarea class="field lines-2" data-lines="{expected}" name="a" title="a"></textarea></div>
<p id="below">Below</p></form></body></html>"""


def test_the_rest_of_a_page_goes_to_its_answer_and_what_is_below_moves_down() -> None:
    plain, filled = (
        lay_out(FORM.format(expected=6), Path(), True, pitch_mm=pitch) for pitch in (None, 10.0)
    )
    assert plain.count == filled.count == 1
    heights = [heights_of(laid.pdf) for laid in (plain, filled)]
    # 80 mm hold the ask, two lines of text and the answer: five more lines of 10 mm fit.
    assert heights == [[pytest.approx(20, abs=0.1)], [pytest.approx(70, abs=0.1)]]


def heights_of(pdf: bytes) -> list[float]:
    """Return the heights of all widgets in millimeters."""
    rectangles = re.findall(rb"/Rect \[([-\d.]+) ([-\d.]+) ([-\d.]+) ([-\d.]+)\]", pdf)
    return [abs(float(top) - float(bottom)) * 25.4 / 72 for _, bottom, _, top in rectangles]
