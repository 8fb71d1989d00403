"""The switch: old or new, whole; nobody else's file is ever lost; and what is said about it is
true.

The crash points are found by counting: a child runs the real writer with every file operation
counted, and at the N-th it is killed, or the operation fails; N grows until a run ends untouched.
Then the folder is looked at, healed, looked at again, and built once more.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import json
import os
import random
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from mentorkit.output import files as disk
from mentorkit.output import writer
from mentorkit.output.manifest import MANIFEST
from mentorkit.output.writer import (
    Artifact,
    DiskError,
    OutputBusyError,
    WriteResult,
    reserve,
    switch,
)

OPERATIONS = (
    "open",
    "write",
    "fsync",
    "close",
    "mkdir",
    "makedirs",
    "rename",
    "replace",
    "unlink",
    "rmdir",
    "listdir",
)
NEEDS_ROOM = ("write", "mkdir", "makedirs", "fsync", "open")
OLD = {
    "workbook.pdf": b"old book" * 50,
    "guide.pdf": b"old guide",
    "worksheets/a.pdf": b"old a",
    "worksheets/gone.pdf": b"gone",
    "gone/only.pdf": b"gone too",
}
NEW = {
    "workbook.pdf": b"new book" * 70,
    "guide.pdf": b"new guide",
    "worksheets/a.pdf": b"new a",
    "worksheets/b.pdf": b"new b",
}
ONLY = {"guide.pdf": b"the guide alone"}
FOREIGN = {
    "packets/manifest.json": b"{}",
    "packets/ana/agreement.pdf": b"Ana's",
    "thesis.docx": b"years of work",
    "worksheets/notes.txt": b"mine",
    "gone/draft.txt": b"mine too",
    "empty/": b"",
}
VERSIONS = {"mentorkit": "1"}
SUMS = {"sessions/one.yaml": "11", "sessions/two.yaml": "22"}


def artifacts(files: dict[str, bytes]) -> list[Artifact]:
    """Every other one is made when its turn comes, as packets are."""
    return [
        Artifact(path, data if number % 2 else lambda data=data: data, ("sessions/one.yaml",))
        for number, (path, data) in enumerate(files.items())
    ]


def put(
    target: Path, files: dict[str, bytes], keep_others: bool = False, **changed: Any
) -> WriteResult:
    return switch(
        target,
        artifacts(files),
        changed.get("versions", VERSIONS),
        keep_others,
        changed.get("sums", SUMS),
    )


def add_foreign(target: Path) -> None:
    for path, data in FOREIGN.items():
        full = target / path
        if path.endswith("/"):
            full.mkdir(parents=True)
        else:
            full.parent.mkdir(parents=True, exist_ok=True)
            full.write_bytes(data)
            os.utime(full, (1_000_000_000, 1_000_000_000))


def ours(target: Path) -> dict[str, bytes]:
    """The files that the folder's manifest names, each proved to be what the manifest says."""
    found = {}
    for told in json.loads((target / MANIFEST).read_text())["files"]:
        data = (target / told["path"]).read_bytes()
        assert (told["bytes"], told["sha256"]) == (len(data), sha256(data).hexdigest()), told[
            "path"
        ]
        found[told["path"]] = data
    return found


def assert_foreign_whole(target: Path, inodes: dict[str, int]) -> None:
    for path, data in FOREIGN.items():
        full = target / path
        assert full.is_dir() if path.endswith("/") else full.read_bytes() == data, path
        assert full.stat().st_ino == inodes[path], f"{path} is another file now"
        assert path.endswith("/") or full.stat().st_mtime == 1_000_000_000, path


# ---- the plain way


def test_a_first_build_makes_the_folder_and_names_every_file(tmp_path: Path) -> None:
    written = put(tmp_path / "build" / "fall", NEW)
    assert ours(tmp_path / "build" / "fall") == NEW
    assert written.made == tuple(NEW) and not written.warnings and not written.kept
    assert sorted(p.name for p in (tmp_path / "build").iterdir()) == [".fall.lock", "fall"]


