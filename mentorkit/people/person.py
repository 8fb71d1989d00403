"""One participant of a cohort."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """One participant. `key` tells people apart: the id, else the e-mail, else the name. `print` is normal or large."""

    key: str
    name: str
    email: str
    id: str
    group: str
    print: str
    mentor: str
    row: int
