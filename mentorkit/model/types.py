"""The small types from which everything that people write is built."""

from __future__ import annotations

import datetime
import re
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

T = TypeVar("T")

# What the kit itself calls things. None may be a short name, so that a line indented wrongly lands among strangers;
# least of all the words of facilitators, whose line would become a question or a part that everybody reads.
KIT_WORDS = frozenset(
    [
        "purpose",
        "prepare",
        "materials",
        "say",
        "watch",
        "hear",
        "then",
        "bring_out",
        "care",
        "close",
        "cut",
        "in_person",
        "online",
        "background",
        "chapters",
        "title",
        "text",
        "picture",
        "table",
        "questions",
        "links",
        "parts",
        "lines",
        "return",
        "look",
        "facilitator",
        "columns",
        "rows",
        "groups",
        "own_rows",
        "own_title",
        "hint",
        "label",
        "kind",
        "points",
        "total",
        "choices",
        "at_most",
        "given",
        "left",
        "right",
        "cells",
        "competency",
        "with",
        "from_case",
        "do",
        "minutes",
        "steps",
        "shortest",
        "priority",
        "shape",
        "case",
        "variation",
        "worksheets",
        "serves",
        "board",
        "drop",
        "after",
        "yes",
        "no",
        "on",
        "off",
        "true",
        "false",
        "null",
        "ask",
        "about",
        "rights",
        "modules",
        "objectives",
        "activities",
        "strategies",
        "smart_example",
    ]
)


class Written(BaseModel):
    """A group of named values that somebody wrote; unknown names are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


def group_of(main: str) -> BeforeValidator:
    """A single text is short for a group that holds it under `main`."""
    return BeforeValidator(lambda value: {main: value} if isinstance(value, str) else value)


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _split_people(value: Any) -> Any:
    return re.split(r";\s*", value) if isinstance(value, str) else value


def _short_name(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*", value) or len(value) > 30:
        raise PydanticCustomError("short_name", "{proposal}", {"proposal": propose_name(value)})
    if value in KIT_WORDS:
        raise PydanticCustomError("kit_word", "{word}", {"word": value})
    return value


def propose_name(text: str) -> str:
    """A short name made from a text: small letters, digits and single underscores, 30 at most."""
    words = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_0123456789")
    return words[:30].rstrip("_") or "a_name"


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        if clock := re.fullmatch(r"([0-9]{1,2}):([0-9]{2})", value):
            raise PydanticCustomError(
                "clock", "{minutes}", {"minutes": int(clock[1]) * 60 + int(clock[2])}
            )
        if re.fullmatch(r"[0-9]{16,}", value):
            raise PydanticCustomError("long_number", "long_number")
        if not re.fullmatch(r"[0-9]{1,15}", value):
            digits = re.match(r"[0-9]{1,4}(?![0-9])", value)
            raise PydanticCustomError("whole", "{hint}", {"hint": digits[0] if digits else ""})
        return int(value)
    return value


def _yes(value: Any) -> Any:
    if value in ("yes", "no"):
        return value == "yes"
    if isinstance(value, bool):
        return value
    raise PydanticCustomError("yes_or_no", "yes_or_no")


def _date(value: Any) -> Any:
    if isinstance(value, datetime.date) or not isinstance(value, str):
        return value
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise PydanticCustomError("date_form", "date_form")
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("no_such_date", "no_such_date") from None


Text = Annotated[str, StringConstraints(min_length=1, max_length=200_000)]
"""Markdown: emphasis, lists, links and quotations; no HTML."""
Line = Annotated[str, StringConstraints(min_length=1, max_length=400, pattern=r"^[^\n]*$")]
"""A text of one line."""
ShortName = Annotated[str, BeforeValidator(_short_name)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_listed)]
Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]
People = Annotated[tuple[Line, ...], BeforeValidator(_split_people)]
"""People of a story: a list of `Name` or `Name, who they are`, or one text with semicolons."""
Minutes = Annotated[int, BeforeValidator(_whole), Field(ge=1, le=480)]
Count = Annotated[int, BeforeValidator(_whole), Field(ge=1, le=100)]
Pause = Annotated[int, BeforeValidator(_whole), Field(ge=0, le=120)]
Lines = Annotated[int, BeforeValidator(_whole), Field(ge=1, le=12)]
YesNo = Annotated[bool, BeforeValidator(_yes)]
Date = Annotated[datetime.date, BeforeValidator(_date)]
Clock = Annotated[str, StringConstraints(pattern=r"^([01]?\d|2[0-3]):[0-5]\d$")]
Shape = Literal["alone", "pairs", "threes", "groups", "all"]
Priority = Literal["must", "should", "could"]
Address = Annotated[str, StringConstraints(pattern=r"^(https://|mailto:)\S+$", max_length=500)]
"""A web address beginning with https://."""
Mode = Literal["in_person", "online", "hybrid"]
Paper = Literal["letter", "a4"]

Named = dict[ShortName, T]
