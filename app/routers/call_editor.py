"""The call editor: a draft with its dates, changed until the question opens; later only extended."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from fastapi import Request
from pydantic import AfterValidator, Field
from starlette.datastructures import FormData
from starlette.responses import Response

from app.conditions.asking import times_of
from app.errors import NotFound, Refusal
from app.i18n import _
from app.models.call import Call
from app.models.mission import Mission
from app.models.organisation import Organisation
from app.permissions import Permission, demand
from app.routers.deps import CurrentViewer, Db, find, load, needs, noun_router
from app.routers.forms import Form, FormModel, Moment, Problem, cleaned, in_zone, read, values
from app.routers.pages import redirect, render, say
from app.rules import texts
from app.rules.phases import CallTimes
from app.rules.texts import Limits
from app.rules.words import CallKind, CallState, Role, ScopeKind
from app.services import calls, lineage, offers_edit
from app.services.calls import CallText, DraftHoldsSomething, NoLongerADraft, NotYourAgency, StaleCall
from app.viewer import Viewer

router = noun_router("/calls")
EditableCall = Annotated[Call, load(Call, to=Permission.EDIT_CALL)]
ExtensibleCall = Annotated[Call, load(Call, to=Permission.EXTEND_CALL)]
DATES = ("opens_at", "closes_at", "sense_until", "check_until", "answer_due")
LIST = Limits(0, 4000)


def known_zone(name: str) -> str:
    if name not in available_timezones():
        raise Problem(_("There is no such time zone."))
    return name


class DatesEntry(FormModel):
    """Dates as typed, in the call's own time zone."""

    opens_at: Moment = None
    closes_at: Moment = None
    sense_until: Moment = None
    check_until: Moment = None
    answer_due: Moment = None

    def times(self, zone: str) -> CallTimes:
        typed = {name: getattr(self, name) for name in DATES}
        return CallTimes.of({name: in_zone(at, zone) if at else None for name, at in typed.items()})


class VersionEntry(FormModel):
    version: int


class CallEntry(DatesEntry):
    organisation_id: UUID
    title: Annotated[str, cleaned(texts.TITLE)]
    question: Annotated[str, cleaned(texts.QUESTION)]
    brief: Annotated[str, cleaned(texts.BRIEF)] = ""
    timezone: Annotated[str, AfterValidator(known_zone)] = "UTC"
    languages: list[str] = Field(default_factory=list)
    places: Annotated[str, cleaned(LIST)] = ""
    title_es: Annotated[str, cleaned(texts.SHORT)] = ""
    question_es: Annotated[str, cleaned(Limits(0, 500, one_line=True))] = ""
    brief_es: Annotated[str, cleaned(texts.BRIEF)] = ""
    version: int = 1
    kind: CallKind = CallKind.CONSULTATION

    def text(self) -> CallText:
        spanish = {"title": self.title_es, "question": self.question_es, "brief": self.brief_es}
        return CallText(
            organisation_id=self.organisation_id,
            title=self.title,
            question=self.question,
            brief=self.brief,
            timezone=self.timezone,
            times=self.times(self.timezone),
            languages=[code for code in self.languages if code.isalpha() and len(code) <= 3],
            places=[" ".join(line.split())[:100] for line in self.places.splitlines() if line.strip()],
            translations={"es": spanish} if any(spanish.values()) else {},
            kind=self.kind,
        )


def typed_dates(call: Call) -> dict[str, str]:
    zone = ZoneInfo(call.timezone)
    moments = {name: getattr(call, name) for name in DATES}
    return {
        name: at.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if at else "" for name, at in moments.items()
    }


def typed_call(call: Call) -> dict[str, Any]:
    spanish = call.translations.get("es", {})
    plain = {
        name: getattr(call, name)
        for name in ("organisation_id", "title", "question", "brief", "timezone", "version", "kind")
    }
    translated = {f"{name}_es": spanish.get(name, "") for name in ("title", "question", "brief")}
    return {
        **plain,
        **translated,
        **typed_dates(call),
        "places": "\n".join(call.places),
        "languages": call.languages,
    }


def first_values(kind: CallKind, zone: str) -> dict[str, Any]:
    """A believable plan to start from: opens in a week, is open for four."""
    start = datetime.now(UTC).replace(hour=9, minute=0) + timedelta(days=7)
    weeks = dict(zip(DATES, (0, 4, 7, 9, 13), strict=True))
    dates = {name: (start + timedelta(weeks=n)).strftime("%Y-%m-%dT%H:%M") for name, n in weeks.items()}
    return {**dates, "timezone": zone, "languages": ["en"], "version": 1, "kind": kind}


def agencies(db: Db, viewer: Viewer) -> list[tuple[str, str]]:
    ids = viewer.scopes(Role.FACILITATOR, ScopeKind.ORGANISATION)
    return [(str(each), db.get_one(Organisation, each).name) for each in ids]


def editor(
    request: Request,
    db: Db,
    viewer: Viewer,
    typed: dict[str, Any],
    errors: dict[str, str],
    call: Call | None = None,
) -> Response:
    status = 422 if errors else 200
    facts = {"agencies": agencies(db, viewer), "zones": sorted(available_timezones()), "call": call}
    facts["stations"] = lineage.around_call(db, call) if call else []
    facts["is_offer"] = (call.kind if call else typed.get("kind")) == CallKind.INNOVATION
    return render(request, "calls/edit.html", status=status, typed=typed, errors=errors, **facts)


