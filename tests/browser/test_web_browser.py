"""The web edition as people use it: Chromium, real keys and clicks, from disk and from a server."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from mentorkit.packets.packets import packet_id
from mentorkit.responses.inbox import Reading
from mentorkit.responses.matching import judge
from mentorkit.responses.register import make_register
from mentorkit.responses.web_answers import read_web_answers
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from web_site import composed, pages, write_site

expect.set_options(timeout=10_000)
SCALES, STORY = "sheet-questionnaire.html", "talking_and_agreeing-communication.html"
NOTES = "welcome.html"
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "preload": False,  # the pages' policy rightly stops its fetching
}
REFUSE = """Object.defineProperty(Storage.prototype, "setItem",
  {value() { throw new DOMException("no", "SecurityError"); }});"""
FULL = """const kept = Storage.prototype.setItem;
Storage.prototype.setItem = function(key, value) {
  if (window.isFull) throw new DOMException("full", "QuotaExceededError");
  return kept.call(this, key, value); };"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_site(tmp_path_factory.mktemp("web"))


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


Opener = Callable[..., Page]


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 390, "height": 844})
    yield opened
    opened.close()


@pytest.fixture
def tab(context: BrowserContext, server: str) -> Iterator[Opener]:
    """`tab(path)` opens a page of the site; what the console complains of fails the test."""
    wrong: list[str] = []

    def opened(path: str, script: str = "") -> Page:
        page = context.new_page()
        page.on("pageerror", lambda fault: wrong.append(str(fault)))
        page.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
        if script:
            page.add_init_script(script)
        page.goto(f"{server}/{path}")
        return page

    yield opened
    assert wrong == []


def first_text(path: str) -> str:
    """Return the name of the first place for a text on a page."""
    from mentorkit.pipeline.site import with_take_home
    from mentorkit.render.web.pages import divide

    page = next(p for p in divide(with_take_home(composed())) if p.path == path)
    return next(place.name for place in page.places if place.kind == "text")


def write(page: Page, name: str, text: str) -> None:
    page.fill(f"[id='{name}']", text)
    page.locator(f"[id='{name}']").blur()


def test_an_answer_is_there_again_after_a_reload(tab: Opener) -> None:
    page, name = tab(STORY), first_text(STORY)
    write(page, name, "Two lines\nof mine")
    page.reload()
    expect(page.locator(f"[id='{name}']")).to_have_value("Two lines\nof mine")
    expect(page.locator("#saved-count")).to_have_text("1 answer, saved on this device")


def test_a_scale_is_chosen_by_arrows_and_can_be_cleared(tab: Opener) -> None:
    page = tab(SCALES)
    scale = page.locator("fieldset.pair").first
    scale.locator("input").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    assert scale.locator("input:checked").get_attribute("value") == "2"
    page.reload()
    assert scale.locator("input:checked").get_attribute("value") == "2"
    scale.locator(".clear").click()
    page.reload()
    assert scale.locator("input:checked").count() == 0


def test_two_tabs_agree(tab: Opener) -> None:
    first, second, name = tab(STORY), tab(STORY), first_text(STORY)
    write(first, name, "from the first")
    expect(second.locator(f"[id='{name}']")).to_have_value("from the first")
    write(second, name, "from the second")
    expect(first.locator(f"[id='{name}']")).to_have_value("from the second")


def test_refused_storage_is_said_at_once_and_the_text_stays(tab: Opener) -> None:
    page, name = tab(STORY, REFUSE), first_text(STORY)
    expect(page.locator("#storage")).to_contain_text("This browser keeps nothing")
    write(page, name, "still here")
    assert page.input_value(f"[id='{name}']") == "still here"
    expect(page.locator(".saved")).to_be_hidden()


def test_full_storage_is_said_when_it_happens_and_heals(tab: Opener) -> None:
    page, name = tab(STORY, FULL), first_text(STORY)
    write(page, name, "one")
    page.evaluate("window.isFull = true")
    write(page, name, "two")
    expect(page.locator("#storage")).to_contain_text("No room is left in this browser")
    page.evaluate("window.isFull = false")
    write(page, name, "three")
    expect(page.locator("#storage")).to_be_hidden()
    page.reload()
    expect(page.locator(f"[id='{name}']")).to_have_value("three")


