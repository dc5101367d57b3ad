"""Letters as they look: the same sentences as plain text and as a page that a mail program shows."""

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sqlmodel import Session

from app import i18n
from app.i18n import _
from app.models.outgoing_mail import OutgoingMail
from app.rules.words import N_
from app.services import mail

TEMPLATES = Path(__file__).parent.parent.parent / "templates"
OPEN = N_("Open the page")
CHOICE = N_("You choose on your page which of these letters you get:")
PAGES = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(["html"]), undefined=StrictUndefined
)


def queue(
    session: Session, to_address: str, sentence: str, link: str, choice: str = "", more: Sequence[str] = ()
) -> OutgoingMail:
    """A sentence, `more` paragraphs, and the page it is about; `choice` is where one declines letters of this kind."""
    plain = "\n\n".join((sentence, *more, link))
    if choice:
        plain += f"\n\n--\n{_(CHOICE)}\n{choice}"
    facts = {
        "sentence": sentence, "more": more, "link": link, "open": _(OPEN), "choice": choice, "choice_words": _(CHOICE),
        "language": i18n.current(), "direction": i18n.direction(),
    }  # fmt: skip
    page = PAGES.get_template("emails/letter.html").render(facts)
    return mail.queue(session, to_address, sentence, plain, page)
