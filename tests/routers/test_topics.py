"""Goals and sectors on the pages: suggested to facilitators, applied and dismissed by them, read by everyone."""

from uuid import UUID

import pytest
from sqlmodel import Session, select

from app.models.call import Call
from app.models.cluster import Cluster
from app.models.person import Person
from app.models.submission import Submission
from app.models.term import Tag, Term
from app.services import embeddings, groupings, terms, topics, topics_learn
from tests.client import Browser
from tests.factories import make_call
from tests.people import make_facilitator, make_organisation, make_person
from tests.services.test_topics import SOLAR
from tests.services.voices import EMBEDDER, make_themes, silent, voice

ENERGY = "Goal 7: Affordable and clean energy"


@pytest.fixture
def carol(db: Session) -> Person:
    return make_facilitator(db, make_organisation(db))


@pytest.fixture
def one(db: Session, carol: Person) -> Submission:
    terms.ensure_all(db)
    topics_learn.learn(db, EMBEDDER)
    organisation = carol_agency(db)
    call = make_themes(db, make_call(db, organisation))[0]
    for number in range(6):
        voice(db, call, f"{SOLAR} Roof number {number} first.")
    made = voice(db, call, SOLAR)
    embeddings.embed_batch(db, [made.id], EMBEDDER)
    groupings.group_now(db, call.id, EMBEDDER, silent)
    db.commit()
    return made


def carol_agency(db: Session):  # type: ignore[no-untyped-def]
    from app.models.organisation import Organisation

    return db.exec(select(Organisation)).one()


def term(db: Session, code: str, scheme: str = "sdg") -> UUID:
    return db.exec(select(Term.id).where(Term.scheme == scheme, Term.code == code)).one()


def test_a_facilitator_applies_a_suggestion_which_everyone_then_reads(
    visitor: Browser, db: Session, one: Submission, carol: Person
) -> None:
    at = f"/submissions/{one.id}"
    visitor.sign_in(db, carol)
    page = visitor.open(at)
    assert "Suggested by a machine" in page.text
    assert ENERGY in page.text

    page = visitor.hand_in(form_for(page, at, "add", term(db, "7")))

    assert "Chosen by a facilitator" in page.text
    assert f"“{ENERGY.partition(': ')[2]}” now stands on it." in page.text
    visitor.cookies.clear()
    seen = visitor.open(at)
    assert ENERGY in seen.text
    assert "Suggested by a machine" not in seen.text
    assert "Choose another" not in seen.text


def form_for(page, at: str, act: str, chosen: UUID):  # type: ignore[no-untyped-def]
    """The one form of a page that does this to this goal or sector."""
    return next(
        form
        for form in page.forms
        if form.action == f"{at}/topics"
        and dict(form.fields).get("act") == act
        and str(chosen) in str(form.fields)
    )


def test_what_is_dismissed_can_be_suggested_again(
    visitor: Browser, db: Session, one: Submission, carol: Person
) -> None:
    at, goal = f"/submissions/{one.id}", term(db, "7")
    visitor.sign_in(db, carol)

    page = visitor.hand_in(form_for(visitor.open(at), at, "dismiss", goal))
    assert "is not suggested for it any more" in page.text
    page = visitor.hand_in(form_for(page, at, "recall", goal))

    assert "may be suggested for it again" in page.text
    assert form_for(page, at, "add", goal)
    assert db.exec(select(Tag)).all() == []


def test_a_group_is_tagged_from_its_own_page(
    visitor: Browser, db: Session, one: Submission, carol: Person
) -> None:
    visitor.sign_in(db, carol)
    [group] = [
        each
        for each in db.exec(select(Cluster).where(Cluster.call_id == one.call_id)).all()
        if each.parent_id is None and any(key == ("sdg", "7") for key, _why in topics.for_group(db, each)[0])
    ][:1]
    at = f"/clusters/{group.id}"

    page = visitor.hand_in(form_for(visitor.open(at), at, "add", term(db, "7")))

    assert "Chosen by a facilitator" in page.text
    assert db.exec(select(Tag.subject_id)).all() == [group.key]
    assert (
        f"/clusters/{group.id}#topics"
        in visitor.open(f"/calls/{one.call_id}/workbench?cluster={group.id}").links
    )


def test_htmx_gets_the_part_alone(visitor: Browser, db: Session, one: Submission, carol: Person) -> None:
    visitor.sign_in(db, carol)
    at = f"/submissions/{one.id}/topics"

    answer = visitor.fill_in(
        at, {"act": "add", "term": str(term(db, "energy", "sector"))}, headers={"HX-Request": "true"}
    )

    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<section id="topics"')
    assert "Sector: Energy" in answer.text


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"act": "explode", "term": "SEVEN"}, 400),
        ({"act": "add"}, 400),
        ({"act": "add", "term": "no-uuid"}, 400),
        ({"act": "add", "term": str(UUID(int=3))}, 404),
        ({"act": "add", "term": "TARGET"}, 404),
    ],
)
def test_nonsense_is_refused_and_changes_nothing(
    visitor: Browser, db: Session, one: Submission, carol: Person, fields: dict[str, str], status: int
) -> None:
    visitor.sign_in(db, carol)
    named = {"SEVEN": str(term(db, "7")), "TARGET": str(term(db, "7.2"))}

    answer = visitor.fill_in(
        f"/submissions/{one.id}/topics", {key: named.get(value, value) for key, value in fields.items()}
    )

    assert answer.status_code == status
    assert db.exec(select(Tag)).all() == []


def test_nobody_else_chooses(visitor: Browser, db: Session, one: Submission) -> None:
    stranger = make_facilitator(db, make_organisation(db, "Another agency"), "Otto")
    for person in (make_person(db, "Bob"), stranger):
        visitor.sign_in(db, person)
        answer = visitor.fill_in(f"/submissions/{one.id}/topics", {"act": "add", "term": str(term(db, "7"))})
        assert answer.status_code == 403
    assert db.exec(select(Tag)).all() == []


def test_the_page_of_a_question_without_a_scorer_says_when_suggestions_come(
    visitor: Browser, db: Session, carol: Person
) -> None:
    terms.ensure_all(db)
    call: Call = make_call(db, carol_agency(db))
    made = voice(db, call, SOLAR)
    db.commit()
    visitor.sign_in(db, carol)

    assert "Suggestions will be here" in visitor.open(f"/submissions/{made.id}").text
