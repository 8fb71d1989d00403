"""Markdown as authors write it, turned into HTML that is safe to print: no HTML, no pictures, no doubtful links."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

NESTING = 100  # deeper quotations in quotations are printed as they stand
SCHEMES = ("https://", "mailto:", "#")


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": NESTING})
    parser.disable(["image", "code", "html_block", "html_inline"])
    # The library types the rule as a method; a plain function is its documented way to replace it.
    parser.validateLink = lambda url: url.strip().lower().startswith(SCHEMES)  # type: ignore[method-assign]
    return parser


def to_html(text: str, level: int = 3) -> Markup:
    """The text as HTML blocks; a `#` heading becomes h`level`, deeper ones follow, none goes below h6."""
    tokens = _parser().parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(level + int(token.tag[1]) - 1, 6)}"
    return _render(tokens)


def inline_html(text: str) -> Markup:
    """The inside of one paragraph, without <p>; line ends in the text become blanks."""
    return _render(_parser().parseInline(" ".join(text.split())))


def plain(text: str) -> str:
    """The words alone, without marks and addresses, on one line."""
    return " ".join(" ".join(_words(token) for token in _parser().parse(text)).split())


def paragraphs(text: str) -> list[Markup]:
    """The top-level blocks of a story, each rendered by itself, so that it can carry a number."""
    blocks: list[Markup] = []
    gathered: list[Token] = []
    for token in _parser().parse(text):
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
    parser = _parser()
    # Safe to mark: the renderer escapes every text, and raw HTML never becomes a token of its own.
    return Markup(parser.renderer.render(tokens, parser.options, {}).strip())
