"""Render an edition as a site: pages, a style sheet, scripts without a library, faces, pictures."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mentorkit.edition.dates import date_words, time_words
from mentorkit.edition.guide import Guide
from mentorkit.edition.strings import Words, phrase, words_of
from mentorkit.edition.workbook import Edition, Meeting
from mentorkit.render.renderer import RenderContext, Rendered
from mentorkit.render.web.environment import fill
from mentorkit.render.web.pages import ANSWERS, HOME, WebPage, addresses, divide
from mentorkit.render.web.site_files import SiteFiles, book_script, search_script, service_worker
from mentorkit.render.web.texts import Texts

WORKER = "sw.js"
# Pages of the site may load its own files and connect to nothing: answers cannot be sent.
POLICY = (
    "default-src 'none'; script-src 'self' file:; style-src 'self' file:; "
    "img-src 'self' data: file:; font-src 'self' file:; connect-src 'none'; form-action 'none'; "
    "base-uri 'none'"
)


@dataclass(frozen=True, kw_only=True)
class WebRenderer:
    """Renders the site of one cohort.

    `edition_id` and `document` are those of the workbook's card, so that answer files can be
    collected. `pictures` holds the bytes of every picture of the edition by its path.
    """

    cohort: str
    edition_id: str
    document: str
    pictures: Mapping[str, bytes] = field(default_factory=dict)

    def render(self, document: Edition | Guide, context: RenderContext) -> Iterator[Rendered]:
        """Yield the files of the site in the order of their paths.

        Raises:
            TypeError: the document is a guide, which participants must not read.
        """
        if isinstance(document, Guide):
            raise TypeError("the web edition is made from a workbook")
        site = _Site(document, self, context.pages)
        made = {file.path: file for file in site.files()}
        keeps = service_worker(self.cohort, {path: file.data for path, file in made.items()})
        made[WORKER] = Rendered(WORKER, keeps.encode())
        yield from (made[path] for path in sorted(made))


class _Site:
    """One site while it is rendered."""

    def __init__(
        self, edition: Edition, renderer: WebRenderer, book_pages: Mapping[str, int]
    ) -> None:
        self._edition = edition
        self._words = words_of(edition.words, is_screen=True)
        self._pages = divide(edition)
        self._numbers = {page.path: number for number, page in enumerate(self._pages)}
        self._addresses = addresses(self._pages)
        self._book_pages = {a: n for a, n in book_pages.items() if a in self._addresses}
        self._files = SiteFiles(renderer.pictures, _letters(edition, self._words))
        self._files.add("index.js", search_script(self._pages, self._words, self._book_pages))
        about = {
            "cohort": renderer.cohort,
            "edition": renderer.edition_id,
            "release": edition.release,
            "document": renderer.document,
        }
        search = self._files.url("index.js")
        self._files.add("book.js", book_script(edition, self._pages, self._words, about, search))

    def files(self) -> Iterator[Rendered]:
        """Yield the pages, then the files that they use."""
        for number, page in enumerate(self._pages):
            yield self._content_page(number, page)
        yield self._other_page("home.html", HOME, self._words["contents"])
        yield self._other_page("answers.html", ANSWERS, self._words["web_answers"])
        for path, data in self._files.used.items():
            yield Rendered(path, data)

    def _content_page(self, number: int, page: WebPage) -> Rendered:
        is_last = number + 1 == len(self._pages)
        opens = page.kind in ("session", "homework")
        inside = [p for p in self._pages if p.group == page.group and p.kind == "module"]
        return self._fill(
            "chapter.html",
            page.path,
            page=page,
            title=page.title,
            number=number,
            position=page.position,
            group=page.group,
            places=page.places,
            previous=self._pages[number - 1] if number else None,
            following=None if is_last else self._pages[number + 1],
            modules=inside if opens else [],
            chapter_name=self._chapter_name(page),
            nav_groups=self._nav_groups(page),
        )

    def _other_page(self, template: str, path: str, title: str) -> Rendered:
        is_home = path == HOME
        return self._fill(
            template,
            path,
            title=title,
            number=-1 if is_home else -2,
            position=-1,
            group="",
            places=(self._edition.owner,) if is_home and self._edition.owner else (),
            previous=None,
            following=self._pages[0] if is_home and self._pages else None,
            nav_groups=[],
        )

    def _fill(self, template: str, path: str, **values: Any) -> Rendered:
        variables = {
            "book": self._edition,
            "w": Words(self._words),
            "date_of": self._date_of,
            "time_of": lambda m: time_words(m.start, m.end, self._words),
            "texts": Texts(self._addresses),
            "policy": POLICY,
            "asset": self._files.url,
            "picture": self._files.picture_url,
            "address": self._addresses.__getitem__,
            "book_pages": self._book_pages,
            "page_numbers": self._numbers,
            "answer_pages": [page for page in self._pages if page.places],
            "sheet_addresses": {page.title: page.path for page in self._pages},
            "tabs": [p for p in self._pages if p.kind in ("session", "homework")],
            "chapter_groups": self._chapter_groups(),
            "other_groups": self._other_groups(),
            "path": path,
        }
        return Rendered(path, fill(template, variables | values).encode())

    def _date_of(self, meeting: Meeting) -> str:
        day = date_words(meeting.date, self._words) if meeting.date else ""
        return phrase(self._words["due_date"], date=day) if meeting.is_due else day

    def _chapter_name(self, page: WebPage) -> str:
        if page.chapter and page.chapter.kind == "session":
            return phrase(self._words["session_number"], number=page.chapter.number)
        return self._words["homework"]

    def _chapter_groups(self) -> list[tuple[WebPage, list[WebPage]]]:
        """Return the first page of each session with the other pages of it."""
        return [
            (first, [p for p in self._pages if p.group == first.group and p is not first])
            for first in self._pages
            if first.kind in ("session", "homework")
        ]

    def _other_groups(self) -> list[tuple[str, list[WebPage]]]:
        """Return the pages before and after the sessions, and the sheets to take home."""
        named = (
            (self._words["web_front"], "front"),
            (self._words["take_home"], "take_home"),
            (self._words["web_back"], "back"),
        )
        groups = [(title, [p for p in self._pages if p.kind == kind]) for title, kind in named]
        return [(title, pages) for title, pages in groups if pages]

    def _nav_groups(self, page: WebPage) -> list[tuple[str, list[WebPage]]]:
        """Return what the list of contents shows on a page: the pages of its group."""
        if page.kind in ("front", "back", "take_home"):
            return [(t, listed) for t, listed in self._other_groups() if page in listed]
        listed = [other for other in self._pages if other.group == page.group]
        sheets = [other for other in listed if other.kind == "worksheet"]
        chapter = [other for other in listed if other.kind != "worksheet"]
        groups = [(self._chapter_name(page), chapter), (self._words["worksheets"], sheets)]
        return [(title, pages) for title, pages in groups if pages]


def _letters(edition: Edition, words: Mapping[str, str]) -> str:
    """Return every letter of the edition and of the words of the site, each once, sorted."""
    found: set[str] = set()

    def gather(value: object) -> None:
        if isinstance(value, str):
            found.update(value)
        elif dataclasses.is_dataclass(value):
            for slot in dataclasses.fields(value):
                gather(getattr(value, slot.name))
        elif isinstance(value, dict):
            for inner in value.values():
                gather(inner)
        elif isinstance(value, tuple | list):
            for inner in value:
                gather(inner)

    gather(edition)
    gather(dict(words))
    return "".join(sorted(sign for sign in found if sign.isprintable()))
