"""What a cohort's answers say together: means over five people or more, never a person.


`LEAST` people are behind every figure. A split is shown only where each of its groups has so many,
those without a group counted as one, so that
nothing can be got by subtraction; pairs of columns are told over the people who filled both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean

from markupsafe import Markup

from mentorkit.compose.compose import Composed
from mentorkit.edition.content import Column, Role, Table
from mentorkit.edition.content import Row as TableRow
from mentorkit.edition.field import Kind, Place
from mentorkit.edition.field_names import speakable
from mentorkit.edition.section import Section as Block
from mentorkit.edition.strings import WORDS, phrase, words_of
from mentorkit.program.library import Library
from mentorkit.responses.figure_drawings import Figure, draw_bar, draw_step
from mentorkit.responses.filing import rank_of
from mentorkit.responses.matching import Row
from mentorkit.responses.register import Part, Register, sections_of

LEAST = 5
# What stands in a cell for a figure that is not told, in the kit's own words.
FEW = phrase(WORDS["under"], count=LEAST)
NEARLY_ALL = phrase(WORDS["nearly_all"], count=LEAST)
NOT_SHOWN = WORDS["not_shown"]
Texts = Mapping[str, str]
Said = Mapping[str, Mapping[str, str]]  # by person's key, then by field


# ---- who said what -------------------------------------------------------------------------------


def merge_answers(rows: Iterable[Row], side: str) -> tuple[dict[str, dict[str, str]], int]:
    """Return each person's answers by key from all their files, and how many fields conflict.

    Of documents that disagree, "To return" counts, then a single worksheet, then the whole book.
    Where versions of one document disagree, neither counts.
    """
    found: dict[str, dict[str, dict[int, set[str]]]] = {}
    for row in rows:
        if row.key and (row.side == "mentor") == (side == "mentor"):
            for name, text in row.answers.items():
                if text:
                    ranks = found.setdefault(row.key, {}).setdefault(name, {})
                    ranks.setdefault(rank_of(row), set()).add(text)
    best = {
        key: {name: ranks[min(ranks)] for name, ranks in fields.items()}
        for key, fields in found.items()
    }
    conflicts = sum(len(texts) > 1 for fields in best.values() for texts in fields.values())
    return {
        key: {name: min(texts) for name, texts in fields.items() if len(texts) == 1}
        for key, fields in best.items()
    }, conflicts


def number(text: str, most: int) -> float | None:
    """A mark or a percentage; None where it is none, or out of range."""
    plain = re.fullmatch(r"\s*(\d{1,3}(?:[.,]\d+)?)\s*%?\s*", text)
    value = float(plain[1].replace(",", ".")) if plain else None
    return value if value is not None and value <= most else None


def _pairs(
    said: Said, places: Sequence[tuple[Place, Place]], most: int
) -> dict[str, tuple[float, float]]:
    """Return by person the means of the first and of the second places, where both were filled."""
    found = {}
    for key, own in said.items():
        both = [
            (a, b)
            for one, two in places
            if (a := number(own.get(one.name, ""), most)) is not None
            and (b := number(own.get(two.name, ""), most)) is not None
        ]
        if both:
            found[key] = (fmean(a for a, _ in both), fmean(b for _, b in both))
    return found


def splits(keys: Iterable[str], groups: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the people by group, those without a group as one; nothing where one is too small."""
    every: dict[str, list[str]] = {group: [] for group in sorted(set(groups.values()))}
    for key in keys:
        every.setdefault(groups.get(key, ""), []).append(key)
    return every if len(every) > 1 and all(len(own) >= LEAST for own in every.values()) else {}


def few(words: Texts) -> str:
    """Return what stands for a count of fewer people than may be told."""
    return phrase(words["under"], count=LEAST)


def share(yes: int, of: int, words: Texts = WORDS) -> str:
    """Return how many of how many, so that neither side shows a group that is too small."""
    if of < 2 * LEAST:
        return words["not_shown"]
    if yes < LEAST:
        return few(words)
    if of - yes < LEAST:
        return phrase(words["nearly_all"], count=LEAST)
    return phrase(words["count_of_all"], count=yes, all=of)


# ---- figures -------------------------------------------------------------------------------------


