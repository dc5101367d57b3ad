"""Links of a mission and its projects, the ledger of what spills over, and what a project builds on."""

import re
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import AfterValidator, Field
from sqlmodel import Session
from starlette.responses import Response

from app.errors import NotFound, Refusal
from app.i18n import _
from app.models.link import Link
from app.models.mission import Mission
from app.permissions import Permission, can
from app.routers.deps import CurrentViewer, Db, noun_router, record_id
from app.routers.forms import Form, FormModel, Maybe, Problem, cleaned, read, tried, values
from app.routers.mission_asked import ToRead, ToSteer
from app.routers.pages import redirect, render, say, viewer_of
from app.rules import links as rules
from app.rules.texts import Limits
from app.rules.words import LinkKind, LinkStatus, SubjectKind
from app.services import lineage, links_choices, links_ends, links_show, missions_links, spillovers
from app.services.links_ends import Key
from app.services.missions_links import LinkText

router = noun_router("/missions/{mission_id}")
IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
Size = Annotated[Decimal, Field(ge=0, le=10**15, decimal_places=2)]
KINDS = {kind.value for kind in (SubjectKind.PROJECT, SubjectKind.MISSION, SubjectKind.ORGANISATION)}
# Which field a refusal is about, so that it stands beside it.
BESIDE: dict[type[Refusal], str] = {
    rules.NoEvidence: "evidence", rules.NoUnit: "unit", rules.NoSize: "size", rules.EndsDoNotFit: "kind",
}  # fmt: skip


def an_end(raw: str) -> str:
    """What a select holds: the kind of an end and its id."""
    kind, _colon, key = raw.partition(":")
    if raw and (kind not in KINDS or not IDS.fullmatch(key)):
        raise Problem(_("Choose one from the list."))
    return raw


def key_of(raw: str) -> Key:
    kind, _colon, key = raw.partition(":")
    return SubjectKind(kind), UUID(key)


class LinkEntry(FormModel):
    assumption: Annotated[str, cleaned(Limits(10, 1_000))]
    status: LinkStatus = LinkStatus.UNTESTED
    evidence: Annotated[str, cleaned(Limits(0, 1_000))] = ""
    size: Annotated[Size | None, Maybe] = None
    unit: Annotated[str, cleaned(Limits(0, 60, one_line=True))] = ""

    def text(self) -> LinkText:
        return LinkText(self.assumption, self.status, self.evidence, self.size, self.unit)


class NewLink(LinkEntry):
    kind: LinkKind
    near: Annotated[str, Field(min_length=1), AfterValidator(an_end)]
    far: Annotated[str, AfterValidator(an_end)] = ""
    address: Annotated[str, cleaned(Limits(0, 300, one_line=True))] = ""


class Version(FormModel):
    version: Annotated[int, Field(ge=1)]


@router.get("/links")
def index(request: Request, db: Db, mission: ToRead) -> Response:
    return page(request, db, mission, {}, {})


def page(
    request: Request,
    db: Session,
    mission: Mission,
    typed: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    may_link = can(db, viewer_of(request), Permission.STEER_MISSION, mission)
    own, others = links_choices.own(db, mission), links_choices.others(db, mission) if may_link else []
    return render(
        request, "missions/links.html", status=status, mission=mission, listed=links_show.told(db, mission),
        own=own, others=others, typed=typed, errors=errors, said=rules.SAID,
        waits=links_choices.waits(db, own), stations=lineage.of_mission(db, mission),
    )  # fmt: skip


@router.post("/links")
def add(request: Request, db: Db, viewer: CurrentViewer, mission: ToSteer, form: Form) -> Response:
    assert viewer.id is not None
    by, (entry, errors) = viewer.id, read(form, NewLink)
    if entry is None:
        return page(request, db, mission, values(form), errors, 422)
    far = key_of(entry.far) if entry.far else addressed(db, entry.address)
    if far is None:
        errors = {"far": _("Choose what it bears on, or give its address.")}
        return page(request, db, mission, values(form), errors, 422)
    refusal = tried(
        db, lambda: missions_links.add(db, mission, entry.kind, key_of(entry.near), far, entry.text(), by)
    )
    if refusal is not None:
        return page(request, db, mission, values(form), beside(refusal), refusal.status)
    return redirect(request, f"/missions/{mission.id}/links", _("The link stands below, and on the map."))


def addressed(db: Session, address: str) -> Key | None:
    """A project or mission by the address of its page: the last id in it that is one of either."""
    for raw in reversed(IDS.findall(address)):
        keys = [(kind, UUID(raw)) for kind in (SubjectKind.PROJECT, SubjectKind.MISSION)]
        for found in links_ends.ends(db, keys).values():
            return found.key
    return None


def beside(refusal: Refusal) -> dict[str, str]:
    """The sentence of a refusal beside the field that it is about; most are about the other end."""
    return {BESIDE.get(type(refusal), "far"): say(refusal.phrase)}


@router.get("/links/{link_id}")
def change(request: Request, db: Db, mission: ToSteer, link_id: str) -> Response:
    link = missions_links.find(db, mission, record_id(link_id))
    return editor(request, db, mission, link, links_choices.as_typed(link), {})


def editor(
    request: Request,
    db: Session,
    mission: Mission,
    link: Link,
    typed: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    (told,) = links_show.shown(db, missions_links.own_ids(db, mission), [link])
    return render(
        request, "missions/link.html", status=status, mission=mission, told=told, typed=typed, errors=errors,
        has_size=link.kind in rules.SIZED, stations=lineage.of_mission(db, mission),
    )  # fmt: skip


@router.post("/links/{link_id}")
def save(
    request: Request, db: Db, viewer: CurrentViewer, mission: ToSteer, link_id: str, form: Form
) -> Response:
    assert viewer.id is not None
    by, link = viewer.id, missions_links.find(db, mission, record_id(link_id))
    (entry, errors), (version, wrong) = read(form, LinkEntry), read(form, Version)
    if entry is None or version is None:
        return editor(request, db, mission, link, values(form), errors | wrong, 422)
    refusal = tried(
        db, lambda: missions_links.edit(db, mission, link, entry.text(), version.version, by), NotFound
    )
    if refusal is not None:
        errors = {BESIDE.get(type(refusal), "form"): say(refusal.phrase)}
        return editor(request, db, mission, link, values(form), errors, refusal.status)
    return redirect(request, f"/missions/{mission.id}/links#link-{link.id}", _("The link is changed."))


@router.post("/links/{link_id}/removal")
def remove(
    request: Request, db: Db, viewer: CurrentViewer, mission: ToSteer, link_id: str, form: Form
) -> Response:
    assert viewer.id is not None
    by, link = viewer.id, missions_links.find(db, mission, record_id(link_id))
    version, wrong = read(form, Version)
    if version is None:
        return editor(request, db, mission, link, links_choices.as_typed(link), wrong, 422)
    refusal = tried(db, lambda: missions_links.remove(db, mission, link, version.version, by), NotFound)
    if refusal is not None:
        errors = {"form": say(refusal.phrase)}
        return editor(request, db, mission, link, links_choices.as_typed(link), errors, refusal.status)
    return redirect(request, f"/missions/{mission.id}/links", _("The link is removed."))


@router.get("/spillovers")
def spilled(request: Request, db: Db, mission: ToRead) -> Response:
    return render(
        request, "missions/spillovers.html", mission=mission, ledger=spillovers.ledger(db, mission),
        stations=lineage.of_mission(db, mission),
    )  # fmt: skip
