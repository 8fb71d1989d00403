"""The files in tests/data/problems: for each code what it means, and cases of what is wrong,
reported and fixed.

A file is Markdown. Its first heading is the code, the paragraph below it the meaning. Each second
heading is a case: the files that differ from the small program in `_program`, the lines that
`mentorkit check` prints, and, where the message says how, the files after the fix.
"""

from __future__ import annotations

import base64
import codecs
import re
import shutil
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from paths import DATA

PROBLEMS = DATA / "problems"
PROGRAM = PROBLEMS / "_program"
SILENT = "No problems."
NO_CODE = "none"  # the file of cases in which nothing is wrong
FENCE = re.compile(
    r"(?ms)^(?P<lead>[^\n`]*`(?P<path>[^`\n]+)`[^\n]*|Message):\n\n"
    r"(?P<fence>`{3,})(?P<info>[^\n]*)\n(?P<text>.*?)^(?P=fence)$"
)


@dataclass(frozen=True, eq=False)
class Case:
    """One thing that goes wrong: the files that differ from the small program, and what is
    reported."""

    code: str
    title: str
    files: dict[str, bytes]
    messages: tuple[str, ...]
    fixed: dict[str, bytes] = field(default_factory=dict)
    deleted: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        return f"{self.code}: {self.title}"

    @property
    def is_fixed(self) -> bool:
        """True where the case shows the files after the fix."""
        return bool(self.fixed or self.deleted)

    def files_after_fix(self) -> dict[str, bytes]:
        """Return the files that differ from the small program once the message was followed."""
        kept = {name: data for name, data in self.files.items() if name not in self.deleted}
        return {**kept, **self.fixed}

    def lay_out(self, folder: Path, fixed: bool = False) -> Path:
        """Make the small program with the files of this case over it in `folder`; return it."""
        return lay_out(folder, self.files_after_fix() if fixed else self.files)


def lay_out(folder: Path, files: dict[str, bytes]) -> Path:
    """Make the small program in `folder` with `files` over it; return the folder."""
    shutil.copytree(PROGRAM, folder)
    for name, data in files.items():
        target = folder / name
        for above in reversed(target.relative_to(folder).parents):
            if (folder / above).is_file():  # a folder may be where the program has a file
                (folder / above).unlink()
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return folder


@dataclass(frozen=True)
class CodeFile:
    """One file of tests/data/problems."""

    code: str
    meaning: str
    cases: tuple[Case, ...]


@cache
def code_files() -> dict[str, CodeFile]:
    """Return every file of tests/data/problems under its code."""
    paths = [path for path in sorted(PROBLEMS.glob("*.md")) if path.name != "README.md"]
    return {path.stem: read_code_file(path) for path in paths}


@cache
def cases() -> tuple[Case, ...]:
    """Return the cases of all files, in order."""
    return tuple(case for file in code_files().values() for case in file.cases)


def read_code_file(path: Path) -> CodeFile:
    """Return the meaning and the cases of one file."""
    head, *parts = re.split(r"(?m)^## ", path.read_text("utf-8"))
    title, _, meaning = head.partition("\n")
    assert title == f"# {path.stem}", f"{path.name}: its first line is not # {path.stem}"
    return CodeFile(path.stem, meaning.strip(), tuple(read_case(path.stem, part) for part in parts))


def read_case(code: str, part: str) -> Case:
    """Return the case written below a second heading."""
    title, _, body = part.partition("\n")
    files: dict[str, bytes] = {}
    fixed: dict[str, bytes] = {}
    messages: tuple[str, ...] = ()
    for found in FENCE.finditer(body):
        if found["lead"] == "Message":
            messages = tuple(found["text"].splitlines())
        elif found["lead"].startswith("Fixed"):
            fixed[found["path"]] = decode(found["text"], found["info"])
        else:
            files[found["path"]] = decode(found["text"], found["info"])
    deleted = frozenset(re.findall(r"(?m)^Fixed: delete `([^`]+)`\.$", body))
    assert files and messages, f"{code}: {title}: files or messages are missing"
    return Case(code, title, files, messages, fixed, deleted)


def decode(text: str, info: str) -> bytes:
    """Return the bytes of a file from the text between its fences.

    `info` names its kind, then how it is written: base64; escaped (\\uXXXX for what nobody sees);
    the encoding; no-end where the last line has no line end.
    """
    _, *how = info.split()
    if "base64" in how:
        return base64.b64decode(text)
    if "no-end" in how:
        text = text.removesuffix("\n")
    if "escaped" in how:
        text = re.sub(
            r"\\(?:u([0-9a-f]{4})|U([0-9a-f]{8})|(\\))",
            lambda found: found[3] or chr(int(found[1] or found[2], 16)),
            text,
        )
    encoding = next((word for word in how if _is_encoding(word)), "utf-8")
    return text.encode(encoding)


def _is_encoding(word: str) -> bool:
    try:
        return bool(codecs.lookup(word))
    except LookupError:
        return False
