"""Say in plain words what changed from one cohort to the next."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from mentorkit.compose.compose import Composed, compose
from mentorkit.edition.content import Role, Story, WhoIsWho
from mentorkit.edition.field import Kind, Place
from mentorkit.edition.guide import Guide, GuideActivity
from mentorkit.edition.section import Section
from mentorkit.edition.workbook import Chapter, Edition
from mentorkit.handouts.meetings import Gathering, gatherings
from mentorkit.model.cohort import Cohort
from mentorkit.output.build_cache import read_field_labels
from mentorkit.people.person import Person
from mentorkit.program.library import Library
from mentorkit.program.schedule import scheduled
from mentorkit.render.text.guide_lines import activity_note_lines
from mentorkit.render.text.lines import reading_lines
from mentorkit.source.nodes import paths
from mentorkit.source.problem import Problem, Span, warning

KINDS = {kind.value for kind in Kind}
ALIKE = 0.8  # two labels that share so much say the same thing
SORTS = {
    Role.CASE: "case study",
    Role.WORKSHEET: "worksheet",
    Role.PAGE: "page",
    Role.PART: "section",
    Role.ACTIVITY: "activity",
    Role.BEFORE: "pre-work",
}
MODES = {
    "": "not said, so the guide tells both ways",
    "in_person": "in the room",
    "online": "online",
    "hybrid": "in the room and online together",
}
PAPERS = {"letter": "Letter", "a4": "A4"}


@dataclass(frozen=True)
class Run:
    """One cohort as it runs: its editions, its file, its meetings, the people on its list."""

    composed: Composed
    cohort: Cohort
    held: Mapping[str, Gathering]
    people: tuple[Person, ...]

    @classmethod
    def of(cls, library: Library, name: str) -> Run:
        composed, (_, cohort) = (
            compose(library, name),
            scheduled(library, library.cohorts[name].model),
        )
        return cls(
            composed,
            cohort,
            {item.name: item for item in gatherings(cohort, composed.guide)},
            library.people(name).people,
        )

    @property
    def book(self) -> Edition:
        return self.composed.workbook


def differences(library: Library, old: str, new: str) -> Iterator[str]:
    """Yield headings, and under each a line for each thing that differs.

    Texts that differ only by a value of the program are left out; the value has a line.
    """
    before, after = Run.of(library, old), Run.of(library, new)
    file = library.cohorts[old]
    filled = replace(
        file,
        model=file.model.model_copy(
            update={"values": after.cohort.values, "mode": after.cohort.mode}
        ),
    )
    # The old cohort's parts with the new cohort's values.
    alike = compose(replace(library, cohorts={old: filled}), old)
    yield f"{after.cohort.title} ({new}), compared with {before.cohort.title} ({old})"
    parts = {
        "Meetings": _meetings(before, after),
        "What the group does and reads": [
            *_come_and_gone(before, after),
            *_activities(alike.guide, after.composed.guide),
            *_sections(alike.workbook, after.book),
        ],
        "Answers to write": _places(alike.workbook, after.book),
        "What the texts say of your place": _values(library, before.cohort, after.cohort),
        "For the print shop": _printing(before, after),
    }
    for heading, found in parts.items():
        if lines := list(dict.fromkeys(found)):
            yield from ("", heading, *(f"  {line}" for line in lines))


def _meetings(old: Run, new: Run) -> Iterator[str]:
    before, after = (_named(run.book.chapters) for run in (old, new))
    yield from _lost_and_found(
        "session ",
        {n: c.title for n, c in before.items() if c.position >= 0},
        {n: c.title for n, c in after.items() if c.position >= 0},
    )
    for name, now in after.items():
        if name in before and before[name].number != now.number:
            yield f"“{now.title}” is Session {now.number} (was Session {before[name].number})"
    for name, held in new.held.items():
        was, now_ = _describe_meeting(old.held.get(name)), _describe_meeting(held)
        if was != now_:
            yield f"“{held.title}”: {now_}{f' (was {was})' if was else ''}"
    for name in before.keys() & old.held.keys() & after.keys() - new.held.keys():
        was = _describe_meeting(old.held[name])
        yield f"“{after[name].title}” is still in the book, and has no day now (was {was})"
    yield from _was(
        "where the group meets", MODES[old.cohort.mode or ""], MODES[new.cohort.mode or ""]
    )
    yield from _was("time zone", old.cohort.time_zone, new.cohort.time_zone)
    yield from _was("people on the list", str(len(old.people)), str(len(new.people)))


def _describe_meeting(held: Gathering | None) -> str:
    """Return when, where and by whom a meeting is held, in a line."""
    if held is None:
        return ""
    led_by = f"led by {' and '.join(held.led_by)}" if held.led_by else ""
    due = f"due {held.date}" if held.date and not held.number else held.date
    return (
        ", ".join(filter(None, (due, held.hours, held.place, held.link, led_by, held.feedback)))
        or "no day yet"
    )


def _come_and_gone(old: Run, new: Run) -> Iterator[str]:
    """Yield modules, activities, cases, worksheets, pages and sections that only one book has.

    Of what is gone whole, no part is named.
    """
    before, after = _named(old.book.chapters), _named(new.book.chapters)
    both = before.keys() & after.keys()
    modules = [
        {m.name: m.title for n in chapters if n in both for m in chapters[n].modules}
        for chapters in (before, after)
    ]
    yield from _lost_and_found("module ", *modules)
    kept = modules[0].keys() & modules[1].keys()
    trees = [
        [section for name in chapters if name in both for section in _tops(chapters[name], kept)]
        for chapters in (before, after)
    ]
    tops = {section.anchor for section in trees[0]} & {section.anchor for section in trees[1]}
    for role, sort in SORTS.items():
        named = (
            {
                b.anchor: b.title
                for top in tree
                for b in _under(top, tops)
                if b.role == role and b.title
            }
            for tree in trees
        )
        yield from _lost_and_found(f"{sort} ", *named)


def _tops(chapter: Chapter, kept: Iterable[str]) -> list[Section]:
    modules = [module for module in chapter.modules if module.name in kept]
    return [*chapter.sections, *(section for module in modules for section in module.sections)]


def _under(top: Section, both: set[str]) -> Iterator[Section]:
    """Yield the section, and what is inside it where the other book has it too."""
    yield top
    if top.anchor in both:
        for part in top.find(Section):
            yield from _under(part, both | {part.anchor})


def _activities(old: Guide, new: Guide) -> Iterator[str]:
    """Yield changes of minutes, breaks, things used and notes, which only the guides hold."""
    before, after = (
        {activity.name: activity for activity in guide.activities()} for guide in (old, new)
    )
    for name, now in after.items():
        if was := before.get(name):
            yield from _was(f"minutes of “{now.title}”", str(was.minutes), str(now.minutes))
            yield from _was(
                f"the break after “{now.title}”",
                *(f"{a.pause} minutes" if a.pause else "none" for a in (was, now)),
            )
            yield from _was(
                f"what “{now.title}” uses",
                *(", ".join(f"“{t.title}”" for t in a.things) or "nothing" for a in (was, now)),
            )
            yield from _was(
                f"the board of “{now.title}”",
                was.board_url or "no link",
                now.board_url or "no link",
            )
            if _notes(was) != _notes(now):
                yield f"the guide’s notes on “{now.title}” are others"


def _notes(activity: GuideActivity) -> list[str]:
    return list(activity_note_lines(activity))


def _sections(old: Edition, new: Edition) -> Iterator[str]:
    before, after = (
        {section.anchor: section for section in book.sections()} for book in (old, new)
    )
    retold = _retold(old, new)
    for anchor, now in after.items():
        was = before.get(anchor)
        if was and now.role is Role.CASE and now.name in retold:
            asked = {q.place.name: q.text for q in was.questions()}
            others = sum(asked.get(q.place.name, q.text) != q.text for q in now.questions())
            people = "; ".join(item.text for item in now.find(WhoIsWho)).rstrip(".")
            told = f"case study “{now.title}” is told another way, with {people}"
            yield f"{told}; questions worded anew: {others or 'none'}"
        elif was and list(reading_lines(was)) != list(reading_lines(now)):
            title = now.title or was.title or now.name
            yield f"{SORTS.get(now.role, now.role)} “{title}” has another text"


def _retold(old: Edition, new: Edition) -> set[str]:
    """Return the names of the cases that both tell, each in its own way."""
    before, after = (
        {
            section.name: [story.text for story in section.find(Story)]
            for section in book.sections()
            if section.role is Role.CASE
        }
        for book in (old, new)
    )
    return {name for name, text in after.items() if before.get(name, text) != text}


def _places(old: Edition, new: Edition) -> Iterator[str]:
    """Yield places to fill that are new, gone, renamed or worded anew.

    A place was renamed where a nearly equal one has another short name.
    """
    before, after = ({place.name: place for place in book.places()} for book in (old, new))
    homes = {_home(name) for name in before} & {_home(name) for name in after}
    come = [p for n, p in after.items() if n not in before and _home(n) in homes]
    for place in (p for n, p in before.items() if n not in after and _home(n) in homes):
        if twin := _twin(place, come):
            come.remove(twin)
            lost = "answers given under the old name will not be found"
            yield f"“{place.name}” is now called “{twin.name}”: {lost}"
        else:
            yield f"“{place.label}” is no longer asked"
    yield from (f"“{place.label}” is asked anew" for place in come)
    retold = _retold(old, new)
    for name in (name for name in before if name in after):
        if before[name].label != after[name].label and _home(name) not in retold:
            yield f"“{after[name].label}” (was “{before[name].label}”)"
        if before[name].returned != after[name].returned:
            now = "may be returned" if after[name].returned else "is private"
            yield f"“{after[name].label}” {now} now"


def find_renamed_fields(library: Library, composed: Composed) -> Iterator[Problem]:
    """Yield a warning for each short name that is another one in the books made last."""
    known = read_field_labels(library.folder / "build" / composed.cohort)
    now = {place.name: place for place in composed.workbook.places()}
    new = [place for name, place in now.items() if name not in known]
    for name, (label, kind) in known.items():
        if name in now or kind not in KINDS:
            continue
        twin = _twin(Place(name, label, Kind(kind)), new)
        if twin:
            new.remove(twin)
            pairs = zip(name.split("__"), twin.name.split("__"), strict=False)
            before, after = next(pair for pair in pairs if pair[0] != pair[1])
            lost = f'answers given there will not be found under "{after}"'
            yield warning(
                _span_of_name(library, composed.cohort, _home(name), after),
                "renamed",
                f'"{before}" was the short name of “{label}” in the books made last: {lost}',
                f"write {before} again, unless nobody has those books",
            )


def _span_of_name(library: Library, cohort: str, home: str, name: str) -> Span:
    """Return where a short name is written in its home; where that is gone, the cohort's title."""
    homes = {item.name: item for item in library.homes()}
    if home not in homes:
        return library.cohorts[cohort].span("title")
    found = homes[home]
    named = (path for path in paths(found.file.root, found.path) if path[-1] == name)
    return found.file.span(*next(named, found.path))


