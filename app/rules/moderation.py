"""Why a text may be hidden: the only rules, with the words its author and the public log are shown."""

from dataclasses import dataclass
from enum import StrEnum, auto
from typing import ClassVar

from app.errors import Refusal
from app.rules.words import N_, SubmissionState


class HidingRule(StrEnum):
    PERSONAL_DATA = auto()
    INSULT = auto()
    OFF_TOPIC_ADVERT = auto()
    ILLEGAL = auto()
    REPEATED = auto()
    IMPERSONATION = auto()
    REJECTED_IN_SOURCE = auto()


@dataclass(frozen=True)
class Explanation:
    title: str
    explanation: str


RULES: dict[HidingRule, Explanation] = {
    HidingRule.PERSONAL_DATA: Explanation(
        N_("Someone's private details"),
        N_("It gives a private person's name, address, telephone number, document or health."),
    ),
    HidingRule.INSULT: Explanation(
        N_("Insult, threat or hatred"),
        N_("It attacks people. Hard criticism of an idea or an institution is welcome."),
    ),
    HidingRule.OFF_TOPIC_ADVERT: Explanation(
        N_("Advertising"),
        N_("It sells or promotes something and does not answer the question."),
    ),
    HidingRule.ILLEGAL: Explanation(
        N_("Against the law"),
        N_("Publishing it would break the law. The moderator's note says which rule."),
    ),
    HidingRule.REPEATED: Explanation(
        N_("The same text many times"),
        N_("The same author sent this text before. The first one stays."),
    ),
    HidingRule.IMPERSONATION: Explanation(
        N_("Speaking as someone else"),
        N_("It claims to come from a person or an institution that did not send it."),
    ),
    HidingRule.REJECTED_IN_SOURCE: Explanation(
        N_("Rejected in the source"),
        N_("It was imported from another consultation, whose moderators had rejected it there."),
    ),
}
# A moderator chooses among these; the last rule is only for the import.
CHOOSABLE = tuple(rule for rule in RULES if rule is not HidingRule.REJECTED_IN_SOURCE)


class RuleUnknown(Refusal):
    """Nothing is hidden because somebody dislikes it."""

    status: ClassVar[int] = 422
    sentence: ClassVar[str] = N_("Choose the rule that this text breaks. Without a rule it stays visible.")


def title_of(key: str) -> str:
    """What people read for a rule that was kept by its key."""
    return RULES[HidingRule(key)].title if key in set(HidingRule) else key


class Decider(StrEnum):
    """Whether a moderator decides on an appeal, or has to leave it to another one."""

    FREE = auto()
    ANOTHER = auto()
    ONLY = auto()


def decider(by: object, hidden_by: object, others: bool) -> Decider:
    """Who hid something does not judge that act, unless the agency has nobody else; then the log says so."""
    if hidden_by is None or by != hidden_by:
        return Decider.FREE
    return Decider.ANOTHER if others else Decider.ONLY


def returns_to(before: SubmissionState | None, *, is_confirmed: bool) -> SubmissionState:
    """What a voice is once its hiding is undone: what it was before.

    What waited for its author's address waits for it again, unless that was confirmed meanwhile. An imported text
    that came hidden was nothing before, and is visible.
    """
    if before is SubmissionState.SUBMITTED and is_confirmed:
        return SubmissionState.VISIBLE
    return before or SubmissionState.VISIBLE


def require_rule(key: str) -> HidingRule:
    if key not in set(CHOOSABLE):
        raise RuleUnknown()
    return HidingRule(key)
