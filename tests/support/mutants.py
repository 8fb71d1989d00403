"""The shipped YAML files, ways to spoil them as people and editors do, and one reading of what
comes out."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from mentorkit.model.cohort import Cohort
from mentorkit.model.keys import KEYS
from mentorkit.model.program import CaseStudy, Curriculum, Page, Session, Worksheet
from mentorkit.model.validation_errors import explain
from mentorkit.source import nodes, reader, text_file
from mentorkit.source.nodes import Mapping, Scalar, scalars
from mentorkit.source.problem import Problem, UnreadableError
from pydantic import BaseModel, ValidationError

from paths import ROOT

# Where files of a kind lie, and how they are judged.
KINDS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("curriculum/curriculum.yaml", Curriculum),
    ("sessions/*.yaml", Session),
    ("case_studies/*.yaml", CaseStudy),
    ("worksheets/*.yaml", Worksheet),
    ("curriculum/pages/*.yaml", Page),
    ("cohorts/*/cohort.yaml", Cohort),
)
TOKENS = (
    ":",
    ": ",
    " :",
    "#",
    " #",
    "# ",
    "-",
    "- ",
    "\n- ",
    "'",
    '"',
    "`",
    "*",
    "&",
    "!",
    "%",
    "@",
    "|",
    ">",
    "?",
    "? ",
    "[",
    "]",
    "{",
    "}",
    "{{",
    "}}",
    ",",
    "~",
    "<<: ",
    "---\n",
    "...\n",
    "\t",
    " ",
    "  ",
    "\n",
    "\r",
    "\u00a0",
    "\u200b",
    "\u2028",
    "\ufeff",
    "“",
    "”",
    "’",
    "•",
    "\x07",
    "\\",
    "é",
    "no",
    "facilitator:",
)


@dataclass(frozen=True)
class Shipped:
    """One shipped file: its bytes, and the model that judges it."""

    name: str
    data: bytes
    model: type[BaseModel]

    @property
    def text(self) -> str:
        return self.data.decode("utf-8")


@cache
def shipped() -> tuple[Shipped, ...]:
    """Every shipped YAML file."""
    return tuple(
        Shipped(path.relative_to(ROOT).as_posix(), path.read_bytes(), model)
        for pattern, model in KINDS
        for path in sorted(ROOT.glob(pattern))
    )


@dataclass(frozen=True)
class Taken:
    """What became of some bytes: the values, if there are any, and all problems."""

    text: str
    root: Mapping | None
    problems: tuple[Problem, ...]

    @property
    def words(self) -> Counter[str]:
        """Every word of the data, names included."""
        return (
            Counter(word for text in _texts(self.root) for word in re.findall(r"\w+", text))
            if self.root
            else Counter()
        )

    def runs(self, for_facilitators: bool) -> set[tuple[str, ...]]:
        """Every five words in a row that stand in a text under `facilitator`, or in any other."""
        found: set[tuple[str, ...]] = set()
        for path, scalar in scalars(self.root) if self.root else ():
            if ("facilitator" in path) == for_facilitators:
                words = re.findall(r"\w+", scalar.text)
                found.update(tuple(words[n : n + 5]) for n in range(len(words) - 4))
        return found


def take(data: bytes, name: str, model: type[BaseModel]) -> Taken:
    """The bytes as the loader takes them: decoded, read, judged by the model."""
    try:
        text = text_file.decode(data, name)
    except UnreadableError as found:
        return Taken(data.decode("utf-8", "replace"), None, (found.problem,))
    read = reader.parse(text, name, KEYS)
    problems = list(read.problems)
    if read.root is not None:
        try:
            model.model_validate(nodes.plain(read.root))
        except ValidationError as fault:
            problems += explain(fault, model, read.root, "file")
    return Taken(text.replace("\r\n", "\n"), read.root, tuple(problems))


def _texts(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, Scalar):
        yield node.text
    elif isinstance(node, Mapping):
        yield from node.values
        for value in node.values.values():
            yield from _texts(value)
    else:
        for item in node.items:
            yield from _texts(item)


# ---- ways to spoil a text. The first group are slips of the hand on one spot; the second may move
# whole passages.


def insert(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(TOKENS) + text[at:]


def insert_at_start(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    indent = len(lines[at]) - len(lines[at].lstrip())
    lines[at] = lines[at][:indent] + chance.choice(TOKENS) + lines[at][indent:]
    return "\n".join(lines)


def delete_sign(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    return text[:at] + text[at + 1 :]


def delete_line(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    del lines[chance.randrange(len(lines))]
    return "\n".join(lines)


def double_line(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    return "\n".join([*lines[:at], lines[at], *lines[at:]])


def swap_neighbors(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    at = chance.randrange(len(lines) - 1)
    lines[at], lines[at + 1] = lines[at + 1], lines[at]
    return "\n".join(lines)


def indent_line(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    lines[at] = _shifted(lines[at], chance.choice((-4, -2, -1, 1, 2, 4)))
    return "\n".join(lines)


def indent_block(text: str, chance: random.Random) -> str:
    """A key with all that stands below it, moved as an editor's Tab key moves it."""
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    indent = len(lines[at]) - len(lines[at].lstrip())
    end = at + 1
    while end < len(lines) and (
        not lines[end].strip() or len(lines[end]) - len(lines[end].lstrip()) > indent
    ):
        end += 1
    by = chance.choice((-2, -1, 1, 2, 4))
    return "\n".join([*lines[:at], *(_shifted(line, by) for line in lines[at:end]), *lines[end:]])


def cut_end(text: str, chance: random.Random) -> str:
    return text[: chance.randrange(1, len(text))]


def cut_middle(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    return text[:at] + text[at + chance.randrange(1, 300) :]


def shuffle_lines(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    some = lines[at : at + chance.randrange(2, 6)]
    chance.shuffle(some)
    return "\n".join([*lines[:at], *some, *lines[at + len(some) :]])


def _shifted(line: str, by: int) -> str:
    return " " * by + line if by > 0 else line[min(-by, len(line) - len(line.lstrip())) :]


Mutation = Callable[[str, random.Random], str]
SLIPS: tuple[Mutation, ...] = (
    insert,
    insert,
    insert_at_start,
    delete_sign,
    delete_line,
    double_line,
    swap_neighbors,
    indent_line,
    indent_block,
)
MOVES: tuple[Mutation, ...] = (cut_end, cut_middle, shuffle_lines)


@dataclass(frozen=True)
class Mutant:
    number: int
    of: Shipped
    how: str  # the name of the mutation
    data: bytes


def mutants(seed: int, count: int) -> Iterator[Mutant]:
    """`count` spoiled files; the same for the same seed and files.

    Short ones are drawn more often, which takes less time for as many slips.
    """
    files = shipped()
    weights = [1 / len(file.data) for file in files]
    for number in range(count):
        chance = random.Random(f"{seed}-{number}")
        file = chance.choices(files, weights)[0]
        change = chance.choice((*SLIPS, *MOVES, None))
        if change is None:
            at = chance.randrange(len(file.data))
            data, how = (
                file.data[:at]
                + bytes([file.data[at] ^ 1 << chance.randrange(8)])
                + file.data[at + 1 :],
                "flip_bit",
            )
        else:
            data, how = change(file.text, chance).encode("utf-8", "surrogatepass"), change.__name__
        if data != file.data:
            yield Mutant(number, file, how, data)
