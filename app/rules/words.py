"""The words of the domain, as enums; code, pages and docs use exactly these."""

from enum import StrEnum, auto


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for it
    """Mark a sentence for translation; it is translated when it is shown."""
    return text


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


class MissionState(StrEnum):
    CANDIDATE = auto()
    FRAMED = auto()
    IN_REVIEW = auto()
    ON_BALLOT = auto()
    ADOPTED = auto()
    RETURNED = auto()
    REJECTED = auto()
    ACTIVE = auto()
    PAUSED = auto()
    ACHIEVED = auto()
    ENDED_NOT_MET = auto()
    WITHDRAWN = auto()


class DecisionKind(StrEnum):
    """What a question before a committee is about, and so what its certification makes of it."""

    ADOPT = auto()  # one mission, yes or no
    CHOOSE = auto()  # one of several missions
    SET = auto()  # several of many missions
    PORTFOLIO = auto()  # projects of one mission, under a budget
    AMEND = auto()  # other words for a clause of a mission
    STEER = auto()  # a motion about a mission under way: waive, move, pause, end
    ELECT = auto()  # people for seats
    SETTLE = auto()  # anything else, in words of the committee's own


class DecisionState(StrEnum):
    DRAFT = auto()
    NOTICED = auto()
    OPEN = auto()
    CLOSED = auto()
    CARRIED = auto()
    LOST = auto()
    TIED = auto()
    INQUORATE = auto()
    CERTIFIED = auto()
    CHALLENGED = auto()
    UPHELD = auto()
    DISMISSED = auto()


class Choice(StrEnum):
    FOR = auto()
    AGAINST = auto()
    ABSTAIN = auto()


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


class CommitteeState(StrEnum):
    FORMING = auto()  # not every group has been seated yet
    CONSTITUTED = auto()
    SUSPENDED = auto()


class AnswerState(StrEnum):
    """What became of an objection or an amendment."""

    OPEN = auto()
    TO_VOTE = auto()
    ACCEPTED = auto()
    DECLINED = auto()


class InterestKind(StrEnum):
    EMPLOYER = auto()
    MONEY = auto()
    FAMILY = auto()
    COMPETING = auto()
    OTHER = auto()
    NOTHING = auto()  # asked, and there is nothing to declare
    SUSPENDED = auto()  # declared by nobody: the account cannot sign in, and the alternate votes


class InterestEffect(StrEnum):
    DISCLOSE = auto()
    RECUSE = auto()
    UNFOUNDED = auto()  # raised by another seat, and resolved as no interest


class ReviewKind(StrEnum):
    """What a seat judges: the five criteria, or whether the case is made by fixing a market or by shaping it."""

    CRITERIA = auto()
    MARKET_SHAPING = auto()


class ReviewState(StrEnum):
    SCHEDULED = auto()
    OPEN = auto()
    FILED = auto()
    CONCLUDED = auto()
    ACTED = auto()
    LAPSED = auto()


class ReviewVerdict(StrEnum):
    """What the chair makes of a round of reviews; `WAIVED` is a round that nobody was asked in."""

    READY = auto()
    REWORK = auto()
    STOPPED = auto()
    WAIVED = auto()


class Criterion(StrEnum):
    """What makes a mission one, in the order in which reviewers are asked."""

    BOLD = auto()
    CONCRETE = auto()
    INVENTIVE = auto()
    CROSSING = auto()
    RIVALRY = auto()


class Grade(StrEnum):
    """Six grades, the best first: a grade is a word, never a number."""

    EXCELLENT = auto()
    VERY_GOOD = auto()
    GOOD = auto()
    PASSABLE = auto()
    POOR = auto()
    REJECTED = auto()


class MoneyKind(StrEnum):
    ANNOUNCED = auto()
    COMMITTED = auto()
    RELEASED = auto()
    SPENT = auto()
    RETURN = auto()


class Certainty(StrEnum):
    """How sure it is that the money comes."""

    POSSIBLE = auto()
    LIKELY = auto()
    CERTAIN = auto()


class IndicatorLens(StrEnum):
    USER = auto()
    SYSTEM = auto()
    COST = auto()


class Direction(StrEnum):
    UP = auto()
    DOWN = auto()


class ProjectState(StrEnum):
    PROPOSED = auto()
    CONTRACTED = auto()
    RUNNING = auto()
    PAUSED = auto()
    COMPLETED = auto()
    STOPPED_TO_LEARN = auto()


class ProjectVerdict(StrEnum):
    """What became of the hypothesis a project started from."""

    SUPPORTED = auto()
    REFUTED = auto()
    UNDECIDED = auto()


