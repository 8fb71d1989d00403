"""manifest.json: which files of an output folder are ours, and what each was made from. Sorted, and without a time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

MANIFEST = "manifest.json"
COMING = "manifest.json.new"  # on its way to be the manifest
PACKETS = "packets"  # a set of its own, with its own manifest


@dataclass(frozen=True)
class Entry:
    """One file: `sources` and `versions` say what made it (path: sha256, name: version)."""

    path: str
    bytes: int
    sha256: str
    sources: tuple[tuple[str, str], ...]
    versions: tuple[tuple[str, str], ...]
    stale: bool = False

    @classmethod
    def of(
        cls, path: str, data: bytes, sources: Mapping[str, str], versions: Mapping[str, str]
    ) -> Entry:
        """The entry of a file that was made just now."""
        return cls(
            path,
            len(data),
            hashlib.sha256(data).hexdigest(),
            tuple(sorted(sources.items())),
            tuple(sorted(versions.items())),
        )

    def kept(self, versions: Mapping[str, str], sums: Mapping[str, str]) -> Entry:
        """The entry of a file that stays, marked stale where a source or a version is another by now. It says what we made, even if that was changed."""
        stale = dict(self.versions) != dict(versions) or any(
            sums.get(path) != sha256 for path, sha256 in self.sources
        )
        return replace(self, stale=stale)


def as_bytes(entries: Iterable[Entry]) -> bytes:
    """The manifest's text: the same entries give the same bytes."""
    files = []
    for entry in sorted(entries, key=lambda each: each.path):
        told: dict[str, Any] = {
            "path": entry.path,
            "bytes": entry.bytes,
            "sha256": entry.sha256,
            "sources": dict(entry.sources),
            "versions": dict(entry.versions),
        }
        files.append({**told, "stale": True} if entry.stale else told)
    return (json.dumps({"files": files}, indent=1, ensure_ascii=False) + "\n").encode(
        "utf-8", "surrogatepass"
    )


def parse(data: bytes) -> dict[str, Entry] | None:
    """The entries by path; None where this is no manifest of ours, whole and unharmed."""
    try:
        entries = [
            _entry(told) for told in json.loads(data.decode("utf-8", "surrogatepass"))["files"]
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return (
        {entry.path: entry for entry in entries}
        if all(is_safe(entry.path) for entry in entries)
        else None
    )


def is_safe(path: str) -> bool:
    """True for a path that leads to a file of ours inside the folder."""
    parts = path.split("/")
    plain = not any(
        part in ("", ".", "..") or "\\" in part or "\0" in part or ":" in part for part in parts
    )
    return plain and parts[0] != PACKETS and path != MANIFEST


def _entry(told: Mapping[str, Any]) -> Entry:
    sources, versions = (
        tuple(sorted((str(k), str(v)) for k, v in told[key].items()))
        for key in ("sources", "versions")
    )
    if not isinstance(told["path"], str):
        raise TypeError
    return Entry(
        told["path"],
        int(told["bytes"]),
        str(told["sha256"]),
        sources,
        versions,
        bool(told.get("stale", False)),
    )
