"""One child process that renders the documents of a build, under limits: an author's text cannot take us along.

    with Worker(root) as worker:
        rendered = worker.render(Job("workbook", html, places, card))

WeasyPrint is imported once, in the child, while the parent still composes. A child that dies, runs late or needs too
much is replaced at the next job; `Died` names the document. Jobs go in as pickles, results come back as JSON and
bytes: the parent never unpickles what a child wrote. Limits of memory and processor time need POSIX; elsewhere the
wall clock alone stands.
"""

from __future__ import annotations

import gc
import os
import pickle
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from mentorkit.edition.field import Place
from mentorkit.pdf import sandbox as limits
from mentorkit.pdf.drawn_fields import BARE_CONTROLS
from mentorkit.pdf.form_metadata import Card
from mentorkit.pdf.name_drawings import CHUNK, Plate, plates
from mentorkit.pdf.typeset import Scrap


@dataclass(frozen=True)
class Limits:
    """For one document. The default time is ten times, the memory five times what the workbook of 200 pages needs."""

    wall_seconds: float = 480
    cpu_seconds: int = 240
    memory_bytes: int = 2 * 1024**3


@dataclass(frozen=True)
class Job:
    """A document to render. With places or a card it becomes fillable; on pages with names the computer's fonts help."""

    name: str
    html: str
    places: tuple[Place, ...] = ()
    card: Card | None = None
    system_fonts: bool = False
    pitch_mm: float | None = None  # controls draw nothing; boxes and lines so far apart are drawn
    is_form: bool = True  # with places: a form to fill on a screen
    paper_name: str = ""  # with places: also a copy to print, of this name


@dataclass(frozen=True)
class Names:
    """Names of people to be drawn; `name` is what a message calls them."""

    names: tuple[str, ...]
    name: str = "the people's names"


@dataclass(frozen=True)
class Rendered:
    """A finished PDF, the page (from 1) of each anchor, its pages, and what is wrong with it in plain words."""

    name: str
    pdf: bytes
    pages: dict[str, int]
    count: int
    complaints: tuple[str, ...]
    paper: bytes = b""  # the copy to print, where the job asked for one


class Died(Exception):
    """A document whose rendering was stopped; the text names it and says why."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name, self.reason = name, reason


class Worker:
    """Renders one document after the other. Close it, or use it in a `with`."""

    module = "mentorkit.pdf.worker"  # what the child runs
    stderr: int | None = None  # where its words go; by default where ours go

    def __init__(self, root: Path, limits: Limits = Limits()) -> None:
        self.root, self.limits = root, limits
        self._child = self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child, and take away what it left."""
        self._child.kill()
        self._child.communicate()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def render(self, job: Job) -> Rendered:
        """The finished document. `Died` where it was stopped, RuntimeError (with the child's traceback) on our bug."""
        header, made = self._done(job)
        length = header["length"]
        return Rendered(
            job.name,
            made[:length],
            header["pages"],
            header["count"],
            tuple(header["complaints"]),
            made[length:],
        )

    def draw(self, names: Sequence[str]) -> list[Plate]:
        """A plate for each name. `Died` and RuntimeError as above."""
        made: list[Plate] = []
        for start in range(0, len(names), CHUNK):
            header, body = self._done(Names(tuple(names[start : start + CHUNK])))
            stream = BytesIO(body)
            made += [
                Plate(tuple(Scrap(stream.read(size), *box) for size, *box in drawn), missing)
                for drawn, missing in header["plates"]
            ]
        return made

    def _done(self, job: Any) -> tuple[dict[str, Any], bytes]:
        if self._child.poll() is not None:
            self._restart()
        late = threading.Event()
        clock = threading.Timer(self.limits.wall_seconds, self._stop, [self._child, late])
        clock.daemon = True  # a signal may come before it can be called off; it must not keep a process that is asked to end
        try:
            clock.start()
            header, body = self._ask(job)
        except (OSError, EOFError):
            raise Died(job.name, self._reason(late.is_set())) from None
        except (
            BaseException
        ):  # Ctrl-C in the middle: what the child says next would be the answer to this job
            self._restart()
            raise
        finally:
            clock.cancel()
        if "died" in header:
            self._restart()
            raise Died(job.name, header["died"])
        if "bug" in header:
            raise RuntimeError(f"{job.name} could not be rendered\n{header['bug']}")
        return header, body

    @property
    def child(self) -> int:
        """The child's process id."""
        return self._child.pid

    def _start(self) -> subprocess.Popen[bytes]:
        # -P: a program's folder may hold a json.py
        command = [
            sys.executable,
            "-P",
            "-m",
            self.module,
            str(self.root),
            str(self.limits.cpu_seconds),
            str(self.limits.memory_bytes),
        ]
        kit = str(Path(__file__).resolve().parents[2])
        path = os.pathsep.join(filter(None, [kit, os.environ.get("PYTHONPATH")]))
        self._scratch = tempfile.mkdtemp(
            prefix="mentorkit-"
        )  # WeasyPrint copies its fonts; a child that is killed cannot clear up
        scratch = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), self._scratch)
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.stderr,
            env={**os.environ, **scratch, "PYTHONPATH": path},
        )

    def _restart(self) -> None:
        self.close()
        self._child = self._start()

    @staticmethod
    def _stop(child: subprocess.Popen[bytes], late: threading.Event) -> None:
        late.set()
        child.kill()

    def _ask(self, job: Any) -> tuple[dict[str, Any], bytes]:
        assert self._child.stdin and self._child.stdout
        pickle.dump(job, self._child.stdin, protocol=5)
        self._child.stdin.flush()
        return limits.read(self._child.stdout)

    def _reason(self, late: bool) -> str:
        code = self._child.wait()
        if late:
            return (
                f"rendering took longer than {self.limits.wall_seconds:g} seconds and was stopped"
            )
        if hasattr(signal, "SIGXCPU") and code == -signal.SIGXCPU:
            return f"rendering took more than {self.limits.cpu_seconds} seconds of work and was stopped"
        how = f"signal {-code}" if code < 0 else f"exit {code}"
        return f"the rendering process ended in the middle ({how}); perhaps the computer was short of memory"


