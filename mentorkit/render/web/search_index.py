"""The index of the site's search: folded words, and the sections in which each occurs."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from mentorkit.edition.content import Content
from mentorkit.edition.markdown import plain
from mentorkit.edition.section import Section
from mentorkit.render.text.lines import content_lines
from mentorkit.render.web.pages import WebPage, is_own_page

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
SHORTEST_WORD = 2
# A word that stands in more of the entries than this is no help in finding one of them.
MOST_ENTRIES = 1 / 5


@dataclass(frozen=True)
class Entry:
    """One place that the search finds: its address, its title, and its folded words."""

    address: str
    title: str
    words: frozenset[str]


def fold_words(text: str) -> Iterator[str]:
    """Yield the words of a text in lower case without accents, as the site's script folds them."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    bare = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    for word in re.findall(r"[^\W_]+", bare.replace("’", "").replace("'", "")):
        if len(word) >= SHORTEST_WORD:
            yield word


def index_entries(pages: Iterable[WebPage], words: Mapping[str, str]) -> Iterator[Entry]:
    """Yield what the search finds: each page with its introduction, then each of its sections."""
    for page in pages:
        texts = [page.title]
        if page.module:
            texts += [page.module.text, *page.module.objectives]
        elif page.chapter and page.kind != "worksheet":
            texts.append(page.chapter.text)
        shown = [s for s in page.sections if page.is_titled_by_section or not is_own_page(s)]
        for section in shown if page.is_titled_by_section else ():
            texts += _own_texts(section)
        yield Entry(page.path, plain(page.title), _folded(texts))
        for section in shown:
            inner = list(section.sections())[1:] if page.is_titled_by_section else [section]
            for part in inner:
                title = plain(part.title) or words.get(part.role, "") or plain(page.title)
                found = _own_texts(part) if page.is_titled_by_section else _all_texts(part)
                yield Entry(f"{page.path}#{part.anchor}", title, _folded([title, *found]))


def _own_texts(section: Section) -> list[str]:
    items: list[Content] = [item for item in section.content if not isinstance(item, Section)]
    return [section.title, *(line for item in items for line in content_lines(item, ""))]


def _all_texts(section: Section) -> list[str]:
    return [text for part in section.sections() for text in _own_texts(part)]


def _folded(texts: Iterable[str]) -> frozenset[str]:
    joined = "\n".join(texts)
    # Names of places and kinds stand in angle brackets in these lines; people do not search them.
    return frozenset(fold_words(re.sub(r"<[^>\n]*>|\]\([^)]*\)|#[\w]+", " ", joined)))


def pack(entries: Iterable[Entry]) -> tuple[list[list[str]], list[str], str]:
    """Return the entries' addresses and titles, words left out, and the index as one text.

    The index is inverted and front-coded. A line is the number of characters it shares with the
    line before (base 36), the rest of the word, a blank, and the numbers of the entries as
    differences (base 36), with dots.
    """
    listed = list(entries)
    postings: dict[str, list[int]] = defaultdict(list)
    for number, entry in enumerate(listed):
        for word in entry.words:
            postings[word].append(number)
    most = max(2, len(listed) * MOST_ENTRIES)
    common = sorted(word for word, numbers in postings.items() if len(numbers) > most)
    lines: list[str] = []
    before = ""
    for word in sorted(postings.keys() - common):
        shared = 0
        while shared < min(len(before), len(word), 35) and before[shared] == word[shared]:
            shared += 1
        numbers = postings[word]
        steps = [n - m for n, m in zip(numbers, [0, *numbers[:-1]], strict=True)]
        lines.append(f"{DIGITS[shared]}{word[shared:]} {'.'.join(map(_base36, steps))}")
        before = word
    return [[entry.address, entry.title] for entry in listed], common, "\n".join(lines)


def _base36(number: int) -> str:
    digits = ""
    while number or not digits:
        number, rest = divmod(number, 36)
        digits = DIGITS[rest] + digits
    return digits
