"""Sample texts of `mentorkit new` that nobody has replaced yet."""

from __future__ import annotations

from collections.abc import Iterator

from mentorkit.program.library import Library
from mentorkit.program.walk import texts_of
from mentorkit.source.problem import Problem

MARK = "REPLACE THIS."  # the samples in mentorkit/commands/starters begin with it


def samples(library: Library) -> Iterator[Problem]:
    """A sample text of `mentorkit new` is not printed; write your own in its place."""
    for _, scalar in texts_of(library):
        start = scalar.raw.find(MARK)
        if start >= 0:
            yield Problem(
                scalar.inside(start, len(MARK)),
                "sample-text",
                "this sample text has not been replaced",
                "write your own text, or delete the line",
            )
