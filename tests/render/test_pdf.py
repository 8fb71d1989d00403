"""Laying out loads nothing from outside, forgets no fault, and gives the same bytes everywhere."""

from __future__ import annotations

import hashlib
import http.server
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from mentorkit.pdf import url_fetcher
from mentorkit.pdf.postprocess import finish
from mentorkit.pdf.typeset import MAX_PAGES, TypesetPdf, lay_out

from paths import ROOT
from sheet import PLACES, form, form_metadata_of, sheet

CANARY = "Quokka7319"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc0000003010100c9fe92ef"
    "0000000049454e44ae426082"
)
SVG = (
    "<svg xmlns='http://www.w3.org/2000/svg' xmlns:x='http://www.w3.org/1999/xlink' "
    "width='300' height='40'>{}</svg>"
)
DRAWN = SVG.format(f"<text x='5' y='20' font-family='Source Sans 3'>{CANARY}</text>")

# Where a page could load something from; {} is the address. Those with a star are ways that
# WeasyPrint does not take.
CHANNELS = {
    "img": '<p><img alt="x" src="{}"></p>',
    "img srcset *": '<p><img alt="x" src="data:image/png;base64,AA" srcset="{} 2x"></p>',
    "object": '<object data="{}" type="image/svg+xml"></object>',
    "embed": '<embed src="{}" type="image/svg+xml">',
    "iframe *": '<iframe src="{}"></iframe>',
    "video *": '<video src="{}" poster="{}"></video>',
    "script *": '<script src="{}"></script>',
    "attached link": '<link rel="attachment" href="{}">',
    "attached anchor": '<a rel="attachment" href="{}">get</a>',
    "style sheet": '<link rel="stylesheet" href="{}">',
    "icon *": '<link rel="icon" href="{}">',
    "preload *": '<link rel="preload" as="image" href="{}">',
    "import": "<style>@import '{}';</style>",
    "import url": "<style>@import url('{}');</style>",
    "font": "<style>@font-face{font-family:Q;src:url('{}')} p{font-family:Q}</style><p>x</p>",
    "second font": "<style>@font-face{font-family:Q;src:url(/kit/fonts/no.ttf),url('{}')}</style>",
    "background": "<style>p{background:url('{}')}</style><p>x</p>",
    "backgrounds": "<style>p{background-image:linear-gradient(red,red),url('{}')}</style><p>x</p>",
    "list marker": "<style>li{list-style-image:url('{}')}</style><ul><li>x</ul>",
    "content": "<style>p::before{content:url('{}')}</style><p>x</p>",
    "border": "<style>p{border:5px solid;border-image:url('{}') 1}</style><p>x</p>",
    "mask *": "<style>p{mask-image:url('{}');clip-path:url('{}')}</style><p>x</p>",
    "cursor *": "<style>p{cursor:url('{}'),auto}</style><p>x</p>",
    "page background": "<style>@page{background:url('{}')}</style><p>x</p>",
    "margin box": "<style>@page{@top-left{content:url('{}')}}</style><p>x</p>",
    "image-set *": "<style>p{background:image-set('{}' 1x)}</style><p>x</p>",
    "style attribute": "<p style=\"background:url('{}')\">x</p>",
    "base": '<base href="{}"><p><img alt="x" src="x.svg"></p>',
    "refresh *": '<meta http-equiv="refresh" content="0;url={}">',
    "drawing: image": (
        "<svg xmlns='http://www.w3.org/2000/svg' width='300' "
        "height='40'><image href='{}' width='300' height='40'/></svg>"
    ),
    "drawing: use *": (
        "<svg xmlns='http://www.w3.org/2000/svg' width='300' height='40'><use href='{}#a'/></svg>"
    ),
    "drawing: style": (
        "<svg xmlns='http://www.w3.org/2000/svg' width='30' "
        "height='30'><style>@import '{}';</style></svg>"
    ),
}
# The same from inside a file that may be loaded.
INSIDE = {
    "image": "<image href='{}' width='300' height='40'/>",
    "old image": "<image x:href='{}' width='300' height='40'/>",
    "use *": "<use href='{}#a'/>",
    "fill *": "<rect width='9' height='9' fill='url({}#a)'/>",
    "filter *": (
        "<filter id='f'><feImage href='{}'/></filter><rect width='9' height='9' filter='url(#f)'/>"
    ),
    "font": (
        "<style>@font-face{font-family:Q;src:url('{}')}</style><text font-family='Q' y='9'>x</text>"
    ),
    "import *": "<style>@import '{}';</style><text y='9'>x</text>",
    "foreign *": (
        "<foreignObject width='99' height='99'><img "
        "xmlns='http://www.w3.org/1999/xhtml' src='{}'/></foreignObject>"
    ),
    "nested": (
        "<pattern id='p' width='9' height='9'><image href='{}' width='9' "
        "height='9'/></pattern><rect width='9' height='9' fill='url(#p)'/>"
    ),
    "link *": "<a href='{}'><rect width='9' height='9'/></a>",
}


