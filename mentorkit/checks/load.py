"""Load a program with everything that is wrong with it and with its cohorts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from mentorkit.checks.registry import check
from mentorkit.program import cohort_changes
from mentorkit.program.library import Library
from mentorkit.program.loader import derive_cohort_program, read_program
from mentorkit.source import reader


def load_program(
    folder: Path, read: Callable[[Path, str, frozenset[str]], reader.Source] = reader.read
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
    return replace(library.with_problems(found), cohort_programs=programs)


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
