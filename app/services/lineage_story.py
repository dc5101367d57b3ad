"""What became of one submission so far: dated steps with the reasons given."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.models.call import Call
from app.models.cluster import Cluster, survivors
from app.models.columns import now
from app.models.decision import Decision
from app.models.mission import Mission
from app.models.placement import Placement
from app.models.submission import Submission
from app.rules.disclosure import shows_count
from app.rules.moderation import HidingRule
from app.rules.phrases import Phrase, phrase
from app.rules.words import N_, CallState, MissionState, PlacedBy, SubmissionState
from app.services import decisions_words
from app.services.lineage_rows import Trail, trail_of
from app.services.lineage_stations import not_grouped

DRAFTED = N_("A mission was drafted from it: %(title)s")
TAKEN_BACK = N_("A mission was drafted from it, and has been withdrawn since: %(title)s")
NEAREST = N_("The group that comes nearest: %(label)s, %(lead)s (%(margin)s)")
ANSWERED = (SubmissionState.TAKEN_UP, SubmissionState.NOT_TAKEN_UP)


@dataclass(frozen=True)
class Step:
    """One line of "What became of this": when, what, where to read it, and the reason given."""

    when: datetime
    told: Phrase
    url: str | None = None
    reason: str = ""
    mine: Phrase | None = None  # how it is told to the author, where that differs


def story(session: Session, submission: Submission, trail: Trail | None = None) -> list[Step]:
    """What became of one submission so far, oldest first, each with its date and reason."""
    call = session.get_one(Call, submission.call_id)
    steps = first_steps(submission, call)
    if submission.state is SubmissionState.WITHDRAWN:
        return [*steps, Step(submission.withdrawn_at or now(), Phrase(N_("Its author withdrew it.")))]
    if submission.state is SubmissionState.HIDDEN:
        steps.append(hidden_step(submission))
    if call.state is CallState.CANCELLED:
        told = Phrase(N_("The question was cancelled."))
        steps.append(Step(call.cancelled_at or now(), told, f"/calls/{call.id}", call.cancelled_reason))
    trail = trail or trail_of(session, submission)
    if trail.grouping and trail.grouping.accepted_at and trail.placement:
        steps.append(group_step(trail.grouping.accepted_at, trail.cluster, trail.placement))
        steps += nearest_steps(session, trail.grouping.accepted_at, trail.placement)
    steps += [mission_step(mission) for mission in trail.missions]
    steps += [step for decision in trail.decisions for step in decision_steps(decision)]
    if submission.state in ANSWERED:
        steps.append(answer_step(submission))
    return sorted(steps, key=lambda step: step.when)


def first_steps(submission: Submission, call: Call) -> list[Step]:
    """How it came here: said by somebody, or brought along by an import; and what it waits for."""
    said_at = submission.submitted_at or submission.created_at
    if submission.source_key is not None:
        imported = Phrase(N_("It was said elsewhere, and came here with an import."))
        return [Step(said_at, imported, None, call.source_note)]
    received, mine = Phrase(N_("It was received.")), Phrase(N_("You said it, and it was received."))
    steps = [Step(said_at, received, mine=mine)]
    if submission.state is SubmissionState.SUBMITTED:
        steps.append(Step(said_at, Phrase(N_("It waits for its author to confirm the e-mail address."))))
    return steps


def hidden_step(submission: Submission) -> Step:
    """By moderators here, whose log tells it; or by those of the source that it was imported from."""
    when, reason = submission.hidden_at or now(), submission.hidden_reason
    if submission.hidden_rule == HidingRule.REJECTED_IN_SOURCE:
        return Step(when, Phrase(N_("It came hidden, as in the source it was imported from.")), None, reason)
    return Step(when, Phrase(N_("Moderators hid it.")), "/moderation-log", reason)


def answer_step(submission: Submission) -> Step:
    """The agency's own answer, with its reason."""
    told = phrase(N_("The agency answered: %(outcome)s"), outcome=submission.state)
    url = f"/calls/{submission.call_id}/answers"
    return Step(submission.outcome_at or now(), told, url, submission.outcome_reason)


def mission_step(mission: Mission) -> Step:
    """The mission drafted from it; one drafted by mistake with the reason why it goes no further."""
    is_withdrawn = mission.state is MissionState.WITHDRAWN
    told = phrase(TAKEN_BACK if is_withdrawn else DRAFTED, title=mission.title)
    reason = mission.outcome_reason if is_withdrawn else ""
    return Step(mission.created_at, told, f"/missions/{mission.id}", reason)


def group_step(when: datetime, cluster: Cluster | None, placement: Placement) -> Step:
    if cluster is None:
        return Step(when, Phrase(N_("It was read, and stands in no group.")), None, not_grouped(placement))
    return Step(
        when,
        Phrase(N_("It was grouped with others: %(label)s"), {"label": cluster.label}),
        f"/clusters/{cluster.id}",
        placement.reason,
    )


def nearest_steps(session: Session, when: datetime, placement: Placement) -> list[Step]:
    """Of a voice that the machine left in no group, the one it is nearest to now, and how clearly."""
    if placement.cluster_id is not None or placement.nearest_id is None or placement.by is PlacedBy.PERSON:
        return []
    nearest = survivors(session, placement.grouping_id).get(placement.nearest_id)
    if nearest is None:
        return []
    facts = {"lead": Phrase(placement.lead), "margin": round(placement.margin, 2)}
    return [Step(when, phrase(NEAREST, label=nearest.label, **facts), f"/clusters/{nearest.id}")]


def decision_steps(decision: Decision) -> list[Step]:
    url = f"/decisions/{decision.id}"
    steps = (
        [Step(decision.noticed_at, Phrase(N_("The committee announced a vote on it.")), url)]
        if decision.noticed_at
        else []
    )
    if shows_count(decision.state) and decision.closed_at and decision.outcome:
        told = phrase(N_("The committee voted: %(outcome)s"), outcome=decisions_words.outcome(decision))
        steps.append(Step(decision.closed_at, told, url))
    if decision.certified_at:
        steps.append(
            Step(decision.certified_at, Phrase(N_("The result was certified.")), url, decision.reasons)
        )
    return steps
