"""What docs/architecture.md claims is true."""

from __future__ import annotations

import re
from pathlib import Path

from mentorkit.checks.registry import CHECKS
from mentorkit.edition.content import Content
from mentorkit.pipeline.outputs import OUTPUTS
from test_layers import LAYERS, PACKAGE


def page(repository: Path) -> str:
    return (repository / "docs" / "architecture.md").read_text("utf-8")


def layer_table() -> str:
    """Return the table of layers as the page shows it."""
    rows = [
        f"| {number} | {', '.join(f'`{name}`' for name in layer)} |\n"
        for number, layer in enumerate(LAYERS, 1)
    ]
    return "| layer | packages |\n|---|---|\n" + "".join(rows)


def test_the_layers_are_those_that_the_tests_hold(repository: Path) -> None:
    shown = re.search(r"<!-- layers -->\n(.*?)<!-- end of layers -->", page(repository), re.DOTALL)
    assert shown is not None
    assert shown[1] == layer_table(), "replace the table by:\n" + layer_table()


def test_every_package_is_described(repository: Path) -> None:
    rows = re.findall(r"^\| (`[a-z`, ]+`) \|", page(repository), re.MULTILINE)
    described = set(re.findall(r"`([a-z]+)`", " ".join(rows)))
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert packages <= described, sorted(packages - described)


def test_every_file_that_the_page_names_exists(repository: Path) -> None:
    for name in re.findall(r"`((?:[a-z_]+/)+[a-z_]+\.(?:py|html))`", page(repository)):
        path = name if name.startswith(("mentorkit/", "tests/")) else f"mentorkit/{name}"
        assert (repository / path).is_file(), name


def test_what_comes_in_several_is_one_list() -> None:
    assert len(OUTPUTS) >= 6
    assert len(CHECKS) > 20
    assert len(Content.__args__) > 10


def test_only_commands_print() -> None:
    printing = {
        path.relative_to(PACKAGE).parts[0]
        for path in PACKAGE.rglob("*.py")
        if re.search(r"(?<![\w.])print\(|import .*\btell\b", path.read_text("utf-8"))
    }
    assert printing <= {"commands", "terminal.py"}, printing
