"""Decide what need not be made again.

First a quick look at whether anything changed since the last build, with the standard library alone
and without heavy imports; then a renderer that keeps what it has made. Both keep notes beside the
output (`build/.fresh.json`, `build/.<cohort>.rendered.json`), never in it: they hold times, the
output holds none.
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

from mentorkit.output.manifest import MANIFEST, Entry, parse

if TYPE_CHECKING:
    from mentorkit.edition.field import Place
    from mentorkit.pdf.name_drawings import NameDrawing
    from mentorkit.pdf.worker import Job, Rendered
    from mentorkit.pdf.worker_pool import WorkerPool

# `PROGRAM_FOLDERS` of the kinds of files, whose import would take longer than the quick look.
PROGRAM = ("curriculum", "sessions", "case_studies", "worksheets", "cohorts")
NOTE, GUIDE, PLACES = ".fresh.json", "facilitator-guide.pdf", "places"
BOOKS = ("workbook.pdf", "workbook-fillable.pdf")


def describe_request(*options: object) -> str:
    """Return the options of a build as a text that can be compared."""
    return json.dumps(options, default=list)


def find_unchanged_outputs(folder: Path, request: str) -> list[str]:
    """Return the outputs of the last build where a new one would make the same, else nothing.

    The last build must have had the same request, and neither what it read nor an output changed.
    """
    note = _read_note(folder / "build" / NOTE)
    outputs = note.get("outputs") or {}
    if note.get("asked") != request:
        return []
    if any(_state(folder / "build" / path) != state for path, state in outputs.items()):
        return []
    return sorted(outputs) if note.get("inputs") == digest_inputs(folder) else []


def save_build_state(folder: Path, request: str, inputs: str, targets: Iterable[Path]) -> None:
    """Note what a build was asked for, what it read, and what is in its `targets` now.

    `inputs`: from `digest_inputs` before the build began.
    """
    build = folder / "build"
    paths = (path for target in targets for path in target.rglob("*") if path.is_file())
    outputs = {path.relative_to(build).as_posix(): _state(path) for path in paths}
    _write_note(build / NOTE, {"asked": request, "inputs": inputs, "outputs": outputs})


def digest_inputs(folder: Path) -> str:
    """Return a digest of every file that a build may read, and of the kit and its libraries."""
    digest = hashlib.sha256(digest_tools().encode())
    for part in PROGRAM:
        for parent, folders, files in os.walk(folder / part):
            folders.sort()
            for name in sorted(files):
                path = Path(parent, name)
                digest.update(str(path).encode("utf-8", "surrogateescape"))
                with suppress(OSError):
                    digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def digest_tools() -> str:
    """Return a digest of the kit's own files, by their times, and of the installed versions."""
    digest = hashlib.sha256()
    kit = Path(__file__).resolve().parents[1]
    for parent, folders, files in os.walk(kit):
        folders[:] = sorted(set(folders) - {"__pycache__", "starter"})
        for name in sorted(files):
            digest.update(f"{name} {_state(Path(parent, name))}".encode())
    found = find_spec("weasyprint")
    libraries = Path(found.origin).parents[1] if found and found.origin else kit
    names = [path.name for path in libraries.iterdir() if path.name.endswith(".dist-info")]
    digest.update(" ".join(sorted(names)).encode())
    return digest.hexdigest()


def read_page_numbers(
    target: Path, sums: Mapping[str, str]
) -> tuple[dict[str, int], dict[str, int], bool]:
    """Return the pages of the workbook and of the guide in `target`, by anchor.

    The third value says whether that workbook was made from files with these checksums.
    """
    known, made = _read_note(_note_of(target)), dict[str, Entry]()
    with suppress(OSError):
        made = parse((target / MANIFEST).read_bytes()) or {}
    pages = {
        path: known[path]["pages"]
        for path, entry in made.items()
        if path in known and known[path].get("sha256") == entry.sha256
    }
    book = next((path for path in BOOKS if path in pages), None)
    guide_pages = pages.get(GUIDE, {})
    if book is None:
        return {}, guide_pages, False
    entry = made[book]
    is_fresh = not entry.stale and all(sums.get(path) == sum_ for path, sum_ in entry.sources)
    return pages[book], guide_pages, is_fresh


def read_field_labels(target: Path) -> dict[str, tuple[str, str]]:
    """Return label and kind of each field of the workbook made last in `target`, by its name."""
    known = _read_note(_note_of(target)).get(PLACES)
    if not isinstance(known, dict):
        return {}
    return {
        str(name): (str(values[0]), str(values[1]))
        for name, values in known.items()
        if isinstance(values, list) and len(values) == 2
    }


class CachingRenderer:
    """Renders for one cohort's folder only what is not there already.

    A file is taken from there only if it was made from the same HTML, fields and pictures by the
    same tools, and still has the same bytes. Workers start when they are first needed.
    """

    def __init__(self, target: Path, pool: WorkerPool, pictures: str) -> None:
        """`pictures` changes when a picture changes that the documents show."""
        self.target, self._pool, self._tools = target, pool, digest_tools() + pictures
        self._note = _note_of(target)
        self._known = _read_note(self._note)
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

    def draw_names(self, names: Sequence[str]) -> list[NameDrawing]:
        """Return a drawing for each name; see `Worker.draw_names`."""
        return self._pool.draw_names(names)

    def save(self, places: Iterable[Place]) -> None:
        """Note what was rendered and the fields of the book, once the files are in their place."""
        fields = {place.name: (place.label, place.kind.value) for place in places}
        _write_note(self._note, {**self._known, PLACES: fields})

    def _kept(self, job: Job, known: dict[str, Any]) -> Rendered:
        """Return what is there already; KeyError where it is not what was made."""
        from mentorkit.pdf.worker import Rendered

        paper = b""
        if job.paper_name:
            paper = self._read(job.paper_name, self._known[job.paper_name])
        return Rendered(
            name=job.name,
            pdf=self._read(job.name, known),
            pages=known["pages"],
            count=known["count"],
            complaints=(),
            paper=paper,
        )

    def _read(self, name: str, known: dict[str, Any]) -> bytes:
        data = (self.target / name).read_bytes()
        if _checksum(data) != known["sha256"]:
            raise KeyError(name)
        return data


def _checksum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _state(path: Path) -> list[int] | None:
    """Return size and time of a file; None where there is none."""
    with suppress(OSError):
        found = path.stat()
        return [found.st_size, found.st_mtime_ns]
    return None


def _note_of(target: Path) -> Path:
    return target.with_name(f".{target.name}.rendered.json")


def _read_note(path: Path) -> dict[str, Any]:
    with suppress(OSError, ValueError):
        note = json.loads(path.read_text("utf-8"))
        return note if isinstance(note, dict) else {}
    return {}


def _write_note(path: Path, note: dict[str, Any]) -> None:
    """Write a note; where that fails, the next build takes longer, nothing else."""
    with suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        new = path.with_name(path.name + ".new")
        new.write_text(json.dumps(note), "utf-8")
        new.replace(path)
