"""The rows that the five criteria are counted from, declared or live; nothing is stored."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import and_, func, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.models.columns import now
from app.models.mission import Mission, indicators_of
from app.models.money import readings_of
from app.models.organisation import Organisation, names_of
from app.models.project import Project, projects_of
from app.models.submission import Submission
from app.models.term import Tag, Term
from app.rules import criteria, portfolio, solutions
from app.rules.criteria import Facts, Route
from app.rules.figures import Figure
from app.rules.portfolio import Flip
from app.rules.solutions import Hint
from app.rules.words import Criterion, StakeholderGroup, SubjectKind
from app.services import lineage_rows, missions, missions_support, portfolio_members, reviews_check, terms


@dataclass(frozen=True)
class Counted:
    """What a machine can count about a mission, beside what people say of it."""

    figures: dict[Criterion, list[Figure]]
    hints: list[Hint]


def counted(session: Session, mission: Mission) -> Counted:
    """Every figure with its arithmetic, and the words that may name a solution; those taken back are not read."""
    words = reviews_check.words_of(session, mission)
    return Counted(figures_of(session, mission), solutions.hints(words.readable))


def figures_of(session: Session, mission: Mission) -> dict[Criterion, list[Figure]]:
    return figures_and_turns(session, mission)[0]


def turned(session: Session, mission: Mission) -> list[Flip]:
    """The figures of a mission under way that look otherwise than what was declared: a reason to review, no error."""
    return figures_and_turns(session, mission)[1]


def figures_and_turns(session: Session, mission: Mission) -> tuple[dict[Criterion, list[Figure]], list[Flip]]:
    """A candidate is counted from what is declared, a mission from its launch on from its portfolio."""
    facts, today = facts_of(session, mission), now().date()
    declared = criteria.figures(facts, today)
    if mission.state not in portfolio.LIVE:
        return declared, []
    live = portfolio.figures(facts, portfolio_members.members(session, mission), today)
    return live, portfolio.flips(declared, live)


def facts_of(session: Session, mission: Mission) -> Facts:
    measured = indicators_of(session, mission.id)
    readings = readings_of(session, measured[0].id) if measured else []
    return Facts(
        indicators=[missions.indicator_facts(each) for each in measured],
        readings=[(each.at, Decimal(each.value)) for each in readings],
        voices=voices_by_group(session, mission),
        groups=missions_support.supporters(session, mission),
        sectors=topics(session, mission, terms.SECTOR),
        disciplines=sorted(topics(session, mission, terms.DISCIPLINE)),
        routes=routes(session, projects_of(session, mission.id)),
        has_open_call=missions.asks_for_routes(session, mission.id),
    )


def voices_by_group(session: Session, mission: Mission) -> dict[StakeholderGroup, int]:
    """How many voices behind it come from each group: as their author says, or the organisation they speak for."""
    group = func.coalesce(col(Submission.group), col(Organisation.group))
    query = (
        select_columns(group, func.count())
        .select_from(Submission)
        .outerjoin(Organisation, col(Organisation.id) == Submission.organisation_id)
        .where(missions_support.behind_it(session, mission), group.is_not(None))
        .group_by(group)
    )
    return {StakeholderGroup(name): int(many) for name, many in session.connection().execute(query)}


def topics(session: Session, mission: Mission, scheme: str) -> dict[str, int]:
    """How often each term of the first level of a scheme is named: on the mission, its group, and its voices."""
    cluster = lineage_rows.cluster_of(session, mission)
    voices = select(Submission.id).where(missions_support.behind_it(session, mission))
    here = [(SubjectKind.MISSION, col(Tag.subject_id) == mission.id)]
    here.append((SubjectKind.SUBMISSION, col(Tag.subject_id).in_(voices)))
    if cluster is not None:
        here.append((SubjectKind.CLUSTER, col(Tag.subject_id) == cluster.key))
    query = (
        select(Term.code, func.count())
        .join(Tag, col(Tag.term_id) == Term.id)
        .where(
            Term.scheme == scheme, or_(*(and_(col(Tag.subject_kind) == kind, which) for kind, which in here))
        )
        .group_by(col(Term.code))
    )
    found: Counter[str] = Counter()
    for code, many in session.exec(query):
        found[terms.label(code.partition(".")[0], scheme)] += many
    return dict(found)


def routes(session: Session, projects: list[Project]) -> list[Route]:
    leads = {each.lead_organisation_id for each in projects if each.lead_organisation_id}
    names = names_of(session, leads) if leads else {}
    return [
        Route(
            names.get(each.lead_organisation_id, "") if each.lead_organisation_id else "",
            each.route or each.title,
            each.readiness,
        )
        for each in projects
    ]
