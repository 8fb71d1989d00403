"""Write docs/reading.md: words and reading grade of every text that participants read. python
docs/tools/make_reading.py"""

from __future__ import annotations

from pathlib import Path

from mentorkit.checks.load import load_program
from mentorkit.checks.readability import measure
from mentorkit.compose.compose import compose
from mentorkit.edition.content import Role, Steps, TermList
from mentorkit.edition.markdown import plain
from mentorkit.edition.section import Section

DOCS = Path(__file__).resolve().parents[1]
TITLES = {
    Role.CASE: "case study",
    Role.PAGE: "page",
    Role.WORKSHEET: "worksheet",
    Role.ACTIVITY: "activity",
    Role.BEFORE: "before a session",
}


def texts(section: Section) -> list[str]:
    """Return what is read in a section and its parts, questions included."""
    found: list[str] = []
    for part in section.sections():
        steps = [step for item in part.find(Steps) for step in item.steps]
        terms = [term for item in part.find(TermList) for term in item.terms]
        found += [
            *part.texts(),
            *(step.do for step in steps),
            *(question.text for question in part.questions()),
            *(term.text for term in terms),
        ]
    return [text for text in found if text]


def main() -> None:
    """One row a block, the whole book at the end."""
    book = compose(load_program(DOCS.parent), "spring_2027").workbook
    rows, everything = [], list[str]()
    for section in book.top_sections():
        found = texts(section)
        everything += found
        count, grade = measure(found)
        if section.role in TITLES and count >= 40:
            title = plain(section.title)
            rows.append(f"| {TITLES[section.role]} | {title} | {count} | {grade:.1f} |")
    for chapter in book.chapters:
        for module in chapter.modules:
            everything.append(module.text)
            count, grade = measure([module.text])
            rows.append(f"| introduction | {plain(module.title)} | {count} | {grade:.1f} |")
    count, grade = measure(everything)
    head = (
        "# Reading\n\nWords and estimated reading grade (Flesch and Kincaid) of what "
        "participants read, made by `docs/tools/make_reading.py`. The stories and sheets are "
        "written for readers\n"
        "whose first language may not be English, so they are easier than the other texts, which "
        "aim at grades 8 to 10.\n\n| sort | title | words | grade |\n|---|---|---|---|\n"
    )
    (DOCS / "reading.md").write_text(
        head + "\n".join(rows) + f"\n| **all** | | **{count}** | **{grade:.1f}** |\n", "utf-8"
    )


if __name__ == "__main__":
    main()
