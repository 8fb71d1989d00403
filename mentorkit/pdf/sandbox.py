"""A child process under limits, and the pipe between it and its parent: a JSON header, then bytes.

Limits of memory and of processor time need POSIX; elsewhere the parent's clock alone stands.
"""

from __future__ import annotations

import json
import struct
from typing import IO, Any

LENGTHS = struct.Struct(">QQ")  # of the JSON and of the bytes after it


def read(stream: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    """The next header and its bytes. EOFError where the other side is gone."""
    lengths = stream.read(LENGTHS.size)
    if len(lengths) < LENGTHS.size:
        raise EOFError
    words, rest = LENGTHS.unpack(lengths)
    header, body = stream.read(words), stream.read(rest)
    if len(header) < words or len(body) < rest:  # ended in the middle of an answer
        raise EOFError
    return json.loads(header), body


def write(stream: IO[bytes], header: dict[str, Any], body: bytes = b"") -> None:
    """Send a header and its bytes."""
    words = json.dumps(header).encode("ascii")
    stream.write(LENGTHS.pack(len(words), len(body)))
    stream.write(words)
    stream.write(body)
    stream.flush()


def limit_memory(memory_bytes: int) -> None:
    """For this process, from now on; it leaves no core file either."""
    try:
        import resource
    except ImportError:  # Windows; not tested
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


def limit_work(cpu_seconds: int) -> None:
    """So many seconds of processor time from now on."""
    try:
        import resource
    except ImportError:  # Windows; not tested
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(
        resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + cpu_seconds + 1, hard)
    )
