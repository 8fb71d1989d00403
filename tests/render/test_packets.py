"""Packets: one layout, a name for each person, nothing of anybody else, and the same bytes whatever
the order of the list.
"""

from __future__ import annotations

import email
import email.policy
import hashlib
import itertools
import json
import random
import re
import shutil
import subprocess
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from ctypes import c_ushort
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pypdfium2.raw as raw
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from mentorkit.edition.field_names import OWNER
from mentorkit.edition.strings import WORDS
from mentorkit.output.manifest import MANIFEST
from mentorkit.packets.packets import PACKETS, name_in_packet, packet_id, read_packet_id
from mentorkit.pdf import personalize as stamping
from mentorkit.pdf.form_metadata import FIELD, FormMetadata
from mentorkit.pdf.form_reader import read_all_form_metadata, read_form_metadata, read_values
from mentorkit.pdf.name_drawings import EM, NameDrawing
from mentorkit.pdf.worker import Worker
from mentorkit.people.folder_names import file_labels, safe_names
from mentorkit.people.person import Person
from page import validate_pdf_bytes
from test_books import letter_sizes

from build_books import build
from fillers import (
    READERS,
    Filler,
    chromium,
    fill_with_pdfium,
    fill_with_pdfjs,
    fill_with_pikepdf,
    fill_with_pypdf,
)
from paths import DATA

SMALL = DATA / "small_program"
# Six scripts; no two people share a word.
NAMES = (
    "Ana López",
    "Marek Żółć",
    "Nguyễn Thị Hạnh",
    "İpek Şahinoğlu",
    "Sunniva Hallgrímsdóttir",
    "Keahi Nāone",
    "Oisín Mac Giolla",
    "Jiří Vondráček",
    "Eduardo d'Ávila",
    "Ruth-Anne Blackfeather",
    (
        "Wolfeschlegelsteinhausenbergerdorff Hubert Blaine Wolfgang "
        "Xerxes Quincy of Lower Saxony and Pennsylvania"
    ),
    "Ελένη Μαυρίδου",
    "Γιώργος Παππάς",
    "Σοφία Νικολάου",
    "Δημήτρης Βλάχος",
    "Юлия Щербакова",
    "Дмитро Коваленко",
    "Ђорђе Љубичић",
    "Анна Ёлкина",
    "محمد القاضي",
    "ليلى حسين",
    "یوسف پژمان",
    "زهراء",
    "דוד כהן",
    "יעל בן־עזרא",
    "נעמי שרון",
    "მარიამ ბერიძე",
    "გიორგი ლომიძე",
    "ნინო ჭავჭავაძე",
    "თამარ ქვარიანი",
)
FILES = {
    "workbook-fillable.pdf",
    "workbook.pdf",
    "worksheets/two_chairs.pdf",
    "worksheets/alone.pdf",
    "worksheets/reading.pdf",
    "mentor/two_chairs.pdf",
    "to-return.pdf",
}
FILLABLE = FILES - {"workbook.pdf", "worksheets/reading.pdf", "to-return.pdf"}


@dataclass(frozen=True)
class Made:
    """A program in which packets were made."""

    folder: Path
    people: tuple[Person, ...]
    told: tuple[str, ...]
    layouts: int  # how many documents were rendered

    @property
    def packets(self) -> Path:
        return self.folder / "build" / "fall" / "packets"

    def file(self, person: Person, path: str) -> bytes:
        folder = self.packets / safe_names(self.people)[person.key]
        return (folder / called(path, person, self.people)).read_bytes()

    def files(self, person: Person) -> dict[str, bytes]:
        """Every file of a packet, by its place without the person's name."""
        folder = self.packets / safe_names(self.people)[person.key]
        places = {called(path, person, self.people): path for path in PLACES}
        return {
            places[path.relative_to(folder).as_posix()]: path.read_bytes()
            for path in sorted(folder.rglob("*.pdf"))
        }


PLACES = (
    "workbook-fillable.pdf",
    "workbook.pdf",
    "workbook-large.pdf",
    "to-return.pdf",
    *(f"worksheets/{name}.pdf" for name in ("two_chairs", "alone", "reading")),
    "mentor/two_chairs.pdf",
)


def called(path: str, person: Person, people: tuple[Person, ...]) -> str:
    """What a file of a packet is called, by its place without the person's name."""
    if path.endswith(".zip"):
        return path
    return name_in_packet(path, file_labels(people)[person.key], WORDS)


def people_of(names: tuple[str, ...]) -> tuple[Person, ...]:
    """Each with values of their own in every column."""
    marks = [hashlib.sha256(name.encode()).hexdigest()[:8] for name in names]
    return tuple(
        Person(
            key=f"id{m}",
            name=name,
            email=f"mail{m}@small.example",
            id=f"id{m}",
            group=f"group{m}",
            mentor=f"Mentor{m}",
            row=row,
        )
        for row, (name, m) in enumerate(zip(names, marks, strict=True), 2)
    )


