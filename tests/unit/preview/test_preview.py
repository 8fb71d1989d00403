"""The page: whom it answers, what every answer carries, and that a save changes what was edited or
nothing."""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pypdf
import pytest
from conftest import copy_program
from mentorkit.editing.rewrap import rewrapped, unwrapped
from mentorkit.preview.server import free_port
from mentorkit.preview.workspace import NO_PAGES, OLD_PAGES, Shelf
from mentorkit.source.nodes import scalars
from mentorkit.source.reader import read

from build_books import build
from preview_server import Preview, preview

CASE = "case_studies/woodsmoke.yaml"
FRAME = "/book/spring_2027/case_study/woodsmoke/workbook"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    with preview(copy_program(tmp_path_factory.mktemp("preview") / "mentoring_up")) as running:
        yield running


def digest_of(page: Preview, path: str = CASE) -> str:
    return hashlib.sha256((page.folder / path).read_bytes()).hexdigest()


def put(
    page: Preview, edits: list[Any], path: str = CASE, match: str | None = None
) -> tuple[int, Any]:
    return page.tell(
        f"/api/file/{path}",
        {"edits": edits, "cohort": "spring_2027"},
        "PUT",
        **{"If-Match": digest_of(page, path) if match is None else match},
    )


# ---- whom it answers

HOSTS = [
    "evil.example",
    "evil.example:{port}",
    "127.0.0.1",
    "127.0.0.1:1",
    "127.0.0.1.evil.example:{port}",
    "localhost:{port}",
    "0.0.0.0:{port}",
    "2130706433:{port}",
    "[::1]:{port}",
]
ORIGINS = [
    "http://evil.example",
    "null",
    "http://127.0.0.1:1",
    "https://127.0.0.1:{port}",
    "http://127.0.0.1:{port}.evil.example",
    "file://",
]
PATHS = [
    "/../etc/passwd",
    "/source/../../etc/passwd",
    "/source/%2e%2e/%2e%2e/etc/passwd",
    "/source/%252e%252e/etc/passwd",
    "//etc/passwd",
    "/..%5c..%5cetc",
    "/source/..%5cx",
    "/source/case_studies/%00",
    "/picture/%2fetc%2fpasswd",
    "/kit/fonts/../__init__.py",
    "/kit/fonts/..%2f__init__.py",
    "/source/cohorts/spring_2027/roster.csv",
    "/picture/cohorts/spring_2027/cohort.yaml",
    "/made/spring_2027/../../cohorts/spring_2027/roster.csv",
    "/made/spring_2027/manifest.json",
    "/packets/spring_2027.zip",
    "/packets/none.zip",
    "/packets/spring_2027/..%2f..%2fcohorts.zip",
    "/edit/kit.py",
    "/app/../guard.py",
    "/app/guard.py",
]


