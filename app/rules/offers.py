"""Offers: criteria that build an application's form, stages it is paid in, and what a call lacks before it opens."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import pairwise
from typing import Any, ClassVar

from app.errors import Refusal
from app.rules.gates import Gate
from app.rules.phrases import Phrase, phrase
from app.rules.words import N_

ALL = 100
MOST_CRITERIA = 20
MOST_STAGES = 20
MOST_RULES = 20
WORDS = range(10, 5_001)
USUAL_WORDS = 500


class CriteriaDoNotFit(Refusal):
    status: ClassVar[int] = 422
    sentence: ClassVar[str] = N_(
        "Each criterion needs a name, a question, and a weight of at least 1: “%(which)s”."
    )


class WeightsDoNotAddUp(Refusal):
    status: ClassVar[int] = 422
    sentence: ClassVar[str] = N_("The weights must add up to 100. Now they add up to %(sum)s.")


class StagesDoNotFit(Refusal):
    status: ClassVar[int] = 422
    sentence: ClassVar[str] = N_(
        "Each stage needs a name, what is handed in, and a day later than the stage before: “%(which)s”."
    )


@dataclass(frozen=True)
class Criterion:
    """What is judged, and the question whose answer it is judged by; `words` is how many an answer may have."""

    id: str
    title: str
    question: str
    help: str = ""
    weight: int = 0
    words: int = USUAL_WORDS


@dataclass(frozen=True)
class Stage:
    """What is handed in by when."""

    title: str
    due: date
    deliverable: str

    def as_facts(self) -> dict[str, str]:
        return {"title": self.title, "due": self.due.isoformat(), "deliverable": self.deliverable}


def read_criteria(raw: Iterable[Mapping[str, Any]]) -> list[Criterion]:
    """The criteria as `Offer.criteria` keeps them."""
    return [
        Criterion(
            str(each["id"]), each["title"], each["question"], each.get("help", ""), int(each.get("weight", 0)),
            int(each.get("words") or USUAL_WORDS),
        )
        for each in raw
    ]  # fmt: skip


def kept_criteria(criteria: Sequence[Criterion]) -> list[dict[str, Any]]:
    """As they are kept, once they are whole; none at all is fine while drafting."""
    for each in criteria:
        if not each.title or not each.question or each.weight < 1 or each.words not in WORDS:
            raise CriteriaDoNotFit(which=each.title or each.question or "?")
    total = sum(each.weight for each in criteria)
    if criteria and total != ALL:
        raise WeightsDoNotAddUp(sum=total)
    return [asdict(each) for each in criteria]


def read_stages(raw: Iterable[Mapping[str, Any]]) -> list[Stage]:
    """The stages as `Offer.stages` keeps them."""
    return [Stage(each["title"], date.fromisoformat(each["due"]), each["deliverable"]) for each in raw]


def kept_stages(stages: Sequence[Stage]) -> list[dict[str, str]]:
    for each in stages:
        if not each.title or not each.deliverable:
            raise StagesDoNotFit(which=each.title or each.deliverable or "?")
    for before, after in pairwise(stages):
        if after.due <= before.due:
            raise StagesDoNotFit(which=after.title)
    return [each.as_facts() for each in stages]


@dataclass(frozen=True)
class Parts:
    """What a call must say before anybody applies, each as "is it there?"; `ordered`: stages follow the decision.

    `before` is None where nobody has to be selected in a call before.
    """

    brief: bool
    aim: bool  # a mission or a challenge
    known: bool  # of a mission, that anyone may know of it
    before: bool | None  # the call whose selected applicants may apply
    instrument: bool
    money: bool
    tickets: bool
    criteria: bool
    stages: bool
    ordered: bool
    terms: bool
    panel: bool
    dates: bool


# Each part with what it is called when it is there, and what to do while it is not.
CHECKLIST: tuple[tuple[str, str, str], ...] = (
    ("brief", N_("A brief says what it is about"), N_("Write the brief.")),
    ("aim", N_("It serves a mission or names a challenge"), N_("Choose a mission, or name the challenge.")),
    (
        "known",
        N_("The mission that it serves is public"),
        N_("Publish the question that the mission belongs to, or choose another mission."),
    ),
    (
        "before",
        N_("It says which call selects those who may apply"),
        N_("Choose which call went before this one, or let others apply too."),
    ),
    ("instrument", N_("Its instrument is chosen"), N_("Choose an instrument.")),
    ("money", N_("Its budget is named"), N_("Name the budget.")),
    (
        "tickets",
        N_("It says how much one may ask for"),
        N_("Name the least and the most, within the budget."),
    ),
    ("criteria", N_("Its criteria have weights that add up to 100"), N_("Write the criteria.")),
    ("stages", N_("Its stages have dates and what is handed in"), N_("Add a stage.")),
    (
        "ordered",
        N_("Its stages come after the decision"),
        N_("Move the stages, or the day of the decision."),
    ),
    ("terms", N_("Its terms on intellectual property are written"), N_("Write the terms.")),
    ("panel", N_("A panel judges the applications"), N_("Choose a committee.")),
    (
        "dates",
        N_("It says until when applications are checked, reviewed and decided"),
        N_("Add the dates."),
    ),
)


def gates(parts: Parts) -> list[Gate]:
    """What has to be there before publishing, as a checklist; the key of a gate names its part."""
    found = []
    for key, title, missing in CHECKLIST:
        met: bool | None = getattr(parts, key)
        if met is not None:
            found.append(Gate(key, title, met=met, missing=None if met else Phrase(missing)))
    return found


class OfferIncomplete(Refusal):
    status: ClassVar[int] = 409
    sentence: ClassVar[str] = N_("Not yet: %(missing)s")


def require_complete(parts: Parts) -> None:
    """Refuse to publish a call that lacks something, naming all of it."""
    missing = [each.missing for each in gates(parts) if each.missing is not None]
    if missing:
        raise OfferIncomplete(missing=missing)


def too_many_words(answer: str, criterion: Criterion) -> Phrase | None:
    """The sentence for an answer that is longer than its criterion allows."""
    count = len(answer.split())
    if count <= criterion.words:
        return None
    return phrase(N_("This has %(count)s words; at most %(most)s fit."), count=count, most=criterion.words)
