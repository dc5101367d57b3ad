"""Lessons as they are read: searched by words in every language, narrowed, close in meaning; each with its project."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from pgvector.sqlalchemy import VECTOR
from sqlalchemy import ColumnElement, Float, Text, and_, cast, func, literal, not_, or_, tuple_
from sqlmodel import Session, col, select

from app.models.call import Call
from app.models.course import CourseReview
from app.models.lesson import Lesson, LessonUse, LessonVector
from app.models.milestone import Milestone
from app.models.mission import Mission
from app.models.project import Project
from app.models.statement import Statement
from app.models.term import Tag, Term
from app.nlp.embedding import Embedder
from app.rules import finding, keyset
from app.rules.disclosure import PUBLIC_CALL_STATES
from app.rules.words import Instrument, ProjectVerdict, StatementState, SubjectKind
from app.services import project_titles, search, terms
from app.services.drafts import one_of
from app.services.similar import CLOSE_ENOUGH

PAGE, CLOSE = 20, 5
SORT = "newest"


@dataclass(frozen=True)
class Wanted:
    """What a reader asks of the lessons; built from an address in which anything may stand."""

    typed: str = ""
    verdict: ProjectVerdict | None = None
    sector: str = ""
    instrument: Instrument | None = None
    cursor: str = ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.typed or self.verdict or self.sector or self.instrument)

    def query(self, **changes: str) -> str:
        parts = {
            "q": self.typed, "verdict": self.verdict or "", "sector": self.sector, "instrument": self.instrument or "",
            **changes,
        }  # fmt: skip
        return urlencode({name: str(value) for name, value in parts.items() if value})


@dataclass(frozen=True)
class Shown:
    """One lesson with where it is from; `used` is how many drafts say that they use it."""

    id: UUID
    text: str
    language: str
    created_at: Any
    mission: Mission
    project: Project | None
    title: str
    milestone: str = ""
    review: CourseReview | None = None
    used: int = 0


@dataclass(frozen=True)
class Homes:
    """The titles of milestones, and the reviews, that lessons are of."""

    milestones: dict[UUID, str]
    reviews: dict[UUID, CourseReview]

    @classmethod
    def of(cls, session: Session, lessons: Sequence[Lesson]) -> "Homes":
        milestones = {each.milestone_id for each in lessons if each.milestone_id}
        reviews = {each.review_id for each in lessons if each.review_id}
        titles = select(Milestone.id, Milestone.title).where(col(Milestone.id).in_(milestones))
        held = select(CourseReview).where(col(CourseReview.id).in_(reviews))
        return cls(
            dict(session.exec(titles).all()) if milestones else {},
            {each.id: each for each in session.exec(held)} if reviews else {},
        )


@dataclass(frozen=True)
class Page:
    lessons: list[Shown]
    next: str | None = None
    close: list[Shown] = field(default_factory=list)


def wanted_from(given: Mapping[str, str]) -> Wanted:
    """Read an address: known words only, everything else is as if it were not there."""
    sectors = {code for code, _words in terms.roots(terms.SECTOR)}
    typed = "".join(each for each in given.get("q", "") if each.isprintable())[
        : finding.LONGEST_QUERY
    ].strip()
    sector = given.get("sector", "")
    return Wanted(
        typed, one_of(ProjectVerdict, given.get("verdict")), sector if sector in sectors else "",
        one_of(Instrument, given.get("instrument")), given.get("page", ""),
    )  # fmt: skip


def page(session: Session, wanted: Wanted, embedder: Embedder | None = None, size: int = PAGE) -> Page:
    """One page, the newest first; on the first one also what is close in meaning to what was typed."""
    query = select(Lesson.id, Lesson.created_at).where(*narrowed(wanted))
    if wanted.typed:
        query = query.where(col(Lesson.search).bool_op("@@")(matching(wanted.typed)))
    if unwanted := finding.read(wanted.typed).unwanted:
        query = query.where(not_(col(Lesson.search).bool_op("@@")(search.any_language(unwanted, ()))))
    if wanted.cursor:
        at, key = keyset.decode(wanted.cursor, SORT, keyset.MOMENT)
        query = query.where(
            tuple_(col(Lesson.created_at), col(Lesson.id)) < tuple_(literal(at), literal(key))
        )
    newest = query.order_by(col(Lesson.created_at).desc(), col(Lesson.id).desc()).limit(size + 1)
    rows = list(session.exec(newest))
    ids = [key for key, _at in rows[:size]]
    following = keyset.encode(SORT, [rows[size - 1][1], ids[-1]]) if len(rows) > size else None
    near = (
        []
        if wanted.cursor or not wanted.typed
        else nearest(session, wanted.typed, embedder, narrowed(wanted))
    )
    listed = shown(session, [*ids, *(key for key in near if key not in ids)])
    return Page(listed[: len(ids)], following, listed[len(ids) :][:CLOSE])


def matching(typed: str) -> ColumnElement[Any]:
    """What was typed, read in each language; words of which nothing can be searched for find nothing."""
    return search.any_language(finding.read(typed).wanted, ())


def narrowed(wanted: Wanted) -> list[ColumnElement[bool]]:
    """What everyone may read, and what was asked for, as conditions on lessons."""
    found = [*readable()]
    if wanted.verdict or wanted.instrument:
        projects = select(Project.id)
        if wanted.verdict:
            projects = projects.where(Project.verdict == wanted.verdict)
        if wanted.instrument:
            projects = projects.where(Project.instrument == wanted.instrument)
        found.append(col(Lesson.project_id).in_(projects))
    if wanted.sector:
        found.append(in_sector(wanted.sector))
    return found


def readable() -> tuple[ColumnElement[bool], ...]:
    said = select(Statement.id).where(Statement.id == Lesson.id, Statement.state == StatementState.VISIBLE)
    home = (
        select(Mission.id)
        .join(Call, col(Call.id) == Mission.call_id)
        .where(Mission.id == Lesson.mission_id, col(Call.state).in_(PUBLIC_CALL_STATES))
    )
    return said.correlate(Lesson).exists(), home.correlate(Lesson).exists()


def in_sector(code: str) -> ColumnElement[bool]:
    """A sector, or one below it, on the project of a lesson or on its mission."""
    tagged = (
        select(Tag.subject_id)
        .join(Term, col(Term.id) == Tag.term_id)
        .where(
            Term.scheme == terms.SECTOR,
            or_(col(Term.code) == code, col(Term.code).startswith(f"{code}.")),
            or_(
                and_(
                    col(Tag.subject_kind) == SubjectKind.PROJECT,
                    col(Tag.subject_id) == col(Lesson.project_id),
                ),
                and_(
                    col(Tag.subject_kind) == SubjectKind.MISSION,
                    col(Tag.subject_id) == col(Lesson.mission_id),
                ),
            ),
        )
    )
    return tagged.correlate(Lesson).exists()


def nearest(
    session: Session, typed: str, embedder: Embedder | None, conditions: Sequence[ColumnElement[bool]] = (),
    least: float = CLOSE_ENOUGH,
) -> list[UUID]:  # fmt: skip
    """Lessons close in meaning, the nearest first; none while there is no model, or no vector of it."""
    if embedder is None or not typed.strip():
        return []
    vector = f"[{','.join(f'{each:.7g}' for each in embedder.embed([typed[:2_000]])[0])}]"
    kind = VECTOR(embedder.dimensions)
    distance = cast(LessonVector.vector, kind).op("<=>", return_type=Float())(
        cast(literal(vector, Text), kind)
    )
    query = (
        select(Lesson.id, (1 - distance).label("closeness"))
        .join(LessonVector, col(LessonVector.lesson_id) == Lesson.id)
        .where(col(LessonVector.model) == embedder.name, *(conditions or readable()))
        .order_by(distance, col(Lesson.id))
        .limit(2 * CLOSE)
    )
    return [key for key, closeness in session.exec(query) if closeness >= least]


def shown(session: Session, ids: Sequence[UUID]) -> list[Shown]:
    """These lessons in this order with all that their page tells, in a fixed number of statements."""
    query = (
        select(Lesson, Statement, Mission, Project)
        .join(Statement, col(Statement.id) == Lesson.id)
        .join(Mission, col(Mission.id) == Lesson.mission_id)
        .outerjoin(Project, col(Project.id) == Lesson.project_id)
        .where(col(Lesson.id).in_(ids))
    )
    rows = {row[0].id: row for row in session.exec(query)} if ids else {}
    projects = {row[3].id: row[3] for row in rows.values() if row[3] is not None}
    titles = project_titles.readable(session, projects.values()) if projects else {}
    homes, uses = Homes.of(session, [row[0] for row in rows.values()]), used(session, list(rows))
    found = []
    for lesson, said, mission, project in (rows[key] for key in ids if key in rows):
        title = titles[project.id] if project is not None else mission.title
        milestone = homes.milestones.get(lesson.milestone_id, "") if lesson.milestone_id else ""
        review = homes.reviews.get(lesson.review_id) if lesson.review_id else None
        found.append(
            Shown(
                lesson.id, said.text, lesson.language, lesson.created_at, mission, project, title, milestone, review,
                uses.get(lesson.id, 0),
            )
        )  # fmt: skip
    return found


def used(session: Session, ids: Collection[UUID]) -> dict[UUID, int]:
    """How many drafts use each; which ones they are is told to nobody."""
    query = select(LessonUse.lesson_id, func.count()).where(col(LessonUse.lesson_id).in_(ids))
    return dict(session.exec(query.group_by(col(LessonUse.lesson_id))).all()) if ids else {}


def under(session: Session, *, mission: UUID | None = None, project: UUID | None = None) -> list[Shown]:
    """Every lesson of a mission with its projects, or of one project, the newest first; a mission holds not many."""
    home = col(Lesson.project_id) == project if project else col(Lesson.mission_id) == mission
    query = select(Lesson.id).where(home, *readable())
    return shown(session, list(session.exec(query.order_by(col(Lesson.created_at).desc(), col(Lesson.id)))))
