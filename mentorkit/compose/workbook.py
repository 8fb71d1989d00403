"""The participant's editions: the workbook, and each worksheet as a document of its own."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace

from mentorkit.compose.book_sections import BookSections, mark_neighbors
from mentorkit.compose.tables import Setting
from mentorkit.edition import workbook
from mentorkit.edition.content import Role
from mentorkit.edition.field import Place
from mentorkit.edition.field_names import OWNER, field_name
from mentorkit.edition.section import Section
from mentorkit.edition.strings import phrase
from mentorkit.model.block import Rights
from mentorkit.model.cohort import CohortMeeting
from mentorkit.model.program import CaseStudy, Page, Worksheet
from mentorkit.program.library import Filed
from mentorkit.program.meetings import (
    MeetingPlan,
    ModulePart,
)
from mentorkit.program.presence import take_home_lists


class Book(BookSections):
    """Composes one cohort's workbook.

    Afterwards `printed` says where each case and worksheet stands, by its short name.
    """

    def compose_workbook(self) -> workbook.Edition:
        front = tuple(self._page(name, "front") for name in self.spine.front)
        meetings = tuple(map(self._meeting, self.plans))
        back = tuple(self._page(name, "back") for name in self.spine.back)
        chapters = tuple(chapter for chapter in (*front, *meetings, *back) if chapter)
        edition = self._edition(
            "workbook", self.spine.title, self.spine.subtitle or "", chapters, self.credits()
        )
        return replace(edition, about=self.fill(self.spine.text))

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

    # ---- rights

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
