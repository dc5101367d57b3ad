"""The projects of the call: contracts agreed by both sides, first results, links, and one that is stopped."""

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from sqlmodel import select

from app.demo import content
from app.demo.seed_applications import OPEN_CALL
from app.demo.seed_course import mission_of, on, pay, steward
from app.demo.seed_panel import APART, agency, application
from app.demo.story import Act, Calendar, Stage
from app.models.condition import Condition, conditions_of, versions_of
from app.models.lesson import Lesson
from app.models.milestone import Milestone
from app.models.project import Project
from app.rules.conditions import Measure
from app.rules.words import ConditionKind, LinkKind, ProjectVerdict, Side, SubjectKind
from app.services import (
    awards_contract,
    conditions,
    conditions_evidence,
    contracts,
    lessons_near,
    links_show,
    milestones,
    missions_links,
    portfolio_facts,
    projects,
)
from app.services.conditions import ConditionText
from app.services.conditions_evidence import EvidenceText
from app.services.missions_links import LinkText
from app.services.portfolio_facts import ProjectFacts
from app.services.projects import End

SHOWN = 3  # days before its check, when a page with results is filed
LINKED = -200


def acts(calendar: Calendar) -> list[Act]:
    told = content.contracts()
    found = [
        Act(calendar.at(told[step]) + place * APART, partial(do, key=key))
        for step, do in (
            ("drawn_up", draw_up),
            ("agreed", agree),
            ("contracted", contract),
            ("started", start),
        )
        for place, key in enumerate(told["spent"])
    ]
    found += [Act(calendar.at(item["day"]), partial(counter, item=item)) for item in told["countered"]]
    found += [
        Act(calendar.at(item.get("day", LINKED)) + place * APART, partial(link, item=item))
        for place, item in enumerate(told["links"])
    ]
    return [*found, *showing(calendar, told), *ending(calendar, told)]


def showing(calendar: Calendar, told: dict[str, Any]) -> Iterator[Act]:
    """What was handed in, published and spent by the first day of checks."""
    day = calendar.at(told["checked"] - SHOWN)
    for place, (key, words) in enumerate(told["first"].items()):
        yield Act(day + place * APART, partial(reach, key=key, words=words))
    for place, (key, words) in enumerate(told["published"].items()):
        yield Act(day + place * APART, partial(publish, key=key, words=words))
    late = told["late"]
    yield Act(calendar.at(late["day"]), partial(publish, key=late["by"], words=late["words"]))
    for place, (key, amount) in enumerate(told["spent"].items()):
        released = {"kind": "released", "source": "Regional Agency for Sun and Desert", "group": "public",
                    "years_on": 0, "amount": amount, "certainty": "certain", "project": key}  # fmt: skip
        yield Act(calendar.at(told["started"] + 1) + place * APART, partial(pay, line=released))
        yield Act(day + place * APART, partial(pay, line={**released, "kind": "spent"}))


def ending(calendar: Calendar, told: dict[str, Any]) -> Iterator[Act]:
    yield Act(calendar.at(told["stopped"]["day"], 20), partial(stop, item=told["stopped"]))
    yield Act(calendar.at(told["used"]["day"]), partial(use_lesson, item=told["used"]))


def draw_up(stage: Stage, key: str) -> None:
    about = application(stage, key)
    stage.projects[key] = awards_contract.draw_up(stage.session, about, None, agency(stage))


def counter(stage: Stage, item: dict[str, Any]) -> None:
    """Who leads proposes other words for one condition; who pays says yes to them."""
    condition = condition_on(stage, item["by"], ConditionKind(item["kind"]))
    (version,) = versions_of(stage.session, [condition.id])
    text = ConditionText(
        item["clause"], item["parameter"], Measure.of(version.test), version.due or on(stage, 0)
    )
    made = conditions.counter(
        stage.session, condition, text, Side.LEAD, version.number, stage.person(item["by"])
    )
    conditions.agree(stage.session, condition, Side.FUNDER, made.number, steward(stage))


def condition_on(stage: Stage, key: str, kind: ConditionKind) -> Condition:
    found = conditions_of(stage.session, stage.projects[key].id)
    return next(each for each in found if each.kind is kind)


def agree(stage: Stage, key: str) -> None:
    for each in conditions_of(stage.session, stage.projects[key].id):
        if each.agreed_at is None:
            conditions.agree(stage.session, each, Side.LEAD, each.version, stage.person(key))


def contract(stage: Stage, key: str) -> None:
    project = stage.projects[key]
    assert project.starts is not None
    assert project.ends is not None
    contracts.contract(stage.session, project, project.starts, project.ends, agency(stage))


def start(stage: Stage, key: str) -> None:
    """Who leads begins, and the steward says where in the portfolio it stands."""
    project, told = stage.projects[key], content.contracts()["fields"][key]
    projects.start(stage.session, project, stage.person(key))
    facts = ProjectFacts(
        project.instrument,
        project.funder_organisation_id,
        None,
        tuple(told["sectors"]),
        tuple(told["disciplines"]),
    )
    portfolio_facts.write(stage.session, project, facts, project.version, steward(stage))


def reach(stage: Stage, key: str, words: str) -> None:
    """Who pays has seen what the first stage asked for."""
    due = on(stage, content.contracts()["checked"])
    query = select(Milestone).where(Milestone.project_id == stage.projects[key].id, Milestone.due == due)
    day = on(stage, content.contracts()["checked"] - SHOWN)
    milestones.say_reached(stage.session, stage.session.exec(query).one(), day, words, steward(stage))


def publish(stage: Stage, key: str, words: str) -> None:
    condition = condition_on(stage, key, ConditionKind.KNOWLEDGE)
    due = condition.due
    assert due is not None
    conditions_evidence.file(stage.session, condition, EvidenceText(due, words), stage.person(key))


def link(stage: Stage, item: dict[str, Any]) -> None:
    near = (SubjectKind.PROJECT, stage.projects[item["near"]].id)
    far = (
        (SubjectKind.MISSION, stage.missions[item["mission"]].id)
        if "mission" in item
        else (SubjectKind.PROJECT, stage.projects[item["far"]].id)
    )
    size = Decimal(item["size"]) if "size" in item else None
    typed = LinkText(item["assumption"], size=size, unit=item.get("unit", ""))
    kind = LinkKind(item["kind"])
    missions_links.add(stage.session, mission_of(stage), kind, near, far, typed, steward(stage))


def stop(stage: Stage, item: dict[str, Any]) -> None:
    """Stopped to learn, by who leads it, having read what depends on it."""
    project = stage.projects[item["by"]]
    end = End(ProjectVerdict.REFUTED, item["reason"], item["lesson"])
    projects.stop(stage.session, project, end, stage.person(item["by"]), seen=depending(stage, project))


def depending(stage: Stage, project: Project) -> frozenset[UUID]:
    return frozenset(each.end.id for each in links_show.what_depends_on(stage.session, project))


def use_lesson(stage: Stage, item: dict[str, Any]) -> None:
    draft = stage.applications[(OPEN_CALL, item["by"])]
    stopped = stage.projects[content.contracts()["stopped"]["by"]]
    lesson = stage.session.exec(select(Lesson).where(Lesson.project_id == stopped.id)).one()
    lessons_near.use(stage.session, draft, lesson.id, stage.person(item["by"]))
