"""Minutes to clock times, breaks, and what to cut when time is short."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from mentorkit.model.cohort import Break, Cohort, CohortMeeting
from mentorkit.model.program import Activity, FormatMeeting, Session
from mentorkit.program.library import Filed, Library
from mentorkit.program.presence import keep_present
from mentorkit.source.problem import Problem, warning

LATE = (5, 10, 15, 20, 30)  # minutes behind, for which the guide holds a plan
RANKS = {"could": 0, "should": 1, "must": 2}
LONGEST_BREAK = 15  # minutes of one planned break
LEAST_SAVED = 2  # shortening an activity by a minute helps nobody
MOST_SHORTENED = 3  # more than that, and it is kinder to leave one out


@dataclass(frozen=True)
class Slot:
    """One activity of a meeting:

    `start` in minutes after the meeting began, `clock` its time of day, `pause` the break after it.
    """

    name: str
    activity: Activity
    start: int
    clock: str
    pause: int


@dataclass(frozen=True)
class Cut:
    """One way to save time: the activity left out, or shortened to so many minutes."""

    title: str
    saves: int
    to: int  # 0: left out


def scheduled(library: Library, cohort: Cohort) -> tuple[Library, Cohort]:
    """Return the program as the cohort's meetings hold it, and the cohort with its format's plan.

    What no meeting holds is left out, and so are parts whose `with:` is not met. A cohort whose
    meetings hold nothing keeps everything.
    """
    meetings = fill_meetings(library, cohort)
    cohort = cohort.model_copy(update={"meetings": meetings})
    held = keep_held(library, meetings)
    kept = keep_present(held, later_activities(held, cohort))
    return replace(kept, sessions=name_sessions(kept.sessions, library.sessions)), cohort


def fill_meetings(library: Library, cohort: Cohort) -> tuple[CohortMeeting, ...]:
    """Return the cohort's meetings with what its format plans and what it says of all of them.

    Where the cohort lists no meeting but homework, the format's own meetings come first.
    """
    return tuple(_share(cohort, meeting) for meeting in _planned_meetings(library, cohort))


def _share(cohort: Cohort, meeting: CohortMeeting) -> CohortMeeting:
    """Return the meeting with the place, link, leaders and hours that the cohort's meetings share.

    Homework has none of them. A meeting with a beginning of its own has an end of its own.
    """
    if meeting.due:
        return meeting
    shared: dict[str, object] = {
        "place": meeting.place or cohort.place,
        "link": meeting.link or cohort.link,
        "led_by": meeting.led_by or cohort.led_by,
    }
    if not meeting.start:
        shared["start"] = cohort.start
        shared["end"] = meeting.end or (None if meeting.minutes else cohort.end)
    return meeting.model_copy(update=shared)


def _planned_meetings(library: Library, cohort: Cohort) -> tuple[CohortMeeting, ...]:
    """Return the cohort's meetings, each that names nothing with what its format plans for it."""
    plan = library.curriculum.model.formats.get(cohort.format or "") if library.curriculum else None
    if plan is None:
        return cohort.meetings
    if all(meeting.due for meeting in cohort.meetings):
        planned = tuple(_fill(library, CohortMeeting(), meeting) for meeting in plan.meetings)
        return (*planned, *cohort.meetings)
    meetings = list(cohort.meetings)
    for number, meeting in enumerate(plan.meetings[: len(meetings)]):
        own = meetings[number]
        if not (own.session or own.modules or own.activities):
            meetings[number] = _fill(library, own, meeting)
    return tuple(meetings)


def _fill(library: Library, own: CohortMeeting, planned: FormatMeeting) -> CohortMeeting:
    """Return the cohort's meeting with the content, length, title and breaks of the planned one."""
    has_length = bool(own.minutes or own.end)
    return own.model_copy(
        update={
            "session": planned.session,
            "modules": planned.modules,
            "activities": planned.activities,
            "title": own.title or planned.title,
            "minutes": own.minutes if has_length else planned.minutes,
            "breaks": own.breaks or place_breaks(held_in(library, planned), planned.breaks),
        }
    )


