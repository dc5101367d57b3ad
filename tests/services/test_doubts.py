"""The queue of what to check: objections first, then the twenty voices of which an answer teaches most."""

from uuid import UUID

import pytest
from sqlmodel import Session, select

from app.models.cluster import clusters_of
from app.models.grouping import Grouping, accepted_grouping
from app.models.placement import IS_UNSURE, Placement
from app.rules.certainty import TORN
from app.rules.words import ClusterLevel, PlacedBy
from app.services import clusters, groupings, groupings_bench, groupings_doubts, idea_map
from app.services.groupings_doubts import Doubt
from tests.services.voices import EMBEDDER, make_themes, silent, voice

COPIES = 12


class Queue:
    """Five groups of clear voices, and many copies of one doubtful sentence in one of them."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.call, self.themes = make_themes(session)
        said = ["solar water panels for pipes in Calama please"] * COPIES
        self.copies = {voice(session, self.call, f"{text} {'!' * n}").id for n, text in enumerate(said)}
        groupings.group_now(session, self.call.id, EMBEDDER, silent)
        found = accepted_grouping(session, self.call.id)
        assert found is not None
        self.grouping: Grouping = found
        for place in session.exec(select(Placement).where(Placement.grouping_id == found.id)):
            place.margin, place.reason = 0.5, ""
            place.margin = 0.01 if place.submission_id in self.copies else place.margin
        session.flush()

    def doubts(self) -> list[Doubt]:
        self.session.flush()
        return groupings_doubts.doubts(self.session, self.grouping, {})

    def place(self, theme: str, at: int) -> Placement:
        return self.session.get_one(Placement, (self.grouping.id, self.themes[theme][at]))


@pytest.fixture
def queue(session: Session) -> Queue:
    return Queue(session)


def test_of_many_copies_one_is_asked_about_and_it_comes_first(queue: Queue) -> None:
    asked = [doubt.submission.id for doubt in queue.doubts()]

    assert asked[0] in queue.copies
    assert len(queue.copies & set(asked)) == 1
    assert len(asked) <= 20


def test_doubtful_voices_of_every_group_are_among_the_first(queue: Queue) -> None:
    for theme in queue.themes:
        for at in range(3):
            queue.place(theme, at).margin = 0.02
    groups = clusters_of(queue.session, queue.grouping.id, ClusterLevel.MISSION)

    homes = [doubt.home for doubt in queue.doubts()[: len(groups)]]

    assert {one.parent_id or one.id for one in homes if one} == {one.id for one in groups}


def test_what_a_person_placed_is_not_asked_about_and_what_is_torn_is(queue: Queue) -> None:
    mine, torn, far = (queue.place("water", at) for at in range(3))
    mine.margin, mine.by = 0.0, PlacedBy.PERSON
    torn.cluster_id, torn.margin, torn.reason = None, 0.0, TORN
    far.cluster_id, far.margin, far.reason = None, 0.0, "It is not close enough to any group."

    asked = {doubt.submission.id for doubt in queue.doubts()}

    assert mine.submission_id not in asked
    assert torn.submission_id in asked
    assert far.submission_id not in asked


def test_one_rule_says_of_whom_the_machine_is_unsure(queue: Queue) -> None:
    """The queue, the lists, the map and the counts; what they all show is what the rule says of each voice."""
    session, grouping = queue.session, queue.grouping
    near = clusters_of(session, grouping.id, ClusterLevel.MISSION)[0]
    far, torn, mine, clear, open_ = (queue.place("water", at) for at in range(5))
    far.cluster_id, far.nearest_id, far.margin, far.reason = None, near.id, 0.0, "It is not close enough."
    torn.cluster_id, torn.nearest_id, torn.margin, torn.reason = None, near.id, 0.02, TORN
    mine.margin, mine.by = 0.0, PlacedBy.PERSON
    clear.margin, open_.margin = 0.1, 0.0999
    session.flush()
    places = list(session.exec(select(Placement).where(Placement.grouping_id == grouping.id)))
    meant = {place.submission_id for place in places if place.is_unsure}
    assert meant == {torn.submission_id, open_.submission_id} | queue.copies

    found = list(
        session.exec(select(Placement.submission_id).where(Placement.grouping_id == grouping.id, IS_UNSURE))
    )
    drawn = idea_map.points(session, queue.call)
    pile = clusters.ungrouped(session, grouping, only_unsure=True).rows
    lines = groupings_bench.lines(session, grouping, {})

    assert set(found) == meant
    assert {UUID(key) for key, is_so in zip(drawn["id"], drawn["unsure"], strict=True) if is_so} == meant
    assert [voice.id for voice, _place, _near in pile] == [torn.submission_id]
    assert {doubt.submission.id for doubt in queue.doubts()} <= meant
    assert sum(line.unsure for line in lines) == len(meant) - 1


def test_nothing_clear_is_put_into_the_queue(queue: Queue) -> None:
    for place in queue.session.exec(select(Placement).where(Placement.grouping_id == queue.grouping.id)):
        place.margin = 0.2

    assert queue.doubts() == []


def test_without_vectors_the_least_sure_come_first(queue: Queue) -> None:
    queue.grouping.model = "another model"
    queue.place("solar", 0).margin = 0.0

    assert queue.doubts()[0].submission.id == queue.themes["solar"][0]
