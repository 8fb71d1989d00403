"""Files to text: ordinary files alone, of a size that is meant to be read, and in UTF-8.

Nothing is guessed.
"""

from __future__ import annotations

import stat
from pathlib import Path

from mentorkit.source.lint import NOT_TEXT
from mentorkit.source.problem import Problem, Span, UnreadableError

MARKS = (b"\xff\xfe", b"\xfe\xff")  # of UTF-16


def take(path: Path, name: str, most: int) -> bytes:
    """The bytes of the file at `path`.

    `UnreadableError` where it is no ordinary file, may not be read, or holds more than `most`
    bytes.
    """
    place = Span(name)
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):  # a pipe or device would block or never end, so it is not opened
            kind = "a folder" if stat.S_ISDIR(mode) else "not an ordinary file"
            raise UnreadableError(Problem(place, "file", f"this is {kind}", "put a text file here"))
        with path.open("rb") as stream:
            data = stream.read(most + 1)
    except FileNotFoundError:
        raise UnreadableError(
            Problem(
                place, "file", "there is no such file", "check the name; a link may lead nowhere"
            )
        ) from None
    except OSError as fault:
        raise UnreadableError(
            Problem(
                place,
                "file",
                f"this file cannot be read: {fault.strerror}",
                "check who may read it",
            )
        ) from None
    if len(data) > most:
        raise UnreadableError(
            Problem(
                place,
                "too-large",
                f"this file is larger than {most // 1024 // 1024} MiB",
                "split it into several files",
            )
        )
    return data


def decode(data: bytes, name: str) -> str:
    """The text of a file in UTF-8, or in UTF-16 with its mark.

    `UnreadableError` for anything else.
    """
    for head, kind in NOT_TEXT:
        if data.startswith(head):
            raise UnreadableError(
                Problem(
                    Span(name),
                    "not-text",
                    f"this is {kind}, not a YAML text file",
                    "open it in its own program and save or paste the text",
                )
            )
    try:
        if data[:2] in MARKS:
            return data.decode("utf-16")
        if data.count(0) > len(data) // 4:
            raise UnreadableError(_no_mark(name))
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise UnreadableError(_not_utf8(data, fault, name)) from None


def _no_mark(name: str) -> Problem:
    return Problem(
        Span(name),
        "not-utf8",
        "this is not plain text, or UTF-16 without a mark",
        "in your editor choose Save As, Encoding: UTF-8",
    )


def _not_utf8(data: bytes, fault: UnicodeDecodeError, name: str) -> Problem:
    """The message for bytes that are not UTF-8, with the character as Windows would show it."""
    if b"\x00" in data[:200] or data[:2] in MARKS:
        return _no_mark(name)
    before = data[: fault.start].replace(b"\r\n", b"\n")
    line = before.count(b"\n") + 1
    column = len(before.rsplit(b"\n", 1)[-1].decode("utf-8-sig", "replace")) + 1
    shown = data[fault.start : fault.start + 1].decode("cp1252", "replace")
    return Problem(
        Span(name, line, column, line, column + 1),
        "not-utf8",
        f"this character is not UTF-8 (“{shown}” in Windows-1252)",
        "in your editor choose Save As, Encoding: UTF-8",
    )
