"""How missions come about in the demonstration: a group is gathered and named, drafted, written out, framed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

import numpy as np
from scipy.optimize import linear_sum_assignment
from sqlmodel import select

from app.demo import content
from app.demo.seed_groups import confirm_one, missions_found, places, standing
from app.demo.seed_voices import facilitator
from app.demo.story import Act, Calendar, Stage
from app.models.call import Call
from app.models.cluster import Cluster, projects_in
from app.models.mission import Mission, clauses_of
from app.models.placement import Placement
from app.models.project import projects_of
from app.rules.words import (
    Certainty,
    Direction,
    IndicatorLens,
    MoneyKind,
    Origin,
    StakeholderGroup,
    SubjectKind,
)
from app.services import (
    corrections,
    corrections_voices,
    indicators,
    missions_clauses,
    missions_draft,
    missions_edit,
    missions_numbers,
    missions_routes,
    readings,
)
from app.services.indicators import NewIndicator
from app.services.missions_clauses import ClauseText
from app.services.missions_edit import Edited, IndicatorText
from app.services.missions_numbers import MoneyText
from app.services.missions_routes import RouteText
from app.services.readings import ReadingText

GATHERED = 2.5  # days after closing, when the groups have been corrected
DRAFTED, WRITTEN, FRAMED = -14, -11, -4  # days before notice
NEVER_NOTICED = 2  # a mission without a decision is drafted as if it were noticed then
OF_ITS_OWN = 1 / 3  # a group of which these voices are a smaller share is about something else


def acts(calendar: Calendar) -> list[Act]:
    found: list[Act] = []
    for told in content.calls():
        mine = [mission for mission in content.missions() if mission["call"] == told["key"]]
        if not mine:
            continue
        by = facilitator(told)
        found.append(
            Act(
                calendar.at(told["days"]["closes"] + GATHERED),
                partial(gather, told=told, missions=mine, by=by),
            )
        )
        found += [act for mission in mine for act in drafting(calendar, mission, by)]
    return found


def drafting(calendar: Calendar, told: dict[str, Any], by: str) -> list[Act]:
    """From the draft to the frame; a mission that no vote is about stays a candidate."""
    vote = content.noticed(told)
    noticed = NEVER_NOTICED if vote is None else vote
    drafted = told.get("drafted", noticed + DRAFTED)
    found = [
        Act(calendar.at(drafted), partial(draft, told=told, by=by)),
        Act(calendar.at(noticed + WRITTEN), partial(write, told=told, by=by)),
    ]
    if vote is not None:
        framed = told.get("decision", told).get("framed", noticed + FRAMED)
        found.append(Act(calendar.at(framed), partial(frame, told=told, by=by)))
    if again := told.get("again"):
        found.append(Act(calendar.at(again["written"]), partial(add_clause, told=told, by=by)))
        found.append(Act(calendar.at(again["framed"]), partial(frame, told=told, by=by)))
    return found


def gather(stage: Stage, told: dict[str, Any], missions: list[dict[str, Any]], by: str) -> None:
    """Find each mission a group that no other shares; those that say how theirs is named bring their voices into it."""
    call, person = stage.calls[told["key"]], stage.person(by)
    for mission, found in homes(stage, call, missions):
        home = brought_together(stage, call, mission, found, person) if "group" in mission else found
        confirm_one(stage, home, person)
        stage.homes[mission["key"]] = home.id


def brought_together(stage: Stage, call: Call, mission: dict[str, Any], home: Cluster, by: UUID) -> Cluster:
    """All voices of a mission in one group that a person named; they leave a group that is about something else."""
    voices = mission["grows_from"]
    stands = standing(stage, call, voices)
    here = {stage.voices[key].id for key in voices if stands.get(key) == home.id}
    if here and len(here) < OF_ITS_OWN * home.size:
        leaving = with_proposals(stage, home, here)
        home = corrections.split(stage.session, home, leaving, by)[1]
        stands = standing(stage, call, voices)
    elsewhere = [key for key in voices if stands.get(key) != home.id]
    if elsewhere:
        corrections_voices.move(stage.session, call, places(stage, call, elsewhere), home, by)
    corrections.rename(stage.session, home, mission["group"], by)
    return home


def with_proposals(stage: Stage, home: Cluster, chosen: set[UUID]) -> list[UUID]:
    """The chosen voices, and all those of a proposal that is largely made of them: it leaves as a whole."""
    leaving = set(chosen)
    for project in projects_in(stage.session, home.id):
        query = select(Placement.submission_id).where(Placement.cluster_id == project.id)
        members = set(stage.session.exec(query))
        if len(members & chosen) >= OF_ITS_OWN * len(members):
            leaving |= members
    return sorted(leaving)


def homes(stage: Stage, call: Call, missions: list[dict[str, Any]]) -> list[tuple[dict[str, Any], Cluster]]:
    """The best way to give each mission a group of its own: by voices held, then by how much of the group they are."""
    clusters = missions_found(stage, call)
    held = [Counter(standing(stage, call, mission["grows_from"]).values()) for mission in missions]
    fits = np.array([[fit(voices[each.id], each.size) for each in clusters] for voices in held])
    chosen = zip(*linear_sum_assignment(fits, maximize=True), strict=True)
    return [(missions[mission], clusters[cluster]) for mission, cluster in chosen]


def fit(voices: int, size: int) -> float:
    return voices + voices / (2 * size)


def draft(stage: Stage, told: dict[str, Any], by: str) -> None:
    cluster = stage.session.get_one(Cluster, stage.homes[told["key"]])
    stage.missions[told["key"]] = missions_draft.draft(stage.session, cluster, stage.person(by))


def write(stage: Stage, told: dict[str, Any], by: str) -> None:
    """The facilitator replaces what the draft took from the group by a text with its sources."""
    mission, person = stage.missions[told["key"]], stage.person(by)
    session = stage.session
    missions_edit.retitle(session, mission, told["title"], mission.version, person)
    for clause in clauses_of(session, mission.id):
        missions_clauses.remove(session, mission, clause, mission.version, person)
    for project in projects_of(session, mission.id):
        missions_routes.remove(session, mission, project, mission.version, person)
    for position, clause_told in enumerate(told["clauses"], 1):
        typed = clause_text(stage, clause_told, position)
        missions_clauses.write(session, mission, None, typed, mission.version, person)
    missions_edit.set_targets(session, mission, told["sdg"], mission.version, person)
    missions_edit.set_indicator(session, mission, indicator_text(told["indicator"]), mission.version, person)
    measure_more(stage, mission, told.get("indicators", ()), person)
    commit(stage, mission, told, person)
    for route in told["routes"]:
        add_route(stage, mission, route, person)


def measure_more(stage: Stage, mission: Mission, told: Sequence[dict[str, Any]], by: UUID) -> None:
    """The indicators after the first, each with what it stood at before."""
    for each in told:
        indicator = indicators.add(stage.session, mission, NewIndicator(indicator_text(each)), by)
        for day, value in each["readings"]:
            read = ReadingText(date.fromisoformat(day), Decimal(str(value)), None, None, each["source"])
            readings.add(stage.session, mission, replace(read, indicator_id=indicator.id), by)


def commit(stage: Stage, mission: Mission, told: dict[str, Any], by: UUID) -> None:
    """Whom it affects, who owns it, the fields it crosses, the readings of the past, and the first lines of money."""
    owner = f"organisation:{stage.organisations[told['owner']].id}"
    typed = Edited(told["title"], told["affected"], owner, told["sectors"], told["disciplines"])
    missions_edit.write(stage.session, mission, typed, mission.version, by)
    for day, value in told["readings"]:
        reading = ReadingText(date.fromisoformat(day), Decimal(value), None, None, told["reading_source"])
        readings.add(stage.session, mission, reading, by)
    for line in told.get("money", ()):
        money = MoneyText(
            MoneyKind(line["kind"]), line["source"], StakeholderGroup(line["group"]), year_of(stage, line),
            Decimal(line["amount"]), line["currency"], Certainty(line["certainty"]),
        )  # fmt: skip
        missions_numbers.add_money(stage.session, mission, money, by)


def year_of(stage: Stage, told: dict[str, Any]) -> int:
    """The year of a line of money: named, or counted from the year of a day of the story."""
    if "year" in told:
        return int(told["year"])
    return stage.calendar.at(told["year_of"]).year + int(told.get("years_on", 0))


def clause_text(stage: Stage, told: dict[str, Any], position: int) -> ClauseText:
    sources = [stage.voices[key].id for key in told["sources"]]
    return ClauseText(told["section"], told["text"], Origin(told["origin"]), position, sources)


def indicator_text(told: dict[str, Any]) -> IndicatorText:
    """Whatever the file leaves out is not known yet."""
    return IndicatorText(
        name=told["name"],
        lens=IndicatorLens(told["lens"]),
        unit=told["unit"],
        direction=Direction(told["direction"]),
        baseline=Decimal(str(told["baseline"])) if "baseline" in told else None,
        baseline_at=date.fromisoformat(told["baseline_at"]) if "baseline_at" in told else None,
        goal=Decimal(str(told["goal"])),
        due=date.fromisoformat(told["due"]),
        source=told["source"],
        owner=told["owner"],
    )


def add_route(stage: Stage, mission: Mission, told: dict[str, Any], by: UUID) -> None:
    typed = RouteText(told["title"], told["summary"], told["route"], None, told["readiness"])
    project = missions_routes.write(stage.session, mission, None, typed, mission.version, by)
    for key in told["sources"]:
        missions_draft.link(stage.session, SubjectKind.PROJECT, project.id, stage.voices[key])


def add_clause(stage: Stage, told: dict[str, Any], by: str) -> None:
    """What the committee wished for when the mission came back."""
    mission = stage.missions[told["key"]]
    typed = clause_text(stage, told["again"]["clause"], len(told["clauses"]) + 1)
    missions_clauses.write(stage.session, mission, None, typed, mission.version, stage.person(by))


def frame(stage: Stage, told: dict[str, Any], by: str) -> None:
    mission = stage.missions[told["key"]]
    missions_edit.frame(stage.session, mission, mission.version, stage.person(by))
