"""Texts as HTML for the site: anchors become addresses of pages, links outward open a new tab."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from markupsafe import Markup

from mentorkit.edition.markdown import join_lines
from mentorkit.edition.markdown_parser import make_parser

if TYPE_CHECKING:
    from markdown_it.token import Token


class Texts:
    """Turns Markdown into HTML whose links to anchors lead to the pages in `addresses`."""

    def __init__(self, addresses: Mapping[str, str]) -> None:
        self._addresses = addresses

    def to_html(self, text: str) -> Markup:
        """Return the text as HTML blocks."""
        return self._render(make_parser().parse(text))

    def inline_html(self, text: str) -> Markup:
        """Return the inside of one paragraph, without <p>."""
        return self._render(make_parser().parseInline(join_lines(text)))

    def paragraphs(self, text: str) -> list[Markup]:
        """Return the top-level blocks of a story, each as HTML."""
        blocks: list[Markup] = []
        gathered: list[Token] = []
        for token in make_parser().parse(text):
            gathered.append(token)
            if token.level == 0 and token.nesting <= 0:
                blocks.append(self._render(gathered))
                gathered = []
        return blocks

    def _render(self, tokens: list[Token]) -> Markup:
        parser = make_parser()
        self._set_links(tokens)
        # Safe to mark: the renderer escapes every text, and raw HTML never becomes a token.
        return Markup(parser.renderer.render(tokens, parser.options, {}).strip())

    def _set_links(self, tokens: list[Token]) -> None:
        for token in tokens:
            if token.type == "link_open":
                href = str(token.attrGet("href"))
                if href.startswith("#"):
                    token.attrSet("href", self._addresses.get(href[1:], href))
                elif href.startswith("https"):
                    token.attrSet("target", "_blank")
                    token.attrSet("rel", "noreferrer")
            self._set_links(token.children or [])
