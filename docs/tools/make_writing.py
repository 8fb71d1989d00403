"""Write the reference part of docs/writing.md from the model: python docs/tools/make_writing.py"""

from __future__ import annotations

import re
import sys
import typing
from pathlib import Path

from mentorkit.model.block import (
    Block,
    Column,
    Facilitator,
    Group,
    Link,
    Picture,
    Question,
    Rights,
    Row,
    Table,
    Way,
)
from mentorkit.model.cohort import Break, Cohort, CohortMeeting
from mentorkit.model.introspect import choices_of
from mentorkit.model.program import (
    Activity,
    Board,
    CaseStudy,
    Curriculum,
    Format,
    Module,
    Session,
    Step,
    Value,
    Worksheet,
)
from pydantic import BaseModel

PAGE = Path(__file__).resolve().parents[1] / "writing.md"
KINDS: tuple[tuple[type[BaseModel], str], ...] = (
    (CaseStudy, "case_studies/NAME.yaml"),
    (
        Worksheet,
        "worksheets/NAME.yaml; pages in curriculum/pages/ have the same keys but for both_sides",
    ),
    (Session, "sessions/NAME.yaml"),
    (Module, "inside a session, under modules"),
    (Activity, "inside a module, under activities"),
    (Step, "inside an activity, under steps"),
    (Board, "inside an activity, under board; a text alone is its title"),
    (Block, "every block: an activity, worksheet, page, part"),
    (Question, "under questions; a text alone is ask"),
    (Table, "under table"),
    (Column, "under columns; a text alone is title"),
    (Row, "under rows; a text alone is text"),
    (Group, "under groups"),
    (Link, "under links; a text alone is title"),
    (Picture, "under picture"),
    (Facilitator, "under facilitator, anywhere"),
    (Way, "in_person and online, under facilitator; a text alone is how"),
    (Rights, "under rights, where they are not our own"),
    (Cohort, "cohorts/NAME/cohort.yaml"),
    (CohortMeeting, "under meetings in a cohort"),
    (Break, "under breaks in a meeting"),
    (Curriculum, "curriculum/curriculum.yaml"),
    (Value, "under values in the curriculum"),
    (Format, "under formats in the curriculum"),
)


def reference() -> str:
    """The tables, one for each kind of group that people write."""
    parts = []
    for kind, where in KINDS:
        lead = (kind.__doc__ or "").strip()
        rows = [
            f"### {kind.__name__}: {where}",
            "",
            lead,
            "",
            "| key | what to write | meaning |",
            "|---|---|---|",
        ]
        for name, field in kind.model_fields.items():
            key = field.alias or name
            shown = f"**{key}**" if field.is_required() else key
            rows.append(
                f"| {shown} | {values(field.annotation)} | {(field.description or '').strip()} |"
            )
        parts.append("\n".join(rows))
    return "\n\n".join(parts)


def values(kind: object) -> str:
    """What may stand after the colon, in a word or two."""
    for choice in (found.kind for found in choices_of(kind)):
        origin, parts = typing.get_origin(choice), typing.get_args(choice)
        if origin is typing.Literal:
            return " · ".join(f"`{part}`" for part in parts)
        if origin is dict:
            return "short names, each with its own"
        if origin is tuple:
            inner = next(choices_of(parts[0])).kind
            return (
                "a list of groups"
                if isinstance(inner, type) and issubclass(inner, BaseModel)
                else "a list, or one text"
            )
        if choice is bool:
            return "`yes` · `no`"
        if choice is int:
            return "a whole number"
        if isinstance(choice, type) and issubclass(choice, BaseModel):
            return f"a group ({choice.__name__})"
        if getattr(choice, "__name__", "") == "date":
            return "a date such as 2027-02-03"
        if choice is str:
            return "a text"
    return "a group"


def page(text: str) -> str:
    """The page with its reference made anew."""
    return re.sub(
        r"(?s)(<!-- reference -->\n).*?(<!-- end of reference -->)",
        lambda m: f"{m[1]}\n{reference()}\n\n{m[2]}",
        text,
    )


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
    sys.stdout.write(f"{PAGE.name} is up to date\n")
