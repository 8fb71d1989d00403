"""Books and packets made while the page stays alive: one build at a time, in a process of its own, whose lines and steps the page shows."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
import time
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from mentorkit.output import manifest
from mentorkit.output.build_cache import GUIDE, STEP
from mentorkit.packets import packets as packet
from mentorkit.pipeline.build import Work
from mentorkit.pipeline.documents import documents, printed
from mentorkit.render.print.html import guide_html

STAMP = 40  # a name is put on a file in the time in which so many signs of HTML are laid out


class Press:
    """Starts `mentorkit build` or `mentorkit packets`, remembers what it told and how far it is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._child: subprocess.Popen[str] | None = None
        self._told: list[str] = []
        self._begun: list[str] = []  # the files whose layout has begun
        self._coming: dict[
            str, int
        ] = {}  # what is known beforehand to be laid out, and how much each is
        self._copies = self._staged = 0  # and how many files of packets will be written, and are
        self._started = self._took = 0.0
        self._cohort = self._what = ""

    def start(self, cohort: str, only: str, decided: Callable[[], Work]) -> bool:
        """Begin to make one output of a cohort, its `packets`, or, where nothing is named, all books. False where a build is under way."""
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
            self._told, self._begun, self._coming, self._copies, self._staged = [], [], {}, 0, 0
            self._started, self._cohort, self._what = (
                time.monotonic(),
                cohort,
                f"{cohort} {only or 'everything'}",
            )
            threading.Thread(target=self._listen, args=(self._child,), daemon=True).start()
            threading.Thread(
                target=self._look_ahead, args=(self._child, decided), daemon=True
            ).start()
            return True

    def state(self) -> dict[str, Any]:
        """What is being made, for how long, how far it is, and the lines told so far. `code` is None as long as it runs."""
        child = self._child
        code = child.poll() if child else None
        if child and code is None:
            self._took = time.monotonic() - self._started
        doing, percent = self.how_far() if child and code is None else ("", None)
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
        """The files that were made for a cohort, as its manifest names them; or those of its packets."""
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
            step = STEP.fullmatch(line.rstrip("\n"))
            (self._begun if step else self._told).append(step[1] if step else line.rstrip("\n"))
        child.wait()

    def _look_ahead(self, child: subprocess.Popen[str], decided: Callable[[], Work]) -> None:
        """What this build will lay out and write. Where the files are too broken to know, the build itself says why."""
        with suppress(Exception):
            work = decided()
            coming, copies = ahead(work)
            if child is self._child:
                self._coming, self._copies = coming, copies

    def how_far(self) -> tuple[str, int | None]:
        """In words, and in percent of what is known beforehand."""
        begun, total = (
            list(dict.fromkeys(self._begun)),
            sum(self._coming.values()) + self._copies * STAMP,
        )
        if not begun:
            return "Reading the files", None if not total else 0
        staged = (
            sum(
                each.is_file()
                for each in (self._at(self._cohort, False) / f".{manifest.PACKETS}.new").rglob("*")
            )
            if self._copies
            else 0
        )
        self._staged = staged = max(
            self._staged, staged
        )  # in the end the old ones lie there, and go
        done = (
            sum(self._coming.get(path, 0) for path in (begun if staged else begun[:-1]))
            + staged * STAMP
        )
        files = len(set(begun) | set(self._coming))
        doing = (
            f"Putting names on the files: {min(staged, self._copies)} of {self._copies}"
            if staged
            else f"Laying out {begun[-1]}: file {len(begun)} of {files}"
        )
        return doing, min(99, done * 100 // total) if total else None


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


def ahead(work: Work) -> tuple[dict[str, int], int]:
    """Every PDF that a build is going to lay out, with the length of its HTML; and how many files of packets come after."""
    made, plan = work.composed, work.plan
    found = {
        document.path: document.html
        for document in documents(made, (*work.wanted, *(plan.masters if plan else ())))
    }
    copies = sum(
        bool(packet.place_in(path, person.print == "large"))
        for person in (plan.people if plan else ())
        for path in found
    )
    if "facilitator-guide" in work.wanted:
        if not {"workbook.pdf", "workbook-fillable.pdf"} & set(found):
            found["workbook.pdf"] = printed(made).html
        found[GUIDE] = guide_html(made.guide, defaultdict(int))
    found |= {sheet.path: sheet.html for sheet in work.handouts.sheets}
    return {path: len(html.partition("</style>")[2]) for path, html in found.items()}, copies
