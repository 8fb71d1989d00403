"""The meetings of a cohort and what each holds. They are the chapters of its books."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from mentorkit.edition.strings import words_of
from mentorkit.model.cohort import Cohort, CohortMeeting
from mentorkit.model.program import Activity, Module
from mentorkit.program.facts import in_sentence
from mentorkit.program.library import Library
from mentorkit.program.schedule import held_in

MOST_TOPICS = 3  # a title that names more topics than this is no title


@dataclass(frozen=True, kw_only=True)
class ModulePart:
    """What one meeting holds of a module.

    `module` has only the meeting's activities. `opens` in the first meeting that holds some of it,
    which has its introduction and objectives; `closes` in the last, which has its worksheets,
    strategies and goal.
    """

    name: str
    session: str
    module: Module
    opens: bool = True
    closes: bool = True


@dataclass(frozen=True, kw_only=True)
class MeetingPlan:
    """One meeting, or one unit of homework, with what it holds.

    `name` is the short name of the session that begins in it, so that anchors stay; `number`
    counts meetings from 1 and homework from 1. `meeting` is None where the cohort plans none.
    `opens` names the sessions that begin here, `whole` those that are held here from start to end.
    """

    name: str
    kind: str  # session or homework
    number: int
    title: str
    meeting: CohortMeeting | None
    modules: tuple[ModulePart, ...]
    opens: tuple[str, ...]
    whole: tuple[str, ...]

    @property
    def activities(self) -> tuple[tuple[str, Activity], ...]:
        """Return the activities in order, each with its short name."""
        return tuple(pair for part in self.modules for pair in part.module.activities.items())


def plan_meetings(library: Library, cohort: Cohort) -> tuple[MeetingPlan, ...]:
    """Return the meetings of a scheduled cohort that hold anything, then its homework.

    A cohort that has no meetings is taken to meet once for each session.
    """
    plans = [*_plan_all(library, cohort, "session"), *_plan_all(library, cohort, "homework")]
    modules = [part.name for plan in plans for part in plan.modules]
    left, seen, planned = Counter(modules), set[str](), list[MeetingPlan]()
    for plan in plans:
        parts = []
        for part in plan.modules:
            left[part.name] -= 1
            parts.append(replace(part, opens=part.name not in seen, closes=not left[part.name]))
            seen.add(part.name)
        planned.append(replace(plan, modules=tuple(parts)))
    return tuple(planned)


def is_homework(library: Library, meeting: CohortMeeting) -> bool:
    """Return whether nobody meets for it: it has a due date, or its session is homework."""
    spine = library.curriculum.model if library.curriculum else None
    return bool(meeting.due) or bool(spine and meeting.session in spine.homework)


def chapter_anchors(plans: tuple[MeetingPlan, ...]) -> dict[str, str]:
    """Return, for each session, the anchor of the chapter in which it begins."""
    return {session: plan.name for plan in plans for session in plan.opens}


def _plan_all(library: Library, cohort: Cohort, kind: str) -> Iterator[MeetingPlan]:
    assert library.curriculum is not None
    spine = library.curriculum.model
    listed = spine.sessions if kind == "session" else spine.homework
    meetings = [m for m in cohort.meetings if is_homework(library, m) == (kind == "homework")]
    own = {name for meeting in meetings for name, _ in held_in(library, meeting)}
    if kind == "homework" or not own:
        meetings += [
            CohortMeeting(session=name)
            for name in listed
            if name in library.sessions and not own & _activities_of(library, name)
        ]
    homes = {
        key: (session, module)
        for session, file in library.sessions.items()
        for module, written in file.model.modules.items()
        for key in written.activities
    }
    taken: set[str] = set()
    begun: Counter[str] = Counter()
    number = 0
    for meeting in meetings:
        held = [(key, a) for key, a in held_in(library, meeting) if key not in taken]
        if not held:
            continue
        taken.update(key for key, _ in held)
        number += 1
        parts = _module_parts(library, held, homes)
        sessions = list(dict.fromkeys(part.session for part in parts))
        opens = tuple(name for name in sessions if not begun[name])
        begun.update(sessions)
        first = sessions[0]
        keys = {key for key, _ in held}
        yield MeetingPlan(
            name=opens[0] if opens else f"{first}-{begun[first]}",
            kind=kind,
            number=number,
            title=_title(library, meeting, parts, keys),
            meeting=meeting if meeting in cohort.meetings else None,
            modules=tuple(parts),
            opens=opens,
            whole=tuple(name for name in opens if _activities_of(library, name) <= keys),
        )


def _activities_of(library: Library, session: str) -> set[str]:
    modules = library.sessions[session].model.modules.values()
    return {key for module in modules for key in module.activities}


def _module_parts(
    library: Library, held: list[tuple[str, Activity]], homes: dict[str, tuple[str, str]]
) -> list[ModulePart]:
    parts: dict[str, ModulePart] = {}
    for key, activity in held:
        session, name = homes[key]
        whole = library.sessions[session].model.modules[name]
        part = parts.get(name)
        activities = {**part.module.activities, key: activity} if part else {key: activity}
        module = whole.model_copy(update={"activities": activities})
        parts[name] = ModulePart(name=name, session=session, module=module)
    return list(parts.values())


def _title(
    library: Library, meeting: CohortMeeting, parts: list[ModulePart], keys: set[str]
) -> str:
    """Return the title of a meeting: its own, its session's, or the topics of its modules."""
    if meeting.title:
        return meeting.title
    spine = library.curriculum.model if library.curriculum else None
    sessions = list(dict.fromkeys(part.session for part in parts))
    if len(sessions) == 1:
        session = library.sessions[sessions[0]]
        if meeting.session == session.name or _activities_of(library, session.name) <= keys:
            return session.model.title
    topics = [part.module.topic or part.module.title for part in parts]
    words = words_of(spine.words if spine else {})
    if len(topics) <= MOST_TOPICS or spine is None:
        return in_sentence(topics, words)
    titles = [library.sessions[name].model.title for name in sessions]
    return in_sentence(titles, words) if len(titles) <= MOST_TOPICS else spine.title
