"""What a returned PDF says of itself and its answers, and a copy of it without private answers.

Runs in a child process under limits. The values of private fields never leave it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Stream, String

from mentorkit.edition.field_names import OWNER
from mentorkit.pdf.form_metadata import FIELD, FormMetadata, hash_page
from mentorkit.pdf.form_reader import (
    MAX_BYTES,
    MAX_PARTS,
    FormField,
    UnreadablePdfError,
    array,
    fields,
    find_form_metadata,
    opened,
    plain_name,
    stream_of,
    text_of,
)

MAX_FIELDS = 10_000
MAX_CONTENT = 5 * 1024 * 1024  # bytes of a page's packed content
MAX_INSIDE = 50  # PDFs inside a PDF
MAX_INSIDE_BYTES = 25 * 1024 * 1024
HARMLESS = ("/Widget", "/Link", "/Popup")
NO_FORM = "it has no form fields (printed to PDF or scanned?); read it by eye"
SUBSET = re.compile(r"/?[A-Z]{6}\+")


@dataclass(frozen=True, kw_only=True)
class Request:
    """What holds for all files: names of fields that are private today, and whose name is whose.

    `people` holds the names of each person by key: as printed, and in full.
    """

    private: frozenset[str] = frozenset()
    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    keep_clean: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the request as it goes through the pipe."""
        people = {key: list(names) for key, names in self.people.items()}
        return {"private": sorted(self.private), "people": people, "keep_clean": self.keep_clean}

    @staticmethod
    def from_json(values: dict[str, Any]) -> Request:
        """Return the request that came through the pipe."""
        people = {key: tuple(names) for key, names in values["people"].items()}
        private = frozenset(values["private"])
        return Request(private=private, people=people, keep_clean=values["keep_clean"])


def nothing_found(refused: str) -> dict[str, Any]:
    """Return the result of a file that cannot be read, with the reason in plain words."""
    return _empty_result() | {"refused": refused}


def _empty_result() -> dict[str, Any]:
    return {
        "cards": [],  # JSON of each different copy of the card
        "fields": {},  # by name: values, fault, times, differ
        "notes": [],
        "damaged": False,
        "on_top": 0,  # notes and drawings on top of the pages
        "drawn": 0,  # pages whose content is not as it was sent
        "pages": 0,
        "private": 0,  # private fields that hold something
        "owner": "",  # the key of another person whose name was typed in; "?" for an unknown one
        "inside": [],  # results of PDFs inside this one, each with its name and digest
    }


def examine(pdf: bytes, request: Request = Request(), depth: int = 0) -> dict[str, Any]:  # noqa: B008
    """Return what a file says: see `_empty_result`; `refused` where it cannot be read.

    Values are given for fields that the file's own card allows to come back and that are not
    private today; of all others, whether they could be read.
    """
    result = _empty_result()
    try:
        with opened(pdf) as document:
            cards = find_form_metadata(document)
            result["cards"] = [card.to_json() for card in cards]
            _look_around(document, cards, result)
            if depth == 0:
                result["inside"] = list(_examine_inside(document, request))
                _note_unread_attachments(document, result)
            found = [item for item in fields(document) if plain_name(item.name) != FIELD]
            if "refused" not in result:
                returned = {name for card in cards for name in card.returned}
                _read(document, found, returned - request.private, result)
                _compare_owner(found, cards, request, result)
            result["damaged"] = bool(document.get_warnings())
    except UnreadablePdfError as fault:
        return result | {"fields": {}, "refused": str(fault)}
    return result


def _look_around(document: Pdf, cards: tuple[FormMetadata, ...], result: dict[str, Any]) -> None:
    """Note what the file holds beside its fields."""
    form = document.Root.get(Name.AcroForm)
    names = document.Root.get(Name.Names)
    names = names if isinstance(names, Dictionary) else Dictionary()
    if Name.JavaScript in names or any(key in document.Root for key in (Name.OpenAction, Name.AA)):
        result["notes"].append("scripts or actions in it were ignored")
    if isinstance(form, Dictionary) and Name.XFA in form:
        result["notes"].append("it went through LiveCycle; its plain form was read")
    known = {page for card in cards for page in card.pages}
    # A sheet to print, such as a workbook without answers, has no card: nothing to compare with.
    for page in document.pages:
        result["pages"] += 1
        result["drawn"] += bool(cards) and _is_drawn_on(page, known)
        result["on_top"] += sum(
            isinstance(note, Dictionary) and str(note.get(Name.Subtype)) not in HARMLESS
            for note in array(page.obj.get(Name.Annots))
        )