@dataclass
class World:
    """A program's folder, a secret beside it, and a server that counts who calls."""

    program: Path
    secret: Path
    port: int
    calls: list[str] = field(default_factory=list)

    def addresses(self) -> dict[str, str]:
        file = self.secret.as_posix()
        return {
            "http": f"http://127.0.0.1:{self.port}/secret.svg",
            "https": f"https://127.0.0.1:{self.port}/secret.svg",
            "no scheme": f"//127.0.0.1:{self.port}/secret.svg",
            "file": f"file://{file}",
            "upper case": f"FILE://{file}",
            "localhost": f"file://localhost{file}",
            "one slash": f"file:{file}",
            "bare path": file,
            "above": "../secret.svg",
            "far above": f"https://assets.invalid/../../../../../../..{file}",
            "escaped dots": "https://assets.invalid/%2e%2e/secret.svg",
            "escaped slash": "https://assets.invalid/..%2fsecret.svg",
            "backslash": "https://assets.invalid/..\\secret.svg",
            "symbolic link": "https://assets.invalid/curriculum/pictures/way_out.svg",
            "linked folder": "https://assets.invalid/folder_out/secret.svg",
            "above the kit": "https://assets.invalid/kit/fonts/../../../../../../../../../.."
            + file,
            "user name": f"https://assets.invalid@127.0.0.1:{self.port}/secret.svg",
            "other port": "https://assets.invalid:8443/curriculum/pictures/fine.svg",
            "other host": "https://assets.invalid.example.org/curriculum/pictures/fine.svg",
            "ftp": f"ftp://127.0.0.1:{self.port}/secret.svg",
            "process": "file:///proc/self/environ",
            "roster": "https://assets.invalid/cohorts/spring/roster.csv",
            "source": "https://assets.invalid/kit/render/pdf.py",
            "folder": "https://assets.invalid/curriculum/pictures",
            "nul": "https://assets.invalid/curriculum/pictures/fine.svg%00.svg",
        }


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    base = tmp_path_factory.mktemp("world")
    pictures = base / "program" / "curriculum" / "pictures"
    pictures.mkdir(parents=True)
    (base / "secret.svg").write_text(DRAWN)
    (pictures / "fine.svg").write_text(DRAWN)
    (pictures / "fine.png").write_bytes(PNG)
    (pictures / "broken.png").write_text("no picture")
    (pictures / "broken.svg").write_text("<svg><unclosed>")
    (pictures / "way_out.svg").symlink_to(base / "secret.svg")
    (base / "program" / "folder_out").symlink_to(base)
    roster = base / "program" / "cohorts" / "spring" / "roster.csv"
    roster.parent.mkdir(parents=True)
    roster.write_text(CANARY)
    calls: list[str] = []

    class Sentinel(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            calls.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Sentinel) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield World(base / "program", base / "secret.svg", server.server_port, calls)
        server.shutdown()


