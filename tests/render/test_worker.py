"""A document that hangs, needs too much memory or ends its renderer is stopped and named."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from mentorkit.pdf import sandbox
from mentorkit.pdf.scratch import ScratchFolder
from mentorkit.pdf.worker import Job, Limits, RenderError, Worker

from sheet import PLACES, form, form_metadata_of, sheet

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="limits need POSIX")

GOOD = Job("workbook.pdf", sheet("<p>Good.</p>"))
WIDE_TABLE = "<table><tr><td colspan=1000000>x</td></tr></table>"  # 40 bytes, more than 40 seconds
DEEP = "<div>" * 2000 + "x"


@pytest.fixture(scope="module")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    limits = Limits(wall_seconds=60, cpu_seconds=30, memory_bytes=1024**3)
    with Worker(tmp_path_factory.mktemp("program"), limits) as worker:
        yield worker


def works(worker: Worker) -> bool:
    return worker.render(GOOD).pdf.startswith(b"%PDF-1.7")


def test_a_document_comes_back_whole(worker: Worker) -> None:
    rendered = worker.render(Job("home.pdf", form(), PLACES, form_metadata_of()))
    assert rendered.name == "home.pdf"
    assert rendered.pdf.rstrip().endswith(b"%%EOF")
    assert (rendered.pages, rendered.count, rendered.complaints) == ({"top": 1}, 1, ())


def test_one_child_serves_all_documents_and_their_bytes_do_not_depend_on_what_came_before(
    worker: Worker,
) -> None:
    first, child = worker.render(GOOD).pdf, worker.child
    worker.render(Job("home.pdf", form(), PLACES, form_metadata_of()))
    assert worker.render(GOOD).pdf == first
    assert worker.child == child


def test_a_document_that_hangs_is_stopped_when_its_time_is_over(tmp_path: Path) -> None:
    with Worker(tmp_path, Limits(wall_seconds=15)) as worker:
        start = time.monotonic()
        with pytest.raises(RenderError) as stopped:
            worker.render(Job("worksheets/hang.pdf", sheet(WIDE_TABLE)))
        assert time.monotonic() - start < worker.limits.wall_seconds + 5
        reason = "rendering took longer than 15 seconds and was stopped"
        assert str(stopped.value) == f"worksheets/hang.pdf: {reason}"
        assert works(worker)


def test_a_document_that_works_too_long_is_stopped(tmp_path: Path) -> None:
    with Worker(tmp_path, Limits(wall_seconds=80, cpu_seconds=2)) as worker:
        with pytest.raises(RenderError, match="busy.pdf: .* more than 2 seconds of work"):
            worker.render(Job("busy.pdf", sheet(WIDE_TABLE)))
        assert works(worker)


def test_time_is_counted_anew_for_each_document(tmp_path: Path) -> None:
    page = sheet("<p>word</p>" * 400)
    with Worker(tmp_path, Limits(cpu_seconds=1)) as worker:
        child = worker.child
        while _processor_seconds(child) < 4:
            worker.render(Job("page.pdf", page))
        assert worker.child == child


def _processor_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_a_document_that_wants_too_much_memory_is_stopped(tmp_path: Path) -> None:
    style = "<style>.g{display:grid;grid-template-columns:repeat(99999999,1px)}</style>"
    with Worker(tmp_path, Limits(memory_bytes=400 * 1024**2)) as small:
        with pytest.raises(
            RenderError,
            match="^hungry.pdf: rendering needs more memory than 400 MB and was stopped$",
        ):
            small.render(Job("hungry.pdf", sheet(f"<div class=g>x</div>{style}")))
        assert works(small)


def test_a_document_nested_too_deeply_is_named(worker: Worker) -> None:
    with pytest.raises(RenderError, match="^deep.pdf: something in it is nested too deeply"):
        worker.render(Job("deep.pdf", sheet(DEEP)))
    assert works(worker)


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
def test_a_child_that_is_killed_between_documents_is_replaced(
    worker: Worker, sign: signal.Signals
) -> None:
    assert works(worker)
    os.kill(worker.child, sign)
    time.sleep(0.1)
    assert works(worker)


def test_a_child_that_is_killed_in_the_middle_names_its_document(
    worker: Worker, deep: bool
) -> None:
    for number in range(20 if deep else 4):
        assert works(worker)
        clock = threading.Timer(0.05 + 0.1 * (number % 4), os.kill, [worker.child, signal.SIGKILL])
        clock.start()
        with pytest.raises(RenderError, match=f"^{number}.pdf: .* ended in the middle .signal 9."):
            worker.render(Job(f"{number}.pdf", sheet(WIDE_TABLE)))


@pytest.mark.parametrize("body", [b"", b"%PDF-"])
def test_an_answer_that_ends_in_the_middle_is_no_answer(body: bytes) -> None:
    """A child may be killed between any two bytes of what it says."""
    whole = BytesIO()
    sandbox.write_message(whole, {"pages": 1}, body)
    data = whole.getvalue()
    assert sandbox.read_message(BytesIO(data)) == ({"pages": 1}, body)
    for length in range(len(data)):
        with pytest.raises(EOFError):
            sandbox.read_message(BytesIO(data[:length]))


def test_our_own_bug_is_no_death(worker: Worker) -> None:
    with pytest.raises(
        RuntimeError, match="(?s)home.pdf could not be rendered.*Traceback.*differ in 1: home__name"
    ):
        worker.render(Job("home.pdf", form(), PLACES[1:]))
    assert works(worker)


def test_leaving_ends_the_child(tmp_path: Path) -> None:
    with Worker(tmp_path) as worker:
        child = worker.child
        assert works(worker)
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_nothing_stays_in_the_folder_for_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with Worker(tmp_path) as worker:
        assert works(worker)
        assert list(tmp_path.glob("mentorkit-*/weasyprint-*/*")), (
            "the fonts of the document are copied there"
        )
        os.kill(worker.child, signal.SIGKILL)
        worker._child.wait()
        assert works(worker), "nor what a child left that was killed"
    assert list(tmp_path.iterdir()) == []


PARENT = """
import sys
from pathlib import Path
from mentorkit.pdf.scratch import ScratchFolder
from mentorkit.pdf.worker import Job, Worker

