"""Tell the entries of a list from a dash or a number at which a sentence was wrapped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

NARROWEST_TEXT = 60  # characters; in a text of short lines only, none is called broken early
LIST_ENTRY = re.compile(r"(?P<sign>[-+*]|(?P<number>\d{1,9})[.)])(?:[ \t]+(?P<text>\S.*)?)?$")


def is_broken_early(line: str, following: str, longest: int) -> bool:
    """Return whether `line` ends well before the width of its text, so that its end was meant.

    `longest` is the number of characters in the longest line of the text. Where the first word of
    `following` would not have fitted, the line was only wrapped.
    """
    word = following.split(maxsplit=1)[0] if following.strip() else ""
    needed = len(line.strip()) + 1 + len(word)
    return needed <= 0.75 * max(longest, NARROWEST_TEXT)


def starts_list(above: str, entry: str, below: Iterable[str], longest: int) -> bool:
    """Return whether `entry`, which follows the line `above` directly, begins a list.

    A dash or number at the start of a line may also be part of a sentence that was wrapped there.
    It begins a list where `above` ends with a colon or was broken early, or where a line `below`,
    before the next empty one, is an entry of the same kind.
    """
    if above.rstrip().endswith(":") or is_broken_early(above, entry, longest):
        return True
    own = LIST_ENTRY.match(entry.strip())
    for line in below:
        if not line.strip():
            return False
        other = LIST_ENTRY.match(line.strip())
        if own and other and own["sign"][-1] == other["sign"][-1]:
            return True
    return False


@lru_cache(maxsize=8)
def measure_longest_line(text: str) -> int:
    """Return the number of characters in the longest line of `text`."""
    return max(len(line.strip()) for line in text.split("\n"))
