"""No English of the kit outside its strings: each string is replaced by accented, longer text, and
none other is left.

What the program itself says is accented too; what a cohort's file says, such as names and places,
may stay.
"""

from __future__ import annotations

import html
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from types import SimpleNamespace

import pytest
from icalendar import Calendar
from mentorkit.checks.load import load_program
from mentorkit.compose.compose import Composed, compose
from mentorkit.compose.placeholders import Filler
from mentorkit.edition import strings
from mentorkit.edition.field import Kind
from mentorkit.handouts.handouts import handouts
from mentorkit.packets.email_drafts import draft
from mentorkit.people.person import Person
from mentorkit.people.roster import Roster
from mentorkit.program.library import Library
from mentorkit.program.schedule import scheduled
from mentorkit.render.print.html import answers_html, guide_html, workbook_html, worksheet_html
from mentorkit.render.print.options import PrintOptions, Screen
from mentorkit.render.renderer import RenderContext
from mentorkit.render.web.site import WebRenderer
from mentorkit.responses.goals import Goal, calendar
from mentorkit.responses.register import make_register
from mentorkit.responses.statistics import figures

from folders import HERE, laid_out

PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
ACCENTED = "áƀćđéƒǵĥíĵķĺḿńóṕɋŕśţúṽẃẋýźÁɃĆĐÉƑǴĤÍĴĶĹḾŃÓṔɊŔŚŢÚṼẂẊÝŹ"
ACCENTS = str.maketrans(PLAIN, ACCENTED)
KEPT = re.compile(r"\{\w+\}|\]\([^)]*\)|https?://\S+|\S+@\S+")
PEOPLE = tuple(
    Person(key=f"P{n}", name=f"Ñ{n}", email=f"p{n}@x.example", id=f"P{n}", row=n, group="Ω" * 3)
    for n in range(1, 8)
)
# A license, time zones, and the file names that a page cites.
ALLOWED = {"CC", "BY", "SA", "CST", "CDT", "https", "example", "org"}


def accent(text: str) -> str:
    """Return the text in accented letters; slots and addresses stay."""
    parts = re.split(f"({KEPT.pattern})", text)
    return "".join(part if n % 2 else part.translate(ACCENTS) for n, part in enumerate(parts))


def lengthen(text: str) -> str:
    """Return the text in accented letters, 40 percent longer."""
    return accent(text) + "ŵ" * round(len(text) * 0.4)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Library, Composed]]:
    """A program in which only a cohort's own words are English."""
    patch = pytest.MonkeyPatch()
    texts = {
        # Lists of words keep their length: days, months, numbers.
        key: {form: (accent if "," in text else lengthen)(text) for form, text in forms.items()}
        for key, forms in strings._texts().items()
    }
    patch.setattr(strings, "_texts", lambda: texts)
    fill = Filler.__call__
    patch.setattr(Filler, "__call__", lambda self, text: accent(fill(self, text)))
    folder = laid_out(
        HERE / "editions" / "_program",
        HERE / "editions" / "whole",
        tmp_path_factory.mktemp("p") / "p",
    )
    library = load_program(folder)
    yield library, compose(library, "fall")
    patch.undo()


def visible(page: str) -> str:
    """Return what is read of a page: its texts, and what a screen reader says."""
    page = re.sub(r"<(style|script)\b.*?</\1>", "", page, flags=re.DOTALL)
    spoken = re.findall(r'(?:title|alt|aria-label|data-run|data-name)="([^"]*)"', page)
    return html.unescape("\n".join([re.sub(r"<[^>]+>", "\n", page), *spoken]))


def english(text: str, library: Library) -> set[str]:
    """Return the words in plain letters that no cohort wrote."""
    cohort = library.cohorts["fall"]
    written = (library.folder / cohort.path).read_text(encoding="utf-8")
    allowed = ALLOWED | set(re.findall(r"[A-Za-z]+", written))
    text = re.sub(r"https?://\S+|\S+@\S+", " ", text)
    return set(re.findall(r"[A-Za-z]{2,}", text)) - allowed


def web_pages(made: Composed) -> dict[str, str]:
    """Return the pages of the web edition."""
    pictures = {figure.file: b"<svg/>" for figure in made.workbook.figures()}
    renderer = WebRenderer(
        cohort="fall", edition_id="0123456789", document="workbook", pictures=pictures
    )
    files = renderer.render(made.workbook, RenderContext())
    return {f.path: f.data.decode() for f in files if f.path.endswith(".html")}


def books(made: Composed) -> dict[str, str]:
    screen = Screen("", "", {}, lambda _: "/style.css")
    pages: dict[str, int] = defaultdict(lambda: 1)
    large: dict[str, int] = defaultdict(lambda: 1, {"any": 1})
    return {
        "workbook": workbook_html(made.workbook, PrintOptions(fillable=True)),
        "large print": workbook_html(made.workbook, PrintOptions(large=True)),
        "screen": workbook_html(made.workbook, PrintOptions(screen=screen)),
        "guide": guide_html(made.guide, pages, PrintOptions(), large),
        **{sheet.name: worksheet_html(sheet) for sheet in made.worksheets},
        **web_pages(made),
    }


def test_the_books_hold_no_english_of_the_kit(world: tuple[Library, Composed]) -> None:
    library, made = world
    left = {name: english(visible(page), library) for name, page in books(made).items()}
    assert {name: words for name, words in left.items() if words} == {}
    assert "ŵŵ" in books(made)["workbook"], "the strings are replaced at all"


