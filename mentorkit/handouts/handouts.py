"""What comes with a cohort beside its books: sheets to sign, links, certificates, calendar, lists.

Participants’ own are in handouts/, the facilitator’s in handouts/facilitator/. `handouts` holds
the one list of them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from mentorkit.compose.compose import Composed
from mentorkit.edition.dates import short_date_words
from mentorkit.edition.strings import words_of
from mentorkit.handouts.attendance import FILES, Attendance, blank, filled_by_hand, read_attendance
from mentorkit.handouts.calendar import calendar, newly_cancelled
from mentorkit.handouts.certificates import Certificate, earned
from mentorkit.handouts.csv_files import breakout, group_of, mailmerge, needs_list
from mentorkit.handouts.links import codes
from mentorkit.handouts.mails import run_mails
from mentorkit.handouts.meetings import Gathering, gatherings
from mentorkit.model.cohort import Cohort
from mentorkit.output.writer import Artifact
from mentorkit.people.person import Person
from mentorkit.people.roster import Roster
from mentorkit.render.print.html import handout_html
from mentorkit.source.problem import Problem

OURS, STAFF = "handouts", "handouts/facilitator"
OF_COHORT = re.compile(
    r"cohorts/|sessions/|curriculum/curriculum\.yaml"
)  # what a handout’s words come from
MOST_ROWS = 5_000  # people times meetings: more cannot be laid out within a worker’s limits


@dataclass(frozen=True)
class Sheet:
    """A PDF to be laid out.

    Names in any script may be on it, so the computer’s own fonts may help, and a missing letter is
    a warning.
    """

    path: str
    html: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Handouts:
    """Files as they are, PDFs to be laid out, problems of the lists of people, and notices."""

    files: tuple[Artifact, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    problems: tuple[Problem, ...] = ()
    told: tuple[str, ...] = ()
    names: tuple[str, ...] = ()  # the people’s, as they may stand on the sheets


def handouts(composed: Composed, cohort: Cohort, roster: Roster | None, folder: Path) -> Handouts:
    """Return everything that this cohort’s data are enough for.

    Without a roster that is what its meetings and links give.
    """
    book, words = composed.workbook, words_of(composed.workbook.words)
    people = roster.people if roster else ()
    held = gatherings(cohort, composed.guide)
    meetings = [each for each in held if each.number]
    came = _came(composed.cohort, people, meetings, folder)
    given, told = _given(people, came, meetings, cohort.min_meetings or len(meetings), words)
    on_paper = people if len(people) * max(len(meetings), 1) <= MOST_ROWS else ()
    if on_paper != people:
        told.append(
            f"warning: {len(people):,} people are too many for sheets with names: sign-in sheets "
            "have empty rows; no badges, tents, certificates"
        )
    last = folder / "build" / composed.cohort / OURS / "calendar.ics"
    links = [
        list(part) for _, part in groupby(codes(book, cohort, held, words), lambda code: code.part)
    ]
    before = last.read_bytes() if last.is_file() else b""
    dates = calendar(book, composed.cohort, held, words, before)
    if gone := newly_cancelled(dates, before):
        told.append(f"cancelled in calendar.ics: {', '.join(gone)}; send the file again")
    files = {
        f"{OURS}/calendar.ics": dates,
        f"{STAFF}/attendance.csv": _to_fill(composed.cohort, people, meetings, folder, told)
        if people
        else None,
        f"{STAFF}/mailmerge.csv": mailmerge(people, composed.cohort) if people else None,
        **{
            f"{STAFF}/breakout-{m.number}-{m.name}.csv": breakout(people, m.number, words)
            for m in meetings
            if m.online and people
        },
    }
    mails = run_mails(book, cohort, held, people, words, dates)
    files |= {f"{STAFF}/mails/{name}": data for name, data in mails.items()}
    files[f"{STAFF}/needs.csv"] = needs_list(people)
    pages: dict[
        str, tuple[str, Sequence[object], dict[str, object]]
    ] = {  # title, what there must be some of, and what else the template needs
        f"{OURS}/links": ("links_page", links, {}),
        f"{STAFF}/sign-in": ("sign_in", meetings, {"people": on_paper}),
        f"{STAFF}/certificates": (
            "certificate",
            given if on_paper else (),
            _signed(cohort, meetings, words),
        ),
        f"{STAFF}/badges": ("badges", on_paper, {}),
        f"{STAFF}/tents": ("tents", on_paper, {}),
    }
    sources = tuple(
        sorted(
            {
                *filter(OF_COHORT.match, composed.sources["workbook"]),
                *sums(composed.cohort, cohort, folder),
            }
        )
    )
    sheets = [
        Sheet(
            f"{path}.pdf",
            _page(path, composed, words, title=words[title], things=things, **more),
            sources,
        )
        for path, (title, things, more) in pages.items()
        if things
    ]
    artifacts = tuple(Artifact(path, data, sources) for path, data in files.items() if data)
    return Handouts(
        artifacts,
        tuple(sheets),
        came.problems if came else (),
        tuple(told),
        tuple(person.name for person in people),
    )


def _page(path: str, composed: Composed, words: dict[str, str], **values: object) -> str:
    return handout_html(
        path.rpartition("/")[2],
        composed.workbook,
        composed.paper,
        size=size,
        group=lambda person: group_of(person, words),
        **values,
    )


def sums(name: str, cohort: Cohort, folder: Path) -> dict[str, str]:
    """Return the lists of people that handouts are made from, each with its sha256."""
    listed = (cohort.roster, *FILES)
    paths = (f"cohorts/{name}/{file}" for file in listed if file)
    return {
        path: hashlib.sha256((folder / path).read_bytes()).hexdigest()
        for path in paths
        if (folder / path).is_file()
    }


def size(name: str) -> str:
    """Return the size in which a name fits its place: one of four."""
    return (
        "endless"
        if len(name) > 80
        else "long"
        if len(name) > 40
        else "medium"
        if len(name) > 22
        else "short"
    )


def _came(
    name: str, people: Sequence[Person], meetings: Sequence[Gathering], folder: Path
) -> Attendance | None:
    """Who came, where staff put the filled list into the cohort’s folder."""
    shown = next(
        (
            f"cohorts/{name}/{file}"
            for file in FILES
            if (folder / "cohorts" / name / file).is_file()
        ),
        "",
    )
    return read_attendance(folder / shown, shown, people, meetings) if shown and people else None


def _given(
    people: Sequence[Person],
    came: Attendance | None,
    meetings: Sequence[Gathering],
    least: int,
    words: dict[str, str],
) -> tuple[list[Certificate], list[str]]:
    """The certificates that are due, and a line that says for how many."""
    if came is None:
        return [], []
    given = earned(people, came, meetings, least, words)
    return given, [
        f"certificates: {len(given)} of {len(people)} people came to at least {least} of "
        f"{len(meetings)} meetings"
    ]


def _to_fill(
    name: str,
    people: Sequence[Person],
    meetings: Sequence[Gathering],
    folder: Path,
    told: list[str],
) -> bytes | None:
    """Return the empty list of who came, until the filled one is in the cohort’s folder.

    What somebody wrote into it meanwhile stays.
    """
    path = f"build/{name}/{STAFF}/{FILES[0]}"
    counted = next(
        (
            folder / "cohorts" / name / file
            for file in FILES
            if (folder / "cohorts" / name / file).is_file()
        ),
        None,
    )
    if filled_by_hand(folder / path) and not (
        counted and counted.read_bytes() == (folder / path).read_bytes()
    ):
        cure = (
            f"what counts is cohorts/{name}/{counted.name}: bring that up to date and delete this "
            "one"
            if counted
            else f"move it to cohorts/{name}/, where it counts and certificates are made from it"
        )
        told.append(f"warning: {path} has been filled in, and is kept; {cure}")
        return (folder / path).read_bytes()
    return None if counted else blank(people, meetings)


def _signed(
    cohort: Cohort, meetings: Sequence[Gathering], words: dict[str, str]
) -> dict[str, object]:
    """Who signs a certificate, and on which day: that of the last meeting."""
    leaders = dict.fromkeys(name for meeting in meetings for name in meeting.led_by)
    last = max((meeting.day for meeting in meetings if meeting.day), default=None)
    return {
        "led_by": list(leaders)[:3],
        "day": short_date_words(last, words) if last else "",
        "department": cohort.values.get("department", ""),
    }
