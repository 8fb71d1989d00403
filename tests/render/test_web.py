"""The web edition as files: complete, whole, without a facilitator's word, the same every time."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag

import pytest
from fontTools.ttLib import TTFont
from mentorkit.checks.load import load_program
from mentorkit.edition.field import Kind
from mentorkit.pipeline.site import make_site, site_artifacts, with_take_home
from mentorkit.render.renderer import RenderContext
from mentorkit.render.web.search_index import fold_words
from mentorkit.render.web.site import WebRenderer
from test_leak import leaks, words

from web_site import REPOSITORY, composed, pages, site

SITE_KB, FONTS_KB = 250, 100


class Tags(HTMLParser):
    """Every start tag of a page with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def named(self, *names: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.found if tag in names]


TAGS = {path: Tags(html) for path, html in pages().items()}


def test_each_module_worksheet_and_take_home_sheet_has_a_page() -> None:
    book, sheets = composed().workbook, composed().take_home
    expected = {f"{chapter.name}.html" for chapter in book.chapters}
    for chapter in book.chapters:
        expected |= {f"{chapter.name}-{module.name}.html" for module in chapter.modules}
    printed = {section.name for section in book.sections() if section.role == "worksheet"}
    expected |= {f"sheet-{name}.html" for name in printed}
    assert sheets is not None
    expected |= {f"{chapter.name}.html" for chapter in sheets.chapters}
    assert set(pages()) == expected | {"index.html", "answers.html"}


def test_every_link_leads_to_a_page_or_a_place_on_it() -> None:
    ids = {path: {a["id"] for _, a in tags.found if "id" in a} for path, tags in TAGS.items()}
    for path, tags in TAGS.items():
        for link in tags.named("a"):
            target, place = urldefrag(link["href"])
            if target.startswith(("https:", "mailto:")):
                continue
            assert (target or path) in ids, (path, link["href"])
            assert not place or place in ids[target or path], (path, link["href"])


def test_every_file_that_pages_use_is_in_the_site() -> None:
    for path, tags in TAGS.items():
        for attributes in tags.named("img", "script", "link"):
            address = attributes.get("src") or attributes.get("href", "")
            if address.startswith("data:"):
                continue
            assert address in site(), (path, address)
    style = next(data.decode() for path, data in site().items() if path.endswith(".css"))
    for address in re.findall(r"url\(([^\"')]+)\)", style):
        assert f"assets/{address}" in site()


def test_ids_are_used_once_on_a_page() -> None:
    for path, tags in TAGS.items():
        ids = [attributes["id"] for _, attributes in tags.found if "id" in attributes]
        assert len(ids) == len(set(ids)), (path, sorted({i for i in ids if ids.count(i) > 1}))


def test_every_place_is_one_control_of_its_kind_with_a_label() -> None:
    controls: dict[str, list[dict[str, str]]] = {}
    labels: set[str] = set()
    for tags in TAGS.values():
        labels |= {label["for"] for label in tags.named("label") if "for" in label}
        for control in tags.named("input", "textarea"):
            if "name" in control:
                controls.setdefault(control["name"], []).append(control)
    places = {place.name: place for place in with_take_home(composed()).places()}
    assert set(controls) == set(places)
    for name, place in places.items():
        found = controls[name]
        if place.kind in (Kind.SCALE, Kind.CHOICE):
            assert [c["value"] for c in found] == list(place.options)
            assert {c["type"] for c in found} == {"radio"}
            continue
        assert len(found) == 1, name
        if place.kind is Kind.TICK:
            assert found[0]["type"] == "checkbox"
        else:
            assert found[0]["id"] in labels, name
        if place.kind is Kind.DATE:
            assert found[0]["type"] == "date"


def test_headings_begin_with_one_title_and_skip_no_level() -> None:
    for path, tags in TAGS.items():
        levels = [int(tag[1]) for tag, _ in tags.found if re.fullmatch("h[1-6]", tag)]
        main = levels[: levels.index(2, 1) if 2 in levels[1:] else None]
        assert main[0] == 1 and levels.count(1) == 1, path
        assert all(b - a <= 1 for a, b in zip(levels, levels[1:], strict=False)), (path, levels)


def test_no_page_has_a_script_or_style_inside_it() -> None:
    for path, html in pages().items():
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", html), path
        policies = [m["content"] for m in TAGS[path].named("meta") if m.get("http-equiv")]
        assert "connect-src 'none'" in policies[0] and "form-action 'none'" in policies[0]


def test_no_file_holds_a_facilitators_word() -> None:
    library = load_program(REPOSITORY)
    text = "\n".join(
        data.decode() for path, data in site().items() if path.endswith((".html", ".js"))
    )
    plain = words(re.sub(r"<[^>]+>", " ", text).replace("&#39;", "'").replace("&amp;", "&"))
    assert leaks(library, plain) == []


def test_the_guide_cannot_be_made_into_this_site() -> None:
    renderer = WebRenderer(cohort="fall", edition_id="0", document="workbook")
    with pytest.raises(TypeError):
        list(renderer.render(composed().guide, RenderContext()))


def test_the_site_has_the_same_bytes_twice() -> None:
    anchors = {m.anchor: 12 for c in composed().workbook.chapters for m in c.modules}
    again = list(make_site(composed(), REPOSITORY, anchors))
    assert {file.path: file.data for file in again} == site()
    first, second = (list(site_artifacts(again, ()))[-1].data for _ in range(2))
    assert first == second
    assert isinstance(first, bytes)
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert archive.testzip() is None
        assert set(archive.namelist()) == {f"web/{path}" for path in site()}


def test_pages_of_the_book_are_named_where_the_workbook_was_made() -> None:
    module = composed().workbook.chapters[2].modules[0]
    chapter = composed().workbook.chapters[2]
    assert "Book page 12" in pages()[f"{chapter.name}-{module.name}.html"]
    without = make_site(composed(), REPOSITORY, {})
    assert not any(b"Book page 12" in f.data for f in without if f.path.endswith(".html"))


def test_sizes_stay_within_their_limits() -> None:
    sizes = {path: len(gzip.compress(data)) for path, data in site().items()}
    fonts = sum(size for path, size in sizes.items() if path.endswith(".woff"))
    pictures = sum(size for path, size in sizes.items() if path.endswith((".svg", ".png", ".jpg")))
    assert fonts <= FONTS_KB * 1000
    assert sum(sizes.values()) - fonts - pictures <= SITE_KB * 1024


def test_faces_are_renamed_and_hold_the_letters_of_the_edition() -> None:
    faces = [data for path, data in site().items() if path.endswith(".woff")]
    assert len(faces) == 4
    for data in faces:
        font = TTFont(io.BytesIO(data))
        names = {record.nameID: record.toUnicode() for record in font["name"].names}
        assert "Source" not in names[1] + names[4] + names[6]
        assert "Open Font License" in names[13]
        assert set(map(ord, "aA’“é")) <= set(font.getBestCmap())


def test_search_folds_words_as_its_script_does() -> None:
    assert list(fold_words("Zoë’s naïve CV, page 38")) == ["zoes", "naive", "cv", "page", "38"]


def test_the_readme_names_the_page_about_the_web_edition(repository: Path) -> None:
    assert (repository / "docs" / "web.md").is_file()