def make(
    folder: Path,
    people: tuple[Person, ...],
    kinds: tuple[str, ...] | None,
    books: bool = False,
    strict: bool = False,
    expected: int = 0,
) -> Made:
    """Build in `folder`, a copy of the small program, and count what is laid out."""
    if not folder.exists():
        shutil.copytree(SMALL, folder)
    lines = [
        "name,email,id,group,mentor,print",
        *(f"{p.name},{p.email},{p.id},{p.group},{p.mentor},{p.print}" for p in people),
    ]
    (folder / "cohorts" / "fall" / "roster.csv").write_text("\n".join(lines), "utf-8")
    told: list[str] = []
    before, count = Worker.render, itertools.count()
    Worker.render = lambda self, job: (next(count), before(self, job))[1]  # type: ignore[method-assign]
    try:
        code = build(folder, ("fall",), (), None, strict, told.append, kinds, books)
    finally:
        Worker.render = before  # type: ignore[method-assign]
    assert code == expected, told
    return Made(folder, people, tuple(told), next(count))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Packets for thirty people, of everything there is."""
    return make(tmp_path_factory.mktemp("packets") / "program", people_of(NAMES), PACKETS)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The same files without a name."""
    folder = tmp_path_factory.mktemp("plain") / "program"
    shutil.copytree(SMALL, folder)
    assert (
        build(
            folder,
            ("fall",),
            ("workbook", "workbook-fillable", "worksheets"),
            None,
            False,
            lambda _line: None,
        )
        == 0
    )
    books = folder / "build" / "fall"
    return {path.relative_to(books).as_posix(): path.read_bytes() for path in books.rglob("*.pdf")}


def words_of(pdf: bytes) -> list[str]:
    """The words of each page as pdfium reads them, those in fields too."""
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    return [page.get_textpage().get_text_bounded() for page in document]


def everything_in(pdf: bytes) -> str:
    """Whatever a file says: each text, each name, each stream unpacked, each page's words; as
    letters, without what stands between.
    """
    found = words_of(pdf)
    with pikepdf.open(BytesIO(pdf)) as document:
        assert (
            "/EmbeddedFiles" not in document.Root.get("/Names", {}) and "/AF" not in document.Root
        )
        for thing in document.objects:
            found += texts_in(thing)
            if isinstance(thing, pikepdf.Stream):
                data = thing.read_bytes()
                found += [data.decode("utf-8", "replace"), data.decode("utf-16-be", "replace")]
        found += texts_in(document.trailer)
    found.append(pdf.decode("latin-1"))
    return bare(" ".join(found))


def texts_in(thing: pikepdf.Object) -> Iterator[str]:
    if isinstance(thing, pikepdf.String | pikepdf.Name):
        yield str(thing)
    elif isinstance(thing, pikepdf.Array):
        for part in thing:
            yield from (
                () if isinstance(part, pikepdf.Object) and part.is_indirect else texts_in(part)
            )
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        for key, part in thing.items():
            yield key
            yield from (
                () if isinstance(part, pikepdf.Object) and part.is_indirect else texts_in(part)
            )


def bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def marks_of(person: Person) -> set[str]:
    """What would give a person away: each long word of the name, forwards and backwards, and the
    values of the other columns.
    """
    words = {
        bare(word) for word in re.split(r"[ -]", person.name) if len(word) > 2 + word.isascii()
    }
    return (
        words
        | {word[::-1] for word in words}
        | {bare(value) for value in (person.email, person.id, person.group, person.mentor)}
    )


# ---- who gets what


def test_each_person_has_a_folder_with_all_files_and_the_manifest_names_them(made: Made) -> None:
    named = {
        told["path"]: told
        for told in json.loads((made.packets / MANIFEST).read_text("utf-8"))["files"]
    }
    folders = safe_names(made.people)
    expected = {
        f"{folders[person.key]}/{file}"
        for person in made.people
        for file in (
            *(called(path, person, made.people) for path in FILES),
            f"{folders[person.key]}.zip",
        )
    } | {"print/all-print.pdf"}
    expected |= {f"drafts/{folder}.eml" for folder in folders.values()}
    assert set(named) == expected
    for path, told in named.items():
        assert hashlib.sha256((made.packets / path).read_bytes()).hexdigest() == told["sha256"], (
            path
        )
        assert "cohorts/fall/roster.csv" in told["sources"]
    paths = [made.packets, *made.packets.rglob("*")]
    assert not any(path.stat().st_mode & 0o077 for path in paths), "for their owner alone"
    assert any("30 people" in line for line in made.told) and not any(
        "warning" in line for line in made.told
    ), made.told


