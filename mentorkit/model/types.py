"""The small types from which everything that people write is built."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

T = TypeVar("T")
SHORT_NAME, SHORT_NAME_LENGTH = "^[a-z][a-z0-9]*(_[a-z0-9]+)*$", 30

# What the kit itself calls things. None may be a short name, so that a line indented wrongly lands
# among strangers;
# least of all the words of facilitators, whose line would become a question or a part that
# everybody reads.
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


@dataclass(frozen=True)
class ShortForm:
    """Turns a single text into a group that holds it under `key`."""

    key: str

    def __call__(self, value: Any) -> Any:
        return {self.key: value} if isinstance(value, str) else value


def group_of(main: str) -> BeforeValidator:
    """Return the validator for groups that may be written as a single text, short for `main`."""
    return BeforeValidator(ShortForm(main))


@dataclass(frozen=True)
class OneParagraph:
    """Marks a text that is printed inside a line, a cell or a list: one paragraph, its lines
    joined."""


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _split_people(value: Any) -> Any:
    return re.split(r";\s*", value) if isinstance(value, str) else value


def _short_name(value: str) -> str:
    if not re.fullmatch(SHORT_NAME, value) or len(value) > SHORT_NAME_LENGTH:
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


def lower_host(address: str) -> str:
    """Return the address with its scheme and host in small letters, which mean the same."""
    scheme, separator, rest = address.partition("://")
    if not separator:
        return address[:7].lower() + address[7:]
    host, slash, path = rest.partition("/")
    return f"{scheme.lower()}://{host.lower()}{slash}{path}"


Text = Annotated[str, StringConstraints(min_length=1, max_length=200_000)]
"""Markdown: emphasis, lists, links and quotations; no HTML."""
Paragraph = Annotated[str, StringConstraints(min_length=1, max_length=200_000), OneParagraph()]
"""Markdown of one paragraph: emphasis, links and line breaks."""
Line = Annotated[str, StringConstraints(min_length=1, max_length=400, pattern=r"^[^\n]*$")]
"""A text of one line."""
ShortName = Annotated[str, BeforeValidator(_short_name)]
Texts = Annotated[tuple[Paragraph, ...], BeforeValidator(_listed)]
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
# Phones write Https://; the pattern is spelled out for JSON Schema, which knows no flags.
ADDRESS = r"^([hH][tT][tT][pP][sS]://|[mM][aA][iI][lL][tT][oO]:)\S+$"
Address = Annotated[
    str, StringConstraints(pattern=ADDRESS, max_length=500), AfterValidator(lower_host)
]
"""A web address beginning with https://."""
Mode = Literal["in_person", "online", "hybrid"]
Paper = Literal["letter", "a4"]

Named = dict[ShortName, T]
