"""What a steward says of a project so that its portfolio can count it: instrument, funder, sectors, minimum."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, col, delete, select

from app.errors import Conflict
from app.models.mission import Mission
from app.models.organisation import Organisation
from app.models.project import Project
from app.models.term import Tag, Term
from app.rules import portfolio
from app.rules.words import N_, Instrument, SubjectKind
from app.services import events, missions_routes, terms


class ProjectChanged(Conflict):
    sentence: ClassVar[str] = N_(
        "Somebody changed this project since you opened the page. What you typed stands here: look at what they wrote, "
        "and send yours again if it shall take its place."
    )


class NoContractYet(Conflict):
    sentence: ClassVar[str] = N_(
        "A contract promises money only once there is one: this project has none yet."
    )


@dataclass(frozen=True)
class ProjectFacts:
    """As typed; `sectors` and `disciplines` are codes of the first level of their scheme."""

    instrument: Instrument | None
    funder_organisation_id: UUID | None
    contract_minimum: Decimal | None
    sectors: tuple[str, ...] = ()
    disciplines: tuple[str, ...] = ()


def find(session: Session, mission: Mission, key: UUID) -> Project:
    return missions_routes.find(session, mission, key)


def tagged(session: Session, project: Project, scheme: str) -> list[str]:
    """The codes of a scheme that stand on a project."""
    query = (
        select(Term.code)
        .join(Tag, col(Tag.term_id) == Term.id)
        .where(Tag.subject_kind == SubjectKind.PROJECT, Tag.subject_id == project.id, Term.scheme == scheme)
    )
    return sorted(session.exec(query))


def write(session: Session, project: Project, typed: ProjectFacts, version: int, by: UUID) -> None:
    """Keep what was typed, unless somebody else wrote since; `version` is the one that the page showed."""
    session.refresh(project, with_for_update=True)
    if project.version != version:
        raise ProjectChanged()
    if typed.contract_minimum and project.state not in portfolio.UNDER_CONTRACT | portfolio.OVER:
        raise NoContractYet()
    funder = typed.funder_organisation_id
    project.funder_organisation_id = funder if funder and session.get(Organisation, funder) else None
    project.instrument, project.contract_minimum = typed.instrument, typed.contract_minimum
    project.version += 1
    tag(session, project, terms.SECTOR, typed.sectors)
    tag(session, project, terms.DISCIPLINE, typed.disciplines)
    session.flush()
    events.record(
        session, "project_described", SubjectKind.PROJECT, project.id, by=by, mission=project.mission_id,
        version=project.version,
    )  # fmt: skip


def tag(session: Session, project: Project, scheme: str, codes: tuple[str, ...]) -> None:
    """Let a project stand under these terms of a scheme, and under no others of it."""
    known = select(Term).where(Term.scheme == scheme)
    wanted = {each.code: each.id for each in session.exec(known)}
    session.exec(
        delete(Tag).where(
            col(Tag.subject_kind) == SubjectKind.PROJECT, col(Tag.subject_id) == project.id,
            col(Tag.term_id).in_(list(wanted.values())),
        )
    )  # fmt: skip
    session.add_all(
        Tag(term_id=wanted[code], subject_kind=SubjectKind.PROJECT, subject_id=project.id)
        for code in sorted(set(codes) & set(wanted))
    )
