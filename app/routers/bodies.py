"""How much a request may send: counted while it arrives, so that a flood is refused before it is kept."""

from typing import ClassVar

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import Refusal
from app.rules.importing import LARGEST_FILE, FileTooLarge
from app.rules.words import N_

# The longest form of ours is a call with its brief in two languages, every letter written as nine signs.
LARGEST_FORM = 2_000_000
LARGEST_UPLOAD = LARGEST_FILE + LARGEST_FORM
UPLOADS = "/import"


class BodyTooLarge(Refusal):
    status: ClassVar[int] = 413
    sentence: ClassVar[str] = N_("What you sent is larger than this form can take. Nothing was saved.")


class Bodies:
    """Refuses a body that says it is too long, or that turns out to be, in the words of the page it was sent to."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_upload = scope["path"].endswith(UPLOADS)
        most, refusal = (LARGEST_UPLOAD, FileTooLarge) if is_upload else (LARGEST_FORM, BodyTooLarge)
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
