"""What lies near a draft: applications of calls that are decided, and lessons; never one that is sealed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Text, and_, cast, desc, func, literal, or_
from sqlmodel import Session, col, select

from app.models.application import Application
from app.models.call import Call
from app.models.offer import Offer
from app.models.organisation import Organisation
from app.models.project import Project
from app.models.statement import Statement
from app.rules.words import ApplicationState, CallState, StatementKind, StatementState, SubjectKind
from app.services import search
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
class NearLesson:
    lesson: Statement
    project: Project


@dataclass(frozen=True)
class Near:
    """The nearest first; both empty while too little is written to tell."""

    applications: list[NearApplication] = field(default_factory=list)
    lessons: list[NearLesson] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.applications or self.lessons)


def near(session: Session, application: Application, languages: Sequence[str] = ()) -> Near:
    """What shares its telling words; a draft of a few words has none."""
    text = " ".join((application.title, application.summary, application.hypothesis))[:4_000]
    words = telling(text)[:MOST_WORDS]
    if len(words) < SHARED_AT_LEAST:
        return Near()
    query = search.any_language(" or ".join(words), languages)
    return Near(
        closest(text, public_applications(session, query), lambda each: said_in(each.application)),
        closest(text, lessons(session, query), lambda each: f"{each.project.title} {each.lesson.text}"),
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


def lessons(session: Session, query: Any) -> list[NearLesson]:
    """Lessons of projects that anyone can read."""
    words = func.to_tsvector(search.regconfig("simple"), cast(col(Statement.text), Text))
    selecting = (
        select(Statement, Project)
        .join(Project, col(Project.id) == Statement.subject_id)
        .where(
            Statement.kind == StatementKind.LESSON,
            Statement.subject_kind == SubjectKind.PROJECT,
            Statement.state == StatementState.VISIBLE,
            words.bool_op("@@")(query),
        )
        .order_by(desc(col(Statement.created_at)), col(Statement.id))
        .limit(RANKED)
    )
    return [NearLesson(lesson, project) for lesson, project in session.exec(selecting)]
