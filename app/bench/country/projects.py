"""Projects in every state, with money, agreed conditions, links, roles and what the public paid before."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from app.bench.country import phrasing
from app.bench.country.world import Aim, Route, World, share
from app.models import capability, condition, link, money, project, public_input
from app.rules.conditions import USUAL, Measure
from app.rules.words import (
    Capability,
    Certainty,
    Compare,
    ConditionKind,
    Instrument,
    LinkKind,
    LinkStatus,
    MoneyKind,
    ProjectState,
    ProjectVerdict,
    Side,
    StakeholderGroup,
    SubjectKind,
)

P = ProjectState
CYCLE = (P.RUNNING, P.RUNNING, P.CONTRACTED, P.RUNNING, P.COMPLETED, P.RUNNING, P.PROPOSED, P.STOPPED_TO_LEARN,
         P.RUNNING, P.PAUSED)  # fmt: skip
OVER = (P.COMPLETED, P.STOPPED_TO_LEARN)
CURRENCY = "EUR"
BIND = text(
    "UPDATE condition SET state = 'agreed', due = v.due, agreed_at = v.created_at FROM condition_version v "
    "WHERE v.condition_id = condition.id AND condition.project_id = ANY(:projects)"
)


def seed(world: World) -> None:
    many = len(world.aims)
    world.pour(
        project.Project,
        [
            project_row(world, aim, number, place)
            for number, aim in enumerate(world.aims)
            for place in range(share(world.sizes.projects, many, number))
        ],
    )
    world.pour(money.Money, (row for aim in world.aims for row in money_rows(world, aim)))
    world.pour(link.Link, (row for aim in world.aims for row in link_rows(world, aim)))
    world.pour(link.Link, spill_rows(world))
    seed_conditions(world)
    world.pour(capability.DeliveryRole, (row for aim in world.aims for row in role_rows(world, aim)))
    world.pour(public_input.PublicInput, (row for aim in world.aims for row in input_rows(world, aim)))
    world.pour(capability.CapabilityScore, score_rows(world))


def project_row(world: World, aim: Aim, number: int, place: int) -> dict[str, Any]:
    state = CYCLE[place % len(CYCLE)] if aim.is_under_way else P.PROPOSED
    group = tuple(StakeholderGroup)[place % 5]
    route = Route(
        world.key(), phrasing.project(number, place), state, (50 + place * 7 % 200) * 1_000_00,
        world.pick(world.organisations[group]),
    )  # fmt: skip
    aim.routes.append(route)
    at, begun, over = aim.at + timedelta(days=5), state is not P.PROPOSED, state in OVER
    starts = (aim.at + timedelta(days=150)).date()
    tell(world, aim, route, at)
    return {
        "id": route.key, "mission_id": aim.key, "title": route.title, "route": f"Way {place % 9 + 1}",
        "summary": "What is done, where, and with whom; a page of it stands in the application.",
        "hypothesis": "If neighbours look after it themselves, it costs half as much.",
        "instrument": list(Instrument)[place % len(Instrument)], "readiness": 1 + (number + place) % 9,
        "lead_organisation_id": route.lead, "funder_organisation_id": aim.asked.body.agency, "starts": starts,
        "ends": starts + timedelta(days=900), "state": state,
        "verdict": list(ProjectVerdict)[place % 3] if over else None,
        "outcome_reason": "Two winters showed it." if over else "",
        "contracted_at": aim.at + timedelta(days=140) if begun else None,
        "ended_at": aim.at + timedelta(days=400) if over else None, "created_at": at,
        "contract_minimum": Decimal(route.cents // 4) / 100 if begun else None,
    }  # fmt: skip


def tell(world: World, aim: Aim, route: Route, at: Any) -> None:
    world.say(
        at, "mission_edited", SubjectKind.MISSION, aim.key, state="candidate",
        states={"project": {"proposed": [str(route.key)]}},
    )  # fmt: skip
    if route.state is not P.PROPOSED:
        world.say(
            aim.at + timedelta(days=140), "project_contracted", SubjectKind.PROJECT, route.key, mission=aim.key,
            states={"project": {route.state.value: [str(route.key)]}},
        )  # fmt: skip


def money_rows(world: World, aim: Aim) -> Iterator[dict[str, Any]]:
    """For each project what is committed over four years, some of it spent, and private money beside it."""
    first = aim.at.year
    for place, route in enumerate(aim.routes):
        part = Decimal(route.cents) / 400
        lines = [
            (MoneyKind.COMMITTED, StakeholderGroup.PUBLIC, first + year, part) for year in range(0, 8, 2)
        ]
        if route.state is P.PROPOSED:
            lines = [(MoneyKind.ANNOUNCED, StakeholderGroup.PUBLIC, first + 1, part * 4)]
        elif place % 3 == 0:
            lines.append((MoneyKind.SPENT, StakeholderGroup.PUBLIC, first, part))
            lines.append((MoneyKind.COMMITTED, StakeholderGroup.PRIVATE, first + 1, part))
        at = aim.at + timedelta(days=150)
        for kind, group, year, amount in lines:
            key = world.key()
            world.say(at, "money_added", SubjectKind.MISSION, aim.key, line=key, project=route.key)
            yield {
                "id": key, "mission_id": aim.key, "project_id": route.key, "kind": kind, "source": "Regional fund",
                "source_group": group, "year": year, "amount": round(amount, 2), "currency": CURRENCY,
                "certainty": Certainty.CERTAIN, "created_at": at,
            }  # fmt: skip


def link_rows(world: World, aim: Aim) -> Iterator[dict[str, Any]]:
    """A project depends on the one before it, complements one, competes with another."""
    for place, route in enumerate(aim.routes):
        kinds = ((LinkKind.DEPENDS_ON, 1, 3), (LinkKind.COMPLEMENTS, 2, 4), (LinkKind.COMPETES_WITH, 5, 5))
        for kind, step, every in kinds:
            if place >= step and place % every == 0:
                yield linked(world, aim, kind, route.key, aim.routes[place - step].key, SubjectKind.PROJECT)


def spill_rows(world: World) -> Iterator[dict[str, Any]]:
    for number, aim in enumerate(world.aims[:-1]):
        to = world.aims[number + 1]
        yield linked(world, aim, LinkKind.SPILLS_OVER_TO, aim.key, to.key, SubjectKind.MISSION)


def linked(world: World, aim: Aim, kind: LinkKind, start: Any, end: Any, of: SubjectKind) -> dict[str, Any]:
    key, at = world.key(), aim.at + timedelta(days=60)
    world.say(at, "link_added", SubjectKind.MISSION, aim.key, link=key, link_kind=kind.value)
    return {
        "id": key, "kind": kind, "from_kind": of, "from_id": start, "to_kind": of, "to_id": end,
        "assumption": "What one learns, the other uses within a year.", "status": LinkStatus.UNTESTED,
        "created_at": at,
    }  # fmt: skip


def seed_conditions(world: World) -> None:
    """One condition for every project under contract: proposed, agreed by both sides, then binding."""
    contracted = [(aim, route) for aim in world.aims for route in aim.routes if route.state is not P.PROPOSED]
    made = [condition_facts(world, aim, route, place) for place, (aim, route) in enumerate(contracted)]
    world.pour(condition.Condition, [each["condition"] for each in made])
    world.pour(condition.ConditionVersion, [each["version"] for each in made])
    world.pour(condition.ConditionYes, [yes for each in made for yes in each["yes"]])
    world.session.execute(BIND, {"projects": [route.key for _aim, route in contracted]})
    world.pour(condition.Evidence, [each["evidence"] for each in made if each["evidence"]])


def condition_facts(world: World, aim: Aim, route: Route, place: int) -> dict[str, Any]:
    kind = list(ConditionKind)[place % len(ConditionKind)]
    compare, what, unit = USUAL[kind]
    at, due = aim.at + timedelta(days=140), (aim.at + timedelta(days=200 + place % 700)).date()
    value = None if compare is Compare.YES else Decimal(40)
    test = Measure(compare, str(what), value, str(unit), 12, due + timedelta(days=1500)).as_facts()
    key, version = world.key(), world.key()
    payer, lead = (world.people[(place + step) % len(world.people)].key for step in (0, 1))
    facts: dict[str, Any] = {"project": route.key, "mission": aim.key, "version": 1}
    world.say(at, "condition_proposed", SubjectKind.CONDITION, key, side=Side.FUNDER.value, **facts)
    world.say(
        at, "condition_agreed", SubjectKind.CONDITION, key, side=Side.LEAD.value, state="agreed", **facts
    )
    yes = [{"version_id": version, "side": side, "by_id": who, "created_at": at}
           for side, who in ((Side.FUNDER, payer), (Side.LEAD, lead))]  # fmt: skip
    return {
        "condition": {"id": key, "project_id": route.key, "kind": kind, "created_at": at},
        "version": {
            "id": version, "condition_id": key, "number": 1, "clause": "Results, failures and costs are published.",
            "test": test, "due": due, "created_at": at,
        },
        "yes": yes,
        "evidence": {
            "id": world.key(), "condition_id": key, "due": due, "value": Decimal(50), "words": "Counted and published.",
            "by_id": lead, "created_at": at + timedelta(days=100),
        } if place % 2 else None,
    }  # fmt: skip


def role_rows(world: World, aim: Aim) -> Iterator[dict[str, Any]]:
    for place, route in enumerate(aim.routes[:10] if aim.is_under_way else ()):
        yield {
            "id": world.key(), "project_id": route.key, "title": "Engineer", "skill": "Storage",
            "is_in_house": place % 3 != 0, "holder": "The agency", "since": (aim.at + timedelta(days=150)).date(),
            "by_id": world.people[place].key,
        }  # fmt: skip


def input_rows(world: World, aim: Aim) -> Iterator[dict[str, Any]]:
    for place, route in enumerate(aim.routes[:5]):
        yield {
            "id": world.key(), "project_id": route.key, "what": "Trials in two villages", "payer": "The region",
            "year": aim.at.year - 2, "amount": Decimal(20_000 + place), "currency": CURRENCY,
            "evidence": "Budget of that year, page 12",
        }  # fmt: skip


def score_rows(world: World) -> Iterator[dict[str, Any]]:
    for agency in dict.fromkeys(body.agency for body in world.bodies):
        for year in range(world.now.year - 4, world.now.year + 1):
            for place, each in enumerate(Capability):
                yield {
                    "id": world.key(), "organisation_id": agency, "capability": each, "year": year,
                    "score": 1 + (year + place) % 5, "words": "As the yearly report shows.",
                    "document": "Report, page 3",
                    "by_id": world.people[0].key,
                }  # fmt: skip
