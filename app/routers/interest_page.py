"""The page of what ties people to an item, a mission or a question, and what is done on it."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from app.errors import Refusal
from app.i18n import _
from app.models.application import Application
from app.routers.cookies import settings_of
from app.routers.forms import FormModel, cleaned, read, values
from app.routers.interest_entry import OPTIONAL, WORDS, DeclaredEntry, now_true, told_in_full
from app.routers.pages import local_path, redirect, render, say
from app.rules.interests import DECLARED
from app.rules.rates import Limited
from app.rules.words import InterestEffect, InterestKind
from app.services import interests_hold, interests_items, interests_resolve, interests_show, limits
from app.services.interests_hold import Item
from app.services.interests_items import Said
from app.services.lineage_stations import Station
from app.viewer import Viewer


class RaisedEntry(FormModel):
    seat_id: UUID
    kind: InterestKind
    text: Annotated[str, cleaned(WORDS)]


class ResolvedEntry(FormModel):
    effect: InterestEffect
    reason: Annotated[str, cleaned(OPTIONAL)] = ""


@dataclass(frozen=True)
class Place:
    """One asking: who reads or answers about what, and below which address the page and its forms stand."""

    request: Request
    db: Session
    viewer: Viewer
    item: Item
    path: str
    crumb: tuple[str, str]
    stations: list[Station]
    home: str = ""  # the page of the item, where it is not the path itself

    @property
    def by(self) -> UUID:
        assert self.viewer.id is not None
        return self.viewer.id

    @property
    def origin(self) -> str:
        return settings_of(self.request).origin

    def page(
        self, back: str = "", *, status: int = 200, typed: dict[str, Any] | None = None,
        errors: dict[str, str] | None = None,
    ) -> Response:  # fmt: skip
        return render(
            self.request, "committees/interests.html", status=status, home=self.path,
            page_of_item=self.home or self.path, crumb=self.crumb, is_sealed=isinstance(self.item, Application),
            title=interests_hold.title_of(self.item), back=back, kinds=DECLARED,
            shown=interests_show.shown(self.db, self.item, self.by), stations=self.stations,
            typed=typed or {}, errors=errors or {},
        )  # fmt: skip


def show(place: Place) -> Response:
    return place.page(local_path(place.request.query_params.get("next"), ""))


def declare(place: Place, form: FormData) -> tuple[Said | None, Response]:
    """What was said, and where that leads; None and the form again where it was not told in full, or is refused."""
    typed, back = values(form), local_path(values(form).get("next"), "")
    entry, errors = read(form, DeclaredEntry)
    if entry is None:
        return None, place.page(back, status=422, typed=typed, errors=told_in_full(errors, typed))
    said = entry.said()
    try:
        interests_items.say(place.db, place.item, place.by, said, place.origin)
    except Refusal as refusal:
        place.db.rollback()
        errors = {"declared": say(refusal.phrase)}
        return None, place.page(back, status=refusal.status, typed=typed, errors=errors)
    return said, redirect(place.request, back or f"{place.path}/interest", now_true(said))


def raise_about(place: Place, form: FormData) -> Response:
    limits.spend(place.db, Limited.REPORT, place.by)
    entry, errors = read(form, RaisedEntry)
    typed = {f"raised_{name}": value for name, value in values(form).items()}
    if entry is None:
        errors = {f"raised_{name}": words for name, words in errors.items()}
        return place.page(status=422, typed=typed, errors=errors)
    try:
        about = (entry.seat_id, place.by, entry.kind, entry.text)
        interests_resolve.raise_about(place.db, place.item, *about, place.origin)
    except Refusal as refusal:
        place.db.rollback()
        return place.page(status=refusal.status, typed=typed, errors={"raised_text": say(refusal.phrase)})
    told = _("The person is told what you raised, and the chair resolves it.")
    return redirect(place.request, f"{place.path}/interest", told)


def resolve(place: Place, interest_id: UUID, form: FormData) -> Response:
    entry, errors = read(form, ResolvedEntry)
    key = interest_id.hex
    typed = {f"{name}-{key}": value for name, value in values(form).items()}
    if entry is not None:
        try:
            interests_resolve.resolve(
                place.db, place.item, interest_id, place.by, entry.effect, entry.reason, place.origin
            )
            return redirect(place.request, f"{place.path}/interest", _("The interest is resolved."))
        except Refusal as refusal:
            if refusal.status in (403, 404):
                raise
            place.db.rollback()
            errors = {"reason": say(refusal.phrase)}
    told = {f"{name}-{key}": words for name, words in errors.items()}
    return place.page(status=422, typed=typed, errors=told)
