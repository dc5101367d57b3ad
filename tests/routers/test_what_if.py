"""What would fall, through its page and its file: asked by anybody, cited by a hash, and nothing is written."""

import pytest
from sqlmodel import Session, select

from app.models.link import Link
from app.models.motion import Motion
from app.rules.hashing import digest
from app.rules.words import LinkKind, Role, ScopeKind, SubjectKind, SubmissionState
from app.services import missions
from tests.client import Browser
from tests.factories import make_submission
from tests.people import make_person, seat
from tests.services.funded import YEAR, Funded, every_row, make_funded


@pytest.fixture
def funded(db: Session) -> Funded:
    funded = make_funded(db)
    db.commit()
    return funded


def address(funded: Funded, rest: str = "") -> str:
    return f"/missions/{funded.mission.id}/what-if{rest}"


def test_a_visitor_asks_what_a_cut_would_drop(visitor: Browser, funded: Funded) -> None:
    page = visitor.open(address(funded))
    assert f'value="{YEAR}"' in page.html

    page = visitor.open(address(funded, f"?year={YEAR}&percent=30"))

    for words in (
        "1 project would fall", "108,000", "292,000", "Storage", "Grids needs Storage",
        "The first village keeps its light on", "How many independent routes?", "And the other way round",
    ):  # fmt: skip
        assert words in page.main.text
    assert not page.faults()


def test_asking_through_the_page_and_the_file_writes_nothing(
    visitor: Browser, db: Session, funded: Funded
) -> None:
    visitor.open(address(funded))
    db.rollback()
    before = every_row(db)
    db.rollback()

    visitor.open(address(funded, f"?year={YEAR}&percent=30"))
    assert visitor.get(address(funded, f"/run.json?year={YEAR}&percent=30")).status_code == 200

    assert every_row(db) == before


def test_the_file_can_be_checked_and_its_hash_cited(visitor: Browser, db: Session, funded: Funded) -> None:
    asked = f"?year={YEAR}&percent=30"
    told = visitor.get(address(funded, f"/run.json{asked}")).json()
    assert digest({key: each for key, each in told.items() if key != "hash"}) == told["hash"]

    cited = address(funded, f"{asked}&hash={told['hash']}")
    assert "It still comes to what was cited." in visitor.open(cited).main.text

    funded.add_money("1", "Grids")
    db.commit()
    assert "It no longer comes to what was cited" in visitor.open(cited).main.text


@pytest.mark.parametrize(
    "asked", ["?year=next&percent=30", f"?year={YEAR}&percent=0", f"?year={YEAR}&percent=30&vote=nobody"]
)
def test_what_cannot_be_asked_is_refused(visitor: Browser, funded: Funded, asked: str) -> None:
    assert visitor.get(address(funded, asked)).status_code == 422
    assert visitor.get(address(funded, f"/run.json{asked}")).status_code == 404


@pytest.mark.parametrize("page", ["what-if", "portfolio", "money"])
def test_words_that_were_taken_back_stand_nowhere(
    visitor: Browser, db: Session, funded: Funded, page: str
) -> None:
    storage = funded.projects["Storage"]
    storage.title, storage.route = "Batteries in every kitchen", ""
    voice = make_submission(db, funded.chamber.scene.call, text=storage.title)
    db.add(
        Link(
            kind=LinkKind.DERIVES_FROM, from_kind=SubjectKind.PROJECT, from_id=storage.id,
            to_kind=SubjectKind.SUBMISSION, to_id=voice.id, note=missions.QUOTED,
        )
    )  # fmt: skip
    db.commit()
    path = f"/missions/{funded.mission.id}/{page}?year={YEAR}&percent=30"
    assert storage.title in visitor.open(path).main.text

    voice.state, voice.hidden_rule = SubmissionState.HIDDEN, "insult"
    db.commit()

    told = visitor.open(path)
    assert storage.title not in told.html
    assert "Words that somebody took back" in told.main.text


def as_steward(visitor: Browser, db: Session, funded: Funded) -> Browser:
    person = make_person(db, "Stella")
    seat(db, person, Role.STEWARD, ScopeKind.ORGANISATION, funded.mission.organisation_id)
    return visitor.sign_in(db, person)


def test_a_steward_rests_a_motion_on_a_run(visitor: Browser, db: Session, funded: Funded) -> None:
    run = address(funded, f"?year={YEAR}&percent=30")
    assert "citing this run" not in visitor.open(run).main.text
    as_steward(visitor, db, funded)
    page = visitor.open(run)
    (link,) = (each for each in page.links if "/motions?cited_year" in each)

    page = visitor.open(link)
    assert "a cut of 30 %" in page.main.text
    page = visitor.hand_in(page.form("/motions"), {"act": "pause", "reason": "No money comes next year."})

    motion = db.exec(select(Motion)).one()
    assert motion.cites["hash"] in page.main.text
    (cited,) = (each for each in page.links if f"hash={motion.cites['hash']}" in each)
    assert "It still comes to what was cited." in visitor.open(cited).main.text
    assert not page.faults()


def test_a_run_that_has_changed_is_told_and_nothing_typed_is_lost(
    visitor: Browser, db: Session, funded: Funded
) -> None:
    as_steward(visitor, db, funded)
    page = visitor.open(address(funded, f"?year={YEAR}&percent=30"))
    (link,) = (each for each in page.links if "/move?cited_year" in each)
    form = visitor.open(link).form("/move")
    funded.add_money("1", "Grids")
    db.commit()

    typed = {"due": f"{YEAR + 1}-01-01", "reason": "The battery comes later."}
    page = visitor.hand_in(form, typed, status=409)

    assert "no longer comes to the same" in page.main.text
    assert "The battery comes later." in page.main.text
    assert db.exec(select(Motion)).all() == []


def test_what_is_no_run_is_not_cited(visitor: Browser, db: Session, funded: Funded) -> None:
    as_steward(visitor, db, funded)
    asked = f"/missions/{funded.mission.id}/motions?cited_year=soon&cited_hash=1%00"

    form = visitor.open(asked).form("/motions")
    visitor.hand_in(form, {"act": "pause", "reason": "No money comes next year."}, status=409)

    assert db.exec(select(Motion)).all() == []
