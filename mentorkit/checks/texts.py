"""Texts: placeholders, Markdown, links and headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from mentorkit.model.validation_errors import did_you_mean
from mentorkit.program.facts import COMPUTED
from mentorkit.program.library import Library
from mentorkit.program.walk import texts_of
from mentorkit.source.problem import Problem, Span, warning
from mentorkit.source.reader import Scalar

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

DEEPEST = 6  # levels of lists or of quotations
GROWTH, SPARE = 20, 64 * 1024  # how much longer than its source a text may become
NOT_TEXT = {
    "url",
    "link",
    "file",
    "kind",
    "shape",
    "priority",
    "license",
    "release",
    "lang",
    "minutes",
    "points",
    "roster",
    "logo",
}
HTML = re.compile(
    r"<(?:/?[a-zA-Z][a-zA-Z0-9-]*(?:\s[^<>]*)?/?|!--.*?--|\?.*?\?|![A-Z][^<>]*)>", re.DOTALL
)
PLACEHOLDER = re.compile(r"\{\{(.*?)\}\}|\{%.*?%\}", re.DOTALL)
# What makes a text worth parsing as Markdown.
SIGNS = re.compile(r"[<\[\]#`~]|^\s*>|^\s*(?:[-*+]|\d+[.)]) |^ {4}|^\s*(?:=+|-+)\s*$", re.MULTILINE)


def placeholders(library: Library) -> Iterator[Problem]:
    """A placeholder `{{ name }}` is replaced by a value of the curriculum; no other name is known, and nothing is ever computed."""
    assert library.curriculum is not None
    known = {*library.curriculum.model.values, *COMPUTED}
    for _, scalar in texts_of(library):
        if "{{" not in scalar.text and "{%" not in scalar.text:
            continue
        for found in PLACEHOLDER.finditer(scalar.raw):
            name = (found[1] or "").strip()
            if name not in known:
                yield Problem(
                    scalar.inside(found.start(), len(found[0])),
                    "placeholder",
                    f'"{" ".join((name or found[0]).split())}" is not a value of the curriculum',
                    did_you_mean(name, known),
                )


def markdown(library: Library) -> Iterator[Problem]:
    """Markdown without HTML, pictures and code; links begin with https, mailto or #; headings skip no level; lists stay shallow."""
    for path, scalar in texts_of(library):
        if path and path[-1] in NOT_TEXT or not SIGNS.search(scalar.text):
            continue
        if html := HTML.search(scalar.raw):
            yield warning(
                scalar.inside(html.start(), len(html[0])),
                "html",
                f'HTML is shown as plain text: "{" ".join(html[0].split())[:40]}"',
                "use Markdown: *emphasis*, lists, links",
            )
        tokens = _parser().parse(scalar.text)
        yield from _structure(scalar, tokens)
        yield from _spans(scalar, tokens)


def pointers(library: Library) -> Iterator[Problem]:
    """A link such as `[the roles](#roles)` leads to something of that short name in the book."""
    names = {home.name for home in library.homes()}
    for path, scalar in texts_of(library):
        if "](#" in scalar.raw and path[-1] not in NOT_TEXT:
            for found in re.finditer(r"\]\(#([^)\s]*)\)", scalar.raw):
                if found[1].split("__")[0] not in names and found[1] not in library.doubtful:
                    yield Problem(
                        scalar.inside(found.start(1), len(found[1]) or 1),
                        "unknown-name",
                        f'nothing in the book has the name "{found[1]}"',
                        did_you_mean(found[1], names),
                    )


def _structure(scalar: Scalar, tokens: list[Token]) -> Iterator[Problem]:
    """What is wrong with a text's blocks: too deep, code, headings that skip a level."""
    depth, heading, size = {"list": 0, "blockquote": 0}, 0, 0
    for token in tokens:
        sort = (
            "list"
            if "list_" in token.type and "item" not in token.type
            else "blockquote"
            if token.type.startswith("blockquote")
            else ""
        )
        if sort:
            depth[sort] += token.nesting
            if depth[sort] > DEEPEST:
                yield Problem(
                    _at_line(scalar, token),
                    "too-deep",
                    f"{'lists' if sort == 'list' else 'quotations'} are nested more than {DEEPEST} deep",
                    "use fewer levels",
                )
                return
        if token.type == "heading_open":
            level = int(token.tag[1])
            if level > heading + 1:
                yield Problem(
                    _at_line(scalar, token),
                    "heading",
                    "this heading skips a level",
                    f"write it with {'#' * (heading + 1)}",
                )
            heading = level
        if token.type == "fence":
            closed = (
                scalar.text.split("\n")[token.map[0] + 1 : token.map[1]][-1:] if token.map else []
            )
            ends = bool(closed) and closed[0].strip().startswith(token.markup)
            yield Problem(
                _at_line(scalar, token),
                "code",
                "this would be printed as computer code"
                if ends
                else "the code block opened here runs to the end",
                f"delete the line {token.markup}",
            )
        if token.type == "code_block":
            yield Problem(
                _at_line(scalar, token),
                "code",
                "this would be printed as computer code",
                "move the text to the left, with fewer than four spaces",
            )
        size += len(token.content) + sum(
            len(child.content) + len(str(child.attrGet("href") or ""))
            for child in token.children or ()
        )
    if size > GROWTH * len(scalar.text) + SPARE:
        yield Problem(
            scalar.span,
            "growing",
            "this text grows too large when it is printed",
            f"it may become {GROWTH} times as long as it is written; repeat fewer links",
        )


def _spans(scalar: Scalar, tokens: list[Token]) -> Iterator[Problem]:
    """What is wrong inside a text's lines: links that cannot be used or lead nowhere, pictures."""
    for token in tokens:
        for child in token.children or ():
            if child.type == "link_open" and not re.match(
                r"(https://|mailto:|#)", str(child.attrGet("href") or ""), re.IGNORECASE
            ):
                url = str(child.attrGet("href") or "")
                yield Problem(
                    _inside(scalar, token, url),
                    "link",
                    f'the link "{url[:60]}" cannot be used',
                    "only https, mailto and # links can",
                )
            elif child.type == "image":
                yield Problem(
                    _inside(scalar, token, "!["),
                    "picture-in-text",
                    "pictures cannot stand inside a text",
                    "use picture: with file and alt",
                )
            elif child.type == "text" and (
                found := re.search(r"\[[^\]\n]+\] ?\[[^\]\n]*\]", child.content)
            ):
                yield Problem(
                    _inside(scalar, token, found[0]),
                    "link",
                    f'the link "{found[0]}" leads nowhere',
                    "write its address behind it: [words](https://…)",
                )


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 100})
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # so that a bad address can be told
    return parser


def _at_line(scalar: Scalar, token: Token) -> Span:
    """The line of the text on which `token` begins."""
    lines = scalar.raw.split("\n")
    number = (token.map[0] if token.map else 0) + (1 if scalar.style in ("|", ">") else 0)
    if scalar.style != "|" or number >= len(lines):
        return scalar.span
    start = (
        sum(len(line) + 1 for line in lines[:number])
        + len(lines[number])
        - len(lines[number].lstrip())
    )
    return scalar.inside(start)


def _inside(scalar: Scalar, token: Token, part: str) -> Span:
    """Where `part` stands in the text, from the line of `token` on; that line where it is written in another way."""
    line = _at_line(scalar, token)
    begin = sum(
        len(written) + 1 for written in scalar.raw.split("\n")[: line.line - scalar.span.line]
    )
    at = scalar.raw.find(part, begin)
    return scalar.inside(at, len(part)) if at >= 0 else line
