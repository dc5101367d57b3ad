"""The summary of a group: kept as places in public voices, so that no word outlives the voice it stands in."""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from app.models.cluster import Cluster
from app.models.grouping import Grouping
from app.models.submission import Submission
from app.nlp import pipeline
from app.nlp.corrections import Level
from app.nlp.quoting import Quotation
from app.nlp.summaries import Summary
from app.rules.disclosure import PUBLIC_STATES
from app.services.embeddings import words_of
from app.services.groupings_identity import Known
from app.services.groupings_material import Material

Summaries = Mapping[Level, Mapping[int, Summary]]
# A title that ends with its own sign got a full stop behind it when the model read it.
DOUBLED = re.compile(r"([?!…。])\.$")
QUOTING = text(
    "SELECT id FROM cluster WHERE summary <> '{}' AND (jsonb_path_exists(summary, "
    "'$.**.submission ? (@ == $gone)', jsonb_build_object('gone', CAST(:gone AS text))) "
    "OR jsonb_path_exists(summary, '$.campaigns[*].copies[*] ? (@ == $number)', "
    "jsonb_build_object('number', CAST(:number AS bigint))))"
)
FEWEST_COPIES = 2


@dataclass(frozen=True)
class Sentence:
    """A sentence of a public voice, and how much of the group it stands for."""

    submission: Submission
    text: str
    share: float = 0.0
    voices: int = 0


@dataclass(frozen=True)
class Shown:
    """A summary as it can be read now: without what was taken back since."""

    points: tuple[Sentence, ...] = ()
    left: Sentence | None = None
    left_share: float = 0.0
    dissent: tuple[Sentence, ...] = ()
    campaigns: tuple[Sentence, ...] = ()
    taken_back: int = 0

    @property
    def covered(self) -> float:
        return min(1.0, sum(point.share for point in self.points))

    @property
    def is_empty(self) -> bool:
        return not (self.points or self.dissent or self.campaigns or self.taken_back)


NONE = Shown()


def summaries_of(result: pipeline.Result) -> Summaries:
    """The summary of each group of a run, by level and label."""
    return {
        level: {cluster.label: cluster.summary for cluster in clusters}
        for level, clusters in ((Level.MISSION, result.missions), (Level.PROJECT, result.projects))
    }


def keep(
    session: Session,
    grouping: Grouping,
    material: Material,
    found: Summaries,
    known: Mapping[Level, Known],
) -> None:
    """Write the summaries of a run beside its groups."""
    session.flush()
    rows = session.exec(select(Cluster).where(Cluster.grouping_id == grouping.id)).all()
    by_key = {cluster.key: cluster for cluster in rows}
    ids = [voice.id for voice in material.voices]
    lengths = [len(voice.text) for voice in material.voices]
    for level, summaries in found.items():
        for label, summary in summaries.items():
            if (cluster := by_key.get(known[level].keys[label])) is not None:
                cluster.summary = kept(summary, ids, lengths)
    number_copies(session, rows)


def kept(summary: Summary, ids: Sequence[UUID], lengths: Sequence[int]) -> dict[str, Any]:
    """A summary as plain data: ids, places and numbers."""

    def place(quotation: Quotation) -> dict[str, Any]:
        return {
            "submission": str(ids[quotation.row]),
            "start": quotation.start,
            "end": quotation.end,
            "of": lengths[quotation.row],
        }

    points = [{**place(one.quotation), "share": one.share, "voices": one.voices} for one in summary.points]
    left = summary.left
    return {
        "points": points,
        "left": {**place(left.quotation), "share": left.share, "voices": left.voices} if left else None,
        "left_share": summary.left_share,
        "dissent": [place(one.quotation) for one in summary.dissent],
        "campaigns": [
            {"submission": str(ids[row]), "voices": size, "copies": [str(ids[one]) for one in copied]}
            for (row, size), copied in zip(summary.campaigns, summary.copied, strict=True)
        ],
    }


def number_copies(session: Session, clusters: Iterable[Cluster]) -> None:
    """Near-copies are kept by the numbers of their voices: thousands of ids would be too long for a row."""
    sent = [one for one in clusters if one.summary.get("campaigns")]
    wanted = {UUID(key) for one in sent for each in one.summary["campaigns"] for key in each["copies"]}
    query = select(Submission.id, Submission.number).where(col(Submission.id).in_(wanted))
    numbers = {str(key): number for key, number in session.exec(query)} if wanted else {}
    for one in sent:
        told = [
            {**each, "copies": sorted(numbers[key] for key in each["copies"])}
            for each in one.summary["campaigns"]
        ]
        one.summary = {**one.summary, "campaigns": told}


