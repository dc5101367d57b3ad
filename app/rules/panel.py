"""What a panel makes of an application: its states, when a shortlist is possible, marks side by side, blindness."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from app.errors import Conflict, NotAcceptable
from app.rules import merit, moves
from app.rules.merit import ORDER, Profile
from app.rules.moves import Move
from app.rules.phrases import Phrase, phrase
from app.rules.words import N_, ApplicationState, Grade

A = ApplicationState
# What the agency and the panel do; the applicants' moves are those of `rules.applications`.
MOVES: tuple[Move[ApplicationState], ...] = (
    Move(A.SUBMITTED, A.IN_REVIEW, "find_eligible", "facilitator"),
    Move(A.SUBMITTED, A.INELIGIBLE, "find_ineligible", "facilitator", needs_reason=True),
    # A mistake is put right; both findings stay on record.
    Move(A.INELIGIBLE, A.IN_REVIEW, "find_eligible", "facilitator", needs_reason=True),
    Move(A.IN_REVIEW, A.SHORTLISTED, "shortlist", "panel", needs_reason=True),
    Move(A.IN_REVIEW, A.DECLINED, "decline", "panel", needs_reason=True),
)
# What the panel knows of: before it is found eligible an application is the agency's to check.
PANELS = frozenset({A.IN_REVIEW, A.SHORTLISTED, A.SELECTED, A.RESERVE, A.DECLINED})
INTERVIEWED = frozenset({A.SHORTLISTED, A.SELECTED, A.RESERVE})
GRADE, NOTE, OVERALL = "grade", "note", "overall"
LENGTHS = {GRADE: 20, NOTE: 3_000, OVERALL: 3_000}
SHORTEST_NOTE = 3
HIDDEN = "▇▇▇"
# Shorter names stand in too many words.
SHORTEST_NAME = 3


class TooFewReviews(Conflict):
    sentence: ClassVar[str] = N_(
        "This application has %(found)s of the %(wanted)s reviews that it needs: nothing is decided on it before. "
        "Ask more of the panel to review it."
    )


class StillBlind(Conflict):
    sentence: ClassVar[str] = N_(
        "Reviews are still to come, and their day is not over: nothing is decided before they can be read."
    )


class NotSettled(Conflict):
    sentence: ClassVar[str] = N_(
        "The deadline passed less than a minute ago: what was sent in time may still be arriving. Try again then."
    )


class ReviewLacks(NotAcceptable):
    """`problems` names each field with its sentence; nothing typed is lost."""

    sentence: ClassVar[str] = N_("The review is kept as a draft and not filed yet: something is missing.")

    def __init__(self, problems: Mapping[str, Phrase]) -> None:
        self.problems = dict(problems)
        super().__init__()


def require_move(before: ApplicationState, after: ApplicationState, reason: str = "") -> None:
    moves.require(MOVES, before, after, reason=reason)


def require_reviewed(found: int, wanted: int, *, is_open: bool) -> None:
    """Nothing is decided on an application before enough people have reviewed it and everyone can read it."""
    if not is_open:
        raise StillBlind()
    if found < wanted:
        raise TooFewReviews(found=found, wanted=wanted)


def fields_of(criteria: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Every field of a review with the most characters it keeps; its criteria are those of the call."""
    marks = {f"{each['id']}_{part}": LENGTHS[part] for each in criteria for part in (GRADE, NOTE)}
    return marks | {OVERALL: LENGTHS[OVERALL]}


def problems(answers: Mapping[str, str], criteria: Iterable[Mapping[str, Any]]) -> dict[str, Phrase]:
    """What a review lacks to be filed: a mark for each criterion, and words that say why."""
    found: dict[str, Phrase] = {}
    for each in criteria:
        grade, note = f"{each['id']}_{GRADE}", f"{each['id']}_{NOTE}"
        if answers.get(grade) not in set(Grade):
            found[grade] = phrase(N_("Choose a mark: %(criterion)s."), criterion=each["title"])
        if len(answers.get(note, "").strip()) < SHORTEST_NOTE:
            found[note] = phrase(N_("Say why, in a sentence: %(criterion)s."), criterion=each["title"])
    return found


@dataclass(frozen=True)
class Marked:
    """One criterion with the marks of everyone who reviewed, side by side and never averaged."""

    id: str
    title: str
    weight: int
    profile: Profile


def marked(criteria: Iterable[Mapping[str, Any]], reviews: Collection[Mapping[str, str]]) -> list[Marked]:
    return [
        Marked(each["id"], each["title"], int(each["weight"]), merit.profile(grades_in(each["id"], reviews)))
        for each in criteria
    ]


def grades_in(criterion: str, reviews: Collection[Mapping[str, str]]) -> list[Grade]:
    told = [each.get(f"{criterion}_{GRADE}", "") for each in reviews]
    return [Grade(each) for each in told if each in set(Grade)]


def by_weight(marks: Sequence[Marked]) -> list[tuple[Grade, int]]:
    """For each grade the weight, of 100, of the criteria that more than half of the reviewers mark at least so."""
    reached = [
        (sum(each.weight for each in marks if each.profile.majority in ORDER[: place + 1]), grade)
        for place, grade in enumerate(ORDER)
    ]
    return [(grade, weight) for weight, grade in reached]


def masked(text: str, names: Iterable[str]) -> str:
    """The text without these names, however they are spaced and written in capitals or not."""
    for name in sorted({" ".join(each.split()) for each in names}, key=len, reverse=True):
        if len(name) >= SHORTEST_NAME:
            spaced = r"\s+".join(re.escape(part) for part in name.split())
            text = re.sub(rf"(?<!\w){spaced}(?!\w)", HIDDEN, text, flags=re.IGNORECASE)
    return text
