"""The server below the page: this machine alone, few connections, short patience, and nobody who is slow holds up the others."""

from __future__ import annotations

import errno
import io
import os
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import Flask
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from mentorkit.preview.security import HEADERS, HOST, MOST_BODY

FIRST_PORT, LAST_PORT = 8765, 8795
MOST_CONNECTIONS = 32
PATIENCE = 5.0  # seconds until a request must have come in whole, and for each piece of the answer


class Server(ThreadedWSGIServer):
    """Answers each connection in a thread of a pool. When there are too many, the one that has dawdled longest is closed."""

    allow_reuse_address = (
        os.name != "nt"
    )  # elsewhere it never takes another server's port, on Windows it would
    request_queue_size = 128

    def __init__(self, port: int, app: Flask) -> None:
        super().__init__(HOST, port, app, Handler)
        self._waiting: dict[
            socket.socket, float
        ] = {}  # connections whose request has not come in whole: until when
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(
            2 * MOST_CONNECTIONS
        )  # a thread made for each connection kept others waiting five times as long
        threading.Thread(target=self._sweep, daemon=True).start()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            while len(self._waiting) >= MOST_CONNECTIONS:
                cut(self._waiting, next(iter(self._waiting)))
            self._waiting[request] = time.monotonic() + PATIENCE
        self._pool.submit(self.process_request_thread, request, client_address)

    def server_close(self) -> None:
        """End at once: whoever still dawdles is cut off."""
        super().server_close()
        with self._lock:
            for request in [*self._waiting]:
                cut(self._waiting, request)
        self._pool.shutdown(wait=False, cancel_futures=True)

    def heard(self, request: socket.socket) -> None:
        """The request has come in whole; its connection may take its time from now on."""
        with self._lock:
            self._waiting.pop(request, None)

    def shutdown_request(self, request: Any) -> None:
        self.heard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that broke is nobody's fault, and nothing to print."""

    def _sweep(self) -> None:
        while True:
            time.sleep(0.5)
            with self._lock:
                for request in [
                    request for request, until in self._waiting.items() if until < time.monotonic()
                ]:
                    cut(self._waiting, request)


def cut(waiting: dict[socket.socket, float], request: socket.socket) -> None:
    """Close a connection that somebody else is reading from; they see its end."""
    del waiting[request]
    try:
        request.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass


class Handler(WSGIRequestHandler):
    """One request a connection. The body is taken in before anybody works on it."""

    protocol_version = "HTTP/1.0"
    timeout = PATIENCE
    server: Server

    def parse_request(self) -> bool:
        if not super().parse_request():
            return False
        if self.request_version == "HTTP/0.9":  # it knows no headers, so it gets nothing
            self.close_connection = True
            return False
        return True

    def run_wsgi(self) -> None:
        length = self.headers.get("Content-Length", "0")
        size = int(length) if length.isascii() and length.isdigit() else 0
        self.rfile = io.BytesIO(
            self.rfile.read(size)
            if size <= MOST_BODY and "Transfer-Encoding" not in self.headers
            else b""
        )  # type: ignore[assignment]
        self.server.heard(self.connection)
        if self.rfile.getbuffer().nbytes < size <= MOST_BODY:  # the rest never came
            return
        super().run_wsgi()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What is no request at all gets the same headers as everybody."""
        try:
            self.wfile.write(
                f"HTTP/1.0 {int(code)} Refused\r\nContent-Type: text/plain\r\nContent-Length: 0\r\nConnection: close\r\n".encode()
            )
            self.wfile.write(
                "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items()).encode()
                + b"\r\n"
            )
        except OSError:
            pass
        self.close_connection = True

    def version_string(self) -> str:
        return "mentorkit"

    def log(self, type: str, message: str, *args: Any) -> None:
        """Nothing: what people look at is not written down."""


def free_port(wanted: int | None) -> int:
    """The port wanted if it is free, else the next free one. OSError where there is none."""
    for port in range(wanted or FIRST_PORT, (wanted or FIRST_PORT) + LAST_PORT - FIRST_PORT):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
            if Server.allow_reuse_address:
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((HOST, port))
                return port
            except OSError as fault:
                if fault.errno not in (errno.EADDRINUSE, errno.EACCES):
                    raise
    raise OSError(errno.EADDRINUSE, "no free port for the page")
