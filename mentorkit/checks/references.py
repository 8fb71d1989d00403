"""Short names that must point to something."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from mentorkit.checks.case_steps import asked_steps
from mentorkit.model.program import Activity
from mentorkit.model.validation_errors import did_you_mean
from mentorkit.program.facts import COMPUTED
from mentorkit.program.library import Filed, Library
from mentorkit.program.schedule import held_in
from mentorkit.program.walk import modules_of, tables_of
from mentorkit.source.nodes import span_of_key
from mentorkit.source.problem import Problem, warning


def unknown(
    library: Library,
    file: Filed[Any],
    path: tuple[str | int, ...],
    what: str,
    known: Collection[str],
    names: str | tuple[str, ...] | None,
) -> Iterator[Problem]:
    """What is wrong with a name, or a list of names, written at `path`: one that nothing has, or
    one listed twice."""
    listed = names if isinstance(names, tuple) else (names,) if names else ()
    for number, name in enumerate(listed):
        span = (
            span_of_key(file.root, path)
            if path[-1] == name
            else file.span(*path, number)
            if isinstance(names, tuple)
            else file.span(*path)
        )
        if name in listed[:number]:
            yield Problem(
                span, "listed-twice", f'"{name}" is listed twice', "delete one of the lines"
            )
        elif name not in known and name not in library.doubtful:
            yield Problem(
                span,
                "unknown-name",
                f'no {what} has the name "{name}"',
                did_you_mean(name, known)
                or ("look it up where it is written" if known else "there is none at all"),
            )


def spine(library: Library) -> Iterator[Problem]:
    """What the curriculum lists must exist: sessions, homework, and the pages before and after
    them."""
    curriculum = library.curriculum
    assert curriculum is not None
    written = curriculum.model
    printable = {**library.pages, **library.worksheets}
    lists: tuple[tuple[str, str, Collection[str]], ...] = (
        ("sessions", "session", library.sessions),
        ("homework", "session", library.sessions),
        ("front", "page", printable),
        ("back", "page", printable),
        ("guide", "page", library.pages),
    )
    for key, what, known in lists:
        yield from unknown(library, curriculum, (key,), what, known, getattr(written, key))
    for number, name in enumerate(written.homework):
        if name in written.sessions:
            yield Problem(
                curriculum.span("homework", number),
                "listed-twice",
                f'"{name}" is listed among the sessions too',
                "list it once",
            )
    for name in written.values:
        if name in COMPUTED:
            yield Problem(
                span_of_key(curriculum.root, ("values", name)),
                "reserved",
                f'"{name}" is computed: {COMPUTED[name]}',
                "give the value another short name, or delete it",
            )
    if "own" not in written.rights:
        yield Problem(
            curriculum.span("rights"),
            "rights",
            'rights has no entry "own"',
            "add the program's own rights under own:",
        )
    for key in ("smart", "strategies"):
        if getattr(written, key).table is None:
            yield Problem(
                curriculum.span(key),
                "missing",
                f'{key} has no "table"',
                "look at the starter that mentorkit new program writes",
            )


def formats(library: Library) -> Iterator[Problem]:
    """A meeting of a format names what exists and has room for it.

    Where it says what is kept in reserve, all minutes add up.
    """
    curriculum = library.curriculum
    assert curriculum is not None
    if library.departures:  # what a cohort leaves out is left out of the formats too
        return
    modules = {name: module for _, (_, name), module in modules_of(library)}
    activities = {name for module in modules.values() for name in module.activities}
    for name, formatted in curriculum.model.formats.items():
        for number, meeting in enumerate(formatted.meetings):
            here = ("formats", name, "meetings", number)
            wrong = [
                *unknown(
                    library,
                    curriculum,
                    (*here, "session"),
                    "session",
                    library.sessions,
                    meeting.session,
                ),
                *unknown(
                    library, curriculum, (*here, "modules"), "module", modules, meeting.modules
                ),
                *unknown(
                    library,
                    curriculum,
                    (*here, "activities"),
                    "activity",
                    activities,
                    meeting.activities,
                ),
            ]
            yield from wrong
            held = sum(activity.length for _, activity in held_in(library, meeting))
            over = held + meeting.breaks + meeting.spare - meeting.minutes
            if not wrong and held and not library.doubtful and (over > 0 or over and meeting.spare):
                place = curriculum.span(*here, "minutes")
                yield warning(
                    place,
                    "sum",
                    f"{held} minutes of activities, {meeting.breaks} of breaks and "
                    f"{meeting.spare} of reserve are not {meeting.minutes}",
                    f"write {meeting.minutes + over}, or change the reserve (spare)",
                )


def activities(library: Library) -> Iterator[Problem]:
    """An activity's case, variation, worksheets and objectives must exist.

    Its steps cannot shrink to more than they are.
    """
    for file, base, module in modules_of(library):
        for name, activity in module.activities.items():
            here = (*base, "activities", name)
            yield from unknown(
                library, file, (*here, "case"), "case study", library.cases, activity.case
            )
            if activity.case in library.cases:
                variations = [
                    variation for case, variation in library.varied if case == activity.case
                ]
                yield from unknown(
                    library,
                    file,
                    (*here, "variation"),
                    "variation of this case",
                    variations,
                    activity.variation,
                )
            elif activity.variation and not activity.case:
                yield Problem(
                    file.span(*here, "variation"),
                    "missing",
                    "a variation is named here and no case",
                    "add a line: case: …",
                )
            yield from unknown(
                library,
                file,
                (*here, "worksheets"),
                "worksheet",
                library.worksheets,
                activity.worksheets,
            )
            yield from unknown(
                library,
                file,
                (*here, "serves"),
                "objective of this module",
                module.objectives,
                activity.serves,
            )
            if not activity.title and not activity.case:
                yield Problem(
                    file.span(*here),
                    "missing",
                    'this activity has no "title"',
                    "add a line: title: …",
                )
            yield from _shortest(file, here, activity)
            yield from asked_steps(library, file, here, activity)


def _shortest(file: Filed[Any], here: tuple[str, ...], activity: Activity) -> Iterator[Problem]:
    timed = [
        ((), activity.shortest, activity.minutes),
        *((("steps", name), step.shortest, step.minutes) for name, step in activity.steps.items()),
    ]
    for path, shortest, minutes in timed:
        if shortest and minutes and shortest > minutes:
            yield Problem(
                file.span(*here, *path, "shortest"),
                "shortest",
                "the shortest time is longer than the planned one",
                f"write {minutes} or less",
            )


def modules(library: Library) -> Iterator[Problem]:
    """A module's worksheets and competencies must exist, and its SMART example must use the columns
    of the SMART table."""
    assert library.curriculum is not None
    smart = library.curriculum.model.smart.table
    known = {name for _, (_, name), _ in modules_of(library)}
    for file, base, module in modules_of(library):
        yield from unknown(
            library, file, (*base, "worksheets"), "worksheet", library.worksheets, module.worksheets
        )
        yield from unknown(
            library, file, (*base, "take_home"), "worksheet", library.worksheets, module.take_home
        )
        for name, objective in module.objectives.items():
            yield from unknown(
                library,
                file,
                (*base, "objectives", name, "competency"),
                "module",
                known,
                objective.competency,
            )
        for column in module.smart_example:
            yield from unknown(
                library,
                file,
                (*base, "smart_example", column),
                "column of the SMART table",
                smart.columns if smart else (),
                column,
            )
    for file in library.sessions.values():
        if file.model.before:
            yield from unknown(
                library,
                file,
                ("before", "worksheets"),
                "worksheet",
                library.worksheets,
                file.model.before.worksheets,
            )
            yield from unknown(
                library,
                file,
                ("before", "take_home"),
                "worksheet",
                library.worksheets,
                file.model.before.take_home,
            )


def tables(library: Library) -> Iterator[Problem]:
    """Given cells stand in columns that exist, a row's competency is a module, and a table has rows
    or groups, not both."""
    known = {name for _, (_, name), _ in modules_of(library)}
    for file, path, table in tables_of(library):
        if table.rows and table.groups:
            yield Problem(
                file.span(*path),
                "rows-and-groups",
                "this table has both rows and groups",
                "put the rows into a group",
            )
        seen: dict[str, int] = {}
        for group, rows in [
            ((), table.rows),
            *((("groups", name), group.rows) for name, group in table.groups.items()),
        ]:
            for name, row in rows.items():
                here = (*path, *group, "rows", name)
                if name in seen:
                    yield Problem(
                        span_of_key(file.root, here),
                        "doubled",
                        f'"{name}" is a row of two groups of this table (first on line '
                        f"{seen[name]})",
                        "give one of them another short name",
                    )
                seen.setdefault(name, span_of_key(file.root, here).line)
                for column in row.cells:
                    yield from unknown(
                        library,
                        file,
                        (*here, "cells", column),
                        "column of this table",
                        table.columns,
                        column,
                    )
                yield from unknown(
                    library, file, (*here, "competency"), "module", known, row.competency
                )


def objectives(library: Library) -> Iterator[Problem]:
    """Where activities say which objectives they serve, each objective is served by one of its
    module."""
    modules = list(modules_of(library))
    if any(activity.serves for _, _, module in modules for activity in module.activities.values()):
        for file, base, module in modules:
            served = {name for activity in module.activities.values() for name in activity.serves}
            for name in (
                module.objectives.keys() - served if served <= module.objectives.keys() else ()
            ):  # else one is misspelt, which is reported
                yield warning(
                    span_of_key(file.root, (*base, "objectives", name)),
                    "unserved",
                    f'no activity serves the objective "{name}"',
                    f"add a line serves: {name} to an activity, or take the objective out",
                )
