"""A person's answers go from every output, whatever state the program is in."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from mentorkit.checks.load import load_program
from mentorkit.compose.compose import compose
from mentorkit.people.folder_names import fold
from mentorkit.people.person import Person
from mentorkit.program.library import Library
from mentorkit.responses import store
from mentorkit.responses.matching import Row
from mentorkit.responses.register import make_register
from mentorkit.responses.store import Collected
from mentorkit.source.problem import stopping

Tell = Callable[[str], None]
NEAREST = 3


def forget(folder: Path, cohort: str, person: str, tell: Tell) -> int:
    """Remove a person from all that `collect` and `report` made; return the exit code.

    Only the stored answers and the list of people are needed: problems elsewhere in the program
    do not stop it. The exit code is 1 where nothing was found.
    """
    library = load_program(folder)
    is_known = cohort in library.cohorts
    people = {p.key: p for p in library.people(cohort).people} if is_known else {}
    with store.private(folder, cohort) as held:
        before = store.read_collected(folder, cohort)
        gone = store.rows_of_person(before.rows, person, people)
        if gone:
            now = before.without(gone)
            page = _page_of(library, cohort, now)
            kept = [row.clean for row in now.rows if row.clean]
            store.put(held, store.tables(now) | page, False, kept)
    if not gone:
        return _tell_nothing_found(before, cohort, person, people, tell)
    tell(
        f"Removed what came back in {len(gone)} files, from every table and page in "
        f"responses/{cohort}/; a report made earlier is gone too."
    )
    if not page:
        tell(f"{store.PAGE} is gone too, since the program has problems; collect makes it again.")
    files = dict.fromkeys(file for row in gone for file in row.files)
    tell(f"Delete these returned files yourself: {', '.join(files)}")
    tell("The next collect passes over them, whatever they are called by then.")
    _tell_out_of_reach(now.rows, cohort, tell)
    return 0


def _page_of(library: Library, cohort: str, collected: Collected) -> dict[str, bytes]:
    """Return the page anew; nothing where the program cannot be composed."""
    if library.curriculum is None or cohort not in library.cohorts or stopping(library.problems):
        return {}
    composed = compose(library, cohort)
    sent = make_register(composed, library.people(cohort).people)
    return {store.PAGE: store.as_page(collected.rows, sent, composed)}


def _tell_nothing_found(
    before: Collected, cohort: str, person: str, people: Mapping[str, Person], tell: Tell
) -> int:
    tell(f"responses/{cohort}/ holds nothing under this key, e-mail or name; nothing was removed.")
    nearest = _nearest(person, before.rows, people.values())
    if nearest:
        tell(f"Did you mean: {', '.join(nearest)}?")
    _tell_out_of_reach(before.rows, cohort, tell)
    return 1


def _nearest(person: str, rows: Iterable[Row], people: Iterable[Person]) -> list[str]:
    """Return keys, addresses and names of people whose answers are there that look like this."""
    keys = {row.key for row in rows if row.key}
    texts = [text for row in rows for text in (row.key, row.name) if text and row.key]
    texts += [text for p in people if p.key in keys for text in (p.email, p.name) if text]
    folded = {fold(text): text for text in texts}
    near = difflib.get_close_matches(fold(person), folded, NEAREST, 0.6)
    return [folded[text] for text in near]


def _tell_out_of_reach(rows: Iterable[Row], cohort: str, tell: Tell) -> None:
    nameless = sum(bool(row.answers) and not row.key for row in rows)
    if nameless:
        tell(f"{nameless} files do not say whose they are and stayed: look at them by eye.")
    tell(
        "Out of reach: mails sent, backups, paper, copies of the tables elsewhere, and what "
        f"build/{cohort}/ was made from. Take the row out of the list of people and build again."
    )
