"""What comes with a cohort beside its books: each file opened by a reader that is not ours."""

from __future__ import annotations

import csv
import datetime
import email
import email.policy
import io
import json
import re
from collections import Counter
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import openpyxl
import pikepdf
import pypdfium2
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from mentorkit.compose.compose import Composed
from mentorkit.edition.content import Board, Role
from mentorkit.edition.guide import Guide, GuideChapter
from mentorkit.edition.section import Section
from mentorkit.edition.strings import WORDS
from mentorkit.edition.workbook import Audience, Chapter, Edition, Module
from mentorkit.handouts.attendance import Attendance, read_attendance
from mentorkit.handouts.certificates import earned
from mentorkit.handouts.csv_files import breakout, mailmerge, rooms
from mentorkit.handouts.handouts import Handouts, Sheet, handouts, sums
from mentorkit.handouts.meetings import gatherings
from mentorkit.handouts.typeset import missing_letters_notice, typeset_sheet
from mentorkit.model.cohort import Cohort
from mentorkit.packets.packets import packet_id
from mentorkit.pdf.postprocess import finish
from mentorkit.pdf.typeset import lay_out
from mentorkit.pdf.worker import Worker
from mentorkit.people.csv_writer import guard_cell as guarded
from mentorkit.people.csv_writer import unguard_cell as unguarded
from mentorkit.people.csv_writer import write_csv as written
from mentorkit.people.person import Person
from mentorkit.people.roster import Roster
from page import validate_pdf_bytes

from build_books import build

STAFF = "handouts/facilitator/"
TITLES = {
    "opening": "Getting Started",
    "talking": "Talking, Agreeing; and More",
    "essay": "An Essay at Home",
}
MEETINGS: list[dict[str, Any]] = [
    {
        "session": "opening",
        "date": "2027-03-10",
        "start": "10:00",
        "end": "12:00",
        "place": "Room 1, North; upstairs",
        "led_by": ["Imani Solberg"],
    },
    {
        "session": "talking",
        "date": "2027-03-24",
        "start": "10:00",
        "end": "12:15",
        "link": "https://zoom.example/j/77",
        "led_by": ["Teo Marchetti"],
    },
    {
        "title": "A walk",
        "date": "2027-04-07",
        "start": "9:30",
        "minutes": "45",
        "mode": "hybrid",
        "link": "https://zoom.example/j/77",
    },
    {"session": "essay", "due": "2027-05-03", "feedback": "A half-hour talk"},
]


def cohort(**slots: Any) -> Cohort:
    return Cohort.model_validate(
        {"title": "Spring 2027", "time_zone": "America/Chicago", "meetings": MEETINGS, **slots}
    )


def people(count: int = 7, **slots: str) -> tuple[Person, ...]:
    """So many, in groups only where `slots` say so."""
    return tuple(
        replace(
            Person(
                key=f"P-{n:02}",
                name=f"Person Nr. {n}",
                email=f"p{n}@x.example",
                id=f"P-{n:02}",
                row=n + 2,
            ),
            **slots,
        )
        for n in range(count)
    )


def named(*names: str) -> tuple[Person, ...]:
    return tuple(
        replace(person, name=name) for person, name in zip(people(len(names)), names, strict=True)
    )


def composed(institution: str = "Lakeshore") -> Composed:
    boards = (
        Section(
            role=Role.ACTIVITY,
            name="needs",
            anchor="needs",
            title="Needs",
            content=(Board("What *we* need", "https://board.example/needs?x=1&y=2"),),
        ),
    )
    chapters = tuple(
        Chapter(
            kind="session",
            name=name,
            anchor=name,
            title=title,
            number=number,
            position=0,
            modules=(
                Module(
                    name=f"{name}_module",
                    anchor=name,
                    title=title,
                    topic=title,
                    text="",
                    objectives=(),
                    sections=boards if number == 2 else (),
                ),
            ),
        )
        for number, (name, title) in enumerate(TITLES.items(), 1)
    )
    book = Edition(
        name="workbook",
        title="Mentoring Up",
        subtitle="",
        audience=Audience.PARTICIPANT,
        lang="en-US",
        release="2027.1",
        cohort="Spring 2027",
        institution=institution,
        chapters=chapters,
        words={},
    )
    told = tuple(
        GuideChapter(
            kind="homework" if name == "essay" else "session",
            name=name,
            anchor=name,
            title=title,
            minutes=100,
        )
        for name, title in TITLES.items()
    )
    guide = Guide(
        title="Guide",
        subtitle="",
        lang="en-US",
        release="2027.1",
        cohort="Spring 2027",
        institution=institution,
        mode="",
        chapters=told,
        words={},
    )
    return Composed(
        "spring",
        book,
        (),
        guide,
        (),
        {"workbook": ("cohorts/spring/cohort.yaml", "case_studies/story.yaml")},
        {"cohorts/spring/cohort.yaml": "0" * 64},
    )


def made(
    folder: Path,
    who: tuple[Person, ...] | None = people(),
    plan: Cohort | None = None,
    of: Composed | None = None,
) -> Handouts:
    return handouts(
        of or composed(), plan or cohort(), None if who is None else Roster(who), folder
    )


def file(all_of_them: Handouts, path: str) -> bytes:
    return next(artifact.data for artifact in all_of_them.files if artifact.path == path)


