"""Ballots of every kind through the page, without scripts: what is sent is what is recorded, and errors keep it."""

import re

import pytest
from sqlmodel import Session, select

from app.models.ballot import Ballot, BoxedBallot
from tests.client import Browser
from tests.people import make_person
from tests.services.chamber import Chamber, make_chamber
from tests.services.chamber_votes import STAGED, notice

MEMBER = "citizens 1"


def ballot_of(visitor: Browser, db: Session, name: str) -> tuple[Chamber, str]:
    """A vote of this kind that is open, and its page as a member has it."""
    chamber = make_chamber(db)
    staged = STAGED[name.removeprefix("secret ")]
    decision = notice(chamber, staged.secretly() if name.startswith("secret ") else staged)
    db.commit()
    visitor.sign_in(db, chamber.members[MEMBER])
    return chamber, f"/decisions/{decision.id}"


CAST = [
    ("group majority", {"choice": "abstain"}, {"choice": "abstain"}, "Abstain"),
    ("consent", {"consent": "object"}, {"consent": "object"}, "Objection"),
    ("approval", {"approved": ["option-1", "option-3"]}, {"approved": ["option-1", "option-3"]},
     "Water kept where it rains: not ticked"),
    ("irv", {"rank-option-2": "1", "rank-option-4": "2", "rank-option-1": "2"},
     {"ranking": [["option-2"], ["option-1", "option-4"]]}, "Left empty, so last: Light without diesel"),
    ("majority judgment", {f"grade-option-{at}": str(at) for at in range(1, 5)},
     {"grades": {f"option-{at}": at for at in range(1, 5)}}, "Very good"),
    ("score", {"score-option-1": "10", "score-option-2": "0"}, {"scores": {"option-1": 10, "option-2": 0}}, "10 of 10"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "sent", "recorded", "read"), CAST, ids=[each[0] for each in CAST])
def test_a_ballot_is_recorded_as_it_was_filled_in_and_read_back(
    visitor: Browser, db: Session, name: str, sent: dict[str, object], recorded: dict[str, object], read: str
) -> None:
    _chamber, path = ballot_of(visitor, db, name)
    page = visitor.open(path)

    after = visitor.hand_in(page.form(f"{path}/ballot"), sent)

    (kept,) = db.exec(select(Ballot)).all()
    assert kept.mark == recorded
    assert after.heading == "Your ballot is recorded"
    assert read in " ".join(after.main.text.split())
    again = visitor.open(path).form(f"{path}/ballot").fields
    assert {key: again[key] for key in sent} == sent


@pytest.mark.parametrize(
    ("name", "sent", "error"),
    [
        ("group majority", {"reason": "Because."}, "choice"),
        ("consent", {"reason": "Because."}, "consent"),
        ("majority judgment", {"grade-option-1": "4", "reason": "Because."}, "grade-option-2"),
    ],
)
def test_what_is_wrong_is_named_beside_its_field_and_all_else_is_kept(
    visitor: Browser, db: Session, name: str, sent: dict[str, str], error: str
) -> None:
    _chamber, path = ballot_of(visitor, db, name)

    page = visitor.read(visitor.fill_in(f"{path}/ballot", {**sent, "version": "1"}), 422)

    assert f'href="#{error}"' in page.html
    assert f'id="{error}"' in page.html
    fields = page.form(f"{path}/ballot").fields
    assert {key: fields[key] for key in sent} == sent
    assert db.exec(select(Ballot)).all() == []


def test_a_secret_ballot_says_what_was_recorded_with_both_codes_once(visitor: Browser, db: Session) -> None:
    _chamber, path = ballot_of(visitor, db, "secret irv")

    page = visitor.hand_in(visitor.open(path).form(f"{path}/ballot"), {"rank-option-3": "1"})

    (kept,) = db.exec(select(BoxedBallot)).all()
    text = " ".join(page.main.text.split())
    assert kept.mark == {"ranking": [["option-3"]]}
    assert "1 Light without diesel" in text
    assert "This page is shown once" in text
    key = re.search(r'id="ballot-key">([0-9a-f]{32})<', page.html)
    assert key
    assert key.group(1) not in visitor.get(path).text


def test_a_vote_against_a_mission_names_its_criterion_and_one_for_it_none(
    visitor: Browser, db: Session
) -> None:
    chamber = make_chamber(db)
    decision = chamber.notice(opens_in=-1)
    db.commit()
    visitor.sign_in(db, chamber.members[MEMBER])
    path = f"/decisions/{decision.id}"
    form = visitor.open(path).form(f"{path}/ballot")
    assert form.choices("criterion") == ["", "bold", "concrete", "inventive", "crossing", "rivalry"]

    said = visitor.hand_in(form, {"choice": "against", "criterion": "concrete"})
    assert "Rests on: Concrete, measurable, with a date" in said.main.text

    visitor.hand_in(visitor.open(path).form(f"{path}/ballot"), {"choice": "for", "criterion": "concrete"})
    kept = sorted(db.exec(select(Ballot)).all(), key=lambda each: each.version)
    assert [each.criterion for each in kept] == ["concrete", ""]


def test_a_criterion_that_does_not_exist_is_refused_and_no_other_vote_asks_for_one(
    visitor: Browser, db: Session
) -> None:
    _chamber, path = ballot_of(visitor, db, "supermajority")
    assert 'name="criterion"' not in visitor.get(path).text
    fields = {"choice": "against", "version": "1"}

    wrong = visitor.fill_in(f"{path}/ballot", {**fields, "criterion": "xq-nothing"})
    kept = visitor.fill_in(f"{path}/ballot", {**fields, "criterion": "bold"})

    assert (wrong.status_code, kept.status_code) == (422, 200)
    (ballot,) = db.exec(select(Ballot)).all()
    assert ballot.criterion == ""


SAID = {
    "supermajority": ["at least two thirds are for"],
    "approval": ["2 options are chosen at most", "In each group it needs the approval of at least 1/3"],
    "stv": ["2 options are chosen at most"],
    "equal shares": ["Every group has the same say, however many seats it has."],
    "portfolio": ["may cost 400,000 CLP together.", "It costs 180,000 CLP", "It costs 90,000 CLP"],
}


@pytest.mark.parametrize("name", list(SAID))
def test_before_voting_one_reads_what_was_frozen(visitor: Browser, db: Session, name: str) -> None:
    _chamber, path = ballot_of(visitor, db, name)

    text = " ".join(visitor.open(path).main.text.split())

    for sentence in SAID[name]:
        assert sentence in text


def test_everyone_reads_what_can_be_chosen_and_what_it_costs(visitor: Browser, db: Session) -> None:
    _chamber, path = ballot_of(visitor, db, "portfolio")
    visitor.sign_in(db, make_person(db, "Bob"))

    (table,) = [each for each in visitor.open(path).main.all("table") if "What can be chosen" in each.text]

    cells = [[cell.text for cell in line.all("th", "td")] for line in table.all("tr")]
    assert cells[:2] == [["Option", "Cost"], ["Shade for every bus stop", "180,000 CLP"]]
