"""Books made while the page stays alive: one build at a time, in a process of its own, whose lines the page shows."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from mentorkit import manifest


class Press:
    """Starts `mentorkit build` and remembers what it told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._child: subprocess.Popen[str] | None = None
        self._told: list[str] = []
        self._started = 0.0
        self._what = ""
        self._took = 0.0

    def start(self, cohort: str, only: str) -> bool:
        """Begin to make one output of a cohort, or all of them. False where a build is under way."""
        with self._lock:
            if self._child and self._child.poll() is None:
                return False
            command = [sys.executable, "-P", "-m", "mentorkit", "build", cohort, *(["--only", only] if only else [])]
            self._child = subprocess.Popen(command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                           text=True, encoding="utf-8", errors="replace")
            self._told, self._started, self._what = [], time.monotonic(), f"{cohort} {only or 'everything'}"
            threading.Thread(target=self._listen, args=(self._child,), daemon=True).start()
            return True

    def state(self) -> dict[str, Any]:
        """What is being made, for how long, and the lines told so far. `code` is None as long as it runs."""
        child = self._child
        code = child.poll() if child else None
        if child and code is None:
            self._took = time.monotonic() - self._started
        return {"running": bool(child and code is None), "what": self._what, "seconds": round(self._took), "code": code, "told": self._told[-40:]}

    def made(self, cohort: str) -> dict[str, manifest.Entry]:
        """The files that were made for a cohort, as its manifest names them."""
        try:
            return manifest.parse((self.folder / "build" / cohort / manifest.MANIFEST).read_bytes()) or {}
        except OSError:
            return {}

    def stop(self) -> None:
        if self._child and self._child.poll() is None:
            self._child.terminate()

    def _listen(self, child: subprocess.Popen[str]) -> None:
        for line in child.stdout or ():
            self._told.append(line.rstrip("\n"))
        child.wait()
