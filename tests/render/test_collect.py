"""What people typed is what the office reads: whole, under the right person, and nowhere else."""

from __future__ import annotations

import csv
import functools
import io
import itertools
import json
import os
import random
import re
import shutil
import stat
import subprocess
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pikepdf
import pypdfium2
import pytest
from conftest import Run
from mentorkit.compose.privacy import add_notices
from mentorkit.edition.content import FieldTable, Group, Notice, NoticeKind, QuestionList, Role
from mentorkit.edition.content import Row as TableRow
from mentorkit.edition.field import Place
from mentorkit.edition.section import Section
from mentorkit.edition.strings import WORDS
from mentorkit.packets.packets import packet_id
from mentorkit.pdf.form_examination import examine
from mentorkit.pdf.form_metadata import FIELD, FormMetadata
from mentorkit.pdf.form_reader import read_form_metadata
from mentorkit.people.csv_writer import unguard_cell as unguarded
from mentorkit.pipeline.documents import form_metadata_of
from mentorkit.responses import inbox, store
from mentorkit.responses.collect import Options, collect
from mentorkit.responses.filing import file_rows
from mentorkit.responses.forget import forget
from mentorkit.responses.inbox import Examiner, Reading
from mentorkit.responses.matching import Row, judge
from mentorkit.responses.xlsx import Sheet, make_titles, make_workbook
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

import fillers
import returns
from returns import OPEN, SECRET, World, changed, field

