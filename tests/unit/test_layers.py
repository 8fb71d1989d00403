"""Imports point one way, package by package; heavy libraries are imported in few places."""

from __future__ import annotations

import ast
from collections import defaultdict
from functools import cache
from pathlib import Path

import mentorkit

PACKAGE = Path(mentorkit.__file__).parent
# From the ground up. A package may import those on lines above its own, and none on its own line.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("source", "edition", "terminal", "crash_report"),
    ("model", "people", "pdf", "render.renderer"),
    ("program", "editing", "output", "render.print", "render.text"),
    ("compose", "render.web"),
    ("checks", "packets"),
    ("handouts",),
    ("pipeline", "responses"),
    ("preview",),
    ("commands",),
)
LEVEL = {name: level for level, layer in enumerate(LAYERS) for name in layer}
# Heavy libraries, and the only files that may import them. Imports inside functions count too.
ONLY_IN = {
    "weasyprint": {
        "pdf/elastic.py",
        "pdf/typeset.py",
        "pdf/layout_checks.py",
    },
    "yaml": {
        "edition/strings.py",
        "source/reader.py",
        "source/syntax_errors.py",
        "editing/edit.py",
    },
    "jinja2": {"render/print/html.py", "render/web/environment.py"},
}


def package_of(parts: tuple[str, ...]) -> str:
    """Return the package of a module: its first part; below `render`, the first two."""
    name = ".".join(parts[:2]) if parts[0] == "render" else parts[0]
    return name.removesuffix(".py")


@cache
def imports() -> tuple[tuple[str, str], ...]:
    """Return (file, imported module) for every import, those for types and in functions too."""
    modules = {p.relative_to(PACKAGE).with_suffix("").as_posix() for p in PACKAGE.rglob("*.py")}
    found: list[tuple[str, str]] = []
    for path in sorted(PACKAGE.rglob("*.py")):
        file = path.relative_to(PACKAGE).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found += [(file, alias.name) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path}: write imports from the package's name"
                for alias in node.names:
                    whole = f"{node.module}.{alias.name}"
                    is_module = whole.replace(".", "/").removeprefix("mentorkit/") in modules
                    found.append((file, whole if is_module else str(node.module)))
    return tuple(dict.fromkeys(found))


@cache
def arrows() -> frozenset[tuple[str, str]]:
    """Return (package, imported package) for all imports between two packages of mentorkit."""
    found = set()
    for file, module in imports():
        if module.startswith("mentorkit.") and "/" in file:
            importing = package_of(Path(file).parts)
            imported = package_of(tuple(module.removeprefix("mentorkit.").split(".")))
            found.add((importing, imported))
    return frozenset((a, b) for a, b in found if a != b)


def test_every_package_has_a_layer() -> None:
    files = [path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py")]
    names = {package_of(f.parts) for f in files if not f.name.startswith("__")}
    assert names == set(LEVEL)
    assert len(LAYERS) <= 9


def test_packages_import_only_what_is_below_them() -> None:
    assert len(arrows()) > 40
    assert [f"{a} imports {b}" for a, b in sorted(arrows()) if LEVEL[b] >= LEVEL[a]] == []


def test_no_two_modules_import_each_other() -> None:
    below = defaultdict(set)
    for file, module in imports():
        if module.startswith("mentorkit."):
            below["mentorkit." + file.removesuffix(".py").replace("/", ".")].add(module)
    done: set[str] = set()

    def visit(module: str, above: tuple[str, ...]) -> None:
        assert module not in above, " imports ".join((*above[above.index(module) :], module))
        if module not in done:
            for imported in sorted(below[module] - {module}):
                visit(imported, (*above, module))
            done.add(module)

    for module in sorted(below):
        visit(module, ())


def test_packages_hold_no_logic_in_their_init_files() -> None:
    for path in PACKAGE.rglob("__init__.py"):
        if path.parent != PACKAGE:
            assert path.read_text(encoding="utf-8") == "", path


def test_heavy_libraries_have_one_home() -> None:
    for library, homes in ONLY_IN.items():
        users = {file for file, module in imports() if module.split(".")[0] == library}
        assert users, library
        assert users <= homes, (library, users - homes)


def test_no_module_is_named_after_nothing() -> None:
    for path in PACKAGE.rglob("*.py"):
        empty = {"utils", "helpers", "common", "manager", "handler", "processor"}
        assert not empty & set(path.stem.split("_")), path
