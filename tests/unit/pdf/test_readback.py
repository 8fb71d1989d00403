"""Answers come back from whatever a viewer, a script or an ill-wisher made of our file, or a plain
reason why not.
"""

from __future__ import annotations

import random
import time
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from mentorkit.pdf.form_metadata import FIELD, FormMetadata
from mentorkit.pdf.form_reader import (
    MAX_BYTES,
    UnreadablePdfError,
    read_all_form_metadata,
    read_form_metadata,
    read_values,
)
from mentorkit.pdf.postprocess import finish
from mentorkit.pdf.typeset import lay_out
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from sheet import PLACES, form, form_metadata_of

ANSWER = "Ana"
NAMES = [place.name for place in PLACES]


@pytest.fixture(scope="module")
def ours() -> bytes:
    """A form of ours in which somebody wrote a name."""

    def fill(document: Pdf) -> None:
        field(document, "home__name").V = String(ANSWER)

    return changed(finish(lay_out(form(), Path(), True).pdf, PLACES, form_metadata_of()), fill)


def changed(pdf: bytes, change: Callable[[Pdf], object], **how: object) -> bytes:
    with Pdf.open(BytesIO(pdf)) as document:
        change(document)
        out = BytesIO()
        document.save(out, **how)  # type: ignore[arg-type]
    return out.getvalue()


def field(document: Pdf, name: str) -> pikepdf.Object:
    return next(f for f in document.Root.AcroForm.Fields if name == f.T)


def with_value(pdf: bytes, value: object, name: str = "home__story") -> str:
    """What is read where a field holds `value`."""

    def fill(document: Pdf) -> None:
        made = value(document) if callable(value) else value
        field(document, name).V = made

    return read_values(changed(pdf, fill))[name]


def test_every_field_is_read_in_order_and_the_card_is_none_of_them(ours: bytes) -> None:
    values = read_values(ours)
    assert list(values) == NAMES
    assert values == dict.fromkeys(NAMES, "") | {"home__name": ANSWER}


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        (String("plain"), "plain"),
        (b"\xfe\xff" + "中文 Łódź".encode("utf-16-be"), "中文 Łódź"),
        (b"\xff\xfe" + "中文".encode("utf-16-le"), "中文"),
        (b"\xef\xbb\xbf" + "中文 é".encode(), "中文 é"),
        (b"caf\xe9 \x92 \x80 \xa0", "café ™ • €"),  # PDFDocEncoding
        (b"one\rtwo\r\nthree\nfour", "one\ntwo\nthree\nfour"),
        (b"\xfe\xff" + "one\rtwo".encode("utf-16-be"), "one\ntwo"),
        (b"tab\there", "tab\there"),
        (b"nul\x00 bell\x07 del\x7f", "nul\ufffd bell\ufffd del\ufffd"),
        (b"\xfe\xff\xd8\x00\x00x", "\ufffdx"),  # half a surrogate
        (b"\xfe\xff\x00", "\ufffd"),
        (b"", ""),
        (b"x" * (MAX_BYTES + 1000), "x" * MAX_BYTES),
        (b"  blanks  ", "  blanks  "),
    ],
)
def test_texts_in_any_encoding_come_back_as_typed(
    ours: bytes, stored: bytes | String, read: str
) -> None:
    assert with_value(ours, stored if isinstance(stored, String) else String(stored)) == read


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        (Name.Yes, "yes"),
        (Name.On, "yes"),
        (Name("/1"), "yes"),
        (Name.Off, ""),
        (Array([String("a"), String("b")]), "a\nb"),
        (Array([Array([String("a")])]), ""),
        (7, ""),
        (True, ""),
        (Dictionary(A=1), ""),
        (lambda pdf: Stream(pdf, b"long\rtext"), "long\ntext"),
        (lambda pdf: pdf.Root, ""),
    ],
)
def test_values_of_any_sort_are_text_or_nothing(ours: bytes, stored: object, read: str) -> None:
    assert with_value(ours, stored) == read


