"""Reviews on the way: signals set them off, those who took part are asked again, and a verdict changes something."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from app.models.application import Teammate
from app.models.columns import now, telling
from app.models.course import CourseReview, course_reviews_of, recalls_of
from app.models.link import Link
from app.models.notification import Notification
from app.models.project import projects_of
from app.rules.replay_kinds import Noun
from app.rules.words import (
    CallState,
    CourseKind,
    CourseVerdict,
    Felt,
    LinkKind,
    LinkStatus,
    MissionState,
    ProjectState,
    ProjectVerdict,
    SignalKind,
    SubjectKind,
)
from app.services import course, recalls, replay, signals
from app.services.course import (
    AdaptsNothing,
    ChangesMissing,
    Conclusion,
    LedToCall,
    NextTooFar,
    NotAsked,
    NotUnderWay,
    NoUserEvidence,
    ReviewIsConcluded,
    ReviewIsOpen,
)
from app.services.signals import Signal
from tests.applied import close, make_applicant, make_offered
from tests.people import make_person
from tests.services.chamber import Chamber
from tests.services.contracted import agreed, make_contract, text
from tests.services.funded import make_funded
from tests.services.measured import committed, enter, today
from tests.services.steering import make_active

V = CourseVerdict


@pytest.fixture
def chamber(session: Session) -> Chamber:
    """Under way since yesterday, so that no review is due by the calendar."""
    chamber = make_active(session)
    chamber.mission.launched_at = now() - timedelta(days=1)
    session.flush()
    return chamber


def opened(chamber: Chamber, kind: CourseKind = CourseKind.REFLEXIVE) -> CourseReview:
    return course.open_review(chamber.session, chamber.mission, kind, chamber.scene.carol.id)


def answered(chamber: Chamber, review: CourseReview, many: int = 1, felt: Felt = Felt.BETTER) -> None:
    for voice in chamber.scene.voices[:many]:
        assert voice.author_id is not None
        course.answer(chamber.session, review, voice.author_id, felt)


def said(verdict: CourseVerdict = V.CONTINUE, changes: tuple[str, ...] = (), in_days: int = 90) -> Conclusion:
    return Conclusion(verdict, "What we saw says so.", changes, (), today() + timedelta(days=in_days))


def concluded(chamber: Chamber, verdict: CourseVerdict = V.CONTINUE, many: int = 5) -> CourseReview:
    review = opened(chamber)
    answered(chamber, review, many)
    course.conclude(chamber.session, review, said(verdict, ("One thing",)), chamber.chair.id)
    return review


def kinds(chamber: Chamber) -> list[SignalKind]:
    return [each.kind for each in signals.gather(chamber.session, chamber.mission)]


def test_a_quiet_mission_has_no_signal_and_no_review(chamber: Chamber, session: Session) -> None:
    assert kinds(chamber) == []
    assert course.open_due(session) == 0


@pytest.mark.parametrize(("after", "is_down"), [(85, True), (86, False), (0, True), (120, False)])
def test_money_down_by_fifteen_per_cent_is_a_signal(
    chamber: Chamber, session: Session, after: int, is_down: bool
) -> None:
    with telling(now() - timedelta(days=3)):
        line = committed(session, chamber.mission, 100)
    committed(session, chamber.mission, after, replaces_id=line.id)

    assert kinds(chamber) == ([SignalKind.MONEY] if is_down else [])
    assert course.open_due(session) == int(is_down)


def test_money_of_one_currency_does_not_hide_another(chamber: Chamber, session: Session) -> None:
    with telling(now() - timedelta(days=3)):
        line = committed(session, chamber.mission, 100, currency="EUR")
    committed(session, chamber.mission, 0, currency="EUR", replaces_id=line.id)
    committed(session, chamber.mission, 10**9, currency="CLP")

    (signal,) = signals.gather(session, chamber.mission)

    assert "EUR" in signal.told.english


def test_a_condition_whose_evidence_is_overdue_is_a_signal(session: Session) -> None:
    contract = make_contract(session)
    contract.chamber.mission.launched_at = now() - timedelta(days=1)
    agreed(contract, told=text(10))
    assert kinds(contract.chamber) == []

    with telling(now() + timedelta(days=12)):
        (signal,) = signals.gather(session, contract.chamber.mission)

    assert signal.kind is SignalKind.CONDITION
    assert (signal.told.english, contract.project.title in signal.told.english) == (
        "A condition of a project is not kept: Sharing of knowledge, failures included.",
        False,
    )


def assumed(chamber: Chamber, status: LinkStatus, place: int = 0) -> Link:
    """One route is said to depend on another; what that rests on was tested."""
    routes = projects_of(chamber.session, chamber.mission.id)
    link = Link(
        kind=LinkKind.DEPENDS_ON, from_kind=SubjectKind.PROJECT, from_id=routes[place].id,
        to_kind=SubjectKind.PROJECT, to_id=routes[place + 1].id, assumption="The grid takes it", evidence="Measured",
        status=status,
    )  # fmt: skip
    chamber.session.add(link)
    chamber.session.flush()
    return link


def test_a_refuted_assumption_is_a_signal(chamber: Chamber, session: Session) -> None:
    link = assumed(chamber, LinkStatus.SUPPORTED)
    assert kinds(chamber) == []

    link.status = LinkStatus.REFUTED
    session.flush()

    assert kinds(chamber) == [SignalKind.ASSUMPTION]


def test_a_criterion_that_turned_asks_for_a_review(session: Session) -> None:
    """Rivals were declared, and the last of them but one is over: by the projects there is no rivalry any more."""
    funded = make_funded(session)
    mission, three = funded.mission, list(funded.projects.values())[:3]
    mission.launched_at = now() - timedelta(days=1)
    session.flush()
    known = {each.key for each in signals.gather(session, mission)}

    for project in three[:2]:
        project.state, project.verdict = ProjectState.COMPLETED, ProjectVerdict.SUPPORTED
        project.ended_at = now()
    session.flush()

    more = [each for each in signals.gather(session, mission) if each.key not in known]
    assert {each.kind for each in more} == {SignalKind.CRITERION}
    (turned,) = [each for each in more if "How many independent routes?" in each.told.english]
    assert "Looks good. By the projects: Looks weak." in turned.told.english
    assert course.open_due(session) == 1
    assert turned.key in {told["key"] for told in course_reviews_of(session, mission.id)[0].signals}
    assert signals.fresh(session, mission) == []


def test_a_review_is_due_every_half_year(chamber: Chamber, session: Session) -> None:
    with telling(now() + timedelta(days=181)):
        assert kinds(chamber) == []
    with telling(now() + timedelta(days=182)):
        assert kinds(chamber) == [SignalKind.CALENDAR]
        assert course.open_due(session) == 1
        assert course.open_due(session) == 0


def test_a_signal_asks_for_one_review_and_a_new_one_for_the_next(chamber: Chamber, session: Session) -> None:
    assumed(chamber, LinkStatus.REFUTED)
    assert course.open_due(session) == 1
    review = course_reviews_of(session, chamber.mission.id)[0]
    answered(chamber, review, 5)
    course.conclude(session, review, said(V.ADAPT, ("The price",)), chamber.chair.id)
    assert course.open_due(session) == 0

    assumed(chamber, LinkStatus.REFUTED, 1)

    assert course.open_due(session) == 1


def test_few_answers_ask_for_one_more_review_and_not_for_ever(chamber: Chamber, session: Session) -> None:
    for number in range(2):
        review = opened(chamber) if number == 0 else course_reviews_of(session, chamber.mission.id)[0]
        enter_user_evidence(chamber, number)
        course.conclude(session, review, said(), chamber.chair.id)
        assert course.open_due(session) == (1 if number == 0 else 0)


def enter_user_evidence(chamber: Chamber, number: int) -> None:
    """The chamber's indicator is of what people experience."""
    enter(chamber.session, chamber.mission, 13 + number, number)


