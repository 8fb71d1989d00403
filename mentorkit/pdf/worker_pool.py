"""Several workers that take what comes, each from a thread of the caller's."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from typing import Self

from mentorkit.pdf.name_drawings import NameDrawing
from mentorkit.pdf.worker import Job, Rendered, RenderError, Worker

# Two workers need about 800 MiB together; below this much free memory one has to do.
MEMORY_FOR_TWO_KIB = 2 * 1024 * 1024


def worker_count() -> int:
    """Return how many documents can be laid out at once: one a core, two at the most."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    free = _free_memory_kib()
    has_memory = free is None or free >= MEMORY_FOR_TWO_KIB
    return 2 if (cores or 1) > 1 and has_memory else 1


def _free_memory_kib() -> int | None:
    """Return the memory that is free, in KiB; None where the system does not say."""
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    for line in lines:
        if line.startswith("MemAvailable:"):
            return int(line.split()[1])
    return None


class WorkerPool:
    """Up to `size` workers; each starts when it is first needed. Use it in a `with`."""

    def __init__(self, root: Path, size: int) -> None:
        self.size = size
        self._root = root
        self._free: Queue[Worker | None] = Queue()
        self._started: list[Worker] = []
        self._lock = threading.Lock()
        self._is_closed = False
        for _ in range(size):
            self._free.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all workers; a document that is being laid out fails with `RenderError`."""
        with self._lock:
            self._is_closed = True
            for worker in self._started:
                worker.close()

    def render(self, job: Job) -> Rendered:
        """Return the finished document; see `Worker.render`."""
        with self._worker(job.name) as worker:
            return worker.render(job)

    def draw_names(self, names: Sequence[str]) -> list[NameDrawing]:
        """Return a drawing for each name; see `Worker.draw`."""
        with self._worker("names") as worker:
            return worker.draw_names(names)

    @contextmanager
    def _worker(self, name: str) -> Iterator[Worker]:
        """Take a worker out of the queue while the block runs."""
        worker = self._free.get()
        try:
            with self._lock:
                if self._is_closed:
                    raise RenderError(name, "the build was stopped")
                if worker is None:
                    worker = Worker(self._root)
                    self._started.append(worker)
            yield worker
        finally:
            self._free.put(worker)
