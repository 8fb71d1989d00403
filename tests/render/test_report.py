"""What the answers say together, and never what one of five said."""

from __future__ import annotations

import datetime
import html
import itertools
import random
import re
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from icalendar import Calendar
from mentorkit.edition.field import Kind
from mentorkit.responses import store
from mentorkit.responses.collect import open_cohort
from mentorkit.responses.figure_drawings import Figure
from mentorkit.responses.goals import date_of, goals
from mentorkit.responses.matching import Row
from mentorkit.responses.register import Register
from mentorkit.responses.report import reflect, report
from mentorkit.responses.statistics import (
    FEW,
    LEAST,
    NEARLY_ALL,
    NOT_SHOWN,
    figures,
    merge_answers,
    number,
    open_texts,
    share,
    splits,
)
from page import validate_pdf_bytes

import fillers

CANARY = "zzCANARYzz"


@pytest.fixture(scope="module")
def known(program: Path):  # type: ignore[no-untyped-def]
    told: list[str] = []
    found = open_cohort(program, "spring_2027", told.append)
    assert found, told
    return found


def with_people(sent: Register, groups: list[str]) -> Register:
    """The register with invented people, so many in each group."""
    one = next(iter(sent.people.values()))
    from dataclasses import replace

    people = {
        f"K{n:03}": replace(
            one,
            key=f"K{n:03}",
            name=f"Name{n:03} Surname",
            email=f"k{n}@x.example",
            id=f"K{n:03}",
            group=group,
        )
        for n, group in enumerate(groups)
    }
    return replace(sent, people=people)


def rows_of(
    sent: Register, chance: random.Random, share_of_answers: float = 0.9, own_words: str = "words"
) -> list[Row]:
    """A workbook from everybody, and a mentor's copy for most: every place that may come back,
    filled at random.
    """
    rows = []
    for key, side in itertools.product(sent.people, ("", "mentor")):
        if chance.random() > share_of_answers:
            continue
        values = {}
        for place in sent.places.values():
            if (
                side
                and not place.name.startswith("questionnaire__")
                or chance.random() > share_of_answers
            ):
                continue
            values[place.name] = {
                Kind.TICK: "yes",
                Kind.DATE: f"2027-{chance.randint(4, 12):02}-{chance.randint(1, 28):02}",
                Kind.PERCENT: str(chance.randint(0, 100)),
            }.get(place.kind) or (
                chance.choice(place.options) if place.options else f"{own_words} {key} {place.name}"
            )
            if place.kind is Kind.TICK and chance.random() < 0.5:
                values[place.name] = ""
        rows.append(
            Row(
                file=f"{key}{side}.pdf",
                digest=f"{key}{side}",
                key=key,
                name=sent.people[key].name,
                side=side,
                document="questionnaire" if side else "workbook",
                release="2027.1",
                status="read",
                answers=values,
            )
        )
    return rows


def made(known, sent: Register, rows: list[Row]) -> dict[str, Figure]:  # type: ignore[no-untyped-def]
    composed, _, library = known
    return figures(
        composed, sent, library, merge_answers(rows, "mentee")[0], merge_answers(rows, "mentor")[0]
    )


# ---- five people

ROSTERS: list[list[int]] = [
    [5, 5],
    [5, 4],
    [4, 4],
    [6, 1],
    [10, 4, 1],
    [5, 5, 1],
    [5, 5, 5],
    [9, 1],
    [5],
    [4],
    [1],
    [0],
    [12, 0],
    [5, 5, 4],
    [20, 4],
    [7, 6, 5],
    [5, 1, 1, 1, 1, 1],
    [30, 5, 4],
    [100, 1],
    [8, 8, 8, 8],
]


