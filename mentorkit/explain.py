"""What the model found wrong, in our words: place, plain sentence, cure, and “did you mean”."""

from __future__ import annotations

import difflib
import types
import typing
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ValidationError

from mentorkit.model.base import propose_name
from mentorkit.problem import Problem, Span
from mentorkit.source import Mapping, Node, Scalar, find, span_of_key

# What a thing is called that stands in a group of this name.
NOUNS = {
    "questions": "question", "columns": "column", "rows": "row", "groups": "group", "parts": "part", "links": "link", "steps": "step",
    "activities": "activity", "modules": "module", "objectives": "objective", "strategies": "strategy", "values": "value", "formats": "format",
    "meetings": "meeting", "watch": "entry", "table": "table", "picture": "picture", "rights": "rights entry", "facilitator": "facilitator group",
}
ONLY_FACILITATORS = {"facilitators", "notes", "debrief", "internal", "note", "facilitator_notes"}
IN_FACILITATOR = {"text", "title", "parts"}


def explain(fault: ValidationError, model: type[BaseModel], root: Node, noun: str) -> list[Problem]:
    """One problem for each thing the model refused in the file whose values are `root`."""
    return [_problem(error, model, root, noun) for error in fault.errors(include_url=False)]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint with the nearest known word; else the known words, if they are few."""
    words = sorted(set(known))
    near = difflib.get_close_matches(word.lower().replace(" ", "_").replace("-", "_"), words, 1, 0.6)
    if near:
        return f'did you mean "{near[0]}"?'
    return f"known here: {', '.join(words)}" if 0 < len(words) <= 24 else ""


def model_at(model: type[BaseModel], path: tuple[Any, ...]) -> type[BaseModel] | None:
    """The model that judges the group at `path` below `model`; None where there is none."""
    kind: Any = model
    for step in path:
        kind = _inside(kind, step)
        if kind is None:
            return None
    return next((k for k in choices_of(kind) if isinstance(k, type) and issubclass(k, BaseModel)), None)


def names_of(model: type[BaseModel]) -> list[str]:
    """The keys that may be written in a group of this model."""
    return [field.alias or name for name, field in model.model_fields.items()]


def choices_of(kind: Any) -> list[Any]:
    origin = typing.get_origin(kind)
    if origin is typing.Annotated:
        return choices_of(typing.get_args(kind)[0])
    if origin in (typing.Union, types.UnionType):
        return [choice for part in typing.get_args(kind) for choice in choices_of(part)]
    return [kind]


def _inside(kind: Any, step: Any) -> Any:
    for choice in choices_of(kind):
        if isinstance(choice, type) and issubclass(choice, BaseModel):
            for name, field in choice.model_fields.items():
                if step in (name, field.alias):
                    return field.annotation
        origin, parts = typing.get_origin(choice), typing.get_args(choice)
        if origin is dict and len(parts) == 2:
            return parts[1]
        if origin in (tuple, list) and parts and isinstance(step, int):
            return parts[0]
    return None


def _called(path: tuple[Any, ...], noun: str) -> str:
    """“question”, “activity” … for the group at `path`."""
    words = [step for step in path if isinstance(step, str)]
    if len(words) >= 2 and words[-2] in NOUNS:
        return NOUNS[words[-2]]
    if words and words[-1] in NOUNS:
        return NOUNS[words[-1]]
    return noun


def _problem(error: Any, model: type[BaseModel], root: Node, noun: str) -> Problem:
    path = tuple(step for step in error["loc"] if step != "[key]")
    sort, given, context = error["type"], error.get("input"), error.get("ctx") or {}
    key = str(path[-1]) if path else ""
    node = find(root, path)
    span = node.span if isinstance(node, Scalar) else span_of_key(root, path)
    if error["loc"] and error["loc"][-1] == "[key]":
        return _bad_name(span_of_key(root, path), key, sort)
    if sort == "missing":
        return Problem(span_of_key(root, path[:-1]), "missing", f'this {_called(path[:-1], noun)} has no "{key}"', f"add a line: {key}: …")
    if sort == "extra_forbidden":
        return _unknown(span_of_key(root, path), key, path, model, noun)
    if isinstance(node, Scalar) and not node.text.strip() and sort != "row_text":
        return Problem(span_of_key(root, path), "empty", f'"{key}" is empty', "write something after the colon, or delete the line")
    what, hint = _sentence(sort, key, given, context)
    return Problem(span, sort.replace("_", "-"), what, hint)


def _bad_name(span: Span, key: str, sort: str) -> Problem:
    if sort == "kit_word":
        return Problem(span, "kit-word", f'"{key}" is a word of the kit and cannot be a short name', "indent it as part of what stands above, or choose another name")
    return Problem(span, "short-name", f'"{key}" cannot be a short name', f"small letters, digits and single _, 30 at most, for example: {propose_name(key)}")


def _unknown(span: Span, key: str, path: tuple[Any, ...], model: type[BaseModel], noun: str) -> Problem:
    called = _called(path[:-1], noun)
    if key in ONLY_FACILITATORS:
        return Problem(span, "unknown-key", f'"{key}" is not known here', "what only facilitators may read stands under facilitator:")
    if called == "facilitator group" and key in IN_FACILITATOR:
        return Problem(span, "unknown-key", f'"{key}" cannot stand directly under facilitator', "use say, background or chapters")
    if key in ("say", "watch", "bring_out", "care", "close", "cut", "in_person", "online", "purpose", "prepare", "materials", "background"):
        return Problem(span, "unknown-key", f'"{key}" is only for facilitators', "move it under facilitator:, indented by two spaces")
    here = model_at(model, path[:-1])
    hint = did_you_mean(key, names_of(here) if here else [])
    return Problem(span, "unknown-key", f'"{key}" is not known in this {called}', hint)


def _sentence(sort: str, key: str, given: Any, context: dict[str, Any]) -> tuple[str, str]:
    """The sentence and the hint for one kind of fault."""
    shown = str(given) if isinstance(given, (str, int)) else ""
    shown = shown if len(shown) <= 60 else shown[:57] + "…"
    kind = context.get("kind", "")
    low, high = context.get("ge"), context.get("le")
    sentences: dict[str, tuple[str, str]] = {
        "literal_error": (f'"{key}" cannot be "{shown}"', f"choose one of: {context.get('expected', '').replace(chr(39), '')}"),
        "clock": (f'"{key}" takes whole minutes, not "{shown}"', f"write {context.get('minutes')}"),
        "whole": (f'"{key}" takes a whole number, not "{shown}"', f"write {context.get('hint') or 'a number such as 10'}"),
        "greater_than_equal": (f'"{key}" is too small', f"write a number from {low} up"),
        "less_than_equal": (f'"{key}" is too large', f"write a number up to {high}"),
        "yes_or_no": (f'"{key}" takes yes or no, not "{shown}"', "write yes or no"),
        "date_form": (f'"{shown}" is not a date we can read', "write the date as 2026-03-05 (year-month-day)"),
        "no_such_date": (f"there is no day {shown}", "look at the calendar"),
        "kind_needs": (f'a place of kind {kind} needs "{context.get("wanted")}"', f"add a line: {context.get('wanted')}: …"),
        "kind_not": (f'"{context.get("key")}" does not fit a place of kind {kind}', "delete that line, or change the kind"),
        "row_text": ("a row needs a text, or left and right", "write text: …, or left: … and right: …"),
        "minutes_or_steps": ("this activity has both minutes and steps" if context.get("both") else "this activity has neither minutes nor steps",
                             "steps carry the minutes; delete the line minutes" if context.get("both") else "add a line: minutes: 10"),
        "shortest_on_steps": ('"shortest" belongs to the steps where there are steps', "move it to a step"),
        "string_too_long": (f'"{key}" is longer than {context.get("max_length", 0):,} characters', "shorten it"),
        "string_pattern_mismatch": _pattern(key, shown, str(context.get("pattern", ""))),
    }
    if sort in sentences:
        return sentences[sort]
    if sort in ("string_type", "date_type"):
        return f'"{key}" takes a text here', "write it on one line, or after | on the lines below, indented by two spaces"
    if sort in ("dict_type", "model_type", "model_attributes_type"):
        return f'"{key}" takes names with a colon below it, each with its text', "for example: first_goal: What do you want to change?"
    if sort in ("tuple_type", "list_type"):
        return f'"{key}" takes a list', "put each entry on its own line, after a hyphen and a space"
    return f'"{key or "this"}" cannot be used as it is written', "compare it with a file that works"


def _pattern(key: str, shown: str, pattern: str) -> tuple[str, str]:
    if "https" in pattern:
        return f'"{shown}" cannot be used as a link', "write the whole address, beginning with https://"
    if "[0-5]" in pattern:
        return f'"{shown}" is not a time', "write it as 14:30"
    return f'"{key}" has to stay on one line', "shorten it, or delete the line break"


def place_of(root: Node, path: tuple[Any, ...]) -> Span:
    """Where the value at `path` stands: the text itself, or the name of the group."""
    node = find(root, path)
    return node.span if isinstance(node, Scalar) else span_of_key(root, path)


def is_group(node: Node) -> bool:
    return isinstance(node, Mapping)
