"""Words that were hidden or withdrawn come back through no other door."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, select

from app.models.call import Call
from app.models.correction import Correction
from app.models.embedding import Embedding
from app.models.submission import Submission
from app.nlp.embedding import HashingEmbedder
from app.rules.moderation import HidingRule
from app.rules.words import PlacedBy, SubmissionState
from app.services import (
    clusters,
    clusters_words,
    corrections,
    corrections_undo,
    embeddings,
    moderation,
    submissions,
)
from tests.factories import make_submission
from tests.services.test_corrections import Bench


def test_undoing_a_name_does_not_bring_back_the_words_of_somebody_who_left(session: Session) -> None:
    bench = Bench(session)
    solar = bench.of("solar")
    voice = session.get_one(Submission, bench.themes["solar"][0])
    quoted = voice.text
    solar.label, solar.label_by = quoted, PlacedBy.MACHINE
    solar.measures = {**solar.measures, "label_from": str(voice.id)}
    renamed: Correction = corrections.rename(session, solar, "Sun for everyone", bench.carol.id)

    submissions.withdraw(session, voice, voice.author_id or bench.carol.id)
    corrections_undo.undo(session, renamed, bench.carol.id)

    assert solar.label not in ("Sun for everyone", quoted)
    assert solar.label


def test_undoing_a_name_in_a_later_run_does_not_bring_back_old_words(session: Session) -> None:
    bench = Bench(session)
    solar = bench.of("solar")
    voice = session.get_one(Submission, bench.themes["solar"][0])
    quoted = voice.text
    solar.label, solar.label_by = quoted, PlacedBy.MACHINE
    solar.measures = {**solar.measures, "label_from": str(voice.id)}
    renamed = corrections.rename(session, solar, "Sun for everyone", bench.carol.id)
    bench.run_again()

    submissions.withdraw(session, voice, voice.author_id or bench.carol.id)
    corrections_undo.undo(session, renamed, bench.carol.id)

    assert bench.of("solar").label != quoted


def test_a_group_does_not_name_the_place_that_a_hidden_voice_wrote(session: Session) -> None:
    bench = Bench(session)
    solar = bench.of("solar")
    voice = session.get_one(Submission, bench.themes["solar"][0])
    voice.place, voice.state = "An insult in the field of places", SubmissionState.HIDDEN
    voice.hidden_rule, voice.hidden_reason = "insult", "It insults."
    session.flush()

    shown = clusters.evidence(session, solar).places

    assert voice.place not in [name for name, _voices in shown]


def test_who_leaves_while_a_run_reads_names_none_of_its_groups(session: Session) -> None:
    bench = Bench(session)
    solar = bench.of("solar")
    voice = session.get_one(Submission, bench.themes["solar"][0])
    quoted = voice.text
    submissions.withdraw(session, voice, voice.author_id or bench.carol.id)
    solar.label, solar.label_by = quoted, PlacedBy.MACHINE
    solar.measures = {**solar.measures, "label_from": str(voice.id)}
    session.flush()

    clusters_words.unquote_gone(session, bench.grouping)

    assert quoted not in solar.label
    assert solar.measures["label_from"] is None


def test_words_taken_back_while_the_model_reads_them_leave_no_vector(session: Session) -> None:
    stays = make_submission(session)
    leaves = make_submission(
        session, session.get_one(Call, stays.call_id), text="A secret about my neighbour."
    )

    class Slow(HashingEmbedder):
        def embed(self, texts: Sequence[str], **options: Any) -> Any:
            submissions.withdraw(session, leaves, leaves.author_id or stays.id)
            session.flush()
            return super().embed(texts, **options)

    made = embeddings.embed_batch(session, [stays.id, leaves.id], Slow())

    kept = session.exec(select(Embedding.submission_id)).all()
    assert (made, kept) == (1, [stays.id])


def test_a_word_that_only_hidden_voices_said_stands_out_no_more(session: Session) -> None:
    bench = Bench(session)
    solar = bench.of("solar")
    spam = [session.get_one(Submission, key) for key in bench.themes["solar"][:2]]
    for voice in spam:
        voice.text = f"{voice.text}. Mallory Street 12 belongs to a thief."
    solar.keywords = ["mallory", "solar", "panels", "street thief"]
    solar.label, solar.label_by = "mallory, solar, panels", PlacedBy.MACHINE
    solar.measures = {**solar.measures, "label_from": None}
    session.flush()

    moderation.hide(session, spam[0], bench.carol, HidingRule.INSULT, "It names a neighbour.", "")
    assert "mallory" in solar.keywords  # another public voice says it still
    moderation.hide(session, spam[1], bench.carol, HidingRule.INSULT, "It names a neighbour.", "")

    assert solar.keywords == ["solar", "panels"]
    assert solar.label == "solar, panels"


def test_a_name_that_a_person_gave_stays_when_words_go(session: Session) -> None:
    bench = Bench(session)
    solar = bench.of("solar")
    corrections.rename(session, solar, "mallory", bench.carol.id)
    solar.keywords = ["mallory"]
    voice = session.get_one(Submission, bench.themes["solar"][0])

    submissions.withdraw(session, voice, voice.author_id or bench.carol.id)

    assert (solar.label, solar.keywords) == ("mallory", [])
