"""The panel's question which applications of a call are paid for: all of its shortlist, under its budget."""

from typing import Annotated, Any

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.errors import NotFound
from app.i18n import _
from app.models.call import Call
from app.models.committee import Committee
from app.permissions import Permission
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.forms import Form, read, tried, values
from app.routers.pages import redirect, render, say
from app.routers.question_form import BOXES, QuestionForm, choice_values
from app.rules import notice
from app.rules.voting.table import RULES
from app.rules.words import DecisionKind, DecisionState
from app.services import awards_ask, decisions, decisions_draft, lineage
from app.services.decisions_draft import Asked
from app.services.decisions_rule import SUITS

router = noun_router("/calls/{call_id}/portfolio")
ToAsk = Annotated[Call, load(Call, to=Permission.PUT_PORTFOLIO)]
KIND = DecisionKind.PORTFOLIO


@router.get("")
def new(request: Request, db: Db, call: ToAsk) -> Response:
    """The form of a new question, or of the one that is drafted; one under way is shown where it stands."""
    found = awards_ask.live_question(db, call.id)
    if found is None:
        question = _("Which applications to “%(title)s” are paid for?", title=call.title)[:500]
        return form_page(request, db, call, {"question": question, "rule": SUITS[KIND][0]}, {})
    if found.state is not DecisionState.DRAFT:
        return redirect(request, f"/decisions/{found.id}")
    asked = decisions_draft.asked_before(db, found)
    return form_page(request, db, call, {"question": asked.question, **choice_values(asked.rule)}, {})


def form_page(
    request: Request,
    db: Session,
    call: Call,
    typed: dict[str, Any],
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    offer = awards_ask.offer_for(db, call.id)
    found = awards_ask.live_question(db, call.id)
    committee = db.get_one(Committee, offer.panel_id)
    return render(
        request,
        "questions/form.html",
        status=422 if errors and status == 200 else status,
        committee=committee,
        seen_by=notice.seen_by(committee.needs_seconder),
        kind=KIND,
        call=call,
        offer=offer,
        left=awards_ask.left(db, offer),
        applications=awards_ask.shortlisted(db, call.id),
        decision=found,
        rules=[RULES[name] for name in SUITS[KIND]],
        missions=[],
        mission=None,
        amended=[],
        motion=None,
        projects=[],
        typed=typed,
        errors=errors,
        seen=decisions.fingerprint(found, found.question) if found else "",
        stations=lineage.around_call(db, call),
    )


@router.post("")
def put(request: Request, db: Db, viewer: CurrentViewer, call: ToAsk, form: Form) -> Response:
    assert viewer.id is not None
    by, typed = viewer.id, {**dict.fromkeys(BOXES, ""), **values(form)}
    entry, errors = read(form, QuestionForm)
    if entry is None:
        return form_page(request, db, call, typed, errors)
    asked = Asked(entry.question, entry.choice(), call=call.id, timezone=call.timezone)
    found = awards_ask.live_question(db, call.id)

    def write() -> None:
        if found is not None:
            decisions_draft.redraft(db, found, asked, by, typed.get("seen", ""))
            return
        committee = db.get_one(Committee, awards_ask.offer_for(db, call.id).panel_id)
        decisions_draft.draft(db, committee, KIND, asked, by)

    refusal = tried(db, write, NotFound)
    if refusal is not None:
        return form_page(request, db, call, typed, {"form": say(refusal.phrase)}, refusal.status)
    made = awards_ask.live_question(db, call.id)
    assert made is not None
    committee = db.get_one(Committee, made.committee_id)
    told = _("The question is drafted.") + " " + _(notice.seen_by(committee.needs_seconder))
    return redirect(request, f"/decisions/{made.id}", told)
