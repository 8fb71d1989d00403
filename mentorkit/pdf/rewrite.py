"""Write copies of a finished PDF that differ in a few objects, without saving it anew.

The bytes of the base PDF stay as they are. Objects are replaced or added behind them, and one new
cross-reference stream ends the file, so that the result is one revision: an object that was
replaced is left as an empty stub, and nothing shows that the base PDF ever was a file.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

from pikepdf import Dictionary, Name, Object, ObjectStreamMode, Pdf, Stream, String

MARKER = "/MKInk"  # on objects that will be replaced; it does not reach the file
REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
XREF_STREAM = re.compile(
    rb"(\d+) 0 obj.*?/Length (\d+).*?/W \[ (\d+) (\d+) (\d+) \].*?stream\r?\n", re.DOTALL
)
# Bytes of a cross-reference entry: 1 for its type, 4 for the offset or the number of the object
# stream, 2 for the generation or the index in the object stream.
ENTRY_SIZE = 7
IN_FILE, IN_OBJECT_STREAM = 1, 2
PREDICTOR_UP = 2


@dataclass(frozen=True)
class PdfObject:
    """An object as bytes: `head` without /Length, and for a stream its bytes as they are stored."""

    head: bytes
    stream: bytes | None = None

    def shift_references(self, offset: int) -> PdfObject:
        """Return the object with `offset` added to the number of each object it refers to."""

        def shift(found: re.Match[bytes]) -> bytes:
            return b"%d 0 R" % (int(found[1]) + offset)

        return PdfObject(REFERENCE.sub(shift, self.head), self.stream)


@dataclass(frozen=True)
class BasePdf:
    """A saved PDF up to its cross-reference stream.

    `entries`: those of the cross-reference stream; `table`: the same as `_filter_entry` encodes
    them; `trailer`: the keys of the trailer; `marked`: the number of each marked object.
    """

    body: bytes
    entries: tuple[bytes, ...]
    table: bytes
    trailer: bytes
    marked: Mapping[str, int]

    @classmethod
    def from_document(cls, document: Pdf) -> BasePdf:
        """Save the document as it is now; objects that `set_marker` marked are found by name."""
        out = BytesIO()
        document.save(out, deterministic_id=True, object_stream_mode=ObjectStreamMode.generate)
        data = out.getvalue()
        start = int(data.rpartition(b"startxref")[2].split()[0])
        with Pdf.open(BytesIO(data)) as saved:
            marked = {
                str(item[MARKER])[1:]: item.objgen[0]
                for item in saved.objects
                if isinstance(item, Dictionary | Stream) and MARKER in item
            }
            if "/Metadata" in saved.Root:  # qpdf writes no marker on it
                marked["metadata"] = saved.Root.Metadata.objgen[0]
            root, info = saved.trailer.Root.objgen[0], saved.trailer.Info.objgen[0]
        entries = tuple(_read_entries(data[start:]))
        table = b"".join(_filter_entry(entries, index) for index in range(len(entries)))
        return cls(
            data[:start], entries, table, b"/Root %d 0 R /Info %d 0 R" % (root, info), marked
        )


class PdfRewriter:
    """One copy of a base PDF in the making."""

    def __init__(self, base: BasePdf) -> None:
        self.base = base
        self.entries = list(base.entries)
        self._pieces = [base.body]
        self._length = len(base.body)
        self._waiting: dict[int, bytes] = {}  # objects that go into an object stream
        self._changed: set[int] = set()  # the numbers of entries that differ from the base's

    def reserve_number(self) -> int:
        """Return the number of a new object."""
        self.entries.append(bytes(ENTRY_SIZE))
        return len(self.entries) - 1

    def put(self, number: int, item: PdfObject) -> int:
        """Write `item` as the object of that number; return the number."""
        if item.stream is None:
            self._waiting[number] = item.head
            return number
        self._set_entry(number, _entry(IN_FILE, self._length, 0))
        head = item.head.rstrip().removesuffix(b">>")
        head = b"%s /Length %d >>" % (head, len(item.stream))
        self._write_stream(number, head, item.stream)
        return number

    def add(self, item: PdfObject) -> int:
        """Write `item` as a new object; return its number."""
        return self.put(self.reserve_number(), item)

    def flush_objects(self) -> None:
        """Write the objects that are no streams and still wait, as one object stream."""
        if not self._waiting:
            return
        number = self.reserve_number()
        offset, offsets = 0, []
        for index, (waiting, head) in enumerate(self._waiting.items()):
            self._set_entry(waiting, _entry(IN_OBJECT_STREAM, number, index))
            offsets.append(b"%d %d" % (waiting, offset))
            offset += len(head) + 1
        heads = list(self._waiting.values())
        first = b" ".join(offsets) + b"\n"
        self._waiting = {}
        head = b"<< /Type /ObjStm /N %d /First %d /Filter /FlateDecode >>"
        packed = zlib.compress(first + b"\n".join(heads))
        self.put(number, PdfObject(head % (len(heads), len(first)), packed))

    def to_bytes(self) -> bytes:
        """Return the whole file; its /ID depends on what differs from the base alone."""
        self.flush_objects()
        start, number = self._length, self.reserve_number()
        self._set_entry(number, _entry(IN_FILE, start, 0))
        packed = zlib.compress(self._table())
        file_id = hashlib.sha256(b"".join(self._pieces[1:])).hexdigest()[:32].encode()
        keys = b"/Type /XRef /W [1 4 2] /Size %d %s /ID [<%s> <%s>]"
        keys = keys % (len(self.entries), self.base.trailer, file_id, file_id)
        decoding = b"/Filter /FlateDecode /DecodeParms << /Columns 7 /Predictor 12 >>"
        head = b"<< %s %s /Length %d >>" % (keys, decoding, len(packed))
        self._write_stream(number, head, packed)
        self._write(b"startxref\n%d\n%%%%EOF\n" % start)
        return b"".join(self._pieces)

    def _set_entry(self, number: int, entry: bytes) -> None:
        self.entries[number] = entry
        self._changed.add(number)

    def _table(self) -> bytes:
        """Return the filtered entries; those that did not change are taken from the base."""
        count, known = len(self.entries), len(self.base.entries)
        size = ENTRY_SIZE + 1
        table = bytearray(self.base.table) + bytes(size * (count - known))
        # An entry is encoded by its difference from the one above it.
        below = {index + 1 for index in self._changed if index + 1 < count}
        for index in {*self._changed, *below, *range(known, count)}:
            table[index * size : (index + 1) * size] = _filter_entry(self.entries, index)
        return bytes(table)

    def _write_stream(self, number: int, head: bytes, stream: bytes) -> None:
        self._write(b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (number, head, stream))

    def _write(self, piece: bytes) -> None:
        self._pieces.append(piece)
        self._length += len(piece)


def collect_objects(pdf: Pdf, top: Object) -> list[PdfObject]:
    """Return `top` and all objects that it refers to, numbered from 1; `top` is the first."""
    numbers, found = {top.objgen[0]: 1}, [top]
    collected: list[PdfObject] = []
    for item in found:  # grows while it is read
        is_stream = isinstance(item, Stream)
        head = item.stream_dict.unparse() if is_stream else item.unparse(resolved=True)
        for other in map(int, REFERENCE.findall(head)):
            if other not in numbers:
                numbers[other] = len(numbers) + 1
                found.append(pdf.get_object(other, 0))
        head = REFERENCE.sub(lambda match: b"%d 0 R" % numbers[int(match[1])], head)
        if is_stream:
            head = re.sub(rb"/Length \d+", b"", head)
        collected.append(PdfObject(head, item.read_raw_bytes() if is_stream else None))
    return collected


def encode_text(text: str) -> bytes:
    """Return a text string as it is written in a PDF."""
    return String(text).unparse()


def open_dictionary(item: Object, *without: str) -> bytes:
    """Return a dictionary as bytes, except for its marker and these keys, and without its end."""
    kept = {key: value for key, value in item.items() if key not in (*without, MARKER)}
    return Dictionary(kept).unparse().rstrip().removesuffix(b">>")


def set_marker(item: Object, name: str) -> None:
    """Mark an object, so that `BasePdf.marked` knows its number by this name."""
    item[MARKER] = Name("/" + name)


def _entry(kind: int, first: int, second: int) -> bytes:
    return bytes([kind]) + first.to_bytes(4, "big") + second.to_bytes(2, "big")


def _read_entries(xref: bytes) -> list[bytes]:
    """Return the entries of a cross-reference stream that qpdf wrote (ISO 32000-1, 7.5.8).

    They get our field widths. Its own entry, which is the last, is left out.
    """
    found = XREF_STREAM.match(xref)
    assert found, "not saved by pikepdf"
    number, length, *widths = map(int, found.groups())
    size = sum(widths)
    first, second = widths[0], widths[0] + widths[1]
    packed = zlib.decompress(xref[found.end() : found.end() + length])
    entries, row = [], bytes(size)
    for start in range(0, len(packed), size + 1):
        assert packed[start] == PREDICTOR_UP, "another predictor"
        row = _add_bytes(packed[start + 1 : start + 1 + size], row, 1)
        parts = (row[:first], row[first:second], row[second:])
        entries.append(_entry(*(int.from_bytes(part, "big") for part in parts)))
    assert number == len(entries) - 1, "the table is not the last object"
    return entries[:number]


def _filter_entry(entries: Sequence[bytes], index: int) -> bytes:
    """Return an entry as PNG's predictor Up encodes it: its difference from the one above."""
    above = entries[index - 1] if index else bytes(ENTRY_SIZE)
    return bytes([PREDICTOR_UP]) + _add_bytes(entries[index], above, -1)


def _add_bytes(row: bytes, above: bytes, sign: int) -> bytes:
    return bytes((byte + sign * other) & 255 for byte, other in zip(row, above, strict=True))
