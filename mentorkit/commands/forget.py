"""`mentorkit forget`: one person's answers go from every output."""

from __future__ import annotations

import click

from mentorkit import program
from mentorkit.console import tell


@click.command("forget")
@click.argument("cohort")
@click.argument("person")
def command(cohort: str, person: str) -> int:
    """Remove PERSON (key, e-mail or name) from everything in responses/COHORT/, and say what is out of reach."""
    folder = program.find()
    program.one_of("cohort", cohort, program.cohort_names(folder))
    from mentorkit.collect import forget

    return forget(folder, cohort, person, tell)
