"""Scratch folders for child processes, which leave nothing behind even after a kill.

WeasyPrint copies fonts into the folder for temporary files. Each child gets a folder of its own
there, and its owner holds a lock on a file in it. The system ends the lock together with the owner,
so a folder without a locked file was abandoned, and the next process that needs one removes it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

PREFIX = "mentorkit-"
LOCK = "owner.lock"


class ScratchFolder:
    """A folder for one child's temporary files; `remove` it in the end."""

    def __init__(self) -> None:
        remove_abandoned(Path(tempfile.gettempdir()))
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
        # It gets its name when it is locked, so that no other process sees it unlocked.
        new = self.path / f"{LOCK}.new"
        self._lock = os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        _try_lock(self._lock)
        if os.name == "posix":
            new.rename(self.path / LOCK)

    def remove(self) -> None:
        """Remove the folder with all that is in it; a second call does nothing."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1
        shutil.rmtree(self.path, ignore_errors=True)


def remove_abandoned(parent: Path) -> None:
    """Remove the scratch folders in `parent` whose owners have ended; other users' are left."""
    if os.name != "posix":  # Windows; not tested
        return
    for folder in parent.glob(f"{PREFIX}*"):
        with suppress(OSError):
            if _is_abandoned(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_abandoned(folder: Path) -> bool:
    """Return whether no process holds the lock; OSError where it is not one of ours."""
    if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
        return False
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_NOFOLLOW)
    try:
        return _try_lock(handle)
    finally:
        os.close(handle)


def _try_lock(handle: int) -> bool:
    """Lock a file until the handle is closed; return False where another process holds it."""
    if os.name != "posix":  # Windows; not tested
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
