"""Names of people as names of folders and files: safe on every system, and unique."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from mentorkit.people.person import Person

FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')  # in names of files, on Windows
LONGEST_LABEL = 120  # bytes of a person's name in a file's name, whose limit is 255
LONGEST = 60  # bytes, so that the files inside still fit into Windows' 260 characters
# Windows keeps these for devices.
RESERVED = frozenset(
    {
        "con",
        "prn",
        "aux",
        "nul",
        "conin",
        "conout",
        "clock",
        *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)),
    }
)
# Letters and marks that nobody sees, and that some file systems do not compare.
UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


def safe_names(people: Iterable[Person]) -> dict[str, str]:
    """Return a folder name for each key: the letters and digits of the name, perhaps with a code.

    People of one name get a code made from the key, all of them, so that order does not matter.
    So do long names, names without letters, and words that Windows keeps. "_" is written before a
    code and nowhere else.
    """
    plain = {person.key: _plain(person.name) for person in people}
    shared = Counter(map(fold, plain.values()))
    coded = [
        key
        for key, name in plain.items()
        if shared[fold(name)] > 1
        or not name
        or len(name.encode()) > LONGEST
        or fold(name) in RESERVED
    ]
    size = 6 if len({_code(key)[:6] for key in coded}) == len(coded) else 26
    return plain | {
        key: f"{_cut(plain[key], LONGEST - 1 - size) or 'person'}_{_code(key)[:size]}"
        for key in coded
    }


def file_labels(people: Iterable[Person]) -> dict[str, str]:
    """Return how files of each person are labeled, by key: "Family name, First name".

    Accents are kept. Where the list has no family names it is the name as printed. People of one
    label are told apart by the local part of their address, or by a code made from the key.
    """
    listed = list(people)
    plain = {person.key: _clean_label(_turned_name(person)) for person in listed}
    shared = Counter(map(fold, plain.values()))
    labels = {}
    for person in listed:
        label = plain[person.key]
        if shared[fold(label)] > 1 or not label:
            local = _clean_label(person.email.partition("@")[0]) or _code(person.key)[:6]
            label = f"{label or 'person'} ({local})"
        labels[person.key] = label
    again = Counter(map(fold, labels.values()))
    return {
        key: label if again[fold(label)] == 1 else f"{label} {_code(key)[:6]}"
        for key, label in labels.items()
    }


def _turned_name(person: Person) -> str:
    """Return "Family name, First name" where the list tells them apart; else the printed name."""
    ending = f" {person.family}"
    if person.family and person.name.endswith(ending):
        return f"{person.family}, {person.name.removesuffix(ending)}"
    return person.name


def _clean_label(name: str) -> str:
    """Return a name that every file system takes, at most LONGEST_LABEL bytes long."""
    text = unicodedata.normalize("NFC", UNSEEN.sub("", name))
    text = re.sub(r"\s+", " ", FORBIDDEN.sub(" ", text)).strip(" .-'")
    text = _cut(text, LONGEST_LABEL).strip(" .-'")
    return f"{text}_" if fold(text.partition(".")[0]) in RESERVED else text


def fold(text: str) -> str:
    """The same for texts that a file system, or a reader, might take for each other."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _plain(name: str) -> str:
    """Letters with their marks, and digits; one hyphen for whatever stands between."""
    kept = ""
    for sign in unicodedata.normalize("NFKC", UNSEEN.sub("", unicodedata.normalize("NFKC", name))):
        kind, bare = unicodedata.category(sign)[0], kept[-1:] in ("", "-")
        if kind in "LN" or kind == "M" and not bare:
            kept += sign
        elif not bare:
            kept += "-"
    return kept.rstrip("-")


def _cut(name: str, size: int) -> str:
    """The first `size` bytes at most, never half a letter, or a letter without its marks."""
    short = name.encode()[:size].decode(errors="ignore")
    while short and unicodedata.category(name[len(short) :][:1] or "-")[0] == "M":
        short = short[:-1]
    return short.rstrip("-")


def _code(key: str) -> str:
    return (
        base64.b32encode(hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest())
        .decode()
        .lower()
    )
