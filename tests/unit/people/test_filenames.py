"""Folders named after people: safe everywhere, distinct, and the same however the list is ordered
or grows.
"""

from __future__ import annotations

import random
import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mentorkit.people.folder_names import file_labels, safe_names
from mentorkit.people.person import Person

NFD = unicodedata.normalize("NFD", "José Żółć")
HOSTILE = (
    # paths, options, hidden files, and what shells and Windows take for something else
    "../../etc/passwd",
    "..",
    ".",
    "/",
    "\\",
    "C:\\Windows\\system32",
    "a/b",
    "a\\b",
    "-rf",
    "--help",
    "~",
    "~root",
    "$HOME",
    "`id`",
    "%PATH%",
    "a:b",
    "a*b",
    "a?b",
    'a"b',
    "<b>",
    "a|b",
    ".hidden",
    "name.",
    " name",
    # what Windows keeps for devices
    "CON",
    "con",
    "CON.txt",
    "PRN",
    "AUX",
    "NUL",
    "NUL.txt",
    "COM1",
    "com9",
    "LPT1",
    "COM¹",
    "CONIN$",
    "CLOCK$",
    "ＣＯＮ",
    "Con ",
    # nothing to write, or too much
    "🦊",
    "🦊🦊",
    "👩‍👩‍👧",
    "!!!",
    "???",
    "_",
    "-",
    "\u0301",
    "A" * 300,
    "A" * 299 + "B",
    "李" * 100,
    "e\u0301" * 40,
    "Z" + "\u0301" * 200,
    "Bartholomew Featherstonehaugh-Cholmondeley von und zu Hohenstein",
    # one name for a file system, two for a list
    "José Żółć",
    NFD,
    "JOSÉ ŻÓŁĆ",
    "josé żółć",
    "Jose Zolc",
    "Strauß",
    "STRAUSS",
    "Strauss",
    "ﬁona",
    "Fiona",
    "Åse",
    "A\u030ase",
    "Å\u200bse",
    "Ωmega",
    "Ωmega",
    "①",
    "1",
    "Maria Silva",
    "Maria  Silva",
    "maria-silva",
    "Maria/Silva",
    # letters of the world
    "İpek Şahin",
    "ipek şahin",
    "ıpek şahin",
    "Ελένη Μαυρίδου",
    "ΣΊΣΥΦΟΣ",
    "σίσυφος",
    "李 思雨",
    "محمد القاضي",
    "علی‌رضا",
    "Nguyễn Thị Hạnh",
    "नमस्ते",
    "🇰🇷 민준",
    "민준",
    "ㅤ",
    "q\ufe0fr",
    "qr",
    # what looks like somebody else's folder
    "person",
    "Maria Silva_abc123",
    "con_abc123",
    "build",
    "manifest.json",
)


def people(names: list[str] | tuple[str, ...]) -> list[Person]:
    return [
        Person(key=f"P-{number}", name=name, id=f"P-{number}", row=number + 2)
        for number, name in enumerate(names)
    ]


