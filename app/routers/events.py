"""The event log, readable by anyone: pages, one subject's history, the verification, and the chain as a file."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from pydantic import Field
from starlette.responses import JSONResponse, Response

from app.db import one_snapshot
from app.models.signature import latest_checkpoint
from app.routers.deps import Db, noun_router, public
from app.routers.forms import Form, FormModel, read, values
from app.routers.pages import render, say
from app.rules.hashing import GENESIS
from app.rules.keyset import BIGGEST
from app.rules.notes import LONGEST, NotANote
from app.rules.words import SubjectKind
from app.services import event_log, events, replay

router = noun_router("/events")


class CheckpointEntry(FormModel):
    checkpoint: Annotated[str, Field(min_length=1, max_length=LONGEST)] = ""


@router.get("")
@public("the log names nothing that its reader may not know")
def index(
    request: Request, db: Db, cursor: str = "", kind: SubjectKind | None = None, subject: UUID | None = None
) -> Response:
    about = (kind, subject) if kind and subject else None
    query = f"kind={kind}&subject={subject}&" if about else ""
    page = event_log.page(db, cursor, about)
    return render(request, "events/index.html", page=page, about=about, query=query, cursor=cursor)


@router.get("/verification")
@public("anyone may check that nothing was changed")
@one_snapshot
def verification(request: Request, db: Db) -> Response:
    return render(
        request, "events/verification.html", found=event_log.verify(db), states=replay.report(db),
        latest=latest_checkpoint(db), compared=None, typed={}, errors={},
    )  # fmt: skip


@router.post("/verification")
@public("anyone may hold a checkpoint they kept against the log")
def compare(request: Request, db: Db, form: Form) -> Response:
    """Nothing is changed: it is a form because a checkpoint is too long, and too much its owner's, for an address."""
    entry, errors = read(form, CheckpointEntry)
    compared = None
    if entry is not None:
        try:
            compared = event_log.compare(db, entry.checkpoint)
        except NotANote as refusal:
            errors = {"checkpoint": say(refusal.phrase)}
    return render(
        request, "events/comparison.html", status=422 if errors else 200, compared=compared,
        latest=latest_checkpoint(db), typed=values(form), errors=errors,
    )  # fmt: skip


@router.get("/chain.json")
@public("anyone may check that nothing was changed, with their own program")
def chain(db: Db, after: Annotated[int, Query(ge=0, le=BIGGEST)] = 0) -> Response:
    found = event_log.chain(db, after)
    more = len(found) == event_log.CHAIN_PAGE
    facts = {
        "format": "comission-events/1",
        "how_to": (
            "hash = SHA-256 of the canonical JSON (RFC 8785) of {event: digest, previous: previous_hash}; the first "
            "previous_hash is genesis. The digest covers the whole event; what not everyone may know is left out here."
        ),
        "genesis": GENESIS,
        "events": found,
        "not_yet_sealed": events.unsealed(db),
        "next": f"/events/chain.json?after={found[-1]['seq']}" if more else None,
    }
    return JSONResponse(facts)