@pytest.mark.parametrize("sizes", ROSTERS)
@pytest.mark.parametrize("unnamed", [False, True])
def test_no_figure_rests_on_fewer_than_five_and_none_can_be_got_by_subtraction(
    known, sizes: list[int], unnamed: bool
) -> None:  # type: ignore[no-untyped-def]
    """Also where the last group has no name: people without a group are one."""
    names = [("" if unnamed and n == len(sizes) - 1 else "ABCDEF"[n]) for n in range(len(sizes))]
    sent = with_people(
        known[1], [name for name, size in zip(names, sizes, strict=True) for _ in range(size)]
    )
    rows = rows_of(sent, random.Random(sum(sizes)), 1.0 if sum(sizes) % 2 else 0.93)
    told = made(known, sent, rows)
    shown = 0
    for name, figure in told.items():
        if name.startswith("scales-"):
            wholes: dict[str, int] = {}
            parts: dict[str, list[int]] = {}
            for head, people, *means in figure.rows:
                title, colon, group = head.partition(": ")
                assert (people == FEW) == (means == ["–"] * 3)
                assert people == FEW or int(people) >= LEAST
                if colon:
                    parts.setdefault(title, []).append(int(people))
                elif people != FEW:
                    wholes[title] = int(people)
                    shown += 1
            for title, counts in parts.items():
                for size in range(1, len(counts) + 1):
                    for some in itertools.combinations(counts, size):
                        assert (
                            wholes[title] - sum(some) == 0 or wholes[title] - sum(some) >= LEAST
                        ), (title, counts)
                assert sum(counts) == wholes[title] and len(counts) == len(set(names))
        elif name.startswith(("gaps-", "spread-")):
            assert all(
                (row[1] == FEW) == ("–" in row[2:]) and (row[1] == FEW or int(row[1]) >= LEAST)
                for row in figure.rows
            )
        elif name.startswith("cover-"):
            exact = [
                re.fullmatch(r"(\d+) of (\d+)", cell) for row in figure.rows for cell in row[1:]
            ]
            assert all(
                int(found[1]) >= LEAST and int(found[2]) - int(found[1]) >= LEAST
                for found in exact
                if found
            )
            assert all(
                found or cell in (FEW, NEARLY_ALL, NOT_SHOWN)
                for found, cell in zip(
                    exact, [cell for row in figure.rows for cell in row[1:]], strict=True
                )
            )
    assert (shown > 0) == (sum(sizes) >= 6) or sum(sizes) == 5


def test_a_split_is_whole_or_not_at_all() -> None:
    groups = (
        {"a": "A", "b": "A", "c": "B"}
        | {f"a{n}": "A" for n in range(5)}
        | {f"b{n}": "B" for n in range(5)}
    )
    assert set(splits(groups, groups)) == {"A", "B"}
    assert (
        splits([key for key in groups if key not in ("b0", "b1")], groups) == {}
    )  # four of B answered
    assert splits([*groups, "stranger"], groups) == {}  # not on the list: a group of one
    assert splits(groups, groups | {"z": "C"}) == {}  # nobody of C answered
    assert splits(groups, dict.fromkeys(groups, "A")) == {}


def test_neither_side_of_a_count_is_small() -> None:
    for of in range(60):
        for yes in range(of + 1):
            text = share(yes, of)
            if text == f"{yes} of {of}":
                assert yes >= LEAST and of - yes >= LEAST
            else:  # what is said in its place fits at least five numbers
                assert (
                    sum(share(other, of) == text for other in range(of + 1)) >= LEAST
                    or of < 2 * LEAST
                    and text == NOT_SHOWN
                )


def test_open_answers_of_fewer_than_five_are_not_shown(known) -> None:  # type: ignore[no-untyped-def]
    composed, name = known[0], "reflection_scales__helped_most"
    said = {f"K{n}": {name: f"{9 - n} thing"} for n in range(5)}
    ((_, given),) = open_texts(composed, said)
    assert given == sorted(own[name] for own in said.values())
    assert open_texts(composed, {key: said[key] for key in list(said)[:4]}) == []


# ---- figures are right


def test_means_are_those_of_the_people_who_filled_both(known) -> None:  # type: ignore[no-untyped-def]
    sent = with_people(known[1], ["A"] * 12)
    keys = list(sent.people)
    one, two = "reflection_scales__name_wish__{}", "reflection_scales__take_first_step__{}"
    rows = [
        Row(
            file=key,
            digest=key,
            key=key,
            answers={
                one.format("before"): "2",
                one.format("now"): "5",
                two.format("before"): "4",
                two.format("now"): "6",
            },
        )
        for key in keys[:5]
    ]
    rows += [
        Row(file=key, digest=key, key=key, answers={one.format("before"): "7"}) for key in keys[5:]
    ]  # only one column: no part of the means
    figure = made(known, sent, rows)["scales-reflection_scales"]
    assert figure.rows[0][1:] == ("5", "3.0", "5.5", "+2.5") and all(
        row[1] == FEW for row in figure.rows[1:]
    )
    assert (
        len(figure.drawings) == len(figure.rows) == 10
        and figure.drawings[0]
        and not figure.drawings[1]
    )


