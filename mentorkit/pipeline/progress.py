"""How far a build is, as it says itself."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

# Putting a name on a file takes the time in which so many characters of HTML are laid out.
CHARACTERS_PER_COPY = 40
LINE = re.compile(r"progress (\d+) (.+)")


@dataclass(frozen=True)
class Progress:
    """One step: how much is done, in percent, and what is being done, in words."""

    percent: int
    doing: str

    def __str__(self) -> str:
        return f"progress {self.percent} {self.doing}"


Report = Callable[[Progress], None]


def report_nothing(progress: Progress) -> None:
    """Ignore the step."""


class ProgressMeter:
    """Counts what a build does against what it is going to do, and reports each step.

    `weights`: what is going to be laid out, by path, with the length of each HTML in characters.
    `copies`: how many files get a name after that.
    """

    def __init__(self, weights: Mapping[str, int], copies: int, report: Report) -> None:
        self._weights = dict(weights)
        self._total = sum(weights.values()) + copies * CHARACTERS_PER_COPY
        self._copies, self._report = copies, report
        self._begun = self._written = self._done = 0
        self._lock = threading.Lock()

    def begin(self, path: str) -> None:
        """Report that the document at `path` is being laid out."""
        with self._lock:
            self._begun += 1
            files = f"file {self._begun} of {max(len(self._weights), self._begun)}"
            self._send(f"Laying out {path}: {files}")

    def end(self, path: str) -> None:
        """Count the document at `path` as laid out."""
        with self._lock:
            self._done += self._weights.get(path, 0)

    def write_copy(self) -> None:
        """Report that a name is being put on one more file."""
        with self._lock:
            self._written += 1
            self._done += CHARACTERS_PER_COPY
            if self._written % 10 == 0 or self._written == self._copies:
                self._send(f"Putting names on the files: {self._written} of {self._copies}")

    def _send(self, doing: str) -> None:
        self._report(Progress(min(99, self._done * 100 // max(self._total, 1)), doing))
