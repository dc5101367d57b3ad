"""Interests: who resolves one, so that nobody judges what concerns them or what they raised."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID

from app.errors import Conflict, Forbidden, NotAcceptable
from app.rules.words import N_, InterestEffect, InterestKind

# What people choose from; the others say that there is nothing, or are told by the platform.
DECLARED = tuple(kind for kind in InterestKind if kind not in (InterestKind.NOTHING, InterestKind.SUSPENDED))


class NotTheResolver(Forbidden):
    sentence: ClassVar[str] = N_(
        "The chair says what comes of an interest; of what concerns the chair, or the chair raised, the deputy. "
        "Nobody resolves their own."
    )


class ResolvedAlready(Conflict):
    sentence: ClassVar[str] = N_(
        "Nothing is left to resolve here: it was resolved meanwhile, or its seat stepped aside."
    )


class ReasonNeeded(NotAcceptable):
    sentence: ClassVar[str] = N_("Say why, in a sentence: the person concerned reads it.")


@dataclass(frozen=True)
class Case:
    """Whom an interest concerns and who raised it, and who holds the offices; all are people."""

    concerned: UUID
    raised_by: UUID | None = None
    chairs: Collection[UUID] = field(default=())
    deputies: Collection[UUID] = field(default=())
    away: Collection[UUID] = field(default=())

    def resolvers(self) -> set[UUID]:
        """The chair; the deputy where the chair is concerned, raised it, is away, or there is none."""
        barred = {self.concerned, self.raised_by, *self.away}
        return set(self.chairs) - barred or set(self.deputies) - barred


def require_resolution(effect: InterestEffect, *, was_raised: bool, reason: str) -> None:
    """What a person said of themselves is not called unfounded; what changes anything for them has a reason."""
    if effect is InterestEffect.UNFOUNDED and not was_raised:
        raise NotTheResolver()
    if (was_raised or effect is InterestEffect.RECUSE) and not reason.strip():
        raise ReasonNeeded()
