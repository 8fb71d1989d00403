"""The report of an error of our own: where in the code it happened, and nothing of what anybody wrote.

A traceback's messages quote their input, and its paths name people's folders; so only names of our own files, functions,
lines and exception types go in.
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
ELSEWHERE = re.compile(
    r'File "([^"\n]+\.py)", line (\d+), in (\w+|<\w+>)$', re.MULTILINE
)  # a worker's traceback, carried in a message
LIBRARIES = ("weasyprint", "pydantic", "jinja2", "markdown-it-py", "pikepdf", "click", "pyyaml")


def leave_report(fault: BaseException, words: list[str], commands: Collection[str]) -> str:
    """Write the report into the working folder; the sentence that tells where, or that it could not be written."""
    text = report(fault, words, commands)
    try:
        path = Path.cwd() / NAME
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
        with os.fdopen(os.open(path, flags, 0o644), "w", encoding="utf-8") as file:
            file.write(text)
    except OSError:
        return f"No report could be written here; it happened at {_place(fault)}."
    return f"Please send us {NAME}: it tells where, and holds none of your texts."


def report(fault: BaseException, words: list[str], commands: Collection[str]) -> str:
    """The whole report: versions, the command without its values, and the way to the error."""
    options = [
        re.sub("=.*", "=...", word) if re.fullmatch(r"--?[a-z-]+(=.*)?", word, re.DOTALL) else "..."
        for word in words[1:]
    ]
    command = words[0] if words and words[0] in commands else "..."
    lines = [
        f"mentorkit {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}",
        ", ".join(f"{name} {_version(name)}" for name in LIBRARIES),
        " ".join(["mentorkit", command, *options]),
        "",
    ]
    seen: set[int] = set()
    link: BaseException | None = fault
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        lines.append(
            f"{type(link).__module__}.{type(link).__qualname__} (its message, {len(str(link))} characters, is left out)"
        )
        lines += [
            f"    {_file(frame.filename)}:{frame.lineno} in {frame.name}"
            for frame in traceback.extract_tb(link.__traceback__)
        ]
        lines += [
            f"    there: {_file(path)}:{line} in {name}"
            for path, line, name in ELSEWHERE.findall(str(link))
        ]
        link = link.__cause__ or link.__context__
    return "\n".join(lines) + "\n"


def _place(fault: BaseException) -> str:
    frames = traceback.extract_tb(fault.__traceback__)
    return f"{_file(frames[-1].filename)}:{frames[-1].lineno}" if frames else "an unknown place"


def _file(path: str) -> str:
    """The path from our package or an installed one on, without the folders above, which name people."""
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
