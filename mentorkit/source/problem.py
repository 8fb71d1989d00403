"""The words every layer speaks: where something stands, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """A problem stops the build; a warning is printed, and the build goes on."""

    PROBLEM = "problem"
    WARNING = "warning"


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of a file.

    Lines and columns count from 1; the end is the place after the last character.
    """

    file: str
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, order=True)
class Problem:
    """Something a person wrote that cannot be used as it stands: a value, never an exception.

    `code` is the short name of the check; `what` says it in plain words; `hint` is the cure.
    """

    span: Span
    code: str
    what: str
    hint: str = ""
    severity: Severity = Severity.PROBLEM

    def __str__(self) -> str:
        mark = "warning: " if self.severity is Severity.WARNING else ""
        return f"{self.span}: {mark}{self.what}" + (f" ({self.hint})" if self.hint else "")

    @property
    def stops(self) -> bool:
        """True where nothing may be built."""
        return self.severity is Severity.PROBLEM


def warning(span: Span, code: str, what: str, hint: str = "") -> Problem:
    """A problem that is reported, but does not stop the build."""
    return Problem(span, code, what, hint, Severity.WARNING)


def stopping(problems: Iterable[Problem]) -> list[Problem]:
    """Those of `problems` that stop a build."""
    return [p for p in problems if p.stops]


class UnreadableError(Exception):
    """Carries a `Problem` out of deep reading code.

    Caught where the file's other problems are gathered.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem
