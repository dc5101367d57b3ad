"""Bundles: what a run froze, put together with the words that are public today, for anybody to make it again."""

import io
import platform
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any, ClassVar
from uuid import UUID

import numpy as np
from sqlmodel import Session, col, select

from app import __version__
from app.errors import NotAcceptable, NotFound
from app.models.cluster import Cluster
from app.models.columns import now
from app.models.frozen_grouping import FrozenGrouping
from app.models.grouping import Grouping
from app.models.placement import Placement
from app.models.submission import Submission
from app.nlp import bundle_files, regroup
from app.nlp.bundle import Bundle, Inputs, files_of
from app.nlp.bundle_files import array_bytes
from app.nlp.bundle_reading import opened
from app.nlp.corrections import Correction as Rule
from app.nlp.model_files import model_hash
from app.nlp.partition import Ladder, Partition, Previous
from app.rules.disclosure import PUBLIC_STATES
from app.rules.words import N_
from app.services.embeddings import words_of
from app.services.groupings_material import Material, stored_vectors

# A row of the database holds a gigabyte; ties of a million voices would be more, and are not kept.
MOST_FROZEN = 900 * 1024 * 1024
VOICES, VERSIONS = "voices.npy", "versions.npy"
SETTLED = "settled.json"
LIBRARIES = ("numpy", "scipy", "scikit-network", "scikit-learn")
README = """CoMission: one grouping, to be made again

    comission regroup THIS_FILE

makes the groups again and compares every label. rows.tsv holds the labels (-1: in no group); settings.json what a run
is given; the .npy files the ties between texts (near_*, wide_*, above the diagonal), the vectors, and the node of each
text. settled.json lists the rows that later steps left out or that a correction moved. manifest.json holds the hash of
every file, the model with the hash of its files, and the versions of what computed it.

Words that are not public any more are not in here, nor are their vectors; their rows keep an id that means nothing
elsewhere, the group they stood in and their ties, from which it may be told what they were about. There are no names:
an author is a number made for this file alone. Quote texts with the question.
"""


class NotFrozen(NotFound):
    """Groupings of before this was kept, or with more voices than a row can hold, or joined from two by a person."""

    sentence: ClassVar[str] = N_("There is no bundle of this grouping: what it was made from was not kept.")


class GroupingUnknown(NotAcceptable):
    sentence: ClassVar[str] = N_("There is no grouping with this id. It stands in the address of its page.")


@dataclass(frozen=True)
class Run:
    """What a run was given and what it found."""

    material: Material
    previous: Previous | None
    rules: tuple[Rule, ...]
    partition: Partition
    languages: tuple[str, ...]
    ladder: Ladder | None
    rungs: tuple[int, int] | None


def freeze(session: Session, grouping: Grouping, run: Run) -> None:
    """Keep what the run needs to be made again: ids, ties and labels, and not one word."""
    voices, partition = run.material.voices, run.partition
    authors: dict[object, int] = {}
    inputs = Inputs(
        run.languages,
        tuple(authors.setdefault(voice.author or voice.id, len(authors)) for voice in voices),
        run.rules,
        partition.seed,
        run.previous,
        run.ladder,
        run.rungs,
    )
    bundle = Bundle(
        opaque(len(voices)), (None,) * len(voices), np.zeros((0, run.material.vectors.shape[1]), np.float32), inputs,
        partition.missions, partition.projects, tuple(str(reason) for reason in partition.reasons), partition.ties,
        partition.parameters, ("",) * len(voices),
    )  # fmt: skip
    files = files_of(bundle)
    if partition.ties is not None:
        told = regroup.settle(
            partition.ties, partition.missions, partition.projects, communities_of(partition)
        )
        files[SETTLED] = bundle_files.document_bytes(told)
    keys = np.frombuffer(b"".join(voice.id.bytes for voice in voices), dtype=np.uint8).reshape(-1, 16)
    files[VOICES] = array_bytes(keys)
    files[VERSIONS] = array_bytes(np.array([voice.version for voice in voices], dtype=np.int64))
    held = io.BytesIO()
    bundle_files.write(files, {}, held)
    if held.tell() <= MOST_FROZEN:
        session.merge(FrozenGrouping(grouping_id=grouping.id, content=held.getvalue(), created_at=now()))


