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
from app.routers.cookies import settings_of
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.pages import render
from app.services import clusters, clusters_unsure, lineage, topics, wordings
from app.services.drafting_client import helper_of

router = noun_router()
BREADTH = "breadth"
ReadableCall = Annotated[Call, load(Call, to=Permission.READ_CALL)]
ReadableCluster = Annotated[Cluster, load(Cluster, to=Permission.READ_CLUSTER)]


@router.get("/calls/{call_id}/groups")
def index(request: Request, db: Db, viewer: CurrentViewer, call: ReadableCall, order: str = "") -> Response:
    broadest_first = order == BREADTH
    return render(
        request,
        "clusters/index.html",
        groups=clusters.of_call(db, call, broadest_first=broadest_first),
        broadest_first=broadest_first,
        **call_head(db, viewer, call, "group"),
    )


@router.get("/calls/{call_id}/ungrouped")
def ungrouped(
    request: Request,
    db: Db,
    viewer: CurrentViewer,
    call: ReadableCall,
    after: str | None = None,
    unsure: bool = False,
) -> Response:
    grouping = accepted_grouping(db, call.id)
    found = clusters.ungrouped(db, grouping, after, only_unsure=unsure) if grouping else None
    pile = found or clusters.Pile([], None)
    head = call_head(db, viewer, call, "group")
    return render(
        request, "clusters/ungrouped.html", grouping=grouping, pile=pile, after=after, unsure=unsure, **head
    )


@router.get("/clusters/{cluster_id}")
def show(
    request: Request,
    db: Db,
    viewer: CurrentViewer,
    cluster: ReadableCluster,
    after: str | None = None,
    unsure: bool = False,
) -> Response:
    may_choose = permissions.can(db, viewer, Permission.CHOOSE_TOPICS_OF_GROUP, cluster)
    return render(
        request,
        "clusters/show.html",
        cluster=cluster,
        call=db.get_one(Call, cluster.call_id),
        evidence=clusters.evidence(db, cluster),
        members=clusters.members(db, cluster, None if unsure else after),
        unsure=clusters_unsure.of(db, cluster, wanted=unsure, cursor=after if unsure else None),
        after=after,
        stations=lineage.of_cluster(db, cluster),
        topics=topics.of(db, cluster, may_choose=may_choose),
        drafted=wordings.accepted(db, cluster),
        has_helper=helper_of(settings_of(request)) is not None,
    )
