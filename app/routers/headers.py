"""Headers of every answer: a strict content policy, no sniffing, no framing, no shared caching, a reference."""

from uuid import uuid4

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import i18n
from app.models.columns import now

CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "img-src 'self' data:",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
    )
)
ALWAYS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
TRANSPORT = "max-age=31536000; includeSubDomains"
YEAR = "public, max-age=31536000, immutable"


class Headers:
    """Sets the reader's language and a reference for the request, and the headers above on its answer."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self.app = app
        self.always = ALWAYS | ({"Strict-Transport-Security": TRANSPORT} if secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        reference = uuid4().hex[:12]
        # A deadline is kept by the instant at which a request reached us, however long its work takes.
        scope.setdefault("state", {}).update(reference=reference, arrived=now())
        self.speak(scope)
        path = scope["path"]

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.always.items():
                    headers.setdefault(name, value)
                headers["X-Request-ID"] = reference
                if path.startswith("/static/"):
                    headers["Cache-Control"] = (
                        YEAR if b"v=" in scope["query_string"] else "public, max-age=300"
                    )
                else:
                    headers.setdefault("Cache-Control", "no-store")
                    headers.add_vary_header("HX-Request")
                    headers.add_vary_header("Cookie")
            await send(message)

        await self.app(scope, receive, with_headers)

    @staticmethod
    def speak(scope: Scope) -> None:
        headers = dict(scope["headers"])
        cookies = headers.get(b"cookie", b"").decode("latin-1")
        chosen = next((c.strip()[9:] for c in cookies.split(";") if c.strip().startswith("language=")), None)
        accepted = headers.get(b"accept-language", b"").decode("latin-1")
        i18n.activate(i18n.negotiate(chosen, accepted))
