"""What became of one submission so far: dated steps with the reasons given."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.models.cluster import Cluster
from app.models.columns import now
from app.models.decision import Decision
from app.models.placement import Placement
from app.models.submission import Submission
from app.rules.disclosure import shows_count
from app.rules.phrases import Phrase, phrase
from app.rules.words import N_, DecisionState, SubmissionState
from app.services.lineage import not_grouped
from app.services.lineage_rows import Trail, trail_of

DRAFTED = N_("A mission was drafted from it: %(title)s")
ANSWERED = (SubmissionState.TAKEN_UP, SubmissionState.NOT_TAKEN_UP)


@dataclass(frozen=True)
class Step:
    """One line of "What became of this": when, what, where to read it, and the reason given."""

    when: datetime
    told: Phrase
    url: str | None = None
    reason: str = ""


def story(session: Session, submission: Submission, trail: Trail | None = None) -> list[Step]:
    """What became of one submission so far, oldest first, each with its date and reason."""
    said_at = submission.submitted_at or submission.created_at
    steps = [Step(said_at, Phrase(N_("It was said, and received.")))]
    if submission.state is SubmissionState.WITHDRAWN:
        return [*steps, Step(submission.updated_at or now(), Phrase(N_("Its author withdrew it.")))]
    if submission.state is SubmissionState.HIDDEN:
        hidden = Phrase(N_("Moderators hid it."))
        steps.append(Step(submission.hidden_at or now(), hidden, "/moderation-log", submission.hidden_reason))
    trail = trail or trail_of(session, submission)
    if trail.grouping and trail.grouping.accepted_at and trail.placement:
        steps.append(group_step(trail.grouping.accepted_at, trail.cluster, trail.placement))
    steps += [
        Step(mission.created_at, phrase(DRAFTED, title=mission.title), f"/missions/{mission.id}")
        for mission in trail.missions
    ]
    steps += [step for decision in trail.decisions for step in decision_steps(decision)]
    if submission.state in ANSWERED:
        steps.append(answer_step(submission))
    return sorted(steps, key=lambda step: step.when)


def answer_step(submission: Submission) -> Step:
    """The agency's own answer, with its reason."""
    told = phrase(N_("The agency answered: %(outcome)s"), outcome=submission.state)
    url = f"/calls/{submission.call_id}/answers"
    return Step(submission.updated_at or now(), told, url, submission.outcome_reason)


def group_step(when: datetime, cluster: Cluster | None, placement: Placement) -> Step:
    if cluster is None:
        return Step(when, Phrase(N_("It was read, and stands in no group.")), None, not_grouped(placement))
    return Step(
        when,
        Phrase(N_("It was grouped with others: %(label)s"), {"label": cluster.label}),
        f"/clusters/{cluster.id}",
        placement.reason,
    )


def decision_steps(decision: Decision) -> list[Step]:
    url = f"/decisions/{decision.id}"
    steps = (
        [Step(decision.noticed_at, Phrase(N_("The committee announced a vote on it.")), url)]
        if decision.noticed_at
        else []
    )
    if shows_count(decision.state) and decision.closed_at and decision.outcome:
        outcome = DecisionState(decision.outcome)
        steps.append(
            Step(
                decision.closed_at, Phrase(N_("The committee voted: %(outcome)s"), {"outcome": outcome}), url
            )
        )
    if decision.certified_at:
        steps.append(
            Step(decision.certified_at, Phrase(N_("The result was certified.")), url, decision.reasons)
        )
    return steps
