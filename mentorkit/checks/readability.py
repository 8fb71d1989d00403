"""How hard a text is to read: words, sentences, syllables, and the grade that Flesch and Kincaid
make of them. An estimate, good for comparing.

Syllables are counted by groups of vowels, less the silent ones. On the words of our own program
that agrees with the CMU dictionary for 99 in 100.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

WORD = re.compile(r"[A-Za-z]+(?:[’'][A-Za-z]+)*")
ADDRESS = re.compile(r"\]\([^)]*\)|https?://\S+|\{\{|\}\}")
# Where a paragraph, an entry of a list or a heading begins.
PARAGRAPH = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*+#>|]|\d+[.)])\s)")
SENTENCE = re.compile(r"[.!?…][”’)\"*_]*\s+(?=[“‘(\"*_]*[^a-z])")
SILENT = re.compile(
    r"""'s$ | (?<=[^aeiouy])(?<![^aeiouyr]l)e(?:s(?<![szxgch]es)|d(?<![dt]ed))?$
    | (?<=[^aeiouy])e(?=(?:ly|ments?|ful|less|ness|body|things?|one|where|times?|work|hand))
    | (?<=v)e(?=ry.)""",
    re.VERBOSE,
)
APART = re.compile(
    r"(?<=[^cgtsx])i(?=[aou]|e[nrt])|(?<=[dr])ea(?=s?$)|[aeouy](?=ing)|(?<=[cg])i(?=e[nt])|(?<=[ct])i(?=a[^lnr])|(?<=u)a(?=[lt])"
)


def sentences(text: str) -> list[str]:
    """The sentences of a Markdown text, without the stop at their end.

    An entry of a list and a heading count as one each.
    """
    parts = [
        part
        for paragraph in PARAGRAPH.split(ADDRESS.sub("", text))
        for part in SENTENCE.split(paragraph)
    ]
    return [" ".join(part.split()) for part in parts if WORD.search(part)]


def measure(texts: Iterable[str]) -> tuple[int, float]:
    """Words, and the grade: 0.39 words a sentence + 11.8 syllables a word - 15.59."""
    found = [sentence for text in texts for sentence in sentences(text)]
    words = [word for sentence in found for word in WORD.findall(sentence)]
    count = sum(syllables(word) for word in words)
    return len(words), 0.39 * len(words) / max(len(found), 1) + 11.8 * count / max(
        len(words), 1
    ) - 15.59


@cache
def syllables(word: str) -> int:
    """How many syllables an English word has, near enough."""
    word = SILENT.sub("", word.lower().replace("’", "'"))
    return max(1, len(re.findall("[aeiouy]+", word)) + len(APART.findall(word)))
