"""The child process that examines returned PDFs, one after the other.

Its answer is JSON: what `form_examination.examine` returns. Bytes after it are the copy without
private answers, where that was asked for.
"""

from __future__ import annotations

import logging
import sys

from mentorkit.pdf import sandbox
from mentorkit.pdf.form_examination import Request, clean_copy, examine, nothing_found

TOO_MUCH = "it needs more time or memory than a form ever does; read it by eye"


def main(cpu_seconds: int, memory_bytes: int, lifeline: int) -> None:
    """Answer until the parent ends. For a file that breaks something, `refused` is all."""
    answers = sandbox.prepare_child(memory_bytes, lifeline)
    logging.disable()  # what qpdf says of a file may quote it
    request = Request()
    while True:
        try:
            header, pdf = sandbox.read_message(sys.stdin.buffer)
        except EOFError:
            return
        sandbox.limit_cpu_time(cpu_seconds)
        if "request" in header:  # what holds for all files that follow
            request = Request.from_json(header["request"])
            continue
        clean = b""
        try:
            result = examine(pdf, request)
            if request.keep_clean and "refused" not in result:
                clean = clean_copy(pdf, request)
        except (MemoryError, RecursionError):
            result = {"stopped": TOO_MUCH}
        except Exception:  # a damaged file can lead the libraries into anything
            result = nothing_found("it is damaged; ask for it again") | {"damaged": True}
        sandbox.write_message(answers, result, clean)


if __name__ == "__main__":
    main(*map(int, sys.argv[2:5]))
