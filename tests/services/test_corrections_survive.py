"""Random corrections, random growth, random re-runs, through the services and the database: none is ever violated."""

from collections.abc import Callable
from random import Random
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from app.errors import Refusal
from app.models.cluster import Cluster, clusters_of
from app.models.correction import Correction, standing_corrections
from app.models.grouping import Grouping
from app.models.placement import Placement
from app.models.submission import Submission
from app.rules.words import ClusterLevel, SubmissionState
from app.services import (
    corrections,
    corrections_gather,
    corrections_keep,
    corrections_seeds,
    corrections_truth,
    corrections_undo,
    corrections_voices,
    groupings,
    groupings_changes,
)
from app.services.corrections_told import Contradicts
from tests.rules.many import SCALE
from tests.services.proposals import accept_part
from tests.services.test_corrections import Bench
from tests.services.voices import EMBEDDER, PLACES, THEMES, silent, voice

CASES = 8 * SCALE
ACTS = (
    "move",
    "set_apart",
    "keep_together",
    "keep_apart",
    "split",
    "seeds",
    "merge",
    "lock",
    "rename",
    "gather",
)


class Hand:
    """A facilitator who corrects at random."""

    def __init__(self, bench: Bench, seed: int) -> None:
        self.bench, self.session, self.random = bench, bench.session, Random(seed)
        self.refused: list[Refusal] = []

    @property
    def groups(self) -> list[Cluster]:
        return clusters_of(self.session, self.bench.grouping.id)

    def voices(self, grouped: bool | None = None) -> list[UUID]:
        query = (
            select(Placement.submission_id)
            .join(Submission, col(Submission.id) == Placement.submission_id)
            .where(Placement.grouping_id == self.bench.grouping.id)
            .where(col(Submission.state).in_([SubmissionState.VISIBLE, SubmissionState.GROUPED]))
        )
        if grouped is not None:
            query = query.where(col(Placement.cluster_id).is_not(None) == grouped)
        return list(self.session.exec(query.order_by(col(Submission.number))))

    def some(self, most: int, least: int = 1, grouped: bool | None = None) -> dict[UUID, UUID | None]:
        known = self.voices(grouped)
        chosen = self.random.sample(known, min(len(known), self.random.randint(least, most)))
        return self.bench.seen(*chosen)

    def inside(self, group: Cluster) -> list[UUID]:
        homes = {group.id, *(one.id for one in self.groups if one.parent_id == group.id)}
        query = (
            select(Placement.submission_id)
            .join(Submission, col(Submission.id) == Placement.submission_id)
            .where(col(Placement.cluster_id).in_(homes))
        )
        return list(self.session.exec(query.order_by(col(Submission.number))))

    def correct(self) -> None:
        """One act, which may be refused; a refused one changes nothing."""
        before = {one.id for one in standing_corrections(self.session, self.bench.call.id)}
        try:
            with self.session.begin_nested():
                self.act(self.random.choice(ACTS))
        except (Refusal, IndexError, ValueError) as refusal:  # the last two: too few to choose from
            self.session.expire_all()
            if isinstance(refusal, Refusal):
                self.refused.append(refusal)
            assert {one.id for one in standing_corrections(self.session, self.bench.call.id)} == before

    def act(self, kind: str) -> None:
        session, call, by = self.session, self.bench.call, self.bench.carol.id
        group, one = self.random.choice(self.groups), self.random
        some, members = self.some, self.inside(group)
        examples = one.sample(members, 3) if len(members) > 2 else members
        acts: dict[str, Callable[[], object]] = {
            "move": lambda: corrections_voices.move(session, call, some(3), group, by),
            "set_apart": lambda: corrections_voices.set_apart(session, call, some(2), "Off the question", by),
            "keep_together": lambda: corrections_keep.keep_together(session, call, some(3, 2), by),
            "keep_apart": lambda: corrections_keep.keep_apart(session, call, some(3, 2), by),
            "split": lambda: corrections.split(session, group, examples[:2], by),
            "seeds": lambda: corrections_seeds.split(session, group, examples[:1], examples[1:], by),
            "merge": lambda: corrections.merge(session, group, one.choice(self.groups), by),
            "lock": lambda: corrections.lock(session, group, by) if one.random() < 0.3 else None,
            "rename": lambda: corrections.rename(session, group, f"Name {one.randint(1, 99)}", by),
            "gather": lambda: corrections_gather.gather(session, call, some(3, 2, grouped=False), by),
        }
        acts[kind]()

    def undo(self) -> None:
        standing = standing_corrections(self.session, self.bench.call.id)
        if standing and self.random.random() < 0.2:
            try:
                with self.session.begin_nested():
                    corrections_undo.undo(self.session, self.random.choice(standing), self.bench.carol.id)
            except Refusal as refusal:
                self.session.expire_all()
                self.refused.append(refusal)

    def grow(self) -> None:
        """New voices, some placed among the groups at once; now and then one is withdrawn."""
        for _voice in range(self.random.randint(0, 6)):
            theme = self.random.choice(list(THEMES))
            phrase, place = self.random.choice(THEMES[theme]), self.random.choice(PLACES)
            words = f"{theme} {theme} {phrase} number {self.random.randint(1, 9999)} for {place}"
            made = voice(self.session, self.bench.call, words)
            if self.random.random() < 0.5:
                groupings.place_new(self.session, [made.id])
        if self.random.random() < 0.3:
            gone = self.session.get_one(Submission, self.random.choice(self.voices()))
            gone.state, gone.text = SubmissionState.WITHDRAWN, ""
            self.session.flush()

    def run_again(self) -> None:
        """Another run, accepted as a whole or only some of its changes."""
        groupings.group_now(self.session, self.bench.call.id, EMBEDDER, silent)
        waits = select(Grouping).where(Grouping.call_id == self.bench.call.id, Grouping.state == "proposed")
        proposal = self.session.exec(waits).one()
        offered = sorted(groupings_changes.changes(self.session, proposal, self.bench.grouping).keys)
        if offered and self.random.random() < 0.4:
            some = self.random.sample(offered, self.random.randint(1, len(offered)))
            accept_part(self.session, proposal, some, self.bench.carol.id)
        else:
            groupings.accept(self.session, proposal, self.bench.carol.id)

    def violated(self) -> list[Correction]:
        holding = corrections_truth.holding(self.session, self.bench.grouping)
        return [
            one for one in standing_corrections(self.session, self.bench.call.id) if one.id not in holding
        ]


@pytest.mark.parametrize("seed", range(CASES))
def test_no_correction_is_violated_by_acts_growth_and_runs(session: Session, seed: int) -> None:
    hand = Hand(Bench(session), seed)

    for _round in range(3):
        for _act in range(4):
            hand.correct()
            hand.undo()
            assert hand.violated() == []
        hand.grow()
        assert hand.violated() == []
        hand.run_again()
        assert hand.violated() == []

    missions = clusters_of(session, hand.bench.grouping.id, ClusterLevel.MISSION)
    assert {one.parent_id for one in hand.groups} - {None} <= {one.id for one in missions}
    for refusal in hand.refused:
        if isinstance(refusal, Contradicts):
            assert session.get_one(Correction, refusal.older).call_id == hand.bench.call.id
