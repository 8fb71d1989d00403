"""What people mean when they write YAML that is not quite YAML: slips recognized, each with its cure.

Nothing here reads a value; it only looks at the characters, so that a message can show the author's own words.
"""

from __future__ import annotations

import bisect
import re
import unicodedata
from collections.abc import Iterator

import yaml

from mentorkit.problem import Problem, Span, Unreadable, warning

NOT_TEXT = (
    (b"PK\x03\x04", "a Word, Excel or ZIP file"), (b"\xd0\xcf\x11\xe0", "an old Word or Excel file"), (b"%PDF", "a PDF"),
    (b"{\\rtf", "a rich-text file"), (b"\x89PNG", "a picture"), (b"\xff\xd8\xff", "a picture"), (b"GIF8", "a picture"),
)
BULLETS = "•◦▪●·‣–—"
# Joiners are part of emoji and of Persian or Indic words, so they are allowed inside texts.
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"
BREAKS = "\u2028\u2029\x85\x0b\x0c"


def refuse_lines(text: str, name: str, longest: int) -> None:
    """Raise `Unreadable` for what no YAML file of ours may hold: hidden characters, tabs and odd spaces in the indentation."""
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if len(line) > longest:
            raise _stop(name, number, 1, "too-long", f"this line is longer than {longest:,} characters", "break it into several lines")
        if not line.isascii() or not line.isprintable():
            _refuse_characters(line, name, number)
        if line.startswith(("<<<<<<< ", "=======\n", ">>>>>>> ")):
            raise _stop(name, number, 1, "merge", "this file holds an unfinished merge", "keep one of the two versions and delete the marks")
        start = line[: len(line) - len(line.lstrip())]
        for column, sign in enumerate(start, 1):
            if sign == "\t":
                raise _stop(name, number, column, "tab", "a tab starts this line", "YAML wants spaces: use two spaces for each level")
            if sign != " ":
                raise _stop(name, number, column, "odd-space", f"a special space (U+{ord(sign):04X}) starts this line",
                            "replace it by an ordinary space; it comes from copying out of Word or a web page")


def _refuse_characters(line: str, name: str, number: int) -> None:
    for column, sign in enumerate(line, 1):
        code = f"U+{ord(sign):04X}"
        if sign == "\r":
            raise _stop(name, number, column, "old-line-end", "an old-Mac line end (CR)", "save the file with ordinary line ends")
        if sign in BREAKS:
            raise _stop(name, number, column, "hidden-break", f"a hidden line break ({code})", "delete it and press Enter instead")
        if sign in BIDI:
            raise _stop(name, number, column, "hidden-direction", f"hidden text-direction character {code}", "delete it")
        if sign == "\ufeff" or sign == "\u200b":
            raise _stop(name, number, column, "invisible", f"invisible character {code}", "delete it; it comes from copying out of another program")
        if (unicodedata.category(sign) in ("Cc", "Cs", "Co", "Cn") and sign != "\t") or sign == "\ufffd":
            raise _stop(name, number, column, "control", f"invisible control character {code}", "delete it and type the character again")


def not_utf8(data: bytes, fault: UnicodeDecodeError, name: str) -> Unreadable:
    """The message for bytes that are not UTF-8, with the character as Windows would show it."""
    if b"\x00" in data[:200]:
        return _stop(name, 1, 1, "not-utf8", "this is not plain text, or UTF-16 without a mark", "in your editor choose Save As, Encoding: UTF-8")
    before = data[: fault.start].replace(b"\r\n", b"\n")
    line = before.count(b"\n") + 1
    column = len(before.rsplit(b"\n", 1)[-1].decode("utf-8", "replace")) + 1
    shown = data[fault.start: fault.start + 1].decode("cp1252", "replace")
    return _stop(name, line, column, "not-utf8", f"this character is not UTF-8 (“{shown}” in Windows-1252)",
                 "in your editor choose Save As, Encoding: UTF-8")


