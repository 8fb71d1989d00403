"""Library and cohort to editions. What each reader holds is decided here, and nowhere later."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from mentorkit.compose.guide import Handbook
from mentorkit.compose.to_return import compose_to_return
from mentorkit.compose.workbook import Book
from mentorkit.edition.field_names import LONGEST_LABEL, LONGEST_NAME
from mentorkit.edition.guide import Guide
from mentorkit.edition.workbook import Edition
from mentorkit.model.cohort import Cohort
from mentorkit.program.library import Filed, Library
from mentorkit.program.loader import derive_cohort_program
from mentorkit.program.schedule import scheduled, too_long
from mentorkit.source.problem import Problem, Span, warning


@dataclass(frozen=True)
class Composed:
    """Everything that one cohort's readers will hold, and what is to be said about it."""

    cohort: str
    workbook: Edition
    worksheets: tuple[Edition, ...]
    guide: Guide
    problems: tuple[Problem, ...]
    sources: dict[str, tuple[str, ...]]  # output name: the files it was made from
    sums: dict[str, str]  # sha256 of each of these files, as it was read
    take_home: Edition | None = None
    paper: str = "letter"
    to_return: Edition | None = None
    stories: Edition | None = None


def compose(library: Library, name: str, paper: str | None = None) -> Composed:
    """The editions of the cohort `name`; its overlay is applied first.

    The library must not be broken.
    """
    file = library.cohorts[name]
    cohort_program = library.cohort_programs.get(name) or derive_cohort_program(library, name)
    changed, cohort = scheduled(cohort_program, file.model)
    cohort = cohort.model_copy(
        update={
            "paper": paper or cohort.paper,
            "logo": f"cohorts/{name}/{cohort.logo}" if cohort.logo else None,
        }
    )
    book = Book(changed, cohort)
    workbook = book.compose_workbook()
    guide = Handbook(book).compose_guide()
    worksheets = book.worksheets()
    take_home = book.take_home()
    problems = [
        *changed.problems,
        *_double_names(changed, workbook, file),
        *_unfilled(book, file),
        *too_long(changed, file, cohort),
    ]
    sources = _sources(changed, file, workbook, worksheets)
    return Composed(
        name,
        workbook,
        worksheets,
        guide,
        tuple(dict.fromkeys(problems)),
        sources,
        _sums(changed, file, sources),
        take_home,
        cohort.paper,
        compose_to_return(workbook, worksheets),
        book.stories(),
    )


def _sources(
    library: Library, cohort: Filed[Cohort], workbook: Edition, worksheets: tuple[Edition, ...]
) -> dict[str, tuple[str, ...]]:
    """The files from which each output is made, pictures included."""
    assert library.curriculum is not None
    logo = (f"cohorts/{cohort.name}/{cohort.model.logo}",) if cohort.model.logo else ()
    shown = set().union(*map(_pictures, (workbook, *worksheets)))
    every = {*(file.path for file in library.files()), cohort.path, *logo, *shown}
    sheets = {
        sheet.name: tuple(
            sorted(
                {
                    library.worksheets[sheet.name].path,
                    library.curriculum.path,
                    cohort.path,
                    *logo,
                    *_pictures(sheet),
                }
            )
        )
        for sheet in worksheets
    }
    all_files = tuple(sorted(every))
    return {"workbook": all_files, "guide": all_files, "take-home": all_files, **sheets}


def _pictures(edition: Edition) -> set[str]:
    return {figure.file for figure in edition.figures()}


def _sums(
    library: Library, cohort: Filed[Cohort], sources: dict[str, tuple[str, ...]]
) -> dict[str, str]:
    read = {file.path: file.digest for file in (*library.files(), cohort)}
    return {
        path: read.get(path) or hashlib.sha256((library.folder / path).read_bytes()).hexdigest()
        for path in sources["workbook"]
    }


def _double_names(library: Library, workbook: Edition, cohort: Filed[Cohort]) -> Iterator[Problem]:
    """Report names and labels that two places share, and those that are too long, where they are
    written.
    """
    places = workbook.places()

    def span(name: str) -> Span:
        return library.span_of_field(name) or Span(cohort.path)

    for name, count in Counter(place.name for place in places).items():
        if count > 1:
            what = f'two places to fill have the name "{name}"'
            yield Problem(span(name), "double-name", what, "give one of them another short name")
    by_label = {place.label: place.name for place in places}
    for label, count in Counter(place.label for place in places).items():
        if count > 1:
            what = f'two places to fill have the label "{label}"'
            hint = "add a label: to one of them"
            yield Problem(span(by_label[label]), "double-label", what, hint)
    for place in places:
        if len(place.name) > LONGEST_NAME:
            what = f'the name "{place.name}" is longer than {LONGEST_NAME} characters'
            yield Problem(span(place.name), "long-name", what, "use shorter short names")
        if len(place.label) > LONGEST_LABEL:
            what = f'the label of "{place.name}" is longer than {LONGEST_LABEL} characters'
            hint = "add a label: that says it shorter"
            yield Problem(span(place.name), "long-label", what, hint)
    for name, count in Counter(workbook.anchors()).items():
        if count > 1:
            what = f'two parts of the book are called "{name}"'
            yield Problem(span(name), "double-anchor", what, "rename one of them")


def _unfilled(book: Book, cohort: Filed[Cohort]) -> list[Problem]:
    return [
        warning(
            cohort.span("values") if "values" in cohort.root.values else Span(cohort.path),
            "unfilled",
            f'"{name}" is not filled in: {effect}',
            f"add it under values: {name}: …",
        )
        for name, effect in sorted(book.fill.missing.items())
    ]
