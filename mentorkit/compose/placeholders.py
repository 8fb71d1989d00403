"""Placeholders and links: `{{ name }}` and `[](#name)` in any text, replaced plainly.

Nothing is evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

from mentorkit.model.program import Value

PLACEHOLDER = re.compile(r"\{\{\s*([a-z][a-z0-9_]*)\s*\}\}")
LINK = re.compile(r"\[([^\]\n]*)\]\(#([^)\s]*)\)")
BLANK = r"\_" * 24  # a line to write on, where a cohort has not filled a value


class LeftOutError(Exception):
    """A text needs a value that is not filled and whose absence leaves the text out; caught by
    whatever holds the text.
    """


class Filler:
    """Fills a cohort's values and titles into texts; remembers which values were missing.

    Args:
        known: the curriculum's values.
        values: what the cohort fills in for them, and the computed values.
        titles: the title of everything that has a short name.
        targets: short name to anchor, for what is printed in the same document. A link to
            anything else becomes its words alone.
    """

    def __init__(
        self,
        known: Mapping[str, Value],
        values: Mapping[str, str],
        titles: Mapping[str, str] = MappingProxyType({}),
        targets: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._known = known
        self._values = values
        self._titles = titles
        self._targets = targets
        self._held = False
        self.missing: dict[str, str] = {}  # name of the value: "left out" or "a line to write on"

    def __call__(self, text: str | None) -> str:
        text = text or ""
        if "{{" in text:
            text = PLACEHOLDER.sub(
                lambda found: _begun(self._value(found[1]), found.string[: found.start()]), text
            ).strip()
        return (
            LINK.sub(lambda found: self._link(found[1], found[2]), text) if "](#" in text else text
        )

    def value_of(self, name: str) -> str:
        """Return what the cohort fills in for a value; empty where it fills in nothing."""
        return self._values.get(name, "")

    def aim(self, targets: Mapping[str, str]) -> Filler:
        """Return a filler for another document, with the same values, that links to `targets`."""
        other = Filler(self._known, self._values, self._titles, targets)
        other.missing = self.missing
        return other

    def _link(self, words: str, name: str) -> str:
        """Return the link with the title of its target for words; without a target here, the words
        alone.
        """
        words = words or self._title(name)
        anchor = self._targets.get(name) or self._inner_anchor(name)
        return f"[{words}](#{anchor})" if anchor else words

    def _title(self, name: str) -> str:
        """Return the title of `name`; of a part (`home__part`) that of its home."""
        written = self._titles.get(name) or self._titles.get(name.split("__")[0])
        return self(written) if written else name.replace("_", " ")

    def _inner_anchor(self, name: str) -> str:
        """Return the anchor of a part of something that is printed here; empty where there is
        none.
        """
        home, _, part = name.partition("__")
        return name if part and self._targets.get(home) == home else ""

    @contextmanager
    def held(self) -> Iterator[None]:
        """Inside, something can be left out as a whole (`LeftOutError`); outside, a line to write
        on is printed in place of the value.
        """
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
            raise LeftOutError(name)
        self.missing[name] = "a line to write on is printed"
        return BLANK


def _begun(value: str, before: str) -> str:
    """The value, with a capital where it begins a sentence: what fits inside one is written small
    in the cohort's file.
    """
    begins = re.search(r"(?:^|\n|[.!?:]\s)\s*$", before)
    return value[0].upper() + value[1:] if begins and re.match(r"[a-z]+[ ,]", value) else value