def place_breaks(activities: Sequence[tuple[str, Activity]], minutes: int) -> tuple[Break, ...]:
    """Return breaks that together last so many minutes, spread evenly between activities.

    None is longer than a quarter of an hour unless there are too few activities for that.
    """
    if not minutes or len(activities) < 2:
        return ()
    count = min(-(-minutes // LONGEST_BREAK), len(activities) - 1)
    total = sum(activity.length for _, activity in activities)
    ends, at = [], 0
    for name, activity in activities[:-1]:
        at += activity.length
        ends.append((at, name))
    breaks: list[Break] = []
    for number in range(1, count + 1):
        goal = total * number / (count + 1)
        end = min(ends, key=lambda pair: abs(pair[0] - goal))
        ends = [pair for pair in ends if pair[0] > end[0]] or [end]
        length = minutes * number // count - minutes * (number - 1) // count
        breaks.append(Break(after=end[1], minutes=length))
    return tuple(breaks)


def later_activities(library: Library, cohort: Cohort) -> Callable[[str], bool]:
    """Return a test that says of an activity whether the cohort has met on an earlier day.

    A cohort without meetings is taken to meet once for each session. Homework comes after a
    meeting. An empty name means the end of the program.
    """
    assert library.curriculum is not None
    meetings: Sequence[CohortMeeting] = [m for m in cohort.meetings if not m.due]
    if not meetings:
        meetings = [CohortMeeting(session=name) for name in library.curriculum.model.sessions]
    first = meetings[0].date if meetings else None
    opening: set[str] = set()
    for number, meeting in enumerate(meetings):
        if number == 0 or (first and meeting.date == first):
            opening.update(name for name, _ in held_in(library, meeting))
    several = len(meetings) > 1 and not (first and meetings[-1].date == first)
    return lambda activity: activity not in opening if activity else several


def name_sessions(
    sessions: Mapping[str, Filed[Session]], written: Mapping[str, Filed[Session]] | None = None
) -> dict[str, Filed[Session]]:
    """Return the sessions, each that has no title of its own named after its modules.

    A session that has lost modules since it was `written` is named after the others, and its
    summary, which speaks of all, goes; unless its title or summary was changed as well.
    """
    named = {}
    for name, file in sessions.items():
        before = written[name].model if written and name in written else file.model
        lost = before.modules.keys() - file.model.modules.keys()
        update: dict[str, str | None] = {}
        if "title" not in file.root.values or lost and file.model.title == before.title:
            update["title"] = _topics_of(file.model)
        if lost and file.model.text == before.text:
            update["text"] = None
        changed = file.model.model_copy(update=update) if update else file.model
        named[name] = replace(file, model=changed) if update else file
    return named


def _topics_of(session: Session) -> str:
    topics = [module.topic or module.title for module in session.modules.values()]
    return " and ".join(topics)


def keep_held(library: Library, meetings: Iterable[CohortMeeting]) -> Library:
    """Return the library without what no meeting holds; all of it where the meetings hold nothing.

    Homework that no meeting names stays, since nobody meets for it.
    """
    assert library.curriculum is not None
    spine = library.curriculum.model
    meetings = list(meetings)
    kept = {name for meeting in meetings for name, _ in held_in(library, meeting)}
    met = any(
        held_in(library, m) for m in meetings if not m.due and m.session not in spine.homework
    )
    sessions = {}
    for name, file in library.sessions.items():
        is_free = name in spine.homework and not _holding(file.model, kept)
        whole = {key for module in file.model.modules.values() for key in module.activities}
        model = _holding(file.model, whole if is_free or not met else kept)
        if model is not None:
            sessions[name] = replace(file, model=model)
    return replace(library, sessions=sessions)


def _holding(session: Session, kept: set[str]) -> Session | None:
    """Return the session with the activities that are kept; None where there are none."""
    modules = {
        name: module.model_copy(
            update={"activities": {key: a for key, a in module.activities.items() if key in kept}}
        )
        for name, module in session.modules.items()
    }
    modules = {name: module for name, module in modules.items() if module.activities}
    return session.model_copy(update={"modules": modules}) if modules else None


def held_in(library: Library, meeting: CohortMeeting | FormatMeeting) -> list[tuple[str, Activity]]:
    """The activities of a meeting in the curriculum's order: those that it names, or all of its
    modules or its session.
    """
    wanted = set(meeting.activities)
    found = []
    for name, session in library.sessions.items():
        for module, written in session.model.modules.items():
            whole = not wanted and (name == meeting.session or module in meeting.modules)
            found += [
                (key, activity)
                for key, activity in written.activities.items()
                if whole or key in wanted
            ]
    order = {
        name: number
        for number, name in enumerate(
            library.curriculum.model.sessions if library.curriculum else ()
        )
    }
    home = {
        key: name
        for name, session in library.sessions.items()
        for module in session.model.modules.values()
        for key in module.activities
    }
    return sorted(found, key=lambda pair: order.get(home[pair[0]], len(order)))


def time_activities(
    activities: Iterable[tuple[str, Activity]], meeting: CohortMeeting | None
) -> dict[str, Slot]:
    """Return when each activity of a meeting begins, with the meeting's breaks between them."""
    pauses = {pause.after: pause.minutes for pause in meeting.breaks} if meeting else {}
    start = meeting.start if meeting else None
    timed: dict[str, Slot] = {}
    at = 0
    for name, activity in activities:
        timed[name] = Slot(name, activity, at, clock(start, at), pauses.get(name, 0))
        at += activity.length + pauses.get(name, 0)
    return timed


def clock(start: str | None, minutes: int) -> str:
    """The time of day so many minutes after `start`; empty where no start is known."""
    if not start:
        return ""
    hour, minute = (int(part) for part in start.split(":"))
    then = datetime.datetime(2000, 1, 1, hour, minute) + datetime.timedelta(minutes=minutes)
    return f"{then.hour}:{then.minute:02}"


def given(meeting: CohortMeeting) -> int | None:
    """The minutes that a meeting has; None where nothing is said."""
    if meeting.start and meeting.end:
        begin, end = (int(time[:-3]) * 60 + int(time[-2:]) for time in (meeting.start, meeting.end))
        return end - begin
    return meeting.minutes


def needed(library: Library, meeting: CohortMeeting) -> int:
    """The minutes that its activities and breaks take."""
    return sum(activity.length for _, activity in held_in(library, meeting)) + sum(
        pause.minutes for pause in meeting.breaks
    )


def cuts(activities: Iterable[tuple[str, Activity]], minutes: int) -> list[Cut]:
    """What to give up, least dear first, to save at least `minutes`: a few activities shortened
    where that is enough, else some left out.

    A “must” is never left out. The list saves less only where nothing else may be given up.
    """
    ranked = [
        pair
        for _, pair in sorted(
            enumerate(activities), key=lambda pair: (RANKS[pair[1][1].priority], -pair[0])
        )
    ]
    shorter = _enough([_shortened(*pair) for pair in ranked], minutes)
    if len(shorter) <= MOST_SHORTENED and sum(cut.saves for cut in shorter) >= minutes:
        return shorter
    return _enough(
        [
            _shortened(*pair)
            if pair[1].priority == "must"
            else Cut(pair[1].title or pair[0], pair[1].length, 0)
            for pair in ranked
        ],
        minutes,
    )


def _shortened(name: str, activity: Activity) -> Cut:
    saves = shrink(activity)
    return Cut(activity.title or name, saves, activity.length - saves)


def _enough(offered: Iterable[Cut], minutes: int) -> list[Cut]:
    """The first of the cuts on offer that together save `minutes`, or all that save anything."""
    taken: list[Cut] = []
    for cut in offered:
        if sum(done.saves for done in taken) >= minutes:
            break
        if cut.saves >= LEAST_SAVED:
            taken.append(cut)
    return taken


def shrink(activity: Activity) -> int:
    """How many minutes an activity can give up and still be itself: steps to their shortest, those
    of lesser rank left out.
    """
    if not activity.steps:
        return activity.length - (activity.shortest or activity.length)
    total = 0
    for step in activity.steps.values():
        rank = RANKS[step.priority or activity.priority]
        total += (
            step.minutes
            if rank < RANKS[activity.priority]
            else step.minutes - (step.shortest or step.minutes)
        )
    return min(total, activity.length)


def told(plan: Sequence[Cut]) -> str:
    """The cuts in words: “leave out …; shorten … to 5 minutes”."""
    return "; ".join(
        f"shorten “{cut.title}” to {cut.to} minutes"
        if cut.to
        else f"leave out “{cut.title}” ({cut.saves} minutes)"
        for cut in plan
    )


def too_long(library: Library, file: Filed[Cohort], cohort: Cohort) -> list[Problem]:
    """A warning for each meeting that needs more minutes than it has, with what to give up."""
    found = []
    for number, meeting in enumerate(cohort.meetings):
        has, needs = given(meeting), needed(library, meeting)
        if has is not None and needs > has > 0:
            names = [
                session.model.title
                for name, session in library.sessions.items()
                if name == meeting.session
            ]
            title = meeting.title or " and ".join(names) or "a meeting"
            plan = told(cuts(held_in(library, meeting), needs - has))
            span = (
                file.span("meetings", number, "session")
                if meeting.session
                else file.span("meetings", number)
            )
            found.append(
                warning(
                    span,
                    "full-meeting",
                    f'"{title}" needs {needs} minutes and has {has}',
                    f"{plan or 'lengthen the meeting'}; write it under changes:",
                )
            )
    return found


def late(activities: Iterable[tuple[str, Activity]]) -> tuple[tuple[int, tuple[Cut, ...]], ...]:
    """Return what to give up when so many minutes behind; plans that are the same come once."""
    activities = list(activities)
    plans: dict[tuple[Cut, ...], int] = {}
    for minutes in LATE:
        plan = tuple(cuts(activities, minutes))
        if sum(cut.saves for cut in plan) >= minutes:
            plans[plan] = minutes  # the latest that this plan still serves
    return tuple((minutes, plan) for plan, minutes in plans.items())
