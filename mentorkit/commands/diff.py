"""`mentorkit diff A B`: what changed from one cohort to the next."""

from __future__ import annotations

import click

from mentorkit.program import location
from mentorkit.terminal import print_line


@click.command("diff")
@click.argument("old")
@click.argument("new")
def command(old: str, new: str) -> int:
    """Say in plain words what is different for the cohort NEW, compared with the cohort OLD."""
    folder = location.find()
    for name in (old, new):
        location.one_of("cohort", name, location.cohort_names(folder))
    from mentorkit.checks.load import load_program
    from mentorkit.commands.run_build import print_problems
    from mentorkit.pipeline.diff import differences
    from mentorkit.pipeline.plan import adjust_severity
    from mentorkit.source.problem import stopping

    library = load_program(folder)
    problems = stopping(adjust_severity(library.problems, named=(old, new)))
    print_problems(problems)
    if problems:
        return 1
    for line in differences(library, old, new):
        print_line(line)
    return 0