def test_those_who_took_part_are_asked_again(chamber: Chamber, session: Session) -> None:
    review = opened(chamber)

    asked = {each.person_id for each in recalls_of(session, [review.id])}
    assert asked == {each.author_id for each in chamber.scene.voices}
    told = select(Notification).where(
        Notification.kind == "recalled", Notification.subject_id == chamber.mission.id
    )
    assert {each.person_id for each in session.exec(told)} == asked
    with pytest.raises(NotAsked):
        course.answer(session, review, chamber.chair.id, Felt.BETTER)


def test_applicants_are_asked_again_once_their_call_is_closed(chamber: Chamber, session: Session) -> None:
    """Whoever writes on an application that counts took part; while it is sealed nobody is asked about it."""
    offered = make_offered(session, mission_id=chamber.mission.id)
    _firm, late = make_applicant(session, "Moon Works")
    applied, mate, invited = (
        offered.submitted(),
        make_person(session, "Mate"),
        make_person(session, "Invited"),
    )
    session.add(Teammate(application_id=applied.id, person_id=mate.id, joined_at=now()))
    session.add(Teammate(application_id=applied.id, person_id=invited.id))
    offered.written(late)
    session.flush()
    voices = {each.author_id for each in chamber.scene.voices}
    assert set(recalls.took_part(session, chamber.mission)) == voices

    close(offered)
    review = opened(chamber)

    assert {each.person_id for each in recalls_of(session, [review.id])} == voices | {
        offered.lead.id,
        mate.id,
    }
    course.answer(session, review, offered.lead.id, Felt.BETTER)
    with pytest.raises(NotAsked):
        course.answer(session, review, late.id, Felt.BETTER)


