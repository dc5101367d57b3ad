"""What groups say, as a table of an export: sentences of voices that are public now, as the pages show them."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlmodel import Session

from app.models.cluster import Cluster
from app.services.clusters import readable
from app.services.clusters_summary import Sentence, Shown, ids_in, shown

SUMMARY_COLUMNS = (
    ("cluster", "the group"),
    ("part", "says, left_out, dissent or sent_many_times"),
    ("place", "its place within this part, from 1"),
    ("submission", "the voice in which the sentence stands"),
    (
        "share",
        "the part of the group it stands for, from 0 to 1; of left_out, all that no sentence stands for",
    ),
    ("voices", "voices that are close to it; of sent_many_times, near-copies that are public now"),
    ("text", "the sentence, as its author wrote it"),
)
AT_ONCE = 50


def rows(session: Session, clusters: Sequence[Cluster]) -> Iterator[Sequence[Any]]:
    """Some groups at a time: a text is read only while its sentences are written."""
    for start in range(0, len(clusters), AT_ONCE):
        some = clusters[start : start + AT_ONCE]
        words = readable(session, [key for each in some for key in ids_in(each.summary)])
        for each in some:
            yield from of_group(each, shown(each.summary, words))


def of_group(cluster: Cluster, summary: Shown) -> Iterator[Sequence[Any]]:
    parts: dict[str, Sequence[Sentence]] = {
        "says": summary.points,
        "left_out": [summary.left] if summary.left else [],
        "dissent": summary.dissent,
        "sent_many_times": summary.campaigns,
    }
    for part, sentences in parts.items():
        for place, one in enumerate(sentences, 1):
            share = summary.left_share if part == "left_out" else one.share
            told = round(share, 4) if part in ("says", "left_out") else ""
            yield cluster.id, part, place, one.submission.id, told, one.voices or "", one.text
