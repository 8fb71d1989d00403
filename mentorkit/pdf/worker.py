"""One child process that renders the documents of a build, under limits.

    with Worker(root) as worker:
        rendered = worker.render(Job("workbook", html, places, form_metadata))

The child imports WeasyPrint once, while the parent still composes. A child that crashes, runs late
or needs too much is replaced at the next job; `RenderError` names the document. Jobs go in as
pickles, results come back as JSON and bytes: the parent never unpickles what a child wrote.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol, Self

from mentorkit.edition.field import Place
from mentorkit.pdf import sandbox
from mentorkit.pdf.form_metadata import FormMetadata
from mentorkit.pdf.name_drawings import CHUNK, NameDrawing
from mentorkit.pdf.scratch import ScratchFolder
from mentorkit.pdf.typeset import PagePdf


@dataclass(frozen=True)
class Limits:
    """Limits for one document.

    The default times are ten times, the memory is five times what a workbook of 200 pages needs.
    """

    wall_seconds: float = 480
    cpu_seconds: int = 240
    memory_bytes: int = 2 * 1024**3


@dataclass(frozen=True)
class Job:
    """A document to render.

    With places or form metadata it becomes fillable. With `pitch_mm`, its controls draw nothing;
    boxes, and lines so far apart, are drawn afterwards. `is_form`: with places, a form to fill on a
    screen. `paper_name`: with places, the name of a copy to print that is made, too.
    `system_fonts`: the computer's own fonts help, for pages with people's names.
    """

    name: str
    html: str
    places: tuple[Place, ...] = ()
    form_metadata: FormMetadata | None = None
    _: KW_ONLY
    system_fonts: bool = False
    pitch_mm: float | None = None
    is_form: bool = True
    paper_name: str = ""


@dataclass(frozen=True)
class DrawNames:
    """People's names to draw; `name` is what a message calls them."""

    names: tuple[str, ...]
    name: str = "the people's names"


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A finished PDF.

    `pages`: the page (from 1) of each anchor. `count`: its pages. `complaints`: what is wrong with
    it, in plain words. `paper`: the copy to print, where the job asked for one.
    """

    name: str
    pdf: bytes
    pages: dict[str, int]
    count: int
    complaints: tuple[str, ...]
    paper: bytes = b""


class NamedJob(Protocol):
    """Anything that a child can be asked for; messages call it by its name."""

    @property
    def name(self) -> str: ...


class RenderError(Exception):
    """A document whose rendering was stopped; the text names it and says why."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name, self.reason = name, reason


class Worker:
    """Renders one document after the other. Close it, or use it in a `with`."""

    module = "mentorkit.pdf.render_process"  # what the child runs
    stderr: int | None = None  # where its messages go; by default where ours go

    def __init__(self, root: Path, limits: Limits | None = None) -> None:
        self.root, self.limits = root, limits or Limits()
        self._child, self._lifeline, self._scratch = self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the child, and remove what it left."""
        self._child.kill()
        self._child.communicate()
        if self._lifeline >= 0:
            os.close(self._lifeline)
            self._lifeline = -1
        self._scratch.remove()

    def render(self, job: Job) -> Rendered:
        """Return the finished document.

        RenderError where it was stopped, RuntimeError (with the child's traceback) on our bug.
        """
        header, pdfs = self._run(job)
        length = header["length"]
        return Rendered(
            name=job.name,
            pdf=pdfs[:length],
            pages=header["pages"],
            count=header["count"],
            complaints=tuple(header["complaints"]),
            paper=pdfs[length:],
        )

    def draw_names(self, names: Sequence[str]) -> list[NameDrawing]:
        """Return a drawing for each name. RenderError and RuntimeError as `render` raises them."""
        drawings: list[NameDrawing] = []
        for start in range(0, len(names), CHUNK):
            header, body = self._run(DrawNames(tuple(names[start : start + CHUNK])))
            stream = BytesIO(body)
            for variants, missing in header["drawings"]:
                pages = [PagePdf(pdf=stream.read(size), **page) for size, page in variants]
                drawings.append(NameDrawing(tuple(pages), missing))
        return drawings

    @property
    def child(self) -> int:
        """The child's process id."""
        return self._child.pid

    def _run(self, job: NamedJob) -> tuple[dict[str, Any], bytes]:
        """Return the child's answer to a job; start another child first where it has ended."""
        if self._child.poll() is not None:
            self._restart()
        late = threading.Event()
        clock = threading.Timer(self.limits.wall_seconds, self._stop, [self._child, late])
        # A signal may come before it is canceled; it must not keep a process that has to end.
        clock.daemon = True
        try:
            clock.start()
            header, body = self._ask(job)
        except (OSError, EOFError):
            raise RenderError(job.name, self._reason(late.is_set())) from None
        except BaseException:
            # Ctrl-C in the middle: the child's next answer would be the one to this job.
            self._restart()
            raise
        finally:
            clock.cancel()
        if "stopped" in header:
            self._restart()
            raise RenderError(job.name, header["stopped"])
        if "bug" in header:
            raise RuntimeError(f"{job.name} could not be rendered\n{header['bug']}")
        return header, body

    def _start(self) -> tuple[subprocess.Popen[bytes], int, ScratchFolder]:
        """Start a child; return it, our end of the pipe that it lives by, and its folder."""
        folder = ScratchFolder()
        lifeline, passed = -1, -1
        if os.name == "posix":
            passed, lifeline = os.pipe()
        limits = (self.limits.cpu_seconds, self.limits.memory_bytes, passed)
        # -P: a program's folder may hold a json.py
        command = [sys.executable, "-P", "-m", self.module, str(self.root), *map(str, limits)]
        kit = str(Path(__file__).resolve().parents[2])
        path = os.pathsep.join(filter(None, [kit, os.environ.get("PYTHONPATH")]))
        scratch = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder.path))
        child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.stderr,
            env={**os.environ, **scratch, "PYTHONPATH": path},
            pass_fds=[passed] if passed >= 0 else [],
        )
        if passed >= 0:
            os.close(passed)
        return child, lifeline, folder

    def _restart(self) -> None:
        self.close()
        self._child, self._lifeline, self._scratch = self._start()

    @staticmethod
    def _stop(child: subprocess.Popen[bytes], late: threading.Event) -> None:
        late.set()
        child.kill()

    def _ask(self, job: NamedJob) -> tuple[dict[str, Any], bytes]:
        assert self._child.stdin and self._child.stdout
        pickle.dump(job, self._child.stdin, protocol=5)
        self._child.stdin.flush()
        return sandbox.read_message(self._child.stdout)

    def _reason(self, late: bool) -> str:
        """Return why the child has ended, in plain words."""
        code = self._child.wait()
        if late:
            seconds = f"{self.limits.wall_seconds:g} seconds"
            return f"rendering took longer than {seconds} and was stopped"
        if hasattr(signal, "SIGXCPU") and code == -signal.SIGXCPU:
            seconds = f"{self.limits.cpu_seconds} seconds"
            return f"rendering took more than {seconds} of work and was stopped"
        end = f"signal {-code}" if code < 0 else f"exit {code}"
        return (
            f"the rendering process ended in the middle ({end}); "
            "perhaps the computer was short of memory"
        )
