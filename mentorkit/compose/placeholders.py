"""Placeholders: `{{ name }}` in any text, from a closed list, replaced plainly. Nothing is ever evaluated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from mentorkit.model.program import Value

PLACEHOLDER = re.compile(r"\{\{\s*([a-z][a-z0-9_]*)\s*\}\}")
BLANK = r"\_" * 24  # a line to write on, where a cohort has not filled a value


class LeftOut(Exception):
    """A text needs a value that is not filled and whose absence leaves the text out; caught by whatever holds the text."""


class Filler:
    """Fills a cohort's values into texts; remembers which were missing."""

    def __init__(self, known: Mapping[str, Value], values: Mapping[str, str]) -> None:
        self._known = known
        self._values = values
        self._held = False
        self.missing: dict[str, str] = {}  # name of the value: "left out" or "a line to write on"

    def __call__(self, text: str | None) -> str:
        if not text or "{{" not in text:
            return text or ""
        return PLACEHOLDER.sub(
            lambda found: _begun(self._value(found[1]), text[: found.start()]), text
        ).strip()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Inside, something can be left out as a whole (`LeftOut`); outside, a line to write on is printed in place of the value."""
        before, self._held = self._held, True
        try:
            yield
        finally:
            self._held = before

    def _value(self, name: str) -> str:
        known = self._known.get(name)
        if filled := self._values.get(name) or (known.default if known else None):
            return filled.strip()
        if known and known.if_empty == "leave_out" and self._held:
            self.missing[name] = "what needs it is left out"
            raise LeftOut(name)
        self.missing[name] = "a line to write on is printed"
        return BLANK


def _begun(value: str, before: str) -> str:
    """The value, with a capital where it begins a sentence: what fits inside one is written small in the cohort's file."""
    begins = re.search(r"(?:^|\n|[.!?:]\s)\s*$", before)
    return value[0].upper() + value[1:] if begins and re.match(r"[a-z]+[ ,]", value) else value