def pdf(all_of_them: Handouts, path: str, folder: Path) -> bytes:
    """The PDF as a build makes it, free of complaints."""
    laid = lay_out(
        next(sheet.html for sheet in all_of_them.sheets if sheet.path == path),
        folder,
        False,
        system_fonts=True,
    )
    assert not laid.complaints
    return finish(laid.pdf)


def words_of(data: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(data)
    return [
        re.sub(r"\s+", " ", document[n].get_textpage().get_text_bounded())
        for n in range(len(document))
    ]


def rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


# ---- which there are


def test_a_roster_gives_all_of_them(tmp_path: Path) -> None:
    whole = made(tmp_path)
    paths = {artifact.path for artifact in whole.files}
    assert {path for path in paths if "/mails/" not in path} == {
        "handouts/calendar.ics",
        STAFF + "attendance.csv",
        STAFF + "mailmerge.csv",
        STAFF + "breakout-2-talking.csv",
        STAFF + "breakout-3-meeting.csv",
    }
    assert {sheet.path for sheet in whole.sheets} == {
        "handouts/links.pdf",
        STAFF + "sign-in.pdf",
        STAFF + "badges.pdf",
        STAFF + "tents.pdf",
    }


def test_without_a_roster_meetings_and_links_give_theirs(tmp_path: Path) -> None:
    whole = made(tmp_path, None)
    assert [artifact.path for artifact in whole.files] == ["handouts/calendar.ics"]
    assert [sheet.path for sheet in whole.sheets] == ["handouts/links.pdf", STAFF + "sign-in.pdf"]
    assert len(words_of(pdf(whole, STAFF + "sign-in.pdf", tmp_path))) == 3


def test_nothing_is_made_of_nothing(tmp_path: Path) -> None:
    bare = composed()
    bare = replace(bare, workbook=replace(bare.workbook, chapters=()))
    assert made(tmp_path, None, cohort(meetings=[]), bare) == Handouts((), (), (), ())


def test_they_are_made_from_the_cohort_and_the_lists_of_people_alone(tmp_path: Path) -> None:
    own = tmp_path / "cohorts" / "spring"
    own.mkdir(parents=True)
    (own / "roster.csv").write_text("name\nAda\n")
    plan = cohort(roster="roster.csv")
    sources = {artifact.sources for artifact in made(tmp_path, plan=plan).files} | {
        sheet.sources for sheet in made(tmp_path, plan=plan).sheets
    }
    assert sources == {("cohorts/spring/cohort.yaml", "cohorts/spring/roster.csv")}
    assert list(sums("spring", plan, tmp_path)) == ["cohorts/spring/roster.csv"]


# ---- the mails of a run, and needs


def test_a_run_has_its_mails_as_drafts_and_as_text(tmp_path: Path) -> None:
    plan = cohort(values={"contact": "Imani Solberg, imani@lakeshore.example"})
    whole = made(tmp_path, people(2), plan)
    found = {a.path.rpartition("/")[2]: a.data for a in whole.files if "/mails/" in a.path}
    stems = ["01-invitation", "02-pre-work", "03-reminder-opening", "04-reminder-talking"]
    stems += ["05-reminder-meeting", "06-afterwards", "07-six-months"]
    assert sorted(found) == sorted(f"{stem}.{end}" for stem in stems for end in ("eml", "txt"))
    mail = email.message_from_bytes(found["03-reminder-opening.eml"], policy=email.policy.default)
    assert not mail.defects and mail["X-Unsent"] == "1"
    assert mail["From"] == "imani@lakeshore.example"
    assert mail["Bcc"] == "p0@x.example, p1@x.example"
    text, attached = mail.iter_parts()
    said = text.get_content()
    assert "Wednesday, March 10, 2027" in said and "Room 1, North; upstairs" in said
    assert attached.get_filename() == "calendar.ics"
    invitation = found["01-invitation.txt"].decode("utf-8-sig")
    assert "Dear «name»," in invitation and "https://zoom.example/j/77" in invitation
    assert "To return" in found["06-afterwards.txt"].decode("utf-8-sig")
    assert made(tmp_path, people(2), plan).files == whole.files, "the same bytes each time"


def test_needs_are_listed_for_the_facilitator(tmp_path: Path) -> None:
    one, two = people(2)
    one = replace(one, print="large", pronouns="she/her", needs=(("Diet", "no nuts"),))
    listed = rows(file(made(tmp_path, (one, two)), STAFF + "needs.csv"))
    assert [row[2:] for row in listed[1:]] == [
        ["print", "large"],
        ["pronouns", "she/her"],
        ["Diet", "no nuts"],
    ]


# ---- the calendar


def events(plan: Cohort, of: Composed | None = None) -> dict[str, icalendar.Event]:
    """The calendar's events by their titles, read by the library's own parser."""
    calendar = icalendar.Calendar.from_ical(
        file(made(Path("/nowhere"), None, plan, of), "handouts/calendar.ics")
    )
    return {str(event["SUMMARY"]): event for event in calendar.walk("VEVENT")}


def test_each_meeting_stands_at_its_time_and_homework_on_its_day() -> None:
    found = events(cohort())
    assert list(found) == [
        "Getting Started (Mentoring Up)",
        "Talking, Agreeing; and More (Mentoring Up)",
        "A walk (Mentoring Up)",
        "Due: An Essay at Home (Mentoring Up)",
    ]
    first, second, third, last = found.values()
    assert str(first["LOCATION"]) == "Room 1, North; upstairs" and "Led by: Imani Solberg" in str(
        first["DESCRIPTION"]
    )
    assert str(second["LOCATION"]) == str(
        second["URL"]
    ) == "https://zoom.example/j/77" and "Join: https://zoom.example/j/77" in str(
        second["DESCRIPTION"]
    )
    assert third.end - third.start == datetime.timedelta(minutes=45)
    assert (last.start, last.end) == (datetime.date(2027, 5, 3), datetime.date(2027, 5, 4)) and str(
        last["TRANSP"]
    ) == "TRANSPARENT"


@pytest.mark.parametrize(
    "zone",
    [
        "America/Chicago",
        "America/Phoenix",
        "America/St_Johns",
        "Europe/Warsaw",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "Africa/Casablanca",
        "UTC",
    ],
)
def test_the_file_itself_knows_the_time_of_every_meeting_before_and_after_the_clocks_change(
    zone: str,
) -> None:
    days = [datetime.date(2026, 10, 21) + datetime.timedelta(days=7 * n) for n in range(60)]
    plan = cohort(
        time_zone=zone,
        meetings=[
            {"title": f"M{n}", "date": str(day), "start": "10:00", "end": "11:30"}
            for n, day in enumerate(days)
        ],
    )
    data = file(made(Path("/nowhere"), None, plan), "handouts/calendar.ics")
    calendar = icalendar.Calendar.from_ical(data)
    zones = [part.to_tz(lookup_tzid=False) for part in calendar.walk("VTIMEZONE")]
    assert len(zones) == (zone != "UTC")
    found = calendar.walk("VEVENT")
    assert len(found) == len(days)
    for event, day in zip(found, days, strict=True):
        right = datetime.datetime(day.year, day.month, day.day, 10, tzinfo=ZoneInfo(zone))
        assert event.start == right and event.end - event.start == datetime.timedelta(minutes=90)
        for own in zones:  # what a calendar sees that knows no zones but the file's
            assert event.start.replace(tzinfo=own).utcoffset() == right.utcoffset(), day
    assert len(data) < 40_000, "the zone's rules of other years are not in it"


def test_a_meeting_keeps_its_uid_when_it_moves_and_no_two_share_one() -> None:
    before = {str(event["UID"]) for event in events(cohort()).values()}
    moved = [
        {**MEETINGS[1], "date": "2027-02-01", "place": "Elsewhere"},
        {**MEETINGS[0], "start": "8:00", "title": "Hello"},
        *MEETINGS[2:],
    ]
    after = {str(event["UID"]) for event in events(cohort(meetings=moved)).values()}
    assert before == after and len(before) == len(MEETINGS)
    assert not before & {
        str(event["UID"]) for event in events(cohort(), composed("Elsewhere")).values()
    }
    assert not before & {
        str(event["UID"]) for event in events(cohort(), replace(composed(), cohort="fall")).values()
    }
    twice = cohort(
        meetings=[
            {"modules": ["one"], "date": "2027-01-01"},
            {"modules": ["one"], "date": "2027-01-08"},
        ]
    )
    assert (
        len(
            {
                str(event["UID"])
                for event in icalendar.Calendar.from_ical(
                    file(made(Path("/nowhere"), None, twice), "handouts/calendar.ics")
                ).walk("VEVENT")
            }
        )
        == 2
    )


def test_a_calendar_that_knows_the_last_file_is_told_which_meetings_moved(tmp_path: Path) -> None:
    """By SEQUENCE, which rises for these alone; where nothing moved, the file is the same byte for
    byte.
    """
    path = tmp_path / "build" / "spring" / "handouts" / "calendar.ics"
    path.parent.mkdir(parents=True)
    first = cohort()
    walk = {**MEETINGS[2], "link": "https://zoom.example/j/78"}
    moved = cohort(meetings=[{**MEETINGS[0], "start": "10:30"}, MEETINGS[1], walk, MEETINGS[3]])
    led = cohort(
        meetings=[
            {**MEETINGS[0], "start": "10:30", "led_by": ["Somebody Else"]},
            MEETINGS[1],
            walk,
            MEETINGS[3],
        ]
    )
    zone = cohort(
        meetings=led.model_dump(mode="json", exclude_unset=True)["meetings"],
        time_zone="America/Denver",
    )
    builds = (
        (first, [0, 0, 0, 0]),
        (first, [0, 0, 0, 0]),
        (moved, [1, 0, 1, 0]),
        (moved, [1, 0, 1, 0]),
        (led, [2, 0, 1, 0]),
        (zone, [3, 1, 2, 0]),
        (first, [4, 2, 3, 0]),
    )
    for plan, expected in builds:
        data = file(made(tmp_path, None, plan), "handouts/calendar.ics")
        assert [
            int(event["SEQUENCE"]) for event in icalendar.Calendar.from_ical(data).walk("VEVENT")
        ] == expected
        path.write_bytes(data)
        assert file(made(tmp_path, None, plan), "handouts/calendar.ics") == data
    twice = ((word, word + b"1\r\n" + word) for word in (b"SEQUENCE:", b"LOCATION:"))
    for ours, spoiled in (
        (data, b"hello"),
        (b"END:VEVENT", b""),
        (b"SEQUENCE:", b"SEQUENCE:often"),
        *twice,
    ):
        path.write_bytes(data.replace(ours, spoiled))
        assert len(events_of(tmp_path)) == 4, (
            "what somebody wrote into the file, or made of it, stops nothing"
        )


def test_a_meeting_that_is_dropped_is_cancelled_and_reported(tmp_path: Path) -> None:
    path = tmp_path / "build" / "spring" / "handouts" / "calendar.ics"
    path.parent.mkdir(parents=True)
    path.write_bytes(file(made(tmp_path, None), "handouts/calendar.ics"))
    fewer = cohort(meetings=[*MEETINGS[:2], MEETINGS[3]])
    whole = made(tmp_path, None, fewer)
    assert any(
        "cancelled in calendar.ics: A walk" in line and "send the file again" in line
        for line in whole.told
    )
    data = file(whole, "handouts/calendar.ics")
    found = {str(e["SUMMARY"]): e for e in icalendar.Calendar.from_ical(data).walk("VEVENT")}
    walk = found["A walk (Mentoring Up)"]
    assert (str(walk["STATUS"]), int(walk["SEQUENCE"])) == ("CANCELLED", 1)
    others = [event for event in found.values() if event is not walk]
    assert walk["DTSTAMP"].dt > others[0]["DTSTAMP"].dt
    assert not any("STATUS" in event or int(event["SEQUENCE"]) for event in others)
    path.write_bytes(data)
    again = made(tmp_path, None, fewer)
    assert file(again, "handouts/calendar.ics") == data
    assert not any("cancelled" in line for line in again.told)
    back = {
        e["UID"]: e
        for e in icalendar.Calendar.from_ical(
            file(made(tmp_path, None), "handouts/calendar.ics")
        ).walk("VEVENT")
    }
    held = back[walk["UID"]]
    assert "STATUS" not in held and int(held["SEQUENCE"]) == 2


@pytest.mark.parametrize(
    ("zone", "rules"),
    [
        ("America/Chicago", ["BYDAY=2SU;BYMONTH=3", "BYDAY=1SU;BYMONTH=11"]),
        ("Europe/Berlin", ["BYDAY=-1SU;BYMONTH=3", "BYDAY=-1SU;BYMONTH=10"]),
        ("Australia/Sydney", ["BYDAY=1SU;BYMONTH=10", "BYDAY=1SU;BYMONTH=4"]),
        ("Asia/Tokyo", []),
        ("Africa/Casablanca", []),
    ],
)
def test_the_clock_is_written_as_yearly_rules(zone: str, rules: list[str]) -> None:
    data = file(made(Path("/nowhere"), None, cohort(time_zone=zone)), "handouts/calendar.ics")
    (part,) = icalendar.Calendar.from_ical(data).walk("VTIMEZONE")
    found = [child["RRULE"].to_ical().decode() for child in part.subcomponents if "RRULE" in child]
    assert found == [f"FREQ=YEARLY;{rule}" for rule in rules]
    if rules:
        assert len(part.subcomponents) == 2
        assert {child["DTSTART"].dt.year for child in part.subcomponents} == {1970}


def events_of(folder: Path) -> list[Any]:
    return icalendar.Calendar.from_ical(file(made(folder, None), "handouts/calendar.ics")).walk(
        "VEVENT"
    )


def test_no_text_of_a_meeting_becomes_a_line_of_the_calendar() -> None:
    hostile = 'x\r\nEND:VEVENT\nATTACH:file:///etc/passwd\\n;,:"' + "long " * 40 + "Ελένη 李 🙂"
    plan = cohort()
    plan = plan.model_copy(
        update={
            "meetings": tuple(
                m.model_copy(update={"title": hostile, "place": hostile, "led_by": (hostile,)})
                for m in plan.meetings
            )
        }
    )
    data = file(made(Path("/nowhere"), None, plan), "handouts/calendar.ics")
    calendar = icalendar.Calendar.from_ical(data)
    assert [part.name for part in calendar.subcomponents] == [
        "VTIMEZONE",
        *["VEVENT"] * len(MEETINGS),
    ]
    assert all(
        set(event)
        <= {
            "UID",
            "DTSTAMP",
            "SEQUENCE",
            "SUMMARY",
            "DTSTART",
            "DTEND",
            "LOCATION",
            "DESCRIPTION",
            "TRANSP",
            "URL",
        }
        for event in calendar.walk("VEVENT")
    )
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))


