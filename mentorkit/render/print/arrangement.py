"""How the content of a section stands on the page: in one column, in two, or side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from mentorkit.edition.content import (
    Content,
    CreditLine,
    CrossReferences,
    LinkList,
    Notice,
    Prose,
    Question,
    Steps,
    TermList,
)
from mentorkit.edition.field import Kind
from mentorkit.edition.markdown import plain, to_html
from mentorkit.edition.section import Section

# A longer text is easier to read in two columns. Below that, balancing them gains nothing.
LONG_TEXT = 700
# Shorter list items stand two abreast, where there are four or more.
SHORT_LIST = re.compile(r"<ul>\n((?:<li>[^<]{1,46}</li>\n){4,})</ul>")
# Two questions of fewer characters, with at most this many lines to write on, stand abreast.
SHORT_QUESTION, SHORT_ANSWER = 150, 2
# Characters that fit a line: of single-column prose, of steps, of an ask or a text in half the
# measure, and of steps there. The sign of how people work takes as much room as so many.
READING_LINE, STEP_LINE, HALF_LINE, HALF_STEP, STEP_SIGN = 84, 108, 50, 43, 14
# Parts that hold words alone share two columns from this length on, where there are three or more.
LONG_RUN, LONG_RUN_PARTS = 330, 3
WORD_KINDS = (Prose, LinkList, CrossReferences, TermList, Notice, CreditLine)


@dataclass(frozen=True)
class Arranged:
    """Content that stands together.

    `form` is one, columns (of words alone) or beside (two halves).
    """

    form: str
    items: tuple[Content | Section, ...]


@dataclass(frozen=True)
class QuestionRow:
    """One question, or two in a row: `form` is one, abreast or date-tick.

    `ask_lines` is how many lines the longer ask takes, so that both answers begin at one height.
    """

    form: str
    questions: tuple[Question, ...]
    ask_lines: int = 1


def arrange(section: Section, is_large: bool) -> list[Arranged]:
    """Return the content of a section in groups, in reading order; one by one in large print."""
    content = section.content
    if is_large:
        return [Arranged("one", (item,)) for item in content]
    groups: list[Arranged] = []
    index = 0
    while index < len(content):
        item = content[index]
        after = content[index + 1] if index + 1 < len(content) else None
        if isinstance(item, Prose) and isinstance(after, Steps) and _fit_side_by_side(item, after):
            groups.append(Arranged("beside", (item, after)))
            index += 2
            continue
        run = _run_of_words(content[index:])
        least = LONG_RUN if len(run) >= LONG_RUN_PARTS else LONG_TEXT
        if run and sum(map(_length, run)) > least:
            groups.append(Arranged("columns", run))
            index += len(run)
            continue
        groups.append(Arranged("one", (item,)))
        index += 1
    return groups


def _fit_side_by_side(prose: Prose, steps: Steps) -> bool:
    """Return whether a text and the steps after it take fewer lines in halves than one by one."""
    said = len(plain(prose.text))
    done = [len(plain(step.do)) + STEP_SIGN for step in steps.steps]
    if said > LONG_TEXT:
        return False
    stacked = _lines(said, READING_LINE) + sum(_lines(length, STEP_LINE) for length in done)
    halves = max(_lines(said, HALF_LINE), sum(_lines(length, HALF_STEP) for length in done))
    return halves < stacked


def _lines(length: int, line: int) -> int:
    return -(-length // line)


def _run_of_words(content: Sequence[Content | Section]) -> tuple[Section, ...]:
    """Return the sections at the beginning of `content` that hold words alone."""
    run: list[Section] = []
    for item in content:
        if not isinstance(item, Section) or not _is_words(item) or item.is_letter:
            break
        run.append(item)
    return tuple(run)


def _is_words(item: Content | Section) -> bool:
    if isinstance(item, Section):
        return all(map(_is_words, item.content))
    return isinstance(item, WORD_KINDS)


def _length(item: Content | Section) -> int:
    """Return about how many characters the words take."""
    match item:
        case Section():
            return len(plain(item.title)) + 20 + sum(map(_length, item.content))
        case Prose():
            return len(plain(item.text))
        case LinkList():
            return sum(len(plain(link.about)) + 60 for link in item.links)
        case TermList():
            return sum(len(plain(term.text)) + 40 for term in item.terms)
    return 0


def is_long(item: Content) -> bool:
    """Return whether the words are better read in two columns."""
    return _length(item) > LONG_TEXT


def is_long_text(text: str) -> bool:
    """Return whether a text is better read in two columns."""
    return len(plain(text)) > LONG_TEXT


def text_html(text: str, *, new_tab: bool = False) -> Markup:
    """Return the text as HTML; a list of four or more short items is marked for two columns."""
    html = str(to_html(text, new_tab=new_tab))
    return Markup(SHORT_LIST.sub(r'<ul class="short">\n\1</ul>', html))


def question_rows(questions: Sequence[Question], is_large: bool) -> Iterator[QuestionRow]:
    """Yield the questions in rows: two short ones, a date and its tick box, or one alone."""
    waiting: Question | None = None
    for question in questions:
        if waiting is None:
            waiting = question
            continue
        form = "" if is_large else _form_of(waiting, question)
        if form:
            lines = max(_ask_lines(waiting), _ask_lines(question))
            yield QuestionRow(form, (waiting, question), min(lines, 4))
            waiting = None
        else:
            yield QuestionRow("one", (waiting,))
            waiting = question
    if waiting is not None:
        yield QuestionRow("one", (waiting,))


def _form_of(first: Question, second: Question) -> str:
    """Return how two neighbors share a row; an empty string where they do not."""
    if first.place.kind is Kind.DATE and second.place.kind is Kind.TICK:
        return "date-tick"
    return "abreast" if _is_short(first) and _is_short(second) else ""


def _is_short(question: Question) -> bool:
    place = question.place
    is_brief = place.kind is Kind.DATE or (
        place.kind is Kind.TEXT and place.expected_lines <= SHORT_ANSWER
    )
    return is_brief and len(plain(question.text + question.hint)) < SHORT_QUESTION


def _ask_lines(question: Question) -> int:
    return _lines(len(plain(f"{question.text} {question.hint}")), HALF_LINE - 3)


def least_lines(expected: int, is_half: bool = False) -> int:
    """Return the fewest lines that an answer gets before the rest of its page is shared out.

    Three fifths of what its author expects, and two where two are expected.
    """
    if is_half:
        return 2
    return max(min(expected, 2), -(-expected * 3 // 5))