def in_plain_text(value: str, raw: str, span: Span) -> Iterator[Problem]:
    """Slips inside a text without quotes that YAML takes for something else, silently."""
    if value.lstrip().startswith(("“", "”")) and re.search(r"[“”]: ", raw):
        yield Problem(span, "curly-quotes", "curly quotes do not count as quotes in YAML", f"put the text in double quotes: {quoted(value)}")
    lines = raw.split("\n")
    for offset, line in enumerate(lines[1:], 1):
        place = Span(span.file, span.line + offset, len(line) - len(line.lstrip()) + 1, span.line + offset, len(line) + 1)
        if re.match(r"\s*- ", line):
            yield Problem(place, "run-together", "this dash was read as part of the text above it",
                          "line it up with the list it belongs to, or start the text above with | on its own line")
        elif re.match(r"\s*[a-z_]+:$", line):
            yield Problem(place, "run-together", f'"{line.strip()}" was read as part of the text above it', "move it two spaces to the left")
    if lines[0][:1] and lines[0][0] in BULLETS and lines[0][1:2] in (" ", "\u00a0"):
        yield Problem(span, "bullet", f'"{lines[0][0]}" does not start a list', 'use a hyphen and a space: "- "')


def lost_comments(text: str, name: str, covered: list[tuple[int, int]]) -> list[Problem]:
    """Words after a # on the same line as a value: YAML drops them, the author may not have meant that."""
    text = text.replace("\r\n", "\n")
    spans = sorted(covered)
    starts = [start for start, _ in spans]
    found: list[Problem] = []
    line_starts = [0, *(match.end() for match in re.finditer("\n", text))]
    for match in re.finditer(r"(?<=[^\s]) +#|(?<=:) +#", text):
        at = match.end() - 1
        place = bisect.bisect_right(starts, at) - 1
        line = bisect.bisect_right(line_starts, at)
        head = text[line_starts[line - 1]: at]
        if (place >= 0 and spans[place][0] <= at < spans[place][1]) or head.lstrip().startswith("#"):
            continue
        rest = text[at:].split("\n", 1)[0]
        span = Span(name, line, at - line_starts[line - 1] + 1, line, at - line_starts[line - 1] + 1 + len(rest))
        word = rest if len(rest) <= 30 else rest[:30] + "…"
        if rest[1:2] not in (" ", "", "\t"):
            found.append(Problem(span, "lost-comment", f'"{word}" would be lost: # after a space starts a comment',
                                 'put the whole text in double quotes, or write "# " for a comment'))
        elif len(match[0]) == 2:
            found.append(warning(span, "comment", f'"{word}" is read as a comment', "put the whole text in double quotes if it belongs to the text, "
                                 "or leave two spaces before a comment"))
    return found


def explain(fault: yaml.YAMLError, text: str, name: str) -> Problem:
    """The parser's complaint in plain words, at the place where the author's slip is."""
    mark = getattr(fault, "problem_mark", None) or getattr(fault, "context_mark", None)
    opened = getattr(fault, "context_mark", None)
    what = str(getattr(fault, "problem", "") or "")
    context = str(getattr(fault, "context", "") or "")
    lines = text.replace("\r\n", "\n").split("\n")
    if mark is None:
        return Problem(Span(name), "yaml", "this file cannot be read as YAML", "look for a sign that does not belong here")
    line, column = min(mark.line, len(lines) - 1), mark.column
    if "quoted scalar" in context and opened is not None:
        return Problem(_span(name, opened.line, opened.column), "open-quote", "the quote opened here is never closed",
                       "close it, or use curly quotes inside a text")
    if opened is not None and ("flow" in context):
        return Problem(_span(name, opened.line, opened.column), "open-bracket", f'a "{_at(lines, opened.line, opened.column)}" is not closed',
                       "close it, or put the text in double quotes")
    for guess in (_block_sign, _special_start, _no_space, _second_colon, _after_quote, _bullet_line):
        for candidate in dict.fromkeys((line, line - 1, opened.line if opened is not None else line)):
            if 0 <= candidate < len(lines) and (found := guess(lines[candidate], what)):
                place, code, told, hint = found
                return Problem(_span(name, candidate, place), code, told, hint)
    if "expected alphabetic" in what or "cannot start any token" in what:
        sign = _at(lines, line, column)
        return Problem(_span(name, line, column), "special-start", f"a text cannot start with {sign}", "put the text in double quotes")
    if "could not find expected ':'" in what:
        return Problem(_span(name, opened.line if opened is not None else line, 0), "no-colon", "this line has no colon after its name",
                       'write "name: text", or indent the line if it belongs to the text above')
    return Problem(_span(name, line, column), "indent", "this line does not line up with the lines around it",
                   "give it the same number of spaces as its neighbors, two more than the line it belongs to")


