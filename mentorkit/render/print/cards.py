"""Cards in stacks about equally tall."""

from __future__ import annotations

from collections.abc import Sequence

from mentorkit.edition.content import Group
from mentorkit.edition.field import Place


def stacks(groups: Sequence[Group], count: int = 3) -> list[list[Group]]:
    """The groups in `count` stacks about equally tall, each in the groups' order: all must be seen
    at once.
    """
    filled: list[list[Group]] = [[] for _ in range(count)]
    for group in sorted(groups, key=_tall, reverse=True):
        min(filled, key=lambda stack: sum(map(_tall, stack))).append(group)
    ordered = [sorted(stack, key=groups.index) for stack in filled if stack]
    return sorted(ordered, key=lambda stack: groups.index(stack[0]))


def _tall(group: Group) -> float:
    """About how many lines to write on a card takes."""
    rows = sum(
        0.5 * bool(row.text) + sum(isinstance(cell, Place) for cell in row.cells)
        for row in group.rows
    )
    return 1.2 + 0.6 * bool(group.text) + rows
