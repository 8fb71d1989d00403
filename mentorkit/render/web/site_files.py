"""The files that all pages of a site share: style sheet, scripts, faces, data of the book."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from importlib.resources import files

from mentorkit.edition.field import Place
from mentorkit.edition.workbook import Edition
from mentorkit.render.renderer import HashedAssets
from mentorkit.render.web.fonts import FACES, cut_face
from mentorkit.render.web.pages import WebPage
from mentorkit.render.web.search_index import index_entries, pack

# In this order they are one file, since each file of a page costs bytes and time.
SCRIPTS = ("store.js", "answer-file.js", "site.js", "search.js")
KIT = "kit/web/"


class SiteFiles:
    """Gives each shared file and picture its address beside the pages."""

    def __init__(self, pictures: Mapping[str, bytes], letters: str) -> None:
        self._read: dict[str, bytes] = dict(pictures)
        self._assets = HashedAssets(self._read)
        for face in FACES:
            self._read[f"{KIT}{face}.woff"] = cut_face(face, letters)
        style = _read("site.css")
        for face in FACES:
            name = self.url(f"{face}.woff").rpartition("/")[2]
            style = style.replace(f"url({face}.woff)", f"url({name})")
        self._read[f"{KIT}site.css"] = style.encode()
        self._read[f"{KIT}look.js"] = _read("look.js").encode()
        self._read[f"{KIT}site.js"] = "\n".join(map(_read, SCRIPTS)).encode()

    def add(self, name: str, text: str) -> None:
        """Add a shared file that is made from the edition."""
        self._read[KIT + name] = text.encode()

    def url(self, name: str) -> str:
        """Return the address of a shared file."""
        return self._assets.url(KIT + name)

    def picture_url(self, path: str) -> str:
        """Return the address of a picture of the program."""
        return self._assets.url(path)

    @property
    def used(self) -> Mapping[str, bytes]:
        """The files that pages refer to, by path."""
        return self._assets.used


def service_worker(cohort: str, made: Mapping[str, bytes]) -> str:
    """Return the script that keeps the files of a site for use without a network.

    Its cache is named after the cohort and the content of all files, so that a new build is a new
    cache.
    """
    digest = hashlib.sha256()
    for path in sorted(made):
        digest.update(path.encode() + b"\0" + hashlib.sha256(made[path]).digest())
    name = f"mk-{cohort}-{digest.hexdigest()[:12]}"
    head = f"const NAME = {_as_script(name)};\nconst FILES = {_as_script(sorted(made))};\n"
    return head + _read("sw.js")


def _read(name: str) -> str:
    return files("mentorkit").joinpath("templates", "web", name).read_text(encoding="utf-8")


def book_script(
    edition: Edition,
    pages: tuple[WebPage, ...],
    words: Mapping[str, str],
    about: Mapping[str, str],
    search: str,
) -> str:
    """Return the script that holds what the site's scripts must know of the edition.

    A field is its name, label, kind, the number of its page, 1 where it may be returned, and the
    words of its choices by their keys.
    """
    fields = [_field(edition.owner, -1)] if edition.owner else []
    for number, page in enumerate(pages):
        fields += [_field(place, number) for place in page.places]
    data = {
        **about,
        "title": edition.title,
        "fields": fields,
        "pages": [[page.path, page.title] for page in pages],
        "words": {key: text for key, text in words.items() if key.startswith("web_")},
        "search": search,
    }
    return f"const BOOK = {_as_script(data)};\n"


def _field(place: Place, page: int) -> list[object]:
    field: list[object] = [place.name, place.label, place.kind.value, page, int(place.returned)]
    return [*field, {c.key: c.words for c in place.choices}] if place.choices else field


def search_script(
    pages: tuple[WebPage, ...], words: Mapping[str, str], book_pages: Mapping[str, int]
) -> str:
    """Return the script that holds the search's index; it is loaded at the first search."""
    entries, common, index = pack(index_entries(pages, words))
    numbers: dict[int, str] = {}
    for page in pages:
        for anchor in page.anchors():
            if anchor in book_pages:
                address = page.path if anchor == page.anchor else f"{page.path}#{anchor}"
                numbers.setdefault(book_pages[anchor], address)
    data = {
        "entries": entries,
        "common": common,
        "words": index,
        "pages": dict(sorted(numbers.items())),
    }
    return f"const SEARCH = {_as_script(data)};\n"


def _as_script(data: object) -> str:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
