"""The pages of conditions, to which every act on one comes back; and how a typed condition is read."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from pydantic import AfterValidator, Field
from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from app.conditions.asking import Ask
from app.conditions.sides import funder_of, side_of
from app.errors import NotFound
from app.i18n import _
from app.models.condition import Condition, conditions_of
from app.models.mission import Mission
from app.models.motion import motions_about
from app.models.organisation import all_organisations, names_of
from app.models.project import Project
from app.routers.forms import FormModel, Maybe, Problem, cleaned, read
from app.routers.pages import render, say
from app.rules import conditions as rules
from app.rules import texts
from app.rules.conditions import Measure
from app.rules.phases import OUR_TIME
from app.rules.texts import Limits
from app.rules.words import Compare, ConditionKind, ConditionState, Side
from app.services import conditions_read, lineage, motions
from app.services.conditions import ConditionText
from app.viewer import Viewer

CLAUSE = Limits(10, 2_000)


def in_our_years(day: date | None) -> date | None:
    if day is not None and day.year not in OUR_TIME:
        raise Problem(_("This is not right; please check it."))
    return day


Day = Annotated[date, AfterValidator(in_our_years)]
Number = Annotated[Decimal, Field(ge=-(10**13), le=10**13, decimal_places=6)]


class TextEntry(FormModel):
    clause: Annotated[str, cleaned(CLAUSE)]
    parameter: Annotated[str, cleaned(texts.SHORT)] = ""
    compare: Compare
    what: Annotated[str, cleaned(texts.SHORT)] = ""
    value: Annotated[Number | None, Maybe] = None
    unit: Annotated[str, cleaned(texts.SHORT)] = ""
    due: Day
    every: int = 0
    until: Annotated[date | None, Maybe, AfterValidator(in_our_years)] = None


class NewEntry(TextEntry):
    kind: ConditionKind


class NumberEntry(FormModel):
    number: Annotated[int, Field(ge=1, le=1_000)]


def text_of(entry: TextEntry) -> tuple[ConditionText | None, dict[str, str]]:
    """The condition as typed, or what does not fit together in its test."""
    errors, compares = {}, entry.compare is not Compare.YES
    if compares and entry.value is None:
        errors["value"] = _("Write the number that it is compared with.")
    if compares and not entry.what:
        errors["what"] = _("Say what is measured.")
    if entry.every not in rules.EVERY:
        errors["every"] = _("Please choose one of the options.")
    if entry.every and (entry.until is None or entry.until <= entry.due):
        errors["until"] = _("Say until when it is checked again: a day after the first check.")
    if errors:
        return None, errors
    measure = Measure(
        entry.compare, entry.what, entry.value if compares else None, entry.unit if compares else "", entry.every,
        entry.until if entry.every else None,
    )  # fmt: skip
    return ConditionText(entry.clause, entry.parameter, measure, entry.due), {}


def typed_text(form: FormData, model: type[TextEntry]) -> tuple[Any, ConditionText | None, dict[str, str]]:
    entry, errors = read(form, model)
    if entry is None:
        return None, None, errors
    text, errors = text_of(entry)
    return entry, text, errors


def usual() -> list[tuple[str, str, str, str]]:
    """What is usually measured for each kind, in the reader's words: kind, how, what, unit."""
    return [
        (kind, say(compare), say_of(what), say_of(unit))
        for kind, (compare, what, unit) in rules.USUAL.items()
    ]


def say_of(words: str) -> str:
    return _(words) if words else ""


def side_in(db: Session, viewer: Viewer, subject: Project | Condition) -> Side | None:
    return side_of(Ask(db, viewer, subject))


def own_side(db: Session, viewer: Viewer, subject: Project | Condition) -> tuple[Side, UUID]:
    """For whom the viewer acts, who was let in because there is a side."""
    side = side_in(db, viewer, subject)
    assert side is not None
    assert viewer.id is not None
    return side, viewer.id


def sides_of(db: Session, project: Project) -> dict[Side, str]:
    """The names of the two sides; who leads may not be named yet."""
    funder, lead = funder_of(db, project), project.lead_organisation_id
    names = names_of(db, [each for each in (funder, lead) if each])
    return {Side.FUNDER: names.get(funder, ""), Side.LEAD: names.get(lead, "") if lead else ""}


def list_page(
    request: Request, db: Session, viewer: Viewer, project: Project, typed: dict[str, str],
    errors: dict[str, str], status: int = 200,
) -> Response:  # fmt: skip
    reads = conditions_read.of_project(db, project, conditions_of(db, project.id))
    mission = db.get_one(Mission, project.mission_id)
    return render(
        request, "conditions/index.html", status=status, project=project, mission=mission,
        title=conditions_read.titles_of(db, [project])[project.id],
        reads=[each for each in reads if each.condition.dropped_at is None],
        dropped=[each for each in reads if each.condition.dropped_at is not None],
        side=side_in(db, viewer, project), sides=sides_of(db, project), organisations=all_organisations(db),
        usual=usual(), every=rules.EVERY,
        typed=typed, errors=errors, stations=lineage.of_mission(db, mission),
    )  # fmt: skip


def one_page(
    request: Request, db: Session, viewer: Viewer, condition: Condition, typed: dict[str, str],
    errors: dict[str, str], status: int = 200,
) -> Response:  # fmt: skip
    if condition.project_id is None:
        raise NotFound()
    project = db.get_one(Project, condition.project_id)
    (found,) = conditions_read.of_project(db, project, [condition])
    mission, side = db.get_one(Mission, project.mission_id), side_in(db, viewer, condition)
    listed = [(each, motions.words(db, each)) for each in motions_about(db, condition.id)]
    return render(
        request, "conditions/show.html", status=status, read=found, project=project, mission=mission,
        title=conditions_read.titles_of(db, [project])[project.id], side=side,
        sides=sides_of(db, project), listed=listed, may_answer=may_answer(found, side), usual=usual(),
        every=rules.EVERY, is_overdue=found.state is ConditionState.BREACHED, typed=typed,
        draft=typed if "clause" in typed else typed_of(found), errors=errors, stations=lineage.of_mission(db, mission),
    )  # fmt: skip


def may_answer(found: conditions_read.Read, side: Side | None) -> bool:
    """Whether words wait for a yes of this side."""
    return side is not None and found.proposed is not None and side not in found.yes_of(found.proposed)


def typed_of(found: conditions_read.Read) -> dict[str, str]:
    """The latest words, to start other ones from."""
    latest = found.latest
    measure = Measure.of(latest.test)
    return {
        "clause": latest.clause, "parameter": latest.parameter, "compare": measure.compare.value,
        "what": measure.what, "value": "" if measure.value is None else f"{measure.value:f}", "unit": measure.unit,
        "due": latest.due.isoformat() if latest.due else "", "every": str(measure.every),
        "until": measure.until.isoformat() if measure.until else "",
    }  # fmt: skip
