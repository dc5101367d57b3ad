"""Minutes: made from events, telling nothing before the count, added to and never changed."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app.models.statement import Statement
from app.rules.words import AnswerState, Choice, InterestEffect, InterestKind
from app.services import decisions_certify, decisions_count, minutes, objections
from tests import reviewed
from tests.people import make_person
from tests.replayed import begin
from tests.services.chamber import Chamber, make_chamber
from tests.services.declared import declare
from tests.services.signed import sign_by_two


@pytest.fixture
def chamber(session: Session) -> Chamber:
    return make_chamber(session)


def said(chamber: Chamber) -> list[str]:
    assert chamber.decision is not None
    return [line.sentence.english for line in minutes.of(chamber.session, chamber.decision).lines]


def test_a_vote_from_its_notice_to_its_certification(chamber: Chamber) -> None:
    session, olga = chamber.session, make_person(chamber.session, "Olga")
    chamber.put()
    objection = objections.make(session, chamber.mission, olga, "Who will pay for it after 2035?", "1")
    objections.answer(session, objection, chamber.scene.carol, AnswerState.DECLINED, "See clause 3.")
    decision = chamber.notice(opens_in=-15)
    declare(
        session, decision, chamber.members["third 1"].id, InterestKind.MONEY, "Shares.", InterestEffect.RECUSE,
        at=decision.opens_at,
    )  # fmt: skip
    for name in chamber.members:
        if name != "third 1" and name != "citizens 3":
            chamber.cast(name, Choice.FOR, at=decision.opens_at)

    before = minutes.of(session, decision)
    assert {seat.took_part for seat in before.seats} == {None}
    assert not any(line.detail or line.note for line in before.lines)
    assert not before.is_public
    decisions_count.close(session, decision, chamber.chair.id)
    sign_by_two(session, decision)
    decisions_certify.certify(session, decision, "All groups were for it.", chamber.secretary.id)

    after = minutes.of(session, decision)
    told = " ".join(said(chamber))
    for words in (
        "objected",
        "answered",
        "announced",
        "declared an interest",
        "recuse",
        "counted",
        "certified",
        "signed it",
    ):
        assert words in told or words in str(after.lines), words
    took_part = {seat.elector.seat_id: seat.took_part for seat in after.seats}
    assert took_part[chamber.seats["citizens 1"].id] is True
    assert took_part[chamber.seats["citizens 3"].id] is False
    assert sum("signed it" in str(line) for line in after.lines) == 2
    assert after.is_public
    (counted,) = [line for line in after.lines if line.detail]
    assert "Carried" in counted.detail.english  # type: ignore[union-attr]
    (certified,) = [line for line in after.lines if line.note]
    assert certified.note == "All groups were for it."


def test_a_note_is_added_and_nobody_changes_or_removes_it(chamber: Chamber) -> None:
    session, decision = chamber.session, chamber.notice()
    note = minutes.add_note(session, decision, chamber.secretary.id, "Tom joined by telephone.", "1")
    again = minutes.add_note(session, decision, chamber.secretary.id, "Tom joined by telephone.", "1")
    assert again.id == note.id
    (line,) = [line for line in minutes.of(session, decision).lines if line.note]
    assert (line.note, line.by) == ("Tom joined by telephone.", chamber.secretary.name)

    for change in ("UPDATE statement SET text = 'Tom was not there.'", "DELETE FROM statement"):
        with pytest.raises(DBAPIError, match="minutes are added to, never changed"), session.begin_nested():
            session.execute(text(f"{change} WHERE id = :id"), {"id": note.id})
    with session.begin_nested() as savepoint:
        session.execute(text("DROP TRIGGER a_note_is_never_changed ON statement"))
        session.execute(text("UPDATE statement SET text = 'Changed.' WHERE id = :id"), {"id": note.id})
        session.refresh(note)
        assert note.text == "Changed."  # without the trigger nothing would have stopped it
        savepoint.rollback()


def test_a_note_is_in_the_log_by_its_hash(chamber: Chamber) -> None:
    decision = chamber.notice()
    chamber.session.flush()
    memory = begin(chamber.session)
    note = minutes.add_note(chamber.session, decision, chamber.secretary.id, "We met at noon.", "1")
    memory.remember(chamber.session, "noted")

    states = memory.rebuilt(chamber.session, memory.kept[0][1]).found["statement"]
    assert states[str(note.id)]["state"] == "visible"
    assert chamber.session.get_one(Statement, note.id).text == "We met at noon."


def test_the_review_of_the_mission_is_in_the_minutes(chamber: Chamber) -> None:
    decision = chamber.put()
    reviewed.send(chamber.session, chamber)

    lines = [line.sentence.english for line in minutes.of(chamber.session, decision).lines]

    assert "The mission was sent to its reviewers." in lines
