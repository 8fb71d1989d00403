"""Write a report of an error of our own, without anything that people wrote.

A traceback's messages quote their input, and its paths name people's folders; so the report holds
only names of our own files, functions, lines and exception types.
"""

from __future__ import annotations

import os
import platform
import re
import traceback
from collections.abc import Collection
from importlib import metadata
from pathlib import Path

from mentorkit import __version__

NAME = "mentorkit-error.txt"
# In a worker's traceback, which is part of a message.
FRAME = re.compile(r'File "([^"\n]+\.py)", line (\d+), in (\w+|<\w+>)$', re.MULTILINE)
LIBRARIES = ("weasyprint", "pydantic", "jinja2", "markdown-it-py", "pikepdf", "click", "pyyaml")


def leave_report(error: BaseException, words: list[str], commands: Collection[str]) -> str:
    """Write the report into the working folder; return a sentence that says so, or why not."""
    text = report(error, words, commands)
    try:
        path = Path.cwd() / NAME
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
        with os.fdopen(os.open(path, flags, 0o644), "w", encoding="utf-8") as file:
            file.write(text)
    except OSError:
        return f"No report could be written here; it happened at {_where(error)}."
    return f"Please send us {NAME}: it says where, and holds none of your texts."


def report(error: BaseException, words: list[str], commands: Collection[str]) -> str:
    """Return the report: versions, the command without its values, and the way to the error."""
    options = [_without_value(word) for word in words[1:]]
    command = words[0] if words and words[0] in commands else "..."
    system = f"{platform.system()} {platform.machine()}"
    lines = [
        f"mentorkit {__version__}, Python {platform.python_version()}, {system}",
        ", ".join(f"{name} {_version(name)}" for name in LIBRARIES),
        " ".join(["mentorkit", command, *options]),
        "",
    ]
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        message = str(link)
        name = f"{type(link).__module__}.{type(link).__qualname__}"
        lines.append(f"{name} (its message, {len(message)} characters, is left out)")
        for frame in traceback.extract_tb(link.__traceback__):
            lines.append(f"    {_file(frame.filename)}:{frame.lineno} in {frame.name}")
        for path, line, function in FRAME.findall(message):
            lines.append(f"    there: {_file(path)}:{line} in {function}")
        link = link.__cause__ or link.__context__
    return "\n".join(lines) + "\n"


def _without_value(word: str) -> str:
    """Return an option without its value; dots for every other word."""
    if not re.fullmatch(r"--?[a-z-]+(=.*)?", word, re.DOTALL):
        return "..."
    return re.sub("=.*", "=...", word, flags=re.DOTALL)


def _where(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{_file(frames[-1].filename)}:{frames[-1].lineno}" if frames else "an unknown place"


def _file(path: str) -> str:
    """Return a path below our package or an installed one; folders above it name people."""
    parts = path.replace("\\", "/").split("/")
    for anchor in ("site-packages", "dist-packages", "mentorkit"):
        if anchor in parts:
            start = len(parts) - 1 - parts[::-1].index(anchor)
            return "/".join(parts[start + (anchor != "mentorkit") :])
    return parts[-1]


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"
