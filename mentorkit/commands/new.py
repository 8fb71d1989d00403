"""`mentorkit new`: start a program, or a session, case study, worksheet or cohort in one."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Any

import click

from mentorkit.commands.cohort_starter import OPTIONS, CohortFacts, fill_starter
from mentorkit.commands.main import Commands
from mentorkit.model.file_kinds import (
    CASE_STUDY,
    COHORT,
    PAGE,
    PROGRAM_FOLDERS,
    SESSION,
    WORKSHEET,
)
from mentorkit.output.writer import DiskError
from mentorkit.program import location
from mentorkit.terminal import print_line

EXAMPLE = "spring_2027"  # the one cohort of a starter: its people are invented
PASSED_OVER = shutil.ignore_patterns("coverage.yaml", "__pycache__", ".*", "*~", "~$*")
SHORT_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
GITIGNORE = """# made, not written
/build/
mentorkit-error.txt

# people's answers and names never belong in a repository
/responses/
/cohorts/**/*roster*
/cohorts/**/*participant*
/cohorts/**/*attendance*
/cohorts/**/*.csv
/cohorts/**/*.tsv
/cohorts/**/*.xls*
/cohorts/**/*.ods
/cohorts/**/*.numbers
"""


# What can be started, by the word of the command line.
FILES = {
    kind.name.replace("_", "-"): kind.place for kind in (SESSION, CASE_STUDY, WORKSHEET, COHORT)
}


class Kinds(Commands):
    """What can be started."""

    def list_commands(self, _: click.Context) -> list[str]:
        return ["program", *FILES, "editor-settings"]

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        if name in FILES:
            return make_command(name)
        return {"program": new_program, "editor-settings": new_editor_settings}.get(name)


@click.group("new", cls=Kinds)
def command() -> None:
    """Start something new: a program, or a session, case study, worksheet or cohort in one."""


@click.command(
    "editor-settings",
    help="Write .mentorkit/ and .vscode/, with which editors complete and explain the keys.",
)
def new_editor_settings() -> int:
    """Write the schemas of all kinds of file, and the settings by which editors find them."""
    from mentorkit.model import json_schema

    json_schema.write(location.find())
    print_line(
        "Made .mentorkit/ and .vscode/; open the folder in VS Code and take its recommendation"
    )
    return 0


def make_command(kind: str) -> click.Command:
    """Return the command that writes a starter of this kind, with remarks."""
    about = f"Write a {kind.replace('-', ' ')} to start from."

    @click.command(kind, help=f"{about} NAME is its short name: small letters, digits and _.")
    @click.argument("name")
    def command(name: str, **facts: Any) -> int:
        return start_file(kind, name, CohortFacts(**facts))

    if kind == "cohort":
        command.params += OPTIONS
    return command


def start_file(kind: str, name: str, facts: CohortFacts | None = None) -> int:
    """Write the starter and, for a session, list it in the curriculum; return the exit code."""
    from mentorkit.model import json_schema

    folder = location.find()
    require_free_name(folder, kind, name)
    path = FILES[kind].format(name)
    file_name = f"{kind.replace('-', '_')}.yaml"
    text = (Path(__file__).parent / "starters" / file_name).read_text(encoding="utf-8")
    if kind == "cohort":
        text = fill_starter(folder, text, facts or CohortFacts())
    text = text.replace("TITLE", name.replace("_", " ").capitalize())
    text = text.replace("NAME", name[:24].rstrip("_"))
    first_line = json_schema.modeline(kind.replace("-", "_"), 2 if kind == "cohort" else 1)
    try:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        json_schema.write(folder)
        (folder / path).write_text(first_line + text, encoding="utf-8")
        is_listed = kind == "session" and list_session(folder, name)
    except OSError as error:
        raise DiskError(f"{path}: it was not made: {error.strerror or error}") from error
    where = " It is listed last in curriculum/curriculum.yaml." if is_listed else ""
    next_step = "open it in an editor or in mentorkit preview, then mentorkit check"
    print_line(f"Made {path}.{where} What next: {next_step}.")
    return 0


def require_free_name(folder: Path, kind: str, name: str) -> None:
    """Raise a usage error where this is no short name, or a file has it already."""
    from mentorkit.model.types import KIT_WORDS, propose_name

    is_short_name = SHORT_NAME.fullmatch(name) and (kind == "cohort" or name == propose_name(name))
    if not is_short_name or name in KIT_WORDS:
        proposed = f"our_{name}" if name in KIT_WORDS else propose_name(name)
        rule = "small letters, digits and single _"
        message = f'"{name}" cannot be a short name; {rule}, for example: {proposed}'
        raise click.UsageError(message)
    patterns = [FILES["cohort"]] if kind == "cohort" else [*FILES.values(), PAGE.place]
    for pattern in patterns:
        path = pattern.format(name)
        if (folder / path).exists():
            raise click.UsageError(f"there is {path} already; choose another name")


def list_session(folder: Path, name: str) -> bool:
    """Add the session's name at the end of the curriculum's list; return whether that worked."""
    from mentorkit.editing import edit
    from mentorkit.preview.edits import save
    from mentorkit.source.nodes import Listing

    path = folder / "curriculum" / "curriculum.yaml"
    data = path.read_bytes()
    try:
        listed = edit.Sheet(data).node(("sessions",))
        if not isinstance(listed, Listing):
            return False
        return save(path, edit.add(data, ("sessions",), len(listed.items), name), data)
    except edit.EditRefusedError:
        return False  # `check` reports that nothing lists it


@click.command("program")
@click.argument("folder", type=click.Path(path_type=Path))
def new_program(folder: Path) -> int:
    """Write the curriculum and an example cohort into FOLDER, which must be new or empty."""
    require_empty(folder)
    target = Path(os.path.normpath(Path.cwd() / folder))
    new = target.with_name(f".{target.name}.new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if new.is_dir() and not new.is_symlink():
            shutil.rmtree(new)  # left by an interrupted start
        copy_starter(new)
        move_into(new, target)
    except OSError as error:
        shutil.rmtree(new, ignore_errors=True)
        raise DiskError(f"{folder}: nothing was made: {error.strerror or error}") from error
    print_line(f"Made {folder}. What next: cd into it, then mentorkit build.")
    return 0


def require_empty(folder: Path) -> None:
    """Raise a usage error where the folder holds something: no file is written over."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise click.UsageError(f"{folder} is not a folder; choose a new or an empty one")
    if folder.is_dir() and any(folder.iterdir()):
        raise click.UsageError(f"{folder} is not empty; choose a new or an empty folder")


def move_into(made: Path, target: Path) -> None:
    """Move the folder `made` to `target`, or its files where `target` is there already.

    A folder that is there stays the same one: a terminal may have it as its working folder.
    """
    if not target.exists():
        made.rename(target)
        return
    for entry in sorted(made.iterdir()):
        entry.rename(target / entry.name)
    made.rmdir()


def copy_starter(target: Path) -> None:
    """Copy the starter's files, readable and writable, and nothing else that is beside them."""
    from mentorkit.model import json_schema

    source = location.starter()
    target.mkdir()
    for part in PROGRAM_FOLDERS:
        folder = f"{part}/{EXAMPLE}" if part == "cohorts" else part
        if (source / folder).is_dir():
            shutil.copytree(
                source / folder,
                target / folder,
                ignore=PASSED_OVER,
                copy_function=shutil.copyfile,
            )
    (target / ".gitignore").write_text(GITIGNORE, encoding="utf-8")
    json_schema.write(target)
