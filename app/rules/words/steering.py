"""What steers a mission: money, projects, applications, conditions, milestones, motions, reviews on its way."""

from enum import StrEnum, auto


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