def test_gaps_spread_and_cover(known) -> None:  # type: ignore[no-untyped-def]
    sent = with_people(known[1], ["A"] * 12)
    rows = []
    for n, key in enumerate(sent.people):
        own = {"questionnaire__fit__view": "2", "mentor_map__friends__now": "Sam"}
        rows.append(
            Row(
                file=key,
                digest=key,
                key=key,
                answers=own
                | ({"mentor_map__kin__now": "Mum"} if n < 6 else {})
                | ({"roles__techniques__need": "yes"} if n < 7 else {"roles__trust__need": "yes"}),
            )
        )
        rows.append(
            Row(
                file=f"m{key}",
                digest=f"m{key}",
                key=key,
                side="mentor",
                answers={"questionnaire__fit__view": "6" if n % 2 else "4"},
            )
        )
    told = made(known, sent, rows)
    spread = [row[1:] for row in told["spread-questionnaire"].rows]
    assert [row for row in spread if row[0] != FEW] == [("12", "3.0")] and len(spread) == 19
    cover = {row[0]: row[1] for row in told["cover-mentor_map"].rows}
    assert (
        cover["Friends"] == FEW
        and cover["Family, by birth or by choice"] == "6 of 12"
        and cover["People who are good with words, paid or unpaid"] == NEARLY_ALL
    )
    needed = next(figure for figure in told.values() if figure.title.startswith("Needed"))
    assert needed.rows[0][1] == "7 of 12" and needed.rows[1][1] == FEW


SHARES = """
title: Shares
return: yes
rights: own
table:
  columns:
    counts: {title: What counts, kind: percent, total: 100}
    was: {title: What was, kind: percent, total: 100}
  rows: {job: Work, home: Home}
"""


def test_two_columns_of_percentages_show_their_gap(own_program: Path) -> None:
    (own_program / "worksheets/life_domains.yaml").write_text(SHARES, encoding="utf-8")
    found = open_cohort(own_program, "spring_2027", print)
    assert found
    sent = with_people(found[1], ["A"] * 12)
    answers = {"life_domains__job__counts": "30 %", "life_domains__job__was": "60"}
    told = made(
        found, sent, [Row(file=key, digest=key, key=key, answers=answers) for key in sent.people]
    )
    assert told["gaps-life_domains"].rows[0][1:] == ("12", "30", "60", "+30"), list(told)


def test_two_different_answers_count_for_nothing() -> None:
    rows = [
        Row(file="a", digest="a", key="K1", answers={"x": "1", "y": "2"}),
        Row(file="b", digest="b", key="K1", answers={"x": "3", "y": "2", "z": ""}),
        Row(file="c", digest="c", key="", answers={"x": "1"}),
    ]
    assert merge_answers(rows, "mentee") == ({"K1": {"y": "2"}}, 1)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("40", 40),
        (" 40 % ", 40),
        ("12,5", 12.5),
        ("101", None),
        ("-3", None),
        ("much", None),
        ("", None),
        ("1e2", None),
    ],
)
def test_a_percentage_is_read_or_left_out(text: str, value: float | None) -> None:
    assert number(text, 100) == value


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2027-03-14", (2027, 3, 14)),
        ("March 14, 2027", (2027, 3, 14)),
        ("14 March 2027", (2027, 3, 14)),
        ("03/04/2027", None),
        ("soon", None),
    ],
)
def test_a_date_is_never_guessed(text: str, day: tuple[int, int, int] | None) -> None:
    assert date_of(text) == (datetime.date(*day) if day else None)


# ---- what is written


@pytest.fixture(scope="module")
def reported(program: Path, known) -> Path:  # type: ignore[no-untyped-def]
    """The folder of answers after `report` and `reflect`, with canaries for answers."""
    composed, sent, _ = known
    rows = rows_of(sent, random.Random(1), 0.95, f"{CANARY} <b>&amp;")
    with store.private(program, "spring_2027") as held:
        collected = store.Collected(rows=rows, parts=store.parts_of(sent, rows))
        page = {store.PAGE: store.as_page(rows, sent, composed)}
        store.put(held, store.tables(collected) | page, False)
    told: list[str] = []
    assert report(program, "spring_2027", False, told.append) == 0, told
    assert reflect(program, "spring_2027", told.append) == 0, told
    assert not any(CANARY in line for line in told)
    return program / "responses" / "spring_2027"


