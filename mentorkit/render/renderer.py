"""What every renderer has in common: a document in, files out; addresses for pictures and fonts
from Assets.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Protocol
from urllib.parse import quote

from mentorkit.edition.guide import Guide
from mentorkit.edition.workbook import Edition

KIT = "kit/"  # begins the path of a file of the kit; all others are files of the program


class Assets(Protocol):
    """Gives a file that a document shows an address.

    Paths have /, and begin with kit/ for files of the kit.
    """

    def url(self, path: str) -> str:
        """Return the address of the file at `path`."""
        ...


@dataclass(frozen=True)
class FixedAssets:
    """Addresses that depend on the path alone: for print, and for a server that knows both
    folders.
    """

    kit: str
    program: str

    def url(self, path: str) -> str:
        """Return the address of the file at `path`."""
        if path.startswith(KIT):
            return self.kit + quote(path.removeprefix(KIT))
        return self.program + quote(path)


@dataclass(frozen=True)
class HashedAssets:
    """Files beside a web page, named by their content, so that browsers may keep them for ever.

    `read` holds the bytes of each file that may be shown. `used` collects those that were asked
    for, by their new paths, to be written beside the page.
    """

    read: Mapping[str, bytes]
    folder: str = "assets"
    used: dict[str, bytes] = field(default_factory=dict, compare=False)

    def url(self, path: str) -> str:
        """Return the relative address of the file at `path`.

        Raises KeyError where it is none of `read`.
        """
        data = self.read[path]
        name = PurePosixPath(path)
        new = f"{self.folder}/{name.stem}-{hashlib.sha256(data).hexdigest()[:12]}{name.suffix}"
        self.used[new] = data
        return quote(new)


@dataclass(frozen=True)
class ByteAssets:
    """Bytes of files, for documents that hold their pictures inside them, as Word and slides do."""

    read: Mapping[str, bytes]

    def data(self, path: str) -> bytes:
        """Return the bytes of the file at `path`. Raises KeyError where it is none of `read`."""
        return self.read[path]


# The address never leads anywhere: the typesetter reads these files itself. It is part of a PDF's
# bytes.
PRINT_ASSETS = FixedAssets("https://assets.invalid/kit/", "https://assets.invalid/")


@dataclass(frozen=True)
class Rendered:
    """One file that a renderer makes: its path in the output, with /, and its bytes."""

    path: str
    data: bytes


@dataclass(frozen=True)
class RenderContext:
    """What a renderer may use beside the document: addresses, and the pages of documents that are
    laid out already.
    """

    assets: Assets = PRINT_ASSETS
    pages: Mapping[str, int] = field(default_factory=dict)


class Renderer(Protocol):
    """Turns one document into files. Pure: no disk, clock, network or other renderer."""

    def render(self, document: Edition | Guide, context: RenderContext) -> Iterable[Rendered]:
        """Yield the files of the document."""
        ...
