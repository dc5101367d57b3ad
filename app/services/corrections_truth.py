"""Which corrections hold in the groups shown now, and which one an act would contradict.

What is shown is the witness that all standing corrections can hold at once: an act after which one of them
does not hold any more contradicts it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.models.cluster import Cluster, survivors
from app.models.correction import Correction, standing_corrections
from app.models.grouping import Grouping
from app.models.placement import Placement
from app.models.submission import Submission
from app.rules.disclosure import PUBLIC_STATES
from app.rules.words import ClusterLevel, CorrectionKind
from app.services.corrections_told import Contradicts

# Of groups that were merged or split as wholes, so many of those that fit best speak for the rest.
LOOKED_AT = 300
Facts = Mapping[str, Any]
Place = UUID | None  # the identity of a group, or none


@dataclass(frozen=True)
class Shown:
    """Where public voices stand now, by identities of groups; `part_of` follows merges to the group of today."""

    missions: Mapping[str, Place]
    projects: Mapping[str, Place]
    part_of: Mapping[str, UUID]
    locked: Mapping[str, frozenset[str]]

    def places(self, level: str, voices: Iterable[str]) -> list[Place]:
        known = self.missions if level == ClusterLevel.MISSION else self.projects
        return [known[voice] for voice in voices if voice in known]

    def most(self, level: str, voices: Iterable[str]) -> set[UUID]:
        """The groups that hold most of these voices."""
        counted = Counter(place for place in self.places(level, voices) if place is not None)
        most = max(counted.values(), default=0)
        return {place for place, count in counted.items() if count == most}


def moved(shown: Shown, facts: Facts) -> bool:
    """They stand in the group, or, where it was divided, with most of those who were in it."""
    level, home = facts["level"], shown.part_of.get(str(facts["to"]))
    right = shown.most(level, facts["anchors"]) | ({home} if home else set())
    return not right or all(place in right for place in shown.places(level, facts["submissions"]))


def set_apart(shown: Shown, facts: Facts) -> bool:
    return all(place is None for place in shown.places(ClusterLevel.MISSION, facts["submissions"]))


def kept_together(shown: Shown, facts: Facts) -> bool:
    places = shown.places(ClusterLevel.MISSION, facts["submissions"])
    return len(places) < 2 or (len(set(places)) == 1 and places[0] is not None)


def kept_apart(shown: Shown, facts: Facts) -> bool:
    places = [p for p in shown.places(ClusterLevel.MISSION, facts["submissions"]) if p is not None]
    return len(places) == len(set(places))


def split(shown: Shown, facts: Facts) -> bool:
    """Those chosen to leave stand neither in the group they left nor with those chosen to stay."""
    if facts["from"] is None:
        return True
    level, seeds = facts["level"], facts.get("seeds", {})
    left = set(shown.places(level, seeds.get("left", facts["left"])[:LOOKED_AT])) - {None}
    stayed = set(shown.places(level, seeds.get("stayed", []))) - {None}
    origin, made = shown.part_of.get(facts["from"]), shown.part_of.get(facts["new"])
    is_one = origin is not None and origin == made
    return not (is_one or left & stayed or origin in left or made in stayed)


def merged(shown: Shown, facts: Facts) -> bool:
    """Most of the one stand where most of the other do."""
    sides = [shown.most(facts["level"], facts[side][:LOOKED_AT]) for side in ("kept_members", "gone_members")]
    return not all(sides) or bool(sides[0] & sides[1])


def locked(shown: Shown, facts: Facts) -> bool:
    inside = shown.locked.get(str(facts["cluster"]))
    return inside is None or inside == {voice for voice in facts["members"] if voice in shown.missions}


HOLDS: dict[CorrectionKind, Callable[[Shown, Facts], bool]] = {
    CorrectionKind.MOVE: moved,
    CorrectionKind.SET_APART: set_apart,
    CorrectionKind.KEEP_TOGETHER: kept_together,
    CorrectionKind.KEEP_APART: kept_apart,
    CorrectionKind.SPLIT: split,
    CorrectionKind.MERGE: merged,
    CorrectionKind.LOCK: locked,
    CorrectionKind.RENAME: lambda _shown, _facts: True,
}


def voices_of(correction: Correction) -> list[str]:
    """The voices whose places tell whether a correction holds."""
    facts = correction.payload
    lists = ("submissions", "anchors", "members")
    some = ("left", "kept_members", "gone_members")
    found = [voice for name in lists for voice in facts.get(name, [])]
    found += [voice for name in some for voice in facts.get(name, [])[:LOOKED_AT]]
    return found + [voice for side in facts.get("seeds", {}).values() for voice in side]


def shown(session: Session, grouping: Grouping, corrections: Sequence[Correction]) -> Shown:
    """Where the voices that corrections speak of stand; whoever is public no more binds nobody."""
    every = {one.id: one for one in session.exec(select(Cluster).where(Cluster.grouping_id == grouping.id))}
    live = survivors(session, grouping.id)
    wanted = {UUID(voice) for one in corrections for voice in voices_of(one)}
    placed = (
        select(Placement.submission_id, Placement.cluster_id)
        .join(Submission, col(Submission.id) == Placement.submission_id)
        .where(Placement.grouping_id == grouping.id, col(Submission.state).in_(PUBLIC_STATES))
    )
    missions: dict[str, Place] = {}
    projects: dict[str, Place] = {}
    for voice, home in session.exec(placed.where(col(Placement.submission_id).in_(wanted))):
        cluster = live.get(home) if home else None
        above = live.get(cluster.parent_id) if cluster and cluster.parent_id else cluster
        missions[str(voice)] = above.key if above else None
        projects[str(voice)] = cluster.key if cluster and cluster.level is ClusterLevel.PROJECT else None
    part_of = {str(one.key): live[key].key for key, one in every.items() if key in live}
    return Shown(missions, projects, part_of, locked_now(session, corrections, live, placed))


def locked_now(
    session: Session, corrections: Sequence[Correction], live: Mapping[UUID, Cluster], placed: Any
) -> dict[str, frozenset[str]]:
    """Everybody who stands in each group that somebody locked, by its identity."""
    keys = {one.payload["cluster"] for one in corrections if one.kind is CorrectionKind.LOCK}
    homes: dict[UUID, list[str]] = {}
    for key, one in live.items():
        around = (one, live.get(one.parent_id) if one.parent_id else None)
        closed = [str(each.key) for each in around if each is not None and str(each.key) in keys]
        if closed:
            homes[key] = closed
    found: dict[str, set[str]] = {key: set() for closed in homes.values() for key in closed}
    if homes:
        for voice, home in session.exec(placed.where(col(Placement.cluster_id).in_(homes))):
            for locked_key in homes[home]:
                found[locked_key].add(str(voice))
    return {key: frozenset(voices) for key, voices in found.items()}


def holding(session: Session, grouping: Grouping) -> frozenset[UUID]:
    """The standing corrections that hold in what is shown now."""
    session.flush()
    standing = standing_corrections(session, grouping.call_id)
    now, free = shown(session, grouping, standing), released(standing)
    return frozenset(
        one.id
        for place, one in enumerate(standing)
        if HOLDS[one.kind](
            now, with_companions(standing[place:], bound(one.payload, free.get(str(one.id), set())))
        )
    )


def with_companions(since: Sequence[Correction], facts: Facts) -> Facts:
    """A move, without the companions of then whom a later split put on the other side."""
    if "anchors" not in facts:
        return facts
    mine, lost = set(facts["submissions"]), set[str]()
    for one in since:
        if one.kind is CorrectionKind.SPLIT:
            left, stayed = set(one.payload["left"]), set(one.payload["stayed"])
            lost |= (left if mine & stayed else set()) | (stayed if mine & left else set())
    return {**facts, "anchors": [voice for voice in facts["anchors"] if voice not in lost]}


def released(standing: Iterable[Correction]) -> dict[str, set[str]]:
    """For each correction the voices for which a later one took its place, as a person chose."""
    found: dict[str, set[str]] = {}
    for one in standing:
        for older in one.payload.get("instead", []):
            voices = one.payload.get("submissions", one.payload.get("left", []))
            found.setdefault(older, set()).update(voices)
    return found


def bound(facts: Facts, free: set[str]) -> Facts:
    """What a correction says, without the voices that are bound by it no more."""
    if not free:
        return facts
    lists = {
        name: facts[name] for name in ("submissions", "left", "kept_members", "gone_members") if name in facts
    }
    found = {name: [voice for voice in voices if voice not in free] for name, voices in lists.items()}
    seeds = {
        side: [voice for voice in voices if voice not in free]
        for side, voices in facts.get("seeds", {}).items()
    }
    return {**facts, **found, **({"seeds": seeds} if seeds else {})}


def require_kept(
    session: Session,
    grouping: Grouping,
    before: frozenset[UUID],
    newer: Correction,
    *,
    is_undoing: bool = False,
) -> None:
    """Refuse an act after which a correction that held before holds no more; the newest such is named."""
    lost = before - holding(session, grouping) - {newer.id}
    if lost:
        older = session.get_one(Correction, max(lost, key=lambda key: order(session, key)))
        raise Contradicts.between(session, newer, older, is_undoing=is_undoing)


def order(session: Session, correction_id: UUID) -> tuple[Any, str]:
    return session.get_one(Correction, correction_id).created_at, str(correction_id)
