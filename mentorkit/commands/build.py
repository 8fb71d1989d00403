"""`mentorkit build`: the books of one cohort, or of all."""

from __future__ import annotations

from pathlib import Path

import click

from mentorkit.commands.main import MissingLibraryError
from mentorkit.pdf import system_libraries
from mentorkit.pipeline.outputs import OUTPUT_NAMES
from mentorkit.program import location
from mentorkit.terminal import print_line

PAPERS = ("letter", "a4")
JOBS = click.IntRange(1, 64)
JOBS_HELP = "How many files to lay out at once; by default one a core, two at most."


@click.command("build")
@click.argument("cohorts", nargs=-1)
@click.option(
    "--only",
    metavar="NAME,NAME",
    multiple=True,
    help=f"Make only these: {', '.join(OUTPUT_NAMES)}.",
)
@click.option(
    "--paper",
    metavar="letter|a4",
    help="The size of the pages; by default what the cohort says, else letter.",
)
@click.option(
    "--packets",
    is_flag=True,
    help="Also a packet for each person: the fillable workbook and the worksheets, by name.",
)
@click.option("--strict", is_flag=True, help="Take warnings for problems.")
@click.option("--jobs", type=JOBS, metavar="N", help=JOBS_HELP)
@click.option("--progress", is_flag=True, help="Say which file is being made, and how far it is.")
def command(
    cohorts: tuple[str, ...],
    only: tuple[str, ...],
    paper: str | None,
    packets: bool,
    strict: bool,
    jobs: int | None,
    progress: bool,
) -> int:
    """Make the books into build/COHORT/, for each COHORT named, or for all."""
    folder = location.find()
    check_arguments(folder, cohorts, paper)
    from mentorkit.output import build_cache

    options = build_cache.describe_request(cohorts, only, paper, packets, strict)
    if unchanged := build_cache.find_unchanged_outputs(folder, options):
        print_line(
            f"Nothing has changed since the last build; {len(unchanged)} files are in build/."
        )
        return 0
    wanted = split_names(only, OUTPUT_NAMES)
    require_system_libraries()
    from mentorkit.commands.run_build import print_progress, run_build
    from mentorkit.pipeline.plan import BuildRequest
    from mentorkit.pipeline.progress import report_nothing

    request = BuildRequest(
        cohorts=tuple(dict.fromkeys(cohorts)),
        only=wanted,
        paper=paper,
        strict=strict,
        packets=() if packets else None,
    )
    read = build_cache.digest_inputs(folder)
    report = print_progress if progress else report_nothing
    code = run_build(folder, request, progress=report, jobs=jobs)
    if code == 0:
        names = cohorts or location.cohort_names(folder)
        targets = [folder / "build" / name for name in names]
        build_cache.save_build_state(folder, options, read, targets)
    return code


def check_arguments(folder: Path, cohorts: tuple[str, ...], paper: str | None) -> None:
    """Raise a usage error where a cohort or a paper is not known."""
    for cohort in cohorts:
        location.one_of("cohort", cohort, location.cohort_names(folder))
    if paper is not None:
        location.one_of("paper", paper, PAPERS)


def split_names(only: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names in `--only NAME,NAME`, each once; a usage error where one is not known."""
    names = [name.strip() for names in only for name in names.split(",")]
    return tuple(dict.fromkeys(location.one_of("output", name, known) for name in names))


def require_system_libraries() -> None:
    """Raise `MissingLibraryError` where Pango cannot be loaded."""
    if missing := system_libraries.missing_libraries():
        raise MissingLibraryError(
            f"WeasyPrint needs Pango, and it is missing here ({', '.join(missing)}); "
            f"install it with: {system_libraries.install_command()}"
        )
