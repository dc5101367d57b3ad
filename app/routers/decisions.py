"""Decisions: the question and its frozen text, notice, closing, the result, certification and dissent."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app import permissions
from app.conditions.asking import decision_phase
from app.errors import Refusal
from app.i18n import _
from app.models.committee import Committee
from app.models.decision import Decision, missions_about
from app.models.mission import Mission
from app.permissions import Permission
from app.routers import marks
from app.routers.cookies import settings_of
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.forms import Form, FormModel, Moment, cleaned, in_zone, read, values
from app.routers.pages import fragment, redirect, render, say
from app.rules import notice, texts
from app.rules.decisions import DecisionTimes, StillVoting
from app.rules.texts import Limits
from app.rules.words import DecisionState
from app.services import (
    absences,
    awards_ask,
    challenges,
    closing,
    count_runs,
    decisions,
    decisions_certify,
    decisions_compare,
    decisions_count,
    decisions_freeze,
    decisions_lot,
    decisions_matter,
    decisions_show,
    interests,
    lineage,
    minority_reports,
    motions,
    seconding,
)
from app.services.decisions_compare import Change, TextChanged
from app.viewer import Viewer

router = noun_router("/decisions/{decision_id}")
ReadableDecision = Annotated[Decision, load(Decision, to=Permission.READ_DECISION)]
Noticeable = Annotated[Decision, load(Decision, to=Permission.GIVE_NOTICE)]
Closable = Annotated[Decision, load(Decision, to=Permission.CLOSE_DECISION)]
Certifiable = Annotated[Decision, load(Decision, to=Permission.CERTIFY)]
Drawable = Annotated[Decision, load(Decision, to=Permission.DRAW_LOT)]
LOT_VALUE = Limits(1, 200, one_line=True)
Dissentable = Annotated[Decision, load(Decision, to=Permission.FILE_DISSENT)]


class NoticeEntry(FormModel):
    """Dates as typed, in the time zone of the mission's call."""

    question: Annotated[str, cleaned(texts.QUESTION)]
    opens_at: Moment = None
    closes_at: Moment = None
    # Which text of the mission the page showed; a form without them has shown none.
    version: Annotated[int, Field(ge=0, le=10**6)] = 0
    seen: Annotated[str, Field(max_length=64)] = ""

    def times(self, zone: str) -> DecisionTimes:
        times = (self.opens_at, self.closes_at)
        return DecisionTimes(*(in_zone(at, zone) if at else None for at in times))


class ReasonsEntry(FormModel):
    reasons: Annotated[str, cleaned(texts.ANSWER)]


class LotEntry(FormModel):
    lot_value: Annotated[str, cleaned(LOT_VALUE)]


class DissentEntry(FormModel):
    words: Annotated[str, cleaned(texts.ANSWER)]


@router.get("")
def show(request: Request, db: Db, viewer: CurrentViewer, decision: ReadableDecision) -> Response:
    if decision.state is DecisionState.DRAFT:
        committee = db.get_one(Committee, decision.committee_id)
        return draft_page(request, db, decision, first_values(decision, committee.notice_hours), {})
    return decision_page(request, db, viewer, decision)


def head(db: Session, decision: Decision) -> dict[str, Any]:
    """What the head of every page of a decision shows."""
    return {
        "decision": decision,
        "about": [db.get_one(Mission, each) for each in missions_about(db, decision)],
        "committee": db.get_one(Committee, decision.committee_id),
        "sheet": awards_ask.sheet(db, decision),
        "motion": motions.voted_on(db, decision),
        "zone": decision.timezone,
        "phase": decision_phase(decision),
        "stations": lineage.of_decision(db, decision),
    }


def decision_page(
    request: Request, db: Session, viewer: Viewer, decision: Decision,
    typed: dict[str, str] | None = None, errors: dict[str, str] | None = None, status: int = 422,
) -> Response:  # fmt: skip
    facts, own = head(db, decision), decisions_show.own(db, decision, viewer.id, datetime.now(UTC))
    dissent = decisions_certify.may_dissent(db, decision, viewer.id) if viewer.id else None
    return render(
        request,
        "decisions/show.html",
        status=status if errors else 200,
        **facts,
        texts=[decisions_freeze.readable(text) for text in decisions_freeze.frozen_texts(db, decision)],
        **marks.ballot_facts(db, decision, own),
        seconder=seconding.of(db, decision).by,
        electors=decisions_show.electors(db, decision),
        interests=interests.declared_on(db, decision),
        own=own,
        absence=None if own else absences.mine(db, decision.committee_id, viewer.id),
        counting=count_runs.of(db, decision.id),
        result=decisions_show.result(db, decision),
        closing=closing.shown(db, decision, viewer.id, datetime.now(UTC)),
        certifying_waits=closing.waits_for(db, decision, viewer.id)
        if permissions.can(db, viewer, Permission.CERTIFY, decision)
        else None,
        after=challenges.shown(db, decision),
        dissents=decisions_certify.dissents(db, decision),
        may_dissent=dissent is not None and permissions.can(db, viewer, Permission.FILE_DISSENT, decision),
        minority=minority_reports.of(
            db, decision, viewer.id, is_time=permissions.can(db, viewer, Permission.FILE_DISSENT, decision)
        ),
        typed=typed or {},
        errors=errors or {},
    )


def first_values(decision: Decision, notice_hours: int) -> dict[str, str]:
    """Opens on the morning after the committee's notice is over, and is open for two weeks."""
    ready = datetime.now(ZoneInfo(decision.timezone)) + timedelta(hours=notice_hours)
    start = ready.replace(hour=9, minute=0) + timedelta(days=1)
    dates = {"opens_at": start, "closes_at": start.replace(hour=18) + timedelta(days=14)}
    typed = {name: at.strftime("%Y-%m-%dT%H:%M") for name, at in dates.items()}
    return {"question": decision.question, **typed}