def test_the_style_sheet_prints_no_english_of_the_kit(world: tuple[Library, Composed]) -> None:
    page = workbook_html(world[1].workbook)
    assert not re.search(r'content: "[^"]*[A-Za-z]{2}', page)


def test_the_handouts_hold_no_english_of_the_kit(world: tuple[Library, Composed]) -> None:
    library, made = world
    _, cohort = scheduled(library, library.cohorts["fall"].model)
    done = handouts(made, cohort, Roster(PEOPLE, (), ()), library.folder)
    assert len(done.sheets) >= 3
    for sheet in done.sheets:
        assert english(visible(sheet.html), library) == set(), sheet.path
    (ics,) = (file.data for file in done.files if file.path.endswith("calendar.ics"))
    events = Calendar.from_ical(ics).walk("VEVENT")
    assert events
    for event in events:
        assert english(f"{event['SUMMARY']} {event['DESCRIPTION']}", library) == set()


def test_the_mails_hold_no_english_of_the_kit(world: tuple[Library, Composed]) -> None:
    library, made = world
    said = {"name": "Ñ", "title": "Ť", "cohort": "Ç", "folder": "ñ"}
    files = [(f"{n}.pdf", lambda: b"x") for n in range(99)]
    words = strings.words_of(made.workbook.words)
    mail = message_from_bytes(draft("a@x.example", files, lambda: b"", said, words), policy=default)
    body = mail.get_body()
    assert body is not None
    assert english(f"{mail['Subject']} {body.get_content()}", library) == set()


def test_the_pages_about_answers_hold_no_english_of_the_kit(
    world: tuple[Library, Composed],
) -> None:
    """The notes on single files are messages of `collect`, and stay English."""
    library, made = world
    sent = make_register(made, PEOPLE)
    row = SimpleNamespace(
        file="1",
        name="",
        key="",
        document="",
        side="mentor",
        fates={},
        eye=True,
        status="",
        answers={},
    )
    told = SimpleNamespace(**{**vars(row), "eye": False, "private": 0})
    goal = Goal("P1", "Ɱ", None, True, True, (("ĥ", "ţ"),))
    chance = random.Random(1)
    said = {
        person.key: {
            place.name: str(chance.randint(1, 6)) if place.kind is not Kind.TICK else "yes"
            for place in sent.places.values()
        }
        for person in PEOPLE
    }
    found = list(figures(made, sent, library, said, said).values())
    assert len(found) >= 2
    totals = dict.fromkeys(
        ("answered", "blank", "missing", "doubled", "damaged", "unknown", "private"), 1
    )
    people = list(PEOPLE)
    pages = {
        "collect": {
            "rows": [row, told], "sent": sent, "silent": people, "empty": {"P1"}, "waiting": people,
            "partly": [("ṕ", ["ñ"])], "totals": totals,
        },
        "report": {
            "frame": "answers/base.html", "figures": found, "answers": [("ɋ", ["á"])], "least": 5,
            "people": 7, "returned": 3, "conflicts": 2, "nameless": 2,
        },
        "follow-up": {"goals": [goal], "people": {}},
        "reflect": {"person": PEOPLE[0], "goals": [goal]},
    }  # fmt: skip
    for name, values in pages.items():
        page = answers_html(name, made.workbook, **values)
        assert english(visible(page), library) == set(), name
    empty = answers_html("follow-up", made.workbook, goals=[], people={})
    assert english(visible(empty), library) == set()


def test_the_calendar_of_goals_holds_no_english_of_the_kit(
    world: tuple[Library, Composed],
) -> None:
    import datetime

    library, made = world
    goal = Goal("P1", "Ɱ", datetime.date(2027, 6, 1), False, True, ())
    ics = calendar([goal], made.workbook, make_register(made, PEOPLE))
    (event,) = Calendar.from_ical(ics).walk("VEVENT")
    assert english(str(event["SUMMARY"]), library) == set()


def test_every_string_is_used() -> None:
    package = Path(strings.__file__).parent.parent
    files = [
        *package.rglob("*.py"),
        *package.glob("templates/**/*.html"),
        *package.glob("templates/*.css"),
    ]
    source = "\n".join(path.read_text(encoding="utf-8") for path in files)
    computed = re.compile("cue_|seat_|ref_|file_|web_|run_|_title$")
    unused = {
        key
        for key in strings._texts()
        if not re.search(rf"\b{key}\b", source) and not computed.search(key)
    }
    assert unused == set()


def test_words_have_no_attribute_but_their_keys() -> None:
    words = strings.Words({"clear": "Limpiar", "items": "Cosas"})
    assert (words.clear, words["items"]) == ("Limpiar", "Cosas")  # type: ignore[attr-defined]
    assert [name for name in dir(words) if not name.startswith("__")] == ["clear", "items"]


def test_a_phrase_keeps_braces_that_are_no_slot_and_escapes_what_is_no_html() -> None:
    assert strings.phrase("{a} and {b}", a="{b}") == "{b} and {b}"
    assert str(strings.html_phrase("<{a}> & {b}", a="<x>")) == "&lt;&lt;x&gt;&gt; &amp; {b}"


def test_a_program_replaces_words_and_a_screen_has_words_of_its_own() -> None:
    assert strings.words_of({"name": "Nombre"})["name"] == "Nombre"
    assert "page" in strings.words_of({})["see_page"]
    assert "page" not in strings.words_of({}, is_screen=True)["see_page"]
