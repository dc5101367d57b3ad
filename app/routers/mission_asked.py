"""The mission in an address, for whoever may read it or steer it."""

from typing import Annotated

from app.models.mission import Mission
from app.permissions import Permission
from app.routers.deps import load

ToRead = Annotated[Mission, load(Mission, to=Permission.READ_MISSION)]
ToSteer = Annotated[Mission, load(Mission, to=Permission.STEER_MISSION)]
