"""The whole way from texts and vectors to groups that can be shown, and nothing but the order of the steps."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from app.nlp import evidence
from app.nlp.alignment import aligned
from app.nlp.corrections import Correction, Level
from app.nlp.dissent import Votes
from app.nlp.grouping import group
from app.nlp.labels import Label
from app.nlp.languages import detect_all
from app.nlp.partition import Ladder, Partition, Previous
from app.nlp.projection import Points, project
from app.nlp.quality import Cohesion, Separation, cohesion_band, separation_band
from app.nlp.representatives import odd_ones
from app.nlp.summaries import Embed, Summary
from app.nlp.vectors import Labels, Vectors, checked, rows_by_label

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Cluster:
    """One group, ready to be shown.

    Attributes
    ----------
    level : Level
    label : int
        Its label in the partition, unique within its level.
    parent : int or None
        Mission of a project.
    rows : ndarray of shape (size,)
        Its texts, ascending.
    title : Label
        A quotation of at most twelve words and the row it is from.
    keywords : tuple of str
    representatives, odd_ones : tuple of int
        Rows; a group too small has no odd ones.
    cohesion, separation : float
        As in `app.nlp.partition.Measures`.
    authors : int
        Different authors; the size where authors are not known.
    languages : mapping of str to int
        Texts per language.
    summary : Summary
        At most five sentences of its texts, and what they leave out.
    """

    level: Level
    label: int
    parent: int | None
    rows: Labels
    title: Label
    keywords: tuple[str, ...]
    representatives: tuple[int, ...]
    odd_ones: tuple[int, ...]
    cohesion: float
    separation: float
    authors: int
    languages: Mapping[str, int]
    summary: Summary = field(default_factory=Summary)

    @property
    def size(self) -> int:
        return len(self.rows)

    @property
    def share_of_authors(self) -> float:
        """Authors per text, 0 to 1: low where few people wrote much."""
        return self.authors / max(1, self.size)

    @property
    def cohesion_band(self) -> Cohesion:
        return cohesion_band(self.cohesion)

    @property
    def separation_band(self) -> Separation:
        return separation_band(self.separation)


@dataclass(frozen=True)
class Result:
    """Everything one grouping says, with what is needed to do it again.

    Attributes
    ----------
    partition : Partition
    missions, projects : tuple of Cluster
        Largest first; projects by mission, then size.
    points : ndarray of shape (n_texts, 2)
        Places on the map, -1 … 1, for drawing only.
    languages : tuple of str
        Language of each text, given or detected.
    model : str
        Name of the embedding model.
    seconds : mapping of stage to float
        Wall time.
    """

    partition: Partition
    missions: tuple[Cluster, ...]
    projects: tuple[Cluster, ...]
    points: Points
    languages: tuple[str, ...]
    model: str
    seconds: Mapping[str, float]

    @property
    def seed(self) -> int:
        return self.partition.seed

    @property
    def parameters(self) -> Mapping[str, float | int | str]:
        return self.partition.parameters


@dataclass
class Clock:
    """Tells how far the work is, and how long each stage took."""

    progress: Progress | None
    started: float = field(default_factory=time.perf_counter)
    seconds: dict[str, float] = field(default_factory=dict)

    def begin(self, stage: str, done: float) -> None:
        """Say that a stage begins, with `done` (0 to 1) of the whole behind it."""
        now = time.perf_counter()
        if self.seconds:
            self.seconds[next(reversed(self.seconds))] = round(now - self.started, 3)
        self.seconds[stage] = 0.0
        self.started = now
        if self.progress is not None:
            self.progress(stage, done)

    def end(self) -> Mapping[str, float]:
        """Say that all is done; the seconds of each stage."""
        self.begin("done", 1.0)
        del self.seconds["done"]
        return self.seconds


def run(
    texts: Sequence[str],
    vectors: Vectors,
    *,
    languages: Sequence[str] | None = None,
    authors: Sequence[object] | None = None,
    backing: Sequence[int] | None = None,
    votes: Votes | None = None,
    previous: Previous | None = None,
    corrections: Sequence[Correction] = (),
    model: str = "",
    embed: Embed | None = None,
    random_state: int = 0,
    progress: Progress | None = None,
    ladder: Ladder | None = None,
    rungs: tuple[int, int] | None = None,
) -> Result:
    """Group texts and explain each group.

    Parameters
    ----------
    texts, vectors, languages, authors, backing, previous, corrections, random_state, ladder, rungs
        As for `app.nlp.grouping.group`; languages are detected when None.
    votes : pair of sequences of int, optional
        How many agreed with each text and how many disagreed.
    model : str
        Name of the model that made the vectors, kept in the result.
    embed : callable, optional
        That model: with it names are tried against all groups and single sentences sum missions up.
    progress : callable, optional
        Told the name of each stage as it begins ("languages", "grouping", "words", "representatives", "map",
        "done") and the share of the whole behind it, 0 to 1.

    Returns
    -------
    Result

    Raises
    ------
    ValueError, Conflict
        As `app.nlp.grouping.group`.
    """
    clock = Clock(progress)
    clock.begin("languages", 0.0)
    spoken = tuple(languages) if languages is not None else detect_all(texts)
    clock.begin("grouping", 0.1)
    partition = group(
        texts, vectors, languages=spoken, authors=authors, backing=backing, previous=previous, corrections=corrections,
        random_state=random_state, ladder=ladder, rungs=rungs,
    )  # fmt: skip
    clock.begin("words", 0.6)
    said = evidence.read(texts, checked(vectors, len(texts)), spoken, authors=authors, votes=votes)
    told = evidence.both_levels(said, partition.missions, partition.projects, embed)
    clock.begin("representatives", 0.85)
    compared = aligned(texts, vectors, spoken)
    missions, projects = (clusters(compared, partition, level, told[level], said) for level in Level)
    clock.begin("map", 0.9)
    points = project(compared, partition.missions, partition.projects)
    seconds = clock.end()
    return Result(partition, missions, projects, points, spoken, model, seconds)


def clusters(
    vectors: Vectors,
    partition: Partition,
    level: Level,
    words: evidence.Words,
    said: evidence.Said,
) -> tuple[Cluster, ...]:
    """Put together every group of one level."""
    of_mission = level is Level.MISSION
    labels = partition.missions if of_mission else partition.projects
    measures = partition.measures
    cohesion = measures.cohesion if of_mission else measures.project_cohesion
    separation = measures.separation if of_mission else measures.project_separation
    odd, authors = odd_ones(vectors, labels, standing=words.representatives), said.authors
    found = [
        Cluster(
            level=level,
            label=label,
            parent=None if of_mission else partition.mission_of_project[label],
            rows=rows,
            title=words.titles[label],
            keywords=words.keywords[label],
            representatives=words.representatives[label],
            odd_ones=odd[label],
            cohesion=cohesion[label],
            separation=separation[label],
            authors=len(rows) if authors is None else len({authors[row] for row in rows}),
            languages=counted([said.languages[row] for row in rows]),
            summary=words.summaries[label],
        )
        for label, rows in rows_by_label(labels).items()
    ]
    return tuple(
        sorted(found, key=lambda one: (-1 if one.parent is None else one.parent, -one.size, one.label))
    )


def counted(languages: Sequence[str]) -> dict[str, int]:
    """Count texts per language, the most common first."""
    names, counts = np.unique(np.asarray(languages, dtype=str), return_counts=True)
    return {str(names[at]): int(counts[at]) for at in np.lexsort((names, -counts))}
