"""Text files to values that know their place: texts stay texts, limits hold, and nothing takes
longer than its length."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from mentorkit.model.keys import KEYS
from mentorkit.model.types import Count, Date, Line, Minutes, Texts, Written, YesNo
from mentorkit.model.validation_errors import explain
from mentorkit.source import nodes, reader, text_file
from mentorkit.source.nodes import Listing, Mapping, Scalar
from mentorkit.source.problem import Span, UnreadableError
from pydantic import BaseModel, ValidationError

TITLE = ("title",)


def values(text: str) -> object:
    read = reader.parse(text, "a.yaml", KEYS)
    assert read.problems == () and read.root is not None, [
        str(problem) for problem in read.problems
    ]
    return nodes.plain(read.root)


def messages(text: str) -> list[str]:
    return [str(problem) for problem in reader.parse(text, "a.yaml", KEYS).problems]


# ---- places


def test_every_value_knows_where_it_stands_and_how_it_was_written() -> None:
    read = reader.parse(
        'title: One\nlist:\n  - "two"\n  - three\ngroup:\n  text: |\n    Four\n    five\n', "a.yaml"
    )
    assert read.root is not None
    assert nodes.find(read.root, ("title",)) == Scalar(
        "One", Span("a.yaml", 1, 8, 1, 11), "", "One"
    )
    assert nodes.find(read.root, ("list", 0)) == Scalar(
        "two", Span("a.yaml", 3, 5, 3, 10), '"', '"two"'
    )
    block = nodes.find(read.root, ("group", "text"))
    assert isinstance(block, Scalar) and (
        block.text,
        block.style,
        block.span.line,
        block.span.column,
    ) == ("Four\nfive", "|", 6, 9)
    assert nodes.span_of_key(read.root, ("group", "text")) == Span("a.yaml", 6, 3, 6, 7)
    assert [path for path, _ in nodes.scalars(read.root)] == [
        ("title",),
        ("list", 0),
        ("list", 1),
        ("group", "text"),
    ]


def test_a_place_inside_a_text_is_found_by_its_raw_form() -> None:
    read = reader.parse("text: |\n  Four\n  five six\nline: one two\n", "a.yaml")
    assert read.root is not None
    block, line = nodes.find(read.root, ("text",)), nodes.find(read.root, ("line",))
    assert isinstance(block, Scalar) and isinstance(line, Scalar)
    assert block.inside(block.raw.index("six"), 3) == Span("a.yaml", 3, 8, 3, 11)
    assert line.inside(line.raw.index("two"), 3) == Span("a.yaml", 4, 11, 4, 14)


def test_a_path_that_leads_nowhere_leads_to_the_nearest_thing_above() -> None:
    read = reader.parse("group:\n  text: Four\n", "a.yaml")
    assert read.root is not None
    assert nodes.find(read.root, ("group", "title", 3)) == nodes.find(read.root, ("group",))


def test_the_order_is_the_authors() -> None:
    assert list(values("b: 1\na: 2\nc: 3\n")) == ["b", "a", "c"]  # type: ignore[call-overload]


def test_the_same_text_gives_the_same_values_whatever_the_line_ends() -> None:
    text = "title: One\ntext: |\n  Two\n  three\nlist:\n  - four\n"
    assert (
        values(text)
        == values(text.replace("\n", "\r\n"))
        == values(text.rstrip("\n"))
        == values(text.replace("\n", "\r\n", 3))
    )


# ---- types: 25 scalars by 6 types of field. The answer is the value, or the code of the problem.


class AsText(Written):
    title: Line


class AsTexts(Written):
    title: Texts


class AsMinutes(Written):
    title: Minutes


class AsCount(Written):
    title: Count


class AsYesNo(Written):
    title: YesNo


class AsDate(Written):
    title: Date


TYPES: tuple[type[BaseModel], ...] = (AsText, AsTexts, AsMinutes, AsCount, AsYesNo, AsDate)
TABLE: dict[str, tuple[str, ...]] = {
    # written      text            texts         minutes            count             yes or no
    # date
    "no": ("no", "('no',)", "whole-number", "whole-number", "False", "date"),
    "yes": ("yes", "('yes',)", "whole-number", "whole-number", "True", "date"),
    "No": ("No", "('No',)", "whole-number", "whole-number", "yes-or-no", "date"),
    "on": ("on", "('on',)", "whole-number", "whole-number", "yes-or-no", "date"),
    "true": ("true", "('true',)", "whole-number", "whole-number", "yes-or-no", "date"),
    "null": ("null", "('null',)", "whole-number", "whole-number", "yes-or-no", "date"),
    "~": ("~", "('~',)", "whole-number", "whole-number", "yes-or-no", "date"),
    "1:30": ("1:30", "('1:30',)", "whole-number", "whole-number", "yes-or-no", "date"),
    "12:30": ("12:30", "('12:30',)", "whole-number", "whole-number", "yes-or-no", "date"),
    "09:30": ("09:30", "('09:30',)", "whole-number", "whole-number", "yes-or-no", "date"),
    "01234": ("01234", "('01234',)", "range", "range", "yes-or-no", "date"),
    "007": ("007", "('007',)", "7", "7", "yes-or-no", "date"),
    "10": ("10", "('10',)", "10", "10", "yes-or-no", "date"),
    "0": ("0", "('0',)", "range", "range", "yes-or-no", "date"),
    "-5": ("-5", "('-5',)", "whole-number", "whole-number", "yes-or-no", "date"),
    "1.10": ("1.10", "('1.10',)", "whole-number", "whole-number", "yes-or-no", "date"),
    "1e3": ("1e3", "('1e3',)", "whole-number", "whole-number", "yes-or-no", "date"),
    "0x1F": ("0x1F", "('0x1F',)", "whole-number", "whole-number", "yes-or-no", "date"),
    ".nan": (".nan", "('.nan',)", "whole-number", "whole-number", "yes-or-no", "date"),
    "1_000": ("1_000", "('1_000',)", "whole-number", "whole-number", "yes-or-no", "date"),
    "8 min": ("8 min", "('8 min',)", "whole-number", "whole-number", "yes-or-no", "date"),
    "2026-03-05": (
        "2026-03-05",
        "('2026-03-05',)",
        "whole-number",
        "whole-number",
        "yes-or-no",
        "2026-03-05",
    ),
    "2026-02-30": (
        "2026-02-30",
        "('2026-02-30',)",
        "whole-number",
        "whole-number",
        "yes-or-no",
        "date",
    ),
    "03/05/2026": (
        "03/05/2026",
        "('03/05/2026',)",
        "whole-number",
        "whole-number",
        "yes-or-no",
        "date",
    ),
    "9" * 5000: ("long-text", f"('{'9' * 5000}',)", "range", "range", "yes-or-no", "date"),
}


@pytest.mark.parametrize("written", TABLE, ids=lambda written: written[:12])
def test_a_text_means_what_its_field_says_and_nothing_else(written: str) -> None:
    assert len(TABLE) == 25
    read = reader.parse(f"title: {written}\n", "a.yaml")
    assert (
        read.root is not None
        and read.problems == ()
        and nodes.plain(read.root) == {"title": written}
    )
    got = []
    for model in TYPES:
        try:
            got.append(str(model.model_validate(nodes.plain(read.root)).title))  # type: ignore[attr-defined]
        except ValidationError as fault:
            got += [problem.code for problem in explain(fault, model, read.root, "test")]
    assert tuple(got) == TABLE[written]


# ---- encodings

TEXT = "title: Café “one”\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.encode("utf-16"),
        "\ufeff".encode("utf-16-be") + TEXT.encode("utf-16-be"),
        TEXT.replace("\n", "\r\n").encode(),
    ],
)
def test_unicode_with_or_without_a_mark_is_read(data: bytes) -> None:
    assert nodes.plain(
        reader.parse(text_file.decode(data, "a.yaml"), "a.yaml").root or Mapping({}, {}, Span("a"))
    ) == {"title": "Café “one”"}


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (TEXT.encode("cp1252"), "a.yaml:1:11"),
        (TEXT.replace("“one”", "").encode("mac_roman"), "a.yaml:1:11"),
        (TEXT.replace("“one”", "").encode("latin-1"), "a.yaml:1:11"),
        (b"title: One\nabout: \xc0\xaf\n", "a.yaml:2:8"),
        (b"title: One\nabout: \xed\xa0\x80\n", "a.yaml:2:8"),
        (b"title: One\nabout: \xff\n", "a.yaml:2:8"),
        (TEXT.encode("utf-16-le"), "a.yaml:1:1"),
        (TEXT.encode("utf-16-be"), "a.yaml:1:1"),
        (TEXT.encode("utf-16")[:-1], "a.yaml:1:1"),
    ],
)
def test_other_encodings_are_refused_and_never_guessed(data: bytes, place: str) -> None:
    with pytest.raises(UnreadableError) as found:
        text_file.decode(data, "a.yaml")
    assert str(found.value.problem.span) == place and found.value.problem.code == "not-utf8"


# ---- hidden characters: 40 of them, each in five positions

REFUSED = (
    "\x01\x07\x08\x0b\x0c\x0e\x1b\x1f\x7f\x80\x85\x9f\u061c"
    "\u180e\u200b\u200e\u200f\u2028\u2029\u202a\u202c\u202e\u2060\u2063\u2066\u2069"
    "\ue000\uf8ff\ufdd0\ufeff\ufffd\uffff\U000e0000\U000f0000"
)
ALLOWED = "\u00a0\u00ad\u200c\u200d\u2009\u202f\ufe0f\U0001f469"
POSITIONS: tuple[Callable[[str], str], ...] = (
    lambda sign: f"title: {sign}One\n",
    lambda sign: f"title: O{sign}ne\n",
    lambda sign: f"title: One{sign}\n",
    lambda sign: f'title: "One {sign} two"\n',
    lambda sign: f"title: |\n  One\n  tw{sign}o\n",
)


@pytest.mark.parametrize(
    "sign",
    [sign for sign in REFUSED if sign != "\U000e0000"],
    ids=lambda sign: f"U+{ord(sign):04X}",
)
def test_a_hidden_character_is_told_with_its_code_at_its_place(sign: str) -> None:
    for write in POSITIONS:
        text = write(sign)
        line = text[: text.index(sign)].count("\n") + 1
        column = len(text[: text.index(sign)].rsplit("\n", 1)[-1]) + 1
        told = [
            problem
            for problem in reader.parse(text, "a.yaml", KEYS).problems
            if f"U+{ord(sign):04X}" in problem.what
        ]
        assert [(problem.span.line, problem.span.column) for problem in told] == [(line, column)], (
            text
        )
        assert told[0].hint


@pytest.mark.parametrize("sign", ALLOWED, ids=lambda sign: f"U+{ord(sign):04X}")
def test_what_languages_and_emoji_need_is_kept(sign: str) -> None:
    for write in POSITIONS[1:]:
        read = reader.parse(write(sign), "a.yaml", KEYS)
        assert read.problems == () and read.root is not None
        scalar = nodes.find(read.root, TITLE)
        assert isinstance(scalar, Scalar) and sign in scalar.text


def test_the_table_of_characters_is_long_enough() -> None:
    assert len(set(REFUSED) | set(ALLOWED)) >= 40 and len(POSITIONS) == 5


# ---- limits: just below is read, at the limit is read, above is refused by name


@pytest.mark.parametrize(
    ("write", "limit", "code"),
    [
        (lambda n: "a: " + "x" * (n - 3), reader.MAX_LINE, "too-long"),
        (lambda n: "a: " + "[" * (n - 1) + "]" * (n - 1), reader.MAX_DEPTH, "too-deep"),
        (lambda n: "a:\n" + "- x\n" * (n - 3), 1_000, "too-large"),
    ],
)
def test_each_limit_is_named(
    write: Callable[[int], str], limit: int, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if code == "too-large":
        assert reader.MAX_ENTRIES == 100_000
        monkeypatch.setattr(reader, "MAX_ENTRIES", limit)  # the real one takes seconds to reach
    for size in (limit - 1, limit):
        assert reader.parse(write(size), "a.yaml").problems == ()
    refused = reader.parse(write(limit + 1), "a.yaml")
    assert [problem.code for problem in refused.problems] == [code]
    assert any(form in str(refused.problems[0]) for form in (str(limit), f"{limit:,}"))


def test_a_file_of_more_than_a_megabyte_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    line = b"# " + b"x" * 97 + b"\n"
    path.write_bytes(
        b"title: One\n"
        + line * ((reader.MAX_BYTES - 11) // 100)
        + b"#" * ((reader.MAX_BYTES - 11) % 100)
    )
    assert path.stat().st_size == reader.MAX_BYTES
    assert reader.read(path, "a.yaml").problems == ()
    with path.open("ab") as stream:
        stream.write(b"#")
    assert [str(problem) for problem in reader.read(path, "a.yaml").problems] == [
        "a.yaml:1:1: this file is larger than 1 MiB (split it into several files)"
    ]


# ---- bombs

BOMBS = {
    "brackets": lambda n: "a: " + "[" * n,
    "braces": lambda n: "a: " + "{a: " * n,
    "dashes": lambda n: "a:\n  " + "- " * n,
    "questions": lambda n: "? " * n,
    "lines of brackets": lambda n: "a:\n" + " [\n" * n,
    "a staircase": lambda n: "".join(" " * depth + "a:\n" for depth in range(min(n, 1200))),
}


@pytest.mark.parametrize("shape", BOMBS)
def test_deep_nesting_is_refused_at_once(shape: str) -> None:
    for levels in (
        100,
        10_000,
        300_000 if shape == "lines of brackets" else 1_000_000,
    ):  # a megabyte of them
        text = BOMBS[shape](levels)
        began = time.process_time()
        read = reader.parse(text, "a.yaml")
        assert read.root is None and {problem.code for problem in read.problems} <= {
            "too-deep",
            "too-long",
        }
        assert (
            time.process_time() - began < 5
        )  # the parser alone would need minutes, or end the process


@pytest.mark.parametrize(
    "text", ["a: " + "[" * 1_500, "b: c\na: " + "[[x], " * 900, "a: " + "[" * 40 + "]" * 40]
)
def test_the_first_bracket_that_is_too_deep_is_marked(text: str) -> None:
    (problem,) = reader.parse(text, "a.yaml").problems
    line, column = problem.span.line, problem.span.column
    before = text.split("\n")[line - 1][:column]
    assert (problem.code, before[-1], before.count("[") - before.count("]")) == (
        "too-deep",
        "[",
        reader.MAX_DEPTH,
    )


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
        "a: &a [*a]\n",
        "a: &a x\nb: *a\n",
        "a:\n  <<: *b\n",
        "a: !!set {x}\n",
        "a: !!binary aGk=\n",
        "a: !!python/object/apply:os.system [ls]\n",
        "a: !<tag:yaml.org,2002:str> x\n",
        "- &a x\n",
        "? &a x\n: y\n",
        "&a title: x\n",
        "!!map {a: b}\n",
    ],
)
def test_anchors_aliases_and_tags_are_refused_where_they_stand(text: str) -> None:
    read = reader.parse(text, "a.yaml")
    assert read.root is None and [problem.code for problem in read.problems] == ["special-start"]
    sign = re.search(r"[&*!]", text)
    assert sign is not None and read.problems[0].span.column == sign.start() - text.rfind(
        "\n", 0, sign.start()
    )


SHAPES: dict[str, Callable[[int], str]] = {
    "many keys": lambda n: "".join(f"k{i}: v\n" for i in range(n // 10)),
    "a long list": lambda n: "a:\n" + "- x\n" * (n // 12),
    "blank lines": lambda n: "a: b\n" + "\n" * n,
    "comments": lambda n: "a: b\n" + "# x\n" * (n // 4),
    "comments behind texts": lambda n: "".join(f"k{i}: v #x\n" for i in range(n // 12)),
    "an open quote": lambda n: 'a: "' + "word word\n  " * (n // 12),
    "an open bracket": lambda n: "a: [" + "word, word,\n  " * (n // 14),
    "one long text": lambda n: "a: |\n" + "  word word\n" * (n // 12),
    "a text without quotes": lambda n: "a: word\n" + "  word word\n" * (n // 12),
    "lines like keys": lambda n: "a: |\n" + "  title: x\n" * (n // 11),
    "doubled keys": lambda n: "a: b\n" * (n // 5),
    "hidden characters": lambda n: "a: |\n" + "  wo\u200brd\n" * (n // 9),
    "letters beyond ASCII": lambda n: "a: |\n" + "  éééé éééé\n" * (n // 22),
    "tabs": lambda n: "\ta: b\n" * (n // 6),
    "colons": lambda n: (
        "a: |\n" + "  " + ": " * 5000 + "\n" * 1 + ("  " + ": " * 5000 + "\n") * (n // 10_003)
    ),
    "hashes": lambda n: "a: b " + "# " * 5000 + "\n" + ("# " * 5000 + "\n") * (n // 10_001),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_time_grows_with_the_length_alone(shape: str) -> None:
    """Four times the text takes about four times as long.

    Were it the square, it would take sixteen times.
    """
    small, large = (SHAPES[shape](size) for size in (30_000, 120_000))
    ratio = min(_seconds(large) / max(_seconds(small), 0.005) for _ in range(2))
    if ratio >= 9:  # another program may have had the processor
        ratio = min(ratio, *(_seconds(large) / max(_seconds(small), 0.005) for _ in range(3)))
    assert ratio < 9


def _seconds(text: str) -> float:
    began = time.process_time()
    reader.parse(text, "a.yaml", KEYS)
    return time.process_time() - began


# ---- slips that YAML lets pass in silence


@pytest.mark.parametrize(
    "text",
    [
        "title: One two\n",
        "title: “One” (two): three\n".replace(": three", ""),
        "text: |\n  - one\n  - two\n",
        "text: |\n  # Heading\n\n  Text # with a hash\n",
        "title: 'it''s'\n",
        'title: "say \\"hi\\" and \\\\"\n',
        "list:\n  - -5 degrees\n  - 3 – 4\n",
        "a: b:c\n",
        "a: http://example.org/#x\n",
        "# a comment\ntitle: One\n  # another\nb: c\n",
        "---\ntitle: One\n",
        "title: One\n  two\n",
        "list:\n- one\n  two\n",
        "title:\n  One\n  two\n",
    ],
)
def test_ordinary_writing_is_read_without_a_word(text: str) -> None:
    assert messages(text) == []


def test_the_words_of_texts_over_several_lines_are_all_there() -> None:
    assert values("title: One\n  two\nlist:\n- three\n  four\n") == {
        "title": "One two",
        "list": ["three four"],
    }


def test_a_line_that_strayed_into_a_text_is_told() -> None:
    assert messages("title: One\n      two\n") == [
        "a.yaml:2:7: this line was read as part of the text above it (if it belongs there, begin "
        "it with 2 spaces; else line it up with what it belongs to)"
    ]


def test_a_word_of_the_kit_inside_a_text_is_told_and_a_word_of_prose_is_not() -> None:
    assert [message.split(" ")[1] for message in messages("text: |\n  One.\n  say: Two.\n")] == [
        '"say:"'
    ]
    assert messages("text: |\n  One of three\n  things: two.\n") == []


def test_brackets_and_braces_say_so_in_the_values() -> None:
    root = reader.parse("a: [x]\nb: {c: d}\ne:\n  - x\n", "a.yaml").root
    assert root is not None
    flows = [node.flow for node in root.values.values() if isinstance(node, Mapping | Listing)]
    assert flows == [True, True, False]


# ---- files


def test_what_is_no_ordinary_file_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "nowhere.yaml").symlink_to(tmp_path / "gone")
    (tmp_path / "folder.yaml").mkdir()
    told = {path.name: str(reader.read(path, "a.yaml").problems[0]) for path in tmp_path.iterdir()}
    assert told == {
        "pipe.yaml": "a.yaml:1:1: this is not an ordinary file (put a text file here)",
        "nowhere.yaml": "a.yaml:1:1: there is no such file"
        " (check the name; a link may lead nowhere)",
        "folder.yaml": "a.yaml:1:1: this is a folder (put a text file here)",
    }
    assert (
        str(reader.read(Path("/dev/zero"), "a.yaml").problems[0])
        == "a.yaml:1:1: this is not an ordinary file (put a text file here)"
    )


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_nobody_may_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("title: One\n")
    path.chmod(0)
    assert str(reader.read(path, "a.yaml").problems[0]).endswith("(check who may read it)")
