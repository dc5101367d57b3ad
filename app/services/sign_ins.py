"""Signing in and out: server-side sessions that can be revoked, with an idle and an absolute end."""

import hmac
import secrets
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import and_, bindparam, delete
from sqlmodel import Session, col, select, update

from app.models.columns import now
from app.models.person import Person
from app.models.seat import Seat, is_live
from app.models.web_session import WebSession
from app.viewer import Viewer

IDLE = timedelta(days=14)
ABSOLUTE = timedelta(days=60)
SEEN_EVERY = timedelta(minutes=5)


def viewer(session: Session, token: str, *, visitor_hash: str, address: str, secret: str) -> Viewer:
    """Who this browser belongs to, with the seats held at this instant.

    A seat waits for its holder's address to be confirmed: it was given to whoever reads that mailbox, and
    anybody may have signed up with it before.
    """
    address_hash = hmac.new(secret.encode(), address.encode(), sha256).hexdigest()
    found = live_session(session, token) if token else None
    if found is None:
        return Viewer(visitor_hash=visitor_hash, address_hash=address_hash)
    web_session, person, seats = found
    touch(web_session)
    return Viewer(
        person, seats if person.email_confirmed_at else (), web_session.id, visitor_hash, address_hash
    )


# Made once: making a statement costs as much as running it, and this is run for every page of everyone signed in.
LIVE = (
    select(WebSession, Person, Seat)
    .join(Person, col(Person.id) == WebSession.person_id)
    .outerjoin(Seat, and_(col(Seat.person_id) == Person.id, *is_live(bindparam("at"))))
    .where(
        WebSession.token_hash == bindparam("token_hash"),
        col(WebSession.revoked_at).is_(None),
        col(WebSession.expires_at) > bindparam("at"),
        col(WebSession.seen_at) > bindparam("idle_since"),
        col(Person.suspended_at).is_(None),
    )
)


def live_session(session: Session, token: str) -> tuple[WebSession, Person, tuple[Seat, ...]] | None:
    at = now()
    values = {"token_hash": hashed(token), "at": at, "idle_since": at - IDLE}
    rows = session.exec(LIVE, params=values).all()
    if not rows:
        return None
    web_session, person, _seat = rows[0]
    return web_session, person, tuple(seat for _web_session, _person, seat in rows if seat is not None)


def touch(web_session: WebSession) -> None:
    """Note that the session is in use, at most once in five minutes: reading a page should not always write."""
    at = now()
    if at - web_session.seen_at > SEEN_EVERY:
        web_session.seen_at = at


def begin(session: Session, person: Person) -> str:
    """Start a session and answer the cookie's value; only its hash is kept."""
    token = secrets.token_urlsafe(32)
    session.add(WebSession(person_id=person.id, token_hash=hashed(token), expires_at=now() + ABSOLUTE))
    return token


def end(session: Session, session_id: UUID) -> None:
    found = session.get(WebSession, session_id)
    if found and found.revoked_at is None:
        found.revoked_at = now()


def end_all(session: Session, person_id: UUID, keep: UUID | None = None) -> None:
    """After a change of password or seats every other browser signs in anew."""
    change = update(WebSession).where(
        col(WebSession.person_id) == person_id, col(WebSession.revoked_at).is_(None)
    )
    if keep:
        change = change.where(col(WebSession.id) != keep)
    session.exec(change.values(revoked_at=now()))


def hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def forget_old(session: Session) -> None:
    """Sessions that ended a month ago say only where somebody once was signed in."""
    session.connection().execute(
        delete(WebSession).where(col(WebSession.expires_at) < now() - timedelta(days=30))
    )
