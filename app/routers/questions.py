"""Drafting questions of any kind: what is asked, which options there are, and by which rule it is counted."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from app.errors import NotFound, Refusal
from app.i18n import _
from app.models.committee import Committee
from app.models.decision import Decision
from app.models.mission import Mission
from app.models.money import currency_of
from app.models.motion import Motion
from app.models.project import projects_of
from app.permissions import Permission
from app.routers.deps import CurrentViewer, Db, load, noun_router, public
from app.routers.forms import Form, read, values
from app.routers.pages import redirect, render, say
from app.routers.question_form import BOXES, QuestionForm, cents, choice_values
from app.rules import notice
from app.rules.phrases import Phrase
from app.rules.voting.table import RULES
from app.rules.words import DecisionKind
from app.services import decisions, decisions_draft, lineage, motions
from app.services.decisions_draft import Asked
from app.services.decisions_rule import MOST_OPTIONS, SUITS

router = noun_router("")
ChairedCommittee = Annotated[Committee, load(Committee, to=Permission.PUT_QUESTION)]
Drafted = Annotated[Decision, load(Decision, to=Permission.GIVE_NOTICE)]


@router.get("/decisions")
@public("decisions stand with the committee that takes them")
def index(request: Request) -> Response:
    """What the menu calls decisions is the list of committees."""
    return redirect(request, "/committees")


@router.get("/committees/{committee_id}/questions/new")
def new(
    request: Request,
    db: Db,
    committee: ChairedCommittee,
    kind: str = "",
    mission: str = "",
    amendment: str = "",
    motion: str = "",
) -> Response:
    """First the kind, then what belongs to it; a portfolio first asks of which mission."""
    chosen = next((each for each in decisions_draft.OFFERED if each.value == kind), None)
    if chosen is None:
        return render(request, "questions/kinds.html", committee=committee, kinds=decisions_draft.OFFERED)
    if chosen is DecisionKind.PORTFOLIO and not mission:
        found = decisions_draft.missions_with_projects(db, committee)
        return render(request, "questions/portfolio.html", committee=committee, missions=found)
    if chosen is DecisionKind.AMEND and not amendment:
        waiting = decisions_draft.waiting_amendments(db, committee)
        return render(request, "questions/amendments.html", committee=committee, waiting=waiting)
    if chosen is DecisionKind.STEER and not motion:
        return render(
            request, "questions/motions.html", committee=committee, waiting=told_motions(db, committee)
        )
    typed = {
        "amendment": amendment,
        "motion": motion,
        "rule": "" if chosen is DecisionKind.SETTLE else SUITS[chosen][0],
        "has_default": "yes",
        "mission": mission,
    }
    return form_page(request, db, committee, chosen, typed, {})


def form_page(
    request: Request, db: Session, committee: Committee, kind: DecisionKind, typed: dict[str, Any],
    errors: dict[str, str], decision: Decision | None = None, status: int = 200,
) -> Response:  # fmt: skip
    about = (
        mission_in(db, committee, str(typed.get("mission", ""))) if kind is DecisionKind.PORTFOLIO else None
    )
    return render(
        request,
        "questions/form.html",
        status=422 if errors and status == 200 else status,
        committee=committee,
        kind=kind,
        call=None,
        decision=decision,
        rules=[RULES[name] for name in SUITS[kind] if name in RULES],
        missions=decisions_draft.askable_missions(db, committee)
        if kind in decisions_draft.OF_MISSIONS
        else [],
        mission=about,
        currency=currency_of(db, about.id) if about else "",
        amended=[
            each
            for _mission, each in decisions_draft.waiting_amendments(db, committee)
            if str(each.statement_id) == typed.get("amendment")
        ]
        if kind is DecisionKind.AMEND
        else [],
        motion=next(
            (
                told
                for _mission, each, told in told_motions(db, committee)
                if str(each.id) == typed.get("motion")
            ),
            None,
        )
        if kind is DecisionKind.STEER
        else None,
        projects=projects_of(db, about.id) if about else [],
        typed=typed,
        errors=errors,
        seen_by=notice.seen_by(committee.needs_seconder),
        seen=decisions.fingerprint(decision, decision.question) if decision else "",
        stations=lineage.of_decision(db, decision) if decision else [],
    )


def told_motions(db: Session, committee: Committee) -> list[tuple[Mission, Motion, Phrase]]:
    """Every motion that waits for this committee, with what it asks for."""
    waiting = motions.waiting_for(db, committee)
    return [(mission, each, motions.words(db, each)) for mission, each in waiting]


def motion_in(db: Session, committee: Committee, form: FormData, decision: Decision | None) -> UUID:
    """The motion that waits for a vote; of a draft, its own."""
    own = motions.motion_of(decision) if decision else None
    if own is not None:
        return own
    found = (
        each.id for _mission, each in motions.waiting_for(db, committee) if str(each.id) == form.get("motion")
    )
    motion = next(found, None)
    if motion is None:
        raise NotFound()
    return motion


def mission_in(db: Session, committee: Committee, typed: str) -> Mission:
    """The mission whose projects are chosen among; one of another organisation is not known here."""
    found = next(
        (each for each in decisions_draft.missions_with_projects(db, committee) if str(each.id) == typed),
        None,
    )
    if found is None:
        raise NotFound()
    return found


@router.post("/committees/{committee_id}/questions")
def create(
    request: Request, db: Db, viewer: CurrentViewer, committee: ChairedCommittee, form: Form
) -> Response:
    assert viewer.id is not None
    kind = next((each for each in decisions_draft.OFFERED if each.value == form.get("kind")), None)
    if kind is None:
        raise NotFound()
    typed = typed_in(form)
    asked, errors = asked_in(db, committee, kind, form)
    if asked is None:
        return form_page(request, db, committee, kind, typed, errors)
    try:
        decision = decisions_draft.draft(db, committee, kind, asked, viewer.id)
    except Refusal as refusal:
        db.rollback()
        said = {"form": say(refusal.phrase)}
        return form_page(request, db, committee, kind, typed, said, status=refusal.status)
    told = _("The question is drafted.") + " " + _(notice.seen_by(committee.needs_seconder))
    return redirect(request, f"/decisions/{decision.id}", told)


@router.get("/decisions/{decision_id}/question")
def edit(request: Request, db: Db, decision: Drafted) -> Response:
    if decision.call_id is not None:
        return redirect(request, f"/calls/{decision.call_id}/portfolio")
    committee = db.get_one(Committee, decision.committee_id)
    return form_page(request, db, committee, decision.kind, drafted_values(db, decision), {}, decision)


@router.post("/decisions/{decision_id}/question")
def save(request: Request, db: Db, viewer: CurrentViewer, decision: Drafted, form: Form) -> Response:
    assert viewer.id is not None
    committee, typed = db.get_one(Committee, decision.committee_id), typed_in(form)
    asked, errors = asked_in(db, committee, decision.kind, form, decision)
    if asked is None:
        return form_page(request, db, committee, decision.kind, typed, errors, decision)
    try:
        decisions_draft.redraft(db, decision, asked, viewer.id, str(form.get("seen", "")))
    except Refusal as refusal:
        db.rollback()
        said = {"form": say(refusal.phrase)}
        return form_page(request, db, committee, decision.kind, typed, said, decision, status=refusal.status)
    return redirect(request, f"/decisions/{decision.id}", _("The question is changed."))


def typed_in(form: FormData) -> dict[str, Any]:
    """Everything as it was typed; ticked missions as a list."""
    ticked = [str(each) for each in form.getlist("missions")]
    return {**dict.fromkeys(BOXES, ""), **values(form), "missions": ticked}


def asked_in(
    db: Session, committee: Committee, kind: DecisionKind, form: FormData, decision: Decision | None = None
) -> tuple[Asked | None, dict[str, str]]:
    """What the form asks, or what is wrong with it."""
    entry, errors = read(form, QuestionForm)
    if entry is None:
        return None, errors
    if kind is DecisionKind.SETTLE and not entry.rule:
        return None, {"rule": _("Please choose one of the options.")}
    mission = None
    costs: dict[UUID, int] = {}
    if kind is DecisionKind.PORTFOLIO:
        typed = str(decision.mission_id) if decision else str(form.get("mission", ""))
        mission = mission_in(db, committee, typed)
        costs, errors = costs_in(db, mission, form)
        if entry.budget is None:
            errors["budget"] = _("Please fill this in.")
    about = mission.id if mission else None
    amendment = None
    if kind is DecisionKind.AMEND:
        about, amendment = amendment_in(db, committee, form, decision)
    motion = motion_in(db, committee, form, decision) if kind is DecisionKind.STEER else None
    if errors:
        return None, errors
    ticked = {str(each) for each in form.getlist("missions")}
    chosen = [each.id for each in decisions_draft.askable_missions(db, committee) if str(each.id) in ticked]
    lines = [line.strip()[:200] for line in entry.lines.splitlines() if line.strip()]
    zone = decisions_draft.zone_of(db, committee)
    asked = Asked(
        entry.question, entry.choice(), chosen, about, costs, lines[:MOST_OPTIONS], amendment, motion, zone
    )
    return asked, {}


def amendment_in(
    db: Session, committee: Committee, form: FormData, decision: Decision | None
) -> tuple[UUID, UUID]:
    """The mission and the amendment that waits for a vote; of a draft, its own."""
    typed = str(form.get("amendment", ""))
    if decision is not None:
        typed = decision.options[0]["subject_id"]
    for mission, each in decisions_draft.waiting_amendments(db, committee):
        if str(each.statement_id) == typed:
            return mission.id, each.statement_id
    raise NotFound()


def costs_in(db: Session, mission: Mission, form: FormData) -> tuple[dict[UUID, int], dict[str, str]]:
    """What each project costs, in cents; one without a cost is not on the ballot."""
    found: dict[UUID, int] = {}
    errors: dict[str, str] = {}
    for project in projects_of(db, mission.id):
        typed = str(form.get(f"cost-{project.id}", "")).strip()
        if not typed:
            continue
        try:
            amount = Decimal(typed)
        except InvalidOperation:
            amount = Decimal(-1)
        if not amount.is_finite() or not 0 < amount < 10**12 or amount != round(amount, 2):
            errors[f"cost-{project.id}"] = _("Please write an amount of money, such as 25000 or 1250.50.")
        else:
            found[project.id] = cents(amount)
    return found, errors


def drafted_values(db: Session, decision: Decision) -> dict[str, Any]:
    """A draft as its form shows it."""
    asked = decisions_draft.asked_before(db, decision)
    return {
        "question": asked.question,
        **choice_values(asked.rule),
        "lines": "\n".join(asked.lines),
        "missions": [str(each) for each in asked.missions],
        "mission": str(asked.mission or ""),
        "amendment": str(asked.amendment or ""),
        "motion": str(asked.motion or ""),
        **{f"cost-{project}": f"{Decimal(cost) / 100:f}" for project, cost in asked.costs.items()},
    }
