"""The names and labels of places to fill, made in this one place from short names and titles."""

from __future__ import annotations

import re

OWNER = "participant_name"  # the kit's own place: whose copy it is
LONGEST_NAME = 61
LONGEST_LABEL = 300


def field_name(home: str, *parts: str) -> str:
    """`home__question` or `home__row__column`: short names alone, never text or order."""
    return "__".join((home, *parts))


def speakable(text: str) -> str:
    """The first paragraph of a text without its Markdown signs, on one line, for reading aloud."""
    first = re.split(r"\n\s*\n", text.strip(), maxsplit=1)[0]
    first = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", first)
    first = re.sub(r"(?<!\w)[*_]{1,3}|[*_]{1,3}(?!\w)|[`#>]", "", first)
    return re.sub(r"\s+", " ", first).strip()


def label(*titles: str, last: str = "", scale: str = "") -> str:
    """A label that makes sense read aloud alone: titles from the home down, then the question or column, then the scale."""
    head = ", ".join(filter(None, map(speakable, titles)))
    words = ": ".join(filter(None, (head.rstrip(":.,"), speakable(last))))
    return f"{words}{' ' if words.endswith(('?', '!', '.')) else ', '}{scale}" if scale else words
