"""Taking the public data of a question along."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, BinaryIO

from starlette.responses import Response, StreamingResponse

from app.db import one_snapshot
from app.models.call import Call
from app.permissions import Permission
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.rules.rates import Limited
from app.services import exports, limits

router = noun_router("/calls")
ReadableCall = Annotated[Call, load(Call, to=Permission.READ_CALL)]
PIECE = 256 * 1024


@router.get("/{call_id}/export")
@one_snapshot
def export(db: Db, viewer: CurrentViewer, call: ReadableCall) -> Response:
    """A zip file, made anew each time, so that what was withdrawn a moment ago is not in it."""
    limits.spend(db, Limited.EXPORT, viewer.id or viewer.address_hash)
    with exports.slot():
        file, size = made(db, call)
    headers = {
        "Content-Disposition": f'attachment; filename="question-{call.id}.zip"',
        "Content-Length": str(size),
        "Cache-Control": "no-store",
    }
    return StreamingResponse(pieces(file), media_type="application/zip", headers=headers)


def made(db: Db, call: Call) -> tuple[BinaryIO, int]:
    """The file, open and without a name already: however the download ends, nothing is left behind."""
    descriptor, name = tempfile.mkstemp(prefix="comission-", suffix=".zip")
    file = os.fdopen(descriptor, "rb")
    try:
        exports.call(db, call.id, Path(name))
    except BaseException:
        file.close()
        raise
    finally:
        Path(name).unlink()
    return file, os.fstat(file.fileno()).st_size


def pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece
