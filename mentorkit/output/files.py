"""Write, exchange and lock files and folders, one step of the system at a time."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress

from mentorkit.output.manifest import COMING, MANIFEST, Entry, as_bytes

CAREFUL = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | CAREFUL
MANY = 100  # files; more are synced in one go, since waiting for each takes minutes
LOCK_FILE = os.O_RDWR | os.O_CREAT | CAREFUL


@contextmanager
def for_owner_alone() -> Iterator[None]:
    """Make files and folders that only their owner can read, whatever the umask."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def write_folder(
    folder: str,
    paths: Sequence[str],
    files: Iterable[tuple[str, bytes]],
    manifest: Callable[[], bytes],
) -> None:
    """Make a folder with these files, all of it synced to the disk.

    A manifest of their names is written first: from then on each is known as ours. The true one
    replaces it when all are written.
    """
    os.mkdir(folder)
    names = as_bytes(Entry(path=path, size=0, sha256="") for path in (*paths, COMING))
    write_new(os.path.join(folder, MANIFEST), names)
    sync_folder(folder)
    subfolders = sorted({parent for path in paths for parent in parents(path)})
    for subfolder in subfolders:
        os.mkdir(os.path.join(folder, subfolder))
    sync_each = len(paths) <= MANY or not hasattr(os, "sync")
    for path, data in files:
        write_new(os.path.join(folder, path), data, sync_each)
    write_new(os.path.join(folder, COMING), manifest(), sync_each)
    if not sync_each:
        os.sync()
    os.replace(os.path.join(folder, COMING), os.path.join(folder, MANIFEST))
    for subfolder in (*(reversed(subfolders) if sync_each else ()), "."):
        sync_folder(os.path.join(folder, subfolder))


def write_new(path: str, data: bytes, sync: bool = True) -> None:
    """Write a new file and, with `sync`, wait for the disk. Never follows a link."""
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
    """Return the bytes of a file that is no link."""
    handle = os.open(path, os.O_RDONLY | CAREFUL)
    with open(handle, "rb") as file:
        return file.read()


def rescue(left: str, entry: Entry, target: str) -> str:
    """Move a file of `left` that was changed since it was made into `target`, under a new name.

    Returns that name; empty where the file was not changed.
    """
    path, new = os.path.join(left, entry.path), os.path.join(target, entry.path)
    if not is_changed(path, entry, os.path.join(left, MANIFEST), new):
        return ""
    stem, ending = os.path.splitext(new)
    free, number = f"{stem} (changed){ending}", 1
    while os.path.lexists(free):
        number += 1
        free = f"{stem} (changed {number}){ending}"
    os.makedirs(os.path.dirname(new), exist_ok=True)
    os.rename(path, free)
    return os.path.basename(free)


def is_changed(path: str, entry: Entry, manifest: str, kept: str) -> bool:
    """Return whether a file has other bytes than its entry says, and than the file `kept` has.

    False for links. A file of the right size that is older than the manifest is not read.
    """
    with suppress(OSError):
        found = os.lstat(path)
        is_older = found.st_mtime_ns <= os.stat(manifest).st_mtime_ns
        if not stat.S_ISREG(found.st_mode) or (found.st_size == entry.size and is_older):
            return False
        data = read(path)
        if hashlib.sha256(data).hexdigest() == entry.sha256:
            return False
        return not (os.path.isfile(kept) and read(kept) == data)
    return False


def sync_folder(folder: str) -> None:
    """Wait until the names in the folder are on the disk."""
    if os.name == "nt":  # not tested: folders cannot be synced there
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def exchange(one: str, other: str) -> bool:
    """Exchange two folders in one go; return False where the system or file system cannot."""
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
    """Return a handle that holds the lock until it is closed.

    BlockingIOError where another process holds it. It is a record lock, not flock: a forked child
    does not inherit it, and it works on network disks.
    """
    handle = os.open(path, LOCK_FILE, 0o666)
    try:
        if sys.platform == "win32":  # not tested
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
    """Return the folders above a path, the outermost first: a and a/b for a/b/c."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[: n + 1]) for n in range(len(parts))]