def _is_drawn_on(page: Page, known: set[str]) -> bool:
    """Return whether something was drawn into a page: by its hash, else by its parts and fonts."""
    if known:
        return hash_page(_content_of(page)) not in known
    contents = page.obj.get(Name.Contents)
    if isinstance(contents, Array) and len(contents) > 1:
        return True
    fonts = page.resources.get(Name.Font) if Name.Resources in page.obj else None
    if not isinstance(fonts, Dictionary):
        return False
    # The kit's own fonts are all cut to the letters in use, and named so.
    content = _content_of(page)
    return any(
        isinstance(font, Dictionary)
        and not SUBSET.match(str(font.get(Name.BaseFont, "")))
        and key.encode() + b" " in content
        for key, font in fonts.items()
    )


def _content_of(page: Page) -> bytes:
    """Return the unpacked content of a page; nothing where it is more than a page of ours holds."""
    contents = page.obj.get(Name.Contents)
    streams = list(contents) if isinstance(contents, Array) else [contents]
    parts = []
    for stream in streams[:MAX_PARTS]:
        if isinstance(stream, Stream) and len(stream.read_raw_bytes()) <= MAX_CONTENT:
            parts.append(bytes(stream.read_bytes()))
    return b"\n".join(parts)


def _examine_inside(document: Pdf, request: Request) -> Iterator[dict[str, Any]]:
    """Yield the results of PDFs that are attached to this one, or that it only wraps."""
    for number, (name, item) in enumerate(document.attachments.items()):
        if number >= MAX_INSIDE:
            return
        data = item.obj.EF.F if Name.EF in item.obj and Name.F in item.obj.EF else None
        if not isinstance(data, Stream) or len(data.read_raw_bytes()) > MAX_INSIDE_BYTES:
            continue
        pdf = bytes(data.read_bytes())
        if b"%PDF-" in pdf[:1024] and len(pdf) <= MAX_INSIDE_BYTES:
            digest = hashlib.sha256(pdf).hexdigest()
            yield examine(pdf, request, 1) | {"name": str(name)[:200], "digest": digest}


def _note_unread_attachments(document: Pdf, result: dict[str, Any]) -> None:
    """Note files in the file that were not read; refuse a portfolio of which nothing was."""
    if Name.Collection in document.Root and not result["inside"]:
        result["refused"] = "it holds several PDFs in one; save them one by one"
    if len(document.attachments) > len(result["inside"]):
        result["notes"].append("files attached to it were not opened")


def _read(document: Pdf, found: list[FormField], wanted: set[str], result: dict[str, Any]) -> None:
    """Read the fields: `values` holds every different answer, `fault` what could not be read."""
    if refused := _refusal_of_form(document, found):
        result["refused"] = refused
        return
    answers = [(plain_name(item.name), Answer(item)) for item in found]
    if any(not item.listed for item in found):
        result["notes"].append("fields that its form does not list were read from the pages")
    if any(plain_name(item.name) != item.name for item in found):
        result["notes"].append("fields that were renamed by joining files were read")
    if any(answer.odd_tick for _, answer in answers):
        result["notes"].append("boxes ticked with another mark count as ticked")
    filled = set()
    for name, answer in answers:
        values = {"values": [], "fault": "", "times": 0, "differ": False}
        item = result["fields"].setdefault(name, values)
        item["times"] += 1
        item["fault"] = item["fault"] or answer.fault
        if answer.text and answer.text not in item["values"]:
            item["values"].append(answer.text)
    for name, item in result["fields"].items():
        item["differ"] = len(item["values"]) > 1
        if name not in wanted:
            if item["values"] and name != OWNER:
                filled.add(name)
            item["values"] = []
    result["private"] = len(filled)


def _refusal_of_form(document: Pdf, found: list[FormField]) -> str:
    """Return why the form cannot be read; nothing where it can."""
    form = document.Root.get(Name.AcroForm)
    if isinstance(form, Dictionary):
        listed = form.get(Name.Fields)
        if not found and Name.XFA in form:
            return "it was made with LiveCycle and cannot be read; read it by eye"
        if isinstance(listed, Array) and len(listed) > MAX_PARTS:
            return "its form is malformed; read it by eye"
    if len(found) > MAX_FIELDS:
        return "its form is malformed; read it by eye"
    return "" if found else NO_FORM


def _compare_owner(
    found: list[FormField],
    cards: tuple[FormMetadata, ...],
    request: Request,
    result: dict[str, Any],
) -> None:
    """Note where the name that was typed in is another person's than the file's."""
    typed = {text_of(item.value) for item in found if plain_name(item.name) == OWNER}
    keys = {card.packet.partition("/")[2].rpartition("/")[0] for card in cards if card.packet}
    own = {name for key in keys for name in request.people.get(key, ())}
    words = set().union(*map(_words, own))
    if not words or any(card.side == "mentor" for card in cards):
        return
    for text in typed:
        if _words(text) and not _words(text) & words:
            others = (
                key
                for key, names in request.people.items()
                if any(_words(name) == _words(text) for name in names)
            )
            result["owner"] = next(others, "?")


