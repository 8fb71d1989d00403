"""The folder of returned files, read with care.

No link is followed, nothing but ordinary files is opened, nothing is trusted to stay as it is.
ZIP files are opened in memory, and folders one level down where that is asked for.
"""

from __future__ import annotations

import hashlib
import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from queue import Queue
from subprocess import DEVNULL
from typing import Any

from mentorkit.pdf import sandbox
from mentorkit.pdf.form_examination import Request, nothing_found
from mentorkit.pdf.form_reader_worker import TOO_MUCH
from mentorkit.pdf.worker import Limits, RenderError, Worker
from mentorkit.responses.web_answers import read_web_answers
from mentorkit.source.lint import NOT_TEXT
from mentorkit.terminal import printable

MOST_FILES = 2_000
MOST_BYTES = 25 * 1024 * 1024
MOST_UNPACKED = 500 * 1024 * 1024  # bytes of all files in one ZIP
READERS = 2
EACH = Limits(wall_seconds=10, cpu_seconds=10, memory_bytes=1024**3)
LEFT_BY_SYSTEMS = ("thumbs.db", "desktop.ini", "__macosx")
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
OFFICE = ("word/", "xl/", "ppt/", "content.xml", "[content_types].xml")
BAD_ZIP = (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError, RuntimeError)
SORTS = (
    (b"PK\x03\x04", "a Word, Excel or other Office file"),
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
DAMAGED = "it is damaged; ask for it again"
BEHIND = "other data comes before the PDF in it; open it, save it anew, and put that here"
FORGOTTEN = "its owner was forgotten"
IN_FOLDERS = "it is a folder, which is not read; add --folders to read the files in it"
TOO_DEEP = "it is a folder inside a folder, which is not read; move its files up"
LOCKED = "it is a ZIP protected by a password; unpack it and put the PDFs here"
BAD = "it is a damaged ZIP file; ask for it again"
NESTED = "it is a ZIP inside a ZIP; unpack it and put the PDFs here"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One returned file: what the child says of it, or `refused`.

    `file` is its name, behind the names of the folder, ZIP or PDF that holds it. `digest` is the
    SHA-256 of the PDF, `container` that of the file in the folder. `clean` is the copy without
    private answers, where that was asked for and can be made.
    """

    file: str
    digest: str = ""
    said: dict[str, Any] | None = None
    refused: str = ""
    container: str = ""
    clean: bytes = b""


class TooManyFilesError(Exception):
    """More files than a cohort can send; the text says so."""


class Examiner(Worker):
    """A worker that examines forms; see `pdf.form_examination`."""

    module = "mentorkit.pdf.form_reader_worker"
    stderr = DEVNULL

    def __init__(self, request: Request) -> None:
        super().__init__(Path(), EACH)
        self.request = request.to_json()
        self.private = request.private
        self._told: object = None  # the child that has the request

    def examine(self, pdf: bytes) -> tuple[dict[str, Any], bytes]:
        """Return what the file says, and its clean copy; a file that ends the child is refused."""
        try:
            return self._run(_Pdf(pdf))
        except RenderError:
            return nothing_found(TOO_MUCH) | {"damaged": True}, b""

    def _ask(self, job: Any) -> tuple[dict[str, Any], bytes]:
        assert self._child.stdin and self._child.stdout
        if self._told is not self._child:
            sandbox.write_message(self._child.stdin, {"request": self.request})
            self._told = self._child
        sandbox.write_message(self._child.stdin, {}, job.pdf)
        return sandbox.read_message(self._child.stdout)


@dataclass(frozen=True)
class _Pdf:
    pdf: bytes
    name: str = "a returned file"  # never the file's own: no message can quote it


@dataclass(frozen=True)
class Source:
    """Something to read: its name as it is shown, and what gives its bytes, or why not."""

    name: str
    load: Callable[[], bytes | str]


def readings(
    inbox: Path,
    request: Request,
    *,
    folders: bool = False,
    is_forgotten: Callable[[str], bool] = lambda _: False,
    readers: int = READERS,
) -> list[Reading]:
    """Return a reading of everything in the folder, by name.

    Files for whose digest `is_forgotten` is true are refused unread, as `FORGOTTEN`. Raises
    `TooManyFilesError` before any file is opened.
    """
    sources = list(_sources(inbox, folders))
    if len(sources) > MOST_FILES:
        what = f"the folder holds {len(sources):,} files; the limit is {MOST_FILES:,}"
        raise TooManyFilesError(f"{what} (put other files elsewhere)")
    with ExitStack() as stack:
        idle: Queue[Examiner] = Queue()
        for _ in range(min(readers, len(sources))):
            idle.put(stack.enter_context(Examiner(request)))

        def read(source: Source) -> list[Reading]:
            examiner = idle.get()
            try:
                return list(read_source(source, examiner, is_forgotten))
            finally:
                idle.put(examiner)

        pool = stack.enter_context(ThreadPoolExecutor(max_workers=readers))
        return [reading for found in pool.map(read, sources) for reading in found]


def _sources(inbox: Path, folders: bool) -> Iterator[Source]:
    """Yield the entries of the folder by name, and those one level down where `folders` says so."""
    for entry in _entries(inbox):
        if not (folders and entry.is_dir(follow_symlinks=False)):
            yield _source_of(entry, "", IN_FOLDERS)
            continue
        for inner in _entries(Path(entry.path)):
            yield _source_of(inner, f"{shown(entry.name)}/", TOO_DEEP)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    found = (entry for entry in os.scandir(folder) if not _is_of_the_system(entry.name))
    return sorted(found, key=lambda entry: os.fsencode(entry.name))


def _is_of_the_system(name: str) -> bool:
    return name.startswith(".") or name.lower() in LEFT_BY_SYSTEMS


def _source_of(entry: os.DirEntry[str], before: str, if_folder: str) -> Source:
    """Return an entry as a source. What is no ordinary file gives the reason instead of bytes."""
    reason = ""
    if entry.is_symlink():
        reason = "it is a link, which is not followed; put the file itself here"
    elif entry.is_dir(follow_symlinks=False):
        reason = if_folder
    elif not entry.is_file(follow_symlinks=False):
        reason = "it is not an ordinary file"

    def load() -> bytes | str:
        try:
            return reason or _read_bytes(entry.path)
        except OSError:
            return CHANGED

    return Source(before + shown(entry.name), load)


def read_source(
    source: Source, examiner: Examiner, is_forgotten: Callable[[str], bool]
) -> Iterator[Reading]:
    """Yield the reading of a file; of a ZIP, those of the files in it."""
    data = source.load()
    if isinstance(data, str):
        yield Reading(file=source.name, refused=data)
        return
    digest = hashlib.sha256(data).hexdigest()
    if is_forgotten(digest):
        yield Reading(file=source.name, digest=digest, refused=FORGOTTEN)
    elif data.startswith(ZIP) and not _is_office_file(data):
        for reading in _read_zip(source.name, data, digest, examiner):
            yield _pass_over(reading) if is_forgotten(reading.digest) else reading
    else:
        yield from _read_pdf(source.name, data, digest, examiner)


def _pass_over(reading: Reading) -> Reading:
    return Reading(file=reading.file, digest=reading.digest, refused=FORGOTTEN)


def _read_pdf(name: str, data: bytes, container: str, examiner: Examiner) -> Iterator[Reading]:
    """Yield the reading of a PDF, then those of the PDFs inside it."""
    digest = hashlib.sha256(data).hexdigest()
    if answers := read_web_answers(data, examiner.private):
        refused = answers.get("refused", "")
        yield Reading(file=name, digest=digest, said=answers, refused=refused, container=container)
        return
    if reason := reason_not_a_pdf(data):
        yield Reading(file=name, digest=digest, refused=reason, container=container)
        return
    said, clean = examiner.examine(data)
    inside = said.pop("inside", [])
    refused = said.get("refused", "")
    # The cover of a portfolio says nothing of its own.
    if said["cards"] or not inside:
        yield Reading(
            file=name,
            digest=digest,
            said=said,
            refused=refused,
            container=container,
            clean=clean,
        )
    for item in inside:
        inner = f"{name}/{shown(item['name'])}"
        yield Reading(
            file=inner,
            digest=item["digest"],
            said=item,
            refused=item.get("refused", ""),
            container=container,
        )


def _read_zip(name: str, data: bytes, digest: str, examiner: Examiner) -> Iterator[Reading]:
    """Yield the readings of the files in a ZIP; a refusal where it cannot be opened."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = [part for part in archive.infolist() if not part.is_dir()]
            parts = [part for part in parts if not _is_left_by_a_system(part.filename)]
            if reason := _reason_not_to_unpack(parts):
                yield Reading(file=name, digest=digest, refused=reason, container=digest)
                return
            for part in parts:
                inner = f"{name}/{shown(part.filename)}"
                inside = archive.read(part)
                if inside.startswith(ZIP) and not _is_office_file(inside):
                    yield Reading(file=inner, refused=NESTED, container=digest)
                else:
                    yield from _read_pdf(inner, inside, digest, examiner)
    except BAD_ZIP:
        yield Reading(file=name, digest=digest, refused=BAD, container=digest)


def _reason_not_to_unpack(parts: list[zipfile.ZipInfo]) -> str:
    """Return why a ZIP is not opened; nothing where it is."""
    if any(part.flag_bits & 1 for part in parts):
        return LOCKED
    if not parts:
        return "it is an empty ZIP file"
    sizes = [part.file_size for part in parts]
    if len(parts) > MOST_FILES or max(sizes) > MOST_BYTES or sum(sizes) > MOST_UNPACKED:
        return "it is a ZIP that unpacks to too much; unpack it and put the PDFs here"
    return ""


def _is_left_by_a_system(path: str) -> bool:
    return any(_is_of_the_system(part) for part in path.replace("\\", "/").split("/"))


def _is_office_file(data: bytes) -> bool:
    """Return whether a ZIP is a document of Word, Excel or OpenOffice."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return any(name.lower().startswith(OFFICE) for name in archive.namelist())
    except BAD_ZIP:
        return False


def reason_not_a_pdf(data: bytes) -> str:
    """Return why a file is not read as a PDF; nothing where it is one."""
    if b"%PDF-" in data[:1024]:
        return ""
    if data.startswith(b"%PDF"):
        return DAMAGED
    kind = kind_of(data)
    if b"%PDF-" in data and kind in (A_TEXT, UNKNOWN):
        return BEHIND
    return f"it is not a PDF ({kind}); put the PDF itself here, or read it by eye"


def shown(name: str) -> str:
    """Return a file's name fit to print: control signs and broken letters as their codes."""
    return printable(os.fsencode(name).decode("utf-8", "backslashreplace"))


def _read_bytes(path: str) -> bytes | str:
    """Return the file's bytes, or why they cannot be read."""
    flags = ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY", "O_CLOEXEC")
    how = os.O_RDONLY
    for flag in flags:
        how |= getattr(os, flag, 0)
    with open(os.open(path, how), "rb") as file:  # noqa: PTH123
        before = os.fstat(file.fileno())
        if not stat.S_ISREG(before.st_mode):
            return "it is not an ordinary file"
        if before.st_size > MOST_BYTES:
            return f"it is larger than {MOST_BYTES // 1024**2} MB; ask for it again"
        data = file.read(MOST_BYTES + 1)
        after = os.fstat(file.fileno())
    is_same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    return data if is_same and len(data) == after.st_size else CHANGED


A_TEXT, UNKNOWN = "it is a text", "its kind is not known"


def kind_of(data: bytes) -> str:
    """Return what a file is that is no PDF, in plain words."""
    if not data:
        return "it is empty"
    if data[4:8] == b"ftyp":
        return "it is a picture or a film"
    start = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    found: Iterable[str] = (words for head, words in SORTS if start.startswith(head.lower()))
    word = next(iter(found), "")
    if word:
        return f"it is {word}"
    return UNKNOWN if b"\0" in data[:1000] else A_TEXT