def freeze_joined(session: Session, made: Grouping, source: Grouping) -> None:
    """Of a grouping that a person made of some changes of a run: the ties of the run, and every label as it is now.

    Its labels follow from the ties as far as they do, and the others are named; without ties nothing follows.
    """
    row = session.get(FrozenGrouping, source.id)
    if row is None:
        return
    files = bundle_files.read(io.BytesIO(row.content))[1]
    bundle = opened(files)
    if bundle.ties is None:
        return
    keys = [UUID(bytes=each.tobytes()) for each in bundle_files.read_array(files, VOICES, "|u1", 2)]
    missions, projects = labels_now(session, made.id, keys)
    joined = replace(
        bundle, missions=missions, projects=projects, inputs=replace(bundle.inputs, is_joined=True)
    )
    told = bundle_files.document_bytes(regroup.settle(bundle.ties, missions, projects))
    held = io.BytesIO()
    bundle_files.write({**files, **files_of(joined), SETTLED: told}, {}, held)
    session.merge(FrozenGrouping(grouping_id=made.id, content=held.getvalue(), created_at=now()))


def labels_now(session: Session, grouping_id: UUID, keys: Sequence[UUID]) -> tuple[np.ndarray, np.ndarray]:
    """Number the groups of a grouping by the order of their ids, and say where each voice stands."""
    session.flush()
    every = session.exec(
        select(Cluster.id, Cluster.parent_id).where(Cluster.grouping_id == grouping_id)
    ).all()
    parent = dict(every)
    number = {key: at for at, key in enumerate(sorted(parent))}
    homes = dict(
        session.exec(
            select(Placement.submission_id, Placement.cluster_id).where(Placement.grouping_id == grouping_id)
        ).all()
    )
    labels = np.full((2, len(keys)), -1, dtype=np.int64)
    for row, key in enumerate(keys):
        home = homes.get(key)
        if home is not None:
            above = parent[home]
            labels[0, row] = number[above or home]
            labels[1, row] = number[home] if above else -1
    return labels[0], labels[1]


def opaque(count: int) -> tuple[str, ...]:
    """Ids that mean nothing elsewhere, and tell nothing by their order."""
    found: dict[str, None] = {}
    while len(found) < count:
        found[secrets.token_hex(8)] = None
    return tuple(found)


def communities_of(partition: Partition) -> tuple[np.ndarray, np.ndarray] | None:
    """The communities of the nodes, read off the rungs that were chosen instead of being found again."""
    if partition.ties is None or partition.ladder is None or partition.rungs is None:
        return None
    nodes = partition.ties.nodes
    firsts = np.unique(nodes[nodes >= 0], return_index=True)[1]
    rows = np.flatnonzero(nodes >= 0)[firsts]
    mission, project = (partition.ladder.labels[rung][rows].astype(np.int64) for rung in partition.rungs)
    return mission, project


def is_kept(session: Session, grouping_id: UUID) -> bool:
    query = select(FrozenGrouping.grouping_id).where(FrozenGrouping.grouping_id == grouping_id)
    return session.exec(query).first() is not None


def by_id(session: Session, raw: str) -> Grouping:
    try:
        found = session.get(Grouping, UUID(raw))
    except ValueError:
        found = None
    if found is None:
        raise GroupingUnknown()
    return found


def write(
    session: Session,
    grouping: Grouping,
    out: Path | IO[bytes],
    tell: Callable[[str, float], None] | None = None,
) -> dict[str, Any]:
    """Write the bundle as it may be had today; answers what it holds and its fingerprint."""
    row = session.get(FrozenGrouping, grouping.id)
    if row is None:
        raise NotFrozen()
    say = tell or (lambda _stage, _share: None)
    say("opening", 0.1)
    _manifest, files, _fingerprint = bundle_files.read(io.BytesIO(row.content))
    keys = [UUID(bytes=each.tobytes()) for each in bundle_files.read_array(files, VOICES, "|u1", 2)]
    versions = bundle_files.read_array(files, VERSIONS, "<i8", 1).tolist()
    say("reading", 0.3)
    bundle = filled(session, grouping, opened(files), keys, versions)
    say("writing", 0.7)
    facts = facts_of(grouping, bundle)
    more = {SETTLED: files[SETTLED]} if SETTLED in files else {}
    fingerprint = bundle_files.write({**files_of(bundle), **more, "README.txt": README.encode()}, facts, out)
    return {**facts, "fingerprint": fingerprint}


