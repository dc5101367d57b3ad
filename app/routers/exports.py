"""Taking the public data of a question along."""

import tempfile
from pathlib import Path
from typing import Annotated

from fastapi import BackgroundTasks
from starlette.responses import FileResponse, Response

from app.models.call import Call
from app.permissions import Permission
from app.routers.deps import Db, load, noun_router
from app.services import exports

router = noun_router("/calls")
ReadableCall = Annotated[Call, load(Call, to=Permission.READ_CALL)]


@router.get("/{call_id}/export")
def export(db: Db, call: ReadableCall, after: BackgroundTasks) -> Response:
    """A zip file, made anew each time, so that what was withdrawn a moment ago is not in it."""
    with exports.slot():
        with tempfile.NamedTemporaryFile(prefix="comission-", suffix=".zip", delete=False) as file:
            path = Path(file.name)
        try:
            exports.call(db, call.id, path)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    after.add_task(path.unlink, missing_ok=True)
    return FileResponse(
        path, media_type="application/zip", filename=f"question-{call.id}.zip", background=after,
        headers={"Cache-Control": "no-store"},
    )  # fmt: skip
