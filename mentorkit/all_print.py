"""Every person's print workbook in one file for the print shop: a table of who begins where, bookmarks, and whole sheets of paper.

The pages are those of the one book; only the drawings of the names differ. Joining loses the tags, so the file is for printing alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO

from pikepdf import Dictionary, Name, Pdf

from mentorkit.render.acroform import field_font
from mentorkit.render.ink import Ground, Ink, Part, mark, text, without
from mentorkit.render.letters import ENCODING
from mentorkit.stamp import Drawn, Spot, Style, open_spots, shown, size_of

BYTES = {letter: byte for byte, letter in ENCODING.items()}
ROW, MARGIN, FIRST = 20.0, 60.0, 120.0  # points, of the table
COLUMNS = (MARGIN, 90.0, 370.0, 430.0, 490.0)
IN_TABLE = Style(10, 6, "middle")
LOST = ("/StructTreeRoot", "/MarkInfo", "/Names", "/Outlines", "/Metadata", "/AcroForm", "/PageLabels")


def all_print(pdf: bytes, people: Sequence[Drawn], title: str, words: Mapping[str, str]) -> bytes:
    """The file; `pdf` is the workbook as it is printed."""
    ground, places, pages, box = _ready(pdf)
    ink, top = Ink(ground), 0
    top = ink.number()
    count = len(pages) + len(pages) % 2
    tables = -(-len(people) // _rows(box))
    begins = [tables + tables % 2 + 1 + at * count for at in range(len(people))]
    lines = [(who, len(pages), count // 2, begin) for who, begin in zip(people, begins, strict=True)]
    nodes = [_tables(ink, top, ground.marked["font"], box, f"{title}: {len(people)} × {len(pages)}", lines, words)]
    marks: list[tuple[str, int]] = []
    for who in people:
        node, first = _book(ink, top, who, ground, places, pages, box)
        nodes.append(node)
        marks.append((who.name, first))
        ink.gather()
    kids = b" ".join(b"%d 0 R" % node for node in nodes)
    ink.put(top, Part(b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, tables + tables % 2 + len(people) * count)))
    look = b"/PageMode /UseOutlines /ViewerPreferences << /DisplayDocTitle true /Duplex /DuplexFlipLongEdge >>"
    ink.put(ground.marked["root"], Part(b"<< /Type /Catalog /Pages %d 0 R /Outlines %d 0 R %s >>" % (top, _outline(ink, marks), look)))
    ink.put(ground.marked["info"], Part(b"<< /Title %s >>" % text(title)))
    return ink.dry()


def _ready(pdf: bytes) -> tuple[Ground, dict[str, tuple[Style, float, float]], list[bytes], bytes]:
    """The book without what joining loses; the places for names, what each page says, and the size of the first."""
    with Pdf.open(BytesIO(pdf)) as document:
        places = open_spots(document)
        for key in LOST:
            if key in document.Root:
                del document.Root[key]
        for page in document.pages:
            for key in ("/Annots", "/StructParents", "/Tabs"):
                if key in page:
                    del page[key]
        document.Root.MKFont = font = field_font(document)
        for thing, word in ((font, "font"), (document.Root, "root"), (document.trailer.Info, "info")):
            mark(thing, word)
        ground = Ground.of(document)
    with Pdf.open(BytesIO(Ink(ground).dry())) as document:
        pages = [without(page.obj, "/Parent", "/MKInk") for page in document.pages]
        return ground, places, pages, document.pages[0].MediaBox.unparse()


def _book(ink: Ink, top: int, who: Drawn, ground: Ground, places: Mapping[str, tuple[Style, float, float]], pages: Sequence[bytes], box: bytes) -> tuple[int, int]:
    """One person's pages, and an empty one where the last sheet has none on its back; the numbers of their node and of the first."""
    node, text = ink.number(), b"\0".join(pages)
    placed: dict[int, int] = {}
    for word, (style, width, height) in places.items():
        line, size = size_of(who, width, height, style)
        own = ink.add(shown(ink, placed, who, line, size, Spot(1, style, width, height)))
        text = text.replace(b" %d 0 R" % ground.marked[word], b" %d 0 R" % own)
    numbers = [ink.add(Part(page + b"/Parent %d 0 R >>" % node)) for page in text.split(b"\0")]
    if len(numbers) % 2:
        numbers.append(_blank(ink, node, box))
    ink.put(node, _node(top, numbers))
    return node, numbers[0]


