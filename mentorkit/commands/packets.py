"""`mentorkit packets`: the books again, with a name on them, for each person of a cohort."""

from __future__ import annotations

import click

from mentorkit.commands.build import (
    JOBS,
    JOBS_HELP,
    check_arguments,
    require_system_libraries,
    split_names,
)
from mentorkit.program import location


@click.command("packets")
@click.argument("cohorts", nargs=-1, required=True)
@click.option(
    "--only",
    metavar="NAME,NAME",
    multiple=True,
    help="Make only these: workbook-fillable, worksheets, to-return (all three by default), "
    "workbook, mentor-copies, zip, drafts (mails to send), all-print (for the print shop).",
)
@click.option(
    "--paper",
    metavar="letter|a4",
    help="The size of the pages; by default what the cohort says, else letter.",
)
@click.option("--strict", is_flag=True, help="Take warnings for problems.")
@click.option("--jobs", type=JOBS, metavar="N", help=JOBS_HELP)
@click.option("--progress", is_flag=True, help="Say which file is being made, and how far it is.")
def command(
    cohorts: tuple[str, ...],
    only: tuple[str, ...],
    paper: str | None,
    strict: bool,
    jobs: int | None,
    progress: bool,
) -> int:
    """Make a packet for each person on the list of COHORT into build/COHORT/packets/."""
    folder = location.find()
    check_arguments(folder, cohorts, paper)
    from mentorkit.packets.packets import PACKETS

    wanted = split_names(only, PACKETS)
    require_system_libraries()
    from mentorkit.commands.run_build import print_progress, run_build
    from mentorkit.pipeline.plan import BuildRequest
    from mentorkit.pipeline.progress import report_nothing

    request = BuildRequest(
        cohorts=tuple(dict.fromkeys(cohorts)),
        paper=paper,
        strict=strict,
        packets=wanted,
        books=False,
    )
    report = print_progress if progress else report_nothing
    return run_build(folder, request, progress=report, jobs=jobs)
