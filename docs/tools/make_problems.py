"""Write docs/problems.md, an entry for each code that a problem may have: python
docs/tools/make_problems.py

The meanings and the examples are those of tests/data/problems.
"""

from __future__ import annotations

import difflib
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from mentorkit.source.problem import Problem, Span  # noqa: E402

from problem_cases import NO_CODE, PROGRAM, Case, code_files  # noqa: E402
from problem_codes import codes, find_problems  # noqa: E402

PAGE = ROOT / "docs" / "problems.md"
LINE_WIDTH, MAX_LINES = 110, 12  # characters of a line, and lines of an example
# Section titles, each with the modules or packages whose problems it describes.
SECTIONS = {
    "Files and letters": ("program.loader", "source.text_file"),
    "Signs, quotes and indentation": ("source",),
    "Keys and values": ("model",),
    "What a cohort changes": ("program.overlay", "program.cohort_changes"),
    "Texts": (
        "checks.characters",
        "checks.folding",
        "checks.texts",
        "checks.text_markup",
        "checks.text_structure",
    ),
    "What belongs together": ("checks", "program"),
    "Lists of people, and of who came": ("people", "handouts"),
    "Books and packets": ("compose", "edition", "packets", "pdf", "pipeline", "render"),
}
INTRODUCTION = """# What `check` reports, and what to do

`./kit.py check` prints each problem with its file, line and column, the line itself with the place
marked, what is wrong and what to do. A *problem* stops the build. A *warning* is printed, and the
build goes on; `--strict` makes warnings stop it too. `--format json` and `--format github` report
the same to programs, each under its code. This page lists the codes. It is made by
`docs/tools/make_problems.py` from `tests/data/problems/`."""


def page() -> str:
    """Return the whole page."""
    parts = [INTRODUCTION]
    placed: set[str] = set()
    for title, modules in SECTIONS.items():
        here = sorted(
            code
            for code, made in codes().items()
            if code not in placed and is_in_section(made.modules, modules)
        )
        placed.update(here)
        parts.append(f"## {title}")
        parts += ["\n\n".join(entry(code)) for code in here]
    missing = sorted(codes().keys() - placed)
    assert not missing, f"no section for {missing}"
    return "\n\n".join(parts) + "\n"


def is_in_section(found_in: set[str], modules: tuple[str, ...]) -> bool:
    """Return whether one of the modules `found_in` is among `modules`, or in its packages."""
    return any(
        module == name or module.startswith(name + ".") for module in found_in for name in modules
    )


def entry(code: str) -> Iterator[str]:
    """Give the parts of an entry: what the code means, how severe it is, and an example."""
    severity = " or ".join(sorted(codes()[code].severities)).capitalize()
    file = code_files().get(code)
    assert file, (
        f"write tests/data/problems/{code}.md: what the code means, and a case that shows it"
    )
    yield f"### {code}"
    yield f"*{severity}.* {file.meaning}"
    case = next((case for case in file.cases if case.is_fixed), *file.cases[:1] or (None,))
    if case is None:
        return
    problem = next(found for found in find_problems(case) if found.code == code)
    yield f"```text\n{shown(str(problem))}\n```"
    wrong, fixed = difference(case, problem)
    if wrong:
        yield "```yaml\n" + "\n".join(wrong) + "\n```"
    if fixed:
        yield "Fixed:\n\n```yaml\n" + "\n".join(fixed) + "\n```"


def difference(case: Case, problem: Problem) -> tuple[list[str], list[str]]:
    """Return the lines that differ between the wrong file and the fixed one.

    Where it is not fixed, those about the place.
    """
    name = problem.span.file
    if problem.span == Span(name):
        return [], []
    before = lines_of(case.files, name)
    if name not in case.fixed:
        return cut(before, problem.span.line - 2, problem.span.line + 1), []
    after = lines_of(case.fixed, name)
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    changed = [block for block in matcher.get_opcodes() if block[0] != "equal"]
    first, last = changed[0], changed[-1]
    return cut(before, first[1] - 1, last[2] + 1), cut(after, first[3] - 1, last[4] + 1)


def lines_of(files: dict[str, bytes], name: str) -> list[str]:
    """Return the lines of a file of a case, or of the small program."""
    data = files[name] if name in files else (PROGRAM / name).read_bytes()
    return data.decode("utf-8", "replace").split("\n")


def cut(lines: list[str], first: int, last: int) -> list[str]:
    """Return these lines, and no more than a page can show."""
    kept = [shown(line) for line in lines[max(0, first) : last]]
    while kept and not kept[-1].strip():
        kept.pop()
    return kept if len(kept) <= MAX_LINES else [*kept[:MAX_LINES], "# …"]


def shown(line: str) -> str:
    """Return the line, not too long, with what nobody can see written as its code."""
    seen = "".join(
        sign if sign == " " or unicodedata.category(sign)[0] not in "CZ" else f"\\u{ord(sign):04x}"
        for sign in line.rstrip()
    )
    return seen if len(seen) <= LINE_WIDTH * 2 else seen[:LINE_WIDTH] + "…"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    sys.stdout.write(
        f"{PAGE.name} is up to date: {len(code_files()) - (NO_CODE in code_files())} codes\n"
    )
