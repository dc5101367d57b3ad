"""The mission editor: title, targets, indicator and framing; for facilitators while a mission is being framed."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import Request
from pydantic import Field
from starlette.responses import Response

from app.errors import Refusal
from app.i18n import _
from app.models.mission import Indicator, Mission, indicators_of
from app.permissions import Permission
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.forms import Form, FormModel, Maybe, cleaned, read, values
from app.routers.pages import redirect, render, say
from app.rules import texts
from app.rules.mission_sections import section_words
from app.rules.missions import EDITABLE
from app.rules.texts import Limits
from app.rules.words import Direction, IndicatorLens
from app.services import missions, missions_edit, missions_show, terms
from app.services.missions_edit import IndicatorText, NotEditable

router = noun_router("/missions")
EditedMission = Annotated[Mission, load(Mission, to=Permission.EDIT_MISSION)]
Version = Annotated[int, Field(ge=1)]
Number = Annotated[Annotated[Decimal, Field(ge=-(10**13), le=10**13)] | None, Maybe]


class VersionEntry(FormModel):
    version: Version


class TitleEntry(VersionEntry):
    title: Annotated[str, cleaned(texts.TITLE)]


class TargetsEntry(VersionEntry):
    targets: list[str] = Field(default_factory=list, max_length=200)
    add: Annotated[str, cleaned(texts.SHORT)] = ""

    def codes(self) -> list[str]:
        """The boxes ticked, and the number at the start of what was typed."""
        return [*self.targets, *self.add.split()[:1]]


class IndicatorEntry(VersionEntry):
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

    def text(self) -> IndicatorText:
        return IndicatorText(**self.model_dump(exclude={"version"}))


def require_editable(mission: Mission) -> None:
    if mission.state not in EDITABLE:
        raise NotEditable(state=mission.state)


def tried(db: Db, act: Callable[[], Any]) -> tuple[str, int]:
    """Do it, or undo it and answer the sentence of the refusal with its status."""
    try:
        act()
    except NotEditable:
        raise
    except Refusal as refusal:
        db.rollback()
        return say(refusal.phrase), refusal.status
    return "", 200


def editor(
    request: Request,
    db: Db,
    mission: Mission,
    *,
    status: int = 200,
    errors: dict[str, str] | None = None,
    **typed: dict[str, Any],
) -> Response:
    """The whole editor; what was typed into one form stands in it again, the others show what is kept."""
    require_editable(mission)
    indicators = indicators_of(db, mission.id)
    kept = {
        "title": {"title": mission.title},
        "targets": {"targets": [term.code for term in missions.targets_of(db, mission.id)], "add": ""},
        "indicator": typed_indicator(indicators[0] if indicators else Indicator(mission_id=mission.id)),
    }
    return render(
        request,
        "missions/edit.html",
        status=status,
        page=missions_show.shown(db, mission),
        typed=kept | typed,
        errors=errors or {},
        tree=terms.tree(db),
        section_words=section_words,
    )


def typed_indicator(indicator: Indicator) -> dict[str, Any]:
    """The fields as one would type them."""
    plain = missions.indicator_plain(indicator)
    return {name: "" if value is None else value for name, value in plain.items()}


@router.get("/{mission_id}/edit")
def edit_page(request: Request, db: Db, mission: EditedMission) -> Response:
    return editor(request, db, mission)


@router.post("/{mission_id}/edit")
def retitle(request: Request, db: Db, viewer: CurrentViewer, mission: EditedMission, form: Form) -> Response:
    assert viewer.id is not None
    by, status = viewer.id, 422
    entry, errors = read(form, TitleEntry)
    if entry is not None:
        problem, status = tried(
            db, lambda: missions_edit.retitle(db, mission, entry.title, entry.version, by)
        )
        if not problem:
            return saved(request, mission, "text")
        errors = {"title": problem}
    return editor(request, db, mission, status=status, errors=errors, title={"title": "", **values(form)})


@router.post("/{mission_id}/targets")
def retarget(request: Request, db: Db, viewer: CurrentViewer, mission: EditedMission, form: Form) -> Response:
    assert viewer.id is not None
    by, status = viewer.id, 422
    entry, errors = read(form, TargetsEntry)
    if entry is not None:
        codes = entry.codes()
        problem, status = tried(db, lambda: missions_edit.set_targets(db, mission, codes, entry.version, by))
        if not problem:
            return saved(request, mission, "targets")
        errors = {"add": problem}
    typed = {"add": "", **values(form), "targets": form.getlist("targets")}
    return editor(request, db, mission, status=status, errors=errors, targets=typed)


@router.post("/{mission_id}/indicator")
def measure(request: Request, db: Db, viewer: CurrentViewer, mission: EditedMission, form: Form) -> Response:
    assert viewer.id is not None
    by, status = viewer.id, 422
    entry, errors = read(form, IndicatorEntry)
    if entry is not None:
        text = entry.text()
        problem, status = tried(db, lambda: missions_edit.set_indicator(db, mission, text, entry.version, by))
        if not problem:
            return saved(request, mission, "indicator")
        errors = {"name": problem}
    return editor(request, db, mission, status=status, errors=errors, indicator=typed_again(values(form)))


def typed_again(typed: dict[str, str]) -> dict[str, Any]:
    return {**dict.fromkeys(IndicatorEntry.model_fields, ""), **typed}


def saved(request: Request, mission: Mission, where: str) -> Response:
    return redirect(request, f"/missions/{mission.id}/edit#{where}", _("Saved."))


@router.post("/{mission_id}/framing")
def frame(request: Request, db: Db, viewer: CurrentViewer, mission: EditedMission, form: Form) -> Response:
    assert viewer.id is not None
    by, status = viewer.id, 422
    entry, errors = read(form, VersionEntry)
    if entry is not None:
        problem, status = tried(db, lambda: missions_edit.frame(db, mission, entry.version, by))
        if not problem:
            told = _("The mission is framed: a committee can be asked to vote on it.")
            return redirect(request, f"/missions/{mission.id}", told)
        errors = {"framing": problem}
    return editor(request, db, mission, status=status, errors=errors)
