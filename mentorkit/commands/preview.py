"""`mentorkit preview`: the program as pages in the browser, with an editor."""

from __future__ import annotations

import threading
import webbrowser

import click

from mentorkit.program import location
from mentorkit.terminal import print_line


@click.command("preview")
@click.option(
    "--port",
    type=click.IntRange(1024, 65535),
    metavar="N",
    help="The port to use; the next free one where it is taken.",
)
@click.option("--no-browser", is_flag=True, help="Print the address and open nothing.")
def command(port: int | None, no_browser: bool) -> int:
    """See the program in the browser, and edit it there. Ends with Ctrl-C."""
    folder = location.find()
    from mentorkit.preview.routes import create
    from mentorkit.preview.security import Guard
    from mentorkit.preview.server import Server, free_port

    found = free_port(port)
    if port and found != port:
        print_line(f"Port {port} is taken; this is port {found}.")
    guard = Guard(found, print_line)
    app = create(folder, guard)
    server = Server(found, app)
    print_line(f"Open this address in a browser on this machine: {guard.address}")
    print_line("It works once. Ctrl-C ends the page.")
    if not no_browser:
        threading.Thread(target=webbrowser.open, args=(guard.address,), daemon=True).start()
    try:
        server.serve_forever()
    finally:
        app.extensions["press"].stop()
        server.server_close()
    return 0
