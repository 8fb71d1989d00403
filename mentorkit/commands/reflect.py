"""`mentorkit reflect`: everybody's own goals, printed back to them."""

from __future__ import annotations

import click

from mentorkit import program
from mentorkit.console import tell


@click.command("reflect")
@click.argument("cohort")
def command(cohort: str) -> int:
    """Make the six-month sheet for those in COHORT who ticked the box that asks for it."""
    folder = program.find()
    program.one_of("cohort", cohort, program.cohort_names(folder))
    from mentorkit.report import reflect

    return reflect(folder, cohort, tell)
