"""Every person's print workbook in one file for the print shop, after a table of who begins where.

The pages are those of the one book; only the drawings of the names differ. Joining loses the tags,
so the file is for printing alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

from pikepdf import Dictionary, Name, Pdf

from mentorkit.pdf.form import field_font
from mentorkit.pdf.form_font import ENCODING
from mentorkit.pdf.personalize import NameObjects, NameSlot, Style, draw_in_slot, open_name_slots
from mentorkit.pdf.rewrite import (
    BasePdf,
    PdfObject,
    PdfRewriter,
    encode_text,
    open_dictionary,
    set_marker,
)

BYTES = {letter: byte for byte, letter in ENCODING.items()}
ROW, MARGIN, FIRST = 20.0, 60.0, 120.0  # points, of the table
COLUMNS = (MARGIN, 90.0, 370.0, 430.0, 490.0)
IN_TABLE = NameSlot(Style(10, 6, "middle"), 270, ROW, picture=False)
LOST = (
    "/StructTreeRoot",
    "/MarkInfo",
    "/Names",
    "/Outlines",
    "/Metadata",
    "/AcroForm",
    "/PageLabels",
)


def all_print(
    pdf: bytes, people: Sequence[NameObjects], title: str, words: Mapping[str, str]
) -> bytes:
    """The file; `pdf` is the workbook as it is printed."""
    book = _ready(pdf)
    rewriter, pages, marked = PdfRewriter(book.base), len(book.pages), book.base.marked
    top, padded, tables = (
        rewriter.reserve_number(),
        pages + pages % 2,
        -(-len(people) // _rows(book.box)),
    )
    before = tables + tables % 2
    lines = [(who, pages, padded // 2, before + at * padded + 1) for at, who in enumerate(people)]
    nodes = [
        _tables(
            rewriter,
            top,
            marked["font"],
            book.box,
            f"{title}: {len(people)} × {pages}",
            lines,
            words,
        )
    ]
    bookmarks: list[tuple[str, int]] = []
    for who in people:
        node, first = _bound(rewriter, top, who, book)
        nodes.append(node)
        bookmarks.append((who.name, first))
        rewriter.flush_objects()
    kids = b" ".join(b"%d 0 R" % node for node in nodes)
    rewriter.put(
        top,
        PdfObject(
            b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, before + len(people) * padded)
        ),
    )
    look = b"/PageMode /UseOutlines "
    look += b"/ViewerPreferences << /DisplayDocTitle true /Duplex /DuplexFlipLongEdge >>"
    rewriter.put(
        marked["root"],
        PdfObject(
            b"<< /Type /Catalog /Pages %d 0 R /Outlines %d 0 R %s >>"
            % (top, _outline(rewriter, bookmarks), look)
        ),
    )
    rewriter.put(marked["info"], PdfObject(b"<< /Title %s >>" % encode_text(title)))
    return rewriter.to_bytes()


@dataclass(frozen=True)
class Book:
    """The workbook without what joining loses.

    `pages` holds what each page says, `drawn_with` the resources of pages by number, `box` the
    first page's size.
    """

    base: BasePdf
    slots: Mapping[str, NameSlot]
    pages: tuple[bytes, ...]
    drawn_with: Mapping[int, bytes]
    box: bytes


def _ready(pdf: bytes) -> Book:
    with Pdf.open(BytesIO(pdf)) as document:
        for key in LOST:
            if key in document.Root:
                del document.Root[key]
        for page in document.pages:
            for key in ("/Annots", "/StructParents", "/Tabs"):
                if key in page:
                    del page[key]
        slots = open_name_slots(document)
        document.Root.MKFont = font = field_font(document)
        for at, page in enumerate(document.pages):  # one set for all pages, or one for each
            if not page.Resources.is_indirect:
                page.Resources = document.make_indirect(page.Resources)
            page.Resources.XObject = Dictionary(dict(page.Resources.get(Name.XObject, {}).items()))
            set_marker(page.Resources, f"drawn-with-{at}")
        for thing, word in (
            (font, "font"),
            (document.Root, "root"),
            (document.trailer.Info, "info"),
        ):
            set_marker(thing, word)
        base = BasePdf.from_document(document)
    with Pdf.open(BytesIO(PdfRewriter(base).to_bytes())) as document:
        sets = {
            number: open_dictionary(document.get_object(number, 0)) + b">>"
            for word, number in base.marked.items()
            if word.startswith("drawn-with")
        }
        return Book(
            base,
            slots,
            tuple(open_dictionary(page.obj, "/Parent") for page in document.pages),
            sets,
            document.pages[0].MediaBox.unparse(),
        )


def _bound(rewriter: PdfRewriter, top: int, who: NameObjects, book: Book) -> tuple[int, int]:
    """Add one person's pages; return the numbers of their node and of the first page.

    An empty page follows where the last sheet has none on its back.
    """
    node, placed = rewriter.reserve_number(), dict[int, int]()
    own = {
        book.base.marked[word]: rewriter.add(draw_in_slot(rewriter, placed, who, slot))
        for word, slot in book.slots.items()
    }
    own |= {
        number: rewriter.add(PdfObject(_with(said, own)))
        for number, said in book.drawn_with.items()
    }
    numbers = [
        rewriter.add(PdfObject(page + b"/Parent %d 0 R >>" % node))
        for page in _with(b"\0".join(book.pages), own).split(b"\0")
    ]
    if len(numbers) % 2:
        numbers.append(_blank(rewriter, node, book.box))
    rewriter.put(node, _node(top, numbers))
    return node, numbers[0]


def _with(said: bytes, own: Mapping[int, int]) -> bytes:
    """The same with a person's own objects in place of the book's."""
    for number, other in own.items():
        said = said.replace(b" %d 0 R" % number, b" %d 0 R" % other)
    return said


def _blank(rewriter: PdfRewriter, node: int, box: bytes) -> int:
    return rewriter.add(
        PdfObject(b"<< /Type /Page /Parent %d 0 R /MediaBox %s /Resources << >> >>" % (node, box))
    )


def _node(top: int, numbers: Sequence[int]) -> PdfObject:
    kids = b" ".join(b"%d 0 R" % number for number in numbers)
    return PdfObject(
        b"<< /Type /Pages /Parent %d 0 R /Kids [%s] /Count %d >>" % (top, kids, len(numbers))
    )


def _outline(rewriter: PdfRewriter, marks: Sequence[tuple[str, int]]) -> int:
    """A bookmark for each person; the outline's number."""
    root = rewriter.reserve_number()
    numbers = [rewriter.reserve_number() for _ in marks]
    for at, (name, page) in enumerate(marks):
        beside = b"".join(
            b"/%s %d 0 R " % (word, numbers[near])
            for word, near in ((b"Prev", at - 1), (b"Next", at + 1))
            if 0 <= near < len(marks)
        )
        rewriter.put(
            numbers[at],
            PdfObject(
                b"<< /Title %s /Parent %d 0 R %s/Dest [%d 0 R /Fit] >>"
                % (encode_text(name), root, beside, page)
            ),
        )
    rewriter.put(
        root,
        PdfObject(
            b"<< /Type /Outlines /First %d 0 R /Last %d 0 R /Count %d >>"
            % (numbers[0], numbers[-1], len(marks))
        ),
    )
    return root


