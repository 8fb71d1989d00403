"""What changed from one cohort to the next, in plain words: for the facilitator, and for the print shop."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import replace

from mentorkit.compose import Composed
from mentorkit.edition import Block, Edition, GuideActivity, Place

ALIKE = 0.8  # two labels that share so much say the same thing
SORTS = {"case": "case study", "part": "section"}


def differences(old: Composed, new: Composed) -> Iterator[str]:
    """One line for each thing that differs, sessions first, then what stands on the pages, then what the print shop must know."""
    yield from _chapters(old.workbook, new.workbook)
    yield from _activities(old, new)
    yield from _blocks(old.workbook, new.workbook)
    yield from _places(old.workbook, new.workbook)
    yield from _printing(old, new)


def _chapters(old: Edition, new: Edition) -> Iterator[str]:
    before, after = ({c.name: c for c in book.chapters} for book in (old, new))
    yield from _gone_and_come("", {n: c.title for n, c in before.items()}, {n: c.title for n, c in after.items()})
    for name in before.keys() & after.keys():
        was, now = before[name].meeting, after[name].meeting
        if was != now and (now.date or now.time):
            yield f"“{after[name].title}” meets {', '.join(filter(None, (now.date, now.time, now.place or now.link)))}"


def _activities(old: Composed, new: Composed) -> Iterator[str]:
    """Activities and their minutes, read from the guides, since the workbook knows no minutes."""
    both = {c.name for c in old.guide.chapters} & {c.name for c in new.guide.chapters}  # of a session that is gone, nothing more is said
    before, after = ({a.name: a for c in one.guide.chapters if c.name in both for m in c.modules for a in m.activities} for one in (old, new))
    yield from _gone_and_come("activity ", _titles(before), _titles(after))
    for name, now in after.items():
        was = before.get(name)
        if was and was.minutes != now.minutes:
            yield f"activity “{now.title}”: {now.minutes} minutes (was {was.minutes})"
        if was and [t.ref.title for t in was.things] != [t.ref.title for t in now.things]:
            yield f"activity “{now.title}” uses {', '.join(f'“{t.ref.title}”' for t in now.things) or 'nothing'} (was {', '.join(f'“{t.ref.title}”' for t in was.things) or 'nothing'})"


def _titles(activities: Mapping[str, GuideActivity]) -> dict[str, str]:
    return {name: activity.title for name, activity in activities.items()}


def _blocks(old: Edition, new: Edition) -> Iterator[str]:
    both = {c.name for c in old.chapters} & {c.name for c in new.chapters}
    before, after = ({block.anchor: block for block in replace(book, chapters=tuple(c for c in book.chapters if c.name in both)).blocks()} for book in (old, new))
    for sort in ("case", "worksheet"):
        yield from _gone_and_come(f"{SORTS.get(sort, sort)} ", *({a: b.title for a, b in blocks.items() if b.role == sort} for blocks in (before, after)))
    for anchor, now in after.items():
        was = before.get(anchor)
        if was and _words(was) != _words(now):
            yield f"{SORTS.get(now.role, now.role)} “{now.title or was.title or now.name}”: its text is another one"


def _words(block: Block) -> tuple[str, ...]:
    return (block.title, block.text, block.people, block.stem, *(step.do for step in block.steps), *block.items)


def _places(old: Edition, new: Edition) -> Iterator[str]:
    """Places to fill: a short name that is gone while nearly the same place is there under another is a renamed one."""
    before, after = ({place.name: place for place in book.places()} for book in (old, new))
    homes = {name.partition("__")[0] for name in before} & {name.partition("__")[0] for name in after}
    gone = [p for n, p in before.items() if n not in after and n.partition("__")[0] in homes]
    come = [p for n, p in after.items() if n not in before and n.partition("__")[0] in homes]
    for place in gone:
        twin = _twin(place, come)
        if twin:
            come.remove(twin)
            yield f"“{place.name}” is now called “{twin.name}”: answers given under the old name will not be found"
        else:
            yield f"“{place.label}” is no longer asked"
    yield from (f"“{place.label}” is asked anew" for place in come)
    for name in before.keys() & after.keys():
        if before[name].label != after[name].label:
            yield f"“{before[name].label}” now reads “{after[name].label}”"
        if before[name].returned != after[name].returned:
            yield f"“{after[name].label}” {'may be returned' if after[name].returned else 'is private'} now"


def _twin(place: Place, others: list[Place]) -> Place | None:
    same_home = [other for other in others if other.name.partition("__")[0] == place.name.partition("__")[0] and other.kind == place.kind]
    rated = [(difflib.SequenceMatcher(None, place.label, other.label).ratio(), other) for other in same_home]
    best = max(rated, key=lambda pair: pair[0], default=(0.0, None))
    return best[1] if best[0] >= ALIKE else None


def _printing(old: Composed, new: Composed) -> Iterator[str]:
    if old.workbook.paper != new.workbook.paper:
        yield f"for the print shop: the paper is {new.workbook.paper} (was {old.workbook.paper})"
    if old.workbook.logo != new.workbook.logo:
        yield "for the print shop: the cover carries another logo"
    same = old.workbook.chapters == new.workbook.chapters and old.workbook.paper == new.workbook.paper
    yield f"for the print shop: the workbook's pages are {'the same but for the cover' if same else 'others; print it anew'}"


def _gone_and_come(sort: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    yield from (f"{sort}“{title}” is not there any more" for name, title in before.items() if name not in after)
    yield from (f"{sort}“{title}” is new" for name, title in after.items() if name not in before)
