"""What each kind of event does to states: one table, which every kind that is ever recorded stands in."""

from dataclasses import dataclass
from enum import StrEnum, auto

from app.rules.words import (
    ApplicationState,
    CallState,
    ClusterState,
    CommitteeState,
    ConditionState,
    DecisionState,
    GroupingState,
    MissionState,
    MotionOutcome,
    ProjectState,
    StatementState,
    SubmissionState,
)


class Noun(StrEnum):
    """Everything that has a state, called as in `SubjectKind` where it can be the subject of an event."""

    CALL = auto()
    SUBMISSION = auto()
    GROUPING = auto()
    CLUSTER = auto()
    CORRECTION = auto()
    MISSION = auto()
    PROJECT = auto()
    DECISION = auto()
    INTEREST = auto()
    REVIEW = auto()
    STATEMENT = auto()
    OBJECTION = auto()
    AMENDMENT = auto()
    REMARK = auto()
    SEAT = auto()
    COMMITTEE = auto()
    ASSIGNMENT = auto()
    APPLICATION = auto()
    PANEL_REVIEW = auto()
    CONDITION = auto()
    MOTION = auto()


GIVEN, ENDED = "given", "ended"
STANDING, UNDONE, SUPERSEDED = "standing", "undone", "superseded"
GONE, UNKNOWN = "gone", "unknown"


@dataclass(frozen=True)
class Kind:
    """What an event of this kind does: its subject `becomes` something, or what the fact named `told` says.

    `moves` names the nouns whose states the act changes besides: an event that says nothing of them is too old.
    `counts` is a count of a submission, and the step by which it changes.
    """

    becomes: str = ""
    told: str = ""
    moves: tuple[Noun, ...] = ()
    counts: tuple[str, int] = ("", 0)


