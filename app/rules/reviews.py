"""Reviews: their states, when a round opens, what a review needs to be filed, and a round to be concluded."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import ClassVar

from app.errors import Conflict, NotAcceptable
from app.rules import moves
from app.rules.moves import Move
from app.rules.phrases import Phrase, phrase
from app.rules.words import (
    N_,
    Criterion,
    Grade,
    MissionState,
    ReviewKind,
    ReviewState,
    ReviewVerdict,
    StakeholderGroup,
)

R = ReviewState
REVIEW_MOVES: tuple[Move[ReviewState], ...] = (
    Move(R.SCHEDULED, R.OPEN, "open", "clock"),
    Move(
        R.SCHEDULED, R.FILED, "file", "reviewer"
    ),  # stored as scheduled: that it is open is read from the clock
    Move(R.OPEN, R.FILED, "file", "reviewer"),
    Move(R.SCHEDULED, R.LAPSED, "conclude", "chair"),
    Move(R.FILED, R.CONCLUDED, "conclude", "chair", needs_reason=True),
    Move(R.CONCLUDED, R.ACTED, "answer", "facilitator", needs_reason=True),
)
# What the chair says at the end of a round, and what the mission becomes by it.
BECOMES: dict[ReviewVerdict, MissionState] = {
    ReviewVerdict.READY: MissionState.IN_REVIEW,
    ReviewVerdict.REWORK: MissionState.RETURNED,
    ReviewVerdict.STOPPED: MissionState.FRAMED,
}
# A mission goes to the vote reviewed, or with its review waived for a reason that everyone reads.
ALLOWS_VOTE = frozenset({ReviewVerdict.READY, ReviewVerdict.WAIVED})


class NotReviewed(Conflict):
    sentence: ClassVar[str] = N_(
        "A mission is put to a vote when the committee has reviewed it and the chair has concluded the review as "
        "“Ready for a vote”, or when the chair has waived the review of this very text with a reason."
    )


class ReviewNotOpen(Conflict):
    sentence: ClassVar[str] = N_("This review is “%(state)s”: nothing is written in it now.")


class StillBlind(Conflict):
    sentence: ClassVar[str] = N_(
        "Reviews are read and discussed when all are in, or when their day is over. Until then nobody sees another's."
    )


class NotConcludable(Conflict):
    sentence: ClassVar[str] = N_("The review cannot be concluded yet. %(missing)s")


class ReviewIncomplete(NotAcceptable):
    """`problems` names each field with its sentence; nothing typed is lost."""

    sentence: ClassVar[str] = N_("The review is kept as a draft and not filed yet: something is missing.")

    def __init__(self, problems: Mapping[str, Phrase]) -> None:
        self.problems = dict(problems)
        super().__init__()


def require_move(before: ReviewState, after: ReviewState, *, reason: str = "") -> Move[ReviewState]:
    return moves.require(REVIEW_MOVES, before, after, reason=reason)


def phase(state: ReviewState, opens_at: datetime, at: datetime) -> ReviewState:
    """The effective state: a scheduled review is open from its day on."""
    return R.OPEN if state is R.SCHEDULED and at >= opens_at else state


def is_opened(waiting: int, opened_at: datetime | None, due_at: datetime | None, at: datetime) -> bool:
    """Whether the reviews of a round may be read: all that count are in, or the day is over. It never closes again.

    `waiting` is how many reviews are still to come from seats that may review.
    """
    return waiting == 0 or opened_at is not None or (due_at is not None and at >= due_at)


def allows_vote(
    state: MissionState, version: int, verdict: ReviewVerdict | None, reviewed_version: int
) -> bool:
    """Whether the latest round lets this mission be voted on; a waiver and a framed text hold for that very version."""
    if verdict not in ALLOWS_VOTE:
        return False
    return state is MissionState.IN_REVIEW or version == reviewed_version


GRADE, QUOTE, EVIDENCE, NOTE = "grade", "quote", "evidence", "note"
SOLUTION, SOLUTION_WORDS, SUPPORTS = "solution", "solution_words", "supports"
NONE, NAMES = "none", "names"
LENGTHS = {GRADE: 20, QUOTE: 1_000, EVIDENCE: 300, NOTE: 2_000, SUPPORTS: 20}
# Five questions, each asked twice: as one who fixes a market, and as one who shapes it.
ROWS: dict[str, tuple[str, str, str]] = {
    "justification": (
        N_("Justification: why should the public act?"),
        N_("Which failure of a market does it correct?"),
        N_("Which market or direction does it make that nobody makes alone?"),
    ),
    "business_case": (
        N_("Business case: is it worth it?"),
        N_("What do costs and benefits come to, at today's prices?"),
        N_("What could it set in motion, also beyond its own goal and also if it fails?"),
    ),
    "assumptions": (
        N_("Assumptions: what is taken for granted?"),
        N_("What is held fixed: prices, technologies, what people want?"),
        N_("What is expected to change because of the mission?"),
    ),
    "evaluation": (
        N_("Evaluation: how will one know?"),
        N_("Was the goal reached at the cost that was planned?"),
        N_("Is it moving the right way, and what is learned and changed while it runs?"),
    ),
    "risk": (
        N_("Risk: what can go wrong, and who carries it?"),
        N_("What can the public lose, and how is that kept small?"),
        N_("Which risks are worth taking, and who shares the rewards?"),
    ),
}
FIXING, SHAPING, BOTH = "fixing", "shaping", "both"
FRAMINGS: dict[str, str] = {
    FIXING: N_("More for fixing a market"),
    SHAPING: N_("More for shaping a market"),
    BOTH: N_("For both alike"),
}
QUESTIONS: dict[Criterion, str] = {
    Criterion.BOLD: N_("Is it worth the effort, and for whom? Would it be reached anyway?"),
    Criterion.CONCRETE: N_("Will everyone be able to say whether it was reached, and by when?"),
    Criterion.INVENTIVE: N_(
        "Does it need something that nobody can buy today, and can it still be done in time?"
    ),
    Criterion.CROSSING: N_("Does it need several sectors, kinds of organisations and fields of knowledge?"),
    Criterion.RIVALRY: N_("Are there several ways to the goal, by different people, and is it open to more?"),
}


def fields_of(kind: ReviewKind) -> dict[str, int]:
    """Every field of a form with the most characters it keeps."""
    if kind is ReviewKind.CRITERIA:
        parts = product(Criterion, (GRADE, QUOTE, EVIDENCE, NOTE))
        found = {f"{criterion}_{part}": LENGTHS[part] for criterion, part in parts}
        return {**found, SOLUTION: 20, SOLUTION_WORDS: LENGTHS[QUOTE]}
    pairs = product(ROWS, (FIXING, SHAPING, SUPPORTS))
    return {f"{row}_{part}": LENGTHS.get(part, LENGTHS[NOTE]) for row, part in pairs}


@dataclass(frozen=True)
class Checked:
    """What a service has looked up about quotations and links: the fields whose words or link do not hold."""

    misquoted: Collection[str] = ()
    unlinked: Collection[str] = ()


def problems(kind: ReviewKind, answers: Mapping[str, str], checked: Checked) -> dict[str, Phrase]:
    """What a review lacks to be filed: field → sentence, in the order of the form; empty when nothing."""
    rule = criteria_problems if kind is ReviewKind.CRITERIA else appraisal_problems
    return dict(rule(answers, checked))


def criteria_problems(answers: Mapping[str, str], checked: Checked) -> Iterable[tuple[str, Phrase]]:
    for criterion in Criterion:
        grade, quote, evidence = (f"{criterion}_{part}" for part in (GRADE, QUOTE, EVIDENCE))
        if answers.get(grade) not in set(Grade):
            yield grade, phrase(N_("Choose a grade: %(criterion)s."), criterion=criterion)
        if not answers.get(quote, "").strip() and not answers.get(evidence, "").strip():
            yield (
                quote,
                phrase(
                    N_("Quote words of the mission, or link evidence: %(criterion)s."), criterion=criterion
                ),
            )
        yield from wrong(checked, quote, evidence)
    if answers.get(SOLUTION) not in (NONE, NAMES):
        yield SOLUTION, phrase(N_("Say whether the text names a solution."))
    elif answers[SOLUTION] == NAMES and not answers.get(SOLUTION_WORDS, "").strip():
        yield SOLUTION_WORDS, phrase(N_("Quote the words that name a solution."))
    yield from wrong(checked, SOLUTION_WORDS, "")


def wrong(checked: Checked, quote: str, evidence: str) -> Iterable[tuple[str, Phrase]]:
    if quote in checked.misquoted:
        yield (
            quote,
            phrase(
                N_(
                    "These words do not stand in the mission. Copy them as they are; … may stand for words left out."
                )
            ),
        )
    if evidence in checked.unlinked:
        yield (
            evidence,
            phrase(
                N_(
                    "Give an address that begins with https://, the number of a voice such as #12, "
                    "or the address of a page here."
                )
            ),
        )


def appraisal_problems(answers: Mapping[str, str], _checked: Checked) -> Iterable[tuple[str, Phrase]]:
    """A blank cell of a row refuses filing, and names the row."""
    for row, (title, *_questions) in ROWS.items():
        for column in (FIXING, SHAPING):
            if not answers.get(f"{row}_{column}", "").strip():
                yield f"{row}_{column}", phrase(N_("Fill in both columns. “%(row)s”"), row=Phrase(title))
        if answers.get(f"{row}_{SUPPORTS}") not in FRAMINGS:
            yield (
                f"{row}_{SUPPORTS}",
                phrase(N_("Say which framing your evidence supports. “%(row)s”"), row=Phrase(title)),
            )


@dataclass(frozen=True)
class Standing:
    """What stands in the way of a conclusion: groups without a review, and criteria that nobody has talked about."""

    is_opened: bool
    silent: tuple[StakeholderGroup, ...] = ()
    apart: tuple[Criterion, ...] = ()

    @property
    def missing(self) -> Phrase | None:
        if not self.is_opened:
            return Phrase(StillBlind.sentence)
        if self.silent:
            return phrase(N_("A review is missing from: %(groups)s."), groups=self.silent)
        if self.apart:
            return phrase(
                N_("Grades lie more than two steps apart, and nobody has noted why: %(criteria)s."),
                criteria=self.apart,
            )
        return None


def require_concludable(standing: Standing, verdict: ReviewVerdict) -> None:
    """A round is stopped at any time; every other verdict needs its reviews, and a note where they differ."""
    if verdict is not ReviewVerdict.STOPPED and (missing := standing.missing) is not None:
        raise NotConcludable(missing=missing)
