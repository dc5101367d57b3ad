"""Organisations: one for each name however it is spelled; who speaks for one decides on nothing that it said."""

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from app.conditions.applying import SPEAKS_FOR_ONE
from app.conditions.asking import Ask
from app.conditions.named import NOT_OWN
from app.models.event import Event
from app.models.organisation import Organisation
from app.rules.words import StakeholderGroup
from app.services import backings, drafts, organisations, scopes, submissions
from app.services.drafts import Said
from app.services.organisations import OrganisationText
from app.viewer import Viewer
from tests.factories import make_call
from tests.people import make_facilitator, make_organisation, make_person
from tests.services.drafted import make_mission

G = StakeholderGroup
AGENCY = "Regional agency for sun and desert"
WORDS = "Shade over the market square, please."


@pytest.mark.parametrize("name", [AGENCY.upper(), AGENCY.replace("a", "а"), AGENCY.replace(" ", "-"), AGENCY])
def test_a_name_that_looks_like_another_is_taken(session: Session, name: str) -> None:
    known = organisations.add(session, OrganisationText(AGENCY, G.PUBLIC))
    other = organisations.add(session, OrganisationText("Port Authority", G.PUBLIC))

    with pytest.raises(organisations.NameTaken, match=AGENCY):
        organisations.add(session, OrganisationText(name, G.PRIVATE))
    with pytest.raises(organisations.NameTaken, match=AGENCY):
        organisations.edit(session, other, OrganisationText(name, G.PUBLIC), 1)

    session.refresh(other)
    assert (other.name, other.version) == ("Port Authority", 1)
    organisations.edit(session, known, OrganisationText(AGENCY.title(), G.PUBLIC, "North"), 1)
    assert (known.name, known.place, known.version) == (AGENCY.title(), "North", 2)


def test_the_database_keeps_names_apart_by_itself(clean: Engine) -> None:
    with Session(clean) as session:
        organisation = make_organisation(session, AGENCY)
        session.commit()
        session.refresh(organisation)
        row = """INSERT INTO organisation (id, name, name_key, "group", place, version, created_at)
            VALUES (gen_random_uuid(), 'Another', :key, 'public', '', 1, now())"""
        with pytest.raises(Exception, match="organisation_name_key_key"):
            session.connection().execute(text(row), {"key": organisation.name_key})


def test_every_change_is_one_event_and_none_changes_nothing(session: Session) -> None:
    agency, bob = organisations.add(session, OrganisationText(AGENCY, G.PUBLIC)), make_person(session)

    organisations.edit(session, agency, OrganisationText(AGENCY, G.PUBLIC), 1)
    organisations.edit(session, agency, OrganisationText(AGENCY, G.PUBLIC, "North"), 1)
    with pytest.raises(organisations.ChangedMeanwhile):
        organisations.edit(session, agency, OrganisationText("Water", G.PUBLIC), 1)
    organisations.set_of_person(session, bob, agency.id)
    organisations.set_of_person(session, bob, agency.id)
    session.flush()

    kinds = sorted(session.exec(select(Event.kind)).all())
    assert kinds == ["organisation_added", "organisation_changed", "person_organisation_set"]


def test_a_scope_is_named_as_people_spell_it(session: Session) -> None:
    agency = make_organisation(session, AGENCY)

    assert scopes.find(session, f"organisation: {AGENCY.lower()}")[1] == agency.id
    assert scopes.organisation_by_name(session, " ") is None
    with pytest.raises(organisations.OrganisationUnknown):
        scopes.organisation_by_name(session, "Nobody")


@pytest.mark.parametrize(
    ("speaks_for", "of_mining", "said_for_it"),
    [
        pytest.param("organisation", True, True, id="for the organisation"),
        pytest.param("myself", True, False, id="for myself"),
        pytest.param("", True, False, id="not asked"),
        pytest.param("organisation", False, False, id="without one"),
    ],
)
def test_people_choose_for_whom_they_speak(
    session: Session, speaks_for: str, *, of_mining: bool, said_for_it: bool
) -> None:
    mining, call = make_organisation(session, "Quebrada Alta Mining", group=G.PRIVATE), make_call(session)
    bob = make_person(session, organisation_id=mining.id if of_mining else None)
    said = Said(WORDS, speaks_for=speaks_for)

    drafts.keep(session, call, Viewer(bob), said)
    draft = drafts.find(session, call.id, Viewer(bob))
    assert draft
    assert (draft.organisation_id == mining.id) is said_for_it
    made = submissions.submit(session, call, bob, said, "form")

    assert (made.organisation_id == mining.id) is said_for_it


