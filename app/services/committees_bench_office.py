"""What the offices of a committee have on their workbench: what to send, announce, count, draw, conclude, certify."""

from collections.abc import Iterator

from sqlmodel import col, select

from app.conditions.asking import decision_phase
from app.conditions.taking_part import voters_of
from app.models.committee import standing_interests
from app.models.decision import Decision, decisions_of_committee, missions_about
from app.models.mission import Mission
from app.models.review import Review, ReviewRound, latest_rounds
from app.models.review_rounds import is_opened, stepped_aside
from app.rules.phrases import Phrase, phrase
from app.rules.words import N_, DecisionState, MissionState, Role
from app.services import (
    closing,
    committees_agenda,
    decisions_lot,
    interests_resolve,
    missions,
    reviews_rounds,
    seconding,
)
from app.services.committees_tasks import Bench, Task, Turn, Work, title_of

COUNTED = (DecisionState.CARRIED, DecisionState.LOST, DecisionState.TIED, DecisionState.INQUORATE)
TO_SEND = (MissionState.FRAMED, MissionState.IN_REVIEW)


def offices(bench: Bench) -> Iterator[Task]:
    """What the chair, the deputy and the secretary have to do, and what they wait for."""
    if not bench.holds(Role.CHAIR, Role.DEPUTY, Role.SECRETARY):
        return
    decisions = decisions_of_committee(bench.session, bench.committee.id)
    if bench.holds(Role.CHAIR, Role.DEPUTY):
        yield from to_resolve(bench, decisions)
        yield from to_send(bench, decisions)
    yield from rounds(bench)
    for decision in decisions:
        task = of_vote(bench, decision, decision_phase(decision, bench.at))
        if task is not None:
            yield task


def to_resolve(bench: Bench, decisions: list[Decision]) -> Iterator[Task]:
    """Interests in missions before the committee, and in its questions until their results are certified."""
    titles = {each.id: each.title for each in bench.missions.values()}
    asked = {each.id: each.question for each in decisions if each.certified_at is None}
    for interest in standing_interests(bench.session, [*titles, *asked]):
        if not interest.is_open:
            continue
        if bench.viewer.id in interests_resolve.case_of(bench.session, interest).resolvers():
            subject = interest.subject_id
            at = f"/decisions/{subject}" if subject in asked else f"/missions/{subject}"
            words = phrase(N_("Say what comes of a declared interest"))
            url = f"{at}/interest#interest-{interest.id}"
            yield Task(Turn.MINE, Work.OFFICE, (titles | asked)[subject], words, url)


def to_send(bench: Bench, decisions: list[Decision]) -> Iterator[Task]:
    """Framed missions that nobody reviews yet, and reviewed ones of which nobody has asked the question yet."""
    listed = [
        each
        for each in committees_agenda.missions_of(bench.session, bench.committee)
        if each.state in TO_SEND
    ]
    latest = latest_rounds(bench.session, [each.id for each in listed])
    drafted = {each.mission_id for each in decisions if each.state is DecisionState.DRAFT}
    for mission in listed:
        asked = latest.get(mission.id)
        if reviews_rounds.rests_on(mission, asked):
            if mission.id not in drafted:
                words = phrase(N_("It lacks nothing: put it to a vote"))
                url = f"/committees/{bench.committee.id}/agenda/new"
                yield Task(Turn.MINE, Work.OFFICE, mission.title, words, url)
        elif asked is None or asked.concluded_at is not None:
            words = phrase(N_("It lacks nothing: send it to reviewers"))
            yield Task(Turn.MINE, Work.OFFICE, mission.title, words, f"/missions/{mission.id}/reviews")


def rounds(bench: Bench) -> Iterator[Task]:
    """Reviews under way: how many are in, and whether the chair can conclude them. One's own stand elsewhere."""
    query = select(ReviewRound).where(
        ReviewRound.committee_id == bench.committee.id, col(ReviewRound.concluded_at).is_(None)
    )
    for asked in bench.session.exec(query):
        mission = bench.missions.get(asked.mission_id)
        if mission is None:
            continue
        url = f"/missions/{mission.id}/reviews"
        if is_opened(bench.session, asked, bench.at):
            leads = bench.holds(Role.CHAIR, Role.DEPUTY)
            words = (
                N_("The reviews are open: conclude them") if leads else N_("The reviews are open: read them")
            )
            turn = Turn.MINE if leads else Turn.WAITING
            yield Task(turn, Work.OFFICE, mission.title, phrase(words), url)
        else:
            yield Task(
                Turn.WAITING,
                Work.OFFICE,
                mission.title,
                how_many(bench, asked, mission),
                url,
                asked.due_at,
                zone=missions.zone_of(bench.session, mission),
            )


def how_many(bench: Bench, asked: ReviewRound, mission: Mission) -> Phrase:
    aside = stepped_aside(bench.session, mission.id)
    rows = bench.session.exec(select(Review).where(Review.round_id == asked.id)).all()
    everyone = {each.seat_id for each in rows} - aside
    waiting = {each.seat_id for each in rows if each.filed_at is None} - aside
    return phrase(N_("%(in_)s of %(all)s reviews are in"), in_=len(everyone - waiting), all=len(everyone))


def of_vote(bench: Bench, decision: Decision, phase: DecisionState) -> Task | None:
    """What a vote asks of the offices; one who votes too reads of open votes in the line of their ballot."""
    leads, url = bench.holds(Role.CHAIR, Role.DEPUTY), f"/decisions/{decision.id}"
    turn, words, due = Turn.MINE, "", None
    if phase is DecisionState.DRAFT and leads:
        words = N_("It is drafted: announce the vote")
        if not seconding.of(bench.session, decision).is_done:
            turn, words = (
                Turn.WAITING,
                N_("It is drafted, and waits for somebody of another group to second it"),
            )
    elif phase in (DecisionState.NOTICED, DecisionState.OPEN) and not votes_in(bench, decision):
        is_open = phase is DecisionState.OPEN
        turn, due = Turn.WAITING, decision.closes_at if is_open else decision.opens_at
        words = N_("The vote is open until this day") if is_open else N_("The vote opens on this day")
    elif phase is DecisionState.CLOSED and leads:
        words = N_("Count the votes")
    elif decision.state in COUNTED and leads and decisions_lot.waits(decision):
        words = N_("It is tied: draw the lot that was announced")
    elif decision.state in COUNTED and bench.holds(Role.SECRETARY):
        turn, words, url = to_certify(bench, decision, url)
    if not words:
        return None
    about = tuple(missions_about(bench.session, decision))
    return Task(
        turn, Work.OFFICE, title_of(bench, decision), phrase(words), url, due, about, decision.timezone
    )


def votes_in(bench: Bench, decision: Decision) -> bool:
    return any(each.person_id == bench.viewer.id for each in voters_of(bench.session, decision))


def to_certify(bench: Bench, decision: Decision, url: str) -> tuple[Turn, str, str]:
    """A result is certified once two seats have signed it, and a tie once its lot is drawn."""
    if decisions_lot.waits(decision):
        return Turn.WAITING, N_("It is tied: the chair draws the lot that was announced"), url
    if closing.missing(bench.session, decision):
        return Turn.WAITING, N_("It is counted: seats of two groups check it and sign it first"), url
    return Turn.MINE, N_("Certify the result"), f"{url}/certification"
