"""Words in, words out: whatever of a text is not printed as it was written is reported."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from mentorkit.checks.load import load_program
from mentorkit.checks.text_markup import check_markdown
from mentorkit.checks.texts import NOT_TEXT
from mentorkit.edition.markdown import inline_html, to_html
from mentorkit.program.library import Library
from mentorkit.program.walk import is_printed_as_one_paragraph, texts_with_models_of

BLOCKS = {"p", "li", "blockquote", "hr", "ul", "ol"}


class Printed(HTMLParser):
    """Gathers what HTML prints: one text for each block, the numbers of ordered lists with it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.blocks: list[str] = [""]
        self._next_number: list[int | None] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self.blocks.append("")
        if tag == "hr":
            self.blocks += ["***", ""]
        if tag == "br":
            self.blocks.append("")
        if tag in ("ul", "ol"):
            start = int(dict(attrs).get("start") or 1)
            self._next_number.append(start if tag == "ol" else None)
        if tag == "li" and (number := self._next_number[-1]) is not None:
            self.blocks[-1] += f"{number}."
            self._next_number[-1] = number + 1

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ul", "ol"):
            self._next_number.pop()
        if tag in BLOCKS:
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        self.blocks[-1] += data


def signs(text: str) -> str:
    """Return the letters, digits and signs of a text, without those that may be marks.

    Hyphens and plus signs with blanks around them are marks of lists; 3) is printed as 3.
    """
    text = re.sub(r"\]\(\s*<?(?:[^()\s]|\([^()\s]*\))*>?\s*\)", "]", text)  # addresses of links
    text = re.sub(r"[\\*_`\[\]<>]", "", text)
    text = re.sub(r"(?<!\S)[-+]+(?!\S)", "", text)
    text = re.sub(r"(?<!\S)(\d+)\)(?!\S)", r"\1.", text)
    return re.sub(r"\s", "", text)


def is_numbered_alike(text: str) -> bool:
    """Return whether a text counts 1. 1. 1., which is printed as 1. 2. 3."""
    numbers = re.findall(r"(?m)^[\s>\-+*]*(\d+)[.)]\s", text)
    return len(set(numbers)) < len(numbers)


def changes(text: str) -> str:
    """Return what print changes in a text; empty where all words and lines of lists are kept."""
    blocks = Printed(str(to_html(text))).blocks
    printed = "".join(signs(block) for block in blocks)
    if printed != signs(text) and not is_numbered_alike(text):
        return f"words: {signs(text)!r} became {printed!r}"
    for block in blocks:
        inner = block.strip().split("\n")[1:]
        looks = [
            line for line in inner if re.match(r"(?:[-+*•–]|o|\w\)|[2-9][.)])\s+\w|#+ |\|", line)
        ]
        if len(looks) > 1:
            return f"lines joined: {block!r}"
    return ""


PIECES = [
    "word", "two words", "a longer line that goes on", "- ", "* ", "+ ", "1. ", "2. ", "3) ",
    "1986. ", "– ", "-", "o ", "a) ", "> ", "# ", "## ", "***", "---", "===", "*", "**", "_",
    "__", "`", "```", "[^1]", "[^1]: note", "[x]: https://e.org", "[x][y]",
    "[words](https://e.org)", "[](#x)", '[w](https://e.org "title")', "<https://e.org>", "<b>",
    "<!-- -->", "&amp;", '\\', "\\*", "|", "| a | b |", "|---|---|", "    ", "\t", "5 > 3",
    "2*3*4", "snake_case_name", "$5", "~~~", ":", ".", "“", "”", "😀", "![a](https://e.org/a.png)",
    "(", ")", "  ", "é", "“No,” she said",
]  # fmt: skip


def random_text(chance: random.Random) -> str:
    """Return a text as somebody might write who half knows Markdown."""
    lines = []
    for _ in range(chance.randint(1, 7)):
        pieces = [chance.choice(PIECES) for _ in range(chance.randint(0, 4))]
        lines.append(chance.choice(["", " "]).join(pieces))
    return chance.choice(["\n", "\n\n", "\n"]).join(lines)


def test_random_texts_are_printed_word_for_word_or_reported(deep: bool) -> None:
    chance = random.Random(14)
    silent = []
    for _ in range(20_000 if deep else 1_500):
        text = random_text(chance)
        if text.strip() and (change := changes(text)) and not any(check_markdown(text, False)):
            silent.append((text, change))
    assert silent == []


