"""The one document that a participant sends back: all that may be returned, and nothing else.

Fields have the names that they have in the workbook and in the worksheets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from mentorkit.edition.content import (
    Content,
    CrossReferences,
    Given,
    LinkList,
    Notice,
    NoticeKind,
    Question,
    QuestionList,
    Role,
    Row,
    SignatureLine,
    Staircase,
    Table,
)
from mentorkit.edition.field import Place
from mentorkit.edition.section import Section
from mentorkit.edition.strings import words_of
from mentorkit.edition.workbook import Chapter, Edition

TO_RETURN = "to_return"


def compose_to_return(workbook: Edition, worksheets: Iterable[Edition]) -> Edition | None:
    """Return the document, its parts in the workbook's order; None where nothing may come back.

    Worksheets that are not in the workbook follow, since they may be returned as well.
    """
    sheets = {sheet.name: sheet for sheet in worksheets}
    chapters: list[Chapter] = []
    for chapter in workbook.chapters:
        sections = [*chapter.sections, *(s for m in chapter.modules for s in m.sections)]
        chapters += _chapters_of(chapter, sections, sheets)
    done = {chapter.name for chapter in chapters}
    for name, sheet in sheets.items():
        if name not in done and (kept := _sheet_chapter(sheet)):
            chapters.append(kept)
    if not chapters:
        return None
    words = words_of(workbook.words)
    chapters[0] = replace(chapters[0], text=words["to_return_about"])
    return replace(
        workbook,
        name=TO_RETURN,
        title=words["to_return"],
        subtitle="",
        chapters=tuple(chapters),
        credits=(),
    )


def _chapters_of(
    chapter: Chapter, sections: list[Section], sheets: dict[str, Edition]
) -> Iterator[Chapter]:
    """Yield a chapter for what a chapter of the workbook returns, then one for each worksheet."""
    own = [_fields_alone(section) for section in sections if section.role is not Role.WORKSHEET]
    kept = [section for section in own if section]
    if kept:
        yield Chapter(
            kind="worksheet",
            name=f"{chapter.name}__returned",
            anchor=f"chapter-{chapter.name}",
            title=chapter.title,
            sections=tuple(replace(section, level=2) for section in kept),
        )
    for section in sections:
        if section.role is Role.WORKSHEET and section.name in sheets:
            found = _sheet_chapter(sheets[section.name])
            if found:
                yield found


def _sheet_chapter(sheet: Edition) -> Chapter | None:
    """Return what a worksheet may return as a chapter; None where that is nothing."""
    (chapter,) = sheet.chapters
    found = [keep_returned(section) for section in chapter.sections]
    kept = tuple(section for section in found if section)
    return replace(chapter, name=sheet.name, sections=kept) if kept else None


def _fields_alone(section: Section) -> Section | None:
    """Return the fields of a section of the workbook, without texts that cite other pages of it."""
    kept = keep_returned(section)
    if kept is None:
        return None
    fields = tuple(
        item for item in kept.content if isinstance(item, Table | QuestionList | Section)
    )
    return replace(kept, content=fields, introduces=False, continues=False)


def keep_returned(section: Section) -> Section | None:
    """Return the section with those of its fields that may come back; None where there are none."""
    places = (place for part in section.sections() for place in part.places())
    if not any(place.returned for place in places):
        return None
    kept = tuple(new for item in section.content for new in _kept(item))
    head = (Notice(NoticeKind.RETURNED),) if section.role is Role.WORKSHEET else ()
    return replace(section, content=(*head, *kept), introduces=False, continues=False)


def _kept(item: Content | Section) -> Iterator[Content | Section]:
    """Yield what stays of a piece of content."""
    if isinstance(item, Section):
        found = keep_returned(item)
        if found:
            yield found
    elif isinstance(item, Table):
        groups = (replace(group, rows=tuple(_rows(group.rows))) for group in item.groups)
        filled = tuple(group for group in groups if any(map(_is_returned, group.rows)))
        if filled:
            yield replace(item, groups=filled)
    elif isinstance(item, QuestionList | Staircase):
        questions = tuple(q for q in item.questions if q.place.returned)
        if questions:
            yield replace(item, questions=tuple(map(_without_notice, questions)))
    elif isinstance(item, SignatureLine):
        if item.signature.place.returned and item.date.place.returned:
            yield item
    elif not isinstance(item, Notice | CrossReferences | LinkList):
        yield item


def _rows(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows with cells that may come back; their private cells are printed empty."""
    for row in rows:
        if not row.example and not _is_returned(row):
            continue
        cells = tuple(
            Given("") if isinstance(cell, Place) and not cell.returned else cell
            for cell in row.cells
        )
        own = row.own if row.own and row.own.returned else None
        yield replace(row, cells=cells, own=own)


def _is_returned(row: Row) -> bool:
    places = (cell for cell in row.cells if isinstance(cell, Place))
    return any(place.returned for place in places) or bool(row.own and row.own.returned)


def _without_notice(question: Question) -> Question:
    return replace(question, notice=None)