# ---- the table -----------------------------------------------------------------------------------


def _height(box: bytes) -> float:
    return float(box.strip(b"[] ").split()[3])


def _rows(box: bytes) -> int:
    return int((_height(box) - FIRST - MARGIN) // ROW)


def _tables(
    rewriter: PdfRewriter,
    top: int,
    font: int,
    box: bytes,
    title: str,
    lines: Sequence[tuple[NameObjects, int, int, int]],
    words: Mapping[str, str],
) -> int:
    """Add the pages of the table: who, how many pages and sheets, and where the book begins."""
    node, numbers, rows = rewriter.reserve_number(), list[int](), _rows(box)
    for start in range(0, len(lines), rows):
        drawings: list[int] = []
        said = [_words(title, MARGIN, _height(box) - MARGIN, 12)]
        head = ("", words["name"], words["pages"], words["sheets"], words["first_page"])
        said += [
            _words(word, x, _height(box) - FIRST + ROW, 9)
            for word, x in zip(head, COLUMNS, strict=True)
        ]
        for at, (who, pages, sheets, begin) in enumerate(lines[start : start + rows]):
            y = _height(box) - FIRST - at * ROW
            figures = (start + at + 1, None, pages, sheets, begin)
            said += [
                _words(str(figure), x, y, 10)
                for figure, x in zip(figures, COLUMNS, strict=True)
                if figure
            ]
            drawings.append(rewriter.add(draw_in_slot(rewriter, {}, who, IN_TABLE)))
            said.append(b"q 1 0 0 1 %.1f %.1f cm /N%d Do Q" % (COLUMNS[1], y - ROW / 3, at))
        names = b" ".join(b"/N%d %d 0 R" % pair for pair in enumerate(drawings))
        content = rewriter.add(PdfObject(b"<< >>", b"\n".join(said)))
        resources = b"<< /Font << /MKForm %d 0 R >> /XObject << %s >> >>" % (font, names)
        numbers.append(
            rewriter.add(
                PdfObject(
                    b"<< /Type /Page /Parent %d 0 R /MediaBox %s /Resources %s /Contents %d 0 R >>"
                    % (node, box, resources, content)
                )
            )
        )
    if len(numbers) % 2:
        numbers.append(_blank(rewriter, node, box))
    rewriter.put(node, _node(top, numbers))
    return node


def _words(words: str, x: float, y: float, size: float) -> bytes:
    told = bytes(BYTES.get(letter, ord("?")) for letter in words)
    return b"BT /MKForm %g Tf %.1f %.1f Td <%s> Tj ET" % (size, x, y, told.hex().encode())
