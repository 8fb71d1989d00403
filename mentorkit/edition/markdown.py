"""Texts to HTML that is safe to print, and to plain words; the dialect is in `markdown_parser`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markupsafe import Markup

from mentorkit.edition.markdown_parser import make_parser

if TYPE_CHECKING:
    from markdown_it.token import Token

BREAK = re.compile(r"(?: {2,}|\\)\n")  # a line break that was meant: two blanks or a backslash


def to_html(text: str, *, new_tab: bool = False) -> Markup:
    """Return the text as HTML blocks.

    Where `new_tab`, links that leave the page open a tab of their own.
    """
    tokens = make_parser().parse(text)
    return _render(_in_new_tab(tokens) if new_tab else tokens)


def inline_html(text: str, *, new_tab: bool = False) -> Markup:
    """Return the inside of one paragraph, without <p>; wrapped lines are joined by blanks."""
    tokens = make_parser().parseInline(join_lines(text))
    return _render(_in_new_tab(tokens) if new_tab else tokens)


def join_lines(text: str) -> str:
    """Return the text on one line, but for line breaks that were meant. Special spaces stay."""
    lines = [" ".join(re.split(r"[ \t\n]+", line.strip(" \t\n"))) for line in BREAK.split(text)]
    return "\\\n".join(lines)


def _in_new_tab(tokens: list[Token]) -> list[Token]:
    """Return the tokens, their links to https pages marked so that a browser opens them in a new
    tab.
    """
    for token in tokens:
        if token.type == "link_open" and str(token.attrGet("href")).startswith("https"):
            token.attrSet("target", "_blank")
            token.attrSet("rel", "noreferrer")
        _in_new_tab(token.children or [])
    return tokens


def plain(text: str) -> str:
    """The words alone, without marks and addresses, on one line."""
    return " ".join(" ".join(_words(token) for token in make_parser().parse(text)).split())


def paragraphs(text: str) -> list[Markup]:
    """The top-level blocks of a story, each rendered by itself, so that it can carry a number."""
    blocks: list[Markup] = []
    gathered: list[Token] = []
    for token in make_parser().parse(text):
        gathered.append(token)
        if token.level == 0 and token.nesting <= 0:
            blocks.append(_render(gathered))
            gathered = []
    return blocks


def _words(token: Token) -> str:
    if token.children is not None:
        return "".join(_words(child) for child in token.children)
    return " " if token.type in ("softbreak", "hardbreak") else token.content


def _render(tokens: list[Token]) -> Markup:
    parser = make_parser()
    # Safe to mark: the renderer escapes every text, and raw HTML never becomes a token of its own.
    return Markup(parser.renderer.render(tokens, parser.options, {}).strip())