class Instrument(StrEnum):
    """By what a call or a project moves its mission."""

    PRIZE = auto()
    CHALLENGE_PRIZE = auto()  # in stages
    GRANT = auto()
    PROCUREMENT = auto()
    PRE_PROCUREMENT = auto()
    STANDARD = auto()
    INSTITUTE = auto()
    TESTBED = auto()
    PATIENT_FINANCE = auto()


class ApplicationState(StrEnum):
    DRAFT = auto()
    SUBMITTED = auto()
    INELIGIBLE = auto()
    IN_REVIEW = auto()
    SHORTLISTED = auto()
    SELECTED = auto()
    RESERVE = auto()
    DECLINED = auto()
    WITHDRAWN = auto()


class PaidBy(StrEnum):
    """Who bears a line of an application's budget."""

    CALL = auto()
    OWN = auto()
    OTHERS = auto()


class ConditionKind(StrEnum):
    """What public money is given for, besides the work."""

    ACCESS = auto()  # and price
    REINVESTMENT = auto()
    KNOWLEDGE = auto()  # shared, failures and costs included
    EQUITY = auto()  # a golden share, or a share
    SUPPLY = auto()  # on reasonable terms
    LIVING_WAGE = auto()  # a pledge of the business


class ConditionState(StrEnum):
    """`DUE` and `BREACHED` follow from the calendar too, and are then computed when read."""

    PROPOSED = auto()
    AGREED = auto()
    ACTIVE = auto()
    DUE = auto()
    KEPT = auto()
    BREACHED = auto()
    REMEDIED = auto()
    WAIVED = auto()


class Side(StrEnum):
    """Who agrees a condition: the organisation that pays, and the one that leads the project."""

    FUNDER = auto()
    LEAD = auto()


class Compare(StrEnum):
    """How what was measured is compared with what a condition asks for."""

    YES = auto()  # there is nothing to measure: it was done, or not
    AT_LEAST = auto()
    AT_MOST = auto()


class Capability(StrEnum):
    """What an agency is able to do, after the index of public sector capabilities."""

    AWARENESS = auto()
    AGENDAS = auto()
    COALITIONS = auto()
    LEARNING = auto()
    DELIVERY = auto()


class MilestoneState(StrEnum):
    """Always computed, never kept."""

    PLANNED = auto()
    MET = auto()
    MISSED = auto()


class MotionAct(StrEnum):
    """What about a mission under way only a decision may do."""

    REVISE_MILESTONE = auto()
    WAIVE_CONDITION = auto()
    ACCEPT_REMEDY = auto()
    SET_RISK = auto()  # the share of the money that may fail
    PAUSE = auto()
    RESUME = auto()
    END = auto()  # before its goals are met


class MotionOutcome(StrEnum):
    CARRIED = auto()
    LOST = auto()
    WITHDRAWN = auto()


class CourseKind(StrEnum):
    """A review of a mission on its way, or the one at its end."""

    REFLEXIVE = auto()
    END = auto()


class CourseVerdict(StrEnum):
    CONTINUE = auto()
    ADAPT = auto()
    SCALE = auto()
    STOP = auto()


class SignalKind(StrEnum):
    """What says that a mission should be looked at again."""

    MILESTONE = auto()  # missed
    MONEY = auto()  # committed, and less than at the last review
    CONDITION = auto()  # not kept
    ANSWERS = auto()  # too few of those who took part answer
    ASSUMPTION = auto()  # refuted
    CRITERION = auto()  # worse by the projects than by what was declared
    CALENDAR = auto()  # its day has come


class Felt(StrEnum):
    """What somebody who took part says of the mission since."""

    BETTER = auto()
    SAME = auto()
    WORSE = auto()
    UNKNOWN = auto()


class LinkStatus(StrEnum):
    """What became of the assumption a link rests on."""

    UNTESTED = auto()
    SUPPORTED = auto()
    REFUTED = auto()


class LinkKind(StrEnum):
    DERIVES_FROM = auto()
    COMPLEMENTS = auto()
    COMPETES_WITH = auto()
    DEPENDS_ON = auto()
    SPILLS_OVER_TO = auto()
    FOLLOWS = auto()


class Origin(StrEnum):
    """Where a clause of a mission's text comes from."""

    AGENCY = auto()
    CLUSTER = auto()
    SUBMISSION = auto()
    AMENDMENT = auto()


class PlacedBy(StrEnum):
    MACHINE = auto()
    PERSON = auto()


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
