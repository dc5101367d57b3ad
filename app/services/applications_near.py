"""What lies near a draft: applications of calls that are decided, and lessons; never one that is sealed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Text, and_, cast, desc, func, literal, or_
from sqlmodel import Session, col, select

from app.models.application import Application
from app.models.call import Call
from app.models.offer import Offer
from app.models.organisation import Organisation
from app.nlp.embedding import Embedder
from app.rules.words import ApplicationState, CallState
from app.services import lessons_near, search
from app.services.lessons_find import Shown
from app.services.similar import MOST_WORDS, beginnings, telling

HOW_MANY = 3
SHARED_AT_LEAST = 2
RANKED = 30
Row = TypeVar("Row")
DECIDED = (CallState.ANSWERED, CallState.ARCHIVED)
# Of those that were not selected, the public knows where the call said so beforehand.
TOLD = (ApplicationState.RESERVE, ApplicationState.DECLINED, ApplicationState.INELIGIBLE)


@dataclass(frozen=True)
class NearApplication:
    application: Application
    call: Call
    organisation: str


@dataclass(frozen=True)
class Near:
    """The nearest first; both empty while too little is written to tell."""

    applications: list[NearApplication] = field(default_factory=list)
    lessons: list[Shown] = field(default_factory=list)
    used: frozenset[UUID] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.applications or self.lessons)


def near(
    session: Session,
    application: Application,
    languages: Sequence[str] = (),
    embedder: Embedder | None = None,
) -> Near:
    """What shares its telling words, or lessons close in meaning; a draft of a few words has none."""
    text = " ".join((application.title, application.summary, application.hypothesis))[:4_000]
    words = telling(text)[:MOST_WORDS]
    if len(words) < SHARED_AT_LEAST:
        return Near()
    found = lessons_near.near(session, text, languages, embedder)
    used = lessons_near.used_by(session, application.id)
    query = search.any_language(" or ".join(words), languages)
    return Near(
        closest(text, public_applications(session, query), lambda each: said_in(each.application)),
        found,
        frozenset(used),
    )


def said_in(application: Application) -> str:
    return f"{application.title} {application.summary}"


def closest(text: str, found: list[Row], words: Any) -> list[Row]:
    """Those that share most of the words that say what a text is about, at least two of them."""
    mine = beginnings(text)
    shared = [(len(mine & beginnings(words(each)[:4_000])), each) for each in found]
    ranked = sorted(shared, key=lambda pair: -pair[0])
    return [each for count, each in ranked if count >= SHARED_AT_LEAST][:HOW_MANY]


def public_applications(session: Session, query: Any) -> list[NearApplication]:
    """Of calls whose answer is out: those selected, and the others where declining is told."""
    words = func.to_tsvector(
        search.regconfig("simple"),
        cast(col(Application.title) + literal(" ") + col(Application.summary), Text),
    )
    selecting = (
        select(Application, Call, Organisation.name)
        .join(Call, col(Call.id) == Application.call_id)
        .join(Offer, col(Offer.call_id) == Call.id)
        .join(Organisation, col(Organisation.id) == Application.organisation_id)
        .where(
            col(Call.state).in_(DECIDED),
            or_(
                col(Application.state) == ApplicationState.SELECTED,
                and_(col(Application.state).in_(TOLD), col(Offer.tells_declined)),
            ),
            words.bool_op("@@")(query),
        )
        .order_by(desc(col(Application.submitted_at)), col(Application.id))
        .limit(RANKED)
    )
    return [NearApplication(each, call, name) for each, call, name in session.exec(selecting)]
