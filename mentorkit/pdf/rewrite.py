"""A finished PDF as ground to write on: its bytes stay, objects are put in place of others or added, one new table ends the file.

The result is one revision: what was replaced lies in the file as an empty stub, and nothing tells that the ground ever stood alone. The
ground must come from `pikepdf` with object streams, as `BasePdf.of` saves it.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

from pikepdf import Dictionary, Name, Object, ObjectStreamMode, Pdf, Stream, String

MARK = "/MKInk"  # on what will be replaced; the mark itself does not reach the file
REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
ROW = 7  # bytes of an entry of the table: sort, offset, generation or place


@dataclass(frozen=True)
class PdfObject:
    """An object: what it says, without its length where it is a stream, and the stream's bytes as they are stored."""

    head: bytes
    stream: bytes | None = None

    def shift_references(self, by: int) -> PdfObject:
        """The same with its references raised, where it is one of a set that is numbered from 1."""
        return PdfObject(
            REFERENCE.sub(lambda found: b"%d 0 R" % (int(found[1]) + by), self.head), self.stream
        )


@dataclass(frozen=True)
class BasePdf:
    """The bytes before the table, its rows (plain, and as `_packable` has them), what the trailer says, the number of each marked object."""

    body: bytes
    rows: tuple[bytes, ...]
    table: bytes
    trailer: bytes
    marked: Mapping[str, int]

    @classmethod
    def from_document(cls, document: Pdf) -> BasePdf:
        """The document as it is now, saved. What carries a MARK can be found by it afterwards."""
        out = BytesIO()
        document.save(out, deterministic_id=True, object_stream_mode=ObjectStreamMode.generate)
        data = out.getvalue()
        start = int(data.rpartition(b"startxref")[2].split()[0])
        with Pdf.open(BytesIO(data)) as saved:
            marked = {
                str(thing[MARK])[1:]: thing.objgen[0]
                for thing in saved.objects
                if isinstance(thing, Dictionary | Stream) and MARK in thing
            }
            if "/Metadata" in saved.Root:  # qpdf writes no mark on it
                marked["metadata"] = saved.Root.Metadata.objgen[0]
            trailer = b"/Root %d 0 R /Info %d 0 R" % (
                saved.trailer.Root.objgen[0],
                saved.trailer.Info.objgen[0],
            )
        rows = tuple(_rows(data[start:]))
        return cls(
            data[:start],
            rows,
            b"".join(_packable(rows, at) for at in range(len(rows))),
            trailer,
            marked,
        )


class PdfRewriter:
    """One file in the making."""

    def __init__(self, ground: BasePdf) -> None:
        self.ground, self.pieces, self.length = ground, [ground.body], len(ground.body)
        self.rows = list(ground.rows)
        self.small: dict[int, bytes] = {}
        self.changed: set[int] = set()  # the numbers of rows that differ from the ground's

    def _set_row(self, number: int, row: bytes) -> None:
        self.rows[number] = row
        self.changed.add(number)

    def number(self) -> int:
        """The number of a new object."""
        self.rows.append(bytes(ROW))
        return len(self.rows) - 1

    def put(self, number: int, part: PdfObject) -> int:
        """Let the object of that number be this one; gives the number back."""
        if part.stream is None:
            self.small[number] = part.head
            return number
        self._set_row(number, _row(1, self.length, 0))
        head = b"%s /Length %d >>" % (part.head.rstrip().removesuffix(b">>"), len(part.stream))
        self._write(b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (number, head, part.stream))
        return number

    def add(self, part: PdfObject) -> int:
        """A new object; its number."""
        return self.put(self.number(), part)

    def gather(self) -> None:
        """Put what is no stream and waits into the file, packed together."""
        if not self.small:
            return
        number, at, places, texts = self.number(), 0, [], []
        for place, (small, text) in enumerate(self.small.items()):
            self._set_row(small, _row(2, number, place))
            places.append(b"%d %d" % (small, at))
            texts.append(text)
            at += len(text) + 1
        first, self.small = b" ".join(places) + b"\n", {}
        self.put(
            number,
            PdfObject(
                b"<< /Type /ObjStm /N %d /First %d /Filter /FlateDecode >>"
                % (len(texts), len(first)),
                zlib.compress(first + b"\n".join(texts)),
            ),
        )

    def to_bytes(self, trailer: bytes = b"") -> bytes:
        """The whole file."""
        self.gather()
        number = self.number()
        self._set_row(number, _row(1, start := self.length, 0))
        packed = zlib.compress(self._table())
        own = hashlib.sha256(b"".join(self.pieces[1:])).hexdigest()[:32].encode()
        words = b"/Type /XRef /W [1 4 2] /Size %d %s /ID [<%s> <%s>]" % (
            len(self.rows),
            trailer or self.ground.trailer,
            own,
            own,
        )
        head = (
            b"<< %s /Filter /FlateDecode /DecodeParms << /Columns 7 /Predictor 12 >> /Length %d >>"
            % (words, len(packed))
        )
        self._write(
            b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n"
            % (number, head, packed, start)
        )
        return b"".join(self.pieces)

    def _table(self) -> bytes:
        """The rows, each as its difference from the one above: what the ground had is not worked out again."""
        table = bytearray(self.ground.table) + bytes(
            (ROW + 1) * (len(self.rows) - len(self.ground.rows))
        )
        count = len(self.rows)
        below = {at + 1 for at in self.changed if at + 1 < count}
        for at in sorted({*self.changed, *below, *range(len(self.ground.rows), count)}):
            table[at * (ROW + 1) : (at + 1) * (ROW + 1)] = _packable(self.rows, at)
        return bytes(table)

    def _write(self, piece: bytes) -> None:
        self.pieces.append(piece)
        self.length += len(piece)