def attacks(page: Preview) -> list[tuple[int, str, str, bytes | None, dict[str, str], bool]]:
    """The status wanted, method, path, body, headers, and whether the browser's cookie is sent."""
    port, body = str(page.port), json.dumps({"edits": [["put", ["title"], "Hacked"]]}).encode()
    own = {"Origin": page.origin, "Content-Type": "application/json", "If-Match": digest_of(page)}
    put_case = f"/api/file/{CASE}"
    return [
        *((403, "GET", "/", None, {"Host": host.format(port=port)}, True) for host in HOSTS),
        (403, "GET", "/", None, {"Host": ""}, True),
        *(
            (403, "PUT", put_case, body, {**own, "Origin": origin.format(port=port)}, True)
            for origin in ORIGINS
        ),
        (403, "PUT", put_case, body, {**own, "Origin": ""}, True),
        (403, "GET", "/", None, {"Sec-Fetch-Site": "cross-site"}, True),
        (403, "GET", "/", None, {"Sec-Fetch-Site": "same-site"}, True),
        *((404, "GET", path, None, {}, True) for path in PATHS),
        (401, "GET", "/", None, {}, False),
        (401, "GET", "/app/preview.js", None, {}, False),
        (401, "GET", "/open/wrong", None, {}, False),
        (401, "GET", "/open/", None, {}, False),
        (401, "GET", "/", None, {"Cookie": f"mentorkit{port}=wrong"}, False),
        (401, "PUT", put_case, body, own, False),
        (415, "PUT", put_case, body, {**own, "Content-Type": "text/plain"}, True),
        (
            415,
            "POST",
            "/api/build",
            b"cohort=x",
            {**own, "Content-Type": "application/x-www-form-urlencoded"},
            True,
        ),
        (405, "OPTIONS", put_case, None, {}, True),
        (405, "DELETE", put_case, None, own, True),
        (405, "PUT", "/", body, own, True),
        (411, "PUT", put_case, None, own, True),
        (411, "PUT", put_case, None, {**own, "Transfer-Encoding": "chunked"}, True),
        (413, "PUT", put_case, None, {**own, "Content-Length": "1073741824"}, True),
        (400, "PUT", put_case, None, {**own, "Content-Length": "-5"}, True),
        (400, "PUT", put_case, b"{", own, True),
        (400, "PUT", put_case, b"\xff\xfe{}", own, True),
        (400, "PUT", put_case, b"[" * 100_000, own, True),
        (400, "PUT", put_case, b'{"edits": [["run", ["title"], "x"]]}', own, True),
        (400, "PUT", put_case, b'{"edits": [["put", {"a": 1}, "x"]]}', own, True),
        (400, "PUT", put_case, b'{"edits": [["put", ["title"], 5]]}', own, True),
        (400, "PUT", put_case, b'{"edits": [["put", [], "x"]]}', own, True),
        (400, "PUT", put_case, b'{"edits": [["delete", []]]}', own, True),
        (400, "PUT", put_case, b'{"edits": [["move", [], 1]]}', own, True),
        (404, "PUT", "/api/file/kit.py", body, own, True),
        (404, "PUT", "/api/file/cohorts/spring_2027/roster.csv", body, own, True),
        (404, "PUT", "/api/file/case_studies/new.yaml", body, own, True),
        (404, "PUT", "/api/file/case_studies", body, own, True),
        (412, "PUT", put_case, body, {**own, "If-Match": ""}, True),
        (412, "PUT", put_case, body, {**own, "If-Match": "0" * 64}, True),
        (412, "PUT", put_case, body, {**own, "If-Match": "*"}, True),
        (400, "POST", "/api/build", b'{"cohort": "--help"}', own, True),
        (400, "POST", "/api/build", b'{"cohort": "spring_2027", "only": "x; ls"}', own, True),
        (400, "POST", "/api/build", b"[]", own, True),
    ]


def test_attacks_are_refused_and_nothing_is_served_or_changed(page: Preview) -> None:
    before = {path: path.read_bytes() for path in sorted(page.folder.rglob("*")) if path.is_file()}
    tried = attacks(page)
    assert len(tried) >= 60
    for wanted, method, path, body, headers, known in tried:
        status, answered, content = page.ask(path, method, body, headers, known)
        assert status == wanted, (method, path, headers, status)
        guarded(answered, path)
        assert (
            "access-control-allow-origin" not in answered
            and len(content) < 30_000
            and b"root:" not in content
        )
    assert before == {
        path: path.read_bytes() for path in sorted(page.folder.rglob("*")) if path.is_file()
    }


def guarded(headers: dict[str, str], path: str) -> None:
    policy = headers["content-security-policy"]
    assert (
        policy.startswith("default-src 'none'; ")
        and "unsafe" not in policy
        and "http" not in policy
    )
    assert all(
        part in policy
        for part in (
            "base-uri 'none'",
            "object-src 'none'",
            "form-action 'none'",
            "frame-ancestors 'self'" if path.startswith("/book/") else "frame-ancestors 'none'",
        )
    )
    assert (
        headers["x-content-type-options"] == "nosniff"
        and headers["referrer-policy"] == "no-referrer"
        and headers["cache-control"] == "no-store"
    )
    assert (
        headers["cross-origin-resource-policy"]
        == headers["cross-origin-opener-policy"]
        == "same-origin"
        and "python" not in headers.get("server", "").lower()
    )


