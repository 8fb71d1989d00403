"""A folder to a Library: everything that could be read, and everything that is wrong with it, all
at once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from mentorkit.checks.load import load_program
from mentorkit.compose.compose import compose
from mentorkit.program.library import Library
from mentorkit.program.location import is_program
from mentorkit.source.problem import Severity

from folders import HERE
from mutants import mutants
from paths import ROOT

SMALL = HERE / "problems" / "_program"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The small program of tests/data/problems, to be spoiled."""
    return Path(shutil.copytree(SMALL, tmp_path / "program"))


def told(folder: Path) -> list[str]:
    return [str(problem) for problem in load_program(folder).problems]


def add(folder: Path, path: str, text: str) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text, encoding="utf-8")


def change(folder: Path, path: str, old: str, new: str) -> None:
    text = (folder / path).read_text(encoding="utf-8")
    assert old in text
    add(folder, path, text.replace(old, new))


def test_the_shipped_program_is_in_order() -> None:
    assert [problem for problem in told(ROOT) if "warning" not in problem] == []


def test_every_file_of_a_program_is_found_under_its_short_name(small: Path) -> None:
    library = load_program(small)
    assert library.problems == () and not library.broken
    assert (
        list(library.sessions),
        list(library.cases),
        list(library.worksheets),
        list(library.pages),
        list(library.cohorts),
    ) == (["first_day"], ["example"], ["roles"], ["welcome"], ["fall"])
    assert [(home.name, home.sort) for home in library.homes()] == [
        ("first_day", "session"),
        ("talking", "module"),
        ("practice_talk", "activity"),
        ("choosing", "activity"),
        ("example", "case study"),
        ("roles", "worksheet"),
        ("welcome", "page"),
    ]


def test_all_problems_of_all_files_are_told_at_once_in_the_order_of_files_and_lines(
    small: Path,
) -> None:
    change(small, "case_studies/example.yaml", "title:", "titel:")
    change(small, "case_studies/example.yaml", "field:", "feild:")
    change(small, "worksheets/roles.yaml", "kind: tick", "kind: tik")
    change(small, "sessions/first_day.yaml", "minutes: 10", "minutes: ten")
    change(small, "cohorts/fall/cohort.yaml", "America/Chicago", "EST")
    problems = load_program(small).problems
    assert [(p.span.file, p.span.line) for p in problems] == [
        ("case_studies/example.yaml", 1),
        ("case_studies/example.yaml", 5),
        ("cohorts/fall/cohort.yaml", 2),
        ("sessions/first_day.yaml", 20),
        ("worksheets/roles.yaml", 7),
    ]
    assert load_program(small).broken


def test_one_broken_file_is_one_problem_and_what_points_to_it_is_not_told(small: Path) -> None:
    for path in (
        "sessions/first_day.yaml",
        "case_studies/example.yaml",
        "worksheets/roles.yaml",
        "curriculum/pages/welcome.yaml",
    ):
        change(small, path, "title: ", "title: One: ")
        assert len(told(small)) == 1, path
        change(small, path, "title: One: ", "title: ")
    change(small, "sessions/first_day.yaml", "minutes: 10", "minutes: ten")
    assert len(told(small)) == 1


def test_a_warning_alone_does_not_break_a_program(small: Path) -> None:
    change(small, "case_studies/example.yaml", "title: The only one", "title: The # only one")
    library = load_program(small)
    assert [problem.severity for problem in library.problems] == [
        Severity.WARNING
    ] and not library.broken


def test_what_editors_and_systems_leave_behind_is_passed_over(small: Path) -> None:
    for name in (
        "~$example.yaml",
        ".#example.yaml",
        "example.yaml~",
        ".DS_Store",
        "example.yaml.swp",
        ".example.yaml.swp",
        "_draft.yaml",
        "Thumbs.db",
        "notes.txt",
        "example.yaml.bak",
    ):
        (small / "case_studies" / name).write_bytes(b"\x00nothing of ours")
    (small / "cohorts" / ".hidden").mkdir()
    (small / "cohorts" / "_template").mkdir()
    (small / "cohorts" / "readme.txt").write_text("not a cohort")
    assert told(small) == []


def test_yml_is_taken_for_yaml_and_two_endings_for_one_name_are_told(small: Path) -> None:
    (small / "case_studies" / "example.yaml").rename(small / "case_studies" / "example.yml")
    assert told(small) == []
    shutil.copy(small / "case_studies" / "example.yml", small / "case_studies" / "example.yaml")
    assert told(small) == [
        "case_studies/example.yml:1:1: example.yaml has the same short name (keep one of the two "
        "files)"
    ]