def _words(text: str) -> frozenset[str]:
    """Return the words of a name, without case and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return frozenset(re.findall(r"[^\W_]+", letters))


class Answer:
    """One field's answer as text, and what is wrong with it in plain words."""

    def __init__(self, found: FormField) -> None:
        self.name, value = found.name, found.value
        self.odd_tick = isinstance(value, Name) and value not in (Name.Yes, Name.Off)
        self.text, self.fault = text_of(value), ""
        if isinstance(value, String) and len(bytes(value)) > MAX_BYTES:
            self.text, self.fault = (
                "",
                f"holds {len(bytes(value)):,} bytes; the limit is {MAX_BYTES:,}",
            )
        elif isinstance(value, Stream) and not self.text and len(value.read_raw_bytes()):
            self.fault = "is not a text"
        elif isinstance(value, Stream) and len(stream_of(value, MAX_BYTES + 1)) > MAX_BYTES:
            self.text, self.fault = "", f"holds more bytes than the limit, {MAX_BYTES:,}"
        elif (
            isinstance(value, Array)
            and not all(isinstance(part, String) for part in array(value))
            or not isinstance(value, (String, Name, Array, Stream, type(None)))
        ):
            self.fault = "is not a text"
        elif not self.text and _has_lost_answer(found.field):
            self.fault = "shows an answer that its value does not hold"
        elif "\ufffd" in self.text:
            self.fault = "holds signs that cannot be read, shown as \ufffd"


def _has_lost_answer(field: Object) -> bool:
    """Return whether an empty field shows words or a tick, or keeps rich text."""
    rich = field.get(Name.RV)
    if isinstance(rich, (String, Stream)) and re.sub(r"<[^>]*>|\s", "", text_of(rich)):
        return True
    state = field.get(Name.AS)
    if field.get(Name.FT) == Name.Btn:
        return isinstance(state, Name) and state != Name.Off
    looks = field.get(Name.AP)
    drawn = looks.get(Name.N) if isinstance(looks, Dictionary) else None
    data = stream_of(drawn, MAX_BYTES) if isinstance(drawn, Stream) else b""
    return any(
        b"(" in line[:-2] or b"<" in line[:-2]
        for line in data.split(b"\n")
        if line.rstrip().endswith((b"Tj", b"TJ")) and b"()" not in line
    )


# ---- copies without private answers --------------------------------------------------------------


def clean_copy(pdf: bytes, request: Request) -> bytes:
    """Return the file without the answers of private fields, notes, attachments and scripts.

    The file is written anew, so that nothing of earlier states stays in it. Empty bytes where
    something is drawn into its pages, which cannot be told from a private answer.
    """
    with opened(pdf) as document:
        cards = find_form_metadata(document)
        known = {page for card in cards for page in card.pages}
        if not cards or any(_is_drawn_on(page, known) for page in document.pages):
            return b""
        wanted = {name for card in cards for name in card.returned} - request.private
        for item in fields(document):
            if plain_name(item.name) not in wanted | {FIELD, OWNER}:
                _empty_field(item.field)
        for page in document.pages:
            notes = [note for note in array(page.obj.get(Name.Annots)) if _is_kept(note)]
            if Name.Annots in page.obj:
                page.obj.Annots = Array(notes)
        for key in (Name.Names, Name.OpenAction, Name.AA, Name.Collection, Name.AF):
            if key in document.Root:
                del document.Root[key]
        form = document.Root.get(Name.AcroForm)
        if isinstance(form, Dictionary) and Name.XFA in form:
            del form[Name.XFA]
        out = BytesIO()
        document.save(out, deterministic_id=True)
    clean = out.getvalue()
    return clean if not examine(clean, request)["private"] else b""


def _is_kept(note: Object) -> bool:
    return isinstance(note, Dictionary) and str(note.get(Name.Subtype)) in ("/Widget", "/Link")


def _empty_field(item: Object) -> None:
    """Take the answer out of a field, and out of what it and its parts show."""
    above = item.get(Name.Parent)
    for part in [item, above, *array(item.get(Name.Kids))]:
        if not isinstance(part, Dictionary):
            continue
        for key in (Name.V, Name.DV, Name.RV, Name.A, Name.AA):
            if key in part:
                del part[key]
        if item.get(Name.FT) == Name.Btn:
            part.AS = Name.Off
        elif Name.AP in part:
            del part[Name.AP]