@pytest.mark.parametrize(
    ("status", "path"),
    [
        (200, "/"),
        (200, "/problems"),
        (200, "/books"),
        (200, "/see/session/mentoring_up"),
        (200, f"/edit/{CASE}"),
        (200, f"/source/{CASE}"),
        (200, FRAME),
        (200, FRAME.replace("workbook", "guide")),
        (200, "/app/preview.js"),
        (200, "/app/preview.css"),
        (200, "/kit/fonts/source-serif-4/SourceSerif4-Regular.ttf"),
        (200, "/picture/curriculum/pictures/wall_map.svg"),
        (200, "/api/version"),
        (200, "/api/build"),
        (404, "/nothing"),
        (404, "/book/none/case_study/woodsmoke/workbook/x"),
        (404, "/see/case_study/none"),
        (404, "/style/none.css"),
        (200, "/book/none/case_study/woodsmoke/workbook"),
    ],
)
def test_every_answer_is_guarded(page: Preview, status: int, path: str) -> None:
    answered, headers, body = page.ask(path)
    assert answered == status
    guarded(headers, path)
    if headers["content-type"].startswith("text/html"):
        assert not re.search(
            rb'<style|style="|<script>|javascript:|\son[a-z]+='
            rb'|(?:src|href)="(?:https?:)?//(?![^"]*" *>)',
            re.sub(rb'<a target="_blank"[^>]*>', b"", body),
        )


