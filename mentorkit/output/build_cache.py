"""What need not be made again: a quick look whether anything changed at all, and a worker that remembers what it has made.

The notes stand beside the output (`build/.fresh.json`, `build/.<cohort>.rendered.json`), never in it: they hold times, the output holds none.
The first half runs on the standard library alone and imports nothing heavy.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mentorkit.model.file_kinds import PROGRAM_FOLDERS
from mentorkit.output.manifest import MANIFEST, Entry, parse

if TYPE_CHECKING:
    from mentorkit.edition.field import Place
    from mentorkit.pdf.name_drawings import NameDrawing
    from mentorkit.pdf.worker import Job, Rendered
    from mentorkit.pdf.worker_pool import WorkerPool

NOTE, GUIDE, PLACES = ".fresh.json", "facilitator-guide.pdf", "places"


def describe_request(*options: object) -> str:
    """What a build was asked for, as a text that can be compared."""
    return json.dumps(options, default=list)


def find_unchanged_outputs(folder: Path, asked_for: str) -> list[str]:
    """The outputs of the last build, where it was asked for the same, nothing it read has changed, and all of them still stand; else nothing."""
    note = _read(folder / "build" / NOTE)
    outputs = note.get("outputs") or {}
    same = (
        note.get("asked") == asked_for
        and outputs
        and all(_stat(folder / "build" / path) == stat for path, stat in outputs.items())
    )
    return sorted(outputs) if same and note.get("inputs") == digest_inputs(folder) else []


def save_build_state(folder: Path, asked_for: str, read: str, targets: Iterable[Path]) -> None:
    """Note what this build was asked for, what it read (`inputs`, taken before it began) and what stands there now."""
    build = folder / "build"
    paths = (path for target in targets for path in target.rglob("*") if path.is_file())
    _write(
        build / NOTE,
        {
            "asked": asked_for,
            "inputs": read,
            "outputs": {path.relative_to(build).as_posix(): _stat(path) for path in paths},
        },
    )


def digest_inputs(folder: Path) -> str:
    """A digest of every file that a build may read: the program's bytes, and the kit's own files and libraries."""
    digest = hashlib.sha256(digest_tools().encode())
    for part in PROGRAM_FOLDERS:
        for at, folders, files in os.walk(folder / part):
            folders.sort()
            for name in sorted(files):
                digest.update(os.path.join(at, name).encode("utf-8", "surrogateescape"))
                with suppress(OSError), open(os.path.join(at, name), "rb") as file:
                    digest.update(hashlib.sha256(file.read()).digest())
    return digest.hexdigest()


def digest_tools() -> str:
    """A digest of the kit's own files, by their times, and of the names and versions of what is installed beside it."""
    digest = hashlib.sha256()
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    for at, folders, files in os.walk(here):
        folders[:] = sorted(set(folders) - {"__pycache__", "starter"})
        for name in sorted(files):
            digest.update(f"{name} {_stat(Path(at, name))}".encode())
    found = find_spec("weasyprint")
    beside = Path(found.origin).parent.parent if found and found.origin else Path(here)
    digest.update(
        " ".join(
            sorted(name for name in os.listdir(beside) if name.endswith(".dist-info"))
        ).encode()
    )
    return digest.hexdigest()


def read_page_numbers(
    target: Path, sums: Mapping[str, str]
) -> tuple[dict[str, int], dict[str, int], bool]:
    """The pages of the workbook and of the guide in `target`, by anchor, and whether this workbook was made from files with these sums."""
    known, made = _read(target.parent / f".{target.name}.rendered.json"), dict[str, Entry]()
    with suppress(OSError):
        made = parse((target / MANIFEST).read_bytes()) or {}
    same = {
        path: entry
        for path, entry in made.items()
        if path in known and known[path].get("sha256") == entry.sha256
    }
    book = same.get("workbook.pdf") or same.get("workbook-fillable.pdf")
    fresh = (
        book is not None
        and not book.stale
        and all(sums.get(path) == sha256 for path, sha256 in book.sources)
    )
    return (
        known[book.path]["pages"] if book else {},
        known[GUIDE]["pages"] if GUIDE in same else {},
        fresh,
    )


