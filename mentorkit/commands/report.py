"""`mentorkit report`: what the answers of a cohort say together."""

from __future__ import annotations

import click

from mentorkit.program import location
from mentorkit.terminal import print_line


@click.command("report")
@click.argument("cohort")
@click.option(
    "--open-answers",
    is_flag=True,
    help="Print what people wrote in their own words, too, without names.",
)
def command(cohort: str, open_answers: bool) -> int:
    """Make a report of what COHORT returned, as a page and as a PDF, in responses/COHORT/."""
    folder = location.find()
    location.one_of("cohort", cohort, location.cohort_names(folder))
    from mentorkit.responses.report import report

    return report(folder, cohort, open_answers, print_line)
