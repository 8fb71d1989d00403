"""The only writer of outputs: makes a folder of files beside its place, then switches it in whole.

`switch` replaces exactly the files that the folder's last manifest names. All other files, and
`packets/`, are moved across as they are, whole, and never deleted. So is a book that was filled in
where it was; it gets a new name. A kill at any moment leaves the old files or the new ones. Where
other people's files are on their way across at that moment, or the file system cannot exchange two
folders in one go, the next start finishes the work (`recover`). The exchange is the point of no
return: what fails after it is only a warning.

Beside build/fall there are .fall.lock (empty, it stays), .fall.new (the new files; right after the
exchange, the old ones), and .fall.old (where folders cannot be exchanged).
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

# Carried over without a message, as are names that start with a dot.
LEFT_BY_SYSTEMS = ("Thumbs.db", "desktop.ini")
REASONS = {
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
    """The disk or a permission prevents the work; the message says that nothing was changed."""


@dataclass(frozen=True)
class Artifact:
    """One made file: its path below the folder, with /, and the paths of its sources.

    `data`: its bytes, or what makes them when they are written, so that a thousand packets are
    never in memory together.
    """

    path: str
    data: bytes | Callable[[], bytes]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class WriteResult:
    """What a switch did, as paths.

    `kept` and `stale` come with `keep_others`; the sources or makers of stale files are others by
    now. `foreign` are other people's files, which stay; packets have their own folder there and are
    not named. `warnings` say what failed after the point of no return.
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
    """Put the artifacts into `target`, whole or not at all.

    `sums` gives the SHA-256 of every source as it was read. With `keep_others`, files of the last
    manifest that are not made now stay; without, they are deleted. Raises OutputBusyError or
    DiskError; then nothing was changed.
    """
    with reserve(target) as folder:
        return folder.switch(artifacts, versions, keep_others, sums)


@contextmanager
def reserve(target: Path) -> Iterator[OutputFolder]:
    """Hold `target` for one build, and finish what an interrupted build left.

    Raises at once what would prevent writing later. The lock belongs to this process alone and ends
    with it: a forked worker cannot hold it.
    """
    folder = OutputFolder(str(target))
    folder.refuse_unusable()
    with folder.explain_errors():
        os.makedirs(folder.parent, exist_ok=True)
        try:
            lock = disk.lock(folder.beside("lock"))
        except BlockingIOError:
            raise OutputBusyError(
                f"another build is writing to {target}; try again when it has ended"
            ) from None
    try:
        with folder.explain_errors("an interrupted build could not be tidied up"):
            folder.recover()
        yield folder
    finally:
        with suppress(OSError):
            os.close(lock)


