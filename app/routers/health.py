"""For those who operate it: is it alive, and is it ready to answer."""

from fastapi import APIRouter, Request
from sqlalchemy import text
from starlette.responses import JSONResponse, Response

from app.routers.deps import Db, public
from app.schema import is_current

router = APIRouter()


@router.get("/healthz")
@public("says only that the process lives")
def alive() -> Response:
    return JSONResponse({"alive": True})


@router.get("/readyz")
@public("says only whether database, schema and model are ready")
def ready(request: Request, db: Db) -> Response:
    """503 until the database answers with the schema of this code; the model may still be warming."""
    db.connection().execute(text("SELECT 1"))
    schema = is_current(db.connection())
    work = request.app.state.runtime
    model = work.model if work else None
    body = {
        "database": True,
        "schema": schema,
        "model": model.name if model else None,
        "runtime": model.runtime if model else None,
        "model_ready": bool(model and model.ready()),
    }
    return JSONResponse(body, status_code=200 if schema else 503)