def test_a_second_build_replaces_what_the_manifest_names_and_nothing_else(tmp_path: Path) -> None:
    put(tmp_path / "fall", OLD)
    add_foreign(tmp_path / "fall")
    inodes = {path: (tmp_path / "fall" / path).stat().st_ino for path in FOREIGN}
    written = put(tmp_path / "fall", NEW)
    assert ours(tmp_path / "fall") == NEW
    assert_foreign_whole(tmp_path / "fall", inodes)
    here = {
        p.relative_to(tmp_path / "fall").as_posix()
        for p in (tmp_path / "fall").rglob("*")
        if p.is_file()
    }
    assert here == {*NEW, MANIFEST, *(path for path in FOREIGN if not path.endswith("/"))}, (
        "an old file stayed, or one was lost"
    )
    assert (
        written.foreign == ("empty", "gone/draft.txt", "thesis.docx", "worksheets/notes.txt")
        and not written.warnings
    )


def test_the_manifest_holds_no_time_and_is_the_same_for_the_same_files(tmp_path: Path) -> None:
    put(tmp_path / "one", NEW)
    time.sleep(0.01)
    put(tmp_path / "two", dict(reversed(NEW.items())))
    first = (tmp_path / "one" / MANIFEST).read_bytes()
    assert first == (tmp_path / "two" / MANIFEST).read_bytes()
    told = json.loads(first)["files"]
    assert [file["path"] for file in told] == sorted(NEW)
    assert set(told[0]) == {"path", "bytes", "sha256", "sources", "versions"}
    assert told[0]["sources"] == {"sessions/one.yaml": "11"}


def test_only_some_keeps_the_others_and_tells_which_are_stale(tmp_path: Path) -> None:
    book = Artifact("workbook.pdf", b"book", ("sessions/one.yaml", "sessions/two.yaml"))
    sheet = Artifact("worksheets/a.pdf", b"sheet", ("sessions/two.yaml",))
    guide = Artifact("guide.pdf", b"guide", ("sessions/one.yaml",))
    switch(tmp_path / "fall", [book, sheet, guide], VERSIONS, False, SUMS)
    again = {**SUMS, "sessions/one.yaml": "changed"}
    written = switch(tmp_path / "fall", [guide], VERSIONS, True, again)
    assert (written.made, written.kept, written.stale) == (
        ("guide.pdf",),
        ("workbook.pdf", "worksheets/a.pdf"),
        ("workbook.pdf",),
    )
    marked = {
        file["path"]
        for file in json.loads((tmp_path / "fall" / MANIFEST).read_text())["files"]
        if file.get("stale")
    }
    assert marked == {"workbook.pdf"} and set(ours(tmp_path / "fall")) == {
        "workbook.pdf",
        "worksheets/a.pdf",
        "guide.pdf",
    }
    assert switch(tmp_path / "fall", [guide], VERSIONS, True, SUMS).stale == (), (
        "the source is as it was, so the book fits again"
    )
    assert switch(tmp_path / "fall", [guide], {"mentorkit": "2"}, True, SUMS).stale == (
        "workbook.pdf",
        "worksheets/a.pdf",
    ), "made by another version"
    assert switch(tmp_path / "fall", [book, sheet, guide], VERSIONS, False, SUMS).stale == ()


FILLED = b"what Ana typed"


def fill_in(target: Path) -> None:
    """What is typed into a form and saved in its place; once with as many bytes as before."""
    for path, data in {
        "worksheets/a.pdf": FILLED,
        "gone/only.pdf": FILLED,
        "guide.pdf": b"OLD GUIDE",
    }.items():
        (target / path).write_bytes(data)


