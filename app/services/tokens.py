"""Tokens for programs: made and revoked by the person they act for, who is the viewer of what they send."""

import secrets
from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from sqlalchemy import and_
from sqlmodel import Session, col, select

from app.errors import NotAcceptable, NotFound
from app.models.api_token import ApiToken, tokens_of
from app.models.columns import now
from app.models.person import Person
from app.models.seat import Seat, is_live
from app.rules.words import N_, SubjectKind
from app.services import events
from app.services.sign_ins import hashed
from app.viewer import VISITOR, Viewer

LASTS = timedelta(days=365)
LIVE_AT_MOST = 20


class TooManyTokens(NotAcceptable):
    sentence: ClassVar[str] = N_("You have %(most)s tokens already. Revoke one that you no longer use.")


def make(session: Session, person: Person, name: str) -> str:
    """A new token; this is the only time that it can be read."""
    live = [
        each for each in tokens_of(session, person.id) if each.revoked_at is None and each.expires_at > now()
    ]
    if len(live) >= LIVE_AT_MOST:
        raise TooManyTokens(most=LIVE_AT_MOST)
    token = secrets.token_urlsafe(32)
    kept = ApiToken(person_id=person.id, name=name, token_hash=hashed(token), expires_at=now() + LASTS)
    session.add(kept)
    session.flush()
    events.record(session, "token_made", SubjectKind.PERSON, person.id, by=person.id, token=kept.id)
    return token


def revoke(session: Session, person_id: UUID, key: UUID) -> None:
    """End a token of one's own at once; ending it twice changes nothing."""
    found = session.get(ApiToken, key, with_for_update=True)
    if found is None or found.person_id != person_id:
        raise NotFound()
    if found.revoked_at is None:
        found.revoked_at = now()
        events.record(session, "token_revoked", SubjectKind.PERSON, person_id, by=person_id, token=key)


def revoke_all(session: Session, person_id: UUID) -> None:
    """With a new password: whoever had the old one may have made a token to come back with."""
    for each in tokens_of(session, person_id):
        revoke(session, person_id, each.id)


def viewer(session: Session, token: str) -> Viewer:
    """The person a token acts for, with the seats held at this instant; nobody where it is unknown or over."""
    at = now()
    query = (
        select(Person, Seat)
        .join(ApiToken, col(ApiToken.person_id) == Person.id)
        .outerjoin(Seat, and_(col(Seat.person_id) == Person.id, *is_live(at)))
        .where(
            ApiToken.token_hash == hashed(token),
            col(ApiToken.revoked_at).is_(None),
            col(ApiToken.expires_at) > at,
            col(Person.suspended_at).is_(None),
        )
    )
    rows = session.exec(query).all()
    if not rows:
        return VISITOR
    person = rows[0][0]
    seats = tuple(seat for _person, seat in rows if seat is not None)
    return Viewer(person, seats if person.email_confirmed_at else ())
