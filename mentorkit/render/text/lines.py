"""An Edition as plain lines: everything its reader will hold, and nothing of how it looks.

Tests, `diff` and checks read these lines, so that no kind of content can be forgotten there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from mentorkit.edition.content import (
    AnyTable,
    Board,
    CardDeck,
    Content,
    CreditLine,
    CrossReferences,
    FieldTable,
    Figure,
    Gallery,
    Given,
    GoalTable,
    LinkList,
    Notice,
    PairTable,
    Prose,
    Question,
    QuestionList,
    Row,
    SignatureLine,
    Staircase,
    Stem,
    Steps,
    Story,
    TermList,
    TickTable,
    WhoIsWho,
)
from mentorkit.edition.field import Kind, Place
from mentorkit.edition.section import Section
from mentorkit.edition.workbook import Chapter, Edition


def edition_lines(edition: Edition) -> Iterator[str]:
    """Yield every line of an edition: its head, its chapters, its credits."""
    head = f"{edition.title} | {edition.subtitle} | {edition.cohort} | release {edition.release}"
    yield f"{edition.name.upper()} {head}" + (" | both sides" if edition.both_sides else "")
    yield from text_lines("about: ", edition.about)
    for chapter in edition.chapters:
        yield ""
        yield from chapter_lines(chapter)
    yield ""
    for credit in edition.credits:
        yield f"credit: {credit.title}: {credit.credit} ({credit.license})"


def chapter_lines(chapter: Chapter) -> Iterator[str]:
    """Yield the lines of a chapter: its head, its own sections, its modules."""
    met = chapter.meeting
    times = "–".join(f"{time:%H:%M}" for time in (met.start, met.end) if time)
    day = met.date.isoformat() if met.date else ""
    due = "due" if met.is_due else ""
    parts = (due, day, times, met.zone, met.place, met.link, met.feedback)
    when = ", ".join(filter(None, parts))
    head = [f"== {chapter.kind}", str(chapter.number or ""), chapter.title, f"#{chapter.anchor}"]
    yield " ".join(filter(None, [*head, f"[{when}]" if met.date else ""]))
    yield from text_lines("", chapter.text)
    for section in chapter.sections:
        yield from section_lines(section)
    for module in chapter.modules:
        yield f"-- module {module.title} ({module.topic}) #{module.anchor}"
        yield from text_lines("", module.text)
        yield from (f"objective: {line}" for line in module.objectives)
        for section in module.sections:
            yield from section_lines(section)


def section_lines(section: Section, indent: str = "") -> Iterator[str]:
    """Yield the lines of a section, sections inside it included."""
    letter = " letter" if section.is_letter else ""
    title = section.title or "-"
    yield f"{indent}{section.role} h{section.level} {title} #{section.anchor}{letter}"
    for item in section.content:
        if isinstance(item, Section):
            yield from section_lines(item, indent + "  ")
        else:
            yield from content_lines(item, indent + "  ")


def reading_lines(section: Section) -> Iterator[str]:
    """Yield what a section itself gives to read: its title and content, without places, questions
    and addresses.
    """
    yield section.title
    for item in section.content:
        if not isinstance(item, Section):
            yield from content_lines(item, "", with_places=False)


def content_lines(item: Content, indent: str, *, with_places: bool = True) -> Iterator[str]:
    """Yield the lines of one piece of content.

    Without places, what depends on the cohort or is asked is left out too: questions, columns,
    references, and the address of a board.
    """
    match item:
        case Prose(text) | Story(text):
            yield from text_lines(indent, text)
        case WhoIsWho(text):
            yield from text_lines(f"{indent}people: ", text)
        case Notice(kind, text):
            yield f"{indent}({kind}) {text}".rstrip()
        case Stem(text):
            yield from text_lines(f"{indent}stem: ", text)
        case Steps(steps):
            for step in steps:
                shape = f" ({step.shape})" if step.shape else ""
                yield f"{indent}step {step.name}: {step.do}{shape}"
        case Board(title, url, columns):
            address = f" <{url}>" if with_places else ""
            yield f"{indent}board {title}{address} {' | '.join(columns)}"
        case Figure():
            yield f"{indent}{figure_line(item)}"
        case FieldTable() | TickTable() | PairTable() | CardDeck() | GoalTable():
            yield from _table_lines(item, indent, with_places)
        case QuestionList(questions) | Staircase(questions):
            for question in questions if with_places else ():
                yield from _question_lines(question, indent)
        case SignatureLine(signature, date):
            for question in (signature, date) if with_places else ():
                yield from _question_lines(question, indent)
        case LinkList(links):
            for link in links:
                yield f"{indent}link {link.title} <{link.url}> {link.by} {link.about}".rstrip()
        case CrossReferences(refs):
            for ref in refs if with_places else ():
                yield f"{indent}see {ref.kind}: {ref.title} #{ref.anchor}"
        case TermList(terms):
            for term in terms:
                yield from text_lines(f"{indent}term {term.title} #{term.anchor}: ", term.text)
        case Gallery(pictures):
            for picture in pictures:
                head = f"{indent}{figure_line(picture.figure)} #{picture.anchor}"
                yield f"{head} {picture.title}".rstrip()
                yield from text_lines(indent + "  ", picture.text)
        case CreditLine(text):
            yield from text_lines(f"{indent}credit: ", text)
        case _:
            assert_never(item)


def figure_line(figure: Figure) -> str:
    """Return a picture as a line: its file, its text alternative, its caption."""
    return f"picture {figure.file}: {figure.alt}. {figure.caption}".rstrip()


def _question_lines(question: Question, indent: str) -> Iterator[str]:
    hint = " ".join(filter(None, (question.hint, question.notice and f"({question.notice})")))
    yield f"{indent}{question.number or '-'}. {question.text}" + (f" [{hint}]" if hint else "")
    yield f"{indent}   {place_line(question.place)}"


def _table_lines(table: AnyTable, indent: str, with_places: bool) -> Iterator[str]:
    if with_places:
        heads = (
            f"{column.title} ({column.kind or 'given'})" + (f" [{column.hint}]" * bool(column.hint))
            for column in table.columns
        )
        yield indent + " | ".join((table.first or "-", *heads))
    for group in table.groups:
        if group.title:
            yield f"{indent}group {group.title}" + (f": {group.text}" if group.text else "")
        for row in group.rows:
            yield from _row_lines(row, indent + "  ", with_places)


def _row_lines(row: Row, indent: str, with_places: bool) -> Iterator[str]:
    text = row.text or " <> ".join(filter(None, (row.left, row.right))) or "(own)"
    yield f"{indent}{text}" + (" (example)" if row.example else "")
    if row.own and with_places:
        yield f"{indent}  {place_line(row.own)}"
    for cell in row.cells:
        if isinstance(cell, Given):
            yield f"{indent}  = {cell.text}"
        elif with_places:
            yield f"{indent}  {place_line(cell)}"


def place_line(place: Place) -> str:
    """Return a place as a line: its name, what it is, its label."""
    about = [
        str(place.kind),
        f"{place.expected_lines} lines" if place.kind is Kind.TEXT else "",
        f"1-{place.points} {place.left}/{place.right}" if place.points else "",
        f"of {place.total}" if place.total else "",
        f"at most {place.at_most}" if place.at_most else "",
        " or ".join(f"{choice.key}: {choice.words}" for choice in place.choices),
        "returned" if place.returned else "",
    ]
    return f"<{place.name}> {', '.join(filter(None, about))} “{place.label}”"


def text_lines(mark: str, text: str) -> Iterator[str]:
    """Yield the text on one line after `mark`, with / between its paragraphs; nothing where it is
    empty.
    """
    if text:
        yield mark + " / ".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))
