"""Pictures that can be printed: found, whole, not too large, and nothing in them that runs or
reaches out."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from mentorkit.model.validation_errors import did_you_mean
from mentorkit.program.library import Library
from mentorkit.program.walk import blocks_of
from mentorkit.source.problem import Problem, Span, warning

PICTURES = "curriculum/pictures"
LARGEST, MOST_PIXELS = 20 * 1024 * 1024, 50_000_000
ENDINGS = {".svg", ".png", ".jpg", ".jpeg"}
OPENING = re.compile(
    r"(?:an?\s+|the\s+)?(?:image|picture|photo|photograph|graphic|drawing|illustration|icon|screenshot)\s+(?:of|showing)\s+(?=\w)",
    re.IGNORECASE,
)
# What a drawing of ours never needs: what could run, reach out, or grow without end.
IN_SVG = re.compile(
    rb"<!DOCTYPE|<!ENTITY|<script|<foreignObject|@import|\bon[a-z]+\s*=|(?:href|src)\s*=\s*[\"'](?!#)|url\(\s*[\"']?(?!#)",
    re.IGNORECASE,
)


def printable(library: Library) -> Iterator[Problem]:
    """A picture is an SVG, PNG or JPEG file in curriculum/pictures, not too large, and its name is
    spelled as the file's."""
    folder = library.folder / PICTURES
    for file, path, block in blocks_of(library):
        if block.picture:
            yield from _picture(
                folder, PICTURES, block.picture.file, file.span(*path, "picture", "file")
            )
    for cohort in library.cohorts.values():
        if cohort.model.logo:
            mine = f"cohorts/{cohort.name}"
            yield from _picture(library.folder / mine, mine, cohort.model.logo, cohort.span("logo"))


def described(library: Library) -> Iterator[Problem]:
    """A picture's text alternative says what one sees: three words or more, not the file's name,
    and not that it is a picture."""
    for file, path, block in blocks_of(library):
        if block.picture:
            alt, place = block.picture.alt, file.span(*path, "picture", "alt")
            if opening := OPENING.match(alt):
                rest = alt[opening.end() :]
                yield warning(
                    place,
                    "alt",
                    f"the text alternative begins with “{opening[0].strip()}”, which screen "
                    "readers say anyway",
                    f"write: {rest[:1].upper()}{rest[1:]}",
                )
            elif (
                alt.lower() in (block.picture.file.lower(), Path(block.picture.file).stem.lower())
                or Path(alt).suffix.lower() in ENDINGS
            ):
                yield warning(
                    place,
                    "alt",
                    "the text alternative is a file’s name",
                    "say in a sentence what one sees",
                )
            elif len(alt.split()) < 3:
                yield warning(
                    place,
                    "alt",
                    f"“{alt}” is short for a text alternative",
                    "say in a sentence what one sees, and what it is here for",
                )


def _picture(folder: Path, shown: str, name: str, span: Span) -> Iterator[Problem]:
    path = folder / name
    if "/" in name or "\\" in name or name.startswith("."):
        yield Problem(
            span,
            "picture",
            f'"{name}" is outside the pictures\' folder',
            f"put the file into {shown}/ and write its name alone",
        )
        return
    present = (
        {
            found.name
            for found in folder.glob("*")
            if found.suffix.lower() in ENDINGS or found.name == name
        }
        if folder.is_dir()
        else set()
    )
    if name not in present:
        other = next((found for found in sorted(present) if found.lower() == name.lower()), "")
        hint = (
            f'there is "{other}"; capital letters count'
            if other
            else did_you_mean(name, present) or f"put it into {shown}/"
        )
        yield Problem(span, "picture", f'there is no picture "{name}"', hint)
        return
    fault, hint = _fault(folder, path)
    if fault:
        yield Problem(span, "picture", f'"{name}" {fault}', hint)


def _fault(folder: Path, path: Path) -> tuple[str, str]:
    """What is wrong with the file at `path`, and the cure; two empty texts where nothing is."""
    try:
        if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
            return "is not a file of this folder", "put the file itself there"
        if path.stat().st_size > LARGEST:
            return "is larger than 20 MB", "make it smaller"
        data = path.read_bytes()
    except (OSError, RuntimeError):
        return "cannot be read", "check who may read it"
    if path.suffix.lower() == ".svg":
        return _bad_svg(data)
    return (
        _bad_png(data)
        if path.suffix.lower() == ".png"
        else _bad_jpeg(data)
        if path.suffix.lower() in ENDINGS
        else _NOT_PRINTABLE
    )


_NOT_PRINTABLE = (
    "is not a picture that can be printed",
    "save it as SVG, PNG or JPEG, with the ending that fits",
)
_CUT_OFF = ("is cut off", "copy the file again")


def _bad_svg(data: bytes) -> tuple[str, str]:
    cure = "save it as a plain SVG"
    if b"<svg" not in data[:2000] or b"\x00" in data:
        return "is not an SVG picture", cure
    if found := IN_SVG.search(data):
        return (
            f"holds “{found[0].decode('ascii', 'replace')}”, which a picture of ours may not",
            cure,
        )
    try:
        drawing = ElementTree.fromstring(data)  # safe: what declares entities is refused above
    except (ElementTree.ParseError, LookupError, ValueError):
        return (
            _CUT_OFF if not data.rstrip().endswith(b"</svg>") else ("is not an SVG picture", cure)
        )
    return ("holds a part that uses other parts", cure) if _nested_use(drawing) else ("", "")


def _nested_use(drawing: ElementTree.Element) -> bool:
    """True where what is used uses something itself: ten levels of that make a million shapes, and
    one loop never ends."""
    used = {
        value[1:]
        for element in drawing.iter()
        if element.tag.endswith("}use")
        for key, value in element.items()
        if key.endswith("href")
    }
    return any(
        inner.tag.endswith("}use")
        for element in drawing.iter()
        if element.get("id") in used
        for inner in element.iter()
    )


def _bad_png(data: bytes) -> tuple[str, str]:
    if not data.startswith(b"\x89PNG\r\n\x1a\n") or len(data) < 33:
        return _NOT_PRINTABLE
    width, height = struct.unpack(">II", data[16:24])
    if b"acTL" in data[:2000]:
        return "moves, and paper does not", "save one of its pictures"
    return (
        _too_many(width, height)
        if width * height > MOST_PIXELS
        else ("", "")
        if b"IEND" in data[-12:]
        else _CUT_OFF
    )


def _bad_jpeg(data: bytes) -> tuple[str, str]:
    if not data.startswith(b"\xff\xd8\xff"):
        return _NOT_PRINTABLE
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        kind, size = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if kind in (0xC0, 0xC1, 0xC2):
            height, width, colors = struct.unpack(">HHB", data[at + 5 : at + 10])
            if colors == 4:
                return "is made for a printing press (CMYK)", "save it in RGB"
            return (
                _too_many(width, height)
                if width * height > MOST_PIXELS
                else ("", "")
                if b"\xff\xd9" in data[-64:]
                else _CUT_OFF
            )
        at += 2 + size
    return _CUT_OFF


def _too_many(width: int, height: int) -> tuple[str, str]:
    return f"has {width:,} by {height:,} points", f"make it smaller: {MOST_PIXELS:,} points at most"
