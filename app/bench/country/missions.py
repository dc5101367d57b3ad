"""Missions in every state, drafted from groups, with their text, sources, indicators, readings and milestones."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import select

from app.bench.country import phrasing
from app.bench.country.world import MISSIONS_A_CALL, Aim, World, share
from app.models import link, milestone, mission, money
from app.models.term import Tag, Term
from app.rules.words import (
    Direction,
    IndicatorLens,
    LinkKind,
    MissionState,
    Origin,
    SubjectKind,
)

M = MissionState
CYCLE = (
    M.ACTIVE, M.ACTIVE, M.ACTIVE, M.ADOPTED, M.ACTIVE, M.CANDIDATE, M.PAUSED, M.ACTIVE, M.ON_BALLOT, M.ACHIEVED,
    M.ACTIVE, M.FRAMED, M.ENDED_NOT_MET, M.ACTIVE, M.REJECTED, M.IN_REVIEW, M.ADOPTED, M.RETURNED, M.WITHDRAWN,
    M.CANDIDATE,
)  # fmt: skip
ENDED = {M.REJECTED, M.WITHDRAWN, M.RETURNED, M.ENDED_NOT_MET}
BEFORE_VOTE = {M.CANDIDATE, M.FRAMED, M.IN_REVIEW, M.ON_BALLOT, M.WITHDRAWN}
SOURCES = 2  # voices behind each clause
OWN, OF_PROJECTS = 3, 17  # indicators of a mission
MILESTONES = 6
FORECASTS = 2
REASON = "Told by a program that fills a database to measure with."


def seed(world: World) -> None:
    rows = [mission_row(world, number) for number in range(world.sizes.missions)]
    world.pour(mission.Mission, rows)
    clauses = [row for aim in world.aims for row in clause_rows(world, aim)]
    world.pour(mission.Clause, clauses)
    world.pour(link.Link, source_rows(world, clauses))
    world.pour(Tag, tag_rows(world))


def mission_row(world: World, number: int) -> dict[str, Any]:
    """The second mission of a group would be a copy: each has a group of its own, one call after another."""
    asked = world.asked[number // MISSIONS_A_CALL]
    state = CYCLE[number % len(CYCLE)]
    cluster, identity = asked.groups[number % MISSIONS_A_CALL]
    drafted = asked.closes + timedelta(days=3) + world.days(20)
    aim = Aim(world.key(), phrasing.mission(number), state, asked, drafted)
    world.aims.append(aim)
    by = asked.body.steward
    world.say(
        drafted, "mission_drafted", SubjectKind.MISSION, aim.key, call=asked.key, cluster=cluster,
        cluster_state="promoted", cluster_key=identity, states={},
    )  # fmt: skip
    adopted = None if state in BEFORE_VOTE | {M.REJECTED, M.RETURNED} else drafted + timedelta(days=90)
    launched = drafted + timedelta(days=120) if aim.is_under_way else None
    tell_state(world, aim)
    return {
        "id": aim.key, "call_id": asked.key, "cluster_id": cluster, "cluster_key": identity,
        "organisation_id": asked.body.agency, "title": aim.title, "affected": "Everyone who lives there",
        "owner_organisation_id": asked.body.agency, "owner_seat_id": by, "state": state,
        "outcome_reason": REASON if state in ENDED else "", "risk_share": 30, "created_at": drafted,
        "adopted_at": adopted, "launched_at": launched, "version": 3,
    }  # fmt: skip


def tell_state(world: World, aim: Aim) -> None:
    """What the log says of it before any vote; votes tell the rest."""
    if aim.state is M.WITHDRAWN:
        world.say(aim.at + timedelta(days=30), "mission_withdrawn", SubjectKind.MISSION, aim.key)
    elif aim.state is not M.CANDIDATE:
        world.say(aim.at + timedelta(days=25), "mission_framed", SubjectKind.MISSION, aim.key, version=3)


def clause_rows(world: World, aim: Aim) -> Iterator[dict[str, Any]]:
    for position, section in enumerate(phrasing.SECTIONS, 1):
        yield {
            "id": world.key(), "mission_id": aim.key, "position": position, "section": section,
            "text": f"{aim.title}: by {world.now.year + 6} this shall be so, and everyone can see it. ({position})",
            "origin": Origin.CLUSTER,
        }  # fmt: skip


def source_rows(world: World, clauses: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each clause derives from voices of its mission's group: those whose number leaves the same rest."""
    voices = {aim.key: aim.asked.voices for aim in world.aims}
    for row in clauses:
        among = voices[row["mission_id"]]
        if not among:
            continue
        start = int(world.random.random() * len(among))
        for step in range(min(SOURCES, len(among))):
            yield {
                "id": world.key(), "kind": LinkKind.DERIVES_FROM, "from_kind": SubjectKind.CLAUSE, "from_id": row["id"],
                "to_kind": SubjectKind.SUBMISSION, "to_id": among[(start + step) % len(among)][0],
            }  # fmt: skip


