"""One run of the pipeline over one call: read, group, compare, and only at its end write."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from app.models.cluster import clusters_of
from app.models.columns import now
from app.models.correction import Correction, standing_corrections
from app.models.grouping import Grouping, accepted_grouping
from app.nlp import pipeline
from app.nlp.corrections import Conflict, Level
from app.nlp.corrections import Correction as Rule
from app.nlp.embedding import Embedder
from app.nlp.partition import Ladder
from app.rules.words import CorrectionKind, GroupingState, SubjectKind
from app.services import (
    bundles,
    clusters_summary,
    clusters_words,
    corrections_standing,
    events,
    groupings_ladder,
    groupings_moves,
)
from app.services.groupings_identity import Known, difference, judged_rules, known
from app.services.groupings_material import (
    Material,
    Progress,
    Standing,
    gathered,
    keep_vectors,
    standing,
)
from app.services.groupings_rows import write_rows

LEVELS = "levels_of"  # in the measures of a run that only goes to other steps of a ladder: whose, and
RUNGS = "rungs"  # which steps
UNFINISHED = frozenset({GroupingState.QUEUED, GroupingState.RUNNING})
GROUPING_FROM, GROUPING_UNTIL = 0.6, 0.95
UNKNOWN_LANGUAGE = "und"


@dataclass(frozen=True)
class Chosen:
    """The ladder of an earlier run, its voices as they are now, and the two rungs of it that somebody chose."""

    ladder: Ladder | None = None
    rungs: tuple[int, int] | None = None


NOTHING_CHOSEN = Chosen()


@dataclass(frozen=True)
class Outcome:
    """What one run found, before a single row of it is written."""

    material: Material
    before: Standing
    result: pipeline.Result
    missions: Known
    projects: Known
    corrections: tuple[Correction, ...]
    rules: tuple[Rule, ...]
    left_out: int
    chosen: Chosen
    runtime: str
    seconds: float


def run(session: Session, grouping_id: UUID, embedder: Embedder, progress: Progress) -> None:
    """The long work of a queued grouping: doing it again after it is done changes nothing.

    The row itself is written at the very end, because progress is told to it from another connection.
    """
    grouping = session.get(Grouping, grouping_id)
    if grouping is None or grouping.state not in UNFINISHED:
        return
    outcome = computed(session, grouping.call_id, grouping.seed, embedder, progress, asked_of(grouping))
    progress("writing", GROUPING_UNTIL)
    fresh = session.get_one(Grouping, grouping_id, with_for_update=True, populate_existing=True)
    if fresh.state in UNFINISHED:
        keep(session, fresh, outcome, embedder.name)


@dataclass(frozen=True)
class Asked:
    """Other steps of the ladder of an earlier run: nothing is looked for again."""

    source: UUID
    rungs: tuple[int, int]


def asked_of(grouping: Grouping) -> Asked | None:
    if LEVELS not in grouping.measures:
        return None
    mission, project = grouping.measures[RUNGS]
    return Asked(UUID(grouping.measures[LEVELS]), (int(mission), int(project)))


def computed(
    session: Session,
    call_id: UUID,
    seed: int,
    embedder: Embedder,
    progress: Progress,
    asked: Asked | None = None,
) -> Outcome:
    """Group everything that is public now, or put the voices of a ladder together anew; nothing is written."""
    # Reading and writing a hundred thousand rows may take longer than a page is allowed to.
    session.connection().execute(text("SET LOCAL statement_timeout = 0"))
    began = perf_counter()
    material = gathered(session, call_id, embedder, progress)
    steps = groupings_ladder.steps(session, asked.source) if asked else None
    chosen = NOTHING_CHOSEN
    if steps is not None and asked is not None:
        material = material.only(set(steps.voices))
        chosen = Chosen(steps.of([voice.id for voice in material.voices]), asked.rungs)
    before = standing(session, accepted_grouping(session, call_id), material)
    corrections = tuple(standing_corrections(session, call_id))
    labels = {Level.MISSION: before.mission_labels, Level.PROJECT: before.project_labels}
    rules = [*judged_rules(before), *corrections_standing.rules(corrections, material.row_of, labels)]
    result, held = piped(material, before, rules, embedder, seed, progress, chosen)
    missions = known(before.missions, before.mission_labels, before.weights, result.partition.missions)
    projects = known(before.projects, before.project_labels, before.weights, result.partition.projects)
    return Outcome(
        material, before, result, missions, projects, corrections, tuple(held), len(rules) - len(held),
        chosen, embedder.runtime, perf_counter() - began,
    )  # fmt: skip


def piped(
    material: Material,
    before: Standing,
    rules: Sequence[Rule],
    embedder: Embedder,
    seed: int,
    progress: Progress,
    chosen: Chosen = NOTHING_CHOSEN,
) -> tuple[pipeline.Result, list[Rule]]:
    """Run the pipeline, and say which rules it kept; of two that contradict each other the later one holds."""
    kept, voices = list(rules), material.voices

    def tell(stage: str, share: float) -> None:
        progress(stage, GROUPING_FROM + (GROUPING_UNTIL - GROUPING_FROM) * share)

    while True:
        try:
            result = pipeline.run(
                [voice.text for voice in voices],
                material.vectors,
                languages=[voice.language or UNKNOWN_LANGUAGE for voice in voices],
                authors=[voice.author or voice.id for voice in voices],
                backing=[voice.support for voice in voices],
                votes=([voice.agrees for voice in voices], [voice.disagrees for voice in voices]),
                previous=before.previous(),
                corrections=kept,
                model=embedder.name,
                embed=embedder.embed,
                random_state=seed,
                progress=tell,
                ladder=chosen.ladder,
                rungs=chosen.rungs,
            )
        except Conflict as conflict:
            del kept[conflict.earlier]
        else:
            return result, kept


def keep(session: Session, grouping: Grouping, outcome: Outcome, model: str) -> None:
    """Write everything a run found and propose it."""
    material, result = outcome.material, outcome.result
    missions, projects = outcome.missions, outcome.projects
    if grouping not in session:
        session.add(grouping)
    session.flush()
    keep_vectors(session, grouping.call_id, model, material)
    moved = moved_by_people(outcome.corrections)
    write_rows(session, grouping, material, outcome.before, result, missions, projects, moved)
    levels = {Level.MISSION: missions, Level.PROJECT: projects}
    clusters_summary.keep(session, grouping, material, clusters_summary.summaries_of(result), levels)
    clusters_words.unquote_gone(session, grouping)
    describe(grouping, outcome, model)
    keep_ladder(session, grouping, outcome)
    bundles.freeze(session, grouping, frozen_of(outcome))
    grouping.diff, moves = difference(outcome.before, result, missions, projects, material)
    groupings_moves.keep(session, grouping.id, moves)
    grouping.progress, grouping.stage, grouping.error = 1.0, "done", ""
    grouping.state, grouping.finished_at = GroupingState.PROPOSED, now()
    tell_proposed(session, grouping, len(result.missions), len(result.projects))
    session.flush()


def moved_by_people(corrections: Sequence[Correction]) -> set[str]:
    moves = (each for each in corrections if each.kind is CorrectionKind.MOVE)
    return {str(key) for each in moves for key in each.payload["submissions"]}


def describe(grouping: Grouping, outcome: Outcome, model: str) -> None:
    """Note with the grouping what it was made with and how it came out."""
    result, partition = outcome.result, outcome.result.partition
    grouping.model = model
    grouping.parameters = {
        **result.parameters,
        "rules_left_out": outcome.left_out,
        "runtime": outcome.runtime,
    }
    grouping.corrections = [str(correction.id) for correction in outcome.corrections]
    grouping.measures = {
        **{name: grouping.measures[name] for name in (LEVELS, RUNGS) if name in grouping.measures},
        "stability": partition.measures.stability,
        "ladder": [vars(rung) for rung in partition.measures.ladder],
        "seconds": dict(result.seconds),
        "voices": len(outcome.material.voices),
    }
    grouping.size, grouping.ungrouped = len(outcome.material.voices), int((partition.missions < 0).sum())
    grouping.seconds = round(outcome.seconds, 3)


def tell_proposed(session: Session, grouping: Grouping, missions: int, projects: int) -> None:
    events.record(
        session,
        "grouping_proposed",
        SubjectKind.GROUPING,
        grouping.id,
        call=grouping.call_id,
        model=grouping.model,
        seed=grouping.seed,
        submissions=grouping.size,
        missions=missions,
        projects=projects,
        ungrouped=grouping.ungrouped,
        corrections=len(grouping.corrections),
        states={SubjectKind.CLUSTER: begun(session, grouping)} | replaced(session, grouping),
    )


def frozen_of(outcome: Outcome) -> bundles.Run:
    """What the run was given and what it found, as its bundle needs them."""
    return bundles.Run(
        outcome.material,
        outcome.before.previous(),
        outcome.rules,
        outcome.result.partition,
        outcome.result.languages,
        outcome.chosen.ladder,
        outcome.chosen.rungs,
    )


def keep_ladder(session: Session, grouping: Grouping, outcome: Outcome) -> None:
    """Few voices have no ladder: there is one way only to put them together."""
    partition = outcome.result.partition
    if partition.ladder is not None and partition.rungs is not None:
        voices = [voice.id for voice in outcome.material.voices]
        groupings_ladder.keep(session, grouping, voices, partition.ladder, partition.rungs)


def replaced(session: Session, grouping: Grouping) -> dict[str, dict[str, list[UUID]]]:
    """Other steps of a proposal's ladder take its place; the proposal stays on record."""
    asked = asked_of(grouping)
    source = session.get(Grouping, asked.source, with_for_update=True) if asked else None
    if source is None or source.state is not GroupingState.PROPOSED:
        return {}
    source.state = GroupingState.DISCARDED
    return {SubjectKind.GROUPING: {source.state: [source.id]}}


def begun(session: Session, grouping: Grouping) -> dict[str, list[UUID]]:
    """The state in which each group of a run begins: as suggested, or as people judged it before."""
    states: dict[str, list[UUID]] = {}
    for cluster in clusters_of(session, grouping.id):
        states.setdefault(cluster.state, []).append(cluster.id)
    return states
