"""Run a build as the command does, with what it prints given to a function."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from mentorkit.commands.run_build import run_build
from mentorkit.pipeline.plan import BuildRequest
from mentorkit.pipeline.progress import Report, report_nothing


def build(
    folder: Path,
    cohorts: tuple[str, ...],
    only: tuple[str, ...],
    paper: str | None,
    strict: bool,
    print_line: Callable[[str], None],
    packets: tuple[str, ...] | None = None,
    books: bool = True,
    progress: Report = report_nothing,
) -> int:
    """Return the exit code of a build."""
    request = BuildRequest(
        cohorts=cohorts, only=only, paper=paper, strict=strict, packets=packets, books=books
    )
    return run_build(folder, request, print_line, progress)