def words(pdf: Path) -> str:
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        return " ".join(page.get_textpage().get_text_bounded() for page in document)


def test_the_report_names_nobody_and_quotes_nobody_unless_asked(
    program: Path, known, reported: Path
) -> None:  # type: ignore[no-untyped-def]
    page, paper = (
        (reported / "report.html").read_text(encoding="utf-8"),
        words(reported / "report.pdf"),
    )
    for person in known[1].people.values():
        assert (
            person.name not in html.unescape(page)
            and person.name not in paper
            and person.email not in page + paper
        )
    assert CANARY not in page + paper
    assert (
        "Before and After: by competency" in page
        and "data:image/svg+xml" in page
        and not re.search(r"https?://(?!www.w3.org/2000/svg)", html.unescape(page))
    )
    assert (
        CANARY
        not in (reported / "goals.ics").read_text() + (reported / "follow-up.html").read_text()
    )
    told: list[str] = []
    before = (reported / "report.html").read_bytes()
    assert report(program, "spring_2027", True, told.append) == 0 and not any(
        CANARY in line for line in told
    )
    asked = (reported / "report.html").read_text(encoding="utf-8")
    assert f"{CANARY} &lt;b&gt;&amp;amp;" in asked and "In their own words" in asked
    assert (
        report(program, "spring_2027", False, told.append) == 0
        and (reported / "report.html").read_bytes() == before
    )
    assert {oct(path.stat().st_mode & 0o777) for path in reported.rglob("*") if path.is_file()} == {
        "0o600"
    }


def test_the_calendar_holds_each_dated_goal_once(known, reported: Path) -> None:  # type: ignore[no-untyped-def]
    events = list(Calendar.from_ical((reported / "goals.ics").read_bytes()).walk("VEVENT"))
    rows = store.read_rows(reported.parent.parent, "spring_2027")
    dated = [goal for goal in goals(known[0], merge_answers(rows, "mentee")[0]) if goal.due]
    assert len(dated) > 20 and len(events) == len(dated) == len(
        {str(event["UID"]) for event in events}
    )
    assert {event.decoded("dtstart") for event in events} == {goal.due for goal in dated}


def test_everybody_who_asked_gets_their_own_goals_and_nobody_elses(known, reported: Path) -> None:  # type: ignore[no-untyped-def]
    rows = store.read_rows(reported.parent.parent, "spring_2027")
    asked = {
        goal.key
        for goal in goals(known[0], merge_answers(rows, "mentee")[0])
        if goal.remind and goal.texts
    }
    sheets = {path: words(path) for path in (reported / "reflect").iterdir()}
    assert len(sheets) == len(asked) > 3
    for path, text in sheets.items():
        owners = {
            person.key
            for person in known[1].people.values()
            if person.key in set(re.findall(r"P-\d\d", text))
        }
        assert len(owners) == 1 and owners <= asked, path


def test_both_pages_and_the_pdf_are_accessible(reported: Path) -> None:
    with fillers.chromium() as browser:
        tab, asked = browser.new_page(), list[str]()
        tab.on("request", lambda request: asked.append(request.url))
        for name in ("report.html", "collect-report.html", "follow-up.html"):
            tab.goto((reported / name).as_uri())
            found = [
                each
                for each in Axe().run(tab).response["violations"]
                if each["impact"] in ("serious", "critical")
            ]
            assert not found, (name, [(each["id"], each["nodes"][0]["html"]) for each in found])
            assert all(url.startswith(("file:", "data:")) for url in asked), asked
    for path in (reported / "report.pdf", *list((reported / "reflect").iterdir())[:1]):
        assert_accessible(path.read_bytes())


def assert_accessible(pdf: bytes) -> None:
    with pikepdf.open(BytesIO(pdf)) as document:
        assert document.Root.MarkInfo.Marked and str(document.Root.Lang) == "en-US"
        assert not document.check_pdf_syntax()
    assert {failure.rule_id for failure in validate_pdf_bytes(pdf, profile="ua1").failures} == set()
