"""Short names that point to something, and names that must differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from mentorkit.explain import did_you_mean
from mentorkit.library import Filed, Library
from mentorkit.model import Module, PlainBlock, Table
from mentorkit.problem import Problem, Span, warning


def missing(span: Span, what: str, name: str, known: Iterable[str]) -> Problem:
    """The message for a short name that nothing has."""
    return Problem(span, "unknown-name", f'no {what} has the name "{name}"', did_you_mean(name, known))


def homes_differ(library: Library) -> Iterator[Problem]:
    """Sessions, modules, activities, case studies, worksheets and pages all have different short names, since fields are named after them."""
    first: dict[str, Any] = {}
    for home in library.homes():
        if home.name in first:
            yield Problem(home.span, "doubled-name", f'"{home.name}" is the name of a {home.sort} and of a {first[home.name].sort} ({first[home.name].span.file})', "give one of them another name")
        first.setdefault(home.name, home)


def spine(library: Library) -> Iterator[Problem]:
    """What the curriculum lists must exist: sessions, homework, and the pages before and after them."""
    curriculum = library.curriculum
    assert curriculum is not None
    printable = {**library.pages, **library.worksheets}
    lists: dict[str, tuple[str, dict[str, Any]]] = {
        "sessions": ("session", library.sessions), "homework": ("session", library.sessions), "front": ("page", printable),
        "back": ("page", printable), "guide": ("page", library.pages)}
    for key, (what, known) in lists.items():
        names = getattr(curriculum.model, key)
        for number, name in enumerate(names):
            if name not in known:
                yield missing(curriculum.span(key, number), what, name, known)
            elif name in names[:number]:
                yield Problem(curriculum.span(key, number), "listed-twice", f'"{name}" is listed twice', "delete one of the lines")
    for name, formatted in curriculum.model.formats.items():
        for number, meeting in enumerate(formatted.meetings):
            if meeting.session and meeting.session not in library.sessions:
                yield missing(curriculum.span("formats", name, "meetings", number, "session"), "session", meeting.session, library.sessions)
    if "own" not in curriculum.model.rights:
        yield Problem(curriculum.span("rights"), "rights", 'rights has no entry "own"', "add the program's own rights under own:")
    if curriculum.model.smart.table is None or curriculum.model.strategies.table is None:
        yield Problem(curriculum.span("smart"), "missing", "smart and strategies each need a table", "look at the starter that mentorkit new program writes")


def activities(library: Library) -> Iterator[Problem]:
    """An activity's case, variation, worksheets and objectives must exist; its steps cannot shrink to more than they are."""
    for file, base, module in modules_of(library):
        for name, activity in module.activities.items():
            here = (*base, "activities", name)
            if activity.case and activity.case not in library.cases:
                yield missing(file.span(*here, "case"), "case study", activity.case, library.cases)
            elif activity.variation and (activity.case, activity.variation) not in library.varied:
                yield missing(file.span(*here, "variation"), "variation of this case", activity.variation, [v for c, v in library.varied if c == activity.case])
            for number, sheet in enumerate(activity.worksheets):
                if sheet not in library.worksheets:
                    yield missing(file.span(*here, "worksheets", number), "worksheet", sheet, library.worksheets)
            for number, objective in enumerate(activity.serves):
                if objective not in module.objectives:
                    yield missing(file.span(*here, "serves", number), "objective of this module", objective, module.objectives)
            if not activity.title and not activity.case:
                yield Problem(file.span(*here), "missing", 'this activity has no "title"', "add a line: title: …")
            for step, written in activity.steps.items():
                if written.shortest and written.shortest > written.minutes:
                    yield Problem(file.span(*here, "steps", step, "shortest"), "shortest", "the shortest time is longer than the planned one", f"write {written.minutes} or less")


def modules(library: Library) -> Iterator[Problem]:
    """A module's worksheets must exist, and its SMART example must use the columns of the SMART table."""
    assert library.curriculum is not None
    smart = library.curriculum.model.smart.table
    columns = smart.columns if smart else {}
    for file, base, module in modules_of(library):
        for number, sheet in enumerate(module.worksheets):
            if sheet not in library.worksheets:
                yield missing(file.span(*base, "worksheets", number), "worksheet", sheet, library.worksheets)
        for column in module.smart_example:
            if column not in columns:
                yield missing(file.span(*base, "smart_example", column), "column of the SMART table", column, columns)
    for file in library.sessions.values():
        for number, sheet in enumerate(file.model.before.worksheets if file.model.before else ()):
            if sheet not in library.worksheets:
                yield missing(file.span("before", "worksheets", number), "worksheet", sheet, library.worksheets)


