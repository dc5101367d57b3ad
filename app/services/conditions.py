"""Conditions on public money: proposed by one side, agreed by both, changed only by both."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.errors import Conflict, NotAcceptable
from app.models.call import Call
from app.models.columns import now
from app.models.condition import (
    Condition,
    ConditionVersion,
    ConditionYes,
    conditions_of,
    templates_of,
    versions_of,
    yes_to,
)
from app.models.mission import Mission
from app.models.project import Project
from app.rules.conditions import Measure, months_later
from app.rules.replay_kinds import Noun
from app.rules.words import N_, ConditionKind, ConditionState, ProjectState, Side, SubjectKind
from app.services import conditions_read, conditions_told, events
from app.services.conditions_told import OTHER

AT_MOST, VERSIONS_AT_MOST = 30, 40
S = ConditionState


class MissionNotAdopted(Conflict):
    sentence: ClassVar[str] = N_("Conditions are agreed on projects of a mission that was adopted.")


class ProjectOver(Conflict):
    sentence: ClassVar[str] = N_("This project has ended: no condition is added to it.")


class NobodyLeads(Conflict):
    sentence: ClassVar[str] = N_(
        "Name the organisation that leads the project first: a condition has two sides."
    )


class TooManyConditions(NotAcceptable):
    sentence: ClassVar[str] = N_("There are %(most)s of these already, and no more are taken.")


class DayGone(NotAcceptable):
    sentence: ClassVar[str] = N_("The day of the first check has to lie ahead.")


class NewerVersion(Conflict):
    sentence: ClassVar[str] = N_("There is a newer version of this condition. Read it before you say yes.")


class OtherSideHasToAgree(Conflict):
    sentence: ClassVar[str] = N_(
        "Your side has said yes to this version. It binds when the other side says yes too."
    )


class OnePersonOneSide(Conflict):
    sentence: ClassVar[str] = N_(
        "You have said yes for the other side: somebody else has to speak for this one."
    )


class NoMoreWords(Conflict):
    sentence: ClassVar[str] = N_("This condition was waived by a vote, or taken back: it is changed no more.")


class VoteNeeded(Conflict):
    sentence: ClassVar[str] = N_(
        "Evidence is overdue. Only a vote of the committee waives the condition or accepts a remedy; new words do not."
    )


class NotAllAgreed(Conflict):
    sentence: ClassVar[str] = N_("Both sides have to agree every condition of the project first.")


@dataclass(frozen=True)
class ConditionText:
    """A condition as typed: its clause, what it is called with a number in it, its test, and its first check."""

    clause: str
    parameter: str
    measure: Measure
    due: date


def propose(
    session: Session, project: Project, kind: ConditionKind, text: ConditionText, side: Side, by: UUID,
    origin: str = "",
) -> Condition:  # fmt: skip
    """A new condition, to which the side that proposes it says yes."""
    hold_project(session, project)
    if len(conditions_of(session, project.id)) >= AT_MOST:
        raise TooManyConditions(most=AT_MOST)
    if text.due <= conditions_read.today_for(session, project.mission_id):
        raise DayGone()
    condition = Condition(project_id=project.id, kind=kind, due=text.due)
    session.add(condition)
    session.flush()
    text_hash = add_version(session, condition, 1, text, side, by)
    events.record(
        session, "condition_proposed", SubjectKind.CONDITION, condition.id, by=by, project=project.id,
        mission=project.mission_id, version=1, side=side, text_hash=text_hash,
    )  # fmt: skip
    conditions_told.tell(session, condition, "condition_proposed", (OTHER[side],), by, origin)
    return condition


def hold_project(session: Session, project: Project, *, needs_lead: bool = True) -> None:
    session.refresh(project, with_for_update=True)
    if session.get_one(Mission, project.mission_id).adopted_at is None:
        raise MissionNotAdopted()
    if project.state in (ProjectState.COMPLETED, ProjectState.STOPPED_TO_LEARN):
        raise ProjectOver()
    if needs_lead and project.lead_organisation_id is None:
        raise NobodyLeads()


def add_version(
    session: Session, condition: Condition, number: int, text: ConditionText, side: Side, by: UUID
) -> str:
    version = ConditionVersion(
        condition_id=condition.id, number=number, clause=text.clause, parameter=text.parameter,
        test=text.measure.as_facts(), due=text.due, by_id=by,
    )  # fmt: skip
    session.add(version)
    session.flush()
    say_yes(session, version, side, by)
    return events.keep_text(session, SubjectKind.CONDITION, condition.id, number, text.clause, by)


def say_yes(session: Session, version: ConditionVersion, side: Side, by: UUID) -> None:
    try:
        with session.begin_nested():
            session.add(ConditionYes(version_id=version.id, side=side, by_id=by))
            session.flush()
    except IntegrityError as problem:
        raise OnePersonOneSide() from problem


def counter(
    session: Session, condition: Condition, text: ConditionText, side: Side, number: int, by: UUID,
    origin: str = "",
) -> ConditionVersion:  # fmt: skip
    """Propose other words. What was agreed binds until both sides said yes to them; `number` is the last one read."""
    latest = hold(session, condition, number)
    require_open(session, condition)
    if number >= VERSIONS_AT_MOST:
        raise TooManyConditions(most=VERSIONS_AT_MOST)
    if text.due <= today_of(session, condition):
        raise DayGone()
    text_hash = add_version(session, condition, latest.number + 1, text, side, by)
    if condition.state is S.PROPOSED:
        condition.version, condition.due = latest.number + 1, text.due
    events.record(
        session, "condition_countered", SubjectKind.CONDITION, condition.id, by=by, project=condition.project_id,
        version=latest.number + 1, side=side, text_hash=text_hash,
    )  # fmt: skip
    session.flush()
    conditions_told.tell(session, condition, "condition_proposed", (OTHER[side],), by, origin)
    return latest_of(session, condition)


def hold(session: Session, condition: Condition, number: int) -> ConditionVersion:
    """The latest version, with the condition locked; refused where somebody has proposed a newer one since."""
    session.refresh(condition, with_for_update=True)
    latest = latest_of(session, condition)
    if latest.number != number:
        raise NewerVersion()
    return latest


def latest_of(session: Session, condition: Condition) -> ConditionVersion:
    return versions_of(session, [condition.id])[-1]


def require_open(session: Session, condition: Condition) -> None:
    """What is waived or taken back has no more words, and what is overdue is not mended by words."""
    if condition.state is S.WAIVED or condition.dropped_at is not None:
        raise NoMoreWords()
    project = session.get_one(Project, condition.project_id)
    if conditions_read.of_project(session, project, [condition])[0].state is S.BREACHED:
        raise VoteNeeded()


def today_of(session: Session, condition: Condition) -> date:
    project = session.get_one(Project, condition.project_id)
    return conditions_read.today_for(session, project.mission_id)


def agree(
    session: Session, condition: Condition, side: Side, number: int, by: UUID, origin: str = ""
) -> bool:
    """Say yes to the latest version for one side; answers whether it binds now, which takes both."""
    latest = hold(session, condition, number)
    require_open(session, condition)
    given = {each.side for each in yes_to(session, [latest.id])}
    if side in given:
        raise OtherSideHasToAgree()
    say_yes(session, latest, side, by)
    binds = given | {side} == set(Side)
    if binds:
        condition.version, condition.due, condition.agreed_at = latest.number, latest.due, now()
        condition.state = S.AGREED if condition.state is S.PROPOSED else condition.state
        session.flush()
    events.record(
        session, "condition_agreed", SubjectKind.CONDITION, condition.id, by=by, project=condition.project_id,
        version=number, side=side, state=condition.state,
    )  # fmt: skip
    if binds:
        conditions_told.tell(session, condition, "condition_agreed", tuple(Side), by, origin)
    return binds


def drop(session: Session, condition: Condition, side: Side, by: UUID) -> None:
    """Take back what one's own side proposed first, while it was never agreed; its words stay readable."""
    session.refresh(condition, with_for_update=True)
    first = versions_of(session, [condition.id])[0]
    proposer = min(yes_to(session, [first.id]), key=lambda each: each.created_at)
    if condition.state is not S.PROPOSED or condition.dropped_at is not None:
        raise NoMoreWords()
    if proposer.side is not side:
        raise OnlyItsOwn()
    condition.dropped_at = now()
    events.record(
        session, "condition_dropped", SubjectKind.CONDITION, condition.id, by=by, project=condition.project_id
    )