# ---- links


def test_every_qr_code_of_the_page_of_links_leads_where_the_words_beside_it_say(
    tmp_path: Path,
) -> None:
    plan = cohort(
        links={
            "survey": {"title": "How was it?", "url": "https://survey.example/a/" + "long/" * 60},
            "book": {"title": "A book without an address"},
        }
    )
    data = pdf(made(tmp_path, None, plan), "handouts/links.pdf", tmp_path)
    wanted = [
        "https://zoom.example/j/77",
        "https://board.example/needs?x=1&y=2",
        "https://survey.example/a/" + "long/" * 60,
    ]
    document = pypdfium2.PdfDocument(data)
    seen = [
        code
        for n in range(len(document))
        for code in zxingcpp.read_barcodes(document[n].render(scale=200 / 72).to_pil())
    ]
    assert sorted(code.text for code in seen) == sorted(wanted)
    assert {code.format for code in seen} == {zxingcpp.BarcodeFormat.QRCode} or all(
        "QR" in str(code.format) for code in seen
    )
    with pikepdf.open(io.BytesIO(data)) as opened:
        told = {
            str(thing.Alt)
            for thing in opened.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == "/Figure"
        }
        links = {
            str(note.A.URI)
            for page in opened.pages
            for note in page.get("/Annots", ())
            if note.get("/A")
        }
    assert told == {
        "QR code: Talking, Agreeing; and More; A walk",
        "QR code: What we need",
        "QR code: How was it?",
    }
    assert links == set(wanted)


