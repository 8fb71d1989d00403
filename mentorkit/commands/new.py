"""`mentorkit new`: a program of one's own to start from, or a session, case study, worksheet or cohort for it."""

from __future__ import annotations

import json
import os
import re
import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click

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

EXAMPLE = "spring_2027"  # the one cohort that travels along: its people are invented
PASSED_OVER = shutil.ignore_patterns("coverage.yaml", "__pycache__", ".*", "*~", "~$*")
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
    """What can be new."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return ["program", *FILES, "editor-settings"]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name in FILES:
            return new_file(name)
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


def new_file(kind: str) -> click.Command:
    """The command that writes a commented starter of this kind."""

    @click.command(
        kind,
        help=f"Write a {kind.replace('-', ' ')} to start from. NAME is its short name: small letters, digits and _.",
    )
    @click.argument("name")
    def command(name: str, **known: Any) -> int:
        return start_file(kind, name, Known(**known))

    if kind == "cohort":
        command.params += [
            click.Option(
                ["--institution"],
                default="",
                metavar="NAME",
                help="What your university, laboratory or hospital is called.",
            ),
            click.Option(
                ["--zone"],
                default="",
                metavar="PLACE",
                help="The time zone by its place, such as Europe/Berlin.",
            ),
            click.Option(
                ["--first"],
                callback=_day,
                metavar="DATE",
                help="The first meeting, as year-month-day; the others follow week by week.",
            ),
            click.Option(
                ["--every"],
                default="1w",
                callback=_interval,
                metavar="2w",
                help="How far apart the meetings are: 2w for two weeks, 3d for three days.",
            ),
            click.Option(
                ["--skip"],
                multiple=True,
                callback=_days,
                metavar="DATE",
                help="A day on which nobody meets, as year-month-day; may be given several times.",
            ),
            click.Option(
                ["--format"],
                default="",
                metavar="NAME",
                help="One of the program's formats, such as two_half_days.",
            ),
            click.Option(
                ["--hours"],
                default="",
                callback=_hours,
                metavar="FROM-TO",
                help="From when to when they meet, such as 10:00-12:00.",
            ),
        ]
    return command


@dataclass(frozen=True)
class Known:
    """What is known of a new cohort when its file is written; what is not stands in it as a note."""

    institution: str = ""
    zone: str = ""
    first: date | None = None
    hours: str = ""
    every: timedelta = timedelta(weeks=1)
    skip: tuple[date, ...] = ()
    format: str = ""

    def meeting(self, number: int) -> str:
        """Return the lines for the day and the hours of a meeting, counted from 0."""
        day = f"\n    date: {self.day(number)}" if self.first else ""
        start, _, end = self.hours.partition("-")
        return day + (f'\n    start: "{start}"\n    end: "{end}"' if end else "")

    def day(self, number: int) -> date:
        """Return the day of a meeting; days to skip move it and those after it to the next turn."""
        assert self.first is not None
        day = self.first
        for _ in range(number):
            day += self.every
            while day in self.skip:
                day += self.every
        return day


def _day(ctx: click.Context, option: click.Parameter, words: str | None) -> date | None:
    """The day of the first meeting."""
    try:
        return date.fromisoformat(words) if words else None
    except ValueError:
        raise click.BadParameter(
            "write it as year-month-day, such as 2027-09-08", ctx, option
        ) from None


def _days(ctx: click.Context, option: click.Parameter, words: tuple[str, ...]) -> tuple[date, ...]:
    """Return the days to skip."""
    days = (_day(ctx, option, word) for word in words)
    return tuple(day for day in days if day)


def _interval(ctx: click.Context, option: click.Parameter, words: str) -> timedelta:
    """Return how far apart the meetings are."""
    found = re.fullmatch(r"([1-9]\d?)([wd])", words)
    if not found:
        raise click.BadParameter("write 2w for two weeks or 3d for three days", ctx, option)
    number = int(found[1])
    return timedelta(weeks=number) if found[2] == "w" else timedelta(days=number)


def _hours(ctx: click.Context, option: click.Parameter, words: str) -> str:
    """The hours as two clock times with a hyphen between."""
    plain = words.replace("–", "-")
    if plain and not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d-([01]?\d|2[0-3]):[0-5]\d", plain):
        raise click.BadParameter(
            "write both by the 24-hour clock, such as 10:00-12:00", ctx, option
        )
    return plain


def start_file(kind: str, name: str, known: Known = Known()) -> int:
    """Write the starter and, for a session, list it in the curriculum."""
    from mentorkit.model import json_schema
    from mentorkit.model.types import KIT_WORDS, propose_name

    folder = location.find()
    place = FILES[kind].format(name)
    fits = re.fullmatch(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*", name) and (
        kind == "cohort" or name == propose_name(name)
    )
    if not fits or name in KIT_WORDS:
        proposed = f"our_{name}" if name in KIT_WORDS else propose_name(name)
        raise click.UsageError(
            f'"{name}" cannot be a short name; small letters, digits and single _, for example: {proposed}'
        )
    taken = [
        each
        for each in (*FILES.values(), PAGE.place)
        if kind != "cohort" or each == FILES["cohort"]
    ]
    if there := next(
        (each.format(name) for each in taken if (folder / each.format(name)).exists()), None
    ):
        raise click.UsageError(f"there is {there} already; choose another name")
    text = (Path(__file__).parent / "starters" / f"{kind.replace('-', '_')}.yaml").read_text(
        encoding="utf-8"
    )
    if kind == "cohort":
        text = for_program(folder, text, known)
    text = text.replace("TITLE", name.replace("_", " ").capitalize()).replace(
        "NAME", name[:24].rstrip("_")
    )
    try:
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        json_schema.write(folder)
        (folder / place).write_text(
            json_schema.modeline(kind.replace("-", "_"), 2 if kind == "cohort" else 1) + text,
            encoding="utf-8",
        )
        listed = kind == "session" and list_session(folder, name)
    except OSError as fault:
        raise DiskError(f"{place}: it was not made: {fault.strerror or fault}") from fault
    where = " It is listed last in curriculum/curriculum.yaml." if listed else ""
    print_line(
        f"Made {place}.{where} What next: open it in an editor or in mentorkit preview, then mentorkit check."
    )
    return 0


WHEN = """
    # The day, as year-month-day; the hours by the 24-hour clock.
    # date: 2027-02-03
    # start: 10:00
    # end: 12:00"""
