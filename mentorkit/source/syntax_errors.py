"""The YAML parser's complaint in plain words, at the place where the author's slip is, with the
cure on the author's own text."""

from __future__ import annotations

import re
from collections.abc import Sequence

import yaml

from mentorkit.source.lint import BULLETS, DASHES, quoted
from mentorkit.source.problem import Problem, Span

# Place in the line (from 0), code, what, hint.
_Guess = tuple[int, str, str, str] | None
_DASHES = r"\s*(?:- +)*"
_KEY = rf"({_DASHES})([^\s:#\"'][^:#]*?):"
_VALUE = rf"(?:{_KEY}\s+|\s*(?:- +)+)"


def explain(
    fault: yaml.YAMLError, text: str, name: str, quotes: Sequence[Span], brackets: Sequence[Span]
) -> Problem:
    """One problem for the parser's fault.

    `quotes` are the quoted texts that were read before it, `brackets` those still open.
    """
    mark = getattr(fault, "problem_mark", None) or getattr(fault, "context_mark", None)
    opened = getattr(fault, "context_mark", None)
    what, context = (
        str(getattr(fault, "problem", "") or ""),
        str(getattr(fault, "context", "") or ""),
    )
    lines = text.split("\n")
    if mark is None:
        return Problem(
            Span(name),
            "yaml",
            "this file cannot be read as YAML",
            "look for a sign that does not belong here",
        )
    line, column = min(mark.line, len(lines) - 1), mark.column
    if "quoted scalar" in context and opened is not None:
        return _open_quote(_span(name, opened.line, opened.column))
    if quotes and quotes[-1].end_line == line + 1 and quotes[-1].line < line + 1:
        return _open_quote(quotes[-1])  # it was closed by the quote that opens a later text
    if brackets and not _bracket_text(lines[brackets[-1].line - 1]):
        at = brackets[-1]
        return Problem(
            at,
            "open-bracket",
            f'a "{lines[at.line - 1][at.column - 1 : at.column]}" is not closed',
            "close it, or put the text in double quotes",
        )
    keyless = (
        opened.line
        if opened is not None and opened.line < len(lines) and "expected ':'" in what
        else None
    )
    for candidate in dict.fromkeys((line if keyless is None else keyless, line, line - 1)):
        if 0 <= candidate < len(lines) and (found := _guess(lines[candidate])):
            place, code, what, hint = found
            return Problem(_span(name, candidate, place), code, what, hint)
    if keyless is not None:
        return _no_colon(lines, name, keyless)
    return _elsewhere(lines, name, line, column, what)


def _guess(line: str) -> _Guess:
    for guess in (
        _block_sign,
        _special_start,
        _bracket_text,
        _no_space,
        _odd_colon,
        _second_colon,
        _after_quote,
        _list_beside,
        _bullet_line,
        _marker,
        _nameless,
    ):
        if found := guess(line):
            return found
    return None


def _elsewhere(lines: list[str], name: str, line: int, column: int, what: str) -> Problem:
    """What no guess explains: a sign that cannot stand there, else a line that does not line up."""
    if "cannot start any token" in what or "alphabetic or numeric" in what:
        return Problem(
            _span(name, line, column),
            "special-start",
            f"a text cannot start with {lines[line][column : column + 1]}",
            "put the text in double quotes",
        )
    if line == len(lines) - 1 and not lines[line].strip():  # the parser noticed at the file's end
        line = max((n for n, words in enumerate(lines) if words.strip()), default=line)
    at, above = (
        len(lines[line]) - len(lines[line].lstrip()),
        next((each for each in reversed(lines[:line]) if each.strip()), ""),
    )
    beside = re.match(rf"{_KEY}\s+(?P<all>[^\s|>].*)$", above)
    if beside and re.match(rf"{_KEY}(\s|$)", lines[line]) and len(beside[1]) + 2 <= at:
        return Problem(
            _span(name, line, at),
            "under-text",
            f'"{beside[2]}" has a text beside it, so nothing can be below it',
            f"put its text on a line of its own; in a question: ask: {beside['all'][:60]}",
        )
    if lines[line].lstrip().startswith("- ") and re.match(_KEY, above.rstrip()):
        return Problem(
            _span(name, line, at),
            "hyphen",
            "here each line has a short name, not a hyphen",
            f"write a short name and a colon: more: {lines[line].strip()[2:62]}",
        )
    return Problem(
        _span(name, line, at),
        "indent",
        "this line does not line up with the lines around it",
        "give it the same number of spaces as its neighbors, two more than the line it belongs to",
    )


def _open_quote(span: Span) -> Problem:
    return Problem(
        span,
        "open-quote",
        "the quote opened here is never closed",
        "close it, or use curly quotes inside a text",
    )


def _no_colon(lines: list[str], name: str, line: int) -> Problem:
    at = len(lines[line]) - len(lines[line].lstrip())
    return Problem(
        _span(name, line, at),
        "no-colon",
        "this line has no colon after its name",
        'write "name: text", or indent the line if it belongs to the text above',
    )


