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
    from mentorkit.build import report
    from mentorkit.compose import compose
    from mentorkit.differ import differences
    from mentorkit.load import load
    from mentorkit.problem import stopping

    library = load(folder)
    if report(stopping(library.problems), tell):
        return 1
    for line in dict.fromkeys(differences(compose(library, old), compose(library, new))):
        tell(line)
    return 0