def _home(name: str) -> str:
    return name.partition("__")[0]


def _twin(place: Place, others: Sequence[Place]) -> Place | None:
    same_home = [
        other
        for other in others
        if _home(other.name) == _home(place.name) and other.kind == place.kind
    ]
    rated = [
        (difflib.SequenceMatcher(None, place.label, other.label).ratio(), other)
        for other in same_home
    ]
    best = max(rated, key=lambda pair: pair[0], default=(0.0, None))
    return best[1] if best[0] >= ALIKE else None


def _values(library: Library, old: Cohort, new: Cohort) -> Iterator[str]:
    for name, value in library.curriculum.model.values.items() if library.curriculum else ():
        yield from _was(
            name,
            *(cohort.values.get(name) or value.default or "not filled in" for cohort in (old, new)),
        )


def _printing(old: Run, new: Run) -> Iterator[str]:
    """Yield what to print again.

    Cover, imprint and the worksheets’ heads name the cohort, whatever else is the same.
    """
    yield from _was("paper", PAPERS[old.composed.paper], PAPERS[new.composed.paper])
    for file, large in (("workbook.pdf", False), ("workbook-large.pdf", True)):
        yield from _was(
            f"copies of {file}",
            *(
                str(sum((person.print == "large") is large for person in run.people))
                for run in (old, new)
            ),
        )
    if old.book.logo != new.book.logo:
        yield "the cover carries another logo"
    before, after = ({sheet.name: sheet for sheet in run.composed.worksheets} for run in (old, new))
    yield from _lost_and_found(
        "worksheet ",
        *({name: sheet.title for name, sheet in sheets.items()} for sheets in (before, after)),
    )
    if old.composed.paper != new.composed.paper:
        yield "every page is to be printed anew, since nothing fits the other paper"
        return
    named = (old.book.cohort, old.book.institution) != (new.book.cohort, new.book.institution)
    parts = (
        _other_parts(old.book, new.book)
        + ["the cover and the page after it, which name the group"] * named
    )
    yield (
        f"workbook: print it anew; these parts are others: {'; '.join(parts)}"
        if parts
        else "workbook: the pages are the same"
    )
    both = [(before[name], after[name]) for name in after if name in before]
    others = [f"“{now.title}”" for was, now in both if was.chapters != now.chapters]
    if others:
        yield f"worksheets to print anew, since they say something else: {', '.join(others)}"
    kept = "but with another name of the group in the head" if named else "old copies will do"
    yield f"worksheets that say the same: {len(both) - len(others)}{', ' if named else '; '}{kept}"
    yield "handouts: each group has its own; print the new ones"


def _other_parts(old: Edition, new: Edition) -> list[str]:
    before, after = _named(old.chapters), _named(new.chapters)
    contents = (
        ["the contents"]
        if [c.title for c in old.chapters] != [c.title for c in new.chapters]
        else []
    )
    return contents + [
        f"“{chapter.title}”" for name, chapter in after.items() if before.get(name) != chapter
    ]


def _lost_and_found(
    sort: str, before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[str]:
    yield from (
        f"{sort}“{title}” is left out" for name, title in before.items() if name not in after
    )
    yield from (f"{sort}“{title}” is new" for name, title in after.items() if name not in before)


def _named(chapters: Iterable[Chapter]) -> dict[str, Chapter]:
    return {chapter.name: chapter for chapter in chapters}


def _was(what: str, was: str, now: str) -> Iterator[str]:
    if was != now:
        yield f"{what}: {now} (was {was})"
