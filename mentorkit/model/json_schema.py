"""JSON Schema for every kind of file, made from the model: completion, help and red lines in VS Code and other editors."""

from __future__ import annotations

import datetime
import json
import types
import typing
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from mentorkit.model.file_kinds import FILE_KINDS

FOLDER = ".mentorkit"
WORD = {
    "type": ["string", "number", "boolean"]
}  # 2027.1 and yes are texts to us, whatever YAML thinks of them
SHORT_NAME = {"pattern": "^[a-z][a-z0-9]*(_[a-z0-9]+)*$", "maxLength": 30}
EXAMPLES: dict[
    str, Any
] = {  # one for each key that is neither a choice of words nor a group; "Kind.key" goes before "key"
    "title": "Feedback before the trip",
    "text": "Read the story on your own, then compare notes.",
    "about": "A short talk about feedback, and what it left out.",
    "subtitle": "A workbook for postdocs",
    "topic": "Effective Communication",
    "purpose": "To see how feedback can be kind and still be lost.",
    "date": "2027-02-03",
    "due": "2027-05-03",
    "checked": "2026-11-21",
    "start": "10:00",
    "end": "12:15",
    "time_zone": "America/Chicago",
    "release": "2027.1",
    "lang": "en-US",
    "rights": "own",
    "source": "Own words",
    "credit": "The Mentoring Up team",
    "permission": "By letter of May 3, 2026",
    "url": "https://example.org/page",
    "link": "https://example.org/room",
    "by": "A. Writer, 2024",
    "file": "wall_map.svg",
    "logo": "logo.svg",
    "alt": "A table with four chairs, one of them empty.",
    "caption": "Who sits where",
    "roster": "roster.csv",
    "minutes": 10,
    "shortest": 5,
    "breaks": 10,
    "spare": 5,
    "lines": 3,
    "points": 5,
    "total": 100,
    "at_most": 3,
    "own_rows": 2,
    "min_meetings": 4,
    "seat": "mentee",
    "stage": "postdoc",
    "field": "materials science",
    "people": ["Ada Moreno, a postdoc", "Ben Reyes, her mentor"],
    "introduction": "The story takes place in an office, a week before a conference.",
    "from_case": "turn",
    "with": ["ethics"],
    "take_home": ["primer"],
    "unit": "half day",
    "may_mention": ["ethics"],
    "heads_up": "This story touches on illness. You may pass on any question.",
    "ask": "What would you have said?",
    "hint": "Two or three sentences are enough.",
    "label": "Date of the talk",
    "left": "Not at all",
    "right": "Very much",
    "first": "Kind of help",
    "own_title": "Your own",
    "hear": "I do not see the problem.",
    "then": "Ask what it would look like from the other chair.",
    "do": "Read the story on your own.",
    "say": "Please read the story first.",
    "care": "Nobody has to tell more than they want to.",
    "close": "Each person says one word.",
    "cut": "Leave out the second round.",
    "background": "The story is invented.",
    "how": "In pairs, at tables.",
    "competency": "Aligning expectations",
    "prepare": ["Fill in the table yourself."],
    "materials": ["One marker for each group"],
    "bring_out": ["Silence can mean many things."],
    "led_by": ["Imani Solberg", "Teo Marchetti"],
    "sessions": ["getting_started"],
    "homework": ["at_home"],
    "front": ["welcome"],
    "back": ["notes"],
    "guide": ["planning"],
    "modules": ["communication"],
    "activities": ["feedback_talk"],
    "worksheets": ["agreement"],
    "serves": ["feedback"],
    "case": "after_the_proposal",
    "variation": "on_a_screen",
    "after": "feedback_talk",
    "session": "getting_started",
    "format": "two_days",
    "place": "Room 220, North Building",
    "feedback": "A half-hour talk with one of the facilitators",
    "default": "once a month",
    "choices": ["high", "medium", "low"],
    "questions": {"issues": "What went well, and what did not?"},
    "links": {"guide": {"title": "A guide", "url": "https://example.org/guide"}},
    "objectives": {"feedback": "You can ask for feedback that helps you."},
    "columns": {"who": "Who does this for me now?"},
    "rows": {"research": "Research skills"},
    "groups": {"skills": {"title": "Skills", "rows": {"research": "Research skills"}}},
    "cells": {"who": "My first mentor"},
    "values": {"institution": "Lakeshore Institute"},
    "Curriculum.values": {
        "institution": {"about": "The institution's name", "default": "our institution"}
    },
    "words": {"page": "page"},
    "boards": {"goals": "https://example.org/board"},
    "changes": {"picture_wall": "drop"},
    "strategies": {"check_ins": "get regular meetings into both calendars"},
    "smart_example": {"specific": "Ask for one talk a month."},
    "parts": {"second_look": {"title": "A second look", "text": "Read it again."}},
    "CaseStudy.steps": {
        "turn": "Find the line where the conversation could have gone another way."
    },
    "steps": {"read": {"do": "Read the story on your own.", "minutes": 5}},
    "variations": {"on_a_screen": {"about": "The same talk, over a video call."}},
    "watch": [{"hear": "I do not see the problem.", "then": "Ask what they would see from there."}],
    "meetings": [{"session": "getting_started", "date": "2027-02-03"}],
    "Format.meetings": [{"title": "Morning", "session": "getting_started", "minutes": 90}],
    "Curriculum.rights": {
        "own": {"license": "CC-BY-4.0", "source": "Own words", "credit": "The Mentoring Up team"}
    },
    "Board.columns": ["Keep", "Change"],
    "CohortMeeting.breaks": [{"after": "feedback_talk", "minutes": 10}],
    "in_person": "In pairs, at tables.",
    "online": "In rooms of two, cameras off while reading.",
    "board": "What we hope for",
    "before": "Read the primer.",
    "Session.modules": {
        "talking": {
            "title": "Talking",
            "objectives": {"feedback": "You can ask for feedback."},
            "activities": {"first_look": {"title": "First look", "minutes": 10}},
            "strategies": {"check_ins": "get meetings into both calendars"},
        }
    },
    "Module.activities": {"first_look": {"title": "First look", "minutes": 10}},
    "chapters": {"on_silence": {"title": "On silence", "text": "What a pause can mean."}},
    "delivered": {"communication": 55},
    "formats": {
        "one_day": {
            "title": "One day",
            "about": "Nine to five.",
            "meetings": [{"title": "Morning", "session": "getting_started", "minutes": 90}],
        }
    },
}
LIMITS = (("ge", "minimum"), ("le", "maximum"), ("pattern", "pattern"), ("max_length", "maxLength"))


