"""The folder of returned files, read with care: nothing is followed, nothing but ordinary files is opened, nothing is trusted to stay."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from subprocess import DEVNULL
from typing import Any

from mentorkit.pdf import sandbox
from mentorkit.pdf.form_reader_worker import TOO_MUCH
from mentorkit.pdf.worker import Died, Limits, Worker
from mentorkit.source.lint import NOT_TEXT
from mentorkit.terminal import printable

MOST_FILES = 2_000
MOST_BYTES = 25 * 1024 * 1024
READERS = 2
EACH = Limits(wall_seconds=10, cpu_seconds=10, memory_bytes=1024**3)
LEFT_BY_SYSTEMS = ("thumbs.db", "desktop.ini")
SORTS = (
    *NOT_TEXT,
    (b"BM", "a picture"),
    (b"II*\0", "a picture"),
    (b"MM\0*", "a picture"),
    (b"%FDF", "the answers without their form"),
    (b"From ", "an e-mail"),
    (b"Received:", "an e-mail"),
    (b"Return-Path:", "an e-mail"),
    (b"MIME-Version:", "an e-mail"),
)
CHANGED = "it changed while it was read; run collect again"


@dataclass(frozen=True)
class Reading:
    """One entry of the folder: what the child said of it, or `refused`. `digest` tells equal files."""

    file: str
    digest: str = ""
    said: dict[str, Any] | None = None
    refused: str = ""


class TooMany(Exception):
    """More files than a cohort can send; the text says so."""


class Examiner(Worker):
    """A worker that reads forms; see `render.returned`."""

    module = "mentorkit.pdf.form_reader_worker"
    stderr = DEVNULL

    def __init__(self, wanted: frozenset[str]) -> None:
        super().__init__(Path(), EACH)
        self.wanted = sorted(wanted)

    def examine(self, pdf: bytes) -> dict[str, Any]:
        """What the file says; a file that ends the child is refused."""
        try:
            return self._done(_Pdf(pdf))[0]
        except Died:
            return {
                "refused": TOO_MUCH,
                "cards": [],
                "fields": {},
                "notes": [],
                "damaged": True,
                "on_top": 0,
            }

    def _ask(self, job: Any) -> tuple[dict[str, Any], bytes]:
        assert self._child.stdin and self._child.stdout
        sandbox.write(self._child.stdin, {"wanted": self.wanted}, job.pdf)
        return sandbox.read(self._child.stdout)


@dataclass(frozen=True)
class _Pdf:
    pdf: bytes
    name: str = "a returned file"  # never the file's own: no message can quote it


def readings(inbox: Path, wanted: frozenset[str], readers: int = READERS) -> list[Reading]:
    """Everything in the folder, by name. `TooMany` before any file is opened."""
    entries = sorted(
        (entry for entry in os.scandir(inbox) if not _of_the_system(entry.name)),
        key=lambda entry: os.fsencode(entry.name),
    )
    if len(entries) > MOST_FILES:
        raise TooMany(
            f"the folder holds {len(entries):,} files; the limit is {MOST_FILES:,} (put other files elsewhere)"
        )
    with ExitStack() as stack:
        idle: Queue[Examiner] = Queue()
        for _ in range(min(readers, len(entries))):
            idle.put(stack.enter_context(Examiner(wanted)))

        def read(entry: os.DirEntry[str]) -> Reading:
            examiner = idle.get()
            try:
                return reading(entry, examiner)
            finally:
                idle.put(examiner)

        pool = stack.enter_context(ThreadPoolExecutor(max_workers=readers))
        return list(pool.map(read, entries))


def _of_the_system(name: str) -> bool:
    return name.startswith(".") or name.lower() in LEFT_BY_SYSTEMS


def reading(entry: os.DirEntry[str], examiner: Examiner) -> Reading:
    """One entry of the folder."""
    name = shown(entry.name)
    if entry.is_symlink():
        return Reading(
            name, refused="it is a link, which is not followed; put the file itself here"
        )
    if entry.is_dir(follow_symlinks=False):
        return Reading(name, refused="it is a folder, which is not read; move its files up")
    if not entry.is_file(follow_symlinks=False):
        return Reading(name, refused="it is not an ordinary file")
    try:
        data = _bytes(entry.path)
    except OSError:
        return Reading(name, refused=CHANGED)
    if isinstance(data, str):
        return Reading(name, refused=data)
    digest = hashlib.sha256(data).hexdigest()
    if b"%PDF-" not in data[:1024]:
        return Reading(
            name,
            digest,
            refused=f"it is not a PDF ({sort_of(data)}); put the PDF itself here, or read it by eye",
        )
    said = examiner.examine(data)
    return Reading(name, digest, said, said.get("refused", ""))


def shown(name: str) -> str:
    """A file's name as it can be printed anywhere: control signs and broken letters as their codes."""
    return printable(os.fsencode(name).decode("utf-8", "backslashreplace"))


def _bytes(path: str) -> bytes | str:
    """The file's bytes, or why not."""
    handle = os.open(
        path,
        os.O_RDONLY
        | getattr(os, "O_NOFOLLOW", 0)
        | getattr(os, "O_NONBLOCK", 0)
        | getattr(os, "O_BINARY", 0)
        | getattr(os, "O_CLOEXEC", 0),
    )
    with open(handle, "rb") as file:
        before = os.fstat(handle)
        if not stat.S_ISREG(before.st_mode):
            return "it is not an ordinary file"
        if before.st_size > MOST_BYTES:
            return f"it is larger than {MOST_BYTES // 1024**2} MB; ask for it again"
        data = file.read(MOST_BYTES + 1)
        after = os.fstat(handle)
    same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns) and len(
        data
    ) == after.st_size
    return data if same else CHANGED


def sort_of(data: bytes) -> str:
    """What a file is that is no PDF, in plain words."""
    return next(
        _sorts(data), "it is a text" if b"\0" not in data[:1000] else "nobody can say what it is"
    )


def _sorts(data: bytes) -> Iterator[str]:
    if not data:
        yield "it is empty"
    if data[4:8] == b"ftyp":
        yield "it is a picture or a film"
    start = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    yield from (f"it is {words}" for head, words in SORTS if start.startswith(head.lower()))
