"""Comments on missions and decisions: two deep, a page at a time, told to whom they answer, gone when taken back."""

from uuid import uuid4

import pytest
from sqlmodel import Session, select

from app.errors import NotFound
from app.models.decision import Decision
from app.models.event import Event
from app.models.mission import Mission, clauses_of
from app.models.notification import Notification
from app.models.person import Person
from app.models.statement import Statement
from app.rules.deliberation import Withdrawn
from app.rules.moderation import HidingRule
from app.rules.words import MissionState, SubjectKind
from app.services import conversations, deliberation, spoken, spoken_moderation
from tests.people import make_person
from tests.replayed import begin
from tests.services.chamber import Chamber, make_chamber

MISSION, DECISION = SubjectKind.MISSION, SubjectKind.DECISION


@pytest.fixture
def chamber(session: Session) -> Chamber:
    return make_chamber(session)


def say(
    chamber: Chamber, words: str, parent: Statement | None = None, person: Person | None = None,
    on: Mission | Decision | None = None,
) -> Statement:  # fmt: skip
    person = person or make_person(chamber.session, f"P {uuid4().hex[:8]}")
    return conversations.say(
        chamber.session, on or chamber.mission, person, words, uuid4().hex, parent.id if parent else None
    )


def told(comments: list[conversations.Comment]) -> list[object]:
    return [
        [each.statement.text, told(each.replies)] if each.replies else each.statement.text
        for each in comments
    ]


def test_replies_go_two_deep_and_no_deeper(chamber: Chamber) -> None:
    root = say(chamber, "one")
    reply = say(chamber, "two", root)
    deeper = say(chamber, "three", reply)
    say(chamber, "beside three", deeper)
    say(chamber, "another")

    page = conversations.page(chamber.session, MISSION, chamber.mission.id)

    assert told(page.comments) == [["one", [["two", ["three", "beside three"]]]], "another"]
    assert deliberation.talk(chamber.session, chamber.mission.id).comments == 5


def test_a_decision_has_a_conversation_of_its_own(chamber: Chamber) -> None:
    decision = chamber.notice()
    say(chamber, "on the mission")
    said = say(chamber, "on the vote", on=decision)

    page = conversations.page(chamber.session, DECISION, decision.id)
    assert told(page.comments) == ["on the vote"]
    assert conversations.count(chamber.session, DECISION, decision.id) == 1
    with pytest.raises(NotFound):
        say(chamber, "lost", said)


def test_a_page_ends_and_the_next_one_goes_on(chamber: Chamber) -> None:
    many = conversations.PAGE + 3
    for number in range(many):
        root = say(chamber, f"{number}")
        say(chamber, f"to {number}", root)

    first = conversations.page(chamber.session, MISSION, chamber.mission.id)
    assert first.next is not None
    second = conversations.page(chamber.session, MISSION, chamber.mission.id, first.next)

    assert told([*first.comments, *second.comments]) == [[f"{n}", [f"to {n}"]] for n in range(many)]
    assert second.next is None


def test_one_clause_can_be_asked_for(chamber: Chamber) -> None:
    session, (clause, *_others) = chamber.session, clauses_of(chamber.session, chamber.mission.id)
    person = make_person(session, "Clara")
    on_clause = conversations.say(session, chamber.mission, person, "here", "1", None, clause.id)
    reply = conversations.say(session, chamber.mission, person, "and here", "2", on_clause.id)
    say(chamber, "everything")

    page = conversations.page(session, MISSION, chamber.mission.id, about_id=clause.id)

    assert told(page.comments) == [["here", ["and here"]]]
    assert reply.about_id == clause.id
    with pytest.raises(NotFound):
        conversations.say(session, chamber.mission, person, "nowhere", "3", None, uuid4())


def test_withdrawn_words_leave_a_mark_only_under_replies(chamber: Chamber) -> None:
    olga = make_person(chamber.session, "Olga")
    with_reply, alone = say(chamber, "one", person=olga), say(chamber, "two", person=olga)
    say(chamber, "still here", with_reply)
    for each in (with_reply, alone):
        spoken.withdraw(chamber.session, each, olga.id)

    page = conversations.page(chamber.session, MISSION, chamber.mission.id)

    assert told(page.comments) == [["", ["still here"]]]
    assert deliberation.talk(chamber.session, chamber.mission.id).comments == 1


def test_hidden_words_say_why(chamber: Chamber) -> None:
    said = say(chamber, "rude words")
    spoken_moderation.hide(chamber.session, said, chamber.scene.carol, HidingRule.INSULT, "It is rude.")

    (shown,) = conversations.page(chamber.session, MISSION, chamber.mission.id).comments

    assert shown.hiding is not None
    assert shown.hiding.reason == "It is rude."


def test_whoever_is_answered_is_told_once(chamber: Chamber) -> None:
    olga = make_person(chamber.session, "Olga")
    root = say(chamber, "one", person=olga)
    say(chamber, "two", root)
    say(chamber, "to myself", root, olga)

    found = chamber.session.exec(select(Notification).where(Notification.person_id == olga.id)).all()

    assert [(each.kind, each.subject_id) for each in found] == [("words_answered", chamber.mission.id)]


def test_the_same_form_twice_is_one_comment(chamber: Chamber) -> None:
    olga = make_person(chamber.session, "Olga")
    made = [conversations.say(chamber.session, chamber.mission, olga, "Twice.", "one form") for _ in range(2)]

    assert made[0].id == made[1].id


def test_nothing_more_is_said_about_what_was_withdrawn(chamber: Chamber) -> None:
    chamber.mission.outcome_reason, chamber.mission.state = "A mistake.", MissionState.WITHDRAWN
    chamber.session.flush()

    with pytest.raises(Withdrawn):
        say(chamber, "but why?")


def test_events_tell_states_and_never_words(chamber: Chamber) -> None:
    chamber.mission.state = MissionState.CANDIDATE
    memory = begin(chamber.session)
    olga = make_person(chamber.session, "Olga")
    root = say(chamber, "words of olga", person=olga)
    say(chamber, "an answer", root)
    memory.remember(chamber.session, "said")
    spoken.withdraw(chamber.session, root, olga.id)
    memory.remember(chamber.session, "withdrawn")

    assert memory.wrong(chamber.session) == {}
    assert not any("words of olga" in str(each.facts) for each in chamber.session.exec(select(Event)))
