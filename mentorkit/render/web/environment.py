"""The templates of the web edition, compiled once for all sites."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from mentorkit.edition.content import Content, CreditLine, QuestionList, Story
from mentorkit.edition.markdown import plain
from mentorkit.edition.section import Section
from mentorkit.edition.strings import html_phrase, phrase
from mentorkit.render.web.macros import web_macro_of
from mentorkit.render.web.pages import is_own_page
from mentorkit.render.web.texts import Texts

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.runtime import Context


def fill(template: str, variables: dict[str, object]) -> str:
    """Return the template of that name in templates/web/ filled with the variables."""
    html = _environment().get_template(f"web/{template}").render(variables)
    return re.sub(r"\n\s*", "\n", html)  # templates leave many empty lines


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context

    environment = Environment(
        loader=PackageLoader("mentorkit", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    @pass_context
    def to_html(context: Context, text: str) -> Markup:
        return _texts(context).to_html(text)

    @pass_context
    def inline_html(context: Context, text: str) -> Markup:
        return _texts(context).inline_html(text)

    @pass_context
    def paragraphs(context: Context, text: str) -> list[Markup]:
        return _texts(context).paragraphs(text)

    environment.filters.update(
        md=to_html,
        inline=inline_html,
        paragraphs=paragraphs,
        plain=plain,
        phrase=phrase,
        html_phrase=html_phrase,
        macro=web_macro_of,
    )
    environment.tests.update(
        section=lambda item: isinstance(item, Section),
        story=lambda item: isinstance(item, Story),
        questions=lambda item: isinstance(item, QuestionList),
        credit=lambda item: isinstance(item, CreditLine),
        spread=has_spread,
        worksheet=is_own_page,
    )
    return environment


def _texts(context: Context) -> Texts:
    texts = context["texts"]
    assert isinstance(texts, Texts)
    return texts


def has_spread(section: Section) -> bool:
    """Return whether a section holds a story and questions on it, to be read side by side."""
    kinds: set[type[Content | Section]] = {type(item) for item in section.content}
    return {Story, QuestionList} <= kinds
