"""Interests in an item: everyone seated is asked at first sight, and may say something else later."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import Session

from app.conditions.taking_part import recused_seats
from app.errors import Conflict
from app.models.committee import Interest, standing_interests
from app.rules.replay_kinds import SUPERSEDED, Noun
from app.rules.words import (
    N_,
    InterestEffect,
    InterestKind,
)
from app.services import events, interests, interests_hold, interests_resolve
from app.services.interests_hold import Held, Item, require_not_voted_in_secret


class StepAsideStands(Conflict):
    sentence: ClassVar[str] = N_(
        "Your seat stepped aside from this item. While a vote on it runs, or once the chair has resolved it, "
        "that cannot be taken back."
    )


@dataclass(frozen=True)
class Said:
    """What somebody says of themselves; nothing to declare, unless a kind is named."""

    kind: InterestKind = InterestKind.NOTHING
    words: str = ""
    effect: InterestEffect = InterestEffect.DISCLOSE


def say(
    session: Session, item: Item, person_id: UUID, said: Said, origin: str = "", at: datetime | None = None
) -> list[Interest]:  # fmt: skip
    """Record what this person says, for every seat they hold on the item; stepping aside passes their ballots on."""
    if said.kind is InterestKind.SUSPENDED or said.effect is InterestEffect.UNFOUNDED:
        raise interests.NotForPeople()
    held = interests_hold.hold_to_speak(session, item, at)
    seats = {
        seat.id for seat in interests_hold.seats_on(session, item, held.at) if seat.person_id == person_id
    }
    if not seats:
        raise interests_hold.NotSeatedHere()
    mine = [each for each in standing_interests(session, [item.id]) if each.seat_id in seats]
    if said.kind is InterestKind.NOTHING:
        return say_nothing(session, held, person_id, seats, mine)
    aside = {each.seat_id for each in mine if each.recuses()}
    if seats <= aside:
        raise interests.SteppedAsideAlready()
    if said.effect is InterestEffect.RECUSE:
        require_not_voted_in_secret(session, held.votes, seats)
    gone = supersede(held, [each for each in mine if each.kind is InterestKind.NOTHING])
    return declare(session, held, person_id, sorted(seats - aside), said, gone, origin)


def declare(
    session: Session, held: Held, person_id: UUID, seats: list[UUID], said: Said, gone: list[UUID], origin: str
) -> list[Interest]:  # fmt: skip
    before = {vote.id: recused_seats(session, vote) for vote in held.votes}
    declared = [interest(held, seat, said) for seat in seats]
    session.add_all(declared)
    session.flush()
    record(
        session, "interest_declared", held, person_id, declared, gone, interest=said.kind, effect=said.effect
    )
    if said.effect is InterestEffect.RECUSE:
        for vote in held.votes:
            interests.tell_alternates(session, vote, before[vote.id], origin)
    else:
        interests_resolve.tell_resolvers(session, held.item, declared[0], origin)
    return declared


def say_nothing(
    session: Session, held: Held, person_id: UUID, seats: set[UUID], mine: list[Interest]
) -> list[Interest]:  # fmt: skip
    """Nothing to declare: what was said before is taken back, where it still can be."""
    own = [each for each in mine if each.raised_by_id is None and each.kind is not InterestKind.SUSPENDED]
    others = [each for each in own if each.kind is not InterestKind.NOTHING]
    fixed = held.votes or any(each.resolved_at for each in mine if each.recuses())
    if fixed and any(each.recuses() for each in mine):
        raise StepAsideStands()
    known = {each.seat_id for each in own} - {each.seat_id for each in others}
    gone = supersede(held, [each for each in others if each.resolved_at is None])
    made = [interest(held, seat, Said()) for seat in sorted(seats - known)]
    if not made and not gone:
        return own
    session.add_all(made)
    session.flush()
    record(session, "nothing_declared", held, person_id, made, gone)
    return made or own


def interest(held: Held, seat_id: UUID, said: Said) -> Interest:
    return Interest(
        seat_id=seat_id, subject_kind=interests_hold.subject_of(held.item), subject_id=held.item.id, kind=said.kind,
        text=said.words, effect=said.effect, declared_at=held.at,
    )  # fmt: skip


def supersede(held: Held, rows: Iterable[Interest]) -> list[UUID]:
    """What was said before stays on record, and holds no more."""
    found = list(rows)
    for each in found:
        each.superseded_at = held.at
    return [each.id for each in found]


def record(
    session: Session, kind: str, held: Held, by: UUID, made: list[Interest], gone: list[UUID], **facts: Any
) -> None:
    states: dict[str, list[UUID]] = {SUPERSEDED: gone} if gone else {}
    for each in made:
        states.setdefault(each.effect.value, []).append(each.id)
    event = events.record(
        session, kind, interests_hold.subject_of(held.item), held.item.id, by=by,
        seats=[each.seat_id for each in made], states={Noun.INTEREST: states}, **facts,
    )  # fmt: skip
    event.at = held.at
