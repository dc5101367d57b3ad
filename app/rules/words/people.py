"""Who acts, and on what: groups, roles, scopes and subjects."""

from enum import StrEnum, auto


class StakeholderGroup(StrEnum):
    PUBLIC = auto()
    PRIVATE = auto()
    THIRD = auto()
    ACADEMIA = auto()
    CITIZENS = auto()


class Role(StrEnum):
    ADMIN = auto()
    FACILITATOR = auto()
    CHAIR = auto()
    DEPUTY = auto()
    SECRETARY = auto()
    MEMBER = auto()
    ALTERNATE = auto()
    REVIEWER = auto()
    STEWARD = auto()
    LEAD = auto()
    OBSERVER = auto()


class ScopeKind(StrEnum):
    PLATFORM = auto()
    ORGANISATION = auto()
    COMMITTEE = auto()


class SubjectKind(StrEnum):
    """What a statement, tag, link, event or notification can be about."""

    PERSON = auto()
    ORGANISATION = auto()
    SEAT = auto()
    CALL = auto()
    SUBMISSION = auto()
    GROUPING = auto()
    CLUSTER = auto()
    CORRECTION = auto()
    MISSION = auto()
    CLAUSE = auto()
    PROJECT = auto()
    COMMITTEE = auto()
    DECISION = auto()
    STATEMENT = auto()
    APPLICATION = auto()
    INDICATOR = auto()
    MILESTONE = auto()
    CONDITION = auto()
    MOTION = auto()
    KEY = auto()  # with which the platform signs


class LinkPurpose(StrEnum):
    """What a single-use link sent by mail is for."""

    CONFIRM = auto()
    RESET = auto()
    INVITE = auto()


class SignedFor(StrEnum):
    """What of a decision the platform signs: all that notice froze, the count, and its certification."""

    NOTICE = auto()
    COUNT = auto()
    CERTIFICATION = auto()