def filled(
    session: Session, grouping: Grouping, bundle: Bundle, keys: Sequence[UUID], versions: Sequence[int]
) -> Bundle:
    """Put in the words that are public and unchanged since, with their vectors."""
    query = select(Submission).where(
        Submission.call_id == grouping.call_id, col(Submission.state).in_(PUBLIC_STATES)
    )
    public = {one.id: (one.version, words_of(one)) for one in session.exec(query)}
    vectors = stored_vectors(session, grouping.call_id, grouping.model)
    texts = [
        public[key][1] if key in public and key in vectors and public[key][0] == version else None
        for key, version in zip(keys, versions, strict=True)
    ]
    there = [text is not None for text in texts]
    found = [vectors[key] for key, present in zip(keys, there, strict=True) if present]
    whole = replace(
        bundle,
        texts=tuple(texts),
        vectors=np.vstack(found).astype(np.float32) if found else bundle.vectors,
        submissions=tuple(str(key) for key in keys),
    )
    return whole.without(there)


def facts_of(grouping: Grouping, bundle: Bundle) -> dict[str, Any]:
    versions = {name: version(name) for name in LIBRARIES}
    return {
        "grouping": str(grouping.id),
        "call": str(grouping.call_id),
        "model": grouping.model,
        "model_hash": model_hash(grouping.model),
        "seed": grouping.seed,
        "voices": len(bundle.ids),
        "gone": bundle.gone,
        "versions": {"comission": __version__, "python": platform.python_version(), **versions},
    }


def told(found: regroup.Regrouped) -> tuple[dict[str, Any], str]:
    """The answer of `comission regroup`: facts, and sentences."""
    facts: dict[str, Any] = {
        "same": found.is_same,
        "rebuilt": found.is_rebuilt,
        "voices": found.rows,
        "gone": found.gone,
        "fingerprint": found.fingerprint,
        "grouping": found.facts.get("grouping"),
        "from_ties": {name: vars(one) for name, one in zip(("mission", "project"), found.from_ties, strict=True)}
        if found.from_ties
        else None,
        "from_vectors": {"differing_missions": found.from_vectors[0], "differing_projects": found.from_vectors[1],
                         "same_ties": found.same_ties}
        if found.from_vectors
        else None,
    }  # fmt: skip
    return facts, " ".join(sentences(found))


def sentences(found: regroup.Regrouped) -> list[str]:
    said = [f"{found.rows} voices, {found.gone} of them not in the bundle any more."]
    if found.from_ties is not None:
        mission = found.from_ties[0]
        wrong = sum(one.differing for one in found.from_ties)
        said.append(
            f"From the ties: {mission.follow} missions follow from the communities, {mission.settled} were settled by "
            f"name; {'all labels are the same' if not wrong else f'{wrong} labels differ'}."
        )
    if found.from_vectors is not None:
        wrong = sum(found.from_vectors)
        said.append(
            f"From the vectors: {'all labels are the same' if not wrong else f'{wrong} labels differ'}"
            f"{', and the ties' if found.same_ties else ', but the ties differ' if found.same_ties is False else ''}."
        )
    elif found.same_ties is not None:
        said.append(
            "A person took some changes of the run and not others. From the vectors: the ties are the same."
            if found.same_ties
            else "A person took some changes of the run and not others. From the vectors: the ties differ."
        )
    if not found.is_rebuilt:
        said.append(
            "It cannot be made again: there are no ties, and not all voices are there. Its files are unchanged."
        )
    said.append("It is the same grouping." if found.is_same else "It is NOT shown to be the same grouping.")
    return said
