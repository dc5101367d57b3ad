"""The mission editor: one form for title, targets and indicator; framing; removing a part."""

from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from pydantic import Field
from starlette.datastructures import FormData
from starlette.responses import Response

from app.errors import Refusal
from app.i18n import _
from app.models.mission import Indicator, Mission, indicators_of
from app.permissions import Permission
from app.routers.deps import CurrentViewer, Db, load, noun_router, record_id
from app.routers.forms import Form, FormModel, Maybe, cleaned, read, tried, values
from app.routers.pages import redirect, render, say
from app.rules import texts
from app.rules.indicators import Doubt, told
from app.rules.mission_sections import section_words
from app.rules.texts import Limits
from app.rules.words import Direction, IndicatorLens
from app.services import (
    missions,
    missions_clauses,
    missions_edit,
    missions_merge,
    missions_owner,
    missions_routes,
    missions_show,
    terms,
)
from app.services.missions_edit import Edited, IndicatorDoesNotFit, IndicatorText, NotEditable

router = noun_router("/missions")
EditedMission = Annotated[Mission, load(Mission, to=Permission.EDIT_MISSION)]
Version = Annotated[int, Field(ge=1)]
PARTS = ("text", "targets", "indicator", "routes", "commitment", "fields")
INDICATOR = {each.name for each in fields(IndicatorText)}
FIELD_OF = {Doubt.NOTHING_TO_DO: "goal", Doubt.WRONG_WAY: "goal", Doubt.NO_TIME: "due"}
Number = Annotated[Annotated[Decimal, Field(ge=-(10**13), le=10**13)] | None, Maybe]


class VersionEntry(FormModel):
    version: Version


class EditorEntry(VersionEntry):
    """The whole editor, which is one form; a part that was not sent is left as it is."""

    title: Annotated[str, cleaned(texts.TITLE)]
    affected: Annotated[str, cleaned(Limits(0, 500, one_line=True))] = ""
    owned_by: Annotated[str, cleaned(texts.SHORT)] = ""
    fields: str = ""
    sectors: list[str] = Field(default_factory=list, max_length=60)
    disciplines: list[str] = Field(default_factory=list, max_length=60)
    targets: list[str] = Field(default_factory=list, max_length=200)
    add: Annotated[str, cleaned(texts.SHORT)] = ""
    name: Annotated[str, cleaned(texts.SHORT)] = ""
    lens: Annotated[IndicatorLens | None, Maybe] = None
    unit: Annotated[str, cleaned(Limits(0, 60, one_line=True))] = ""
    direction: Annotated[Direction | None, Maybe] = None
    baseline: Number = None
    baseline_at: Annotated[date | None, Maybe] = None
    goal: Number = None
    due: Annotated[date | None, Maybe] = None
    source: Annotated[str, cleaned(Limits(0, 300, one_line=True))] = ""
    owner: Annotated[str, cleaned(texts.SHORT)] = ""

    def edited(self) -> Edited:
        sent = self.model_fields_set
        # The boxes ticked, and the number at the start of what was typed.
        codes = [*self.targets, *self.add.split()[:1]] if sent & {"targets", "add"} else None
        indicator = IndicatorText(**self.model_dump(include=INDICATOR)) if sent & INDICATOR else None
        return Edited(
            self.title,
            self.affected if "affected" in sent else None,
            self.owned_by if "owned_by" in sent else None,
            self.sectors if self.fields else None,
            self.disciplines if self.fields else None,
            codes,
            indicator,
        )


def wrong(refusal: Refusal, field: str) -> dict[str, str]:
    """The sentence of a refusal, beside the field that it is about."""
    if isinstance(refusal, IndicatorDoesNotFit):
        return {FIELD_OF[each]: say(told(each)) for each in refusal.doubts}
    return {field: say(refusal.phrase)}


def editor(
    request: Request,
    db: Db,
    mission: Mission,
    form: FormData | None = None,
    *,
    status: int = 200,
    errors: dict[str, str] | None = None,
    **facts: Any,
) -> Response:
    """The whole editor; what was typed into it stands in it again, with what a colleague saved meanwhile."""
    missions_edit.require_editable(mission)
    typed, clashes = typed_in(form, kept(db, mission)), []
    if form is not None and version_in(form) not in (0, mission.version):
        base = missions_merge.started_from(db, mission, version_in(form))
        found = missions_merge.together(base, typed, kept(db, mission))
        typed, clashes = found.fields, found.clashes
    return render(
        request,
        "missions/edit.html",
        status=status,
        page=missions_show.shown(db, mission),
        typed=typed,
        clashes=clashes,
        labels=missions_merge.LABELS,
        errors=errors or {},
        tree=terms.tree(db),
        owners=missions_owner.choices(db, mission),
        sectors=terms.roots(terms.SECTOR),
        disciplines=terms.roots(terms.DISCIPLINE),
        section_words=section_words,
        **facts,
    )


