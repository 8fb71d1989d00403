"""The texts that one cohort's program holds, each with the place where it is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from mentorkit.compose.compose import Composed
from mentorkit.program.library import Filed, Library
from mentorkit.program.presence import present_names
from mentorkit.render.text.guide_lines import guide_lines
from mentorkit.render.text.lines import edition_lines
from mentorkit.source.nodes import Listing, Mapping, Node, Scalar

# Keys whose values are not sentences, or are not printed, or are another's words.
NO_PROSE = frozenset(
    [
        "back",
        "by",
        "case",
        "checked",
        "competency",
        "field",
        "file",
        "formats",
        "from_case",
        "front",
        "guide",
        "homework",
        "kind",
        "lang",
        "look",
        "opened",
        "priority",
        "release",
        "rights",
        "seat",
        "serves",
        "sessions",
        "shape",
        "stage",
        "take_home",
        "url",
        "values",
        "variation",
        "variations",
        "with",
        "words",
        "worksheets",
    ]
)
FRAGMENTS = re.compile(r"\{\{[^}]*\}\}|\[[^\]\n]*\]\([^)\n]*\)|\n")
MARKS = re.compile(r"[*_`#>\\]|^\s*(?:[-+]|\d+[.)])\s+", re.MULTILINE)


@dataclass(frozen=True)
class PresentText:
    """A text with the path to it in its file, whose short name is `owner`."""

    owner: str
    path: tuple[str | int, ...]
    scalar: Scalar


def present_texts(library: Library) -> Iterator[PresentText]:
    """Yield every text of a scheduled cohort program that may be printed.

    Of a case, the text is that of the version which an activity uses.
    """
    names = present_names(library)
    chosen = chosen_cases(library)
    files: list[Filed[Any]] = [library.curriculum] if library.curriculum else []
    for slot in (library.sessions, library.worksheets, library.pages):
        files += [file for name, file in slot.items() if name in names]
    for file in (*files, *chosen):
        for path, scalar in _walk(file.model, file.root, ()):
            yield PresentText(file.name, path, scalar)


def chosen_cases(library: Library) -> list[Filed[Any]]:
    """Return each case that an activity uses, in the version that it uses."""
    found: dict[tuple[str, str], Filed[Any]] = {}
    for session in library.sessions.values():
        for module in session.model.modules.values():
            for activity in module.activities.values():
                key = (activity.case or "", activity.variation or "")
                file = library.varied.get(key) or library.cases.get(key[0])
                if file:
                    found[key] = file
    return list(found.values())


def _walk(
    value: object, node: Node | None, path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], Scalar]]:
    """Walk a model and what was written for it; what the model has lost is passed over."""
    if isinstance(node, Scalar):
        if isinstance(value, str | BaseModel | tuple):
            yield path, node
    elif isinstance(value, BaseModel) and isinstance(node, Mapping):
        for name, info in type(value).model_fields.items():
            key = info.alias or name
            if key in node.values and key not in NO_PROSE:
                yield from _walk(getattr(value, name), node.values[key], (*path, key))
    elif isinstance(value, dict) and isinstance(node, Mapping):
        for key, inner in value.items():
            if key in node.values:
                yield from _walk(inner, node.values[key], (*path, key))
    elif isinstance(value, tuple) and isinstance(node, Listing):
        for number, (inner, item) in enumerate(zip(value, node.items, strict=False)):
            yield from _walk(inner, item, (*path, number))


def printed_words(composed: Composed) -> str:
    """Return all words of a cohort's editions in one line, without Markdown's marks."""
    return " ".join(map(plain_words, _lines(composed)))


def _lines(composed: Composed) -> Iterable[str]:
    editions = [composed.workbook, *composed.worksheets]
    editions += [each for each in (composed.take_home, composed.stories) if each]
    for edition in editions:
        yield from edition_lines(edition)
    yield from guide_lines(composed.guide)


def plain_words(text: str) -> str:
    """Return a text without Markdown's marks, with single spaces."""
    return " ".join(MARKS.sub(" ", text).split())


def is_printed(text: str, printed: str) -> bool:
    """Return whether the longest stretch of a text without a value or link is printed."""
    fragments = [plain_words(part) for part in FRAGMENTS.split(text)]
    return max(fragments, key=len) in printed
