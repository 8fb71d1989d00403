"""A document that hangs, swallows memory or kills its renderer is stopped and named; the next one is rendered."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from sheet import PLACES, card_of, form, sheet

from mentorkit.pdf import sandbox as limits
from mentorkit.pdf.worker import Died, Job, Limits, Worker

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="limits need POSIX")

GOOD = Job("workbook.pdf", sheet("<p>Good.</p>"))
WIDE_TABLE = "<table><tr><td colspan=1000000>x</td></tr></table>"  # 40 bytes, more than 40 seconds
DEEP = "<div>" * 2000 + "x"


@pytest.fixture(scope="module")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    limits = Limits(wall_seconds=8, cpu_seconds=30, memory_bytes=1024**3)
    with Worker(tmp_path_factory.mktemp("program"), limits) as worker:
        yield worker


def works(worker: Worker) -> bool:
    return worker.render(GOOD).pdf.startswith(b"%PDF-1.7")


def test_a_document_comes_back_whole(worker: Worker) -> None:
    rendered = worker.render(Job("home.pdf", form(), PLACES, card_of()))
    assert rendered.name == "home.pdf"
    assert rendered.pdf.rstrip().endswith(b"%%EOF")
    assert (rendered.pages, rendered.count, rendered.complaints) == ({"top": 1}, 1, ())


def test_one_child_serves_all_documents_and_their_bytes_do_not_depend_on_what_came_before(
    worker: Worker,
) -> None:
    first, child = worker.render(GOOD).pdf, worker.child
    worker.render(Job("home.pdf", form(), PLACES, card_of()))
    assert worker.render(GOOD).pdf == first
    assert worker.child == child


def test_a_document_that_hangs_is_stopped_when_its_time_is_over(worker: Worker) -> None:
    start = time.monotonic()
    with pytest.raises(Died) as died:
        worker.render(Job("worksheets/hang.pdf", sheet(WIDE_TABLE)))
    assert time.monotonic() - start < worker.limits.wall_seconds + 2
    assert (
        str(died.value)
        == "worksheets/hang.pdf: rendering took longer than 8 seconds and was stopped"
    )
    assert works(worker)


def test_a_document_that_works_too_long_is_stopped(tmp_path: Path) -> None:
    with Worker(tmp_path, Limits(wall_seconds=80, cpu_seconds=2)) as worker:
        with pytest.raises(Died, match="busy.pdf: .* more than 2 seconds of work"):
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
            Died, match="^hungry.pdf: rendering needs more memory than 400 MB and was stopped$"
        ):
            small.render(Job("hungry.pdf", sheet(f"<div class=g>x</div>{style}")))
        assert works(small)


def test_a_document_nested_too_deeply_is_named(worker: Worker) -> None:
    with pytest.raises(Died, match="^deep.pdf: something in it is nested too deeply"):
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
        with pytest.raises(Died, match=f"^{number}.pdf: .* ended in the middle .signal 9."):
            worker.render(Job(f"{number}.pdf", sheet(WIDE_TABLE)))


@pytest.mark.parametrize("body", [b"", b"%PDF-"])
def test_an_answer_that_ends_in_the_middle_is_no_answer(body: bytes) -> None:
    """A child may be killed between any two bytes of what it says."""
    whole = BytesIO()
    limits.write(whole, {"pages": 1}, body)
    data = whole.getvalue()
    assert limits.read(BytesIO(data)) == ({"pages": 1}, body)
    for length in range(len(data)):
        with pytest.raises(EOFError):
            limits.read(BytesIO(data[:length]))


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


def test_the_child_ends_when_its_parent_goes_away(tmp_path: Path) -> None:
    worker = Worker(tmp_path)
    assert works(worker)
    assert worker._child.stdin
    worker._child.stdin.close()
    assert worker._child.wait(timeout=5) == 0
    worker._child.stdout and worker._child.stdout.close()
