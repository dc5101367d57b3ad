"""What a correction teaches: the voices nearest the corrected ones are looked at again, and offered; never moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import Text, TextClause, bindparam, text
from sqlmodel import Session, col, select

from app.models.call import Call
from app.models.cluster import Cluster, survivors
from app.models.correction import Correction, standing_corrections
from app.models.grouping import Grouping
from app.models.placement import Placement
from app.models.submission import Submission
from app.nlp.vectors import unit
from app.rules.disclosure import PUBLIC_STATES
from app.rules.words import CorrectionKind, SubjectKind
from app.services import corrections_keep, corrections_voices, events
from app.services.corrections_ground import Changed, held, live_by_key
from app.services.groupings_material import stored_vectors
from app.services.groupings_place import FIT

EXAMPLES, NEAREST, OFFERED = 10, 40, 20
# So much more like the corrected ones than like those who speak for its group: the share that the queue calls unsure.
LEAST_LEAD = 0.1
NEAR = (
    "SELECT near.submission_id, max(near.likeness) AS likeness FROM embedding AS example CROSS JOIN LATERAL ("
    "  SELECT other.submission_id, 1 - (other.vector::vector({size}) <=> example.vector::vector({size})) AS likeness"
    "  FROM embedding AS other WHERE other.model = :model AND other.call_id = :call"
    "  ORDER BY other.vector::vector({size}) <=> example.vector::vector({size}) LIMIT :nearest) AS near "
    "WHERE example.model = :model AND example.submission_id = ANY(:examples) "
    "GROUP BY near.submission_id ORDER BY likeness DESC, near.submission_id LIMIT :nearest"
)


@dataclass(frozen=True)
class Offer:
    """A voice that looks like the corrected ones: `lead` is how much more than like its own group, 0 to 1."""

    submission: Submission
    placement: Placement
    home: Cluster | None
    likeness: float
    lead: float

    @property
    def token(self) -> str:
        return f"{self.submission.id}:{self.placement.cluster_id or ''}"


@dataclass(frozen=True)
class Lesson:
    """The corrected voices that still stand where they were put, and that place; no target means set apart."""

    correction: Correction
    examples: tuple[UUID, ...]
    target: Cluster | None


@dataclass(frozen=True)
class Alike:
    lesson: Lesson
    offers: Sequence[Offer]


def alike(session: Session, grouping: Grouping, correction: Correction) -> Alike | None:
    """What else looks like the voices of a correction; none where it teaches nothing or nothing is near."""
    lesson = lesson_of(session, grouping, correction)
    if lesson is None or correction.undone_at is not None:
        return None
    found = offers(session, grouping, lesson)
    return Alike(lesson, found) if found else None


def lesson_of(session: Session, grouping: Grouping, correction: Correction) -> Lesson | None:
    """What a correction shows by example.

    A lock shows nothing: nobody comes into a closed group and nobody goes out, so there is nothing to offer. A name
    says nothing about where voices stand.
    """
    facts, voices = correction.payload, list(correction.payload.get("submissions", []))
    key: str | None
    match correction.kind:
        case CorrectionKind.SET_APART:
            key = None
        case CorrectionKind.MOVE:
            key = str(facts["to"])
        case CorrectionKind.SPLIT:
            voices, key = facts.get("seeds", {}).get("left") or facts["left"], str(facts["new"])
        case CorrectionKind.KEEP_TOGETHER | CorrectionKind.KEEP_APART:
            voices = voices if correction.kind is CorrectionKind.KEEP_TOGETHER else list(facts["put"])
            key = shared_home(session, grouping, voices)
            if key is None:
                return None
        case CorrectionKind.MERGE:
            return merged(session, grouping, correction)
        case _:
            return None
    target = live_by_key(session, grouping, key)
    if key is not None and target is None:
        return None
    examples = standing_in(session, grouping, voices, target)
    return Lesson(correction, tuple(examples[:EXAMPLES]), target) if examples else None


def merged(session: Session, grouping: Grouping, correction: Correction) -> Lesson | None:
    """Those who speak for the merged group, then of both sides those who fit it best."""
    target = live_by_key(session, grouping, str(correction.payload["kept"]))
    if target is None:
        return None
    sides = [correction.payload[side][:EXAMPLES] for side in ("kept_members", "gone_members")]
    wanted = [*target.representatives, *(one for pair in zip_longest(*sides) for one in pair if one)]
    there = set(standing_in(session, grouping, wanted, target))
    examples = [key for key in dict.fromkeys(map(UUID, wanted)) if key in there][:EXAMPLES]
    return Lesson(correction, tuple(examples), target) if examples else None


def shared_home(session: Session, grouping: Grouping, voices: Sequence[str]) -> str | None:
    """The identity of the mission in which all of these stand."""
    live = survivors(session, grouping.id)
    places = places_of(session, grouping, [UUID(voice) for voice in voices])
    homes = [live.get(one.cluster_id) if one.cluster_id else None for one in places]
    above = [live.get(home.parent_id) if home and home.parent_id else home for home in homes]
    keys = {str(one.key) if one else None for one in above}
    return keys.pop() if len(keys) == 1 else None


def standing_in(
    session: Session, grouping: Grouping, voices: Sequence[str], target: Cluster | None
) -> list[UUID]:
    places = places_of(session, grouping, [UUID(voice) for voice in voices])
    around = around_of(session, grouping)
    there = [one for one in places if (target.id if target else None) in around.get(one.cluster_id, {None})]
    return [one.submission_id for one in sorted(there, key=lambda one: (-one.weight, str(one.submission_id)))]


def around_of(session: Session, grouping: Grouping) -> Mapping[UUID | None, set[UUID | None]]:
    """For each group itself and the mission around it; the ungrouped stand in none."""
    live = survivors(session, grouping.id)
    return {None: {None}, **{key: {one.id, one.parent_id} - {None} for key, one in live.items()}}


def places_of(session: Session, grouping: Grouping, ids: Sequence[UUID]) -> list[Placement]:
    query = (
        select(Placement)
        .join(Submission, col(Submission.id) == Placement.submission_id)
        .where(
            Placement.grouping_id == grouping.id,
            col(Placement.submission_id).in_(ids),
            col(Submission.state).in_(PUBLIC_STATES),
        )
    )
    return list(session.exec(query.order_by(col(Placement.submission_id))))


def offers(session: Session, grouping: Grouping, lesson: Lesson) -> list[Offer]:
    """The nearest voices, except those that people spoke of or left as they are, by how clearly they look alike."""
    candidates = nearest(session, grouping, lesson.examples)
    candidates -= set(lesson.examples) | spoken_of(session, grouping, lesson)
    live, around = survivors(session, grouping.id), around_of(session, grouping)
    target = lesson.target.id if lesson.target else None
    places = [
        one
        for one in places_of(session, grouping, sorted(candidates))
        if target not in around.get(one.cluster_id, set()) and not is_closed(live, one)
    ]
    homes = {one.submission_id: live.get(one.cluster_id) if one.cluster_id else None for one in places}
    leads = examined(session, grouping, lesson.examples, homes)
    clear = [one for one in places if leads[one.submission_id][1] >= LEAST_LEAD]
    clear.sort(key=lambda one: (-leads[one.submission_id][1], str(one.submission_id)))
    wanted = col(Submission.id).in_([one.submission_id for one in clear])
    texts = {one.id: one for one in session.exec(select(Submission).where(wanted))}
    return [
        Offer(texts[one.submission_id], one, homes[one.submission_id], *leads[one.submission_id])
        for one in clear[:OFFERED]
    ]


def nearest(session: Session, grouping: Grouping, examples: Sequence[UUID]) -> set[UUID]:
    """By the index: the cost does not grow with the number of voices."""
    known = stored_vectors(session, grouping.call_id, grouping.model, examples)
    if not known:
        return set()
    query = near_query(len(next(iter(known.values()))))
    facts = {"model": grouping.model, "call": grouping.call_id, "examples": list(known), "nearest": NEAREST}
    least = float(grouping.parameters.get("fit", FIT))
    return {row.submission_id for row in session.connection().execute(query, facts) if row.likeness >= least}


def near_query(size: int, before: str = "") -> TextClause:
    """The model is written out as the partial index has it: the planner must recognise it."""
    model = bindparam("model", type_=Text, literal_execute=True)
    return text(before + NEAR.format(size=size)).bindparams(model)


def spoken_of(session: Session, grouping: Grouping, lesson: Lesson) -> set[UUID]:
    """Voices that a person placed or bound one by one, and those left as they are for the same place before."""
    found: set[str] = set()
    mine = key_of(lesson.correction)
    for one in standing_corrections(session, grouping.call_id):
        found.update(one.payload.get("submissions", []))
        seeds = one.payload.get("seeds") or {"left": one.payload.get("left", [])}
        found.update(voice for side in seeds.values() for voice in side)
        if key_of(one) == mine:
            found.update(one.dismissed)
    return {UUID(voice) for voice in found}


def key_of(correction: Correction) -> Any:
    """What a correction teaches about: the group it put voices in, or that they stand in none."""
    facts = correction.payload
    if correction.kind in (CorrectionKind.KEEP_TOGETHER, CorrectionKind.KEEP_APART):
        return correction.id
    return facts.get("to") or facts.get("new") or facts.get("kept") or correction.kind


def is_closed(live: Mapping[UUID, Cluster], place: Placement) -> bool:
    home = live.get(place.cluster_id) if place.cluster_id else None
    above = live.get(home.parent_id) if home and home.parent_id else home
    return any(one is not None and one.is_locked for one in (home, above))


def examined(
    session: Session, grouping: Grouping, examples: Sequence[UUID], homes: Mapping[UUID, Cluster | None]
) -> dict[UUID, tuple[float, float]]:
    """How like the corrected ones each voice is, and how much more so than like those who speak for its group.

    A voice in no group is measured against the least likeness that a group asks for.
    """
    speakers = {key: [UUID(one) for one in home.representatives] for key, home in homes.items() if home}
    wanted = {*examples, *homes, *(one for some in speakers.values() for one in some)}
    stored = stored_vectors(session, grouping.call_id, grouping.model, sorted(wanted))
    known = {key: unit(vector[None])[0] for key, vector in stored.items()}
    least = float(grouping.parameters.get("fit", FIT))
    found: dict[UUID, tuple[float, float]] = {}
    for key in homes:
        likeness = closest(known, key, examples)
        own = closest(known, key, speakers[key]) if key in speakers else least
        found[key] = (likeness, max(0.0, likeness - own) / likeness if likeness > 0 else 0.0)
    return found


def closest(known: Mapping[UUID, np.ndarray], key: UUID, others: Sequence[UUID]) -> float:
    likeness = [
        float(known[key] @ known[one]) for one in others if one in known and one != key and key in known
    ]
    return round(max(likeness, default=0.0), 6)


def do_the_same(
    session: Session, call: Call, correction: Correction, seen: Mapping[UUID, UUID | None], by: UUID
) -> Correction:
    """Do to the chosen voices what the correction did to its own."""
    grouping = held(session, call.id)
    lesson = lesson_of(session, grouping, correction)
    if lesson is None or correction.undone_at is not None:
        raise Changed()
    if correction.kind is CorrectionKind.SET_APART:
        return corrections_voices.set_apart(session, call, seen, correction.reason, by)
    assert lesson.target is not None
    if correction.kind is not CorrectionKind.KEEP_TOGETHER:
        return corrections_voices.move(session, call, seen, lesson.target, by)
    corrections_voices.chosen(session, grouping, seen)
    bound = places_of(session, grouping, [UUID(key) for key in correction.payload["submissions"]])
    everyone = {one.submission_id: one.cluster_id for one in bound} | dict(seen)
    return corrections_keep.keep_together(session, call, everyone, by, correction.reason)


def dismiss(session: Session, correction: Correction, submission_ids: Sequence[UUID], by: UUID) -> None:
    """Leave offered voices where they are; they are not offered for the same again."""
    grouping = held(session, correction.call_id)
    fresh = session.get_one(Correction, correction.id, with_for_update=True, populate_existing=True)
    known = {str(one.submission_id) for one in places_of(session, grouping, submission_ids)}
    left = sorted(known - set(fresh.dismissed))
    if not left:
        return
    fresh.dismissed = sorted({*fresh.dismissed, *left})
    events.record(
        session,
        "offers_dismissed",
        SubjectKind.GROUPING,
        grouping.id,
        by=by,
        call=fresh.call_id,
        correction=fresh.id,
        submissions=left,
    )
    session.flush()
