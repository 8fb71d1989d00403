"""The site of the example program, made once for the tests of the web edition."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from mentorkit.checks.load import load_program
from mentorkit.compose.compose import Composed, compose
from mentorkit.pipeline.site import make_site

REPOSITORY = Path(__file__).parents[2]


@cache
def composed() -> Composed:
    """Return the composed cohort of the example program."""
    library = load_program(REPOSITORY)
    return compose(library, next(iter(library.cohorts)))


@cache
def site() -> Mapping[str, bytes]:
    """Return the files of its site by path; every module is on page 12 of the book."""
    anchors = {m.anchor: 12 for c in composed().workbook.chapters for m in c.modules}
    return {file.path: file.data for file in make_site(composed(), REPOSITORY, anchors)}


def pages() -> dict[str, str]:
    """Return the HTML of each page by path."""
    return {path: data.decode() for path, data in site().items() if path.endswith(".html")}


def write_site(folder: Path) -> Path:
    """Write the site into `folder` and return it."""
    for path, data in site().items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return folder