def read_field_labels(target: Path) -> dict[str, tuple[str, str]]:
    """Label and kind of each field of the workbook made last in `target`, by its name; empty where none was made."""
    known = _read(target.parent / f".{target.name}.rendered.json").get(PLACES)
    return (
        {
            str(name): (str(told[0]), str(told[1]))
            for name, told in known.items()
            if isinstance(told, list) and len(told) == 2
        }
        if isinstance(known, dict)
        else {}
    )


def _stat(path: Path) -> list[int] | None:
    with suppress(OSError):
        seen = path.stat()
        return [seen.st_size, seen.st_mtime_ns]
    return None


def _read(path: Path) -> dict[str, Any]:
    with suppress(OSError, ValueError):
        note = json.loads(path.read_text("utf-8"))
        return note if isinstance(note, dict) else {}
    return {}


def _write(path: Path, note: dict[str, Any]) -> None:
    """A note that cannot be written costs time at the next build, and nothing else."""
    with suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        beside = path.with_name(path.name + ".new")
        beside.write_text(json.dumps(note), "utf-8")
        os.replace(beside, path)


def _checksum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class CachingRenderer:
    """A worker for one cohort's folder that renders only what is not there already; the real ones start when they are first needed.

    What stands there is taken only if it was made from the same HTML, fields and pictures by the same tools, and still has the same bytes.
    """

    def __init__(self, target: Path, pool: WorkerPool, pictures: str) -> None:
        """`pictures` changes when a picture changes that the documents show."""
        self.target, self._pool, self._tools = target, pool, digest_tools() + pictures
        self._note = target.parent / f".{target.name}.rendered.json"
        self._known = _read(self._note)
        self.made = 0  # how many documents were rendered

    def close(self) -> None:
        """End the workers: what is being laid out fails."""
        self._pool.close()

    def render(self, job: Job) -> Rendered:
        """Return the document: what is there already, or rendered now."""
        key = hashlib.sha256(repr((self._tools, job)).encode("utf-8", "surrogatepass")).hexdigest()
        known = self._known.get(job.name) or {}
        if known.get("key") == key:
            with suppress(OSError, KeyError):
                return self._kept(job, known)
        rendered = self._pool.render(job)
        self.made += 1
        if not rendered.complaints:
            known = {"key": key, "pages": rendered.pages, "count": rendered.count}
            self._known[job.name] = {**known, "sha256": _checksum(rendered.pdf)}
            if job.paper_name:
                self._known[job.paper_name] = {**known, "sha256": _checksum(rendered.paper)}
        return rendered

    def _kept(self, job: Job, known: dict[str, Any]) -> Rendered:
        """Return what is there already; KeyError where it is not what was made."""
        from mentorkit.pdf.worker import Rendered

        paper = b""
        if job.paper_name:
            paper = self._file(job.paper_name, self._known[job.paper_name])
        data = self._file(job.name, known)
        return Rendered(
            name=job.name,
            pdf=data,
            pages=known["pages"],
            count=known["count"],
            complaints=(),
            paper=paper,
        )

    def _file(self, name: str, known: dict[str, Any]) -> bytes:
        data = (self.target / name).read_bytes()
        if _checksum(data) != known["sha256"]:
            raise KeyError(name)
        return data

    def draw_names(self, names: Sequence[str]) -> list[NameDrawing]:
        return self._pool.draw_names(names)

    def save(self, places: Iterable[Place]) -> None:
        """Note what was rendered, and what the book calls its places; call it when the files stand in their place."""
        _write(
            self._note,
            {
                **self._known,
                PLACES: {place.name: (place.label, place.kind.value) for place in places},
            },
        )
