"""What the model found wrong, in our words: place, plain sentence, cure, and “did you mean”."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ValidationError

from mentorkit.model.block import Facilitator
from mentorkit.model.introspect import keys_of, model_at
from mentorkit.model.types import ADDRESS, propose_name
from mentorkit.source.lint import quoted
from mentorkit.source.nodes import Listing, Mapping, Node, Scalar, find, span_of_key
from mentorkit.source.problem import Problem, Span

Path = tuple[Any, ...]

# What a thing is called that stands in a group of this name.
NOUNS = {
    "questions": "question",
    "columns": "column",
    "rows": "row",
    "groups": "group",
    "parts": "part",
    "links": "link",
    "steps": "step",
    "activities": "activity",
    "modules": "module",
    "objectives": "objective",
    "strategies": "strategy",
    "values": "value",
    "formats": "format",
    "meetings": "meeting",
    "watch": "entry",
    "breaks": "break",
    "chapters": "chapter",
    "variations": "variation",
}
# What a group of this name is called itself.
OWN_NOUNS = {
    "table": "table",
    "picture": "picture",
    "rights": "rights entry",
    "facilitator": "facilitator group",
    "board": "board",
    "before": "group before",
    "strategies": "strategies block",
    "smart": "smart block",
    "in_person": "group in_person",
    "online": "group online",
}
# What pydantic calls a fault, and the code that we give it; our own faults keep their names.
CODES = {
    "literal_error": "choice",
    "string_type": "wants-text",
    "date_type": "wants-text",
    "dict_type": "wants-names",
    "model_type": "wants-names",
    "model_attributes_type": "wants-names",
    "tuple_type": "wants-list",
    "list_type": "wants-list",
    "greater_than_equal": "range",
    "less_than_equal": "range",
    "long_number": "range",
    "string_too_long": "long-text",
    "string_pattern_mismatch": "form",
    "clock": "whole-number",
    "int_type": "whole-number",
    "whole": "whole-number",
    "yes_or_no": "yes-or-no",
    "date_form": "date",
    "no_such_date": "date",
    "kind_needs": "kind-needs",
    "kind_not": "kind-not",
    "row_text": "row-text",
    "minutes_or_steps": "minutes-or-steps",
    "shortest_on_steps": "shortest-on-steps",
}
# What other programs write for yes and no.
MEANT_YES_OR_NO = dict.fromkeys(("true", "on", "y"), "yes") | dict.fromkeys(
    ("false", "off", "n"), "no"
)
ONLY_FACILITATORS = {"facilitators", "notes", "debrief", "internal", "note", "facilitator_notes"}
IN_FACILITATOR = {"text", "title", "parts"}
OF_FACILITATORS = frozenset(Facilitator.model_fields) - {"ask"}


def explain(fault: ValidationError, model: type[BaseModel], root: Node, noun: str) -> list[Problem]:
    """One problem for each thing the model refused in the file whose values are `root`."""
    errors = fault.errors(include_url=False)
    meant = {
        (*error["loc"][:-1], _meant(error["loc"], model, root))
        for error in errors
        if error["type"] == "extra_forbidden"
    }
    # A misspelt key is reported once, and not as a missing one too.
    return [
        _problem(error, model, root, noun)
        for error in errors
        if error["type"] != "missing" or tuple(error["loc"]) not in meant
    ]


def _meant(location: Path, model: type[BaseModel], root: Node) -> str:
    """The key that an unknown one was probably meant to be; empty where nothing is near."""
    path = _written(root, location, "")
    here = model_at(model, path[:-1])
    word = _ascii(str(location[-1])).lower()
    return next(iter(difflib.get_close_matches(word, keys_of(here), 1, 0.6)), "") if here else ""


def _shown(words: str) -> str:
    """The words on one line, short enough for a message."""
    words = " ".join(words.split())
    return words if len(words) <= 60 else words[:57] + "…"


def _ascii(word: str) -> str:
    return word.encode("ascii", "ignore").decode().strip()


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint with the nearest known word; else the known words, if they are few."""
    words = sorted(set(known))
    near = difflib.get_close_matches(
        word.lower().replace(" ", "_").replace("-", "_"), words, 1, 0.6
    )
    if near:
        return f'did you mean "{near[0]}"?'
    return f"known here: {', '.join(words)}" if 0 < len(words) <= 24 else ""


