"""Texts without their line breaks, for the page.

And the breaks put back, each line that did not change as it was typed.
"""

from __future__ import annotations

import os
import re
import textwrap

WIDTH = 110
ITEM = re.compile(r" *(?:[-*+]|\d{1,3}[.)]) +")
ALONE = re.compile(
    r" {4}|\t| *(?:#|>|\||```|~~~|---|\[[^\]]+\]:)|$"
)  # lines that mean something by themselves
FENCE = re.compile(r" *(?:```|~~~)")


def unwrapped(text: str) -> str:
    """The text with each paragraph, and each entry of a list, on one line."""
    return "\n".join(_joined(run) for run in _runs(text))


def rewrapped(new: str, old: str) -> str:
    """`new`, typed without breaks, with the lines of `old` where they are the same and breaks of
    the same width elsewhere."""
    before = _runs(old)
    widths = [len(line) for run in before if len(run) > 1 for line in run]
    if not widths and any(
        len(line) > WIDTH + 10 for line in old.split("\n")
    ):  # written without breaks
        return new
    width = max(60, *widths) if widths else WIDTH
    known = {_joined(run): run for run in before}
    changed = [run for run in before if _joined(run) not in new.split("\n")]
    lines: list[str] = []
    for line in new.split("\n"):
        lines += known.get(line) or (
            [line] if len(line) <= width or ALONE.match(line) else _wrapped(line, changed, width)
        )
    text = "\n".join(lines)
    return text if unwrapped(text) == unwrapped(new) else new


def _runs(text: str) -> list[list[str]]:
    """The lines in runs: a line, and those below it that only continue it."""
    runs: list[list[str]] = []
    fenced, open_ = False, False
    for line in text.split("\n"):
        fence = bool(FENCE.match(line))
        if open_ and not (fenced or fence or ITEM.match(line) or ALONE.match(line)):
            runs[-1].append(line)
        else:
            runs.append([line])
        fenced ^= fence
        open_ = not (fenced or fence or ALONE.match(line) or line.endswith(("  ", "\\")))
    return runs


def _joined(run: list[str]) -> str:
    return " ".join(
        [run[0], *(line.strip() if line is not run[-1] else line.lstrip() for line in run[1:])]
    )


def _wrapped(line: str, runs: list[list[str]], width: int) -> list[str]:
    """One long line in several: those of the old run most like it stay at its start and its end."""
    run = max(runs, key=lambda each: len(os.path.commonprefix([_joined(each), line])), default=[])
    item = ITEM.match(line)
    hang = " " * (item.end() if item else len(line) - len(line.lstrip()))
    head = 0
    while head < len(run) and line.startswith(_joined(run[: head + 1]) + " "):
        head += 1
    rest = line[len(_joined(run[:head])) + 1 :] if head else line
    tail = 0
    while tail < len(run) - head and rest.endswith(
        " " + _joined([each.lstrip() for each in run[len(run) - tail - 1 :]])
    ):
        tail += 1
    if tail:
        rest = rest[: -len(_joined([each.lstrip() for each in run[len(run) - tail :]])) - 1]
    new = textwrap.wrap(
        rest,
        width,
        initial_indent=hang if head else "",
        subsequent_indent=hang,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [*run[:head], *new, *run[len(run) - tail :]]
