"""What is said and how it is grouped: calls, submissions, clusters, statements."""

from enum import StrEnum, auto


class SubmissionKind(StrEnum):
    NEED = auto()
    IDEA = auto()
    EVIDENCE = auto()
    PROPOSAL = auto()


class SubmissionState(StrEnum):
    DRAFT = auto()
    SUBMITTED = auto()
    VISIBLE = auto()
    HIDDEN = auto()
    GROUPED = auto()
    TAKEN_UP = auto()
    NOT_TAKEN_UP = auto()
    WITHDRAWN = auto()


class CallKind(StrEnum):
    CONSULTATION = auto()
    INNOVATION = auto()


class CallState(StrEnum):
    DRAFT = auto()
    PUBLISHED = auto()
    OPEN = auto()
    SENSEMAKING = auto()
    CHECKING = auto()
    ELIGIBILITY = auto()  # of an innovation call, as the next two
    REVIEW = auto()
    DECISION = auto()
    ANSWERED = auto()
    ARCHIVED = auto()
    CANCELLED = auto()


class ClusterLevel(StrEnum):
    MISSION = auto()
    PROJECT = auto()


class ClusterState(StrEnum):
    SUGGESTED = auto()
    CONFIRMED = auto()
    CHECKED = auto()
    PROMOTED = auto()
    SET_ASIDE = auto()


class GroupingState(StrEnum):
    QUEUED = auto()
    RUNNING = auto()
    PROPOSED = auto()
    ACCEPTED = auto()
    DISCARDED = auto()
    SUPERSEDED = auto()
    FAILED = auto()


class CorrectionKind(StrEnum):
    MOVE = auto()
    MERGE = auto()
    SPLIT = auto()
    RENAME = auto()
    LOCK = auto()
    SET_APART = auto()
    KEEP_TOGETHER = auto()
    KEEP_APART = auto()


class PlacedBy(StrEnum):
    MACHINE = auto()
    PERSON = auto()


class StatementKind(StrEnum):
    COMMENT = auto()
    OBJECTION = auto()
    AMENDMENT = auto()
    ANSWER = auto()
    REASON = auto()
    DISSENT = auto()
    PLEDGE = auto()
    LESSON = auto()
    REPORT = auto()
    APPEAL = auto()
    CHECKING = auto()
    NOTE = auto()  # of the secretary, in the minutes


class StatementState(StrEnum):
    VISIBLE = auto()
    HIDDEN = auto()
    WITHDRAWN = auto()
    RESOLVED = auto()


class AnswerState(StrEnum):
    """What became of an objection or an amendment."""

    OPEN = auto()
    TO_VOTE = auto()
    ACCEPTED = auto()
    DECLINED = auto()


class Origin(StrEnum):
    """Where a clause of a mission's text comes from."""

    AGENCY = auto()
    CLUSTER = auto()
    SUBMISSION = auto()
    AMENDMENT = auto()
