"""The shared vision of a mission through its pages: written, signed, changed, and signed anew."""

import pytest
from sqlmodel import Session, select

from app.models.organisation import Organisation
from app.models.person import Person
from app.models.vision import Vision
from app.rules.words import StakeholderGroup
from app.services import visions
from tests.client import Browser
from tests.people import make_organisation, make_person
from tests.services.chamber import Chamber
from tests.services.steering import make_active

HOSTILE = "<img src=x onerror=alert(1)> {{ 7*7 }} \u202eneht"


@pytest.fixture
def chamber(db: Session) -> Chamber:
    made = make_active(db)
    db.commit()
    return made


def base(chamber: Chamber) -> str:
    return f"/missions/{chamber.mission.id}/vision"


def speaker(db: Session, name: str, group: StakeholderGroup) -> tuple[Person, Organisation]:
    body = make_organisation(db, name, group=group)
    person = make_person(db, f"Somebody of {name}", organisation_id=body.id)
    db.commit()
    return person, body


def wrote(visitor: Browser, db: Session, chamber: Chamber, opening: str) -> None:
    """The steward writes the vision through its form."""
    visitor.sign_in(db, chamber.scene.carol)
    clause = next(each.clause for each in visions.sentences(db, chamber.mission) if each.is_from_below)
    form = visitor.open(f"{base(chamber)}/edit").form("/vision")
    visitor.hand_in(form, {"opening": opening, "clauses": [str(clause.id)]})


def test_a_vision_is_written_signed_and_shown_on_the_mission(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    """DOMAIN 12."""
    assert "No shared vision yet" in visitor.open(base(chamber)).main.text
    wrote(visitor, db, chamber, "We want light that the valley owns.")
    firm, body = speaker(db, "Sun Works", StakeholderGroup.PRIVATE)
    visitor.sign_in(db, firm)
    page = visitor.hand_in(visitor.open(base(chamber)).form("/signature"))

    assert "Signed by 1 organisation" in page.main.text
    assert body.name in page.main.text
    mission = visitor.open(f"/missions/{chamber.mission.id}")
    assert "We want light that the valley owns." in mission.main.text
    assert "Signed by 1 organisation" in mission.main.text


def test_editing_the_text_voids_earlier_signatures_on_the_page(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    """DOMAIN 12."""
    wrote(visitor, db, chamber, "We want light that the valley owns.")
    firm, _body = speaker(db, "Sun Works", StakeholderGroup.PRIVATE)
    visitor.sign_in(db, firm)
    old = visitor.open(base(chamber)).form("/signature")
    wrote(visitor, db, chamber, "We want light that a firm owns.")

    visitor.sign_in(db, firm)
    page = visitor.hand_in(old, status=409)
    assert "The words changed since you opened the page" in page.main.text
    page = visitor.hand_in(page.form("/signature"))
    assert "Signed by 1 organisation" in page.main.text
    wrote(visitor, db, chamber, "We want light.")

    page = visitor.open(base(chamber))
    assert "Signed by 0 organisations" in page.main.text
    assert "1 signature, void since the words changed" in page.main.text


def test_a_signature_is_taken_back(visitor: Browser, db: Session, chamber: Chamber) -> None:
    wrote(visitor, db, chamber, "We want light that the valley owns.")
    firm, _body = speaker(db, "Sun Works", StakeholderGroup.PRIVATE)
    visitor.sign_in(db, firm)
    page = visitor.hand_in(visitor.open(base(chamber)).form("/signature"))
    page = visitor.hand_in(page.form("/removal"))

    assert "Signed by 0 organisations" in page.main.text
    assert visitor.fill_in(f"{base(chamber)}/signature/removal").status_code == 409


def test_who_speaks_for_nobody_reads_and_signs_nothing(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    wrote(visitor, db, chamber, "We want light that the valley owns.")
    seen = db.exec(select(Vision.hash)).one()
    visitor.sign_in(db, chamber.members["citizens 1"])

    assert "Sign these words for" not in visitor.open(base(chamber)).main.text
    assert visitor.fill_in(f"{base(chamber)}/signature", {"hash": seen}).status_code == 403
    assert visitor.fill_in(base(chamber), {"number": "1"}).status_code == 403
    assert visitor.get(f"{base(chamber)}/edit").status_code == 403


def test_a_vision_of_the_agency_alone_is_refused_and_nothing_typed_is_lost(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    visitor.sign_in(db, chamber.scene.carol)
    form = visitor.open(f"{base(chamber)}/edit").form("/vision")
    page = visitor.hand_in(form, {"opening": "We alone say this.", "clauses": []}, status=422)

    assert "choose at least one sentence that came from voices" in page.main.text
    assert "We alone say this." in page.text


def test_hostile_words_stay_words(visitor: Browser, db: Session, chamber: Chamber) -> None:
    wrote(visitor, db, chamber, HOSTILE)

    answer = visitor.get(base(chamber)).text
    assert "<img src=x" not in answer
    assert "{{ 7*7 }}" in answer
    assert "\u202e" not in answer