def _blank(ink: Ink, node: int, box: bytes) -> int:
    return ink.add(Part(b"<< /Type /Page /Parent %d 0 R /MediaBox %s /Resources << >> >>" % (node, box)))


def _node(top: int, numbers: Sequence[int]) -> Part:
    kids = b" ".join(b"%d 0 R" % number for number in numbers)
    return Part(b"<< /Type /Pages /Parent %d 0 R /Kids [%s] /Count %d >>" % (top, kids, len(numbers)))


def _outline(ink: Ink, marks: Sequence[tuple[str, int]]) -> int:
    """A bookmark for each person; the outline's number."""
    root = ink.number()
    numbers = [ink.number() for _ in marks]
    for at, (name, page) in enumerate(marks):
        beside = b"".join(b"/%s %d 0 R " % (word, numbers[near]) for word, near in ((b"Prev", at - 1), (b"Next", at + 1)) if 0 <= near < len(marks))
        ink.put(numbers[at], Part(b"<< /Title %s /Parent %d 0 R %s/Dest [%d 0 R /Fit] >>" % (text(name), root, beside, page)))
    ink.put(root, Part(b"<< /Type /Outlines /First %d 0 R /Last %d 0 R /Count %d >>" % (numbers[0], numbers[-1], len(marks))))
    return root


# ---- the table ------------------------------------------------------------------------------------------------------


def _height(box: bytes) -> float:
    return float(box.strip(b"[] ").split()[3])


def _rows(box: bytes) -> int:
    return int((_height(box) - FIRST - MARGIN) // ROW)


def _tables(ink: Ink, top: int, font: int, box: bytes, title: str, lines: Sequence[tuple[Drawn, int, int, int]], words: Mapping[str, str]) -> int:
    """The pages of the table: who, how many pages, how many sheets, on which page of this file the book begins."""
    node, numbers, rows = ink.number(), list[int](), _rows(box)
    for start in range(0, len(lines), rows):
        drawings: list[int] = []
        said = [_words(title, MARGIN, _height(box) - MARGIN, 12)]
        head = ("", words["name"], words["pages"], words["sheets"], words["first_page"])
        said += [_words(word, x, _height(box) - FIRST + ROW, 9) for word, x in zip(head, COLUMNS, strict=True)]
        for at, (who, pages, sheets, begin) in enumerate(lines[start : start + rows]):
            y = _height(box) - FIRST - at * ROW
            figures = (start + at + 1, None, pages, sheets, begin)
            said += [_words(str(figure), x, y, 10) for figure, x in zip(figures, COLUMNS, strict=True) if figure]
            line, size = size_of(who, 270, ROW, IN_TABLE)
            drawings.append(ink.add(shown(ink, {}, who, line, size, Spot(0, IN_TABLE, 270, ROW))))
            said.append(b"q 1 0 0 1 %.1f %.1f cm /N%d Do Q" % (COLUMNS[1], y - ROW / 3, at))
        names = b" ".join(b"/N%d %d 0 R" % pair for pair in enumerate(drawings))
        content = ink.add(Part(b"<< >>", b"\n".join(said)))
        resources = b"<< /Font << /MKForm %d 0 R >> /XObject << %s >> >>" % (font, names)
        numbers.append(ink.add(Part(b"<< /Type /Page /Parent %d 0 R /MediaBox %s /Resources %s /Contents %d 0 R >>" % (node, box, resources, content))))
    if len(numbers) % 2:
        numbers.append(_blank(ink, node, box))
    ink.put(node, _node(top, numbers))
    return node


def _words(words: str, x: float, y: float, size: float) -> bytes:
    told = bytes(BYTES.get(letter, ord("?")) for letter in words)
    return b"BT /MKForm %g Tf %.1f %.1f Td <%s> Tj ET" % (size, x, y, told.hex().encode())
