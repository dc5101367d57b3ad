"""Links of a mission and its projects: made, tested and taken away by its steward."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.errors import Conflict, NotAcceptable, NotFound
from app.models.call import Call
from app.models.columns import now
from app.models.link import Link, links_among
from app.models.mission import Mission
from app.models.project import projects_of
from app.rules import disclosure
from app.rules import links as rules
from app.rules.words import N_, LinkKind, LinkStatus, SubjectKind
from app.services import events, links_ends, links_show
from app.services.links_ends import End, Key
from app.services.missions_numbers import hold

LINKS_AT_MOST = 400
NO_CIRCLE = "dependence_has_no_circle"


class LinkedAlready(Conflict):
    sentence: ClassVar[str] = N_("These two are linked in this way already. Change that link instead.")


class LinkChanged(Conflict):
    sentence: ClassVar[str] = N_("Someone changed this link while you were writing. Look at it again.")


class TooManyLinks(NotAcceptable):
    sentence: ClassVar[str] = N_("A mission holds at most %(most)s links.")


@dataclass(frozen=True)
class LinkText:
    """What is said of a link: what it rests on, by which evidence that was tested, and what it is worth."""

    assumption: str
    status: LinkStatus = LinkStatus.UNTESTED
    evidence: str = ""
    size: Decimal | None = None
    unit: str = ""


def add(
    session: Session, mission: Mission, kind: LinkKind, near: Key, far: Key, typed: LinkText, by: UUID
) -> Link:
    """Link something of this mission with something else; the mission is held, so that its links come one by one."""
    hold(session, mission)
    begins, ends = both_ends(session, mission, kind, near, far)
    check_words(kind, typed)
    if len(links_among(session, rules.ENDS, rules.MAPPED, own_ids(session, mission))) >= LINKS_AT_MOST:
        raise TooManyLinks(most=LINKS_AT_MOST)
    if kind is LinkKind.DEPENDS_ON:
        require_no_circle(session, begins, ends)
    link = Link(
        kind=kind, from_kind=begins.kind, from_id=begins.id, to_kind=ends.kind, to_id=ends.id, by_id=by,
        tested_at=None if typed.status is LinkStatus.UNTESTED else now(), **vars(typed),
    )  # fmt: skip
    keep(session, link, begins, ends)
    tell(session, "link_added", mission, link, by)
    return link


def both_ends(session: Session, mission: Mission, kind: LinkKind, near: Key, far: Key) -> tuple[End, End]:
    """Ends that fit the kind: the near one is of this mission, and everybody may know of the far one."""
    known = links_ends.ends(session, (near, far))
    begins, ends = known.get(near), known.get(far)
    if begins is None or ends is None or begins.mission_id != mission.id:
        raise NotFound()
    if not (is_public(session, begins) and is_public(session, ends)):
        raise NotFound()
    if begins.id == ends.id:
        raise rules.LinksItself()
    rules.require_ends(kind, begins.kind, ends.kind)
    if kind is LinkKind.SPILLS_OVER_TO and ends.mission_id == mission.id:
        raise rules.StaysInside()
    return begins, ends


def is_public(session: Session, end: End) -> bool:
    """Nobody links to what only some may know of: a mission of a question that is still a draft."""
    if end.mission_id is None:
        return True
    mission = session.get_one(Mission, end.mission_id)
    return disclosure.shows_call(session.get_one(Call, mission.call_id).state)


def check_words(kind: LinkKind, typed: LinkText) -> None:
    rules.require_tested(typed.status, typed.evidence)
    rules.require_size(kind, has_size=typed.size is not None, unit=typed.unit)


def require_no_circle(session: Session, begins: End, ends: End) -> None:
    """A trigger asks the same under a lock of its own: of two at the same instant neither sees the other here."""
    path = links_show.path_of_dependence(session, ends.id, begins.id)
    if path:
        names = [begins.title, *links_show.names_of_path(session, path)]
        raise rules.CircleOfDependence(path=" → ".join(names))


def keep(session: Session, link: Link, begins: End, ends: End) -> None:
    try:
        with session.begin_nested():
            session.add(link)
            session.flush()
    except IntegrityError as problem:
        if constraint_of(problem) == NO_CIRCLE:
            names = [begins.title, ends.title, begins.title]
            raise rules.CircleOfDependence(path=" → ".join(names)) from problem
        raise LinkedAlready() from problem


def constraint_of(problem: IntegrityError) -> str | None:
    """Which constraint or trigger of the database refused it."""
    return getattr(getattr(problem.orig, "diag", None), "constraint_name", None)


def find(session: Session, mission: Mission, key: UUID) -> Link:
    """A link that begins at this very mission or one of its projects, and is its steward's to change."""
    link = session.get(Link, key)
    is_ours = link is not None and link.kind in rules.ENDS and link.from_id in own_ids(session, mission)
    if link is None or not is_ours or (link.from_kind, link.to_kind) not in rules.ENDS[link.kind]:
        raise NotFound()
    return link


def own_ids(session: Session, mission: Mission) -> set[UUID]:
    return {mission.id} | {each.id for each in projects_of(session, mission.id)}


def edit(session: Session, mission: Mission, link: Link, typed: LinkText, version: int, by: UUID) -> None:
    """Change what is said of a link, or judge its assumption; its ends and its kind stay."""
    hold(session, mission)
    held(session, link, version)
    check_words(link.kind, typed)
    if typed.status is not link.status:
        link.tested_at = None if typed.status is LinkStatus.UNTESTED else now()
    for name, value in vars(typed).items():
        setattr(link, name, value)
    link.version += 1
    session.flush()
    tell(session, "link_edited", mission, link, by)


def remove(session: Session, mission: Mission, link: Link, version: int, by: UUID) -> None:
    hold(session, mission)
    held(session, link, version)
    session.delete(link)
    session.flush()
    tell(session, "link_removed", mission, link, by)


def held(session: Session, link: Link, version: int) -> None:
    session.refresh(link, with_for_update=True)
    if link.version != version:
        raise LinkChanged()


def tell(session: Session, kind: str, mission: Mission, link: Link, by: UUID) -> None:
    events.record(
        session, kind, SubjectKind.MISSION, mission.id, by=by, link=link.id, link_kind=link.kind,
        link_status=link.status, near=link.from_id, far=link.to_id,
    )  # fmt: skip


def refuted(session: Session, mission: Mission) -> list[Link]:
    """Links of a mission whose assumption did not hold, the latest first: each is a reason to review its course."""
    query = select(Link).where(
        Link.status == LinkStatus.REFUTED, col(Link.from_id).in_(own_ids(session, mission))
    )
    return list(session.exec(query.order_by(col(Link.tested_at).desc().nulls_last(), col(Link.id))))
