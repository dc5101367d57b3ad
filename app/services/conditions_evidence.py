"""Evidence for conditions: filed by who leads the project, set aside by who pays, each once and for good."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.errors import Conflict, NotAcceptable, NotFound
from app.models.columns import now
from app.models.condition import Condition, Evidence, EvidenceDoubt, evidence_on
from app.models.project import Project
from app.rules.conditions import DOUBTED_WITHIN
from app.rules.words import N_, Compare, Side, SubjectKind
from app.services import conditions_read, conditions_told, events

AT_MOST = 20  # for one check


class NoSuchCheck(NotAcceptable):
    sentence: ClassVar[str] = N_("Evidence is for one of the days on which this condition is checked.")


class NumberNeeded(NotAcceptable):
    sentence: ClassVar[str] = N_("Say what was measured, as a number: this condition compares it.")


class TooMuchEvidence(NotAcceptable):
    sentence: ClassVar[str] = N_("There are %(most)s pieces of evidence for this day already.")


class SetAsideAlready(Conflict):
    sentence: ClassVar[str] = N_("This evidence was set aside already.")


class TooLateToDoubt(Conflict):
    sentence: ClassVar[str] = N_("Evidence can be set aside within 30 days after it was filed.")


@dataclass(frozen=True)
class EvidenceText:
    """Evidence as typed: for which check, what was measured, and where one can see it."""

    due: date
    words: str
    value: Decimal | None = None
    link: str = ""


def file(session: Session, condition: Condition, typed: EvidenceText, by: UUID, origin: str = "") -> Evidence:
    """Show that a check is met. After its day it is kept as late: it mends nothing until a vote accepts it."""
    session.refresh(condition, with_for_update=True)
    project = session.get_one(Project, condition.project_id)
    (read,) = conditions_read.of_project(session, project, [condition])
    if typed.due not in [each.due for each in read.checks if each.is_open or read.proofs_for(each.due)]:
        raise NoSuchCheck()
    if read.measure.compare is not Compare.YES and typed.value is None:
        raise NumberNeeded()
    if len([each for each in evidence_on(session, [condition.id]) if each.due == typed.due]) >= AT_MOST:
        raise TooMuchEvidence(most=AT_MOST)
    evidence = Evidence(condition_id=condition.id, by_id=by, **vars(typed))
    session.add(evidence)
    session.flush()
    text_hash = events.keep_text(session, SubjectKind.CONDITION, evidence.id, 1, typed.words, by)
    events.record(
        session, "evidence_filed", SubjectKind.CONDITION, condition.id, by=by, evidence=evidence.id,
        project=project.id, due=typed.due.isoformat(), text_hash=text_hash,
    )  # fmt: skip
    conditions_told.tell(session, condition, "evidence_filed", (Side.FUNDER,), by, origin)
    return evidence


def set_aside(
    session: Session, condition: Condition, evidence_id: UUID, reason: str, by: UUID, origin: str = ""
) -> None:
    """Say why evidence does not show what it should: its check then stands as if it had none."""
    session.refresh(condition, with_for_update=True)
    evidence = session.get(Evidence, evidence_id)
    if evidence is None or evidence.condition_id != condition.id:
        raise NotFound()
    if now() - evidence.created_at > DOUBTED_WITHIN:
        raise TooLateToDoubt()
    try:
        with session.begin_nested():
            session.add(EvidenceDoubt(evidence_id=evidence.id, reason=reason, by_id=by))
            session.flush()
    except IntegrityError as problem:
        raise SetAsideAlready() from problem
    events.record(
        session, "evidence_set_aside", SubjectKind.CONDITION, condition.id, by=by, evidence=evidence.id,
        project=condition.project_id, due=evidence.due.isoformat(),
    )  # fmt: skip
    conditions_told.tell(session, condition, "evidence_set_aside", (Side.LEAD,), by, origin)
