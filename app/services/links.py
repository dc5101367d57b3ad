"""Single-use links: made for one purpose, one person and the exact address they are mailed to."""

import secrets
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, col, select, update

from app.errors import NotFound
from app.models.columns import now
from app.models.link_token import LinkToken
from app.models.person import Person
from app.rules.words import N_, LinkPurpose
from app.services.sign_ins import hashed

LASTS = {
    LinkPurpose.CONFIRM: timedelta(days=3),
    LinkPurpose.RESET: timedelta(hours=2),
    LinkPurpose.INVITE: timedelta(days=7),
}


class LinkSpent(NotFound):
    """One sentence for expired, used, guessed and another's: it tells a guesser nothing."""

    sentence = N_("This link is no longer valid: it was used already, or it is too old. Ask for a new one.")


def issue(session: Session, purpose: LinkPurpose, person: Person) -> str:
    """Make a link's token; older ones for the same purpose stop working."""
    withdraw(session, person.id, purpose)
    token = secrets.token_urlsafe(32)
    session.add(
        LinkToken(
            purpose=purpose,
            person_id=person.id,
            email=person.email or "",
            token_hash=hashed(token),
            expires_at=now() + LASTS[purpose],
        )
    )
    return token


def peek(session: Session, token: str) -> tuple[LinkToken, Person]:
    """Look at a link without using it up: a mail scanner that opens it consumes nothing."""
    query = (
        select(LinkToken, Person)
        .join(Person, col(Person.id) == LinkToken.person_id)
        .where(
            LinkToken.token_hash == hashed(token),
            col(LinkToken.used_at).is_(None),
            col(LinkToken.expires_at) > now(),
            LinkToken.email == Person.email,
            col(Person.suspended_at).is_(None),
        )
    )
    found = session.exec(query).first()
    if found is None:
        raise LinkSpent()
    return found


def redeem(session: Session, token: str) -> tuple[LinkToken, Person]:
    """Use a link up; of two at once one wins, since the row changes under its own lock."""
    link, person = peek(session, token)
    spent = update(LinkToken).where(col(LinkToken.id) == link.id, col(LinkToken.used_at).is_(None))
    if session.exec(spent.values(used_at=now())).rowcount != 1:
        raise LinkSpent()
    return link, person


def withdraw(session: Session, person_id: UUID, purpose: LinkPurpose | None = None) -> None:
    change = update(LinkToken).where(col(LinkToken.person_id) == person_id, col(LinkToken.used_at).is_(None))
    if purpose is not None:
        change = change.where(col(LinkToken.purpose) == purpose)
    session.exec(change.values(used_at=now()))