def test_an_error_of_our_own_is_guarded_too_and_tells_nobody_anything(
    page: Preview, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mentorkit.preview.workspace.Shelf.problems", lambda _shelf: 1 / 0)
    monkeypatch.chdir(page.folder)
    status, headers, body = page.ask("/problems")
    assert status == 500 and b"ZeroDivision" not in body and b"Traceback" not in body
    guarded(headers, "/problems")
    (page.folder / "mentorkit-error.txt").unlink()


def test_the_address_works_once_and_a_new_one_is_printed(page: Preview) -> None:
    first = page.guard.address.removeprefix(page.origin)
    status, headers, _ = page.ask(first, known=False)
    assert (
        status == 303
        and headers["location"] == "/"
        and {"HttpOnly", "SameSite=Strict"} <= set(re.split("; ?", headers["set-cookie"]))
    )
    assert page.ask(first, known=False)[0] == 401
    assert page.guard.address in page.told[-1] and page.ask(first)[0] == 303, (
        "who is in already may open the old one"
    )


def test_two_host_lines_are_refused(page: Preview) -> None:
    host = f"Host: 127.0.0.1:{page.port}\r\n"
    assert (
        b" 403 "
        in page.raw(
            f"GET / HTTP/1.1\r\n{host}Host: evil.example\r\nCookie: {page.cookie}\r\n\r\n".encode()
        ).split(b"\r\n")[0]
    )


def test_garbage_is_answered_with_a_refusal_or_nothing(page: Preview, deep: bool) -> None:
    chance = random.Random(11)
    good = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{page.port}\r\n\r\n".encode()
    kinds: list[Any] = [
        lambda: chance.randbytes(chance.randint(1, 2000)),
        lambda: bytes(chance.choice(good) for _ in range(200)),
        lambda: good[: chance.randrange(len(good))],
        lambda: good.replace(b"/", chance.randbytes(9), 1),
        lambda: b"GET " + b"/a" * 40_000 + b" HTTP/1.1\r\n\r\n",
        lambda: b"\x16\x03\x01" + chance.randbytes(200),
        lambda: good[:-2] + b"X: y\r\n" * 300 + b"\r\n",
        lambda: good.replace(b"HTTP/1.1", b"HTTP/9.9"),
    ]
    for _ in range(3000 if deep else 300):
        answer = page.raw(chance.choice(kinds)())
        if answer.startswith(b"HTTP"):
            assert re.match(rb"HTTP/1\.[01] (4\d\d|505) ", answer), answer[:200]
            assert (
                b"Content-Security-Policy: default-src 'none'" in answer
                and b"X-Content-Type-Options: nosniff" in answer
            )
        else:  # no status line was understood: HTTP/0.9 has no headers
            assert b"mentoring" not in answer.lower() and b"<html" not in answer.lower()
    assert page.ask("/api/version")[0] == 200


def test_slow_clients_hold_up_nobody(page: Preview, deep: bool) -> None:
    slow = [socket.create_connection(("127.0.0.1", page.port)) for _ in range(400 if deep else 100)]
    host = f"Host: 127.0.0.1:{page.port}\r\n"
    head = f"PUT /api/file/{CASE} HTTP/1.1\r\n{host}Content-Length: 900000\r\n".encode()
    for number, each in enumerate(slow):
        with suppress(OSError):  # it may be cut off already
            each.sendall(head[: 20 + number % len(head)] if number % 2 else head + b"\r\nabc")
    began = time.monotonic()
    assert page.ask("/api/version")[0] == 200
    took = time.monotonic() - began
    print(f"answered in {took * 1000:.0f} ms beside {len(slow)} slow clients")
    assert took < 3, "a slow client is waited for"
    until = time.monotonic() + 20
    for each in slow:  # and each of them is ended, however it dribbles
        each.settimeout(max(0.1, until - time.monotonic()))
        try:
            while each.recv(4096):
                pass
        except ConnectionError:
            pass
        each.close()
    assert time.monotonic() < until


def test_readers_that_take_nothing_in_hold_up_nobody(page: Preview) -> None:
    host = f"Host: 127.0.0.1:{page.port}\r\n"
    asked = f"GET {FRAME} HTTP/1.1\r\n{host}Cookie: {page.cookie}\r\n\r\n".encode()
    slow = [socket.create_connection(("127.0.0.1", page.port)) for _ in range(70)]
    for each in slow:
        each.sendall(asked)
    began = time.monotonic()
    status = page.ask("/api/version")[0]
    took = time.monotonic() - began
    for each in slow:
        each.close()
    print(f"answered in {took * 1000:.0f} ms beside {len(slow)} readers that take nothing in")
    assert status == 200 and took < 30


def test_a_taken_port_is_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port(port) != port


# ---- what is edited


def test_a_save_changes_the_edited_bytes_alone(page: Preview) -> None:
    place = page.folder / CASE
    before = place.read_bytes()
    place.chmod(0o640)
    status, told = put(page, [["put", ["title"], "Woodsmoke: a story"]])
    assert status == 200 and place.read_bytes() == before.replace(
        b"title: Woodsmoke", b'title: "Woodsmoke: a story"', 1
    )
    assert told["digest"] == digest_of(page) and place.stat().st_mode & 0o777 == 0o640
    assert "Woodsmoke: a story" in page.ask(FRAME)[2].decode()
    assert put(page, [["put", ["title"], "Woodsmoke"]])[0] == 200 and place.read_bytes() != before
    place.write_bytes(before)


def test_a_word_in_a_long_text_changes_its_own_line(page: Preview) -> None:
    place = page.folder / CASE
    before = place.read_bytes()
    text = next(
        scalar.text for path, scalar in scalars(read(place, CASE).root) if path == ("text",)
    )
    changed = unwrapped(text).replace(" numbers ", " figures ", 1)
    assert put(page, [["put", ["text"], changed]])[0] == 200
    assert place.read_bytes() == before.replace(b" numbers ", b" figures ", 1)
    place.write_bytes(before)


def test_questions_are_added_moved_and_taken_out(page: Preview) -> None:
    place = page.folder / CASE
    before = place.read_bytes()
    names = list(read(place, CASE).root.values["questions"].values)
    status, told = put(
        page,
        [
            ["add", ["questions"], "smoke", "Who smells it?"],
            ["move", ["questions", "smoke"], 0],
            ["put", ["questions", "smoke", "lines"], "5"],
            ["delete", ["questions", names[0]]],
        ],
    )
    assert status == 200, told
    assert list(read(place, CASE).root.values["questions"].values) == ["smoke", *names[1:]]
    assert b"questions:\n  smoke:\n    ask: Who smells it?\n    lines: 5\n" in place.read_bytes()
    place.write_bytes(before)


@pytest.mark.parametrize(
    ("edits", "field"),
    [
        ([["put", ["title"], ""]], "f-title"),
        ([["put", ["seat"], "table"]], "f-seat"),
        ([["delete", ["questions"]]], "f-questions"),
        ([["add", ["questions"], "yes", "A word of the kit?"]], "f-questions-yes"),
        ([["add", ["questions"], "Bad Name", "?"]], "f-questions-Bad Name"),
        ([["put", ["title"], "a\u202eb"]], "f-title"),
        ([["put", ["title"], "\ud800"]], "f-title"),
        ([["put", ["facilitator", "watch", 0, "hear"], " "]], "f-facilitator-watch-0-hear"),
        ([["put", ["nothing"], "x"]], "f-nothing"),
        ([["put", ["rights"], "nobody"]], "f-rights"),
    ],
)
def test_what_does_not_pass_is_told_at_its_field_and_not_saved(
    page: Preview, edits: list[Any], field: str
) -> None:
    before = (page.folder / CASE).read_bytes()
    status, told = put(page, edits)
    assert status == 422 and told["refused"] and (page.folder / CASE).read_bytes() == before
    assert field in {problem["id"] for problem in told["problems"]}, told["problems"]
    assert all(problem["what"] for problem in told["problems"])


def test_a_file_that_something_else_needs_is_not_broken_from_afar(page: Preview) -> None:
    session = "sessions/fairness_and_ethics.yaml"
    before = (page.folder / session).read_bytes()
    module = next(iter(read(page.folder / session, session).root.values["modules"].values))
    activities = (
        read(page.folder / session, session)
        .root.values["modules"]
        .values[module]
        .values["activities"]
        .values
    )
    used = next(name for name, each in activities.items() if "case" in each.values)
    status, told = put(
        page, [["put", ["modules", module, "activities", used, "case"], "nowhere"]], session
    )
    assert (
        status == 422
        and (page.folder / session).read_bytes() == before
        and told["problems"][0]["id"].endswith(f"{used}-case")
    )


def test_a_change_from_outside_is_never_written_over(page: Preview) -> None:
    place = page.folder / CASE
    before, started = place.read_bytes(), digest_of(page)
    place.write_bytes(before.replace(b"title: Woodsmoke", b"title: Fire", 1))
    status, told = put(page, [["put", ["title"], "Smoke"]], match=started)
    assert status == 412 and b"title: Fire" in place.read_bytes()
    assert told["both"] == [{"where": "title", "mine": "Smoke", "theirs": "Fire"}] and told[
        "digest"
    ] == digest_of(page)
    assert (
        put(page, [["put", ["title"], "Smoke"]], match=told["digest"])[0] == 200
        and b"title: Smoke" in place.read_bytes()
    )
    place.write_bytes(before)


def test_interleaved_edits_lose_nothing(page: Preview, deep: bool) -> None:
    """Several tabs and a text editor, in any order: what a save said is saved stands until somebody
    who saw it changes it."""
    chance, place = random.Random(7), page.folder / CASE
    before = place.read_bytes()
    tabs = [(digest_of(page), "")] * 3
    stands = "Woodsmoke"
    for number in range(200 if deep else 40):
        tab, text = chance.randrange(3), f"Title {number}"
        match chance.choice(["open", "save", "outside"]):
            case "open":
                tabs[tab] = (digest_of(page), stands)
            case "outside":
                place.write_bytes(
                    re.sub(
                        rb"(?m)^title: .*$", f"title: {text}".encode(), place.read_bytes(), count=1
                    )
                )
                stands = text
            case "save":
                status, told = put(page, [["put", ["title"], text]], match=tabs[tab][0])
                if status == 200:
                    assert tabs[tab][1] in ("", stands), (
                        "a save went over something that this tab never saw"
                    )
                    tabs[tab], stands = (told["digest"], text), text
                else:
                    assert status == 412
        assert f"title: {stands}\n".encode() in place.read_bytes()
    place.write_bytes(before)


def test_two_saves_at_once_one_wins_and_the_other_is_told(page: Preview) -> None:
    before, started, answers = (page.folder / CASE).read_bytes(), digest_of(page), []
    threads = [
        threading.Thread(
            target=lambda text=text: answers.append(
                put(page, [["put", ["title"], text]], match=started)[0]
            )
        )
        for text in ("One", "Two", "Three")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 412, 412]
    (page.folder / CASE).write_bytes(before)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_may_not_be_written_says_so(page: Preview) -> None:
    (page.folder / "case_studies").chmod(0o555)
    try:
        status, told = put(page, [["put", ["title"], "Smoke"]])
        assert status == 403 and "still in this page" in told["error"]
    finally:
        (page.folder / "case_studies").chmod(0o755)


def test_a_full_disk_loses_nothing(page: Preview, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (page.folder / CASE).read_bytes()

    def full(path: str, data: bytes) -> None:
        Path(path).write_bytes(data[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("mentorkit.output.files.write_new", full)
    status, told = put(page, [["put", ["title"], "Smoke"]])
    assert (
        status == 507
        and "No space" in told["error"]
        and (page.folder / CASE).read_bytes() == before
    )
    assert not [
        path for path in (page.folder / "case_studies").iterdir() if path.name.startswith(".")
    ]


def test_the_guide_cites_the_pages_of_the_workbook_that_was_made_last(small_program: Path) -> None:
    shelf = Shelf(small_program)

    def guide() -> tuple[str, list[str]]:
        shelf.refresh()
        html = shelf.views(shelf.library, "fall", "session", "first")["guide"]
        return html, re.findall(r"(Strategies|SMART goals), workbook p\.\s(…|\d+)", html)

    html, cited = guide()
    assert cited == [("Strategies", "…"), ("SMART goals", "…")] and NO_PAGES in html
    assert build(small_program, (), ("workbook",), None, False, lambda _line: None) == 0
    html, cited = guide()
    pages = pypdf.PdfReader(small_program / "build/fall/workbook.pdf").pages
    assert len(cited) == 2 and all(
        title in pages[int(page) - 1].extract_text() for title, page in cited
    )
    assert NO_PAGES not in html and OLD_PAGES not in html
    session = small_program / "sessions/first.yaml"
    session.write_bytes(session.read_bytes() + b"# a word\n")
    assert guide()[1] == cited and OLD_PAGES in guide()[0]


def test_links_are_not_followed(page: Preview, tmp_path: Path) -> None:
    shutil.copy(page.folder / CASE, tmp_path / "secret.yaml")
    link = page.folder / "case_studies" / "linked.yaml"
    link.symlink_to(tmp_path / "secret.yaml")
    try:
        assert (
            page.ask("/source/case_studies/linked.yaml")[0] == 404
            and put(page, [["put", ["title"], "x"]], "case_studies/linked.yaml")[0] == 404
        )
    finally:
        link.unlink()


def test_when_a_file_breaks_the_last_good_page_stays(page: Preview) -> None:
    place = page.folder / CASE
    before = place.read_bytes()
    place.write_bytes(b"title: [\n" + before)
    try:
        assert (
            b"Something stops the books" in page.ask("/")[2] and b"Woodsmoke" in page.ask(FRAME)[2]
        )
        status, _, body = page.ask(f"/edit/{CASE}")
        assert status == 200 and b'class="source"' in body, (
            "what cannot be read is shown as it is written"
        )
    finally:
        place.write_bytes(before)
    assert b"Something stops" not in page.ask("/")[2]


def test_words_that_look_like_html_stay_words(page: Preview) -> None:
    place = page.folder / CASE
    before = place.read_bytes()
    evil = "<img src=x onerror=alert(1)>\"'</textarea><script>alert(2)</script>"
    try:
        status, told = put(page, [["put", ["title"], evil]])
        assert status == 200, told
        for path in ("/", f"/edit/{CASE}", "/see/case_study/woodsmoke", FRAME, f"/source/{CASE}"):
            body = page.ask(path)[2].decode()
            assert (
                "<img src=x" not in body
                and "<script>alert" not in body
                and "Woodsmoke" not in re.findall("<h1>(.*?)</h1>", body)
            ), path
    finally:
        place.write_bytes(before)


def test_paragraphs_come_back_as_they_were_broken(repository: Path) -> None:
    seen = 0
    for path in sorted(repository.glob("*/**/*.yaml")):
        if path.relative_to(repository).parts[0] in (
            "curriculum",
            "sessions",
            "case_studies",
            "worksheets",
            "cohorts",
        ):
            for _, scalar in scalars(read(path, path.name).root):
                assert rewrapped(unwrapped(scalar.text), scalar.text) == scalar.text
                seen += "\n" in scalar.text
    assert seen > 300
