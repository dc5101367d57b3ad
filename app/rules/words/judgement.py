"""What is decided and how: missions, decisions, committees, interests, reviews."""

from enum import StrEnum, auto


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


class CommitteeState(StrEnum):
    FORMING = auto()  # not every group has been seated yet
    CONSTITUTED = auto()
    SUSPENDED = auto()


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
