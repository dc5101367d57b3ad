"""Committees as everyone reads them, and the chair's agenda: putting the question on a mission."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app import permissions
from app.conditions.asking import decision_phase
from app.errors import NotFound, Refusal
from app.i18n import _
from app.models.committee import Committee, all_committees
from app.models.decision import Decision, decisions_of_committees
from app.models.mission import Mission
from app.models.organisation import names_of
from app.permissions import Permission
from app.routers.deps import CurrentViewer, Db, load, noun_router, public
from app.routers.forms import Form, FormModel, cleaned, read, values
from app.routers.pages import redirect, render, say
from app.rules import notice, texts
from app.rules.words import DecisionState
from app.services import (
    absences,
    committees,
    committees_agenda,
    committees_standing,
    decisions,
    decisions_agenda,
)
from app.viewer import Viewer

router = noun_router("/committees")
ReadableCommittee = Annotated[Committee, load(Committee, to=Permission.READ_COMMITTEE)]
ChairedCommittee = Annotated[Committee, load(Committee, to=Permission.PUT_QUESTION)]
OrderedCommittee = Annotated[Committee, load(Committee, to=Permission.ORDER_AGENDA)]
PENDING = (DecisionState.NOTICED, DecisionState.OPEN, DecisionState.CLOSED)


class QuestionEntry(FormModel):
    mission_id: UUID
    question: Annotated[str, cleaned(texts.QUESTION)]


@router.get("")
@public("committees, their members and what they decided are public")
def index(request: Request, db: Db, viewer: CurrentViewer) -> Response:
    listed = entries(db, viewer, all_committees(db))
    may_create = permissions.can(db, viewer, Permission.CREATE_COMMITTEE)
    return render(request, "committees/index.html", listed=listed, may_create=may_create)


def entries(db: Session, viewer: Viewer, found: Sequence[Committee]) -> list[dict[str, Any]]:
    """What is said of committees wherever they are shown, in as many statements for all as for one."""
    ids = [each.id for each in found]
    names = names_of(db, {each.organisation_id for each in found})
    benches, decisions = committees.benches(db, found), decisions_of_committees(db, ids)
    return [
        {
            "committee": each,
            "who": names[each.organisation_id],
            "bench": benches[each.id],
            "seen_by": notice.seen_by(each.needs_seconder),
            **parted(db, viewer, decisions[each.id]),
        }
        for each in found
    ]


def parted(db: Session, viewer: Viewer, decisions: Sequence[Decision]) -> dict[str, Any]:
    """Decisions that the viewer may know of: drafts, those to come or under way, and those that were made."""
    readable = [each for each in decisions if permissions.can(db, viewer, Permission.READ_DECISION, each)]
    items = [(each, decision_phase(each)) for each in readable]
    return {
        "drafts": [item for item in items if item[1] is DecisionState.DRAFT],
        "agenda": [item for item in items if item[1] in PENDING],
        "decided": [item for item in items if item[1] not in (*PENDING, DecisionState.DRAFT)],
    }


@router.get("/{committee_id}")
def show(request: Request, db: Db, viewer: CurrentViewer, committee: ReadableCommittee) -> Response:
    facts: dict[str, Any] = {
        "standing": committees_standing.of(db, committee),
        "absences": absences.to_come(db, committee, viewer.id),
        "items": committees_agenda.listed(db, committee),
    }
    return render(request, "committees/show.html", **facts, **entries(db, viewer, [committee])[0])


@router.get("/{committee_id}/agenda/new")
def new_question(request: Request, db: Db, committee: ChairedCommittee) -> Response:
    return agenda_page(request, db, committee, {}, {})


def agenda_page(
    request: Request, db: Session, committee: Committee, typed: dict[str, str], errors: dict[str, str]
) -> Response:
    status = 422 if errors else 200
    return render(
        request,
        "committees/agenda.html",
        status=status,
        committee=committee,
        bench=committees.bench(db, committee),
        items=decisions_agenda.possible(db, committee),
        typed=typed,
        errors=errors,
    )


@router.get("/{committee_id}/agenda")
def agenda(request: Request, committee: ReadableCommittee) -> Response:
    """The address of the form, opened by itself: the agenda stands on the committee's page."""
    return redirect(request, f"/committees/{committee.id}")


@router.post("/{committee_id}/agenda")
def put_question(
    request: Request, db: Db, viewer: CurrentViewer, committee: ChairedCommittee, form: Form
) -> Response:
    assert viewer.id is not None
    wanted, errors = read(form, QuestionEntry)
    if wanted is None:
        return agenda_page(request, db, committee, values(form), errors)
    mission = db.get(Mission, wanted.mission_id)
    if mission is None or not permissions.can(db, viewer, Permission.READ_MISSION, mission):
        raise NotFound()
    try:
        decision = decisions.put_question(db, committee, mission, wanted.question, viewer.id)
    except Refusal as refusal:
        db.rollback()
        return agenda_page(request, db, committee, values(form), {"mission_id": say(refusal.phrase)})
    told = _("The question is drafted.") + " " + _(notice.seen_by(committee.needs_seconder))
    return redirect(request, f"/decisions/{decision.id}", told)


class MoveEntry(FormModel):
    mission_id: UUID
    way: Literal["up", "down"]


@router.post("/{committee_id}/agenda/order")
def order_agenda(
    request: Request, db: Db, viewer: CurrentViewer, committee: OrderedCommittee, form: Form
) -> Response:
    assert viewer.id is not None
    wanted, _errors = read(form, MoveEntry)
    if wanted is None:
        raise NotFound()
    committees_agenda.move(db, committee, wanted.mission_id, wanted.way == "up", viewer.id)
    return redirect(request, f"/committees/{committee.id}#item-{wanted.mission_id}")