def test_an_edit_changes_for_whom_only_where_it_asks(session: Session) -> None:
    mining = make_organisation(session, "Quebrada Alta Mining", group=G.PRIVATE)
    bob = make_person(session, organisation_id=mining.id)
    made = submissions.submit(
        session, make_call(session), bob, Said(WORDS, speaks_for="organisation"), "form"
    )

    submissions.edit(session, made, Said(f"{WORDS} Now."), 1, bob)
    assert made.organisation_id == mining.id
    submissions.edit(session, made, Said(f"{WORDS} Now.", speaks_for="myself"), 2, bob)

    assert made.organisation_id is None


def test_who_left_an_organisation_says_nothing_more_in_its_name(session: Session) -> None:
    mining = make_organisation(session, "Quebrada Alta Mining", group=G.PRIVATE)
    bob = make_person(session, organisation_id=mining.id)
    said = Said(WORDS, speaks_for="organisation")
    made = submissions.submit(session, make_call(session), bob, said, "form")
    organisations.set_of_person(session, bob, None)

    submissions.edit(session, made, Said("We of Mining confess everything."), 1, bob)

    assert made.organisation_id is None


def test_nobody_speaks_for_an_organisation_before_the_address_is_proved(session: Session) -> None:
    mining = make_organisation(session, "Quebrada Alta Mining", group=G.PRIVATE)
    mallory = make_person(session, "Mallory", email_confirmed_at=None, organisation_id=mining.id)

    said = Said(WORDS, speaks_for="organisation")
    made = submissions.submit(session, make_call(session), mallory, said, "form")

    assert made.organisation_id is None
    assert organisations.spoken_for(session, mallory) is None


def test_who_named_an_organisation_speaks_for_it_once_somebody_vouches(session: Session) -> None:
    """They may apply with it; nothing is said, backed, pledged or signed in its name before."""
    founded = organisations.add(session, OrganisationText("The Ministry of Light", G.PUBLIC))
    mallory, mission = make_person(session, "Mallory"), make_mission(session)[0]
    organisations.set_of_person(session, mallory, founded.id, mallory.id, is_vouched=False)
    said, call = Said(WORDS, speaks_for="organisation"), make_call(session)

    made = submissions.submit(session, call, mallory, said, "form")

    assert made.organisation_id is None
    assert organisations.applied_with(session, mallory) is founded
    assert organisations.spoken_for(session, mallory) is None
    assert not SPEAKS_FOR_ONE.holds(Ask(session, Viewer(mallory), mission))
    with pytest.raises(backings.SpeaksForNobody):
        backings.back(session, mission, mallory)

    organisations.set_of_person(session, mallory, founded.id)

    assert submissions.submit(session, call, mallory, said, "another").organisation_id == founded.id
    assert SPEAKS_FOR_ONE.holds(Ask(session, Viewer(mallory), mission))
    backings.back(session, mission, mallory)


def test_nobody_of_an_organisation_decides_on_what_it_said(session: Session) -> None:
    agency = make_organisation(session)
    carol, call = make_facilitator(session, agency), make_call(session, agency)
    bob = make_person(session)
    for person in (carol, bob):
        organisations.set_of_person(session, person, agency.id)
    for_it = submissions.submit(session, call, bob, Said(WORDS, speaks_for="organisation"), "one")
    for_himself = submissions.submit(session, call, bob, Said(WORDS), "two")

    decides = [NOT_OWN.holds(Ask(session, Viewer(carol), each)) for each in (for_it, for_himself)]

    assert decides == [False, True]
    assert session.get(Organisation, agency.id)
