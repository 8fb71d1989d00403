"""Turn what WeasyPrint only logs into complaints in plain words."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mentorkit.pdf import url_fetcher

# How WeasyPrint's message begins, and our message with its arguments; None where another check
# reports it, or where it is no fault of the document.
MESSAGES: tuple[tuple[str, str | None], ...] = (
    (".notdef glyph", "no font of the book has the character “{0}” (U+{1:04X})"),
    ("No anchor #", "a link leads to “{0}”, which is nowhere in the document"),
    ("Content discarded", "a page number is asked for “{0}”, which is nowhere in the document"),
    ("Anchor defined twice", "“{0}” names two places of the document"),
    ("Failed to load image", "the picture {0} cannot be used"),
    ("Failed to render SVG", "the picture {0} cannot be drawn"),
    ("Failed to load inline SVG", "a drawing cannot be read: {0}"),
    ("Failed to load attachment", "a file to be attached cannot be used"),
    ("Failed to load stylesheet", "the style sheet {0} cannot be used"),
    ("Font-face", "the font {0} cannot be loaded"),
    ("Image ", None),  # no text alternative: see `layout_checks`, which knows `alt=""` from none
    ("Using fontTools", None),  # an older HarfBuzz: slower, no worse
)


class ComplaintHandler(logging.Handler):
    """Adds a complaint to `complaints` for each message of WeasyPrint; each once, in order."""

    def __init__(self, complaints: dict[str, None]) -> None:
        super().__init__(logging.WARNING)
        self.complaints = complaints

    def emit(self, record: logging.LogRecord) -> None:
        text = _translate(record)
        if text:
            self.complaints[text] = None


class MissingLetterHandler(logging.Handler):
    """Collects the letters that no font has."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.letters: dict[str, None] = {}

    def emit(self, record: logging.LogRecord) -> None:
        if str(record.msg).startswith(".notdef") and isinstance(record.args, tuple):
            self.letters[str(record.args[0])] = None


@contextmanager
def redirect_log(handler: logging.Handler) -> Iterator[None]:
    """Send WeasyPrint's log to `handler` alone while the block runs."""
    logger = logging.getLogger("weasyprint")
    handlers, level, propagate = logger.handlers[:], logger.level, logger.propagate
    logger.handlers, logger.propagate = [handler], False
    logger.setLevel(logging.WARNING)
    logging.getLogger("weasyprint.progress").setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


def _translate(record: logging.LogRecord) -> str:
    """Return the complaint for a message; empty where there is none."""
    arguments = record.args if isinstance(record.args, tuple) else ()
    for beginning, message in MESSAGES:
        if str(record.msg).startswith(beginning):
            shown = [_show(argument) for argument in arguments]
            return message.format(*shown) if message else ""
    return "WeasyPrint says: " + " ".join(record.getMessage().split())[:300]


def _show(argument: Any) -> Any:
    while isinstance(argument, tuple):  # ("url", ("internal", name))
        argument = argument[-1]
    return url_fetcher.shorten_url(argument) if isinstance(argument, str) else argument
