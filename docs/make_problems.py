"""Writes docs/problems.md, an entry for each code that a problem may have: python docs/make_problems.py

What a check finds is explained by the check's docstring; what is found while reading, by `MEANINGS` below. The examples are the folders
of tests/problems: what stood there, what was said, and what stands there once it is mended.
"""

from __future__ import annotations

import difflib
import sys
import tempfile
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import product
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests"))

from folders import laid_out  # noqa: E402
from test_problems import FOLDERS, PROGRAM, codes, found, written  # noqa: E402

from mentorkit.checks.load import load_program  # noqa: E402
from mentorkit.checks.registry import CHECKS  # noqa: E402
from mentorkit.commands.source_excerpt import lines_of  # noqa: E402
from mentorkit.source.problem import Problem, Span  # noqa: E402

PAGE = HERE / "problems.md"
WIDEST, MOST = 110, 12  # characters of a line, and lines of an example
# Section titles, each with the modules or packages whose problems it describes.
SECTIONS = {
    "Files and letters": ("program.loader", "source.text_file"),
    "Signs, quotes and indentation": ("source",),
    "Keys and values": ("model",),
    "What a cohort changes": ("program.overlay", "program.cohort_changes"),
    "What hangs together": ("checks", "program"),
    "Lists of people, and of who came": ("people", "handouts"),
    "Books and packets": ("compose", "edition", "packets", "pdf", "pipeline", "render"),
}
MEANINGS = {
    # files and letters
    "conflicted-copy": "A cloud folder could not merge two versions of a file and kept both. The copy is not read.",
    "doubled-name": "Sessions, modules, activities, case studies, worksheets and pages all have different short names, since fields are named after them.",
    "file": "The file is not there, is a folder, or cannot be read.",
    "file-name": "A file’s name is its short name: small letters, digits and single _, 30 at most, and no word that the kit uses for itself.",
    "not-text": "The file comes from another program (Word, a PDF, a web page), whatever its name says.",
    "not-utf8": "Files are read as UTF-8, so that every letter is what it was; this one was saved in another encoding.",
    "outside": "A link in the program’s folder leads out of it. What lies elsewhere is never read.",
    "too-large": "A file may have 1 MiB and 100,000 entries; a list of people has limits of its own, which the message names.",
    # signs, quotes, indentation
    "after-quote": "A text in quotes ends at the next quote of the same kind; nothing may follow it.",
    "backslash": 'In double quotes a backslash starts a code. Only \\\\, \\" and \\n mean something here.',
    "block-text": "After | or > the text starts on the next line.",
    "braces": "Braces and brackets mean groups and lists to YAML. A text that begins with one needs quotes.",
    "bullet": "A list entry starts with a hyphen and a space; other bullets and dashes are part of the text.",
    "check-box": "[ ] at the start of a text is a list to YAML.",
    "comment": "What stands behind “ #” is a comment and is not printed. That may be meant, so it is a warning.",
    "control": "A character that no keyboard types and no page shows.",
    "doubled": "The same short name stands twice in one group, or the same row in two groups of a table. Only one of them could be kept.",
    "empty": "There is nothing where a text has to be.",
    "hidden-break": "A line break that editors do not show as one.",
    "hidden-direction": "A character that turns the direction of the text unseen.",
    "under-text": "A short name has either a text beside it or a group of lines below it.",
    "hyphen": "Questions, rows and other parts each have a short name and a colon. Only plain lists have hyphens.",
    "indent": "The line begins neither under its neighbors nor two spaces further in.",
    "invisible": "A character without width, which comes along when text is copied.",
    "list-beside": "A list stands on lines of its own, below its name.",
    "lost-character": "The sign that stands where a letter was lost when the file was saved in another encoding.",
    "lost-comment": "“ #” starts a comment, and what follows would be lost. Most often a number such as #12 is meant.",
    "merge": "Git left the marks of two versions that it could not join.",
    "no-colon": "Outside of texts and lists, every line is a name, a colon and a text.",
    "no-name": "A colon stands where the name before it is missing.",
    "no-space": "YAML wants a space after the colon of a name and after the hyphen of a list.",
    "not-a-group": "A file is a group of names with their texts, not one text or one list.",
    "odd-colon": "A colon of another alphabet looks right and is none to YAML.",
    "odd-space": "A space of another width, from Word or a web page; YAML counts only ordinary ones.",
    "old-line-end": "The file ends its lines as Macs did before 2001, so all of it would be one line.",
    "open-bracket": "A bracket or brace was opened and is never closed.",
    "open-quote": "A quote was opened and is never closed, so the rest of the file became part of the text.",
    "private-character": "A character to which every computer gives a shape of its own.",
    "run-together": "YAML takes a line that is indented further into the text above, silently. This one looks as if it were meant for itself.",
    "second-colon": "A colon and a space inside a text make YAML see a second name.",
    "second-document": "--- or ... at the start of a line ends the document; a file holds only one.",
    "special-start": "Some signs mean something to YAML at the start of a text or line. Quotes make it a text.",
    "tab": "Lines are indented with spaces only.",
    "too-deep": "Lists, quotations or groups stand in each other more often than a page can show.",
    "too-long": "A line has more than 20,000 characters; nobody can edit it.",
    "yaml": "The file cannot be read, and we do not know why.",
    # keys and values
    "choice": "Only some words can stand here.",
    "date": "A date is written year-month-day, and the day has to exist.",
    "form": "The text has to have a certain form: an address with https://, a time such as 14:30, or one line.",
    "kind-needs": "This kind of place cannot be printed without another key.",
    "kind-not": "The key means nothing for this kind of place.",
    "kit-word": "A word that the kit uses for itself cannot be a short name; most often a line is not indented as it should be.",
    "long-text": "The text is longer than there is room for.",
    "minutes-or-steps": "An activity has minutes, or steps with minutes: never both, so that they cannot disagree, and never neither.",
    "missing": "Something that has to be there is not.",
    "range": "The number is too small, too large, or longer than 15 digits.",
    "row-text": "A row has a text, or two statements on the left and right of a scale.",
    "short-name": "A short name is made of small letters, digits and single _, begins with a letter, and has 30 characters at most.",
    "shortest-on-steps": "Where steps carry the minutes, they carry the shortest minutes too.",
    "unknown-key": "The model knows no such key in this place. What only facilitators may read stands under facilitator and nowhere else.",
    "unusable": "What is written here cannot be used, and we do not know a better word for it.",
    "wants-list": "A list is wanted here, one entry a line.",
    "wants-names": "A group is wanted here: short names, each with a colon and its text.",
    "wants-text": "A text is wanted here, not a list or a group.",
    "whole-number": "Minutes, lines and counts are whole numbers, without a unit and not as a time.",
    "yes-or-no": "Only yes or no can stand here.",
    # what a cohort changes
    "overlay": "A change has the shape of what it changes: names where there are names.",
    "overlay-after": "after: names what an addition stands behind, in the same group.",
    "overlay-drop": "Only what is there can be left out, and not while something else needs it.",
    "overlay-fixed": "Kinds of places cannot change from cohort to cohort, since answers could not be compared; rights belong to the text.",
    "overlay-return": "What the program promised to keep private stays private in every cohort.",
    # what several checks find
    "listed-twice": "The same name stands twice in a list where once is enough.",
    "order": "The meetings of a cohort stand in the order of their dates.",
    "case-step": "A step with from_case prints what the case study of its activity writes for that step.",
    "unused": "Nothing uses this, so it is not printed; that may be intended.",
    "unknown-name": "A short name points to something that nothing has.",
    # texts
    "code": "Texts are prose: computer code and indented lines are not printed as such.",
    "folded": "YAML joins the lines of a text that does not start with |. Its paragraphs and lists would be lost.",
    "footnote": "A text cannot have footnotes. What belongs to it stands in it.",
    "half-emphasis": "Stars and underscores that mark nothing are printed as they are typed. Emphasis goes around whole words.",
    "heading": "Headings have keys (title), so that each book can set them at its own level and list them in its contents.",
    "html": "HTML is shown as it is typed. Texts are Markdown.",
    "joined-lines": "The lines of a paragraph are joined. Lines of an address, a verse or a dialogue that are meant to stay apart need a backslash at their ends.",
    "ligature": "Some programs write one character for the letters fi. No search finds it, and some programs read it aloud wrongly.",
    "link": "A link has words in brackets and an address in parentheses behind them, which begins with https://, mailto: or #.",
    "link-address": "Addresses of links stand behind their words, not on lines of their own.",
    "list-number": "A numbered list counts on from its first number, whatever is written before its other entries.",
    "lost-words": "Something of the text would not be printed.",
    "no-glyph": "The books print with fonts of their own, and none of them has this character.",
    "one-entry": "A dash at the start of a line makes a list, also where it belongs to the sentence.",
    "one-paragraph": "Questions, hints, cells and entries of lists are printed inside a line. Lists and paragraphs stand in text.",
    "picture-in-text": "Pictures have a key of their own, with a text alternative.",
    "placeholder": "A placeholder {{ name }} is replaced by a value of the curriculum. No other name is known, and nothing is ever computed.",
    "table-in-text": "Tables have a key of their own, with columns and rows.",
    "utf-7": "An old way to write letters, left by a mail program.",
    # lists of people
    "cells": "A row has more or fewer cells than there are headings.",
    "columns": "A list of people may have so many columns; those behind are not read.",
    "damaged": "The file cannot be opened as what it says it is.",
    "doubled-column": "Two columns say the same thing of a person.",
    "email": "An e-mail address has one @ and no spaces.",
    "excel-id": "Excel turned an id into a number and lost some of its digits.",
    "formula": "A cell holds a formula whose result Excel has not stored.",
    "hidden-rows": "People in rows that Excel hides are people all the same.",
    "line-break": "A name or address goes on in a second line.",
    "long-cell": "A cell holds more than any name has.",
    "mark": "In a list of who came, a cell holds something that is neither yes nor no.",
    "merged": "Merged cells do not say to which rows they belong.",
    "no-email": "A person has no e-mail address, so no mail can be prepared for them.",
    "no-heading": "A column holds something and does not say what.",
    "no-meeting": "A column of a list of who came is headed with something that is no meeting.",
    "no-names": "No column holds people’s names.",
    "no-row": "A person of the roster is missing from the list of who came.",
    "nobody": "The list has headings and no people.",
    "not-a-table": "The file is no list that can be read: an old Excel file, a web page, a picture.",
    "not-in-roster": "The list of who came names somebody whom the roster does not.",
    "print": "A person’s workbook is printed normal or large.",
    "same-person": "Two rows cannot be told apart.",
    "sheets": "The workbook has several sheets, and which one is meant is not said.",
    "twice": "A person has two rows in the list of who came.",
    "unknown-heading": "A column has a heading that we do not know, and is not read.",
    "unnamed-person": "A row has no name.",
    # books and packets
    "double-anchor": "Two parts of a book would be reached by the same link.",
    "double-label": "A screen reader would say the same words at two places to fill.",
    "double-name": "Two places to fill would have the same name, and one answer would be lost.",
    "long-label": "What a screen reader says at a place to fill is too long to listen to.",
    "long-name": "A field’s name is made of short names, and is too long for some programs that fill PDFs.",
    "no-letter": "No font on this computer has a letter of a person’s name.",
    "no-roster": "Packets are made for people, and the cohort has no list of them.",
    "renamed": "A short name is what answers are found by. The books made last have another one in this place; answers given in them would be lost.",
    "unfilled": "A value that each cohort fills in is not filled in; the message says what is printed in its place.",
}


