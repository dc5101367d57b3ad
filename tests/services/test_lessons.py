"""DOMAIN 34: lessons are searchable, offered beside drafts that resemble them, and count who uses them."""

import pytest
from sqlmodel import Session, select

from app.models.application import Application
from app.models.columns import now
from app.models.lesson import LessonVector
from app.models.milestone import Milestone
from app.models.project import Project
from app.models.statement import Statement
from app.nlp.embedding import HashingEmbedder
from app.rules.words import CallState, Instrument, ProjectState, ProjectVerdict, StatementState
from app.services import applications, lessons, lessons_find, lessons_meaning, lessons_near
from app.services.applications_near import near
from app.services.lessons_find import Wanted
from tests.applied import make_offered
from tests.services.contracted import Contract, make_contract
from tests.services.linked import make_portfolio

KEYS = "Shared batteries failed in villages where nobody had the key at night."


@pytest.fixture
def contract(session: Session) -> Contract:
    return make_contract(session)


def learned(contract: Contract, words: str = KEYS) -> Statement:
    return lessons.add(contract.session, contract.project, words, contract.lead.id)


def used(session: Session, lesson: Statement) -> int:
    return lessons_find.shown(session, [lesson.id])[0].used


def found(session: Session, **wanted: object) -> list[str]:
    return [each.text for each in lessons_find.page(session, Wanted(**wanted)).lessons]  # type: ignore[arg-type]


def test_a_similar_draft_shows_the_lesson_and_used_by_rises(contract: Contract, session: Session) -> None:
    """DOMAIN 34."""
    lesson, offered = learned(contract), make_offered(session)
    draft = offered.written()
    assert [each.id for each in near(session, draft).lessons] == [lesson.id]
    assert used(session, lesson) == 0

    lessons_near.use(session, draft, lesson.id, offered.lead.id)

    assert used(session, lesson) == 1
    assert near(session, draft).used == {lesson.id}


def test_a_lesson_is_used_once_per_application(contract: Contract, session: Session) -> None:
    """DOMAIN 34: however often a team says so."""
    lesson, offered = learned(contract), make_offered(session)
    draft = offered.written()
    for _again in range(3):
        lessons_near.use(session, draft, lesson.id, offered.lead.id)
    assert used(session, lesson) == 1

    lessons_near.use_no_more(session, draft, lesson.id)

    assert used(session, lesson) == 0


def test_only_a_draft_says_what_it_uses(contract: Contract, session: Session) -> None:
    lesson, offered = learned(contract), make_offered(session)
    sent = offered.submitted()

    with pytest.raises(applications.NotADraft):
        lessons_near.use(session, sent, lesson.id, offered.lead.id)


def test_what_no_lesson_is_cannot_be_used(contract: Contract, session: Session) -> None:
    lesson, offered = learned(contract), make_offered(session)
    draft = offered.written()
    lesson.state = StatementState.HIDDEN
    session.flush()

    lessons_near.use(session, draft, lesson.id, offered.lead.id)
    lessons_near.use(session, draft, draft.id, offered.lead.id)

    assert lessons_near.used_by(session, draft.id) == set()


def test_a_deleted_draft_uses_nothing(contract: Contract, session: Session) -> None:
    lesson, offered = learned(contract), make_offered(session)
    draft = offered.written()
    lessons_near.use(session, draft, lesson.id, offered.lead.id)
    session.delete(session.get_one(Application, draft.id))
    session.flush()

    assert used(session, lesson) == 0


def test_lessons_are_found_by_words_verdict_instrument_and_sector(session: Session) -> None:
    """DOMAIN 34."""
    portfolio = make_portfolio(session)
    roofs, storage = portfolio.projects["roofs"], portfolio.projects["storage"]
    portfolio.put("roofs", "energy")
    for project, words in ((roofs, "Roofs leak where panels were screwed on."), (storage, KEYS)):
        lessons.add(session, project, words, portfolio.steward)
    roofs.instrument, storage.instrument = Instrument.GRANT, Instrument.PRIZE
    roofs.state, roofs.verdict, roofs.ended_at = ProjectState.COMPLETED, ProjectVerdict.SUPPORTED, now()
    session.flush()

    assert found(session, typed="panel") == ["Roofs leak where panels were screwed on."]
    assert found(session, typed='"the key"') == [KEYS]
    assert found(session, typed="panels -roofs") == []
    assert found(session, verdict=ProjectVerdict.SUPPORTED) == ["Roofs leak where panels were screwed on."]
    assert found(session, instrument=Instrument.PRIZE) == [KEYS]
    assert found(session, sector="energy") == ["Roofs leak where panels were screwed on."]
    assert found(session, typed="key", sector="energy") == []


def test_what_is_hidden_is_found_by_no_door(contract: Contract, session: Session) -> None:
    lesson = learned(contract)
    lessons_meaning.embed_missing(session, HashingEmbedder())
    lesson.state = StatementState.HIDDEN
    session.flush()

    assert found(session) == []
    assert lessons_near.near(session, KEYS, embedder=HashingEmbedder()) == []


def test_lessons_of_a_draft_call_are_unknown(contract: Contract, session: Session) -> None:
    learned(contract)
    contract.chamber.scene.call.state = CallState.DRAFT
    session.flush()

    assert found(session) == []


def test_lessons_come_page_after_page_and_none_twice(contract: Contract, session: Session) -> None:
    for number in range(7):
        learned(contract, f"Lesson number {number} of the battery and its key.")
    seen, cursor = [], ""
    while True:
        page = lessons_find.page(session, Wanted(cursor=cursor), size=3)
        seen += [each.text for each in page.lessons]
        if page.next is None:
            break
        cursor = page.next

    assert seen == [f"Lesson number {number} of the battery and its key." for number in reversed(range(7))]


def test_a_lesson_close_in_meaning_is_found_without_its_words(contract: Contract, session: Session) -> None:
    """Where the model is there; without it the words alone are searched."""
    lesson, embedder = learned(contract), HashingEmbedder()
    assert lessons_meaning.embed_missing(session, embedder) == 1
    assert lessons_meaning.embed_missing(session, embedder) == 0
    assert session.exec(select(LessonVector.lesson_id)).all() == [lesson.id]

    typed = f"{KEYS} unheardof"

    assert found(session, typed=typed) == []
    page = lessons_find.page(session, Wanted(typed=typed), embedder)
    assert [each.id for each in page.close] == [lesson.id]


def test_a_lesson_may_be_of_a_milestone(contract: Contract, session: Session) -> None:
    milestone = Milestone(
        mission_id=contract.project.mission_id, project_id=contract.project.id, title="The first roof",
        due=now().date(), verifier="Its mayor",
    )  # fmt: skip
    session.add(milestone)
    session.flush()

    lesson = lessons.add(session, milestone, KEYS, contract.lead.id)

    (shown,) = lessons_find.under(session, project=contract.project.id)
    assert (shown.id, shown.milestone) == (lesson.id, "The first roof")


def test_a_mission_holds_only_so_many_lessons(
    contract: Contract, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lessons, "AT_MOST", 1)
    learned(contract)

    with pytest.raises(lessons.TooManyLessons):
        learned(contract)


def test_the_draft_of_a_project_sees_what_others_learned_and_not_its_own(session: Session) -> None:
    contract = make_contract(session)
    learned(contract)
    other = Project(mission_id=contract.project.mission_id, title="Batteries", summary=KEYS)
    session.add(other)
    session.flush()

    assert lessons_near.near(session, KEYS, but=contract.project.id) == []
    assert len(lessons_near.near(session, f"{other.title} {other.summary}", but=other.id)) == 1
