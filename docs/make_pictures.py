"""Makes the README's pictures from the real books: python docs/make_pictures.py [FOLDER WITH THE BUILT BOOKS]

Build first (`./kit.py build`). Pages are found by the names of what stands on them, so the pictures follow the books.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pikepdf
import pypdfium2

HERE = Path(__file__).resolve().parent
WIDTH = 620  # pixels
PAGES = (
    ("cover", "workbook.pdf", 1), ("contents", "workbook.pdf", 3), ("opener", "workbook.pdf", "talking_and_agreeing"),
    ("case", "workbook.pdf", "the_next_logical_step"), ("smart", "workbook.pdf", "communication__smart"),
    ("questionnaire", "workbook.pdf", "questionnaire"), ("mentor_map", "workbook.pdf", "mentor_map"),
    ("runsheet", "facilitator-guide.pdf", "Run sheet"), ("guide", "facilitator-guide.pdf", "guide-goal_and_needs"),
    ("fillable", "workbook-fillable.pdf", "roles"),
)


def destinations(path: Path) -> dict[str, int]:
    """The page, from 1, of every named place of a PDF."""
    with pikepdf.open(path) as pdf:
        numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)}
        names = pikepdf.NameTree(pdf.Root.Names.Dests)
        return {name: numbers[(value.D if isinstance(value, pikepdf.Dictionary) else value)[0].objgen] for name, value in names.items()}


def page_of(path: Path, where: int | str) -> int:
    """The page, from 1: a number, a named place, or the first page that has these words."""
    if isinstance(where, int):
        return where
    if where in (found := destinations(path)):
        return found[where]
    document = pypdfium2.PdfDocument(path)
    return next(n for n in range(4, len(document)) if document[n].get_textpage().get_text_bounded().lstrip().startswith(where)) + 1


def main(books: Path) -> None:
    """One PNG a page, in few colors, so that the repository stays small."""
    (HERE / "pictures").mkdir(exist_ok=True)
    for name, file, where in PAGES:
        page = pypdfium2.PdfDocument(books / file)[page_of(books / file, where) - 1]
        picture = page.render(scale=WIDTH / page.get_width() * (1 if page.get_height() > page.get_width() else 1.3)).to_pil()
        picture.quantize(48).save(HERE / "pictures" / f"{name}.png", optimize=True)
        sys.stdout.write(f"{name}: {file}, page {page_of(books / file, where)}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent / "build" / "spring_2027")
