"""Before a vote: a seconder of another stakeholder group, and a minimum of time between notice and opening."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session

from app.models.columns import now
from app.models.decision import Decision
from app.models.person import Person
from app.models.seat import live_seats_of
from app.permissions import Permission, can
from app.rules import notice
from app.rules.decisions import DecisionTimes
from app.rules.notice import MayNotSecond, NoticeTooShort, SecondedOtherwise, SeconderMissing
from app.rules.phases import PhaseForbids
from app.rules.replay_kinds import Noun
from app.rules.voting.tally import Terms
from app.rules.words import DecisionKind, InterestEffect, InterestKind, Role, ScopeKind, StakeholderGroup
from app.services import committees_bench, decisions, decisions_draft, decisions_freeze, minutes, seconding
from app.services.decisions_draft import Asked
from app.services.decisions_rule import RuleChoice
from app.viewer import Viewer
from tests.people import seat
from tests.replayed import begin
from tests.services.chamber import Chamber, make_chamber
from tests.services.declared import declare

HOURS = 48
ASKED = Asked("Shall we meet on Mondays from now on?", RuleChoice(name="supermajority"), lines=["Mondays"])


@pytest.fixture
def chamber(session: Session) -> Chamber:
    made = make_chamber(session)
    made.committee.notice_hours, made.committee.needs_seconder = HOURS, True
    made.chair.group = StakeholderGroup.PUBLIC
    session.flush()
    return made


def drafted(chamber: Chamber) -> Decision:
    return decisions_draft.draft(
        chamber.session, chamber.committee, DecisionKind.SETTLE, ASKED, chamber.chair.id
    )


def announce(chamber: Chamber, decision: Decision, hours: float = HOURS + 1, question: str = "") -> None:
    opens = now() + timedelta(hours=hours)
    times = DecisionTimes(opens, opens + timedelta(days=14))
    decisions.notice(chamber.session, decision, question or decision.question, times, chamber.chair.id)


def viewer(session: Session, person: Person) -> Viewer:
    return Viewer(person, tuple(live_seats_of(session, person.id)))


def test_nothing_is_announced_before_another_group_has_seconded_it(
    chamber: Chamber, session: Session
) -> None:
    memory, decision = begin(session), drafted(chamber)
    with pytest.raises(SeconderMissing):
        announce(chamber, decision)
    names = {each.name for each in seconding.of(session, decision).may}
    assert chamber.members["public 1"].name not in names
    assert chamber.members["citizens 1"].name in names

    with pytest.raises(MayNotSecond):
        seconding.second(session, decision, chamber.members["public 1"].id)
    seconding.second(session, decision, chamber.members["third 1"].id)
    memory.remember(session, "seconded")
    seconding.second(session, decision, chamber.members["citizens 1"].id)
    announce(chamber, decision)

    assert decision.seconded_by_id == chamber.seats["third 1"].id
    terms = Terms.from_facts(decision.terms)
    assert (terms.notice_hours, terms.seconded_by) == (HOURS, str(chamber.seats["third 1"].id))
    assert decisions_freeze.is_intact(decision)
    told = [line.sentence.english for line in minutes.of(session, decision).lines]
    assert "A member of another stakeholder group seconded the question." in told
    found = [each for comparison in memory.compared(session).values() for each in comparison.differing]
    assert [each for each in found if each.noun is Noun.DECISION] == []


def test_a_vote_opens_no_earlier_than_its_notice_wants(chamber: Chamber, session: Session) -> None:
    decision = drafted(chamber)
    seconding.second(session, decision, chamber.members["third 1"].id)

    with pytest.raises(NoticeTooShort) as refused:
        announce(chamber, decision, hours=HOURS - 1)
    assert refused.value.facts["hours"] == HOURS
    announce(chamber, decision, hours=HOURS + 0.1)

    assert decision.opens_at is not None
    assert decision.noticed_at is not None
    assert decision.opens_at - decision.noticed_at >= timedelta(hours=HOURS)


def test_a_seconder_stands_for_the_question_that_was_read(chamber: Chamber, session: Session) -> None:
    decision = drafted(chamber)
    seconding.second(session, decision, chamber.members["third 1"].id)
    with pytest.raises(SecondedOtherwise):
        announce(chamber, decision, question="Shall we meet on Sundays from now on?")

    asked = replace(ASKED, rule=RuleChoice(name="consent"))
    decisions_draft.redraft(session, decision, asked, chamber.chair.id)
    with pytest.raises(SecondedOtherwise):
        announce(chamber, decision)

    stands = seconding.of(session, decision)
    assert stands.is_stale
    assert not stands.is_done
    seconding.second(session, decision, chamber.members["academia 1"].id)
    announce(chamber, decision)
    assert decision.seconded_by_id == chamber.seats["academia 1"].id


def test_nobody_seconds_other_words_than_they_read(chamber: Chamber, session: Session) -> None:
    decision = drafted(chamber)
    read = decisions.fingerprint(decision, decision.question)
    decisions_draft.redraft(
        session, decision, replace(ASKED, question="Other words than those?"), chamber.chair.id
    )

    with pytest.raises(SecondedOtherwise):
        seconding.second(session, decision, chamber.members["third 1"].id, read)


def test_who_stepped_aside_or_has_no_vote_seconds_nothing(chamber: Chamber, session: Session) -> None:
    decision, alternate = drafted(chamber), chamber.add_alternate("third 1")
    tied = chamber.members["third 2"]
    declare(session, decision, tied.id, InterestKind.MONEY, "I rent out halls.", InterestEffect.RECUSE)

    for person in (tied, alternate, chamber.chair, chamber.secretary):
        with pytest.raises(MayNotSecond):
            seconding.second(session, decision, person.id)
    assert not can(session, viewer(session, tied), Permission.SECOND_QUESTION, decision)
    assert can(session, viewer(session, chamber.members["third 1"]), Permission.SECOND_QUESTION, decision)
    assert not can(session, viewer(session, chamber.scene.carol), Permission.SECOND_QUESTION, decision)


def test_a_chair_with_a_vote_is_seconded_by_another_group_than_that_seats(
    chamber: Chamber, session: Session
) -> None:
    citizen = chamber.members["citizens 1"]
    seat(session, citizen, Role.DEPUTY, ScopeKind.COMMITTEE, chamber.committee.id)
    decision = decisions_draft.draft(session, chamber.committee, DecisionKind.SETTLE, ASKED, citizen.id)

    groups = {each.seat.group for each in seconding.of(session, decision).may}

    assert groups == set(StakeholderGroup) - {StakeholderGroup.CITIZENS}


def test_an_announced_question_is_seconded_no_more(chamber: Chamber, session: Session) -> None:
    decision = drafted(chamber)
    seconding.second(session, decision, chamber.members["third 1"].id)
    announce(chamber, decision)

    with pytest.raises(PhaseForbids):
        seconding.second(session, decision, chamber.members["citizens 1"].id)


def test_members_find_on_their_workbench_what_waits_for_a_seconder(
    chamber: Chamber, session: Session
) -> None:
    decision = drafted(chamber)

    def waits(name: str) -> bool:
        found = committees_bench.tasks(session, chamber.committee, viewer(session, chamber.members[name]))
        return any(task.url == f"/decisions/{decision.id}#seconding" for task in found)

    assert waits("citizens 1")
    assert not waits("public 1")
    seconding.second(session, decision, chamber.members["third 1"].id)
    assert not waits("citizens 1")


def test_a_draft_is_read_by_members_only_where_one_of_them_seconds_it(
    chamber: Chamber, session: Session
) -> None:
    decision, member = drafted(chamber), viewer(session, chamber.members["citizens 1"])
    assert can(session, member, Permission.READ_DECISION, decision)

    chamber.committee.needs_seconder = False
    session.flush()

    assert not can(session, member, Permission.READ_DECISION, decision)


def test_where_one_group_is_all_there_is_it_seconds_its_own() -> None:
    public, third = StakeholderGroup.PUBLIC, StakeholderGroup.THIRD
    assert notice.is_of_another(public, public, {public})
    assert not notice.is_of_another(public, public, {public, third})
    assert notice.is_of_another(third, public, {public, third})
    assert notice.is_of_another(third, None, {public, third})
    assert not notice.is_of_another(None, public, {public, third})