@dataclass(frozen=True)
class OutputFolder:
    """A folder that is held for one build, see `reserve`."""

    target: str
    parent: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parent", os.path.dirname(self.target) or ".")

    def beside(self, ending: str) -> str:
        """Return a hidden path next to the folder, so on the same disk."""
        return os.path.join(self.parent, f".{os.path.basename(self.target)}.{ending}")

    def refuse_unusable(self) -> None:
        """Raise DiskError where the folder, or the one above it, cannot be written to.

        It may be a link, a file, a disk of its own, or not ours to write.
        """
        for folder in (self.parent, self.target):
            if os.path.islink(folder):
                reason = "is a link; mentorkit writes only into real folders (remove the link)"
                raise DiskError(f"{folder} {reason}")
            if os.path.lexists(folder) and not os.path.isdir(folder):
                reason = "is a file; mentorkit needs a folder there (move the file away)"
                raise DiskError(f"{folder} {reason}")
            if os.path.isdir(folder) and not os.access(folder, os.W_OK | os.X_OK):
                raise DiskError(f"{folder} cannot be written to; nothing was changed")
        if os.path.ismount(self.target):
            reason = "is a disk of its own and cannot be switched; nothing was changed"
            raise DiskError(f"{self.target} {reason}")

    @contextmanager
    def explain_errors(self, what: str = "nothing was changed") -> Iterator[None]:
        """Turn an OSError inside into a DiskError that says `what`."""
        try:
            yield
        except OSError as error:
            raise DiskError(f"{self.target}: {what}: {_reason(error)}") from error

    # ---- the switch --------------------------------------------------------------------------

    def switch(
        self,
        artifacts: Sequence[Artifact],
        versions: Mapping[str, str],
        keep_others: bool,
        sums: Mapping[str, str],
    ) -> WriteResult:
        """Put the artifacts into the folder; see `switch` above."""
        _refuse_our_mistakes(artifacts)
        stage, entries = self.beside("new"), dict[str, Entry]()
        with self.explain_errors():
            old = self._entries_of_last()
            kept = self._kept_entries(old, {a.path for a in artifacts}) if keep_others else []
            paths = [*(a.path for a in artifacts), *(entry.path for entry in kept)]
            foreign = self._require_free(old, paths)
            files = self._files(artifacts, kept, versions, sums, entries)
            try:
                disk.write_folder(stage, paths, files, lambda: as_bytes(entries.values()))
                left = self._commit(stage)
            except BaseException:
                # A signal, too. Right after the exchange the stage holds the old files, which
                # `_tidy` can tell by the manifest.
                _tidy_quietly(stage, self.target)
                raise
        warnings = _tidy_quietly(left, self.target) if left else []
        return WriteResult(
            made=tuple(artifact.path for artifact in artifacts),
            kept=tuple(entry.path for entry in kept),
            stale=tuple(entry.path for entry in kept if entries[entry.path].stale),
            foreign=tuple(path for path in foreign if _is_worth_a_warning(path)),
            warnings=tuple(warnings),
        )

    def _entries_of_last(self) -> dict[str, Entry]:
        """Return what the manifest names; DiskError where a file of its name is not ours."""
        path = os.path.join(self.target, MANIFEST)
        if not os.path.lexists(path):
            return {}
        entries = _read_manifest(self.target)
        if entries is None:
            reason = "is not one that mentorkit can read; nothing was changed"
            raise DiskError(f"{path} {reason} (move it, or the whole folder, away)")
        return entries

    def _kept_entries(self, old: Mapping[str, Entry], made: Set[str]) -> list[Entry]:
        """Return the files of the last manifest that are on the disk and are not made now."""
        return [
            entry
            for path, entry in old.items()
            if path not in made and _is_plain_file(os.path.join(self.target, path))
        ]

    def _files(
        self,
        artifacts: Sequence[Artifact],
        kept: Sequence[Entry],
        versions: Mapping[str, str],
        sums: Mapping[str, str],
        entries: dict[str, Entry],
    ) -> Iterator[tuple[str, bytes]]:
        """Yield path and bytes of each file to write; put its entry into `entries`."""
        for artifact in artifacts:
            data = artifact.data if isinstance(artifact.data, bytes) else artifact.data()
            sources = {source: sums[source] for source in artifact.sources}
            entries[artifact.path] = Entry.from_data(artifact.path, data, sources, versions)
            yield artifact.path, data
        for entry in kept:
            entries[entry.path] = entry.refresh(versions, sums)
            yield entry.path, disk.read(os.path.join(self.target, entry.path))

    def _require_free(self, old: Mapping[str, Entry], paths: Sequence[str]) -> list[str]:
        """Return the foreign files and folders.

        DiskError where one of them has the name of a file that will be made.
        """
        if not os.path.isdir(self.target):
            return []
        foreign = _find_foreign(self.target, {*old, MANIFEST})
        for path in foreign:
            if any(name == path or name.startswith(path + "/") for name in (*paths, MANIFEST)):
                reason = "has the name of a file that mentorkit makes and was not made by it"
                where = os.path.join(self.target, path)
                raise DiskError(f"{where} {reason}; nothing was changed (move it away)")
        return foreign

    def _commit(self, stage: str) -> str | None:
        """Switch the stage in; return the folder with the old files, None where there are none."""
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
                self._put_back(old)
                raise
        with suppress(OSError):  # past the point of no return
            disk.sync_folder(self.parent)
        return old

    def _put_back(self, old: str) -> None:
        """Put the old files back into their place."""
        try:
            if not os.path.lexists(self.target):
                os.rename(old, self.target)
        except OSError as error:
            what = f"the books of {self.target} are in {old} and could not be put back"
            raise DiskError(f"{what} ({_reason(error)}); the next build does it") from error

    def recover(self) -> None:
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
                    what = f"{left} holds files that could not be put back into {self.target}"
                    raise DiskError(f"{what}; nothing was changed (move them away)")


