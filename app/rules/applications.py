"""Applications: how a form is read, what must be right before it is submitted, and what counts as in time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from app.errors import Refusal
from app.rules import hashing, moves, texts
from app.rules.budgets import Line, amount, line_from, sums, wrong_budget
from app.rules.eligibility import shown
from app.rules.moves import Move
from app.rules.phases import OUR_TIME
from app.rules.phrases import Phrase, phrase
from app.rules.texts import Limits
from app.rules.words import N_, ApplicationState, PaidBy

A = ApplicationState
# What the applicants do; the panel's moves are those of its own rules.
MOVES: tuple[Move[ApplicationState], ...] = (
    Move(A.DRAFT, A.SUBMITTED, "submit", "lead"),
    *(Move(each, A.WITHDRAWN, "withdraw", "lead")
      for each in (A.SUBMITTED, A.IN_REVIEW, A.SHORTLISTED, A.RESERVE, A.SELECTED)),
)  # fmt: skip
FINISHES_WITHIN = timedelta(seconds=60)
MOST_LINES = 40
LONGEST_ANSWER = 12_000
MOST_WORDS = 500
PLAIN: dict[str, Limits] = {
    "title": Limits(3, 200, one_line=True),
    "summary": Limits(20, 4_000),
    "route": Limits(2, 120, one_line=True),
    "hypothesis": Limits(10, 2_000),
}
NUMBERS = ("readiness", "starts", "ends", "asked")
FACTS = ("people", "turnover", "partners", "roadmap")
ANSWER, FACT = "answer-", "fact-"
TEXTS_MERGED = frozenset({"title", "summary", "hypothesis"})


class TooLate(Refusal):
    """Late by one second is late."""

    status: ClassVar[int] = 409
    sentence: ClassVar[str] = N_(
        "The deadline was %(closes)s, and this reached us at %(arrived)s. It was not submitted; what you wrote is kept."
    )


@dataclass(frozen=True)
class Written:
    """A form as far as it can be read: what is wrong in it is None, or empty, here."""

    title: str = ""
    summary: str = ""
    route: str = ""
    hypothesis: str = ""
    readiness: int | None = None
    starts: date | None = None
    ends: date | None = None
    asked: Decimal | None = None
    answers: dict[str, str] = field(default_factory=dict)
    budget: tuple[Line, ...] = ()


def in_time(arrived: datetime, finishing: datetime, closes_at: datetime) -> bool:
    """The one rule of the deadline.

    What counts is the instant at which the request to submit reached the platform, by its clock: it must lie before
    the deadline. The work on it may end after the deadline, within a minute of that instant: an application that was
    sent in time is not late because the platform was slow, and nothing can linger.
    """
    return arrived < closes_at and finishing - arrived <= FINISHES_WITHIN


def is_settled(at: datetime, closes_at: datetime) -> bool:
    """Whether every application that can have been in time is in."""
    return at >= closes_at + FINISHES_WITHIN


def require_move(before: ApplicationState, after: ApplicationState) -> None:
    moves.require(MOVES, before, after)


def typed(
    form: Mapping[str, str], rows: Iterable[Mapping[str, str]], criteria: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """The fields of a form as text that can be stored, right or not; what the call does not ask for is left out."""
    known = [*PLAIN, *NUMBERS, *(FACT + each for each in FACTS), *(ANSWER + each["id"] for each in criteria)]
    fields: dict[str, Any] = {name: kept(name, form.get(name, "")) for name in known}
    fields["budget"] = [row for each in list(rows)[:MOST_LINES] if any((row := kept_row(each)).values())]
    return fields


def kept(name: str, raw: str) -> str:
    """Cleaned so that it can be shown again; what is too long is told at submission, up to a length nobody types."""
    most = LONGEST_ANSWER if name.startswith(ANSWER) else PLAIN[name].maximum * 2 if name in PLAIN else 120
    one_line = not name.startswith(ANSWER) and (name not in PLAIN or PLAIN[name].one_line)
    return texts.clean(raw.replace("\0", "")[: 2 * most], Limits(0, most, one_line)).text[:most]


def kept_row(raw: Mapping[str, str]) -> dict[str, str]:
    """A line of the budget; one that says nothing but who pays is no line."""
    row = {name: kept("line", raw.get(name, ""))[:200] for name in ("what", "amount")}
    source = raw.get("source", "")
    return {**row, "source": source if any(row.values()) and source in set(PaidBy) else ""}


def read(fields: Mapping[str, Any]) -> Written:
    """What the columns of the application hold: of what is wrong, nothing."""
    answers = {
        name.removeprefix(ANSWER).removeprefix(FACT): str(value)
        for name, value in fields.items()
        if name.startswith((ANSWER, FACT)) and value
    }
    return Written(
        title=str(fields.get("title", ""))[:200],
        summary=str(fields.get("summary", ""))[:4_000],
        route=str(fields.get("route", ""))[:120],
        hypothesis=str(fields.get("hypothesis", ""))[:2_000],
        readiness=level(str(fields.get("readiness", ""))),
        starts=day(str(fields.get("starts", ""))),
        ends=later(day(str(fields.get("starts", ""))), day(str(fields.get("ends", "")))),
        asked=amount(str(fields.get("asked", ""))),
        answers=answers,
        budget=tuple(line_from(each) for each in fields.get("budget", [])),
    )


def level(raw: str) -> int | None:
    return int(raw) if raw in {str(each) for each in range(1, 10)} else None


def day(raw: str) -> date | None:
    try:
        found = date.fromisoformat(raw)
    except ValueError:
        return None
    return found if found.year in OUR_TIME else None


def later(starts: date | None, ends: date | None) -> date | None:
    """An end that does not come after the start is none: the table would not keep it."""
    return None if starts is not None and ends is not None and ends <= starts else ends


@dataclass(frozen=True)
class Asked:
    """What the call asks of every application, besides who may apply."""

    criteria: Sequence[Mapping[str, Any]] = ()
    ticket_least: Decimal | None = None
    ticket_most: Decimal | None = None
    budget: Decimal | None = None
    currency: str = ""
    is_about_money: bool = True  # a call for roadmaps gives none


def words_in(text: str) -> int:
    return len(text.split())


def most_words(criterion: Mapping[str, Any]) -> int:
    raw = str(criterion.get("words") or "")
    return int(raw) if raw.isascii() and raw.isdigit() and int(raw) else MOST_WORDS


def problems(fields: Mapping[str, Any], asked: Asked) -> dict[str, Phrase]:
    """What stands between a draft and its submission, by the field it is about."""
    written = read(fields)
    found: dict[str, Phrase] = {}
    for name, limits in PLAIN.items():
        problem = texts.clean(str(fields.get(name, "")), limits).problem
        if problem is not None:
            found[name] = problem
    return (
        found
        | wrong_answers(fields, asked.criteria)
        | wrong_numbers(fields, written)
        | wrong_money(written, asked)
    )


def wrong_answers(fields: Mapping[str, Any], criteria: Sequence[Mapping[str, Any]]) -> dict[str, Phrase]:
    found: dict[str, Phrase] = {}
    for each in criteria:
        name, most = ANSWER + each["id"], most_words(each)
        count = words_in(str(fields.get(name, "")))
        if not count:
            found[name] = Phrase(N_("This criterion has no answer yet."))
        elif count > most:
            found[name] = phrase(
                N_("This answer has %(count)s words; at most %(most)s are read."), count=count, most=most
            )
    return found


def wrong_numbers(fields: Mapping[str, Any], written: Written) -> dict[str, Phrase]:
    found: dict[str, Phrase] = {}
    if written.readiness is None:
        found["readiness"] = Phrase(N_("Say how ready it is at the start, from 1 to 9."))
    if written.starts is None:
        found["starts"] = Phrase(N_("Say on which day the work starts."))
    if written.ends is None:
        is_early = day(str(fields.get("ends", ""))) is not None
        found["ends"] = Phrase(
            N_("The work ends after it starts.") if is_early else N_("Say on which day the work ends.")
        )
    return found


def wrong_money(written: Written, asked: Asked) -> dict[str, Phrase]:
    if not asked.is_about_money and not written.asked and not written.budget:
        return {}
    if not written.asked:
        return {"asked": Phrase(N_("Say how much you ask for, as a number such as 12000 or 12000.50."))}
    bounds = {
        "least": shown(asked.ticket_least),
        "most": shown(asked.ticket_most),
        "currency": asked.currency,
    }
    if asked.ticket_least is not None and written.asked < asked.ticket_least:
        return {"asked": Phrase(N_("This call gives at least %(least)s %(currency)s to each."), bounds)}
    if asked.ticket_most is not None and written.asked > asked.ticket_most:
        return {"asked": Phrase(N_("This call gives at most %(most)s %(currency)s to each."), bounds)}
    if asked.budget is not None and written.asked > asked.budget:
        return {"asked": Phrase(N_("That is more than the whole call has."))}
    return wrong_budget(sums(written.budget, written.asked))


def content(
    fields: Mapping[str, Any], files: Iterable[tuple[str, str]], facts: Mapping[str, Any]
) -> dict[str, Any]:
    """All that is submitted, as plain values: the form, each file by name and hash, and what `facts` says besides."""
    told: dict[str, Any] = hashing.plain({
        "format": "comission-application/1", **facts, "form": dict(fields),
        "files": sorted([{"name": name, "sha256": digest} for name, digest in files], key=hashing.canonical),
    })  # fmt: skip
    return told


def receipt(content: Mapping[str, Any], salt: str) -> str:
    """What the applicants keep: HMAC-SHA-256 of the canonical content, keyed with a salt that only they can read."""
    return hashing.text_hash(hashing.canonical(content).decode(), salt)