def files() -> dict[str, str]:
    """Every file that editors need, by its place in a program's folder."""
    made = {f"{FOLDER}/{kind.name}.schema.json": _text(schema(kind.model)) for kind in FILE_KINDS}
    schemas = {f"{FOLDER}/{kind.name}.schema.json": list(kind.patterns()) for kind in FILE_KINDS}
    typing_ = {
        "editor.insertSpaces": True,
        "editor.tabSize": 2,
        "editor.wordWrap": "on",
        "editor.autoIndent": "keep",
    }
    settings = {
        "yaml.schemas": schemas,
        "yaml.yamlVersion": "1.2",
        "files.encoding": "utf8",
        "[yaml]": typing_,
    }
    return {
        **made,
        ".vscode/settings.json": _text(settings),
        ".vscode/extensions.json": _text({"recommendations": ["redhat.vscode-yaml"]}),
    }


def write(folder: Path) -> None:
    """Put these files into a program's folder; others there stay."""
    for place, text in files().items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text(text, encoding="utf-8")


def modeline(kind: str, depth: int = 1) -> str:
    """The first line of a file of this kind, which tells editors where its schema lies."""
    return f"# yaml-language-server: $schema={'../' * depth}{FOLDER}/{kind}.schema.json\n"


def schema(model: type[BaseModel]) -> dict[str, Any]:
    """The schema of one kind of file."""
    known: dict[str, Any] = {}
    top = _of(model, known)
    told = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": model.__name__,
        "description": (model.__doc__ or "").strip(),
    }
    return {**told, **top, "definitions": dict(sorted(known.items()))}


def _text(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def _of(kind: Any, known: dict[str, Any], details: tuple[Any, ...] = ()) -> dict[str, Any]:
    """What may stand for a type; `details` are the limits and short forms written beside it."""
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin is Annotated:
        return _of(parts[0], known, (*parts[1:], *details))
    if origin in (typing.Union, types.UnionType):
        choices = [_of(each, known, details) for each in parts if each is not type(None)]
        return choices[0] if len(choices) == 1 else {"anyOf": choices}
    found = _plain(kind, origin, parts, known)
    short = [
        each.func
        for each in details
        if isinstance(each, BeforeValidator) and _takes_text(each.func)
    ]
    if short and found.get("type") not in ("string", "integer") and "enum" not in found:
        return {"anyOf": [WORD, found]}
    limits = {
        name: getattr(each, old)
        for each in details
        for old, name in LIMITS
        if getattr(each, old, None) is not None
    }
    if "pattern" in limits:  # the loader takes away the line break that a folded text ends with
        limits["pattern"] = limits["pattern"].removesuffix("$") + r"\n?$"
    return {**found, **limits} if found.get("type") != "array" else found


def _plain(kind: Any, origin: Any, parts: tuple[Any, ...], known: dict[str, Any]) -> dict[str, Any]:
    if origin is Literal:
        return {"enum": list(parts)}
    if origin is dict:
        names = {"propertyNames": SHORT_NAME} if typing.get_origin(parts[0]) is Annotated else {}
        return {
            "type": "object",
            **names,
            "additionalProperties": True if parts[1] in (Any, object) else _of(parts[1], known),
        }
    if origin is tuple:
        return {"type": "array", "items": _of(parts[0], known)}
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        if kind.__name__ not in known:
            known[kind.__name__] = {}  # it may hold itself
            known[kind.__name__] = _group(kind, known)
        return {"$ref": f"#/definitions/{kind.__name__}"}
    day = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
    return {
        bool: {"enum": ["yes", "no", True, False]},
        int: {"type": "integer"},
        datetime.date: day,
    }.get(kind, WORD)


def _group(model: type[BaseModel], known: dict[str, Any]) -> dict[str, Any]:
    fields = {info.alias or name: info for name, info in model.model_fields.items()}
    return {
        "type": "object",
        "description": (model.__doc__ or "").strip(),
        "additionalProperties": False,
        "properties": {
            key: _field(model.__name__, key, info, known) for key, info in fields.items()
        },
        "required": [key for key, info in fields.items() if info.is_required()],
    }


def _field(owner: str, key: str, info: FieldInfo, known: dict[str, Any]) -> dict[str, Any]:
    found, example = (
        _of(info.annotation, known, tuple(info.metadata)),
        EXAMPLES.get(f"{owner}.{key}", EXAMPLES.get(key)),
    )
    told: dict[str, Any] = {"description": (info.description or "").strip()}
    if example is not None and not {"enum", "$ref"} & set(found):
        told["examples"] = [example]
    if "$ref" in found:
        return {**told, "allOf": [found]}
    return {**found, **told}


def _takes_text(short: Any) -> bool:
    """True where a single text is short for the group or list."""
    try:
        return not isinstance(short("x"), str)
    except (PydanticCustomError, TypeError):
        return False
