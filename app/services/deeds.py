"""What carrying a motion does: how an act is checked, done and put into words, and what it made of things."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.models.decision import Decision
from app.models.mission import Mission
from app.models.motion import Motion
from app.rules.phrases import Phrase
from app.rules.words import MissionState


@dataclass(frozen=True)
class Applied:
    """What carrying a motion made of missions and of everything else, as the event of the certification tells it."""

    missions: dict[MissionState, list[UUID]] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Deed:
    """How one act is checked when it is asked for and again when it is done, done, and put into words.

    `check` refuses what cannot be done now. `do` runs in the transaction of the certification.
    """

    check: Callable[[Session, Mission, UUID, dict[str, Any]], None]
    do: Callable[[Session, Motion, Decision, datetime], Applied]
    words: Callable[[Session, Motion], Phrase]
