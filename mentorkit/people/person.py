"""One participant of a cohort."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Person:
    """One participant.

    `key` identifies the person: the id, else the e-mail, else the name. `name` is what books and
    badges print, `full_name` what the certificate prints. `print` is "normal" or "large".
    `needs` holds pairs of a column's heading and the text of its cell.
    """

    key: str
    name: str
    row: int
    email: str = ""
    id: str = ""
    group: str = ""
    print: str = "normal"
    mentor: str = ""
    full_name: str = ""
    given: str = ""
    family: str = ""
    pronouns: str = ""
    needs: tuple[tuple[str, str], ...] = ()

    @property
    def certificate_name(self) -> str:
        """Return the full name; the printed name where the list has no other."""
        return self.full_name or self.name
