"""Learning to suggest goals and sectors: once for each model, from our own sentences, kept in a row."""

import threading
from collections.abc import Iterator

import numpy as np
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, select

from app.models.columns import now
from app.models.topic_scorer import TopicScorer
from app.nlp import goals
from app.nlp.embedding import Embedder
from app.nlp.goals import Scheme, Sentence
from app.nlp.model_files import model_hash
from app.nlp.topics import Scorer
from app.services import terms
from app.services.groupings_languages import reads_only_english

ENGLISH, SPANISH = "en", "es"
_read: dict[tuple[str, str, str], Scorer] = {}
_reading = threading.Lock()


def sentences_for(scheme: Scheme, model: str) -> tuple[Sentence, ...]:
    """What this model can learn from: one that reads English only would be confused by the rest."""
    found = goals.learned_from(scheme, labels(scheme))
    if not reads_only_english(model):
        return found
    return tuple(one for one in found if one.language == ENGLISH)


def labels(scheme: Scheme) -> Iterator[Sentence]:
    """The words of our terms; a target speaks for its goal, a branch for its sector."""
    for row in terms.written(scheme.value).values():
        topic = row["parent"] or row["code"]
        yield Sentence(topic, row["label"], ENGLISH, is_description=True)
        yield Sentence(topic, row["label_es"], SPANISH, is_description=True)


def wanted(scheme: Scheme, model: str) -> str:
    """The hash of what a scorer of today would be learned from."""
    return goals.fingerprint((*sentences_for(scheme, model), Sentence("model", model_hash(model))))


def missing(session: Session, model: str) -> list[Scheme]:
    """The schemes whose scorer for this model is not there, or was learned from something else."""
    query = select(TopicScorer.scheme, TopicScorer.learned_from).where(TopicScorer.model == model)
    known = dict(session.exec(query).all())
    return [scheme for scheme in Scheme if known.get(scheme.value) != wanted(scheme, model)]


def learn(session: Session, embedder: Embedder) -> int:
    """Learn what is missing; answers how many schemes were learned."""
    found = missing(session, embedder.name)
    for scheme in found:
        keep(session, scheme, embedder.name, learned(scheme, embedder))
    return len(found)


def learned(scheme: Scheme, embedder: Embedder) -> Scorer:
    sentences = sentences_for(scheme, embedder.name)
    return goals.learn_from(sentences, embedder.embed([one.text for one in sentences]))


def keep(session: Session, scheme: Scheme, model: str, scorer: Scorer) -> None:
    facts = {
        "topics": list(scorer.topics),
        "clear_above": scorer.clear_above if np.isfinite(scorer.clear_above) else None,
        "softness": scorer.softness,
    }
    table = np.column_stack([scorer.weights, scorer.bias, scorer.cuts]).astype("<f4")
    row = {
        "learned_from": wanted(scheme, model),
        "weights": table.tobytes(),
        "facts": facts,
        "learned_at": now(),
    }
    write = insert(TopicScorer).values(scheme=scheme.value, model=model, **row)
    session.connection().execute(write.on_conflict_do_update(index_elements=["scheme", "model"], set_=row))


def scorer_of(session: Session, scheme: Scheme, model: str) -> Scorer | None:
    """The scorer that was learned for a model; None while nobody has learned it."""
    query = select(TopicScorer.learned_from).where(
        TopicScorer.scheme == scheme.value, TopicScorer.model == model
    )
    learned_from = session.exec(query).first()
    if learned_from is None:
        return None
    key = (scheme.value, model, learned_from)
    with _reading:
        if key not in _read:
            _read[key] = unpacked(session.get_one(TopicScorer, (scheme.value, model)))
        return _read[key]


def unpacked(row: TopicScorer) -> Scorer:
    topics = tuple(row.facts["topics"])
    table = np.frombuffer(row.weights, dtype="<f4").reshape(len(topics), -1).astype(np.float64)
    clear = row.facts["clear_above"]
    return Scorer(
        topics, table[:, :-2], table[:, -2], table[:, -1],
        float("inf") if clear is None else float(clear), float(row.facts["softness"]),
    )  # fmt: skip