def words(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def holds_canary(pdf: bytes) -> bool:
    """In the drawn text (which is coded by glyph), or in any stream (an attachment would be one)."""  # noqa: E501
    with pikepdf.open(BytesIO(pdf)) as document:
        streams = [
            o.read_bytes()
            for o in document.objects
            if isinstance(o, pikepdf.Stream) and "/Subtype" not in o
        ]
    return CANARY in words(pdf) or any(CANARY.encode() in stream for stream in streams)


def assert_kept_out(world: World, laid: TypesetPdf) -> None:
    assert not world.calls
    assert not holds_canary(laid.pdf)


# ---- the fence


@pytest.mark.parametrize("address", ["http", "file", "symbolic link"])
@pytest.mark.parametrize("channel", CHANNELS)
def test_no_channel_of_a_page_reaches_out(world: World, channel: str, address: str) -> None:
    laid = lay_out(
        sheet(CHANNELS[channel].replace("{}", world.addresses()[address])), world.program, False
    )
    assert_kept_out(world, laid)
    assert laid.complaints or channel.endswith("*")


@pytest.mark.parametrize("address", ["http", "file", "symbolic link"])
def test_a_colour_profile_does_not_reach_out(world: World, address: str) -> None:
    """WeasyPrint does not survive the refusal; authors write no style sheets."""
    style = f"<style>@color-profile --q{{src:url('{world.addresses()[address]}')}}</style>"
    with pytest.raises(OSError, match="outside the program's folder"):
        lay_out(sheet(style), world.program, False)
    assert not world.calls


@pytest.mark.parametrize("address", ["http", "file", "symbolic link", "above"])
@pytest.mark.parametrize("channel", INSIDE)
def test_no_channel_inside_a_picture_reaches_out(world: World, channel: str, address: str) -> None:
    picture = world.program / "curriculum" / "pictures" / "hostile.svg"
    picture.write_text(SVG.format(INSIDE[channel].replace("{}", world.addresses()[address])))
    laid = lay_out(
        sheet('<img alt="x" src="/curriculum/pictures/hostile.svg">'), world.program, False
    )
    assert_kept_out(world, laid)
    assert laid.complaints or channel.endswith("*")


@pytest.mark.parametrize("name", World(Path(), Path("/x"), 1).addresses())
def test_no_address_reaches_out(world: World, name: str) -> None:
    laid = lay_out(sheet(f'<img alt="x" src="{world.addresses()[name]}">'), world.program, False)
    assert_kept_out(world, laid)
    assert any(" is " in complaint for complaint in laid.complaints), laid.complaints


def test_what_may_be_loaded_is_loaded(world: World) -> None:
    """Else the tests above would say nothing."""
    for address in (
        "/curriculum/pictures/fine.svg",
        "https://assets.invalid/curriculum/pictures/fine.svg",
    ):
        laid = lay_out(sheet(f'<img alt="x" src="{address}">'), world.program, False)
        assert laid.complaints == ()
        assert holds_canary(laid.pdf)
    outer = world.program / "curriculum" / "pictures" / "outer.svg"
    outer.write_text(SVG.format(INSIDE["image"].replace("{}", "fine.svg")))
    assert holds_canary(
        lay_out(
            sheet('<img alt="x" src="/curriculum/pictures/outer.svg">'), world.program, False
        ).pdf
    )


@pytest.mark.parametrize("bomb", ["entities", "external entity"])
def test_entities_in_a_picture_are_not_expanded(world: World, bomb: str) -> None:
    define = {
        "entities": "".join(
            f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(12)
        ),
        "external entity": f'<!ENTITY e11 SYSTEM "file://{world.secret}">',
    }[bomb]
    picture = world.program / "curriculum" / "pictures" / "bomb.svg"
    picture.write_text(f"<!DOCTYPE svg [{define}]>" + SVG.format("<text y='20'>&e11;</text>"))
    laid = lay_out(sheet('<img alt="x" src="/curriculum/pictures/bomb.svg">'), world.program, False)
    assert_kept_out(world, laid)
    assert any("bomb.svg cannot be" in complaint for complaint in laid.complaints)


def test_a_picture_that_is_too_large_is_not_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = (world.program / "curriculum" / "pictures" / "fine.png").stat().st_size
    monkeypatch.setattr(url_fetcher, "MAX_BYTES", size)
    assert url_fetcher.read_url(
        url_fetcher.BASE + "curriculum/pictures/fine.png", world.program
    ) == (
        PNG,
        "image/png",
    )
    monkeypatch.setattr(url_fetcher, "MAX_BYTES", size - 1)
    with pytest.raises(url_fetcher.RefusedUrlError, match="too large"):
        url_fetcher.read_url(url_fetcher.BASE + "curriculum/pictures/fine.png", world.program)


WATCHED: list[tuple[str, str]] | None = None


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if WATCHED is not None and event in (
        "open",
        "socket.connect",
        "socket.getaddrinfo",
        "subprocess.Popen",
        "os.system",
    ):
        WATCHED.append(
            (event, os.fsdecode(arguments[0]) if isinstance(arguments[0], (str, bytes)) else "")
        )


def test_a_render_opens_files_of_the_program_and_the_kit_and_nothing_else(world: World) -> None:
    global WATCHED
    sys.addaudithook(_watch)
    body = (
        '<img alt="x" src="/curriculum/pictures/fine.svg"><img alt="x" '
        'src="/curriculum/pictures/fine.png">'
    )
    lay_out(sheet(body), world.program, False)
    WATCHED = []
    lay_out(sheet(body), world.program, False)
    seen, WATCHED = WATCHED, None
    allowed = (
        str(world.program.resolve()),
        str(url_fetcher.KIT),
        *(str(Path(p).resolve()) for p in sys.path if p),
    )
    outside = [
        (event, path)
        for event, path in seen
        if event != "open" or (path and not path.startswith(allowed))
    ]
    assert [path for event, path in seen if path.endswith("fine.png")]
    assert not [
        entry for entry in outside if "weasyprint-" not in entry[1]
    ]  # its own copies of our fonts


# ---- complaints


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("<p>one 中 two</p>", "no font of the book has the character “中” (U+4E2D)"),
        ('<p><a href="#no">x</a></p>', "a link leads to “no”, which is nowhere in the document"),
        (
            "<p class=q "
            'data-to="#no">x</p><style>.q::after{content:target-counter(attr(data-to '
            "url),page)}</style>",
            "a page number is asked for “no”, which is nowhere in the document",
        ),
        ('<p id="a">x</p><p id="a">y</p>', "“a” names two places of the document"),
        (
            '<img src="/curriculum/pictures/fine.png">',
            "the picture curriculum/pictures/fine.png has no text alternative",
        ),
        (
            '<img alt=" " src="/curriculum/pictures/fine.png">',
            "the picture curriculum/pictures/fine.png has no text alternative",
        ),
        ("<h3>Three <i>deep</i></h3>", "the heading “Three deep” skips a level (h3 after h1)"),
        (
            '<img alt="x" src="/curriculum/pictures/no.png">',
            "curriculum/pictures/no.png is not there",
        ),
        ('<img alt="x" src="../up.png">', "up.png is not there"),
        (
            '<img alt="x" src="/curriculum/pictures/broken.png">',
            "the picture curriculum/pictures/broken.png cannot be used",
        ),
        (
            '<img alt="x" src="/curriculum/pictures/broken.svg">',
            "the picture curriculum/pictures/broken.svg cannot be used",
        ),
        (
            '<img alt="x" src="http://example.org/a.png">',
            "http://example.org/a.png is outside the program's folder; nothing is loaded "
            "from the network or the computer",
        ),
        (
            '<img alt="x" src="/cohorts/spring/roster.csv">',
            "cohorts/spring/roster.csv is no picture",
        ),
        (
            "<style>@font-face{font-family:Q;src:url(/kit/fonts/no.ttf)}</style>",
            "the font Q cannot be loaded",
        ),
        ("<style>p { colour: red }</style>", "WeasyPrint says: Ignored `colour: red"),
        (f"<p>{'w' * 400}</p>", "text is cut off on page 1: “wwwww"),
        (
            "<div "
            f"class=q>{'many words ' * 40}</div><style>.q{{height:5mm;overflow:hidden}}</style>",
            "text is cut off on page 1: “",
        ),
        (
            "<p class=q>pale</p><style>.q{opacity:.5}</style>",
            "see-through text cannot be tagged: “pale”",
        ),
    ],
)
def test_every_fault_is_told_in_plain_words(world: World, body: str, complaint: str) -> None:
    complaints = lay_out(sheet(body), world.program, False).complaints
    assert any(told.startswith(complaint) for told in complaints), complaints


