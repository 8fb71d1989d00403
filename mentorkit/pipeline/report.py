"""What a build made, or why it made nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mentorkit.output.manifest import PACKETS
from mentorkit.output.writer import WriteResult
from mentorkit.source.problem import Problem


@dataclass(frozen=True, kw_only=True)
class CohortReport:
    """What was made for one cohort; `books` or `packets` is None where they were not asked for."""

    cohort: str
    books: WriteResult | None = None
    packets: WriteResult | None = None
    people: int = 0  # who have a packet

    def lines(self) -> Iterator[str]:
        """Yield what was made and where, what stays, and what is older than its sources."""
        if self.books:
            yield from self._book_lines(self.books)
        if self.packets:
            yield from self._packet_lines(self.packets)

    def _book_lines(self, written: WriteResult) -> Iterator[str]:
        where = f"build/{self.cohort}"
        for path in written.made:
            yield f"made {where}/{path}"
        for path in written.stale:
            yield (
                f"{where}/{path} is older than the files it is made from; "
                f"run: mentorkit build {self.cohort}"
            )
        yield from _warning_lines(where, written)

    def _packet_lines(self, written: WriteResult) -> Iterator[str]:
        where = f"build/{self.cohort}/{PACKETS}"
        people = f"{self.people} {'person' if self.people == 1 else 'people'}"
        yield f"made {where}: {people}, {len(written.made):,} files"
        if written.stale:
            yield (
                f"{where}: {len(written.stale):,} files of earlier packets are older than what "
                f"they are made from; run: mentorkit packets {self.cohort}"
            )
        yield from _warning_lines(where, written)


@dataclass(frozen=True, kw_only=True)
class BuildReport:
    """The result of a build.

    `notices` say how lists of people were read and which letters are missing. `problems` were found
    while the build ran. Where there are `failures`, no file was changed.
    """

    cohorts: tuple[CohortReport, ...] = ()
    notices: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    failures: tuple[str, ...] = ()


def _warning_lines(where: str, written: WriteResult) -> Iterator[str]:
    for path in written.foreign:
        yield f"warning: {where}/{path} was not made by mentorkit; it was left as it is"
    for line in written.warnings:
        yield f"warning: {line}"
