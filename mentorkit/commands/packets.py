"""`mentorkit packets`: the books again, with a name on them, for each person of a cohort."""

from __future__ import annotations

import click

from mentorkit.commands.build import PAPERS
from mentorkit.commands.main import Missing
from mentorkit.pdf import system_libraries
from mentorkit.program import location
from mentorkit.terminal import silent, tell


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
    folder = location.find()
    for cohort in cohorts:
        location.one_of("cohort", cohort, location.cohort_names(folder))
    if paper is not None:
        location.one_of("paper", paper, PAPERS)
    from mentorkit.packets.packets import PACKETS
    from mentorkit.pipeline.build import build

    wanted = tuple(
        location.one_of("output", word.strip(), PACKETS)
        for words in only
        for word in words.split(",")
    )
    if system_libraries.missing():
        raise Missing(
            f"WeasyPrint needs Pango, and it is missing here ({', '.join(system_libraries.missing())}); install it with: {system_libraries.cure()}"
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
