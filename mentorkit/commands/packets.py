"""`mentorkit packets`: the books again, with a name on them, for each person of a cohort."""

from __future__ import annotations

import click

from mentorkit import pango, program
from mentorkit.cli import Missing
from mentorkit.commands.build import PAPERS
from mentorkit.console import silent, tell


@click.command("packets")
@click.argument("cohorts", nargs=-1, required=True)
@click.option(
    "--only",
    metavar="NAME,NAME",
    multiple=True,
    help="Make only these: workbook-fillable, worksheets (both by default), workbook, mentor-copies, zip, drafts (mails to send), all-print (for the print shop).",
)
@click.option(
    "--paper",
    metavar="letter|a4",
    help="The size of the pages; by default what the cohort says, else letter.",
)
@click.option("--strict", is_flag=True, help="Take warnings for problems.")
@click.option("--progress", is_flag=True, help="Say which file is being made.")
def command(
    cohorts: tuple[str, ...], only: tuple[str, ...], paper: str | None, strict: bool, progress: bool
) -> int:
    """Make a packet for each person on the list of COHORT into build/COHORT/packets/."""
    folder = program.find()
    for cohort in cohorts:
        program.one_of("cohort", cohort, program.cohort_names(folder))
    if paper is not None:
        program.one_of("paper", paper, PAPERS)
    from mentorkit.build import build
    from mentorkit.packet import PACKETS

    wanted = tuple(
        program.one_of("output", word.strip(), PACKETS)
        for words in only
        for word in words.split(",")
    )
    if pango.missing():
        raise Missing(
            f"WeasyPrint needs Pango, and it is missing here ({', '.join(pango.missing())}); install it with: {pango.cure()}"
        )
    return build(
        folder,
        tuple(dict.fromkeys(cohorts)),
        (),
        paper,
        strict,
        tell,
        tuple(dict.fromkeys(wanted)),
        books=False,
        step=tell if progress else silent,
    )
