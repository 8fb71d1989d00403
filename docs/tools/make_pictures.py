"""Make the README's pictures from the real books: python docs/tools/make_pictures.py [FOLDER WITH
THE BUILT BOOKS]

Build first (`./kit.py build`). Pages are found by the names of what stands on them, so the pictures
follow the books.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2

DOCS = Path(__file__).resolve().parents[1]
WIDTH = 620  # pixels
PAGES: tuple[tuple[Any, ...], ...] = (
    ("cover", "workbook.pdf", 1),
    ("contents", "workbook.pdf", 3),
    ("opener", "workbook.pdf", "talking_and_agreeing"),
    ("case", "workbook.pdf", "the_next_logical_step"),
    ("smart", "workbook.pdf", "communication__smart"),
    ("questionnaire", "workbook.pdf", "questionnaire", 1),
    ("mentor_map", "workbook.pdf", "mentor_map", 1),
    ("runsheet", "facilitator-guide.pdf", "guide-talking_and_agreeing-sheet"),
    ("guide", "facilitator-guide.pdf", "guide-feedback_talk"),
    ("fillable", "workbook-fillable.pdf", "roles"),
)


def destinations(path: Path) -> dict[str, int]:
    """The page, from 1, of every named place of a PDF."""
    with pikepdf.open(path) as pdf:
        numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)}
        names = pikepdf.NameTree(pdf.Root.Names.Dests)
        return {
            name: numbers[(value.D if isinstance(value, pikepdf.Dictionary) else value)[0].objgen]
            for name, value in names.items()
        }


def page_of(path: Path, where: int | str, further: int) -> int:
    """The page, from 1: a number, or that of a named place and so many further."""
    return where if isinstance(where, int) else destinations(path)[where] + further


def main(books: Path) -> None:
    """One PNG a page, in few colors, so that the repository stays small."""
    (DOCS / "pictures").mkdir(exist_ok=True)
    for name, file, where, *further in PAGES:
        number = page_of(books / file, where, sum(further))
        page = pypdfium2.PdfDocument(books / file)[number - 1]
        picture = page.render(
            scale=WIDTH / page.get_width() * (1 if page.get_height() > page.get_width() else 1.3)
        ).to_pil()
        picture.quantize(48).save(DOCS / "pictures" / f"{name}.png", optimize=True)
        sys.stdout.write(f"{name}: {file}, page {number}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS.parent / "build" / "spring_2027")
