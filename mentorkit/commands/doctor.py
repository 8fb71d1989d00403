"""`mentorkit doctor`: is all here that the books need? Each line with its cure."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import click

from mentorkit import __version__
from mentorkit.pdf import system_libraries
from mentorkit.terminal import print_line

FONTS = Path(__file__).resolve().parent.parent / "fonts"
NEEDED_FONTS = (
    "source-sans-3/SourceSans3-Regular.ttf",
    "source-serif-4/SourceSerif4-Regular.ttf",
    "atkinson-hyperlegible/AtkinsonHyperlegible-Regular.ttf",
    "mkform.ttf",
    "mkname.ttf",
)
AGAIN = "install mentorkit again: python -m pip install --force-reinstall mentorkit"
MISSING, DISK = 69, 74
TEST_PAGE = """<!DOCTYPE html>
<html lang="en-US"><head><title>Test</title><style>
@font-face { font-family: Sans; src: url("https://assets.invalid/kit/fonts/source-sans-3/SourceSans3-Regular.ttf") }
html { font-family: Sans }
</style></head><body><h1>Test</h1><p>Letters: Zażółć ñ İ</p></body></html>"""


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, what was found, and, where it is wrong, the cure and the exit code."""

    what: str
    found: str
    cure: str = ""
    code: int = 0


@click.command("doctor")
def command() -> int:
    """Tell whether everything is here that making PDFs needs, each line with its cure."""
    findings = [finding for look in LOOKS for finding in look()]
    for finding in findings:
        print_line(
            f"{'look' if finding.code else 'ok':<4}  {finding.what}: {finding.found}"
            + (f" - {finding.cure}" if finding.cure else "")
        )
    wrong = [finding for finding in findings if finding.code]
    print_line("All is well." if not wrong else f"{len(wrong)} to mend.")
    return wrong[0].code if wrong else 0


def look_at_python() -> Iterator[Finding]:
    """Python's version and ours."""
    old = sys.version_info < (3, 11)
    yield Finding(
        "Python",
        platform.python_version(),
        "use Python 3.11 or later" if old else "",
        MISSING if old else 0,
    )
    yield Finding("mentorkit", __version__)


def look_at_libraries() -> Iterator[Finding]:
    """WeasyPrint and the system's Pango below it."""
    try:
        yield Finding("WeasyPrint", metadata.version("weasyprint"))
    except metadata.PackageNotFoundError:
        yield Finding("WeasyPrint", "missing", AGAIN, MISSING)
    missing = system_libraries.missing_libraries()
    yield (
        Finding(
            "Pango", f"missing ({', '.join(missing)})", system_libraries.install_command(), MISSING
        )
        if missing
        else Finding("Pango", system_libraries.pango_version())
    )


def look_at_fonts() -> Iterator[Finding]:
    """The shipped fonts, whole."""
    lost = [
        name
        for name in NEEDED_FONTS
        if not (FONTS / name).is_file() or (FONTS / name).stat().st_size < 1000
    ]
    yield (
        Finding("fonts", f"missing: {', '.join(lost)}", AGAIN, MISSING)
        if lost
        else Finding("fonts", f"{len(NEEDED_FONTS)} families")
    )


def look_at_folder() -> Iterator[Finding]:
    """May this folder be written to?"""
    try:
        with tempfile.TemporaryFile(dir=os.getcwd()) as file:
            file.write(b"mentorkit")
            file.flush()
        yield Finding("writing here", "allowed")
    except OSError as fault:
        yield Finding(
            "writing here",
            fault.strerror or "not allowed",
            "change to a folder of yours, with room on its disk",
            DISK,
        )


def look_at_a_pdf() -> Iterator[Finding]:
    """One test page, made as the books are: in a process of its own."""
    if system_libraries.missing_libraries():
        yield Finding("test PDF", "not tried, since Pango is missing", "see above", MISSING)
        return
    from mentorkit.pdf.worker import Job, RenderError, Worker

    try:
        with Worker(Path(__file__).resolve().parent) as worker:
            made = worker.render(Job("test", TEST_PAGE))
    except (RenderError, RuntimeError, OSError) as fault:
        yield Finding("test PDF", f"failed ({type(fault).__name__})", AGAIN, MISSING)
        return
    whole = made.pdf.startswith(b"%PDF-") and made.count == 1 and not made.complaints
    yield (
        Finding("test PDF", f"1 page, {len(made.pdf):,} bytes")
        if whole
        else Finding("test PDF", "; ".join(made.complaints) or "not whole", AGAIN, MISSING)
    )


LOOKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    look_at_python,
    look_at_libraries,
    look_at_fonts,
    look_at_folder,
    look_at_a_pdf,
)
