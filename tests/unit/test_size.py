"""The package stays small enough to read: syntax nodes are counted, not lines."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import mentorkit

PACKAGE = Path(mentorkit.__file__).parent
# 125,000 was meant to hold every output; the readers of exports and of returned files, the
# checks of cohorts and the web edition took more. Lower it with whatever is simplified; raise
# it with a reason.
MAX_NODES = 205_000
MAX_NODES_A_LINE = 7
MAX_LINES = 400


def test_the_package_stays_within_its_budget_of_syntax_nodes() -> None:
    nodes: Counter[str] = Counter()
    lines = 0
    for path in PACKAGE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        package = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        nodes[package] += sum(1 for _ in ast.walk(ast.parse(text)))
        lines += text.count("\n")
    for package, count in nodes.most_common():
        print(f"{count:8,} {package}")
    total = sum(nodes.values())
    print(f"{total:8,} in all, {total / lines:.1f} a line")
    assert total <= MAX_NODES
    assert total / lines <= MAX_NODES_A_LINE


def test_no_file_is_too_long_to_read_at_once() -> None:
    long = {
        path.relative_to(PACKAGE).as_posix(): count
        for path in PACKAGE.rglob("*.py")
        if (count := path.read_text(encoding="utf-8").count("\n")) > MAX_LINES
    }
    assert long == {}
