"""The page as people use it: Chromium, real clicks and real keys, on a copy of the real program."""

from __future__ import annotations

import re
import shutil
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import copy_program
from mentorkit.edition.field_names import OWNER
from mentorkit.packets.packets import packet_id
from mentorkit.pdf.form_reader import read_form_metadata, read_values
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from paths import DATA
from preview_server import Preview, preview

CASE = "case_studies/woodsmoke.yaml"
expect.set_options(timeout=20_000)
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        yield opened
        opened.close()


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Preview]:
    with preview(copy_program(tmp_path / "mentoring_up")) as running:
        yield running


@pytest.fixture
def tab(page: Preview, browser: Browser) -> Iterator[Callable[..., Page]]:
    """`tab(path)`: a new tab of one browser.

    Whatever the console complains of, or whatever leaves this machine, fails the test.
    """
    wrong: list[str] = []
    contexts: dict[str, BrowserContext] = {}

    def opened(path: str, light: str = "light") -> Page:
        if light not in contexts:
            contexts[light] = browser.new_context(
                viewport={"width": 1440, "height": 950}, color_scheme=light
            )  # type: ignore[arg-type]
            contexts[light].new_page().goto(page.guard.address)
        found = contexts[light].new_page()
        found.on("pageerror", lambda fault: wrong.append(str(fault)))
        found.on(
            "console",
            lambda line: (
                wrong.append(line.text)
                if line.type == "error" and not re.search(r"status of (412|422)", line.text)
                else None
            ),
        )
        found.on(
            "request",
            lambda asked: (
                None
                if asked.url.startswith((page.origin, "data:", "blob:"))
                else wrong.append(asked.url)
            ),
        )
        found.goto(page.origin + path)
        return found

    yield opened
    for context in contexts.values():
        context.close()
    assert not wrong


def in_book(tab: Page, side: str = "workbook") -> str:
    return tab.frame_locator(f"iframe[data-side={side}]").locator("body").inner_text()


