"""The names and labels of places to fill, made in this one place from short names and titles."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

OWNER = "participant_name"  # the kit's own place: whose copy it is
LONGEST_NAME = 61
LONGEST_LABEL = 300
LONGEST_KEY = 40


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
    """A label that makes sense read aloud alone: titles from the home down, then the question or
    column, then the scale.
    """
    head = ", ".join(filter(None, map(speakable, titles)))
    words = ": ".join(filter(None, (head.rstrip(":.,"), speakable(last))))
    return f"{words}{' ' if words.endswith(('?', '!', '.')) else ', '}{scale}" if scale else words


def keys_from_words(texts: Iterable[str]) -> dict[str, str]:
    """Return choices by keys made of their words: small letters, digits and _, each once."""
    found: dict[str, str] = {}
    for text in texts:
        plain = unicodedata.normalize("NFKD", speakable(text)).encode("ascii", "ignore").decode()
        stem = re.sub(r"[^a-z0-9]+", "_", plain.lower())[:LONGEST_KEY].strip("_") or "choice"
        key, number = stem, 1
        while key in found:
            number += 1
            key = f"{stem}_{number}"
        found[key] = text
    return found
