"""How voices come together in the demonstration: grouped by the model, then checked and corrected by a facilitator."""

from collections.abc import Iterable
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func
from sqlmodel import col, select

from app.demo import content
from app.demo.seed_voices import facilitator
from app.demo.story import MIDNIGHT, Act, Calendar, Stage
from app.models.call import Call
from app.models.cluster import Cluster, clusters_of
from app.models.grouping import Grouping, accepted_grouping
from app.models.placement import Placement
from app.rules.words import CallState, ClusterLevel, ClusterState, SubmissionState
from app.services import (
    answers,
    calls,
    checking,
    clusters_judgement,
    corrections,
    corrections_gather,
    corrections_voices,
    groupings,
    groupings_ladder,
    groupings_levels,
    groupings_run,
)
from app.services.groupings_run import LEVELS, RUNGS

CONFIRMED_AT_LEAST = 6
CHECKING = -7
ACTS_A_VOICE = 12.0
WIDEST = "widest"
PAST = (CallState.CHECKING, CallState.ANSWERED)


def acts(calendar: Calendar) -> list[Act]:
    found: list[Act] = []
    for told in content.calls():
        if told["state"] not in PAST:
            continue
        closed, checked = told["days"]["closes"], told["days"]["sense_until"]
        found.append(Act(calendar.at(closed + 1), partial(group, told=told), weight=weight(told)))
        found.append(Act(calendar.at(closed + 2), partial(correct, told=told)))
        found.append(Act(calendar.at(closed + 3), partial(confirm, told=told)))
        found.append(Act(calendar.at(checked, MIDNIGHT), partial(ask_authors, told=told)))
        if told["state"] == CallState.ANSWERED:
            found.append(Act(calendar.at(told["days"]["answer_due"] - 1), partial(answer, told=told)))
    for place, item in enumerate(content.words()["checkings"]):
        found.append(Act(calendar.past(item.get("day", CHECKING), 15 + place), partial(check, item=item)))
    return found


def weight(told: dict[str, Any]) -> float:
    """How long grouping takes, in acts of other kinds."""
    return ACTS_A_VOICE * len(content.voices(told["key"]))


def group(stage: Stage, told: dict[str, Any]) -> None:
    """The pipeline proposes, the facilitator accepts; the row is written when everything is found."""
    call, by = stage.calls[told["key"]], stage.person(facilitator(told))
    proposed = run(stage, told, Grouping(id=uuid4(), call_id=call.id, started_by_id=by))
    if told.get("steps") == WIDEST:
        proposed = run(stage, told, widest(stage, proposed))
    groupings.accept(stage.session, proposed, by)


def run(stage: Stage, told: dict[str, Any], grouping: Grouping) -> Grouping:
    asked, call_id = groupings_run.asked_of(grouping), grouping.call_id
    tell = stage.within(weight(told))
    outcome = groupings_run.computed(stage.session, call_id, 0, stage.embedder, tell, asked)
    groupings_run.keep(stage.session, grouping, outcome, stage.embedder.name)
    return grouping


def widest(stage: Stage, proposed: Grouping) -> Grouping:
    """Other steps of its ladder, as on the facilitator's page: few large groups, with all proposals inside them."""
    curve = groupings_ladder.curve(stage.session, proposed.id)
    assert curve is not None
    groupings_levels.require_steps(curve, 0, curve.last)
    return Grouping(
        id=uuid4(), call_id=proposed.call_id, started_by_id=proposed.started_by_id,
        measures={LEVELS: str(proposed.id), RUNGS: [0, curve.last]},
    )  # fmt: skip


def correct(stage: Stage, told: dict[str, Any]) -> None:
    """What is off the question is set apart; the groups of an answered question become those that were answered."""
    call, by = stage.calls[told["key"]], stage.person(facilitator(told))
    for item in content.words()["set_apart"]:
        if item["call"] == told["key"]:
            set_apart(stage, call, item["submissions"], item["reason"], by)
    for item in answered(told):
        arrange(stage, call, item, by)


def answered(told: dict[str, Any]) -> list[dict[str, Any]]:
    return [item for item in content.words()["answers"] if item["call"] == told["key"]]


def set_apart(stage: Stage, call: Call, keys: Iterable[str], reason: str, by: UUID) -> None:
    corrections_voices.set_apart(stage.session, call, places(stage, call, keys), reason, by)


def places(stage: Stage, call: Call, keys: Iterable[str]) -> dict[UUID, UUID | None]:
    """Where these voices stand now."""
    grouping = accepted_grouping(stage.session, call.id)
    assert grouping is not None
    wanted = [stage.voices[key].id for key in keys]
    query = select(Placement.submission_id, Placement.cluster_id).where(
        Placement.grouping_id == grouping.id, col(Placement.submission_id).in_(wanted)
    )
    return dict(stage.session.exec(query).all())


