"""How a program or a file brings readings, as somebody would type it: with the real address, indicator and day."""

import json
from dataclasses import dataclass

from app.models.columns import now
from app.models.mission import Indicator, Mission


@dataclass(frozen=True)
class Examples:
    """Lines to be copied; `enter` is empty while nothing is counted or measured."""

    read: str
    enter: str
    file: str


def of(programs: str, mission: Mission, indicator: Indicator | None) -> Examples:
    """`programs` is where addresses for programs begin."""
    address = f"{programs}missions/{mission.id}/readings"
    day = now().date().isoformat()
    reading = {"at": day, "value": "14.2", "source": "Meters"}
    sent = json.dumps({"readings": [{"indicator": str(indicator.id), **reading}]}) if indicator else ""
    return Examples(
        read=f"curl {address}",
        enter=f"curl {address} \\\n  -H 'Authorization: Bearer TOKEN' \\\n  -d '{sent}'" if sent else "",
        file=f"day,value,low,high,source\n{day},14.2,13,15,Meters",
    )
