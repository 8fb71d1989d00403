"""Texts: placeholders, Markdown, links and headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from mentorkit.explain import did_you_mean
from mentorkit.library import Library
from mentorkit.problem import Problem, Span, warning
from mentorkit.source import Scalar, scalars

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

DEEPEST_LIST = 6
NOT_TEXT = {"url", "link", "file", "kind", "shape", "priority", "license", "release", "lang", "minutes", "points"}
HTML = re.compile(r"</?[a-zA-Z][a-zA-Z0-9-]*(\s[^<>]*)?/?>")
SIGNS = re.compile(r"[<\[\]#`]|^\s*(?:[-*+>]|\d+[.)]) |^ {4}", re.MULTILINE)


def placeholders(library: Library) -> Iterator[Problem]:
    """`{{ name }}` is replaced by a value of the curriculum; no other name is known, and nothing is ever computed."""
    assert library.curriculum is not None
    known = library.curriculum.model.values
    for _, scalar in _all_texts(library):
        for found in re.finditer(r"\{\{(.*?)\}\}|\{%.*?%\}", scalar.text, re.DOTALL):
            name = (found[1] or "").strip()
            if name not in known:
                yield Problem(_inside(scalar, found[0]), "placeholder", f'"{name or found[0]}" is not a value of the curriculum', did_you_mean(name, known))


def markdown(library: Library) -> Iterator[Problem]:
    """Markdown without HTML and pictures; links begin with https, mailto or #; headings skip no level; lists stay shallow."""
    for path, scalar in _all_texts(library):
        if path and path[-1] in NOT_TEXT or not SIGNS.search(scalar.text):
            continue
        if html := HTML.search(scalar.text):
            yield warning(_inside(scalar, html[0]), "html", f'HTML is shown as plain text: "{html[0][:40]}"', "use Markdown: *emphasis*, lists, links")
        yield from _tokens(scalar)


def _tokens(scalar: Scalar) -> Iterator[Problem]:
    depth, heading = 0, 0
    for token in _parser().parse(scalar.text):
        depth += token.type in ("bullet_list_open", "ordered_list_open")
        depth -= token.type in ("bullet_list_close", "ordered_list_close")
        if depth > DEEPEST_LIST:
            yield Problem(scalar.span, "deep-list", f"lists are nested more than {DEEPEST_LIST} deep", "use fewer levels")
            return
        if token.type == "heading_open":
            level = int(token.tag[1])
            if level > heading + 1:
                yield Problem(_at_line(scalar, token), "heading", "this heading skips a level", f"write it with {'#' * (heading + 1)}")
            heading = level
        if token.type in ("fence", "code_block"):
            yield Problem(_at_line(scalar, token), "code", "this would be printed as computer code", "move the text to the left, with fewer than four spaces")
        for child in token.children or ():
            if child.type == "link_open":
                url = str(child.attrGet("href") or "")
                if not re.match(r"(https://|mailto:|#)", url):
                    yield Problem(_inside(scalar, url), "link", f'the link "{url[:60]}" cannot be used', "only https, mailto and # links can")
            if child.type == "image":
                yield Problem(_inside(scalar, "!["), "picture", "pictures cannot stand inside a text", "use picture: with file and alt")


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 100})
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # so that a bad address can be told
    return parser


def _all_texts(library: Library) -> Iterator[tuple[tuple[str | int, ...], Scalar]]:
    files = [*library.files(), *library.cohorts.values()]
    for file in files:
        yield from scalars(file.root)


def _inside(scalar: Scalar, part: str) -> Span:
    """Where `part` stands in the text, as near as the way it was written lets us tell."""
    before = scalar.text.partition(part)[0]
    span = scalar.span
    if scalar.style in ("|", ">") and scalar.style:
        line = span.line + 1 + before.count("\n")
        return Span(span.file, line, 1, line, 2)
    if "\n" in before or span.line != span.end_line:
        return span
    column = span.column + len(before) + (1 if scalar.style else 0)
    return Span(span.file, span.line, column, span.line, column + len(part))


def _at_line(scalar: Scalar, token: Token) -> Span:
    line = scalar.span.line + (1 if scalar.style in ("|", ">") and scalar.style else 0) + (token.map[0] if token.map else 0)
    return Span(scalar.span.file, line, 1, line, 2)
