"""`mentorkit collect`: the answers of everybody who returned a file, in one table."""

from __future__ import annotations

from pathlib import Path

import click

from mentorkit.program import location
from mentorkit.terminal import print_line


@click.command("collect")
@click.argument("cohort")
@click.argument(
    "inbox", metavar="FOLDER", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option(
    "--replace",
    is_flag=True,
    help="Let answers go whose files were collected before and are no longer in FOLDER.",
)
@click.option("--folders", is_flag=True, help="Read the folders in FOLDER too, one level down.")
@click.option(
    "--keep",
    type=click.Choice(["clean"]),
    help="clean: keep copies without the private answers in responses/COHORT/clean/.",
)
def command(cohort: str, inbox: Path, replace: bool, folders: bool, keep: str | None) -> int:
    """Read every returned PDF in FOLDER into responses/COHORT/.

    Exit code 1 where a file needs a human eye.
    """
    folder = location.find()
    location.one_of("cohort", cohort, location.cohort_names(folder))
    from mentorkit.responses.collect import Options, collect

    options = Options(replace=replace, folders=folders, keep_clean=keep == "clean")
    return collect(folder, cohort, inbox.absolute(), options, print_line)