def test_links_that_lead_out_or_nowhere_or_to_themselves_are_told(
    small: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "secret.yaml"
    outside.write_text("title: Secret\n")
    cases = small / "case_studies"
    (cases / "out.yaml").symlink_to(outside)
    (cases / "gone.yaml").symlink_to(cases / "nothing.yaml")
    (cases / "loop.yaml").symlink_to(cases / "loop.yaml")
    (cases / "zero.yaml").symlink_to("/dev/zero")
    os.mkfifo(cases / "pipe.yaml")
    lines = told(small)
    assert [line for line in lines if "out.yaml" in line] == [
        "case_studies/out.yaml:1:1: this link leads out of the program's folder (put the file "
        "itself here)"
    ]
    assert [line for line in lines if "gone.yaml" in line] == [
        "case_studies/gone.yaml:1:1: there is no such file (check the name; a link may lead "
        "nowhere)"
    ]
    assert [line for line in lines if "pipe.yaml" in line] == [
        "case_studies/pipe.yaml:1:1: this is not an ordinary file (put a text file here)"
    ]
    assert len(lines) == 5 and all(name in " ".join(lines) for name in ("loop.yaml", "zero.yaml"))


def test_a_link_inside_the_program_is_followed(small: Path) -> None:
    (small / "case_studies" / "example.yaml").rename(small / "story.txt")
    (small / "case_studies" / "example.yaml").symlink_to(small / "story.txt")
    assert told(small) == []


def test_a_program_is_a_folder_with_curriculum_and_sessions(tmp_path: Path) -> None:
    assert not is_program(tmp_path)
    (tmp_path / "curriculum").mkdir()
    assert not is_program(tmp_path)
    (tmp_path / "sessions").mkdir()
    assert is_program(tmp_path)
    assert told(tmp_path) == [
        "curriculum/curriculum.yaml:1:1: there is no such file (check the name; a link may lead "
        "nowhere)"
    ]


def test_problems_of_a_cohort_are_in_its_folder_and_no_other_cohort_has_them(small: Path) -> None:
    shutil.copytree(small / "cohorts" / "fall", small / "cohorts" / "spring")
    change(
        small,
        "cohorts/spring/cohort.yaml",
        "meetings:",
        "changes:\n  practice_tak: drop\n  choosing:\n    case: nothing\nmeetings:",
    )
    problems = load_program(small).problems
    assert {problem.span.file for problem in problems} == {"cohorts/spring/cohort.yaml"} and len(
        problems
    ) == 2


def test_a_label_that_is_too_long_is_reported_where_it_is_written(small: Path) -> None:
    change(small, "worksheets/roles.yaml", "learn the methods", "learn " + "and more " * 50)
    found = compose(load_program(small), "fall").problems
    assert [(p.code, p.span.file, p.span.line) for p in found] == [
        ("long-label", "worksheets/roles.yaml", 9)
    ]


def test_checking_never_waits_for_the_layout_engine() -> None:
    """`mentorkit check` must feel instant: it imports no WeasyPrint, no pikepdf, no Jinja."""
    heavy = ("weasyprint", "pikepdf", "jinja2", "openpyxl", "flask")
    script = (
        "import sys\nfrom pathlib import Path\n"
        "from mentorkit.checks.load import load_program\nload_program(Path('.'))\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", script],
        cwd=SMALL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_no_spoiled_program_raises_and_what_loads_can_be_composed(
    program: Path, tmp_path: Path, deep: bool
) -> None:
    """Mutants in the whole program: loaded, checked and, where nothing stops them, composed.

    Nothing raises; each problem has its file.
    """
    folder = Path(shutil.copytree(program, tmp_path / "spoiled"))
    composed = 0
    for mutant in mutants(7, 200 if deep else 8):
        (folder / mutant.of.name).write_bytes(mutant.data)
        library = load_program(folder)
        assert all((folder / problem.span.file).exists() for problem in library.problems)
        if _whole(library):
            composed += sum(
                len(compose(library, name).workbook.places()) > 100 for name in library.cohorts
            )
        (folder / mutant.of.name).write_bytes(mutant.of.data)
    assert composed >= 1


def _whole(library: Library) -> bool:
    return not library.broken and bool(library.cohorts)