def figures(
    composed: Composed, sent: Register, library: Library, said: Said, mentors: Said
) -> dict[str, Figure]:
    """Every figure that this program's worksheets and these answers allow."""
    words = words_of(composed.workbook.words)
    made = {"rates": _rates(sent, said, words)}
    groups = {key: person.group for key, person in sent.people.items()}
    topics = {
        module.name: module.topic
        for chapter in composed.guide.chapters
        for module in chapter.modules
    }
    tables = [
        (section, table) for section in sections_of(composed) for table in section.find(Table)
    ]
    for block, table in tables:
        if not any(
            place.returned for row in table.rows for place in row.cells if isinstance(place, Place)
        ):
            continue
        scales, percents = (_columns(table, kind) for kind in (Kind.SCALE, Kind.PERCENT))
        if {"before", "now"} <= {column.name for column in table.columns}:
            made[f"scales-{block.name}"] = _reflection(
                block, table, library, topics, said, groups, words
            )
        elif len(percents) == 2:
            made[f"gaps-{block.name}"] = _gaps(block, table, percents, said, words)
        elif scales and block.name in sent.both_sides:
            made[f"spread-{block.name}"] = _spread(block, table, said, mentors, words)
        elif block.role in (Role.WORKSHEET, Role.PART):
            made[f"cover-{block.anchor}"] = _cover(block, table, said, words)
    made["minutes"] = _minutes(library, sent.cohort, topics, words)
    return {name: figure for name, figure in made.items() if figure.rows}


def _line(
    head: str, pairs: Iterable[tuple[float, float]], digits: int, words: Texts
) -> tuple[str, ...]:
    """Return a row: how many people, their two means, and the step; dashes where too few."""
    pairs = list(pairs)
    if len(pairs) < LEAST:
        return (head, few(words), *["–"] * 3)
    one, two = (round(fmean(pair[at] for pair in pairs), digits) for at in (0, 1))
    step = round(two - one, digits) or 0.0  # never -0
    return (
        head,
        str(len(pairs)),
        f"{one:.{digits}f}",
        f"{two:.{digits}f}",
        f"{step:+.{digits}f}".replace("-", "−"),
    )


def _columns(table: Table, kind: Kind) -> list[Column]:
    return [column for column in table.columns if column.kind is kind]


def cells_of(table: Table, row: TableRow) -> dict[str, Place]:
    """The places of a row that may come back, by their columns."""
    return {
        column.name: cell
        for column, cell in zip(table.columns, row.cells, strict=False)
        if isinstance(cell, Place) and cell.returned
    }


def _rates(sent: Register, said: Said, words: Texts) -> Figure:
    def answered(section: Part) -> int:
        return sum(any(place.name in own for place in section.places) for own in said.values())

    counts = [(section.title, answered(section)) for section in sent.parts]
    of = max(len(sent.people), 1)
    return Figure(
        words["rates_title"],
        phrase(words["rates_about"], all=len(sent.people), least=LEAST),
        (words["part"], words["the_people"], words["share"]),
        tuple(
            (title, str(n), f"{n / of:.0%}") if n >= LEAST else (title, few(words), "–")
            for title, n in counts
        ),
        tuple(draw_bar(n / of if n >= LEAST else 0) for _, n in counts),
    )


def _reflection(
    block: Block,
    table: Table,
    library: Library,
    topics: Mapping[str, str],
    said: Said,
    groups: Mapping[str, str],
    words: Texts,
) -> Figure:
    written = (
        library.worksheets[block.name].model.table if block.name in library.worksheets else None
    )
    rows = (
        {name: row for group in written.groups.values() for name, row in group.rows.items()}
        | written.rows
        if written
        else {}
    )
    by: dict[str, list[tuple[Place, Place]]] = {}
    points = next(column.points for column in table.columns if column.name == "now")
    for row in table.rows:
        cells = cells_of(table, row)
        if {"before", "now"} <= cells.keys():
            by.setdefault((rows[row.name].competency if row.name in rows else "") or "", []).append(
                (cells["before"], cells["now"])
            )
    lines: list[tuple[str, ...]] = []
    drawings: list[Markup] = []
    for module, places in by.items():
        marks = _pairs(said, places, points)
        title = topics.get(module, module) or words["other_statements"]
        for head, keys in [
            (title, list(marks)),
            *(
                (
                    phrase(
                        words["title_with_topic"], title=title, topic=group or words["no_group"]
                    ),
                    own,
                )
                for group, own in splits(marks, groups).items()
            ),
        ]:
            lines.append(_line(head, (marks[key] for key in keys), 1, words))
            drawings.append(
                draw_step(float(lines[-1][2]), float(lines[-1][3]), points)
                if len(keys) >= LEAST
                else Markup("")
            )
    heads = ("competency", "the_people", "before_then", "now", "change")
    return Figure(
        phrase(words["reflection_title"], title=block.title),
        phrase(words["reflection_about"], points=points),
        tuple(words[head] for head in heads),
        tuple(lines),
        tuple(drawings),
    )