# ---- sheets, badges, tents


def test_every_pdf_passes_pdf_ua_1(tmp_path: Path) -> None:
    attended(tmp_path, {person.name: "xxx" for person in people()})
    whole = made(tmp_path)
    assert len(whole.sheets) == 5
    for sheet in whole.sheets:
        report = validate_pdf_bytes(pdf(whole, sheet.path, tmp_path), profile="ua1")
        assert report.is_compliant, (sheet.path, report.failures[:3])


def test_a_sign_in_sheet_has_everybody_once_for_each_meeting_and_room_for_more(
    tmp_path: Path,
) -> None:
    names = (
        "{{ 7*7 }}",
        "<b>Bo</b> & Co",
        "=HYPERLINK(1)",
        "Żółć Nguyễn Thị Hạnh",
        "Ελένη Μαυρίδου",
        "de l'Étoile, Zoë",
        "**Stars**",
    )
    pages = words_of(pdf(made(tmp_path, named(*names)), STAFF + "sign-in.pdf", tmp_path))
    assert len(pages) == 3
    for page, title in zip(
        pages, ("Getting Started", "Talking, Agreeing; and More", "A walk"), strict=True
    ):
        assert title in page and all(page.count(name) == 1 for name in names)
        assert "Not on the list?" in page
    assert (
        "Wednesday, March 10, 2027 · 10:00–12:00 · Room 1, North; upstairs" in pages[0]
        and "9:30–10:15 CDT" in pages[2]
    )


