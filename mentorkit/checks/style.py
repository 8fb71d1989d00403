"""Style: what makes a text hard to read, or shuts some readers out.

Warnings all: a person weighs them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mentorkit.checks.readability import measure, sentences
from mentorkit.checks.texts import NOT_TEXT
from mentorkit.program.library import Library
from mentorkit.program.walk import texts_of
from mentorkit.source.nodes import Scalar
from mentorkit.source.problem import Problem, warning

HARDEST = 12  # grades of school; our own texts are written for 9 to 11, and most come out easier
NO_PROSE = 60  # beyond, there are no sentences to speak of
LEAST = 60  # words below which a grade means nothing
# What other people are called or say is theirs: titles and makers of links, credits, a
# participant's voice.
THEIRS = NOT_TEXT | {"links", "rights", "hear", "values"}
PLAINER, OPEN, AMERICAN = (
    "has a plainer word",
    "may shut some readers out",
    "is not spelled the American way",
)
# A star stands for any ending. What stands in curly quotes is somebody's own words, and is not
# judged.
WORDS: dict[str, dict[str, str]] = {
    PLAINER: {
        "utilize": "use",
        "utilizes": "uses",
        "utilized": "used",
        "utilizing": "using",
        "utilization": "use",
        "due to the fact that": "because",
        "at this point in time": "now",
        "prior to": "before",
        "going forward": "from now on",
        "touch base": "talk",
        "circle back": "come back",
        "deep dive": "close look",
        "with regard to": "about",
        "low-hanging fruit": "what is easy to do first",
        "outside the box": "in new ways",
        "impactful": "useful",
        "actionable": "that you can act on",
        "aforementioned": "this",
        "e.g.": "for example",
        "i.e.": "that is",
        "click here": "words that say where the link leads",
    },
    OPEN: {
        "he or she": "they",
        "she or he": "they",
        "he/she": "they",
        "she/he": "they",
        "s/he": "they",
        "his or her": "their",
        "his/her": "their",
        "him or her": "them",
        "him/her": "them",
        "guys": "everybody",
        "ladies and gentlemen": "everybody",
        "chairman": "chair",
        "chairmen": "chairs",
        "mankind": "people",
        "manpower": "people",
        "man-hours": "hours of work",
        "freshman": "first-year student",
        "freshmen": "first-year students",
        "wheelchair-bound": "who uses a wheelchair",
        "confined to a wheelchair": "using a wheelchair",
        "suffers from": "has",
        "suffering from": "with",
        "the disabled": "people with disabilities",
        "handicapped": "disabled",
        "able-bodied": "without a disability",
        "tone-deaf": "unaware",
        "the elderly": "older people",
        "third world": "the name of the country or region",
        "blacklist*": "blocklist*",
        "whitelist*": "allowlist*",
        "grandfathered": "exempted",
        "sanity check": "check",
        "spirit animal": "favorite",
        "powwow": "meeting",
    },
    AMERICAN: {
        "programme": "program",
        "programmes": "programs",
        "behaviour*": "behavior*",
        "colour*": "color*",
        "favour*": "favor*",
        "labour*": "labor*",
        "organisation*": "organization*",
        "organise*": "organize*",
        "organising": "organizing",
        "realise*": "realize*",
        "realising": "realizing",
        "recognise*": "recognize*",
        "recognising": "recognizing",
        "centre": "center",
        "centres": "centers",
        "whilst": "while",
        "amongst": "among",
        "enrol": "enroll",
        "enrols": "enrolls",
        "fulfil": "fulfill",
        "fulfils": "fulfills",
        "counsell*": "counsel*",
        "travell*": "travel*",
        "modell*": "model*",
        "analyse": "analyze",
        "analysed": "analyzed",
        "analysing": "analyzing",
        "learnt": "learned",
        "licence*": "license*",
    },
}


def grade(library: Library) -> Iterator[Problem]:
    """A text of 60 words or more asks for no more than twelve years of school, by an estimate from
    the length of its sentences and words."""
    for _path, scalar in _ours(library):
        if scalar.text.count(" ") + scalar.text.count("\n") + 1 < LEAST:
            continue
        words, years = measure([scalar.text])
        if words >= LEAST and HARDEST < years < NO_PROSE:
            longest = max(sentences(scalar.text), key=lambda sentence: len(sentence.split()))
            begin = re.search(r"\s+".join(map(re.escape, longest.split()[:4])), scalar.raw)
            place = scalar.inside(begin.start(), len(begin[0])) if begin else scalar.span
            yield warning(
                place,
                "hard-to-read",
                f"this text reads like grade {years:.0f}, which is harder than {HARDEST}",
                "split its long sentences and choose shorter words; the longest, here, has "
                f"{len(longest.split())} words",
            )


def words(library: Library) -> Iterator[Problem]:
    """Words that shut nobody out, plain ones, and American spelling.

    Quotations, names and other people's titles are left alone.
    """
    texts = [(scalar, " ".join(scalar.text.lower().split())) for _, scalar in _ours(library)]
    everything = "\n".join(lowered for _, lowered in texts)
    for why, listed in WORDS.items():
        for word, better in listed.items():
            stem = word.rstrip("*")
            for scalar in (
                [scalar for scalar, lowered in texts if stem in lowered]
                if stem in everything
                else ()
            ):
                for match in _finder(word).finditer(
                    re.sub("“[^”]*”", lambda quoted: " " * len(quoted[0]), scalar.raw)
                ):
                    if why is not AMERICAN or match[0].islower():
                        rather = better.replace("*", match[0][len(stem) :])
                        yield warning(
                            scalar.inside(match.start(), len(match[0])),
                            "word",
                            f"“{' '.join(match[0].split())}” {why}",
                            f"rather: {rather}",
                        )


def _finder(word: str) -> re.Pattern[str]:
    """Finds a word of the list as a whole word, also where a line ends inside it."""
    inside = re.escape(word.rstrip("*")).replace(r"\ ", r"\s+")
    return re.compile(
        r"(?<!\w)" + inside + (r"\w*" if word.endswith("*") else "") + r"(?!\w)", re.IGNORECASE
    )


def _ours(library: Library) -> Iterator[tuple[tuple[str | int, ...], Scalar]]:
    """The texts that somebody wrote for this program in English."""
    assert library.curriculum is not None
    if library.curriculum.model.lang.lower().startswith("en"):
        yield from ((path, scalar) for path, scalar in texts_of(library) if THEIRS.isdisjoint(path))
