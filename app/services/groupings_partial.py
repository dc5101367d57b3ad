"""Accepting some changes of a proposal: a grouping of its own, made of both, that everyone sees from now on."""

from collections.abc import Collection
from typing import ClassVar
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from app.errors import Conflict, NotAcceptable
from app.models.correction import standing_corrections
from app.models.grouping import Grouping
from app.rules.words import N_, GroupingState, SubjectKind
from app.services import bundles, clusters_words, corrections_standing, groupings
from app.services.corrections_ground import recompute
from app.services.groupings_changes import changes
from app.services.groupings_identity import Levels, told
from app.services.groupings_join import Joined, Sides, sides, write
from app.services.groupings_mix import mixed
from app.services.groupings_run import begun

PART_OF = "part_of"  # in the measures of a grouping: the proposal of which it has some changes


class NothingChosen(NotAcceptable):
    sentence: ClassVar[str] = N_("Choose at least one change to accept, or discard the grouping.")


class NothingToKeep(Conflict):
    sentence: ClassVar[str] = N_(
        "This is the first grouping of the question: there is nothing to keep, so it is accepted as a whole."
    )


def accept_part(session: Session, grouping: Grouping, ticked: Collection[UUID], by: UUID | None) -> Grouping:
    """Show everyone the groupings of before with these changes; what was not chosen stays as it was."""
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
    # Reading and writing a hundred thousand places may take longer than a page is allowed to.
    session.connection().execute(text("SET LOCAL statement_timeout = 0"))
    made = joined(session, proposed, before, chosen, len(offered))
    bundles.freeze_joined(session, made, proposed)
    proposed.state = GroupingState.DISCARDED
    moved: groupings.Moved = {
        SubjectKind.GROUPING: {proposed.state: [proposed.id]},
        SubjectKind.CLUSTER: begun(session, made),
    }
    kind = "grouping_accepted_in_part"
    return groupings.put_up(
        session, made, before, by, kind, moved, source=proposed.id, groups=sorted(chosen), of=len(offered)
    )


def joined(
    session: Session, proposed: Grouping, before: Grouping, chosen: Collection[UUID], offered: int
) -> Grouping:
    """The grouping that has the chosen changes: its groups, its places, and what it changed."""
    both = sides(session, before, proposed)
    corrections = standing_corrections(session, proposed.call_id)
    rules = corrections_standing.rules(corrections, both.row_of)
    ticked = [both.missions[key] for key in chosen if key in both.missions]
    found = mixed(both.before, both.proposed, ticked, both.judged, rules)
    made = Grouping(
        call_id=proposed.call_id,
        state=GroupingState.PROPOSED,
        model=proposed.model,
        parameters=dict(proposed.parameters),
        seed=proposed.seed,
        corrections=[str(one.id) for one in corrections],
        measures={
            **{
                name: proposed.measures[name] for name in ("stability", "voices") if name in proposed.measures
            },
            PART_OF: str(proposed.id),
            "accepted": len(chosen),
            "offered": offered,
            "held_back": found.held_back,
        },
        started_by_id=proposed.started_by_id,
        finished_at=proposed.finished_at,
        seconds=proposed.seconds,
        progress=1.0,
        stage="done",
    )
    session.add(made)
    session.flush()
    written = write(session, made, both, found, frozenset(ticked))
    made.diff = difference(both, written)
    recompute(session, made, written.altered)
    clusters_words.unquote_gone(session, made)
    return made


def difference(both: Sides, written: Joined) -> dict[str, object]:
    """What has changed to what everyone saw; voices that have no place yet come later, by the vote of the nearest."""
    rows = written.is_placed
    before, after = both.before, written.found
    is_new = ~before.is_placed[rows]
    return told(
        Levels(before.missions[rows], before.projects[rows], both.mission_keys, both.project_keys),
        Levels(after.missions[rows], after.projects[rows], both.mission_keys, written.project_keys),
        written.margin[rows],
        is_new,
        [both.voices[int(row)] for row in rows],
    )
