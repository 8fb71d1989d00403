"""Read the answers from a filled PDF, whatever viewer saved it; a hostile file can do no harm.

Fields are looked for in the form and, since some viewers forget to list them there, on the pages.
Texts come back as they were typed, with one kind of line end; an empty answer is the empty text, a
ticked box is `yes`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from mentorkit.pdf.form_metadata import FIELD, FormMetadata

MAX_PARTS = 20_000  # of a form, fields and widgets together
MAX_DEPTH = 30
MAX_BYTES = 100_000  # of one answer
MAX_PACKED = 50_000  # of a stream as it stands in the file
MAX_METADATA = 1_000_000
NUMBERED = re.compile(r"([+#.]\d+|#\d+|__dup\d+)$")
YES = "yes"
BOMS = ((b"\xfe\xff", "utf-16-be"), (b"\xff\xfe", "utf-16-le"), (b"\xef\xbb\xbf", "utf-8"))


class UnreadablePdfError(ValueError):
    """A file from which no answer can be read; the text says why, in plain words."""


@dataclass(frozen=True)
class FormField:
    """One field of a file, its raw value, and whether the form lists it or only a page."""

    name: str
    value: Object | None
    field: Object
    listed: bool


def read_form_metadata(pdf: bytes) -> FormMetadata:
    """The form_metadata of a file that we made. `UnreadablePdfError` where there is none left."""
    found = read_all_form_metadata(pdf)
    if not found:
        raise UnreadablePdfError(
            "it does not say which worksheet it is (was it printed to PDF or scanned?)"
        )
    return found[0]


def read_all_form_metadata(pdf: bytes) -> tuple[FormMetadata, ...]:
    """Return the copies that are left, the form's before the XMP metadata's; equal ones once."""
    with opened(pdf) as document:
        return find_form_metadata(document)


def find_form_metadata(document: Pdf) -> tuple[FormMetadata, ...]:
    """Return the copies in an open document; see `read_all_form_metadata`."""
    texts = [text_of(found.value) for found in fields(document) if plain_name(found.name) == FIELD]
    texts.append(_metadata(document))
    found = (FormMetadata.from_json(text) for text in texts)
    return tuple(dict.fromkeys(copy for copy in found if copy))


def read_values(pdf: bytes) -> dict[str, str]:
    """Return each field's answer by its name, in the form's order, without the form metadata.

    Where two fields have one name, an answer wins over a blank, and the first over the second.
    """
    values: dict[str, str] = {}
    with opened(pdf) as document:
        for found in fields(document):
            if plain_name(found.name) != FIELD:
                values[found.name] = values.get(found.name) or text_of(found.value)
    return values


def plain_name(name: str) -> str:
    """Return a field's name without what programs add that join files: "form1." and "+1".

    Names of the kit's fields hold neither dots nor signs (`field_names`).
    """
    return NUMBERED.sub("", name).rpartition(".")[2]


@contextmanager
def opened(pdf: bytes) -> Iterator[Pdf]:
    """Open a document; what a damaged one raises becomes UnreadablePdfError."""
    if b"%PDF-" not in pdf[:1024]:
        raise UnreadablePdfError("it is not a PDF")
    try:
        with Pdf.open(BytesIO(pdf)) as document:
            yield document
    except pikepdf.PasswordError:
        raise UnreadablePdfError("it is protected by a password; ask for one without") from None
    except (
        pikepdf.PdfError,
        RuntimeError,
        TypeError,
        AttributeError,
        KeyError,
        IndexError,
        OverflowError,
    ) as error:
        # A damaged file shows as any of these once its parts are not what they should be.
        raise UnreadablePdfError("it is damaged; ask for it again") from error


def fields(document: Pdf) -> Iterator[FormField]:
    """Yield every field: the form's own first, then those that only pages list."""
    seen: set[tuple[int, int]] = set()
    form = document.Root.get(Name.AcroForm)
    if isinstance(form, Dictionary):
        yield from _walk(array(form.get(Name.Fields)), seen, True)
    for page in document.pages:
        if len(seen) > MAX_PARTS:
            break
        for widget in array(page.obj.get(Name.Annots)):
            is_widget = isinstance(widget, Dictionary) and widget.get(Name.Subtype) == Name.Widget
            if is_widget and not (widget.is_indirect and widget.objgen in seen):
                yield from _walk([_top(widget)], seen, False)


def _walk(fields: list[Object], seen: set[tuple[int, int]], listed: bool) -> Iterator[FormField]:
    """Yield the fields at and below these; `seen` collects the objects that were visited."""
    stack: list[tuple[Object, str, Object | None, int]]
    stack = [(field, "", None, 0) for field in reversed(fields)]
    while stack and len(seen) <= MAX_PARTS:
        field, above, inherited, depth = stack.pop()
        if not isinstance(field, Dictionary) or depth > MAX_DEPTH:
            continue
        if field.is_indirect and field.objgen in seen:
            continue
        if field.is_indirect:
            seen.add(field.objgen)
        own = text_of(field.get(Name.T))
        name = ".".join(filter(None, (above, own)))
        value = field.get(Name.V, inherited)
        kids = [kid for kid in array(field.get(Name.Kids)) if isinstance(kid, Dictionary)]
        if name and not any(Name.T in kid for kid in kids):
            if value is None and field.get(Name.FT) == Name.Btn:
                value = field.get(Name.AS)
            yield FormField(name, value, field, listed)
        stack += [(kid, name, value, depth + 1) for kid in reversed(kids) if Name.T in kid]
        seen |= {kid.objgen for kid in kids if kid.is_indirect and Name.T not in kid}


def _top(widget: Object) -> Object:
    """Return the field that a widget belongs to."""
    for _ in range(MAX_DEPTH):
        parent = widget.get(Name.Parent)
        if not isinstance(parent, Dictionary):
            break
        widget = parent
    return widget


def array(thing: Object | None) -> list[Object]:
    """Return the items of an array; none where there are too many, or it is something else."""
    return list(thing) if isinstance(thing, Array) and len(thing) <= MAX_PARTS else []


def text_of(value: Object | None) -> str:
    """Return a value as text.

    Names are check boxes, several values get a line each, long ones are cut at MAX_BYTES.
    """
    if isinstance(value, Name):
        return "" if value == Name.Off else YES
    if isinstance(value, Array):
        texts = (text_of(part) for part in array(value) if isinstance(part, String))
        return "\n".join(filter(None, texts))
    if isinstance(value, Stream):
        return _decoded(stream_of(value, MAX_BYTES))
    return _decoded(bytes(value)[:MAX_BYTES]) if isinstance(value, String) else ""


def _decoded(data: bytes) -> str:
    for mark, encoding in BOMS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(encoding, "replace")
            break
    else:
        text = str(String(data))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        "\ufffd" if ord(sign) < 32 and sign not in "\n\t" or sign == "\x7f" else sign
        for sign in text
    )


def stream_of(stream: Object, limit: int) -> bytes:
    """Return the first `limit` bytes of a stream.

    Empty where it is compressed twice or is large already, since unpacking may then fill memory.
    """
    is_packed_twice = isinstance(stream.get(Name.Filter), Array) and len(stream[Name.Filter]) > 1
    if is_packed_twice or len(stream.read_raw_bytes()) > MAX_PACKED:
        return b""
    return bytes(stream.read_bytes())[:limit]


def _metadata(document: Pdf) -> str:
    metadata = document.Root.get(Name.Metadata)
    if not isinstance(metadata, Stream):
        return ""
    return html.unescape(stream_of(metadata, MAX_METADATA).decode("utf-8", "replace"))
