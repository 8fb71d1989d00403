"""`mentorkit doctor`: check what making PDFs needs; each line says how to fix it."""

from __future__ import annotations

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
@font-face {
  font-family: Sans;
  src: url("https://assets.invalid/kit/fonts/source-sans-3/SourceSans3-Regular.ttf");
}
html { font-family: Sans }
</style></head><body><h1>Test</h1><p>Letters: Zażółć ñ İ</p></body></html>"""


@dataclass(frozen=True)
class Finding:
    """One line: what was checked and what was found; where it is wrong, the fix and exit code."""

    what: str
    found: str
    fix: str = ""
    code: int = 0


@click.command("doctor")
def command() -> int:
    """Check whether everything is here that making PDFs needs, and how to fix what is not."""
    findings = [finding for check in CHECKS for finding in check()]
    for finding in findings:
        fix = f" - {finding.fix}" if finding.fix else ""
        print_line(f"{'look' if finding.code else 'ok':<4}  {finding.what}: {finding.found}{fix}")
    wrong = [finding for finding in findings if finding.code]
    print_line(f"{len(wrong)} to fix." if wrong else "All is well.")
    return wrong[0].code if wrong else 0


def check_python() -> Iterator[Finding]:
    """Yield Python's version and ours."""
    old = sys.version_info < (3, 11)
    yield Finding(
        "Python",
        platform.python_version(),
        "use Python 3.11 or later" if old else "",
        MISSING if old else 0,
    )
    yield Finding("mentorkit", __version__)


def check_libraries() -> Iterator[Finding]:
    """Yield the versions of WeasyPrint and of the system's Pango."""
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


def check_fonts() -> Iterator[Finding]:
    """Yield whether the fonts of the kit are there and whole."""
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


def check_folder() -> Iterator[Finding]:
    """Yield whether this folder can be written to."""
    try:
        with tempfile.TemporaryFile(dir=Path.cwd()) as file:
            file.write(b"mentorkit")
            file.flush()
        yield Finding("writing here", "allowed")
    except OSError as error:
        yield Finding(
            "writing here",
            error.strerror or "not allowed",
            "change to a folder of yours, with room on its disk",
            DISK,
        )


def check_test_page() -> Iterator[Finding]:
    """Yield whether a test page can be made as the books are: in a process of its own."""
    if system_libraries.missing_libraries():
        yield Finding("test PDF", "not tried, since Pango is missing", "see above", MISSING)
        return
    from mentorkit.pdf.worker import Job, RenderError, Worker

    try:
        with Worker(Path(__file__).resolve().parent) as worker:
            made = worker.render(Job("test", TEST_PAGE))
    except (RenderError, RuntimeError, OSError) as error:
        yield Finding("test PDF", f"failed ({type(error).__name__})", AGAIN, MISSING)
        return
    whole = made.pdf.startswith(b"%PDF-") and made.count == 1 and not made.complaints
    yield (
        Finding("test PDF", f"1 page, {len(made.pdf):,} bytes")
        if whole
        else Finding("test PDF", "; ".join(made.complaints) or "not whole", AGAIN, MISSING)
    )


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    check_python,
    check_libraries,
    check_fonts,
    check_folder,
    check_test_page,
)