worker = Worker(Path(sys.argv[1]))
print(worker.child, worker._scratch.path, flush=True)
worker.render(Job("long.pdf", sys.argv[2]))
"""


def test_a_child_ends_with_a_parent_that_was_killed_and_the_next_one_clears_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path), sheet(WIDE_TABLE)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert parent.stdout
    child, scratch = parent.stdout.readline().split()
    time.sleep(1.5)  # now it renders
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ScratchFolder().remove()
    assert Path(scratch).exists(), "its owner still works"
    parent.kill()
    parent.communicate()
    deadline = time.monotonic() + 5
    while Path(f"/proc/{child}").exists() and not _is_zombie(child):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    ScratchFolder().remove()
    assert list(tmp_path.glob("mentorkit-*")) == []


def _is_zombie(process: str) -> bool:
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


def test_the_scratch_of_others_and_what_is_none_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "mentorkit-notes").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "owner.lock").touch()
    (tmp_path / "mentorkit-link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "mentorkit-file").touch()
    first, second = ScratchFolder(), ScratchFolder()
    assert first.path.exists() and second.path.exists()
    first.remove()
    second.remove()
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"mentorkit-notes", "mentorkit-link", "mentorkit-file", "elsewhere"}
    assert (tmp_path / "elsewhere" / "owner.lock").exists()


def test_the_child_ends_when_its_parent_goes_away(tmp_path: Path) -> None:
    worker = Worker(tmp_path)
    assert works(worker)
    assert worker._child.stdin
    worker._child.stdin.close()
    assert worker._child.wait(timeout=5) == 0
    worker._child.stdout and worker._child.stdout.close()
