"""Who may do what, and when: one table, asked by routers, templates and services alike."""

from enum import StrEnum, auto

from sqlmodel import Session

from app.conditions import applying as a
from app.conditions import asking, panel, taking_part
from app.conditions import named as c
from app.conditions import reviews as r
from app.conditions import sides as s
from app.conditions.asking import Ask, Condition
from app.errors import Forbidden, NotFound
from app.models.decision import Decision
from app.rules.phases import Act, PhaseForbids, allows, require, when_possible
from app.rules.words import N_
from app.viewer import Viewer


class Permission(StrEnum):
    READ_CALL = auto()
    CREATE_CALL = auto()
    EDIT_CALL = auto()
    PUBLISH_CALL = auto()
    EXTEND_CALL = auto()
    CANCEL_CALL = auto()
    MOVE_CALL = auto()
    ANSWER_CALL = auto()
    READ_OFFER = auto()
    EDIT_OFFER = auto()
    ASK_ABOUT_OFFER = auto()
    ANSWER_ABOUT_OFFER = auto()
    PUT_PORTFOLIO = auto()
    AWARD_CALL = auto()
    AWARD_APPLICATION = auto()
    READ_ANSWER = auto()
    READ_COVERAGE = auto()
    EXPECT_COVERAGE = auto()
    COPY_CALL = auto()
    COPY_MISSION = auto()
    IMPORT_SUBMISSIONS = auto()
    SEE_SUBMISSION = auto()
    READ_SUBMISSION = auto()
    SUBMIT = auto()
    DRAFT_SUBMISSION = auto()
    EDIT_SUBMISSION = auto()
    ENDORSE = auto()
    COMMENT = auto()
    REPORT = auto()
    WITHDRAW = auto()
    APPEAL = auto()
    MODERATE = auto()
    MODERATE_SUBMISSION = auto()
    CHECK_GROUP = auto()
    READ_WORKBENCH = auto()
    START_GROUPING = auto()
    READ_GROUPING = auto()
    ACCEPT_GROUPING = auto()
    READ_CLUSTER = auto()
    CORRECT_CLUSTER = auto()
    CHOOSE_TOPICS_OF_GROUP = auto()
    CHOOSE_TOPICS = auto()
    DRAFT_MISSION = auto()
    READ_MISSION = auto()
    EDIT_MISSION = auto()
    SPEAK_ON_MISSION = auto()
    STEER_MISSION = auto()
    AGREE_CONDITION = auto()
    FILE_EVIDENCE = auto()
    FUND_PROJECT = auto()
    RUN_PROJECT = auto()
    READ_LESSON = auto()
    READ_AGENCY = auto()
    SCORE_AGENCY = auto()
    CONCLUDE_COURSE = auto()
    SPEAK_ON_DECISION = auto()
    ENTER_CLOSED_DISCUSSION = auto()
    READ_MINUTES = auto()
    ADD_NOTE = auto()
    SEE_STATEMENT = auto()
    WITHDRAW_STATEMENT = auto()
    REPORT_STATEMENT = auto()
    APPEAL_STATEMENT = auto()
    MODERATE_STATEMENT = auto()
    SEND_TO_REVIEW = auto()
    CONDUCT_REVIEW = auto()
    WRITE_REVIEW = auto()
    DISCUSS_REVIEW = auto()
    ANSWER_REVIEW = auto()
    CREATE_COMMITTEE = auto()
    READ_COMMITTEE = auto()
    EDIT_COMMITTEE = auto()
    PUT_QUESTION = auto()
    READ_DECISION = auto()
    SECOND_QUESTION = auto()
    GIVE_NOTICE = auto()
    CLOSE_DECISION = auto()
    DRAW_LOT = auto()
    DECLARE_ON_ITEM = auto()
    RESOLVE_INTEREST = auto()
    ENTER_ITEM = auto()
    ANNOUNCE_ABSENCE = auto()
    READ_BENCH = auto()
    ASSIGN_ITEMS = auto()
    ORDER_AGENDA = auto()
    CAST_BALLOT = auto()
    CERTIFY = auto()
    FILE_DISSENT = auto()
    SIGN_RESULT = auto()
    CHALLENGE_RESULT = auto()
    RESOLVE_CHALLENGE = auto()
    MANAGE_PEOPLE = auto()
    MANAGE_ORGANISATIONS = auto()
    APPLY = auto()
    SEE_APPLICATION = auto()
    JOIN_APPLICATION = auto()
    READ_APPLICATION = auto()
    WRITE_APPLICATION = auto()
    LEAD_APPLICATION = auto()
    READ_APPLICATIONS = auto()
    CONDUCT_PANEL = auto()
    MOVE_APPLICATIONS = auto()
    READ_SELECTION = auto()
    CHECK_APPLICATION = auto()
    SHORTLIST_APPLICATION = auto()
    NOTE_INTERVIEW = auto()
    WRITE_PANEL_REVIEW = auto()
    DECLARE_ON_APPLICATION = auto()
    RESOLVE_ON_APPLICATION = auto()
    PLEDGE = auto()
    SIGN_VISION = auto()
    READ_OWN = auto()


