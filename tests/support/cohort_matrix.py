"""Many cohorts of one program: every single difference from it, and pairs of differences."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

from mentorkit.model.program import Activity, CaseStudy
from mentorkit.program.library import Filed, Library
from mentorkit.source.nodes import plain
from mentorkit.source.reader import parse

OWN_CASE = "a_case_of_our_own"


@dataclass(frozen=True)
class Variant:
    """A difference from the program: lines of the cohort's file, or a change to a home."""

    name: str
    kind: str
    lines: str = ""
    change: str = ""


def with_own_case(base: Library) -> Library:
    """Return the program with a blank but valid case study that has every step asked for."""
    slots = {
        step.from_case
        for _, activity in activities(base)
        for step in activity.steps.values()
        if step.from_case
    }
    steps = "".join(f"  {slot}: Find the place that you want to talk about.\n" for slot in slots)
    text = f"""title: A Case of Our Own
about: Something happens.
people: [Quillon Ferrars, Zadie Okonjo]
seat: third
stage: postdoc
field: geology
text: Quillon waits. Zadie leaves.
{"steps:" if steps else ""}
{steps}questions:
  noticed: What do you notice?
rights: own
"""
    source = parse(text.replace("\n\n", "\n"), f"case_studies/{OWN_CASE}.yaml")
    assert source.root is not None
    model = CaseStudy.model_validate(plain(source.root))
    file = Filed(OWN_CASE, f"case_studies/{OWN_CASE}.yaml", source.root, model, "0" * 64)
    return replace(base, cases={**base.cases, OWN_CASE: file})


def activities(library: Library) -> Iterator[tuple[str, Activity]]:
    """Yield every activity of a program with its short name."""
    for session in library.sessions.values():
        for module in session.model.modules.values():
            yield from module.activities.items()


def single_variants(base: Library) -> list[Variant]:
    """Return every single difference: what is dropped, swapped, moved, and how the group meets."""
    assert base.curriculum is not None
    spine = base.curriculum.model
    found = []
    for session in (base.sessions[name].model for name in spine.sessions):
        found += [Variant(name, "module", change=f"{name}: drop") for name in session.modules]
    for name, activity in activities(base):
        found.append(Variant(name, "activity", change=f"{name}: drop"))
        if activity.case:
            found += _swaps(base, name, activity)
    found += [Variant(name, "worksheet", change=f"{name}: drop") for name in base.worksheets]
    for name, planned in spine.formats.items():
        found.append(Variant(name, "format", lines=f"format: {name}\nmeetings: []"))
        dated = "".join(
            f"\n  - date: 2027-03-{number + 1:02}\n    start: 9:00"
            for number in range(len(planned.meetings))
        )
        found.append(Variant(f"{name}, dated", "format", lines=f"format: {name}\nmeetings:{dated}"))
    modules = [name for session in spine.sessions for name in base.sessions[session].model.modules]
    found.append(Variant("one", "meeting", lines=f"meetings:\n  - modules: [{', '.join(modules)}]"))
    for mode in ("in_person", "online", "hybrid"):
        found.append(Variant(mode, "mode", lines=f"mode: {mode}"))
    return found


def _swaps(base: Library, name: str, activity: Activity) -> Iterator[Variant]:
    for case, variation in base.varied:
        if case == activity.case and variation != activity.variation:
            yield Variant(
                f"{name}, {variation}", "swap", change=f"{name}: {{variation: {variation}}}"
            )
    variation = ", variation: drop" if activity.variation else ""
    yield Variant(f"{name}, own", "swap", change=f"{name}: {{case: {OWN_CASE}{variation}}}")


def pairs(variants: list[Variant]) -> list[tuple[Variant, ...]]:
    """Return pairs of differences of two kinds, so that each meets some of each other kind."""
    by_kind: dict[str, list[Variant]] = {}
    for variant in variants:
        by_kind.setdefault(variant.kind, []).append(variant)
    found: list[tuple[Variant, ...]] = []
    for one, other in itertools.combinations(by_kind.values(), 2):
        if {one[0].kind, other[0].kind} == {"format", "meeting"}:
            continue
        longer, shorter = sorted((one, other), key=len, reverse=True)
        found += [
            (variant, shorter[number % len(shorter)]) for number, variant in enumerate(longer)
        ]
    return [pair for pair in found if pair[0].change != pair[1].change or not pair[0].change]


def cohort_text(variants: tuple[Variant, ...]) -> str:
    """Return the cohort's file without its head."""
    lines = [variant.lines for variant in variants if variant.lines]
    if not any("meetings:" in line for line in lines):
        lines.append("meetings: []")
    changes = [f"  {variant.change}" for variant in variants if variant.change]
    return "\n".join([*lines, *(["changes:", *changes] if changes else [])]) + "\n"