def ids_in(summary: Mapping[str, Any]) -> list[str]:
    """Every voice a summary names."""
    return [str(one["submission"]) for one in entries(summary)]


def entries(summary: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    for name in ("points", "dissent", "campaigns"):
        yield from summary.get(name, ())
    if summary.get("left"):
        yield summary["left"]


def shown(summary: Mapping[str, Any], words: Mapping[str, Submission]) -> Shown:
    """The summary in the words that are public now; `words` are the readable voices by id."""
    if not summary:
        return NONE
    points = [sentence(one, words) for one in summary["points"]]
    return Shown(
        points=tuple(one for one in points if one),
        left=sentence(summary["left"], words) if summary["left"] else None,
        left_share=float(summary["left_share"]),
        dissent=tuple(one for each in summary["dissent"] if (one := sentence(each, words))),
        campaigns=tuple(one for each in summary["campaigns"] if (one := sentence(each, words))),
        taken_back=sum(one is None for one in points) + int(summary.get("taken_back", 0)),
    )


def sentence(place: Mapping[str, Any], words: Mapping[str, Submission]) -> Sentence | None:
    """The words at a place, if the voice may be read and is as long as it was when the place was found."""
    submission = words.get(str(place["submission"]))
    if submission is None:
        return None
    share, voices = float(place.get("share", 0.0)), int(place.get("voices", 0))
    whole = words_of(submission)
    if "start" not in place:
        return Sentence(submission, submission.text, share, voices)
    if len(whole) != place["of"]:
        return None
    said = DOUBLED.sub(r"\1", whole[place["start"] : place["end"]])
    return Sentence(submission, said, share, voices)


def forget(session: Session, submission_id: UUID) -> None:
    """A voice was withdrawn, hidden or changed: no summary quotes it, or counts it as a copy, any more."""
    session.flush()
    number = session.exec(select(Submission.number).where(Submission.id == submission_id)).one()
    facts = {"gone": str(submission_id), "number": number}
    found = session.connection().execute(QUOTING, facts).scalars().all()
    for cluster in session.exec(select(Cluster).where(col(Cluster.id).in_(found))):
        cluster.summary = without(session, cluster.summary, {str(submission_id)}, {number or 0})


def forget_gone(session: Session, grouping: Grouping) -> None:
    """Whoever left while a run was on its way is in none of its summaries."""
    clusters = session.exec(select(Cluster).where(Cluster.grouping_id == grouping.id)).all()
    quoted = {UUID(key) for one in clusters for key in ids_in(one.summary)}
    copied = {number for one in clusters for number in copies_in(one.summary)}
    is_public = col(Submission.state).in_(PUBLIC_STATES)
    ids = session.exec(select(Submission.id).where(col(Submission.id).in_(quoted), is_public)).all()
    numbers = session.exec(
        select(Submission.number).where(col(Submission.number).in_(copied), is_public)
    ).all()
    gone, left = {str(key) for key in quoted - set(ids)}, copied - set(numbers)
    for cluster in clusters:
        if gone & set(ids_in(cluster.summary)) or left & set(copies_in(cluster.summary)):
            cluster.summary = without(session, cluster.summary, gone, left)


def copies_in(summary: Mapping[str, Any]) -> list[int]:
    return [number for one in summary.get("campaigns", ()) for number in one.get("copies", ())]


def without(
    session: Session, summary: Mapping[str, Any], gone: Set[str], numbers: Set[int]
) -> dict[str, Any]:
    """The summary less what these voices said; how many sentences that were is remembered."""
    left = {name: [one for one in summary.get(name, ()) if one["submission"] not in gone]
            for name in ("points", "dissent")}  # fmt: skip
    campaigns = [fewer(session, one, gone, numbers) for one in summary.get("campaigns", ())]
    example = summary.get("left")
    return {
        **summary,
        **left,
        "campaigns": [one for one in campaigns if one],
        "left": None if example and example["submission"] in gone else example,
        "taken_back": int(summary.get("taken_back", 0))
        + len(summary.get("points", ()))
        - len(left["points"]),
    }


def fewer(
    session: Session, campaign: dict[str, Any], gone: Set[str], numbers: Set[int]
) -> dict[str, Any] | None:
    """A campaign without some of its copies, in the words of one that is left; none where hardly any is."""
    shown = campaign["submission"]
    if "copies" not in campaign:  # kept by an earlier version, which did not know them
        return None if shown in gone else campaign
    copies = [number for number in campaign["copies"] if number not in numbers]
    if len(copies) < FEWEST_COPIES:
        return None
    if shown in gone:
        shown = str(session.exec(select(Submission.id).where(Submission.number == copies[0])).one())
    return {**campaign, "submission": shown, "voices": len(copies), "copies": copies}
