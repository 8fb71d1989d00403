"""What people type comes back as they typed it, whichever program they used and whichever reads it."""  # noqa: E501

from __future__ import annotations

import functools
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from mentorkit.edition.field import Place
from mentorkit.pdf.form_metadata import FIELD
from mentorkit.pdf.form_reader import read_all_form_metadata, read_form_metadata, read_values
from mentorkit.pdf.postprocess import finish
from mentorkit.pdf.typeset import lay_out
from page import validate_pdf_bytes
from playwright.sync_api import Browser

import fillers
from fillers import READERS, Filler, Values
from sheet import PLACES, form, form_metadata_of

PROGRAMS = ("pypdf", "pikepdf", "pdfium", "pdf.js")
ANSWERS = {
    "text": {"home__name": "Ana Lucía O'Neill: 100 % (ready)"},
    "multi-line": {
        "home__story": "First line.\nSecond: <b>&amp; more\n\nFourth, after a blank one."
    },
    "check box": {"home__agreed": "yes"},
    "choice": {"home__pace": "fast_loose"},
    "scale": {"home__trust": "4"},
    "date": {"home__day": "2027-03-14"},
}
FAR = {
    "Polish, Czech, Turkish": "Łódź, Žižka, Ďábel, İstanbul, ağaç",
    "Greek and Cyrillic": "Ελλάδα, Київ",
    "Arabic and Hebrew": "العربية עברית",
    "Chinese": "中文答案",
    "signs": "½ € – “O’Neill” → ∑",
}
# page-validation knows the Latin names of the Adobe Glyph List alone; veraPDF knows them all and
# passes these files.
UNKNOWN_NAMES = "PDFUA1-TRUETYPE-NONSYMBOLIC-ENCODING-001"
EVERYTHING = {name: value for answer in ANSWERS.values() for name, value in answer.items()}
BLANK = {place.name: "" for place in PLACES}


@pytest.fixture(scope="module")
def blank() -> bytes:
    """A form with one field of each kind, nothing filled."""
    return finish(lay_out(form(), Path(), True).pdf, PLACES, form_metadata_of())


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with fillers.chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def programs(browser: Browser) -> dict[str, Filler]:
    return {
        "pypdf": fillers.fill_with_pypdf,
        "pikepdf": fillers.fill_with_pikepdf,
        "pdfium": fillers.fill_with_pdfium,
        "pdf.js": functools.partial(fillers.fill_with_pdfjs, browser),
    }


def test_a_fresh_form_is_blank(blank: bytes) -> None:
    assert read_values(blank) == BLANK
    for reader in READERS.values():
        assert {name: value for name, value in reader(blank).items() if name != FIELD} == BLANK


@pytest.mark.parametrize("kind", ANSWERS)
@pytest.mark.parametrize("program", PROGRAMS)
def test_each_kind_of_field_reads_back_equal(
    programs: dict[str, Filler], blank: bytes, program: str, kind: str
) -> None:
    filled = programs[program](blank, ANSWERS[kind])
    assert_holds(filled, BLANK | ANSWERS[kind])


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_whole_form_reads_back_equal(
    programs: dict[str, Filler], blank: bytes, program: str
) -> None:
    filled = programs[program](blank, EVERYTHING)
    assert_holds(filled, EVERYTHING)
    assert read_form_metadata(filled) == form_metadata_of()
    assert_accessible(filled)


@pytest.mark.parametrize("script", FAR)
@pytest.mark.parametrize("program", PROGRAMS)
def test_letters_outside_latin_1_are_kept(
    programs: dict[str, Filler], blank: bytes, program: str, script: str
) -> None:
    answers = {
        "home__name": FAR[script],
        "home__story": FAR[script] + "\n" + FAR[script],
        "home__pace": "lodz",
    }
    assert_holds(programs[program](blank, answers), BLANK | answers)


@pytest.mark.parametrize("program", ["pypdf", "pdf.js"])
def test_central_european_and_turkish_letters_are_also_drawn(
    programs: dict[str, Filler], blank: bytes, program: str
) -> None:
    typed = FAR["Polish, Czech, Turkish"]
    filled = programs[program](blank, {"home__name": typed})
    assert typed in drawn_words(filled)
    assert_accessible(filled)


