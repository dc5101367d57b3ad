"""A person can always make a group: of voices that stand in none, lasting through every run, and undoable."""

from collections.abc import Iterable
from uuid import UUID

import pytest
from sqlmodel import Session, select

from app.models.call import Call
from app.models.cluster import Cluster, clusters_of
from app.models.event import Event
from app.models.grouping import Grouping, accepted_grouping
from app.models.person import Person
from app.models.placement import Placement
from app.models.submission import Submission
from app.rules.words import ClusterLevel, ClusterState, SubmissionState
from app.services import corrections_gather, corrections_undo, corrections_voices, groupings, missions_draft
from app.services.corrections_gather import TooFew
from app.services.corrections_ground import Changed
from app.services.corrections_told import Contradicts
from tests import replayed
from tests.factories import make_call
from tests.people import make_person
from tests.services.voices import EMBEDDER, silent, voice

PARKS = [
    "A slide for small children",
    "Benches under the old trees",
    "Dogs need a field",
    "Open the fountain",
]


class Parks:
    """A call with four voices that no machine groups."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.call: Call = make_call(session)
        self.voices = [voice(session, self.call, text) for text in PARKS]
        self.carol: Person = make_person(session, "Carol")
        groupings.group_now(session, self.call.id, EMBEDDER, silent)

    @property
    def grouping(self) -> Grouping:
        found = accepted_grouping(self.session, self.call.id)
        assert found is not None
        return found

    @property
    def groups(self) -> list[Cluster]:
        return clusters_of(self.session, self.grouping.id, ClusterLevel.MISSION)

    def gather(self, *voices: Submission, label: str = "", instead: Iterable[UUID] = ()) -> Cluster:
        seen = dict.fromkeys([each.id for each in voices])
        return corrections_gather.gather(self.session, self.call, seen, self.carol.id, label, instead)[1]

    def home(self, voice: Submission) -> Cluster | None:
        place = self.session.get_one(Placement, (self.grouping.id, voice.id), populate_existing=True)
        return self.session.get(Cluster, place.cluster_id) if place.cluster_id else None

    def run_again(self) -> None:
        groupings.group_now(self.session, self.call.id, EMBEDDER, silent)
        query = select(Grouping).where(Grouping.call_id == self.call.id, Grouping.state == "proposed")
        groupings.accept(self.session, self.session.exec(query).one(), self.carol.id)


@pytest.fixture
def parks(session: Session) -> Parks:
    found = Parks(session)
    assert found.groups == []
    return found


def test_a_group_made_of_ungrouped_voices_lasts_through_every_run(parks: Parks) -> None:
    made = parks.gather(*parks.voices[:2])
    parks.run_again()
    parks.run_again()

    assert [(one.key, one.size, one.is_by_hand) for one in parks.groups] == [(made.key, 2, True)]
    assert [parks.home(each) is not None for each in parks.voices] == [True, True, False, False]
    assert parks.grouping.ungrouped == 2
    assert parks.voices[0].state is SubmissionState.GROUPED


def test_without_a_name_it_is_called_by_a_sentence_of_its_own(parks: Parks) -> None:
    quoted = parks.gather(*parks.voices[:2])
    named = parks.gather(*parks.voices[2:], label="Water and dogs")

    assert quoted.is_quoted
    assert quoted.label in PARKS[:2]
    assert (named.label, named.is_quoted) == ("Water and dogs", False)


def test_a_mission_can_be_drafted_from_it(parks: Parks) -> None:
    made = parks.gather(*parks.voices)
    made.state = ClusterState.CONFIRMED
    parks.session.flush()

    mission = missions_draft.draft(parks.session, made, parks.carol.id)

    assert mission.cluster_key == made.key


def test_undone_the_voices_are_ungrouped_again_and_the_group_is_gone(parks: Parks) -> None:
    seen = dict.fromkeys([each.id for each in parks.voices[:3]])
    correction, made = corrections_gather.gather(parks.session, parks.call, seen, parks.carol.id)

    assert corrections_undo.undo(parks.session, correction, parks.carol.id)

    assert (parks.groups, parks.grouping.ungrouped) == ([], 4)
    assert parks.voices[0].state is SubmissionState.VISIBLE
    assert parks.session.get_one(Cluster, made.id).merged_into_id == made.id
    parks.run_again()
    assert parks.groups == []


def test_undone_it_keeps_who_joined_since(parks: Parks) -> None:
    seen = dict.fromkeys([each.id for each in parks.voices[:2]])
    correction, made = corrections_gather.gather(parks.session, parks.call, seen, parks.carol.id)
    corrections_voices.move(parks.session, parks.call, {parks.voices[3].id: None}, made, parks.carol.id)

    corrections_undo.undo(parks.session, correction, parks.carol.id)

    assert [(one.id, one.size) for one in parks.groups] == [(made.id, 1)]


def test_voices_set_apart_before_are_taken_in_only_by_whoever_says_so(parks: Parks) -> None:
    apart = corrections_voices.set_apart(
        parks.session, parks.call, {parks.voices[0].id: None}, "Off topic", parks.carol.id
    )

    with pytest.raises(Contradicts) as refused, parks.session.begin_nested():
        parks.gather(*parks.voices[:2])
    assert refused.value.older == apart.id
    made = parks.gather(*parks.voices[:2], instead=[apart.id])
    parks.run_again()

    assert [one.key for one in parks.groups] == [made.key]
    assert parks.groups[0].size == 2


def test_one_voice_is_no_group_and_a_grouped_voice_is_not_taken(parks: Parks) -> None:
    with pytest.raises(TooFew):
        parks.gather(parks.voices[0])
    made = parks.gather(*parks.voices[:2])

    with pytest.raises(Changed):
        corrections_gather.gather(
            parks.session,
            parks.call,
            {parks.voices[0].id: made.id, parks.voices[2].id: None},
            parks.carol.id,
        )


def test_its_event_tells_what_it_moved(parks: Parks) -> None:
    made = parks.gather(*parks.voices[:2])

    event = parks.session.exec(select(Event).where(Event.kind == "cluster_made")).one()

    assert event.subject_id == made.id
    assert event.facts["states"]["cluster"] == {"suggested": [str(made.id)]}
    assert list(event.facts["states"]["submission"]) == ["grouped"]


def test_the_log_replayed_tells_the_same_after_each_act(parks: Parks) -> None:
    memory = replayed.begin(parks.session)
    seen = dict.fromkeys([each.id for each in parks.voices[:2]])

    correction, _made = corrections_gather.gather(parks.session, parks.call, seen, parks.carol.id)
    memory.remember(parks.session, "made")
    corrections_undo.undo(parks.session, correction, parks.carol.id)
    memory.remember(parks.session, "taken apart")

    assert memory.wrong(parks.session) == {}
