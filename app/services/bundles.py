"""Bundles: what a run froze, put together with the words that are public today, for anybody to make it again."""

import io
import platform
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any, ClassVar
from uuid import UUID

import numpy as np
from sqlmodel import Session, col, select

from app import __version__
from app.errors import NotAcceptable, NotFound
from app.models.columns import now
from app.models.frozen_grouping import FrozenGrouping
from app.models.grouping import Grouping
from app.models.submission import Submission
from app.nlp import bundle_files, bundle_public, regroup
from app.nlp.bundle import Bundle, Inputs, files_of
from app.nlp.bundle_files import array_bytes
from app.nlp.bundle_reading import opened
from app.nlp.corrections import Correction as Rule
from app.nlp.model_files import model_hash
from app.nlp.partition import Ladder, Partition, Previous
from app.nlp.regroup import SETTLED
from app.nlp.small import Links
from app.nlp.ties import Ties
from app.rules.disclosure import PUBLIC_STATES
from app.rules.words import N_
from app.services import bundles_today
from app.services.embeddings import words_of
from app.services.groupings_material import Material, stored_vectors

# A row of the database holds a gigabyte; ties of a million voices would be more, and are not kept.
MOST_FROZEN = 900 * 1024 * 1024
VOICES, VERSIONS = "voices.npy", "versions.npy"
LIBRARIES = ("numpy", "scipy", "scikit-network", "scikit-learn")
REMEMBERED = 2  # graphs made anew, so that taking a bundle twice does not make its graph twice
README = """CoMission: one grouping, to be made again

    comission regroup THIS_FILE

makes the groups again and compares every label. rows.tsv holds the labels that the run found (-1: in no group);
settings.json what a run is given; the .npy files what tells labels without any word (near_*, wide_*: ties between
texts, above the diagonal; links_*: distances of a few texts; ladder: the rungs a person took), the vectors, and the
node of each text. settled.json lists the rows that later steps left out or that a correction moved. manifest.json holds
the hash of every file, the model with the hash of its files, and the versions of what computed it.

today.npy holds the mission and the project of each row as the pages show them when this is taken. Where they differ
from rows.tsv people have corrected the groups since: "acts" in settings.json lists what they did, not who or why.

Voices that are not public any more are not in here: no row, no label, no tie. When one is gone, the ties are made anew
of those that stay and looked at from the labels of the run, rules about single voices are left out, and settled.json
lists the rows whose label followed from who was there. "absent" in settings.json counts the gone, with those whom the
corrections of the run spoke of and who had left before it. There are no names: an author is a number made for this file
alone. Quote texts with the question.
"""
REPRODUCES = "the labels of the run, in rows.tsv; today.npy holds those of the pages now, after the corrections in acts"

_made: OrderedDict[str, tuple[Ties | Links | None, Mapping[str, float | int | str]]] = OrderedDict()


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
        backing=tuple(voice.support for voice in voices),
    )
    bundle = Bundle(
        opaque(len(voices)), (None,) * len(voices), np.zeros((0, run.material.vectors.shape[1]), np.float32), inputs,
        partition.missions, partition.projects, tuple(str(reason) for reason in partition.reasons), partition.ties,
        partition.parameters, ("",) * len(voices),
    )  # fmt: skip
    files = files_of(bundle)
    if bundle.structure is not None:
        files[SETTLED] = settled(bundle, communities_of(partition))
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
    if bundle.structure is None:
        return
    keys = [UUID(bytes=each.tobytes()) for each in bundle_files.read_array(files, VOICES, "|u1", 2)]
    missions, projects = bundles_today.labels_now(session, made.id, keys)
    joined = replace(
        bundle, missions=missions, projects=projects, inputs=replace(bundle.inputs, is_joined=True)
    )
    held = io.BytesIO()
    bundle_files.write({**files, **files_of(joined), SETTLED: settled(joined)}, {}, held)
    session.merge(FrozenGrouping(grouping_id=made.id, content=held.getvalue(), created_at=now()))


def settled(bundle: Bundle, communities: tuple[np.ndarray, np.ndarray] | None = None) -> bytes:
    assert bundle.structure is not None
    told = regroup.settle(bundle.structure, bundle.missions, bundle.projects, communities)
    return bundle_files.document_bytes(told)


