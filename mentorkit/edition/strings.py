"""The kit's printed words, from strings.yaml; a curriculum may replace each under `words`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from markupsafe import Markup, escape

SLOT = re.compile(r"\{(\w+)\}")
PRINT, SCREEN = "print", "screen"


class Words:
    """The words of one document, by key: `words["clear"]`, and `words.clear` in templates.

    It has no other attributes, so that no key can be taken for a method.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.__dict__.update(texts)

    def __getitem__(self, key: str) -> str:
        text: str = self.__dict__[key]
        return text


@cache
def _texts() -> dict[str, dict[str, str]]:
    """Return each text of strings.yaml by its key and then by where it is read: print, or screen
    too.
    """
    import yaml

    source = files("mentorkit.edition").joinpath("strings.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    events = yaml.parse(source, Loader=loader)
    found = next(_mappings(events))
    return {
        key: value if isinstance(value, dict) else {PRINT: value} for key, value in found.items()
    }


def _mappings(events: Iterator[object]) -> Iterator[dict[str, str | dict[str, str]]]:
    """Yield the file's mapping; its values are texts, or mappings of texts."""
    import yaml

    waiting: list[dict[str, str | dict[str, str]]] = []
    keys: list[str] = []
    for event in events:
        if isinstance(event, yaml.MappingStartEvent):
            waiting.append({})
        elif isinstance(event, yaml.MappingEndEvent):
            done = waiting.pop()
            if not waiting:
                yield done
                return
            waiting[-1][keys.pop()] = done  # type: ignore[assignment]  # the file is two deep
        elif isinstance(event, yaml.ScalarEvent):
            if len(keys) < len(waiting):
                keys.append(event.value)
            else:
                waiting[-1][keys.pop()] = event.value


def words_of(own: Mapping[str, str], *, is_screen: bool = False) -> dict[str, str]:
    """Return the words of a document: the kit's, in the form for paper or a screen, and a
    program's `own`.
    """
    form = SCREEN if is_screen else PRINT
    return {key: texts.get(form, texts[PRINT]) for key, texts in _texts().items()} | dict(own)


WORDS: dict[str, str] = words_of({})


def phrase(text: str, /, **slots: object) -> str:
    """Return the phrase with its slots filled: `{name}` becomes the value; unknown slots stay as
    they are.
    """
    return SLOT.sub(lambda found: str(slots.get(found[1], found[0])), text)


def html_phrase(text: str, /, **slots: object) -> Markup:
    """Return the phrase as HTML; the text is escaped, and values that are not HTML are too."""
    return Markup(SLOT.sub(lambda found: str(escape(slots.get(found[1], found[0]))), escape(text)))
