"""After a result is certified: how long it can be challenged, when a question may be asked again, what a margin is."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import ClassVar

from app.errors import Conflict
from app.rules.phrases import At
from app.rules.words import N_, DecisionState

DAYS_TO_CHALLENGE = 14
COOLING_OFF = timedelta(days=90)
D = DecisionState
AFTER_CERTIFICATION = frozenset({D.CERTIFIED, D.CHALLENGED, D.UPHELD, D.DISMISSED})


class TooLate(Conflict):
    sentence: ClassVar[str] = N_(
        "A result can be challenged for %(days)s days after it is certified; that was until %(until)s."
    )


class ChallengeWaits(Conflict):
    sentence: ClassVar[str] = N_("A challenge of the earlier vote is not resolved yet.")


class CoolingOff(Conflict):
    """No endless asking until the answer pleases."""

    sentence: ClassVar[str] = N_(
        "The committee has decided on this. The same question can be asked again in %(days)s days, on a changed text, "
        "or at once if a challenge is upheld."
    )


class NothingChanged(Conflict):
    sentence: ClassVar[str] = N_(
        "The committee has voted on exactly this text. It can vote again when the text was changed."
    )


def until(certified_at: datetime) -> datetime:
    return certified_at + timedelta(days=DAYS_TO_CHALLENGE)


def require_in_time(certified_at: datetime, at: datetime, zone: str = "UTC") -> None:
    if at > until(certified_at):
        raise TooLate(days=DAYS_TO_CHALLENGE, until=At(until(certified_at), zone))


def require_revote_possible(
    last: DecisionState, outcomes: Sequence[DecisionState], since: timedelta, *, settled: bool, changed: bool
) -> None:
    """Whether a mission may be voted on again, `since` its last vote was certified.

    `last` is the state of that vote; `outcomes` of all that were certified, the latest first; `settled` says whether
    it said yes or no to this very mission; `changed` whether the text is another now. After an upheld challenge it may
    at once. Where too few voted it may once more at once. What was settled rests for ninety days; anything else, a tie
    or a choice that fell on others, asks for a changed text.
    """
    if last is D.UPHELD:
        return
    if last is D.CHALLENGED:
        raise ChallengeWaits()
    if outcomes[0] is D.INQUORATE and D.INQUORATE not in outcomes[1:2]:
        return
    if settled and since < COOLING_OFF:
        raise CoolingOff(days=(COOLING_OFF - since).days + 1)
    if not changed:
        raise NothingChanged()


Outcome = tuple[DecisionState, tuple[str, ...]]


def is_materially_affected(outcome: Outcome, with_doubtful: Iterable[Outcome]) -> bool:
    """Whether ballots that were set aside or are in doubt could have changed what came out.

    `with_doubtful` are the outcomes with all of them added, each time saying one thing. After the rule by which an
    election is voided in New South Wales (2021): as many in doubt as the margin is enough.
    """
    return any(each != outcome for each in with_doubtful)
