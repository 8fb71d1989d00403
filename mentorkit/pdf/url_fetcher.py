"""Read what a page may load: the kit's own files and the program's pictures, nothing else.

Addresses begin with https://assets.invalid/ whatever the folder's name, since WeasyPrint writes
them into the PDF (as digests) and two checkouts must give the same bytes. No connection is ever
opened.
"""

from __future__ import annotations

import mimetypes
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import DataHandler, Request

BASE = "https://assets.invalid/"
KIT = Path(__file__).resolve().parent.parent
KIT_FOLDERS = ("fonts", "templates")
KIT_KINDS = {".ttf", ".otf", ".css", ".png", ".svg"}
PICTURES = {".png", ".jpg", ".jpeg", ".webp", ".svg"}
MAX_BYTES = 20 * 1024 * 1024


class RefusedUrlError(ValueError):
    """An address that a page may not load; the text says why, in plain words."""


def find_file(url: str, root: Path) -> Path:
    """Return the file behind an address, or raise RefusedUrlError.

    Links are followed first, so that none leads out of its folder.
    """
    try:
        parts = urlsplit(url)
        path = unquote(parts.path, errors="strict").lstrip("/")
    except ValueError:
        raise RefusedUrlError("is no address that can be read") from None
    if f"{parts.scheme}://{parts.netloc}/" != BASE:
        raise RefusedUrlError(
            "is outside the program's folder; nothing is loaded from the network or the computer"
        )
    if path.startswith("kit/"):
        return _inside(KIT, _kit_path(path.removeprefix("kit/")), KIT_KINDS)
    return _inside(root.resolve(), path, PICTURES)


def _kit_path(path: str) -> str:
    """Return the path in the kit; `slot-cover.png` is short for `templates/slot-cover.png`."""
    folder, slash, _ = path.partition("/")
    if not slash:
        return f"templates/{path}"
    if folder not in KIT_FOLDERS:
        raise RefusedUrlError("is no file of the kit that a page may load")
    return path


def _inside(folder: Path, path: str, kinds: set[str]) -> Path:
    if "\0" in path or "\\" in path or ":" in path:
        raise RefusedUrlError("is no name of a file")
    file = (folder / path).resolve()
    if not file.is_relative_to(folder):
        raise RefusedUrlError("is outside the program's folder; move it into curriculum/pictures/")
    if file.suffix.lower() not in kinds:
        raise RefusedUrlError(f"is no picture (a picture ends in {', '.join(sorted(PICTURES))})")
    if not file.is_file():
        raise RefusedUrlError("is not there")
    if file.stat().st_size > MAX_BYTES:
        raise RefusedUrlError(f"is too large (limit {MAX_BYTES // 1024 // 1024} MB)")
    return file


def read_url(url: str, root: Path) -> tuple[bytes, str]:
    """Return the bytes and the media type behind an address, which may be a `data:` address."""
    if url[:5].lower() == "data:":
        try:
            answer = DataHandler().data_open(Request(url))
        except ValueError:
            raise RefusedUrlError("is a data address that cannot be read") from None
        return answer.read(), answer.headers.get_content_type()
    file = find_file(url, root)
    return file.read_bytes(), mimetypes.guess_type(file.name)[0] or "application/octet-stream"


def shorten_url(url: str) -> str:
    """Return an address for messages: the path in the program's folder, or the address, cut."""
    text = unquote(url.removeprefix(BASE))
    return text if len(text) <= 120 else text[:117] + "…"