def tag_rows(world: World) -> Iterator[dict[str, Any]]:
    """A goal and three sectors for each mission."""
    terms: dict[str, list[Any]] = {}
    for term in world.session.exec(select(Term).where(Term.parent_id == None)):  # noqa: E711
        terms.setdefault(term.scheme, []).append(term.id)
    for number, aim in enumerate(world.aims):
        for among in terms.values():
            for step in range(min(3, len(among))):
                subject = {"subject_kind": SubjectKind.MISSION, "subject_id": aim.key}
                yield {"term_id": among[(number + step * 5) % len(among)], **subject}


def seed_measures(world: World) -> None:
    """Indicators, readings and milestones; the projects are there already."""
    indicators = [row for aim in world.aims for row in indicator_rows(world, aim)]
    world.pour(mission.Indicator, indicators)
    states = {aim.key: aim.state for aim in world.aims}
    world.pour(
        money.Reading,
        (
            row
            for place, each in enumerate(indicators)
            for row in reading_rows(
                world, each, states[each["mission_id"]], share(world.sizes.readings, len(indicators), place)
            )
        ),
    )
    own: dict[Any, list[dict[str, Any]]] = {}
    for each in indicators:
        own.setdefault(each["mission_id"], []).append(each)
    world.pour(
        milestone.Milestone, (row for aim in world.aims for row in milestone_rows(world, aim, own[aim.key]))
    )


def indicator_rows(world: World, aim: Aim) -> Iterator[dict[str, Any]]:
    for place in range(OWN + min(OF_PROJECTS, len(aim.routes))):
        route = aim.routes[place - OWN] if place >= OWN else None
        key, rises = world.key(), place % 3 != 1
        if route:
            route.indicator = key
        unit = phrasing.UNITS[place % len(phrasing.UNITS)]
        name = f"{unit.capitalize()} reached{f' by {route.title}' if route else ''} ({place + 1})"
        world.say(
            aim.at + timedelta(days=10), "indicator_added", SubjectKind.MISSION, aim.key, indicator=key,
            project=route.key if route else None,
        )  # fmt: skip
        yield {
            "id": key, "mission_id": aim.key, "project_id": route.key if route else None, "position": place + 1,
            "name": name[:200], "lens": list(IndicatorLens)[place % 3], "unit": unit,
            "direction": Direction.UP if rises else Direction.DOWN, "baseline": 100 if rises else 400,
            "baseline_at": aim.at.date(), "goal": 400 if rises else 100, "due": date(world.now.year + 6, 12, 31),
            "source": "Counted once a month", "owner": "The agency's office",
        }  # fmt: skip


def reading_rows(
    world: World, indicator: dict[str, Any], state: MissionState, many: int
) -> Iterator[dict[str, Any]]:
    """From the baseline towards the goal; all the way where the mission is achieved. The last two are forecasts."""
    began, today = indicator["baseline_at"], world.now.date()
    start, goal = indicator["baseline"], indicator["goal"]
    reach = 1.0 if state is M.ACHIEVED else 0.35 + 0.3 * world.random.random()
    past = many - (FORECASTS if many > 2 * FORECASTS else 0)
    step = max(1, (today - began).days // (past + 1))
    for place in range(many):
        at, when = began + timedelta(days=step * (place + 1)), world.now
        if is_forecast := place >= past:
            at = today + timedelta(days=365 * (place - past + 1))
        else:
            when = datetime.combine(at, datetime.min.time(), world.now.tzinfo)
        value = round(start + (goal - start) * reach * (place + 1) / past, 2)
        key, of = world.key(), indicator["mission_id"]
        world.say(when, "reading_added", SubjectKind.MISSION, of, reading=key, indicator=indicator["id"])
        yield {
            "id": key, "indicator_id": indicator["id"], "at": at, "value": value, "low": value - 5, "high": value + 5,
            "is_forecast": is_forecast, "source": "Monthly count", "created_at": when,
        }  # fmt: skip


def milestone_rows(world: World, aim: Aim, indicators: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Some of the mission's indicators, some of its projects, past and to come."""
    for place in range(MILESTONES + min(10, len(aim.routes))):
        indicator = indicators[place % len(indicators)]
        route = aim.routes[place - MILESTONES] if place >= MILESTONES else None
        key, at = world.key(), aim.at + timedelta(days=40)
        world.say(at, "milestone_added", SubjectKind.MISSION, aim.key, milestone=key)
        is_word = route is not None
        yield {
            "id": key, "mission_id": aim.key, "project_id": route.key if route else None,
            "indicator_id": None if is_word else indicator["id"], "expected": None if is_word else 150 + 20 * place,
            "title": f"{route.title if route else aim.title}: step {place + 1}"[:200],
            "due": (aim.at + timedelta(days=150 * (place + 2))).date(), "created_at": at,
            "verifier": "The village council" if is_word else "",
        }  # fmt: skip