def _written(root: Node, location: Path, sort: str) -> Path:
    """The path to a fault as the author wrote it: without pydantic's own steps, and without keys
    that a short form leaves out."""
    path: list[Any] = []
    node: Node | None = root
    steps = [step for step in location if step != "[key]"]
    for number, step in enumerate(steps):
        if isinstance(node, Mapping) and step in node.values:
            node = node.values[step]
        elif isinstance(node, Listing) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        elif not (sort == "missing" and number == len(steps) - 1):
            continue
        path.append(step)
    return tuple(path)


def _called(path: Path, noun: str) -> str:
    """“question”, “activity” … for the group at `path`."""
    words = [step for step in path if isinstance(step, str)]
    last = path[-1] if path else None
    if last in OWN_NOUNS and not (len(words) >= 2 and words[-2] in NOUNS):
        return OWN_NOUNS[str(last)]
    holder = words[-1] if isinstance(last, int) and words else words[-2] if len(words) >= 2 else ""
    return NOUNS.get(holder, noun)


def _problem(error: Any, model: type[BaseModel], root: Node, noun: str) -> Problem:
    sort, context = error["type"], error.get("ctx") or {}
    path = _written(root, error["loc"], sort)
    key = _shown(str(path[-1])) if path else ""
    node = find(root, path)
    span = node.span if isinstance(node, Scalar) else span_of_key(root, path)
    if error["loc"] and error["loc"][-1] == "[key]":
        return _bad_name(span_of_key(root, path), key, sort)
    if sort == "missing":
        return _missing(span_of_key(root, path[:-1]), key, _called(path[:-1], noun))
    if sort == "extra_forbidden":
        return _unknown(span_of_key(root, path), key, path, model, noun)
    if isinstance(node, Scalar) and not node.text.strip() and sort != "row_text":
        return Problem(
            span,
            "empty",
            "this entry is empty" if path and isinstance(path[-1], int) else f'"{key}" is empty',
            "write something after the colon, or delete the line"
            if not path or isinstance(path[-1], str)
            else "write something after the hyphen, or delete the line",
        )
    if sort in ("string_type", "date_type") and isinstance(node, Mapping | Listing) and node.flow:
        return Problem(
            node.span,
            "braces",
            f'"{key}" takes a text, and here are '
            f"{'braces' if isinstance(node, Mapping) else 'brackets'}",
            f"put the text in double quotes: {_flow(node)}",
        )
    what, hint = _sentence(sort, key, node, context)
    return Problem(span, CODES.get(sort, "unusable"), what, hint)


def _flow(node: Node) -> str:
    """The author's text in braces or brackets, in quotes."""
    words = (
        ", ".join(node.values)
        if isinstance(node, Mapping)
        else ", ".join(item.text for item in node.items if isinstance(item, Scalar))
        if isinstance(node, Listing)
        else ""
    )
    return quoted(f"{{{words}}}" if isinstance(node, Mapping) else f"[{words}]")


def _missing(span: Span, key: str, called: str) -> Problem:
    if key == "alt":
        return Problem(
            span,
            "missing",
            'this picture has no "alt"',
            "describe it for people who cannot see it: alt: …",
        )
    if key == "rights":
        return Problem(
            span,
            "missing",
            f'this {called} has no "rights"',
            "add a line: rights: own, or say whose it is under rights:",
        )
    return Problem(span, "missing", f'this {called} has no "{key}"', f"add a line: {key}: …")


def _bad_name(span: Span, key: str, sort: str) -> Problem:
    if sort == "kit_word":
        return Problem(
            span,
            "kit-word",
            f'"{key}" is a word of the kit and cannot be a short name',
            "indent it as part of what is above, or choose another name",
        )
    return Problem(
        span,
        "short-name",
        f'"{key}" cannot be a short name',
        f"small letters, digits and single _, 30 at most, for example: {propose_name(key)}",
    )


def _unknown(span: Span, key: str, path: Path, model: type[BaseModel], noun: str) -> Problem:
    called = _called(path[:-1], noun)
    here = model_at(model, path[:-1])
    if not key.isascii() and here is not None and _ascii(key) in keys_of(here):
        sign = next(sign for sign in key if not sign.isascii())
        return Problem(
            span,
            "unknown-key",
            f"a character that does not belong there (U+{ord(sign):04X}) is in this name",
            f"type it again: {_ascii(key)}",
        )
    if key in ONLY_FACILITATORS:
        return Problem(
            span,
            "unknown-key",
            f'"{key}" is not known here',
            "what only facilitators may read goes under facilitator:",
        )
    if called == "facilitator group" and key in IN_FACILITATOR:
        return Problem(
            span,
            "unknown-key",
            f'"{key}" cannot be directly under facilitator',
            "use say, background or chapters",
        )
    if key in OF_FACILITATORS and here is not None and "facilitator" in keys_of(here):
        return Problem(
            span,
            "unknown-key",
            f'"{key}" is only for facilitators',
            "move it under facilitator:, indented by two spaces",
        )
    return Problem(
        span,
        "unknown-key",
        f'"{key}" is not known in this {called}',
        did_you_mean(key, keys_of(here) if here else [])
        or "delete it, or look at a file that works",
    )


