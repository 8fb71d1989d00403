"""A preview running in this process, and requests sent to it byte by byte."""

from __future__ import annotations

import http.client
import json
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mentorkit.preview.routes import create
from mentorkit.preview.security import Guard
from mentorkit.preview.server import Server, free_port


@dataclass
class Preview:
    """The running page: its folder, its port, and the cookie of the browser that was let in."""

    folder: Path
    port: int
    guard: Guard
    told: list[str]
    cookie: str = ""

    @property
    def origin(self) -> str:
        return self.guard.origin

    def ask(
        self,
        path: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        known: bool = True,
    ) -> tuple[int, dict[str, str], bytes]:
        """One answer: status, headers, body. `known` sends the cookie."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.putrequest(method, path, skip_host=True)
            sent = {
                "Host": f"127.0.0.1:{self.port}",
                **({"Cookie": self.cookie} if known else {}),
                **({"Content-Length": str(len(body))} if body is not None else {}),
                **(headers or {}),
            }
            for name, value in sent.items():
                if value:
                    connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            return (
                answer.status,
                {name.lower(): value for name, value in answer.getheaders()},
                answer.read(),
            )
        finally:
            connection.close()

    def tell(
        self, path: str, told: object, method: str = "POST", **headers: str
    ) -> tuple[int, Any]:
        """JSON as our own page sends it, and the JSON that comes back."""
        status, _, body = self.ask(
            path,
            method,
            json.dumps(told).encode(),
            {"Content-Type": "application/json", "Origin": self.origin, **headers},
        )
        return status, json.loads(body)

    def raw(self, data: bytes, wait: float = 10) -> bytes:
        """What comes back for these bytes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=wait) as connection:
            answer = b""
            try:
                connection.sendall(data)
                connection.shutdown(socket.SHUT_WR)
                while piece := connection.recv(65536):
                    answer += piece
            except OSError:
                pass
            return answer


@contextmanager
def preview(folder: Path) -> Iterator[Preview]:
    """The page of the program in `folder`, with one browser let in."""
    told: list[str] = []
    port = free_port(
        20_000 + os.getpid() % 20_000
    )  # another one for each test process, since they start at the same moment
    guard = Guard(port, told.append)
    app = create(folder, guard)
    server = Server(port, app)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    running = Preview(folder, port, guard, told)
    status, headers, _ = running.ask(guard.address.removeprefix(guard.origin), known=False)
    assert status == 303
    running.cookie = headers["set-cookie"].partition(";")[0]
    try:
        yield running
    finally:
        server.shutdown()
        app.extensions["press"].stop()
        server.server_close()
        thread.join()
