"""A Guide as plain lines: everything its reader will hold, and nothing of how it looks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from mentorkit.edition.guide import (
    Guide,
    GuideActivity,
    GuideChapter,
    GuideModule,
    GuideStep,
    GuideThing,
    Heard,
    Notes,
    Way,
)
from mentorkit.edition.section import Section
from mentorkit.render.text.lines import section_lines, text_lines


def guide_lines(guide: Guide) -> Iterator[str]:
    """Yield every line of a guide."""
    yield f"GUIDE {guide.title} | {guide.cohort} | release {guide.release}"
    yield from (f"differs: {line}" for line in guide.departures)
    for chapter in guide.chapters:
        yield ""
        yield from _chapter_lines(chapter)


def _chapter_lines(chapter: GuideChapter) -> Iterator[str]:
    head = f"== {chapter.kind} {chapter.number or ''} {chapter.title} #{chapter.anchor}"
    ref = f" -> {chapter.ref.anchor}" if chapter.ref else ""
    yield f"{head} {chapter.minutes} min{ref}"
    yield from text_lines("text: ", chapter.text)
    yield from text_lines("before: ", chapter.prework_text)
    yield from (f"led by: {name}" for name in chapter.led_by)
    for minutes, plan in chapter.late:
        trims = "; ".join(f"{trim.title} to {trim.minutes}, saves {trim.saves}" for trim in plan)
        yield f"{minutes} minutes behind: {trims}"
    yield from (f"bring: {item}" for item in chapter.materials)
    yield from note_lines(chapter.notes)
    for thing in chapter.things:
        yield from thing_lines(thing, "  ")
    for module in chapter.modules:
        yield from _module_lines(module)


def _module_lines(module: GuideModule) -> Iterator[str]:
    refs = ", ".join(ref.anchor for ref in module.refs)
    yield f"-- {module.title} {module.minutes} min -> {refs}"
    yield from (f"objective: {line}" for line in module.objectives)
    yield from note_lines(module.notes, "  ")
    for activity in module.activities:
        yield from activity_lines(activity)
    for thing in module.things:
        yield from thing_lines(thing, "  ")


def activity_lines(activity: GuideActivity) -> Iterator[str]:
    """Yield the lines of an activity: its head, its steps, its notes and what it uses."""
    head = f"{activity.start:3} {activity.title} {activity.minutes} min {activity.priority}"
    yield f"{head} {activity.icon} -> {activity.ref.anchor}"
    yield from text_lines("    text: ", activity.text)
    for step in activity.steps:
        yield from _step_lines(step)
    yield from (f"    serves: {line}" for line in activity.serves)
    if activity.board:
        yield f"    board {activity.board} <{activity.board_url}>"
    yield from note_lines(activity.notes, "    ")
    for thing in activity.things:
        yield from thing_lines(thing, "    ")


def activity_note_lines(activity: GuideActivity) -> Iterator[str]:
    """Yield what the guide says on leading an activity, without its minutes and without what it
    uses.
    """
    yield activity.priority
    for step in activity.steps:
        yield f"{step.name} {step.shape} {step.priority}"
        yield from note_lines(step.notes)
    yield from note_lines(activity.notes)


def _step_lines(step: GuideStep) -> Iterator[str]:
    shortest = f" (at least {step.shortest})" if step.shortest else ""
    yield f"    step {step.name} {step.minutes}{shortest}" + (f": {step.do}" if step.do else "")
    yield from note_lines(step.notes, "      ")


def thing_lines(thing: GuideThing, indent: str) -> Iterator[str]:
    """Yield the lines of a case or worksheet; of one whose notes are printed elsewhere, the head
    alone.
    """
    elsewhere = "" if thing.here else " (notes stand earlier)"
    yield f"{indent}{thing.kind} {thing.title} -> {thing.ref.anchor}{elsewhere}"
    if not thing.here:
        return
    yield from text_lines(f"{indent}  about: ", thing.about)
    yield from text_lines(f"{indent}  heads up: ", thing.heads_up)
    yield from (f"{indent}  version: {title}. {about}" for title, about in thing.versions)
    yield from (f"{indent}  asks: {question}" for question in thing.questions)
    for question, notes in thing.question_notes:
        yield from note_lines(notes, f"{indent}  on “{question}” ")
    yield from note_lines(thing.notes, indent + "  ")


def note_lines(notes: Notes, indent: str = "") -> Iterator[str]:
    """Yield the lines of notes, whatever their slots are."""
    for slot in fields(notes):
        yield from _slot_lines(slot.name, getattr(notes, slot.name), indent)


def _slot_lines(
    name: str,
    value: str | Way | Section | Heard | tuple[str | Heard | Section, ...] | None,
    indent: str,
) -> Iterator[str]:
    match value:
        case None:
            return
        case str():
            yield from text_lines(f"{indent}{name}: ", value)
        case Heard(hear, then):
            yield f"{indent}hear: {hear} then: {then}"
        case Way(how, prepare, materials):
            yield from text_lines(f"{indent}{name}: ", how)
            yield from (f"{indent}{name}, prepare: {item}" for item in prepare)
            yield from (f"{indent}{name}, materials: {item}" for item in materials)
        case Section():
            yield from section_lines(value, indent)
        case tuple():
            for item in value:
                yield from _slot_lines(name, item, indent)