@pytest.fixture(scope="module")
def library(program: Path) -> Library:
    """The example program without its cohorts, whose texts would be the only ones checked."""
    return replace(load_program(program), cohorts={})


def test_every_text_of_the_example_is_printed_word_for_word(library: Library) -> None:
    counted, silent = 0, []
    for model, path, scalar in texts_with_models_of(library):
        if path[-1] in NOT_TEXT:
            continue
        counted += 1
        is_one = is_printed_as_one_paragraph(model, path)
        html = str(inline_html(scalar.text) if is_one else to_html(scalar.text))
        printed = "".join(signs(block) for block in Printed(html).blocks)
        if is_one:
            printed = "".join(signs(block) for block in Printed(f"<p>{html}</p>").blocks)
        if printed != signs(scalar.text):
            silent.append((scalar.span, printed))
    assert silent == [] and counted > 1_000


FINE = {
    "stars between digits": "Rooms: 2*3*4 seats.",
    "a year": "In the autumn she moved.\n\n1986. A good year for everyone.",
    "a wrapped dash": "She waited for the answer that she had been promised so long ago\n"
    "- and got none.",
    "a wrapped number": "The report says that they had met in the old building in the year\n"
    "2. Nobody knew.",
    "a list from 2": "As we said:\n2. two\n3. three",
    "a link in capitals": "See [it](HTTPS://LAKESHORE.EXAMPLE/x).",
    "a place to write on": "Name:\n\n_____\n\nand ____",
    "a comparison": "More than\n> 5 people came.",
    "names with underscores": "the file my_long_name.txt",
    "an escaped star": "5 \\* 3 is not \\*that\\*",
    "emphasis beside signs": "“*Really*?” **Note**: *yes*, and (*no*).",
    "a break that is meant": "Lakeshore\\\n12 Main Street\\\nChicago",
    "an entry that goes on": "- one entry\n  that goes on\n- another\n\n  with a second paragraph",
}


@pytest.mark.parametrize("text", FINE.values(), ids=FINE.keys())
def test_ordinary_writing_is_no_problem_and_prints_as_it_is_typed(text: str) -> None:
    assert [str(problem) for problem in check_markdown(text, False)] == []
    assert changes(text) == ""


REPORTED = {
    "a footnote": ("She came.[^1]\n\n[^1]: By train.", "footnote"),
    "a table": ("| Who | What |\n|---|---|\n| Ama | Lab |", "table-in-text"),
    "the address of a link": ("[Source]: https://lakeshore.example", "link-address"),
    "a heading": ("# TODO ask Imani", "heading"),
    "an underlined heading": ("The trip\n---\nShe left.", "heading"),
    "the title of a link": ('[it](https://e.org "The report")', "lost-words"),
    "hyphens without blanks": ("Bring:\n-time\n-money", "run-together"),
    "dashes": ("Bring\n– time\n– money", "run-together"),
    "the letter o": ("Bring\no time\no money", "run-together"),
    "letters with parentheses": ("a) time\nb) money", "run-together"),
    "an entry without its hyphen": ("- one\ntwo\n- three", "run-together"),
    "an address": ("Lakeshore Institute\n12 Main Street\nChicago", "joined-lines"),
    "a dialogue": ("“Well?” he said.\n“No.”\n“Why?”", "joined-lines"),
    "half a strong emphasis": ("**bold **text", "half-emphasis"),
    "numbers that do not count on": ("1. one\n3. three", "list-number"),
    "two entries on a line": ("1. one 2. two", "run-together"),
    "a code block": ("```\nwords\n```", "code"),
    "a picture": ("![a](https://e.org/a.png)", "picture-in-text"),
}


@pytest.mark.parametrize(("text", "code"), REPORTED.values(), ids=REPORTED.keys())
def test_what_print_would_change_is_reported_with_its_cure(text: str, code: str) -> None:
    found = list(check_markdown(text, False))
    assert [problem.code for problem in found][:1] == [code]
    assert all(problem.hint and problem.span.line >= 1 for problem in found)


def test_a_text_inside_a_line_has_one_paragraph() -> None:
    assert [p.code for p in check_markdown("one\n\ntwo", True)] == ["one-paragraph"]
    assert [p.code for p in check_markdown("bring:\n- time\n- money", True)] == ["one-paragraph"]
    assert list(check_markdown("one line\nthat goes on", True)) == []


def test_special_spaces_inside_a_line_are_kept() -> None:
    assert inline_html("10\u00a0%\nof  it") == "10\u00a0% of it"
