"""The file with everything, as `collect` reads it: unchanged, and without private answers."""

from __future__ import annotations

import base64
import json
import random

import pytest
from mentorkit.pdf.form_metadata import FormMetadata
from mentorkit.responses.web_answers import (
    CHANGED,
    DATA,
    END,
    START,
    compute_check_sum,
    read_web_answers,
)

ENTRIES = [
    ["home__secret", ["nobody reads this", 1]],
    ["home__goal", ["Ask for fifteen minutes.\r\nSoon: café, “naïve”, 🌱", 2]],
    ["~mark story 2", ["yes", 3]],
]


def answer_file(**changed: object) -> str:
    """Return a file as the site's answer-file.js writes it."""
    values = {
        "mentorkit": 1,
        "cohort": "fall",
        "edition": "0123456789",
        "release": "2027.1",
        "document": "workbook",
        "packet": "fall/P-01/K",
        "side": "",
        "fields": ["home__secret", "home__goal", "home__empty"],
        "returned": [1, 2],
        "entries": ENTRIES,
    }
    packed = base64.b64encode(json.dumps(values | changed).encode()).decode()
    lines = [packed[i : i + 76] for i in range(0, len(packed), 76)]
    text = "\n".join([START, "", "A workbook", "A question:", "    an answer “here”", DATA, *lines])
    return f"{text}\n{END} {compute_check_sum(text)}\n"


def test_only_what_may_come_back_is_read() -> None:
    result = read_web_answers(answer_file().encode(), frozenset())
    assert result is not None and "refused" not in result
    assert "nobody reads this" not in json.dumps(result)
    assert result["private"] == 1
    values = {name: item["values"] for name, item in result["fields"].items()}
    assert values == {
        "home__secret": [],
        "home__goal": ["Ask for fifteen minutes.\nSoon: café, “naïve”, 🌱"],
        "home__empty": [""],
    }


def test_what_is_private_today_stays_private() -> None:
    result = read_web_answers(answer_file().encode(), frozenset({"home__goal"}))
    assert result is not None
    assert result["fields"]["home__goal"]["values"] == []


def test_its_card_is_that_of_a_form() -> None:
    result = read_web_answers(answer_file().encode(), frozenset())
    assert result is not None
    card = FormMetadata.from_json(result["cards"][0])
    assert card is not None
    assert (card.cohort, card.document, card.packet) == ("fall", "workbook", "fall/P-01/K")
    assert card.returned == ("home__goal", "home__empty")


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("cp1252"),
        lambda text: ("Dear office,\n\n" + text + "\nRegards").encode(),
        lambda text: text.replace("\n", "\n\n").replace("    an", " an").encode(),
    ],
    ids=["CRLF", "BOM", "UTF-16", "Windows", "in a mail", "other lines"],
)
def test_what_programs_do_to_a_text_does_no_harm(change: object) -> None:
    result = read_web_answers(change(answer_file()), frozenset())  # type: ignore[operator]
    assert result is not None and "refused" not in result
    assert result["fields"]["home__goal"]["values"]


def test_a_changed_sign_is_refused_with_a_cure() -> None:
    text = answer_file()
    for changed in (
        text.replace("an answer", "my answer"),
        text.replace("“here”", "?here?"),
        text[: len(text) // 2],
        text.replace(END, ""),
    ):
        result = read_web_answers(changed.encode(), frozenset())
        assert result is not None
        assert result["refused"] == CHANGED and result["fields"] == {}


@pytest.mark.parametrize(
    "changed",
    [
        {"fields": "home"},
        {"fields": [1]},
        {"returned": [7]},
        {"returned": [-1]},
        {"entries": [["home__goal", "x"]]},
        {"entries": 5},
        {"packet": None},
        {"entries": [["home__goal", ["x", "y"]]]},
    ],
)
def test_data_of_another_shape_are_refused(changed: dict[str, object]) -> None:
    result = read_web_answers(answer_file(**changed).encode(), frozenset())
    assert result is not None and result["refused"] == CHANGED


def test_other_files_are_none_of_these() -> None:
    for data in (b"", b"%PDF-1.7", b"Dear office", "Grüße".encode("utf-16")):
        assert read_web_answers(data, frozenset()) is None


def test_a_thousand_mutants_are_refused_or_equal() -> None:
    chance = random.Random(7)
    data = answer_file().encode()
    right = read_web_answers(data, frozenset())
    for _ in range(1_000):
        mutant = bytearray(data)
        for _ in range(chance.randint(1, 4)):
            mutant[chance.randrange(len(mutant))] = chance.randrange(256)
        result = read_web_answers(bytes(mutant), frozenset())
        assert result is None or result == right or result["refused"] == CHANGED