def opaque(count: int) -> tuple[str, ...]:
    """Ids that mean nothing elsewhere, and tell nothing by their order."""
    found: dict[str, None] = {}
    while len(found) < count:
        found[secrets.token_hex(8)] = None
    return tuple(found)


def communities_of(partition: Partition) -> tuple[np.ndarray, np.ndarray] | None:
    """The communities of the nodes, read off the rungs that were chosen instead of being found again."""
    if not isinstance(partition.ties, Ties) or partition.ladder is None or partition.rungs is None:
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
    before_tying: Callable[[], None] | None = None,
) -> dict[str, Any]:
    """Write the bundle as it may be had today; answers what it holds and its fingerprint.

    `before_tying` is called, and may refuse, where ties have to be made anew: that is the work of a grouping.
    """
    row = session.get(FrozenGrouping, grouping.id)
    if row is None:
        raise NotFrozen()
    say = tell or (lambda _stage, _share: None)
    say("opening", 0.1)
    _manifest, files, _fingerprint = bundle_files.read(io.BytesIO(row.content))
    keys = [UUID(bytes=each.tobytes()) for each in bundle_files.read_array(files, VOICES, "|u1", 2)]
    versions = bundle_files.read_array(files, VERSIONS, "<i8", 1).tolist()
    say("reading", 0.3)
    bundle, present = filled(session, grouping, opened(files), keys, versions)
    say("grouping", 0.4)
    bundle = public(bundle, present, before_tying)
    say("writing", 0.7)
    more = {"README.txt": README.encode()}
    if bundle.structure is not None:
        more[SETTLED] = files[SETTLED] if bundle.is_whole and SETTLED in files else settled(bundle)
    facts = facts_of(grouping, bundle)
    fingerprint = bundle_files.write({**files_of(bundle), **more}, facts, out)
    return {**facts, "fingerprint": fingerprint}


def filled(
    session: Session, grouping: Grouping, bundle: Bundle, keys: Sequence[UUID], versions: Sequence[int]
) -> tuple[Bundle, list[bool]]:
    """Put in the words that are public and unchanged since, with their vectors; say which rows have them."""
    query = select(Submission).where(
        Submission.call_id == grouping.call_id, col(Submission.state).in_(PUBLIC_STATES)
    )
    words = {one.id: (one.version, words_of(one)) for one in session.exec(query)}
    vectors = stored_vectors(session, grouping.call_id, grouping.model)
    texts = [
        words[key][1] if key in words and key in vectors and words[key][0] == version else None
        for key, version in zip(keys, versions, strict=True)
    ]
    there = [text is not None for text in texts]
    found = [vectors[key] for key, present in zip(keys, there, strict=True) if present]
    whole = replace(
        bundle,
        texts=tuple(texts),
        vectors=np.vstack(found).astype(np.float32) if found else bundle.vectors,
        submissions=tuple(str(key) for key in keys),
        today=bundles_today.today(session, grouping, keys),
        acts=bundles_today.acts(session, grouping, keys),
        absent=bundles_today.gone_before(session, grouping, keys),
    )
    return whole, there


def public(bundle: Bundle, present: Sequence[bool], before_tying: Callable[[], None] | None = None) -> Bundle:
    """Without whoever is gone; the graph of those who stay is made once for the same voices."""
    if all(present) and not bundle.absent:
        return bundle
    smaller = bundle_public.left(bundle, present)
    made_of = bundle_files.digest(b"".join(files_of(replace(smaller, today=None, acts=())).values()))
    known = _made.get(made_of)
    if known is not None:
        return replace(smaller, ties=known[0], parameters=known[1])
    if before_tying is not None:
        before_tying()
    found = bundle_public.tied(smaller)
    _made[made_of] = found.ties, found.parameters
    while len(_made) > REMEMBERED:
        _made.popitem(last=False)
    return found


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
        "reproduces": REPRODUCES,
        "ties": "frozen with the run" if bundle.is_whole else "made of the voices that are still public",
        "versions": {"comission": __version__, "python": platform.python_version(), **versions},
    }
