"""Objections: anyone makes one, everyone reads its answer, and no vote is announced while one waits."""

import threading
from uuid import uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.errors import NotFound, Refusal
from app.models.event import Event
from app.models.mission import Mission, clauses_of
from app.models.notification import Notification
from app.models.person import Person
from app.models.statement import Statement
from app.models.text_version import TextVersion
from app.rules.deliberation import AnsweredAlready, ObjectionsOpen, TextIsFixed
from app.rules.moderation import HidingRule
from app.rules.moves import ReasonMissing
from app.rules.words import AnswerState, Choice, MissionState, StatementKind, StatementState
from app.services import (
    decisions_certify,
    decisions_count,
    decisions_matter,
    objections,
    spoken,
    spoken_moderation,
)
from app.services.spoken import AnotherAnswers
from tests.people import make_person
from tests.replayed import begin
from tests.services.chamber import Chamber, make_chamber
from tests.services.signed import sign_by_two

A = AnswerState
WORDS = "The upper villages have no roofs that would carry panels."


@pytest.fixture
def chamber(session: Session) -> Chamber:
    return make_chamber(session)


def objector(session: Session) -> Person:
    return make_person(session, f"Olga {uuid4().hex[:8]}")


def object_to(chamber: Chamber, person: Person | None = None, words: str = WORDS) -> Statement:
    session = chamber.session
    return objections.make(session, chamber.mission, person or objector(session), words, uuid4().hex)


def test_an_open_objection_blocks_certification(chamber: Chamber) -> None:
    """DOMAIN 16: while it waits there is no vote to certify; once it is answered the same vote is certified."""
    session, secretary = chamber.session, chamber.secretary.id
    decision, objection = chamber.put(), object_to(chamber)
    with pytest.raises(ObjectionsOpen):
        chamber.notice()
    with pytest.raises(Refusal):
        decisions_certify.certify(session, decision, "All could see it.", secretary)

    objections.answer(session, objection, chamber.scene.carol, A.DECLINED, "Ground panels count too.")
    chamber.notice()
    with pytest.raises(TextIsFixed):
        object_to(chamber)
    chamber.cast_all(Choice.FOR)
    decisions_count.close(session, decision, None, at=decision.closes_at)
    sign_by_two(session, decision)
    decisions_certify.certify(session, decision, "All could see it.", secretary)

    assert chamber.mission.state is MissionState.ADOPTED


def test_no_vote_is_announced_while_an_objection_waits(chamber: Chamber) -> None:
    session, carol = chamber.session, chamber.scene.carol
    chamber.put()
    objection = object_to(chamber)

    with pytest.raises(ObjectionsOpen) as refusal:
        chamber.notice()
    assert WORDS[:40] in str(refusal.value)
    ready = decisions_matter.readiness(session, chamber.decision, [chamber.mission])
    (gate,) = [each for each in ready.gates if each.key == "objections"]
    assert not gate.met
    assert not ready.is_ready
    assert WORDS[:40] in str(gate.missing.english if gate.missing else "")

    objections.answer(session, objection, carol, A.DECLINED, "Ground panels count too: see clause 2.")
    assert decisions_matter.readiness(session, chamber.decision, [chamber.mission]).is_ready
    chamber.notice()
    assert chamber.mission.state is MissionState.ON_BALLOT


def test_an_answer_is_public_told_and_given_once(chamber: Chamber) -> None:
    session, carol, olga = chamber.session, chamber.scene.carol, objector(chamber.session)
    objection = object_to(chamber, olga)

    given = objections.answer(session, objection, carol, A.ACCEPTED, "Right: clause 2 names the ground now.")

    (shown,) = objections.listed(session, chamber.mission).objections
    assert (shown.state, shown.answer, shown.is_open) == (A.ACCEPTED, given, False)
    told = list(session.exec(select(Notification.kind).where(Notification.person_id == olga.id)))
    assert told == ["objection_accepted"]
    with pytest.raises(AnsweredAlready):
        objections.answer(session, objection, carol, A.DECLINED, "Another answer.")


def test_nobody_answers_their_own_objection_nor_without_a_reason(chamber: Chamber) -> None:
    session, carol = chamber.session, chamber.scene.carol

    with pytest.raises(AnotherAnswers):
        objections.answer(session, object_to(chamber, carol), carol, A.ACCEPTED, "I agree with myself.")
    with pytest.raises(ReasonMissing):
        objections.answer(session, object_to(chamber), carol, A.DECLINED, "  ")
    with pytest.raises(AnsweredAlready):
        objections.answer(session, object_to(chamber), carol, A.TO_VOTE, "Objections are not voted on.")


def test_hiding_the_words_of_an_objection_does_not_answer_it(chamber: Chamber) -> None:
    session, carol = chamber.session, chamber.scene.carol
    objection = object_to(chamber)
    spoken_moderation.hide(session, objection, carol, HidingRule.INSULT, "It attacks a neighbour by name.")

    assert objections.waiting(session, chamber.mission.id) == ["…"]
    chamber.put()
    with pytest.raises(ObjectionsOpen) as refusal:
        chamber.notice()
    assert WORDS[:20] not in str(refusal.value)


def test_a_withdrawn_objection_waits_for_nobody_and_its_words_are_gone(chamber: Chamber) -> None:
    session, olga = chamber.session, objector(chamber.session)
    objection = object_to(chamber, olga)

    spoken.withdraw(session, objection, olga.id)

    assert objections.waiting(session, chamber.mission.id) == []
    assert objections.listed(session, chamber.mission).objections == []
    kept = session.exec(select(TextVersion).where(TextVersion.subject_id == objection.id)).one()
    assert (objection.text, kept.words, kept.salt) == ("", None, None)
    with pytest.raises(AnsweredAlready):
        objections.answer(session, objection, chamber.scene.carol, A.DECLINED, "Too late.")


def test_nobody_else_withdraws_it(chamber: Chamber) -> None:
    objection = object_to(chamber)

    with pytest.raises(NotFound):
        spoken.withdraw(chamber.session, objection, chamber.scene.carol.id)


def test_the_same_form_twice_is_one_objection(chamber: Chamber) -> None:
    session, olga = chamber.session, objector(chamber.session)

    made = [objections.make(session, chamber.mission, olga, WORDS, "one form") for _ in range(2)]

    assert made[0].id == made[1].id
    assert objections.counts(session, chamber.mission.id) == (1, 1)


def test_a_text_before_the_committee_takes_no_objection(chamber: Chamber) -> None:
    chamber.notice()

    with pytest.raises(TextIsFixed):
        object_to(chamber)


def test_an_objection_names_a_clause_of_this_mission_only(chamber: Chamber) -> None:
    session, olga = chamber.session, objector(chamber.session)
    (first, *_others) = clauses_of(session, chamber.mission.id)

    made = objections.make(session, chamber.mission, olga, WORDS, uuid4().hex, first.id)
    (shown,) = objections.listed(session, chamber.mission).objections
    assert (made.about_id, shown.clause_number) == (first.id, 1)
    with pytest.raises(NotFound):
        objections.make(session, chamber.mission, olga, WORDS, uuid4().hex, uuid4())


def test_those_that_wait_stand_first_page_by_page(chamber: Chamber, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objections, "PAGE", 2)
    session, carol = chamber.session, chamber.scene.carol
    made = [object_to(chamber, words=f"Objection number {n} about the roofs.") for n in range(5)]
    for each in made[:2]:
        objections.answer(session, each, carol, A.DECLINED, "As said in clause 2.")

    seen, cursor = [], ""
    while True:
        page = objections.listed(session, chamber.mission, cursor)
        seen += [each.statement.id for each in page.objections]
        if page.next is None:
            break
        cursor = page.next

    assert seen == [each.id for each in (*made[2:], *made[:2])]


def test_events_tell_states_and_never_words(chamber: Chamber) -> None:
    session, carol, olga = chamber.session, chamber.scene.carol, objector(chamber.session)
    chamber.mission.state = MissionState.CANDIDATE  # as its events tell: the chamber framed it by hand
    memory = begin(session)

    one, two = object_to(chamber, olga), object_to(chamber, olga, "And who pays for the upkeep of it all?")
    memory.remember(session, "made")
    objections.answer(session, one, carol, A.ACCEPTED, "True, and said in clause 3 now.")
    memory.remember(session, "answered")
    spoken.withdraw(session, two, olga.id)
    memory.remember(session, "withdrawn")
    third = object_to(chamber, olga, "A third thing that is wrong with it.")
    spoken.report(session, third, carol, "Said before.")
    spoken_moderation.hide(session, third, carol, HidingRule.REPEATED, "Said before.")
    memory.remember(session, "hidden")
    spoken.appeal(session, third, olga, "It is another matter.")
    spoken_moderation.decide_appeal(session, third, carol, upheld=True, reason="Indeed.")
    memory.remember(session, "upheld")

    assert memory.wrong(session) == {}
    facts = [str(each.facts) for each in session.exec(select(Event))]
    assert not any(WORDS[:20] in each or "clause 3 now" in each for each in facts)
    assert third.state is StatementState.VISIBLE


def test_an_objection_and_a_notice_at_once_never_both_pass(clean: Engine) -> None:
    """Whichever holds the mission first wins; the other reads what the first one wrote."""
    for first in ("objection", "notice"):
        with Session(clean, expire_on_commit=False) as session:
            chamber = make_chamber(session)
            chamber.put()
            olga = objector(session)
            session.commit()
        results = race(clean, chamber, olga, first)
        with Session(clean) as session:
            mission = session.get_one(Mission, chamber.mission.id)
            query = select(Statement).where(Statement.kind == StatementKind.OBJECTION)
            found = [each for each in session.exec(query) if each.subject_id == mission.id]

        expected = {"objection": ["ObjectionsOpen"], "notice": ["TextIsFixed"]}[first]
        assert results == expected
        assert (mission.state is MissionState.ON_BALLOT) == (first == "notice")
        assert len(found) == int(first == "objection")


def race(engine: Engine, chamber: Chamber, olga: Person, first: str) -> list[str]:
    """Hold one act just before its commit until the other waits for the mission's row."""
    holds, problems = threading.Event(), []

    def objecting(session: Session) -> None:
        mission = session.get_one(Mission, chamber.mission.id)
        objections.make(session, mission, session.get_one(Person, olga.id), WORDS, "race")

    def noticing(session: Session) -> None:
        again = Chamber(**{**vars(chamber), "session": session})
        again.decision = session.get_one(type(chamber.decision), chamber.decision.id)  # type: ignore[union-attr, arg-type]
        again.notice()

    acts = {"objection": objecting, "notice": noticing}
    second = next(name for name in acts if name != first)

    def run(name: str) -> None:
        try:
            with Session(engine, expire_on_commit=False) as session:
                if name == second:
                    holds.wait(10)
                acts[name](session)
                if name == first:
                    holds.set()
                    threading.Event().wait(0.5)
                session.commit()
        except Exception as problem:
            problems.append(type(problem).__name__)

    threads = [threading.Thread(target=run, args=(name,)) for name in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return problems
