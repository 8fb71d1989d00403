"""`mentorkit diff A B`: what changed from one cohort to the next."""

from __future__ import annotations

import click

from mentorkit import program
from mentorkit.console import tell


@click.command("diff")
@click.argument("old")
@click.argument("new")
def command(old: str, new: str) -> int:
    """Say in plain words what is different for the cohort NEW, compared with the cohort OLD."""
    folder = program.find()
    for name in (old, new):
        program.one_of("cohort", name, program.cohort_names(folder))
    from mentorkit.build import judged, report
    from mentorkit.differ import differences
    from mentorkit.load import load
    from mentorkit.problem import stopping

    library = load(folder)
    if report(stopping(judged(library.problems, (old, new), False)), tell):
        return 1
    for line in differences(library, old, new):
        tell(line)
    return 0
