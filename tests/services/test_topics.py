"""Goals and sectors: suggested above a cut only, never applied without a person, dismissed and taken back."""

from uuid import UUID

import pytest
from sqlmodel import Session, select

from app.models.cluster import Cluster, clusters_of
from app.models.event import Event
from app.models.grouping import accepted_grouping
from app.models.submission import Submission
from app.models.term import Dismissal, Tag, Term
from app.models.topic_scorer import TopicScorer
from app.nlp.goals import Scheme
from app.rules.words import ClusterLevel, SubjectKind
from app.services import embeddings, groupings, submissions, terms, topics, topics_learn
from tests.people import make_person
from tests.services.voices import EMBEDDER, make_themes, silent, voice

SOLAR = "Solar panels on the roofs of public buildings and wind power instead of coal for electricity."


@pytest.fixture
def learned(session: Session) -> Session:
    terms.ensure_all(session)
    topics_learn.learn(session, EMBEDDER)
    return session


def said(session: Session, text: str = SOLAR, **changes: object) -> Submission:
    call = make_themes(session)[0]
    made = voice(session, call, text, **changes)
    embeddings.embed_batch(session, [made.id], EMBEDDER)
    return made


def seen(session: Session, record: Submission | Cluster) -> topics.Topics:
    return topics.of(session, record, may_choose=True)


def suggested(session: Session, record: Submission | Cluster) -> set[tuple[str, str]]:
    return {(one.scheme, one.code) for one in seen(session, record).suggested}


def term(session: Session, scheme: str, code: str) -> UUID:
    return session.exec(select(Term.id).where(Term.scheme == scheme, Term.code == code)).one()


def test_a_voice_about_solar_power_is_suggested_for_energy(learned: Session) -> None:
    found = seen(learned, said(learned))

    assert ("sdg", "7") in {(one.scheme, one.code) for one in found.suggested}
    assert ("sector", "energy") in {(one.scheme, one.code) for one in found.suggested}
    assert found.applied == []
    assert all(one.why and "speak" in one.why.english for one in found.suggested)


def test_words_about_nothing_are_suggested_for_nothing(learned: Session) -> None:
    found = seen(learned, said(learned, "Thank you for asking us, this is a nice idea."))

    assert found.suggested == []
    assert found.note == topics.NOTHING_CLOSE


def test_nothing_is_suggested_to_readers(learned: Session) -> None:
    found = topics.of(learned, said(learned), may_choose=False)

    assert (found.applied, found.suggested, found.choices, found.note) == ([], [], [], "")


def test_before_anything_is_learned_the_page_says_so(session: Session) -> None:
    terms.ensure_all(session)

    assert seen(session, said(session)).note == topics.NOT_LEARNED


def test_a_language_that_the_model_cannot_read_gets_no_suggestion(learned: Session) -> None:
    found = seen(learned, said(learned, language="es"))

    assert (found.suggested, found.note) == ([], topics.UNREAD)
    assert found.choices


def test_what_is_applied_stands_once_with_one_event_and_can_be_taken_off(learned: Session) -> None:
    one, carol = said(learned), make_person(learned, "Carol")
    subject, goal = topics.subject_of(one), term(learned, "sdg", "7")

    for _press in range(2):
        topics.add(learned, subject, goal, carol.id)

    assert [each.code for each in topics.of(learned, one, may_choose=False).applied] == ["7"]
    assert ("sdg", "7") not in suggested(learned, one)
    topics.remove(learned, subject, goal, carol.id)
    assert seen(learned, one).applied == []
    assert ("sdg", "7") in suggested(learned, one)
    assert kinds(learned, one.id) == ["topic_added", "topic_removed"]


def kinds(session: Session, subject: UUID) -> list[str]:
    query = select(Event.kind).where(Event.subject_id == subject, Event.kind.startswith("topic"))  # type: ignore[attr-defined]
    return list(session.exec(query.order_by(Event.id)))  # type: ignore[arg-type]