def test_storage_cleared_in_the_middle_loses_nothing_on_the_page(tab: Opener) -> None:
    page = tab(SCALES)
    page.locator("fieldset.pair").nth(0).locator("label").nth(2).click()
    page.evaluate("localStorage.clear()")
    page.locator("fieldset.pair").nth(1).locator("label").nth(3).click()
    page.reload()
    assert page.locator("input:checked").count() == 2


def test_the_state_of_a_page_is_shown_where_it_is_listed(tab: Opener) -> None:
    page, name = tab(STORY), first_text(STORY)
    write(page, name, "one answer")
    home = tab("index.html")
    expect(home.locator(f"main a[href='{STORY}'] .st")).to_contain_text("Begun, 1 of ")
    page.click("#done")
    expect(home.locator(f"main a[href='{STORY}'] .st")).to_have_text("Done")
    expect(home.locator("#resume a")).to_have_attribute("href", STORY)


def test_a_paragraph_of_a_story_can_be_marked(tab: Opener) -> None:
    page = tab(STORY)
    mark = page.get_by_role("button", name="Mark paragraph 2", exact=True)
    mark.click()
    page.reload()
    expect(mark).to_have_attribute("aria-pressed", "true")


def test_light_and_dark_are_remembered(tab: Opener) -> None:
    page = tab("index.html")
    page.click("#look-button")
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_search_finds_beginnings_of_words_without_accents_and_pages(tab: Opener) -> None:
    page = tab("index.html")
    page.keyboard.press("/")
    page.keyboard.type("questionn")
    link = page.locator("dialog.search li a").first
    expect(link).to_be_visible()
    assert (
        "question" in (link.text_content() or "").lower()
        or page.locator(f"dialog.search a[href^='{SCALES}']").count()
    )
    page.fill("dialog.search input", "12")
    expect(page.locator("dialog.search li a").first).to_contain_text("Book page 12")
    page.keyboard.press("Escape")
    expect(page.locator("dialog.search")).to_be_hidden()


def test_it_works_from_a_disk(context: BrowserContext, folder: Path) -> None:
    page, name = context.new_page(), first_text(STORY)
    page.goto((folder / STORY).as_uri())
    write(page, name, "kept on a disk")
    page.goto((folder / "index.html").as_uri())
    expect(page.locator("#saved-count")).to_have_text("1 answer, saved on this device")
    page.click("#search-button")
    page.fill("dialog.search input", "feedback")
    expect(page.locator("dialog.search li a").first).to_be_visible()


def test_it_works_without_a_network_once_it_was_visited(tab: Opener) -> None:
    page, name = tab("index.html"), first_text(STORY)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.context.set_offline(True)
    page.goto(page.url.replace("index.html", STORY))
    write(page, name, "written on a train")
    page.reload()
    expect(page.locator(f"[id='{name}']")).to_have_value("written on a train")
    page.keyboard.press("Escape")
    page.click("#search-button")
    page.fill("dialog.search input", "feedback")
    expect(page.locator("dialog.search li a").first).to_be_visible()
    page.context.set_offline(False)


def test_it_can_be_read_without_script(browser: Browser, server: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server}/{STORY}")
    expect(page.locator("noscript .warn")).to_be_visible()
    assert page.locator("button:visible").count() == 0
    page.click("nav.next a[rel=next]")
    assert page.url != f"{server}/{STORY}"
    context.close()


def keep(page: Page, folder: Path) -> Path:
    """Return the file that the page My answers makes."""
    with page.expect_download() as download:
        page.click("#keep")
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def test_a_file_takes_answers_to_another_device_and_the_newer_one_stays(
    tab: Opener, browser: Browser, server: str, tmp_path: Path
) -> None:
    page, name = tab(STORY), first_text(STORY)
    write(page, name, "written first")
    tab(SCALES).locator("fieldset.pair").first.locator("label").nth(4).click()
    file = keep(tab("answers.html"), tmp_path)
    assert file.name.startswith("My answers - keep - ")
    text = file.read_text("utf-8")
    assert "written first" in text and "not meant to be sent" in text.replace("\n", " ")
    other = browser.new_context()
    there = other.new_page()
    there.goto(f"{server}/{STORY}")
    write(there, name, "written later")
    there.goto(f"{server}/answers.html")
    there.set_input_files("#go-on", file)
    expect(there.locator("#go-on-result")).to_have_text("1 answers taken, 1 newer ones here kept.")
    there.goto(f"{server}/{STORY}")
    expect(there.locator(f"[id='{name}']")).to_have_value("written later")
    other.close()