def page() -> str:
    """The whole page."""
    told = examples()
    parts = [INTRO]
    placed: set[str] = set()
    for title, modules in SECTIONS.items():
        here = sorted(
            code
            for code, made in codes().items()
            if code not in placed and is_in_section(made.modules, modules)
        )
        placed.update(here)
        parts.append(f"## {title}")
        parts += ["\n\n".join(entry(code, told.get(code))) for code in here]
    missing = sorted(codes().keys() - placed)
    assert not missing, f"no section for {missing}"
    return "\n\n".join(parts) + "\n"


def is_in_section(found_in: set[str], modules: tuple[str, ...]) -> bool:
    """Return whether one of the modules `found_in` is among `modules`, or in one of its packages."""
    return any(
        module == name or module.startswith(name + ".") for module in found_in for name in modules
    )


INTRO = """# What `check` tells, and what to do

`./kit.py check` prints each problem with its file, line and column, the line itself with the spot marked, what is wrong and what to do.
A *problem* stops the build. A *warning* is told and built; `--strict` makes warnings stop it too. `--format json` and `--format github`
tell the same to programs, each under its code. This page lists the codes. It is made by `docs/make_problems.py` from the checks and their tests."""


def entry(code: str, example: tuple[Path, Problem] | None) -> Iterator[str]:
    """What a code means, how severe it is, and an example: wrong, told, mended."""
    severity = " or ".join(sorted(codes()[code].severities)).capitalize()
    yield f"### {code}"
    yield f"*{severity}.* {meaning(code)}"
    if example is None:
        return
    folder, problem = example
    yield f"```text\n{shown(str(problem))}\n```"
    wrong, mended = difference(folder, problem)
    if wrong:
        yield "```yaml\n" + "\n".join(wrong) + "\n```"
    if mended:
        yield "Mended:\n\n```yaml\n" + "\n".join(mended) + "\n```"


