"""The program kept in memory: read anew when a file changes, or as it would be with somebody's
draft in place of a file."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from mentorkit.checks.load import load_cohort, load_program
from mentorkit.compose.compose import Composed, compose
from mentorkit.compose.workbook import Book
from mentorkit.edition.guide import Guide, GuideActivity
from mentorkit.edition.section import Section
from mentorkit.edition.workbook import Chapter, Edition
from mentorkit.model.file_kinds import CASE_STUDY, COHORT, WORKSHEET, find_patterns
from mentorkit.model.keys import KEYS
from mentorkit.output import build_cache
from mentorkit.program.library import Library
from mentorkit.render.print.html import guide_html, workbook_html, worksheet_html
from mentorkit.render.print.options import PrintOptions, Screen
from mentorkit.render.renderer import FixedAssets
from mentorkit.source import nodes, reader
from mentorkit.source.problem import Problem, UnreadableError, stopping
from mentorkit.source.text_file import decode

PICTURES = ("curriculum/pictures/*.*", "cohorts/*/*.*")
SHOWN = (".svg", ".png", ".jpg", ".jpeg")
Reads = Callable[[Path, str, frozenset[str]], nodes.Source]
NO_PAGES = (
    "Page numbers come when the workbook has been made (see Books); until then there is … in their"
    " place."
)
OLD_PAGES = (
    "The page numbers are those of the workbook made last. Something has changed since then, so"
    " they may be off."
)
ASSETS = FixedAssets("/kit/", "/picture/")  # where this server has them
KEPT = 60  # states of files, and style sheets, that are remembered


@dataclass(frozen=True)
class Known:
    """A file of the program: its place, its kind, its short name and its model."""

    path: str
    kind: str
    name: str
    model: type[BaseModel]


class Shelf:
    """The program in `folder`.

    `library` is what stands on the disk; `good` the last state from which pages can be made.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.styles: OrderedDict[str, str] = OrderedDict()
        self._states: OrderedDict[str, bytes] = (
            OrderedDict()
        )  # sha256: the bytes of a file as somebody's form shows it
        self._read: dict[str, tuple[tuple[int, int], nodes.Source]] = {}
        self._lock = threading.RLock()
        self._composed: dict[str, tuple[Library, Composed]] = {}
        self._version = ""
        self.good: Library | None = None
        self.refresh()

    def files(self) -> dict[str, Known]:
        """Every file that may be edited, by its place.

        Links and what editors leave behind are not among them.
        """
        found = {}
        for pattern, kind in find_patterns():
            for path in sorted(self.folder.glob(pattern)):
                shown = path.relative_to(self.folder).as_posix()
                links = any(
                    each.is_symlink()
                    for each in (path, *path.parents)
                    if each.is_relative_to(self.folder) and each != self.folder
                )
                if path.is_file() and not links and not path.name.startswith((".", "_", "~")):
                    name = path.parent.name if kind is COHORT else path.stem
                    found[shown] = Known(shown, kind.name, name, kind.model)
        return found

    def pictures(self) -> set[str]:
        """Every picture that a page may show."""
        paths = (
            path
            for pattern in PICTURES
            for path in self.folder.glob(pattern)
            if path.suffix.lower() in SHOWN
        )
        return {
            path.relative_to(self.folder).as_posix()
            for path in paths
            if path.is_file() and not path.is_symlink()
        }

    def refresh(self) -> str:
        """Read what has changed; the version is another one after every change of a file."""
        with self._lock:
            version = self._stamp()
            if version != self._version:
                self.library = load_program(self.folder, self._reader({}))
                if not self.library.broken:
                    self.good = self.library
                self._composed.clear()
                self._version = version
            return version

    def draft(self, path: str, data: bytes) -> Library:
        """The program as it would be with these bytes in the file at `path`."""
        with self._lock:
            return load_program(self.folder, self._reader({path: data}))

    def problems(self, library: Library | None = None) -> list[Problem]:
        """What is wrong, in the files and in what the cohorts make of them.

        What stops the build comes first.
        """
        library = library or self.library
        found = list(library.problems)
        if not library.broken:
            found += [
                problem
                for name, cohort in library.cohorts.items()
                if not cohort.model.closed
                for problem in self.composed(library, name).problems
            ]
        return sorted(dict.fromkeys(found), key=lambda problem: (not problem.stops, problem.span))

    def composed(self, library: Library, cohort: str) -> Composed:
        """The books of a cohort; those of the same library are composed once."""
        with self._lock:
            kept = self._composed.get(cohort)
            if kept is None or kept[0] is not library:
                kept = (library, compose(library, cohort))
                if library is self.library or library is self.good:
                    self._composed[cohort] = kept
            return kept[1]

    def remember(self, data: bytes) -> str:
        """The checksum by which a form says from which state of a file it started."""
        digest = hashlib.sha256(data).hexdigest()
        self._states[digest] = data
        self._states.move_to_end(digest)
        while len(self._states) > KEPT:
            self._states.popitem(last=False)
        return digest

    def recall(self, digest: str) -> bytes | None:
        return self._states.get(digest)

    def root(self, path: str, data: bytes | None = None) -> nodes.Mapping | None:
        """The values of a file that may be edited, if it can be read."""
        return self._reader({path: data} if data is not None else {})(
            self.folder / path, path, KEYS
        ).root

    def _stamp(self) -> str:
        states = []
        for pattern in (*(pattern for pattern, _ in find_patterns()), *PICTURES):
            for path in sorted(self.folder.glob(pattern)):
                try:
                    state = path.stat()
                    states.append(f"{path}|{state.st_mtime_ns}|{state.st_size}|{state.st_ino}")
                except OSError:
                    states.append(f"{path}|gone")
        return hashlib.sha256("\n".join(states).encode("utf-8", "surrogateescape")).hexdigest()[:16]

    def _reader(self, drafts: dict[str, bytes]) -> Reads:
        """Reads files as `source.read` does, each once as long as it stays the same."""

        def read(path: Path, name: str, keys: frozenset[str]) -> nodes.Source:
            if name in drafts:
                try:
                    return replace(
                        reader.parse(decode(drafts[name], name), name, keys),
                        digest=hashlib.sha256(drafts[name]).hexdigest(),
                    )
                except UnreadableError as found:
                    return nodes.Source(name, "", None, (found.problem,))
            try:
                state = path.stat()
            except OSError:
                return reader.read(path, name, keys)
            stamp = (state.st_mtime_ns, state.st_size)
            if name not in self._read or self._read[name][0] != stamp:
                self._read[name] = (stamp, reader.read(path, name, keys))
            return self._read[name][1]

        return read

    # ---- pages

    def views(
        self,
        library: Library,
        cohort: str,
        kind: str,
        name: str,
        sides: tuple[str, ...] = ("workbook", "guide"),
    ) -> dict[str, str]:
        """What a file looks like: `workbook` and `guide`, each a whole page of HTML.

        Empty where no book holds it.
        """
        made = self.composed(library, cohort)
        pages, own, same = build_cache.read_page_numbers(self.folder / "build" / cohort, made.sums)
        note = "" if same else OLD_PAGES if pages else NO_PAGES
        found = {}
        for side in sides:
            is_guide = side == "guide"
            screen = Screen(
                classes=f"side-{side} of-{kind}",
                note=note if is_guide else "",
                pages=own if is_guide else pages,
                style_url=self._keep_style,
            )
            options = PrintOptions(made.paper, screen=screen, assets=ASSETS)
            html = (
                self._guide(made.guide, kind, name, pages, options)
                if is_guide
                else self._workbook(library, made, kind, name, options)
            )
            if html:
                found[side] = html
        return found

    def _workbook(
        self, library: Library, made: Composed, kind: str, name: str, options: PrintOptions
    ) -> str:
        book = made.workbook
        if kind == CASE_STUDY.name:
            return self._case(library, made, name, options)
        if kind == "worksheet":
            sheet = next((sheet for sheet in made.worksheets if sheet.name == name), None)
            return worksheet_html(sheet, options) if sheet else ""
        if kind in ("curriculum", "cohort"):
            openers = (chapter for chapter in book.chapters if chapter.position >= 0)
            chapters = tuple(
                replace(
                    chapter,
                    sections=(),
                    modules=tuple(replace(module, sections=()) for module in chapter.modules),
                )
                for chapter in openers
            )
            return workbook_html(replace(book, chapters=chapters), options)
        chosen = tuple(
            chapter
            for chapter in book.chapters
            if chapter.name == name and (chapter.position >= 0) == (kind == "session")
        )
        chosen_book = replace(book, chapters=chosen, credits=())
        return workbook_html(chosen_book, options) if chosen else ""

    def _case(self, library: Library, made: Composed, name: str, options: PrintOptions) -> str:
        """The case, then each of its variations, as it stands in the book."""
        changed = load_cohort(library, made.cohort)
        if name not in changed.cases:
            return ""
        hues = [
            chapter.position
            for chapter in made.workbook.chapters
            for module in chapter.modules
            for section in module.sections
            if section.anchor == name
        ]
        book = Book(changed, library.cohorts[made.cohort].model)
        position = (hues or [5])[0]
        chapters = [_chapter_of(book._case(changed.cases[name]), name, "", position)]
        for (case, variation), file in changed.varied.items():
            if case == name:
                section = replace(book._case(file), anchor=f"{name}-{variation}")
                title = f"Variation: {variation.replace('_', ' ')}"
                chapters.append(_chapter_of(section, f"chapter-{variation}", title, position))
        edition: Edition = replace(made.workbook, chapters=tuple(chapters), credits=())
        return worksheet_html(edition, options)

    def _guide(
        self, guide: Guide, kind: str, name: str, pages: Mapping[str, int], options: PrintOptions
    ) -> str:
        if kind in ("session", "page"):
            chapters = tuple(
                chapter
                for chapter in guide.chapters
                if chapter.name == name and (chapter.kind == "page") == (kind == "page")
            )
        elif kind in (CASE_STUDY.name, WORKSHEET.name):

            def holds(activity: GuideActivity) -> bool:
                return any(thing.ref.anchor == name and thing.here for thing in activity.things)

            chapters = ()
            for chapter in guide.chapters:
                modules = (
                    replace(module, things=(), activities=tuple(filter(holds, module.activities)))
                    for module in chapter.modules
                )
                if chosen := tuple(module for module in modules if module.activities):
                    chapters += (replace(chapter, modules=chosen),)
        else:
            chapters = guide.chapters[:0]
        if not chapters:
            return ""
        known: defaultdict[str, Any] = defaultdict(lambda: "…", pages)
        return guide_html(replace(guide, chapters=chapters, credits=()), known, options)

    def _keep_style(self, style: str) -> str:
        """Keep a style sheet for the browser; return its address."""
        digest = hashlib.sha256(style.encode()).hexdigest()[:20]
        self.styles[digest] = style
        while len(self.styles) > KEPT:
            self.styles.popitem(last=False)
        return f"/style/{digest}.css"


def _chapter_of(section: Section, anchor: str, title: str, position: int) -> Chapter:
    """Return a chapter that holds one section."""
    return Chapter(
        kind="worksheet",
        name=section.name,
        anchor=anchor,
        title=title,
        position=position,
        sections=(section,),
    )


def new_problems(before: Library, after: Library, path: str) -> list[Problem]:
    """What stops a save: anything wrong with the file itself, and whatever its draft makes wrong
    elsewhere."""
    known = {(problem.span.file, problem.code, problem.what) for problem in before.problems}
    return [
        problem
        for problem in stopping(after.problems)
        if problem.span.file == path or (problem.span.file, problem.code, problem.what) not in known
    ]
