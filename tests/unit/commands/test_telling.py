"""How `mentorkit check` tells what is wrong: with the line and the spot marked, as JSON, and as
marks in a pull request."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from conftest import Run
from mentorkit.commands import source_excerpt
from mentorkit.model.introspect import keys_of
from mentorkit.model.program import Worksheet
from mentorkit.source.problem import Span

from problem_cases import PROGRAM, lay_out

SPOILED = (
    "text: |\n  Tick 100%, or: less.\n\n  ### Too deep, too soon\nnonsense: here\nlook: ladder\n"
)

KNOWN = f"known here: {', '.join(sorted(keys_of(Worksheet)))}"


@pytest.fixture
def spoiled(tmp_path: Path) -> Path:
    """The small program of tests/data/problems with a worksheet in which three things are wrong,
    and a case that nothing uses.
    """
    folder = lay_out(tmp_path / "program", {})
    sheet = folder / "worksheets" / "roles.yaml"
    sheet.write_text(
        SPOILED + sheet.read_text().replace("text: Tick what you need now.\n", ""), encoding="utf-8"
    )
    (folder / "case_studies" / "spare.yaml").write_text(
        (folder / "case_studies" / "example.yaml").read_text(), encoding="utf-8"
    )
    return folder


def under(line: str, start: int, end: int, encoding: str = "utf-8") -> list[str]:
    return source_excerpt.marked([line], Span("x", 1, start, 1, end), encoding)


def test_the_text_shows_the_line_and_marks_the_spot(run: Run, spoiled: Path) -> None:
    told = run("check", cwd=spoiled)
    assert told.returncode == 1
    lines = told.stdout.decode().splitlines()
    assert lines[-1] == "2 problems, 1 warning"
    assert lines[:7] == [
        f'worksheets/roles.yaml:5:1: "nonsense" is not known in this worksheet ({KNOWN})',
        "     5 | nonsense: here",
        "       | ^^^^^^^^",
        'worksheets/roles.yaml:6:7: "look" cannot be "ladder" (choose one of: stairs, cards or '
        "letter)",
        "     6 | look: ladder",
        "       |       ^^^^^^",
        "case_studies/spare.yaml:1:1: warning: no activity uses this case study, so it is not "
        "printed (name it under case: in an activity)",
    ]


@pytest.mark.parametrize(
    ("line", "start", "end", "marks"),
    [
        ("title: Hello", 8, 13, "       ^^^^^"),
        ("title:", 7, 7, "      ^"),
        ("title: 日本語 and more", 8, 11, "       ^^^^^^"),
        ("日本語: more", 6, 10, "        ^^^^"),
        ("cafe\u0301s: x", 8, 9, "       ^"[1:]),
        ("a: cafe\u0301", 8, 9, "      ^"),
        ("a: b\u200bc", 5, 6, "   ^"),
        ("\ttitle: x", 1, 2, "^^^^"),
        ("title: x   ", 8, 12, "       ^"),
    ],
)
def test_the_marks_stand_below_the_spot_whatever_the_letters_take(
    line: str, start: int, end: int, marks: str
) -> None:
    shown, marked = under(line, start, end)
    assert marked == "       | " + marks, (shown, marked)


def test_a_text_of_several_lines_is_marked_to_the_end_of_its_first() -> None:
    assert source_excerpt.marked(["a: one", "  two"], Span("x", 1, 4, 2, 6)) == [
        "     1 | a: one",
        "       |    ^^^",
    ]


def test_of_a_long_line_a_window_is_shown() -> None:
    line = "title: " + "word " * 2000
    for start in (8, 500, 9990):
        shown, marked = under(line, start, start + 4)
        assert len(shown) < 110 and ("…" in shown)
        at = marked.index("^")
        assert shown[at : at + 4] == line[start - 1 : start + 3]
    assert len(under(line, 8, 9000)[1]) < 110


def test_a_terminal_that_lacks_letters_is_shown_codes_and_the_marks_still_fit() -> None:
    shown, marked = under("a: “ł” b", 8, 9, "ascii")
    assert shown == '     1 | a: "\\u0142" b' and shown[marked.index("^")] == "b"
    assert under("a: \x1b[31m b", 10, 11)[0] == "     1 | a: \\x1b[31m b"


def test_what_is_wrong_with_a_whole_file_or_a_row_shows_no_line() -> None:
    assert (
        source_excerpt.marked(["a"], Span("x"))
        == source_excerpt.marked(["a"] * 9, Span("x", 4))
        == source_excerpt.marked([], Span("x", 3, 1, 3, 2))
        == []
    )
    assert (
        source_excerpt.lines_of(Path(__file__).parent)
        == source_excerpt.lines_of(Path("nowhere"))
        == []
    )


def test_json_is_one_object_with_the_problems_and_their_counts(run: Run, spoiled: Path) -> None:
    told = json.loads(run("check", "--format", "json", cwd=spoiled).stdout)
    assert told["counts"] == {"problem": 2, "warning": 1}
    assert told["problems"][1] == {
        "file": "worksheets/roles.yaml",
        "line": 6,
        "column": 7,
        "end_line": 6,
        "end_column": 13,
        "severity": "problem",
        "code": "choice",
        "what": '"look" cannot be "ladder"',
        "hint": "choose one of: stairs, cards or letter",
    }
    assert [(each["file"], each["severity"], each["code"]) for each in told["problems"]] == [
        ("worksheets/roles.yaml", "problem", "unknown-key"),
        ("worksheets/roles.yaml", "problem", "choice"),
        ("case_studies/spare.yaml", "warning", "unused"),
    ]
    sound = lay_out(spoiled.parent / "sound", {})
    assert json.loads(run("check", "--format", "json", cwd=sound).stdout) == {
        "problems": [],
        "counts": {"problem": 0, "warning": 0},
    }


def read_back(line: str) -> tuple[str, dict[str, str], str]:
    """A workflow command as GitHub's runner reads it."""
    kind, named, message = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line).groups()  # type: ignore[union-attr]

    def plain(words: str) -> str:
        for code, sign in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
            words = words.replace(code, sign)
        return words

    return (
        kind,
        {key: plain(value) for key, value in (pair.split("=", 1) for pair in named.split(","))},
        plain(message),
    )