def _gaps(
    block: Block, table: Table, columns: Sequence[Column], said: Said, words: Texts
) -> Figure:
    lines = []
    for row in table.rows:
        cells = cells_of(table, row)
        if all(column.name in cells for column in columns):
            pair = _pairs(said, [(cells[columns[0].name], cells[columns[1].name])], 100)
            lines.append(_line(speakable(row.text), pair.values(), 0, words))
    return Figure(
        phrase(words["gaps_title"], title=block.title),
        words["gaps_about"],
        (
            speakable(table.first) or words["part"],
            words["the_people"],
            *(column.title for column in columns),
            words["gap"],
        ),
        tuple(lines),
    )


def _spread(block: Block, table: Table, said: Said, mentors: Said, words: Texts) -> Figure:
    lines = []
    for row in table.rows:
        for place in cells_of(table, row).values():
            marks = [
                (
                    number(own.get(place.name, ""), place.points),
                    number(mentors.get(key, {}).get(place.name, ""), place.points),
                )
                for key, own in said.items()
            ]
            steps = [abs(one - two) for one, two in marks if one is not None and two is not None]
            head = (
                f"{speakable(row.left)} / {speakable(row.right)}"
                if row.right
                else speakable(row.text)
            )
            lines.append(
                (head, str(len(steps)), f"{fmean(steps):.1f}")
                if len(steps) >= LEAST
                else (head, few(words), "–")
            )
    return Figure(
        phrase(words["spread_title"], title=block.title),
        words["spread_about"],
        (words["line"], words["both"], words["steps_apart"]),
        tuple(lines),
    )


def _cover(block: Block, table: Table, said: Said, words: Texts) -> Figure:
    """Return, of a table of words, who has nobody in the first column; of ticks, who ticked."""
    grid = [(row, cells) for row in table.rows if (cells := cells_of(table, row))]
    names = {place.name for _, cells in grid for place in cells.values()}
    own = [fields for fields in said.values() if names & fields.keys()]
    if all(place.kind is Kind.TICK for _, cells in grid for place in cells.values()):
        heads = tuple(column.title for column in table.columns)
        lines = tuple(
            (
                speakable(row.text),
                *(
                    share(sum(place.name in fields for fields in own), len(own), words)
                    for place in cells.values()
                ),
            )
            for row, cells in grid
        )
        return Figure(
            phrase(words["needed_title"], title=block.title),
            phrase(words["needed_about"], count=len(own) if len(own) >= LEAST else few(words)),
            (words["line"], *heads),
            lines,
        )
    if (
        table.first
        and block.role is Role.WORKSHEET
        and all(place.kind is Kind.TEXT for _, cells in grid for place in cells.values())
    ):
        lines = tuple(
            (
                speakable(row.text),
                share(
                    sum(next(iter(cells.values())).name not in fields for fields in own),
                    len(own),
                    words,
                ),
            )
            for row, cells in grid
        )
        return Figure(
            phrase(words["nobody_title"], title=block.title),
            phrase(words["nobody_about"], column=table.columns[0].title),
            (speakable(table.first), words["people_without"]),
            lines,
        )
    return Figure("", "", (), ())


def _minutes(library: Library, cohort: str, topics: Mapping[str, str], words: Texts) -> Figure:
    delivered: dict[str, int] = {}
    for meeting in library.cohorts[cohort].model.meetings:
        for module, minutes in meeting.delivered.items():
            delivered[module] = delivered.get(module, 0) + minutes
    planned = {
        name: module.minutes
        for session in library.sessions.values()
        for name, module in session.model.modules.items()
    }
    lines = tuple(
        (topic or name, str(planned[name]), str(delivered.get(name, "–")))
        for name, topic in topics.items()
        if name in planned
    )
    return Figure(
        words["minutes_title"],
        words["minutes_about"],
        (words["competency"], words["planned"], words["delivered"]),
        lines,
    )


def open_texts(composed: Composed, said: Said) -> list[tuple[str, list[str]]]:
    """Return the answers to each open question that enough people answered, sorted."""
    asked = [
        (speakable(question.text), question.place.name)
        for section in sections_of(composed)
        for question in section.questions()
        if question.place.returned and question.place.kind is Kind.TEXT
    ]
    found = [
        (text, sorted(own[name] for own in said.values() if name in own)) for text, name in asked
    ]
    return [(text, given) for text, given in found if len(given) >= LEAST]