# ---- in the child -----------------------------------------------------------------------------------------------


def main(root: Path, cpu_seconds: int, memory_bytes: int) -> None:
    """Answer jobs until the parent goes away."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent too, which ends us
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not fall among the answers
    limits.limit_memory(memory_bytes)
    from mentorkit.pdf import typeset as pdf

    pdf.load_weasyprint()
    gc.disable()  # a document makes a million objects and then ends: collecting in between is a quarter of the work
    gc.freeze()
    while True:
        gc.collect()
        try:
            job = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        limits.limit_work(cpu_seconds)
        try:
            limits.write(
                answers, *(_drawn(job) if isinstance(job, Names) else _rendered(job, root))
            )
        except MemoryError:
            limits.write(
                answers,
                {
                    "died": f"rendering needs more memory than {memory_bytes // 1024**2:,} MB and was stopped"
                },
            )
        except RecursionError:
            limits.write(answers, {"died": "something in it is nested too deeply to be rendered"})
        except Exception:
            limits.write(answers, {"bug": traceback.format_exc()})


def _rendered(job: Job, root: Path) -> tuple[dict[str, Any], bytes]:
    """Return what the parent reads: a header, and the PDFs one after the other."""
    from mentorkit.pdf import postprocess
    from mentorkit.pdf import typeset as pdf

    html = job.html
    if job.pitch_mm:
        html = html.replace("</style>", f"{BARE_CONTROLS}</style>", 1)
    laid = pdf.lay_out(
        html, root, bool(job.places or job.card), job.system_fonts, pitch_mm=job.pitch_mm
    )
    paper = b""
    if job.pitch_mm and (job.paper_name or not job.is_form):
        paper = postprocess.finish_for_paper(laid.pdf, job.places, job.pitch_mm)
    made = paper
    if job.is_form:
        made = postprocess.finish(laid.pdf, job.places, job.card, job.pitch_mm)
    header = {
        "pages": laid.pages,
        "count": laid.count,
        "complaints": laid.complaints,
        "length": len(made),
    }
    return header, made + (paper if job.paper_name else b"")


def _drawn(job: Names) -> tuple[dict[str, Any], bytes]:
    made = plates(job.names)
    told = [
        (
            [(len(s.pdf), s.left, s.width, s.baseline, s.lines, s.missing) for s in plate.drawn],
            plate.missing,
        )
        for plate in made
    ]
    return {"plates": told}, b"".join(s.pdf for plate in made for s in plate.drawn)


if __name__ == "__main__":
    from mentorkit.pdf.worker import main

    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