FIRST = """
    # place: Room 220
    # Where it meets online.
    # link: https://meet.example.org
    # led_by: Your Name
    # Pauses, each after an activity.
    # breaks:
    #   - after: {}
    #     minutes: 10"""
DUE = "\n    # due: 2027-05-03\n    # feedback: A talk with one of the facilitators"


def for_program(folder: Path, text: str, known: Known) -> str:
    """A cohort's starter with what is known, and with this program's own sessions, values and short names in it."""
    from mentorkit.checks.load import load_program
    from mentorkit.model.validation_errors import did_you_mean

    library = load_program(folder)
    if library.curriculum is None:
        return text.replace("FORMAT", "").replace("MEETINGS\n", "").replace("VALUES\n", "")
    spine = library.curriculum.model
    held = [
        (name, activity)
        for session in spine.sessions
        if session in library.sessions
        for module in library.sessions[session].model.modules.values()
        for name, activity in module.activities.items()
    ]
    first, last = (held[0][0], held[-1][0]) if held else ("some_activity", "some_activity")
    board = next((name for name, activity in held if activity.board), first)
    lines = [
        f"  - session: {name}{known.meeting(number) or ('' if number else WHEN)}{'' if number else FIRST.format(first)}"
        for number, name in enumerate(spine.sessions)
    ]
    if known.format:
        if known.format not in spine.formats:
            hint = did_you_mean(known.format, spine.formats)
            raise click.UsageError(f'there is no format "{known.format}"; {hint}')
        count = len(spine.formats[known.format].meetings)
        shown = [known.meeting(number).lstrip() for number in range(count)]
        lines = [f"  - {meeting}" for meeting in shown if meeting]
    text = text.replace("FORMAT", f"format: {known.format}\n" if known.format else "")
    lines += [f"  - session: {name}{DUE}" for name in spine.homework]
    values = [
        f"#   {value.about.rstrip('.')}.\n#   {name}: …" for name, value in spine.values.items()
    ]
    if known.institution and "institution" in spine.values:
        values = [line for line in values if "\n#   institution: " not in line]
        text = text.replace(
            "# values:\n",
            f"values:\n  institution: {json.dumps(known.institution, ensure_ascii=False)}\n",
        )
    if known.zone:
        text = text.replace("America/New_York", known.zone)
    for word, own in {
        "MEETINGS": "\n".join(lines),
        "VALUES": "\n".join(values),
        "BOARD": board,
        "ACTIVITY": last,
    }.items():
        text = text.replace(word, own)
    return text


def list_session(folder: Path, name: str) -> bool:
    """Put the session's name at the end of the curriculum's list, and change nothing else there."""
    from mentorkit.editing import edit
    from mentorkit.preview.edits import save
    from mentorkit.source.reader import Listing

    place = folder / "curriculum" / "curriculum.yaml"
    data = place.read_bytes()
    try:
        listed = edit.Sheet(data).node(("sessions",))
        return isinstance(listed, Listing) and save(
            place, edit.add(data, ("sessions",), len(listed.items), name), data
        )
    except edit.Refused:
        return False  # `check` tells that nothing lists it


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
        raise DiskError(f"{folder}: nothing was made: {fault.strerror or fault}") from fault
    print_line(f"Made {folder}. What next: cd into it, then mentorkit build.")
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
    from mentorkit.model import json_schema

    source = location.starter()
    to.mkdir()
    for part in PROGRAM_FOLDERS:
        sub = f"{part}/{EXAMPLE}" if part == "cohorts" else part
        if (source / sub).is_dir():
            shutil.copytree(
                source / sub, to / sub, ignore=PASSED_OVER, copy_function=shutil.copyfile
            )
    (to / ".gitignore").write_text(GITIGNORE, encoding="utf-8")
    json_schema.write(to)