def test_a_file_that_was_filled_in_is_kept_beside_the_new_one_and_told(tmp_path: Path) -> None:
    put(tmp_path / "fall", OLD)
    fill_in(tmp_path / "fall")
    kept = put(tmp_path / "fall", {"workbook.pdf": b"book"}, True)
    assert (
        not kept.warnings and (tmp_path / "fall" / "worksheets" / "a.pdf").read_bytes() == FILLED
    ), "what is not made now stays as it is"
    fill_in(tmp_path / "fall")
    written = put(tmp_path / "fall", NEW)
    assert ours(tmp_path / "fall") == NEW
    assert {
        path: (tmp_path / "fall" / path).read_bytes()
        for path in ("worksheets/a (changed).pdf", "gone/only (changed).pdf", "guide (changed).pdf")
    } == {
        "worksheets/a (changed).pdf": FILLED,
        "gone/only (changed).pdf": FILLED,
        "guide (changed).pdf": b"OLD GUIDE",
    }
    assert len(written.warnings) == 3 and any(
        "worksheets/a.pdf had been changed" in line and "a (changed).pdf" in line
        for line in written.warnings
    )
    (tmp_path / "fall" / "worksheets" / "a.pdf").write_bytes(b"typed again")
    again = put(tmp_path / "fall", NEW)
    assert len(again.warnings) == 1 and "worksheets/a (changed).pdf" in again.foreign
    assert (tmp_path / "fall" / "worksheets" / "a (changed 2).pdf").read_bytes() == b"typed again"


def test_a_table_of_answers_is_replaced_even_if_it_was_changed(tmp_path: Path) -> None:
    """It has no sources; who is to be forgotten must not stay in a copy."""
    switch(tmp_path / "fall", [Artifact("responses.csv", b"Ana", ())], VERSIONS, False, SUMS)
    (tmp_path / "fall" / "responses.csv").write_bytes(b"Ana, with a note")
    switch(tmp_path / "fall", [Artifact("responses.csv", b"", ())], VERSIONS, False, SUMS)
    assert sorted(path.name for path in (tmp_path / "fall").iterdir()) == [
        MANIFEST,
        "responses.csv",
    ]


@pytest.mark.usefixtures("quick_disk")
def test_a_thousand_packets_are_made_one_after_the_other_and_never_stand_in_memory_together(
    tmp_path: Path,
) -> None:
    target = tmp_path / "fall" / "packets"
    alive = [0]

    class Data(bytes):
        def __del__(self) -> None:
            alive[0] -= 1

    def make(number: int) -> bytes:
        assert alive[0] <= 2, "what is written is let go"
        alive[0] += 1
        return Data(number.to_bytes(2, "big") * 50)

    written = switch(
        target,
        [Artifact(f"{n:04}/workbook.pdf", functools.partial(make, n), ()) for n in range(1000)],
        VERSIONS,
        False,
        SUMS,
    )
    assert len(written.made) == 1000 and len(ours(target)) == 1000
    more = switch(target, [Artifact("new/workbook.pdf", b"new", ())], VERSIONS, True, SUMS)
    assert len(more.kept) == 1000 and len(ours(target)) == 1001


