"""How often each act may be done: enough for anyone in earnest, too little for a machine."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum, auto

from app.errors import TooMany


class Limited(StrEnum):
    SIGN_IN_ACCOUNT = auto()
    SIGN_IN_ADDRESS = auto()
    SIGN_UP = auto()
    RESET = auto()
    RESET_ADDRESS = auto()
    SUBMIT = auto()
    SAVE_DRAFT = auto()
    ENDORSE = auto()
    COMMENT = auto()
    OBJECT = auto()
    AMEND = auto()
    REPORT = auto()
    APPEAL = auto()
    SIMILAR = auto()
    VOTE = auto()
    GROUP = auto()
    IMPORT = auto()
    DRAFT_WORDING = auto()
    EXPORT = auto()
    BUNDLE_ANEW = auto()
    APPLY = auto()
    INVITE = auto()
    INVITED = auto()
    UPLOAD = auto()
    PLEDGE = auto()
    READINGS = auto()
    PAPER = auto()


@dataclass(frozen=True)
class Rate:
    """At most `count` times in each window of `seconds`."""

    count: int
    seconds: int


MINUTE, HOUR, DAY = 60, 3_600, 86_400
# Counted for each account or person, and for each network address where the name says so; sign-up and
# similar are counted by address too. Offices and libraries share one address, hence its larger figures.
RATES: dict[Limited, Rate] = {
    Limited.SIGN_IN_ACCOUNT: Rate(10, 15 * MINUTE),
    Limited.SIGN_IN_ADDRESS: Rate(100, 15 * MINUTE),
    Limited.SIGN_UP: Rate(20, HOUR),
    Limited.RESET: Rate(5, HOUR),
    Limited.RESET_ADDRESS: Rate(20, HOUR),
    Limited.SUBMIT: Rate(30, HOUR),
    Limited.SAVE_DRAFT: Rate(120, MINUTE),
    Limited.ENDORSE: Rate(120, 10 * MINUTE),
    Limited.COMMENT: Rate(30, HOUR),
    Limited.OBJECT: Rate(10, DAY),
    Limited.AMEND: Rate(20, DAY),
    Limited.REPORT: Rate(20, HOUR),
    Limited.APPEAL: Rate(10, DAY),
    Limited.SIMILAR: Rate(120, MINUTE),
    Limited.VOTE: Rate(60, HOUR),
    Limited.GROUP: Rate(30, HOUR),
    Limited.IMPORT: Rate(60, HOUR),
    Limited.DRAFT_WORDING: Rate(20, HOUR),
    Limited.EXPORT: Rate(60, HOUR),
    Limited.BUNDLE_ANEW: Rate(10, HOUR),
    Limited.APPLY: Rate(20, HOUR),
    Limited.INVITE: Rate(30, DAY),
    Limited.INVITED: Rate(5, DAY),
    Limited.UPLOAD: Rate(60, HOUR),
    Limited.PLEDGE: Rate(20, DAY),
    Limited.READINGS: Rate(600, HOUR),
    Limited.PAPER: Rate(60, HOUR),
}


def key(act: Limited, who: str) -> str:
    """The row to count in; `who` is an id or a salted hash, never a plain address."""
    return f"{act}:{who}"


def window_start(act: Limited, now: datetime) -> datetime:
    """When the window holding this instant began: windows stand still, so that two processes agree."""
    seconds = RATES[act].seconds
    return datetime.fromtimestamp(now.timestamp() // seconds * seconds, UTC)


def require(act: Limited, count: int, now: datetime) -> None:
    """Refuse when `count`, this try included, goes over the limit; says how long to wait."""
    if count > RATES[act].count:
        raise TooMany(minutes=minutes_left(act, now))


def minutes_left(act: Limited, now: datetime) -> int:
    """Whole minutes until the window ends, at least one."""
    ends = window_start(act, now) + timedelta(seconds=RATES[act].seconds)
    return max(1, -int((now - ends).total_seconds() // 60))
