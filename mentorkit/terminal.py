"""Print lines that are safe to print, whatever the terminal can show.

File names and people's names reach these lines. Control characters in them are shown as `\\x1b`,
never sent; letters that the terminal's encoding lacks are shown as codes; and a reader that closed
the pipe does not stop the work.
"""

from __future__ import annotations

import os
import re
import sys
from typing import TextIO

# C0, C1, and the marks that turn the direction of text or break lines unseen.
HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
# Our own punctuation, for terminals that know ASCII or Windows-1252 alone.
PLAIN = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "‘": "'",
        "’": "'",
        "–": "-",
        "—": "-",
        "…": "...",
        "×": "x",
        "›": ">",
        "·": "-",
        "\xa0": " ",
    }
)


def prepare() -> None:
    """Make both streams able to show anything; call once, first."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def print_line(line: str) -> None:
    """Print one line of the result."""
    _print(line, sys.stdout)


def print_error(line: str) -> None:
    """Print one line about what went wrong."""
    _print(line, sys.stderr)


def printable(line: str) -> str:
    """Return the line with every control character and line break shown as its code."""
    return HIDDEN.sub(lambda found: _code(found[0]), line)


def escape_for(text: str, encoding: str) -> str:
    """Return the text as a terminal of this encoding can show it.

    Control characters, and letters that it lacks, are shown as their codes.
    """
    text = printable(text)
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = text.translate(PLAIN).encode(encoding, "backslashreplace").decode(encoding)
    return text


def close() -> None:
    """Send what still waits; a closed pipe or a full disk gives no traceback at the very end."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            _discard(stream)


def _print(line: str, stream: TextIO | None) -> None:
    if stream is None:  # started with the stream closed
        return
    try:
        print(escape_for(line, stream.encoding or "ascii"), file=stream, flush=True)
    except BrokenPipeError:
        _discard(stream)


def _discard(stream: TextIO) -> None:
    """Send all that follows on the stream nowhere, so that the work goes on."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
        stream.flush()
    except (OSError, ValueError):
        pass


def _code(character: str) -> str:
    number = ord(character)
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}"
