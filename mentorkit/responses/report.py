"""The report that names nobody, the goals to follow up, and goals printed back to people."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

from mentorkit.handouts.handouts import Sheet
from mentorkit.handouts.typeset import typeset_sheet
from mentorkit.pdf.worker import RenderError, Worker
from mentorkit.people.folder_names import safe_names
from mentorkit.render.print.html import answers_html
from mentorkit.responses import store
from mentorkit.responses.collect import open_cohort
from mentorkit.responses.goals import Goal, calendar, goals
from mentorkit.responses.statistics import LEAST, figures, merge_answers, open_texts

Tell = Callable[[str], None]


def report(folder: Path, cohort: str, open_answers: bool, tell: Tell) -> int:
    """Write the report, the follow-up list and goals.ics beside the answers; the exit code."""
    known = open_cohort(folder, cohort, tell)
    if known is None:
        return 1
    composed, sent, library = known
    with store.private(folder, cohort) as held:
        rows = store.read_rows(folder, cohort)
        said, conflicts = merge_answers(rows, "mentee")
        found = figures(composed, sent, library, said, merge_answers(rows, "mentor")[0])
        values = {
            "title": "What came of it",
            "figures": list(found.values()),
            "answers": open_texts(composed, said) if open_answers else None,
            "least": LEAST,
            "people": len(sent.people),
            "returned": len(said),
            "conflicts": conflicts,
            "nameless": sum(bool(row.answers) and not row.key for row in rows),
        }
        due = sorted(
            (goal for goal in goals(composed, said) if goal.due or goal.unclear),
            key=lambda goal: (goal.due or datetime.date.max, goal.key, goal.module),
        )
        files = {
            "report.html": answers_html(
                "report", composed.workbook, composed.paper, frame="answers/base.html", **values
            ).encode(),
            "goals.ics": calendar(due, composed.workbook, sent),
            "follow-up.html": answers_html(
                "follow-up",
                composed.workbook,
                title="Goals that come due",
                goals=due,
                people=sent.people,
            ).encode(),
        }
        with Worker(folder) as worker:
            pdf = printed(
                "report.pdf",
                answers_html(
                    "report",
                    composed.workbook,
                    composed.paper,
                    frame="handouts/base.html",
                    **values,
                ),
                worker,
                tell,
            )
        if pdf is None:
            return 1
        store.put(held, {**files, "report.pdf": pdf}, True)
    tell(
        f"made responses/{cohort}/report.html and report.pdf; follow-up.html and goals.ics name "
        "people and are yours alone"
    )
    return 0


def reflect(folder: Path, cohort: str, tell: Tell) -> int:
    """Write a sheet with their own goals for everybody who asked for it; the exit code."""
    known = open_cohort(folder, cohort, tell)
    if known is None:
        return 1
    composed, sent, _ = known
    wanted: dict[str, list[Goal]] = {}
    with store.private(folder, cohort) as held, Worker(folder) as worker:
        said, _ = merge_answers(store.read_rows(folder, cohort), "mentee")
        for goal in goals(composed, said):
            if goal.remind and goal.texts and goal.key in sent.people:
                wanted.setdefault(goal.key, []).append(goal)
        names, files = safe_names(sent.people.values()), dict[str, bytes]()
        for key, own in wanted.items():
            pdf = printed(
                "reflect.pdf",
                answers_html(
                    "reflect",
                    composed.workbook,
                    composed.paper,
                    title="Six months later",
                    person=sent.people[key],
                    goals=own,
                ),
                worker,
                tell,
            )
            if pdf is None:
                return 1
            files[f"reflect/{names[key]}.pdf"] = pdf
        if files:
            store.put(held, files, True)
    tell(
        f"made {len(files)} sheets in responses/{cohort}/reflect/"
        if files
        else "Nobody whose answers were collected ticked the box that asks for it."
    )
    return 0


def printed(name: str, html: str, worker: Worker, tell: Tell) -> bytes | None:
    """The PDF; None where it cannot be laid out. What is told quotes nothing."""
    try:
        rendered, lost = typeset_sheet(Sheet(name, html, ()), worker)
    except RenderError as error:
        tell(f"{error}; nothing was changed")
        return None
    if lost:
        tell(
            f"warning: {name}: {len(lost)} letters of the answers are in no font here; boxes are "
            "printed for them"
        )
    if rendered.complaints:
        tell(
            f"{name}: {len(rendered.complaints)} things could not be laid out; nothing was changed"
        )
    return None if rendered.complaints else rendered.pdf