P = Permission
POLICY: dict[Permission, tuple[Condition, ...]] = {
    P.READ_CALL: (c.VISIBLE,),
    P.CREATE_CALL: (c.SIGNED_IN, c.ANY_FACILITATOR),
    P.EDIT_CALL: (c.VISIBLE, c.SIGNED_IN, c.FACILITATOR, c.during(Act.EDIT)),
    P.PUBLISH_CALL: (c.VISIBLE, c.SIGNED_IN, c.FACILITATOR, c.during(Act.PUBLISH)),
    P.EXTEND_CALL: (c.VISIBLE, c.SIGNED_IN, c.FACILITATOR, c.during(Act.EXTEND)),
    P.CANCEL_CALL: (c.VISIBLE, c.SIGNED_IN, c.FACILITATOR, c.during(Act.CANCEL)),
    P.MOVE_CALL: (c.VISIBLE, c.SIGNED_IN, c.FACILITATOR),
    P.ANSWER_CALL: (c.VISIBLE, c.SIGNED_IN, c.FACILITATOR, c.during(Act.ANSWER)),
    P.READ_OFFER: (c.VISIBLE, c.OFFERS),
    P.EDIT_OFFER: (c.VISIBLE, c.OFFERS, c.SIGNED_IN, c.FACILITATOR, c.during(Act.EDIT)),
    P.ASK_ABOUT_OFFER: (c.VISIBLE, c.OFFERS, c.SIGNED_IN, c.CONFIRMED, c.during(Act.ASK_ABOUT)),
    P.ANSWER_ABOUT_OFFER: (c.VISIBLE, c.OFFERS, c.SIGNED_IN, c.FACILITATOR),
    P.PUT_PORTFOLIO: (c.VISIBLE, c.OFFERS, c.SIGNED_IN, a.CHAIRS_PANEL, c.during(Act.AWARD)),
    P.AWARD_CALL: (c.VISIBLE, c.OFFERS, c.SIGNED_IN, c.FACILITATOR, c.during(Act.AWARD)),
    P.AWARD_APPLICATION: (c.VISIBLE, c.SIGNED_IN, c.FACILITATOR, a.NOT_OWN, c.during(Act.AWARD)),
    P.READ_ANSWER: (c.VISIBLE, a.MAY_READ),
    P.READ_COVERAGE: (c.VISIBLE, c.CONSULTATION),
    P.EXPECT_COVERAGE: (c.VISIBLE, c.CONSULTATION, c.SIGNED_IN, c.FACILITATOR),
    P.COPY_CALL: (c.VISIBLE, c.SIGNED_IN, c.ANY_FACILITATOR),
    P.COPY_MISSION: (c.VISIBLE, c.SIGNED_IN, c.ANY_FACILITATOR),
    P.IMPORT_SUBMISSIONS: (c.VISIBLE, c.SIGNED_IN, c.FACILITATOR, c.CONSULTS, c.during(Act.IMPORT)),
    P.SEE_SUBMISSION: (c.VISIBLE,),
    P.READ_SUBMISSION: (c.VISIBLE, c.READABLE),
    P.DRAFT_SUBMISSION: (c.VISIBLE, c.CONSULTS, c.during(Act.SUBMIT)),
    P.SUBMIT: (c.VISIBLE, c.SIGNED_IN, c.CONSULTS, c.during(Act.SUBMIT)),
    P.EDIT_SUBMISSION: (c.VISIBLE, c.SIGNED_IN, c.AUTHOR, c.READABLE, c.during(Act.SUBMIT)),
    P.ENDORSE: (c.VISIBLE, c.READABLE, c.SIGNED_IN, c.during(Act.ENDORSE)),
    P.COMMENT: (c.VISIBLE, c.READABLE, c.SIGNED_IN, c.CONFIRMED, c.during(Act.COMMENT)),
    P.REPORT: (c.VISIBLE, c.READABLE, c.SIGNED_IN, c.during(Act.REPORT)),
    P.WITHDRAW: (c.VISIBLE, c.SIGNED_IN, c.AUTHOR, c.during(Act.WITHDRAW)),
    P.APPEAL: (c.VISIBLE, c.SIGNED_IN, c.AUTHOR, c.during(Act.APPEAL)),
    P.MODERATE: (c.VISIBLE, c.SIGNED_IN, c.FACILITATOR, c.during(Act.MODERATE)),
    P.MODERATE_SUBMISSION: (c.VISIBLE, c.SIGNED_IN, c.FACILITATOR, c.NOT_OWN, c.during(Act.MODERATE)),
    P.CHECK_GROUP: (c.VISIBLE, c.SIGNED_IN, c.AUTHOR, c.during(Act.CHECK)),
    P.READ_WORKBENCH: (c.VISIBLE, c.SIGNED_IN, c.FACILITATOR),
    P.START_GROUPING: (c.VISIBLE, c.SIGNED_IN, c.FACILITATOR, c.CONSULTS, c.during(Act.GROUP)),
    P.READ_GROUPING: (c.VISIBLE,),
    P.ACCEPT_GROUPING: (c.VISIBLE, c.SIGNED_IN, c.FACILITATOR, c.during(Act.GROUP)),
    P.READ_CLUSTER: (c.VISIBLE,),
    P.CORRECT_CLUSTER: (c.VISIBLE, c.SIGNED_IN, c.FACILITATOR, c.during(Act.CORRECT)),
    P.CHOOSE_TOPICS_OF_GROUP: (c.VISIBLE, c.SIGNED_IN, c.FACILITATOR),
    P.CHOOSE_TOPICS: (c.VISIBLE, c.READABLE, c.SIGNED_IN, c.FACILITATOR),
    P.DRAFT_MISSION: (c.VISIBLE, c.SIGNED_IN, c.FACILITATOR, c.during(Act.DRAFT_MISSION)),
    P.READ_MISSION: (c.VISIBLE,),
    P.EDIT_MISSION: (c.VISIBLE, c.SIGNED_IN, c.FACILITATOR),
    P.SPEAK_ON_MISSION: (c.VISIBLE, c.SIGNED_IN, c.CONFIRMED),
    P.SPEAK_ON_DECISION: (c.VISIBLE, c.SIGNED_IN, c.CONFIRMED),
    P.STEER_MISSION: (c.VISIBLE, c.SIGNED_IN, c.STEWARD),
    P.AGREE_CONDITION: (c.VISIBLE, c.SIGNED_IN, s.A_SIDE),
    P.FILE_EVIDENCE: (c.VISIBLE, c.SIGNED_IN, s.LEAD),
    P.FUND_PROJECT: (c.VISIBLE, c.SIGNED_IN, s.FUNDER),
    P.RUN_PROJECT: (c.VISIBLE, c.SIGNED_IN, s.A_SIDE),
    P.READ_LESSON: (c.VISIBLE,),
    P.READ_AGENCY: (c.VISIBLE, s.AGENCY),
    P.SCORE_AGENCY: (c.VISIBLE, s.AGENCY, c.SIGNED_IN, s.OF_AGENCY),
    P.CONCLUDE_COURSE: (c.VISIBLE, c.SIGNED_IN, r.CHAIR_FOR_MISSION, c.NOT_RECUSED),
    P.ENTER_CLOSED_DISCUSSION: (c.VISIBLE, c.CLOSED_DOOR, c.HAS_SAID),
    P.READ_MINUTES: (c.VISIBLE, c.MINUTES),
    P.ADD_NOTE: (c.VISIBLE, c.MINUTES, c.SIGNED_IN, c.SECRETARY, c.NOT_RECUSED),
    P.SEE_STATEMENT: (c.VISIBLE,),
    P.WITHDRAW_STATEMENT: (c.VISIBLE, c.SIGNED_IN, c.AUTHOR),
    P.REPORT_STATEMENT: (c.VISIBLE, c.SIGNED_IN),
    P.APPEAL_STATEMENT: (c.VISIBLE, c.SIGNED_IN, c.AUTHOR),
    P.MODERATE_STATEMENT: (c.VISIBLE, c.SIGNED_IN, c.FACILITATOR, c.NOT_OWN),
    P.SEND_TO_REVIEW: (c.VISIBLE, c.SIGNED_IN, r.CHAIR_FOR_MISSION, c.NOT_RECUSED),
    P.CONDUCT_REVIEW: (c.VISIBLE, c.SIGNED_IN, c.CHAIR, c.NOT_RECUSED),
    P.WRITE_REVIEW: (c.VISIBLE, c.SIGNED_IN, r.REVIEWER, r.NOT_ASIDE, r.NOT_OWN_MISSION, c.HAS_SAID),
    P.DISCUSS_REVIEW: (c.VISIBLE, c.SIGNED_IN, r.IN_COMMITTEE, c.NOT_RECUSED),
    P.ANSWER_REVIEW: (c.VISIBLE, c.SIGNED_IN, c.FACILITATOR),
    P.CREATE_COMMITTEE: (c.SIGNED_IN, c.ADMIN_OR_ANY_FACILITATOR),
    P.READ_COMMITTEE: (c.VISIBLE,),
    P.EDIT_COMMITTEE: (c.VISIBLE, c.SIGNED_IN, c.ADMIN_OR_FACILITATOR),
    P.PUT_QUESTION: (c.VISIBLE, c.SIGNED_IN, c.CHAIR),
    P.READ_DECISION: (c.VISIBLE,),
    P.SECOND_QUESTION: (c.VISIBLE, c.SIGNED_IN, c.VOTING_MEMBER, c.NOT_RECUSED, c.during(Act.NOTICE)),
    P.GIVE_NOTICE: (c.VISIBLE, c.SIGNED_IN, c.CHAIR, c.NOT_RECUSED, c.during(Act.NOTICE)),
    P.CLOSE_DECISION: (c.VISIBLE, c.SIGNED_IN, c.CHAIR, c.NOT_RECUSED, c.during(Act.CLOSE)),
    P.DRAW_LOT: (c.VISIBLE, c.SIGNED_IN, c.CHAIR, c.NOT_RECUSED, c.during(Act.DRAW)),
    P.DECLARE_ON_ITEM: (c.VISIBLE, c.SIGNED_IN, c.SEATED_ON_ITEM),
    P.RESOLVE_INTEREST: (c.VISIBLE, c.SIGNED_IN, c.CHAIRS_ITEM, c.NOT_RECUSED),
    P.READ_BENCH: (c.VISIBLE, c.SIGNED_IN, c.SEATED_ON_ITEM),
    P.ASSIGN_ITEMS: (c.VISIBLE, c.SIGNED_IN, c.OFFICES_ON_ITEM),
    P.ORDER_AGENDA: (c.VISIBLE, c.SIGNED_IN, c.OFFICES_ON_ITEM),
    P.ANNOUNCE_ABSENCE: (c.VISIBLE, c.SIGNED_IN, c.SEATED_ON_ITEM),
    # The closed parts of an item: its reviews and its discussion among those seated.
    P.ENTER_ITEM: (c.VISIBLE, c.SIGNED_IN, c.SEATED_ON_ITEM, c.NOT_RECUSED, c.HAS_SAID),
    P.CAST_BALLOT: (c.VISIBLE, c.SIGNED_IN, c.NOT_RECUSED, c.IN_ELECTORATE, c.HAS_SAID, c.during(Act.VOTE)),
    P.CERTIFY: (c.VISIBLE, c.SIGNED_IN, c.SECRETARY, c.during(Act.CERTIFY)),
    P.FILE_DISSENT: (c.VISIBLE, c.SIGNED_IN, c.SEATED, c.during(Act.DISSENT)),
    P.SIGN_RESULT: (c.VISIBLE, c.SIGNED_IN, c.ELECTOR, c.during(Act.SIGN_RESULT)),
    P.CHALLENGE_RESULT: (c.VISIBLE, c.SIGNED_IN, c.LISTED, c.during(Act.CHALLENGE)),
    P.RESOLVE_CHALLENGE: (c.VISIBLE, c.SIGNED_IN, c.OUTSIDE, c.during(Act.RESOLVE_CHALLENGE)),
    P.MANAGE_PEOPLE: (c.SIGNED_IN, c.ADMIN),
    P.MANAGE_ORGANISATIONS: (c.SIGNED_IN, c.ADMIN),
    P.APPLY: (c.VISIBLE, a.OFFERS, c.SIGNED_IN, c.CONFIRMED, c.during(Act.SUBMIT)),
    P.SEE_APPLICATION: (c.VISIBLE,),
    P.JOIN_APPLICATION: (c.VISIBLE, a.INVITED),
    P.READ_APPLICATION: (panel.READS_WHOLE,),
    P.WRITE_APPLICATION: (c.VISIBLE, a.MAY_READ, a.IN_TEAM),
    # Phases are the service's: a request that came in time may be answered after the deadline.
    P.LEAD_APPLICATION: (c.VISIBLE, a.MAY_READ, a.LEADS),
    # After the deadline; who may not know of an application finds nothing, whatever they ask for.
    P.READ_APPLICATIONS: (c.VISIBLE, panel.READS_LIST),
    P.CONDUCT_PANEL: (c.VISIBLE, panel.READS_LIST, panel.LEADS),
    P.MOVE_APPLICATIONS: (c.VISIBLE, panel.READS_LIST, c.FACILITATOR),
    P.READ_SELECTION: (panel.OPEN_TO, panel.HAS_SAID),
    P.CHECK_APPLICATION: (panel.OPEN_TO, c.FACILITATOR, panel.HAS_SAID),
    P.SHORTLIST_APPLICATION: (panel.OPEN_TO, panel.LEADS, panel.HAS_SAID),
    P.NOTE_INTERVIEW: (panel.OPEN_TO, panel.HAS_SAID),
    P.WRITE_PANEL_REVIEW: (panel.OPEN_TO, panel.ASKED, panel.HAS_SAID, panel.FIT),
    P.DECLARE_ON_APPLICATION: (panel.KNOWN,),
    P.RESOLVE_ON_APPLICATION: (panel.KNOWN, panel.CHAIRS_PANEL, c.NOT_RECUSED),
    P.PLEDGE: (c.VISIBLE, c.SIGNED_IN, c.CONFIRMED, a.SPEAKS_FOR_ONE),
    P.SIGN_VISION: (c.VISIBLE, c.SIGNED_IN, c.CONFIRMED, a.SPEAKS_FOR_ONE),
    P.READ_OWN: (c.SIGNED_IN,),
}  # fmt: skip