@router.get("/new", dependencies=[needs(Permission.CREATE_CALL)])
def new(request: Request, db: Db, viewer: CurrentViewer, kind: str = "", mission: str = "") -> Response:
    asked = CallKind.INNOVATION if kind == CallKind.INNOVATION else CallKind.CONSULTATION
    served = served_by(db, viewer, mission) if mission and asked is CallKind.INNOVATION else None
    agencies = [served.organisation_id] if served else viewer.scopes(Role.FACILITATOR, ScopeKind.ORGANISATION)
    typed = first_values(asked, calls.latest_zone(db, agencies))
    return editor(request, db, viewer, typed | (values_for(served) if served else {}), {})


def served_by(db: Db, viewer: Viewer, raw: str) -> Mission:
    """The mission that an innovation call shall serve: one of an agency of the viewer's, that goes on."""
    found = find(db, Mission, raw)
    demand(db, viewer, Permission.EDIT_MISSION, found)
    if found.state not in offers_edit.SERVED:
        raise NotFound()
    return found


def values_for(mission: Mission) -> dict[str, Any]:
    question = _("What would help to reach this mission: “%(title)s”?", title=mission.title)
    return {"mission": mission.id, "organisation_id": mission.organisation_id, "title": mission.title,
            "question": question}  # fmt: skip


@router.post("", dependencies=[needs(Permission.CREATE_CALL)])
def create(request: Request, db: Db, viewer: CurrentViewer, form: Form) -> Response:
    return keep(request, db, viewer, form, None)


@router.get("/{call_id}/edit")
def edit_page(request: Request, db: Db, viewer: CurrentViewer, call: EditableCall) -> Response:
    return editor(request, db, viewer, typed_call(call), {}, call)


@router.post("/{call_id}/edit")
def edit(request: Request, db: Db, viewer: CurrentViewer, call: EditableCall, form: Form) -> Response:
    return keep(request, db, viewer, form, call)


def keep(request: Request, db: Db, viewer: Viewer, form: FormData, call: Call | None) -> Response:
    """Save the editor, or show it again with everything typed and what is wrong."""
    assert viewer.id is not None
    entry, errors = read(form, CallEntry)
    if entry is not None:
        try:
            if not viewer.holds(Role.FACILITATOR, ScopeKind.ORGANISATION, entry.organisation_id):
                raise NotYourAgency()
            text = entry.text()
            raw = str(form.get("mission") or "")
            is_for = (
                served_by(db, viewer, raw)
                if raw and call is None and entry.kind is CallKind.INNOVATION
                else None
            )
            kept = (
                calls.create(db, text, viewer.id, is_for.id if is_for else None)
                if call is None
                else calls.edit(db, call, text, entry.version, viewer.id)
            )
            if call is None and kept.kind is CallKind.INNOVATION:
                return redirect(request, f"/calls/{kept.id}/offer", _("Saved. Now say what it offers."))
            return redirect(request, f"/calls/{kept.id}", _("Saved. This is how people will see it."))
        except Refusal as refusal:
            db.rollback()
            errors = {"form": say(refusal.phrase)}
    return editor(request, db, viewer, {**values(form), "languages": form.getlist("languages")}, errors, call)


def removal(
    request: Request, db: Db, call: Call, errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    facts = {"call": call, "errors": errors or {}, "stations": lineage.around_call(db, call)}
    return render(request, "calls/removal.html", status=status, **facts)


@router.get("/{call_id}/removal")
def removal_page(request: Request, db: Db, call: EditableCall) -> Response:
    if call.state is not CallState.DRAFT:
        raise NoLongerADraft()
    return removal(request, db, call)


@router.post("/{call_id}/removal")
def remove(request: Request, db: Db, viewer: CurrentViewer, call: EditableCall, form: Form) -> Response:
    assert viewer.id is not None
    entry, _errors = read(form, VersionEntry)
    try:
        calls.delete_draft(db, call, entry.version if entry else 0, viewer.id)
    except (StaleCall, DraftHoldsSomething) as refusal:
        db.rollback()
        return removal(request, db, call, {"form": say(refusal.phrase)}, refusal.status)
    return redirect(request, "/calls", _("The draft is removed."))


@router.get("/{call_id}/extension")
def extend_page(request: Request, db: Db, call: ExtensibleCall) -> Response:
    return extension(request, db, call, typed_dates(call), {})


def extension(
    request: Request, db: Db, call: Call, typed: dict[str, str], errors: dict[str, str]
) -> Response:
    status, stations = 422 if errors else 200, lineage.around_call(db, call)
    return render(
        request, "calls/extend.html", status=status, call=call, typed=typed, errors=errors, stations=stations,
        is_offer=call.kind is CallKind.INNOVATION,
    )  # fmt: skip


@router.post("/{call_id}/extension")
def extend(request: Request, db: Db, viewer: CurrentViewer, call: ExtensibleCall, form: Form) -> Response:
    assert viewer.id is not None
    entry, errors = read(form, DatesEntry)
    if entry is not None:
        try:
            calls.extend(db, call, unchanged(times_of(call), entry.times(call.timezone)), viewer.id)
            return redirect(request, f"/calls/{call.id}", _("The new dates are public."))
        except Refusal as refusal:
            db.rollback()
            errors = {"form": say(refusal.phrase)}
    return extension(request, db, call, values(form), errors)


def unchanged(before: CallTimes, typed: CallTimes) -> CallTimes:
    """A form knows minutes, the row knows microseconds: what was not touched stays to the microsecond."""
    kept = {
        name: old if old and new and abs((old - new).total_seconds()) < 60 else new
        for (name, old), (_name, new) in zip(before.named(), typed.named(), strict=True)
    }
    return CallTimes.of(kept, is_offer=before.is_offer)
