"""What authors' Markdown becomes: safe HTML, shifted headings, plain words, numbered paragraphs."""

from __future__ import annotations

import pytest
from mentorkit.edition.markdown import inline_html, paragraphs, plain, to_html


def test_emphasis_lists_and_quotations_are_kept() -> None:
    html = to_html("Some *soft* and **strong** words.\n\n- one\n- two\n\n> said")
    assert "<em>soft</em>" in html and "<strong>strong</strong>" in html
    assert html.count("<li>") == 2 and "<blockquote>" in html


def test_headings_and_rules_below_words_are_printed_as_they_are_typed() -> None:
    assert to_html("# First") == "<p># First</p>"
    assert to_html("words\n===") == "<p>words\n===</p>"


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "<b style='color:red'>x</b>", "<!-- gone -->", "a <img src=x> b"],
)
def test_html_is_printed_as_text(text: str) -> None:
    for html in (to_html(text), inline_html(text)):
        assert (
            "<script" not in html
            and "<b " not in html
            and "<img" not in html
            and "<!--" not in html
        )
        assert "&lt;" in html


@pytest.mark.parametrize(
    "address", ["https://example.org/a?b=1&c=2", "mailto:office@example.org", "#glossary"]
)
def test_links_to_safe_addresses_are_links(address: str) -> None:
    assert f'<a href="{address.replace("&", "&amp;")}">here</a>' in inline_html(
        f"[here]({address})"
    )


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "http://example.org",
        "file:///etc/passwd",
        "data:text/html,x",
        "../secret",
        "//example.org",
    ],
)
def test_other_addresses_are_no_links(address: str) -> None:
    assert "<a" not in to_html(f"[here]({address})") and "<a" not in to_html(f"<{address}>")


def test_there_are_no_pictures_in_texts() -> None:
    assert "<img" not in to_html("![a cat](https://example.org/cat.png)")


def test_indented_lines_are_no_code() -> None:
    assert "<pre" not in to_html("    four blanks before a line")


def test_the_inside_of_a_paragraph_has_no_paragraph() -> None:
    assert inline_html("one\n*line*") == "one <em>line</em>"
    assert inline_html("- not a list") == "- not a list"


def test_plain_words_have_no_marks_and_no_addresses() -> None:
    assert (
        plain("Read *this*, [the paper](https://example.org), `now`.\n\n- twice\n- slowly")
        == "Read this, the paper, now. twice slowly"
    )
    assert plain("5 < 7 & “so on”") == "5 < 7 & “so on”"


def test_a_story_comes_apart_into_its_paragraphs() -> None:
    parts = paragraphs(
        "First.\n\n“Second,” she said.\n\n> Third\n>\n> still third\n\n- fourth\n- fourth "
        "too\n\n***"
    )
    assert [str(part)[:4] for part in parts] == ["<p>F", "<p>“", "<blo", "<ul>", "<hr "]
    assert "still third" in parts[2] and parts[3].count("<li>") == 2


def test_empty_text_is_nothing() -> None:
    assert to_html("") == "" and inline_html("") == "" and plain("") == "" and paragraphs("") == []


def test_very_deep_nesting_ends() -> None:
    assert to_html(">" * 5000 + " deep").count("<blockquote>") <= 100
