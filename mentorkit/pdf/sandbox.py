"""Run a child process under limits, and exchange messages with it: a JSON header, then bytes.

Limits of memory and of processor time need POSIX; elsewhere only the parent's clock limits a child.
"""

from __future__ import annotations

import json
import os
import signal
import struct
import sys
import threading
from typing import IO, Any, BinaryIO

LENGTHS = struct.Struct(">QQ")  # of the JSON and of the bytes after it


def read_message(stream: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    """Return the next header and its bytes. EOFError where the other side has ended."""
    lengths = stream.read(LENGTHS.size)
    if len(lengths) < LENGTHS.size:
        raise EOFError
    header_length, body_length = LENGTHS.unpack(lengths)
    header, body = stream.read(header_length), stream.read(body_length)
    if len(header) < header_length or len(body) < body_length:
        raise EOFError
    read: dict[str, Any] = json.loads(header)
    return read, body


def write_message(stream: IO[bytes], header: dict[str, Any], body: bytes = b"") -> None:
    """Send a header and its bytes."""
    encoded = json.dumps(header).encode("ascii")
    stream.write(LENGTHS.pack(len(encoded), len(body)))
    stream.write(encoded)
    stream.write(body)
    stream.flush()


def prepare_child(memory_bytes: int, lifeline: int) -> BinaryIO:
    """Limit this process, let it end with its parent, and return the stream for its answers.

    `lifeline`: a pipe whose other end the parent holds open as long as it runs; -1 for none.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent too, which ends us
    if lifeline >= 0:
        threading.Thread(target=_end_with_parent, args=(lifeline,), daemon=True).start()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get among the answers
    limit_memory(memory_bytes)
    return answers


def _end_with_parent(lifeline: int) -> None:
    """Wait until the parent has ended, killed perhaps in the middle of a document.

    The system's own signal for this (PR_SET_PDEATHSIG) would come already when the thread ends that
    started the child.
    """
    os.read(lifeline, 1)
    os._exit(0)


def limit_memory(memory_bytes: int) -> None:
    """Limit the memory of this process from now on; it leaves no core file either."""
    if sys.platform == "win32":  # not tested
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


def limit_cpu_time(cpu_seconds: int) -> None:
    """Limit the processor time of this process, in seconds from now on."""
    if sys.platform == "win32":  # not tested
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(used.ru_utime + used.ru_stime) + cpu_seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))
