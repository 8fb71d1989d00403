"""Read and write manifest.json: the files of an output folder, and what each was made from.

It is sorted and holds no time, so that the same files have the same manifest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

MANIFEST = "manifest.json"
COMING = "manifest.json.new"  # on its way to be the manifest
PACKETS = "packets"  # a set of its own, with its own manifest


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One file.

    `sources`: path and SHA-256 of what it was made from. `versions`: name and version of what made
    it. `stale`: one of these is another by now.
    """

    path: str
    size: int
    sha256: str
    sources: tuple[tuple[str, str], ...] = ()
    versions: tuple[tuple[str, str], ...] = ()
    stale: bool = False

    @classmethod
    def from_data(
        cls, path: str, data: bytes, sources: Mapping[str, str], versions: Mapping[str, str]
    ) -> Entry:
        """Return the entry of a file that was made just now."""
        return cls(
            path=path,
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            sources=tuple(sorted(sources.items())),
            versions=tuple(sorted(versions.items())),
        )

    def refresh(self, versions: Mapping[str, str], sums: Mapping[str, str]) -> Entry:
        """Return the entry of a file that stays, stale where a source or a version changed.

        It says what was made, even if the file was changed afterwards.
        """
        stale = dict(self.versions) != dict(versions) or any(
            sums.get(path) != sha256 for path, sha256 in self.sources
        )
        return replace(self, stale=stale)


def as_bytes(entries: Iterable[Entry]) -> bytes:
    """Return the manifest's text: the same entries give the same bytes."""
    files = []
    for entry in sorted(entries, key=lambda entry: entry.path):
        values: dict[str, Any] = {
            "path": entry.path,
            "bytes": entry.size,
            "sha256": entry.sha256,
            "sources": dict(entry.sources),
            "versions": dict(entry.versions),
        }
        if entry.stale:
            values["stale"] = True
        files.append(values)
    return (json.dumps({"files": files}, indent=1, ensure_ascii=False) + "\n").encode(
        "utf-8", "surrogatepass"
    )


def parse(data: bytes) -> dict[str, Entry] | None:
    """Return the entries by path; None where this is not a whole manifest of ours."""
    try:
        files = json.loads(data.decode("utf-8", "surrogatepass"))["files"]
        entries = [_read_entry(values) for values in files]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    if not all(is_safe(entry.path) for entry in entries):
        return None
    return {entry.path: entry for entry in entries}


def is_safe(path: str) -> bool:
    """Return whether a path leads to a file of ours inside the folder."""
    parts = path.split("/")
    plain = not any(
        part in ("", ".", "..") or "\\" in part or "\0" in part or ":" in part for part in parts
    )
    return plain and parts[0] != PACKETS and path != MANIFEST


def _read_entry(values: Mapping[str, Any]) -> Entry:
    """Return an entry; ValueError, KeyError, TypeError or AttributeError where it is none."""
    if not isinstance(values["path"], str):
        raise TypeError
    return Entry(
        path=values["path"],
        size=int(values["bytes"]),
        sha256=str(values["sha256"]),
        sources=_read_pairs(values["sources"]),
        versions=_read_pairs(values["versions"]),
        stale=bool(values.get("stale", False)),
    )


def _read_pairs(values: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((str(key), str(value)) for key, value in values.items()))
