"""Accepting some changes of a proposal: a grouping of its own, made of both, that everyone sees from then on."""

from collections.abc import Callable, Collection, Sequence
from hashlib import sha256
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import func, text
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.conditions import asking
from app.errors import Conflict, NotAcceptable
from app.models.call import Call
from app.models.cluster import Cluster
from app.models.columns import now
from app.models.correction import Correction, standing_corrections
from app.models.grouping import Grouping, accepted_grouping
from app.models.person import Person
from app.models.seat import seats_held
from app.rules import phases
from app.rules.phases import Act
from app.rules.words import N_, ClusterLevel, GroupingState, Role, ScopeKind, SubjectKind
from app.services import bundles, clusters_words, corrections_standing, groupings, groupings_moves
from app.services.corrections_ground import recompute
from app.services.groupings import PART_OF
from app.services.groupings_changes import changes
from app.services.groupings_identity import Levels, told
from app.services.groupings_join import Joined, Sides, sides, write
from app.services.groupings_material import Progress
from app.services.groupings_mix import mixed
from app.services.groupings_run import UNFINISHED, begun

CHOSEN = "chosen"  # beside it: the identities of the groups whose change was ticked
# While it is on its way: what everyone saw, what had been corrected in it, and the groups that need new words.
ON_THE_WAY = BEFORE, CORRECTED, ALTERED = "before", "corrected", "altered"


class NothingChosen(NotAcceptable):
    sentence: ClassVar[str] = N_("Choose at least one change to accept, or discard the grouping.")


class NothingToKeep(Conflict):
    sentence: ClassVar[str] = N_(
        "This is the first grouping of the question: there is nothing to keep, so it is accepted as a whole."
    )


def ask(session: Session, grouping: Grouping, ticked: Collection[UUID], by: UUID | None) -> Grouping:
    """Queue the acceptance of these changes; all of them together are the proposal, which is accepted at once."""
    proposed = groupings.waiting(session, grouping)
    before = groupings.held_before(session, proposed)
    if before is None:
        raise NothingToKeep()
    if groupings.is_overtaken(session, proposed, before):
        raise groupings.Overtaken()
    offered = changes(session, proposed, before).keys
    chosen = offered & set(ticked)
    if not chosen:
        raise NothingChosen()
    if chosen == offered:
        return groupings.accept(session, proposed, by)
    kept = {name: proposed.measures[name] for name in ("stability", "voices") if name in proposed.measures}
    asked = {
        PART_OF: str(proposed.id),
        CHOSEN: sorted(map(str, chosen)),
        "accepted": len(chosen),
        "offered": len(offered),
    }
    made = Grouping(
        call_id=proposed.call_id,
        model=proposed.model,
        parameters=dict(proposed.parameters),
        seed=proposed.seed,
        measures=kept | asked,
        started_by_id=by,
    )
    return groupings.queue(session, made, source=proposed.id, groups=sorted(chosen))


def is_part(session: Session, grouping_id: UUID) -> bool:
    """Whether a job that was queued is about some changes of a proposal, rather than a run of its own."""
    grouping = session.get(Grouping, grouping_id)
    return grouping is not None and PART_OF in grouping.measures


def put_together(session: Session, grouping_id: UUID, progress: Progress) -> None:
    """First step of the job: write groups and places, and commit, for whoever withdraws a voice waits for that."""
    made = unfinished(session, grouping_id)
    if made is None or ALTERED in made.measures:
        return
    # Reading and writing a hundred thousand places may take longer than a page is allowed to.
    session.connection().execute(text("SET LOCAL statement_timeout = 0"))
    progress("reading", 0.0)
    corrected = corrections_so_far(session, made.call_id)
    proposed = session.get_one(Grouping, UUID(made.measures[PART_OF]))
    before = accepted_grouping(session, made.call_id)
    if before is None or groupings.is_overtaken(session, proposed, before):
        groupings.fail(session, grouping_id, groupings.Overtaken.sentence)
        return
    both = sides(session, before, proposed)
    progress("joining", 0.2)
    rules = corrections_standing.rules(standing_corrections(session, made.call_id), both.row_of)
    ticked = [both.missions[key] for key in map(UUID, made.measures[CHOSEN]) if key in both.missions]
    found = mixed(both.before, both.proposed, ticked, both.judged, rules)
    progress("writing", 0.35)
    written = write(session, made, both, found, frozenset(ticked))
    made.corrections = list(proposed.corrections)
    made.diff, moves = difference(session, proposed, both, written)
    groupings_moves.keep(session, made.id, moves)
    made.size, made.ungrouped = written.size, written.ungrouped
    made.measures = {
        **made.measures,
        BEFORE: str(before.id),
        CORRECTED: corrected,
        ALTERED: [str(one.id) for one in written.altered],
        "held_back": found.held_back,
    }
    session.flush()


def word(session: Session, grouping_id: UUID, progress: Progress) -> None:
    """Second step: counts and words of the groups that are not as they were copied, and what its bundle needs."""
    made = unfinished(session, grouping_id)
    if made is None or ALTERED not in made.measures:
        return
    session.connection().execute(text("SET LOCAL statement_timeout = 0"))
    progress("words", 0.5)
    altered = [session.get_one(Cluster, UUID(key)) for key in made.measures[ALTERED]]
    recompute(session, made, altered)
    bundles.freeze_joined(session, made, session.get_one(Grouping, UUID(made.measures[PART_OF])))


