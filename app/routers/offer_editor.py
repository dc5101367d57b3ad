"""The editor of an offer: what an innovation call gives, and who may apply."""

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from pydantic import Field
from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from app.errors import NotFound, Refusal
from app.i18n import _
from app.models.call import Call
from app.models.offer import Offer
from app.permissions import Permission
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.forms import Form, FormModel, Maybe, cleaned, read, tried, values
from app.routers.offer_desk import VersionEntry, desk
from app.routers.pages import redirect, say
from app.rules import eligibility
from app.rules.eligibility import CHOSEN, RANGES, Rule, RuleKind
from app.rules.texts import Limits
from app.rules.words import Instrument, StakeholderGroup
from app.services import offers, offers_edit
from app.services.offers_edit import OfferText

router = noun_router("/calls/{call_id}/offer")
ToRead = Annotated[Call, load(Call, to=Permission.EDIT_OFFER)]
Amount = Annotated[Annotated[Decimal, Field(ge=0, max_digits=20, decimal_places=2)] | None, Maybe]
Budget = Annotated[Annotated[Decimal, Field(gt=0, max_digits=20, decimal_places=2)] | None, Maybe]
Id = Annotated[UUID | None, Maybe]
PLACES_AT_MOST = 100
CHOSEN_RANGES = tuple(kind for kind in CHOSEN if kind in RANGES)


class OfferEntry(VersionEntry):
    instrument: Annotated[Instrument | None, Maybe] = None
    mission_id: Id = None
    challenge: Annotated[str, cleaned(Limits(0, 500))] = ""
    follows_call_id: Id = None
    is_for_roadmaps: bool = False
    budget: Budget = None
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "EUR"
    ticket_least: Amount = None
    ticket_most: Amount = None
    panel_id: Id = None
    reviews_wanted: Annotated[int, Field(ge=3, le=20)] = 3
    is_blind: bool = False
    tells_declined: bool = False
    tells_notes: bool = False

    def text(self) -> OfferText:
        return OfferText(**self.model_dump(exclude={"version"}))


def typed_offer(offer: Offer) -> dict[str, Any]:
    return {name: getattr(offer, name) for name in OfferEntry.model_fields}


def offer_page(
    request: Request,
    db: Session,
    call: Call,
    typed: dict[str, Any],
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    facts = {"listed": offers_edit.choices(db, call)}
    return desk(request, db, call, "offer", typed, errors, status, **facts)


@router.get("")
def show(request: Request, db: Db, call: ToRead) -> Response:
    return offer_page(request, db, call, typed_offer(offers.offer_of(db, call)), {})


@router.post("")
def keep(request: Request, db: Db, viewer: CurrentViewer, call: ToRead, form: Form) -> Response:
    assert viewer.id is not None
    by, (entry, errors) = viewer.id, read(form, OfferEntry)
    if entry is None:
        return offer_page(request, db, call, values(form), errors, 422)
    text, version = entry.text(), entry.version
    refusal = tried(db, lambda: offers_edit.edit(db, call, text, version, by), NotFound)
    if refusal is not None:
        return offer_page(request, db, call, values(form), {"form": say(refusal.phrase)}, refusal.status)
    return redirect(request, f"/calls/{call.id}/offer/eligibility", _("Saved."))


def typed_rules(offer: Offer) -> dict[str, Any]:
    """Each kind of rule once, as its fields of the form."""
    typed: dict[str, Any] = {"version": offer.version, "groups": [], "places": ""}
    for rule in eligibility.read(offer.eligibility):
        if rule.kind is RuleKind.GROUP:
            typed["groups"] = list(rule.among)
        elif rule.kind is RuleKind.PLACE:
            typed["places"] = "\n".join(rule.among)
        elif rule.kind is RuleKind.SELECTED_BEFORE:
            typed["selected_before"] = True
        else:
            bounds = {"least": rule.least, "most": rule.most}
            typed |= {
                f"{rule.kind}_{end}": format(bound, "f") for end, bound in bounds.items() if bound is not None
            }
    return typed


class RangeEntry(FormModel):
    least: Amount = None
    most: Amount = None


class RulesEntry(VersionEntry):
    groups: list[StakeholderGroup] = Field(default_factory=list)
    places: Annotated[str, cleaned(Limits(0, 10_000))] = ""
    selected_before: bool = False


def read_rules(form: FormData) -> tuple[list[Rule], int, dict[str, str]]:
    """The rules as chosen, with what is wrong beside its field; a field left empty is no rule."""
    entry, errors = read(form, RulesEntry)
    found = []
    if entry is not None:
        places = tuple(" ".join(each.split())[:100] for each in entry.places.splitlines() if each.strip())
        if entry.groups:
            found.append(Rule(RuleKind.GROUP, among=tuple(each.value for each in entry.groups)))
        if places:
            found.append(Rule(RuleKind.PLACE, among=places[:PLACES_AT_MOST]))
        if entry.selected_before:
            found.append(Rule(RuleKind.SELECTED_BEFORE))
    for kind in CHOSEN_RANGES:
        given = {end: form.get(f"{kind}_{end}", "") for end in ("least", "most")}
        ends, wrong = read(given, RangeEntry)
        errors |= {f"{kind}_{end}": sentence for end, sentence in wrong.items()}
        if ends is not None and (ends.least is not None or ends.most is not None):
            found.append(Rule(kind, ends.least, ends.most))
    return found, entry.version if entry else 0, errors


def rules_page(
    request: Request,
    db: Session,
    call: Call,
    typed: dict[str, Any],
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    follows = offers.offer_of(db, call).follows_call_id
    facts = {"ranges": CHOSEN_RANGES, "before": db.get(Call, follows) if follows else None}
    return desk(request, db, call, "eligibility", typed, errors, status, **facts)


@router.get("/eligibility")
def eligibility_page(request: Request, db: Db, call: ToRead) -> Response:
    return rules_page(request, db, call, typed_rules(offers.offer_of(db, call)), {})


@router.post("/eligibility")
def keep_eligibility(request: Request, db: Db, viewer: CurrentViewer, call: ToRead, form: Form) -> Response:
    assert viewer.id is not None
    by, (wanted, version, errors) = viewer.id, read_rules(form)
    refusal: Refusal | None = None
    if not errors:
        refusal = tried(db, lambda: offers_edit.set_eligibility(db, call, wanted, version, by), NotFound)
    if not errors and refusal is None:
        return redirect(request, f"/calls/{call.id}/offer/criteria", _("Saved."))
    typed = {**values(form), "groups": form.getlist("groups")}
    told = errors or {"form": say(refusal.phrase) if refusal else ""}
    return rules_page(request, db, call, typed, told, refusal.status if refusal else 422)
