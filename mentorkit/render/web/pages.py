"""Divide an edition into pages: one for each chapter, module, worksheet and take-home sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from mentorkit.edition.content import Role
from mentorkit.edition.field import Place
from mentorkit.edition.section import Section
from mentorkit.edition.workbook import Chapter, Edition, Module

HOME, ANSWERS = "index.html", "answers.html"


@dataclass(frozen=True, kw_only=True)
class WebPage:
    """One page: `path` is its file, `group` the anchor of the chapter that it belongs to.

    `raised` is how many levels its headings are raised, since the page's title is its first one.
    `kind` is that of the chapter, or module or worksheet. `anchor` is that of the page's title.
    """

    path: str
    anchor: str
    title: str
    kind: str
    group: str
    position: int = -1
    raised: int = 0
    chapter: Chapter | None = None
    module: Module | None = None
    sections: tuple[Section, ...] = ()
    is_titled_by_section: bool = False

    def own_sections(self) -> Iterator[Section]:
        """Yield the sections that are printed on this page, parts included."""
        for section in self.sections:
            if is_own_page(section) and not self.is_titled_by_section:
                continue
            yield from section.sections()

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """The places to fill on this page, in reading order."""
        return tuple(place for section in self.own_sections() for place in section.places())

    def anchors(self) -> Iterator[str]:
        """Yield every anchor on this page."""
        yield self.anchor
        for section in self.sections:
            if not is_own_page(section) or self.is_titled_by_section:
                yield from section.anchors()


def is_own_page(section: Section) -> bool:
    """Return whether a section of a module has a page of its own."""
    return section.role is Role.WORKSHEET


def divide(edition: Edition) -> tuple[WebPage, ...]:
    """Return the pages of the edition in reading order, without the home page."""
    return tuple(page for chapter in edition.chapters for page in _chapter_pages(chapter))


def _chapter_pages(chapter: Chapter) -> Iterator[WebPage]:
    single = len(chapter.sections) == 1 and chapter.is_titled_like(chapter.sections[0])
    yield WebPage(
        path=f"{chapter.name}.html",
        anchor=chapter.anchor,
        title=chapter.title,
        kind=chapter.kind,
        group=chapter.anchor,
        position=chapter.position,
        chapter=chapter,
        sections=chapter.sections,
        is_titled_by_section=single,
    )
    for section in chapter.sections:
        if is_own_page(section) and not single:
            yield _worksheet_page(section, chapter)
    for module in chapter.modules:
        yield WebPage(
            path=f"{chapter.name}-{module.name}.html",
            anchor=module.anchor,
            title=module.title,
            kind="module",
            group=chapter.anchor,
            position=chapter.position,
            raised=1,
            chapter=chapter,
            module=module,
            sections=module.sections,
        )
        for section in module.sections:
            if is_own_page(section):
                yield _worksheet_page(section, chapter)


def _worksheet_page(section: Section, chapter: Chapter) -> WebPage:
    return WebPage(
        path=f"sheet-{section.name}.html",
        anchor=section.anchor,
        title=section.title,
        kind="worksheet",
        group=chapter.anchor,
        position=chapter.position,
        raised=section.level - 1,
        chapter=chapter,
        sections=(section,),
        is_titled_by_section=True,
    )


def addresses(pages: tuple[WebPage, ...]) -> Mapping[str, str]:
    """Return the address of every anchor: its page, with its place unless it is the title."""
    found: dict[str, str] = {}
    for page in pages:
        titles = {page.anchor}
        if page.is_titled_by_section:
            titles.add(page.sections[0].anchor)
        for anchor in page.anchors():
            address = page.path if anchor in titles else f"{page.path}#{anchor}"
            found.setdefault(anchor, address)
    return found
