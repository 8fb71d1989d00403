"""Books and packets made while the page stays alive: one build at a time, in a process of its own,
whose lines and steps the page shows."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
import time
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mentorkit.output import manifest
from mentorkit.pipeline.progress import LINE


class Press:
    """Starts `mentorkit build` or `packets`, remembers what it printed and how far it is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._child: subprocess.Popen[str] | None = None
        self._told: list[str] = []
        self._doing = ""
        self._percent: int | None = None
        self._started = self._took = 0.0
        self._cohort = self._what = ""

    def start(self, cohort: str, only: str) -> bool:
        """Begin to make one output of a cohort, its `packets`, or, where nothing is named, all
        books. False where a build is under way."""
        with self._lock:
            if self._child and self._child.poll() is None:
                return False
            words = (
                ["packets", cohort]
                if only == "packets"
                else ["build", cohort, *(["--only", only] if only else [])]
            )
            command = [sys.executable, "-P", "-m", "mentorkit", *words, "--progress"]
            self._child = subprocess.Popen(
                command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
            )
            self._told, self._doing, self._percent = [], "Reading the files", None
            self._started, self._cohort, self._what = (
                time.monotonic(),
                cohort,
                f"{cohort} {only or 'everything'}",
            )
            threading.Thread(target=self._listen, args=(self._child,), daemon=True).start()
            return True

    def state(self) -> dict[str, Any]:
        """What is being made, for how long, how far it is, and the lines printed so far.

        `code` is None as long as it runs.
        """
        child = self._child
        code = child.poll() if child else None
        if child and code is None:
            self._took = time.monotonic() - self._started
        doing, percent = (self._doing, self._percent) if child and code is None else ("", None)
        return {
            "running": bool(child and code is None),
            "what": self._what,
            "cohort": self._cohort,
            "seconds": round(self._took),
            "code": code,
            "told": self._told[-40:],
            "doing": doing,
            "percent": percent,
        }

    def made(self, cohort: str, packets: bool = False) -> dict[str, manifest.Entry]:
        """The files that were made for a cohort, as its manifest names them.

        Or those of its packets.
        """
        try:
            return (
                manifest.parse((self._at(cohort, packets) / manifest.MANIFEST).read_bytes()) or {}
            )
        except OSError:
            return {}

    def people(self, cohort: str) -> dict[str, list[manifest.Entry]]:
        """The files of each packet that was made for a cohort, by the packet's folder."""
        found = defaultdict(list)
        for path, entry in self.made(cohort, True).items():
            found[path.partition("/")[0]].append(entry)
        return dict(found)

    def stand(self, cohort: str, paths: list[str]) -> bool:
        """True where all these files of packets are there, and none is a link."""
        places = [self._at(cohort, True) / path for path in paths]
        return all(place.is_file() and not place.is_symlink() for place in places)

    def zipped(self, cohort: str, paths: list[str]) -> Iterator[bytes]:
        """The files of packets in one ZIP, piece by piece: it may be larger than the memory."""
        pieces = _Pieces()
        with zipfile.ZipFile(pieces, "w", zipfile.ZIP_STORED) as archive:
            for path in paths:
                archive.write(self._at(cohort, True) / path, path)
                yield pieces.taken()
        yield pieces.taken()

    def stop(self) -> None:
        if self._child and self._child.poll() is None:
            self._child.terminate()

    def _at(self, cohort: str, packets: bool) -> Path:
        return self.folder / "build" / cohort / (manifest.PACKETS if packets else "")

    def _listen(self, child: subprocess.Popen[str]) -> None:
        for line in child.stdout or ():
            line = line.rstrip("\n")
            step = LINE.fullmatch(line)
            if step:
                self._percent, self._doing = int(step[1]), step[2]
            else:
                self._told.append(line)
        child.wait()


class _Pieces(io.RawIOBase):
    """A file that is written into, and emptied from time to time."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def write(self, data: Any) -> int:
        self._waiting.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        data, self._waiting = b"".join(self._waiting), []
        return data
