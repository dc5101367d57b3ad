"""Putting goals and sectors on voices and groups, dismissing what a machine suggested, and taking either back."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from app.errors import BadRequest
from app.i18n import _
from app.models.cluster import Cluster
from app.models.submission import Submission
from app.permissions import Permission
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.forms import Form, FormModel, read
from app.routers.pages import fragment
from app.rules.words import N_
from app.services import topics
from app.viewer import Viewer

router = noun_router()
ChosenVoice = Annotated[Submission, load(Submission, to=Permission.CHOOSE_TOPICS)]
ChosenGroup = Annotated[Cluster, load(Cluster, to=Permission.CHOOSE_TOPICS_OF_GROUP)]
NOW_TRUE = {
    "add": N_("“%(label)s” now stands on it."),
    "remove": N_("“%(label)s” no longer stands on it."),
    "dismiss": N_("“%(label)s” is not suggested for it any more."),
    "recall": N_("“%(label)s” may be suggested for it again."),
}


class Entry(FormModel):
    act: str
    term: UUID


@router.post("/submissions/{submission_id}/topics")
def of_voice(
    request: Request, db: Db, viewer: CurrentViewer, submission: ChosenVoice, form: Form
) -> Response:
    return done(request, db, viewer, submission, form)


@router.post("/clusters/{cluster_id}/topics")
def of_group(request: Request, db: Db, viewer: CurrentViewer, cluster: ChosenGroup, form: Form) -> Response:
    return done(request, db, viewer, cluster, form)


def done(request: Request, db: Db, viewer: Viewer, record: Submission | Cluster, form: Form) -> Response:
    entry, _errors = read(form, Entry)
    if entry is None or entry.act not in topics.ACTS:
        raise BadRequest()
    assert viewer.id is not None
    subject = topics.subject_of(record)
    term = topics.term_of(db, entry.term)
    topics.ACTS[entry.act](db, subject, term.id, viewer.id)
    told = _(NOW_TRUE[entry.act]) % {"label": topics.line(term).label}
    return fragment(
        request, "topics/_topics.html", otherwise=f"{subject.address}#topics", notice=told,
        topics=topics.of(db, record, may_choose=True), told=told,
    )  # fmt: skip