_Guess = tuple[int, str, str, str] | None
_KEY = r"(\s*(?:- +)*)([^\s:#\"'][^:#]*?):"


def _block_sign(line: str, _what: str) -> _Guess:
    if found := re.match(rf"{_KEY}\s+([|>][+-]?)\s+(?!#)(\S.*)$", line):
        return found.start(3), "block-text", f"text follows {found[3]} on the same line", "start the text on the next line, indented by two spaces"
    return None


def _special_start(line: str, _what: str) -> _Guess:
    if found := re.match(rf"(?:{_KEY}\s+|\s*(?:- +)+)([@`%*&!])(.*)$", line):
        sign = found.group(3)
        rest = sign + found.group(4)
        return found.start(3), "special-start", f"a text cannot start with {sign}", f"put the text in double quotes: {quoted(rest)}"
    if found := re.match(r"(?:.*?:\s+|\s*- +)(\[[ x]\]) (.*)$", line):
        return found.start(1), "check-box", f'a check box "{found[1]}" cannot stand here bare', f"put the whole item in double quotes: {quoted(found[1] + ' ' + found[2])}"
    return None


def _no_space(line: str, _what: str) -> _Guess:
    if found := re.match(r"(\s*(?:- +)*)([A-Za-z_]\w*):([^\s/:].*)$", line):
        return found.end(2), "no-space", "after the colon a space is needed", f"write: {found[2]}: {found[3][:40]}"
    if found := re.match(r"(\s*)-([^\s-].*)$", line):
        return found.end(1), "no-space", "after the hyphen a space is needed", f"write: - {found[2][:40]}"
    return None


def _second_colon(line: str, _what: str) -> _Guess:
    if (found := re.match(rf"{_KEY}\s+([^\s\"'|>\[{{].*?:(?:\s.*)?)$", line)) and ":" in found[3]:
        return found.start(3) + found[3].index(":"), "second-colon", "this text has a second colon", f"put the text in double quotes: {quoted(found[3])}"
    return None


def _after_quote(line: str, _what: str) -> _Guess:
    if found := re.match(rf"(?:{_KEY}\s+|\s*(?:- +)+)(?P<q>[\"'])(?:(?!(?P=q)).)*(?P=q)(?P<rest>\s*[^\s,\]}}#:].*)$", line):
        return found.start("rest"), "after-quote", "text goes on after the closing quote", "use curly quotes inside a text, or quote the whole of it"
    return None


def _bullet_line(line: str, _what: str) -> _Guess:
    if (found := re.match(r"(\s*)(\S)\s", line)) and found[2] in BULLETS:
        return found.start(2), "bullet", f'"{found[2]}" does not start a list', 'use a hyphen and a space: "- "'
    return None


def quoted(text: str) -> str:
    """`text` as YAML in double quotes, shortened for a message."""
    text = text.strip()
    short = text if len(text) <= 60 else text[:57] + "…"
    return '"' + short.replace("\\", "\\\\").replace('"', '\\"') + '"'


def rest_of_line(text: str, index: int) -> str:
    return text[index:].split("\n", 1)[0]


def _at(lines: list[str], line: int, column: int) -> str:
    return lines[line][column: column + 1] if line < len(lines) else ""


def _span(name: str, line: int, column: int) -> Span:
    return Span(name, line + 1, column + 1, line + 1, column + 2)


def _stop(name: str, line: int, column: int, code: str, what: str, hint: str) -> Unreadable:
    return Unreadable(Problem(Span(name, line, column, line, column + 1), code, what, hint))