def test_a_ticked_box_is_yes_even_where_only_its_looks_were_changed(ours: bytes) -> None:
    def tick(document: Pdf) -> None:
        box = field(document, "home__agreed")
        box.AS = Name.Yes
        del box.V

    assert read_values(changed(ours, tick))["home__agreed"] == "yes"


def test_fields_that_the_form_forgot_are_found_on_the_pages(ours: bytes) -> None:
    def forget(document: Pdf) -> None:
        document.Root.AcroForm.Fields = Array()

    pdf = changed(ours, forget)
    assert read_values(pdf) == read_values(ours)
    assert read_form_metadata(pdf) == form_metadata_of()


def test_fields_are_found_without_any_form(ours: bytes) -> None:
    def forget(document: Pdf) -> None:
        del document.Root.AcroForm

    assert read_values(changed(ours, forget)) == read_values(ours)


def test_a_field_with_its_widgets_apart_is_one_field(ours: bytes) -> None:
    def part(document: Pdf) -> None:
        widget = field(document, "home__name")
        whole = document.make_indirect(
            Dictionary(FT=Name.Tx, T=widget.T, V=widget.V, Kids=Array([widget]))
        )
        del widget[Name.T], widget[Name.V]
        widget.Parent = whole
        document.Root.AcroForm.Fields = Array([whole])

    assert read_values(changed(ours, part))["home__name"] == ANSWER


def test_of_two_fields_of_one_name_an_answer_wins_over_a_blank(ours: bytes) -> None:
    for first, second, wanted in (("", "b", "b"), ("a", "", "a"), ("a", "b", "a")):

        def double(document: Pdf, values: tuple[str, str] = (first, second)) -> None:
            extra = [Dictionary(FT=Name.Tx, T=String("twice"), V=String(value)) for value in values]
            document.Root.AcroForm.Fields = Array([document.make_indirect(e) for e in extra])

        assert read_values(changed(ours, double))["twice"] == wanted


# ---- the card


def test_one_copy_of_the_card_is_enough(ours: bytes) -> None:
    def flatten(document: Pdf) -> None:
        del document.Root.AcroForm
        del document.pages[0].Annots

    def strip(document: Pdf) -> None:
        del document.Root.Metadata

    assert read_form_metadata(changed(ours, flatten)) == form_metadata_of()
    assert read_form_metadata(changed(ours, strip)) == form_metadata_of()
    with pytest.raises(UnreadablePdfError, match="does not say which worksheet it is"):
        read_form_metadata(changed(changed(ours, flatten), strip))


def test_the_metadata_may_be_written_anew_by_another_program(ours: bytes) -> None:
    def rewrite(document: Pdf) -> None:
        with document.open_metadata() as metadata:
            metadata["dc:title"] = "Signed & <sealed>"
        field(document, FIELD).V = String("")

    assert read_all_form_metadata(changed(ours, rewrite)) == (form_metadata_of(),)


def test_copies_that_differ_are_both_told(ours: bytes) -> None:
    other = FormMetadata(
        edition_id="ffffffffff",
        release="2027.1",
        document="other",
        fields=("x",),
        packet="p17",
        side="mentor",
    )

    def edit(document: Pdf) -> None:
        field(document, FIELD).V = String(other.to_json())

    assert read_all_form_metadata(changed(ours, edit)) == (other, form_metadata_of())


# ---- what cannot be read


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"\x89PNG\r\n\x1a\n" + bytes(99), b"PK\x03\x04" + bytes(99), b"%PDF"]
)
def test_what_is_no_pdf_is_called_so(data: bytes) -> None:
    for read in (read_values, read_all_form_metadata):
        with pytest.raises(UnreadablePdfError, match="^it is not a PDF$"):
            read(data)


def test_a_password_is_named_and_an_owner_s_password_is_no_hindrance(ours: bytes) -> None:
    shut = changed(ours, lambda _: None, encryption=pikepdf.Encryption(owner="o", user="u"))
    with pytest.raises(UnreadablePdfError, match="protected by a password"):
        read_values(shut)
    open_to_read = changed(ours, lambda _: None, encryption=pikepdf.Encryption(owner="o", user=""))
    assert read_values(open_to_read) == read_values(ours)
    assert read_form_metadata(open_to_read) == form_metadata_of()