def test_what_is_dismissed_is_remembered_until_recalled(learned: Session) -> None:
    one, carol = said(learned), make_person(learned, "Carol")
    subject, goal = topics.subject_of(one), term(learned, "sdg", "7")

    topics.dismiss(learned, subject, goal, carol.id)

    assert ("sdg", "7") not in suggested(learned, one)
    assert [each.code for each in seen(learned, one).dismissed] == ["7"]
    topics.recall(learned, subject, goal, carol.id)
    assert ("sdg", "7") in suggested(learned, one)
    assert kinds(learned, one.id) == ["topic_dismissed", "topic_recalled"]


def test_a_target_belongs_to_missions_and_cannot_be_put_on_a_voice(learned: Session) -> None:
    one, carol = said(learned), make_person(learned, "Carol")

    with pytest.raises(topics.NotFound):
        topics.add(learned, topics.subject_of(one), term(learned, "sdg", "7.2"), carol.id)

    assert learned.exec(select(Tag).where(Tag.subject_id == one.id)).all() == []


def test_a_group_is_suggested_what_its_voices_speak_of_and_keeps_it_over_a_run(learned: Session) -> None:
    call = make_themes(learned)[0]
    for number in range(6):
        voice(learned, call, f"{SOLAR} Roof number {number} first.")
    groupings.group_now(learned, call.id, EMBEDDER, silent)
    carol, goal = make_person(learned, "Carol"), term(learned, "sdg", "7")
    group = next(one for one in groups(learned, call.id) if ("sdg", "7") in suggested(learned, one))

    topics.add(learned, topics.subject_of(group), goal, carol.id)
    groupings.group_now(learned, call.id, EMBEDDER, silent)

    again = learned.exec(select(Cluster).where(Cluster.key == group.key)).all()
    assert len(again) == 2
    for one in again:
        assert [each.code for each in topics.of(learned, one, may_choose=False).applied] == ["7"]


def test_a_group_says_how_many_of_its_voices_speak_of_a_goal(learned: Session) -> None:
    call = make_themes(learned)[0]
    for number in range(6):
        voice(learned, call, f"{SOLAR} Roof number {number} first.")
    groupings.group_now(learned, call.id, EMBEDDER, silent)

    reasons = [dict(topics.for_group(learned, one)[0]) for one in groups(learned, call.id)]
    said = [each["sdg", "7"] for each in reasons if ("sdg", "7") in each]

    assert all("voices that were read speak of this" in why.english for why in said)
    assert max(int(str(why.facts["some"])) for why in said) >= 6
    assert all(2 <= int(str(why.facts["some"])) <= int(str(why.facts["all"])) for why in said)


def groups(session: Session, call_id: UUID) -> list[Cluster]:
    grouping = accepted_grouping(session, call_id)
    assert grouping is not None
    return clusters_of(session, grouping.id, ClusterLevel.MISSION)


def test_a_withdrawn_voice_leaves_no_topic_behind(learned: Session) -> None:
    one, carol = said(learned), make_person(learned, "Carol")
    topics.add(learned, topics.subject_of(one), term(learned, "sdg", "7"), carol.id)
    topics.dismiss(learned, topics.subject_of(one), term(learned, "sdg", "6"), carol.id)

    assert one.author_id is not None
    submissions.withdraw(learned, one, one.author_id)

    for table in (Tag, Dismissal):
        left = learned.exec(select(table).where(table.subject_kind == SubjectKind.SUBMISSION)).all()
        assert left == []


def test_a_scorer_is_learned_once_and_anew_when_our_sentences_change(learned: Session) -> None:
    assert topics_learn.learn(learned, EMBEDDER) == 0
    row = learned.get_one(TopicScorer, (Scheme.SDG.value, EMBEDDER.name))
    kept = topics_learn.scorer_of(learned, Scheme.SDG, EMBEDDER.name)
    fresh = topics_learn.learned(Scheme.SDG, EMBEDDER)
    assert kept is not None
    assert kept.topics == fresh.topics
    assert abs(kept.weights - fresh.weights).max() < 1e-6

    row.learned_from = "something else"
    learned.add(row)
    learned.flush()

    assert topics_learn.learn(learned, EMBEDDER) == 1