def test_thirty_people_cost_one_layout_of_each_file(made: Made) -> None:
    both_workbooks = 1  # the printed one comes out of the fillable one's layout
    assert made.layouts == len(FILES) - both_workbooks


def test_books_and_packets_made_together_share_their_layouts(tmp_path: Path) -> None:
    both = make(tmp_path / "program", people_of(NAMES[:2]), (), books=True)
    books = {
        path.relative_to(tmp_path / "program" / "build" / "fall").as_posix()
        for path in (tmp_path / "program" / "build" / "fall").rglob("*.pdf")
    }
    outside = {path for path in books if not path.startswith(("packets/", "handouts/"))}
    handouts = sum(path.startswith("handouts/") for path in books)
    assert sum("2 people, from Ana López" in line for line in both.told) == 1, (
        "how the list was read is told once"
    )
    both_workbooks = 1  # the printed one comes out of the fillable one's layout
    to_return = 1  # packets alone hold it
    assert both.layouts == len(outside) - both_workbooks + handouts + to_return
    assert set(both.files(both.people[0])) == FILES - {"workbook.pdf", "mentor/two_chairs.pdf"}, (
        "what a packet holds by default"
    )


def test_people_called_print_and_packets_get_folders_beside_those_of_that_name(
    tmp_path: Path,
) -> None:
    one = make(
        tmp_path / "program",
        people_of(("Print", "Packets", "Ana López")),
        ("worksheets", "all-print"),
    )
    assert {path.name for path in one.packets.iterdir()} == {
        "Print_",
        "Packets_",
        "Ana-López",
        "print",
        MANIFEST,
    }


def test_whoever_asks_for_large_print_gets_large_worksheets_and_no_small_book_from_the_print_shop(
    tmp_path: Path,
) -> None:
    people = tuple(
        replace(person, print=size)
        for person, size in zip(people_of(NAMES[:3]), ("normal", "large", "large"), strict=True)
    )
    one = make(
        tmp_path / "program", people, ("workbook-fillable", "workbook", "worksheets", "all-print")
    )
    small, large = one.files(people[0]), one.files(people[1])
    assert set(small) == FILES - {"mentor/two_chairs.pdf", "to-return.pdf"} and set(large) == set(
        small
    ) - {"workbook.pdf"} | {"workbook-large.pdf"}
    sheet = one.packets / safe_names(people)[people[1].key] / "worksheets"
    assert min(size for path in sheet.glob("*.pdf") for size in letter_sizes(path)) >= 16, (
        "the name in the foot too"
    )
    with pikepdf.open(BytesIO(large["worksheets/two_chairs.pdf"])) as document:
        sizes = {
            float(str(field.DA).split()[1])
            for field in document.Root.AcroForm.Fields
            if field.T != FIELD
        }
    assert min(sizes - {0.0}) >= 16, "what is typed; 0 where the viewer makes it fit"
    answers = {"two_chairs__topic__view": "4", "two_chairs__remark": "It went well."}
    filled = [
        read_values(fill_with_pdfium(packet["worksheets/two_chairs.pdf"], answers))
        for packet in (small, large)
    ]
    assert filled[0] | {OWNER: people[1].name} == filled[1], (
        "the same places, so answers come back alike"
    )
    assert all(validate_pdf_bytes(pdf, profile="ua1").is_compliant for pdf in large.values())
    for name, whose in (("all-print", people[:1]), ("all-print-large", people[1:])):
        with (
            pikepdf.open(one.packets / "print" / f"{name}.pdf") as document,
            document.open_outline() as outline,
        ):
            assert [item.title for item in outline.root] == [person.name for person in whose]
    alone = make(tmp_path / "alone", people[1:], ("all-print",))
    assert {path.name for path in alone.packets.rglob("*.pdf")} == {
        "all-print-large.pdf"
    } and alone.layouts == 1


def test_only_some_removes_nothing(tmp_path: Path) -> None:
    people = people_of(NAMES[:2])
    first = make(tmp_path / "program", people, ("worksheets",))
    before = first.files(people[0])
    second = make(tmp_path / "program", people, ("zip", "mentor-copies"))
    assert second.files(people[0]) == before | {
        "mentor/two_chairs.pdf": second.file(people[0], "mentor/two_chairs.pdf")
    }
    third = make(tmp_path / "program", people[:1], ("mentor-copies",))
    assert any(
        "9 files of earlier packets are older than what they are made from" in line
        for line in third.told
    ), "the list of people has changed since"


