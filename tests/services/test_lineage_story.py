"""What became of a voice: each step with its own date, told to its author as theirs and to others as it is."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from app.models.call import Call
from app.models.columns import now, telling
from app.models.placement import Placement
from app.models.submission import Submission
from app.rules.words import CallState, PlacedBy, SubmissionState
from app.services import answers, calls, lineage, lineage_story, missions_withdraw, submissions
from app.services.drafts import Said
from app.services.lineage_story import Step
from tests.factories import make_call, make_submission
from tests.people import make_facilitator, make_organisation, make_person
from tests.services.drafted import make_mission, make_scene

DAY = timedelta(days=1)


def told(session: Session, voice: Submission) -> dict[str, Step]:
    session.flush()
    return {str(step.told): step for step in lineage_story.story(session, voice)}


def test_it_was_received_and_only_its_author_reads_that_they_said_it(session: Session) -> None:
    steps = told(session, make_submission(session))

    assert str(steps["It was received."].mine) == "You said it, and it was received."


def test_an_import_is_named(session: Session) -> None:
    call = make_call(session, source_note="A consultation of 2018")
    steps = told(session, make_submission(session, call, source_key="7"))

    (first,) = steps.values()
    assert "came here with an import" in str(first.told)
    assert (first.reason, first.mine) == ("A consultation of 2018", None)


def test_what_waits_says_for_what(session: Session) -> None:
    voice = make_submission(session, state=SubmissionState.SUBMITTED)

    assert "It waits for its author to confirm the e-mail address." in told(session, voice)


def test_a_cancelled_question_is_told_with_its_day_and_reason(session: Session) -> None:
    agency = make_organisation(session)
    call, carol = make_call(session, agency), make_facilitator(session, agency)
    voice = make_submission(session, call)
    with telling(now() + DAY):
        calls.cancel(session, call, "The desert is closed.", carol.id, "")
        cancelled = now()

    step = told(session, voice)["The question was cancelled."]

    assert (step.when, step.reason, step.url) == (cancelled, "The desert is closed.", f"/calls/{call.id}")
    stations = {each.key: each for each in lineage.of_submission(session, voice)}
    assert (stations["group"].detail, stations["group"].when) == ("The question was cancelled", cancelled)
    assert stations["ballot"].detail == "Not reached"
    assert all(each.state != "next" for each in stations.values())


def test_an_answer_a_change_and_a_withdrawal_each_have_their_own_date(session: Session) -> None:
    scene = make_scene(session, state=CallState.PUBLISHED)
    call, voice = scene.call, scene.voices[0]
    author, changed = make_person(session, "Bob"), now() + DAY
    voice.author_id = author.id
    session.flush()
    with telling(changed):
        submissions.edit(session, voice, Said("Every roof, as soon as can be."), voice.version, author)
    call.state = CallState.CHECKING
    session.flush()
    with telling(changed + DAY):
        answers.answer(
            session, call, str(scene.cluster.key), SubmissionState.TAKEN_UP, "We build.", scene.carol.id
        )
        answers.conclude(session, call, scene.carol.id, "")
    session.expire_all()

    step = next(each for text, each in told(session, voice).items() if "answered" in text)
    assert (voice.updated_at, step.when, step.reason) == (changed, changed + DAY, "We build.")
    with telling(changed + 2 * DAY):
        submissions.withdraw(session, voice, author.id)
    assert voice.updated_at == changed
    assert told(session, voice)["Its author withdrew it."].when == changed + 2 * DAY


@pytest.mark.parametrize("state", [CallState.ANSWERED, CallState.CHECKING])
def test_moving_a_question_on_keeps_the_day(session: Session, state: CallState) -> None:
    scene = make_scene(session, closes_at=now() - DAY)
    call: Call = scene.call
    calls.start_checking(session, call, scene.carol.id, "")
    if state is CallState.ANSWERED:
        outcome = SubmissionState.NOT_TAKEN_UP
        answers.answer(session, call, str(scene.cluster.key), outcome, "It costs too much.", scene.carol.id)
        answers.conclude(session, call, scene.carol.id, "")

    assert call.state is state
    assert call.checking_at is not None
    assert (call.answered_at is not None) == (state is CallState.ANSWERED)


def test_a_mission_drafted_by_mistake_is_told_with_the_reason_it_was_withdrawn_for(session: Session) -> None:
    mission, scene = make_mission(session)
    missions_withdraw.withdraw(session, mission, "It repeats another one.", mission.version, scene.carol.id)

    found = [
        step
        for step in lineage_story.story(session, scene.voices[0])
        if step.url == f"/missions/{mission.id}"
    ]

    assert [step.reason for step in found] == ["It repeats another one."]
    assert "has been withdrawn since" in str(found[0].told)


def test_a_voice_in_no_group_is_told_the_one_that_comes_nearest_and_how_clearly(session: Session) -> None:
    scene = make_scene(session)
    voice = scene.voices[0]
    place = session.get_one(Placement, (scene.grouping.id, voice.id))
    assert not any("comes nearest" in step for step in told(session, voice))
    place.cluster_id, place.nearest_id, place.margin = None, scene.cluster.id, 0.044

    steps = told(session, voice)

    (said,) = [step for step in steps if "comes nearest" in step]
    assert said.endswith(f"{scene.cluster.label}, narrowly nearer than the next (0.04)")
    assert steps[said].url == f"/clusters/{scene.cluster.id}"
    place.by, place.reason = PlacedBy.PERSON, "It is about another town."
    assert not any("comes nearest" in step for step in told(session, voice))
