"""Lists of people: each fault has its message with the row; what is accepted is read as it stands.

`tests/data/rosters/<fault>/` holds one list and `expected.txt`: what is told about it, and the
people that were read.
"""

from __future__ import annotations

import csv
import io
import random
import tracemalloc
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mentorkit.checks.load import load_program
from mentorkit.people.person import Person
from mentorkit.people.roster import Roster, read_roster

from paths import DATA, ROOT

ROSTERS = DATA / "rosters"
EXAMPLE = ROOT / "cohorts" / "spring_2027" / "roster.csv"
Read = Callable[[bytes | str], Roster]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads a list that is given as bytes or text."""

    def reading(data: bytes | str) -> Roster:
        path = tmp_path / "roster.csv"
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return read_roster(path, "roster.csv")

    return reading


def lines_of(roster: Roster) -> list[str]:
    """A roster as `expected.txt` shows it. Characters that cannot be seen stand as codes."""
    people = (
        [
            f"row {p.row}: {' | '.join([p.key, p.name, p.email, p.id, p.group, p.print, p.mentor])}"
            for p in roster.people
        ]
        if not any(p.stops for p in roster.problems)
        else []
    )
    shown = [*map(str, roster.problems), *roster.summary, *people]
    return [
        "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in line)
        for line in shown
    ]


@pytest.mark.parametrize("folder", sorted(folder.name for folder in ROSTERS.iterdir()))
def test_each_fault_has_its_message(folder: str) -> None:
    (path,) = (ROSTERS / folder).glob("roster.*")
    expected = (ROSTERS / folder / "expected.txt").read_text(encoding="utf-8").splitlines()
    assert lines_of(read_roster(path, path.name)) == expected


def test_every_row_of_the_catalogue_has_a_list() -> None:
    """R01 to R25 of the catalogue of bad input, but for R20's bombs, which are made below."""
    there = {folder.name[:3] for folder in ROSTERS.iterdir()}
    assert {f"r{number:02}" for number in range(1, 26)} <= there


def test_the_example_cohort() -> None:
    roster = read_roster(EXAMPLE, "roster.csv")
    assert roster.problems == ()
    assert len(roster.people) == 30 and [p.key for p in roster.people[:2]] == ["P-01", "P-02"]
    names = " ".join(p.name for p in roster.people)
    for name in ("Żółć", "Nguyễn", "İpek", "Ελένη", "李", "محمد"):
        assert name in names
    assert [p.name for p in roster.people if p.print == "large"] == [
        "Rosalind Achterberg",
        "Ruth Anne Blackfeather",
    ]


def test_check_reports_a_cohorts_list(own_program: Path) -> None:
    """The row stands in the message, and the file's place in the program; a list outside the
    cohort's folder is refused.
    """
    folder = own_program / "cohorts" / "spring_2027"
    with (folder / "roster.csv").open("a", encoding="utf-8") as list_of_people:
        list_of_people.write(",nobody@lakeshore.example,P-31,H,,\n")
    told = [str(problem) for problem in load_program(own_program).problems]
    assert (
        "cohorts/spring_2027/roster.csv:32:1: row 32 has no name (write the name, or delete "
        "the row)" in told
    )
    (own_program / "roster.csv").write_text("Name\nAna\n")
    text = (folder / "cohort.yaml").read_text(encoding="utf-8")
    (folder / "cohort.yaml").write_text(
        text.replace("roster: roster.csv", "roster: ../../roster.csv"), encoding="utf-8"
    )
    assert any(
        '"../../roster.csv" is outside cohorts/spring_2027' in str(problem)
        for problem in load_program(own_program).problems
    )


# ---- nobody merged, dropped or renamed

