"""The seven stops of the thread, each with its words, its state and its day."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlmodel import Session

from app.conditions.asking import call_phase, decision_phase
from app.i18n import _, day, ngettext, number, word
from app.models.call import Call
from app.models.cluster import Cluster
from app.models.columns import now
from app.models.decision import Decision
from app.models.mission import Mission
from app.models.placement import Placement
from app.models.submission import Submission
from app.rules.disclosure import PUBLIC_STATES, shows_count
from app.rules.submissions import WAITS_FOR_ADDRESS, WAITS_FOR_MODERATOR
from app.rules.words import (
    CallState,
    ClusterState,
    DecisionState,
    MissionState,
    SubmissionState,
)
from app.services import decisions_words
from app.services.lineage_course import LABELS, course_of
from app.services.lineage_course import ORDER as ORDER
from app.services.lineage_course import Station as Station


@dataclass
class Thread:
    """What is known along one thread; the stations follow from it. `is_whole` marks that of a whole question."""

    call: Call
    here: str
    voices: int = 0
    voices_url: str = ""
    submission: Submission | None = None
    clusters: list[Cluster] = field(default_factory=list)
    group_detail: str = ""
    missions: list[Mission] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    is_whole: bool = False


def stations(session: Session, thread: Thread) -> list[Station]:
    """All seven stops in order; the first one not reached is what comes next."""
    made = [voice(thread), group(thread), clause(thread), ballot(thread)]
    made += course(session, thread)
    shown, waiting = [], True
    is_stopped = call_phase(thread.call) is CallState.CANCELLED and not thread.missions
    for station in made:
        state, detail, when = station.state, station.detail, station.when
        if station.key == thread.here:
            state = "here"
        elif state == "not_yet" and is_stopped:
            detail, when = stopped(thread, waiting)
            waiting = False
        elif state == "not_yet" and waiting and ORDER.index(station.key) > ORDER.index(thread.here):
            state, waiting = "next", False
        shown.append(Station(station.key, station.label, station.url, detail, state, when))
    return shown


def course(session: Session, thread: Thread) -> list[Station]:
    """The last three stops; a mission and its votes say it where nothing is committed yet."""
    money, *later = course_of(session, thread.call.id, thread.missions)
    if money.state == "not_yet" and thread.here in ("clause", "ballot"):
        money = replace(money, detail=_("None committed yet"))
    return [money, *later]


def stopped(thread: Thread, is_first: bool) -> tuple[str, datetime | None]:
    """What stands where a cancelled question did not come to: the first place says why, and since when."""
    if is_first:
        return _("The question was cancelled"), thread.call.cancelled_at
    return _("Not reached"), None


def voice(thread: Thread) -> Station:
    if thread.submission is not None:
        said = thread.submission
        since = {SubmissionState.WITHDRAWN: said.withdrawn_at, SubmissionState.HIDDEN: said.hidden_at}
        when = since.get(said.state) or said.submitted_at
        return Station("voice", _("Voice"), thread.voices_url, why_not_public(said), "past", when)
    return Station(
        "voice",
        _(LABELS["voice"]),
        thread.voices_url,
        how_many(thread),
        "past" if thread.voices else "not_yet",
    )


def how_many(thread: Thread) -> str:
    """Which voices are counted: all, those of the group, or those that the words of a mission come from."""
    if thread.here not in ("clause", "ballot"):
        return ngettext("%(n)s voice", "%(n)s voices", thread.voices)
    if thread.clusters:
        return ngettext("%(n)s voice in its group", "%(n)s voices in its group", thread.voices)
    return ngettext("%(n)s voice behind its text", "%(n)s voices behind its text", thread.voices)


def why_not_public(submission: Submission) -> str:
    if submission.state is SubmissionState.SUBMITTED:
        return _(WAITS_FOR_ADDRESS if submission.source_key is None else WAITS_FOR_MODERATOR)
    return "" if submission.state in PUBLIC_STATES else word(submission.state)


def group(thread: Thread) -> Station:
    label = _(LABELS["group"])
    if not thread.clusters:
        return Station("group", label, None, thread.group_detail or when_grouped(thread.call))
    if thread.is_whole:
        detail = ngettext("%(n)s group", "%(n)s groups", len(thread.clusters))
        return Station("group", label, f"/calls/{thread.call.id}/groups", detail, "past")
    cluster = thread.clusters[0]
    detail = standing(cluster) if thread.here == "group" else cluster.label
    return Station("group", _("Group"), f"/clusters/{cluster.id}", detail, "past")


def when_grouped(call: Call) -> str:
    """When groups can be expected: a date where the call names one, and no false hope once it is over."""
    phase = call_phase(call)
    if phase in (CallState.PUBLISHED, CallState.OPEN) and call.closes_at:
        return _("from %(day)s", day=day(call.closes_at, call.timezone))
    if phase is CallState.SENSEMAKING and call.sense_until:
        return _("until %(day)s", day=day(call.sense_until, call.timezone))
    return _("No group so far") if is_over(call) else ""


def is_over(call: Call) -> bool:
    return call_phase(call) in (CallState.ANSWERED, CallState.ARCHIVED, CallState.CANCELLED)


def standing(cluster: Cluster) -> str:
    is_machines = cluster.state is not ClusterState.SUGGESTED or not cluster.is_by_hand
    return word(cluster.state) if is_machines else _("Put together by a facilitator")


def clause(thread: Thread) -> Station:
    label = _(LABELS["clause"])
    if not thread.missions:
        return Station("clause", label, None, _("No mission so far") if is_over(thread.call) else "")
    if len(thread.missions) == 1:
        mission, state = thread.missions[0], word(thread.missions[0].state)
        # The page of a thing says its own name; elsewhere the state comes first, for a long name is cut.
        detail = state if thread.here == "clause" else f"{state}: {mission.title}"
        return Station("clause", label, f"/missions/{mission.id}", detail, "past")
    detail = ngettext("%(n)s mission", "%(n)s missions", len(thread.missions))
    return Station("clause", _("Missions"), f"/missions?call={thread.call.id}", detail, "past")


def ballot(thread: Thread) -> Station:
    label = _(LABELS["ballot"])
    if not thread.decisions:
        is_withdrawn = thread.here == "clause" and thread.missions[0].state is MissionState.WITHDRAWN
        return Station("ballot", label, detail=_("Withdrawn before a vote") if is_withdrawn else "")
    if len(thread.decisions) > 1:
        return ballots(thread)
    decision = thread.decisions[0]
    state = decision_phase(decision)
    url = f"/decisions/{decision.id}"
    if state is DecisionState.NOTICED:
        return Station(
            "ballot",
            label,
            url,
            _("The committee votes from %(day)s", day=day(decision.opens_at or now(), thread.call.timezone)),
            "not_yet",
        )
    if state is DecisionState.OPEN:
        return Station(
            "ballot",
            label,
            url,
            _(
                "The committee votes until %(day)s",
                day=day(decision.closes_at or now(), thread.call.timezone),
            ),
            "past",
        )
    counted = shows_count(state) and bool(decision.outcome)
    detail = _(decisions_words.outcome(decision).sentence) if counted else word(state)
    return Station("ballot", label, url, detail, "past", decision.certified_at or decision.closed_at)


def ballots(thread: Thread) -> Station:
    """Several votes: how many, whether one can be voted on now, and where they stand side by side."""
    phases = [decision_phase(each) for each in thread.decisions]
    detail = ngettext("%(n)s vote", "%(n)s votes", len(phases))
    if under_way := phases.count(DecisionState.OPEN):
        detail = _("%(votes)s, open now: %(n)s", votes=detail, n=number(under_way))
    voted_on = {each.mission_id for each in thread.decisions}
    of_one = f"/missions/{thread.decisions[0].mission_id}#decisions"
    url = of_one if len(voted_on) == 1 and None not in voted_on else f"/missions?call={thread.call.id}"
    ended = [each.certified_at or each.closed_at for each in thread.decisions]
    state = "not_yet" if set(phases) == {DecisionState.NOTICED} else "past"
    when = max((each for each in ended if each), default=None)
    return Station("ballot", _("Votes"), url, detail, state, when)


def not_grouped(placement: Placement | None) -> str:
    if placement is None:
        return ""
    return _(placement.reason) if placement.reason else _("It was not close enough to any group.")