def test_each_badge_and_each_tent_lies_on_its_place_of_the_stock_sheet(tmp_path: Path) -> None:
    who = named(
        "Adaeze Nwankwo",
        "Bartholomew Featherstonehaugh-Cholmondeley of Elsewhere",
        *(f"Nr{n} Person" for n in range(7)),
    )
    whole = made(tmp_path, who)
    badges = [[(0.6875 + 3.75 * (n % 2), 0.5833 + 2.5 * (n // 2), 3.375, 2.3333)] for n in range(8)]
    tents = [[(0, 0.5 + 5 * n, 8.5, 2.5), (0, 3 + 5 * n, 8.5, 2.5)] for n in range(2)]
    for path, places in ((STAFF + "badges.pdf", badges), (STAFF + "tents.pdf", tents)):
        document = pypdfium2.PdfDocument(pdf(whole, path, tmp_path))
        assert len(document) == -(-len(who) // len(places))
        for number, person in enumerate(who):
            page = document[number // len(places)]
            assert page.get_size() == (612, 792)
            boxes = found(page, person.name.split()[0])
            assert len(boxes) == len(places[0])
            for left, top, right, bottom in boxes:
                assert any(
                    x < left and right < x + wide and y < top and bottom < y + tall
                    for x, y, wide, tall in places[number % len(places)]
                ), (
                    path,
                    person.name,
                )


def found(page: pypdfium2.PdfPage, word: str) -> list[tuple[float, float, float, float]]:
    """Where a word stands on the page, in inches from its upper left corner."""
    text = page.get_textpage()
    searcher, boxes = text.search(word), []
    while hit := searcher.get_next():
        letters = [text.get_charbox(hit[0] + n) for n in range(hit[1])]
        boxes.append(
            (
                min(b[0] for b in letters) / 72,
                11 - max(b[3] for b in letters) / 72,
                max(b[2] for b in letters) / 72,
                11 - min(b[1] for b in letters) / 72,
            )
        )
    return boxes


def test_names_longer_than_any_line_are_still_whole(tmp_path: Path) -> None:
    whole = made(tmp_path, named("Wolfeschlegelsteinhausenbergerdorff" * 3, "Ann " * 75))
    for sheet in whole.sheets:
        laid = lay_out(sheet.html, tmp_path, False, system_fonts=True)
        assert not [complaint for complaint in laid.complaints if "cut off" in complaint], (
            sheet.path
        )


def test_more_names_than_can_be_laid_out_are_left_out_and_told(tmp_path: Path) -> None:
    whole = made(tmp_path, people(1_700))
    assert [sheet.path for sheet in whole.sheets] == ["handouts/links.pdf", STAFF + "sign-in.pdf"]
    assert (
        whole.told[0].startswith("warning: 1,700 people are too many")
        and "Person Nr." not in whole.sheets[1].html
    )
    assert len(rows(file(whole, STAFF + "mailmerge.csv"))) == 1_701


# ---- attendance and certificates


def attended(
    folder: Path,
    marks: dict[str, str],
    name: str = "cohorts/spring/attendance.csv",
    who: tuple[Person, ...] = people(),
    plan: Cohort | None = None,
) -> Path:
    """The list that a build writes, filled as staff would: a row of marks for each name, `x` or a
    blank.
    """
    head, *body = rows(file(made(folder / "empty", who, plan), STAFF + "attendance.csv"))
    for row in body:
        row[3:] = [mark.strip() for mark in marks.get(row[0], "").ljust(len(row) - 3)]
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(written((head, *body)))
    return path


def certificates(folder: Path, whole: Handouts) -> list[str]:
    return (
        words_of(pdf(whole, STAFF + "certificates.pdf", folder))
        if any("certificates" in sheet.path for sheet in whole.sheets)
        else []
    )


def test_the_empty_list_has_a_row_a_person_and_a_column_a_meeting(tmp_path: Path) -> None:
    head, *body = rows(file(made(tmp_path), STAFF + "attendance.csv"))
    assert head == [
        "name",
        "email",
        "id",
        "Getting Started (2027-03-10)",
        "Talking, Agreeing; and More (2027-03-24)",
        "A walk (2027-04-07)",
    ]
    assert body == [[person.name, person.email, person.id, "", "", ""] for person in people()]


ZOOM = """\
Topic,Start time
Mentoring Up,03/10/2027 09:55:00

Name (Original Name),User Email,Total Duration (Minutes),Guest
Person Nr. 1,p1@x.example,118,No
Somebody (Person Nr. 2),p2@x.example,61,No
Somebody (Person Nr. 2),p2@x.example,12,No
Person Nr. 3,p3@x.example,0,No
Imani Solberg,imani@x.example,125,No
"""


def test_a_report_of_zoom_is_taken_as_one_meeting(tmp_path: Path) -> None:
    (tmp_path / "attendance.csv").write_text(ZOOM, encoding="utf-8")
    held = [each for each in gatherings(cohort(), composed().guide) if each.number]
    who = people()
    found = read_attendance(tmp_path / "attendance.csv", "attendance.csv", who, held)
    assert found.came == {who[1].key: (held[0],), who[2].key: (held[0],)}
    assert ["Imani Solberg" in str(problem) for problem in found.problems] == [True]
    (tmp_path / "attendance.csv").write_text(ZOOM.partition("\n\n")[2], encoding="utf-8")
    (problem,) = read_attendance(tmp_path / "attendance.csv", "a.csv", who, held).problems
    assert "does not say on which day that was" in problem.what


def test_a_list_without_names_is_called_so(tmp_path: Path) -> None:
    (tmp_path / "attendance.csv").write_text("Who,Getting Started\nAna,x\n", encoding="utf-8")
    held = gatherings(cohort(), composed().guide)
    (problem,) = read_attendance(tmp_path / "attendance.csv", "a.csv", people(), held).problems
    assert problem.what == "this list has no column for names, e-mail addresses or ids"


def test_a_certificate_holds_the_full_name() -> None:
    who = (replace(people(1)[0], name="Lies van der Berg", full_name="Elisabeth van der Berg"),)
    held = [each for each in gatherings(cohort(), composed().guide) if each.number]
    came = Attendance({who[0].key: tuple(held)})
    (one,) = earned(who, came, held, len(held), WORDS)
    assert one.name == "Elisabeth van der Berg"


def test_certificates_go_to_those_who_came_often_enough(tmp_path: Path) -> None:
    attended(
        tmp_path,
        {
            "Person Nr. 0": "xxx",
            "Person Nr. 1": "x x",
            "Person Nr. 2": " xx",
            "Person Nr. 3": "x  ",
            "Person Nr. 4": "   ",
        },
    )
    whole = made(tmp_path, plan=cohort(min_meetings="2"))
    assert (
        whole.told == ("certificates: 3 of 7 people came to at least 2 of 3 meetings",)
        and not whole.problems
    )
    first, second, third = certificates(tmp_path, whole)
    assert (
        "Person Nr. 0" in first
        and "took part in every meeting of Mentoring Up" in first
        and "Hours together: 5 ·" in first
        and "April 7, 2027" in first
    )
    assert (
        "Person Nr. 1" in second
        and "took part in 2 of 3 meetings of" in second
        and "Hours together: 2.75 ·" in second
    )
    assert "Person Nr. 2" in third and "Hours together: 3 ·" in third
    assert "Imani Solberg" in first and "Teo Marchetti" in first


def test_without_a_rule_a_certificate_takes_every_meeting_and_without_a_list_there_is_none(
    tmp_path: Path,
) -> None:
    assert not certificates(tmp_path, made(tmp_path)) and not made(tmp_path).told
    attended(tmp_path, {"Person Nr. 0": "xxx", "Person Nr. 1": "x x"})
    whole = made(tmp_path)
    assert ["Person Nr. 0" in page for page in certificates(tmp_path, whole)] == [True]
    assert STAFF + "attendance.csv" not in {artifact.path for artifact in whole.files}, (
        "the one in the cohort's folder is the only one"
    )


def test_the_list_may_come_back_from_excel_with_its_rows_sorted_and_a_meeting_moved(
    tmp_path: Path,
) -> None:
    attended(tmp_path, {"Person Nr. 0": "xxx"}, name="elsewhere.csv")
    table = rows((tmp_path / "elsewhere.csv").read_bytes())
    book = openpyxl.Workbook()
    for row in (table[0], *reversed(table[1:])):
        book.active.append(row)
    own = tmp_path / "cohorts" / "spring"
    own.mkdir(parents=True)
    book.save(own / "attendance.xlsx")
    moved = cohort(meetings=[{**MEETINGS[0], "date": "2027-02-09"}, *MEETINGS[1:]])
    assert len(certificates(tmp_path, made(tmp_path, plan=moved))) == 1
    (own / "attendance.xlsx").unlink()
    (own / "attendance.csv").write_text(
        "\n".join(";".join(row) for row in table).replace("; and", " and"), encoding="utf-16"
    )
    renamed = cohort(meetings=[{**MEETINGS[0], "title": "Hello"}, *MEETINGS[1:]])
    assert len(certificates(tmp_path, made(tmp_path, plan=renamed))) == 1


def test_whatever_is_doubtful_in_the_list_is_told_with_its_row(tmp_path: Path) -> None:
    own = tmp_path / "attendance.csv"
    meetings = [each for each in gatherings(cohort(), composed().guide) if each.number]
    own.write_text(
        "name,id,Getting Started,A walk,notes\nPerson Nr. 0,P-00,x,perhaps,nice\nperson nr. "
        "1,,X,,\nSomebody,,x,x,\n"
        "Person Nr. 1,,x,x,\nPerson Nr. 2,P-02,✓,no,\n"
    )
    read = read_attendance(own, "attendance.csv", people(4), meetings)
    assert {key: [each.title for each in came] for key, came in read.came.items()} == {
        "P-00": ["Getting Started"],
        "P-01": ["Getting Started"],
        "P-02": ["Getting Started"],
    }
    told = [str(problem) for problem in sorted(read.problems)]
    for line, words in (
        (1, "the column “notes” is none of the meetings"),
        (1, "not in this list: Person Nr. 3"),
        (2, "“perhaps” does not say"),
        (4, "“Somebody” is not in the list of people"),
        (5, "Person Nr. 1 has two rows"),
    ):
        assert [
            text for text in told if text.startswith(f"attendance.csv:{line}:") and words in text
        ], (words, told)
    assert len(told) == 5 and {problem.span.line for problem in read.problems if problem.stops} == {
        2,
        5,
    }
    own.write_bytes(b"name,Getting Started\nJos\xe9,x\n")
    assert (
        "not UTF-8" in read_attendance(own, "attendance.csv", people(4), meetings).problems[0].what
    )


def test_marks_typed_into_the_copy_in_build_are_kept_and_pointed_out(tmp_path: Path) -> None:
    copy = attended(tmp_path, {"Person Nr. 0": "xxx"}, name=f"build/spring/{STAFF}attendance.csv")
    typed = copy.read_bytes()
    whole = made(tmp_path)
    assert file(whole, STAFF + "attendance.csv") == typed and not certificates(tmp_path, whole)
    assert whole.told == (
        f"warning: build/spring/{STAFF}attendance.csv has been filled in, and is kept; "
        "move it to cohorts/spring/, where it counts and certificates are made from it",
    )
    (tmp_path / "cohorts/spring").mkdir(parents=True)
    (tmp_path / "cohorts/spring/attendance.csv").write_bytes(typed)
    whole = made(tmp_path)
    assert len(certificates(tmp_path, whole)) == 1 and "warning" not in "".join(whole.told)
    assert STAFF + "attendance.csv" not in {artifact.path for artifact in whole.files}, (
        "the same marks are in their place"
    )
    attended(
        tmp_path,
        {"Person Nr. 0": "xxx", "Person Nr. 1": "xxx"},
        name=f"build/spring/{STAFF}attendance.csv",
    )
    whole = made(tmp_path)
    assert "delete this one" in whole.told[-1] and len(certificates(tmp_path, whole)) == 1
    assert file(whole, STAFF + "attendance.csv") != typed
    copy.write_bytes(file(made(tmp_path / "empty"), STAFF + "attendance.csv"))
    assert len(made(tmp_path).told) == 1, "an empty one says nothing"


# ---- tables

SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
PAYLOADS = [
    f"{before}{sign}{after}"
    for sign in SIGNS
    for before in ("", " ", "\ufeff", "\u00a0 ", "'", "''")
    for after in ("cmd|' /C calc'!A0", "1+1", 'HYPERLINK("https://x.example","y")')
]


@pytest.mark.parametrize("sign", SIGNS)
def test_no_cell_begins_as_a_formula_and_every_cell_comes_back(sign: str) -> None:
    for payload in (text for text in PAYLOADS if sign in text):
        assert guarded(payload).startswith("'") and unguarded(guarded(payload)) == payload


@given(st.text())
def test_guarding_can_always_be_undone(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert guarded(text).lstrip(" \ufeff\u00a0")[:1] not in SIGNS


def test_names_like_formulas_are_guarded_in_every_table_and_found_again(tmp_path: Path) -> None:
    who = tuple(
        replace(person, name=payload, id="", key=person.email, group=payload)
        for person, payload in zip(people(len(PAYLOADS)), PAYLOADS, strict=True)
    )
    whole = made(tmp_path, who)
    tables = [artifact for artifact in whole.files if artifact.path.endswith(".csv")]
    assert len(tables) == 4
    for table in tables:
        assert all(
            cell.lstrip(" \ufeff\u00a0")[:1] not in SIGNS
            for row in rows(table.data)
            for cell in row
        ), table.path
    assert [unguarded(row[0]) for row in rows(file(whole, STAFF + "mailmerge.csv"))[1:]] == PAYLOADS


def test_mail_merge_gets_everybody_with_the_folder_of_the_packet() -> None:
    table = rows(mailmerge(named("Żółć, “Ann”", "李 思雨"), "spring"))
    assert table[0] == ["name", "email", "packet", "packet_id"]
    assert [row[:2] for row in table[1:]] == [
        ["Żółć, “Ann”", "p0@x.example"],
        ["李 思雨", "p1@x.example"],
    ]
    assert [row[2] for row in table[1:]] == ["packets/Żółć-Ann", "packets/李-思雨"]
    assert [row[3] for row in table[1:]] == [
        packet_id("spring", "P-00"),
        packet_id("spring", "P-01"),
    ]
    assert [row[2] for row in rows(mailmerge(named("Print", "Drafts"), "spring"))[1:]] == [
        "packets/Print_",
        "packets/Drafts_",
    ], "where the packets really lie"
    assert mailmerge(people(1), "spring").startswith(b"\xef\xbb\xbf"), (
        "Excel reads UTF-8 by its mark alone"
    )


def test_zoom_gets_its_two_columns_to_the_letter() -> None:
    who = (
        *people(3, group="B"),
        replace(people(1)[0], group="The larks", email="l@x.example"),
        replace(people(1)[0], group="", email="n@x.example"),
        replace(people(1)[0], group="B", email=""),
    )
    data = breakout(who, 1, WORDS)
    assert data.split(b"\r\n")[0] == b"Pre-assign Room Name,Email Address"
    assert rows(data)[1:] == [
        ["Group B", "p0@x.example"],
        ["Group B", "p1@x.example"],
        ["Group B", "p2@x.example"],
        ["The larks", "l@x.example"],
        ["Not in a group yet", "n@x.example"],
    ]


def test_without_groups_rooms_hold_three_or_four_and_mix_anew_at_each_meeting() -> None:
    for count in range(1, 200):
        who = people(count)
        for meeting in (1, 2, 5):
            seated = rooms(who, meeting, WORDS)
            assert sorted(person.key for _, person in seated) == sorted(
                person.key for person in who
            )
            sizes = Counter(room for room, _ in seated).values()
            assert max(sizes) <= 4 and (min(sizes) >= 3 or count < 6), (count, meeting, sizes)
    met: Counter[frozenset[str]] = Counter()
    for meeting in range(1, 6):
        sat: dict[str, list[str]] = {}
        for room, person in rooms(people(28), meeting, WORDS):
            sat.setdefault(room, []).append(person.key)
        met.update(
            frozenset(pair) for together in sat.values() for pair in combinations(together, 2)
        )
    assert max(met.values()) == 1, "among 28 people nobody meets anybody twice in five meetings"


# ---- as a build makes them


def test_a_letter_that_no_font_has_becomes_a_box_and_the_warning_says_whose_it_is(
    tmp_path: Path,
) -> None:
    whole = made(tmp_path, named("Ada Plain", "Bo \U000f1123\U000f1456 Rare"))
    with Worker(tmp_path) as worker:
        sheet, lost = typeset_sheet(whole.sheets[1], worker)
    assert sheet.name == STAFF + "sign-in.pdf"
    assert "Bo □□ Rare" in words_of(sheet.pdf)[0]
    assert validate_pdf_bytes(sheet.pdf, profile="ua1").is_compliant
    assert missing_letters_notice("spring", whole, lost) == (
        "warning: spring/handouts: boxes stand for letters that no font here has "
        "(Bo \U000f1123\U000f1456 Rare: \U000f1123 \U000f1456); "
        "install a font that has them, such as Noto"
    )


def test_a_page_that_cannot_be_made_stops_the_build(tmp_path: Path) -> None:
    html = '<title>x</title><img src="nowhere.png" alt="a picture">'
    with Worker(tmp_path) as worker:
        sheet, _ = typeset_sheet(Sheet("handouts/x.pdf", html, ()), worker)
    assert sheet.complaints


def test_the_example_cohort_gets_its_handouts_with_one_command(own_program: Path) -> None:
    plan = own_program / "cohorts" / "spring_2027"
    (plan / "attendance.csv").write_text(
        "id,Conversations That Work,Career and Life\nP-02,x,x\nP-03,x,\n"
    )
    (plan / "cohort.yaml").write_text(
        (plan / "cohort.yaml").read_text("utf-8").replace("roster:", "min_meetings: 2\nroster:"),
        "utf-8",
    )
    told: list[str] = []
    assert build(own_program, ("spring_2027",), ("handouts",), None, False, told.append) == 0, told
    folder = own_program / "build" / "spring_2027"
    entries = {
        entry["path"]: entry
        for entry in json.loads((folder / "manifest.json").read_text("utf-8"))["files"]
    }
    mails = {path for path in entries if path.startswith(STAFF + "mails/")}
    assert {Path(path).suffix for path in mails} == {".eml", ".txt"}
    assert set(entries) - mails == {
        "handouts/calendar.ics",
        "handouts/links.pdf",
        *(
            STAFF + name
            for name in (
                "mailmerge.csv",
                "needs.csv",
                "sign-in.pdf",
                "certificates.pdf",
                "badges.pdf",
                "tents.pdf",
            )
        ),
    }
    assert {"cohorts/spring_2027/roster.csv", "cohorts/spring_2027/attendance.csv"} <= set(
        entries[STAFF + "certificates.pdf"]["sources"]
    )
    assert [
        "Marek Żółć" in page
        for page in words_of((folder / STAFF / "certificates.pdf").read_bytes())
    ] == [True]
    assert any("30 people, from Adaeze Nwankwo" in line for line in told) and any(
        "not in this list: Adaeze Nwankwo" in line for line in told
    )
    (plan / "attendance.csv").write_text("id,Conversations That Work\nP-02,perhaps\n")
    assert build(own_program, ("spring_2027",), ("handouts",), None, False, told.append) == 1
    assert any(
        "cohorts/spring_2027/attendance.csv:2:" in line and "“perhaps”" in line for line in told
    )
