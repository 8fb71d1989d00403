"""Turn what is written into sections; what is left out is decided here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from mentorkit.compose.placeholders import Filler
from mentorkit.compose.privacy import add_notices
from mentorkit.compose.tables import Setting, Tables
from mentorkit.edition import content
from mentorkit.edition.content import AnyTable, Content, Role
from mentorkit.edition.field import Kind
from mentorkit.edition.field_names import field_name, label
from mentorkit.edition.section import Section
from mentorkit.model.block import Link, Picture, PlainBlock, Question

QUESTION_LINES = 3
STAIRS, LETTER = "stairs", "letter"
LEAST_PICTURES = 4  # in a gallery
LEAST_TERMS, LONGEST_TERM, LONGEST_MEANING = 6, 33, 419  # a list of terms; characters


class Blocks(Tables):
    """Composes sections for one reader. Questions are numbered through each home."""

    def __init__(self, fill: Filler, words: Mapping[str, str]) -> None:
        super().__init__(fill, words)
        self._numbers: dict[str, int] = {}

    def section(
        self,
        written: PlainBlock,
        role: Role,
        name: str,
        anchor: str,
        setting: Setting,
        *,
        title: str | None = None,
        before_text: Sequence[Content] = (),
        after_text: Sequence[Content] = (),
        table: AnyTable | None = None,
        references: Sequence[content.Ref] = (),
        links: tuple[content.Link, ...] = (),
        credit: str = "",
    ) -> Section:
        """Return one section: what is written, in order, with what its role adds to it."""
        inner = setting.below(written)
        heading = self.fill(written.title)
        titles = (*setting.titles, heading) if heading and role is Role.PART else setting.titles
        inner = replace(inner, titles=titles, level=setting.level + (1 if heading else 0))
        if role is Role.PART:
            inner = replace(inner, part="_".join(filter(None, (setting.part, name))))
        if written.table and table is None:
            table = self.table(written.table, inner, written.look)
        links = self.links(written.links) + links
        items: list[Content | Section] = [
            *before_text,
            *self._text(written, role),
            *after_text,
            *([self.picture(written.picture)] if written.picture else []),
            *([table] if table else []),
            *self._questions(written, inner),
            *([content.LinkList(links)] if links else []),
            *([content.CrossReferences(tuple(references))] if references else []),
            *self._parts(written, anchor, inner),
            *([content.CreditLine(credit)] if credit else []),
        ]
        made = Section(
            role=role,
            name=name,
            anchor=anchor,
            title=heading if title is None else title,
            level=setting.level,
            content=tuple(items),
            is_letter=written.look == LETTER,
        )
        if role is Role.PART:
            return made
        return add_notices(made, self.fill.value_of("contact"))

    def _text(self, written: PlainBlock, role: Role) -> Iterator[Content]:
        text = self.fill(written.text)
        if text:
            yield content.Story(text) if role is Role.CASE else content.Prose(text)

    def picture(self, written: Picture) -> content.Figure:
        """Return the picture with its filled texts."""
        file = f"curriculum/pictures/{written.file}"
        return content.Figure(file, self.fill(written.alt), self.fill(written.caption))

    def links(self, written: Mapping[str, Link]) -> tuple[content.Link, ...]:
        """Return the links; those that need a value that is not filled are left out."""

        def maker(link: Link) -> Callable[[], content.Link]:
            return lambda: content.Link(
                self.fill(link.title), link.url or "", self.fill(link.by), self.fill(link.about)
            )

        return self.kept(map(maker, written.values()))

    def _questions(self, written: PlainBlock, setting: Setting) -> list[Content]:
        is_staircase = written.look == STAIRS

        def maker(name: str, question: Question) -> Callable[[], content.Question]:
            return lambda: self._question(name, question, setting, is_numbered=not is_staircase)

        questions = self.kept(maker(name, each) for name, each in written.questions.items())
        if is_staircase:
            return [content.Staircase(questions)] if questions else []
        return group_signatures(questions)

    def _question(
        self, name: str, written: Question, setting: Setting, *, is_numbered: bool
    ) -> content.Question:
        text = self.fill(written.ask)
        lines = written.lines or setting.lines or QUESTION_LINES
        place = self.place(
            field_name(setting.home, name),
            self.fill(written.label) or label(*setting.titles, last=text, scale=self.ends(written)),
            written,
            lines=lines,
            returned=setting.returned if written.returned is None else written.returned,
        )
        number = 0
        if is_numbered and place.kind is Kind.TEXT and lines > 1:
            number = self._numbers[setting.home] = self._numbers.get(setting.home, 0) + 1
        return content.Question(number, text, self.fill(written.hint), place)

    def _parts(
        self, written: PlainBlock, anchor: str, setting: Setting
    ) -> Sequence[Content | Section]:
        def maker(name: str, part: PlainBlock) -> Callable[[], Section]:
            return lambda: self.section(part, Role.PART, name, f"{anchor}__{name}", setting)

        parts = self.kept(maker(name, part) for name, part in written.parts.items())
        return gallery_of(parts) or term_list_of(parts) or parts


def group_signatures(questions: Sequence[content.Question]) -> list[Content]:
    """Return the questions as lists; a line of text and the date that follows it become a
    signature line.
    """
    found: list[Content] = []
    waiting: list[content.Question] = []
    for question in questions:
        last = waiting[-1].place if waiting else None
        is_date = question.place.kind is Kind.DATE
        if is_date and last and last.kind is Kind.TEXT and last.expected_lines == 1:
            signature = waiting.pop()
            found += [content.QuestionList(tuple(waiting))] if waiting else []
            found.append(content.SignatureLine(signature, question))
            waiting = []
        else:
            waiting.append(question)
    return [*found, content.QuestionList(tuple(waiting))] if waiting else found


def gallery_of(parts: Sequence[Section]) -> list[Content]:
    """Return the parts as a gallery where they are pictures to choose from; else nothing."""
    items = []
    for part in parts:
        match part.content:
            case (content.Figure() as figure,):
                text = ""
            case (content.Prose(text), content.Figure() as figure):
                pass
            case _:
                return []
        items.append(content.GalleryItem(part.name, part.anchor, part.title, figure, text))
    return [content.Gallery(tuple(items))] if len(items) >= LEAST_PICTURES else []


def term_list_of(parts: Sequence[Section]) -> list[Content]:
    """Return the parts as a list of terms where each is a word with a few lines on it; else
    nothing.
    """
    terms = []
    for part in parts:
        match part.content:
            case (content.Prose(text),) if part.title and not part.is_letter:
                terms.append(content.Term(part.name, part.anchor, part.title, text))
            case _:
                return []
    is_brief = all(len(t.title) <= LONGEST_TERM and len(t.text) <= LONGEST_MEANING for t in terms)
    return [content.TermList(tuple(terms))] if is_brief and len(terms) >= LEAST_TERMS else []
