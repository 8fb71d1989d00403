"""Who is answered: one browser on this machine, which knows the token that the terminal printed.

And what every answer carries.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable

from flask import Flask, Request, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

HOST = "127.0.0.1"
MOST_BODY = 1024 * 1024
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src "
    "'self'; connect-src 'self'; frame-src 'self'; "
    "base-uri 'none'; object-src 'none'; form-action 'none'; frame-ancestors 'none'"
)
FRAME_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; base-uri "
    "'none'; object-src 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
}


class Guard:
    """Lets in whoever opens the address of the terminal, once.

    The cookie that they get is their key from then on.
    """

    def __init__(self, port: int, tell: Callable[[str], None]) -> None:
        self.origin, self.cookie = f"http://{HOST}:{port}", f"mentorkit{port}"
        self._key, self._token, self.tell = (
            secrets.token_urlsafe(32),
            secrets.token_urlsafe(24),
            tell,
        )

    @property
    def address(self) -> str:
        """The address to open; it works once."""
        return f"{self.origin}/open/{self._token}"

    def watch(self, app: Flask) -> None:
        """Stand before and behind every answer of the app."""
        app.before_request(self.admit)
        app.after_request(dress)

    def admit(self) -> AnyResponse | None:
        """None for those who may go on; a refusal, or the way in, for all others."""
        if request.headers.get("Host") != self.origin.removeprefix("http://"):
            abort(403)
        if (
            request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin")
            or request.headers.get("Origin", self.origin) != self.origin
        ):
            abort(403)
        if any(
            sign in target_of(request) for sign in ("..", "\\", "%2e", "%5c", "%00", "%25", "//")
        ):
            abort(404)
        known = hmac.compare_digest(
            request.cookies.get(self.cookie, "").encode(), self._key.encode()
        )
        if request.path.startswith("/open/") and request.method == "GET":
            return self._open(request.path.removeprefix("/open/"), known)
        if not known:
            abort(401)
        if request.method in ("PUT", "POST"):
            self._writing()
        return None

    def _open(self, token: str, known: bool) -> AnyResponse:
        if not known and not hmac.compare_digest(token.encode(), self._token.encode()):
            abort(401)
        answer = redirect("/", 303)
        if not known:
            self._token = secrets.token_urlsafe(24)
            self.tell(f"This address has been opened. For another browser: {self.address}")
        answer.set_cookie(self.cookie, self._key, httponly=True, samesite="Strict", path="/")
        return answer

    def _writing(self) -> None:
        """Refuse a change that is not JSON of a known length from the kit's own page."""
        if request.headers.get("Origin") != self.origin:
            abort(403)
        if request.mimetype != "application/json":
            abort(415)
        if request.content_length is None or "Transfer-Encoding" in request.headers:
            abort(411)
        if request.content_length > MOST_BODY:
            abort(413)


def target_of(asked: Request) -> str:
    """The path as it was sent, before anything was decoded."""
    raw = asked.environ.get("REQUEST_URI") or asked.environ.get("RAW_URI") or asked.path
    return str(raw).partition("?")[0].lower()


def dress(answer: Response) -> Response:
    """Every answer tells the browser to load nothing from elsewhere, to keep nothing and to be
    framed by nobody."""
    for name, value in HEADERS.items():
        answer.headers[name] = (
            FRAME_POLICY if value is POLICY and request.path.startswith("/book/") else value
        )
    return answer
