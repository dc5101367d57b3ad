"""What a steward may choose from when linking: what is theirs, and what it may bear on."""

from uuid import UUID

from sqlmodel import Session, col, select

from app.models.call import Call
from app.models.link import Link
from app.models.mission import Mission
from app.models.organisation import Organisation
from app.models.project import projects_of
from app.rules.disclosure import PUBLIC_CALL_STATES
from app.rules.words import LinkStatus, MissionState, SubjectKind
from app.services import links_ends, links_show
from app.services.links_ends import End
from app.services.links_show import Dependent

MOST = 200
GOES_ON = (
    MissionState.ADOPTED, MissionState.ACTIVE, MissionState.PAUSED, MissionState.ACHIEVED, MissionState.ENDED_NOT_MET,
)  # fmt: skip


def own(session: Session, mission: Mission) -> list[End]:
    """The mission with its projects."""
    keys = [(SubjectKind.MISSION, mission.id)]
    keys += [(SubjectKind.PROJECT, each.id) for each in projects_of(session, mission.id)]
    known = links_ends.ends(session, keys)
    return [known[key] for key in keys]


def others(session: Session, mission: Mission) -> list[End]:
    """Other missions under way and organisations, each cut at two hundred; the rest is linked by its address."""
    missions = (
        select(Mission.id)
        .join(Call, col(Call.id) == Mission.call_id)
        .where(
            Mission.id != mission.id,
            col(Mission.state).in_(GOES_ON),
            col(Call.state).in_(PUBLIC_CALL_STATES),
        )
        .order_by(col(Mission.title), col(Mission.id))
        .limit(MOST)
    )
    named = select(Organisation.id).order_by(col(Organisation.name)).limit(MOST)
    keys = [(SubjectKind.MISSION, key) for key in session.exec(missions)]
    keys += [(SubjectKind.ORGANISATION, key) for key in session.exec(named)]
    found = links_ends.ends(session, keys)
    return [found[key] for key in keys]


def waits(session: Session, ends: list[End]) -> list[tuple[End, list[Dependent]]]:
    """What of a mission others depend on, with everything that would be hit."""
    keys: list[UUID] = [each.id for each in ends]
    found = links_show.dependents(session, keys)
    return [(each, found[each.id]) for each in ends if found[each.id]]


def as_typed(link: Link) -> dict[str, str]:
    """A link as its form holds it."""
    return {
        "assumption": link.assumption,
        "status": LinkStatus(link.status).value,
        "evidence": link.evidence,
        "size": "" if link.size is None else f"{link.size.normalize():f}",
        "unit": link.unit,
        "version": str(link.version),
    }
