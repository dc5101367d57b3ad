"""Notifications: one row for each person told, shown on their page and mailed to a confirmed address."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select, update

from app.i18n import _, speaking
from app.models.columns import now
from app.models.committee import Committee
from app.models.notification import Follow, Notification
from app.models.organisation import Organisation
from app.models.person import Person
from app.models.seat import Seat
from app.rules.notification_words import SENTENCES
from app.rules.phrases import Phrase
from app.rules.words import N_, Role, ScopeKind, SubjectKind
from app.services import letters
from app.viewer import Viewer

DECLINABLE = {
    "review_reminder": "reminders",
    "panel_review_reminder": "reminders",
    "vote_closes_soon": "reminders",
    "evidence_due": "reminders",
    "vote_counted": "results",
    "vote_certified": "results",
}
NO_FACTS: Mapping[str, Any] = MappingProxyType({})
PATHS = {
    SubjectKind.SUBMISSION: "/submissions/{}",
    SubjectKind.CLUSTER: "/clusters/{}",
    SubjectKind.MISSION: "/missions/{}",
    SubjectKind.DECISION: "/decisions/{}",
    SubjectKind.CALL: "/calls/{}",
    SubjectKind.SEAT: "/me",
    SubjectKind.COMMITTEE: "/committees/{}",
    SubjectKind.CONDITION: "/conditions/{}",
    SubjectKind.PROJECT: "/projects/{}",
    # Read by its team only: their own page asks them to sign in first.
    SubjectKind.APPLICATION: "/me/applications#application-{}",
}


def tell(
    session: Session,
    person_ids: Iterable[UUID],
    kind: str,
    subject_kind: SubjectKind,
    subject_id: UUID,
    origin: str = "",
    **facts: Any,
) -> None:
    """Tell each person once, in the act's own transaction; mail goes to confirmed addresses only."""
    wanted = sorted(set(person_ids))
    people = session.exec(
        select(Person).where(col(Person.id).in_(wanted), col(Person.email).is_not(None))
    ).all()
    for person in people:
        session.add(
            Notification(
                person_id=person.id, kind=kind, subject_kind=subject_kind, subject_id=subject_id, facts=facts
            )
        )
        if origin and person.email and person.email_confirmed_at is not None:
            with speaking(person.locale):
                sentence = said(kind, facts).say(_, spoken)
                wanted_mail = DECLINABLE.get(kind)
                if wanted_mail is None or wanted_mail not in person.declined_mails:
                    choice = f"{origin}/me/notifications#mails" if wanted_mail else ""
                    path = path_of(subject_kind, subject_id, facts)
                    letters.queue(session, person.email, sentence, f"{origin}{path}", choice)


def said(kind: str, facts: dict[str, Any]) -> Phrase:
    told = {name: stored_phrase(fact) for name, fact in facts.items()}
    return Phrase(SENTENCES.get(kind, N_("Something you follow has changed.")), told)


def stored(told: Phrase) -> dict[str, Any]:
    """A phrase as a fact of a notification, to be translated when it is read."""
    return {"sentence": told.sentence, "facts": {name: shown(fact) for name, fact in told.facts.items()}}


def shown(fact: object) -> object:
    if isinstance(fact, (list, tuple)):
        return [shown(each) for each in fact]
    return stored(fact) if isinstance(fact, Phrase) else fact


def stored_phrase(fact: object) -> object:
    """The opposite of `stored`, for whatever a fact holds."""
    if isinstance(fact, list):
        return tuple(stored_phrase(each) for each in fact)
    if isinstance(fact, dict):
        return Phrase(fact["sentence"], {name: stored_phrase(each) for name, each in fact["facts"].items()})
    return fact


def spoken(fact: object) -> str:
    """A fact in the language that is being spoken."""
    if isinstance(fact, Phrase):
        return fact.say(_, spoken)
    if isinstance(fact, tuple):
        return ", ".join(spoken(each) for each in fact)
    return _(str(fact))


def path_of(subject_kind: SubjectKind, subject_id: UUID, facts: Mapping[str, Any] = NO_FACTS) -> str:
    """The page that it is about; for a comment, its place on the page of its voice; or a page of the thing."""
    if facts.get("path"):
        return str(facts["path"])
    place = f"#comment-{facts['comment']}" if facts.get("comment") else str(facts.get("page", ""))
    return PATHS.get(subject_kind, "/").format(subject_id) + place


def latest(session: Session, person_id: UUID, limit: int) -> list[tuple[Notification, Phrase, str]]:
    """The newest first, each with its sentence and the page it is about."""
    query = select(Notification).where(Notification.person_id == person_id)
    rows = session.exec(query.order_by(col(Notification.created_at).desc()).limit(limit)).all()
    return [
        (row, said(row.kind, row.facts), path_of(row.subject_kind, row.subject_id, row.facts)) for row in rows
    ]


def mark_read(session: Session, person_id: UUID) -> None:
    unread = update(Notification).where(
        col(Notification.person_id) == person_id, col(Notification.read_at).is_(None)
    )
    session.exec(unread.values(read_at=now()))


def followers(session: Session, subject_kind: SubjectKind, subject_id: UUID) -> list[UUID]:
    query = select(Follow.person_id).where(
        Follow.subject_kind == subject_kind, Follow.subject_id == subject_id
    )
    return list(session.exec(query))


def seats_in_words(session: Session, viewer: Viewer) -> list[tuple[Seat, str, str]]:
    """My seats, each with the name of its scope and the page on which one works there."""
    named: list[tuple[Seat, str, str]] = []
    for seat in viewer.seats:
        if seat.scope_kind is ScopeKind.ORGANISATION and seat.scope_id:
            organisation = session.get(Organisation, seat.scope_id)
            where = f"/missions?organisation={seat.scope_id}" if seat.role is Role.STEWARD else "/calls"
            named.append((seat, organisation.name if organisation else "", where))
        elif seat.scope_kind is ScopeKind.COMMITTEE and seat.scope_id:
            committee = session.get(Committee, seat.scope_id)
            named.append((seat, committee.name if committee else "", f"/committees/{seat.scope_id}"))
        else:
            named.append((seat, _("Whole platform"), "/staff/people"))
    return named