def tables(library: Library) -> Iterator[Problem]:
    """Given cells stand in columns that exist, a row's competency is a module, and a table has rows or groups, not both."""
    known = {home.name for home in library.homes() if home.sort == "module"}
    for file, path, table in tables_of(library):
        if table.rows and table.groups:
            yield Problem(file.span(*path), "rows-and-groups", "this table has both rows and groups", "put the rows into a group")
        for group, rows in [((), table.rows), *((("groups", name), group.rows) for name, group in table.groups.items())]:
            for name, row in rows.items():
                here = (*path, *group, "rows", name)
                for column in row.cells:
                    if column not in table.columns:
                        yield missing(file.span(*here, "cells", column), "column of this table", column, table.columns)
                if row.competency and row.competency not in known:
                    yield missing(file.span(*here, "competency"), "module", row.competency, known)


def unused(library: Library) -> Iterator[Problem]:
    """A case study or worksheet that nothing uses is not printed; that may be meant, so it is a warning."""
    assert library.curriculum is not None
    spine = library.curriculum.model
    cases, sheets = set(), {*spine.front, *spine.back}
    for _, _, module in modules_of(library):
        sheets |= set(module.worksheets)
        for activity in module.activities.values():
            cases.add(activity.case)
            sheets |= set(activity.worksheets)
    for session in library.sessions.values():
        sheets |= set(session.model.before.worksheets if session.model.before else ())
    for case in library.cases.values():
        if case.name not in cases:
            yield warning(Span(case.path), "unused", "no activity uses this case study, so it is not printed", "name it under case: in an activity")
    for sheet in library.worksheets.values():
        if sheet.name not in sheets:
            yield warning(Span(sheet.path), "unused", "nothing uses this worksheet, so it is not printed", "list it under worksheets: in an activity or module")
    for name, file in library.sessions.items():
        if name not in (*spine.sessions, *spine.homework):
            yield warning(Span(file.path), "unused", "the curriculum does not list this session, so it is not printed", "list it under sessions: in curriculum/curriculum.yaml")


def guide_pages(library: Library) -> Iterator[Problem]:
    """A page of the facilitator's guide holds all its text under facilitator, so that none can reach a participant."""
    assert library.curriculum is not None
    spine = library.curriculum.model
    for name in spine.guide:
        page = library.pages.get(name)
        if page and (page.model.text or page.model.parts or page.model.table or page.model.questions):
            yield Problem(Span(page.path), "guide-page", "a page of the guide holds text outside facilitator", "move it under facilitator: chapters:")
        if page and name in (*spine.front, *spine.back):
            yield Problem(Span(page.path), "guide-page", "this page is listed both for participants and for the guide", "list it once")


def modules_of(library: Library) -> Iterator[tuple[Filed[Any], tuple[str, ...], Module]]:
    """Every module with its file and the path to it."""
    for file in library.sessions.values():
        for name, module in file.model.modules.items():
            yield file, ("modules", name), module


def blocks_of(library: Library) -> Iterator[tuple[Filed[Any], tuple[str, ...], PlainBlock]]:
    """Every block, parts included, with its file and the path to it."""
    roots: list[tuple[Filed[Any], tuple[str, ...], PlainBlock]] = []
    if library.curriculum:
        roots += [(library.curriculum, ("strategies",), library.curriculum.model.strategies), (library.curriculum, ("smart",), library.curriculum.model.smart)]
    for file, base, module in modules_of(library):
        roots += [(file, (*base, "activities", name), activity) for name, activity in module.activities.items()]
    roots += [(file, ("before",), file.model.before) for file in library.sessions.values() if file.model.before]
    roots += [(file, (), file.model) for file in (*library.worksheets.values(), *library.pages.values())]
    while roots:
        file, path, block = roots.pop(0)
        yield file, path, block
        roots += [(file, (*path, "parts", name), part) for name, part in block.parts.items()]


def tables_of(library: Library) -> Iterator[tuple[Filed[Any], tuple[str, ...], Table]]:
    for file, path, block in blocks_of(library):
        if block.table:
            yield file, (*path, "table"), block.table
