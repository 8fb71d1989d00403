"""Answers come back: every returned PDF of a folder, into tables that only their owner can read.

Nothing of an answer goes into a message, a log, a temporary file or a file's name; only fields
whose page said so leave the process that reads.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mentorkit.checks.load import load_program
from mentorkit.compose.compose import Composed, compose
from mentorkit.people.folder_names import safe_names
from mentorkit.people.roster import Roster
from mentorkit.program.library import Library
from mentorkit.responses import store
from mentorkit.responses.filing import file_rows
from mentorkit.responses.inbox import FORGOTTEN, Reading, TooManyFilesError, readings
from mentorkit.responses.matching import Row, judge
from mentorkit.responses.register import Register, make_register
from mentorkit.source.problem import stopping

Tell = Callable[[str], None]
MOST_NAMED = 5  # files that a message names


@dataclass(frozen=True, kw_only=True)
class Options:
    """How to collect.

    `replace`: files collected before may be gone from the folder. `folders`: folders in it are
    read, one level down. `keep_clean`: copies without private answers are kept.
    """

    replace: bool = False
    folders: bool = False
    keep_clean: bool = False


def collect(folder: Path, cohort: str, inbox: Path, options: Options, tell: Tell) -> int:
    """Read every PDF in `inbox`, write responses/COHORT/, and return the exit code."""
    known = open_cohort(folder, cohort, tell)
    if known is None:
        return 1
    composed, sent, _ = known
    if os.path.realpath(inbox) == os.path.realpath(folder / "responses" / cohort):
        tell("The returned files need a folder of their own, outside responses/.")
        return 1
    with store.private(folder, cohort) as held:
        before = store.read_collected(folder, cohort)
        try:
            found = readings(
                inbox,
                sent.request(options.keep_clean),
                folders=options.folders,
                is_forgotten=before.has_forgotten,
            )
        except TooManyFilesError as fault:
            tell(f"{fault}; nothing was changed")
            return 1
        passed_over = [reading.file for reading in found if reading.refused == FORGOTTEN]
        found = [reading for reading in found if reading.refused != FORGOTTEN]
        if (lost := _lost_files(before.rows, found)) and not options.replace:
            _tell_lost(lost, tell)
            return 1
        rows = file_rows((row for reading in found for row in judge(reading, sent)), sent)
        rows, copies = _with_clean_copies(rows, found, before.rows, sent)
        now = replace(before, rows=rows, parts=store.parts_of(sent, rows))
        page = {store.PAGE: store.as_page(rows, sent, composed)}
        kept = [row.clean for row in rows if row.clean]
        store.put(held, store.tables(now) | page | copies, False, kept)
    _tell_private(rows, options, copies, tell)
    if passed_over:
        tell(
            f"passed over, since their owners were forgotten: {', '.join(passed_over)}; "
            "delete these files"
        )
    return _tell_result(rows, sent, cohort, tell)


def open_cohort(folder: Path, cohort: str, tell: Tell) -> tuple[Composed, Register, Library] | None:
    """Return the cohort as it is written today; None where a problem, which is told, stops it."""
    library = load_program(folder)
    own = f"cohorts/{cohort}/"
    problems = [
        problem
        for problem in stopping(library.problems)
        if problem.span.file.startswith(own) or not problem.span.file.startswith("cohorts/")
    ]
    roster, composed = Roster(), None
    if not problems and library.curriculum is not None:
        composed = compose(library, cohort)
        roster = library.people(cohort)
        problems = [*stopping(composed.problems), *stopping(roster.problems)]
    for problem in problems:
        tell(str(problem))
    if problems or composed is None:
        tell("Fix these problems first. No files were changed.")
        return None
    return composed, make_register(composed, roster.people), library


def _lost_files(before: Sequence[Row], found: Sequence[Reading]) -> list[str]:
    """Return the files with answers that were collected before and are not in the folder now."""
    digests = {digest for reading in found for digest in (reading.digest, reading.container)}
    return [row.file for row in before if row.answers and row.digest not in digests]


def _tell_lost(lost: Sequence[str], tell: Tell) -> None:
    more = " …" if len(lost) > MOST_NAMED else ""
    named = f"{', '.join(lost[:MOST_NAMED])}{more}"
    tell(
        f"{len(lost)} of the files collected before are not in this folder ({named}); "
        "nothing was changed"
    )
    tell(
        "Put all returned files into one folder; or add --replace, and the answers of those "
        "files go."
    )


def _with_clean_copies(
    rows: Sequence[Row], found: Sequence[Reading], before: Sequence[Row], sent: Register
) -> tuple[list[Row], dict[str, bytes]]:
    """Return the rows with the paths of their clean copies, and the copies made now by path."""
    made = {reading.digest: reading.clean for reading in found if reading.clean}
    earlier = {row.digest: row.clean for row in before if row.clean}
    names, copies = safe_names(sent.people.values()), dict[str, bytes]()
    taken: set[str] = set()
    out = []
    for row in rows:
        path = earlier.get(row.digest, "")
        if row.digest in made and row.key in names:
            path = _free_path(f"{store.CLEAN}/{names[row.key]}-{row.document}", taken)
            copies[path] = made[row.digest]
        taken.add(path)
        out.append(replace(row, clean=path))
    return out, copies


def _free_path(stem: str, taken: set[str]) -> str:
    number, path = 1, f"{stem}.pdf"
    while path in taken:
        number += 1
        path = f"{stem}-{number}.pdf"
    return path


def _tell_private(
    rows: Sequence[Row], options: Options, copies: dict[str, bytes], tell: Tell
) -> None:
    """Say which files hold private answers, which were not read, and what to do with them."""
    holding = [row for row in rows if row.private]
    if not holding:
        return
    files = dict.fromkeys(row.file for row in holding)
    number = sum(row.private for row in holding)
    tell(
        f"{number} private answers in {len(files)} of the files were not read; "
        "the files hold them all the same"
    )
    if options.keep_clean:
        tell(
            f"kept {len(copies)} copies without them in {store.CLEAN}/; delete the returned files "
            "and the mails that brought them"
        )
    else:
        tell("add --keep clean to keep copies without them, then delete the files and the mails")


def _tell_result(rows: Sequence[Row], sent: Register, cohort: str, tell: Tell) -> int:
    """Say what came, without a word of it; return the exit code."""
    look = [row for row in rows if row.eye]
    for row in look:
        tell(f"look: {row.file}: {row.status}")
    came = {row.key for row in rows if row.is_answered}
    silent = sum(key not in came for key in sent.people)
    tell(
        f"{len(rows)} files: {sum(bool(row.answers) for row in rows)} read, {len(look)} to look "
        f"at; no answers came from {silent} of {len(sent.people)} people"
    )
    tell(
        f"made responses/{cohort}/{store.TABLE}, {store.LONG} and {store.PAGE}; a report made "
        f"earlier is gone, so run: mentorkit report {cohort}"
    )
    return 1 if look else 0
