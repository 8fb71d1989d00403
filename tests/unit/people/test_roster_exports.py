"""Lists of people as common programs export them: read right, or what is doubtful is reported."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from mentorkit.commands import check
from mentorkit.people.headings import meaning_of
from mentorkit.people.roster import Roster, read_roster

from paths import DATA

Read = Callable[[bytes | str], Roster]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return a function that reads a list given as bytes or text."""

    def reading(data: bytes | str) -> Roster:
        path = tmp_path / "roster.csv"
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return read_roster(path, "roster.csv")

    return reading


def messages(roster: Roster) -> str:
    return "\n".join(map(str, roster.problems))


def workbook(rows: list[list[object]], title: str = "Sheet1") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def repacked(data: bytes, change: Callable[[str, bytes], tuple[str, bytes]]) -> bytes:
    """Return the workbook with each part's name and bytes changed."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(*change(name, old.read(name)))
    return stream.getvalue()


def exported(name: str) -> str:
    return (DATA / "exports" / f"{name}.csv").read_text(encoding="utf-8")


# ---- exports -------------------------------------------------------------------------------------

CANVAS_GRADEBOOK = exported("canvas_gradebook")
MOODLE_ENGLISH = exported("moodle_english")
MOODLE_SPANISH = exported("moodle_spanish")
MOODLE_FRENCH = exported("moodle_french")
EXCEL_GERMAN = exported("excel_german")
EXCEL_PORTUGUESE = exported("excel_portuguese")
BLACKBOARD = (
    '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Last Access"\t"Availability"\n'
    '"Okafor"\t"Ngozi"\t"nokafor"\t"0012345"\t"2027-01-12"\t"Yes"\n'
    '"Solberg"\t"Imani"\t"isolberg_previewuser"\t""\t"2027-01-12"\t"Yes"\n'
).encode("utf-16")
QUALTRICS = exported("qualtrics")
GOOGLE_FORMS = exported("google_forms")
ZOOM_REGISTRATION = exported("zoom_registration")
EVENTBRITE = exported("eventbrite")
OUTLOOK = exported("outlook")
ENTRA = exported("entra")


def test_canvas(read: Read) -> None:
    roster = read(CANVAS_GRADEBOOK)
    assert [(p.name, p.id, p.email) for p in roster.people] == [
        ("Okafor, Ngozi", "0012345", "nokafor@lakeshore.example"),
        ("van der Berg, Lies", "0012346", "lvdberg@lakeshore.example"),
    ]
    assert "row 2 is no person (“Points Possible”), and is left out" in messages(roster)
    assert "row 5 is no person (“Student, Test”), and is left out" in messages(roster)
    assert "2 names are written last name first, and printed so" in messages(roster)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (MOODLE_ENGLISH, ["Ngozi Okafor", "Lies van der Berg"]),
        (MOODLE_SPANISH, ["María José Núñez Ortega", "Íñigo Arriaga"]),
        (MOODLE_FRENCH, ["Zoé Lefèvre"]),
        (EXCEL_GERMAN, ["Jörg Müller-Lüdenscheidt", "Anna Weiß"]),
        (EXCEL_PORTUGUESE, ["João da Conceição"]),
    ],
)
def test_five_languages(read: Read, text: str, names: list[str]) -> None:
    roster = read(text)
    assert roster.problems == ()
    assert [p.name for p in roster.people] == names
    assert all("@" in p.email for p in roster.people)


def test_needs_in_other_languages(read: Read) -> None:
    german, portuguese = read(EXCEL_GERMAN), read(EXCEL_PORTUGUESE)
    assert [p.print for p in german.people] == ["large", "normal"]
    (person,) = portuguese.people
    assert person.pronouns == "ele/dele"
    assert person.needs == (("Necessidades de acessibilidade", "Intérprete de Libras"),)


def test_blackboard_leaves_the_preview_user_out(read: Read) -> None:
    roster = read(BLACKBOARD)
    assert [(p.name, p.id) for p in roster.people] == [("Ngozi Okafor", "0012345")]
    assert "isolberg_previewuser" in messages(roster)


def test_qualtrics_reads_the_questions_below_its_headings(read: Read) -> None:
    roster = read(QUALTRICS)
    assert [(p.name, p.email, p.print) for p in roster.people] == [
        ("Ngozi Okafor", "n.okafor@lakeshore.example", "normal"),
        ("Reina Okoye", "r.okoye@lakeshore.example", "large"),
    ]
    assert messages(roster) == ""


def test_google_forms_keeps_every_need(read: Read) -> None:
    first, second = read(GOOGLE_FORMS).people
    assert (first.name, first.pronouns) == ("Ngozi Okafor", "she/her")
    assert first.needs == (("Do you have any dietary restrictions?", "Vegetarian"),)
    assert (second.name, second.full_name) == ("Reina Okoye", "Catherine Okoye")
    assert second.print == "large"
    assert second.needs == (("Accessibility needs", "Large print please"),)


def test_microsoft_forms_of_anonymous_answers(read: Read) -> None:
    heads = ["ID", "Start time", "Completion time", "Email", "Name", "Full name", "E-mail address"]
    row = [1, "1/4/27 10:02", "1/4/27 10:05", "anonymous", "", "Ngozi Okafor", "n@x.example"]
    roster = read(workbook([heads, row]))
    assert [(p.name, p.email) for p in roster.people] == [("Ngozi Okafor", "n@x.example")]
    assert roster.problems == ()


def test_zoom_registration_below_its_title_rows(read: Read) -> None:
    roster = read(ZOOM_REGISTRATION)
    assert [p.name for p in roster.people] == ["Ngozi Okafor", "Bo Ek"]
    assert "Bo Ek is read although “Approval Status” says “cancelled”" in messages(roster)
    assert "headings in row 7" in roster.summary[0]


def test_eventbrite_reads_attendees_and_not_buyers(read: Read) -> None:
    roster = read(EVENTBRITE)
    assert [p.email for p in roster.people] == [
        "n.okafor@lakeshore.example",
        "b.ek@lakeshore.example",
    ]
    assert "Bo Ek is read although" in messages(roster) and "Buyer" not in messages(roster)


def test_outlook_reads_nickname_and_address(read: Read) -> None:
    (person,) = read(OUTLOOK).people
    assert (person.name, person.full_name) == ("Reina Okoye", "Catherine Ngozi Okoye")
    assert person.email == "reina.okoye@lakeshore.example"


def test_entra_prefers_the_mail_to_the_login(read: Read) -> None:
    (person,) = read(ENTRA).people
    assert (person.name, person.email) == ("Reina Okoye", "reina.okoye@lakeshore.example")


# ---- columns -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "slot"),
    [
        ("What is your first name?", "first"),
        ("Preferred Name (if different)", "preferred"),
        ("Name (Original Name)", "name"),
        ("Postdoc", "name"),
        ("Fellow name", "name"),
        ("Mentee Email", "email"),
        ("Mentor Email", "other"),
        ("Mentor's e-mail", "other"),
        ("Supervisor name", "mentor"),
        ("UserPrincipalName", "email"),
        ("Username", "id"),
        ("Do you require an ASL interpreter?", "need"),
        ("Last access to course", ""),
        ("Department", "other"),
        ("Nom de famille", "last"),
        ("Allergies", "need"),
        ("Mailing list", ""),
        ("Preferred language", ""),
        ("Large print?", "print"),
    ],
)
def test_headings(heading: str, slot: str) -> None:
    assert meaning_of(heading).slot == slot


def test_an_empty_preferred_name_falls_back(read: Read) -> None:
    first, second = read(
        "First Name,Last Name,Preferred Name\nNgozi,Okafor,\nElisabeth,van der Berg,Lies\n"
    ).people
    assert first.name == first.certificate_name == "Ngozi Okafor"
    assert (second.name, second.certificate_name) == ("Lies van der Berg", "Elisabeth van der Berg")


def test_a_preferred_name_without_a_family_name_is_reported(read: Read) -> None:
    roster = read("Name,Preferred name\nElisabeth van der Berg,Lies\n")
    assert "“Lies” is printed without a family name" in messages(roster)


@pytest.mark.parametrize(
    "cell", ["large", "Large print", "yes", "TRUE", "18 pt", "x", "Yes, please"]
)
def test_wishes_for_large_print(read: Read, cell: str) -> None:
    (person,) = read(f'Name,Large print\nAna Lima,"{cell}"\n').people
    assert person.print == "large"


@pytest.mark.parametrize("cell", ["", "no", "FALSE", "12 pt", "No, thank you", "normal", "none"])
def test_no_wish_for_large_print(read: Read, cell: str) -> None:
    roster = read(f'Name,Large print\nAna Lima,"{cell}"\n')
    assert roster.people[0].print == "normal" and roster.problems == ()


def test_an_address_in_brackets_is_taken(read: Read) -> None:
    (person,) = read("Name,Email\nReina Okoye,Okoye Reina (reina@lakeshore.example)\n").people
    assert person.email == "reina@lakeshore.example"


def test_a_column_of_addresses_is_found_by_its_cells(read: Read) -> None:
    (person,) = read("Name,Kontakt\nReina Okoye,reina@lakeshore.example\n").people
    assert person.email == "reina@lakeshore.example"


def test_unread_names_and_addresses_are_reported(read: Read) -> None:
    roster = read("Name,Email,Second e-mail,Stage name\nAna Lima,a@x.example,b@x.example,Nana\n")
    assert "“Second e-mail” holds addresses" in messages(roster)
    assert "“Stage name” may hold a name" in messages(roster)


def test_names_that_a_wrong_encoding_changed(read: Read) -> None:
    roster = read(
        "Name\nJosÃ© GarcÃ­a\nSean O&#39;Brien\nJos? Garc?a\nMarek Å»Ã³Å‚Ä‡\nJosé García\n"
    )
    said = messages(roster)
    assert "meant José García?" in said and "meant Sean O'Brien?" in said
    assert "meant Marek Żółć?" in said and "letters were lost (Jos? Garc?a)" in said
    assert len(roster.problems) == 4


def test_good_names_are_not_doubted(read: Read) -> None:
    names = ["Żółć Marek", "Nguyễn Thị Hạnh", "Åsa Öberg", "Анна Смирнова", "Ελένη", "李 思雨"]
    assert read("Name\n" + "\n".join([*names, "Seán Ó Sé", "A. da Silva e Sá"])).problems == ()


@pytest.mark.parametrize("group", ["2-Jan", "Jan-02", "02. Jan", "2-ene", "1-févr.", "2-Dez"])
def test_groups_that_became_dates(read: Read, group: str) -> None:
    assert "looks like a date that Excel made" in messages(read(f"Name,Group\nAna Lima,{group}\n"))


def test_a_date_in_the_cells_of_excel(read: Read) -> None:
    import datetime

    roster = read(workbook([["Name", "Group"], ["Ana Lima", datetime.datetime(2027, 1, 2)]]))
    assert "looks like a date that Excel made (2027-01-02)" in messages(roster)


@pytest.mark.parametrize("row", ["Total: 2,", "Overall average,", "Name,E-mail", "TOTAL,"])
def test_rows_that_are_no_people_are_left_out(read: Read, row: str) -> None:
    roster = read(f"Name,E-mail\nAna Lima,a@x.example\n{row}\n")
    assert [p.name for p in roster.people] == ["Ana Lima"]
    assert "row 3 is no person" in messages(roster)


def test_a_row_without_id_and_address_among_others_is_reported(read: Read) -> None:
    people = "".join(f"Person {n},p{n}@x.example\n" for n in "ABCDEFGHIJ")
    roster = read(f"Name,E-mail\n{people}See notes,\n")
    assert "See notes has neither id nor e-mail" in messages(roster)


def test_title_lines_above_the_headings(read: Read) -> None:
    titles = "Spring 2027 Mentoring Cohort,,\nUpdated 1/15 by Imani,,\n,,\n"
    roster = read(f"{titles}Name,Email,Group\nNgozi Okafor,n@x.example,A\n")
    assert [p.name for p in roster.people] == ["Ngozi Okafor"] and roster.problems == ()
    assert "headings in row 4" in roster.summary[0]


def test_a_merged_title_in_excel(read: Read) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "Spring 2027"
    book.active.merge_cells("A1:B1")
    book.active.append(["Name", "E-mail"])
    book.active.append(["Ana Lima", "a@x.example"])
    stream = io.BytesIO()
    book.save(stream)
    roster = read(stream.getvalue())
    assert [p.name for p in roster.people] == ["Ana Lima"] and roster.problems == ()


# ---- workbooks of other programs -----------------------------------------------------------------

ROWS: list[list[object]] = [["Name", "ID", "E-mail"], ["Ana Lima", 7, "a@x.example"]]
OPEN_XML, STRICT_XML = b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/"
STRICT = {
    OPEN_XML + b"spreadsheetml/2006/main": STRICT_XML + b"spreadsheetml/main",
    OPEN_XML + b"officeDocument/2006/relationships": STRICT_XML + b"officeDocument/relationships",
}


def strict(name: str, data: bytes) -> tuple[str, bytes]:
    for old, new in STRICT.items():
        data = data.replace(old, new)
    return name, data


def empty_fill(name: str, data: bytes) -> tuple[str, bytes]:
    return name, re.sub(
        rb"<fills.*?</fills>", b'<fills count="1"><fill/></fills>', data, flags=re.S
    )


def odd_font(name: str, data: bytes) -> tuple[str, bytes]:
    return name, data.replace(b'<family val="2"', b'<family val="34"')


def no_style_base(name: str, data: bytes) -> tuple[str, bytes]:
    return name, re.sub(rb"<cellStyleXfs.*?</cellStyleXfs>", b"", data, flags=re.S)


def capital_names(name: str, data: bytes) -> tuple[str, bytes]:
    return (name.upper() if name.startswith("xl/worksheets") else name), data


def odd_date(name: str, data: bytes) -> tuple[str, bytes]:
    return name, re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", b"yesterday+0100", data)


def no_styles(name: str, data: bytes) -> tuple[str, bytes]:
    return name, b"<styleSheet" if name == "xl/styles.xml" else data


@pytest.mark.parametrize(
    "change", [strict, empty_fill, odd_font, no_style_base, capital_names, odd_date, no_styles]
)
def test_workbooks_that_excel_opens_are_read(
    read: Read,
    change: Callable[[str, bytes], tuple[str, bytes]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    roster = read(repacked(workbook(ROWS), change))
    assert [(p.name, p.id) for p in roster.people] == [("Ana Lima", "7")]
    assert roster.problems == ()
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("xl/workbook.bin", "a binary Excel workbook (.xlsb)"),
        ("word/document.xml", "a Word document"),
        ("content.xml", "an OpenDocument file"),
    ],
)
def test_other_files_are_called_what_they_are(read: Read, part: str, words: str) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(part, b"<x/>")
    (problem,) = read(stream.getvalue()).problems
    assert problem.what == f"this is {words}"


# ---- what `check` says ---------------------------------------------------------------------------


def test_check_repeats_what_it_read(
    own_program: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = own_program / "cohorts" / "spring_2027"
    (folder / "roster.csv").write_text(
        "First Name,Last Name,Preferred Name,Email,Notes\n"
        "Ngozi,Okafor,,n@x.example,tea\nElisabeth,van der Berg,Lies,l@x.example,\n",
        encoding="utf-8",
    )
    monkeypatch.chdir(own_program)
    check.command.main([], standalone_mode=False)
    lines = capsys.readouterr().out.splitlines()
    start = next(n for n, line in enumerate(lines) if "roster.csv: 2 people" in line)
    assert "preferred name (“Preferred Name”)" in lines[start + 1]
    assert "not read: Notes" in lines[start + 1]
    assert lines[start + 2] == (
        "printed as: Ngozi Okafor <n@x.example>; "
        "Lies van der Berg <l@x.example>, on the certificate Elisabeth van der Berg"
    )


def test_json_is_json_whatever_a_library_prints(
    own_program: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def printing(*_: object) -> list[object]:
        print("0 is out of range")
        return []

    monkeypatch.chdir(own_program)
    monkeypatch.setattr(check, "found_in", printing)
    check.command.main(["--format", "json"], standalone_mode=False)
    assert json.loads(capsys.readouterr().out)["counts"] == {"problem": 0, "warning": 0}
