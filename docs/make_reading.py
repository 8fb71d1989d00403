"""Writes docs/reading.md: words and reading grade of every text that participants read. python docs/make_reading.py

The grade is Flesch and Kincaid's, with syllables counted by pyphen's hyphenation, which finds too few: an estimate, good for comparing.
"""

from __future__ import annotations

import re
from pathlib import Path

import pyphen

from mentorkit.compose import compose
from mentorkit.edition import Block, walk
from mentorkit.load import load
from mentorkit.render.markdown import plain

HERE = Path(__file__).resolve().parent
SPLIT = pyphen.Pyphen(lang="en_US")
TITLES = {"case": "case study", "page": "page", "worksheet": "worksheet", "activity": "activity", "before": "before a session"}


def texts(block: Block) -> list[str]:
    """What is read in a block and its parts, questions included."""
    found: list[str] = []
    for part in walk(block):
        found += [part.text, *(step.do for step in part.steps), *(question.text for question in part.questions)]
    return [plain(text) for text in found if text]


def measure(found: list[str]) -> tuple[int, float]:
    """Words, and the grade: 0.39 words a sentence + 11.8 syllables a word - 15.59."""
    words = [word for text in found for word in re.findall(r"[A-Za-z’']+", text)]
    sentences = sum(max(1, len(re.findall(r"[.!?]+(?=\s|$|”)", text))) for text in found)
    syllables = sum(max(1, len(SPLIT.inserted(word).split("-"))) for word in words)
    return len(words), 0.39 * len(words) / max(sentences, 1) + 11.8 * syllables / max(len(words), 1) - 15.59


def main() -> None:
    """One row a block, the whole book at the end."""
    book = compose(load(HERE.parent), "spring_2027").workbook
    rows, everything = [], list[str]()
    blocks = [block for chapter in book.chapters for block in (*chapter.blocks, *(b for module in chapter.modules for b in module.blocks))]
    for block in blocks:
        found = texts(block)
        everything += found
        count, grade = measure(found)
        if block.role in TITLES and count >= 40:
            rows.append(f"| {TITLES[block.role]} | {plain(block.title)} | {count} | {grade:.1f} |")
    for chapter in book.chapters:
        for module in chapter.modules:
            everything.append(plain(module.text))
            count, grade = measure([plain(module.text)])
            rows.append(f"| introduction | {plain(module.title)} | {count} | {grade:.1f} |")
    count, grade = measure(everything)
    head = ("# Reading\n\nWords and estimated reading grade of what participants read, made by `docs/make_reading.py`. The stories and sheets are written for readers\n"
            "whose first language may not be English, so most are easier than the grade of 9 to 11 that was asked for.\n\n| sort | title | words | grade |\n|---|---|---|---|\n")
    (HERE / "reading.md").write_text(head + "\n".join(rows) + f"\n| **all** | | **{count}** | **{grade:.1f}** |\n", "utf-8")


if __name__ == "__main__":
    main()