def test_all_faults_are_told_at_once_and_each_once(world: World) -> None:
    body = (
        '<h4>x</h4><p>中中</p><a href="#no">x</a><img alt="x" src="/no.png"><img alt="x" '
        'src="/no.png">' * 2
    )
    complaints = lay_out(sheet(body), world.program, False).complaints
    assert len(complaints) == len(set(complaints)) == 5


def test_a_document_without_faults_has_no_complaint(world: World) -> None:
    body = (
        '<h2 id="h">A</h2><p><a href="#h">b</a> Łódź ½ → “x”</p><img alt="" '
        'src="/curriculum/pictures/fine.png">'
    )
    assert lay_out(sheet(body), world.program, False).complaints == ()


def test_a_book_sees_no_font_of_this_computer() -> None:
    page = (
        '<!DOCTYPE html><html lang="en"><title>x</title><style>body{font-family:DejaVu '
        "Sans,serif}</style><h1>Q \u03b1</h1>"
    )
    script = (
        "import sys; from pathlib import Path; from mentorkit.pdf.typeset import lay_out\n"
        "print(lay_out(sys.argv[1], Path('.'), False).complaints)"
    )
    told = subprocess.run(
        [sys.executable, "-c", script, page], capture_output=True, check=True, env=environment()
    )
    assert told.stdout.decode().strip() == repr(
        ("no font of the book has the character “α” (U+03B1)",)
    )


