"""The Markdown that texts may hold, as rules for markdown-it.

Emphasis, strong, code words, lists, quotations, links, line breaks and rules across the page are
markup. Everything else is text and is printed as it is typed: headings, tables, footnotes, link
definitions, code blocks, HTML, entities, and stars or underscores inside a word. Each rule below
narrows a rule of CommonMark where that rule would take ordinary writing for markup.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from mentorkit.edition.list_entry import LIST_ENTRY, measure_longest_line, starts_list

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.ruler import RuleOptionsType
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline

MAX_NESTING = 100  # deeper quotations in quotations are printed as they are typed
LINK_SCHEMES = ("https://", "mailto:", "#")
NOT_MARKUP = (
    ["reference", "heading", "lheading", "fence", "code", "html_block"],
    ["html_inline", "image", "entity"],
)
LARGEST_LIST_NUMBER = 99  # "1986. A good year" is a sentence


@cache
def make_parser(any_link: bool = False) -> MarkdownIt:
    """Return the parser of this dialect.

    With `any_link`, addresses that may not be printed become links too, so that they can be
    reported.
    """
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_NESTING})
    parser.disable([name for names in NOT_MARKUP for name in names])
    parser.inline.ruler.at("emphasis", _read_emphasis)
    parser.inline.ruler.at("backticks", _read_code_words)
    ends_paragraph: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote"]}
    parser.block.ruler.at("list", _read_list, ends_paragraph)
    parser.block.ruler.at(
        "hr", _read_rule, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )
    parser.block.ruler.at(
        "blockquote", _read_quotation, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )
    # The library types the rule as a method; a plain function is its documented way to replace it.
    allowed = is_any_link if any_link else is_allowed_link
    parser.validateLink = allowed  # type: ignore[method-assign, assignment]
    return parser


def is_allowed_link(url: str) -> bool:
    """Return whether a link with this address may be printed."""
    return url.strip().lower().startswith(LINK_SCHEMES)


def is_any_link(_url: str) -> bool:
    """Return True: the rule for reports, which show addresses that may not be printed."""
    return True


def _read_emphasis(state: StateInline, silent: bool) -> bool:
    """Read stars and single underscores; inside a word, and doubled underscores, they are text."""
    from markdown_it.rules_inline.state_inline import Delimiter

    marker = state.src[state.pos]
    if silent or marker not in "_*":
        return False
    scanned = state.scanDelims(state.pos, False)  # False: as for _, never inside a word
    is_markup = marker == "*" or scanned.length == 1
    for _ in range(scanned.length):
        token = state.push("text", "", 0)
        token.content = marker
        if is_markup:
            state.delimiters.append(
                Delimiter(
                    marker=ord(marker),
                    length=scanned.length,
                    token=len(state.tokens) - 1,
                    end=-1,
                    open=scanned.can_open,
                    close=scanned.can_close,
                )
            )
    state.pos += scanned.length
    return True


def _read_code_words(state: StateInline, silent: bool) -> bool:
    """Read words between backticks; a backtick that touches a letter outside them is text."""
    from markdown_it.rules_inline import backtick

    start = state.pos
    if state.src[start] != "`":
        return False
    ticks = re.compile("`+").match(state.src, start)
    assert ticks is not None
    end = re.compile(f"(?<!`){ticks[0]}(?!`)").search(state.src, ticks.end())
    is_inside_word = bool(re.search(r"\w$", state.src[:start])) or bool(
        end and re.match(r"\w", state.src[end.end() :])
    )
    if not is_inside_word:
        return backtick(state, silent)
    if not silent:
        state.pending += ticks[0]
    state.pos = ticks.end()
    return True


def _read_list(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """Read a list; a number that counts nothing, and a dash inside a sentence, are text."""
    from markdown_it.rules_block import list_block

    entry = LIST_ENTRY.match(_line(state, first))
    if entry is None or not _counts(state, entry):
        return False
    is_in_paragraph = (
        silent
        and state.parentType == "paragraph"
        and state.sCount[first] >= state.blkIndent
        and first > 0
    )
    if not is_in_paragraph:
        return list_block(state, first, end, silent)
    if not entry["text"]:  # an empty entry does not interrupt a paragraph
        return False
    below = (_line(state, number) for number in range(first + 1, min(end, state.lineMax)))
    longest = measure_longest_line(state.src)
    return starts_list(_line(state, first - 1), _line(state, first), below, longest)


def _counts(state: StateBlock, entry: re.Match[str]) -> bool:
    """Return whether a list entry has no number, or another line of the text has one like it."""
    if not entry["number"]:
        return True
    is_small = int(entry["number"]) <= LARGEST_LIST_NUMBER
    return is_small and _count_numbered_lines(state.src, entry["sign"][-1]) > 1


@lru_cache(maxsize=8)
def _count_numbered_lines(text: str, sign: str) -> int:
    """Return how many lines of `text` begin with a small number and this sign."""
    return len(re.findall(rf"(?m)^[\s>]*(?:[-+*] +)*\d{{1,2}}{re.escape(sign)}(?:\s|$)", text))


def _read_rule(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """Read a rule across the page; underscores are a place to write on, and are text."""
    from markdown_it.rules_block import hr

    return not _line(state, first).startswith("_") and hr(state, first, end, silent)


def _read_quotation(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """Read a quotation; the sign before a number (> 5, >= 5) is text."""
    from markdown_it.rules_block import blockquote

    line = _line(state, first)
    is_comparison = line.startswith(">=") or (
        re.match(r">\s?\d", line) is not None and len(re.findall(r"(?m)^\s*>", state.src)) == 1
    )
    return not is_comparison and blockquote(state, first, end, silent)


def _line(state: StateBlock, number: int) -> str:
    """Return the line, counted from 0, without the marks of the lists and quotations around it."""
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]
