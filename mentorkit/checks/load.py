"""Load a program with everything that is wrong with it and with its cohorts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from mentorkit.checks.registry import check
from mentorkit.checks.stale_references import find_stale_references
from mentorkit.program import cohort_changes
from mentorkit.program.library import Library
from mentorkit.program.loader import derive_cohort_program, read_program
from mentorkit.program.presence import present_names
from mentorkit.source import nodes, reader
from mentorkit.source.problem import Problem, Span


def load_program(
    folder: Path, read: Callable[[Path, str, frozenset[str]], nodes.Source] = reader.read
) -> Library:
    """Return the program in `folder`; its `problems` hold those of its cohorts, too.

    Each cohort's program is derived and checked once and kept in `Library.cohort_programs`.
    """
    library = read_program(folder, read)
    without_cohorts = check(replace(library, cohorts={}))
    library = replace(library, problems=without_cohorts.problems)
    if library.curriculum is None:
        return library
    programs = {name: load_cohort(library, name) for name in library.cohorts}
    found = [problem for program in programs.values() for problem in program.problems]
    found += _find_stale(library, programs)
    library = replace(library, problems=tuple(_without_printed(library, programs)))
    return replace(library.with_problems(found), cohort_programs=programs)


def _find_stale(library: Library, programs: Mapping[str, Library]) -> Iterator[Problem]:
    """Yield the stale references of all cohorts that can be composed.

    One that every cohort has is reported where it is written; else it is reported in the cohort's
    file, so that it stops no other cohort.
    """
    if library.broken:
        return
    usable = {name: program for name, program in programs.items() if not program.broken}
    found = {
        name: find_stale_references(library, program, name) for name, program in usable.items()
    }
    shared = set.intersection(*map(set, found.values())) if found else set()
    yield from shared
    for name, problems in found.items():
        own = [problem for problem in problems if problem not in shared]
        yield from cohort_changes.pointed(own, set(), library.cohorts[name])


def _without_printed(library: Library, programs: Mapping[str, Library]) -> Iterator[Problem]:
    """Yield the problems of a program, but for those that call unused what some cohort prints."""
    if library.broken or not any(problem.code == "unused" for problem in library.problems):
        yield from library.problems
        return
    printed = {
        file.path
        for name, program in programs.items()
        for file in program.files()
        if file.name in present_names(program)
    }
    for problem in library.problems:
        is_whole_file = problem.span == Span(problem.span.file)
        if problem.code != "unused" or not is_whole_file or problem.span.file not in printed:
            yield problem


def load_cohort(library: Library, name: str) -> Library:
    """Return the program of the cohort `name`, checked.

    Its `problems` are those of this cohort alone; each points into the cohort's folder.
    """
    if library.curriculum is None:
        return replace(library, problems=())
    if name in library.cohort_programs:
        return library.cohort_programs[name]
    inherited = {
        problem
        for problem in library.problems
        if not problem.span.file.startswith(f"cohorts/{name}/")
    }
    program = check(derive_cohort_program(library, name))
    pointed = cohort_changes.pointed(program.problems, inherited, library.cohorts[name])
    return replace(program, problems=tuple(pointed))