def _reason(error: OSError) -> str:
    return REASONS.get(error.errno or 0) or error.strerror or str(error)


def _refuse_our_mistakes(artifacts: Sequence[Artifact]) -> None:
    """Raise ValueError for paths that are not safe, and for two files of one name."""
    wrong = [artifact.path for artifact in artifacts if not is_safe(artifact.path)]
    names = {artifact.path.casefold() for artifact in artifacts}
    if not wrong and len(names) < len(artifacts):
        wrong = ["two files of one name"]
    if wrong:
        raise ValueError(f"not paths of output files: {wrong}")


# ---- what is in a folder -------------------------------------------------------------------------


def _is_worth_a_warning(path: str) -> bool:
    """Return whether a foreign file is named: systems leave some, and packets are expected."""
    name = os.path.basename(path)
    return path != PACKETS and not name.startswith(".") and name not in LEFT_BY_SYSTEMS


def _is_plain_file(path: str) -> bool:
    return os.path.isfile(path) and not os.path.islink(path)


def _read_manifest(folder: str) -> dict[str, Entry] | None:
    path = os.path.join(folder, MANIFEST)
    return parse(disk.read(path)) if _is_plain_file(path) else None


def _find_foreign(folder: str, ours: Set[str], below: str = "") -> list[str]:
    """Return what is in `folder` and not ours, in the largest whole pieces.

    Links are never followed.
    """
    found = []
    for name in sorted(os.listdir(os.path.join(folder, below))):
        path = f"{below}/{name}" if below else name
        full = os.path.join(folder, path)
        is_folder = os.path.isdir(full) and not os.path.islink(full)
        if is_folder and any(own.startswith(path + "/") for own in ours):
            found += _find_foreign(folder, ours, path)
        elif is_folder or path not in ours:
            found.append(path)
    return found


def _tidy(left: str, target: str) -> list[str]:
    """Empty and remove the folder `left`; return warnings.

    What is foreign, or was changed since it was made, is moved into `target`. What is ours is
    deleted, the manifest last, and then the folder.
    """
    entries = _read_manifest(left) or {}
    ours = {*entries, MANIFEST}
    for path in _find_foreign(left, ours):
        new = os.path.join(target, path)
        if not os.path.lexists(new):
            os.makedirs(os.path.dirname(new), exist_ok=True)
            os.rename(os.path.join(left, path), new)
    warnings = []
    for entry in entries.values():
        # Tables of answers have no sources and are never kept: `forget` must reach them.
        if entry.sources and (kept := disk.rescue(left, entry, target)):
            path = os.path.join(target, entry.path)
            why = "had been changed since it was made (filled in?)"
            warnings.append(f"{path} {why}; it was kept as {kept}")
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
    return warnings


def _tidy_quietly(left: str, target: str) -> list[str]:
    """Do `_tidy`; a failure becomes a warning, since the next start tries again."""
    try:
        return _tidy(left, target) if os.path.isdir(left) else []
    except OSError as error:
        return [f"{left} could not be cleared away ({_reason(error)}); the next build does it"]