@pytest.mark.parametrize(
    "change, said",
    [
        (lambda _: "A letter to my mentor", "This file holds no answers of this workbook."),
        (lambda text: text.replace("mine", "his", 1), "This file was changed on the way."),
        (lambda text: text[: len(text) // 2], "This file was changed on the way."),
    ],
    ids=["foreign", "changed", "cut off"],
)
def test_a_file_that_is_not_right_changes_nothing(
    tab: Opener, tmp_path: Path, change: Callable[[str], str], said: str
) -> None:
    write(tab(STORY), first_text(STORY), "mine")
    page = tab("answers.html")
    file = keep(page, tmp_path)
    file.write_text(change(file.read_text("utf-8")), "utf-8")
    before = page.evaluate("JSON.stringify(Store.entries())")
    page.set_input_files("#go-on", file)
    expect(page.locator("#go-on-result")).to_contain_text(said)
    assert page.evaluate("JSON.stringify(Store.entries())") == before


def test_everything_on_the_device_can_be_deleted(tab: Opener) -> None:
    name = first_text(STORY)
    write(tab(STORY), name, "to be forgotten")
    page = tab("answers.html")
    page.click("#delete")
    expect(page.locator("#delete-dialog")).to_contain_text("Delete 1 answers from this device?")
    page.click("#delete-yes")
    page.goto(page.url.replace("answers.html", STORY))
    expect(page.locator(f"[id='{name}']")).to_have_value("")


def test_answers_of_an_earlier_edition_are_carried_over(tab: Opener) -> None:
    page, name = tab(STORY), first_text(STORY)
    page.evaluate(
        "name => localStorage.setItem(`mk:${BOOK.cohort}:0000000000:${name}`,"
        " JSON.stringify(['of an earlier edition', 5]))",
        name,
    )
    page.reload()
    expect(page.locator(f"[id='{name}']")).to_have_value("of an earlier edition")


WRITE_ALL = r"""seed => {
  const next = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 4294967296;
  const signs = "abc XYZ 0189 .,;:!? \n“”’–… éüñ Łódź 日本 🌱 <b>&amp; == mentorkit data \\ \"";
  const list = [...signs];
  for (const [name, , kind] of BOOK.fields) {
    const sign = () => list[Math.floor(next() * list.length)];
    const text = Array.from({length: 1 + next() * 60}, sign);
    Store.put(name, kind === "tick" ? "yes" : `x${text.join("")}x`);
  }
  return [AnswerFile.make(BOOK.words.web_file_about), Object.fromEntries(Store.entries()
    .filter(([name]) => !name.startsWith("~")).map(([name, entry]) => [name, entry[0]]))];
}"""


def values_of(said: dict[str, Any]) -> str:
    """Return every value in the result of reading a file."""
    return "\n".join(value for item in said["fields"].values() for value in item["values"])


@pytest.mark.parametrize("seed", [1, 2])
def test_more_than_five_hundred_random_answers_come_back_equal(tab: Opener, seed: int) -> None:
    page = tab("answers.html#packet=" + packet_id(composed().cohort, "P-07"))
    text, written = page.evaluate(WRITE_ALL, seed)
    assert len(written) > 500
    sent = make_register(composed(), ())
    said = read_web_answers(text.encode(), sent.private)
    assert said is not None
    (row,) = judge(Reading(file="a.txt", digest="0", said=said), sent)
    assert (row.key, row.document) == ("P-07", "workbook")
    returned = {name: answer for name, answer in written.items() if name not in sent.private}
    assert len(returned) > 100
    assert row.answers == returned
    private = [written[name] for name in sent.private if len(written.get(name, "")) > 12]
    assert private and not any(answer in values_of(said) for answer in private)
    again = page.evaluate(
        "text => { Store.removeAll(); const f = AnswerFile.read(new TextEncoder().encode(text));"
        " const r = Store.merge(f.entries); return [r.taken, Object.fromEntries(Store.entries()"
        " .filter(([n]) => !n.startsWith('~')).map(([n, e]) => [n, e[0]]))]; }",
        text,
    )
    assert again == [len(written), written]


def test_a_hostile_file_changes_nothing_or_is_equal(tab: Opener) -> None:
    page = tab("answers.html")
    odd = page.evaluate(
        """() => {
      Store.put(BOOK.fields[0][0], "mine");
      const bytes = new TextEncoder().encode(AnswerFile.make("about"));
      const right = JSON.stringify(AnswerFile.read(bytes));
      let seed = 9, odd = 0;
      const next = n => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) % n;
      for (let i = 0; i < 1000; i += 1) {
        const mutant = bytes.slice();
        for (let k = 0; k <= i % 4; k += 1) mutant[next(mutant.length)] = next(256);
        const found = AnswerFile.read(mutant);
        if (!found.fault && JSON.stringify(found) !== right) odd += 1;
      }
      return odd;
    }"""
    )
    assert odd == 0


LEAKS = """async address => {
  const tries = [
    () => fetch(address), () => navigator.sendBeacon(address, "x"),
    () => new WebSocket(address.replace("http", "ws")), () => new EventSource(address),
    () => { const r = new XMLHttpRequest(); r.open("POST", address); r.send("x"); },
    () => { const i = new Image(); i.src = address; document.body.append(i); },
    () => { const l = document.createElement("link"); l.rel = "stylesheet"; l.href = address;
      document.head.append(l); },
    () => { const l = document.createElement("link"); l.rel = "prefetch"; l.href = address;
      document.head.append(l); },
    () => { const s = document.createElement("script"); s.src = address; document.head.append(s); },
    () => { const f = document.createElement("iframe"); f.src = address; document.body.append(f); },
    () => { const v = document.createElement("video"); v.src = address; document.body.append(v); },
    () => { const f = document.createElement("form"); f.action = address; f.method = "post";
      document.body.append(f); f.submit(); },
    () => new Worker(address), () => import(address),
    () => { const f = new FontFace("x", `url(${address})`); return f.load(); },
  ];
  for (const attempt of tries) { try { await attempt(); } catch { } }
  await new Promise(done => setTimeout(done, 500));
}"""


def test_no_attempt_to_send_an_answer_leaves_the_page(context: BrowserContext, server: str) -> None:
    came: list[str] = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            came.append(self.path)
            self.send_response(204)
            self.end_headers()

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        page = context.new_page()
        page.goto(f"{server}/{STORY}")
        page.evaluate(LEAKS, f"http://127.0.0.1:{listening.server_port}/secret")
        listening.shutdown()
    assert came == []


@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_scrolls_sideways(browser: Browser, server: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 700})
    page = context.new_page()
    wide = {}
    for path in pages():
        page.goto(f"{server}/{path}")
        found = page.evaluate("document.documentElement.scrollWidth")
        if found > width:
            wide[path] = found
    context.close()
    assert wide == {}


AXE_PAGES = (
    "index.html",
    "answers.html",
    STORY,
    SCALES,
    "mentoring_up.html",
    "mentoring_up-introduction.html",
    "sheet-mentor_map.html",
    "sheet-roles.html",
    "sheet-stairs.html",
    "sheet-life_domains.html",
    "samples.html",
    "glossary.html",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(browser: Browser, server: str, width: int, scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
        bypass_csp=True,
    )
    page = context.new_page()
    found = {}
    for path in AXE_PAGES:
        page.goto(f"{server}/{path}")
        result = Axe().run(page, options=RULES)
        if result.violations_count:
            found[path] = [
                (v["id"], [n["target"] for n in v["nodes"]][:3])
                for v in result.response["violations"]
            ]
    context.close()
    assert found == {}
