"""What is written, turned into blocks that a reader will hold: names, labels, numbers and what is left out are decided here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from mentorkit.compose.placeholders import Filler, LeftOut
from mentorkit.edition import content, field
from mentorkit.edition.field_names import field_name, label
from mentorkit.edition.strings import WORDS
from mentorkit.model.block import Column, Group, Link, Picture, PlainBlock, Question, Row, Table

T = TypeVar("T")
QUESTION_LINES, CELL_LINES = 3, 2


@dataclass(frozen=True)
class Setting:
    """What a block inherits: its home, the titles above it (for labels), lines, and whether answers come back."""

    home: str
    titles: tuple[str, ...]
    level: int
    lines: int | None = None
    returned: bool = False

    def below(self, written: PlainBlock) -> Setting:
        """The setting inside `written`."""
        return replace(
            self,
            lines=written.lines or self.lines,
            returned=self.returned if written.returned is None else written.returned,
        )


class Blocks:
    """Makes blocks for one reader. Questions are numbered through each home."""

    def __init__(self, fill: Filler, words: Mapping[str, str]) -> None:
        self.fill, self._words = fill, WORDS | words
        self._numbers: dict[str, int] = {}

    def kept(self, makers: Iterable[Callable[[], T]]) -> tuple[T, ...]:
        """What the makers make, without those that need a value nobody filled."""
        made = []
        for make in makers:
            try:
                with self.fill.held():
                    made.append(make())
            except LeftOut:
                continue
        return tuple(made)

    def block(
        self,
        written: PlainBlock,
        role: str,
        name: str,
        anchor: str,
        setting: Setting,
        **slots: object,
    ) -> content.Block:
        """One block with its slots filled and its parts inside it. `slots` adds what is particular to its role."""
        inner = setting.below(written)
        title = self.fill(written.title)
        titles = (*setting.titles, title) if title and role == "part" else setting.titles
        inner = replace(inner, titles=titles, level=setting.level + (1 if title else 0))
        made = content.Block(
            role,
            name,
            anchor,
            title,
            setting.level,
            written.look or "",
            self.fill(written.text),
            picture=self.picture(written.picture),
            table=self.table(written.table, inner) if written.table else None,
            questions=self.questions(written.questions, inner, numbered=written.look != "stairs"),
            links=self.links(written.links),
            parts=self.kept(
                (lambda n=n, p=p: self.block(p, "part", n, f"{anchor}__{n}", inner))
                for n, p in written.parts.items()
            ),
        )
        made = replace(made, **slots)  # type: ignore[arg-type]  # the slots' types are those of Block
        return made if role == "part" else told(made, self._words)

    def picture(self, written: Picture | None) -> content.Picture | None:
        return (
            content.Picture(
                f"curriculum/pictures/{written.file}",
                self.fill(written.alt),
                self.fill(written.caption),
            )
            if written
            else None
        )

    def links(self, written: Mapping[str, Link]) -> tuple[content.Link, ...]:
        return self.kept(
            (
                lambda w=w: content.Link(
                    self.fill(w.title), w.url or "", self.fill(w.by), self.fill(w.about)
                )
            )
            for w in written.values()
        )

    def questions(
        self, written: Mapping[str, Question], setting: Setting, numbered: bool = True
    ) -> tuple[content.Question, ...]:
        return self.kept(
            (lambda n=n, q=q: self._question(n, q, setting, numbered)) for n, q in written.items()
        )

    def _question(
        self, name: str, written: Question, setting: Setting, numbered: bool
    ) -> content.Question:
        text = self.fill(written.ask)
        lines = written.lines or setting.lines or QUESTION_LINES
        returned = setting.returned if written.returned is None else written.returned
        said = self.fill(written.label) or label(
            *setting.titles, last=text, scale=self._ends(written)
        )
        place = self._place(field_name(setting.home, name), said, written, lines, returned)
        number = 0
        if numbered and place.kind is field.Kind.TEXT and lines > 1:
            number = self._numbers[setting.home] = self._numbers.get(setting.home, 0) + 1
        return content.Question(number, text, self.fill(written.hint), place)

    def table(
        self, written: Table, setting: Setting, extra: Iterable[content.Row] = ()
    ) -> content.Table:
        """The table with every cell decided; `extra` rows come first (the SMART example)."""
        columns = tuple(self._column(name, column) for name, column in written.columns.items())
        groups = [
            content.Group(
                name,
                self.fill(group.title),
                self.fill(group.text),
                self._rows(group, group.rows, written, setting),
            )
            for name, group in written.groups.items()
        ]
        plain = (*extra, *self._rows(None, written.rows, written, setting))
        own = tuple(
            self._own_row(number, written, setting)
            for number in range(1, (written.own_rows or 0) + 1)
        )
        if plain or not groups:
            groups.insert(0, content.Group("", "", "", plain))
        if own:
            groups = (
                [*groups[:-1], replace(groups[-1], rows=groups[-1].rows + own)]
                if len(groups) == 1
                else [*groups, content.Group("own", self.fill(written.own_title), "", own)]
            )
        return content.Table(self.fill(written.first), columns, tuple(groups))

    def _column(self, name: str, written: Column) -> content.Column:
        return content.Column(
            name,
            self.fill(written.title),
            self.fill(written.hint),
            None if written.given else written.sort,
            written.points or 0,
            self.fill(written.left),
            self.fill(written.right),
            written.total or 0,
        )

    def _rows(
        self, group: Group | None, rows: Mapping[str, Row], table: Table, setting: Setting
    ) -> tuple[content.Row, ...]:
        titles = (*setting.titles, self.fill(group.title)) if group else setting.titles
        return self.kept(
            (lambda n=n, r=r: self._row(n, r, table, replace(setting, titles=titles)))
            for n, r in rows.items()
        )

    def _row(self, name: str, written: Row, table: Table, setting: Setting) -> content.Row:
        said = (
            written.label
            or written.text
            or f"1 = {(written.left or '').rstrip('. ')}, {{points}} = {written.right}"
        )
        cells: list[field.Place | content.Given] = []
        for column, about in table.columns.items():
            if column in written.cells or about.given:
                cells.append(content.Given(self.fill(written.cells.get(column))))
                continue
            head = self.fill(said).replace("{points}", str(about.points or ""))
            title = "" if len(table.columns) == 1 and written.left else self.fill(about.title)
            text = label(
                *setting.titles, head, last=self.fill(about.label) or title, scale=self._ends(about)
            )
            cells.append(
                self._place(
                    field_name(setting.home, name, column),
                    text,
                    about,
                    about.lines or setting.lines or CELL_LINES,
                    setting.returned,
                )
            )
        return content.Row(
            name,
            self.fill(written.text),
            self.fill(written.left),
            self.fill(written.right),
            cells=tuple(cells),
        )

    def _own_row(self, number: int, table: Table, setting: Setting) -> content.Row:
        name = f"own{number}"
        head = f"{self.fill(table.own_title) or 'A row of your own'} {number}"
        place = field.Place(
            field_name(setting.home, name, "text"),
            label(*setting.titles, head, last="what it is"),
            expected_lines=setting.lines or CELL_LINES,
            returned=setting.returned,
        )
        cells = tuple(
            content.Given("")
            if about.given
            else self._place(
                field_name(setting.home, name, column),
                label(*setting.titles, head, last=self.fill(about.title), scale=self._ends(about)),
                about,
                about.lines or setting.lines or CELL_LINES,
                setting.returned,
            )
            for column, about in table.columns.items()
        )
        return content.Row(name, own=place, cells=cells)

    def _place(
        self, name: str, said: str, about: Question | Column, lines: int, returned: bool
    ) -> field.Place:
        kind = about.sort
        return field.Place(
            name,
            said,
            kind,
            lines if kind is field.Kind.TEXT else 1,
            tuple(map(self.fill, about.choices)),
            about.points or 0,
            self.fill(about.left),
            self.fill(about.right),
            about.total or 0,
            about.at_most or 0,
            returned,
        )

    def _ends(self, about: Question | Column) -> str:
        """What a reader must know to answer, for a label: the scale's ends, or the form of a date; empty where all is said already."""
        if about.sort is field.Kind.DATE:
            return "year-month-day"
        if about.sort is not field.Kind.SCALE or not (about.left and about.right):
            return "in percent" if about.sort is field.Kind.PERCENT else ""
        return f"1 ({self.fill(about.left)}) to {about.points} ({self.fill(about.right)})"


def told(block: content.Block, words: Mapping[str, str], inside: bool = False) -> content.Block:
    """The block, telling its reader whether anybody collects it: once at its head, and on a page that may be returned again wherever something may not."""
    places = [place for part in content.walk(block) for place in content.places_in(part)]
    if not any(place.returned for place in places):
        return replace(block, privacy="private_part" if inside else "private") if places else block
    table = [place for place in content.places_in(replace(block, questions=()))]
    note = words["private_table"] if table and not table[0].returned else ""
    return replace(
        block,
        privacy="" if inside else "returned",
        text="\n\n".join(filter(None, (block.text, note))),
        questions=tuple(
            q
            if q.place.returned
            else replace(q, hint=" ".join(filter(None, (q.hint, words["private_answer"]))))
            for q in block.questions
        ),
        parts=tuple(told(part, words, True) for part in block.parts),
    )