def draft_page(
    request: Request, db: Session, decision: Decision, typed: dict[str, str], errors: dict[str, str],
    status: int = 200, changes: list[Change] | None = None,
) -> Response:  # fmt: skip
    facts = head(db, decision)
    ready = decisions_matter.readiness(db, decision, facts["about"])
    texts = [decisions_freeze.text_of(db, mission) for mission in facts["about"]]
    return render(
        request,
        "decisions/draft.html",
        status=status,
        ready=ready,
        seen_by=notice.seen_by(facts["committee"].needs_seconder),
        seconding=seconding.of(db, decision),
        seconded=decisions.fingerprint(decision, decision.question),
        **marks.rule_facts(db, decision),
        texts=[decisions_freeze.readable(text) for text in texts],
        seen=decisions_freeze.fingerprint(db, decision, facts["about"]),
        changes=changes,
        typed=typed,
        errors=errors,
        **facts,
    )


@router.post("/notice")
def give_notice(
    request: Request, db: Db, viewer: CurrentViewer, decision: Noticeable, form: Form
) -> Response:
    assert viewer.id is not None
    changes, status = None, 422
    entry, errors = read(form, NoticeEntry)
    if entry is not None:
        try:
            times, origin = entry.times(decision.timezone), settings_of(request).origin
            decisions.notice(db, decision, entry.question, times, viewer.id, origin, seen=entry.seen)
            told = _(
                "The vote is announced. Question, text, rule and list of voters can no longer change; "
                "everyone concerned is told."
            )
            return redirect(request, f"/decisions/{decision.id}", told)
        except Refusal as refusal:
            db.rollback()
            errors, status = {"form": say(refusal.phrase)}, refusal.status
            if isinstance(refusal, TextChanged) and decision.mission_id is not None:
                mission = db.get_one(Mission, decision.mission_id)
                changes = decisions_compare.changes(db, mission, entry.version)
    return draft_page(request, db, decision, values(form), errors, status, changes)


@router.post("/removal")
def withdraw_question(request: Request, db: Db, viewer: CurrentViewer, decision: Noticeable) -> Response:
    assert viewer.id is not None
    committee_id = decision.committee_id
    decisions.withdraw_question(db, decision, viewer.id)
    return redirect(request, f"/committees/{committee_id}", _("The drafted question is removed."))


@router.post("/closing")
def close(request: Request, db: Db, viewer: CurrentViewer, decision: Closable) -> Response:
    try:
        outcome = decisions_count.close(db, decision, viewer.id)
    except StillVoting as refusal:
        db.rollback()
        errors = {"closing": say(refusal.phrase)}
        return decision_page(request, db, viewer, decision, {}, errors, refusal.status)
    told = _("The vote is closed and counted.") if outcome else _("The vote is closed, and is being counted.")
    return redirect(request, f"/decisions/{decision.id}", told)


@router.get("/counting")
def counting(request: Request, db: Db, decision: ReadableDecision) -> Response:
    """A fragment that asks again every second until the count is done, then reloads the page around it."""
    back, run = f"/decisions/{decision.id}", count_runs.of(db, decision.id)
    if run is None or not run.is_running:
        return redirect(request, back)
    asked = decisions_freeze.question_of(decision)
    return fragment(
        request, "decisions/_counting.html", otherwise=back, decision=decision, counting=run, asked=asked
    )


@router.post("/lot")
def draw_lot(request: Request, db: Db, viewer: CurrentViewer, decision: Drawable, form: Form) -> Response:
    assert viewer.id is not None
    entry, errors = read(form, LotEntry)
    if entry is None:
        return decision_page(request, db, viewer, decision, values(form), errors)
    decisions_lot.draw(db, decision, entry.lot_value, viewer.id)
    told = _("The lot is drawn, and the tie is ended.")
    if count_runs.of(db, decision.id):
        told = _("The lot is drawn, and the ballots are being counted again with it.")
    return redirect(request, f"/decisions/{decision.id}", told)


@router.get("/certification")
def certification_page(request: Request, db: Db, viewer: CurrentViewer, decision: Certifiable) -> Response:
    return certification(request, db, viewer, decision, {}, {})


def certification(
    request: Request, db: Session, viewer: Viewer, decision: Decision,
    typed: dict[str, str], errors: dict[str, str],
) -> Response:  # fmt: skip
    facts = {**head(db, decision), "result": decisions_show.result(db, decision)}
    waits = closing.waits_for(db, decision, viewer.id)
    status = 422 if errors else 200
    return render(
        request,
        "decisions/certification.html",
        status=status,
        typed=typed,
        errors=errors,
        waits=waits,
        **facts,
    )


@router.post("/certification")
def certify(request: Request, db: Db, viewer: CurrentViewer, decision: Certifiable, form: Form) -> Response:
    assert viewer.id is not None
    entry, errors = read(form, ReasonsEntry)
    if entry is None:
        return certification(request, db, viewer, decision, values(form), errors)
    decisions_certify.certify(db, decision, entry.reasons, viewer.id, settings_of(request).origin)
    return redirect(
        request, f"/decisions/{decision.id}", _("The result is certified and everyone concerned is told.")
    )


@router.post("/dissent")
def dissent(request: Request, db: Db, viewer: CurrentViewer, decision: Dissentable, form: Form) -> Response:
    assert viewer.id is not None
    entry, errors = read(form, DissentEntry)
    if entry is None:
        return decision_page(request, db, viewer, decision, values(form), errors)
    decisions_certify.dissent(db, decision, viewer.id, entry.words)
    return redirect(
        request, f"/decisions/{decision.id}#reasons", _("Your dissent stands beside the decision.")
    )