STAYS = Kind()
ENDORSEMENTS, COMMENTS = "endorsements", "comments"
SAID = (Noun.STATEMENT,)
KINDS: dict[str, Kind] = {
    # People and organisations have no states.
    **dict.fromkeys(("person_signed_up", "person_invited", "person_suspended", "person_restored"), STAYS),
    **dict.fromkeys(("mails_chosen", "address_confirmed", "password_changed", "profile_changed"), STAYS),
    **dict.fromkeys(("person_organisation_set", "organisation_added", "organisation_changed"), STAYS),
    **dict.fromkeys(("committee_created", "committee_edited"), STAYS),
    "committee_constituted": Kind(CommitteeState.CONSTITUTED),
    "committee_suspended": Kind(CommitteeState.SUSPENDED),
    "signing_key_added": STAYS,
    **dict.fromkeys(("items_assigned", "reviewers_reminded"), Kind(moves=(Noun.ASSIGNMENT,))),
    "panel_reminded": STAYS,
    **dict.fromkeys(("absence_announced", "absence_ended", "agenda_ordered"), STAYS),
    "seat_given": Kind(GIVEN),
    "seat_ended": Kind(ENDED),
    **dict.fromkeys(("call_drafted", "call_copied"), Kind(CallState.DRAFT)),
    "call_deleted": Kind(GONE),
    **dict.fromkeys(("call_edited", "offer_edited", "coverage_expected"), STAYS),
    "call_published": Kind(CallState.PUBLISHED),
    "call_extended": STAYS,
    "call_cancelled": Kind(CallState.CANCELLED),
    "checking_started": Kind(CallState.CHECKING),
    "group_answered": Kind(moves=SAID),
    "call_answered": Kind(CallState.ANSWERED, moves=(Noun.SUBMISSION,)),
    "call_archived": Kind(CallState.ARCHIVED),
    "submissions_imported": Kind(moves=(Noun.SUBMISSION,)),
    "submission_submitted": Kind(told="state"),
    "submission_edited": STAYS,
    "submission_published": Kind(SubmissionState.VISIBLE),
    "submission_placed": Kind(told="state"),
    "submission_withdrawn": Kind(SubmissionState.WITHDRAWN),
    "submission_hidden": Kind(SubmissionState.HIDDEN, moves=SAID),
    "submission_restored": Kind(told="state", moves=SAID),
    "appeal_upheld": Kind(told="state", moves=SAID),
    "appeal_dismissed": Kind(told="state", moves=SAID),
    **dict.fromkeys(("report_made", "reports_resolved", "appeal_made"), Kind(moves=SAID)),
    "checking_answered": Kind(moves=(Noun.CLUSTER, Noun.STATEMENT)),
    "endorsement_given": Kind(counts=(ENDORSEMENTS, 1)),
    "endorsement_taken_back": Kind(counts=(ENDORSEMENTS, -1)),
    "comment_added": Kind(StatementState.VISIBLE, counts=(COMMENTS, 1)),
    "comment_hidden": Kind(StatementState.HIDDEN, moves=SAID, counts=(COMMENTS, -1)),
    "comment_restored": Kind(StatementState.VISIBLE, moves=SAID, counts=(COMMENTS, 1)),
    "comment_appeal_upheld": Kind(StatementState.VISIBLE, moves=SAID, counts=(COMMENTS, 1)),
    "comment_appeal_dismissed": Kind(StatementState.HIDDEN, moves=SAID),
    "comment_withdrawn": Kind(StatementState.WITHDRAWN, counts=(COMMENTS, -1)),
    "grouping_started": Kind(GroupingState.QUEUED),
    "grouping_failed": Kind(GroupingState.FAILED),
    "grouping_proposed": Kind(GroupingState.PROPOSED, moves=(Noun.CLUSTER,)),
    "grouping_discarded": Kind(GroupingState.DISCARDED),
    **dict.fromkeys(
        ("grouping_accepted", "grouping_accepted_in_part"),
        Kind(GroupingState.ACCEPTED, moves=(Noun.GROUPING, Noun.CLUSTER, Noun.SUBMISSION)),
    ),
    **{f"cluster_{state}": Kind(state) for state in ClusterState},
    **dict.fromkeys(("cluster_renamed", "cluster_merged", "cluster_locked"), Kind(moves=(Noun.CORRECTION,))),
    "cluster_split": Kind(moves=(Noun.CORRECTION, Noun.CLUSTER)),
    "cluster_made": Kind(moves=(Noun.CORRECTION, Noun.CLUSTER, Noun.SUBMISSION)),
    **dict.fromkeys(
        ("voices_moved", "voices_set_apart", "correction_undone"),
        Kind(moves=(Noun.CORRECTION, Noun.SUBMISSION)),
    ),
    "voices_kept_together": Kind(moves=(Noun.CORRECTION, Noun.SUBMISSION, Noun.CLUSTER)),
    "voices_kept_apart": Kind(moves=(Noun.CORRECTION, Noun.SUBMISSION)),
    "offers_dismissed": STAYS,
    **dict.fromkeys(("wording_asked", "wording_accepted", "wording_declined"), STAYS),
    **dict.fromkeys(("topic_added", "topic_removed", "topic_dismissed", "topic_recalled"), STAYS),
    **dict.fromkeys(
        ("words_said", "asked_about_offer", "answered_about_offer"), Kind(StatementState.VISIBLE)
    ),
    "words_withdrawn": Kind(StatementState.WITHDRAWN, moves=SAID),
    "words_hidden": Kind(StatementState.HIDDEN, moves=SAID),
    **dict.fromkeys(("words_restored", "words_appeal_upheld"), Kind(StatementState.VISIBLE, moves=SAID)),
    "words_appeal_dismissed": Kind(StatementState.HIDDEN, moves=SAID),
    "objection_made": Kind(StatementState.VISIBLE, moves=(Noun.OBJECTION,)),
    "objection_answered": Kind(moves=(Noun.OBJECTION, Noun.STATEMENT)),
    "amendment_proposed": Kind(StatementState.VISIBLE, moves=(Noun.AMENDMENT,)),
    "amendment_revised": STAYS,
    "amendment_answered": Kind(moves=(Noun.AMENDMENT, Noun.STATEMENT)),
    **dict.fromkeys(("remark_made", "remark_withdrawn"), Kind(moves=(Noun.REMARK,))),
    "note_added": Kind(moves=SAID),
    "report_signed": Kind(moves=SAID),
    "mission_drafted": Kind(MissionState.CANDIDATE, moves=(Noun.CLUSTER, Noun.PROJECT)),
    "mission_copied": Kind(MissionState.CANDIDATE),
    "mission_edited": Kind(told="state"),
    "mission_framed": Kind(MissionState.FRAMED),
    "mission_withdrawn": Kind(MissionState.WITHDRAWN),
    "mission_reopened": Kind(MissionState.CANDIDATE),
    "review_sent": Kind(moves=(Noun.MISSION, Noun.REVIEW)),
    "review_asked": Kind(moves=(Noun.REVIEW,)),
    "review_extended": STAYS,
    "review_filed": Kind(moves=(Noun.REVIEW,)),
    "review_revised": STAYS,
    "review_discussed": STAYS,
    "review_concluded": Kind(moves=(Noun.MISSION, Noun.REVIEW)),
    "review_waived": STAYS,
    "review_set_aside": Kind(told="state"),
    "review_answered": Kind(moves=(Noun.REVIEW,)),
    **dict.fromkeys(("reading_added", "money_added", "project_described"), STAYS),
    "mission_launched": Kind(MissionState.ACTIVE),
    "mission_achieved": Kind(MissionState.ACHIEVED),
    "mission_fell_back": Kind(MissionState.ACTIVE),
    "project_lead_named": STAYS,
    "project_contracted": Kind(ProjectState.CONTRACTED),
    "project_hypothesis_written": STAYS,
    **dict.fromkeys(("project_started", "project_resumed"), Kind(ProjectState.RUNNING)),
    "project_paused": Kind(ProjectState.PAUSED),
    "project_completed": Kind(ProjectState.COMPLETED, moves=SAID),
    "project_stopped": Kind(ProjectState.STOPPED_TO_LEARN, moves=SAID),
    "lesson_added": Kind(StatementState.VISIBLE),
    **dict.fromkeys(("vision_written", "vision_signed", "vision_signature_ended"), STAYS),
    "condition_proposed": Kind(ConditionState.PROPOSED),
    "condition_agreed": Kind(told="state"),
    **dict.fromkeys(
        ("condition_countered", "condition_dropped", "evidence_filed", "evidence_set_aside"), STAYS
    ),
    **dict.fromkeys(("capability_scored", "role_given", "role_handed_over"), STAYS),
    **dict.fromkeys(("input_told", "input_taken_back"), STAYS),
    **dict.fromkeys(("link_added", "link_edited", "link_removed"), STAYS),
    **dict.fromkeys(("reading_corrected", "readings_imported", "indicator_added"), STAYS),
    **dict.fromkeys(("token_made", "token_revoked", "mission_backed", "mission_backing_ended"), STAYS),
    **dict.fromkeys(("milestone_added", "milestone_reached"), STAYS),
    **dict.fromkeys(("course_review_opened", "course_review_answered", "course_review_led_to_call"), STAYS),
    "course_review_concluded": Kind(moves=SAID),
    "motion_made": Kind(STANDING),
    "motion_withdrawn": Kind(MotionOutcome.WITHDRAWN),
    "application_submitted": Kind(ApplicationState.SUBMITTED),
    "application_withdrawn": Kind(ApplicationState.WITHDRAWN),
    "application_found_eligible": Kind(ApplicationState.IN_REVIEW),
    "application_found_ineligible": Kind(ApplicationState.INELIGIBLE),
    "application_shortlisted": Kind(ApplicationState.SHORTLISTED),
    "application_declined": Kind(ApplicationState.DECLINED),
    **dict.fromkeys(("panel_asked", "panel_review_filed"), Kind(moves=(Noun.PANEL_REVIEW,))),
    "interview_noted": STAYS,
    "call_sent_to_review": Kind(CallState.REVIEW),
    "call_shortlisted": Kind(CallState.DECISION),
    "application_moved_up": Kind(ApplicationState.SELECTED),
    "application_fell_out": Kind(ApplicationState.DECLINED),
    "application_answered": STAYS,
    "contract_drawn_up": Kind(ProjectState.PROPOSED, moves=(Noun.CONDITION,)),
    **dict.fromkeys(("teammate_invited", "teammate_joined", "teammate_removed", "team_lead_changed"), STAYS),
    "seeds_told": STAYS,
    "pledge_made": Kind(StatementState.VISIBLE),
    "pledge_delivered": STAYS,
    "question_put": Kind(DecisionState.DRAFT),
    "question_withdrawn": Kind(GONE),
    **dict.fromkeys(("question_edited", "question_seconded"), STAYS),
    "decision_noticed": Kind(DecisionState.NOTICED, moves=(Noun.MISSION,)),
    **dict.fromkeys(
        (
            "interest_declared",
            "nothing_declared",
            "interest_raised",
            "interest_resolved",
            "interest_dismissed",
        ),
        Kind(moves=(Noun.INTEREST,)),
    ),
    "count_begun": Kind(DecisionState.CLOSED),
    **dict.fromkeys(("decision_counted", "lot_drawn"), Kind(told="outcome")),
    "dissent_filed": Kind(moves=SAID),
    "decision_certified": Kind(DecisionState.CERTIFIED, moves=(Noun.MISSION,)),
    "result_signed": STAYS,
    "result_challenged": Kind(DecisionState.CHALLENGED),
    "challenge_upheld": Kind(DecisionState.UPHELD, moves=(Noun.MISSION,)),
    "challenge_dismissed": Kind(DecisionState.DISMISSED),
}


def require_known(kind: str) -> None:
    """A kind that no replay knows would be an act whose effect nobody can follow."""
    if kind not in KINDS:
        raise ValueError(f"{kind} is in no row of app/rules/replay_kinds.py")
