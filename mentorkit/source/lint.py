"""What people type that is not quite YAML, though the parser may not mind: hidden characters, lost
comments, lines run together.

Nothing here reads a value; it looks at the characters alone, so that a message can show the
author's own words.
What the parser itself complains of is explained in `complaint`.
"""

from __future__ import annotations

import bisect
import re
import unicodedata
from collections.abc import Iterator

from mentorkit.source.problem import Problem, Span, warning

NOT_TEXT = (
    (b"PK\x03\x04", "a Word, Excel or ZIP file"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file"),
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "a rich-text file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"<!DOCTYPE", "a web page"),
    (b"<html", "a web page"),
    (b"<?xml", "an XML file"),
)
BULLETS = "•◦▪●‣·"
DASHES = "–—"
# Joiners are part of emoji and of Persian or Indic words, tags are part of flags, so they are
# allowed inside texts.
BIDI = "\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"
BREAKS = "\u2028\u2029\x85\x0b\x0c"
INVISIBLE = "\u115f\u1160\u3164\uffa0\u200b\u2060\u2061\u2062\u2063\u2064\u180e\ufeff"
LIKE_A_KEY = re.compile(rf"\n *(?:-|[{BULLETS}]|[a-z][a-z0-9_]*:)")
WITHOUT_WIDTH = dict.fromkeys(map(ord, BIDI + INVISIBLE.replace("\ufeff", "")))  # for str.translate
TAGS = re.compile(
    "(?<![\U0001f3f4\U000e0000-\U000e007f])[\U000e0000-\U000e007f]+"
)  # outside of flags
UTF_7 = re.compile(r"\+[A-Za-z0-9+/]{3,}-")
MERGE = re.compile(r"<{7} |={7}$|>{7} |\|{7} ")


def refused_lines(text: str, name: str, longest: int) -> tuple[list[Problem], str | None]:
    """What no file of ours may hold, and the text as it can still be read; None where the lines
    themselves are in doubt.

    Refused: hidden characters, lines without end, tabs and odd spaces in the indentation, an
    unfinished merge.
    """
    found: list[Problem] = []
    doubtful = False
    found += _hidden_runs(text, name)
    bad = {sign for sign in set(text) if _refused(sign)}
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > longest:
            found.append(
                _at(
                    name,
                    number,
                    1,
                    "too-long",
                    f"this line is longer than {longest:,} characters",
                    "break it into several lines",
                )
            )
        elif MERGE.match(line):
            found.append(
                _at(
                    name,
                    number,
                    1,
                    "merge",
                    "this file holds an unfinished merge",
                    "keep one of the two versions and delete the marks",
                )
            )
        elif problem := _indentation(line, name, number):
            found.append(problem)
        else:
            found += (
                [
                    _hidden(sign, name, number, column)
                    for column, sign in enumerate(line, 1)
                    if sign in bad
                ]
                if bad and not bad.isdisjoint(line)
                else []
            )
            continue
        doubtful = True
        if found[-1].code == "merge":
            break
    if doubtful or "\r" in bad:
        old = [problem for problem in found if problem.code == "old-line-end"]
        return [problem for problem in found if problem not in old[1:]], None
    # Marks without width stay, and are taken out of the values; what the parser would choke on
    # becomes a blank.
    return found, text.translate(
        dict.fromkeys((ord(sign) for sign in bad if ord(sign) not in WITHOUT_WIDTH), " ")
    )


def _hidden_runs(text: str, name: str) -> Iterator[Problem]:
    """Find tag characters outside of flags, and letters that an old program wrote as UTF-7."""
    if not text.isascii():
        for found in TAGS.finditer(text):
            line, column = _place(text, found.start())
            yield _at(
                name,
                line,
                column,
                "invisible",
                f"invisible character U+{ord(found[0][0]):04X}",
                "delete it; it comes from copying out of another program",
            )
    for found in UTF_7.finditer(text):
        letters = _decode_utf_7(found[0])
        if letters:
            line, column = _place(text, found.start())
            yield warning(
                Span(name, line, column, line, column + len(found[0])),
                "utf-7",
                f'"{found[0]}" is how old programs write {letters}',
                f"write: {letters}",
            )


def _decode_utf_7(code: str) -> str:
    """Return the letters of a code such as +AOk-; empty where it is none, or holds rare signs."""
    try:
        letters = code.encode("ascii").decode("utf-7")
    except UnicodeDecodeError:
        return ""
    is_common = all(0x80 <= ord(sign) < 0x2200 and sign.isprintable() for sign in letters)
    return letters if is_common else ""


def _place(text: str, index: int) -> tuple[int, int]:
    """Return the line and the column of `text[index]`, from 1."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def _indentation(line: str, name: str, number: int) -> Problem | None:
    """A tab or a special space before the first word of a line."""
    start = line[: len(line) - len(line.lstrip())]
    if not start.strip(" ") or not line.strip():
        return None
    column = len(start) - len(start.lstrip(" ")) + 1
    sign = start[column - 1]
    if sign == "\t":
        return _at(
            name,
            number,
            column,
            "tab",
            "a tab starts this line",
            "YAML wants spaces: use two spaces for each level",
        )
    if _refused(sign):
        return None
    return _at(
        name,
        number,
        column,
        "odd-space",
        f"a special space (U+{ord(sign):04X}) starts this line",
        "replace it by an ordinary space; it comes from copying out of Word or a web page",
    )


def _refused(sign: str) -> bool:
    if sign in "\n\t":
        return False
    return (
        sign in BREAKS
        or sign in BIDI
        or sign in INVISIBLE
        or sign == "\ufffd"
        or unicodedata.category(sign) in ("Cc", "Cs", "Co")
        or _no_character(sign)
    )


def _no_character(sign: str) -> bool:
    """True for the code points that Unicode sets aside for ever."""
    return ord(sign) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(sign) <= 0xFDEF


def _hidden(sign: str, name: str, line: int, column: int) -> Problem:
    code = f"U+{ord(sign):04X}"
    if sign == "\r":
        return _at(
            name,
            line,
            column,
            "old-line-end",
            "an old-Mac line end (CR)",
            "save the file with ordinary line ends",
        )
    if sign in BREAKS:
        return _at(
            name,
            line,
            column,
            "hidden-break",
            f"a hidden line break ({code})",
            "delete it and press Enter instead",
        )
    if sign in BIDI:
        return _at(
            name,
            line,
            column,
            "hidden-direction",
            f"hidden text-direction character {code}",
            "delete it",
        )
    if sign in INVISIBLE:
        return _at(
            name,
            line,
            column,
            "invisible",
            f"invisible character {code}",
            "delete it; it comes from copying out of another program",
        )
    if sign == "\ufffd":
        return _at(
            name,
            line,
            column,
            "lost-character",
            f"a character was lost here ({code})",
            "type it again; the file was once saved in another encoding",
        )
    if unicodedata.category(sign) == "Co":
        return _at(
            name,
            line,
            column,
            "private-character",
            f"character {code} looks different on every computer",
            "delete it, or describe it in words",
        )
    return _at(
        name,
        line,
        column,
        "control",
        f"invisible control character {code}",
        "delete it and type the character again",
    )


def in_text(
    raw: str, span: Span, style: str, keys: frozenset[str], starts_line: bool = True
) -> Iterator[Problem]:
    """Find lines that YAML takes into a text although they look like a key or a list of their own.

    `raw` is the text as it is written; `starts_line` is False where a key or hyphen stands before
    it.
    """
    first, *rest = raw.split("\n")
    if not style and starts_line and not raw[:1].isalnum():
        yield from _first_words(first, span)
    if not rest:
        return
    if not LIKE_A_KEY.search(raw):
        return
    for offset, line in enumerate(rest, 1):
        indent = len(line) - len(line.lstrip())
        place = Span(span.file, span.line + offset, indent + 1, span.line + offset, len(line) + 1)
        if (key := _key_in(line, style)) and key in keys:
            yield Problem(
                place,
                "run-together",
                f'"{key}:" was read as part of the text above it',
                "line it up with the keys it belongs to; if it is meant as text, move the word "
                "away from the start of the line",
            )
        elif (
            style != '"'
            and line[indent : indent + 1] in BULLETS
            and line[indent + 1 : indent + 2] in (" ", "\u00a0")
        ):
            yield _bullet(place, line[indent])


def _key_in(line: str, style: str) -> str:
    """Return the word before a colon at the start of a line; empty where there is none."""
    pattern = r"\s*(?:- +)?([a-z][a-z0-9_]*):(?=\s|$)" if style else r"\s*([a-z][a-z0-9_]*):(?!//)"
    found = re.match(pattern, line)
    return found[1] if found else ""


def strayed(raw: str, span: Span, column: int) -> Iterator[Problem]:
    """The first line of a text without quotes that does not begin at `column`: YAML does not mind,
    but it may belong elsewhere."""
    for offset, line in enumerate(raw.split("\n")[1:], 1):
        indent = len(line) - len(line.lstrip())
        if line.strip() and indent + 1 != column:
            yield Problem(
                Span(span.file, span.line + offset, indent + 1, span.line + offset, len(line) + 1),
                "run-together",
                "this line was read as part of the text above it",
                f"if it belongs there, begin it with {column - 1} spaces; else line it up with "
                "what it belongs to",
            )
            return


def _first_words(line: str, span: Span) -> Iterator[Problem]:
    """Slips at the start of a text without quotes."""
    if line[:1] and line[0] in BULLETS + DASHES and line[1:2] in (" ", "\u00a0"):
        yield _bullet(span, line[0])
    elif re.match(r"-[^\s\d-]", line):
        yield Problem(
            span, "no-space", "after the hyphen a space is needed", f"write: - {line[1:41]}"
        )
    elif line[:1] == "\u00a0":
        yield Problem(
            span,
            "odd-space",
            "a special space (U+00A0) starts this text",
            "replace it by an ordinary space; it comes from copying out of Word or a web page",
        )


def _bullet(place: Span, sign: str) -> Problem:
    return Problem(
        place, "bullet", f'"{sign}" does not start a list', 'use a hyphen and a space: "- "'
    )


def comments(text: str, name: str, covered: list[tuple[int, int]]) -> Iterator[Problem]:
    """Words after a # on the same line as something else: YAML drops them, and the author may not
    have meant that."""
    spans = sorted(covered)
    starts = [start for start, _ in spans]
    line_starts = [0, *(match.end() for match in re.finditer("\n", text))]
    commented = -1
    for match in re.finditer("#", text):
        at = match.start()
        line = bisect.bisect_right(line_starts, at)
        scalar = bisect.bisect_right(starts, at) - 1
        if line == commented or (scalar >= 0 and at < spans[scalar][1]):
            continue
        commented = line  # the rest of the line is one comment
        begin, end = (
            line_starts[line - 1],
            line_starts[line] - 1 if line < len(line_starts) else len(text),
        )
        head, rest = text[begin:at], text[at:end]
        if not head.strip():
            continue
        span = Span(name, line, at - begin + 1, line, end - begin + 1)
        word = rest if len(rest) <= 30 else rest[:30] + "…"
        if rest[1:2] not in (" ", "", "\t"):
            yield Problem(
                span,
                "lost-comment",
                f'"{word}" would be lost: # after a space starts a comment',
                'put the whole text in double quotes, or write "# " on a line of its own for a '
                "comment",
            )
        else:
            yield warning(
                span,
                "comment",
                f'"{word}" is read as a comment',
                "put the whole text in double quotes if it belongs to the text, else write the "
                "comment on a line of its own",
            )


def quoted(text: str) -> str:
    """`text` as YAML in double quotes, shortened for a message."""
    text = text.strip()
    short = text if len(text) <= 60 else text[:57] + "…"
    return '"' + short.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _at(name: str, line: int, column: int, code: str, what: str, hint: str) -> Problem:
    return Problem(Span(name, line, column, line, column + 1), code, what, hint)