def _sentence(sort: str, key: str, node: Node, context: dict[str, Any]) -> tuple[str, str]:
    """The sentence and the hint for one kind of fault."""
    shown = _shown(node.text) if isinstance(node, Scalar) else ""
    kind, low, high = context.get("kind", ""), context.get("ge"), context.get("le")
    both = bool(context.get("both"))
    sentences: dict[str, tuple[str, str]] = {
        "literal_error": (
            f'"{key}" cannot be "{shown}"',
            f"choose one of: {str(context.get('expected', '')).replace(chr(39), '')}",
        ),
        "clock": (f'"{key}" takes whole minutes, not "{shown}"', f"write {context.get('minutes')}")
        if key in ("minutes", "shortest", "breaks", "delivered")
        else (f'"{key}" takes a whole number, not "{shown}"', "write a number such as 10"),
        "whole": (
            f'"{key}" takes a whole number, not "{shown}"',
            f"write {context.get('hint') or 'a number such as 10'}",
        ),
        "long_number": ("this number is too long", "15 digits at most"),
        "greater_than_equal": (f'"{key}" is too small', f"write a number from {low} up"),
        "less_than_equal": (f'"{key}" is too large', f"write a number up to {high}"),
        "yes_or_no": (
            f'"{key}" takes yes or no, not "{shown}"',
            f"write {MEANT_YES_OR_NO.get(shown.lower(), 'yes or no')}",
        ),
        "date_form": (
            f'"{shown}" is not a date we can read',
            "write it as year-month-day, such as 2026-03-05",
        ),
        "no_such_date": (f"there is no day {shown}", "look at the calendar"),
        "kind_needs": (
            f'a place of kind {kind} needs "{context.get("wanted")}"',
            f"add a line: {context.get('wanted')}: …",
        ),
        "kind_not": (
            f'"{context.get("key")}" does not fit a place of kind {kind}',
            "delete that line, or change the kind",
        ),
        "row_text": (
            "a row needs a text, or left and right",
            "write text: …, or left: … and right: …",
        ),
        "minutes_or_steps": (
            "this activity has both minutes and steps"
            if both
            else "this activity has neither minutes nor steps",
            "steps carry the minutes; delete the line minutes"
            if both
            else "add a line: minutes: 10",
        ),
        "shortest_on_steps": (
            '"shortest" belongs to the steps where there are steps',
            "move it to a step",
        ),
        "string_too_long": (
            f'"{key}" is longer than {context.get("max_length", 0):,} characters',
            "shorten it",
        ),
        "string_pattern_mismatch": _pattern(key, shown, str(context.get("pattern", ""))),
    }
    return sentences.get(sort) or _wrong_sort(sort, key, node)


def _wrong_sort(sort: str, key: str, node: Node) -> tuple[str, str]:
    """A text where a list or group is wanted, and the other way round."""
    if sort in ("string_type", "date_type"):
        return (
            f'"{key}" takes a text here',
            "write it on one line, or after | on the lines below, indented by two spaces",
        )
    if sort == "int_type":
        return f'"{key}" takes a whole number', "write a number such as 10"
    if key == "facilitator":
        return '"facilitator" takes names with a colon below it', "for example: background: …"
    if sort in ("dict_type", "model_type", "model_attributes_type"):
        if isinstance(node, Listing):
            return (
                f'"{key}" takes names with a colon below it, and here are dashes',
                "give each entry a short name in place of its dash: first_name: …",
            )
        return (
            f'"{key}" takes names with a colon below it, each with its text',
            "for example: first_name: …",
        )
    if sort in ("tuple_type", "list_type"):
        return f'"{key}" takes a list', "put each entry on its own line, after a hyphen and a space"
    return f'"{key or "this"}" cannot be used as it is written', "compare it with a file that works"


def _pattern(key: str, shown: str, pattern: str) -> tuple[str, str]:
    if pattern == ADDRESS:
        return (
            f'"{shown}" cannot be used as a link',
            "write the whole address, beginning with https://",
        )
    if "[0-5]" in pattern:
        return f'"{shown}" is not a time', "write it as 14:30"
    return f'"{key}" has to stay on one line', "shorten it, or delete the line break"
