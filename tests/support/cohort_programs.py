"""Cohorts made for a test, over a program that is loaded once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from mentorkit.compose.compose import Composed, compose
from mentorkit.model.cohort import Cohort
from mentorkit.program.library import Filed, Library
from mentorkit.program.loader import read_program
from mentorkit.source.nodes import plain
from mentorkit.source.reader import parse

NAME = "a_group"
HEAD = "title: A group\ntime_zone: America/Chicago\n"


def read_base(program: Path) -> Library:
    """Return the program in a folder without its cohorts and without checks."""
    return replace(read_program(program), cohorts={})


def with_cohort(base: Library, text: str) -> Library:
    """Return the program with one cohort, written as YAML after its title and time zone."""
    path = f"cohorts/{NAME}/cohort.yaml"
    source = parse(HEAD + text, path)
    assert source.root is not None and not source.problems, source.problems
    model = Cohort.model_validate(plain(source.root))
    return replace(base, cohorts={NAME: Filed(NAME, path, source.root, model, "0" * 64)})


def compose_cohort(base: Library, text: str) -> Composed:
    """Return the editions of a cohort that is written as YAML after its title and time zone."""
    return compose(with_cohort(base, text), NAME)
