"""Motions of the demonstration: what its steward asks of the committee, for the mission or for a contract of it."""

from typing import Any
from uuid import UUID

from app.demo.seed_contracts import condition_on
from app.demo.seed_course import steward
from app.demo.story import Stage
from app.models.motion import waiting_motions
from app.rules.words import ConditionKind, MotionAct, SubjectKind
from app.services import conditions_motions, conditions_read, motions_make


def move(stage: Stage, told: dict[str, Any]) -> None:
    """Ask for what only a vote may do: to set what may fail, or to accept what makes a breach good."""
    asked, mission = told["motion"], stage.missions[told["mission"]]
    act = MotionAct(asked["act"])
    kind, subject, facts = SubjectKind.MISSION, mission.id, {"share": asked.get("share")}
    if act is MotionAct.ACCEPT_REMEDY:
        condition = condition_on(stage, asked["by"], ConditionKind(asked["kind"]))
        project = stage.projects[asked["by"]]
        (read,) = conditions_read.of_project(stage.session, project, [condition])
        kind, subject = SubjectKind.CONDITION, condition.id
        facts = conditions_motions.remedy_facts(read)
    motions_make.make(stage.session, mission, act, kind, subject, facts, asked["reason"], steward(stage))


def motion_of(stage: Stage, told: dict[str, Any]) -> UUID | None:
    """The motion that a question is about."""
    if "motion" not in told:
        return None
    waiting = waiting_motions(stage.session, [stage.missions[told["mission"]].id])
    (found,) = [each.id for each in waiting if each.act == told["motion"]["act"]]
    return found
