"""Answers that come back another way than as the PDF that was sent: each read, or named."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdf
import pytest
from mentorkit.checks.load import load_program
from mentorkit.compose.compose import compose
from mentorkit.pdf.form_examination import Request, examine
from mentorkit.pdf.form_reader import read_form_metadata, read_values
from mentorkit.responses import store
from mentorkit.responses.collect import Options, collect
from mentorkit.responses.forget import forget
from mentorkit.responses.inbox import readings
from mentorkit.responses.matching import Row, judge
from mentorkit.responses.register import make_register
from pikepdf import Name, Pdf, String

import fillers
import returns
from paths import DATA, ROOT
from returns import OPEN, SECRET, World, changed, field

EARLIER = DATA / "returned_2027_1"
CANARY = "zzCANARYzz"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return returns.make(tmp_path_factory.mktemp("ways") / "program", people=8)


@pytest.fixture(autouse=True)
def _no_answers_yet(world: World) -> None:
    shutil.rmtree(world.folder / "responses", ignore_errors=True)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "returned").mkdir()
    return tmp_path / "returned"


def filled(world: World, key: str, name: str = "signals", **answers: str) -> bytes:
    """Return a worksheet of this person with answers under the ends of the fields' names."""
    given = {f"{name}__{end}": text for end, text in answers.items()}
    return fillers.fill_with_pikepdf(world.copy(name, key), given)


def collected(world: World, inbox: Path, **options: bool) -> tuple[int, list[Row], list[str]]:
    said: list[str] = []
    code = collect(world.folder, "fall", inbox, Options(**options), said.append)
    return code, store.read_rows(world.folder, "fall"), said


