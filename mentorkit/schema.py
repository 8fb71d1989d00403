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

from mentorkit.model import CaseStudy, Cohort, Curriculum, Page, Session, Worksheet

FOLDER = ".mentorkit"
KINDS: dict[str, tuple[type[BaseModel], list[str]]] = {
    "curriculum": (Curriculum, ["curriculum/curriculum.yaml"]), "session": (Session, ["sessions/*.yaml"]), "cohort": (Cohort, ["cohorts/*/cohort.yaml"]),
    "case_study": (CaseStudy, ["case_studies/*.yaml", "cohorts/*/case_studies/*.yaml"]), "page": (Page, ["curriculum/pages/*.yaml", "cohorts/*/pages/*.yaml"]),
    "worksheet": (Worksheet, ["worksheets/*.yaml", "cohorts/*/worksheets/*.yaml"]),
}
WORD = {"type": ["string", "number", "boolean"]}  # 2027.1 and yes are texts to us, whatever YAML thinks of them
SHORT_NAME = {"pattern": "^[a-z][a-z0-9]*(_[a-z0-9]+)*$", "maxLength": 30}
EXAMPLES: dict[str, list[Any]] = {
    "date": ["2027-02-03"], "due": ["2027-05-03"], "start": ["10:00"], "end": ["12:15"], "time_zone": ["America/Chicago"], "release": ["2027.1"],
    "rights": ["own"],
    "url": ["https://example.org/page"], "link": ["https://example.org/room"], "minutes": [10], "lines": [3], "seat": ["mentee"], "stage": ["postdoc"],
    "ask": ["What would you have said?"], "hear": ["I do not see the problem."], "do": ["Read the story on your own."], "say": ["Please read the story first."],
    "led_by": [["Imani Solberg", "Teo Marchetti"]], "file": ["curriculum/pictures/wall_map.svg"],
}
LIMITS = (("ge", "minimum"), ("le", "maximum"), ("pattern", "pattern"), ("max_length", "maxLength"))


def files() -> dict[str, str]:
    """Every file that editors need, by its place in a program's folder."""
    made = {f"{FOLDER}/{kind}.schema.json": _text(schema(model)) for kind, (model, _) in KINDS.items()}
    schemas = {f"{FOLDER}/{kind}.schema.json": places for kind, (_, places) in KINDS.items()}
    typing_ = {"editor.insertSpaces": True, "editor.tabSize": 2, "editor.wordWrap": "on", "editor.autoIndent": "keep"}
    settings = {"yaml.schemas": schemas, "yaml.yamlVersion": "1.2", "files.encoding": "utf8", "[yaml]": typing_}
    return {**made, ".vscode/settings.json": _text(settings), ".vscode/extensions.json": _text({"recommendations": ["redhat.vscode-yaml"]})}


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
    told = {"$schema": "http://json-schema.org/draft-07/schema#", "title": model.__name__, "description": (model.__doc__ or "").strip()}
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
    short = [each.func for each in details if isinstance(each, BeforeValidator) and _takes_text(each.func)]
    if short and found.get("type") not in ("string", "integer") and "enum" not in found:
        return {"anyOf": [WORD, found]}
    limits = {name: getattr(each, old) for each in details for old, name in LIMITS if getattr(each, old, None) is not None}
    if "pattern" in limits:  # the loader takes away the line break that a folded text ends with
        limits["pattern"] = limits["pattern"].removesuffix("$") + r"\n?$"
    return {**found, **limits} if found.get("type") != "array" else found


def _plain(kind: Any, origin: Any, parts: tuple[Any, ...], known: dict[str, Any]) -> dict[str, Any]:
    if origin is Literal:
        return {"enum": list(parts)}
    if origin is dict:
        names = {"propertyNames": SHORT_NAME} if typing.get_origin(parts[0]) is Annotated else {}
        return {"type": "object", **names, "additionalProperties": True if parts[1] in (Any, object) else _of(parts[1], known)}
    if origin is tuple:
        return {"type": "array", "items": _of(parts[0], known)}
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        if kind.__name__ not in known:
            known[kind.__name__] = {}  # it may hold itself
            known[kind.__name__] = _group(kind, known)
        return {"$ref": f"#/definitions/{kind.__name__}"}
    day = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
    return {bool: {"enum": ["yes", "no", True, False]}, int: {"type": "integer"}, datetime.date: day}.get(kind, WORD)


def _group(model: type[BaseModel], known: dict[str, Any]) -> dict[str, Any]:
    fields = {info.alias or name: info for name, info in model.model_fields.items()}
    return {"type": "object", "description": (model.__doc__ or "").strip(), "additionalProperties": False,
            "properties": {key: _field(key, info, known) for key, info in fields.items()},
            "required": [key for key, info in fields.items() if info.is_required()]}


def _field(key: str, info: FieldInfo, known: dict[str, Any]) -> dict[str, Any]:
    found = _of(info.annotation, known, tuple(info.metadata))
    told = {"description": (info.description or "").strip(), **({"examples": EXAMPLES[key]} if key in EXAMPLES else {})}
    return {**told, "allOf": [found]} if "$ref" in found else {**found, **told}


def _takes_text(short: Any) -> bool:
    """True where a single text is short for the group or list."""
    try:
        return not isinstance(short("x"), str)
    except (PydanticCustomError, TypeError):
        return False
