"""A decision in words: its rule before the vote, its result in a sentence, its arithmetic step by step."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.models.decision import Decision
from app.models.mission import Mission, Project
from app.models.statement import Statement
from app.rules.phrases import Phrase, phrase
from app.rules.voting import explain, group_majority
from app.rules.voting.quorum import Presence
from app.rules.voting.ruling import Question
from app.rules.words import N_, StakeholderGroup, StatementState, SubjectKind
from app.services import decisions_freeze

# The shares people know by name; any other is read as a fraction.
SHARES = {Fraction(1, 2): N_("half"), Fraction(2, 3): N_("two thirds"), Fraction(3, 4): N_("three quarters")}
NONE_OF_THESE = "none"  # the option that stands for going on working on it


def share(fraction: Fraction) -> Phrase:
    return Phrase(SHARES.get(fraction, f"{fraction.numerator}/{fraction.denominator}"))


def titles(session: Session, decision: Decision) -> dict[str, Phrase]:
    """What each option is called: by the words it has today, so that words taken back stand nowhere."""
    if decision.format == decisions_freeze.FIRST_FORMAT:
        return {decisions_freeze.ADOPT: Phrase(N_("Adopt this mission"))}
    return {each["id"]: title(session, each) for each in decision.options}


def title(session: Session, option: Mapping[str, Any]) -> Phrase:
    """The title of a mission or a project, the start of an amendment's words, or words of the committee's own."""
    if "title" in option:
        return Phrase(option["title"])
    kind, subject = SubjectKind(option["subject_kind"]), UUID(option["subject_id"])
    if kind is SubjectKind.MISSION:
        return Phrase(session.get_one(Mission, subject).title)
    if kind is SubjectKind.PROJECT:
        return Phrase(session.get_one(Project, subject).title or TAKEN_BACK)
    statement = session.get_one(Statement, subject)
    if statement.state is not StatementState.VISIBLE or not statement.text:
        return Phrase(TAKEN_BACK)
    return phrase(N_("The words proposed: “%(words)s”"), words=excerpt(statement.text))


TAKEN_BACK = N_("Words that somebody took back")
LONGEST = 120


def excerpt(words: str) -> str:
    return words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…"


def bars(asked: Question, figures: Mapping[str, Any], presence: Sequence[Presence]) -> list[dict[str, Any]]:
    """One line for each group and one overall, as the result component draws them; of votes for or against only."""
    if not asked.is_answer or "total" not in figures or "for" not in figures["total"]:
        return []
    by_group = {row["group"]: row for row in figures["groups"]}
    rows = [bar(by_group[each.group], each) for each in presence if each.group in by_group]
    total = figures["total"]
    overall = {
        "in_favour": total["for"],
        "against": total["against"],
        "abstain": total["abstain"],
        "seats": sum(each.seats for each in presence),
        "group": "overall",
        **overall_verdict(asked, figures),
    }
    return [*rows, overall]


def bar(row: Mapping[str, Any], each: Presence) -> dict[str, Any]:
    said = N_("In favour") if explain.favours(row) else N_("Not in favour")
    if not each.quorate:
        said = N_("Too few voted")
    return {
        "in_favour": row["for"],
        "against": row["against"],
        "abstain": row["abstain"],
        "seats": each.seats,
        "group": StakeholderGroup(row["group"]),
        "verdict": Phrase(said),
        "favours": each.quorate and explain.favours(row),
    }


def overall_verdict(asked: Question, figures: Mapping[str, Any]) -> dict[str, Any]:
    """The overall share by itself: what the groups said stands in their own lines."""
    total, settings = figures["total"], asked.settings_facts
    decided = total["for"] + total["against"]
    needed = Fraction(settings.get("overall") or settings.get("share") or "1/2")
    found = Fraction(figures["share"]) if "share" in figures else Fraction(total["for"], decided or 1)
    is_reached = bool(decided) and found >= needed
    said = (
        N_("%(n)s of %(all)s for: enough") if is_reached else N_("%(n)s of %(all)s for: less than %(share)s")
    )
    if not decided:
        said = N_("Nobody voted for or against")
    facts = {"n": total["for"], "all": decided, "share": share(needed)}
    return {"verdict": Phrase(said, facts), "favours": is_reached}


def rule_sentences(asked: Question) -> list[Phrase]:
    """The rule as people read it before they vote, in the figures that were frozen."""
    told = [group_majority_sentence(asked)] if asked.of_table.name == group_majority.NAME else [
        Phrase(asked.of_table.plain)
    ]  # fmt: skip
    words = N_(
        "In each group more than %(share)s of the seats must vote. An abstention counts as having voted, "
        "and for nothing else. A tie is not carried."
    )
    if not asked.is_answer:
        words = N_("In each group more than %(share)s of the seats must vote.")
    told.append(phrase(words, share=share(asked.terms.quorum)))
    if asked.terms.weights:
        told.append(phrase(N_("Every group has the same say, however many seats it has, times its weight.")))
    if asked.terms.lot:
        told.append(phrase(N_("A tie is ended by a public lot, drawn with: %(lot)s."), lot=asked.terms.lot))
    return told


def group_majority_sentence(asked: Question) -> Phrase:
    settings = asked.settings
    facts = {"groups": len(settings.required), "share": share(settings.overall), "enough": settings.enough}
    if settings.enough is not None:
        words = N_(
            "It is carried if %(enough)s of the %(groups)s groups are in favour, no group has less than %(floor)s "
            "for, and of all votes for and against at least %(share)s are for."
        )
        return Phrase(words, {**facts, "floor": share(settings.floor)})
    words = N_(
        "It is carried if in each of the %(groups)s groups more vote for than against, "
        "and of all votes for and against at least %(share)s are for."
    )
    return Phrase(words, facts)
