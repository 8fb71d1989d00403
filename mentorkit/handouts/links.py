"""The page of links: whatever participants open on a device, each with a QR code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from mentorkit.edition.content import Board
from mentorkit.edition.markdown import plain
from mentorkit.edition.strings import phrase
from mentorkit.edition.workbook import Edition
from mentorkit.handouts.meetings import Gathering
from mentorkit.model.cohort import Cohort


@dataclass(frozen=True)
class Code:
    """One link: its heading on the page, what it is called, where it is used, its address."""

    part: str
    title: str
    about: str
    url: str

    def drawing(self, words: dict[str, str]) -> Markup:
        """The QR code as SVG, its text alternative inside."""
        import segno

        drawn = segno.make(self.url, micro=False, error="m")
        return Markup(
            drawn.svg_inline(
                title=phrase(words["qr_code_of"], title=self.title),
                svgclass="qr",
                omitsize=True,
                border=4,
            )
        )


def codes(
    book: Edition, cohort: Cohort, held: Sequence[Gathering], words: dict[str, str]
) -> list[Code]:
    """All links of a cohort, each address once, in the order in which they are needed."""
    found = {
        code.url: code
        for code in reversed([*_meetings(held, words), *_boards(book, words), *_own(cohort, words)])
    }
    return list(reversed(found.values()))


def _meetings(held: Sequence[Gathering], words: dict[str, str]) -> Iterator[Code]:
    by_link: dict[str, list[Gathering]] = {}
    for each in held:
        if each.link:
            by_link.setdefault(each.link, []).append(each)
    for link, these in by_link.items():
        every = len(these) > 1 and len(these) == sum(bool(each.number) for each in held)
        title = words["every_meeting"] if every else "; ".join(each.title for each in these)
        yield Code(
            words["where_we_meet"],
            title,
            "; ".join(filter(None, (f"{each.date}, {each.hours}".strip(", ") for each in these))),
            link,
        )


def _boards(book: Edition, words: dict[str, str]) -> Iterator[Code]:
    for chapter in book.chapters:
        sections = [section for module in chapter.modules for section in module.sections]
        boards = [board for section in sections for board in section.find(Board) if board.url]
        for board in boards:
            yield Code(words["our_boards"], plain(board.title), plain(chapter.title), board.url)


def _own(cohort: Cohort, words: dict[str, str]) -> Iterator[Code]:
    for link in cohort.links.values():
        if link.url:
            yield Code(words["more_links"], link.title, plain(link.about or ""), link.url)