class SignInNeeded(Forbidden):
    """The router's handler turns this into a way to sign in that comes back here."""

    sentence = N_("Please sign in first. What you wrote is kept.")


class SayFirst(Forbidden):
    """Who sits in the committee is asked at first sight; the router's handler turns this into the question itself."""

    sentence = N_("Say first whether something ties you to this item: you are asked once, before you see it.")

    def __init__(self, asked_at: str) -> None:
        super().__init__()
        self.asked_at = asked_at


class NotYours(Forbidden):
    sentence = "%(sentence)s"


def unmet(
    session: Session, viewer: Viewer, permission: Permission, subject: object = None
) -> Condition | None:
    """The first condition that does not hold, or None when the act is allowed."""
    ask = Ask(session, viewer, subject)
    return next((condition for condition in POLICY[permission] if not condition.holds(ask)), None)


def can(session: Session, viewer: Viewer, permission: Permission, subject: object = None) -> bool:
    return unmet(session, viewer, permission, subject) is None


def demand(session: Session, viewer: Viewer, permission: Permission, subject: object = None) -> None:
    """Refuse with the sentence of the first unmet condition; what may not be known of is not found."""
    missing = unmet(session, viewer, permission, subject)
    if missing is None:
        return
    if missing.hides:
        raise NotFound()
    if missing.wants_sign_in:
        raise SignInNeeded()
    if missing.name.startswith("during "):
        refuse_phase(session, subject, Act(missing.name.removeprefix("during ")))
    if missing in (c.HAS_SAID, panel.HAS_SAID):
        raise SayFirst(taking_part.asked_at(session, subject))
    raise NotYours(sentence=missing.sentence)


def refuse_phase(session: Session, subject: object, act: Act) -> None:
    """Say which phase it is and when the act is possible."""
    if isinstance(subject, Decision):
        state = asking.decision_phase(subject)
        if not allows(act, state):
            raise PhaseForbids(phase=state, possible=when_possible(act))
    call = asking.call_of(session, subject)
    if call is not None:
        require(act, asking.call_phase(call), asking.times_of(call))
