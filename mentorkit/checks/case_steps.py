"""Steps that a case study describes, and what `with:` names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mentorkit.model.program import Activity
from mentorkit.model.validation_errors import did_you_mean
from mentorkit.program.library import Filed, Library
from mentorkit.program.presence import EARLIER
from mentorkit.program.walk import modules_of
from mentorkit.source.nodes import Listing, Mapping, Node, Scalar, span_of_key
from mentorkit.source.problem import Problem, warning


def asked_steps(
    library: Library, file: Filed[Any], here: tuple[str, ...], activity: Activity
) -> Iterator[Problem]:
    """A step with from_case has no do, and its activity's case describes the step."""
    case = library.varied.get((activity.case or "", activity.variation or ""))
    case = case or library.cases.get(activity.case or "")
    for name, step in activity.steps.items():
        path = (*here, "steps", name, "from_case")
        if not step.from_case:
            continue
        if step.do:
            yield Problem(
                file.span(*path), "missing", "this step has both do and from_case", "delete one"
            )
        elif not activity.case:
            yield Problem(
                file.span(*path),
                "missing",
                "from_case needs a case study, and this activity has none",
                "add a line: case: …",
            )
        elif case and step.from_case not in case.model.steps:
            yield Problem(
                file.span(*path),
                "case-step",
                f'the case study "{case.name}" does not describe the step "{step.from_case}"',
                f"write in {case.path}: steps: {step.from_case}: what people do with this story",
            )


def case_steps(library: Library) -> Iterator[Problem]:
    """A step that a case describes is named by a step of an activity that uses the case."""
    asked: dict[str, set[str]] = {}
    for _, _, module in modules_of(library):
        for activity in module.activities.values():
            if activity.case:
                slots = {step.from_case for step in activity.steps.values() if step.from_case}
                asked.setdefault(activity.case, set()).update(slots)
    for name, slots in asked.items():
        file = library.cases.get(name)
        for slot in file.model.steps if file else ():
            if file and slot not in slots:
                yield warning(
                    span_of_key(file.root, ("steps", slot)),
                    "unused",
                    f"no activity that uses this case has a step with from_case: {slot}",
                    f"write from_case: {slot} in a step of the activity, or delete this step",
                )


def requirements(library: Library) -> Iterator[Problem]:
    """Each name under `with:` is the short name of something in the program, or earlier_meeting."""
    known = {home.name for home in library.homes()} | {EARLIER} | library.left_out
    names = [name for file in library.files() for name in _required_names(file.root)]
    for name in names:
        if name.text not in known and name.text not in library.doubtful:
            yield Problem(
                name.span,
                "unknown-name",
                f'nothing in the program has the name "{name.text}"',
                did_you_mean(name.text, known),
            )


def _required_names(node: Node) -> Iterator[Scalar]:
    """Yield each name that is written under a `with:` below `node`."""
    if isinstance(node, Listing):
        for item in node.items:
            yield from _required_names(item)
    elif isinstance(node, Mapping):
        for key, value in node.values.items():
            if key != "with":
                yield from _required_names(value)
                continue
            items = value.items if isinstance(value, Listing) else [value]
            yield from (item for item in items if isinstance(item, Scalar))
