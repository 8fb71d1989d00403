"""The facilitator's own book: run sheets, activities and cases, each pointing to the page where
the participants are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from mentorkit.compose.book_sections import activity_text, step_text
from mentorkit.compose.notes import NotesComposer, join_notes
from mentorkit.compose.workbook import Book, meeting_of, part_anchor
from mentorkit.edition import guide
from mentorkit.edition.content import Ref, RefKind
from mentorkit.edition.strings import phrase
from mentorkit.model.block import Question
from mentorkit.model.program import Activity, Before, CaseStudy, Module, Step, Worksheet
from mentorkit.program.meetings import MeetingPlan, ModulePart, chapter_anchors
from mentorkit.program.presence import present_names
from mentorkit.program.schedule import Slot, late, time_activities


class Handbook(NotesComposer):
    """Composes the guide that belongs to a `Book` whose workbook has been composed."""

    def __init__(self, book: Book) -> None:
        self.book, self.library = book, book.library
        super().__init__(book.fill.aim(self._targets()), book.spine.words, book.cohort.mode)
        self.slots: dict[str, Slot] = {}  # of the meeting at hand
        # Case or worksheet: anchor of the activity with which its notes are printed.
        self._told: dict[str, str] = {}

    def _targets(self) -> dict[str, str]:
        """Return short name to anchor for all that has a heading of its own in the guide."""
        names = present_names(self.library) - self.library.cases.keys()
        spine = self.book.spine
        with_notes = {
            name
            for name in (*spine.front, *spine.back)
            if (file := self.library.pages.get(name)) and file.model.facilitator
        }
        pages = self.library.pages.keys() - {*spine.guide, *with_notes}
        anchors = {name: name for name in names - self.library.worksheets.keys() - pages}
        anchors |= chapter_anchors(self.book.plans)
        return {name: f"guide-{anchor}" for name, anchor in anchors.items()}

    def compose_guide(self) -> guide.Guide:
        spine, cohort = self.book.spine, self.book.cohort
        pages = [self._page(name) for name in spine.guide if name in self.library.pages]
        about = [*self._about(), *self._participant_pages(spine.front)]
        meetings = [*map(self._meeting, self.book.plans)]
        after = self._participant_pages(spine.back)
        return guide.Guide(
            title=phrase(self.blocks.words["guide_title"], title=self.fill(spine.title)),
            subtitle=self.fill(spine.subtitle),
            lang=spine.lang,
            release=spine.release,
            cohort=cohort.title,
            institution=cohort.values.get("institution", ""),
            mode=cohort.mode or "",
            chapters=(*pages, *about, *meetings, *after),
            words=self.book.printed_words(),
            departures=self.library.departures,
            credits=self.book.credits(),
            logo=cohort.logo or "",
        )

    def _about(self) -> Iterator[guide.GuideChapter]:
        """Yield what the program and the cohort say to facilitators about the whole of it."""
        notes = join_notes(
            self.notes(self.book.spine.facilitator, "about", 2),
            self.notes(self.book.cohort.facilitator, "about-cohort", 2),
        )
        if notes:
            yield guide.GuideChapter(
                kind="page",
                name="about",
                anchor="guide-about-program",
                title=self.blocks.words["about_program"],
                notes=notes,
            )

    def _participant_pages(self, names: Iterable[str]) -> Iterator[guide.GuideChapter]:
        """Yield the notes on pages and worksheets before the first meeting or after the last."""
        for name in names:
            file = self.library.pages.get(name) or self.library.worksheets.get(name)
            if file is None or name in self._told:
                continue
            self._told[name] = name
            notes = self.block_notes(file.model, name, 2)
            if notes:
                yield guide.GuideChapter(
                    kind="page",
                    name=name,
                    anchor=f"guide-{name}",
                    title=self.fill(file.model.title),
                    notes=notes,
                )

    def _page(self, name: str) -> guide.GuideChapter:
        page = self.library.pages[name].model
        return guide.GuideChapter(
            kind="page",
            name=name,
            anchor=f"guide-{name}",
            title=self.fill(page.title),
            notes=self.block_notes(page, name, 2),
        )

    def _meeting(self, plan: MeetingPlan) -> guide.GuideChapter:
        """Return the chapter of a meeting or of a unit of homework."""
        meeting = plan.meeting
        self.mode = (meeting.mode if meeting else None) or self.book.cohort.mode
        self.slots = time_activities(plan.activities, meeting)
        things = tuple(self._before_things(plan))  # their notes are printed with their first use
        modules = [*map(self._module, plan.modules)]
        notes = self._session_notes(plan)
        everything: list[guide.Notes | guide.Way] = [notes, *(thing.notes for thing in things)]
        everything += self._all_notes(modules)
        if self.mode:  # one way is chosen, so its lists are part of the session's
            everything += [
                way for n in self._all_notes(modules) for way in (n.in_person, n.online) if way
            ]
        sessions = [(name, self.library.sessions[name].model) for name in plan.opens]
        befores = [(name, session.before) for name, session in sessions if session.before]
        title = self.fill(plan.title)
        return guide.GuideChapter(
            kind=plan.kind,
            name=plan.name,
            anchor=f"guide-{plan.name}",
            title=title,
            number=plan.number,
            position=5 if plan.kind == "homework" else (plan.number - 1) % 5,
            text=self.book.summary(plan),
            minutes=sum(activity.length for _, activity in plan.activities),
            ref=Ref(plan.name, title, RefKind.SESSION),
            meeting=meeting_of(meeting, self.book.cohort.time_zone),
            led_by=meeting.led_by if meeting else (),
            prework=self._before_ref(*befores[0]) if befores else None,
            prework_text="\n\n".join(self.blocks.texts(b.text or "" for _, b in befores)),
            late=self._late(plan) if plan.kind == "session" else (),
            materials=once(item for n in everything for item in n.materials),
            prepare=once(item for n in everything for item in n.prepare),
            things=things,
            modules=tuple(modules),
            notes=notes,
        )

    def _before_things(self, plan: MeetingPlan) -> Iterator[guide.GuideThing]:
        """Yield the worksheets that people look at before a meeting and do not use in any."""
        used = self._used_in_meetings()
        for name in plan.opens:
            before, anchor = self.library.sessions[name].model.before, f"{name}__before"
            listed = (*before.worksheets, *before.take_home) if before else ()
            for sheet in listed:
                if sheet in self.book.printed and sheet not in used:
                    yield self._sheet(sheet, anchor)
                elif sheet in self.library.worksheets and sheet not in used:
                    yield self._sheet(sheet, anchor, f"{anchor}__take_home")

    def _used_in_meetings(self) -> set[str]:
        """Return the worksheets whose notes are printed with an activity or a module."""
        used: set[str] = set()
        for part in (part for plan in self.book.plans for part in plan.modules):
            used.update((*part.module.worksheets, *part.module.take_home))
            for activity in part.module.activities.values():
                used.update(activity.worksheets)
        return used

    def _before_ref(self, session: str, before: Before) -> Ref:
        return Ref(f"{session}__before", self.fill(before.title), RefKind.BEFORE)

    def _session_notes(self, plan: MeetingPlan) -> guide.Notes:
        """Return the notes of the sessions that begin in a meeting.

        What a session says about short time is left out where the meeting holds only some of it.
        """
        notes = guide.Notes()
        for name in plan.opens:
            written = self.library.sessions[name].model.facilitator
            found = self.notes(written, f"guide-{name}", 2)
            notes = join_notes(notes, found if name in plan.whole else replace(found, cut=""))
            if before := self.library.sessions[name].model.before:
                notes = join_notes(notes, self.block_notes(before, f"guide-{name}-before", 2))
        return notes

    def _late(self, plan: MeetingPlan) -> tuple[tuple[int, tuple[guide.Trim, ...]], ...]:
        """Return what to give up when so many minutes behind."""
        return tuple(
            (minutes, tuple(guide.Trim(self.fill(c.title), c.to, c.saves) for c in cuts))
            for minutes, cuts in late(plan.activities)
        )

    def _all_notes(self, modules: Sequence[guide.GuideModule]) -> Iterable[guide.Notes]:
        for module in modules:
            yield module.notes
            for activity in module.activities:
                yield activity.notes
                yield from (step.notes for step in activity.steps)
                yield from (thing.notes for thing in activity.things if thing.here)
            yield from (thing.notes for thing in module.things)

    def _module(self, part: ModulePart) -> guide.GuideModule:
        """Return what a meeting holds of a module."""
        name, module = part.name, part.module
        activities = [
            self._activity(key, activity, module) for key, activity in module.activities.items()
        ]
        things = tuple(
            self._sheet(sheet, name)
            for sheet in (module.worksheets if part.closes else ())
            if sheet in self.book.printed and sheet not in self._told
        )
        things += tuple(
            self._sheet(sheet, name, f"{name}__take_home")
            for sheet in (module.take_home if part.closes else ())
            if sheet in self.library.worksheets and sheet not in self._told
        )
        title, topic = self.fill(module.title), self.fill(module.topic or module.title)
        strategies, smart = self.book.spine.strategies.title, self.book.spine.smart.title
        ends = (
            Ref(f"{name}__strategies", self.fill(strategies), RefKind.STRATEGIES),
            Ref(f"{name}__smart", self.fill(smart), RefKind.SMART),
        )
        anchor = part_anchor(part)
        return guide.GuideModule(
            name=name,
            anchor=f"guide-{anchor}",
            title=title,
            topic=topic,
            minutes=module.minutes,
            objectives=self.book.objectives(part),
            activities=tuple(activities),
            refs=(Ref(anchor, title, RefKind.MODULE), *(ends if part.closes else ())),
            things=things,
            notes=self.notes(module.facilitator if part.opens else None, f"guide-{name}", 3),
        )

    def _activity(self, name: str, activity: Activity, module: Module) -> guide.GuideActivity:
        anchor = f"guide-{name}"
        slot = self.slots[name]
        case = self.book.case_of(activity)
        things = ([self._case(case.name, case.model, anchor)] if case else []) + [
            self._sheet(sheet, anchor)
            for sheet in activity.worksheets
            if sheet in self.book.printed
        ]
        title = self.fill(activity.title or (case.model.title if case else name))
        icon = (
            "case"
            if case
            else "board"
            if activity.board
            else "worksheet"
            if activity.worksheets
            else activity.shape or "all"
        )
        steps = tuple(
            guide.GuideStep(
                name=key,
                do=self.fill(step_text(step, case.model if case else None)),
                minutes=step.minutes,
                shortest=step.shortest or 0,
                shape=step.shape or "",
                priority=step.priority or activity.priority,
                notes=self._step_notes(step, case.model if case else None, f"{anchor}-{key}"),
            )
            for key, step in activity.steps.items()
        )
        served = [name for name in activity.serves if name in module.objectives]
        return guide.GuideActivity(
            name=name,
            anchor=anchor,
            ref=Ref(name, title, RefKind.ACTIVITY),
            title=title,
            minutes=activity.length,
            start=slot.start,
            clock=slot.clock,
            pause=slot.pause,
            opens=None,
            shape=activity.shape or "",
            priority=activity.priority,
            icon=icon,
            serves=self.blocks.texts(module.objectives[name].text for name in served),
            text=self.fill(activity_text(activity, case.model if case else None)),
            steps=steps,
            board=self.fill(activity.board.title) if activity.board else "",
            board_url=self.book.cohort.boards.get(name, ""),
            things=tuple(things),
            notes=self.block_notes(activity, anchor, 4),
        )

    def _case(self, name: str, case: CaseStudy, anchor: str) -> guide.GuideThing:
        here = self._told.setdefault(name, anchor) == anchor
        asked, noted = self._questions(case.questions.values())
        return guide.GuideThing(
            ref=Ref(name, self.fill(case.title), RefKind.CASE),
            kind=RefKind.CASE,
            title=self.fill(case.title),
            about=self.fill(case.about),
            heads_up=self.fill(case.heads_up),
            seat=case.seat,
            questions=asked,
            question_notes=noted,
            notes=self.notes(case.facilitator, f"{anchor}-{name}", 4),
            here=here,
            versions=tuple(self._versions(name, case)),
        )

    def _versions(self, name: str, case: CaseStudy) -> Iterator[tuple[str, str]]:
        """Yield title and subject of each version of a case that this cohort does not read."""
        files = [self.library.cases[name]]
        files += [file for (each, _), file in self.library.varied.items() if each == name]
        for file in files:
            if (file.model.title, file.model.people) != (case.title, case.people):
                yield self.fill(file.model.title), self.fill(file.model.about)

    def _step_notes(self, step: Step, case: CaseStudy | None, anchor: str) -> guide.Notes:
        """Return the notes of a step, then those that its case has for it."""
        notes = self.notes(step.facilitator, anchor, 4)
        told = case.steps.get(step.from_case or "") if case else None
        return join_notes(notes, self.notes(told.facilitator, anchor, 4)) if told else notes

    def _sheet(self, name: str, anchor: str, listed_at: str = "") -> guide.GuideThing:
        """Return a worksheet with its notes; one to take home is found where it is listed
        (`listed_at`).
        """
        here = self._told.setdefault(name, anchor) == anchor
        sheet: Worksheet = self.library.worksheets[name].model
        asked, noted = self._questions(sheet.questions.values())
        kind = RefKind.TAKE_HOME if listed_at else RefKind.WORKSHEET
        return guide.GuideThing(
            ref=Ref(listed_at or name, self.fill(sheet.title), kind),
            kind=kind,
            title=self.fill(sheet.title),
            about=self.fill(sheet.about),
            heads_up="",
            seat="",
            questions=asked,
            question_notes=noted,
            notes=self._sheet_notes(sheet, f"{anchor}-{name}"),
            here=here,
        )

    def _sheet_notes(self, sheet: Worksheet, anchor: str) -> guide.Notes:
        """Return the notes of a worksheet and of its parts; those of its questions go with them."""
        return self.block_notes(sheet.model_copy(update={"questions": {}}), anchor, 4)

    def _questions(
        self, written: Iterable[Question]
    ) -> tuple[tuple[str, ...], tuple[tuple[str, guide.Notes], ...]]:
        asked, noted = [], []
        for question in written:
            if not (text := self._text(question.ask)):
                continue
            asked.append(text)
            if question.facilitator:
                noted.append((text, self.notes(question.facilitator, "", 5)))
        return tuple(asked), tuple(noted)

    # ---- notes


def once(items: Iterable[str]) -> tuple[str, ...]:
    """The items in their order, each once."""
    return tuple(dict.fromkeys(items))
