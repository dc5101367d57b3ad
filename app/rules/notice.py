"""What a ballot waits for: a seconder of another stakeholder group, and time between notice and opening."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import ClassVar

from app.errors import Conflict, Forbidden, NotAcceptable
from app.rules.phrases import At
from app.rules.words import N_, StakeholderGroup

USUAL_HOURS = 48
MOST_HOURS = 90 * 24


class NoticeTooShort(NotAcceptable):
    """People need time to prepare; how much is the committee's own setting, frozen with the vote."""

    sentence: ClassVar[str] = N_(
        "This committee wants %(hours)s hours between the announcement and the first ballot: the vote can open on "
        "%(earliest)s at the earliest."
    )


class SeconderMissing(Conflict):
    sentence: ClassVar[str] = N_(
        "Nobody of another stakeholder group has seconded this question yet. Its page says who may."
    )


class SecondedOtherwise(Conflict):
    """A seconder stands for the question that was read, and for no other."""

    sentence: ClassVar[str] = N_(
        "The question, its options or its rule changed since it was seconded. Keep it as it was, or save it as a "
        "draft and have it seconded again."
    )


class MayNotSecond(Forbidden):
    sentence: ClassVar[str] = N_(
        "A question is seconded by a voting member of another stakeholder group than whoever put it, who has not "
        "stepped aside from it."
    )


def seen_by(needs_seconder: bool) -> str:
    """Who sees a drafted question: where a seconder is wanted, whoever may be asked to second it."""
    if needs_seconder:
        return N_(
            "Until the vote is announced, only the committee's members, its chair and its secretary see this."
        )
    return N_("Until the vote is announced, only the chair and the secretary see this.")


def earliest(noticed: datetime, hours: int) -> datetime:
    """The first instant at which a vote noticed then may open."""
    return noticed + timedelta(hours=hours)


def require_in_time(noticed: datetime, opens: datetime | None, hours: int, zone: str = "UTC") -> None:
    """Refuse a vote that opens before its minimum notice is over; none is asked where it is zero hours.

    `zone` is what the vote's dates are told in.
    """
    if hours and (opens is None or opens < earliest(noticed, hours)):
        raise NoticeTooShort(hours=hours, earliest=At(earliest(noticed, hours), zone))


def is_of_another(
    mine: StakeholderGroup | None, of_proposer: StakeholderGroup | None, seated: Collection[StakeholderGroup]
) -> bool:
    """Whether a seat's group may second; where one group is all there is, it seconds its own."""
    return mine is not None and (mine is not of_proposer or set(seated) <= {of_proposer})
