"""Taking a grouping along, with everything it was made from, to make it again elsewhere."""

import tempfile
from collections.abc import Iterator
from typing import IO, Annotated

from starlette.responses import Response, StreamingResponse

from app.db import one_snapshot
from app.models.grouping import Grouping
from app.permissions import Permission
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.rules.rates import Limited
from app.services import bundles, exports, limits

router = noun_router("/groupings")
ReadableGrouping = Annotated[Grouping, load(Grouping, to=Permission.READ_GROUPING)]
PIECE = 256 * 1024
IN_MEMORY = 8 * 1024 * 1024


@router.get("/{grouping_id}/bundle")
@one_snapshot
def bundle(db: Db, viewer: CurrentViewer, grouping: ReadableGrouping) -> Response:
    """A zip file, made anew each time, so that what was withdrawn a moment ago is not in it."""
    limits.spend(db, Limited.EXPORT, viewer.id or viewer.address_hash)
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # closed when it was sent

    def before_tying() -> None:
        """Anybody may ask for the work of a grouping here: seldom, and one of all who ask at a time."""
        exports.alone(db, "bundle")
        limits.spend(db, Limited.BUNDLE_ANEW, viewer.id or viewer.address_hash)

    with exports.slot():
        bundles.write(db, grouping, file, before_tying=before_tying)
    size = file.tell()
    headers = {
        "Content-Disposition": f'attachment; filename="grouping-{grouping.id}.zip"',
        "Content-Length": str(size),
        "Cache-Control": "no-store",
    }
    return StreamingResponse(pieces(file), media_type="application/zip", headers=headers)


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece
