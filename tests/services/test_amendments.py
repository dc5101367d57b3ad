"""Amendments: other words for a clause, shown word by word, put in with their author's name, gone when taken back."""

from threading import Barrier, Thread
from uuid import uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.errors import NotFound
from app.models.amendment import Amendment
from app.models.event import Event
from app.models.mission import Clause, Mission, clauses_of
from app.models.notification import Notification
from app.models.organisation import Organisation
from app.models.person import Person
from app.models.statement import Statement
from app.rules.deliberation import AnsweredAlready, TextIsFixed
from app.rules.moderation import HidingRule
from app.rules.word_diffs import Part
from app.rules.words import AnswerState, MissionState, Origin, StatementKind
from app.services import (
    amendments,
    amendments_decide,
    amendments_show,
    decisions_compare,
    missions,
    missions_clauses,
    missions_show,
    spoken,
    spoken_moderation,
    submissions,
)
from app.services.amendments import AmendmentText, OtherWindow, SameWords
from app.services.amendments_decide import LookAgain, NotAsShown
from app.services.amendments_show import Standing
from app.services.missions_clauses import ClauseText
from app.services.missions_edit import MissionChanged
from app.services.spoken import AnotherAnswers
from tests.people import make_facilitator, make_person
from tests.replayed import begin
from tests.services.chamber import make_chamber
from tests.services.drafted import make_mission

A = AnswerState
OWN = "The agency pays for the upkeep of every panel for ten years."
BETTER = "The agency pays for the upkeep of every panel and battery for ten years."
WHY = "Batteries break first."


class Town:
    """A drafted mission with one clause of the agency's own, and somebody who wants other words."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.mission, self.scene = make_mission(session)
        self.olga = make_person(session, f"Olga {uuid4().hex[:8]}")
        self.clause = self.write(OWN)

    @property
    def carol(self) -> Person:
        return self.scene.carol

    def write(self, words: str, clause: Clause | None = None) -> Clause:
        typed = ClauseText("conditions", words, Origin.AGENCY, 1000)
        return missions_clauses.write(
            self.session, self.mission, clause, typed, self.mission.version, self.carol.id
        )

    def propose(
        self, words: str = BETTER, clause: Clause | None = None, person: Person | None = None
    ) -> Statement:
        typed = AmendmentText(words, WHY, (clause or self.clause).id)
        return amendments.propose(self.session, self.mission, person or self.olga, typed, uuid4().hex)

    def shown(self, statement: Statement) -> amendments_show.Shown:
        return amendments_show.one(self.session, self.mission, statement)

    def accept(self, statement: Statement) -> None:
        amendments_decide.accept(
            self.session,
            statement,
            self.carol,
            "It is right.",
            self.mission.version,
            self.shown(statement).seen,
        )


@pytest.fixture
def town(session: Session) -> Town:
    return Town(session)


def test_a_proposal_is_shown_word_by_word(town: Town) -> None:
    shown = town.shown(town.propose())

    assert shown.standing is Standing.CURRENT
    assert [each.text for each in shown.stretches if each.part is Part.NEW] == ["and battery "]
    assert [each for each in shown.stretches if each.part is Part.GONE] == []


def test_accepted_words_are_in_the_mission_with_their_author_and_from_below(town: Town) -> None:
    before = missions_show.shown(town.session, town.mission).from_below
    version, statement = town.mission.version, town.propose()

    town.accept(statement)

    page = missions_show.shown(town.session, town.mission)
    (shown,) = [each for part in page.sections for each in part.clauses if each.clause.id == town.clause.id]
    assert (shown.text, shown.clause.origin) == (BETTER, Origin.AMENDMENT)
    assert shown.amendments == [statement.id]
    assert shown.is_from_below
    assert page.from_below > before
    assert town.mission.version == version + 1
    told = list(town.session.exec(select(Notification.kind).where(Notification.person_id == town.olga.id)))
    assert told == ["amendment_accepted"]


def test_what_the_agencys_own_people_propose_comes_from_above(town: Town) -> None:
    dora = town.carol
    statement = town.propose(person=dora)
    with pytest.raises(AnotherAnswers):
        town.accept(statement)

    agency = town.session.get_one(Organisation, town.mission.organisation_id)
    other = make_facilitator(town.session, agency, f"Dora {uuid4().hex[:6]}")
    amendments_decide.accept(
        town.session, statement, other, "It is right.", town.mission.version, town.shown(statement).seen
    )

    assert town.clause.origin is Origin.AGENCY


def test_a_new_clause_stands_at_the_end(town: Town) -> None:
    typed = AmendmentText("Nobody pays more than today.", "For the poorest.", None, "conditions")
    statement = amendments.propose(town.session, town.mission, town.olga, typed, "new")

    town.accept(statement)

    last = clauses_of(town.session, town.mission.id)[-1]
    assert (last.text, last.section, last.origin) == (typed.words, "conditions", Origin.AMENDMENT)


def test_words_that_stand_there_already_are_no_proposal(town: Town) -> None:
    with pytest.raises(SameWords):
        town.propose(OWN.replace(" ", "  "))


def test_a_clause_that_changed_elsewhere_is_brought_together(town: Town) -> None:
    statement = town.propose()
    town.write(OWN.replace("ten years", "twenty years"), town.clause)

    shown = town.shown(statement)
    assert shown.standing is Standing.REBASED
    assert shown.applied == BETTER.replace("ten years", "twenty years")
    town.accept(statement)

    assert town.clause.text == shown.applied
    # The version that is kept holds what really stands there.
    kept = decisions_compare.kept_at(town.session, town.mission, town.mission.version)
    assert kept is not None
    assert decisions_compare.clause_texts(town.session, kept)[str(town.clause.id)] == shown.applied


def test_a_clause_that_changed_in_the_same_place_has_to_be_looked_at_again(town: Town) -> None:
    statement = town.propose(OWN.replace("ten", "fifteen"))
    town.write(OWN.replace("ten", "twenty"), town.clause)

    assert town.shown(statement).standing is Standing.CLASHES
    with pytest.raises(LookAgain):
        town.accept(statement)
    amendments.revise(
        town.session, statement, AmendmentText(OWN.replace("ten", "thirty"), WHY), 1, town.olga.id
    )

    assert town.shown(statement).standing is Standing.CURRENT
    town.accept(statement)
    assert "thirty years" in town.clause.text


def test_a_clause_that_was_removed_has_to_be_looked_at_again(town: Town) -> None:
    statement = town.propose()
    missions_clauses.remove(town.session, town.mission, town.clause, town.mission.version, town.carol.id)

    assert town.shown(statement).standing is Standing.GONE
    with pytest.raises(LookAgain):
        town.accept(statement)


def test_nobody_accepts_words_they_did_not_read(town: Town) -> None:
    statement = town.propose()
    seen = town.shown(statement).seen
    amendments.revise(town.session, statement, AmendmentText(BETTER + " And more.", WHY), 1, town.olga.id)

    with pytest.raises(NotAsShown):
        amendments_decide.accept(town.session, statement, town.carol, "Yes.", town.mission.version, seen)
    with pytest.raises(MissionChanged):
        amendments_decide.accept(
            town.session, statement, town.carol, "Yes.", town.mission.version - 1, town.shown(statement).seen
        )
    assert town.clause.text == OWN


def test_words_taken_back_are_gone_everywhere(town: Town) -> None:
    statement = town.propose()
    town.accept(statement)
    spoken.withdraw(town.session, statement, town.olga.id)

    session, mission = town.session, town.mission
    assert "battery" not in str(missions.snapshot(session, mission))
    sections = missions_show.shown(session, mission).sections
    assert "battery" not in str([each.text for part in sections for each in part.clauses])
    kept = decisions_compare.kept_at(session, mission, mission.version)
    assert kept is not None
    assert "battery" not in str(kept)
    assert "battery" not in str(decisions_compare.clause_texts(session, kept))
    changed = town.write("Upkeep is paid for by the agency.", town.clause)
    assert changed.text in str(missions.snapshot(session, mission))


def test_an_amendment_that_uses_a_voices_words_goes_with_the_voice(town: Town) -> None:
    """Also once it was accepted, and also when the voice's author had nothing to do with it."""
    (quoted, *_others) = clauses_of(town.session, town.mission.id)
    voice = next(each for each in town.scene.voices if each.text == quoted.text)
    waiting = town.propose(quoted.text.replace(".", " and spring."), quoted)
    accepted = town.propose(quoted.text.replace(".", ", at once."), quoted)
    town.accept(accepted)

    submissions.withdraw(town.session, voice, voice.author_id)  # type: ignore[arg-type]

    assert not town.shown(waiting).is_readable
    assert town.shown(waiting).applied == ""
    assert "at once" not in str(missions.snapshot(town.session, town.mission))


def test_hidden_words_are_out_of_the_mission_until_they_are_back(town: Town) -> None:
    statement = town.propose()
    town.accept(statement)
    spoken_moderation.hide(town.session, statement, town.carol, HidingRule.INSULT, "It names a neighbour.")
    assert "battery" not in str(missions.snapshot(town.session, town.mission))

    spoken_moderation.restore(town.session, statement, town.carol, "It was the wrong one.")
    assert "battery" in str(missions.snapshot(town.session, town.mission))


def test_a_facilitators_edit_keeps_who_proposed_the_words(town: Town) -> None:
    statement = town.propose()
    town.accept(statement)
    typed = ClauseText("conditions", BETTER + " And not a day less.", Origin.AMENDMENT, 1000)
    missions_clauses.write(
        town.session, town.mission, town.clause, typed, town.mission.version, town.carol.id
    )

    spoken.withdraw(town.session, statement, town.olga.id)

    assert "battery" not in str(missions.snapshot(town.session, town.mission))


def test_declined_and_put_to_a_vote(town: Town) -> None:
    declined, voted = town.propose(), town.propose(OWN.replace("ten", "six"))
    amendments_decide.answer(town.session, declined, town.carol, A.DECLINED, "Too dear.")
    amendments_decide.answer(town.session, voted, town.carol, A.TO_VOTE, "The committee decides how long.")

    with pytest.raises(AnsweredAlready):
        town.accept(declined)
    (waits,) = amendments_decide.amendments_for_vote(town.session, town.mission)
    assert (waits.statement_id, waits.proposed, waits.present) == (voted.id, voted.text, OWN)
    ids = [each.id for each in waits.options]
    assert ids == [str(voted.id), amendments_decide.AS_IT_STANDS]
    assert len({each.snapshot for each in waits.options}) == 2
    assert not any(
        OWN in str(each.as_facts()) or voted.text in str(each.as_facts()) for each in waits.options
    )


@pytest.mark.parametrize("outcome", [A.ACCEPTED, A.DECLINED, A.OPEN])
def test_a_vote_settles_what_was_put_to_it(town: Town, outcome: AnswerState) -> None:
    chamber = make_chamber(town.session)
    decision = chamber.put()
    voted = town.propose(OWN.replace("ten", "six"))
    amendments_decide.answer(town.session, voted, town.carol, A.TO_VOTE, "The committee decides.")
    version = town.mission.version
    town.clause.text = OWN + " Or so."  # whatever happened meanwhile, exactly what was voted on goes in

    amendments_decide.settle_voted(town.session, voted.id, outcome, chamber.secretary.id, decision.id)

    assert (town.clause.text == voted.text) is (outcome is A.ACCEPTED)
    assert town.mission.version == version + (outcome is A.ACCEPTED)
    assert town.shown(voted).state is outcome
    assert amendments_decide.amendments_for_vote(town.session, town.mission) == []


def test_its_author_writes_it_anew_and_never_over_another_window(town: Town) -> None:
    statement = town.propose()
    amendments.revise(town.session, statement, AmendmentText(BETTER + " Always.", WHY), 1, town.olga.id)

    with pytest.raises(OtherWindow):
        amendments.revise(town.session, statement, AmendmentText(BETTER + " Never.", WHY), 1, town.olga.id)
    with pytest.raises(NotFound):
        amendments.revise(town.session, statement, AmendmentText("Mine.", WHY), 2, town.carol.id)
    assert statement.text == BETTER + " Always."


def test_a_text_before_the_committee_takes_no_other_words(town: Town) -> None:
    town.mission.state = MissionState.ON_BALLOT
    town.session.flush()

    with pytest.raises(TextIsFixed):
        town.propose()


def test_events_tell_every_state_and_never_words(town: Town) -> None:
    memory = begin(town.session)
    one, two, three = town.propose(), town.propose(OWN.replace("ten", "six")), town.propose(OWN + " Always.")
    memory.remember(town.session, "proposed")
    amendments.revise(town.session, two, AmendmentText(OWN.replace("ten", "five"), WHY), 1, town.olga.id)
    town.accept(one)
    memory.remember(town.session, "accepted")
    amendments_decide.answer(town.session, two, town.carol, A.DECLINED, "Too short.")
    amendments_decide.answer(town.session, three, town.carol, A.TO_VOTE, "You decide.")
    memory.remember(town.session, "answered")
    spoken.withdraw(town.session, one, town.olga.id)
    memory.remember(town.session, "withdrawn")

    assert memory.wrong(town.session) == {}
    assert not any("battery" in str(each.facts) for each in town.session.exec(select(Event)))


def test_two_stewards_at_once_accept_once(clean: Engine) -> None:
    with Session(clean, expire_on_commit=False) as session:
        town = Town(session)
        statement = town.propose()
        seen, version = town.shown(statement).seen, town.mission.version
        dora = make_facilitator(session, session.get_one(Organisation, town.mission.organisation_id), "Dora")
        session.commit()
    barrier, problems = Barrier(2, timeout=10), []

    def accept(person: Person) -> None:
        try:
            with Session(clean) as session:
                found = session.get_one(Statement, statement.id)
                by = session.get_one(Person, person.id)
                barrier.wait()
                amendments_decide.accept(session, found, by, "Yes.", version, seen)
                session.commit()
        except Exception as problem:
            problems.append(type(problem).__name__)

    threads = [Thread(target=accept, args=(each,)) for each in (town.carol, dora)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert problems == ["MissionChanged"]
    with Session(clean) as session:
        assert session.get_one(Mission, town.mission.id).version == version + 1
        answers = session.exec(select(Statement).where(Statement.kind == StatementKind.ANSWER)).all()
        assert len(answers) == 1
        assert session.get_one(Amendment, statement.id).version == 1
