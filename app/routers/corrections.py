"""What a facilitator does to one group: name, merge, lock, confirm, set aside."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Request
from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from app.errors import NotFound
from app.i18n import _
from app.models.call import Call
from app.models.cluster import Cluster
from app.permissions import Permission
from app.routers.bench_page import Work, answered, tried
from app.routers.deps import CurrentViewer, Db, find, load, noun_router
from app.routers.forms import Form, values
from app.routers.pages import redirect
from app.rules.words import ClusterState
from app.services import clusters_judgement, corrections, corrections_undo

router = noun_router("/clusters/{cluster_id}")
CorrectableCluster = Annotated[Cluster, load(Cluster, to=Permission.CORRECT_CLUSTER)]


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

    def act() -> str:
        if not form.get("other"):
            raise corrections.NothingToTakeIn()
        other = find(db, Cluster, form.get("other"))
        if other.call_id != cluster.call_id:
            raise NotFound()
        corrections.merge(db, cluster, other, by, str(form.get("seen", "")))
        return _("Merged. The other group stays on record as part of this one.")

    return done(request, db, cluster, form, "merge", act)


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
