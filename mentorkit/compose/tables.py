"""Tables and places to fill: names, labels and lines are decided here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from mentorkit.compose.placeholders import Filler, LeftOutError
from mentorkit.edition import content
from mentorkit.edition.content import AnyTable
from mentorkit.edition.field import Choice, Kind, Place
from mentorkit.edition.field_names import field_name, label
from mentorkit.edition.markdown import plain
from mentorkit.edition.strings import phrase, words_of
from mentorkit.model.block import Column, Group, KindOfPlace, PlainBlock, Row, Table

T = TypeVar("T")
CELL_LINES = 2
BRIEF = 27  # characters that fit the narrow first column of a table
CARDS = "cards"


@dataclass(frozen=True)
class Setting:
    """What a section inherits: its home, the titles above it (for labels), lines, and whether
    answers come back.

    `part` holds the short names of the parts around it, joined by _; it is empty outside any part.
    """

    home: str
    titles: tuple[str, ...]
    level: int
    lines: int | None = None
    returned: bool = False
    part: str = ""

    def below(self, written: PlainBlock) -> Setting:
        """Return the setting inside `written`."""
        return replace(
            self,
            lines=written.lines or self.lines,
            returned=self.returned if written.returned is None else written.returned,
        )


class Tables:
    """Composes tables and places for one reader."""

    def __init__(self, fill: Filler, words: Mapping[str, str]) -> None:
        self.fill = fill
        self.words: dict[str, str] = words_of(words)

    def kept(self, makers: Iterable[Callable[[], T]]) -> tuple[T, ...]:
        """Make each item; leave out those that need a value that is not filled."""
        made = []
        for make in makers:
            try:
                with self.fill.held():
                    made.append(make())
            except LeftOutError:
                continue
        return tuple(made)

    def texts(self, written: Iterable[str]) -> tuple[str, ...]:
        """Return the filled texts; those that are empty or need a value that is not filled are
        left out.
        """

        def maker(text: str) -> Callable[[], str]:
            return lambda: self.fill(text)

        return tuple(filter(None, self.kept(map(maker, written))))

    def table(
        self,
        written: Table,
        setting: Setting,
        look: str | None = None,
        kind: type[AnyTable] | None = None,
        extra: Iterable[content.Row] = (),
    ) -> AnyTable:
        """Return the table with every cell decided; `extra` rows come first, `kind` wins over what
        it looks like.
        """
        groups = self._groups(written, setting, tuple(extra))
        columns = tuple(self._column(name, column) for name, column in written.columns.items())
        table = content.FieldTable(self.fill(written.first), columns, groups)
        chosen = kind or kind_of_table(table, look)
        return chosen(
            table.first,
            columns,
            groups,
            has_brief_rows=has_brief_rows(table),
            shows_totals=shows_totals(table),
        )

    def _groups(
        self, written: Table, setting: Setting, extra: tuple[content.Row, ...]
    ) -> tuple[content.Group, ...]:
        groups = [
            content.Group(
                name,
                self.fill(group.title),
                self.fill(group.text),
                self._rows(group, group.rows, written, setting),
            )
            for name, group in written.groups.items()
        ]
        ungrouped = (*extra, *self._rows(None, written.rows, written, setting))
        numbers = range(1, (written.own_rows or 0) + 1)
        own = tuple(self._own_row(number, written, setting) for number in numbers)
        if ungrouped or not groups:
            groups.insert(0, content.Group("", "", "", ungrouped))
        if own and len(groups) == 1:
            groups = [replace(groups[0], rows=groups[0].rows + own)]
        elif own:
            groups.append(content.Group("own", self.fill(written.own_title), "", own))
        return tuple(groups)

    def _column(self, name: str, written: Column) -> content.Column:
        return content.Column(
            name=name,
            title=self.fill(written.title),
            hint=self.fill(written.hint),
            kind=None if written.given else written.sort,
            points=written.points or 0,
            left=self.fill(written.left),
            right=self.fill(written.right),
            total=written.total or 0,
        )

    def _rows(
        self, group: Group | None, rows: Mapping[str, Row], table: Table, setting: Setting
    ) -> tuple[content.Row, ...]:
        titles = (*setting.titles, self.fill(group.title)) if group else setting.titles
        inner = replace(setting, titles=titles)

        def maker(name: str, row: Row) -> Callable[[], content.Row]:
            return lambda: self._row(name, row, table, inner)

        return self.kept(maker(name, row) for name, row in rows.items())

    def _row(self, name: str, written: Row, table: Table, setting: Setting) -> content.Row:
        cells = tuple(self._cell(name, column, written, table, setting) for column in table.columns)
        return content.Row(
            name=name,
            text=self.fill(written.text),
            left=self.fill(written.left),
            right=self.fill(written.right),
            cells=cells,
        )

    def _cell(
        self, name: str, column: str, row: Row, table: Table, setting: Setting
    ) -> Place | content.Given:
        """Return the cell of a row in a column: given, or a place named and labeled after both."""
        about = table.columns[column]
        if column in row.cells or about.given:
            return content.Given(self.fill(row.cells.get(column)))
        head = self.fill(row.label or row.text) or phrase(
            self.words["pair_label"],
            left=self.fill(row.left).rstrip(". "),
            points=about.points or "",
            right=self.fill(row.right),
        )
        title = "" if len(table.columns) == 1 and row.left else self.fill(about.title)
        text = label(
            *setting.titles, head, last=self.fill(about.label) or title, scale=self.ends(about)
        )
        return self.place(
            field_name(setting.home, name, column),
            text,
            about,
            lines=about.lines or setting.lines or CELL_LINES,
            returned=setting.returned,
        )

    def _own_row(self, number: int, table: Table, setting: Setting) -> content.Row:
        """Return a row whose text people write; its places are named by its part and its number."""
        old = f"own{number}"
        name = f"{setting.part}_{old}" if setting.part else old
        head = f"{self.fill(table.own_title) or self.words['own_row']} {number}"

        def named(place: Place, column: str) -> Place:
            old_name = field_name(setting.home, old, column) if setting.part else ""
            return replace(place, name=field_name(setting.home, name, column), old_name=old_name)

        own = Place(
            name,
            label(*setting.titles, head, last=self.words["own_row_text"]),
            expected_lines=setting.lines or CELL_LINES,
            returned=setting.returned,
        )
        to_fill = [about for about in table.columns.values() if not about.given]
        # A row that people add to a checklist needs no check mark: they chose it by writing it.
        is_checklist = len(to_fill) == 1 and to_fill[0].sort is Kind.TICK
        cells: list[Place | content.Given] = []
        for column, about in table.columns.items():
            if about.given or is_checklist:
                cells.append(content.Given(""))
                continue
            place = self.place(
                name,
                label(*setting.titles, head, last=self.fill(about.title), scale=self.ends(about)),
                about,
                lines=about.lines or setting.lines or CELL_LINES,
                returned=setting.returned,
            )
            cells.append(named(place, column))
        return content.Row(name=name, own=named(own, "text"), cells=tuple(cells))

    def place(
        self, name: str, label: str, about: KindOfPlace, *, lines: int, returned: bool
    ) -> Place:
        """Return the place that a question or a column describes."""
        return Place(
            name,
            label,
            about.sort,
            expected_lines=lines if about.sort is Kind.TEXT else 1,
            choices=tuple(
                Choice(key, self.fill(words)) for key, words in about.keyed_choices.items()
            ),
            points=about.points or 0,
            left=self.fill(about.left),
            right=self.fill(about.right),
            total=about.total or 0,
            at_most=about.at_most or 0,
            returned=returned,
        )

    def ends(self, about: KindOfPlace) -> str:
        """Return what a label adds on the form of an answer: a scale's ends, a date's form; often
        empty.
        """
        if about.sort is Kind.DATE:
            return self.words["date_form"]
        if about.sort is Kind.PERCENT:
            return self.words["percent_form"]
        if about.sort is not Kind.SCALE or not (about.left and about.right):
            return ""
        return phrase(
            self.words["scale_form"],
            left=self.fill(about.left),
            points=about.points or "",
            right=self.fill(about.right),
        )


def kind_of_table(table: content.Table, look: str | None) -> type[AnyTable]:
    """Return the kind of content that a table is, by how it is written."""
    if look == CARDS:
        return content.CardDeck
    if len(table.columns) == 1 and any(row.right for row in table.rows):
        return content.PairTable
    if all(column.kind is Kind.TICK for column in table.columns):
        return content.TickTable
    return content.FieldTable


def has_brief_rows(table: content.Table) -> bool:
    """Return whether every row's own text is so short that a narrow column holds it."""
    rows = table.rows
    return bool(rows) and all(not row.own and len(plain(row.text)) < BRIEF for row in rows)


def shows_totals(table: content.Table) -> bool:
    """Return whether a row with totals is to be printed: some column has one, and no given cell
    says it.
    """
    totals = [number for number, column in enumerate(table.columns) if column.total]
    for row in table.rows:
        cells = [row.cells[number] for number in totals if number < len(row.cells)]
        if any(isinstance(cell, content.Given) for cell in cells):
            return False
    return bool(totals)