LETTERS = st.characters(exclude_categories=("C", "Z"), exclude_characters="\ufffd\ufeff")
WORDS = st.text(st.one_of(LETTERS, st.sampled_from(" ,;\"'=-@|\t")), min_size=1, max_size=30).map(
    lambda text: f"x{text}y".replace("\t", " ")
)
PEOPLE = st.lists(
    st.tuples(WORDS, WORDS, st.sampled_from(["", "large", "Normal"])), min_size=1, max_size=12
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    people=PEOPLE,
    separator=st.sampled_from(",;\t"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_what_was_written_is_what_is_read(
    read: Read,
    people: list[tuple[str, str, str]],
    separator: str,
    encoding: str,
    end: str,
    quoting: int,
) -> None:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=separator, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow(["Full name", "ID", "Mentor", "Print"])
    for number, (name, mentor, size) in enumerate(people):
        writer.writerow([name, f"P-{number}", mentor, size])
    roster = read(stream.getvalue().encode(encoding))
    assert not [p for p in roster.problems if p.stops]
    assert [(p.name, p.mentor, p.id) for p in roster.people] == [
        (name, mentor, f"P-{number}") for number, (name, mentor, _) in enumerate(people)
    ]
    assert [p.print for p in roster.people] == [size.lower() or "normal" for _, _, size in people]


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(people=PEOPLE)
def test_excel_and_csv_read_alike(read: Read, people: list[tuple[str, str, str]]) -> None:
    rows = [
        ["Name", "ID", "Mentor"],
        *([name, f"P-{number}", mentor] for number, (name, mentor, _) in enumerate(people)),
    ]
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    from_csv, from_excel = read(stream.getvalue()), read(workbook(rows))
    assert from_csv.people == from_excel.people and len(from_csv.people) == len(people)


def test_a_slip_of_the_keyboard_never_loses_anybody(read: Read, deep: bool) -> None:
    """Any quote, separator or line break put in or taken out: a message, or all 30 people with
    names that differ in that one sign at most.
    """
    chance, text = (
        random.Random(4),
        EXAMPLE.read_text(encoding="utf-8").replace(",large,", ',"large",'),
    )
    names = [p.name for p in read(text).people]
    accepted = 0
    for _ in range(6_000 if deep else 600):
        place = chance.randrange(len(text))
        slip = (
            text[:place]
            + chance.choice(['"', ",", ";", "\n", "\t", "x", "\0", "\u202e"])
            + text[place + chance.choice([0, 1]) :]
        )
        roster = read(slip)
        if any(p.stops for p in roster.problems):
            continue
        accepted += 1
        assert len(roster.people) == 30
        assert sum(was != now.name for was, now in zip(names, roster.people, strict=True)) <= 1
    assert accepted > 100


def test_stray_quotes_never_swallow_anybody(read: Read, deep: bool) -> None:
    """One to three quotes at the ends of cells, in lists with a column that is not read: a message,
    or all 8 people.
    """
    chance, accepted = random.Random(9), 0
    for _ in range(12_000 if deep else 1_200):
        columns = chance.choice(
            [
                ["Name", "E-mail", "Notes"],
                ["Notes", "Name", "E-mail"],
                ["Name", "Notes"],
                ["Name", "Notes", "E-mail", "Wishes"],
            ]
        )
        cells = [
            {
                "Name": f"P {n}",
                "E-mail": f"p{n}@x.example",
                "Notes": chance.choice(["", "tea", "no nuts"]),
                "Wishes": "",
            }
            for n in range(8)
        ]
        head = ",".join(columns) + "\n"
        text = head + "".join(",".join(row[column] for column in columns) + "\n" for row in cells)
        for _ in range(chance.randint(1, 3)):
            place = chance.choice(
                [n for n in range(len(head), len(text)) if text[n] in ",\n" or text[n - 1] in ",\n"]
            )
            text = f'{text[:place]}"{text[place:]}'
        roster = read(text)
        if not any(p.stops for p in roster.problems):
            accepted += 1
            assert len(roster.people) == 8, text
    assert accepted > 50


def test_damaged_bytes_never_raise(read: Read, deep: bool) -> None:
    chance = random.Random(5)
    sources = [
        EXAMPLE.read_bytes(),
        EXAMPLE.read_text(encoding="utf-8").encode("utf-16"),
        workbook([["Name", "E-mail"], ["Ana", "ana@x.example"]]),
    ]
    refused = 0
    for number in range(3_000 if deep else 300):
        data = bytearray(sources[number % 3])
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        refused += bool(
            read(bytes(data[: chance.choice([len(data), chance.randrange(len(data))])])).problems
        )
    assert refused > 100


# ---- limits


def test_each_limit_is_named_where_it_is_passed(read: Read) -> None:
    def told(data: str) -> str:
        return " ".join(map(str, read(data).problems))

    def people(count: int) -> str:
        return "Name\n" + "".join(f"Person {number}\n" for number in range(count))

    def columns(count: int) -> str:
        return (
            "Name"
            + "".join(f",c{number}" for number in range(1, count))
            + "\nAna"
            + ",x" * (count - 1)
            + "\n"
        )

    assert told(people(4_999)) == told(people(5_000)) == "" and "more than 5,000 people" in told(
        people(5_001)
    )
    assert told(columns(59)) == told(
        columns(60)
    ) == "" and "only the first 60 columns are read" in told(columns(61))
    assert told(f"Name\n{'a' * 999}\n") == told(
        f"Name\n{'a' * 1_000}\n"
    ) == "" and "longer than 1,000 characters" in told(f"Name\n{'a' * 1_001}\n")
    padded = ("Name\nAna\n" + f"{' ' * 99_999}\n" * 52).ljust(5 * 1024 * 1024)
    assert len(padded) == 5 * 1024 * 1024
    assert told(padded[:-1]) == told(padded) == "" and "larger than 5 MB" in told(padded + " ")


def test_a_list_that_is_no_file(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nothing.csv"):
        (problem,) = read_roster(path, path.name).problems
        assert problem.code == "file" and problem.stops


# ---- hostile workbooks


def workbook(rows: list[list[str]]) -> bytes:
    """An .xlsx file with these texts."""
    book = openpyxl.Workbook()
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row, 1):
            book.active.cell(number, column).value = text
            book.active.cell(number, column).data_type = "s"  # a text, though it may begin with =
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def changed(parts: dict[str, bytes | None], extra: list[tuple[str, bytes]] | None = None) -> bytes:
    """A small workbook with parts replaced, left out (None), or added, even twice."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(
            io.BytesIO(workbook([["Name", "E-mail"], ["Ana", "ana@x.example"]]))
        ) as good,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in good.namelist():
            data = parts.get(name, good.read(name))
            if data is not None:
                made.writestr(name, data)
        for name, data in extra or []:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # doubled names, as wanted
                made.writestr(name, data)
    return stream.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
SHEET_HEAD = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
)
SHEET_TAIL = b"</sheetData></worksheet>"
NAME_ROW = b'<row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c></row>'
ROW = b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>%s</t></is></c></row>'
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a cell of 300 MB": (
        lambda: changed(
            {SHEET: SHEET_HEAD + NAME_ROW + ROW % (2, 2, b"a" * 60_000_000) + SHEET_TAIL}
        ),
        "unpacks to more than",
    ),
    "too many parts": (
        lambda: changed({}, [(f"xl/{number}", b"") for number in range(2_000)]),
        "unpacks to more than",
    ),
    "parts that are large together": (
        lambda: changed(
            {},
            [
                (f"xl/{n}.bin", (random.Random(n).randbytes(150) + bytes(9_850)) * 2_000)
                for n in range(6)
            ],
        ),
        "unpacks to more than",
    ),
    "entities in the sheet": (
        lambda: changed(
            {
                SHEET: b'<!DOCTYPE x [<!ENTITY a "aaaa">]>'
                + SHEET_HEAD
                + NAME_ROW
                + ROW % (2, 2, b"&a;")
                + SHEET_TAIL
            }
        ),
        "declares entities",
    ),
    "entities in UTF-16": (
        lambda: changed(
            {
                SHEET: (
                    '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x/>'
                ).encode("utf-16")
            }
        ),
        "declares entities",
    ),
    "a file outside": (lambda: changed({}, [("../../etc/passwd", b"x")]), "misplaced"),
    "a file with a drive": (lambda: changed({}, [("C:/x", b"x")]), "misplaced"),
    "a part twice": (lambda: changed({}, [(SHEET, b"<x/>")]), "doubled"),
    "cut off": (lambda: workbook([["Name"], ["Ana"]])[:-200], "damaged"),
    "no sheet": (lambda: changed({SHEET: None}), "holds no sheet"),
    "a sheet that is no XML": (lambda: changed({SHEET: b"<worksheet"}), "damaged"),
    "a row that comes late": (
        lambda: changed(
            {SHEET: SHEET_HEAD + NAME_ROW + ROW % (5, 5, b"Ana") + ROW % (3, 3, b"Bo") + SHEET_TAIL}
        ),
        "out of order",
    ),
    "a row that comes twice": (
        lambda: changed(
            {SHEET: SHEET_HEAD + NAME_ROW + ROW % (2, 2, b"Ana") + ROW % (2, 2, b"Bo") + SHEET_TAIL}
        ),
        "out of order",
    ),
    "a row beyond the last": (
        lambda: changed(
            {SHEET: SHEET_HEAD + NAME_ROW + ROW % (10**12, 10**12, b"Ana") + SHEET_TAIL}
        ),
        "out of order",
    ),
    "a web page inside": (lambda: changed({"xl/workbook.xml": b"<html/>"}), "holds no sheet"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_workbooks_are_refused_by_their_parts(read: Read, kind: str) -> None:
    make, words = HOSTILE[kind]
    data = make()
    tracemalloc.start()
    (problem,) = read(data).problems
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert words in problem.what
    assert peak < 150_000_000


def test_a_part_that_lies_about_its_size_is_refused(read: Read) -> None:
    """The list of parts says 100 bytes; what is there unpacks to more."""
    large = SHEET_HEAD + NAME_ROW + ROW % (2, 2, b"a" * 40_000) + SHEET_TAIL
    data = changed({SHEET: large})
    assert "longer than 1,000" in str(read(data).problems[0])
    lying = data.replace(len(large).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert lying != data and "damaged" in str(read(lying).problems[0])


def test_names_in_excel_may_begin_like_formulas(read: Read) -> None:
    names = ["=HYPERLINK(1)", "-5", "+1", "@x", "#N/A", "TRUE", "00123", "1.0"]
    roster = read(
        workbook([["Name", "ID"], *([name, f"P-{number}"] for number, name in enumerate(names))])
    )
    assert not any(p.stops for p in roster.problems) and [p.name for p in roster.people] == names


def test_a_person_is_what_the_row_says(read: Read) -> None:
    roster = read(
        "ID;E-mail;Name;Group;Print;Mentor\n;ana@x.example;Ana Lund;A;LARGE;Prof. Berg\n;;Bo "
        "Reyes;;;\n"
    )
    assert roster.people == (
        Person(
            key="ana@x.example",
            name="Ana Lund",
            full_name="Ana Lund",
            email="ana@x.example",
            group="A",
            print="large",
            mentor="Prof. Berg",
            row=2,
        ),
        Person(key="Bo Reyes", name="Bo Reyes", full_name="Bo Reyes", row=3),
    )
