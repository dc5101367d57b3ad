"""What a facilitator does to one group: name, merge, split by examples, lock, confirm, set aside."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from app.errors import BadRequest, NotFound
from app.i18n import _
from app.models.call import Call
from app.models.cluster import Cluster
from app.models.correction import Correction
from app.models.grouping import Grouping
from app.permissions import Permission
from app.routers.bench_page import Done, Refused, Work, anew, answered, taught, tried
from app.routers.deps import CurrentViewer, Db, find, load, noun_router
from app.routers.forms import Form, values
from app.routers.pages import redirect, render
from app.rules.words import ClusterState
from app.services import (
    clusters_judgement,
    corrections,
    corrections_ground,
    corrections_seeds,
    corrections_undo,
    lineage,
)
from app.services.corrections_seeds import Preview

router = noun_router("/clusters/{cluster_id}")
SIDE = "side-"
CorrectableCluster = Annotated[Cluster, load(Cluster, to=Permission.CORRECT_CLUSTER)]


@dataclass(frozen=True)
class Examples:
    """The voices chosen for each side of a split."""

    staying: tuple[UUID, ...] = ()
    leaving: tuple[UUID, ...] = ()

    @property
    def all(self) -> set[UUID]:
        return {*self.staying, *self.leaving}

    @property
    def mark(self) -> str:
        """The same for the same choice, so that nothing is split that was not shown."""
        told = [sorted(map(str, side)) for side in (self.staying, self.leaving)]
        return sha256(repr(told).encode()).hexdigest()[:16]

    def side(self, submission_id: UUID) -> str:
        return "stay" if submission_id in self.staying else "leave" if submission_id in self.leaving else ""


def examples_of(form: FormData) -> Examples:
    """The sides as chosen on the page of a split; or voices ticked at the bench, which are to leave."""
    try:
        ticked = [UUID(str(token).partition(":")[0]) for token in form.getlist("voice")]
        sides = {UUID(name.removeprefix(SIDE)): form[name] for name in form if name.startswith(SIDE)}
    except ValueError as malformed:
        raise BadRequest() from malformed
    leaving = [*ticked, *(key for key, side in sides.items() if side == "leave")]
    return Examples(tuple(key for key, side in sides.items() if side == "stay"), tuple(leaving))


def done(
    request: Request, db: Session, cluster: Cluster, form: FormData, name: str, act: Callable[[], str]
) -> Response:
    """Do it and say on the bench what is now true; refused, the bench keeps what was typed."""
    call = db.get_one(Call, cluster.call_id)
    back = f"/calls/{call.id}/workbench?cluster={cluster.id}"
    work = Work(cluster, typed=values(form), form=name)
    return answered(
        request, db, call, work, tried(db, act), lambda notice: redirect(request, back, str(notice))
    )


@router.post("/name")
def rename(
    request: Request, db: Db, viewer: CurrentViewer, cluster: CorrectableCluster, form: Form
) -> Response:
    assert viewer.id is not None
    by = viewer.id

    def act() -> str:
        corrections.rename(db, cluster, str(form.get("label", "")), by, str(form.get("seen", "")))
        return _("The group has a new name; no machine changes it again.")

    return done(request, db, cluster, form, "rename", act)


@router.post("/merge")
def merge(
    request: Request, db: Db, viewer: CurrentViewer, cluster: CorrectableCluster, form: Form
) -> Response:
    """The group of the address stays; the chosen one goes into it."""
    assert viewer.id is not None
    by = viewer.id

    def act() -> Done:
        if not form.get("other"):
            raise corrections.NothingToTakeIn()
        other = find(db, Cluster, form.get("other"))
        if other.call_id != cluster.call_id:
            raise NotFound()
        made = corrections.merge(db, cluster, other, by, str(form.get("seen", "")))
        to = f"/calls/{cluster.call_id}/workbench?cluster={cluster.id}"
        return Done(to, _("Merged. The other group stays on record as part of this one."), made)

    call = db.get_one(Call, cluster.call_id)
    work = Work(cluster, typed=values(form), form="merge")
    return answered(request, db, call, work, tried(db, act), lambda made: taught(request, db, call, made))


@router.get("/split")
def examples(request: Request, db: Db, cluster: CorrectableCluster) -> Response:
    """A page to choose examples of both sides on."""
    return split_page(request, db, cluster, Examples())


@router.post("/split")
def split(
    request: Request, db: Db, viewer: CurrentViewer, cluster: CorrectableCluster, form: Form
) -> Response:
    """Show who would go where, and split when the examples are still those that were shown."""
    assert viewer.id is not None
    by, chosen = viewer.id, examples_of(form)
    if form.get("act") == "examples":
        return split_page(request, db, cluster, chosen)
    is_seen = form.get("act") == "split" and chosen.mark == form.get("shown")

    def act() -> tuple[Correction, Cluster] | Preview:
        if not is_seen:
            return corrections_seeds.preview(db, cluster, chosen.staying, chosen.leaving)
        seen = str(form.get("seen", ""))
        return corrections_seeds.split(
            db, cluster, chosen.staying, chosen.leaving, by, str(form.get("label", "")), seen
        )

    outcome = tried(db, act)
    if isinstance(outcome, Refused):
        anew(request, db)
        return split_page(request, db, cluster, chosen, values(form), refused=outcome)
    if isinstance(outcome, Preview):
        return split_page(request, db, cluster, chosen, values(form), preview=outcome)
    correction, made = outcome
    to = f"/calls/{cluster.call_id}/workbench?cluster={made.id}&alike={correction.id}"
    return redirect(request, to, _("The group is split. This is the new one."))


def split_page(
    request: Request,
    db: Session,
    cluster: Cluster,
    chosen: Examples,
    typed: dict[str, str] | None = None,
    preview: Preview | None = None,
    refused: Refused | None = None,
) -> Response:
    call = db.get_one(Call, cluster.call_id)
    grouping = db.get_one(Grouping, cluster.grouping_id)
    return render(
        request,
        "workbench/split.html",
        status=refused.status if refused else 200,
        call=call,
        cluster=cluster,
        stamp=corrections_ground.stamp(cluster),
        chosen=chosen,
        typed=typed or {},
        offered=corrections_seeds.offered(db, grouping, cluster, chosen.all),
        preview=preview,
        refused=refused,
        stations=lineage.of_cluster(db, cluster),
    )


@router.post("/lock")
def lock(
    request: Request, db: Db, viewer: CurrentViewer, cluster: CorrectableCluster, form: Form
) -> Response:
    """Locks an open group and opens a locked one."""
    assert viewer.id is not None
    by = viewer.id

    def act() -> str:
        standing = corrections.lock_of(db, cluster) if cluster.is_locked else None
        if standing is not None:
            corrections_undo.undo(db, standing, by)
            return _("Unlocked: voices may come and go again.")
        corrections.lock(db, cluster, by, str(form.get("seen", "")))
        return _("Locked: nobody comes in and nobody goes out.")

    return done(request, db, cluster, form, "lock", act)


@router.post("/confirmation")
def confirm(
    request: Request, db: Db, viewer: CurrentViewer, cluster: CorrectableCluster, form: Form
) -> Response:
    """Confirms a suggested group; pressed again, takes it back."""
    assert viewer.id is not None
    by = viewer.id

    def act() -> str:
        is_confirmed = cluster.state is ClusterState.CONFIRMED
        after = ClusterState.SUGGESTED if is_confirmed else ClusterState.CONFIRMED
        clusters_judgement.judge(db, cluster, after, by, seen=str(form.get("seen", "")))
        if is_confirmed:
            return _("No longer confirmed: a later run may change this group.")
        return _("Confirmed: every later run keeps this group.")

    return done(request, db, cluster, form, "confirmation", act)


@router.post("/setting-apart")
def set_aside(
    request: Request, db: Db, viewer: CurrentViewer, cluster: CorrectableCluster, form: Form
) -> Response:
    """Sets a whole group aside with a reason; pressed again, brings it back."""
    assert viewer.id is not None
    by = viewer.id

    def act() -> str:
        is_aside = cluster.state is ClusterState.SET_ASIDE
        after = ClusterState.SUGGESTED if is_aside else ClusterState.SET_ASIDE
        reason, seen = str(form.get("reason", "")), str(form.get("seen", ""))
        clusters_judgement.judge(db, cluster, after, by, reason, seen)
        if is_aside:
            return _("The group is back among the suggestions.")
        return _("The group is set aside; the reason stands on its page.")

    return done(request, db, cluster, form, "set_aside", act)
