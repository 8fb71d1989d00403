"""The codes that the package can give a problem, and the problems that a case has."""

from __future__ import annotations

import ast
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import mentorkit
from mentorkit.checks.load import load_program
from mentorkit.model.validation_errors import CODES
from mentorkit.source.problem import Problem

from problem_cases import Case


@cache
def find_problems(case: Case, fixed: bool = False) -> tuple[Problem, ...]:
    """Return the problems of the case, or those that are left after its fix."""
    with tempfile.TemporaryDirectory() as empty:
        return load_program(case.lay_out(Path(empty) / "program", fixed)).problems


@dataclass
class Made:
    """Where a code comes from, as the source says."""

    modules: set[str] = field(default_factory=set)
    severities: set[str] = field(default_factory=set)


@cache
def codes() -> dict[str, Made]:
    """Every code that the package can give a problem, gathered from its source: no call may hide
    one."""
    trees = {
        path: ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(Path(mentorkit.__file__).parent.rglob("*.py"))
    }
    # Functions that are given a code, and which of their arguments it is; private ones count in
    # their own module.
    takers = {"Problem": 1, "warning": 1}
    for tree in trees.values():
        takers |= {name: place for name, place in _takers(tree) if not name.startswith("_")}
    named: dict[str, Made] = defaultdict(Made)
    package = Path(mentorkit.__file__).parent
    for path, tree in trees.items():
        module = ".".join(path.relative_to(package).with_suffix("").parts)
        for code, severity in _codes_in(tree, {**takers, **dict(_takers(tree))}):
            assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code), code
            named[code].modules.add(module)
            named[code].severities.add(severity)
    return dict(named)


def _takers(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        names = (
            [each.arg for each in node.args.args if each.arg != "self"]
            if isinstance(node, ast.FunctionDef)
            else []
        )
        if isinstance(node, ast.FunctionDef) and "code" in names and "what" in names:
            yield node.name, names.index("code")


def _codes_in(tree: ast.Module, takers: dict[str, int]) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        name = (
            (
                node.func.attr
                if isinstance(node.func, ast.Attribute)
                else getattr(node.func, "id", "")
            )
            if isinstance(node, ast.Call)
            else ""
        )
        if isinstance(node, ast.Call) and name in takers:
            assert len(node.args) > takers[name], ast.unparse(node)
            code = node.args[takers[name]]
            if isinstance(code, ast.Call) and ast.unparse(code.func) == "CODES.get":
                yield from (
                    (each, "problem") for each in (*CODES.values(), ast.literal_eval(code.args[1]))
                )
            elif ast.unparse(code) != "code":  # handed on by a function that was given it
                severity = "warning" if name == "warning" else "problem"
                yield from (
                    (ast.literal_eval(each), severity)
                    for each in (
                        (code.body, code.orelse) if isinstance(code, ast.IfExp) else (code,)
                    )
                )
        elif (
            isinstance(node, ast.FunctionDef)
            and node.returns is not None
            and ast.unparse(node.returns) == "_Guess"
        ):
            returned = [each.value for each in ast.walk(node) if isinstance(each, ast.Return)]
            yield from (
                (ast.literal_eval(each.elts[1]), "problem")
                for each in returned
                if isinstance(each, ast.Tuple)
            )
