"""Checkpoints of the public log and the keys they are signed with, at addresses that stay."""

from typing import Annotated

from fastapi import Path, Query, Request
from sqlmodel import col, select
from starlette.responses import PlainTextResponse, Response

from app.errors import NotFound
from app.models.signature import LogCheckpoint, SigningKey, checkpoints, keys, latest_checkpoint
from app.routers.deps import Db, noun_router, public
from app.routers.pages import render
from app.rules.keyset import BIGGEST
from app.services import signing_keys

router = noun_router("/events")
PAGE = 50


@router.get("/checkpoint")
@public("whoever keeps it can show later that the log was rewritten")
def latest(db: Db) -> Response:
    checkpoint = latest_checkpoint(db)
    if checkpoint is None:
        raise NotFound()
    return PlainTextResponse(checkpoint.note)


@router.get("/checkpoints")
@public("whoever keeps it can show later that the log was rewritten")
def history(request: Request, db: Db, before: Annotated[int, Query(ge=1, le=BIGGEST)] = BIGGEST) -> Response:
    found = checkpoints(db, before, PAGE + 1)
    more = found[PAGE - 1].size if len(found) > PAGE else None
    return render(request, "events/checkpoints.html", found=found[:PAGE], more=more, before=before != BIGGEST)


@router.get("/checkpoints/{size}")
@public("whoever keeps it can show later that the log was rewritten")
def one(db: Db, size: Annotated[int, Path(ge=1, le=BIGGEST)]) -> Response:
    checkpoint = db.exec(select(LogCheckpoint).where(col(LogCheckpoint.size) == size)).first()
    if checkpoint is None:
        raise NotFound()
    return PlainTextResponse(checkpoint.note)


@router.get("/keys")
@public("without the public keys no signature could be checked")
def key_list(request: Request, db: Db) -> Response:
    listed = keys(db)
    return render(request, "events/keys.html", keys=with_hand_over(listed))


@router.get("/keys.txt")
@public("without the public keys no signature could be checked")
def key_file(db: Db) -> Response:
    """Every key with its handing over, the oldest first, as one text."""
    return PlainTextResponse("\n".join(each.note for each in reversed(keys(db))))


def with_hand_over(listed: list[SigningKey]) -> list[tuple[SigningKey, bool]]:
    """The newest first, each with whether the key before it signed for it."""
    before = [*listed[1:], None] if listed else []
    return [(row, signing_keys.was_handed_over(row, last)) for row, last in zip(listed, before, strict=True)]
