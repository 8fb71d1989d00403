"""The answers come back: every returned PDF of a folder, told apart by its marks, into tables that only their owner can read.

Nothing of an answer goes into a message, a log, a temporary file or a file's name; only fields whose page said so leave the child that reads.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from mentorkit.checks.load import load_program
from mentorkit.compose.compose import Composed, compose
from mentorkit.people.roster import Roster
from mentorkit.program.library import Library
from mentorkit.responses import store
from mentorkit.responses.inbox import TooMany, readings
from mentorkit.responses.matching import Register, Row, filed, judge, register
from mentorkit.source.problem import stopping

Tell = Callable[[str], None]


def collect(folder: Path, cohort: str, inbox: Path, replace: bool, tell: Tell) -> int:
    """Read every PDF in `inbox` and write responses/COHORT/; the exit code. `replace`: files collected before may be gone from it."""
    known = opened(folder, cohort, tell)
    if known is None:
        return 1
    composed, sent, _ = known
    if os.path.realpath(inbox) == os.path.realpath(folder / "responses" / cohort):
        tell("The returned files need a folder of their own, outside responses/.")
        return 1
    with store.private(folder, cohort) as held:
        before = store.read(folder, cohort)
        try:
            found = readings(inbox, frozenset(sent.places))
        except TooMany as fault:
            tell(f"{fault}; nothing was changed")
            return 1
        rows = filed([judge(reading, sent) for reading in found], sent)
        digests = {reading.digest for reading in found}
        lost = [row.file for row in before if row.answers and row.digest not in digests]
        if lost and not replace:
            tell(
                f"{len(lost)} of the files collected before are not in this folder ({', '.join(lost[:5])}{' …' if len(lost) > 5 else ''}); nothing was changed"
            )
            tell(
                "Put all returned files into one folder; or add --replace, and the answers of those files go."
            )
            return 1
        store.write(held, rows, sent, composed)
    return _told(rows, sent, cohort, tell)


def opened(folder: Path, cohort: str, tell: Tell) -> tuple[Composed, Register, Library] | None:
    """The cohort as it is written today; None where something stops it, which has been told."""
    library = load_program(folder)
    problems = [
        problem
        for problem in stopping(library.problems)
        if not problem.span.file.startswith("cohorts/")
        or problem.span.file.startswith(f"cohorts/{cohort}/")
    ]
    roster, composed = Roster(), None
    if not problems and library.curriculum is not None:
        composed = compose(library, cohort)
        roster = library.people(cohort)
        problems = [*stopping(composed.problems), *stopping(roster.problems)]
    for problem in problems:
        tell(str(problem))
    if problems or composed is None:
        tell("Mend this first; nothing was changed.")
        return None
    return composed, register(composed, roster.people), library


def _told(rows: list[Row], sent: Register, cohort: str, tell: Tell) -> int:
    """Say what came, without a word of it."""
    look = [row for row in rows if row.eye]
    for row in look:
        tell(f"look: {row.file}: {row.status}")
    came = {row.key for row in rows if row.answered}
    silent = sum(key not in came for key in sent.people)
    tell(
        f"{len(rows)} files: {sum(bool(row.answers) for row in rows)} read, {len(look)} to look at; no answers came from {silent} of {len(sent.people)} people"
    )
    tell(
        f"made responses/{cohort}/{store.TABLE}, {store.LONG} and {store.PAGE}; a report made earlier is gone, so run: mentorkit report {cohort}"
    )
    return 1 if look else 0


def forget(folder: Path, cohort: str, person: str, tell: Tell) -> int:
    """Take a person out of every output of `collect` and `report`, and say what is out of reach; the exit code."""
    known = opened(folder, cohort, tell)
    if known is None:
        return 1
    composed, sent, _ = known
    with store.private(folder, cohort) as held:
        rows = store.read(folder, cohort)
        gone = store.forgotten(rows, person, sent.people)
        if not gone:
            tell(
                f"responses/{cohort}/ holds nothing under this key, e-mail or name; nothing was removed."
            )
        else:
            digests = {id(row) for row in gone}
            store.write(held, [row for row in rows if id(row) not in digests], sent, composed)
            tell(
                f"Removed what came back in {len(gone)} files, from every table and page in responses/{cohort}/; a report made earlier is gone too."
            )
            tell(
                f"Delete these returned files yourself, or the next collect reads them again: {', '.join(row.file for row in gone)}"
            )
    nameless = sum(bool(row.answers) and not row.key for row in rows)
    if nameless:
        tell(f"{nameless} files do not say whose they are and stayed: look at them by eye.")
    tell(
        f"Out of reach: mails sent, backups, paper, copies of the tables elsewhere, and what build/{cohort}/ was made from. "
        "Take the row out of the list of people and build again."
    )
    return 0
