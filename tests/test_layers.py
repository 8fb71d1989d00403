"""Imports point one way: what people write, to what it means, to what a reader holds, to what is printed and written."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import mentorkit

PACKAGE = Path(mentorkit.__file__).parent
# From the ground up. A module may import what stands before its own line, and its neighbors on the same line.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("problem", "words", "names", "filenames", "edition", "console", "pango", "reading"),
    ("slips", "complaint", "textfile", "source", "spot"),
    ("model", "table", "sheet", "splice", "schema"),
    ("explain", "overlay", "roster"),
    ("library",),
    ("runsheet",),
    ("check", "adapt"),
    ("load",),
    ("compose",),
    ("render",),
    ("manifest", "disk", "write", "fresh"),
    ("stamp", "all_print", "drafts", "packet", "handouts"),
    ("documents",),
    ("build", "collect", "differ"),
    ("report",),
    ("program", "preview", "commands", "cli", "report_fault"),
)
LEVEL = {name: level for level, layer in enumerate(LAYERS) for name in layer}
# Heavy libraries, and the only places that may import them. Imports inside functions count too.
ONLY_IN = {
    "weasyprint": {
        "render/pdf.py",
        "render/worker.py",
        "commands/doctor.py",
        "pango.py",
        "render/fence.py",
    },
    "yaml": {"source.py", "complaint.py", "splice.py"},
    "jinja2": {"render/html.py"},
}


@cache
def imports() -> list[tuple[str, str, bool]]:
    """(file, imported module, whether only for types) for every import in the package, those inside functions too."""
    found: list[tuple[str, str, bool]] = []
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        typing_only = {
            node
            for block in ast.walk(tree)
            if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
            for node in ast.walk(block)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                found += [
                    (path.relative_to(PACKAGE).as_posix(), alias.name, node in typing_only)
                    for alias in node.names
                ]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path}: write imports from the package's name"
                names = [
                    f"{node.module}.{alias.name}"
                    if node.module == "mentorkit"
                    else str(node.module)
                    for alias in node.names
                ]
                found += [
                    (path.relative_to(PACKAGE).as_posix(), name, node in typing_only)
                    for name in dict.fromkeys(names)
                ]
    return found


def layer_of(dotted: str) -> str:
    return dotted.removeprefix("mentorkit.").split(".")[0]


def test_every_module_has_a_layer() -> None:
    names = {
        path.stem if path.parent == PACKAGE else path.relative_to(PACKAGE).parts[0]
        for path in PACKAGE.rglob("*.py")
    } - {"__init__", "__main__"}
    assert sorted(names - set(LEVEL)) == []


def test_no_arrow_points_back() -> None:
    arrows = [
        (file, module)
        for file, module, only_types in imports()
        if module.startswith("mentorkit.") and layer_of(module) in LEVEL and not only_types
    ]
    assert len(arrows) > 100
    back = [
        f"{file} imports {module}"
        for file, module in arrows
        if Path(file).name != "__main__.py"
        and LEVEL[layer_of(module)] > LEVEL[Path(file).parts[0].removesuffix(".py")]
    ]
    assert back == []


def test_heavy_libraries_have_one_home() -> None:
    for library, homes in ONLY_IN.items():
        users = {
            file
            for file, module, only_types in imports()
            if module.split(".")[0] == library and not only_types
        }
        assert users and users <= homes, (library, users - homes)


def test_no_module_is_named_after_nothing() -> None:
    for path in PACKAGE.rglob("*.py"):
        assert not {"utils", "helpers", "common", "manager", "handler", "processor"} & set(
            path.stem.split("_")
        ), path