@pytest.mark.parametrize(
    ("first", "second"), zip(PROGRAMS, (*PROGRAMS[1:], PROGRAMS[0]), strict=True)
)
def test_a_second_program_changes_only_what_is_typed(
    programs: dict[str, Filler], blank: bytes, first: str, second: str
) -> None:
    begun = programs[first](
        blank, {"home__name": "Ana", "home__agreed": "yes", "home__pace": "slow"}
    )
    ended = programs[second](begun, {"home__story": "More.\nAnd more.", "home__trust": "6"})
    wanted = {"home__name": "Ana", "home__agreed": "yes", "home__pace": "slow", "home__trust": "6"}
    assert_holds(ended, BLANK | wanted | {"home__story": "More.\nAnd more."})
    assert read_form_metadata(ended) == form_metadata_of()


@pytest.mark.parametrize("program", PROGRAMS)
def test_both_copies_of_the_card_outlive_saving(
    programs: dict[str, Filler], blank: bytes, program: str
) -> None:
    filled = programs[program](blank, {"home__name": "Ana"})
    assert read_all_form_metadata(without_form(filled)) == (form_metadata_of(),)
    assert read_all_form_metadata(without_metadata(filled)) == (form_metadata_of(),)


def test_a_long_answer_comes_back_whole(programs: dict[str, Filler], blank: bytes) -> None:
    for program, lines in {"pypdf": 200, "pikepdf": 200, "pdf.js": 12}.items():
        answer = "\n".join(
            f"Line {number} of what I wanted to say about mentoring." for number in range(lines)
        )
        assert (
            read_values(programs[program](blank, {"home__story": answer}))["home__story"] == answer
        ), program


def test_what_is_typed_is_drawn_on_several_lines(programs: dict[str, Filler], blank: bytes) -> None:
    answer = (
        "Many words, more than one line of the box can hold, so that they must wrap or be lost. "
        * 3
    )
    for program in ("pypdf", "pdfium", "pdf.js"):
        lines = drawn_words(programs[program](blank, {"home__story": answer.strip()})).split()
        missing = [word for word in answer.split() if word not in lines]
        assert not missing, program


def test_the_tab_key_follows_the_reading_order(browser: Browser, blank: bytes) -> None:
    with fillers.shown_by_pdfjs(browser, blank) as page:
        visited = []
        for _ in PLACES:
            page.keyboard.press("Tab")
            visited.append(page.evaluate("document.activeElement.name"))
    assert visited == [place.name for place in PLACES]


def test_the_browser_names_each_field(browser: Browser, blank: bytes) -> None:
    with fillers.shown_by_pdfjs(browser, blank) as page:
        for place in PLACES:
            assert (
                page.locator(f"section:has([name={place.name}])").get_attribute("title")
                == place.label
            )


def test_a_form_of_many_fields_is_filled_whole(deep: bool) -> None:
    places = tuple(
        Place(f"many__{n}", f"Answer {n}", expected_lines=1 + n % 2)
        for n in range(250 if deep else 50)
    )
    pdf = finish(lay_out(form(places), Path(), True).pdf, places, form_metadata_of(places))
    answers = {place.name: f"answer to {place.name}" for place in places}
    assert_holds(fillers.fill_with_pypdf(pdf, answers), answers)
    assert_holds(fillers.fill_with_pdfium(pdf, answers), answers)


# ---- helpers that read


def assert_holds(pdf: bytes, wanted: Values) -> None:
    """Our reader and all three others find just these answers."""
    assert read_values(pdf) == wanted
    for program, reader in READERS.items():
        found = {name: value for name, value in reader(pdf).items() if name != FIELD}
        assert found == wanted, program


def assert_accessible(pdf: bytes) -> None:
    with pikepdf.open(BytesIO(pdf)) as document:
        assert not document.check_pdf_syntax()
    found = {failure.rule_id for failure in validate_pdf_bytes(pdf, profile="ua1").failures}
    assert found <= {UNKNOWN_NAMES}


def drawn_words(pdf: bytes) -> str:
    """The text that pdfium sees on the first page with its fields drawn in."""
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    pypdfium2.raw.FPDFPage_Flatten(document[0], pypdfium2.raw.FLAT_NORMALDISPLAY)
    text = document[0].get_textpage().get_text_bounded()
    document.close()
    return text


def without_form(pdf: bytes) -> bytes:
    with pikepdf.open(BytesIO(pdf)) as document:
        del document.Root.AcroForm
        for page in document.pages:
            del page.Annots
        return saved(document)


def without_metadata(pdf: bytes) -> bytes:
    with pikepdf.open(BytesIO(pdf)) as document:
        del document.Root.Metadata
        return saved(document)


def saved(document: pikepdf.Pdf) -> bytes:
    out = BytesIO()
    document.save(out)
    return out.getvalue()
