"""Stale references: texts of a cohort that speak of what the cohort does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mentorkit.checks.left_out import HONORIFIC, AbsentThing, Search
from mentorkit.checks.present_texts import (
    PresentText,
    is_printed,
    present_texts,
    printed_words,
)
from mentorkit.compose.compose import compose
from mentorkit.program.facts import COMPUTED
from mentorkit.program.library import Library
from mentorkit.program.schedule import scheduled
from mentorkit.source.problem import Problem, Severity

LINK = re.compile(r"\]\(#([^)\s]*)\)")
PLACEHOLDER = re.compile(r"\{\{\s*([a-z][a-z0-9_]*)\s*\}\}")
SHORT_NAME = re.compile(r"(?<![\w#({/.-])[a-z][a-z0-9]*(?:_[a-z0-9]+)+(?![\w)}/-])")
NUMBER_WORDS = "zero one two three four five six seven eight nine ten eleven twelve"
NUMBERS = {word: number for number, word in enumerate(NUMBER_WORDS.split())}
COUNT = re.compile(
    r"(?P<before>\b(?:the|these|all|all the|our|are|has|have|holds|over|across|in|of|for)\s+"
    r"|(?:^|[.!?:]\s+))"
    rf"(?P<number>{'|'.join(NUMBERS)}|\d{{1,2}})\s+(?P<word>(?:[a-z]+\s+)?)"
    r"(?P<unit>sessions|meetings|half days|modules|skills)\b(?!\s+(?:a|an|per|each|with)\b)",
    re.IGNORECASE,
)
LEAST_COUNT = {"sessions": 3, "meetings": 3, "half days": 2, "modules": 5, "skills": 5}
SPEAKS_OF_ALL = ("all", "all the", "are", "has", "have", "holds", "our")
NOT_ALL = ("more", "other", "last", "next", "further", "first", "important", "new")
# Words after or before a single name that make it the name of someone else.
OTHER_AFTER = re.compile(r"\s+[A-Z][a-z]+|,?\s+(?:who|whom|a|an)\b|\s*\(\d{4}|,?\s+\d{4}|\s+et\b")
NAME_BEFORE = re.compile(r"(?<![.!?:“\"]\s)(?<=\s)([A-Z][a-z]+)\s+$")
SESSION_NUMBER = re.compile(r"\bSessions?\s+(\d{1,2})\b")
NOUNS = (
    r"(?:[Ss]ession|[Mm]odule|[Aa]ctivity|[Ss]tory|[Ww]orksheet|[Pp]age|[Cc]ase|[Ss]heet|[Tt]opic)"
)
TITLE_BEFORE = re.compile(rf"(?:[“\"*_]|\b{NOUNS}s?(?:\s+(?:study|called|on))?:?\s+[“\"*_]*)$")
ITEM_BEFORE = re.compile(r"(?:^|\n)\s*(?:[-*+]|\d+[.)])\s+[“\"*_]*$")
ITEM_AFTER = re.compile(r"[”\"*_]*\s*(?:[:.,;(–—]|$|\n)")
LISTED_BEFORE = re.compile(r"\0[”\"*_]*\s*,?\s*(?:and|or)?\s*[“\"*_]*$")
LISTED_AFTER = re.compile(r"[”\"*_]*\s*,?\s*(?:and|or)?\s*[“\"*_]*\0")


@dataclass(frozen=True)
class Hit:
    """Words of a text that speak of what is not there, as an offset into its raw text."""

    start: int
    length: int
    what: str
    hint: str
    severity: Severity = Severity.PROBLEM


def find_stale_references(whole: Library, program: Library, name: str) -> list[Problem]:
    """Return the stale references of the cohort `name`, each at the place where it is written.

    Args:
        whole: the program before the cohort's changes.
        program: the program of the cohort, with its changes applied.
    """
    held, cohort = scheduled(program, program.cohorts[name].model)
    search = Search(whole, held, cohort)
    hits = [(text, hit) for text in present_texts(held) for hit in find_hits(search, text)]
    if not hits:
        return []
    printed = printed_words(compose(program, name))
    return [
        Problem(
            text.scalar.inside(hit.start, hit.length),
            "stale-reference",
            hit.what,
            hit.hint,
            hit.severity,
        )
        for text, hit in hits
        if is_printed(text.scalar.text, printed)
    ]


def find_hits(search: Search, text: PresentText) -> Iterator[Hit]:
    """Yield every stale reference in a text."""
    for find in (_links, _values, _titles, _people, _names, _counts):
        yield from find(search, text)


# ---- finders, (a) to (e)


def _links(search: Search, text: PresentText) -> Iterator[Hit]:
    """(a) Links that lead to nothing that the cohort has."""
    for found in LINK.finditer(text.scalar.raw):
        name = found[1].split("__")[0]
        if name in search.names and name not in search.present:
            yield Hit(
                found.start(1),
                len(found[1]),
                f'this link leads to "{name}", which the cohort does not have',
                f"give this part with: {name}, or say it without the link",
            )


def _values(search: Search, text: PresentText) -> Iterator[Hit]:
    """(a) Computed values that cannot be computed."""
    for found in PLACEHOLDER.finditer(text.scalar.raw):
        name = found[1]
        if name in COMPUTED and name not in search.values:
            yield Hit(
                found.start(1),
                len(name),
                f'"{name}" cannot be computed for this cohort',
                "write the dates and hours of its meetings",
            )


def _titles(search: Search, text: PresentText) -> Iterator[Hit]:
    """(b) Titles and topics of what the cohort does not have."""
    raw = text.scalar.raw
    if not search.titles or not search.title_pattern.search(raw):
        return
    masked = search.known_pattern.sub(lambda found: "\0" * len(found[0]), raw)
    all_masked = search.title_pattern.sub(lambda found: "\0" * len(found[0]), masked)
    for found in search.title_pattern.finditer(masked):
        title = " ".join(found[0].split())
        before, after = masked[: found.start()], masked[found.end() :]
        lists = all_masked[: found.start()], all_masked[found.end() :]
        if is_ordinary(title) and not _is_title_place(before, after, *lists):
            continue
        each = search.titles[title]
        yield Hit(
            found.start(),
            len(found[0]),
            f'"{title}" is the title of the {each.kind} "{each.name}", which is not in the cohort',
            f"say it another way, give this part with: {each.name}, "
            f"or write may_mention: {each.name} in the cohort",
            Severity.WARNING,
        )


def is_ordinary(title: str) -> bool:
    """Return whether a title may occur in a sentence that means something else."""
    words = title.split()
    return len(words) == 1 or (len(words) <= 3 and not any(w[:1].isupper() for w in words[1:]))


def _is_title_place(before: str, after: str, listed_before: str, listed_after: str) -> bool:
    """Return whether a title with these words around it is meant as a title."""
    if not before.strip() and not after.strip():
        return True
    is_item = ITEM_BEFORE.search(before) and ITEM_AFTER.match(after)
    is_listed = LISTED_BEFORE.search(listed_before) or LISTED_AFTER.match(listed_after)
    return bool(TITLE_BEFORE.search(before) or is_item or is_listed)


def _people(search: Search, text: PresentText) -> Iterator[Hit]:
    """(c) People of stories that are not told here."""
    if not search.people or "smart_example" in text.path:
        return
    for found in search.people_pattern.finditer(text.scalar.raw):
        name = " ".join(found[0].split())
        each = search.people[name]
        if " " not in name and _is_other_person(search, text, found, each):
            continue
        yield Hit(
            found.start(),
            len(found[0]),
            f'"{name}" is in the case study "{each.name}", which is not here in that version',
            "move what is about a story into its case study: introduction, steps, facilitator",
        )


def _is_other_person(
    search: Search, text: PresentText, found: re.Match[str], case: AbsentThing
) -> bool:
    """Return whether a single name belongs to someone else: introduced here, or with another name.

    In the file of another case study a single name is one of that story.
    """
    if text.owner in search.program.cases and text.owner != case.name:
        return True
    after, before = found.string[found.end() :], found.string[: found.start()]
    if OTHER_AFTER.match(after):
        return True
    neighbor = NAME_BEFORE.search(before)
    return bool(neighbor and not HONORIFIC.match(neighbor[0]) and neighbor[1] not in search.people)


def _names(search: Search, text: PresentText) -> Iterator[Hit]:
    """(d) Short names printed as words."""
    for found in SHORT_NAME.finditer(text.scalar.raw):
        if found[0] in search.short_names:
            yield Hit(
                found.start(),
                len(found[0]),
                f'the short name "{found[0]}" is printed as a word',
                f"write [](#{found[0]}), which prints its title",
            )


def _counts(search: Search, text: PresentText) -> Iterator[Hit]:
    """(e) Counts and numbers typed by hand that differ from those of the cohort."""
    raw = text.scalar.raw
    for found in COUNT.finditer(raw):
        if (hit := _wrong_count(search, found)) is not None:
            yield hit
    for found in SESSION_NUMBER.finditer(raw):
        if not search.is_numbered_as_written or int(found[1]) > search.counts["meetings"]:
            yield Hit(
                found.start(),
                len(found[0]),
                f'"{" ".join(found[0].split())}" is another meeting in this cohort, or none',
                "write [](#short_name) of what you mean, which prints its title",
            )


def _wrong_count(search: Search, found: re.Match[str]) -> Hit | None:
    """Return a hit where a count of the whole program is not the cohort's."""
    number = NUMBERS.get(found["number"].lower()) or int(found["number"])
    unit = found["unit"].lower()
    is_module = unit in ("modules", "skills")
    right = search.counts["modules" if is_module else "meetings"]
    # An introduction is a module and no skill.
    is_right = number == right or (unit == "skills" and number == right - 1)
    is_plain = not is_module and found["before"].strip().lower() in SPEAKS_OF_ALL
    least = 2 if is_plain else LEAST_COUNT[unit]
    is_all = number >= least and found["word"].strip().lower() not in NOT_ALL
    if is_right or not is_all or not found["unit"].islower():  # a title is no count
        return None
    start = found.start("number")
    return Hit(
        start,
        found.end() - start,
        f'"{" ".join(found.string[start : found.end()].split())}" is not true for this cohort, '
        f"which has {right}",
        f"write {{{{ {'module_count' if is_module else 'meetings'} }}}}",
    )
