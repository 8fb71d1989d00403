"""`mentorkit new program FOLDER`: a program of one's own to start from."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import click

from mentorkit import program
from mentorkit.cli import Commands
from mentorkit.console import tell
from mentorkit.write import Disk

EXAMPLE = "spring_2027"  # the one cohort that travels along: its people are invented
PASSED_OVER = shutil.ignore_patterns("coverage.yaml", "__pycache__", ".*", "*~", "~$*")
GITIGNORE = f"""# made, not written
/build/
mentorkit-error.txt

# people's answers and names never belong in a repository
/responses/
/cohorts/*/roster*
!/cohorts/{EXAMPLE}/roster*
/cohorts/*/attendance*
"""


class Kinds(Commands):
    """What can be new."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return ["program"]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        return new_program if name == "program" else None


@click.group("new", cls=Kinds)
def command() -> None:
    """Start something new: mentorkit new program FOLDER."""


@click.command("program")
@click.argument("folder", type=click.Path(path_type=Path))
def new_program(folder: Path) -> int:
    """Write the curriculum and an example cohort into FOLDER, which must be new or empty."""
    refuse_filled(folder)
    place = Path(os.path.abspath(folder))
    beside = place.with_name(f".{place.name}.new")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        if beside.is_dir() and not beside.is_symlink():
            shutil.rmtree(beside)  # left by an interrupted start
        copy_starter(beside)
        move_in(beside, place)
    except OSError as fault:
        shutil.rmtree(beside, ignore_errors=True)
        raise Disk(f"{folder}: nothing was made: {fault.strerror or fault}") from fault
    tell(f"Made {folder}. What next: cd into it, then mentorkit build.")
    return 0


def refuse_filled(folder: Path) -> None:
    """A `UsageError` where something lies already: nothing of anybody's is written over."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise click.UsageError(f"{folder} is not a folder; choose a new or an empty one")
    if folder.is_dir() and any(folder.iterdir()):
        raise click.UsageError(f"{folder} is not empty; choose a new or an empty folder")


def move_in(made: Path, place: Path) -> None:
    """What was made stands at `place`; a folder that is there already stays the same one, since somebody may work in it."""
    if not place.exists():
        os.rename(made, place)
        return
    for entry in sorted(made.iterdir()):
        os.rename(entry, place / entry.name)
    made.rmdir()


def copy_starter(to: Path) -> None:
    """The starter's files, readable and writable, and nothing else that may lie beside them."""
    source = program.starter()
    to.mkdir()
    for part in program.PARTS:
        sub = f"{part}/{EXAMPLE}" if part == "cohorts" else part
        if (source / sub).is_dir():
            shutil.copytree(source / sub, to / sub, ignore=PASSED_OVER, copy_function=shutil.copyfile)
    (to / ".gitignore").write_text(GITIGNORE, encoding="utf-8")