def arrange(stage: Stage, call: Call, item: dict[str, Any], by: UUID) -> None:
    """Bring the voices that share an answer into one named group, made by hand where the model left them in none."""
    keys = item["submissions"]
    home = home_of(stage, call, keys, by)
    if home is None:
        if len(keys) > 1:
            corrections_gather.gather(stage.session, call, places(stage, call, keys), by, item["label"])
        return
    stands = standing(stage, call, keys)
    elsewhere = [key for key in keys if stands.get(key) != home.id]
    if elsewhere:
        corrections_voices.move(stage.session, call, places(stage, call, elsewhere), home, by)
    corrections.rename(stage.session, home, item["label"], by)


def home_of(stage: Stage, call: Call, keys: list[str], by: UUID) -> Cluster | None:
    """The group for these voices: one that holds none but them, or one that is split off for them."""
    stands = standing(stage, call, keys)
    if not stands:
        return None
    held = {home: [key for key in keys if stands.get(key) == home] for home in sorted(set(stands.values()))}
    largest = max(held, key=lambda cluster_id: len(held[cluster_id]))
    cluster = stage.session.get_one(Cluster, largest)
    if cluster.size == len(held[largest]):
        return cluster
    leaving = [stage.voices[key].id for key in held[largest]]
    return corrections.split(stage.session, cluster, leaving, by)[1]


def standing(stage: Stage, call: Call, keys: Iterable[str]) -> dict[str, UUID]:
    """The mission-level group in which each voice stands; those in no group are left out."""
    grouping = accepted_grouping(stage.session, call.id)
    assert grouping is not None
    key_of = {stage.voices[key].id: key for key in keys}
    query = (
        select(Placement.submission_id, func.coalesce(Cluster.parent_id, Cluster.id))
        .join(Cluster, col(Cluster.id) == Placement.cluster_id)
        .where(Placement.grouping_id == grouping.id, col(Placement.submission_id).in_(key_of))
    )
    return {key_of[submission_id]: cluster_id for submission_id, cluster_id in stage.session.exec(query)}


def confirm(stage: Stage, told: dict[str, Any]) -> None:
    """The facilitator has read the largest groups and stands by them."""
    for cluster in missions_found(stage, stage.calls[told["key"]])[:CONFIRMED_AT_LEAST]:
        confirm_one(stage, cluster, stage.person(facilitator(told)))


def confirm_one(stage: Stage, cluster: Cluster, by: UUID) -> None:
    if cluster.state is ClusterState.SUGGESTED:
        clusters_judgement.judge(stage.session, cluster, ClusterState.CONFIRMED, by)


def missions_found(stage: Stage, call: Call) -> list[Cluster]:
    grouping = accepted_grouping(stage.session, call.id)
    assert grouping is not None
    return [each for each in clusters_of(stage.session, grouping.id, ClusterLevel.MISSION) if each.size]


def ask_authors(stage: Stage, told: dict[str, Any]) -> None:
    calls.start_checking(stage.session, stage.calls[told["key"]], stage.person(facilitator(told)), "")


def check(stage: Stage, item: dict[str, Any]) -> None:
    """An author says whether the group is what they meant; in no group there is nothing to say."""
    submission = stage.voices[item["submission"]]
    if checking.cluster_of(stage.session, submission.id) is None:
        return
    author = next(person for person in stage.people.values() if person.id == submission.author_id)
    checking.answer(stage.session, submission, author, agrees=item["agrees"], words=item["text"])


def answer(stage: Stage, told: dict[str, Any]) -> None:
    """Every group gets its answer with a reason, and the question counts as answered."""
    call, by = stage.calls[told["key"]], stage.person(facilitator(told))
    given = {
        (str(key) if (key := key_of(stage, call, item)) else "ungrouped"): item for item in answered(told)
    }
    for row in answers.overview(stage.session, call):
        item = given.get(row.key) or answered(told)[-1]
        outcome = SubmissionState.TAKEN_UP if item["taken_up"] else SubmissionState.NOT_TAKEN_UP
        answers.answer(stage.session, call, row.key, outcome, f"{item['text']} {item['reason']}", by)
    answers.conclude(stage.session, call, by, "")


def key_of(stage: Stage, call: Call, item: dict[str, Any]) -> UUID | None:
    """The lasting identity of the group that holds the voices of an answer."""
    home = next(iter(standing(stage, call, item["submissions"]).values()), None)
    return stage.session.get_one(Cluster, home).key if home else None