def show(session: Session, grouping_id: UUID, progress: Progress) -> None:
    """Last step: everyone sees it from now on, unless somebody corrected what they saw while it was put together.

    Judgements made meanwhile are carried over once more. What whoever asked may not do any more is not done.
    """
    progress("accepting", 0.9)
    made = unfinished(session, grouping_id)
    if made is None or ALTERED not in made.measures:
        return
    if not may_still(session, made):
        groupings.fail(session, grouping_id)
        return
    session.connection().execute(text("SET LOCAL statement_timeout = 0"))
    source = groupings.held_proposal(session, session.get_one(Grouping, UUID(made.measures[PART_OF])))
    before = groupings.held_before(session, made)
    try:
        if before is None or has_changed(session, made, before):
            raise groupings.Overtaken()
        groupings.require_nothing_lost(session, before, made)
    except groupings.Overtaken as overtaken:
        groupings.fail(session, grouping_id, overtaken.sentence)
        return
    clusters_words.unquote_gone(session, made)
    made.measures = {name: fact for name, fact in made.measures.items() if name not in ON_THE_WAY}
    made.finished_at, made.seconds = source.finished_at, source.seconds
    made.progress, made.stage = 1.0, "done"
    source.state = GroupingState.DISCARDED
    moved: groupings.Moved = {
        SubjectKind.GROUPING: {source.state: [source.id]},
        SubjectKind.CLUSTER: begun(session, made),
    }
    facts = {"source": source.id, "groups": made.measures[CHOSEN], "of": made.measures["offered"]}
    groupings.put_up(session, made, before, made.started_by_id, "grouping_accepted_in_part", moved, **facts)


# Each is a transaction of its own; done again after it is done, none changes anything.
STEPS: tuple[Callable[[Session, UUID, Progress], None], ...] = (put_together, word, show)


def unfinished(session: Session, grouping_id: UUID) -> Grouping | None:
    """The acceptance, if it is not over; two processes at the same one come one after the other."""
    name = func.hashtextextended(f"part {grouping_id}", 0)
    session.connection().execute(select_columns(func.pg_advisory_xact_lock(name)))
    made = session.get(Grouping, grouping_id, populate_existing=True)
    return made if made is not None and made.state in UNFINISHED else None


def may_still(session: Session, made: Grouping) -> bool:
    """Whether the question is still worked on, and whoever asked has lost neither seat nor account meanwhile."""
    call = session.get_one(Call, made.call_id, populate_existing=True)
    if not phases.allows(Act.GROUP, asking.call_phase(call)):
        return False
    if made.started_by_id is None:
        return True
    held = seats_held(session, ScopeKind.ORGANISATION, call.organisation_id, made.created_at)
    mine = [one for one in held if (one.person_id, one.role) == (made.started_by_id, Role.FACILITATOR)]
    lost = bool(mine) and not any(one.is_live(now()) for one in mine)
    person = session.get_one(Person, made.started_by_id, populate_existing=True)
    return person.suspended_at is None and not lost


def corrections_so_far(session: Session, call_id: UUID) -> str:
    """Stands for every correction and whether it was undone: one made and undone meanwhile leaves a trace here."""
    query = select(Correction.id, Correction.undone_at).where(Correction.call_id == call_id)
    told = [(str(key), str(undone)) for key, undone in session.exec(query.order_by(col(Correction.id)))]
    return sha256(repr(told).encode()).hexdigest()


def has_changed(session: Session, made: Grouping, before: Grouping) -> bool:
    """Whether everyone sees another grouping than when this was put together, or it was corrected since."""
    is_same = str(before.id) == made.measures[BEFORE] and before.state is GroupingState.ACCEPTED
    return not is_same or corrections_so_far(session, made.call_id) != made.measures[CORRECTED]


def difference(
    session: Session, proposed: Grouping, both: Sides, written: Joined
) -> tuple[dict[str, Any], groupings_moves.Every]:
    """What has changed to what everyone saw; voices that have no place yet come later, by the vote of the nearest."""
    rows = written.is_placed
    before, after = both.before, written.found
    is_new = ~before.is_placed[rows]
    voices = [both.voices[int(row)] for row in rows]
    found = groupings_moves.read(session, proposed.id, ClusterLevel.PROJECT, 0)
    known = {(one.submission, one.after): one.margin for one in found.rows} if found else {}
    keys = written.project_keys

    def leads(moved: Sequence[int]) -> dict[int, float]:
        """As the run found them, where a voice goes to the project that the run put it in."""
        clear = {at: known.get((voices[at], keys.get(int(after.projects[rows[at]])))) for at in moved}
        return {at: margin for at, margin in clear.items() if margin is not None}

    return told(
        Levels(before.missions[rows], before.projects[rows], both.mission_keys, both.project_keys),
        Levels(after.missions[rows], after.projects[rows], both.mission_keys, keys),
        written.margin[rows],
        is_new,
        voices,
        leads,
    )
