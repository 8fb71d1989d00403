"""Sections of a cohort's books: activities, cases, worksheets, and what ends a module."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mentorkit.compose.blocks import Blocks
from mentorkit.compose.placeholders import Filler
from mentorkit.compose.tables import Setting
from mentorkit.edition import content
from mentorkit.edition.content import Content, RefKind, Role
from mentorkit.edition.section import Section
from mentorkit.edition.strings import phrase
from mentorkit.model.block import PlainBlock, Rights
from mentorkit.model.cohort import Cohort
from mentorkit.model.program import Activity, CaseStudy, Module, Page, Step
from mentorkit.program.facts import compute_values
from mentorkit.program.library import Filed, Library
from mentorkit.program.meetings import (
    chapter_anchors,
    plan_meetings,
)
from mentorkit.program.presence import present_names


class BookSections:
    """Composes the sections of one cohort.

    Afterwards `printed` gives the anchor of each case and worksheet, by its short name.
    """

    def __init__(self, library: Library, cohort: Cohort) -> None:
        assert library.curriculum is not None
        self.library, self.cohort, self.spine = library, cohort, library.curriculum.model
        self.in_book = sheets_in_workbook(library)
        self.plans = plan_meetings(library, cohort)
        values = compute_values(library, cohort) | dict(cohort.values)
        self.fill = Filler(self.spine.values, values, titles_of(library), self._targets())
        self.blocks = Blocks(self.fill, self.spine.words)
        self.words = self.blocks.words
        self.printed: dict[str, str] = {}  # short name: anchor

    def _targets(self) -> dict[str, str]:
        """Return short name to anchor for all that the workbook prints."""
        pages = (*self.spine.front, *self.spine.back)
        names = present_names(self.library) - self.library.worksheets.keys()
        names = names - (self.library.pages.keys() - set(pages))
        chapters = {name: f"chapter-{name}" for name in pages if name in self.library.pages}
        anchors = {name: name for name in (*names, *self.in_book)}
        return anchors | chapters | chapter_anchors(self.plans)

    def _take_home_list(self, anchor: str, names: tuple[str, ...]) -> list[Section]:
        """Return a list of the sheets to take home, by title and what they are about; none where
        there are none.
        """
        files = [self.library.worksheets[name] for name in names if name in self.library.worksheets]
        if not files:
            return []
        apart = [file.model for file in files if file.name not in self.in_book]
        inside = [file for file in files if file.name in self.in_book]
        plain = PlainBlock(
            title=self.words["take_home"],
            text=self.words["take_home_about"] if apart else None,
        )
        section = self.blocks.section(
            plain,
            Role.LINKS,
            "take_home",
            f"{anchor}__take_home",
            Setting(anchor, (self.words["take_home"],), 3),
            links=tuple(content.Link(self.fill(s.title), about=self.fill(s.about)) for s in apart),
            references=[
                content.Ref(file.name, self.fill(file.model.title), RefKind.WORKSHEET)
                for file in inside
            ],
        )
        return [section]

    def _activity(self, name: str, activity: Activity) -> list[Section]:
        """The activity, then the case and the worksheets that it is the first to use."""
        case = self.case_of(activity)
        refs, after = self._sheets(activity.worksheets, 3)
        if case and case.name in self.printed:
            refs = (
                content.Ref(self.printed[case.name], self.fill(case.model.title), RefKind.CASE),
                *refs,
            )
        elif case:
            self.printed[case.name] = case.name
            after = [self._case(case), *after]
        title = self.fill(activity.title or (case.model.title if case else name))
        steps = tuple(
            content.Step(key, self.fill(do), step.shape or "")
            for key, step in activity.steps.items()
            if (do := step_text(step, case.model if case else None))
        )
        shown = activity.model_copy(
            update={"text": activity_text(activity, case.model if case else None)}
        )
        after_text: list[Content] = [content.Steps(steps)] if steps else []
        if board := activity.board:
            columns = tuple(map(self.fill, board.columns))
            url = self.cohort.boards.get(name, "")
            after_text.append(content.Board(self.fill(board.title), url, columns))
        section = self.blocks.section(
            shown,
            Role.ACTIVITY,
            name,
            name,
            Setting(name, (title,), 3),
            title=title,
            after_text=after_text,
            references=refs,
        )
        return [section, *after]

    def case_of(self, activity: Activity) -> Filed[CaseStudy] | None:
        """The case that the activity uses, in the chosen variation."""
        if not activity.case:
            return None
        varied = (
            self.library.varied.get((activity.case, activity.variation))
            if activity.variation
            else None
        )
        return varied or self.library.cases.get(activity.case)

    def _case(self, file: Filed[CaseStudy], *, is_alone: bool = False) -> Section:
        """Return the story and its questions.

        Where it is alone, without its activity, also its introduction and what the steps ask.
        """
        case = file.model
        plain = PlainBlock().model_copy(
            update={
                "title": case.title,
                "text": case.text,
                "questions": case.questions,
                "returned": case.returned,
            }
        )
        before_text: list[Content] = []
        steps = tuple(content.Step(name, self.fill(s.do)) for name, s in case.steps.items())
        after_text = [content.Steps(steps)] if steps and is_alone else []
        if case.introduction and is_alone:
            before_text.append(content.Prose(self.fill(case.introduction)))
        if case.people:
            before_text.append(content.WhoIsWho(self.fill("; ".join(case.people))))
        if case.heads_up:
            heads_up = content.Notice(content.NoticeKind.HEADS_UP, self.fill(case.heads_up))
            before_text.append(heads_up)
        return self.blocks.section(
            plain,
            Role.CASE,
            file.name,
            file.name,
            Setting(file.name, (self.fill(case.title),), 3),
            before_text=before_text,
            after_text=after_text,
            credit=self._line(case),
        )

    def _sheets(
        self, names: tuple[str, ...], level: int
    ) -> tuple[tuple[content.Ref, ...], list[Section]]:
        """References to worksheets printed before, and the blocks of those printed here."""
        refs, blocks = [], []
        for name in names:
            if name in self.printed:
                refs.append(
                    content.Ref(
                        self.printed[name],
                        self.fill(self.library.worksheets[name].model.title),
                        RefKind.WORKSHEET,
                    )
                )
            elif name in self.library.worksheets:
                blocks.append(self._sheet(name, level))
        return tuple(refs), blocks

    def _sheet(self, name: str, level: int) -> Section:
        sheet = self.library.worksheets[name].model
        self.printed[name] = name
        return self.blocks.section(
            sheet,
            Role.WORKSHEET,
            name,
            name,
            Setting(name, (self.fill(sheet.title),), level),
            credit=self._line(sheet),
        )

    def _strategies(self, name: str, module: Module) -> Section:
        """The module's strategies as the rows of the curriculum's table."""
        frame = self.spine.strategies
        assert frame.table is not None
        rows = {key: {"text": strategy.text} for key, strategy in module.strategies.items()}
        table = type(frame.table).model_validate(
            {**frame.table.model_dump(exclude_unset=True), "rows": rows}
        )
        topic = self.fill(module.topic or module.title)
        setting = Setting(name, (self.fill(frame.title), topic), 3)
        plain = frame.model_copy(update={"table": table, "text": None})
        stem = self.fill(frame.text)
        return self.blocks.section(
            plain,
            Role.STRATEGIES,
            "strategies",
            f"{name}__strategies",
            setting,
            title=phrase(self.words["title_with_topic"], title=self.fill(frame.title), topic=topic),
            after_text=[content.Stem(stem)] if stem else [],
        )

    def _smart(self, name: str, module: Module) -> Section:
        """The curriculum's SMART table, with the module's example row where there is one."""
        frame = self.spine.smart
        assert frame.table is not None
        topic = self.fill(module.topic or module.title)
        setting = Setting(
            name, (self.fill(frame.title), topic), 3, frame.lines, bool(frame.returned)
        )
        plain = frame.model_copy(update={"table": None})
        example = content.Row(
            name="example",
            text=self.words["example"],
            example=True,
            cells=tuple(
                content.Given(self.fill(module.smart_example.get(column)))
                for column in frame.table.columns
            ),
        )
        table = self.blocks.table(
            frame.table,
            setting,
            kind=content.GoalTable,
            extra=[example] if module.smart_example else [],
        )
        return self.blocks.section(
            plain,
            Role.SMART,
            "smart",
            f"{name}__smart",
            setting,
            title=phrase(self.words["title_with_topic"], title=self.fill(frame.title), topic=topic),
            table=table,
        )

    def rights(self, named: str | Rights | None) -> Rights:
        """The rights themselves, where a file only names them."""
        return named if isinstance(named, Rights) else self.spine.rights[named or "own"]

    def _line(self, written: Page | CaseStudy) -> str:
        """The credit printed at the foot of what is not wholly ours; empty for our own."""
        return (
            "" if isinstance(written.rights, str) else self.fill(self.rights(written.rights).credit)
        )

    def _module_end(self, name: str, module: Module) -> list[Section]:
        """Return what ends a module: its worksheets, links, strategies and goal."""
        refs, sections = self._sheets(module.worksheets, 3)
        if module.links or refs:
            plain = PlainBlock(title=self.words["resources"], links=module.links)
            setting = Setting(name, (self.fill(module.title),), 3)
            anchor = f"{name}__links"
            sections.append(
                self.blocks.section(plain, Role.LINKS, "links", anchor, setting, references=refs)
            )
        sections += self._take_home_list(name, module.take_home)
        return [*sections, self._strategies(name, module), self._smart(name, module)]


def titles_of(library: Library) -> dict[str, str]:
    """Return the title of everything that has a short name: what a link without words prints."""
    titles = {file.name: file.model.title for file in library.sessions.values()}
    for session in library.sessions.values():
        for name, module in session.model.modules.items():
            titles[name] = module.title
            for key, activity in module.activities.items():
                case = library.cases.get(activity.case or "")
                titles[key] = activity.title or (case.model.title if case else key)
    titles |= {file.name: file.model.title for file in library.cases.values()}
    titles |= {file.name: file.model.title for file in library.worksheets.values()}
    return titles | {file.name: file.model.title for file in library.pages.values()}


def sheets_in_workbook(library: Library) -> frozenset[str]:
    """Return the worksheets that something lists to be printed in the workbook."""
    assert library.curriculum is not None
    spine = library.curriculum.model
    names = {*spine.front, *spine.back}
    for session in library.sessions.values():
        if session.model.before:
            names.update(session.model.before.worksheets)
        for module in session.model.modules.values():
            names.update(module.worksheets)
            for activity in module.activities.values():
                names.update(activity.worksheets)
    return frozenset(names & library.worksheets.keys())


def activity_text(activity: Activity, case: CaseStudy | None) -> str | None:
    """Return the text of an activity, then the introduction of its case."""
    parts = (activity.text, case.introduction if case else None)
    return "\n\n".join(filter(None, parts)) or None


def step_text(step: Step, case: CaseStudy | None) -> str | None:
    """Return what a step asks: its own words, or those that its case has for it."""
    if step.from_case and case and step.from_case in case.steps:
        return case.steps[step.from_case].do
    return step.do


def mark_neighbors(sections: Sequence[Section]) -> tuple[Section, ...]:
    """Return the sections of a module, each knowing whether it leads to the next and follows the
    one before.

    An activity introduces the case or worksheet after it. A case or worksheet continues its
    activity, and an activity that introduces something continues the module's head.
    """
    marked = []
    for number, section in enumerate(sections):
        following = sections[number + 1 : number + 2]
        is_activity = section.role is Role.ACTIVITY
        introduces = is_activity and any(s.role in (Role.CASE, Role.WORKSHEET) for s in following)
        follows_activity = number > 0 and sections[number - 1].role is Role.ACTIVITY
        continues = introduces and number == 0 if is_activity else follows_activity
        marked.append(replace(section, introduces=introduces, continues=continues))
    return tuple(marked)
