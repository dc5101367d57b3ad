"""Is this what you meant: the author's last answer counts, and enough agreement makes a group checked."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.models.call import Call
from app.models.cluster import Cluster
from app.models.columns import now
from app.models.grouping import Grouping
from app.models.notification import Notification
from app.models.person import Person
from app.models.placement import Placement
from app.models.statement import Statement
from app.models.submission import Submission
from app.rules.clusters import authors_agree
from app.rules.phases import PhaseForbids
from app.rules.words import CallState, ClusterLevel, ClusterState, GroupingState, StatementKind
from app.services import calls, checking
from app.services.checking import InNoGroup
from tests.factories import make_call, make_submission
from tests.people import make_organisation, make_person


@pytest.mark.parametrize(
    ("agreeing", "answering", "authors", "checked"),
    [
        pytest.param(3, 5, 9, True, id="three of five is sixty per cent"),
        pytest.param(3, 6, 9, False, id="three of six is too small a share"),
        pytest.param(2, 2, 9, False, id="two of nine authors are too few"),
        pytest.param(2, 2, 2, True, id="every author agrees"),
        pytest.param(1, 1, 1, True, id="the only author agrees"),
        pytest.param(0, 0, 0, False, id="nobody to agree"),
    ],
)
def test_when_a_group_is_checked(agreeing: int, answering: int, authors: int, checked: bool) -> None:
    assert authors_agree(agreeing, answering, authors) is checked


def make_group(session: Session, authors: int) -> tuple[Cluster, list[tuple[Submission, Person]]]:
    closed = now() - timedelta(days=1)
    agency = make_organisation(session, "Agency of the group")
    call: Call = make_call(session, agency, state=CallState.CHECKING, closes_at=closed)
    grouping = Grouping(call_id=call.id, state=GroupingState.ACCEPTED)
    session.add(grouping)
    session.flush()
    cluster = Cluster(
        grouping_id=grouping.id, call_id=call.id, level=ClusterLevel.MISSION, label="Shade",
        state=ClusterState.CONFIRMED, size=authors,
    )  # fmt: skip
    session.add(cluster)
    session.flush()
    voices = []
    for number in range(authors):
        author = make_person(session, f"Author {number}")
        voice = make_submission(session, call, author)
        session.add(Placement(grouping_id=grouping.id, submission_id=voice.id, cluster_id=cluster.id))
        voices.append((voice, author))
    session.flush()
    return cluster, voices


def test_the_third_agreeing_author_makes_the_group_checked(session: Session) -> None:
    cluster, voices = make_group(session, 5)

    for voice, author in voices[:2]:
        checking.answer(session, voice, author, agrees=True, words="")
    assert cluster.state is ClusterState.CONFIRMED
    checking.answer(session, voices[2][0], voices[2][1], agrees=True, words="Yes.")

    assert cluster.state is ClusterState.CHECKED


def test_the_last_answer_of_an_author_is_the_one_that_counts(session: Session) -> None:
    cluster, voices = make_group(session, 4)
    (voice, author) = voices[0]

    checking.answer(session, voice, author, agrees=True, words="")
    checking.answer(session, voice, author, agrees=False, words="I meant water.")

    assert checking.answers_about(session, cluster) == (0, 1)
    grouping = session.get_one(Grouping, cluster.grouping_id)
    assert {key: each.text for key, each in checking.objections_in(session, grouping).items()} == {
        voice.id: "I meant water."
    }
    assert len(session.exec(select(Statement).where(Statement.kind == StatementKind.CHECKING)).all()) == 1


def test_only_in_the_checking_phase_and_only_in_a_group(session: Session) -> None:
    bob = make_person(session)
    open_voice = make_submission(session, None, bob)
    with pytest.raises(PhaseForbids):
        checking.answer(session, open_voice, bob, agrees=True, words="")

    _cluster, voices = make_group(session, 1)
    lonely = make_submission(session, session.get_one(Call, voices[0][0].call_id), bob)
    with pytest.raises(InNoGroup):
        checking.answer(session, lonely, bob, agrees=True, words="")


def test_a_list_asks_for_all_answers_at_once(session: Session) -> None:
    cluster, voices = make_group(session, 2)
    call = session.get_one(Call, cluster.call_id)
    checking.answer(session, voices[0][0], voices[0][1], agrees=False, words="Water.")

    asked = checking.questions(session, [(voice, call, cluster) for voice, _author in voices])

    assert [asked[voice.id].answer for voice, _author in voices] == ["no", ""]


def test_only_authors_in_a_group_are_asked_about_it(session: Session) -> None:
    cluster, voices = make_group(session, 2)
    call = session.get_one(Call, cluster.call_id)
    call.state = CallState.SENSEMAKING
    alone, unplaced = make_person(session, "Alone"), make_person(session, "Unplaced")
    lonely = make_submission(session, call, alone)
    session.add(Placement(grouping_id=cluster.grouping_id, submission_id=lonely.id, cluster_id=None))
    late = make_submission(session, call, unplaced)
    make_submission(session, call, voices[0][1])
    session.flush()

    calls.start_checking(session, call, make_person(session, "Carol").id, "")

    told = {(each.person_id, each.kind, each.subject_id) for each in session.exec(select(Notification)).all()}
    assert told == {
        *((author.id, "checking_asked", call.id) for _voice, author in voices),
        (alone.id, "checking_alone", lonely.id),
        (unplaced.id, "checking_alone", late.id),
    }


def test_who_objects_to_a_mission_objects_in_every_project_of_it(session: Session) -> None:
    cluster, voices = make_group(session, 2)
    (voice, author), (other, neighbour) = voices
    checking.answer(session, voice, author, agrees=False, words="I meant water.")
    checking.answer(session, other, neighbour, agrees=True, words="")
    grouping = session.get_one(Grouping, cluster.grouping_id)

    project = Cluster(
        grouping_id=grouping.id, call_id=cluster.call_id, level=ClusterLevel.PROJECT, label="Trees",
        parent_id=cluster.id, size=2,
    )  # fmt: skip
    session.add(project)
    session.flush()
    for place in session.exec(select(Placement).where(Placement.grouping_id == grouping.id)):
        place.cluster_id = project.id
    session.flush()

    assert list(checking.objections_in(session, grouping)) == [voice.id]

    checking.answer(session, voice, author, agrees=True, words="Trees, yes.")
    checking.answer(session, other, neighbour, agrees=False, words="Not trees.")

    assert list(checking.objections_in(session, grouping)) == [other.id]
