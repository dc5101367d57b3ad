"""The committee editor: name, purpose, composition, and who holds which seat."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from pydantic import Field
from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from app.errors import Refusal
from app.i18n import _
from app.models.committee import Committee
from app.models.organisation import Organisation, all_organisations
from app.permissions import Permission
from app.routers import ending
from app.routers.cookies import settings_of
from app.routers.deps import CurrentViewer, Db, load, needs, noun_router
from app.routers.forms import Form, FormModel, Maybe, cleaned, read, values
from app.routers.pages import redirect, render, say
from app.rules import composition, hashing, merging, notice, texts
from app.rules.composition import Bounds
from app.rules.merging import Together
from app.rules.texts import Limits
from app.rules.words import Role, ScopeKind, StakeholderGroup
from app.services import committees, committees_seats, missions_merge, people, votes_of_seats
from app.services.committees import CommitteeChanged, CommitteeText
from app.viewer import Viewer

router = noun_router("/committees")
EditableCommittee = Annotated[Committee, load(Committee, to=Permission.EDIT_COMMITTEE)]
PURPOSE = Limits(0, 2000)
SEAT_ROLES = (Role.MEMBER, Role.ALTERNATE, *committees.OFFICES)
Hours = Annotated[int, Field(ge=0, le=notice.MOST_HOURS)]
Seats = Annotated[int | None, Maybe, Field(ge=0, le=composition.MOST_SEATS)]
Weight = Annotated[int | None, Maybe, Field(ge=1, le=composition.HEAVIEST)]


class CommitteeEntry(FormModel):
    """`min_`, `max_` and `weight_` of each group; a group without seats is not in the composition."""

    organisation_id: UUID
    name: Annotated[str, cleaned(texts.TITLE)]
    purpose: Annotated[str, cleaned(PURPOSE)] = ""
    notice_hours: Hours = notice.USUAL_HOURS
    needs_seconder: bool = False
    min_public: Seats = None
    max_public: Seats = None
    weight_public: Weight = None
    min_private: Seats = None
    max_private: Seats = None
    weight_private: Weight = None
    min_third: Seats = None
    max_third: Seats = None
    weight_third: Weight = None
    min_academia: Seats = None
    max_academia: Seats = None
    weight_academia: Weight = None
    min_citizens: Seats = None
    max_citizens: Seats = None
    weight_citizens: Weight = None

    def bounds(self) -> dict[StakeholderGroup, Bounds]:
        found = {
            group: Bounds(
                getattr(self, f"min_{group}") or 0,
                getattr(self, f"max_{group}") or 0,
                getattr(self, f"weight_{group}") or 1,
            )
            for group in StakeholderGroup
        }
        return {group: bounds for group, bounds in found.items() if bounds.least or bounds.most}

    def text(self) -> CommitteeText:
        asks = (self.notice_hours, self.needs_seconder)
        return CommitteeText(self.organisation_id, self.name, self.purpose, self.bounds(), *asks)


class SeatEntry(FormModel):
    email: Annotated[str, Field(min_length=3, max_length=254)]
    role: Role
    group: Annotated[StakeholderGroup | None, Maybe] = None
    alternate_for: Annotated[UUID | None, Maybe] = None
    first_day: Annotated[date | None, Maybe] = None
    last_day: Annotated[date | None, Maybe] = None


def owners(db: Session, viewer: Viewer) -> list[tuple[str, str]]:
    """The organisations this person may found a committee for: their own, or any for an administrator."""
    if viewer.holds(Role.ADMIN, ScopeKind.PLATFORM):
        return [(str(each.id), each.name) for each in all_organisations(db)]
    ids = viewer.scopes(Role.FACILITATOR, ScopeKind.ORGANISATION)
    return [(str(each), db.get_one(Organisation, each).name) for each in ids]


def typed_committee(committee: Committee) -> dict[str, Any]:
    bounds = composition.from_facts(committee.composition)
    least = {f"min_{group}": each.least for group, each in bounds.items()}
    most = {f"max_{group}": each.most for group, each in bounds.items()}
    weight = {f"weight_{group}": each.weight for group, each in bounds.items()}
    facts = {
        "name": committee.name,
        "purpose": committee.purpose,
        "notice_hours": committee.notice_hours,
        "needs_seconder": committee.needs_seconder,
    }
    return {**facts, "organisation_id": committee.organisation_id, **least, **most, **weight}


def first_values() -> dict[str, Any]:
    """All five groups with one to two seats each and the same weight: a composition to start from."""
    start = {"min_": 1, "max_": 2, "weight_": 1}
    asks = {"notice_hours": notice.USUAL_HOURS, "needs_seconder": True}
    return asks | {f"{name}{group}": value for group in StakeholderGroup for name, value in start.items()}


def editor(
    request: Request, db: Session, viewer: Viewer, typed: dict[str, Any], errors: dict[str, str],
    committee: Committee | None = None, *, clashed: bool = False,
) -> Response:  # fmt: skip
    facts = {"owners": owners(db, viewer), "committee": committee, "typed": typed, "errors": errors}
    saved = typed_committee(committee) if committee else {}
    found = merging.together(None, typed, saved) if clashed else Together({}, [])
    return render(
        request, "committees/edit.html", status=409 if clashed else 422 if errors else 200,
        seen=hashing.digest(saved), clashes=found.clashes, labels=missions_merge.LABELS, **facts,
    )  # fmt: skip


@router.get("/new", dependencies=[needs(Permission.CREATE_COMMITTEE)])
def new(request: Request, db: Db, viewer: CurrentViewer) -> Response:
    return editor(request, db, viewer, first_values(), {})


@router.post("", dependencies=[needs(Permission.CREATE_COMMITTEE)])
def create(request: Request, db: Db, viewer: CurrentViewer, form: Form) -> Response:
    return keep(request, db, viewer, form, None)


@router.get("/{committee_id}/edit")
def edit_page(request: Request, db: Db, viewer: CurrentViewer, committee: EditableCommittee) -> Response:
    return editor(request, db, viewer, typed_committee(committee), {}, committee)


@router.post("/{committee_id}/edit")
def edit(
    request: Request, db: Db, viewer: CurrentViewer, committee: EditableCommittee, form: Form
) -> Response:
    return keep(request, db, viewer, form, committee)


def keep(
    request: Request, db: Session, viewer: Viewer, form: FormData, committee: Committee | None
) -> Response:
    """Save the editor, or show it again with everything typed and what is wrong."""
    assert viewer.id is not None
    given = {**values(form), **({"organisation_id": str(committee.organisation_id)} if committee else {})}
    entry, errors = read(given, CommitteeEntry)
    if entry is not None and str(entry.organisation_id) not in dict(owners(db, viewer)) and committee is None:
        entry, errors = None, {"organisation_id": _("Choose one of your organisations.")}
    if entry is not None:
        try:
            if committee is None:
                kept = committees.create(db, entry.text(), viewer.id)
                return redirect(
                    request, f"/committees/{kept.id}/seats", _("The committee exists. Seat its members.")
                )
            db.refresh(committee, with_for_update=True)
            if given.get("seen", "") != hashing.digest(typed_committee(committee)):
                raise CommitteeChanged()
            committees.edit(db, committee, entry.text(), viewer.id)
            return redirect(request, f"/committees/{committee.id}", _("The committee is changed."))
        except CommitteeChanged as refusal:
            db.rollback()
            return editor(request, db, viewer, given, {"form": say(refusal.phrase)}, committee, clashed=True)
        except Refusal as refusal:
            db.rollback()
            errors = {"form": say(refusal.phrase)}
    return editor(request, db, viewer, given, errors, committee)


@router.get("/{committee_id}/seats")
def seats(request: Request, db: Db, committee: EditableCommittee) -> Response:
    return seats_page(request, db, committee, {}, {})


def seats_page(
    request: Request, db: Session, committee: Committee, typed: dict[str, str], errors: dict[str, str]
) -> Response:
    bench = committees.bench(db, committee)
    votes = votes_of_seats.running(db, [committee.id])
    coming = committees.to_come(db, committee)
    facts = {
        "committee": committee,
        "bench": bench,
        "votes": votes,
        "coming": coming,
        "typed": typed,
        "errors": errors,
    }
    roles = [(role.value, say(role)) for role in SEAT_ROLES]
    status = 422 if errors else 200
    return render(request, "committees/seats.html", status=status, roles=roles, **facts)


@router.post("/{committee_id}/seats")
def give_seat(
    request: Request, db: Db, viewer: CurrentViewer, committee: EditableCommittee, form: Form
) -> Response:
    assert viewer.id is not None
    entry, errors = read(form, SeatEntry)
    if entry is not None:
        try:
            committees_seats.seat_by_address(
                db, committee, settings_of(request).origin, email=entry.email, role=entry.role,
                group=entry.group, alternate_for=entry.alternate_for, by=viewer.id,
                term=people.term_of(entry.first_day, entry.last_day),
            )  # fmt: skip
            return redirect(request, f"/committees/{committee.id}/seats", _("The seat is given."))
        except Refusal as refusal:
            db.rollback()
            errors = {"form": say(refusal.phrase)}
    return seats_page(request, db, committee, values(form), errors)


def crumbs(committee: Committee) -> list[tuple[str, str]]:
    at = f"/committees/{committee.id}"
    return [(_("Decisions"), "/committees"), (committee.name, at), (_("Seats"), f"{at}/seats")]


@router.get("/{committee_id}/seats/{seat_id}/end")
def ask_end_seat(request: Request, db: Db, committee: EditableCommittee, seat_id: UUID) -> Response:
    return ending.ask(request, db, committees_seats.seat_of(db, committee, seat_id), crumbs(committee))


@router.post("/{committee_id}/seats/{seat_id}/end")
def end_seat(
    request: Request, db: Db, viewer: CurrentViewer, committee: EditableCommittee, seat_id: UUID, form: Form
) -> Response:
    seat = committees_seats.seat_of(db, committee, seat_id)
    return ending.end(request, db, seat, form, viewer.id, crumbs(committee))
