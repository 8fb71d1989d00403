"""`mentorkit forget`: one person's answers go from every output."""

from __future__ import annotations

import click

from mentorkit.program import location
from mentorkit.terminal import print_line


@click.command("forget")
@click.argument("cohort")
@click.argument("person")
def command(cohort: str, person: str) -> int:
    """Remove PERSON (key, e-mail or name) from everything in responses/COHORT/.

    What is out of reach is named.
    """
    folder = location.find()
    location.one_of("cohort", cohort, location.cohort_names(folder))
    from mentorkit.responses.forget import forget

    return forget(folder, cohort, person, print_line)
