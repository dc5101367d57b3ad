"""The closed discussion of a committee on one item: what is said there stays there, and goes when it is taken back."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import tuple_
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.conditions.asking import Ask
from app.conditions.taking_part import behind_closed_doors
from app.errors import Conflict, NotFound
from app.models.committee import Committee
from app.models.mission import Mission
from app.models.person import Person
from app.models.remark import Remark
from app.models.seat import Seat
from app.rules import keyset
from app.rules.words import N_, MissionState, Role, StakeholderGroup, StatementState, SubjectKind
from app.services import events, statements
from app.viewer import Viewer

PAGE = 50
SORT = "remarks"
BEGINNING = datetime(1, 1, 1, tzinfo=UTC), UUID(int=0)
M = MissionState
# While the committee still has something to decide on it.
TALKED_ABOUT = frozenset({M.CANDIDATE, M.FRAMED, M.IN_REVIEW, M.ON_BALLOT, M.RETURNED})


class NothingToDecide(Conflict):
    sentence: ClassVar[str] = N_(
        "This mission is “%(state)s”: the committee has nothing to decide on it, so its closed discussion is over."
    )


@dataclass(frozen=True)
class Said:
    """One remark with the name, the role and the group of the seat it comes from, and the replies to it."""

    remark: Remark
    name: str
    role: Role
    group: StakeholderGroup | None
    replies: list["Said"] = field(default_factory=list)

    @property
    def is_shown(self) -> bool:
        return bool(self.replies) or self.remark.state is StatementState.VISIBLE


@dataclass(frozen=True)
class Room:
    """A committee's closed discussion as one of its seats reads it."""

    committee: Committee
    mission: Mission
    seat: Seat
    said: list[Said]
    next: str | None = None
    others: tuple[Committee, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.mission.state in TALKED_ABOUT


def room(
    session: Session, mission: Mission, viewer: Viewer, committee_id: str = "", cursor: str = ""
) -> Room:
    """The discussion of the committee asked for, or of the first in which this viewer sits unrecused."""
    seats = seats_inside(session, mission, viewer)
    wanted = [seat for seat in seats if not committee_id or str(seat.scope_id) == committee_id]
    if not wanted:
        raise NotFound()
    committees = {seat.scope_id: session.get_one(Committee, seat.scope_id) for seat in seats}
    committee = committees[wanted[0].scope_id]
    said, following = page(session, committee.id, mission.id, cursor)
    others = tuple(each for key, each in committees.items() if key != committee.id)
    return Room(committee, mission, wanted[0], said, following, others)


def seats_inside(session: Session, mission: Mission, viewer: Viewer) -> list[Seat]:
    return behind_closed_doors(Ask(session, viewer, mission))


def page(
    session: Session, committee_id: UUID, mission_id: UUID, cursor: str = ""
) -> tuple[list[Said], str | None]:
    """Remarks in the order in which they were made, each with the replies to it."""
    after = keyset.decode(cursor, SORT, keyset.MOMENT) if cursor else BEGINNING
    where = (Remark.committee_id == committee_id, Remark.mission_id == mission_id)
    query = (
        select(Remark)
        .where(
            *where, col(Remark.parent_id).is_(None), tuple_(col(Remark.created_at), col(Remark.id)) > after
        )
        .order_by(col(Remark.created_at), col(Remark.id))
    )
    roots = list(session.exec(query.limit(PAGE + 1)))
    shown = roots[:PAGE]
    answers = select(Remark).where(*where, col(Remark.parent_id).in_([each.id for each in shown]))
    replies = list(session.exec(answers.order_by(col(Remark.created_at), col(Remark.id)))) if shown else []
    told = {each.remark.id: each for each in named(session, [*shown, *replies])}
    for each in replies:
        if told[each.id].is_shown:
            told[each.parent_id].replies.append(told[each.id])  # type: ignore[index]
    last = shown[-1] if len(roots) > PAGE else None
    following = keyset.encode(SORT, [last.created_at, last.id]) if last else None
    return [told[each.id] for each in shown if told[each.id].is_shown], following


def named(session: Session, remarks: list[Remark]) -> list[Said]:
    query = select(Seat, Person.name).join(Person, col(Person.id) == Seat.person_id)
    wanted = {each.seat_id for each in remarks}
    rows = session.exec(query.where(col(Seat.id).in_(wanted))).all() if wanted else []
    seats = {seat.id: (seat, name) for seat, name in rows}
    return [
        Said(each, seats[each.seat_id][1], seats[each.seat_id][0].role, seats[each.seat_id][0].group)
        for each in remarks
    ]


def say(
    session: Session, mission: Mission, viewer: Viewer, words: str, form_key: str, committee_id: str = "",
    parent_id: UUID | None = None,
) -> Remark:  # fmt: skip
    """Say something behind closed doors; whoever stepped aside since the page was opened finds the door shut."""
    assert viewer.person is not None
    session.refresh(mission, with_for_update={"read": True})
    inside = room(session, mission, viewer, committee_id)
    if not inside.is_open:
        raise NothingToDecide(state=mission.state)
    if parent_id is not None:
        parent = session.get(Remark, parent_id)
        if parent is None or (parent.committee_id, parent.mission_id) != (inside.committee.id, mission.id):
            raise NotFound()
        parent_id = parent.parent_id or parent.id
    key = statements.keyed("remark", str(viewer.id), form_key)
    made = Remark(
        committee_id=inside.committee.id, mission_id=mission.id, seat_id=inside.seat.id,
        author_id=viewer.person.id, parent_id=parent_id, text=words, form_key=key,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        return session.exec(select(Remark).where(Remark.form_key == key)).one()
    text_hash = events.keep_text(session, SubjectKind.STATEMENT, made.id, 1, words, viewer.id)
    record(session, "remark_made", made, viewer.id, text_hash=text_hash)
    return made


def record(session: Session, kind: str, remark: Remark, by: UUID | None, **facts: object) -> None:
    """An event of which everyone sees the number and the hash, and nobody the rest."""
    events.record(
        session, kind, SubjectKind.COMMITTEE, remark.committee_id, by=by,
        remark=remark.id, remark_state=remark.state, **facts,
    )  # fmt: skip


def withdraw(session: Session, mission: Mission, viewer: Viewer, remark_id: UUID) -> Remark:
    """Its author takes it back: the words are erased. Who has stepped aside can do that without reading on."""
    remark = session.get(Remark, remark_id)
    if remark is None or (remark.mission_id, remark.author_id) != (mission.id, viewer.id):
        raise NotFound()
    session.refresh(remark, with_for_update=True)
    if remark.state is StatementState.WITHDRAWN:
        return remark
    remark.state, remark.text = StatementState.WITHDRAWN, ""
    events.erase_texts(session, SubjectKind.STATEMENT, remark.id)
    record(session, "remark_withdrawn", remark, viewer.id)
    return remark
