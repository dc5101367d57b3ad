"""What people do to a condition: other words, yes, taking back, evidence, doubts, and motions about it."""

from datetime import date
from typing import Annotated, Literal

from fastapi import Request
from starlette.responses import Response

from app.errors import NotFound
from app.i18n import _
from app.models.condition import Condition
from app.models.mission import Mission
from app.models.project import Project
from app.permissions import Permission
from app.routers.condition_page import Number, NumberEntry, TextEntry, one_page, own_side, typed_text
from app.routers.cookies import settings_of
from app.routers.deps import CurrentViewer, Db, load, noun_router, record_id
from app.routers.forms import Form, FormModel, Maybe, cleaned, read, tried, values
from app.routers.pages import redirect, say
from app.rules import texts
from app.rules.texts import Limits
from app.rules.words import MotionAct, SubjectKind
from app.services import conditions, conditions_evidence, conditions_motions, conditions_read, motions_make
from app.services.conditions_evidence import EvidenceText

router = noun_router("/conditions/{condition_id}")
ToAgree = Annotated[Condition, load(Condition, to=Permission.AGREE_CONDITION)]
ToShow = Annotated[Condition, load(Condition, to=Permission.FILE_EVIDENCE)]
ToDoubt = Annotated[Condition, load(Condition, to=Permission.FUND_PROJECT)]
ToSteer = Annotated[Condition, load(Condition, to=Permission.STEER_MISSION)]

IN_EVIDENCE = {"due": "evidence-due", "value": "evidence-value"}


class EvidenceEntry(FormModel):
    due: date
    words: Annotated[str, cleaned(Limits(10, 4_000))]
    value: Annotated[Number | None, Maybe] = None
    link: Annotated[str, cleaned(Limits(0, 1_000, one_line=True))] = ""


class ReasonEntry(FormModel):
    reason: Annotated[str, cleaned(texts.REASON)]


class MotionEntry(ReasonEntry):
    act: Literal["waive_condition", "accept_remedy"]


@router.post("/versions")
def counter(request: Request, db: Db, viewer: CurrentViewer, condition: ToAgree, form: Form) -> Response:
    (side, by), origin = own_side(db, viewer, condition), settings_of(request).origin
    _entry, text, errors = typed_text(form, TextEntry)
    seen, more = read(form, NumberEntry)
    if text is None or seen is None:
        return one_page(request, db, viewer, condition, values(form), errors | more, 422)
    refusal = tried(
        db, lambda: conditions.counter(db, condition, text, side, seen.number, by, origin), NotFound
    )
    if refusal is not None:
        problem = {"form": say(refusal.phrase)}
        return one_page(request, db, viewer, condition, values(form), problem, refusal.status)
    told = _("Your words stand beside the earlier ones. They bind when the other side says yes to them.")
    return redirect(request, f"/conditions/{condition.id}", told)


@router.post("/agreement")
def agree(request: Request, db: Db, viewer: CurrentViewer, condition: ToAgree, form: Form) -> Response:
    (side, by), origin = own_side(db, viewer, condition), settings_of(request).origin
    seen, errors = read(form, NumberEntry)
    if seen is None:
        return one_page(request, db, viewer, condition, {}, errors, 422)
    refusal = tried(db, lambda: conditions.agree(db, condition, side, seen.number, by, origin), NotFound)
    if refusal is not None:
        return one_page(request, db, viewer, condition, {}, {"form": say(refusal.phrase)}, refusal.status)
    return redirect(
        request, f"/conditions/{condition.id}", _("Both sides have said yes: the condition binds.")
    )


@router.post("/dropping")
def drop(request: Request, db: Db, viewer: CurrentViewer, condition: ToAgree) -> Response:
    side, by = own_side(db, viewer, condition)
    refusal = tried(db, lambda: conditions.drop(db, condition, side, by), NotFound)
    if refusal is not None:
        return one_page(request, db, viewer, condition, {}, {"form": say(refusal.phrase)}, refusal.status)
    told = _("The condition is taken back. Its words stay readable.")
    return redirect(request, f"/projects/{condition.project_id}/conditions", told)


@router.post("/evidence")
def file(request: Request, db: Db, viewer: CurrentViewer, condition: ToShow, form: Form) -> Response:
    assert viewer.id is not None
    by, origin, (entry, errors) = viewer.id, settings_of(request).origin, read(form, EvidenceEntry)
    if entry is not None and entry.link and not entry.link.startswith(("https://", "http://")):
        entry, errors = None, {"link": _("Write the whole address, from https:// on.")}
    if entry is None:
        # Two forms of the page have fields of these names.
        errors = {IN_EVIDENCE.get(name, name): told for name, told in errors.items()}
        return one_page(request, db, viewer, condition, values(form), errors, 422)
    typed = EvidenceText(**entry.model_dump())
    refusal = tried(db, lambda: conditions_evidence.file(db, condition, typed, by, origin), NotFound)
    if refusal is not None:
        problem = {"words": say(refusal.phrase)}
        return one_page(request, db, viewer, condition, values(form), problem, refusal.status)
    told = _("The evidence is filed, and stands below for everyone to read.")
    return redirect(request, f"/conditions/{condition.id}#checks", told)


@router.post("/evidence/{evidence_id}/doubt")
def set_aside(
    request: Request, db: Db, viewer: CurrentViewer, condition: ToDoubt, evidence_id: str, form: Form
) -> Response:
    assert viewer.id is not None
    by, key, (entry, errors) = viewer.id, record_id(evidence_id), read(form, ReasonEntry)
    origin = settings_of(request).origin
    if entry is None:
        problem = {"form": errors["reason"]}
        return one_page(request, db, viewer, condition, values(form), problem, 422)
    reason = entry.reason
    refusal = tried(
        db, lambda: conditions_evidence.set_aside(db, condition, key, reason, by, origin), NotFound
    )
    if refusal is not None:
        return one_page(request, db, viewer, condition, {}, {"form": say(refusal.phrase)}, refusal.status)
    return redirect(
        request, f"/conditions/{condition.id}#checks", _("The evidence is set aside, with your reason.")
    )


@router.post("/motions")
def move(request: Request, db: Db, viewer: CurrentViewer, condition: ToSteer, form: Form) -> Response:
    """Ask the committee to waive the condition, or to accept what makes a breach good."""
    assert viewer.id is not None
    by, (entry, errors) = viewer.id, read(form, MotionEntry)
    if entry is None:
        return one_page(request, db, viewer, condition, values(form), errors, 422)
    act, reason = MotionAct(entry.act), entry.reason

    def make() -> None:
        project = db.get_one(Project, condition.project_id)
        mission = db.get_one(Mission, project.mission_id)
        (found,) = conditions_read.of_project(db, project, [condition])
        facts = conditions_motions.remedy_facts(found) if act is MotionAct.ACCEPT_REMEDY else {}
        motions_make.make(db, mission, act, SubjectKind.CONDITION, condition.id, facts, reason, by)

    refusal = tried(db, make, NotFound)
    if refusal is not None:
        return one_page(
            request, db, viewer, condition, values(form), {"reason": say(refusal.phrase)}, refusal.status
        )
    told = _("The committee sees your motion. Its chair can put it to a vote.")
    return redirect(request, f"/conditions/{condition.id}", told)