def meaning(code: str) -> str:
    """The sentence for a code: from `MEANINGS`, else the docstring of the one check that finds it."""
    if code in MEANINGS:
        return MEANINGS[code]
    checks = finders()[code]
    assert len(checks) == 1, (
        f"{code}: found by {sorted(checks)}; say in MEANINGS of docs/make_problems.py what it means"
    )
    return next(iter(checks.values()))


@cache
def finders() -> dict[str, dict[str, str]]:
    """Which checks find a code, each with its docstring."""
    by_code: dict[str, dict[str, str]] = defaultdict(dict)
    for folder in FOLDERS:
        if any(problem.code not in MEANINGS for problem in found(folder)):
            with tempfile.TemporaryDirectory() as empty:
                library = load_program(laid_out(PROGRAM, folder, Path(empty) / "program"))
                for run, judged in product(
                    CHECKS, (library, replace(library, cohorts={}))
                ):  # as `load` has them run: with a cohort, and without
                    for problem in run(judged):
                        by_code[problem.code][run.__name__] = (run.__doc__ or "").strip()
    return by_code


def examples() -> dict[str, tuple[Path, Problem]]:
    """For each code the folder that shows it best: one that is mended, with little else wrong in it, and the earliest."""
    best: dict[str, tuple[tuple[bool, int, str], Path, Problem]] = {}
    for folder in FOLDERS:
        for problem in found(folder):
            worth = (not (folder / "fixed.yaml").exists(), len(found(folder)), folder.name)
            if problem.code not in best or worth < best[problem.code][0]:
                best[problem.code] = (worth, folder, problem)
    return {code: (folder, problem) for code, (_, folder, problem) in best.items()}


