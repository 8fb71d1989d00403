"""The editor of YAML: only the bytes of what is edited change, and what is read afterwards is what
was meant."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from mentorkit.editing import edit as splice
from mentorkit.editing.edit import EditRefusedError, add, delete, move, put

EXAMPLE = b"""# A file by hand
title: A day   # said so
text: |
  First line: with a colon.

  Second # no comment.
questions:
  # about one
  one: What?
  # about two
  two:
    ask: 'It''s odd'
    lines: 3

words: [a, "b, c"]
watch:
- hear: one
  then: two
- hear: three
  then: four"""
CRLF = b"\xef\xbb\xbf" + EXAMPLE.replace(b"\n", b"\r\n")


def test_a_text_keeps_its_quotes_and_its_comment() -> None:
    assert put(EXAMPLE, ("title",), "A night") == EXAMPLE.replace(b"A day ", b"A night ")
    assert put(EXAMPLE, ("questions", "two", "ask"), "It's even") == EXAMPLE.replace(
        b"odd", b"even"
    )
    assert put(EXAMPLE, ("words", 1), "d") == EXAMPLE.replace(b"b, c", b"d")


def test_a_colon_in_a_title_costs_nobody_an_afternoon() -> None:
    assert put(EXAMPLE, ("title",), "Day: one") == EXAMPLE.replace(b"A day", b'"Day: one"')
    assert put(EXAMPLE, ("title",), 'He said "no": so') == EXAMPLE.replace(
        b"A day", b'"He said \\"no\\": so"'
    )


def test_line_ends_and_the_mark_at_the_start_stay() -> None:
    assert put(CRLF, ("text",), "First line.\n\nSecond # no comment.") == CRLF.replace(
        b": with a colon", b""
    )
    assert add(CRLF, ("questions",), "three", "Why?\nHow?", after="one") == CRLF.replace(
        b"one: What?\r\n", b"one: What?\r\n  three: |\r\n    Why?\r\n    How?\r\n"
    )


def test_a_single_text_grows_into_a_group() -> None:
    assert put(EXAMPLE, ("questions", "one"), {"ask": "What?", "lines": "5"}) == EXAMPLE.replace(
        b"one: What?", b"one:\n    ask: What?\n    lines: 5"
    )


def test_what_is_missing_is_added_where_it_belongs() -> None:
    assert put(EXAMPLE, ("about",), "In short", after="title") == EXAMPLE.replace(
        b"# said so\n", b"# said so\nabout: In short\n"
    )
    assert (
        put(EXAMPLE, ("facilitator", "ask"), ["One", "Two"])
        == EXAMPLE + b"\nfacilitator:\n  ask:\n    - One\n    - Two"
    )


def test_entries_go_and_comments_stay() -> None:
    assert delete(EXAMPLE, ("questions", "two")) == EXAMPLE.replace(
        b"  two:\n    ask: 'It''s odd'\n    lines: 3\n", b""
    )
    assert delete(EXAMPLE, ("watch", 1)) == EXAMPLE.replace(b"\n- hear: three\n  then: four", b"")
    assert delete(EXAMPLE, ("watch", 0, "hear")) == EXAMPLE.replace(
        b"- hear: one\n  then", b"- then"
    )
    assert delete(delete(EXAMPLE, ("words", 0)), ("words", 0)) == EXAMPLE.replace(
        b'words: [a, "b, c"]\n', b""
    )


def test_entries_move_with_the_comment_above_them() -> None:
    moved = move(EXAMPLE, ("questions", "two"), 0)
    assert moved == EXAMPLE.replace(
        b"  one: What?\n  # about two\n  two:\n    ask: 'It''s odd'\n    lines: 3\n",
        b"  # about two\n  two:\n    ask: 'It''s odd'\n    lines: 3\n  one: What?\n",
    )
    assert move(EXAMPLE, ("words", 0), 1) == EXAMPLE.replace(b'[a, "b, c"]', b'["b, c", a]')
    assert move(EXAMPLE, ("watch", 1), 0).endswith(
        b"watch:\n- hear: three\n  then: four\n- hear: one\n  then: two"
    )


@pytest.mark.parametrize(
    "edit",
    [
        lambda: put(EXAMPLE, ("title",), "a\x00b"),
        lambda: put(EXAMPLE, ("title",), "a\u202eb"),
        lambda: put(EXAMPLE, ("watch", 5, "hear"), "x"),
        lambda: add(EXAMPLE, ("questions",), "one", "again"),
        lambda: add(EXAMPLE, ("title",), "one", "x"),
        lambda: add(EXAMPLE, ("words",), 9, "x"),
        lambda: move(EXAMPLE, ("words", 0), 7),
        lambda: delete(EXAMPLE, ("nothing",)),
        lambda: delete(b"title: x\n", ("title",)),
        lambda: put(b"title: [x\n", ("title",), "y"),
        lambda: put(b"\xff\xfea", ("title",), "y"),
    ],
)
def test_what_cannot_be_done_is_refused(edit: Callable[[], bytes]) -> None:
    with pytest.raises(EditRefusedError, match=".+"):
        edit()


# ---- random edits on the real files, judged by PyYAML alone

WORDS = [
    "a",
    "plain",
    "words",
    "Title: with colon",
    "#",
    " # no comment",
    "it's",
    '"quoted"',
    "{{ institution }}",
    "[x]",
    "{y}",
    "- dash",
    "é",
    "日本",
    "👩🏽‍🔬",
    "\\",
    "*emph*",
    "&and",
    "!",
    "%",
    "@",
    "`code`",
    "|",
    ">",
    "~",
    "null",
    "yes",
    "2026-02-30",
    "1:30",
    "0123",
    "? x",
    ": ",
    "--- ",
    "...",
]
GLUE = [" ", " ", " ", ", ", "\n", "\n\n", "", "  "]


def a_text(chance: random.Random) -> str:
    return (
        "".join(
            word + chance.choice(GLUE) for word in chance.choices(WORDS, k=chance.randint(1, 9))
        ).strip(" \n")
        or "x"
    )


def dressed(data: bytes, chance: random.Random) -> tuple[bytes, str]:
    """The file as other editors would have saved it, and its encoding."""
    if chance.random() < 0.3:
        data = data.replace(b"\n", b"\r\n")
    if chance.random() < 0.2:
        data = data.rstrip(b"\r\n")
    kind = chance.choices(["utf-8", "utf-8-sig", "utf-16"], [8, 2, 1])[0]
    return (data if kind == "utf-8" else data.decode().encode(kind)), kind


def read(data: bytes, kind: str) -> Any:
    return yaml.load(data.decode(kind), Loader=yaml.CBaseLoader)


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [found for key, each in inner for found in ((*path, key), *paths(each, (*path, key)))]


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def alike(value: Any) -> Any:
    """Values with their order; the line ends at the end of a text do not count."""
    if isinstance(value, dict):
        return [(key, alike(each)) for key, each in value.items()]
    return [alike(each) for each in value] if isinstance(value, list) else value.rstrip("\n")


def shared(one: bytes, other: bytes) -> int:
    """How many bytes of the shorter are kept at the start and the end of the longer."""
    least = min(len(one), len(other))
    head = next((n for n in range(least) if one[n] != other[n]), least)
    tail = next((n for n in range(least - head) if one[-1 - n] != other[-1 - n]), least - head)
    return head + tail


def a_set(chance: random.Random, data: bytes, kind: str, old: Any) -> tuple[bytes, Any]:
    path = chance.choice([path for path in paths(old) if isinstance(at(old, path), str)])
    text = a_text(chance)
    new = put(data, path, text)
    node = yaml.compose(data.decode(kind), Loader=yaml.CBaseLoader)
    for step in path:
        node = (
            node.value[step]
            if isinstance(step, int)
            else next(value for key, value in node.value if key.value == step)
        )
    whole = data.decode(kind)
    lines = [0, *(n + 1 for n, sign in enumerate(whole) if sign == "\n")]
    start, end = (
        lines[mark.line] + mark.column if mark.line < len(lines) else len(whole)
        for mark in (node.start_mark, node.end_mark)
    )
    shown = new.decode(kind)
    assert shown.startswith(whole[:start]) and shown.endswith(whole[end:]), (
        "a byte outside the text has changed"
    )
    at(old, path[:-1])[path[-1]] = text
    return new, old


def a_group(chance: random.Random, old: Any, least: int = 1) -> tuple[Any, ...]:
    return chance.choice(
        [
            path
            for path in [(), *paths(old)]
            if isinstance(at(old, path), dict | list) and len(at(old, path)) >= least
        ]
    )


def an_addition(chance: random.Random, data: bytes, _kind: str, old: Any) -> tuple[bytes, Any]:
    path = a_group(chance, old)
    group, text = at(old, path), a_text(chance)
    value = chance.choice([text, {"ask": text, "lines": "5"}, [text, "two"]])
    place = chance.randint(0, len(group))
    if isinstance(group, list):
        new = add(data, path, place, value)
        group.insert(place, value)
    else:
        names = list(group)
        new = add(data, path, "a_new_name", value, after=names[place - 1] if place else "")
        entries = list(group.items())
        entries.insert(place, ("a_new_name", value))
        group.clear()
        group.update(entries)
    assert shared(data, new) == len(data), "adding has changed what stood there"
    return new, old


def a_removal(chance: random.Random, data: bytes, _kind: str, old: Any) -> tuple[bytes, Any]:
    path = a_group(chance, old, 2)
    group = at(old, path)
    step = chance.choice(list(group) if isinstance(group, dict) else list(range(len(group))))
    new = delete(data, (*path, step))
    del group[step]
    assert shared(data, new) == len(new), "taking out has changed what stays"
    return new, old


def a_move(chance: random.Random, data: bytes, _kind: str, old: Any) -> tuple[bytes, Any]:
    path = a_group(chance, old, 2)
    group = at(old, path)
    entries = list(group.items()) if isinstance(group, dict) else list(group)
    number, to = chance.randrange(len(entries)), chance.randrange(len(entries))
    new = move(data, (*path, list(group)[number] if isinstance(group, dict) else number), to)
    entries.insert(to, entries.pop(number))
    group.clear()
    group.update(entries) if isinstance(group, dict) else group.extend(entries)
    assert sorted(data) == sorted(new), "moving has changed a character"
    return new, old


EDITS = (a_set, a_set, a_set, an_addition, a_removal, a_move)


def test_random_edits_change_no_other_byte(repository: Path, deep: bool) -> None:
    chance = random.Random(43)
    files = [
        path.read_bytes()
        for folder in ("case_studies", "worksheets", "cohorts", "curriculum", "sessions")
        for path in sorted((repository / folder).rglob("*.yaml"))
    ]
    files.append(EXAMPLE + b"\n")
    weights = [1 / len(data) for data in files]  # long files take longer to prove
    done, refused = 0, 0
    while done < (30_000 if deep else 3_000):
        data, kind = dressed(chance.choices(files, weights)[0], chance)
        splice._sheet.cache_clear()
        try:
            new, expected = chance.choice(EDITS)(chance, data, kind, read(data, kind))
        except EditRefusedError:
            refused += 1
            assert refused < 50 + done / 8, "too much is refused"
            continue
        assert alike(read(new, kind)) == alike(expected)
        done += 1
    print(done, refused)