def test_many_files_reach_the_disk_in_one_go_before_the_exchange(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Waiting for the disk after each of 26,000 files takes minutes."""
    many = {f"{n}.pdf": b"x" for n in range(disk.MANY + 1)}
    put(tmp_path / "fall", OLD)
    steps: list[str] = []
    monkeypatch.setattr(
        os, "sync", lambda: steps.append(f"sync {len(list((tmp_path / '.fall.new').iterdir()))}")
    )
    with counted(lambda name, _arguments: steps.append(name)):
        put(tmp_path / "fall", many)
    at = steps.index("exchange")
    assert [step for step in steps[:at] if step.startswith("sync")] == [f"sync {len(many) + 2}"], (
        "the files and both manifests"
    )
    assert steps[:at].count("fsync") < 5 and ours(tmp_path / "fall") == many


@pytest.mark.parametrize(
    "fault", [RuntimeError("our own"), OSError(errno.EIO, "bad disk"), KeyboardInterrupt()]
)
def test_what_goes_wrong_while_a_packet_is_made_changes_nothing(
    tmp_path: Path, fault: BaseException
) -> None:
    put(tmp_path / "fall", OLD)

    def break_down() -> bytes:
        raise fault

    with pytest.raises((RuntimeError, DiskError, KeyboardInterrupt)):
        switch(
            tmp_path / "fall",
            [*artifacts(NEW), Artifact("last.pdf", break_down, ())],
            VERSIONS,
            False,
            SUMS,
        )
    assert ours(tmp_path / "fall") == OLD and not (tmp_path / ".fall.new").exists()


def test_the_umask_decides_who_may_read(tmp_path: Path) -> None:
    for mask, file_mode, folder_mode in ((0o022, 0o644, 0o755), (0o077, 0o600, 0o700)):
        before = os.umask(mask)
        try:
            put(tmp_path / str(mask), NEW)
        finally:
            os.umask(before)
        assert (tmp_path / str(mask) / "guide.pdf").stat().st_mode & 0o777 == file_mode
        assert (tmp_path / str(mask) / "worksheets").stat().st_mode & 0o777 == folder_mode


@pytest.mark.parametrize(
    "path", ["../x.pdf", "/x.pdf", "a//b", "a/./b", "packets/x.pdf", MANIFEST, "a\\b", "c:x", ""]
)
def test_a_path_that_leads_out_is_our_own_error(tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match="not paths of output files"):
        put(tmp_path / "fall", {path: b"x"})
    assert not (tmp_path / "fall").exists()


# ---- what is refused, in one line, with nothing changed


def _a_file(folder: Path) -> str:
    (folder / "fall").write_text("mine")
    return "fall is a file"


def _a_link(folder: Path) -> str:
    (folder / "elsewhere").mkdir()
    (folder / "fall").symlink_to(folder / "elsewhere")
    return "fall is a link"


def _a_link_to_nowhere(folder: Path) -> str:
    (folder / "fall").symlink_to(folder / "nowhere")
    return "fall is a link"


def _a_book_of_theirs(folder: Path) -> str:
    (folder / "fall").mkdir()
    (folder / "fall" / "workbook.pdf").write_text("theirs")
    return "workbook.pdf has the name of a file that mentorkit makes"


def _a_folder_with_a_books_name(folder: Path) -> str:
    put(folder / "fall", OLD)
    (folder / "fall" / "workbook.pdf").unlink()
    (folder / "fall" / "workbook.pdf").mkdir()
    return "workbook.pdf has the name of a file that mentorkit makes"


def _a_link_with_a_folders_name(folder: Path) -> str:
    (folder / "elsewhere").mkdir()
    (folder / "fall").mkdir()
    (folder / "fall" / "worksheets").symlink_to(folder / "elsewhere")
    return "worksheets has the name of a file that mentorkit makes"


def _a_foreign_manifest(folder: Path) -> str:
    (folder / "fall").mkdir()
    (folder / "fall" / MANIFEST).write_text('{"files": [{"path": "../../../etc/passwd"}]}')
    return "manifest.json is not one that mentorkit can read"


def _something_at_the_hidden_place(folder: Path) -> str:
    (folder / ".fall.new").write_text("mine")
    return ".fall.new is in the way"


@pytest.mark.parametrize(
    "lay",
    [
        _a_file,
        _a_link,
        _a_link_to_nowhere,
        _a_book_of_theirs,
        _a_folder_with_a_books_name,
        _a_link_with_a_folders_name,
        _a_foreign_manifest,
        _something_at_the_hidden_place,
    ],
)
def test_what_cannot_be_written_to_is_refused_and_left_as_it_was(
    tmp_path: Path, lay: Callable[[Path], str]
) -> None:
    expected = lay(tmp_path)
    before = {
        p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file() and p.name != ".fall.lock"
    }
    with pytest.raises(DiskError) as told:
        put(tmp_path / "fall", NEW)
    assert expected in str(told.value) and "\n" not in str(told.value)
    assert {
        p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file() and p.name != ".fall.lock"
    } == before


def test_a_link_in_the_place_of_one_of_our_files_is_replaced_and_never_followed(
    tmp_path: Path,
) -> None:
    put(tmp_path / "fall", OLD)
    (tmp_path / "treasure").write_text("gold")
    (tmp_path / "fall" / "guide.pdf").unlink()
    (tmp_path / "fall" / "guide.pdf").symlink_to(tmp_path / "treasure")
    put(tmp_path / "fall", NEW)
    assert ours(tmp_path / "fall") == NEW and (tmp_path / "treasure").read_text() == "gold"


def test_a_folder_that_may_not_be_written_to_is_refused_before_anything_is_made(
    tmp_path: Path,
) -> None:
    put(tmp_path / "fall", OLD)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.owner() == tmp_path.owner() and str(folder) != folder.anchor:
            folder.chmod(0o755)
    assert in_child(lambda: put(tmp_path / "fall", NEW), as_nobody=True) == 74
    assert ours(tmp_path / "fall") == OLD


def test_a_file_size_limit_stops_the_build_and_changes_nothing(tmp_path: Path) -> None:
    put(tmp_path / "fall", OLD)

    def build() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        with pytest.raises(DiskError, match="nothing was changed: a file became too large"):
            put(tmp_path / "fall", {"workbook.pdf": b"x" * 200_000})

    assert in_child(build) == 0
    assert ours(tmp_path / "fall") == OLD and not (tmp_path / ".fall.new").exists()


# ---- two at once


def test_of_eight_builds_at_once_one_holds_the_folder_and_seven_hear_it(
    tmp_path: Path, deep: bool
) -> None:
    for turn in range(50 if deep else 5):
        start, tell, end = os.pipe(), os.pipe(), os.pipe()
        children = [
            fork(
                partial(
                    _hold_and_build,
                    tmp_path / "fall",
                    f"{turn} {n}".encode(),
                    start[0],
                    tell[1],
                    end[0],
                )
            )
            for n in range(8)
        ]
        os.write(start[1], b"s" * 8)
        answers = b""
        while len(answers) < 8:
            answers += os.read(tell[0], 8)
        os.write(end[1], b"e")
        codes = sorted(wait(child) for child in children)
        for handle in (*start, *tell, *end):
            os.close(handle)
        assert sorted(answers) == sorted(b"hbbbbbbb"), "exactly one may hold it"
        assert codes == [0] + [75] * 7
        assert list(ours(tmp_path / "fall")) == ["workbook.pdf"]


def _hold_and_build(target: Path, data: bytes, start: int, tell: int, end: int) -> None:
    os.read(start, 1)
    try:
        with reserve(target) as held:
            os.write(tell, b"h")
            os.read(end, 1)
            held.switch(artifacts({"workbook.pdf": data}), VERSIONS, False, SUMS)
    except OutputBusyError as busy:
        assert "another build is writing to" in str(busy)
        os.write(tell, b"b")
        raise


def test_a_worker_that_lives_on_does_not_hold_the_lock(tmp_path: Path) -> None:
    with reserve(tmp_path / "fall"):
        child = fork(lambda: time.sleep(60))
    try:
        put(tmp_path / "fall", NEW)
    finally:
        os.kill(child, signal.SIGKILL)
        wait(child)
    assert ours(tmp_path / "fall") == NEW


# ---- every crash point


class CountingOs:
    """`os` for the writer: every file operation is counted, and `strike` may end it, or the
    process.
    """

    def __init__(self, strike: Callable[[str, tuple[Any, ...]], None]) -> None:
        self.strike, self.inside, self.path = strike, 0, os.path

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)
        return self.counted(name, real) if name in OPERATIONS else real

    def counted(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            self.strike(name, arguments)
            self.inside += 1
            try:
                return real(*arguments, **named)
            finally:
                self.inside -= 1

        return call


@contextlib.contextmanager
def counted(
    strike: Callable[[str, tuple[Any, ...]], None], exchange: bool = True
) -> Iterator[CountingOs]:
    proxy, real = CountingOs(strike), disk.exchange
    disk.os = writer.os = proxy  # type: ignore[attr-defined]
    disk.exchange = proxy.counted("exchange", real if exchange else lambda _one, _other: False)
    try:
        yield proxy
    finally:
        disk.os = writer.os = os  # type: ignore[attr-defined]
        disk.exchange = real


def struck(mode: str, at: int) -> Callable[[str, tuple[Any, ...]], None]:
    """What happens at the N-th operation; the modes `full` and `dead` go on from there."""
    seen = 0

    def strike(name: str, arguments: tuple[Any, ...]) -> None:
        nonlocal seen
        seen += 1
        if seen < at or (seen > at and mode not in ("full", "dead")):
            return
        if mode == "kill":
            if name == "write":
                os.write(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        if mode == "interrupt":
            raise KeyboardInterrupt
        if mode != "full" or name in NEEDS_ROOM:
            number = errno.ENOSPC if mode in ("ENOSPC", "full") else errno.EIO
            raise OSError(number, os.strerror(number))

    strike.count = lambda: seen  # type: ignore[attr-defined]
    return strike


SCENES = {"first": ({}, NEW, False), "again": (OLD, NEW, False), "only": (OLD, ONLY, True)}
MODES = ("kill", "ENOSPC", "EIO", "full", "dead", "interrupt")
FULL_ROUND = (
    "kill",
    "ENOSPC",
)  # in every scene; the others in every scene under --deep, else in the richest


@pytest.fixture
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kill loses nothing that the system already holds, so here nobody has to wait for the disk
    itself.
    """
    monkeypatch.setattr(os, "fsync", lambda _handle: None)


@pytest.mark.usefixtures("quick_disk")
@pytest.mark.parametrize("exchange", [True, False], ids=["exchange", "two renames"])
@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("mode", MODES)
def test_every_crash_point_leaves_old_or_new_and_loses_nothing(
    tmp_path: Path, mode: str, scene: str, exchange: bool, deep: bool
) -> None:
    if mode not in FULL_ROUND and scene != "again" and not deep:
        pytest.skip("under --deep")
    points = 0
    for at in range(1, 1000):
        folder = tmp_path / str(at)
        folder.mkdir()
        ended = crash(folder, mode, scene, exchange, at)
        if ended:
            break
        points = at
    assert points >= 20, "the operations were not counted"


def crash(folder: Path, mode: str, scene: str, exchange: bool, at: int) -> bool:
    """One run that is struck at the `at`-th operation, and everything that must hold after it.

    True if it ended before that.
    """
    old, made, keep = SCENES[scene]
    new = {**old, **made} if keep else made
    target = folder / "fall"
    inodes: dict[str, int] = {}
    if old:
        put(target, old)
        add_foreign(target)
        inodes = {path: (target / path).stat().st_ino for path in FOREIGN}

    def build() -> int:
        strike = struck(mode, at)
        with counted(strike, exchange):
            put(target, made, keep)
        return 100 if strike.count() < at else 0  # type: ignore[attr-defined]

    code = in_child(build)
    assert code in (100, 0, 74, 130, -signal.SIGKILL), code
    seen = ours(target) if (target / MANIFEST).exists() else {}
    said = {0: [new], 100: [new], 74: [old]}.get(code, [old, new])
    if not (
        old and not target.exists() and not exchange and mode in ("kill", "dead")
    ):  # only there may the folder be missing for a moment
        assert seen in said, (
            f"operation {at}: {code} says one thing, the folder another: {sorted(seen)}"
        )
    if code == 74 and mode != "dead" and old:
        assert_foreign_whole(target, inodes)
    with reserve(target):
        pass
    seen = ours(target) if (target / MANIFEST).exists() else {}
    assert seen in (old, new), f"operation {at}: not healed"
    assert code != 0 or seen == new
    if old:
        assert_foreign_whole(target, inodes)
    assert {p.name for p in folder.iterdir()} <= {"fall", ".fall.lock"}, (
        f"operation {at}: left behind"
    )
    put(target, NEW)
    assert ours(target) == NEW
    return code == 100


@pytest.mark.usefixtures("quick_disk")
def test_what_was_filled_in_outlives_every_crash_point(tmp_path: Path) -> None:
    for at in range(1, 1000):
        target = tmp_path / str(at) / "fall"
        target.parent.mkdir()
        put(target, OLD)
        fill_in(target)

        def build(at: int = at, target: Path = target) -> int:
            strike = struck("kill", at)
            with counted(strike, True):
                put(target, NEW)
            return 100 if strike.count() < at else 0  # type: ignore[attr-defined]

        code = in_child(build)
        with reserve(target):
            pass
        assert sorted(path.read_bytes() for path in target.rglob("*.pdf")).count(FILLED) == 2, (
            f"operation {at}"
        )
        if code == 100:
            break
    assert at > 20


def test_no_file_operation_of_the_writer_goes_uncounted(tmp_path: Path) -> None:
    uncounted: list[str] = []
    put(tmp_path / "fall", OLD)
    add_foreign(tmp_path / "fall")
    watching = True
    with counted(lambda _name, _arguments: None) as proxy:

        def watch(event: str, arguments: tuple[Any, ...]) -> None:
            changes = event in (
                "os.rename",
                "os.mkdir",
                "os.remove",
                "os.rmdir",
                "os.link",
                "os.symlink",
                "os.truncate",
                "shutil.rmtree",
                "os.utime",
            )
            opens = (
                event == "open" and isinstance(arguments[0], str) and str(tmp_path) in arguments[0]
            )
            if watching and not proxy.inside and (changes or opens):
                uncounted.append(f"{event} {arguments}")

        sys.addaudithook(watch)
        put(tmp_path / "fall", NEW)
    watching = False
    assert not uncounted


def test_everything_is_on_the_disk_before_the_exchange_and_the_exchange_after_it(
    tmp_path: Path,
) -> None:
    put(tmp_path / "fall", OLD)
    steps: list[tuple[str, str]] = []
    open_at: dict[int, str] = {}
    real_open, real_fsync = os.open, os.fsync

    class Recording(CountingOs):
        def __getattr__(self, name: str) -> Any:
            if name == "open":
                return lambda path, *rest: (
                    handle := real_open(path, *rest),
                    open_at.__setitem__(handle, str(path)),
                )[0]
            if name == "fsync":
                return lambda handle: (
                    steps.append(("fsync", os.path.normpath(open_at[handle]))),
                    real_fsync(handle),
                )[1]
            return super().__getattr__(name)

    with counted(
        lambda name, _arguments: (
            steps.append((name, "")) if name in ("exchange", "unlink") else None
        )
    ):
        disk.os = writer.os = Recording(lambda _name, _arguments: None)  # type: ignore[attr-defined]
        put(tmp_path / "fall", NEW)
    stage = tmp_path / ".fall.new"
    at = steps.index(("exchange", ""))
    synced = [path for name, path in steps[:at] if name == "fsync"]
    assert synced[:2] == [str(stage / MANIFEST), str(stage)], "the manifest first, and its folder"
    assert {str(stage / path) for path in NEW} <= set(synced)
    assert synced[-2:] == [str(stage / "worksheets"), str(stage)], "then the names of the files"
    assert steps[at + 1] == ("fsync", str(tmp_path)), "and the exchange itself"


def test_random_kills_never_leave_a_mixed_folder(tmp_path: Path, deep: bool) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    target, kills = tmp_path / "fall", 1500 if deep else 150
    books = [{f"{n}.pdf": bytes([turn]) * 20_000 for n in range(4)} for turn in range(2)]
    put(target, books[0])
    add_foreign(target)
    inodes = {path: (target / path).stat().st_ino for path in FOREIGN}

    def build_on_and_on() -> None:
        for turn in range(10_000):
            put(target, books[turn % 2])

    for _ in range(kills):
        child = fork(build_on_and_on)
        time.sleep(chance.uniform(0, 0.015))
        os.kill(child, signal.SIGKILL)
        wait(child)
        assert ours(target) in books
    with reserve(target):
        pass
    assert ours(target) in books
    assert_foreign_whole(target, inodes)


# ---- children


def fork(work: Callable[[], Any]) -> int:
    """Run `work` in a child of its own, whose exit code is the one the command line gives."""
    child = os.fork()
    if child:
        return child
    code = 99
    signal.alarm(120)  # no child outlives its test
    try:
        result = work()
        code = result if isinstance(result, int) else 0
    except OutputBusyError:
        code = 75
    except DiskError:
        code = 74
    except KeyboardInterrupt:
        code = 130
    except BaseException as fault:
        os.write(2, f"{type(fault).__name__}: {fault}\n".encode())
    finally:
        os._exit(code)


def wait(child: int) -> int:
    """Its exit code, or the signal that ended it as a negative number."""
    status = os.waitpid(child, 0)[1]
    return os.waitstatus_to_exitcode(status)


def in_child(work: Callable[[], Any], as_nobody: bool = False) -> int:
    def inside() -> Any:
        if as_nobody and os.geteuid() == 0:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
        return work()

    return wait(fork(inside))