def difference(folder: Path, problem: Problem) -> tuple[list[str], list[str]]:
    """The lines that differ between the wrong file and the mended one, or those about the spot where it was not mended."""
    if problem.span == Span(problem.span.file):
        return [], []
    before = lines_of(written(folder, problem.span.file))
    if not (folder / "fixed.yaml").exists():
        return cut(before, problem.span.line - 2, problem.span.line + 1), []
    after = lines_of(folder / "fixed.yaml")
    changed = [
        block
        for block in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
        if block[0] != "equal"
    ]
    return cut(before, changed[0][1] - 1, changed[-1][2] + 1), cut(
        after, changed[0][3] - 1, changed[-1][4] + 1
    )


def cut(lines: list[str], first: int, last: int) -> list[str]:
    """These lines and no more than a page can show."""
    kept = [shown(line) for line in lines[max(0, first) : last]]
    while kept and not kept[-1].strip():
        kept.pop()
    return kept if len(kept) <= MOST else [*kept[:MOST], "# …"]


def shown(line: str) -> str:
    """The line with what nobody can see written as its code, and not too long."""
    seen = "".join(
        sign if sign == " " or unicodedata.category(sign)[0] not in "CZ" else f"\\u{ord(sign):04x}"
        for sign in line.rstrip()
    )
    return seen if len(seen) <= WIDEST * 2 else seen[:WIDEST] + "…"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    sys.stdout.write(f"{PAGE.name} is up to date: {len(codes())} codes\n")
