"""The server below the page, on waitress: this computer alone, few threads, and limits for slow
connections."""

from __future__ import annotations

import errno
import logging
import os
import socket
import time
from typing import Any

from flask import Flask
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer, create_server
from waitress.task import ErrorTask
from waitress.utilities import Error

from mentorkit.preview.security import HEADERS, HOST, MOST_BODY

FIRST_PORT, LAST_PORT = 8765, 8795
THREADS = 8
MAX_CONNECTIONS = 1000
MAX_SECONDS = 5  # until a request must have come in whole, and for each piece of the answer
MAX_HEADER = 64 * 1024  # bytes
# On Windows the option would take a port that another server has; elsewhere it never does.
MAY_REUSE_ADDRESS = os.name != "nt"


class LengthRequiredError(Error):
    """The answer to a body whose length is not known beforehand."""

    code = 411
    reason = "Length Required"


class Parser(HTTPRequestParser):
    """Refuses a body in pieces: the page knows the length of what it sends."""

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if self.chunked:
            self.error = LengthRequiredError("write the length of the body into the headers")
            self.body_rcv = None  # nothing more is read


class Refusal(ErrorTask):
    """The answer to what is no request at all, with the headers of all other answers."""

    def execute(self) -> None:
        self.response_headers = [*self.response_headers, *HEADERS.items()]
        super().execute()


class Channel(HTTPChannel):
    """A connection that is closed where its request has not come in whole in time.

    waitress counts from the last byte, so that a client that sends a byte a second would stay.
    """

    parser_class = Parser
    error_task_class = Refusal
    _began = 0.0

    def handle_read(self) -> None:
        if self.request is None:
            self._began = time.time()
        super().handle_read()
        if self.request is not None:
            self.last_activity = self._began


class Server:
    """Serves one app on a port of this computer, until it is shut down."""

    def __init__(self, port: int, app: Flask) -> None:
        logging.getLogger("waitress").setLevel(logging.CRITICAL)  # nothing is written down
        self._connections: dict[int, Any] = {}
        self._is_running = True
        server = create_server(
            app,
            map=self._connections,
            host=HOST,
            port=port,
            threads=THREADS,
            connection_limit=MAX_CONNECTIONS,
            channel_timeout=MAX_SECONDS,
            cleanup_interval=1,
            max_request_body_size=MOST_BODY,
            max_request_header_size=MAX_HEADER,
            asyncore_use_poll=True,
            asyncore_loop_timeout=1,
            ident="mentorkit",
            clear_untrusted_proxy_headers=True,
        )
        assert isinstance(server, BaseWSGIServer), "one address makes one server"
        server.channel_class = Channel
        self._server = server

    def serve_forever(self) -> None:
        """Answer requests until `shutdown` is called from another thread, or Ctrl-C is pressed."""
        while self._is_running:
            self._server.asyncore.loop(timeout=1, use_poll=True, map=self._connections, count=1)

    def shutdown(self) -> None:
        """Let `serve_forever` return."""
        self._is_running = False
        self._server.pull_trigger()

    def server_close(self) -> None:
        """Close all connections and stop the threads; what is still being answered is cut off."""
        self._server.task_dispatcher.shutdown(timeout=1)
        self._server.asyncore.close_all(self._connections, ignore_all=True)


def free_port(wanted: int | None) -> int:
    """Return the port wanted if it is free, else the next free one.

    Raises OSError where there is none.
    """
    first = wanted or FIRST_PORT
    for port in range(first, first + LAST_PORT - FIRST_PORT):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
            if MAY_REUSE_ADDRESS:
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((HOST, port))
                return port
            except OSError as fault:
                if fault.errno not in (errno.EADDRINUSE, errno.EACCES):
                    raise
    raise OSError(errno.EADDRINUSE, "no free port for the page")