def kept(db: Db, mission: Mission) -> dict[str, Any]:
    """What the fields hold when nobody has typed anything."""
    indicators = indicators_of(db, mission.id)
    return {
        "title": mission.title,
        "affected": mission.affected,
        "owned_by": missions.owner_plain(mission) or "",
        "sectors": sorted(missions_edit.codes_of(db, mission, terms.SECTOR)),
        "disciplines": sorted(missions_edit.codes_of(db, mission, terms.DISCIPLINE)),
        "targets": [term.code for term in missions.targets_of(db, mission.id)],
        "add": "",
        **typed_indicator(indicators[0] if indicators else Indicator(mission_id=mission.id)),
    }


def typed_in(form: FormData | None, known: dict[str, Any]) -> dict[str, Any]:
    """The fields as they were sent, and those that were not sent as they are kept."""
    if form is None:
        return known
    sent = {name: value for name, value in values(form).items() if name in known}
    shown = ["targets"] if "add" in form else []
    shown += ["sectors", "disciplines"] if "fields" in form else []
    return known | sent | {name: form.getlist(name) for name in shown}


def has_more(form: FormData, known: dict[str, Any]) -> bool:
    """Whether something in the form is not saved."""
    typed = typed_in(form, known)
    return any(plain(typed[name]) != plain(value) for name, value in known.items())


def plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else " ".join(str(value).split())


def typed_indicator(indicator: Indicator) -> dict[str, Any]:
    """The fields as one would type them."""
    plain = missions.indicator_plain(indicator)
    return {name: "" if value is None else value for name, value in plain.items()}


@router.get("/{mission_id}/edit")
def edit_page(request: Request, db: Db, mission: EditedMission) -> Response:
    return editor(request, db, mission)


@router.post("/{mission_id}/edit")
def edit(request: Request, db: Db, viewer: CurrentViewer, mission: EditedMission, form: Form) -> Response:
    """Every button of the page saves all that is typed on it."""
    assert viewer.id is not None
    by, status = viewer.id, 422
    entry, errors = read(form, EditorEntry)
    if entry is not None:
        refusal = tried(
            db, lambda: missions_edit.write(db, mission, entry.edited(), entry.version, by), NotEditable
        )
        if refusal is None:
            return saved(request, mission, str(form.get("part")))
        errors, status = wrong(refusal, "title"), refusal.status
    return editor(request, db, mission, form, status=status, errors=errors)


def saved(request: Request, mission: Mission, part: str) -> Response:
    """Back to where the button was."""
    where = part if part in PARTS else "title-head"
    return redirect(request, f"/missions/{mission.id}/edit#{where}", _("All that you typed here is saved."))


@router.post("/{mission_id}/framing")
def frame(request: Request, db: Db, viewer: CurrentViewer, mission: EditedMission, form: Form) -> Response:
    """What is typed is saved first: a person frames what they see."""
    assert viewer.id is not None
    by, status = viewer.id, 422
    entry, errors = read(form, EditorEntry)
    if entry is not None:
        refusal = tried(db, lambda: save_and_frame(db, mission, entry, by), NotEditable)
        if refusal is None:
            told_now = _("The mission is framed: a committee can be asked to vote on it.")
            return redirect(request, f"/missions/{mission.id}", told_now)
        errors, status = wrong(refusal, "framing"), refusal.status
    return editor(request, db, mission, form, status=status, errors=errors)


def save_and_frame(db: Db, mission: Mission, entry: EditorEntry, by: UUID) -> None:
    missions_edit.write(db, mission, entry.edited(), entry.version, by)
    missions_edit.frame(db, mission, mission.version, by)


@router.post("/{mission_id}/clauses/{clause_id}/removal")
def remove_clause(
    request: Request, db: Db, viewer: CurrentViewer, mission: EditedMission, clause_id: str, form: Form
) -> Response:
    assert viewer.id is not None
    by, clause = viewer.id, missions_clauses.find(db, mission, record_id(clause_id))
    refusal = tried(
        db, lambda: missions_clauses.remove(db, mission, clause, version_in(form), by), NotEditable
    )
    gone = _("The clause is removed; earlier versions are kept.")
    return removed(request, db, mission, form, refusal, "text", gone)


@router.post("/{mission_id}/routes/{route_id}/removal")
def remove_route(
    request: Request, db: Db, viewer: CurrentViewer, mission: EditedMission, route_id: str, form: Form
) -> Response:
    assert viewer.id is not None
    by, route = viewer.id, missions_routes.find(db, mission, record_id(route_id))
    refusal = tried(db, lambda: missions_routes.remove(db, mission, route, version_in(form), by), NotEditable)
    gone = _("The route is removed; earlier versions are kept.")
    return removed(request, db, mission, form, refusal, "routes", gone)


def removed(
    request: Request, db: Db, mission: Mission, form: FormData, refusal: Refusal | None, part: str, gone: str
) -> Response:
    """After a removal: what is typed elsewhere on the page, and not saved, stays in it."""
    if refusal is not None:
        return editor(request, db, mission, form, status=refusal.status, errors={part: say(refusal.phrase)})
    if not has_more(form, kept(db, mission)):
        return redirect(request, f"/missions/{mission.id}/edit#{part}", gone)
    more = _("What you typed on this page stands in it, and is not saved yet.")
    return editor(request, db, mission, form, notices=[("fact", f"{gone} {more}")])


def version_in(form: FormData) -> int:
    entry, _errors = read(form, VersionEntry)
    return entry.version if entry else 0