def test_github_is_told_in_its_own_commands(run: Run, spoiled: Path) -> None:
    odd = spoiled / "case_studies" / "Now, then: 100%.yaml"
    odd.write_text((spoiled / "case_studies" / "spare.yaml").read_text())
    told = run("check", "--format", "github", cwd=spoiled)
    assert told.returncode == 1 and b"\nno" not in told.stdout
    lines = [read_back(line) for line in told.stdout.decode().splitlines()]
    assert lines[0][:2] == (
        "error",
        {"file": "case_studies/Now, then: 100%.yaml", "line": "1", "title": "file-name"},
    )
    assert lines[2] == (
        "error",
        {
            "file": "worksheets/roles.yaml",
            "line": "6",
            "col": "7",
            "endLine": "6",
            "endColumn": "12",
            "title": "choice",
        },
        '"look" cannot be "ladder" (choose one of: stairs, cards or letter)',
    )
    assert [kind for kind, *_ in lines] == ["error", "error", "error", "warning"]
    inside = run(
        "check", "--format", "github", cwd=spoiled, env={"GITHUB_WORKSPACE": str(spoiled.parent)}
    )
    assert (
        read_back(inside.stdout.decode().splitlines()[1])[1]["file"]
        == "program/worksheets/roles.yaml"
    )


def test_strict_and_the_exit_code_do_not_depend_on_the_form(run: Run, spoiled: Path) -> None:
    (spoiled / "worksheets" / "roles.yaml").write_text(
        (PROGRAM / "worksheets" / "roles.yaml").read_text()
    )
    for form in ("text", "json", "github"):
        assert (
            run("check", "--format", form, cwd=spoiled).returncode,
            run("check", "--format", form, "--strict", cwd=spoiled).returncode,
        ) == (0, 1)
    assert run("check", "--format", "xml", cwd=spoiled).returncode == 2
