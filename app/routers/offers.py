"""An innovation call as whoever may apply reads it: may we, what was asked and answered, on which terms."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.errors import NotFound
from app.i18n import _
from app.models.call import Call
from app.models.columns import now
from app.models.organisation import Organisation
from app.permissions import Permission
from app.routers.call_head import call_head
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.forms import Form, FormModel, Maybe, cleaned, read, tried, values
from app.routers.pages import is_htmx, redirect, render, say
from app.rules import texts
from app.rules.eligibility import Facts, RuleKind
from app.rules.rates import Limited
from app.rules.texts import Limits
from app.rules.words import StakeholderGroup
from app.services import limits, offer_questions, offers
from app.viewer import Viewer

router = noun_router("/calls/{call_id}")
ToRead = Annotated[Call, load(Call, to=Permission.READ_OFFER)]
ToAsk = Annotated[Call, load(Call, to=Permission.ASK_ABOUT_OFFER)]
ToAnswer = Annotated[Call, load(Call, to=Permission.ANSWER_ABOUT_OFFER)]
Number = Annotated[Annotated[Decimal, Field(ge=0, max_digits=20, decimal_places=2)] | None, Maybe]
# Which fields the check asks for, for each kind of rule.
FIELDS: dict[RuleKind, tuple[str, ...]] = {
    RuleKind.GROUP: ("group",),
    RuleKind.PLACE: ("place",),
    RuleKind.PEOPLE: ("people",),
    RuleKind.TURNOVER: ("turnover",),
    RuleKind.PARTNERS: ("partners",),
    RuleKind.TICKET: ("asked",),
    RuleKind.OWN_SHARE: ("asked", "total"),
    RuleKind.MONTHS: ("starts", "ends"),
    RuleKind.READINESS: ("readiness",),
    RuleKind.ROADMAP: ("roadmap",),
}


class CheckEntry(FormModel):
    """What somebody says of their organisation to see whether it may apply; nothing of it is kept."""

    group: Annotated[StakeholderGroup | None, Maybe] = None
    place: Annotated[str, cleaned(texts.PLACE)] = ""
    people: Number = None
    turnover: Number = None
    partners: Number = None
    asked: Number = None
    total: Number = None
    starts: Annotated[date | None, Maybe] = None
    ends: Annotated[date | None, Maybe] = None
    readiness: Annotated[Annotated[int, Field(ge=1, le=9)] | None, Maybe] = None
    roadmap: Annotated[str, Field(max_length=36)] = ""


class QuestionEntry(FormModel):
    question: Annotated[str, cleaned(Limits(10, 2_000))]


class AnswerEntry(FormModel):
    answer: Annotated[str, cleaned(Limits(2, 5_000))]
    to: UUID


def check(
    request: Request, db: Session, viewer: Viewer, call: Call, typed: dict[str, Any], errors: dict[str, str],
    facts: Facts,
) -> Response:  # fmt: skip
    offer, person = offers.offer_of(db, call), viewer.person
    organisation_id = person.organisation_id if person else None
    was_selected = offers.selected_before(db, offer, organisation_id, person.id) if person else None
    facts = replace(facts, selected_before=was_selected)
    verdicts = offers.verdicts(db, call, offer, facts)
    if is_htmx(request):
        return render(request, "offers/_verdicts.html", verdicts=verdicts)
    kinds = [each.kind for each in offers.rules_of(db, call, offer)]
    asked = list(dict.fromkeys(name for kind in kinds for name in FIELDS.get(kind, ())))
    told = {"verdicts": verdicts, "asked": asked, "typed": typed, "errors": errors}
    told["roadmaps"] = offers.roadmaps(db, offer)
    status = 422 if errors else 200
    return render(request, "offers/eligibility.html", status=status, **told, **call_head(db, viewer, call))


@router.get("/eligibility")
def eligibility_page(request: Request, db: Db, viewer: CurrentViewer, call: ToRead) -> Response:
    person = viewer.person
    mine = db.get(Organisation, person.organisation_id) if person and person.organisation_id else None
    typed = {"group": mine.group, "place": mine.place} if mine else {}
    return check(request, db, viewer, call, typed, {}, Facts(**typed, at=now()))  # type: ignore[arg-type]


@router.post("/eligibility")
def check_eligibility(request: Request, db: Db, viewer: CurrentViewer, call: ToRead, form: Form) -> Response:
    """While typing only what is right so far counts; a whole page says what is not."""
    entry, errors = read(form, CheckEntry)
    if entry is None:
        entry, _rest = read(
            {name: told for name, told in values(form).items() if name not in errors}, CheckEntry
        )
    offer = offers.offer_of(db, call)
    known = tuple(key for key, _title in offers.roadmaps(db, offer))
    facts = Facts(**(entry or CheckEntry()).model_dump(), roadmaps=known, at=now())
    return check(request, db, viewer, call, values(form), errors, facts)


def questions(
    request: Request, db: Session, viewer: Viewer, call: Call, typed: dict[str, str], errors: dict[str, str],
    status: int = 200,
) -> Response:  # fmt: skip
    return render(
        request, "offers/questions.html", status=status, listed=offer_questions.listed(db, call.id), typed=typed,
        errors=errors, form_key=uuid4().hex, **call_head(db, viewer, call),
    )  # fmt: skip


@router.get("/questions")
def questions_page(request: Request, db: Db, viewer: CurrentViewer, call: ToRead) -> Response:
    return questions(request, db, viewer, call, {}, {})


@router.post("/questions")
def ask(request: Request, db: Db, viewer: CurrentViewer, call: ToAsk, form: Form) -> Response:
    assert viewer.person is not None
    entry, errors = read(form, QuestionEntry)
    if entry is None:
        return questions(request, db, viewer, call, values(form), errors, 422)
    limits.spend(db, Limited.COMMENT, viewer.id)
    made = offer_questions.ask(
        db, call, viewer.person, entry.question, values(form).get("form_key", "")[:64] or uuid4().hex
    )
    told = _("Your question is public, without your name. You are told when it is answered.")
    return redirect(request, f"/calls/{call.id}/questions#said-{made.id}", told)


@router.post("/questions/answers")
def answer(request: Request, db: Db, viewer: CurrentViewer, call: ToAnswer, form: Form) -> Response:
    assert viewer.id is not None
    by, (entry, errors) = viewer.id, read(form, AnswerEntry)
    if entry is None:
        return questions(request, db, viewer, call, values(form), errors, 422)
    to, words = entry.to, entry.answer
    refusal = tried(db, lambda: offer_questions.answer(db, call, to, words, by), NotFound)
    if refusal is not None:
        told = {"form": say(refusal.phrase)}
        return questions(request, db, viewer, call, values(form), told, refusal.status)
    return redirect(request, f"/calls/{call.id}/questions#said-{to}", _("The answer is public."))


@router.get("/terms")
def terms(request: Request, db: Db, viewer: CurrentViewer, call: ToRead) -> Response:
    offers.offer_of(db, call)
    versions = offers.versions_of(db, call.id)
    return render(request, "offers/terms.html", versions=versions, **call_head(db, viewer, call))
