"""The participant's editions: the workbook, and each worksheet as a document of its own."""

from __future__ import annotations

from dataclasses import replace

from mentorkit.compose.blocks import Blocks, Setting
from mentorkit.compose.placeholders import Filler
from mentorkit.edition import content, field, workbook
from mentorkit.edition.field_names import OWNER, field_name
from mentorkit.edition.strings import WORDS
from mentorkit.model.block import PlainBlock, Rights
from mentorkit.model.cohort import Cohort, CohortMeeting
from mentorkit.model.program import Activity, CaseStudy, Module, Page, Session, Step
from mentorkit.program.facts import compute_values
from mentorkit.program.library import Filed, Library
from mentorkit.program.presence import present_names, take_home_lists
from mentorkit.program.schedule import held_in


class Book:
    """Composes one cohort's workbook. Afterwards `printed` says where each case and worksheet stands, by its short name."""

    def __init__(self, library: Library, cohort: Cohort) -> None:
        assert library.curriculum is not None
        self.library, self.cohort, self.spine = library, cohort, library.curriculum.model
        self.in_book = sheets_in_workbook(library)
        values = compute_values(library, cohort) | dict(cohort.values)
        self.fill = Filler(self.spine.values, values, titles_of(library), self._targets())
        self.blocks = Blocks(self.fill, self.spine.words)
        self.printed: dict[str, str] = {}  # short name: anchor

    def compose_workbook(self) -> workbook.Edition:
        front = tuple(self._page(name, "front") for name in self.spine.front)
        sessions = tuple(
            self._session(name, number, "session") for number, name in enumerate(self.chosen(), 1)
        )
        homework = tuple(
            self._session(name, number, "homework")
            for number, name in enumerate(self.spine.homework, 1)
        )
        back = tuple(self._page(name, "back") for name in self.spine.back)
        chapters = tuple(chapter for chapter in (*front, *sessions, *homework, *back) if chapter)
        return self._edition(
            "workbook", self.spine.title, self.spine.subtitle or "", chapters, self.credits()
        )

    def _targets(self) -> dict[str, str]:
        """Return short name to anchor for all that the workbook prints."""
        pages = (*self.spine.front, *self.spine.back)
        names = present_names(self.library) - self.library.worksheets.keys()
        names = names - (self.library.pages.keys() - set(pages))
        chapters = {name: f"chapter-{name}" for name in pages if name in self.library.pages}
        return {name: name for name in (*names, *self.in_book)} | chapters

    def worksheets(self) -> tuple[workbook.Edition, ...]:
        """Each worksheet that the workbook prints, in its order, then those to take home; call `compose_workbook` first."""
        printed = [name for name in self.printed if name in self.library.worksheets]
        return tuple(map(self.worksheet, (*printed, *self.take_home_names())))

    def take_home_names(self) -> tuple[str, ...]:
        """Return the worksheets that are printed as sheets of their own and not in the workbook, in order."""
        listed = [name for names in take_home_lists(self.library) for name in names]
        return tuple(
            name
            for name in dict.fromkeys(listed)
            if name in self.library.worksheets and name not in self.in_book
        )

    def take_home(self) -> workbook.Edition | None:
        """Return one document with all sheets to take home, each a chapter; None where there are none."""
        names = self.take_home_names()
        if not names:
            return None
        words = WORDS | self.spine.words
        book = Book(self.library, self.cohort)
        book.fill = book.blocks.fill = self.fill.aim({name: name for name in names})
        chapters = []
        for name in names:
            block = book._sheet(name, 1)
            chapters.append(
                workbook.Chapter("worksheet", name, f"chapter-{name}", block.title, blocks=(block,))
            )
        sheets = [self.library.worksheets[name].model for name in names]
        credits = tuple(self._credit(s.title, self.rights(s.rights)) for s in sheets)
        return self._edition("take-home", words["take_home"], "", tuple(chapters), credits)

    def worksheet(self, name: str) -> workbook.Edition:
        sheet = self.library.worksheets[name].model
        book = Book(self.library, self.cohort)
        book.fill = book.blocks.fill = self.fill.aim({name: name})
        block = book._sheet(name, 1)
        chapter = workbook.Chapter(
            "worksheet", name, f"chapter-{name}", block.title, blocks=(block,)
        )
        edition = self._edition(
            name,
            block.title,
            sheet.about or "",
            (chapter,),
            (self._credit(sheet.title, self.rights(sheet.rights)),),
        )
        return replace(edition, both_sides=sheet.both_sides)

    def chosen(self) -> list[str]:
        """The sessions of this cohort, in the curriculum's order: those that its meetings name, or all."""
        present = [name for name in self.spine.sessions if name in self.library.sessions]
        return [
            name for name in present if self.met(name, self.library.sessions[name].model)
        ] or present

    def _edition(
        self,
        name: str,
        title: str,
        subtitle: str,
        chapters: tuple[workbook.Chapter, ...],
        credits: tuple[workbook.Credit, ...],
    ) -> workbook.Edition:
        return workbook.Edition(
            name,
            self.fill(title),
            self.fill(subtitle),
            workbook.Audience.PARTICIPANT,
            self.spine.lang,
            self.spine.release,
            self.cohort.title,
            self.cohort.values.get("institution", ""),
            chapters,
            dict(self.spine.words),
            credits,
            self.cohort.logo or "",
            self.cohort.paper,
            owner=field.Place(OWNER, (WORDS | self.spine.words)["name"]),
        )

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
        return workbook.Chapter(kind, name, f"chapter-{name}", block.title, blocks=(block,))

    def _paged(self, name: str, page: Page) -> content.Block:
        return self.blocks.block(
            page,
            "page",
            name,
            name,
            Setting(name, (self.fill(page.title),), 1),
            credit=self._line(page),
        )

    def _session(self, name: str, number: int, kind: str) -> workbook.Chapter | None:
        file = self.library.sessions.get(name)
        if file is None:
            return None
        session, before = file.model, ()
        if session.before:
            setting = Setting(
                field_name(name, "before"), (self.fill(session.before.title or session.title),), 2
            )
            refs, sheets = self._sheets(session.before.worksheets, 2)
            before = (
                self.blocks.block(
                    session.before, "before", "before", f"{name}__before", setting, refs=refs
                ),
                *sheets,
                *self._take_home_list(f"{name}__before", session.before.take_home),
            )
        position = 5 if kind == "homework" else (number - 1) % 5
        return workbook.Chapter(
            kind,
            name,
            name,
            self.fill(session.title),
            number,
            position,
            self.fill(session.text),
            self.meeting(name, session),
            tuple(self._module(key, module) for key, module in session.modules.items()),
            before,
        )

    def meeting(self, name: str, session: Session) -> workbook.Meeting:
        found = self.met(name, session)
        return self.dated(found) if found else workbook.Meeting()

    @staticmethod
    def dated(found: CohortMeeting) -> workbook.Meeting:
        """A meeting's date and time as they are printed."""
        day = found.date or found.due
        date = f"{day:%A, %B} {day.day}, {day.year}" if day else ""
        time = f"{found.start}–{found.end}" if found.start and found.end else found.start or ""
        return workbook.Meeting(
            f"Due {date}" if found.due else date,
            time,
            found.place or "",
            found.link or "",
            found.feedback or "",
        )

    def met(self, name: str, session: Session) -> CohortMeeting | None:
        """The cohort's first meeting for this session."""
        own = {activity for module in session.modules.values() for activity in module.activities}
        return next(
            (
                m
                for m in self.cohort.meetings
                if m.session == name or own & {activity for activity, _ in held_in(self.library, m)}
            ),
            None,
        )

    # ---- modules

    def _module(self, name: str, module: Module) -> workbook.Module:
        blocks: list[content.Block] = []
        for key, activity in module.activities.items():
            blocks += self._activity(key, activity)
        refs, sheets = self._sheets(module.worksheets, 3)
        blocks += sheets
        if module.links or refs:
            plain = PlainBlock(title="Resources", links=module.links)
            blocks.append(
                self.blocks.block(
                    plain,
                    "links",
                    "links",
                    f"{name}__links",
                    Setting(name, (self.fill(module.title),), 3),
                    refs=refs,
                )
            )
        blocks += self._take_home_list(name, module.take_home)
        blocks += [self._strategies(name, module), self._smart(name, module)]
        return workbook.Module(
            name,
            name,
            self.fill(module.title),
            self.fill(module.topic or module.title),
            self.fill(module.text),
            self.blocks.kept((lambda o=o: self.fill(o.text)) for o in module.objectives.values()),
            tuple(blocks),
        )

    def _take_home_list(self, anchor: str, names: tuple[str, ...]) -> list[content.Block]:
        """Return a list of the sheets to take home, by title and what they are about; none where there are none."""
        files = [self.library.worksheets[name] for name in names if name in self.library.worksheets]
        if not files:
            return []
        words = WORDS | self.spine.words
        apart = [file.model for file in files if file.name not in self.in_book]
        inside = [file for file in files if file.name in self.in_book]
        plain = PlainBlock(
            title=words["take_home"],
            text=words["take_home_about"] if apart else None,
        )
        links = tuple(content.Link(self.fill(s.title), about=self.fill(s.about)) for s in apart)
        refs = tuple(content.Ref(f.name, self.fill(f.model.title), "worksheet") for f in inside)
        setting = Setting(anchor, (words["take_home"],), 3)
        block = self.blocks.block(
            plain, "links", "take_home", f"{anchor}__take_home", setting, links=links, refs=refs
        )
        return [block]

    def _activity(self, name: str, activity: Activity) -> list[content.Block]:
        """The activity, then the case and the worksheets that it is the first to use."""
        case = self.case_of(activity)
        refs, after = self._sheets(activity.worksheets, 3)
        if case and case.name in self.printed:
            refs = (
                content.Ref(self.printed[case.name], self.fill(case.model.title), "case study"),
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
        board = activity.board
        shown = activity.model_copy(
            update={"text": activity_text(activity, case.model if case else None)}
        )
        block = self.blocks.block(
            shown,
            "activity",
            name,
            name,
            Setting(name, (title,), 3),
            title=title,
            steps=steps,
            refs=refs,
            board=self.fill(board.title) if board else "",
            board_url=self.cohort.boards.get(name, ""),
            board_columns=tuple(map(self.fill, board.columns)) if board else (),
        )
        return [block, *after]

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

    def _case(self, file: Filed[CaseStudy]) -> content.Block:
        case = file.model
        plain = PlainBlock().model_copy(
            update={
                "title": case.title,
                "text": case.text,
                "questions": case.questions,
                "returned": case.returned,
            }
        )
        return self.blocks.block(
            plain,
            "case",
            file.name,
            file.name,
            Setting(file.name, (self.fill(case.title),), 3),
            people=self.fill("; ".join(case.people)),
            heads_up=self.fill(case.heads_up),
            credit=self._line(case),
        )

    def _sheets(
        self, names: tuple[str, ...], level: int
    ) -> tuple[tuple[content.Ref, ...], list[content.Block]]:
        """References to worksheets printed before, and the blocks of those printed here."""
        refs, blocks = [], []
        for name in names:
            if name in self.printed:
                refs.append(
                    content.Ref(
                        self.printed[name],
                        self.fill(self.library.worksheets[name].model.title),
                        "worksheet",
                    )
                )
            elif name in self.library.worksheets:
                blocks.append(self._sheet(name, level))
        return tuple(refs), blocks

    def _sheet(self, name: str, level: int) -> content.Block:
        sheet = self.library.worksheets[name].model
        self.printed[name] = name
        return self.blocks.block(
            sheet,
            "worksheet",
            name,
            name,
            Setting(name, (self.fill(sheet.title),), level),
            credit=self._line(sheet),
        )

    def _strategies(self, name: str, module: Module) -> content.Block:
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
        title = f"{self.fill(frame.title)}: {topic}"
        return self.blocks.block(
            plain,
            "strategies",
            "strategies",
            f"{name}__strategies",
            setting,
            title=title,
            stem=self.fill(frame.text),
        )

    def _smart(self, name: str, module: Module) -> content.Block:
        """The curriculum's SMART table, with the module's example row where there is one."""
        frame = self.spine.smart
        assert frame.table is not None
        topic = self.fill(module.topic or module.title)
        setting = Setting(
            name, (self.fill(frame.title), topic), 3, frame.lines, bool(frame.returned)
        )
        plain = frame.model_copy(update={"table": None})
        example = content.Row(
            "example",
            "Example",
            example=True,
            cells=tuple(
                content.Given(self.fill(module.smart_example.get(column)))
                for column in frame.table.columns
            ),
        )
        table = self.blocks.table(frame.table, setting, [example] if module.smart_example else [])
        return self.blocks.block(
            plain,
            "smart",
            "smart",
            f"{name}__smart",
            setting,
            title=f"{self.fill(frame.title)}: {topic}",
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
        """One entry for the program and one for each case, worksheet and page of this book that says something else."""
        own = [self._credit(self.spine.title, self.rights("own"))]
        files = [
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
