"""The only writer: makes a folder of files beside its place, then switches it in whole.

`switch` replaces exactly the files that the folder's last manifest names. Whatever else lies there, `packets/` above all, is moved across as it is,
whole, and never deleted; so is a book that somebody filled in where it lay, under a name beside it. A kill at any moment leaves the old files or the
new ones; where other people's files are on their way across at that moment, or the file system cannot exchange two folders in one go, the next start
puts things right (`heal`). The exchange is the point of no return: what fails after it is only a warning.

Beside build/fall stand .fall.lock (empty, stays), .fall.new (the new files; right after the exchange, the old ones), and .fall.old (where exchanging is
not to be had).
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from mentorkit.output import files as disk
from mentorkit.output.manifest import MANIFEST, PACKETS, Entry, as_bytes, is_safe, parse

LEFT_BY_SYSTEMS = (
    "Thumbs.db",
    "desktop.ini",
)  # carried over without a word, as are names that start with a dot
WHY = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your share of the disk is full",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "permission denied",
    errno.ENAMETOOLONG: "a name is too long",
    errno.EFBIG: "a file became too large",
}


class OutputBusyError(Exception):
    """Another build holds the folder."""


class DiskError(Exception):
    """The disk, or a permission, did not let us; the message says what was changed: nothing."""


@dataclass(frozen=True)
class Artifact:
    """One made file: its path below the folder, with /, and the paths of the files it was made from.

    Its bytes, or what makes them when their turn to be written comes: a thousand packets never stand in memory together.
    """

    path: str
    data: bytes | Callable[[], bytes]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class WriteResult:
    """What a switch did.

    `kept` and `stale` come with `keep_others`; stale are those whose sources, or makers, are others by now. `foreign` is
    what others put there and keeps its place (packets are at home there and not named). `warnings` tell what did not
    work after the point of no return.
    """

    made: tuple[str, ...]
    kept: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def switch(
    target: Path,
    artifacts: Sequence[Artifact],
    versions: Mapping[str, str],
    keep_others: bool,
    sums: Mapping[str, str],
) -> WriteResult:
    """Put the artifacts into `target`, whole or not at all; raises `OutputBusyError` or `DiskError`, and then nothing was changed.

    `sums` gives the sha256 of every source as it was read. With `keep_others`, files of the last manifest that are not
    made now stay; without, they go.
    """
    with reserve(target) as held:
        return held.switch(artifacts, versions, keep_others, sums)


@contextmanager
def reserve(target: Path) -> Iterator[OutputFolder]:
    """Hold `target` for one build: refuses at once what could not be written later, and heals what a kill left behind.

    The lock belongs to this process alone and ends with it: a forked worker cannot hold on to it.
    """
    held = OutputFolder(str(target))
    held.refuse_unusable()
    with held.saying_nothing_was_changed():
        os.makedirs(held.parent, exist_ok=True)
        try:
            lock = disk.lock(held.beside("lock"))
        except BlockingIOError:
            raise OutputBusyError(
                f"another build is writing to {target}; try again when it has ended"
            ) from None
    try:
        with held.saying_nothing_was_changed("an interrupted build could not be tidied up"):
            held.heal()
        yield held
    finally:
        with suppress(OSError):
            os.close(lock)


@dataclass(frozen=True)
class OutputFolder:
    """A folder that is held, see `reserve`."""

    target: str
    parent: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parent", os.path.dirname(self.target) or ".")

    def beside(self, word: str) -> str:
        """A hidden path next to the folder, so on the same disk."""
        return os.path.join(self.parent, f".{os.path.basename(self.target)}.{word}")

    def refuse_unusable(self) -> None:
        """`DiskError` where the folder, or the one above it, is a link, a file, a disk of its own, or not ours to write."""
        for folder in (self.parent, self.target):
            if os.path.islink(folder):
                raise DiskError(
                    f"{folder} is a link; mentorkit writes only into real folders (remove the link)"
                )
            if os.path.lexists(folder) and not os.path.isdir(folder):
                raise DiskError(
                    f"{folder} is a file; mentorkit needs a folder there (move the file away)"
                )
            if os.path.isdir(folder) and not os.access(folder, os.W_OK | os.X_OK):
                raise DiskError(f"{folder} cannot be written to; nothing was changed")
        if os.path.ismount(self.target):
            raise DiskError(
                f"{self.target} is a disk of its own and cannot be switched; nothing was changed"
            )

    @contextmanager
    def saying_nothing_was_changed(self, what: str = "nothing was changed") -> Iterator[None]:
        """Any `OSError` inside becomes a `DiskError` that says so."""
        try:
            yield
        except OSError as fault:
            raise DiskError(f"{self.target}: {what}: {_why(fault)}") from fault

    # ---- the switch ------------------------------------------------------------------------------------------------

    def switch(
        self,
        artifacts: Sequence[Artifact],
        versions: Mapping[str, str],
        keep_others: bool,
        sums: Mapping[str, str],
    ) -> WriteResult:
        """See `switch` above."""
        _refuse_our_mistakes(artifacts)
        stage, entries = self.beside("new"), dict[str, Entry]()
        with self.saying_nothing_was_changed():
            old = self.entries_at(self.target)
            kept = self.kept(old, {a.path for a in artifacts}) if keep_others else []
            paths = [*(a.path for a in artifacts), *(entry.path for entry in kept)]
            foreign = self.refuse_what_is_in_the_way(old, paths)
            try:
                disk.stage(
                    stage,
                    paths,
                    self.files(artifacts, kept, versions, sums, entries),
                    lambda: as_bytes(entries.values()),
                )
                left = self.commit(stage)
            except BaseException:  # a signal too; right after the exchange it is the old files that lie there, and `_tidy` knows
                _tidy_quietly(stage, self.target)
                raise
        trouble = _tidy_quietly(left, self.target) if left else []
        return _told(artifacts, [entries[entry.path] for entry in kept], foreign, trouble)

    def entries_at(self, folder: str) -> dict[str, Entry]:
        """What the manifest in `folder` names. `DiskError` where a file of that name is none of ours."""
        path = os.path.join(folder, MANIFEST)
        if not os.path.lexists(path):
            return {}
        entries = _manifest(folder)
        if entries is None:
            raise DiskError(
                f"{path} is not one that mentorkit can read; nothing was changed (move it, or the whole folder, away)"
            )
        return entries

    def kept(self, old: Mapping[str, Entry], made: Set[str]) -> list[Entry]:
        """The files of the last manifest that are on the disk and are not made now."""
        paths = {path: os.path.join(self.target, path) for path in old if path not in made}
        return [
            old[path]
            for path, full in paths.items()
            if os.path.isfile(full) and not os.path.islink(full)
        ]

    def files(
        self,
        artifacts: Sequence[Artifact],
        kept: Sequence[Entry],
        versions: Mapping[str, str],
        sums: Mapping[str, str],
        entries: dict[str, Entry],
    ) -> Iterator[tuple[str, bytes]]:
        """What is to be written, one after the other; the entry of each, brought up to date, goes into `entries`."""
        for artifact in artifacts:
            data = artifact.data if isinstance(artifact.data, bytes) else artifact.data()
            entries[artifact.path] = Entry.of(
                artifact.path, data, {source: sums[source] for source in artifact.sources}, versions
            )
            yield artifact.path, data
        for entry in kept:
            entries[entry.path] = entry.kept(versions, sums)
            yield entry.path, disk.read(os.path.join(self.target, entry.path))

    def refuse_what_is_in_the_way(
        self, old: Mapping[str, Entry], paths: Sequence[str]
    ) -> list[str]:
        """The foreign files and folders; `DiskError` where one of them has the name of a file that is to be made."""
        if not os.path.isdir(self.target):
            return []
        foreign = _foreign(self.target, {*old, MANIFEST})
        for path in foreign:
            if any(name == path or name.startswith(path + "/") for name in (*paths, MANIFEST)):
                raise DiskError(
                    f"{os.path.join(self.target, path)} stands where a book belongs and was not made by mentorkit; nothing was changed (move it away)"
                )
        return foreign

    def commit(self, stage: str) -> str | None:
        """Switch the stage in. Gives the folder where the old files lie now; None where there were none."""
        old: str | None = None
        if not os.path.lexists(self.target):
            os.rename(stage, self.target)
        elif disk.exchange(stage, self.target):
            old = stage
        else:
            old = self.beside("old")
            os.rename(self.target, old)
            try:
                os.rename(stage, self.target)
            except BaseException:
                self.put_back(old)
                raise
        with suppress(OSError):  # past the point of no return
            disk.sync_folder(self.parent)
        return old

    def put_back(self, old: str) -> None:
        """The old files are in their place again."""
        try:
            if not os.path.lexists(self.target):
                os.rename(old, self.target)
        except OSError as fault:
            raise DiskError(
                f"the books of {self.target} lie in {old} and could not be put back ({_why(fault)}); the next build does it"
            ) from fault

    def heal(self) -> None:
        """Finish or undo what an interrupted build left beside the folder."""
        stage, old = self.beside("new"), self.beside("old")
        for left in (stage, old):
            if os.path.islink(left) or os.path.isfile(left):
                raise DiskError(f"{left} is in the way; nothing was changed (move it away)")
        if os.path.isdir(old) and not os.path.lexists(self.target):
            os.rename(old, self.target)
        for left in (stage, old):
            if os.path.isdir(left):
                _tidy(left, self.target)
                if os.path.isdir(left):
                    raise DiskError(
                        f"{left} holds files that could not be put back into {self.target}; nothing was changed (move them away)"
                    )


def _why(fault: OSError) -> str:
    return WHY.get(fault.errno or 0) or fault.strerror or str(fault)


def _told(
    artifacts: Sequence[Artifact],
    kept: Sequence[Entry],
    foreign: Sequence[str],
    trouble: Sequence[str],
) -> WriteResult:
    names = {path: os.path.basename(path) for path in foreign if path != PACKETS}
    shown = tuple(
        path
        for path, name in names.items()
        if not name.startswith(".") and name not in LEFT_BY_SYSTEMS
    )
    stayed, stale = (
        tuple(entry.path for entry in some)
        for some in (kept, [entry for entry in kept if entry.stale])
    )
    return WriteResult(tuple(a.path for a in artifacts), stayed, stale, shown, tuple(trouble))


def _refuse_our_mistakes(artifacts: Sequence[Artifact]) -> None:
    folded = [artifact.path.casefold() for artifact in artifacts]
    wrong = [a.path for a in artifacts if not is_safe(a.path)] or (
        len(set(folded)) < len(folded) and ["two files of one name"]
    )
    if wrong:
        raise ValueError(f"not paths of output files: {wrong}")


# ---- what lies in a folder --------------------------------------------------------------------------------------------


def _manifest(folder: str) -> dict[str, Entry] | None:
    path = os.path.join(folder, MANIFEST)
    return parse(disk.read(path)) if os.path.isfile(path) and not os.path.islink(path) else None


def _foreign(folder: str, ours: Set[str], at: str = "") -> list[str]:
    """What lies in `folder` and is not ours, in the largest whole pieces; links are never followed."""
    found = []
    for name in sorted(os.listdir(os.path.join(folder, at))):
        path = f"{at}/{name}" if at else name
        full = os.path.join(folder, path)
        is_folder = os.path.isdir(full) and not os.path.islink(full)
        if is_folder and any(own.startswith(path + "/") for own in ours):
            found += _foreign(folder, ours, path)
        elif is_folder or path not in ours:
            found.append(path)
    return found


def _tidy(left: str, target: str) -> list[str]:
    """Move what is foreign in `left` over into `target`, and what was changed, which it tells; then delete what is ours, the manifest last, and the folder."""
    entries, told = _manifest(left) or {}, []
    ours = {*entries, MANIFEST}
    for path in _foreign(left, ours):
        new = os.path.join(target, path)
        if not os.path.lexists(new):
            os.makedirs(os.path.dirname(new), exist_ok=True)
            os.rename(os.path.join(left, path), new)
    for path, entry in entries.items():
        if entry.sources and (
            kept := disk.rescue(left, entry, target)
        ):  # tables of answers have none: `forget` must reach them
            told.append(
                f"{os.path.join(target, path)} had been changed since it was made (filled in?); it was kept as {kept}"
            )
    for path in sorted(ours - {MANIFEST}):
        with suppress(FileNotFoundError):
            os.unlink(os.path.join(left, path))
    for folder in sorted({parent for path in ours for parent in disk.parents(path)}, reverse=True):
        with suppress(OSError):  # it holds more, or was never made
            os.rmdir(os.path.join(left, folder))
    if set(os.listdir(left)) <= {MANIFEST}:
        with suppress(FileNotFoundError):
            os.unlink(os.path.join(left, MANIFEST))
        os.rmdir(left)
    return told


def _tidy_quietly(left: str, target: str) -> list[str]:
    """`_tidy`; what did not work becomes a warning, since the next start tries again."""
    try:
        return _tidy(left, target) if os.path.isdir(left) else []
    except OSError as fault:
        return [f"{left} could not be cleared away ({_why(fault)}); the next build does it"]
