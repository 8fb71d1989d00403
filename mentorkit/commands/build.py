"""`mentorkit build`: the books of one cohort, or of all."""

from __future__ import annotations

import click

from mentorkit.commands.main import Missing
from mentorkit.pdf import system_libraries
from mentorkit.program import location
from mentorkit.terminal import silent, tell

PAPERS = ("letter", "a4")


@click.command("build")
@click.argument("cohorts", nargs=-1)
@click.option(
    "--only",
    metavar="NAME,NAME",
    multiple=True,
    help="Make only these: workbook, workbook-fillable, workbook-large, facilitator-guide, worksheets, handouts.",
)
@click.option(
    "--paper",
    metavar="letter|a4",
    help="The size of the pages; by default what the cohort says, else letter.",
)
@click.option(
    "--packets",
    is_flag=True,
    help="Also a packet for each person: the fillable workbook and the worksheets, with the name on them.",
)
@click.option("--strict", is_flag=True, help="Take warnings for problems.")
@click.option("--progress", is_flag=True, help="Say which file is being made.")
def command(
    cohorts: tuple[str, ...],
    only: tuple[str, ...],
    paper: str | None,
    packets: bool,
    strict: bool,
    progress: bool,
) -> int:
    """Make the books into build/COHORT/, for each COHORT named, or for all."""
    folder = location.find()
    for cohort in cohorts:
        location.one_of("cohort", cohort, location.cohort_names(folder))
    if paper is not None:
        location.one_of("paper", paper, PAPERS)
    from mentorkit.output import build_cache

    words = build_cache.asked(cohorts, only, paper, packets, strict)
    if there := build_cache.unchanged(folder, words):
        tell(f"Nothing has changed since the last build; {len(there)} files stand in build/.")
        return 0
    from mentorkit.pipeline.build import OUTPUTS, build

    wanted = tuple(
        location.one_of("output", word.strip(), OUTPUTS)
        for words in only
        for word in words.split(",")
    )
    if system_libraries.missing():
        raise Missing(
            f"WeasyPrint needs Pango, and it is missing here ({', '.join(system_libraries.missing())}); install it with: {system_libraries.cure()}"
        )
    read = build_cache.inputs(folder)
    code = build(
        folder,
        tuple(dict.fromkeys(cohorts)),
        tuple(dict.fromkeys(wanted)),
        paper,
        strict,
        tell,
        () if packets else None,
        step=tell if progress else silent,
    )
    if code == 0:
        build_cache.remember(
            folder,
            words,
            read,
            [folder / "build" / name for name in cohorts or location.cohort_names(folder)],
        )
    return code