def as_a_file_system_sees(name: str) -> str:
    """Folders are one folder where this is one text: names are compared without case, in one normal
    form.
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFC", name).casefold())


def assert_safe(name: str) -> None:
    assert 1 <= len(name.encode()) <= 60
    assert all(unicodedata.category(sign)[0] in "LMN" or sign in "-_" for sign in name), ascii(name)
    assert unicodedata.category(name[0])[0] in "LN" and name[-1] not in "-_. "
    assert name == unicodedata.normalize("NFC", name)
    assert not re.fullmatch(r"(?i)con|prn|aux|nul|conin|conout|clock|com\d|lpt\d", name)


def test_hostile_names_make_distinct_safe_folders(tmp_path: Path) -> None:
    named = safe_names(people(HOSTILE))
    assert len(HOSTILE) >= 83
    assert len({as_a_file_system_sees(name) for name in named.values()}) == len(HOSTILE)
    for name in named.values():
        assert_safe(name)
        (tmp_path / name).mkdir()
    assert len(list(tmp_path.iterdir())) == len(HOSTILE)


def test_the_order_of_the_list_does_not_matter() -> None:
    crowd, named = people(HOSTILE), safe_names(people(HOSTILE))
    for seed in range(20):
        random.Random(seed).shuffle(crowd)
        assert safe_names(crowd) == named


def test_names_stay_readable() -> None:
    names = (
        "Marek Żółć",
        "Nguyễn Thị Hạnh",
        "İpek Şahinoğlu",
        "Ελένη Μαυρίδου",
        "李 思雨",
        "محمد القاضي",
        "Eduardo d'Ávila Pacheco",
        "Lourdes Balagtas-Reyes",
    )
    assert tuple(safe_names(people(names)).values()) == (
        "Marek-Żółć",
        "Nguyễn-Thị-Hạnh",
        "İpek-Şahinoğlu",
        "Ελένη-Μαυρίδου",
        "李-思雨",
        "محمد-القاضي",
        "Eduardo-d-Ávila-Pacheco",
        "Lourdes-Balagtas-Reyes",
    )


def test_two_of_one_name_both_get_a_code_from_their_key() -> None:
    named = safe_names(people(["Maria Silva", "Ana Lund", "Maria Silva"]))
    assert named["P-1"] == "Ana-Lund"
    assert (
        all(re.fullmatch(r"Maria-Silva_[a-z2-7]{6}", named[key]) for key in ("P-0", "P-2"))
        and named["P-0"] != named["P-2"]
    )


def test_a_third_of_that_name_renames_nobody() -> None:
    before = safe_names(people(["Maria Silva", "Ana Lund", "Maria Silva"]))
    after = safe_names(
        people(
            ["Maria Silva", "Ana Lund", "Maria Silva", "maria silva", "Maria  Silva", "Bo Reyes"]
        )
    )
    assert {key: after[key] for key in before} == before


def test_a_name_that_needs_a_code_has_the_same_one_alone_and_in_a_crowd() -> None:
    for name in ("CON", "🦊", "A" * 300):
        (alone,) = safe_names(people([name])).values()
        assert safe_names(people([name, "Bo Reyes", name.lower()]))["P-0"] == alone


def test_five_thousand_of_one_name() -> None:
    named = safe_names(people(["Maria Silva"] * 5_000))
    assert len(set(named.values())) == 5_000
    assert all(len(name.encode()) <= 60 for name in named.values())


@settings(max_examples=300, deadline=None)
@given(
    names=st.lists(
        st.one_of(st.text(max_size=80), st.sampled_from(HOSTILE)), min_size=1, max_size=20
    ),
    seed=st.integers(0, 1_000),
)
def test_any_names_make_distinct_safe_folders_in_any_order(names: list[str], seed: int) -> None:
    crowd = people(names)
    named = safe_names(crowd)
    for name in named.values():
        assert_safe(name)
    assert len({as_a_file_system_sees(name) for name in named.values()}) == len(names)
    random.Random(seed).shuffle(crowd)
    assert safe_names(crowd) == named


@settings(max_examples=100, deadline=None)
@given(
    names=st.lists(st.text(max_size=40), min_size=1, max_size=8),
    more=st.lists(st.text(max_size=40), max_size=8),
)
def test_a_list_that_grows_renames_only_those_who_were_alone_with_their_name(
    names: list[str], more: list[str]
) -> None:
    before, after = safe_names(people(names)), safe_names(people([*names, *more]))
    for key, name in before.items():
        assert (
            after[key] == name
            or after[key].startswith(f"{name[:20]}")
            and "_" in after[key]
            and "_" not in name
        )


# ---- labels of files -----------------------------------------------------------------------------


def labeled(*people_of_list: Person) -> list[str]:
    labels = file_labels(people_of_list)
    return [labels[person.key] for person in people_of_list]


def person(name: str, **slots: str) -> Person:
    return Person(**{"key": slots.get("email", name), "name": name, "row": 2} | slots)


def test_files_are_labeled_with_the_family_name_first_and_accents_kept() -> None:
    assert labeled(
        person("Lies van der Berg", family="van der Berg"), person("Marek Żółć"), person("李 思雨")
    ) == ["van der Berg, Lies", "Marek Żółć", "李 思雨"]


def test_people_of_one_name_are_told_apart_by_their_address() -> None:
    one, two = person("Ana Kim", email="a.kim@x.example"), person("ana kim", email="kim2@x.example")
    assert labeled(one, two) == ["Ana Kim (a.kim)", "ana kim (kim2)"]
    three = replace(two, key="3", email="a.kim@y.example")
    assert len({as_a_file_system_sees(label) for label in labeled(one, three)}) == 2


@pytest.mark.parametrize(
    "name", ["CON", "a/b\\c:d*?", "..", "x" * 300, "ł" * 300, "Dr. No.", "-rf"]
)
def test_labels_are_safe_on_every_system(name: str) -> None:
    (label,) = labeled(person(name, email="a@x.example"))
    file = f"To return ({label}).pdf"
    assert len(file.encode()) <= 255 and not set(label) & set('<>:"/\\|?*')
    assert label and label == label.strip(" .") and label.casefold() != "con"
