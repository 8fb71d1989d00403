"""A draft tried out: what it comes to, what is wrong with it and where, and what the file holds in
its place."""

from __future__ import annotations

import json
import re
from typing import Any

from flask import render_template

from mentorkit.editing import edit
from mentorkit.preview import edits
from mentorkit.preview.form_fields import form, identity, span_path
from mentorkit.preview.workspace import Known, Shelf, new_problems
from mentorkit.source.nodes import Mapping, Scalar, find
from mentorkit.source.problem import Problem


def write_problem(
    shelf: Shelf, problem: Problem, path: str = "", data: bytes | None = None
) -> dict[str, Any]:
    """A problem for a page: its words, and the address of the place to mend it."""
    span = problem.span
    root = (
        shelf.root(span.file, data if span.file == path else None)
        if span.file in shelf.files()
        else None
    )
    at = place(problem, root) if root else ""
    where = f"/edit/{span.file}#{at}" if root else f"/source/{span.file}#L{span.line}"
    hint = (
        "write something here"
        if data is not None and problem.code in ("empty", "missing")
        else problem.hint
    )
    return {
        "what": problem.what,
        "hint": hint,
        "file": span.file,
        "line": span.line,
        "stops": problem.stops,
        "id": at,
        "href": where,
    }


def place(problem: Problem, root: Mapping) -> str:
    """The id of the field to mend: the one that is written at the place, or the one that is missing
    there."""
    span = problem.span
    path = (
        ()
        if (span.line, span.column) == (root.span.line, root.span.column)
        and problem.code == "missing"
        else span_path(root, span.line, span.column)
    )
    missing = re.match(r"add a line: (\w+):", problem.hint) if problem.code == "missing" else None
    return identity((*path, missing[1]) if missing else path)


def tried(
    shelf: Shelf, known: Known, data: bytes, typed: list[edits.Edit], cohort: str, more: list[str]
) -> dict[str, Any]:
    """Return the form of a draft, its pages where they can be made, and what is wrong with it."""
    shelf.refresh()
    try:
        new = edits.applied(data, known.model, typed)
    except edit.EditRefusedError as fault:
        hint = fault.problem.hint if fault.problem else ""
        return {
            "refused": True,
            "problems": [
                {
                    "what": str(fault),
                    "hint": hint,
                    "file": known.path,
                    "line": 0,
                    "stops": True,
                    "id": identity(fault.path),
                    "href": "",
                }
            ],
        }
    library = shelf.draft(known.path, new)
    stopping = new_problems(shelf.library, library, known.path)
    here = [
        problem
        for problem in library.problems
        if problem.span.file == known.path or problem in stopping
    ]
    root = shelf.root(known.path, new)
    views = None
    if not library.broken and cohort in library.cohorts:
        views = shelf.views(library, cohort, known.kind, known.name)
    return {
        "refused": bool(stopping),
        "problems": [write_problem(shelf, problem, known.path, new) for problem in here],
        "views": views,
        "form": render_template("form.html", fields=form(known.model, root), more=more)
        if root
        else "",
    }


def both(shelf: Shelf, known: Known, data: bytes, typed: list[edits.Edit]) -> list[dict[str, str]]:
    """For each thing that was edited: what this page holds, and what the file holds now."""
    root = shelf.root(known.path, data)
    found = []
    for verb, path, first, value, _ in typed:
        node = find(root, path) if root else None
        theirs = node.text if isinstance(node, Scalar) and verb in ("put", "add") else ""
        mine = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        mine = {
            "delete": "(taken out)",
            "move": f"(moved to place {first + 1 if verb == 'move' else 0})",
        }.get(verb, mine)
        steps = (*path, first) if verb == "add" else path
        where = " › ".join(
            str(step + 1) if isinstance(step, int) else step.replace("_", " ") for step in steps
        )
        found.append({"where": where, "mine": mine, "theirs": theirs})
    return found
