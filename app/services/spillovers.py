"""What spills over the bounds of a mission: a ledger of its own, which stays when the mission fails."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session

from app.models.link import Link, links_among
from app.models.mission import Mission
from app.rules import links as rules
from app.rules.words import LinkStatus, MissionState
from app.services import links_show, missions_links
from app.services.links_show import Told


@dataclass(frozen=True)
class Total:
    """What spills over, counted in one unit: as far as evidence supports it, as far as nobody tested it."""

    unit: str
    supported: Decimal
    untested: Decimal


@dataclass(frozen=True)
class Ledger:
    """What leaves a mission and what comes in; a refuted line stands in it and counts for nothing."""

    out: list[Told]
    into: list[Told]
    totals: list[Total]
    is_over: bool
    is_failed: bool


def ledger(session: Session, mission: Mission) -> Ledger:
    own = missions_links.own_ids(session, mission)
    lines = links_show.shown(session, own, links_among(session, rules.SIZED, rules.MAPPED, own))
    out = [each for each in lines if each.is_ours]
    return Ledger(
        out, [each for each in lines if not each.is_ours], totals([each.link for each in out]),
        mission.state in (MissionState.ACHIEVED, MissionState.ENDED_NOT_MET),
        mission.state is MissionState.ENDED_NOT_MET,
    )  # fmt: skip


def totals(links: list[Link]) -> list[Total]:
    """Sums by unit: units are never added to each other, nor what is shown to what is only said."""
    sums: dict[tuple[str, LinkStatus], Decimal] = defaultdict(Decimal)
    for link in links:
        if link.size is not None:
            sums[link.unit, link.status] += link.size
    units = sorted({unit for unit, _status in sums})
    return [Total(unit, sums[unit, LinkStatus.SUPPORTED], sums[unit, LinkStatus.UNTESTED]) for unit in units]