def collect_objects(pdf: Pdf, top: Object) -> list[PdfObject]:
    """`top` and all that it refers to, numbered from 1; `top` is the first."""
    numbers, found = {top.objgen[0]: 1}, [top]
    made: list[PdfObject] = []
    for thing in found:  # grows as it goes
        head = (
            thing.stream_dict.unparse()
            if isinstance(thing, Stream)
            else thing.unparse(resolved=True)
        )
        for other in map(int, REFERENCE.findall(head)):
            if other not in numbers:
                numbers[other] = len(numbers) + 1
                found.append(pdf.get_object(other, 0))
        head = REFERENCE.sub(lambda match: b"%d 0 R" % numbers[int(match[1])], head)
        made.append(
            PdfObject(re.sub(rb"/Length \d+", b"", head), thing.read_raw_bytes())
            if isinstance(thing, Stream)
            else PdfObject(head)
        )
    return made


def text(words: str) -> bytes:
    """A text as PDF writes it."""
    return String(words).unparse()


def without(thing: Object, *keys: str) -> bytes:
    """What a dictionary says beside these keys and its mark, left open for more."""
    kept = Dictionary({key: value for key, value in thing.items() if key not in (*keys, MARK)})
    return kept.unparse().rstrip().removesuffix(b">>")


def mark(thing: Object, word: str) -> None:
    """Let this object be found by its word."""
    thing[MARK] = Name("/" + word)


def _row(sort: int, where: int, place: int) -> bytes:
    return bytes([sort]) + where.to_bytes(4, "big") + place.to_bytes(2, "big")


def _rows(table: bytes) -> list[bytes]:
    """The rows of a cross-reference stream as qpdf writes it (ISO 32000-1, 7.5.8), in our widths, without its own, which is the last."""
    found = re.match(
        rb"(\d+) 0 obj.*?/Length (\d+).*?/W \[ (\d+) (\d+) (\d+) \].*?stream\r?\n", table, re.DOTALL
    )
    assert found, "not saved by pikepdf"
    number, length, *widths = map(int, found.groups())
    size = sum(widths)
    packed = zlib.decompress(table[found.end() : found.end() + length])
    rows, row = [], bytes(size)
    for at in range(0, len(packed), size + 1):
        assert packed[at] == 2, "another predictor"
        row = bytes(
            (one + other) & 255
            for one, other in zip(packed[at + 1 : at + 1 + size], row, strict=True)
        )
        first, second = widths[0], widths[0] + widths[1]
        rows.append(
            _row(
                int.from_bytes(row[:first], "big"),
                int.from_bytes(row[first:second], "big"),
                int.from_bytes(row[second:], "big"),
            )
        )
    assert number == len(rows) - 1, "the table is not the last object"
    return rows[:number]


def _packable(rows: Sequence[bytes], at: int) -> bytes:
    """A row as its difference from the one above, after a byte that says so: PNG's predictor 2, which packs well."""
    above = rows[at - 1] if at else bytes(ROW)
    return b"\2" + bytes((one - other) & 255 for one, other in zip(rows[at], above, strict=True))