def until(true: Callable[[], bool], seconds: float = 15) -> float:
    """Wait for it; how long it took."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, "it never came"
        time.sleep(0.05)
    return time.monotonic() - began


def test_a_sentence_is_changed_seen_and_saved(page: Preview, tab: Callable[..., Page]) -> None:
    place = page.folder / CASE
    before = place.read_bytes()
    editor = tab("/")
    editor.get_by_role("link", name="Edit Woodsmoke").click()
    story = editor.get_by_label("Text needed")
    expect(story).to_have_value(re.compile("nineteen years of numbers and no time"))
    expect(editor.get_by_role("button", name="Save")).to_be_disabled()
    story.fill(
        story.input_value().replace("nineteen years of numbers", "nineteen years of figures")
    )
    took = until(lambda: "nineteen years of figures" in in_book(editor))
    print(f"a typed word is seen after {took:.2f} s")
    assert place.read_bytes() == before, "nothing is saved before it is asked for"
    editor.get_by_role("button", name="Save").click()
    expect(editor.locator("#state")).to_have_text("Saved")
    assert place.read_bytes() == before.replace(
        b"nineteen years of numbers", b"nineteen years of figures"
    )
    editor.goto(page.origin + "/see/case_study/woodsmoke")
    assert "nineteen years of figures" in in_book(editor)


def test_what_is_broken_is_told_and_not_saved(page: Preview, tab: Callable[..., Page]) -> None:
    before = (page.folder / CASE).read_bytes()
    editor = tab(f"/edit/{CASE}")
    title = editor.get_by_label("Title needed")
    title.fill("")
    expect(editor.locator("#f-title-said")).to_contain_text('"title" is empty')
    expect(title).to_have_attribute("aria-invalid", "true")
    assert "Woodsmoke" in in_book(editor), "the last good page stays"
    editor.get_by_role("button", name="Save").click()
    expect(editor.locator("#state")).to_have_text(re.compile("Cannot be saved yet"))
    assert (page.folder / CASE).read_bytes() == before
    editor.locator("#summary a").first.click()
    expect(title).to_be_focused()
    title.fill("Smoke: after all")
    expect(editor.locator("#summary")).to_be_hidden()
    editor.keyboard.press("Control+s")
    expect(editor.locator("#state")).to_have_text("Saved")
    assert (page.folder / CASE).read_bytes() == before.replace(
        b"title: Woodsmoke", b'title: "Smoke: after all"'
    )


def test_a_question_is_added_moved_and_deleted_and_comes_back(
    page: Preview, tab: Callable[..., Page]
) -> None:
    place = page.folder / CASE
    before = place.read_bytes()
    editor = tab(f"/edit/{CASE}")
    names = editor.locator("#f-questions > .within > ol > li > details").evaluate_all(
        "all => all.map((each) => each.id)"
    )
    editor.locator("#f-questions-new").fill("What would you do with the smoke?")
    expect(editor.locator("#f-questions-name")).to_have_value("would_with_smoke")
    editor.get_by_role("button", name="Add question").click()
    expect(editor.locator("#f-questions-would_with_smoke")).to_be_visible()
    editor.get_by_role("button", name="Up: move would with smoke").click()
    until(
        lambda: (
            editor.locator("#f-questions > .within > ol > li > details").evaluate_all(
                "all => all.map((each) => each.id)"
            )
            == [*names[:-1], "f-questions-would_with_smoke", names[-1]]
        )
    )
    until(lambda: "What would you do with the smoke?" in in_book(editor))
    editor.get_by_role("button", name="Save").click()
    expect(editor.locator("#state")).to_have_text("Saved")
    line = b"  would_with_smoke: What would you do with the smoke?\n"
    assert place.read_bytes().replace(line, b"") == before and line in place.read_bytes()
    editor.get_by_role("button", name="Delete would with smoke").click()
    expect(editor.locator("#f-questions-would_with_smoke")).to_have_count(0)
    editor.get_by_role("button", name="Undo").click()
    expect(editor.locator("#f-questions-would_with_smoke")).to_have_count(1)


def test_two_tabs_and_neither_loses_its_words(page: Preview, tab: Callable[..., Page]) -> None:
    place = page.folder / CASE
    one, other = tab(f"/edit/{CASE}"), tab(f"/edit/{CASE}")
    other.get_by_label("Title needed").fill("Embers")
    expect(other.locator("#state")).to_contain_text("1 change")
    one.get_by_label("Title needed").fill("Ashes")
    one.get_by_role("button", name="Save").click()
    expect(one.locator("#state")).to_have_text("Saved")
    expect(
        other.get_by_role("heading", name="The file was changed outside this page")
    ).to_be_visible()
    expect(other.locator("#both")).to_contain_text("Embers")
    expect(other.locator("#both")).to_contain_text("Ashes")
    assert b"title: Ashes" in place.read_bytes()
    other.get_by_role("button", name="Put my changes onto the new file").click()
    expect(other.locator("#state")).to_have_text("Saved")
    assert b"title: Embers" in place.read_bytes()
    expect(one.get_by_label("Title needed")).to_have_value(
        "Embers"
    )  # nothing was typed there, so it follows


def test_what_is_typed_while_saving_is_not_lost(page: Preview, tab: Callable[..., Page]) -> None:
    editor = tab(f"/edit/{CASE}")
    title = editor.get_by_label("Title needed")
    editor.route("**/api/file/**", lambda route: (time.sleep(1.5), route.continue_()))
    title.press("End")
    title.press_sequentially(" one")
    editor.keyboard.press("Control+s")
    title.press_sequentially(" two")
    expect(editor.locator("#state")).to_contain_text("1 change not saved yet", timeout=15_000)
    expect(title).to_have_value(re.compile("one two|two one"))
    editor.keyboard.press("Control+s")
    expect(editor.locator("#state")).to_have_text("Saved", timeout=15_000)
    assert b"title: Woodsmoke one two\n" in (page.folder / CASE).read_bytes()


def test_a_change_in_another_editor_is_seen(page: Preview, tab: Callable[..., Page]) -> None:
    place = page.folder / CASE
    reader = tab("/see/case_study/woodsmoke")
    assert "Prakash" in in_book(reader)
    place.write_bytes(
        place.read_bytes().replace(b"Prakash Venkataraman had nineteen", b"Somebody had nineteen")
    )
    took = until(lambda: "Somebody had nineteen" in in_book(reader))
    print(f"a save in another editor is seen after {took:.2f} s")
    place.write_bytes(b"title: [\n" + place.read_bytes())
    expect(reader.locator(".banner")).to_contain_text("Something stops the books")
    assert "Somebody had nineteen" in in_book(reader), "no blank page"
    reader.get_by_role("link", name="See what it is").click()
    reader.locator(".problems .stops a").first.click()
    expect(reader).to_have_url(re.compile(r"/source/case_studies/woodsmoke\.yaml.*#L\d+"))
    place.write_bytes(place.read_bytes().removeprefix(b"title: [\n"))
    expect(reader.locator(".banner")).to_have_count(0, timeout=15_000)


def test_a_problem_leads_to_its_field(page: Preview, tab: Callable[..., Page]) -> None:
    place = page.folder / CASE
    place.write_bytes(re.sub(rb"(?m)^seat: .*$", b"seat: table", place.read_bytes()))
    reader = tab("/problems")
    reader.locator(".problems .stops a").first.click()
    expect(reader.locator("#f-seat")).to_be_focused()
    reader.locator("#f-seat").select_option("mentee")
    reader.get_by_role("button", name="Save").click()
    expect(reader.locator("#state")).to_have_text("Saved")
    assert b"seat: mentee\n" in place.read_bytes()


def test_books_and_packets_are_made_with_their_progress_and_fetched(
    page: Preview, tab: Callable[..., Page], tmp_path: Path
) -> None:
    """A book, then everybody's packet: how far it is stands in the page, is spoken a few times, and
    the name is in the file."""
    shutil.rmtree(page.folder)  # a program so small that its books are made in seconds
    shutil.copytree(DATA / "small_program", page.folder)
    reader = tab("/books?cohort=fall")
    reader.get_by_role("button", name="Worksheets of fall").click()
    made(reader, "fall worksheets", "of 3")
    with reader.expect_download() as waiting:
        reader.locator(".files a").first.click()
    waiting.value.save_as(tmp_path / "sheet.pdf")
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF-")

    reader.get_by_role("button", name="Make the packets of fall").click()
    spoken = made(reader, "fall packets", "of 5")
    assert 2 <= len(spoken) <= 6, spoken
    assert "1 person, 5 files" in reader.locator("#press-told").inner_text()
    reader.get_by_text("One person’s packet").click()
    for link in ("Ana-López", "in one ZIP"):
        with reader.expect_download() as waiting:
            reader.get_by_role("link", name=link).click()
        waiting.value.save_as(tmp_path / "packet.zip")
        with zipfile.ZipFile(tmp_path / "packet.zip") as packet:
            assert packet.testzip() is None
            assert sorted(packet.namelist()) == [
                f"Ana-López/{path}"
                for path in (
                    "Ana López - workbook.pdf",
                    "To return (Ana López).pdf",
                    "worksheets/Ana López - alone.pdf",
                    "worksheets/Ana López - reading.pdf",
                    "worksheets/Ana López - two chairs.pdf",
                )
            ]
            book = packet.read("Ana-López/Ana López - workbook.pdf")
            assert read_form_metadata(book).packet == packet_id("fall", "P-1")
            assert read_values(book)[OWNER] == "Ana López"


def made(reader: Page, what: str, files: str) -> list[str]:
    """Wait until it is made; what was said in the meantime.

    On the way the page tells which file it is at, and the bar only grows.
    """
    shown, spoken, percents = set[str](), list[str](), list[int]()
    began = time.monotonic()
    while not (spoken and spoken[-1].startswith(f"Made {what}")):
        assert time.monotonic() - began < 120, (spoken, shown)
        said, far, percent = reader.evaluate(
            "[...['#press-state', '#press-doing'].map((each) => "
            "document.querySelector(each).textContent), document.querySelector('.press "
            "progress').value]"
        )
        spoken += [said] if said and said not in spoken[-1:] else []
        shown.add(far)
        percents += [percent] if said.startswith(f"Making {what}") else []
        reader.wait_for_timeout(50)
    assert f"Making {what} …" in spoken and any(
        re.match(f"Laying out .* file [0-9] {files}", far) for far in shown
    ), (spoken, shown)
    assert percents == sorted(percents) and percents[-1] < 100, percents
    return spoken


def test_the_whole_journey_by_keyboard(page: Preview, tab: Callable[..., Page]) -> None:
    """From the first page to a saved sentence and a new question: Tab, Enter, letters, Control+S,
    and never a mouse."""
    place = page.folder / CASE
    before = place.read_bytes()
    reader = tab("/")
    key = reader.keyboard.press

    def tab_to(selector: str, most: int = 400) -> None:
        for _ in range(most):
            key("Tab")
            if reader.evaluate("chosen => document.activeElement.matches(chosen)", selector):
                box = reader.evaluate(
                    "(() => { const at = document.activeElement.getBoundingClientRect(); return "
                    "[at.width, at.height, "
                    "getComputedStyle(document.activeElement).outlineStyle]; })()"
                )
                assert box[0] > 0 and box[1] > 0 and box[2] != "none", (
                    "what has the focus is seen to have it"
                )
                return
        raise AssertionError(f"{selector} cannot be reached by Tab")

    key("Tab")
    assert reader.evaluate("document.activeElement.textContent") == "Skip to the content"
    tab_to(f'a[href^="/edit/{CASE}"]')
    key("Enter")
    expect(reader.locator("#form")).to_be_visible()
    tab_to("#f-title")
    key("Control+a")
    reader.keyboard.type("Wood and smoke")
    tab_to("#f-questions-new")
    reader.keyboard.type("Why this smoke?")
    key("Tab")
    key("Enter")  # the short name was proposed; Enter adds
    expect(reader.locator("#f-questions-why_smoke")).to_be_visible()
    until(
        lambda: bool(
            reader.evaluate("document.activeElement.id.startsWith('f-questions-why_smoke')")
        )
    )
    key("Control+s")
    expect(reader.locator("#state")).to_have_text("Saved")
    assert place.read_bytes() == before.replace(
        b"title: Woodsmoke", b"title: Wood and smoke"
    ).replace(b"facilitator:\n", b"facilitator:\n", 1).replace(
        last_question(before), last_question(before) + b"  why_smoke: Why this smoke?\n"
    )
    assert reader.evaluate("document.activeElement !== document.body"), (
        "the focus is not lost by saving"
    )


def last_question(data: bytes) -> bytes:
    """The lines of the last question of the case."""
    block = re.search(rb"(?m)^questions:\n((?:  .*\n|\n)+)", data)
    assert block
    return re.findall(rb"(?m)(^  [a-z_]+:.*\n(?:    .*\n)*)", block[1])[-1]


PAGES = (
    "/",
    "/problems",
    "/books",
    "/see/session/mentoring_up",
    "/see/case_study/woodsmoke",
    "/see/cohort/spring_2027",
    "/edit/case_studies/woodsmoke.yaml",
    "/edit/sessions/philosophy_at_home.yaml",
    "/edit/cohorts/spring_2027/cohort.yaml",
    "/source/case_studies/woodsmoke.yaml",
    "/book/spring_2027/case_study/woodsmoke/workbook",
    "/book/spring_2027/session/mentoring_up/guide",
    "/book/spring_2027/session/mentoring_up/workbook",
    "/book/spring_2027/worksheet/questionnaire/workbook",
    "/book/spring_2027/cohort/spring_2027/workbook",
)


@pytest.mark.parametrize("light", ["light", "dark"])
def test_axe_finds_nothing(page: Preview, browser: Browser, light: str) -> None:
    place = page.folder / "case_studies/the_road_you_know.yaml"
    place.write_bytes(
        re.sub(rb"(?m)^seat: .*$", b"seat: table", place.read_bytes())
    )  # so that there is a problem to show
    context = browser.new_context(
        viewport={"width": 1440, "height": 950}, color_scheme=light, bypass_csp=True
    )  # type: ignore[arg-type]
    found: list[str] = []
    try:
        opened = context.new_page()
        opened.goto(page.guard.address)
        for path in PAGES:
            opened.goto(page.origin + path)
            opened.wait_for_timeout(300)
            if path == f"/edit/{CASE}":
                opened.locator("#f-title").fill("")
                expect(opened.locator("#summary")).to_be_visible()
                opened.evaluate(
                    "document.querySelectorAll('#form details').forEach((each) => { each.open = "
                    "true; })"
                )
            result = Axe().run(opened, options=RULES)
            assert len(result.response["passes"]) > 5, (
                f"axe looked at nothing on {path}: {page.told[1:]}"
            )
            found += [
                f"{path}: {each['id']}: {each['nodes'][0]['target']} "
                f"{each['nodes'][0]['failureSummary']}"
                for each in result.response["violations"]
            ]
    finally:
        context.close()
    assert not found, "\n".join(found)


@pytest.mark.parametrize("width", [320, 768])
def test_small_windows_lose_nothing(page: Preview, browser: Browser, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 700})
    opened = context.new_page()
    opened.goto(page.guard.address)
    for path in ("/", "/problems", "/books", f"/edit/{CASE}", f"/source/{CASE}"):
        opened.goto(page.origin + path)
        assert opened.evaluate("document.documentElement.scrollWidth") <= width, path
    context.close()