def zipped(files: dict[str, bytes], packed: int = zipfile.ZIP_STORED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", packed) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def joined(*pdfs: bytes) -> bytes:
    writer = pypdf.PdfWriter()
    for pdf in pdfs:
        writer.append(BytesIO(pdf))
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def draw_words(document: Pdf) -> None:
    """Draw words into a page, as Fill & Sign and pen tablets do."""
    page = document.pages[0]
    font = pikepdf.Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.Resources.Font["/ZFS"] = document.make_indirect(font)
    page.contents_add(b"q BT /ZFS 11 Tf 90 500 Td (Two papers by May) Tj ET Q", prepend=False)


# ---- earlier editions ----------------------------------------------------------------------------


def test_files_of_the_edition_2027_1_are_collected_equal() -> None:
    """Filled packets of that release; what was collected from them then is in answers.json."""
    library = load_program(ROOT)
    people = library.people("spring_2027").people
    sent = make_register(compose(library, "spring_2027"), people)
    expected = json.loads((EARLIER / "answers.json").read_text(encoding="utf-8"))
    rows = [row for reading in readings(EARLIER, sent.request()) for row in judge(reading, sent)]
    rows = [row for row in rows if row.file.endswith(".pdf")]
    assert {row.file for row in rows} == set(expected)
    for row in rows:
        answers = {name: text for name, text in row.answers.items() if text}
        assert answers == expected[row.file]["answers"], row.file
        assert row.key == expected[row.file]["key"] and not row.eye, row.status
        assert "PRIVATE-CANARY" not in repr(row)


# ---- words drawn into pages ----------------------------------------------------------------------


def test_words_drawn_into_a_page_are_never_blank(world: World, inbox: Path) -> None:
    (inbox / "a.pdf").write_bytes(changed(world.copy("signals", "P-03"), draw_words))
    code, (row,), _ = collected(world, inbox)
    assert code == 1 and row.eye and not row.is_answered
    assert "blank" not in row.status.split("; ") and "words drawn on them" in row.status


def test_words_drawn_on_files_of_earlier_editions_are_noticed() -> None:
    blank = changed((EARLIER / "rosalind-roles.pdf").read_bytes(), draw_words)
    assert examine(blank)["drawn"] == 1


@pytest.mark.parametrize(
    "fill",
    [fillers.fill_with_pypdf, fillers.fill_with_pikepdf, fillers.fill_with_pdfium],
)
def test_filling_a_form_is_not_drawing(world: World, fill: Callable[..., bytes]) -> None:
    pdf = fill(world.copy("signals", "P-03"), {OPEN[0]: "calm"})
    assert examine(pdf)["drawn"] == 0


def test_an_answer_kept_as_rich_text_alone_is_noticed(world: World, inbox: Path) -> None:
    def keep_rich_text(document: Pdf) -> None:
        field(document, OPEN[1]).RV = String("<body><p>Much</p></body>")

    (inbox / "a.pdf").write_bytes(changed(world.copy("signals", "P-03"), keep_rich_text))
    _, (row,), _ = collected(world, inbox)
    assert row.eye and "shows an answer that its value does not hold" in row.status


# ---- ZIP files, folders, PDFs in PDFs ------------------------------------------------------------


@pytest.mark.parametrize("packed", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_zip_is_opened(world: World, inbox: Path, packed: int) -> None:
    sheets = {
        "__MACOSX/._one.pdf": b"x",
        "one.pdf": filled(world, "P-01", word="calm"),
        "deeper/two.pdf": filled(world, "P-02", word="loud"),
        "notes.txt": b"hello",
    }
    (inbox / "download.zip").write_bytes(zipped(sheets, packed))
    _, rows, _ = collected(world, inbox)
    assert {(row.file, row.answers.get(OPEN[0], "")) for row in rows} == {
        ("download.zip/one.pdf", "calm"),
        ("download.zip/deeper/two.pdf", "loud"),
        ("download.zip/notes.txt", ""),
    }


def test_zips_that_cannot_be_opened_are_named(world: World, inbox: Path) -> None:
    whole = zipped({"a.pdf": filled(world, "P-01", word="calm")})
    (inbox / "cut.zip").write_bytes(whole[: len(whole) // 2])
    (inbox / "nested.zip").write_bytes(zipped({"inner.zip": whole}))
    (inbox / "empty.zip").write_bytes(zipped({}))
    _, rows, _ = collected(world, inbox)
    said = {row.file: row.status for row in rows}
    assert "damaged ZIP" in said["cut.zip"] and "empty ZIP" in said["empty.zip"]
    assert "ZIP inside a ZIP" in said["nested.zip/inner.zip"]
    assert all(row.eye for row in rows)


def test_folders_of_moodle_are_read_where_asked(world: World, inbox: Path) -> None:
    for key, person in (("P-01", "Ana Lima_123"), ("P-02", "Bo Ek_124")):
        folder = inbox / f"{person}_assignsubmission_file"
        folder.mkdir()
        (folder / "signals.pdf").write_bytes(filled(world, key, word=key))
    _, rows, _ = collected(world, inbox)
    assert all("add --folders" in row.status for row in rows)
    code, rows, _ = collected(world, inbox, folders=True)
    assert code == 0
    assert [row.file for row in rows] == [
        "Ana Lima_123_assignsubmission_file/signals.pdf",
        "Bo Ek_124_assignsubmission_file/signals.pdf",
    ]
    assert [row.answers[OPEN[0]] for row in rows] == ["P-01", "P-02"]


def test_pdfs_inside_a_pdf_are_read(world: World, inbox: Path) -> None:
    cover = Pdf.new()
    cover.add_blank_page()
    for key in ("P-01", "P-02"):
        cover.attachments[f"{key}.pdf"] = filled(world, key, word=key)
    out = BytesIO()
    cover.save(out)
    (inbox / "all.pdf").write_bytes(out.getvalue())
    code, rows, _ = collected(world, inbox)
    assert code == 0
    assert {(row.file, row.key, row.answers[OPEN[0]]) for row in rows} == {
        ("all.pdf/P-01.pdf", "P-01", "P-01"),
        ("all.pdf/P-02.pdf", "P-02", "P-02"),
    }


# ---- joined files and renamed fields -------------------------------------------------------------


def test_two_sheets_of_a_person_joined_in_one_file(world: World, inbox: Path) -> None:
    two = filled(world, "P-01", "two_chairs", remark="slow")
    (inbox / "both.pdf").write_bytes(joined(filled(world, "P-01", word="calm"), two))
    code, rows, _ = collected(world, inbox)
    assert code == 0, [row.status for row in rows]
    assert [(row.document, row.key) for row in rows] == [
        ("signals", "P-01"),
        ("two_chairs", "P-01"),
    ]
    assert rows[0].answers[OPEN[0]] == "calm"
    assert rows[1].answers["two_chairs__remark"] == "slow"
    assert all("2 sheets were joined into this file" in row.status for row in rows)


def test_one_sheet_of_two_people_joined_is_named(world: World, inbox: Path) -> None:
    one, two = (filled(world, key, word=key) for key in ("P-01", "P-02"))
    (inbox / "both.pdf").write_bytes(joined(one, two))
    code, (row,), _ = collected(world, inbox)
    assert code == 1 and "Person 1 Number" in row.status and "Person 2 Number" in row.status
    assert not row.answers


@pytest.mark.parametrize("new_name", ["form1.{}", "a.b.{}", "{}+1", "{}#0"])
def test_renamed_fields_are_read(world: World, inbox: Path, new_name: str) -> None:
    def rename(document: Pdf) -> None:
        for item in document.Root.AcroForm.Fields:
            item.T = String(new_name.format(str(item.T)))

    (inbox / "a.pdf").write_bytes(changed(filled(world, "P-01", word="calm"), rename))
    code, (row,), _ = collected(world, inbox)
    assert (code, row.answers[OPEN[0]]) == (0, "calm")
    assert "fields that were renamed by joining files were read" in row.status


# ---- whose it is ---------------------------------------------------------------------------------


def test_a_copy_that_was_passed_on_is_noticed(world: World, inbox: Path) -> None:
    pdf = fillers.fill_with_pikepdf(
        world.copy("signals", "P-01"), {OPEN[0]: "calm", "participant_name": "Zoë Quist"}
    )
    (inbox / "a.pdf").write_bytes(pdf)
    code, (row,), _ = collected(world, inbox)
    assert code == 1 and "the name typed in it is another person’s" in row.status


def test_a_corrected_name_is_the_same_person(world: World) -> None:
    people = {"P-01": ("Person 1 Number",), "P-02": ("Ana Lima",)}
    request = Request(people=people)
    for name, owner in (("person 1 Numbér-Smith", ""), ("Ana Lima", "P-02"), ("Bo", "?"), ("", "")):
        pdf = fillers.fill_with_pikepdf(world.copy("signals", "P-01"), {"participant_name": name})
        assert examine(pdf, request)["owner"] == owner, name


def test_a_blank_form_of_another_cohort_is_noticed(world: World, inbox: Path) -> None:
    (inbox / "a.pdf").write_bytes(world.copy("signals", **{"cohort": "fall"}))  # not personal
    card = read_form_metadata(world.copy("signals"))
    assert card.cohort == ""
    pdf = changed(
        world.copy("signals"),
        lambda document: field(document, "mk_card").__setattr__(
            "V", String(replace(card, cohort="spring").to_json())
        ),
    )
    no_metadata = changed(pdf, lambda document: document.Root.__delitem__(Name.Metadata))
    (inbox / "b.pdf").write_bytes(no_metadata)
    _, rows, _ = collected(world, inbox)
    said = {row.file: row.status for row in rows}
    assert said["b.pdf"] == "it is not a worksheet of this cohort (it belongs to spring)"


# ---- private answers -----------------------------------------------------------------------------


def test_private_answers_are_not_called_blank(world: World, inbox: Path) -> None:
    (inbox / "a.pdf").write_bytes(filled(world, "P-01", secret=CANARY))
    code, (row,), said = collected(world, inbox)
    assert code == 0
    assert row.status.startswith(
        "no answer in it that may come back; 1 private answer in it not read"
    )
    assert "1 private answers in 1 of the files were not read" in "\n".join(said)
    assert CANARY not in repr(row) + "\n".join(said)


def test_clean_copies_hold_no_private_answer(world: World, inbox: Path) -> None:
    (inbox / "a.pdf").write_bytes(filled(world, "P-01", word="calm", secret=CANARY))
    code, (row,), said = collected(world, inbox, keep_clean=True)
    assert code == 0 and row.clean.startswith("clean/")
    copy = (world.folder / "responses" / "fall" / row.clean).read_bytes()
    values = read_values(copy)
    assert values[OPEN[0]] == "calm" and not values[SECRET]
    with Pdf.open(BytesIO(copy)) as document:
        plain = BytesIO()
        document.save(plain, compress_streams=False, qdf=True)
    assert CANARY.encode() not in plain.getvalue()
    assert any("delete the returned files and the mails" in line for line in said)
    assert collected(world, inbox)[1][0].clean == row.clean, "kept when collected again"
    assert forget(world.folder, "fall", "P-01", said.append) == 0
    assert not list((world.folder / "responses" / "fall").rglob("*.pdf"))


def test_no_clean_copy_of_a_page_that_was_drawn_on(world: World, inbox: Path) -> None:
    drawn = changed(filled(world, "P-01", word="calm"), draw_words)
    (inbox / "a.pdf").write_bytes(drawn)
    assert collected(world, inbox, keep_clean=True)[1][0].clean == ""


# ---- answers that disagree, and people who are forgotten -----------------------------------------


def test_documents_that_disagree_are_named(world: World) -> None:
    from mentorkit.responses.filing import file_rows
    from mentorkit.responses.statistics import merge_answers

    common = {"digest": "", "key": "P-01", "status": "1 answer"}
    rows = [
        Row(file="book.pdf", document="workbook", answers={OPEN[0]: "loud"}, **common),
        Row(file="sheet.pdf", document="signals", answers={OPEN[0]: "calm"}, **common),
    ]
    filed = file_rows(rows, world.sent)
    assert all(row.eye for row in filed)
    assert f"other answers than book.pdf ({OPEN[0]}): what sheet.pdf says counts" in filed[0].status
    assert merge_answers(filed, "mentee") == ({"P-01": {OPEN[0]: "calm"}}, 0)


def test_a_forgotten_person_does_not_come_back(world: World, inbox: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        (inbox / name).write_bytes(filled(world, "P-01", word=CANARY))
    collected(world, inbox)
    said: list[str] = []
    assert forget(world.folder, "fall", "p1@SMALL.example", said.append) == 0
    assert any("a.pdf, b.pdf" in line for line in said)
    (inbox / "a.pdf").unlink()
    (inbox / "b.pdf").rename(inbox / "c.pdf")
    code, rows, told = collected(world, inbox)
    assert code == 0 and rows == []
    assert any("passed over" in line and "c.pdf" in line for line in told)
    answers = (world.folder / "responses" / "fall" / store.ANSWERS).read_text(encoding="utf-8")
    assert CANARY not in answers


def test_forget_needs_no_faultless_program(world: World, inbox: Path) -> None:
    (inbox / "a.pdf").write_bytes(filled(world, "P-01", word=CANARY))
    collected(world, inbox)
    path = world.folder / "sessions" / "first.yaml"
    good = path.read_bytes()
    path.write_bytes(good + b"\nnonsense: [\n")
    try:
        said: list[str] = []
        assert forget(world.folder, "fall", "P-01", said.append) == 0
        assert store.read_rows(world.folder, "fall") == []
        assert forget(world.folder, "fall", "P-1", said.append) == 1
    finally:
        path.write_bytes(good)


# ---- messages ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDFn-1.4\nrest", "it is damaged; ask for it again"),
        (b"x" * 2_000 + b"%PDF-1.4\n", "other data comes before the PDF in it"),
        (b"hello", "it is not a PDF (it is a text)"),
    ],
)
def test_messages_name_what_was_seen(world: World, inbox: Path, data: bytes, words: str) -> None:
    (inbox / "a.pdf").write_bytes(data)
    assert words in collected(world, inbox)[1][0].status


# ---- the file to return --------------------------------------------------------------------------


def test_to_return_holds_all_that_may_come_back_and_nothing_else() -> None:
    """Every returned field of the program once, scales of sheets to take home among them."""
    composed = compose(load_program(ROOT), "spring_2027")
    assert composed.to_return
    owner, *places = composed.to_return.places()
    assert owner.name == "participant_name"
    books = (composed.workbook, *composed.worksheets)
    returned = {place.name for book in books for place in book.places() if place.returned}
    assert {place.name for place in places} == returned and len(places) == len(returned)
    assert all(place.returned for place in places)
    assert any(name.startswith("reflection_scales__") for name in returned)


def test_a_program_that_returns_nothing_has_no_file_to_return(world: World) -> None:
    from mentorkit.compose.to_return import compose_to_return

    book = replace(world.composed.workbook, chapters=())
    assert compose_to_return(book, ()) is None
