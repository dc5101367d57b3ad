"""The model that reads what a text means, for pages on which somebody types: asked within limits."""

from typing import Any

from fastapi import Request
from sqlmodel import Session

from app.errors import TooMany
from app.rules.rates import Limited
from app.services import limits
from app.viewer import Viewer


def model_for(request: Request, db: Session, viewer: Viewer) -> Any:
    """The model, where it is loaded and this reader has not asked it too often: words are searched for without it."""
    runtime = request.app.state.runtime
    embedder = runtime.model.ready() if runtime else None
    try:
        if embedder is not None:
            limits.spend(db, Limited.SIMILAR, viewer.id or viewer.address_hash)
    except TooMany:
        return None
    return embedder