def test_an_answer_may_change_until_the_end(chamber: Chamber, session: Session) -> None:
    review = opened(chamber)
    answered(chamber, review)
    answered(chamber, review, felt=Felt.WORSE)
    assert [each.felt for each in recalls_of(session, [review.id]) if each.felt] == [Felt.WORSE]

    course.conclude(session, review, said(), chamber.chair.id)

    with pytest.raises(ReviewIsConcluded):
        answered(chamber, review)


def test_a_review_without_user_evidence_cannot_conclude(chamber: Chamber, session: Session) -> None:
    """DOMAIN 19: participants are asked again; with no answer and no reading of what people live, there is no end."""
    review = opened(chamber)
    with pytest.raises(NoUserEvidence):
        course.conclude(session, review, said(), chamber.chair.id)

    answered(chamber, review)
    course.conclude(session, review, said(), chamber.chair.id)

    assert review.verdict is V.CONTINUE


@pytest.mark.parametrize("verdict", [V.ADAPT, V.SCALE, V.STOP])
def test_adapt_without_a_change_is_refused(
    chamber: Chamber, session: Session, verdict: CourseVerdict
) -> None:
    """DOMAIN 33: a verdict names what changes, and the next review has its day."""
    review = opened(chamber)
    answered(chamber, review)
    with pytest.raises(ChangesMissing):
        course.conclude(session, review, said(verdict), chamber.chair.id)
    for in_days in (0, 184):
        with pytest.raises(NextTooFar):
            course.conclude(session, review, said(verdict, ("The route",), in_days), chamber.chair.id)

    course.conclude(session, review, said(verdict, ("The route",)), chamber.chair.id)

    assert (review.verdict, review.changes) == (verdict, ["The route"])
    assert signals.next_due(chamber.mission, review) == today() + timedelta(days=90)


def test_the_database_wants_a_change_for_a_verdict(chamber: Chamber, session: Session) -> None:
    review = opened(chamber)

    with pytest.raises(DBAPIError, match="a_verdict_names_what_changes"), session.begin_nested():
        session.execute(
            sql(
                "UPDATE course_review SET verdict = 'adapt', reason = 'So', concluded_at = now(), "
                "next_on = now()::date WHERE id = :id"
            ),
            {"id": review.id},
        )


@pytest.mark.parametrize("how", ["UPDATE course_review SET reason = 'Other'", "DELETE FROM course_review"])
def test_a_concluded_review_stays(chamber: Chamber, session: Session, how: str) -> None:
    concluded(chamber)

    with pytest.raises(DBAPIError, match="stays as it was concluded"), session.begin_nested():
        session.execute(sql(how))


def test_one_review_is_open_at_a_time_and_only_under_way(chamber: Chamber, session: Session) -> None:
    opened(chamber)
    with pytest.raises(ReviewIsOpen):
        opened(chamber)
    chamber.mission.state = MissionState.ADOPTED
    session.flush()
    with pytest.raises(NotUnderWay):
        opened(chamber)


def test_a_review_spawns_a_call_and_both_lead_to_each_other(chamber: Chamber, session: Session) -> None:
    """DOMAIN 18: no waterfall: a review that adapts opens a new question, linked both ways."""
    review = concluded(chamber, V.ADAPT)

    call = course.ask_anew(session, review, chamber.scene.carol.id)

    assert (review.call_id, call.state) == (call.id, CallState.DRAFT)
    assert course.behind(session, call) == (chamber.mission, review)
    link = session.exec(select(Link).where(Link.from_id == call.id)).one()
    assert (link.kind, link.to_id) == (LinkKind.FOLLOWS, chamber.mission.id)
    with pytest.raises(LedToCall):
        course.ask_anew(session, review, chamber.scene.carol.id)


def test_a_review_that_continues_spawns_none(chamber: Chamber, session: Session) -> None:
    review = concluded(chamber)

    with pytest.raises(AdaptsNothing):
        course.ask_anew(session, review, chamber.scene.carol.id)


def test_signals_survive_their_keeping(chamber: Chamber) -> None:
    told = Signal(
        SignalKind.MONEY, "money:0:CLP", signals.phrase("%(a)s to %(b)s", a=Decimal("1.50"), b=today()), "/x"
    )

    assert Signal.from_facts(told.as_facts()) == told


def test_the_log_tells_the_same_as_the_records(chamber: Chamber, session: Session) -> None:
    review = opened(chamber, CourseKind.END)
    answered(chamber, review)
    lessons = Conclusion(V.STOP, "It did not work.", ["Everything"], ["Measure first", "Ask sooner"])
    course.conclude(session, review, lessons, chamber.chair.id)

    assert len(course.lessons_of(session, chamber.mission.id)) == 2
    assert review.verdict is V.STOP
    assert Noun.STATEMENT not in {each.noun for each in replay.report(session).compared.differing}