def _block_sign(line: str) -> _Guess:
    if found := re.match(rf"{_VALUE}(?P<sign>[|>])[+-]?\s*(?P<rest>\S.*)$", line):
        return (
            found.start("sign"),
            "block-text",
            f"text follows {found['sign']} on the same line",
            "start the text on the next line, indented by two spaces",
        )
    return None


def _special_start(line: str) -> _Guess:
    if found := re.match(rf"{_VALUE}(?P<all>(?P<sign>[@`%*&!]).*)$", line):
        return (
            found.start("all"),
            "special-start",
            f"a text cannot start with {found['sign']}",
            f"put the text in double quotes: {quoted(found['all'])}",
        )
    if found := re.match(r"(?P<all>(?P<sign>[@`%*&!]).*)$", line):
        return (
            0,
            "special-start",
            f"a line cannot start with {found['sign']}",
            "indent it if it belongs to the text above",
        )
    return None


def _bracket_text(line: str) -> _Guess:
    """A text that begins with a bracket or brace and goes on behind it."""
    if found := re.match(rf"{_VALUE}(?P<all>(?P<box>\[[ xX]?\]) .*)$", line):
        return (
            found.start("all"),
            "check-box",
            f'a check box "{found["box"]}" cannot be here without quotes',
            f"put the whole item in double quotes: {quoted(found['all'])}",
        )
    if found := re.match(rf"{_VALUE}(?P<all>(?P<sign>[\[{{]).*[\]}}]+\s*[^\s\]}}#,].*)$", line):
        return (
            found.start("all"),
            "special-start",
            f"a text cannot start with {found['sign']}",
            f"put the text in double quotes: {quoted(found['all'])}",
        )
    return None


def _no_space(line: str) -> _Guess:
    if found := re.match(rf"({_DASHES})([A-Za-z_]\w*):([^\s/:].*)$", line):
        return (
            found.end(2),
            "no-space",
            "after the colon a space is needed",
            f"write: {found[2]}: {found[3][:40]}",
        )
    if found := re.match(
        rf"({_DASHES})([A-Za-z_]\w*):[\u00a0\u2000-\u200a\u202f\u3000]+(.*)$", line
    ):
        return (
            found.end(2),
            "no-space",
            "a special space follows the colon, and does not count",
            f"write: {found[2]}: {found[3][:40]}",
        )
    if found := re.match(r"(\s*)-([^\s-].*)$", line):
        return (
            found.end(1),
            "no-space",
            "after the hyphen a space is needed",
            f"write: - {found[2][:40]}",
        )
    return None


def _odd_colon(line: str) -> _Guess:
    if found := re.match(rf"({_DASHES})([A-Za-z_]\w*)\s*(?P<odd>[：﹕꞉∶])\s*(.*)$", line):
        return (
            found.start("odd"),
            "odd-colon",
            f"this colon is not the ordinary one (U+{ord(found['odd']):04X})",
            f"write: {found[2]}: {found[4][:40]}",
        )
    return None


def _second_colon(line: str) -> _Guess:
    if found := re.match(rf"{_KEY}\s+(?P<all>[^\s\"'|>\[{{].*?(?P<colon>:)(?:\s.*)?)$", line):
        curly = "; curly quotes do not count as quotes in YAML" if found["all"][0] in "“”" else ""
        return (
            found.start("colon"),
            "second-colon",
            f"this text has a second colon{curly}",
            "put the text in double quotes: "
            f"{quoted(found['all'].strip('“”') if curly else found['all'])}",
        )
    return None


def _after_quote(line: str) -> _Guess:
    if found := re.match(
        rf"{_VALUE}(?P<q>[\"'])(?:(?!(?P=q)).)*(?P=q)(?P<rest>\s*[^\s,\]}}#:].*)$", line
    ):
        return (
            found.start("rest"),
            "after-quote",
            "text goes on after the closing quote",
            "use curly quotes inside a text, or quote the whole of it",
        )
    return None


def _list_beside(line: str) -> _Guess:
    if found := re.match(rf"{_KEY}\s+(?P<all>- .*)$", line):
        return (
            found.start("all"),
            "list-beside",
            "a list cannot start beside its name",
            "start it on the next line, indented by two spaces",
        )
    return None


def _bullet_line(line: str) -> _Guess:
    if (found := re.match(r"(\s*)(\S)\s", line)) and found[2] in BULLETS + DASHES:
        return (
            found.start(2),
            "bullet",
            f'"{found[2]}" does not start a list',
            'use a hyphen and a space: "- "',
        )
    return None


def _marker(line: str) -> _Guess:
    if line.startswith(("---", "...")):
        return (
            0,
            "second-document",
            f'"{line[:3]}" starts a second document here',
            "delete the line, or indent it if it belongs to the text",
        )
    return None


def _nameless(line: str) -> _Guess:
    if found := re.match(rf"{_DASHES}(?P<colon>:)\s", line):
        return (
            found.start("colon"),
            "no-name",
            "a name is missing here",
            "write a name and a colon before the text",
        )
    return None


def _span(name: str, line: int, column: int) -> Span:
    return Span(name, line + 1, column + 1, line + 1, column + 2)
