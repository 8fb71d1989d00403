"""The child that looks into one returned PDF after the other. What nobody asked for never leaves it.

Its answer is JSON: `refused` (why nothing could be read) or `fields`, always with the copies of the card, and notes in plain words.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Collection
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from mentorkit.pdf import sandbox
from mentorkit.pdf.form_metadata import FIELD
from mentorkit.pdf.form_reader import (
    MAX_BYTES,
    MAX_PARTS,
    FormField,
    UnreadablePdfError,
    array,
    cards_in,
    fields,
    opened,
    stream_of,
    text_of,
)

MAX_FIELDS = 10_000
HARMLESS = ("/Widget", "/Link", "/Popup")
NO_FORM = "it has no form fields (printed to PDF or scanned?); read it by eye"
TOO_MUCH = "it needs more time or memory than a form ever does; read it by eye"


def examine(pdf: bytes, wanted: Collection[str]) -> dict[str, Any]:
    """What a file says: its cards, the answers in the fields `wanted`, and of every field whether it could be read."""
    told: dict[str, Any] = {"cards": [], "fields": {}, "notes": [], "damaged": False, "on_top": 0}
    try:
        with opened(pdf) as document:
            told["cards"] = [card.to_json() for card in cards_in(document)]
            _look_around(document, told)
            found = [each for each in fields(document) if each.name != FIELD]
            if "refused" not in told:
                _read(document, found, frozenset(wanted), told)
            told["damaged"] = bool(document.get_warnings())
    except UnreadablePdfError as fault:
        return told | {"fields": {}, "refused": str(fault)}
    return told


def _look_around(document: Pdf, told: dict[str, Any]) -> None:
    """What stands in the file beside its fields."""
    form = document.Root.get(Name.AcroForm)
    if Name.Collection in document.Root:
        told["refused"] = "it holds several PDFs in one; save them one by one"
    names = document.Root.get(Name.Names)
    names = names if isinstance(names, Dictionary) else Dictionary()
    if Name.JavaScript in names or any(key in document.Root for key in (Name.OpenAction, Name.AA)):
        told["notes"].append("scripts or actions in it were ignored")
    if Name.EmbeddedFiles in names:
        told["notes"].append("files attached to it were not opened")
    if isinstance(form, Dictionary) and Name.XFA in form:
        told["notes"].append("it went through LiveCycle; its plain form was read")
    for page in document.pages:
        told["on_top"] += sum(
            isinstance(note, Dictionary) and str(note.get(Name.Subtype)) not in HARMLESS
            for note in array(page.obj.get(Name.Annots))
        )


def _read(
    document: Pdf, found: list[FormField], wanted: frozenset[str], told: dict[str, Any]
) -> None:
    """The fields by their names: `values` holds every different answer, where it is wanted; `fault` what could not be read."""
    form = document.Root.get(Name.AcroForm)
    if not found and isinstance(form, Dictionary) and Name.XFA in form:
        told["refused"] = "it was made with LiveCycle and cannot be read; read it by eye"
    elif (
        len(found) > MAX_FIELDS
        or isinstance(form, Dictionary)
        and isinstance(form.get(Name.Fields), Array)
        and len(form.Fields) > MAX_PARTS
    ):
        told["refused"] = "its form is malformed; read it by eye"
    elif not found:
        told["refused"] = NO_FORM
    if "refused" in told:
        return
    if any(not each.listed for each in found):
        told["notes"].append("fields that its form does not list were read from the pages")
    if any(each.odd_tick for each in map(FieldReading, found)):
        told["notes"].append("boxes ticked with another mark count as ticked")
    for each in map(FieldReading, found):
        field = told["fields"].setdefault(
            each.name, {"values": [], "fault": "", "times": 0, "differ": False}
        )
        field["times"] += 1
        field["fault"] = field["fault"] or each.fault
        if each.text and each.text not in field["values"]:
            field["values"].append(each.text)
    for name, field in told["fields"].items():
        field["differ"] = len(field["values"]) > 1
        if name not in wanted:
            field["values"] = []


class FieldReading:
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
        elif not self.text and _shows_something(found.field):
            self.fault = "shows an answer that its value does not hold"
        elif "\ufffd" in self.text:
            self.fault = "holds signs that cannot be read, shown as \ufffd"


def _shows_something(field: Object) -> bool:
    """True where an empty field is drawn with words, or a box that is not ticked with its mark: the value was lost on the way."""
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


def main(cpu_seconds: int, memory_bytes: int) -> None:
    """Answer until the parent goes away. `damaged` is all it says where a file breaks something."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent too, which ends us
    logging.disable()  # what qpdf says of a file may quote it
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sandbox.limit_memory(memory_bytes)
    while True:
        try:
            header, pdf = sandbox.read(sys.stdin.buffer)
        except EOFError:
            return
        sandbox.limit_work(cpu_seconds)
        try:
            told = examine(pdf, header["wanted"])
        except (MemoryError, RecursionError):
            told = {"died": TOO_MUCH}
        except Exception:  # a damaged file can lead the libraries into anything
            told = {
                "refused": "it is damaged; ask for it again",
                "cards": [],
                "fields": {},
                "notes": [],
                "damaged": True,
                "on_top": 0,
            }
        sandbox.write(answers, told)


if __name__ == "__main__":
    main(int(sys.argv[2]), int(sys.argv[3]))