def test_each_mail_waits_for_its_sender_with_the_packet_of_one_person_in_it(made: Made) -> None:
    for person in made.people:
        mail = email.message_from_bytes(
            (made.packets / "drafts" / f"{safe_names(made.people)[person.key]}.eml").read_bytes(),
            policy=email.policy.default,
        )
        assert not mail.defects and (mail["X-Unsent"], mail["From"], mail["Date"]) == (
            "1",
            None,
            None,
        )
        assert [(to.display_name, to.addr_spec) for to in mail["To"].addresses] == [
            (person.name, person.email)
        ]
        assert (
            mail["Subject"] == "Your files for Small Program, Fall" and not mail["Subject"].defects
        )
        text, *parts = mail.iter_parts()
        assert text.get_content_type() == "text/plain" and text.get_content().startswith(
            f"Dear {person.name},\r\n\r\nhere are your own files for Small Program."
        )
        names = {path: called(path, person, made.people) for path in made.files(person)}
        assert {
            names[path].removeprefix("worksheets/").replace("/", "-"): pdf
            for path, pdf in made.files(person).items()
        } == {part.get_filename(): part.get_content() for part in parts}
        assert {part.get_content_type() for part in parts} == {"application/pdf"}


def test_a_packet_too_large_for_a_mail_goes_into_it_as_a_zip(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mentorkit.packets.email_drafts.MOST_BYTES", 1_000)
    people = (
        *made.people[:1],
        replace(made.people[1], email=""),
        replace(made.people[2], email="josé.o'neil..x@straße.example"),
    )
    program = shutil.copytree(SMALL, tmp_path / "program")
    spine = program / "curriculum" / "curriculum.yaml"
    spine.write_text(
        spine.read_text("utf-8") + "words:\n  mail_subject: Guten Tag, {name}\n", "utf-8"
    )
    one = make(program, people, ("drafts",))
    assert {
        path.relative_to(one.packets).as_posix()
        for path in one.packets.rglob("*")
        if path.is_file()
    } == {
        MANIFEST,
        *(f"drafts/{safe_names(people)[person.key]}.eml" for person in people if person.email),
    }
    assert [
        line
        for line in one.told
        if "warning" in line
        and f"{people[1].name} has no e-mail address, so there is no mail" in line
    ]
    for person in (people[0], people[2]):
        folder = safe_names(people)[person.key]
        mail = email.message_from_bytes(
            (one.packets / "drafts" / f"{folder}.eml").read_bytes(), policy=email.policy.default
        )
        text, attached = mail.iter_parts()
        assert mail["Subject"] == f"Guten Tag, {person.name}", "the words can be changed"
        address = (
            mail["To"].addresses[0].addr_spec.encode("utf-8", "surrogateescape").decode()
        )  # as RFC 6532 has it, where it is not ASCII
        assert address.replace('"', "") == person.email
        assert (
            "packed into one ZIP file" in text.get_content()
            and attached.get_filename() == f"{folder}.zip"
        )
        with zipfile.ZipFile(BytesIO(attached.get_content())) as archive:
            assert (
                f"{folder}/{called('workbook-fillable.pdf', person, people)}" in archive.namelist()
                and f"{folder}/{called('worksheets/alone.pdf', person, people)}"
                in archive.namelist()
            )


def test_a_problem_of_the_list_stops_before_anything_is_made(tmp_path: Path) -> None:
    people = people_of(NAMES[:3])
    twins = (*people, replace(people[0], name="Somebody Else"))
    stopped = make(tmp_path / "program", twins, (), expected=1)
    assert any("have the same id" in line for line in stopped.told) and stopped.layouts == 0
    assert not (tmp_path / "program" / "build").exists()


def test_a_cohort_without_a_list_is_told_so(tmp_path: Path) -> None:
    shutil.copytree(SMALL, tmp_path / "program")
    path = tmp_path / "program" / "cohorts" / "fall" / "cohort.yaml"
    path.write_text(path.read_text("utf-8").replace("roster: roster.csv\n", ""), "utf-8")
    told: list[str] = []
    assert build(tmp_path / "program", ("fall",), (), None, False, told.append, (), False) == 1
    assert "there is no list of people to make packets for" in told[0]


def test_the_command_makes_packets(
    tmp_path: Path, run: Callable[..., subprocess.CompletedProcess[bytes]]
) -> None:
    shutil.copytree(SMALL, tmp_path / "program")
    done = run("packets", "fall", "--only", "worksheets", cwd=tmp_path / "program")
    assert done.returncode == 0, done.stderr
    assert "made build/fall/packets: 1 person, 3 files" in done.stdout.decode()
    wrong = run("packets", "fall", "--only", "worksheet", cwd=tmp_path / "program")
    assert wrong.returncode == 2 and b'did you mean "worksheets"?' in wrong.stderr
    assert run("packets", "autumn", cwd=tmp_path / "program").returncode == 2


# ---- nothing of anybody else


def test_of_870_pairs_none_holds_anything_of_the_other(made: Made) -> None:
    """Texts, metadata, fields, outlines, fonts and attachments of all files of a packet, and the
    paths in its ZIP.
    """
    inside = {}
    for person in made.people:
        with zipfile.ZipFile(
            BytesIO(made.file(person, f"{safe_names(made.people)[person.key]}.zip"))
        ) as archive:
            inside[person.key] = "".join(
                everything_in(pdf) for pdf in made.files(person).values()
            ) + bare("".join(archive.namelist()))
    pairs = [(one, other) for one in made.people for other in made.people if one is not other]
    assert len(pairs) == 870
    crossings = [
        (one.name, mark)
        for one, other in pairs
        for mark in marks_of(other)
        if mark in inside[one.key]
    ]
    assert crossings == []
    for person in made.people:  # and the test can fail: each packet holds its own
        assert bare(person.id) in inside[person.key] and any(
            mark in inside[person.key] for mark in marks_of(person) if mark.isalpha()
        ), person.name


def test_a_packet_has_the_glyphs_of_its_own_name_alone(made: Made) -> None:
    """A font that all share would tell which letters the others' names have."""
    for person in made.people:
        for path, pdf in made.files(person).items():
            with pikepdf.open(BytesIO(pdf)) as document:
                named = [
                    thing
                    for thing in document.objects
                    if isinstance(thing, pikepdf.Dictionary)
                    and str(thing.get("/BaseFont", "")).endswith("+MKName")
                ]
                fonts = [thing for thing in named if "/ToUnicode" in thing]
                assert fonts or person.name[0] > "\u0500", (
                    "the kit's own font has no letter of this name"
                )
                pairs = [
                    re.findall(rb"<[0-9a-f]+>\s+<([0-9a-f]+)>", font.ToUnicode.read_bytes())
                    for font in fonts
                ]
            letters = {
                letter
                for found in pairs
                for code in found
                for letter in bytes.fromhex(code.decode()).decode("utf-16-be")
            }
            assert letters - {"\uffff"} <= set(person.name), path  # <ffff>: where the codes end


def test_nothing_names_another_revision_or_the_computer(made: Made) -> None:
    for path, pdf in made.files(made.people[0]).items():
        assert (
            pdf.count(b"%%EOF") == 1 and pdf.count(b"startxref") == 1 and b"/Prev" not in pdf[-400:]
        ), path


# ---- as good as the plain file


def test_every_packet_passes_pdf_ua_1(made: Made) -> None:
    for person in made.people:
        for path, pdf in made.files(person).items():
            report = validate_pdf_bytes(pdf, profile="ua1")
            assert report.is_compliant, (person.name, path, report.failures[:3])
            with pikepdf.open(BytesIO(pdf)) as document:
                assert not document.check_pdf_syntax(), (person.name, path)


def test_the_name_stands_on_the_cover_in_reading_position(made: Made) -> None:
    """In the order of the tags, which is the order in which it is read aloud."""
    for person in made.people:
        told = read_aloud(made.file(person, "workbook.pdf"))
        at = told.index("This book belongs to")
        from_the_right = any(
            unicodedata.bidirectional(letter) in ("R", "AL") for letter in person.name
        )  # and of these, each reader makes its own
        assert from_the_right or bare(told[at + 1]) == bare(person.name), told
        assert told[at + 2] == "Fall" and told.count(told[at + 1]) == 1, told
        with pikepdf.open(BytesIO(made.file(person, "workbook.pdf"))) as document:
            spoken = [
                element
                for element in elements(document.Root.StructTreeRoot)
                if "/ActualText" in element
            ]
            assert [(str(element.S), str(element.ActualText)) for element in spoken] == [
                ("/P", person.name)
            ]
        with pikepdf.open(BytesIO(made.file(person, "workbook-fillable.pdf"))) as document:
            inside = [
                kid for element in elements(document.Root.StructTreeRoot) for kid in kids(element)
            ]
            assert (
                next(
                    str(kid.Obj.T)
                    for kid in inside
                    if isinstance(kid, pikepdf.Dictionary) and "/T" in kid.get("/Obj", {})
                )
                == OWNER
            )


def test_the_name_stands_in_every_foot(made: Made) -> None:
    for person in made.people[:10]:
        for path, first in (
            ("workbook.pdf", 1),
            ("workbook-fillable.pdf", 1),
            ("worksheets/reading.pdf", 0),
            ("mentor/two_chairs.pdf", 0),
        ):
            assert all(
                person.name in re.sub(r"\s+", " ", page)
                for page in words_of(made.file(person, path))[first:]
            ), (person.name, path)


def read_aloud(pdf: bytes) -> list[str]:
    """The words of the first page, element by element, in the order of the tags."""
    page = pypdfium2.PdfDocument(pdf)[0]
    texts: dict[int, str] = {}
    for number in range(raw.FPDFPage_CountObjects(page)):
        thing = raw.FPDFPage_GetObject(page, number)
        mark = raw.FPDFPageObj_GetMarkedContentID(thing)
        texts[mark] = texts.get(mark, "") + "".join(said(thing, page.get_textpage()))
    with pikepdf.open(BytesIO(pdf)) as document:
        here = document.pages[0].objgen
        found = [
            "".join(texts.get(int(kid), "") for kid in kids(element) if isinstance(kid, int))
            for element in elements(document.Root.StructTreeRoot)
            if "/Pg" in element and element.Pg.objgen == here
        ]
    return [text.strip() for text in found if text.strip()]


def said(thing: object, words: object) -> Iterator[str]:
    if raw.FPDFPageObj_GetType(thing) == raw.FPDF_PAGEOBJ_FORM:
        for number in range(raw.FPDFFormObj_CountObjects(thing)):
            yield from said(raw.FPDFFormObj_GetObject(thing, number), words)
    elif raw.FPDFPageObj_GetType(thing) == raw.FPDF_PAGEOBJ_TEXT:
        length = raw.FPDFTextObj_GetText(thing, words, None, 0)
        buffer = (c_ushort * length)()
        raw.FPDFTextObj_GetText(thing, words, buffer, length)
        yield bytes(buffer).decode("utf-16-le").rstrip("\0")


def elements(root: pikepdf.Object) -> Iterator[pikepdf.Object]:
    for kid in kids(root):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def kids(element: pikepdf.Object) -> list[pikepdf.Object]:
    content = element.get("/K")
    return list(content) if isinstance(content, pikepdf.Array) else [content]


def test_the_title_says_whose_copy_it_is_in_both_places(made: Made) -> None:
    for person in made.people:
        with pikepdf.open(BytesIO(made.file(person, "worksheets/alone.pdf"))) as document:
            assert str(document.docinfo.Title) == f"Alone – {person.name}"
            assert (
                f"Alone – {person.name}".replace("&", "&amp;")
                in document.Root.Metadata.read_bytes().decode()
            )


def test_both_copies_of_the_card_know_packet_and_side(made: Made, plain: dict[str, bytes]) -> None:
    sides = {"worksheets/two_chairs.pdf": "mentee", "mentor/two_chairs.pdf": "mentor"}
    for person in made.people:
        for path in FILLABLE:
            pdf = made.file(person, path)
            blank = read_form_metadata(plain[path.replace("mentor/", "worksheets/")])
            expected = replace(
                blank, packet=packet_id("fall", person.key), side=sides.get(path, "")
            )
            assert read_all_form_metadata(pdf) == (expected,), "both are one"
            with pikepdf.open(BytesIO(pdf)) as document:
                assert (
                    FormMetadata.from_json(document.Root.Metadata.read_bytes().decode()) == expected
                )
                assert [
                    FormMetadata.from_json(str(field.V))
                    for field in document.Root.AcroForm.Fields
                    if field.T == FIELD
                ] == [expected]


@pytest.fixture(scope="module")
def programs() -> Iterator[dict[str, Filler]]:
    with chromium() as browser:
        yield {
            "pypdf": fill_with_pypdf,
            "pikepdf": fill_with_pikepdf,
            "pdfium": fill_with_pdfium,
            "pdf.js": partial(fill_with_pdfjs, browser),
        }


@pytest.mark.parametrize("program", ["pypdf", "pikepdf", "pdfium", "pdf.js"])
def test_a_packet_fills_and_reads_back_like_the_plain_file(
    made: Made, plain: dict[str, bytes], programs: dict[str, Filler], program: str
) -> None:
    answers, fill = (
        {"two_chairs__topic__view": "4", "two_chairs__remark": "It went well.\nAnd so on."},
        programs[program],
    )
    plainly = read_values(fill(plain["worksheets/two_chairs.pdf"], answers))
    for person in (made.people[0], made.people[11], made.people[19]):
        blank = made.file(person, "worksheets/two_chairs.pdf")
        assert read_values(blank) == read_values(plain["worksheets/two_chairs.pdf"]) | {
            OWNER: person.name
        }
        filled = fill(blank, answers)
        assert read_values(filled) == plainly | {OWNER: person.name}
        for reader in READERS.values():
            assert {
                name: value for name, value in reader(filled).items() if name != FIELD
            } == answers | {OWNER: person.name}
        assert read_form_metadata(filled).packet == packet_id("fall", person.key)


def test_the_name_can_be_typed_over(made: Made) -> None:
    """Who married, or found a slip in the list, corrects it in the file; the packet's id stays."""
    person = made.people[0]
    filled = fill_with_pypdf(made.file(person, "workbook-fillable.pdf"), {OWNER: "Ana Maria Lopez"})
    assert read_values(filled)[OWNER] == "Ana Maria Lopez" and read_form_metadata(
        filled
    ).packet == packet_id("fall", person.key)


def test_a_plain_file_has_a_line_for_the_name_that_nobody_collects(plain: dict[str, bytes]) -> None:
    for path in FILLABLE - {"mentor/two_chairs.pdf"}:
        assert (
            read_values(plain[path])[OWNER] == ""
            and read_form_metadata(plain[path]).fields[0] == OWNER
        )
    with pikepdf.open(BytesIO(plain["worksheets/reading.pdf"])) as document:
        assert "/AcroForm" not in document.Root, "nothing to fill in, so no form"


def test_a_packet_is_at_most_5_kb_over_the_master(made: Made, plain: dict[str, bytes]) -> None:
    ordinary = [person for person in made.people if len(person.name) < 40]
    over = {
        path: max(len(made.file(person, path)) - len(plain[path]) for person in ordinary)
        for path in FILES - {"mentor/two_chairs.pdf", "to-return.pdf"}
    }
    assert max(over.values()) <= 5 * 1024, over


# ---- the same, whatever else is on the list


def test_shuffling_the_list_or_adding_to_it_changes_no_packet(made: Made, tmp_path: Path) -> None:
    others = list(people_of((*NAMES, "Zanele Mthethwa", "Ана Лопес")))
    random.Random(4).shuffle(others)
    again = make(tmp_path / "program", tuple(others), PACKETS)
    for person in made.people:
        assert again.files(person) == made.files(person), person.name
        folder = safe_names(made.people)[person.key]
        assert again.file(person, f"{folder}.zip") == made.file(person, f"{folder}.zip")


def test_two_runs_give_the_same_bytes(made: Made, tmp_path: Path) -> None:
    again = make(tmp_path / "program", made.people, PACKETS)
    for path in sorted(made.packets.rglob("*")):
        if path.is_file():
            assert (
                path.read_bytes() == (again.packets / path.relative_to(made.packets)).read_bytes()
            ), path.name


def test_a_zip_holds_the_files_of_the_packet(made: Made) -> None:
    for person in made.people[:3]:
        folder = safe_names(made.people)[person.key]
        with zipfile.ZipFile(BytesIO(made.file(person, f"{folder}.zip"))) as archive:
            assert {name: archive.read(name) for name in archive.namelist()} == {
                f"{folder}/{called(path, person, made.people)}": pdf
                for path, pdf in made.files(person).items()
            }
            assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


# ---- names


def test_a_letter_that_no_font_has_is_told_with_its_person_and_drawn_as_a_box(
    tmp_path: Path,
) -> None:
    people = people_of(("Ana López", "Senu 𓀀𓀁 of Thebes"))
    one = make(tmp_path / "program", people, ("worksheets", "workbook"))
    line = next(line for line in one.told if "warning" in line)
    assert line.startswith(
        "cohorts/fall/roster.csv:3:1: warning: no font here has “𓀀” (U+13000), “𓀁” (U+13001) "
        "of the name Senu 𓀀𓀁 of Thebes"
    )
    assert read_values(one.file(people[1], "worksheets/alone.pdf"))[OWNER] == people[1].name, (
        "what the file says is the name itself"
    )
    assert "Senu □□ of Thebes" in words_of(one.file(people[1], "workbook.pdf"))[0]
    for pdf in one.files(people[1]).values():
        assert validate_pdf_bytes(pdf, profile="ua1").is_compliant
    make(tmp_path / "other", people, ("worksheets",), strict=True, expected=1)


def test_the_computers_fonts_help_where_the_kits_have_no_letter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Worker(tmp_path) as worker:
        assert worker.draw_names(["李 Ana"])[0].missing == "李"
    lay_font(tmp_path / "fonts" / "li.ttf", "李")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with Worker(tmp_path) as worker:
        drawing = worker.draw_names(["李 Ana"])[0]
    assert drawing.missing == "" and b"Only-Li" in uncompressed(drawing)


def uncompressed(drawing: NameDrawing) -> bytes:
    with pikepdf.open(BytesIO(drawing.variants[0].pdf)) as document:
        return b"".join(
            thing.unparse(resolved=True)
            for thing in document.objects
            if isinstance(thing, pikepdf.Dictionary)
        )


def lay_font(path: Path, letter: str) -> None:
    """A font that has this letter, as a square."""
    pen = TTGlyphPen(None)
    for n, point in enumerate([(100, 0), (100, 700), (800, 700), (800, 0)]):
        pen.lineTo(point) if n else pen.moveTo(point)
    pen.closePath()
    square, empty = pen.glyph(), TTGlyphPen(None).glyph()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "letter", "space"])
    builder.setupCharacterMap({ord(letter): "letter", 32: "space"})
    builder.setupGlyf({".notdef": empty, "letter": square, "space": empty})
    builder.setupHorizontalMetrics({".notdef": (500, 0), "letter": (900, 100), "space": (250, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Only Li", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    path.parent.mkdir()
    builder.save(path)


def test_a_name_drawn_alone_and_among_two_hundred_is_the_same(tmp_path: Path) -> None:
    with Worker(tmp_path) as worker:
        alone = [worker.draw_names([name])[0] for name in NAMES[::7]]
        crowd = worker.draw_names([f"{name} {n}" for n in range(8) for name in NAMES] + list(NAMES))
    assert alone == crowd[-len(NAMES) :][::7]


def test_a_long_name_is_made_smaller_then_wrapped_and_never_cut(made: Made) -> None:
    """What is drawn keeps to its place: measured on the drawing, not on the words."""
    for person in made.people:
        document = pypdfium2.PdfDocument(made.file(person, "workbook.pdf"))
        for number in (1, 2):
            page = document[number]
            words = page.get_textpage()
            boxes = [words.get_charbox(n) for n in range(words.count_chars())]
            foot = [box for box in boxes if box[1] < 48 and box[2] > box[0]]
            assert (
                foot
                and min(box[0] for box in foot) > 30
                and max(box[2] for box in foot) < page.get_width() - 20
            )
            assert min(box[1] for box in foot) > 12, person.name
    long = max(made.people, key=lambda person: len(person.name))
    with Worker(Path()) as worker:
        drawing = worker.draw_names([long.name])[0]
    drawn = stamping.make_name_objects(long.name, drawing)
    foot = stamping.NameSlot(stamping.SLOTS[102][1], 156, 22.7)
    at, size = stamping.fit_name(drawn, foot)
    assert (
        drawing.variants[at].lines > 1
        and drawing.variants[at].width * size / EM <= 156.01
        and size >= 4
    )
    short = stamping.make_name_objects("Ana", draw("Ana"))
    assert stamping.fit_name(short, foot) == (0, 8.5)


def draw(name: str) -> NameDrawing:
    with Worker(Path()) as worker:
        return worker.draw_names([name])[0]


# ---- the packet's id


def test_a_packet_id_is_cohort_key_and_a_letter() -> None:
    assert re.fullmatch(r"fall/P-07/[A-Z]", packet_id("fall", "P-07"))
    for key in ("P-07", "ana@small.example", "a/b", "李 思雨"):
        assert read_packet_id(packet_id("fall", key)) == ("fall", key)
    for wrong in ("", "fall", "fall/P-07", "fall/P-07/", "/P-07/K"):
        assert read_packet_id(wrong) is None


def test_a_wrong_digit_or_two_signs_that_changed_places_are_noticed() -> None:
    for key in ("P-07", "204817", "p1988x31"):
        right = packet_id("fall", key)
        for at, sign in enumerate(right):
            others = "0123456789" if sign.isdigit() else ""
            assert all(
                read_packet_id(right[:at] + other + right[at + 1 :]) is None
                for other in others
                if other != sign
            )
        for at in range(5, len(right) - 3):
            if right[at] != right[at + 1] and abs(ord(right[at]) - ord(right[at + 1])) % 23:
                assert (
                    read_packet_id(right[:at] + right[at + 1] + right[at] + right[at + 2 :]) is None
                )


# ---- for the print shop


def test_the_print_shop_gets_every_book_on_whole_sheets_with_a_table_and_bookmarks(
    made: Made,
) -> None:
    pdf = (made.packets / "print" / "all-print.pdf").read_bytes()
    words = words_of(pdf)
    book = len(words_of(made.file(made.people[0], "workbook.pdf")))
    padded = book + book % 2
    with pikepdf.open(BytesIO(pdf)) as document:
        assert not document.check_pdf_syntax()
        numbers = {
            page.objgen: number for number, page in enumerate((p.obj for p in document.pages), 1)
        }
        with document.open_outline() as outline:
            marks = {item.title: numbers[item.destination[0].objgen] for item in outline.root}
    assert list(marks) == [person.name for person in made.people]
    tables = min(marks.values()) - 1
    assert tables % 2 == 0 and len(words) == tables + len(NAMES) * padded
    for person, begin in zip(made.people, marks.values(), strict=True):
        assert begin % 2 == 1, "a book begins on the front of a sheet"
        own = words_of(made.file(person, "workbook.pdf"))
        assert words[begin - 1 : begin - 1 + book] == own
        assert book == padded or words[begin - 2 + padded].strip() == ""
    table = re.sub(r"\s+", " ", " ".join(words[:tables]))
    for _number, begin in enumerate(marks.values(), 1):
        assert f" {book} {padded // 2} {begin}" in table
    assert f"Small Program, Fall: 30 × {book}" in table


def test_the_file_for_the_print_shop_grows_by_a_few_kilobytes_a_person(made: Made) -> None:
    size = (made.packets / "print" / "all-print.pdf").stat().st_size
    assert size < len(made.file(made.people[0], "workbook.pdf")) + 12_000 * len(NAMES)
