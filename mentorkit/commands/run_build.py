"""Run a build for a command: plan it, make it, and print what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from mentorkit.pipeline.execute import execute
from mentorkit.pipeline.plan import BuildRequest, plan_build
from mentorkit.pipeline.progress import Progress, Report, report_nothing
from mentorkit.source.problem import Problem, stopping
from mentorkit.terminal import print_line

Print = Callable[[str], None]


def run_build(
    folder: Path,
    request: BuildRequest,
    print_line: Print = print_line,
    progress: Report = report_nothing,
    jobs: int | None = None,
) -> int:
    """Make what was asked for and print what was made and where; return the exit code.

    `jobs`: see `execute`.
    """
    plan = plan_build(folder, request)
    print_problems(plan.problems, print_line)
    if plan.stops:
        return 1
    if not plan.cohorts:
        print_line("There is no cohort to build for; write cohorts/NAME/cohort.yaml first.")
        return 1
    report = execute(plan, progress, jobs)
    for line in report.notices:
        print_line(line)
    for line in report.failures:
        print_line(line)
    print_problems(report.problems, print_line)
    for cohort in report.cohorts:
        for line in cohort.lines():
            print_line(line)
    return 0 if report.cohorts else 1


def print_problems(problems: Sequence[Problem], print_line: Print = print_line) -> None:
    """Print each problem; after them, where a build cannot go on, how many stop it."""
    for problem in problems:
        print_line(str(problem))
    count = len(stopping(problems))
    if count:
        print_line(f"{count} {'problem' if count == 1 else 'problems'}; nothing was built.")


def print_progress(progress: Progress) -> None:
    """Print a step in the form that the page in the browser reads."""
    print_line(str(progress))
