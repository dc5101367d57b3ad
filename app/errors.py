"""Refusals: what the platform will not do, each with a status and one sentence for the person."""

from typing import ClassVar

from app.rules.phrases import Phrase
from app.rules.words import N_


class Refusal(Exception):
    """Base of all refusals; subclasses sit beside their rule and are named for the fact."""

    status: ClassVar[int] = 409
    sentence: ClassVar[str] = N_("This cannot be done now.")

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.phrase.english)

    @property
    def phrase(self) -> Phrase:
        """The sentence with its facts, to be translated when it is shown."""
        return Phrase(self.sentence, self.facts)


class BadRequest(Refusal):
    status = 400
    sentence = N_("This address or form is not complete. Go back, reload the page and try again.")


class Forbidden(Refusal):
    status = 403
    sentence = N_("You do not have the seat that this needs.")


class NotFound(Refusal):
    """Also the answer for what a person may not know exists."""

    status = 404
    sentence = N_("There is nothing at this address.")


class Conflict(Refusal):
    status = 409
    sentence = N_("Someone changed this while you were working. Reload the page to see the newest version.")


class NotAcceptable(Refusal):
    status = 422
    sentence = N_("What you sent cannot be accepted as it is.")


class TooMany(Refusal):
    status = 429
    sentence = N_("Too many tries in a short time. Please wait %(minutes)s minutes and try again.")
    soon: ClassVar[str] = N_("Too many tries in a short time. Please wait one minute and try again.")

    @property
    def phrase(self) -> Phrase:
        return Phrase(self.soon) if self.facts.get("minutes") == 1 else super().phrase


class Unavailable(Refusal):
    status = 503
    sentence = N_("This does not work at the moment. Nothing was saved; please try again in a minute.")