CANARY = "zzCANARYzz"
SCRIPTS = (
    "Zażółć gęślą jaźń",
    "Ελληνικά",
    "Українська",
    "العربية ואנגלית",
    "中文答案 日本語",
    "हिन्दी नमस्ते",
)
PAYLOADS = (
    "=1+1",
    "+1 617 555 0100",
    "-5",
    "- first",
    "@SUM(A1)",
    '=HYPERLINK("http://x","y")',
    "\t=1",
    "#N/A",
    "'quoted",
    "=cmd|' /C calc'!A0",
    "＝1+1",
    "<b>&amp;</b>",
    "]]>",
    "_x0041_",
    "  kept  ",
)
FILLERS = {
    "pypdf": fillers.fill_with_pypdf,
    "pikepdf": fillers.fill_with_pikepdf,
    "pdfium": fillers.fill_with_pdfium,
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return returns.make(tmp_path_factory.mktemp("returns") / "program")


@pytest.fixture(autouse=True)
def _no_answers_yet(world: World) -> None:
    shutil.rmtree(world.folder / "responses", ignore_errors=True)


@pytest.fixture
def sent_back(tmp_path: Path) -> Path:
    """The folder into which the office put what came."""
    (tmp_path / "returned").mkdir()
    return tmp_path / "returned"


@pytest.fixture(scope="module")
def filled(world: World) -> bytes:
    """Person 7's worksheet with an answer in every place, the private one too."""
    return fillers.fill_with_pypdf(
        world.copy("signals", "P-07"), answers("Ana") | {SECRET: f"{CANARY} secret"}
    )


def answers(word: str, story: str = "One.\nTwo.") -> dict[str, str]:
    return dict(zip(OPEN, (word, story, "yes", "fast_loose", "4", "2027-03-14"), strict=True))


def collected(
    world: World, folder: Path, replace: bool = False, **options: bool
) -> tuple[int, list[Row], list[str]]:
    """Exit code, rows, and everything that was told."""
    told: list[str] = []
    code = collect(world.folder, "fall", folder, Options(replace=replace, **options), told.append)
    return code, store.read_rows(world.folder, "fall"), told


def judged(world: World, pdf: bytes, name: str = "back.pdf") -> Row:
    """One file as `collect` takes it, read in a child under limits."""
    with Examiner(world.sent.request()) as examiner:
        said, _ = examiner.examine(pdf)
    reading = Reading(file=name, digest="d", said=said, refused=said.get("refused", ""))
    return judge(reading, world.sent)[0]


def cells(world: World, title: str) -> dict[str, dict[str, str]]:
    """A sheet of responses.xlsx: by file, the answers under the fields' names."""
    book = openpyxl.load_workbook(world.folder / "responses" / "fall" / store.TABLE)
    _, names, *rows = [[cell.value or "" for cell in row] for row in book[title].iter_rows()]
    return {row[3]: {name: row[place] for place, name in enumerate(names) if name} for row in rows}


# ---- what was typed


def test_thirty_packets_filled_by_four_programs_come_back_equal(
    world: World, sent_back: Path
) -> None:
    typed: dict[str, dict[str, str]] = {}
    with fillers.chromium() as browser:
        programs = FILLERS | {"pdf.js": functools.partial(fillers.fill_with_pdfjs, browser)}
        turns = itertools.cycle(["pypdf", "pikepdf", "pdfium", "pypdf", "pikepdf", "pdf.js"])
        for number, program in zip(range(1, 31), turns, strict=False):
            text = SCRIPTS[number % 6] if program != "pdfium" or number % 2 else "“plain” – é"
            long = "\n".join(
                [
                    text,
                    "",
                    "second",
                    PAYLOADS[number % len(PAYLOADS)].strip(),
                    *([] if program == "pdfium" else ["😀 👩🏽‍🔬"]),
                    *([text * 20] * (program in ("pypdf", "pikepdf")) * 10),
                ]
            )
            given = answers(
                PAYLOADS[number % len(PAYLOADS)]
                if program in ("pypdf", "pikepdf")
                else PAYLOADS[number % len(PAYLOADS)].strip(),
                long,
            )
            file = f"{number:02} {program}.pdf"
            (sent_back / file).write_bytes(
                programs[program](world.copy("signals", f"P-{number:02}"), given)
            )
            typed[file] = given
    code, rows, told = collected(world, sent_back)
    assert code == 0, told
    assert {row.file: dict(row.answers) for row in rows} == typed
    read = cells(world, make_titles(["Signals: how it goes"])[0])
    # openpyxl does not undo Excel's own escape for what looks like its codes; Excel and LibreOffice
    # do.
    assert {
        file: {name: text.replace("_x005F_", "_") for name, text in row.items()}
        for file, row in read.items()
    } == {file: row | {OPEN[3]: "fast & loose"} for file, row in typed.items()}
    assert [row.key for row in rows] == [f"P-{number:02}" for number in range(1, 31)]
    lines = list(
        csv.reader(
            io.StringIO(
                (world.folder / "responses/fall" / store.LONG).read_bytes().decode("utf-8-sig"),
                newline="",
            )
        )
    )
    # Tables for people show the words of a choice; what is stored is its key.
    assert {(line[3], line[9]): unguarded(line[11]) for line in lines[1:]} == {
        (file, name): "fast & loose" if name == OPEN[3] else text
        for file, row in typed.items()
        for name, text in row.items()
    }
    assert not any(cell[:1] in "=+-@" for line in lines for cell in line if cell)


def test_no_cell_is_a_formula_and_the_same_answers_give_the_same_bytes() -> None:
    sheets = [
        Sheet("=A/B: [x]?*", [[payload, CANARY] for payload in PAYLOADS]),
        Sheet("=a b", [["x" * 40_000, "😀" * 20_000, "a\x00\x1b\ud800\uffffb"]]),
        Sheet("History", []),
    ]
    made = make_workbook(sheets)
    assert made == make_workbook(sheets)
    with zipfile.ZipFile(BytesIO(made)) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert [name for name in parts if name.startswith("xl/worksheets/")] == [
        f"xl/worksheets/sheet{n}.xml" for n in (1, 2, 3)
    ]
    for name, xml in parts.items():
        assert not re.search(r"<(f|definedName|externalReference|hyperlink)\b", xml), name
        assert set(re.findall(r'<c [^>]*t="(\w+)"', xml)) <= {"s"}, name
    book = openpyxl.load_workbook(BytesIO(made))
    assert [row[0].value.replace("_x005F_", "_") for row in book.worksheets[0].iter_rows()] == list(
        PAYLOADS
    )
    assert {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row} <= {
        "s",
        "inlineStr",
    }
    first, second, third = (cell.value for cell in next(book.worksheets[1].iter_rows()))
    assert (
        first.endswith("has it whole]")
        and len(first) == 32_767
        and len(second.encode("utf-16-le")) // 2 <= 32_767
        and third == "a\ufffd\ufffd\ufffd\ufffdb"
    )
    assert len({title.casefold() for title in book.sheetnames}) == 3 and "history" not in {
        title.casefold() for title in book.sheetnames
    }


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not on this machine")
def test_nothing_comes_alive_in_libreoffice(
    world: World, sent_back: Path, tmp_path: Path, deep: bool
) -> None:
    """Both tables opened by the real program, formulas in CSV asked for: no cell computes, links or
    jumps, and every text is what was typed.
    """
    if not deep:
        pytest.skip("under --deep")
    typed = {}
    for number, payload in enumerate(PAYLOADS, 1):
        typed[f"{number:02}.pdf"] = answers(
            payload, f"{payload}\n\n{SCRIPTS[number % 6]} 😀".replace("\t", "")
        )  # LibreOffice keeps no tab among several lines
        (sent_back / f"{number:02}.pdf").write_bytes(
            fillers.fill_with_pikepdf(
                world.copy("signals", f"P-{number:02}"), typed[f"{number:02}.pdf"]
            )
        )
    assert collected(world, sent_back)[0] == 0
    tables = [str(world.folder / "responses" / "fall" / name) for name in (store.TABLE, store.LONG)]
    evaluated = "--infilter=CSV:44,34,76,1,,0,false,false,false,false,false,-1,true"
    for options in ([tables[0]], [evaluated, tables[1]]):
        command = [
            "soffice",
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "fods",
            "--outdir",
            str(tmp_path),
            *options,
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        (tmp_path / "responses.fods").rename(tmp_path / f"{Path(options[-1]).suffix[1:]}.fods")
    book, long = (opened_by_libreoffice(tmp_path / f"{kind}.fods") for kind in ("xlsx", "csv"))
    rows = book[make_titles(["Signals: how it goes"])[0]]
    assert {row[3]: dict(zip(rows[1][8:14], row[8:14], strict=True)) for row in rows[2:]} == typed
    (lines,) = long.values()
    # Tables for people show the words of a choice; what is stored is its key.
    assert {(line[3], line[9]): unguarded(line[11]) for line in lines[1:]} == {
        (file, name): "fast & loose" if name == OPEN[3] else text
        for file, row in typed.items()
        for name, text in row.items()
    }


def opened_by_libreoffice(path: Path) -> dict[str, list[list[str]]]:
    """The texts of each sheet, row by row; a formula or a link in any cell fails the test."""
    names = {
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    }
    table, text = (f"{{{uri}}}" for uri in names.values())

    def said(part: ElementTree.Element) -> str:
        own = {
            f"{text}s": " " * int(part.get(f"{text}c", 1)),
            f"{text}tab": "\t",
            f"{text}line-break": "\n",
        }.get(part.tag, part.text or "")
        return own + "".join(said(kid) + (kid.tail or "") for kid in part)

    whole = ElementTree.parse(path).getroot()
    assert not [
        part.tag
        for part in whole.iter()
        if f"{table}formula" in part.attrib or part.tag in (f"{text}a", f"{table}dde-link")
    ]
    sheets = {}
    for sheet in whole.iter(f"{table}table"):
        rows = [
            [cell for cell in row if cell.tag == f"{table}table-cell"]
            for row in sheet.iter(f"{table}table-row")
        ]
        spread = [
            [(cell, min(int(cell.get(f"{table}number-columns-repeated", 1)), 50)) for cell in row]
            for row in rows
        ]
        sheets[str(sheet.get(f"{table}name"))] = [
            [
                "\n".join(map(said, cell.findall("text:p", names)))
                for cell, times in row
                for _ in range(times)
            ]
            for row in spread
        ]
    return sheets


def test_only_what_may_come_back_is_read(world: World, sent_back: Path, filled: bytes) -> None:
    (sent_back / "a.pdf").write_bytes(filled)
    code, (row,), _ = collected(world, sent_back)
    assert (
        code == 0 and SECRET not in row.answers and row.fates["private"] == 2
    )  # the owner's name is the other
    assert not [
        path
        for path in (world.folder / "responses").rglob("*")
        if path.is_file() and CANARY.encode() in unpacked(path)
    ]
    assert CANARY not in json.dumps(examine(filled, world.sent.request()))


def test_what_was_private_when_it_was_sent_stays_private(world: World, filled: bytes) -> None:
    """A page that later says `return: yes` does not reach back into files whose page said nothing
    comes back.
    """
    told = read_form_metadata(filled)
    older = with_cards(
        filled, replace(told, returned=tuple(name for name in told.returned if name != OPEN[0]))
    )
    row = judged(world, older)
    assert (
        OPEN[0] not in row.answers
        and set(row.answers) == set(OPEN[1:])
        and row.fates["private"] == 3
    )


def test_a_page_that_may_be_returned_marks_what_stays_private(world: World) -> None:
    """Where only some of it comes back, the reader is told so at the place itself."""
    (section,) = world.sheet("signals").sections()
    assert section.content[0] == Notice(NoticeKind.RETURNED)
    marked = [q.place.name for q in section.questions() if q.notice is NoticeKind.PRIVATE_ANSWER]
    assert marked == [SECRET]
    with pypdfium2.PdfDocument(world.copy("signals", "P-01")) as document:
        words = " ".join(
            " ".join(page.get_textpage().get_text_bounded() for page in document).split()
        )
    assert words.count(WORDS["private_answer"]) == 1 and words.index(
        WORDS["private_answer"]
    ) > words.index("What do you tell nobody?")
    question, private = (
        replace(q, notice=None) for q in (next(section.questions()), list(section.questions())[-1])
    )
    row = TableRow(name="row", cells=(Place("table__row", "A row"),))
    table = FieldTable("", (), (Group("", "", "", (row,)),))
    parts = tuple(
        Section(role=Role.PART, name=name, anchor=name, content=(QuestionList((each,)),))
        for name, each in (("private", private), ("returned", question))
    )
    mixed = add_notices(replace(section, content=(table, QuestionList((question,)), *parts)))
    head, before_table, _, _, *inside = mixed.content
    assert head == Notice(NoticeKind.RETURNED)
    assert before_table == Notice(NoticeKind.PRIVATE_TABLE)
    assert [Notice(NoticeKind.PRIVATE_PART) in part.content for part in inside] == [True, False]


# ---- whose it is


def with_cards(pdf: bytes, *cards: FormMetadata) -> bytes:
    """The file with other cards: the form's, and the metadata's."""

    def change(document: Pdf) -> None:
        field(document, FIELD).V = String(cards[0].to_json())
        data = document.Root.Metadata.read_bytes()
        document.Root.Metadata.write(
            re.sub(
                rb"(<mk:card>).*?(</mk:card>)",
                lambda found: found[1] + cards[-1].to_json().encode() + found[2],
                data,
                flags=re.DOTALL,
            )
        )

    return changed(pdf, change)


def test_the_file_name_decides_nothing(world: World, sent_back: Path, filled: bytes) -> None:
    (sent_back / "Person 8 Number.pdf").write_bytes(filled)
    code, (row,), _ = collected(world, sent_back)
    assert (code, row.key) == (
        1,
        "P-07",
    ) and "the file is named for Person 8 Number and holds Person 7 Number’s copy" in row.status
    assert judged(world, filled, "Person 7 Number (1).pdf").eye is False
    assert judged(world, filled, "Person 17 Number.pdf").eye is True


@pytest.mark.parametrize(
    "name",
    ["=cmd|x.pdf", "a\nb.pdf", "\u202egpj.pdf", "x" * 250 + ".pdf", "-rf.pdf", "a\udcffb.pdf"],
)
def test_an_odd_file_name_is_shown_escaped(
    world: World, sent_back: Path, filled: bytes, name: str
) -> None:
    Path(os.fsencode(sent_back / name).decode("utf-8", "surrogateescape")).write_bytes(filled)
    _, (row,), told = collected(world, sent_back)
    assert row.key == "P-07" and row.file.isprintable() and row.file.encode()
    lines = list(
        csv.reader(
            io.StringIO(
                (world.folder / "responses/fall" / store.LONG).read_bytes().decode("utf-8-sig"),
                newline="",
            )
        )
    )
    assert lines[1][3] == ("'" if name[0] in "=-" else "") + row.file


def test_the_mentors_copy_lies_beside_its_mentees(world: World, sent_back: Path) -> None:
    for key, side in itertools.product(("P-05", "P-02"), ("mentee", "mentor")):
        (sent_back / f"{side}{key}.pdf").write_bytes(
            fillers.fill_with_pypdf(
                world.copy("two_chairs", key, side), {"two_chairs__topic__view": "2"}
            )
        )
    code, rows, _ = collected(world, sent_back)
    assert code == 0
    assert [(row.key, row.side) for row in rows] == [
        ("P-02", "mentee"),
        ("P-02", "mentor"),
        ("P-05", "mentee"),
        ("P-05", "mentor"),
    ]


def test_versions_of_one_file_are_all_kept_and_told(world: World, sent_back: Path) -> None:
    blank = world.copy("signals", "P-03")
    for name, word in {"first": "one", "second": "two"}.items():
        (sent_back / f"{name}.pdf").write_bytes(fillers.fill_with_pypdf(blank, answers(word)))
    (sent_back / "again.pdf").write_bytes((sent_back / "first.pdf").read_bytes())
    code, rows, _ = collected(world, sent_back)
    assert code == 1 and [row.answers[OPEN[0]] for row in rows] == ["one", "two"]
    assert (
        all("two versions" in row.status for row in rows)
        and "the same file is there again as first.pdf" in rows[0].status
    )


def test_answers_whose_file_is_gone_do_not_vanish_in_silence(
    world: World, sent_back: Path, filled: bytes
) -> None:
    (sent_back / "a.pdf").write_bytes(filled)
    collected(world, sent_back)
    (sent_back / "a.pdf").unlink()
    code, rows, told = collected(world, sent_back)
    assert code == 1 and len(rows) == 1 and "a.pdf" in told[0] and "nothing was changed" in told[0]
    code, rows, _ = collected(world, sent_back, replace=True)
    assert code == 0 and rows == []


def simulated(world: World, chance: random.Random) -> tuple[Reading, str]:
    """A return as it may come: renamed, doubled, from elsewhere, tampered with; and the key it may
    be filed under, or nothing.
    """
    owner, other = (f"P-{number:02}" for number in chance.sample(range(1, 31), 2))
    card = replace(form_metadata_of(world.sheet("signals")), packet=packet_id("fall", owner))
    cards, key = [card], owner
    match chance.choice(
        [
            "plain",
            "renamed",
            "other cohort",
            "edited once",
            "edited twice",
            "two owners",
            "no packet",
            "other program",
            "no card",
            "swapped letters",
        ]
    ):
        case "other cohort":
            cards, key = [replace(card, packet=packet_id("spring", owner))], ""
        case "edited once":
            cards, key = [card, replace(card, packet=card.packet.replace(owner, other))], ""
        case "edited twice":
            at, sign = chance.randrange(len(card.packet)), chance.choice("0123456789PAB")
            packet = card.packet[:at] + sign + card.packet[at + 1 :]
            cards, key = [replace(card, packet=packet)], owner if packet == card.packet else ""
        case "swapped letters":
            at = chance.randrange(len(card.packet) - 1)
            packet = (
                card.packet[:at] + card.packet[at + 1] + card.packet[at] + card.packet[at + 2 :]
            )
            cards, key = [replace(card, packet=packet)], owner if packet == card.packet else ""
        case "two owners":
            cards, key = [card, replace(card, packet=packet_id("fall", other))], ""
        case "no packet":
            cards, key = [replace(card, packet="")], ""
        case "other program":
            cards, key = [replace(card, document="elsewhere")], ""
        case "no card":
            cards, key = [], ""
    values = {
        name: {
            "values": [f"{owner} says"] if name == OPEN[0] else [],
            "fault": "",
            "times": 1,
            "differ": False,
        }
        for name in card.fields
    }
    said = {
        "cards": [each.to_json() for each in cards],
        "fields": values,
        "notes": [],
        "damaged": False,
        "on_top": 0,
    }
    names = [f"Person {int(other[2:])} Number.pdf", "a.pdf", f"{other}.pdf", "signals(3).pdf"]
    return Reading(file=chance.choice(names), digest=str(chance.random()), said=said), key


def test_none_of_many_returns_is_misfiled(world: World, deep: bool) -> None:
    chance = random.Random(5)
    sent = [simulated(world, chance) for _ in range(10_000 if deep else 500)]
    rows = [judge(reading, world.sent)[0] for reading, _ in sent]
    for (reading, key), row in zip(sent, rows, strict=True):
        if row.key in world.sent.people:
            assert row.key == key and row.answers[OPEN[0]] == f"{key} says", (reading, row)
        else:
            assert row.eye and not key and not row.name, (reading, row)
    kept = file_rows(rows, world.sent)
    assert len(kept) == len(rows) and [row.key for row in kept if row.name] == sorted(
        row.key for row in rows if row.name
    )
    assert not any(row.name for row in kept[sum(bool(row.name) for row in rows) :]), (
        "who is not on the list comes last"
    )


@pytest.mark.parametrize(
    "words", ["\ud800", "\x1b[2J\n", "=1+1", "x" * 50_000, "<script>", "/", "\u202eb"]
)
def test_a_strangers_card_can_say_anything(
    world: World, sent_back: Path, filled: bytes, words: str
) -> None:
    card = read_form_metadata(filled)
    for number, change in enumerate(
        [
            {"packet": packet_id("fall", words)},
            {"packet": words},
            {"release": words},
            {"side": words},
            {"document": words},
            {"fields": (*card.fields, words)},
            {"edition_id": words},
        ]
    ):
        (sent_back / f"{number}.pdf").write_bytes(with_cards(filled, replace(card, **change)))  # type: ignore[arg-type]
    code, rows, told = collected(world, sent_back)
    assert (
        code == 1
        and len(rows) == 7
        and all(row.side == "" and len(row.status) <= 2_100 for row in rows)
    )
    assert {row.key for row in rows if row.name} == {"P-07"}
    text = (world.folder / "responses/fall" / store.PAGE).read_text(encoding="utf-8")
    assert (
        "<script" not in text
        and "\x1b" not in text
        and "\u202e" not in text
        and not any("\x1b" in line for line in told)
    )


# ---- section P of the catalogue


def set_value(value: object, name: str = OPEN[0]) -> Callable[[Pdf], None]:
    def change(document: Pdf) -> None:
        field(document, name).V = value(document) if callable(value) else value

    return change


def without(*names: str) -> Callable[[Pdf], None]:
    def change(document: Pdf) -> None:
        document.Root.AcroForm.Fields = Array(
            [each for each in document.Root.AcroForm.Fields if each.T not in names]
        )
        for page in document.pages:
            page.Annots = Array([each for each in page.Annots if each.get(Name.T) not in names])

    return change


def renamed(document: Pdf) -> None:
    field(document, OPEN[1]).T = String("something_else")


def doubled(document: Pdf) -> None:
    twin = document.make_indirect(Dictionary(dict(field(document, OPEN[0]).items())))
    twin.V = String("Another")
    document.Root.AcroForm.Fields.append(twin)


def unlisted(document: Pdf) -> None:
    document.Root.AcroForm.Fields = Array([field(document, FIELD)])


def noted(document: Pdf) -> None:
    for sort in (Name.FreeText, Name.Ink, Name.Stamp):
        document.pages[0].Annots.append(
            document.make_indirect(
                Dictionary(
                    Type=Name.Annot, Subtype=sort, Rect=Array([0, 0, 9, 9]), Contents=String(CANARY)
                )
            )
        )


def flattened(document: Pdf) -> None:
    del document.Root.AcroForm
    for page in document.pages:
        page.Annots = Array([])


def livecycle(document: Pdf) -> None:
    flattened(document)
    document.Root.AcroForm = Dictionary(Fields=Array([]), XFA=document.make_stream(b"<xdp/>"))


def looped(document: Pdf) -> None:
    one, two = (
        document.make_indirect(Dictionary(T=String("a"))),
        document.make_indirect(Dictionary(T=String("b"))),
    )
    one.Kids, two.Kids = Array([two]), Array([one])
    document.Root.AcroForm.Fields.append(one)


def latticed(document: Pdf) -> None:
    below = [document.make_indirect(Dictionary(T=String("z")))]
    for _ in range(40):
        below = [
            document.make_indirect(Dictionary(T=String(letter), Kids=Array(below)))
            for letter in "ab"
        ]
    for each in below:
        document.Root.AcroForm.Fields.append(each)


def wide(document: Pdf) -> None:
    document.Root.AcroForm.Fields = Array(
        [
            document.make_indirect(Dictionary(T=String(f"f{number}"), V=String("")))
            for number in range(30_000)
        ]
    )


def bomb(document: Pdf) -> pikepdf.Object:
    data = zlib.compress(zlib.compress(b"\0" * 50_000_000))
    stream = Stream(document, data)
    stream.Filter = Array([Name.FlateDecode, Name.FlateDecode])
    return document.make_indirect(stream)


def scripted(document: Pdf) -> None:
    document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    document.attachments["run.exe"] = b"MZ"


def odd_tick(document: Pdf) -> None:
    box = field(document, OPEN[2])
    box.V = box.AS = Name("/On")


def portfolio(document: Pdf) -> None:
    document.Root.Collection = Dictionary(Type=Name.Collection)


P_ROWS: dict[str, tuple[Callable[[bytes], bytes], str, bool]] = {
    "P02 cut in the middle": (lambda pdf: pdf[: len(pdf) // 2], "", True),
    "P02 header only": (lambda pdf: pdf[:20], "it is damaged; ask for it again", True),
    "P02 junk before and after": (lambda pdf: b"junk\n" + pdf + b"junk" * 100, "6 answers", False),
    "P02 wrong xref": (
        lambda pdf: re.sub(rb"startxref\s+\d+", b"startxref\n77", pdf),
        "repaired for reading",
        True,
    ),
    "P03 user password": (
        lambda pdf: changed(
            pdf, lambda _: None, encryption=pikepdf.Encryption(owner="o", user="u")
        ),
        "protected by a password; ask for one without",
        True,
    ),
    "P03 owner password": (
        lambda pdf: changed(pdf, lambda _: None, encryption=pikepdf.Encryption(owner="o", user="")),
        "6 answers",
        False,
    ),
    "P04 flattened": (
        lambda pdf: changed(pdf, flattened),
        "no form fields (printed to PDF or scanned?); read it by eye",
        True,
    ),
    "P06 fields missing": (
        lambda pdf: changed(pdf, without(OPEN[1], OPEN[4])),
        f"6 of 8 fields readable; missing: {OPEN[1]}, {OPEN[4]}",
        True,
    ),
    "P07 a field renamed": (
        lambda pdf: changed(pdf, renamed),
        f"7 of 8 fields readable; missing: {OPEN[1]}; 1 unknown field left out",
        True,
    ),
    "P08 doubled": (
        lambda pdf: changed(pdf, doubled),
        f"twice, with different answers, both kept: {OPEN[0]}",
        True,
    ),
    "P09 widgets that the form does not list": (
        lambda pdf: changed(pdf, unlisted),
        "6 answers; fields that its form does not list were read from the pages",
        False,
    ),
    "P10 typed on top": (
        lambda pdf: changed(pdf, noted),
        "3 notes written on top of the pages: read by eye",
        True,
    ),
    "P11 XFA alone": (
        lambda pdf: changed(pdf, livecycle),
        "made with LiveCycle and cannot be read",
        True,
    ),
    "P11 XFA beside a form": (
        lambda pdf: changed(
            pdf, lambda d: d.Root.AcroForm.__setattr__("XFA", d.make_stream(b"<xdp/>"))
        ),
        "6 answers; it went through LiveCycle",
        False,
    ),
    "P12 loop": (lambda pdf: changed(pdf, looped), "6 answers", False),
    "P12 lattice": (lambda pdf: changed(pdf, latticed), "6 answers", False),
    "P12 wide": (lambda pdf: changed(pdf, wide), "its form is malformed", True),
    "P13 packed twice": (
        lambda pdf: changed(
            pdf,
            set_value(bomb),
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
        ),
        f"{OPEN[0]} is not a text",
        True,
    ),
    "P13 20 MB": (
        lambda pdf: changed(pdf, set_value(String("x" * 20_000_000))),
        f"{OPEN[0]} holds 20,000,000 bytes; the limit is 100,000",
        True,
    ),
    "P15 number": (lambda pdf: changed(pdf, set_value(7)), f"{OPEN[0]} is not a text", True),
    "P15 dictionary": (
        lambda pdf: changed(pdf, set_value(Dictionary(A=1))),
        f"{OPEN[0]} is not a text",
        True,
    ),
    "P16 control signs": (
        lambda pdf: changed(pdf, set_value(b"\xfe\xff\x00A\x00\x1b\xd8\x00")),
        f"{OPEN[0]} holds signs that cannot be read",
        True,
    ),
    "P18 scripts and attachments": (
        lambda pdf: changed(pdf, scripted),
        "6 answers; scripts or actions in it were ignored; files attached to it were not opened",
        False,
    ),
    "P23 another mark": (
        lambda pdf: changed(pdf, odd_tick),
        "6 answers; boxes ticked with another mark count as ticked",
        False,
    ),
    "P24 not among the choices": (
        lambda pdf: changed(pdf, set_value(String("galloping"), OPEN[3])),
        f"not among the choices, or no number of the scale: {OPEN[3]}",
        False,
    ),
    "P25 portfolio": (
        lambda pdf: changed(pdf, portfolio),
        "it holds several PDFs in one; save them one by one",
        True,
    ),
    "value drawn but not kept": (
        lambda pdf: changed(pdf, lambda d: field(d, OPEN[0]).__delattr__("V")),
        f"{OPEN[0]} shows an answer that its value does not hold",
        True,
    ),
}


@pytest.mark.parametrize("row", P_ROWS)
def test_a_file_that_is_not_as_it_should_be_is_told(world: World, filled: bytes, row: str) -> None:
    spoil, status, eye = P_ROWS[row]
    made = judged(world, spoil(filled))
    assert status in made.status and made.eye is eye, made.status
    assert CANARY not in repr(made)
    if made.answers:
        lost = [name for name, text in answers("Ana").items() if made.answers.get(name) != text]
        assert made.eye or lost in ([], [OPEN[3]])


def test_a_blank_file_is_no_error(world: World) -> None:
    made = judged(world, world.copy("signals", "P-09"))
    assert (made.status, made.eye, made.key) == ("blank", False, "P-09")


def test_an_earlier_edition_is_read_by_field_name(world: World, filled: bytes) -> None:
    card = replace(read_form_metadata(filled), release="2026.2", edition_id="0123456789")
    card = replace(card, fields=(*card.fields, "signals__gone"))

    def older(document: Pdf) -> None:
        field(document, OPEN[5]).T = String("signals__gone")

    made = judged(
        world,
        with_cards(
            changed(filled, older),
            replace(
                card,
                fields=tuple(n for n in card.fields if n != OPEN[5]),
                returned=tuple(n for n in card.returned if n != OPEN[5]),
            ),
        ),
    )
    assert (
        "from another edition (release 2026.2): 7 of its 8 fields match" in made.status
        and not made.eye
    )
    assert dict(made.answers) == {
        name: text for name, text in answers("Ana").items() if name != OPEN[5]
    }


def test_the_last_of_many_saved_revisions_counts(world: World, filled: bytes) -> None:
    import pypdf

    for number in range(20):
        writer = pypdf.PdfWriter(BytesIO(filled), incremental=True)
        writer.update_page_form_field_values(
            writer.pages[0], {OPEN[0]: f"turn {number}"}, auto_regenerate=False
        )
        out = BytesIO()
        writer.write(out)
        filled = out.getvalue()
    assert judged(world, filled).answers[OPEN[0]] == "turn 19"


def zipped(files: dict[str, bytes], packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP with these files."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", packed) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_what_is_no_pdf_is_named(world: World, sent_back: Path) -> None:
    files = {
        "empty.pdf": (b"", "empty"),
        "text.pdf": (b"hello", "a text"),
        "photo.pdf": (b"\x89PNG\r\n\x1a\n\0\0", "a picture"),
        "photo.jpg": (b"\xff\xd8\xff\xe0\0", "a picture"),
        "photo.heic": (b"\0\0\0\x18ftypheic", "a picture"),
        "form.docx": (zipped({"word/document.xml": b"<x/>"}), "a Word, Excel or other Office file"),
        "mail.eml": (b"Received: from x\n\nJVBERi0=", "an e-mail"),
        "data.fdf": (b"%FDF-1.2\n", "the answers without their form"),
    }
    for name, (data, _) in files.items():
        (sent_back / name).write_bytes(data)
    code, rows, _ = collected(world, sent_back)
    assert code == 1 and {row.file for row in rows} == set(files)
    assert all(
        row.eye and "it is not a PDF" in row.status and files[row.file][1] in row.status
        for row in rows
    ), rows


def test_nothing_but_ordinary_files_is_opened(
    world: World, sent_back: Path, filled: bytes, tmp_path: Path
) -> None:
    (sent_back / "below").mkdir()
    (sent_back / "below" / "deep.pdf").write_bytes(filled)
    (tmp_path / "elsewhere.pdf").write_bytes(filled)
    (sent_back / "link.pdf").symlink_to(tmp_path / "elsewhere.pdf")
    (sent_back / "root").symlink_to("/")
    os.mkfifo(sent_back / "pipe.pdf")  # opening it would wait for ever
    (sent_back / "large.pdf").write_bytes(b"%PDF-1.7\n" + b"\0" * inbox.MOST_BYTES)
    (sent_back / ".DS_Store").write_bytes(b"x")
    code, rows, _ = collected(world, sent_back)
    assert code == 1 and {row.file: row.status.split(";")[0] for row in rows} == {
        "below": "it is a folder, which is not read",
        "link.pdf": "it is a link, which is not followed",
        "root": "it is a link, which is not followed",
        "pipe.pdf": "it is not an ordinary file",
        "large.pdf": "it is larger than 25 MB",
    }


def test_too_many_files_are_refused_before_any_is_open_cohort(
    world: World, sent_back: Path
) -> None:
    for number in range(inbox.MOST_FILES + 1):
        (sent_back / f"{number}.pdf").touch()
    code, rows, told = collected(world, sent_back)
    assert (
        code == 1
        and not rows
        and told
        == [
            "the folder holds 2,001 files; the limit is 2,000 (put other files elsewhere); "
            "nothing was changed"
        ]
    )


def test_a_file_that_changes_meanwhile_is_told(
    sent_back: Path, filled: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = sent_back / "a.pdf"
    path.write_bytes(filled)
    true = os.fstat
    turns = iter(range(10))
    monkeypatch.setattr(
        inbox.os,
        "fstat",
        lambda handle: path.write_bytes(filled + b" " * next(turns)) and true(handle),
    )
    assert inbox._read_bytes(str(path)) == inbox.CHANGED


def test_a_file_that_never_ends_is_stopped(
    world: World, filled: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "EACH", inbox.Limits(wall_seconds=0.001))  # not even time to start
    with Examiner(world.sent.request()) as examiner:
        assert [examiner.examine(filled)[0]["refused"] for _ in range(2)] == [inbox.TOO_MUCH] * 2
        examiner.limits = inbox.Limits(wall_seconds=60)
        assert "refused" not in examiner.examine(filled)[0]


def test_mutants_lose_nothing_in_silence(world: World, filled: bytes, deep: bool) -> None:
    chance, full = random.Random(9), answers("Ana")
    bases = [
        filled,
        FILLERS["pikepdf"](world.copy("signals", "P-07"), full),
        FILLERS["pdfium"](world.copy("signals", "P-07"), full),
    ]
    seen = {"whole": 0, "partial": 0, "refused": 0}
    with Examiner(world.sent.request()) as examiner:
        for number in range(6000 if deep else 100):
            said, _ = examiner.examine(mutant(bases[number % 3], chance))
            refused = said.get("refused", "")
            reading = Reading(file="m.pdf", digest="d", said=said, refused=refused)
            row = judge(reading, world.sent)[0]
            assert row.key in ("", "P-07")
            lost = [name for name, text in full.items() if not row.answers.get(name)]
            seen["refused" if not row.answers else "partial" if lost else "whole"] += 1
            assert row.eye or not lost, (number, lost, row.status)
    assert min(seen.values()) > 0, seen


def mutant(pdf: bytes, chance: random.Random) -> bytes:
    data = bytearray(pdf)
    for _ in range(chance.choice((1, 1, 3, 20))):
        at, size = chance.randrange(len(data)), chance.randrange(1, 200)
        match chance.randrange(5):
            case 0:
                data[at] ^= 1 << chance.randrange(8)
            case 1:
                del data[at : at + size]
            case 2:
                data[at:at] = chance.randbytes(size)
            case 3:
                data[at : at + size] = b"\0" * size
            case 4:
                found = [
                    match.start()
                    for match in re.finditer(
                        rb"/(V|T|Kids|Fields|AcroForm|Annots|Parent|FT) ?", data
                    )
                ]
                if found:
                    data[chance.choice(found) + 1] = chance.choice(b"ABXZ")
    return bytes(data)


# ---- where answers may be


def unpacked(path: Path) -> bytes:
    """A file's bytes, and those inside it where it is a ZIP or a PDF."""
    data = path.read_bytes()
    if data.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(data)) as archive:
            data += b"".join(map(archive.read, archive.namelist()))
    return data


def test_no_answer_leaves_its_folder(
    world: World, sent_back: Path, run: Run, tmp_path: Path, deep: bool
) -> None:
    chance = random.Random(3)
    said = answers(f"{CANARY} word", f"{CANARY}\nstory")
    good = fillers.fill_with_pypdf(
        world.copy("signals", "P-04"), said | {SECRET: f"{CANARY} secret"}
    )
    temporary = tmp_path / "temporary"
    for turn in range(200 if deep else 2):
        shutil.rmtree(world.folder / "responses", ignore_errors=True)
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir()
        for path in sent_back.iterdir():
            path.unlink()
        rows = list(P_ROWS) if turn == 0 else chance.sample(list(P_ROWS), 6)
        for number, row in enumerate(rows):
            if row not in ("P12 wide", "P13 20 MB") or turn == 0:
                (sent_back / f"{number}.pdf").write_bytes(P_ROWS[row][0](good))
        for number in range(5):
            (sent_back / f"m{number}.pdf").write_bytes(mutant(good, chance))
        (sent_back / "good.pdf").write_bytes(good)
        done = run(
            "collect",
            "fall",
            str(sent_back),
            cwd=world.folder,
            env={"TMPDIR": str(temporary), "HOME": str(temporary)},
        )
        assert done.returncode == 1, done.stderr
        assert CANARY.encode() not in done.stdout + done.stderr and b"Traceback" not in done.stderr
        answers_in = world.folder / "responses" / "fall"
        outside = [
            path
            for path in (
                *temporary.rglob("*"),
                *world.folder.rglob("*"),
                *Path.cwd().glob("mentorkit-error*"),
            )
            if not path.is_relative_to(answers_in)
        ]
        assert len(outside) > 5 and not [
            path
            for path in outside
            if CANARY in path.name or path.is_file() and CANARY.encode() in unpacked(path)
        ]
        assert CANARY.encode() in (answers_in / store.LONG).read_bytes()
        assert not [
            path
            for path in (answers_in / store.PAGE, answers_in / "manifest.json")
            if CANARY.encode() in path.read_bytes()
        ]
        assert not [
            path for path in answers_in.iterdir() if f"{CANARY} secret".encode() in unpacked(path)
        ]


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o277])
def test_only_the_owner_can_read(world: World, sent_back: Path, filled: bytes, umask: int) -> None:
    (sent_back / "a.pdf").write_bytes(filled)
    before = os.umask(umask)
    try:
        collected(world, sent_back)
        assert os.umask(umask) == umask
    finally:
        os.umask(before)
    modes = {
        path.relative_to(world.folder).as_posix(): stat.S_IMODE(path.stat().st_mode)
        for path in (world.folder / "responses").rglob("*")
    }
    assert (
        len(modes) == 7
        and {mode for path, mode in modes.items() if not path.endswith("/fall")} <= {0o600}
        and modes["responses/fall"] == 0o700
    ), modes


def test_the_same_files_give_the_same_bytes(world: World, sent_back: Path, filled: bytes) -> None:
    (sent_back / "a.pdf").write_bytes(filled)
    (sent_back / "b.pdf").write_bytes(world.copy("signals", "P-08"))

    def made() -> dict[str, bytes]:
        collected(world, sent_back)
        return {
            path.name: path.read_bytes() for path in (world.folder / "responses" / "fall").iterdir()
        }

    first = made()
    os.utime(sent_back / "a.pdf", (0, 0))
    assert made() == first and len(first) == 5


def test_forgetting_leaves_nothing_of_a_person(
    world: World, sent_back: Path, filled: bytes
) -> None:
    said = answers(f"{CANARY} word")
    (sent_back / "a.pdf").write_bytes(fillers.fill_with_pypdf(world.copy("signals", "P-04"), said))
    (sent_back / "m.pdf").write_bytes(
        fillers.fill_with_pypdf(
            world.copy("two_chairs", "P-04", "mentor"), {"two_chairs__remark": CANARY}
        )
    )
    (sent_back / "b.pdf").write_bytes(filled)
    collected(world, sent_back)
    answers_in, told = world.folder / "responses" / "fall", list[str]()
    with store.private(world.folder, "fall") as held:
        store.put(
            held, {"report.html": CANARY.encode()}, True
        )  # as a report made earlier may quote it
    assert CANARY.encode() in unpacked(answers_in / store.TABLE)
    assert forget(world.folder, "fall", "p4@small.example", told.append) == 0
    assert (
        "2 files" in told[0]
        and "a.pdf" in told[1]
        and "m.pdf" in told[1]
        and any("backups" in line for line in told)
    )
    assert not [
        path
        for path in (world.folder / "responses").rglob("*")
        if path.is_file() and CANARY.encode() in unpacked(path)
    ]
    assert [row.key for row in store.read_rows(world.folder, "fall")] == ["P-07"]
    told.clear()
    assert (
        forget(world.folder, "fall", "P-04", told.append) == 1 and "nothing was removed" in told[0]
    )


def test_the_page_says_whom_to_remind(world: World, sent_back: Path, filled: bytes) -> None:
    """Everybody without an answer, with the addresses in one line; whose file came blank may have
    forgotten to save it.
    """
    (sent_back / "a.pdf").write_bytes(filled)
    (sent_back / "b.pdf").write_bytes(world.copy("signals", "P-08"))
    code, _, told = collected(world, sent_back)
    page = (world.folder / "responses" / "fall" / store.PAGE).read_text(encoding="utf-8")
    assert (
        code == 0
        and "<b>1 of 30</b> people sent answers" in page
        and "no answers came from 29 of 30 people" in told[-2]
    )
    assert (
        "; ".join(f"p{number}@small.example" for number in range(1, 31) if number != 7) in page
        and "p7@small.example" not in page.split("mentor’s copy")[0]
    )
    assert (
        page.split("mentor’s copy")[0].count("was it saved?") == 1
        and "Person 8 Number" not in page.split("Parts that are blank")[1].split("Everything")[0]
    )
    assert not re.search(r"(src|href)=|url\(|<script|@import", page)


def test_a_real_packet_comes_back_under_its_owner(world: World, sent_back: Path, run: Run) -> None:
    """From `packets` over a filled file to a row, with the command line alone."""
    done = run("packets", "fall", "--only", "worksheets,mentor-copies", cwd=world.folder)
    assert done.returncode == 0, done.stdout + done.stderr
    packets = world.folder / "build" / "fall" / "packets"
    for folder, side in (
        ("Person-3-Number/worksheets", "mentee"),
        ("Person-3-Number/mentor", "mentor"),
    ):
        blank = (packets / folder / "Person 3 Number - two chairs.pdf").read_bytes()
        (sent_back / f"{side}.pdf").write_bytes(
            fillers.fill_with_pikepdf(blank, {"two_chairs__remark": f"{side} says"})
        )
    done = run("collect", "fall", str(sent_back), cwd=world.folder)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = store.read_rows(world.folder, "fall")
    assert [(row.key, row.side, row.answers["two_chairs__remark"]) for row in rows] == [
        ("P-03", "mentee", "mentee says"),
        ("P-03", "mentor", "mentor says"),
    ]
