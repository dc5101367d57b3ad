"""How much a request may send: counted while it arrives, so that a flood is refused before it is kept."""

from typing import ClassVar

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import Refusal
from app.rules import files
from app.rules.importing import LARGEST_FILE, FileTooLarge
from app.rules.words import N_

# The longest form of ours is a call with its brief in two languages, every letter written as nine signs.
LARGEST_FORM = 2_000_000
LARGEST_UPLOAD = LARGEST_FILE + LARGEST_FORM
UPLOADS = "/import"
ATTACHED = "/files"


class BodyTooLarge(Refusal):
    status: ClassVar[int] = 413
    sentence: ClassVar[str] = N_("What you sent is larger than this form can take. Nothing was saved.")


def bound(path: str) -> tuple[int, type[Refusal]]:
    """How much may be sent to an address, and what is said of more."""
    if path.endswith(UPLOADS):
        return LARGEST_UPLOAD, FileTooLarge
    if path.startswith("/applications/") and path.endswith(ATTACHED):
        return files.LARGEST + LARGEST_FORM, files.FileTooLarge
    return LARGEST_FORM, BodyTooLarge


class Bodies:
    """Refuses a body that says it is too long, or that turns out to be, in the words of the page it was sent to."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most, refusal = bound(scope["path"])
        told = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        arrived = int(told) if told.isdigit() and int(told) > most else 0

        async def counted() -> Message:
            nonlocal arrived
            if arrived > most:
                raise refusal()
            message = await receive()
            arrived += len(message.get("body", b""))
            if arrived > most:
                raise refusal()
            return message

        await self.app(scope, counted, send)