def test_junk_around_the_file_does_no_harm(ours: bytes) -> None:
    assert read_values(b"junk\n" * 20 + ours + b"\njunk" * 20) == read_values(ours)


@pytest.mark.parametrize(
    "change",
    [
        lambda pdf: setattr(pdf.Root.AcroForm, "Fields", Array([pdf.Root.AcroForm])),
        lambda pdf: setattr(pdf.Root.AcroForm, "Fields", String("no list")),
        lambda pdf: setattr(pdf.Root, "AcroForm", Array()),
        lambda pdf: setattr(pdf.pages[0], "Annots", Dictionary()),
        lambda pdf: setattr(field(pdf, "home__day"), "Kids", Array([field(pdf, "home__day")])),
        lambda pdf: setattr(field(pdf, "home__day"), "Parent", field(pdf, "home__day")),
        lambda pdf: setattr(field(pdf, "home__day"), "T", Name.Day),
        lambda pdf: setattr(pdf.Root, "Metadata", Stream(pdf, b"\xff\xfe no XML <<<")),
        lambda pdf: pdf.Root.Metadata.write(
            zlib.compress(zlib.compress(bytes(10**8))), filter=Array([Name.FlateDecode] * 2)
        ),
    ],
)
def test_a_form_that_makes_no_sense_does_no_harm(
    ours: bytes, change: Callable[[Pdf], object]
) -> None:
    pdf = changed(ours, change)
    assert isinstance(read_values(pdf), dict)
    assert isinstance(read_all_form_metadata(pdf), tuple)


def chain(document: Pdf) -> None:
    bottom = document.make_indirect(Dictionary(T=String("x"), FT=Name.Tx, V=String("deep")))
    for _ in range(5000):
        bottom = document.make_indirect(Dictionary(T=String("x"), Kids=Array([bottom])))
    document.Root.AcroForm.Fields = Array([bottom])


def lattice(document: Pdf) -> None:
    """Two parents a level share both children: 2 to the 40th paths."""
    below = [document.make_indirect(Dictionary(T=String(f"l{n}"), V=String("v"))) for n in range(2)]
    for _ in range(40):
        below = [
            document.make_indirect(Dictionary(T=String(f"l{n}"), Kids=Array(below)))
            for n in range(2)
        ]
    document.Root.AcroForm.Fields = Array(below)


def crowd(document: Pdf) -> None:
    many = [Dictionary(FT=Name.Tx, T=String(f"f{n}"), V=String("v")) for n in range(50_000)]
    document.Root.AcroForm.Fields = Array([document.make_indirect(one) for one in many])


def bomb(document: Pdf) -> None:
    field(document, "home__story").V = document.make_stream(bytes(300_000_000))


@pytest.mark.parametrize("attack", [chain, lattice, crowd, bomb])
def test_an_attack_on_time_or_memory_fails(ours: bytes, attack: Callable[[Pdf], None]) -> None:
    pdf = changed(ours, attack)
    start = time.process_time()
    assert len(read_values(pdf)) < 30_000
    assert time.process_time() - start < 10  # seconds measured here: below 1


def test_a_damaged_file_is_read_or_refused_but_never_breaks_us(ours: bytes, deep: bool) -> None:
    plain = changed(
        ours,
        lambda _: None,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
        compress_streams=False,
    )
    dice = random.Random(2027)
    outcomes = {"read": 0, "refused": 0}
    for _ in range(6000 if deep else 600):
        pdf = bytearray(dice.choice((ours, plain)))
        for _ in range(dice.choice((1, 1, 3, 10))):
            at = dice.randrange(len(pdf))
            pdf[at : at + dice.choice((0, 1, 1, 9, 400))] = dice.randbytes(
                dice.choice((0, 1, 1, 4))
            )
        try:
            values, _ = read_values(bytes(pdf)), read_all_form_metadata(bytes(pdf))
            assert all(isinstance(value, str) for value in values.values())
            outcomes["read"] += 1
        except UnreadablePdfError:
            outcomes["refused"] += 1
    assert outcomes["read"] > 100
