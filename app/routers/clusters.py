"""Groups as everyone reads them: the suggested missions of a question, one group with its evidence, the rest."""

from typing import Annotated

from fastapi import Request
from starlette.responses import Response

from app import permissions
from app.models.call import Call
from app.models.cluster import Cluster
from app.models.grouping import accepted_grouping
from app.permissions import Permission
from app.routers.call_head import call_head
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.pages import render
from app.services import clusters, lineage, topics

router = noun_router()
ReadableCall = Annotated[Call, load(Call, to=Permission.READ_CALL)]
ReadableCluster = Annotated[Cluster, load(Cluster, to=Permission.READ_CLUSTER)]


@router.get("/calls/{call_id}/groups")
def index(request: Request, db: Db, viewer: CurrentViewer, call: ReadableCall) -> Response:
    groups = clusters.of_call(db, call)
    return render(request, "clusters/index.html", groups=groups, **call_head(db, viewer, call))


@router.get("/calls/{call_id}/ungrouped")
def ungrouped(
    request: Request, db: Db, viewer: CurrentViewer, call: ReadableCall, after: str | None = None
) -> Response:
    grouping = accepted_grouping(db, call.id)
    pile = clusters.ungrouped(db, grouping, after) if grouping else clusters.Pile([], None)
    head = call_head(db, viewer, call)
    return render(request, "clusters/ungrouped.html", grouping=grouping, pile=pile, after=after, **head)


@router.get("/clusters/{cluster_id}")
def show(
    request: Request, db: Db, viewer: CurrentViewer, cluster: ReadableCluster, after: str | None = None
) -> Response:
    may_choose = permissions.can(db, viewer, Permission.CHOOSE_TOPICS_OF_GROUP, cluster)
    return render(
        request,
        "clusters/show.html",
        cluster=cluster,
        call=db.get_one(Call, cluster.call_id),
        evidence=clusters.evidence(db, cluster),
        members=clusters.members(db, cluster, after),
        after=after,
        stations=lineage.of_cluster(db, cluster),
        topics=topics.of(db, cluster, may_choose=may_choose),
    )
