"""An Edition or a Guide as plain lines that a person can read and compare: everything a reader will hold, nothing of how it looks."""

from __future__ import annotations

from collections.abc import Iterator

from mentorkit.edition import content, field, guide, workbook


def edition_lines(edition: workbook.Edition) -> Iterator[str]:
    yield (
        f"{edition.name.upper()} {edition.title} | {edition.subtitle} | {edition.cohort} | release {edition.release}"
        + (" | both sides" if edition.both_sides else "")
    )
    for chapter in edition.chapters:
        yield ""
        met = chapter.meeting
        yield " ".join(
            filter(
                None,
                (
                    f"== {chapter.kind}",
                    str(chapter.number or ""),
                    f"{chapter.title} #{chapter.anchor}",
                    f"[{', '.join(filter(None, (met.date, met.time, met.place, met.link, met.feedback)))}]"
                    if met.date
                    else "",
                ),
            )
        )
        yield from said("", chapter.text)
        for block in chapter.blocks:
            yield from block_lines(block, "")
        for module in chapter.modules:
            yield f"-- module {module.title} ({module.topic}) #{module.anchor}"
            yield from said("", module.text)
            yield from (f"objective: {line}" for line in module.objectives)
            for block in module.blocks:
                yield from block_lines(block, "")
    yield ""
    yield from (
        f"credit: {credit.title}: {credit.credit} ({credit.license})" for credit in edition.credits
    )


def block_lines(block: content.Block, indent: str) -> Iterator[str]:
    told = " ".join(filter(None, (block.look, f"({block.privacy})" if block.privacy else "")))
    yield f"{indent}{block.role} h{block.level} {block.title or '-'} #{block.anchor} {told}".rstrip()
    inner = indent + "  "
    for what, text in (
        ("people: ", block.people),
        ("heads up: ", block.heads_up),
        ("stem: ", block.stem),
        ("", block.text),
    ):
        yield from said(inner + what, text)
    yield from (
        f"{inner}step {step.name}: {step.do}" + (f" ({step.shape})" if step.shape else "")
        for step in block.steps
    )
    if block.board:
        yield f"{inner}board {block.board} <{block.board_url}> {' | '.join(block.board_columns)}"
    if block.picture:
        yield f"{inner}picture {block.picture.file}: {block.picture.alt}. {block.picture.caption}"
    yield from table_lines(block.table, inner) if block.table else ()
    for question in block.questions:
        yield f"{inner}{question.number or '-'}. {question.text}" + (
            f" [{question.hint}]" if question.hint else ""
        )
        yield f"{inner}   {place_line(question.place)}"
    yield from (
        f"{inner}link {link.title} <{link.url}> {link.by} {link.about}".rstrip()
        for link in block.links
    )
    for part in block.parts:
        yield from block_lines(part, inner)
    yield from (f"{inner}see {ref.sort}: {ref.title} #{ref.anchor}" for ref in block.refs)
    yield from said(inner + "credit: ", block.credit)


def table_lines(table: content.Table, indent: str) -> Iterator[str]:
    yield indent + " | ".join(
        (
            table.first or "-",
            *(
                f"{column.title} ({column.kind or 'given'})"
                + (f" [{column.hint}]" if column.hint else "")
                for column in table.columns
            ),
        )
    )
    for group in table.groups:
        if group.title:
            yield f"{indent}group {group.title}" + (f": {group.text}" if group.text else "")
        for row in group.rows:
            yield (
                f"{indent}  {row.text or ' <> '.join(filter(None, (row.left, row.right))) or '(own)'}"
                + (" (example)" if row.example else "")
            )
            yield from (f"{indent}    {place_line(row.own)}" for _ in range(1) if row.own)
            yield from (
                f"{indent}    = {cell.text}"
                if isinstance(cell, content.Given)
                else f"{indent}    {place_line(cell)}"
                for cell in row.cells
            )


def place_line(place: field.Place) -> str:
    about = [
        str(place.kind),
        f"{place.expected_lines} lines" if place.kind is field.Kind.TEXT else "",
        f"1-{place.points} {place.left}/{place.right}" if place.points else "",
        f"of {place.total}" if place.total else "",
        f"at most {place.at_most}" if place.at_most else "",
        " or ".join(place.choices),
        "returned" if place.returned else "",
    ]
    return f"<{place.name}> {', '.join(filter(None, about))} “{place.label}”"


def guide_lines(guide: guide.Guide) -> Iterator[str]:
    yield f"GUIDE {guide.title} | {guide.cohort} | release {guide.release}"
    yield from (f"differs: {line}" for line in guide.departures)
    for chapter in guide.chapters:
        yield ""
        yield (
            f"== {chapter.kind} {chapter.number or ''} {chapter.title} #{chapter.anchor} {chapter.minutes} min"
            + (f" -> {chapter.ref.anchor}" if chapter.ref else "")
        )
        yield from (f"bring: {thing}" for thing in chapter.materials)
        yield from note_lines(chapter.notes, "")
        for module in chapter.modules:
            yield f"-- {module.title} {module.minutes} min -> {', '.join(ref.anchor for ref in module.refs)}"
            yield from note_lines(module.notes, "  ")
            for activity in module.activities:
                yield f"{activity.start:3} {activity.title} {activity.minutes} min {activity.priority} {activity.icon} -> {activity.ref.anchor}"
                for step in activity.steps:
                    yield (
                        f"    step {step.name} {step.minutes}"
                        + (f" (at least {step.shortest})" if step.shortest else "")
                        + (f": {step.do}" if step.do else "")
                    )
                    yield from note_lines(step.notes, "      ")
                yield from (f"    serves: {line}" for line in activity.serves)
                yield from note_lines(activity.notes, "    ")
                for thing in activity.things:
                    yield from thing_lines(thing, "    ")
            for thing in module.things:
                yield from thing_lines(thing, "  ")


def thing_lines(thing: guide.GuideThing, indent: str) -> Iterator[str]:
    yield f"{indent}{thing.sort} {thing.title} -> {thing.ref.anchor}" + (
        "" if thing.here else " (notes stand earlier)"
    )
    if thing.here:
        yield from (f"{indent}  asks: {question}" for question in thing.questions)
        for question, notes in thing.question_notes:
            yield from note_lines(notes, f"{indent}  on “{question}” ")
        yield from note_lines(thing.notes, indent + "  ")


def note_lines(notes: guide.Notes, indent: str) -> Iterator[str]:
    for key in ("purpose", "say", "care", "close", "cut", "background"):
        yield from said(f"{indent}{key}: ", getattr(notes, key))
    for key in ("prepare", "materials", "ask", "bring_out"):
        yield from (f"{indent}{key}: {entry}" for entry in getattr(notes, key))
    yield from (f"{indent}hear: {heard.hear} then: {heard.then}" for heard in notes.watch)
    for chapter in notes.chapters:
        yield from block_lines(chapter, indent)


def said(mark: str, text: str) -> Iterator[str]:
    if text:
        yield mark + " / ".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


def texts(edition: workbook.Edition) -> str:
    """Every word of an edition, blanks made one, for looking for what must not be there."""
    return " ".join(" ".join(edition_lines(edition)).split())
