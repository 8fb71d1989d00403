"""The participant's editions: the workbook, and each worksheet as a document of its own."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import replace

from mentorkit.compose.blocks import Blocks
from mentorkit.compose.placeholders import Filler
from mentorkit.compose.tables import Setting
from mentorkit.edition import content, workbook
from mentorkit.edition.content import Content, RefKind, Role
from mentorkit.edition.field import Place
from mentorkit.edition.field_names import OWNER, field_name
from mentorkit.edition.section import Section
from mentorkit.edition.strings import phrase
from mentorkit.model.block import PlainBlock, Rights
from mentorkit.model.cohort import Cohort, CohortMeeting
from mentorkit.model.program import Activity, CaseStudy, Module, Page, Step, Worksheet
from mentorkit.program.facts import compute_values
from mentorkit.program.library import Filed, Library
from mentorkit.program.meetings import (
    MeetingPlan,
    ModulePart,
    chapter_anchors,
    plan_meetings,
)
from mentorkit.program.presence import present_names, take_home_lists


class Book:
    """Composes one cohort's workbook.

    Afterwards `printed` says where each case and worksheet stands, by its short name.
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

    def compose_workbook(self) -> workbook.Edition:
        front = tuple(self._page(name, "front") for name in self.spine.front)
        meetings = tuple(map(self._meeting, self.plans))
        back = tuple(self._page(name, "back") for name in self.spine.back)
        chapters = tuple(chapter for chapter in (*front, *meetings, *back) if chapter)
        edition = self._edition(
            "workbook", self.spine.title, self.spine.subtitle or "", chapters, self.credits()
        )
        return replace(edition, about=self.fill(self.spine.text))

    def _targets(self) -> dict[str, str]:
        """Return short name to anchor for all that the workbook prints."""
        pages = (*self.spine.front, *self.spine.back)
        names = present_names(self.library) - self.library.worksheets.keys()
        names = names - (self.library.pages.keys() - set(pages))
        chapters = {name: f"chapter-{name}" for name in pages if name in self.library.pages}
        anchors = {name: name for name in (*names, *self.in_book)}
        return anchors | chapters | chapter_anchors(self.plans)

    def worksheets(self) -> tuple[workbook.Edition, ...]:
        """Each worksheet that the workbook prints, in its order, then those to take home; call
        `compose_workbook` first.
        """
        printed = [name for name in self.printed if name in self.library.worksheets]
        return tuple(map(self.worksheet, (*printed, *self.take_home_names())))

    def take_home_names(self) -> tuple[str, ...]:
        """Return the worksheets that are printed as sheets of their own and not in the workbook,
        in order.
        """
        listed = [name for names in take_home_lists(self.library) for name in names]
        return tuple(
            name
            for name in dict.fromkeys(listed)
            if name in self.library.worksheets and name not in self.in_book
        )

    def take_home(self) -> workbook.Edition | None:
        """Return one document with all sheets to take home, each a chapter; None where there are
        none.
        """
        names = self.take_home_names()
        if not names:
            return None
        book = Book(self.library, self.cohort)
        book.fill = book.blocks.fill = self.fill.aim({name: name for name in names})
        chapters = []
        for name in names:
            section = book._sheet(name, 1)
            chapters.append(
                workbook.Chapter(
                    kind="worksheet",
                    name=name,
                    anchor=f"chapter-{name}",
                    title=section.title,
                    sections=(section,),
                )
            )
        sheets = [self.library.worksheets[name].model for name in names]
        credits = tuple(self._credit(s.title, self.rights(s.rights)) for s in sheets)
        return self._edition("take-home", self.words["take_home"], "", tuple(chapters), credits)

    def stories(self) -> workbook.Edition | None:
        """Return every case study in each of its versions, a chapter for each case; None without
        cases.
        """
        if not self.library.cases:
            return None
        book = Book(self.library, self.cohort)
        book.fill = book.blocks.fill = self.fill.aim({})
        chapters = []
        for name, file in self.library.cases.items():
            versions = [(v, f) for (case, v), f in self.library.varied.items() if case == name]
            sections = [book._case(file, is_alone=True)]
            for version, other in versions:
                section = book._case(other, is_alone=True)
                sections.append(replace(section, anchor=f"{name}-{version}"))
            chapters.append(
                workbook.Chapter(
                    kind="worksheet",
                    name=name,
                    anchor=f"chapter-{name}",
                    title=self.fill(file.model.title),
                    sections=tuple(sections),
                )
            )
        cases = [file.model for file in self.library.cases.values()]
        credits = tuple(self._credit(case.title, self.rights(case.rights)) for case in cases)
        return self._edition("stories", self.words["cases"], "", tuple(chapters), credits)

    def worksheet(self, name: str) -> workbook.Edition:
        sheet = self.library.worksheets[name].model
        book = Book(self.library, self.cohort)
        book.fill = book.blocks.fill = self.fill.aim({name: name})
        block = book._sheet(name, 1)
        chapter = workbook.Chapter(
            kind="worksheet",
            name=name,
            anchor=f"chapter-{name}",
            title=block.title,
            sections=(block,),
        )
        edition = self._edition(
            name,
            block.title,
            sheet.about or "",
            (chapter,),
            (self._credit(sheet.title, self.rights(sheet.rights)),),
        )
        return replace(edition, both_sides=sheet.both_sides)

    def _edition(
        self,
        name: str,
        title: str,
        subtitle: str,
        chapters: tuple[workbook.Chapter, ...],
        credits: tuple[workbook.Credit, ...],
    ) -> workbook.Edition:
        return workbook.Edition(
            name=name,
            title=self.fill(title),
            subtitle=self.fill(subtitle),
            lang=self.spine.lang,
            release=self.spine.release,
            cohort=self.cohort.title,
            institution=self.cohort.values.get("institution", ""),
            chapters=chapters,
            words=self.printed_words(),
            credits=credits,
            logo=self.cohort.logo or "",
            owner=Place(OWNER, self.words["name"]),
        )

    def printed_words(self) -> dict[str, str]:
        """Return the curriculum's words; a format whose meetings have a name calls them by it."""
        plan = self.spine.formats.get(self.cohort.format or "")
        own = {"session": plan.unit[:1].upper() + plan.unit[1:]} if plan and plan.unit else {}
        return {**self.spine.words, **own}

    # ---- chapters

    def _page(self, name: str, kind: str) -> workbook.Chapter | None:
        file = self.library.pages.get(name) or self.library.worksheets.get(name)
        if file is None or name in self.printed:
            return None
        block = (
            self._sheet(name, 1)
            if name in self.library.worksheets
            else self._paged(name, file.model)
        )
        return workbook.Chapter(
            kind=kind,
            name=name,
            anchor=f"chapter-{name}",
            title=block.title,
            sections=(block,),
        )

    def _paged(self, name: str, page: Page) -> Section:
        return self.blocks.section(
            page,
            Role.PAGE,
            name,
            name,
            Setting(name, (self.fill(page.title),), 1),
            credit=self._line(page),
        )

    def _meeting(self, plan: MeetingPlan) -> workbook.Chapter:
        """Return the chapter of a meeting or of a unit of homework."""
        before = tuple(self._before(plan))  # a worksheet is printed where it is used first
        return workbook.Chapter(
            kind=plan.kind,
            name=plan.name,
            anchor=plan.name,
            title=self.fill(plan.title),
            number=plan.number,
            position=5 if plan.kind == "homework" else (plan.number - 1) % 5,
            text=self.summary(plan),
            meeting=meeting_of(plan.meeting, self.cohort.time_zone),
            modules=tuple(map(self._module, plan.modules)),
            sections=before,
        )

    def summary(self, plan: MeetingPlan) -> str:
        """Return the summary of the session that the meeting holds whole and alone, or nothing."""
        alone = len({part.session for part in plan.modules}) == 1
        return (
            self.fill(self.library.sessions[plan.name].model.text) if alone and plan.whole else ""
        )

    def _before(self, plan: MeetingPlan) -> Iterator[Section]:
        """Yield what comes before a meeting, for every session that begins in it, under one
        heading.
        """
        begins = [name for name in plan.opens if self.library.sessions[name].model.before]
        for name in begins:
            session = self.library.sessions[name].model
            before = session.before
            assert before is not None
            titles = (self.fill(before.title or session.title),)
            setting = Setting(field_name(name, "before"), titles, 2)
            refs, sheets = self._sheets(before.worksheets, 2)
            anchor, title = f"{name}__before", None
            if len(begins) > 1:
                title = self.words["before"] if name == begins[0] else ""
            yield self.blocks.section(
                before, Role.BEFORE, "before", anchor, setting, title=title, references=refs
            )
            yield from sheets
            yield from self._take_home_list(anchor, before.take_home)

    # ---- modules

    def _module(self, part: ModulePart) -> workbook.Module:
        """Return what a meeting holds of a module."""
        module = part.module
        sections: list[Section] = []
        for key, activity in module.activities.items():
            sections += self._activity(key, activity)
        if part.closes:
            sections += self._module_end(part.name, module)
        title = self.fill(module.title)
        return workbook.Module(
            name=part.name,
            anchor=part_anchor(part),
            title=title if part.opens else phrase(self.words["continued"], title=title),
            topic=self.fill(module.topic or module.title),
            text=self.fill(module.text) if part.opens else "",
            objectives=self.objectives(part),
            sections=mark_neighbors(sections),
        )

    def objectives(self, part: ModulePart) -> tuple[str, ...]:
        """Return the objectives of a module, in the meeting in which it begins."""
        written = part.module.objectives.values() if part.opens else ()
        return self.blocks.texts(objective.text for objective in written)

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

    # ---- rights

    def rights(self, named: str | Rights | None) -> Rights:
        """The rights themselves, where a file only names them."""
        return named if isinstance(named, Rights) else self.spine.rights[named or "own"]

    def _line(self, written: Page | CaseStudy) -> str:
        """The credit printed at the foot of what is not wholly ours; empty for our own."""
        return (
            "" if isinstance(written.rights, str) else self.fill(self.rights(written.rights).credit)
        )

    def credits(self) -> tuple[workbook.Credit, ...]:
        """One entry for the program and one for each case, worksheet and page of this book that
        says something else.
        """
        own = [self._credit(self.spine.title, self.rights("own"))]
        files: list[Filed[CaseStudy] | Filed[Worksheet] | Filed[Page]] = [
            *self.library.cases.values(),
            *self.library.worksheets.values(),
            *self.library.pages.values(),
        ]
        shown = [
            file
            for file in files
            if not isinstance(file.model.rights, str)
            and (file.name in self.printed or file.name in (*self.spine.front, *self.spine.back))
        ]
        return (
            *own,
            *(self._credit(file.model.title, self.rights(file.model.rights)) for file in shown),
        )

    def _credit(self, title: str, rights: Rights) -> workbook.Credit:
        return workbook.Credit(
            self.fill(title),
            self.fill(rights.credit),
            rights.license,
            self.fill(rights.source),
            rights.link or "",
        )


def meeting_of(meeting: CohortMeeting | None, zone: str) -> workbook.Meeting:
    """Return a meeting's date, times and place; empty where none is planned."""
    if meeting is None:
        return workbook.Meeting()
    return workbook.Meeting(
        date=meeting.date or meeting.due,
        is_due=bool(meeting.due),
        start=_time_of(meeting.start),
        end=_time_of(meeting.end),
        zone=zone,
        place=meeting.place or "",
        link=meeting.link or "",
        feedback=meeting.feedback or "",
    )


def _time_of(clock: str | None) -> datetime.time | None:
    """Return a time of day that is written as hours and minutes; None where none is written."""
    if not clock:
        return None
    hour, minute = clock.split(":")
    return datetime.time(int(hour), int(minute))


def part_anchor(part: ModulePart) -> str:
    """Return the anchor of a module in a chapter; a module that goes on there has another one."""
    return part.name if part.opens else f"{part.name}-{next(iter(part.module.activities))}"


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
