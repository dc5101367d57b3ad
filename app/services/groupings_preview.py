"""Other steps of the ladder, as they would come out: counted from the labels that are kept, nothing is grouped anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np
from sqlalchemy import text
from sqlmodel import Session, col, select

from app.models.cluster import Cluster, clusters_of
from app.models.grouping import Grouping
from app.models.submission import Submission
from app.nlp.keywords import keywords
from app.nlp.labels import label_groups
from app.nlp.matching import overlaps
from app.nlp.partition import UNGROUPED
from app.nlp.vectors import Labels, compact, rows_by_label
from app.rules.words import ClusterLevel
from app.services.clusters_counts import STATES
from app.services.groupings_ladder import Steps, steps
from app.services.groupings_material import stored_vectors

MISSIONS_SHOWN, PROJECTS_SHOWN = 40, 12
READ = 24  # voices of a group from which its name in the preview is chosen
WHOLE_SHARE = 0.9
PLACES = text(
    "SELECT placement.submission_id, placement.cluster_id FROM placement "
    "JOIN submission ON submission.id = placement.submission_id "
    "WHERE placement.grouping_id = :grouping AND submission.state = ANY(:states)"
)


@dataclass(frozen=True)
class Seen:
    """One group at these steps; `is_same` where the proposal has it just so."""

    label: str
    size: int
    is_same: bool = False
    projects: list["Seen"] = field(default_factory=list)
    more_projects: int = 0


@dataclass(frozen=True)
class Preview:
    """The groups at two steps of the ladder, the largest first."""

    mission: int
    project: int
    missions: list[Seen]
    count: int
    projects: int
    grouped: int
    ungrouped: int

    @property
    def more(self) -> int:
        return self.count - len(self.missions)


@dataclass(frozen=True)
class Cut:
    """Both levels of the voices that the proposal groups, and the same as the proposal has them."""

    voices: tuple[UUID, ...]
    missions: Labels
    projects: Labels
    proposed: dict[ClusterLevel, Labels]
    names: dict[ClusterLevel, list[Cluster]]


def preview(session: Session, grouping: Grouping, mission: int, project: int) -> Preview | None:
    """None where the run kept no ladder."""
    kept = steps(session, grouping.id)
    if kept is None:
        return None
    cut, ungrouped = cut_at(session, grouping, kept, mission, project)
    upper, lower = rows_by_label(cut.missions), rows_by_label(cut.projects)
    inside: dict[int, list[int]] = {label: [] for label in upper}
    for label, rows in sorted(lower.items(), key=lambda one: -len(one[1])):
        inside[int(cut.missions[rows[0]])].append(label)
    order = sorted(upper, key=lambda label: (-len(upper[label]), label))[:MISSIONS_SHOWN]
    shown = {label: inside[label][:PROJECTS_SHOWN] for label in order}
    named = Names(session, grouping, cut)
    above = named.of(ClusterLevel.MISSION, cut.missions, order)
    below = named.of(ClusterLevel.PROJECT, cut.projects, [one for each in shown.values() for one in each])
    missions = [
        Seen(
            *above[label], [Seen(*below[one]) for one in shown[label]], len(inside[label]) - len(shown[label])
        )
        for label in order
    ]
    grouped = sum(map(len, upper.values()))
    ungrouped += len(cut.voices) - grouped
    return Preview(mission, project, missions, len(upper), len(lower), grouped, ungrouped)


def cut_at(session: Session, grouping: Grouping, kept: Steps, mission: int, project: int) -> tuple[Cut, int]:
    """Voices that the proposal leaves ungrouped stay so; those that left the public pages are nowhere."""
    facts = {"grouping": grouping.id, "states": STATES}
    places = session.connection().execute(PLACES, facts)
    home: dict[UUID, UUID | None] = {row.submission_id: row.cluster_id for row in places}
    stands = {key: where for key, where in home.items() if where is not None}
    grouped = tuple(key for key in kept.voices if key in stands)
    found = kept.of(grouped).labels
    least = [int(grouping.parameters.get(name, 1)) for name in ("least_voices", "least_voices_project")]
    missions, projects = nested(found[mission], found[project], *least)
    clusters = clusters_of(session, grouping.id)
    names = {level: [one for one in clusters if one.level is level] for level in ClusterLevel}
    at = {one.id: place for each in names.values() for place, one in enumerate(each)}
    parents = {one.id: one.parent_id or one.id for one in clusters}
    proposed = {
        ClusterLevel.MISSION: [at[parents[stands[key]]] for key in grouped],
        ClusterLevel.PROJECT: [
            at[stands[key]] if parents[stands[key]] != stands[key] else -1 for key in grouped
        ],
    }
    labels = {level: np.array(each, dtype=np.int64) for level, each in proposed.items()}
    return Cut(grouped, missions, projects, labels, names), sum(one is None for one in home.values())


def nested(
    missions: Labels, projects: Labels, least: int = 1, least_project: int = 1
) -> tuple[Labels, Labels]:
    """Each project goes to the mission that most of its voices are in; one that is nearly all of it is left out.

    So are groups of fewer voices than make a group.
    """
    upper, lower = missions.astype(np.int64).copy(), projects.astype(np.int64).copy()
    for rows in rows_by_label(lower).values():
        found = upper[rows][upper[rows] >= 0]
        upper[rows] = np.bincount(found).argmax() if len(found) else UNGROUPED
    sizes = np.bincount(upper[upper >= 0], minlength=1)
    upper[(upper >= 0) & (sizes[upper] < least)] = UNGROUPED
    for rows in rows_by_label(lower).values():
        home = int(upper[rows[0]])
        if home < 0 or not least_project <= len(rows) < WHOLE_SHARE * sizes[home]:
            lower[rows] = UNGROUPED
    return upper, lower


class Names:
    """What groups of a preview are called: as in the proposal where it has nearly the same, else a quotation."""

    def __init__(self, session: Session, grouping: Grouping, cut: Cut) -> None:
        self.session, self.grouping, self.cut = session, grouping, cut

    def of(
        self, level: ClusterLevel, labels: Labels, wanted: Sequence[int]
    ) -> dict[int, tuple[str, int, bool]]:
        """Name, size and sameness of the wanted groups."""
        known = self.cut.names[level]
        counts, mine, theirs = overlaps(labels, self.cut.proposed[level])
        sizes = dict(
            zip(mine.tolist(), np.bincount(compact(labels)[0][labels >= 0], minlength=1), strict=False)
        )
        unions = counts.sum(axis=1)[:, None] + counts.sum(axis=0)[None, :] - counts
        share = counts / np.maximum(unions, 1)
        place = {int(label): at for at, label in enumerate(mine)}
        found: dict[int, tuple[str, int, bool]] = {}
        for label in wanted:
            row = share[place[label]]
            best = int(row.argmax()) if len(row) else -1
            if best >= 0 and row[best] >= 0.5:
                found[label] = (known[int(theirs[best])].label, int(sizes[label]), bool(row[best] == 1))
        unnamed = [label for label in wanted if label not in found]
        return found | {
            label: (name, int(sizes[label]), False) for label, name in self.quoted(labels, unnamed).items()
        }

    def quoted(self, labels: Labels, wanted: Sequence[int]) -> Mapping[int, str]:
        """A sentence of each group, from a few of its voices."""
        rows = np.concatenate([some(np.flatnonzero(labels == label)) for label in wanted] or [labels[:0]])
        keys = [self.cut.voices[int(row)] for row in rows]
        vectors = stored_vectors(self.session, self.grouping.call_id, self.grouping.model, keys)
        columns = (Submission.id, Submission.title, Submission.text, Submission.language)
        query = select(*columns).where(col(Submission.id).in_(keys))
        told = {key: (f"{title}. {words}" if title else words, language or "und")
                for key, title, words, language in self.session.exec(query)}  # fmt: skip
        rows = np.array(
            [row for row, key in zip(rows, keys, strict=True) if key in vectors and key in told], int
        )
        if not len(rows):
            return dict.fromkeys(wanted, "…")
        ids = [self.cut.voices[int(row)] for row in rows]
        matrix = np.vstack([vectors[key] for key in ids])
        texts, languages = [told[key][0] for key in ids], [told[key][1] for key in ids]
        words = keywords(texts, matrix, labels[rows], languages)
        titles = label_groups(texts, matrix, labels[rows], languages, words)
        return {label: titles[label].text or ", ".join(words[label][:3]) or "…" if label in titles else "…"
                for label in wanted}  # fmt: skip


def some(rows: Labels) -> Labels:
    """Evenly chosen rows."""
    return rows[:: max(1, -(-len(rows) // READ))]