class OnlyItsOwn(Conflict):
    sentence: ClassVar[str] = N_(
        "Only the side that proposed a condition takes it back. Propose another version."
    )


def copy_from_call(
    session: Session, call: Call, project: Project, by: UUID
) -> dict[Noun, dict[str, list[UUID]]]:
    """Begin a contract with the conditions that its call told everyone: who pays has said yes to each of them.

    Answers what the event of the act that contracts has to tell in `states`.
    """
    made = []
    templates = templates_of(session, call.id)
    words = {each.condition_id: each for each in versions_of(session, [each.id for each in templates])}
    for template in templates:
        version = words[template.id]
        condition = Condition(project_id=project.id, kind=template.kind, due=version.due)
        session.add(condition)
        session.flush()
        text = ConditionText(
            version.clause, version.parameter, Measure.of(version.test),
            version.due or project.ends or months_later(today_in(call), 12),
        )  # fmt: skip
        condition.due = text.due
        add_version(session, condition, 1, text, Side.FUNDER, by)
        made.append(condition.id)
    return {Noun.CONDITION: {S.PROPOSED: made}} if made else {}


def today_in(call: Call) -> date:
    return now().astimezone(ZoneInfo(call.timezone)).date()


def require_all_agreed(session: Session, project: Project) -> None:
    """A project is contracted when both sides agreed every condition that was not taken back."""
    standing = [each for each in conditions_of(session, project.id) if each.dropped_at is None]
    if any(each.state is S.PROPOSED for each in standing):
        raise NotAllAgreed()
