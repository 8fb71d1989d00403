"""Nothing changed: nothing is made.

One sentence changed: only the books that hold it are, and the result is that of a full build.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest
from mentorkit.checks.load import load_program
from mentorkit.commands.check import found_in
from mentorkit.model.file_kinds import PROGRAM_FOLDERS
from mentorkit.output import build_cache
from mentorkit.pdf.worker import Job, Rendered, Worker

import build_books as building


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the documents that a worker really rendered."""
    names: list[str] = []
    real = Worker.render

    def render(self: Worker, job: Job) -> Rendered:
        names.append(job.name)
        return real(self, job)

    monkeypatch.setattr(Worker, "render", render)
    return names


def build(folder: Path) -> None:
    told: list[str] = []
    assert building.build(folder, (), ("workbook", "worksheets"), None, False, told.append) == 0, (
        told
    )


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in (folder / "build" / "fall").rglob("*")
        if path.is_file()
    }


def test_only_what_a_change_touches_is_rendered_again(
    small_program: Path, rendered: list[str]
) -> None:
    build(small_program)
    assert {"workbook.pdf", "worksheets/alone.pdf", "worksheets/two_chairs.pdf"} <= set(rendered)
    first = files(small_program)
    rendered.clear()
    build(small_program)
    assert rendered == [] and files(small_program) == first, "nothing changed: nothing is rendered"
    sheet = small_program / "worksheets" / "alone.yaml"
    sheet.write_text(sheet.read_text("utf-8").replace("title: ", "title: More of ", 1), "utf-8")
    build(small_program)
    assert rendered == ["workbook.pdf", "worksheets/alone.pdf"]
    partly = files(small_program)
    for note in (small_program / "build").glob(".*.json"):
        note.unlink()
    build(small_program)
    assert files(small_program) == partly, "the same bytes as a build from nothing"


def test_a_file_that_somebody_changed_is_made_again(
    small_program: Path, rendered: list[str]
) -> None:
    build(small_program)
    first = files(small_program)
    (small_program / "build" / "fall" / "worksheets" / "alone.pdf").write_bytes(b"%PDF-not ours")
    rendered.clear()
    build(small_program)
    changed = {
        "build/fall/worksheets/alone (changed).pdf": b"%PDF-not ours"
    }  # it may be somebody's answers, so it is kept
    assert rendered == ["worksheets/alone.pdf"] and files(small_program) == first | changed


def test_the_quick_look_reads_the_folders_of_every_kind_of_file() -> None:
    assert set(build_cache.PROGRAM) == set(PROGRAM_FOLDERS)


def test_the_quick_look_sees_every_change_and_loads_nothing_heavy(small_program: Path) -> None:
    words, read = (
        build_cache.describe_request(("fall",), None),
        build_cache.digest_inputs(small_program),
    )
    assert build_cache.find_unchanged_outputs(small_program, words) == []
    target = small_program / "build" / "fall"
    target.mkdir(parents=True)
    (target / "workbook.pdf").write_bytes(b"%PDF")
    build_cache.save_build_state(small_program, words, read, [target])
    assert build_cache.find_unchanged_outputs(small_program, words) == ["fall/workbook.pdf"]
    assert (
        build_cache.find_unchanged_outputs(
            small_program, build_cache.describe_request(("fall",), "a4")
        )
        == []
    ), "another paper"
    time.sleep(0.02)
    (target / "workbook.pdf").write_bytes(b"%PDX")
    assert build_cache.find_unchanged_outputs(small_program, words) == [], "an output was changed"
    build_cache.save_build_state(small_program, words, read, [target])
    (small_program / "worksheets" / "one_more.yaml").write_text("title: One more\n", "utf-8")
    assert build_cache.find_unchanged_outputs(small_program, words) == [], "a source is new"


def test_a_second_build_from_the_command_line_does_not_import_weasyprint(
    small_program: Path,
) -> None:
    import subprocess

    command = [
        sys.executable,
        "-X",
        "importtime",
        "-m",
        "mentorkit",
        "build",
        "--only",
        "worksheets",
    ]
    for turn in range(2):
        done = subprocess.run(
            command, cwd=small_program, capture_output=True, text=True, check=True
        )
        heavy = [
            name
            for name in ("weasyprint", "pydantic", "jinja2", "yaml", "pikepdf")
            if f" {name}\n" in done.stderr
        ]
        assert ("Nothing has changed" in done.stdout, bool(heavy)) == (
            (False, True) if turn == 0 else (True, False)
        ), (done.stdout, heavy)


def test_a_short_name_that_changed_after_books_were_made_is_told_with_its_place(
    small_program: Path,
) -> None:
    build(small_program)
    sheet = small_program / "worksheets" / "alone.yaml"
    text = sheet.read_text("utf-8")
    assert found_in(load_program(small_program)) == []
    sheet.write_text(text.replace("  thought:", "  idea:", 1), "utf-8")
    (told,) = found_in(load_program(small_program))
    line = next(
        number
        for number, line in enumerate(sheet.read_text("utf-8").splitlines(), 1)
        if line.startswith("  idea:")
    )
    assert (told.code, told.stops, told.span.file, told.span.line) == (
        "renamed",
        False,
        "worksheets/alone.yaml",
        line,
    )
    assert '"thought" was the short name of' in told.what and told.hint.startswith(
        "write thought again"
    )
    lines: list[str] = []
    assert building.build(small_program, (), ("workbook",), None, False, lines.append) == 0
    assert any(told.what in line for line in lines), "the build that would lose it tells it too"
    assert found_in(load_program(small_program)) == [], "from then on the new name is the name"
    sheet.write_text(text, "utf-8")
    assert [told.code for told in found_in(load_program(small_program))] == ["renamed"]
