"""What a facilitator does to one group: name, merge, lock, confirm, set aside."""

from typing import Annotated

from fastapi import Request
from starlette.responses import Response

from app.errors import NotFound
from app.i18n import _
from app.models.cluster import Cluster
from app.permissions import Permission
from app.routers.deps import CurrentViewer, Db, find, load, noun_router
from app.routers.forms import Form
from app.routers.pages import redirect
from app.rules.words import ClusterState
from app.services import clusters_judgement, corrections, corrections_undo

router = noun_router("/clusters/{cluster_id}")
CorrectableCluster = Annotated[Cluster, load(Cluster, to=Permission.CORRECT_CLUSTER)]


def back_to(cluster: Cluster) -> str:
    return f"/calls/{cluster.call_id}/workbench?cluster={cluster.id}"


@router.post("/name")
def rename(
    request: Request, db: Db, viewer: CurrentViewer, cluster: CorrectableCluster, form: Form
) -> Response:
    assert viewer.id is not None
    corrections.rename(db, cluster, str(form.get("label", "")), viewer.id, str(form.get("seen", "")))
    return redirect(request, back_to(cluster), _("The group has a new name; no machine changes it again."))


@router.post("/merge")
def merge(
    request: Request, db: Db, viewer: CurrentViewer, cluster: CorrectableCluster, form: Form
) -> Response:
    """The group of the address stays; the chosen one goes into it."""
    assert viewer.id is not None
    other = find(db, Cluster, form.get("other"))
    if other.call_id != cluster.call_id:
        raise NotFound()
    corrections.merge(db, cluster, other, viewer.id, str(form.get("seen", "")))
    return redirect(
        request, back_to(cluster), _("Merged. The other group stays on record as part of this one.")
    )


@router.post("/lock")
def lock(
    request: Request, db: Db, viewer: CurrentViewer, cluster: CorrectableCluster, form: Form
) -> Response:
    """Locks an open group and opens a locked one."""
    assert viewer.id is not None
    standing = corrections.lock_of(db, cluster) if cluster.is_locked else None
    if standing is not None:
        corrections_undo.undo(db, standing, viewer.id)
        return redirect(request, back_to(cluster), _("Unlocked: voices may come and go again."))
    corrections.lock(db, cluster, viewer.id, str(form.get("seen", "")))
    return redirect(request, back_to(cluster), _("Locked: nobody comes in and nobody goes out."))


@router.post("/confirmation")
def confirm(
    request: Request, db: Db, viewer: CurrentViewer, cluster: CorrectableCluster, form: Form
) -> Response:
    """Confirms a suggested group; pressed again, takes it back."""
    assert viewer.id is not None
    is_confirmed = cluster.state is ClusterState.CONFIRMED
    after = ClusterState.SUGGESTED if is_confirmed else ClusterState.CONFIRMED
    clusters_judgement.judge(db, cluster, after, viewer.id, seen=str(form.get("seen", "")))
    notice = (
        _("No longer confirmed: a later run may change this group.")
        if is_confirmed
        else _("Confirmed: every later run keeps this group.")
    )
    return redirect(request, back_to(cluster), notice)


@router.post("/setting-apart")
def set_aside(
    request: Request, db: Db, viewer: CurrentViewer, cluster: CorrectableCluster, form: Form
) -> Response:
    """Sets a whole group aside with a reason; pressed again, brings it back."""
    assert viewer.id is not None
    is_aside = cluster.state is ClusterState.SET_ASIDE
    after = ClusterState.SUGGESTED if is_aside else ClusterState.SET_ASIDE
    reason, seen = str(form.get("reason", "")), str(form.get("seen", ""))
    clusters_judgement.judge(db, cluster, after, viewer.id, reason, seen)
    notice = (
        _("The group is back among the suggestions.")
        if is_aside
        else _("The group is set aside; the reason stands on its page.")
    )
    return redirect(request, back_to(cluster), notice)
