"""What a cohort does not have: titles, people and short names to look for in its texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from mentorkit.checks.present_texts import (
    chosen_cases,
)
from mentorkit.model.cohort import Cohort
from mentorkit.model.program import Activity, CaseStudy, Module
from mentorkit.program.facts import compute_values
from mentorkit.program.library import Library
from mentorkit.program.meetings import plan_meetings
from mentorkit.program.presence import present_names

HONORIFIC = re.compile(r"^(?:Dr|Prof|Professor|Mr|Ms|Mrs|Mx)\.?\s+")
# First names that are also words count only with the rest of the name.
WORDS_TOO = """
Angel April Art Bill Chance Chase Christian Dale Dawn Dean Drew Faith Forest Frank Gale Gene Grace
Grant Heath Holly Hope Iris Ivy Jack Jean Joy June Lance Lily Mark Max May Miles Olive Page Pat
Pearl Penny Piers Ray Reed Rich Rob Robin Rose Ruby Sage Sandy Skip Sky Star Sue Summer Sunny Terry
Tony Victor Violet Wade Will Woody
"""
NARRATORS = ("The", "A", "An", "You")


@dataclass(frozen=True)
class AbsentThing:
    """Something that a cohort does not have: its short name, what it is, its titles, its people."""

    name: str
    kind: str
    titles: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


@dataclass(frozen=True)
class Search:
    """What to look for in the texts of one cohort.

    Args:
        whole: the program, with all that the cohort's changes may leave out.
        program: the cohort's program as its meetings hold it.
        cohort: the scheduled cohort.
    """

    whole: Library
    program: Library
    cohort: Cohort

    @cached_property
    def present(self) -> frozenset[str]:
        return present_names(self.program)

    @cached_property
    def left_out(self) -> tuple[AbsentThing, ...]:
        """Return what the cohort does not have, without what it may mention all the same."""
        found = [*_left_out(self), *_left_out_versions(self)]
        return tuple(each for each in found if each.name not in self.cohort.may_mention)

    @cached_property
    def present_titles(self) -> frozenset[str]:
        return frozenset(t for name, _, titles in _titled(self.program) for t in titles)

    @cached_property
    def titles(self) -> dict[str, AbsentThing]:
        """Return the titles of what is left out, but for those that something present has too."""
        return {
            title: each
            for each in self.left_out
            for title in each.titles
            if title not in self.present_titles
        }

    @cached_property
    def title_pattern(self) -> re.Pattern[str]:
        return _any_of(self.titles)

    @cached_property
    def known_pattern(self) -> re.Pattern[str]:
        return _any_of(self.present_titles)

    @cached_property
    def people(self) -> dict[str, AbsentThing]:
        """Return names, and parts of names, of people in stories that are not told here."""
        told = {
            part
            for case in chosen_cases(self.program)
            for person in case.model.people
            for part in name_parts(person)
        }
        return {
            part: each
            for each in self.left_out
            for person in each.people
            for part in name_parts(person)
            if part not in told
        }

    @cached_property
    def people_pattern(self) -> re.Pattern[str]:
        return _any_of(self.people)

    @cached_property
    def names(self) -> frozenset[str]:
        """Return the short names of all homes, present or not."""
        return frozenset(home.name for home in (*self.whole.homes(), *self.program.homes()))

    @cached_property
    def short_names(self) -> frozenset[str]:
        """Return the short names that cannot be taken for words."""
        return frozenset(name for name in self.names if "_" in name)

    @cached_property
    def values(self) -> dict[str, str]:
        return compute_values(self.program, self.cohort)

    @cached_property
    def counts(self) -> dict[str, int]:
        """Return how many there are of what texts may count."""
        plans = [p for p in plan_meetings(self.program, self.cohort) if p.kind == "session"]
        modules = {part.name for plan in plans for part in plan.modules}
        sessions = {part.session for plan in plans for part in plan.modules}
        return {"meetings": len(plans), "modules": len(modules), "sessions": len(sessions)}

    @cached_property
    def is_numbered_as_written(self) -> bool:
        """Return whether every session is one meeting, in the order of the curriculum."""
        assert self.whole.curriculum is not None
        plans = [p for p in plan_meetings(self.program, self.cohort) if p.kind == "session"]
        return [plan.whole for plan in plans] == [
            (name,) for name in self.whole.curriculum.model.sessions
        ]


def name_parts(person: str) -> set[str]:
    """Return what a person of a story is called: the whole name, the first name, the last name.

    A part that is also a word is left out, and so is the only part of someone without a name.
    """
    whole = HONORIFIC.sub("", person.partition(",")[0].strip())
    parts = whole.split()
    if not parts or parts[0] in NARRATORS:
        return set()
    words = WORDS_TOO.split()
    names = {part for part in (parts[0], parts[-1]) if part not in words and len(part) > 1}
    names = {part for part in names if part[:1].isupper()}
    return names | ({whole} if len(parts) > 1 else set())


def _titled(library: Library) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield each home of a program with what it is and its titles."""
    for home in library.homes():
        model: object = home.file.model
        for key in home.path:
            model = model[key] if isinstance(model, dict) else getattr(model, key)
        titles = [getattr(model, "title", "") or ""]
        titles += [model.topic] if isinstance(model, Module) and model.topic else []
        if isinstance(model, Activity) and not model.title:
            titles = []
        yield home.name, home.sort, tuple(filter(None, titles))


def _left_out(search: Search) -> Iterator[AbsentThing]:
    programs = (search.whole, search.program)
    seen: dict[str, tuple[str, tuple[str, ...]]] = {}
    for name, kind, titles in (found for program in programs for found in _titled(program)):
        seen[name] = (kind, (*seen.get(name, ("", ()))[1], *titles))
    for name, (kind, titles) in seen.items():
        if name not in search.present and kind != "case study":
            yield AbsentThing(name, kind, tuple(dict.fromkeys(titles)))


def _left_out_versions(search: Search) -> Iterator[AbsentThing]:
    """Yield every case, and every version of a case, that is not told here."""
    told = {(file.model.title, file.model.people) for file in chosen_cases(search.program)}
    for program in (search.whole, search.program):
        versions = [*program.cases.items(), *((key[0], f) for key, f in program.varied.items())]
        for name, file in versions:
            case: CaseStudy = file.model
            if (case.title, case.people) not in told:
                yield AbsentThing(name, "case study", (case.title,), case.people)


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern that matches any of these as whole words, the longest first."""
    each = [r"\s+".join(map(re.escape, word.split())) for word in words]
    if not each:
        return re.compile(r"(?!)")
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(each, key=len, reverse=True))})(?!\w)")
