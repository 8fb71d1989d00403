"""`mentorkit reflect`: everybody's own goals, printed back to them."""

from __future__ import annotations

import click

from mentorkit.program import location
from mentorkit.terminal import print_line


@click.command("reflect")
@click.argument("cohort")
def command(cohort: str) -> int:
    """Make the six-month sheet for those in COHORT who ticked the box that asks for it."""
    folder = location.find()
    location.one_of("cohort", cohort, location.cohort_names(folder))
    from mentorkit.responses.report import reflect

    return reflect(folder, cohort, print_line)
