"""Two at once on one condition: a yes against newer words, and two people of one side who say yes together."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app.models.condition import Condition, versions_of, yes_to
from app.rules.words import ConditionState, Side
from app.services import conditions
from tests.people import make_person
from tests.services.contracted import Contract, make_contract, propose
from tests.services.contracted import text as words
from tests.services.test_reviews_race import at_once


@pytest.fixture
def contract(db: Session) -> Contract:
    return make_contract(db)


@pytest.fixture
def condition(contract: Contract, db: Session) -> Condition:
    made = propose(contract)
    db.commit()
    return made


def test_a_yes_never_lands_on_words_it_was_not_said_to(
    engine: Engine, db: Session, contract: Contract, condition: Condition
) -> None:
    key, funder, lead = condition.id, contract.funder.id, contract.lead.id
    other = words(90, clause="Only what the firm wants to publish is published.")

    answers = at_once(
        engine,
        lambda session: conditions.agree(session, session.get_one(Condition, key), Side.LEAD, 1, lead),
        lambda session: conditions.counter(
            session, session.get_one(Condition, key), other, Side.FUNDER, 1, funder
        ),
    )

    db.expire_all()
    first, second = versions_of(db, [key])
    said = {each.side for each in yes_to(db, [first.id])}
    assert answers in (["", ""], ["NewerVersion", ""])
    assert {each.side for each in yes_to(db, [second.id])} == {Side.FUNDER}
    if answers[0]:
        assert (condition.state, condition.version, said) == (ConditionState.PROPOSED, 2, {Side.FUNDER})
    else:
        assert (condition.state, condition.version, said) == (ConditionState.AGREED, 1, set(Side))


def test_two_people_of_a_side_say_yes_once(
    engine: Engine, db: Session, contract: Contract, condition: Condition
) -> None:
    another = make_person(db, "Lucho of the firm", organisation_id=contract.firm.id).id
    db.commit()
    key, lead = condition.id, contract.lead.id

    answers = at_once(
        engine,
        lambda session: conditions.agree(session, session.get_one(Condition, key), Side.LEAD, 1, lead),
        lambda session: conditions.agree(session, session.get_one(Condition, key), Side.LEAD, 1, another),
    )

    db.expire_all()
    assert sorted(answers) == ["", "OtherSideHasToAgree"]
    assert condition.state is ConditionState.AGREED
    assert len(yes_to(db, [versions_of(db, [key])[0].id])) == 2


def test_without_its_trigger_the_database_would_let_one_side_bind(db: Session, condition: Condition) -> None:
    """The trigger refuses what no service does, and without it the same statement goes through."""
    bind = text("UPDATE condition SET state = 'agreed' WHERE id = :id")
    with pytest.raises(DBAPIError, match="both sides"), db.begin_nested():
        db.execute(bind, {"id": condition.id})

    with db.begin_nested() as undone:
        db.execute(text("ALTER TABLE condition DISABLE TRIGGER both_sides_agree"))
        assert db.execute(bind, {"id": condition.id}).rowcount == 1  # type: ignore[attr-defined]
        undone.rollback()