def test_the_environment_is_afterwards_as_before(world: World) -> None:
    before = dict(os.environ)
    lay_out(sheet("<p>x</p>"), world.program, False)
    assert dict(os.environ) == before


def test_nothing_is_printed(world: World, capfd: pytest.CaptureFixture[str]) -> None:
    lay_out(sheet('<h5>x</h5><img src="http://example.org/"><p>中</p>'), world.program, False)
    assert capfd.readouterr() == ("", "")


# ---- pages and bytes


def test_each_anchor_has_the_page_on_which_it_stands(world: World) -> None:
    body = "".join(f'<h2 class="new" id="part-{n}">Part {n}</h2><p>x</p>' for n in range(1, 6))
    laid = lay_out(sheet(body + "<style>.new{break-before:page}</style>"), world.program, False)
    assert laid.count == 6
    assert laid.pages == {"top": 1} | {f"part-{n}": n + 1 for n in range(1, 6)}
    document = pypdfium2.PdfDocument(laid.pdf)
    for anchor, page in laid.pages.items():
        if anchor != "top":
            assert (
                anchor.replace("part-", "Part ")
                in document[page - 1].get_textpage().get_text_bounded()
            )


def test_too_many_pages_are_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mentorkit.pdf.typeset.MAX_PAGES", 2)
    body = "<p class=n>x</p><style>.n{break-before:page}</style>"
    assert lay_out(sheet(body), world.program, False).complaints == ()
    assert lay_out(sheet(body * 2), world.program, False).complaints == (
        "it has 3 pages (limit 2)",
    )
    assert MAX_PAGES == 2000


def test_two_folders_give_the_same_bytes(tmp_path: Path) -> None:
    body = (
        '<img alt="x" src="/curriculum/pictures/fine.svg"><img alt="y" '
        'src="/curriculum/pictures/fine.png">'
    )
    made = []
    for name in ("one", "a much longer name, Łódź"):
        pictures = tmp_path / name / "curriculum" / "pictures"
        pictures.mkdir(parents=True)
        (pictures / "fine.svg").write_text(DRAWN)
        (pictures / "fine.png").write_bytes(PNG)
        laid = lay_out(form().replace("<form>", "<form>" + body), tmp_path / name, True)
        assert laid.complaints == ()
        made.append(finish(laid.pdf, PLACES, form_metadata_of()))
    assert made[0] == made[1]


def test_other_days_places_and_languages_give_the_same_bytes(tmp_path: Path, deep: bool) -> None:
    script = (
        "import hashlib; from pathlib import Path; from sheet import *\n"
        "from mentorkit.pdf.typeset import lay_out; from mentorkit.pdf.postprocess import finish\n"
        "pdf = finish(lay_out(form(), Path('.'), True).pdf, PLACES, form_metadata_of())\n"
        "print(hashlib.sha256(pdf).hexdigest())"
    )
    here = hashlib.sha256(
        finish(lay_out(form(), tmp_path, True).pdf, PLACES, form_metadata_of())
    ).hexdigest()
    changes = [
        {
            "TZ": "Pacific/Kiritimati",
            "LC_ALL": "C",
            "PYTHONHASHSEED": "1",
            "SOURCE_DATE_EPOCH": "1234567890",
        },
        {
            "TZ": "America/Adak",
            "LANG": "tr_TR.UTF-8",
            "PYTHONHASHSEED": "2",
            "HOME": "/nonexistent",
        },
    ]
    if deep:
        changes += [{"PYTHONHASHSEED": str(n), "LC_ALL": "C.UTF-8"} for n in range(8)]
    for change in changes:
        told = subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            check=True,
            cwd=tmp_path,
            env=environment(change),
        )
        assert told.stdout.decode().strip() == here, change


def environment(change: dict[str, str] | None = None) -> dict[str, str]:
    tests = ROOT / "tests" / "support"
    return {
        **os.environ,
        "PYTHONIOENCODING": "utf-8",
        "PYTHONPATH": os.pathsep.join([str(tests), str(ROOT)]),
        **(change or {}),
    }
