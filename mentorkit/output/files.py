"""Files and folders, one careful step each: written anew and synced, exchanged, locked. Only `write` uses them."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import count

from mentorkit.output.manifest import COMING, MANIFEST, Entry, as_bytes

CAREFUL = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | CAREFUL
MANY = 100  # files; more are put on the disk in one go, since waiting for each takes minutes
LOCK_FILE = os.O_RDWR | os.O_CREAT | CAREFUL


@contextmanager
def for_owner_alone() -> Iterator[None]:
    """Make files and folders that only their owner can read, whatever the umask."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def stage(
    place: str,
    paths: Sequence[str],
    files: Iterable[tuple[str, bytes]],
    manifest: Callable[[], bytes],
) -> None:
    """A folder with these files, all of it on the disk.

    A manifest of their names goes first: from then on each is known as ours. The true one takes its place when all are written.
    """
    os.mkdir(place)
    write_new(
        os.path.join(place, MANIFEST),
        as_bytes(Entry(path, 0, "", (), ()) for path in (*paths, COMING)),
    )
    sync_folder(place)
    folders = sorted({parent for path in paths for parent in parents(path)})
    for folder in folders:
        os.mkdir(os.path.join(place, folder))
    alone = len(paths) <= MANY or not hasattr(os, "sync")
    for path, data in files:
        write_new(os.path.join(place, path), data, alone)
    write_new(os.path.join(place, COMING), manifest(), alone)
    if not alone:
        os.sync()
    os.replace(os.path.join(place, COMING), os.path.join(place, MANIFEST))
    for folder in (*(reversed(folders) if alone else ()), "."):
        sync_folder(os.path.join(place, folder))


def write_new(path: str, data: bytes, sync: bool = True) -> None:
    """A file that was not there before; with `sync` it is on the disk when this returns. Never follows a link."""
    handle = os.open(path, NEW_FILE, 0o666)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]
        if sync:
            os.fsync(handle)
    finally:
        os.close(handle)


def read(path: str) -> bytes:
    """The bytes of a file that is no link."""
    handle = os.open(path, os.O_RDONLY | CAREFUL)
    with open(handle, "rb") as file:
        return file.read()


def rescue(left: str, entry: Entry, target: str) -> str:
    """Move a file of `left` that was changed since it was made into `target`, beside its new self; gives its name there, or nothing."""
    path, new = os.path.join(left, entry.path), os.path.join(target, entry.path)
    if not changed(path, entry, os.path.join(left, MANIFEST), new):
        return ""
    stem, ending = os.path.splitext(new)
    free = next(
        name
        for n in count(1)
        if not os.path.lexists(name := f"{stem} (changed{f' {n}' * (n > 1)}){ending}")
    )
    os.makedirs(os.path.dirname(new), exist_ok=True)
    os.rename(path, free)
    return os.path.basename(free)


def changed(path: str, entry: Entry, manifest: str, kept: str) -> bool:
    """True for a file, no link, with other bytes than its entry says, and than `kept` has. Only what is newer than the manifest is read."""
    with suppress(OSError):
        seen = os.lstat(path)
        if (
            not stat.S_ISREG(seen.st_mode)
            or seen.st_size == entry.bytes
            and seen.st_mtime_ns <= os.stat(manifest).st_mtime_ns
        ):
            return False
        data = read(path)
        return hashlib.sha256(data).hexdigest() != entry.sha256 and not (
            os.path.isfile(kept) and read(kept) == data
        )
    return False


def sync_folder(folder: str) -> None:
    """The folder's names are on the disk when this returns."""
    if os.name == "nt":  # not tested: folders cannot be synced there
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def exchange(one: str, other: str) -> bool:
    """Exchange two folders in one go. False where this system or file system cannot."""
    import ctypes

    if os.name == "nt":
        return False
    libc = ctypes.CDLL(None)
    first, second = os.fsencode(one), os.fsencode(other)
    if sys.platform == "darwin":  # not tested; 2 is RENAME_SWAP
        return hasattr(libc, "renamex_np") and libc.renamex_np(first, second, 2) == 0
    here, swap = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    return hasattr(libc, "renameat2") and libc.renameat2(here, first, here, second, swap) == 0


def lock(path: str) -> int:
    """A handle that holds the lock until it is closed; `BlockingIOError` where another process holds it.

    A record lock, not flock: a forked child does not inherit it, and it works on network disks.
    """
    handle = os.open(path, LOCK_FILE, 0o666)
    try:
        if os.name == "nt":  # not tested
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except PermissionError:  # another name of the same answer on some systems
        os.close(handle)
        raise BlockingIOError from None
    except BaseException:
        os.close(handle)
        raise
    return handle


def parents(path: str) -> list[str]:
    """The folders above a path, the outermost first: a and a/b for a/b/c."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[: n + 1]) for n in range(len(parts))]
