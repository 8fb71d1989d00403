"""Check one text as Markdown: its lines, its links, and that all it holds is printed.

Places are given in the text itself: lines and columns count from 1, the file is empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from mentorkit.checks.text_structure import (
    CONTAINER_MARKS,
    UNDERLINE,
    Paragraph,
    check_lines,
    check_one_paragraph,
    report_heading,
    whole_paragraph,
)
from mentorkit.edition.list_entry import LIST_ENTRY, is_broken_early, measure_longest_line
from mentorkit.edition.markdown import join_lines
from mentorkit.edition.markdown_parser import is_allowed_link, make_parser
from mentorkit.source.problem import Problem, Span, warning

if TYPE_CHECKING:
    from markdown_it.token import Token

MAX_DEPTH = 6  # levels of lists or of quotations
HTML = re.compile(
    r"<(?:/?[a-zA-Z][a-zA-Z0-9-]*(?:\s[^<>]*)?/?|!--.*?--|\?.*?\?|![A-Z][^<>]*)>", re.DOTALL
)
PICTURE = re.compile(r"!\[[^\]\n]*\](?:\([^)\n]*\)|\[[^\]\n]*\])")
LINK_WITHOUT_ADDRESS = re.compile(r"(?<!!)\[[^\]\n]+\] ?\[[^\]\n^]*\]")
# Stars and underscores that were meant as emphasis and are printed: ** so **, *word*s, __so__.
HALF_EMPHASIS = (
    (re.compile(r"\*\*\s+[^*\n]+\*\*|\*\*[^\s*][^*\n]*\s\*\*"), "*words*, without blanks inside"),
    (re.compile(r"(?<![\w*])(\*{1,2})\w[^*\n]*\1(?=\w)"), "*words*, around whole words"),
    (re.compile(r"(?<=[^\W\d_])(\*{1,2})\w[^*\n]*\1(?![\w*])"), "*words*, around whole words"),
    (re.compile(r"(?<!\w)__[^\s_][^\n]*?__(?!\w)"), "**words** for strong emphasis"),
)
SIMPLE = re.compile(r"[\w ,.;:?!’‘“”()…/%'\"–—-]*", re.ASCII | re.DOTALL)


def check_markdown(text: str, is_one_paragraph: bool) -> Iterator[Problem]:
    """Report whatever of the text is not printed as it was meant; nothing where all is plain.

    With `is_one_paragraph`, the text is printed inside a line or a cell, its lines joined.
    """
    if html := HTML.search(text):
        yield warning(
            locate(text, html.start(), len(html[0])),
            "html",
            f'HTML is shown as plain text: "{" ".join(html[0].split())[:40]}"',
            "use Markdown: *emphasis*, lists, links",
        )
    if is_one_paragraph:
        yield from check_one_paragraph(text)
        joined = join_lines(text)
        yield from _check_inline(
            whole_paragraph(text), make_parser(any_link=True).parseInline(joined)[0]
        )
        return
    tokens = make_parser(any_link=True).parse(text)
    yield from _check_depth(text, tokens)
    yield from _check_rules(text, tokens)
    yield from _check_lists(text, tokens)
    covered: set[int] = set()
    for paragraph, token in _paragraphs(text, tokens):
        covered.update(range(paragraph.first, paragraph.first + len(paragraph.raw)))
        yield from check_lines(paragraph)
        yield from _check_inline(paragraph, token)
    yield from _check_coverage(text, tokens, covered)


def locate(text: str, start: int, length: int = 1) -> Span:
    """Return the place of `text[start:start + length]`, on its first line."""
    line = text.count("\n", 0, start) + 1
    column = start - text.rfind("\n", 0, start)
    return Span("", line, column, line, column + length)


def _line_span(text: str, number: int) -> Span:
    """Return the place of the words on a line, counted from 1."""
    line = text.split("\n")[number - 1]
    return Span("", number, len(line) - len(line.lstrip()) + 1, number, len(line.rstrip()) + 1)


def _paragraphs(text: str, tokens: list[Token]) -> Iterator[tuple[Paragraph, Token]]:
    """Give each paragraph of the text with the token that holds what is printed of it."""
    source, longest = text.split("\n"), measure_longest_line(text)
    number: int | None = None
    for token in tokens:
        if token.type == "list_item_open":
            number = int(token.info) if token.info.isdigit() else None
        if token.type != "inline" or not token.map:
            continue
        raw = tuple(source[token.map[0] : token.map[1]])
        lines = tuple(line.strip(" \t") for line in token.content.split("\n"))
        if len(raw) == len(lines):
            is_nested = token.level > 1
            yield Paragraph(token.map[0] + 1, raw, lines, longest, is_nested, number), token
        number = None


def _check_depth(text: str, tokens: list[Token]) -> Iterator[Problem]:
    """Report nesting that a page cannot show."""
    depth = {"list": 0, "quotation": 0}
    for token in tokens:
        sort = ""
        if token.type in ("bullet_list_open", "bullet_list_close") or token.type.startswith(
            "order"
        ):
            sort = "list"
        elif token.type.startswith("blockquote"):
            sort = "quotation"
        if sort:
            depth[sort] += token.nesting
            if depth[sort] > MAX_DEPTH and token.map:
                yield Problem(
                    _line_span(text, token.map[0] + 1),
                    "too-deep",
                    f"{sort}s are nested more than {MAX_DEPTH} deep",
                    "use fewer levels",
                )
                return


def _check_rules(text: str, tokens: list[Token]) -> Iterator[Problem]:
    """Report a line of hyphens directly below words: elsewhere it makes them a heading."""
    lines = text.split("\n")
    for token in tokens:
        if token.type == "hr" and token.map and token.map[0]:
            above = lines[token.map[0] - 1].strip()
            if above and UNDERLINE.match(lines[token.map[0]].strip()):
                yield report_heading(_line_span(text, token.map[0] + 1))


def _check_lists(text: str, tokens: list[Token]) -> Iterator[Problem]:
    """Report numbers that change in print, and a list that may be a dash inside a sentence."""
    lines, longest = text.split("\n"), measure_longest_line(text)
    open_lists: list[list[tuple[int, int]]] = []  # of each open list: entries' numbers and lines
    for index, token in enumerate(tokens):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            open_lists.append([])
        elif token.type == "list_item_open" and token.map:
            open_lists[-1].append((int(token.info or 0), token.map[0] + 1))
        elif token.type == "ordered_list_close":
            yield from _check_numbers(text, open_lists.pop())
        elif token.type == "bullet_list_close":
            entries = open_lists.pop()
            first = entries[0][1]
            above = lines[first - 2] if first > 1 else ""
            is_doubtful = (
                len(entries) == 1
                and above.strip()
                and not open_lists
                and not above.rstrip().endswith(":")
                and is_broken_early(above, lines[first - 1], longest)
                and len(above.strip()) > longest / 2 > 20
            )
            if is_doubtful:
                yield warning(
                    _line_span(text, first),
                    "one-entry",
                    "this line is printed as a list with one entry",
                    "put an empty line above it; if the dash belongs to the sentence, move it to"
                    " the end of the line above",
                )
        del index


def _check_numbers(text: str, entries: list[tuple[int, int]]) -> Iterator[Problem]:
    """Report the first entry whose number is printed as another one; 1. 1. 1. is a way to count."""
    start = entries[0][0]
    if all(number == start for number, _ in entries):
        return
    for index, (number, line) in enumerate(entries):
        if number != start + index:
            yield warning(
                _line_span(text, line),
                "list-number",
                f'"{number}" is printed as {start + index}, since a list counts on',
                f"write {start + index}, or put the number into the words of the entry",
            )
            return


def _check_inline(paragraph: Paragraph, token: Token) -> Iterator[Problem]:
    """Report what is wrong inside a paragraph: links, pictures, half emphasis, lost words."""
    content, children = token.content, token.children or []
    if SIMPLE.fullmatch(content):
        return
    for index, child in enumerate(children):
        url = str(child.attrGet("href") or "") if child.type == "link_open" else ""
        is_picture = index > 0 and children[index - 1].content.endswith("!")
        if child.type == "link_open" and not is_picture and not is_allowed_link(url):
            yield Problem(
                _find_part(paragraph, url),
                "link",
                f'the link "{url[:60]}" cannot be used',
                "only https, mailto and # links can",
            )
    if picture := PICTURE.search(content):
        yield Problem(
            _find_part(paragraph, picture[0]),
            "picture-in-text",
            "pictures cannot be inside a text",
            "use picture: with file and alt",
        )
    if empty := re.search(r"(?<!!)\[\s*\]\((?!#)[^)\s]*\)", content):
        yield Problem(
            _find_part(paragraph, empty[0]),
            "link",
            f'the link "{empty[0][:60]}" has no words, so nothing of it is printed',
            "write words between the brackets: [words](https://…)",
        )
    if link := LINK_WITHOUT_ADDRESS.search(_text_of(children)):
        yield Problem(
            _find_part(paragraph, link[0]),
            "link",
            f'the link "{link[0]}" leads nowhere',
            "write its address behind it: [words](https://…)",
        )
    printed = re.sub(r"\{\{.*?\}\}", "", _text_of(children))
    for pattern, cure in HALF_EMPHASIS:
        if (half := pattern.search(printed)) and half[0] in content:
            yield warning(
                _find_part(paragraph, half[0]),
                "half-emphasis",
                f'"{half[0][:40]}" is printed with its '
                f"{'stars' if '*' in half[0] else 'underscores'}",
                f"write {cure}",
            )
            break
    yield from _check_printed(paragraph, content, children)


def _text_of(children: list[Token]) -> str:
    """Return the words that are printed of a paragraph."""
    return "".join("\n" if "break" in child.type else child.content for child in children)


def _find_part(paragraph: Paragraph, part: str) -> Span:
    """Return the place of `part` in the paragraph; its first line where it is written otherwise."""
    first = part.split("\n")[0]
    for index, line in enumerate(paragraph.raw):
        if first and first in line:
            return paragraph.span(index, first)
    return paragraph.span(0)


def _check_printed(paragraph: Paragraph, content: str, children: list[Token]) -> Iterator[Problem]:
    """Report the first words of a paragraph that are in no token, and so would not be printed."""
    position = 0
    for child in children:
        end = _consume(child, content, position)
        if end is None:
            rest = content[position:].split("\n")[0][:40]
            yield Problem(
                _find_part(paragraph, content[position : position + 12]),
                "lost-words",
                f'"{rest}" would not be printed as it is written',
                "write it in plain words; an address is alone in its parentheses",
            )
            return
        position = end
    if content[position:].strip(" \t\n\\"):
        yield Problem(
            _find_part(paragraph, content[position : position + 12]),
            "lost-words",
            f'"{content[position : position + 40]}" would not be printed',
            "write it in plain words",
        )


def _consume(token: Token, content: str, position: int) -> int | None:
    """Return the index in `content` behind what `token` was read from; None where it differs."""
    if token.type in ("softbreak", "hardbreak"):
        found = re.compile(r"\s*\\?\n\s*| *\n\s*").match(content, position)
        return found.end() if found else None
    if token.type in ("em_open", "em_close", "strong_open", "strong_close"):
        return position + len(token.markup) if content.startswith(token.markup, position) else None
    if token.type == "link_open":
        return position + 1 if content[position : position + 1] in ("[", "<") else None
    if token.type == "link_close":
        closing = r">" if token.markup == "autolink" else r"\]\(\s*(?:<[^<>\n]*>|\S*?)\s*\)"
        return _match_shortest(closing, content, position)
    if token.type == "code_inline":
        end = content.find(token.markup, position + len(token.markup))
        return end + len(token.markup) if end >= 0 else None
    return _consume_text(token.content, content, position)


def _match_shortest(pattern: str, content: str, position: int) -> int | None:
    """Return where `pattern` ends; in an address, parentheses come in pairs."""
    found = re.compile(pattern).match(content, position)
    while found and pattern != ">" and found[0].count("(") > found[0].count(")"):
        longer = content.find(")", found.end())
        if longer < 0 or re.search(r"\s", content[found.end() : longer]):
            return None
        found = re.compile(re.escape(content[position : longer + 1])).match(content, position)
    return found.end() if found else None


def _consume_text(words: str, content: str, position: int) -> int | None:
    """Return where `words` end in `content`, each sign with or without a backslash before it."""
    if content.startswith(words, position):
        return position + len(words)
    for sign in words:
        if content.startswith(sign, position) and sign != "\\":
            position += 1
        elif content.startswith("\\" + sign, position):
            position += 2
        elif content.startswith(sign, position):
            position += 1
        else:
            return None
    return position


def _check_coverage(text: str, tokens: list[Token], covered: set[int]) -> Iterator[Problem]:
    """Report the first line of which nothing is printed, although it holds more than marks."""
    for token in tokens:
        if token.type == "hr" and token.map:
            covered.add(token.map[0] + 1)
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip() and number not in covered and not is_only_marks(line):
            yield Problem(
                _line_span(text, number),
                "lost-words",
                f'"{line.strip()[:40]}" would not be printed as it is written',
                "write it in plain words",
            )
            return


def is_only_marks(line: str) -> bool:
    """Return whether a line holds the marks of lists and quotations alone."""
    marks = CONTAINER_MARKS.match(line)
    return marks is not None and marks.end() == len(line) or LIST_ENTRY.fullmatch(line) is not None
