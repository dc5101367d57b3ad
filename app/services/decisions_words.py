"""A decision in words: its rule before the vote, its result in a sentence, its arithmetic step by step."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.models.decision import Decision
from app.models.mission import Mission
from app.models.money import currency_of
from app.models.motion import Motion
from app.models.offer import offer_of
from app.models.project import Project
from app.models.statement import Statement
from app.rules.labels import label
from app.rules.phrases import Phrase, phrase
from app.rules.voting import explain
from app.rules.voting.quorum import Presence
from app.rules.voting.ruling import Question
from app.rules.voting.table import RULES, Chooses
from app.rules.words import N_, DecisionState, StakeholderGroup, StatementState, SubjectKind
from app.services import application_titles, decisions_freeze, motions, project_titles
from app.services.decisions_rule_words import share

NONE_OF_THESE = "none"  # the option that stands for going on working on it


def titles(session: Session, decision: Decision) -> dict[str, Phrase]:
    """What each option is called: by the words it has today, so that words taken back stand nowhere."""
    if decision.format == decisions_freeze.FIRST_FORMAT:
        return {decisions_freeze.ADOPT: Phrase(N_("Adopt this mission"))}
    if decision.call_id is not None:
        keys = {each["id"]: UUID(each["subject_id"]) for each in decision.options}
        called = application_titles.readable(session, list(keys.values()))
        return {option: called[key] for option, key in keys.items()}
    projects = project_titles.readable(session, among(session, decision))
    return {each["id"]: title(session, each, projects) for each in decision.options}


def among(session: Session, decision: Decision) -> list[Project]:
    """The projects that a question chooses among."""
    keys = [UUID(each["subject_id"]) for each in decision.options if each.get("subject_kind") == "project"]
    return list(session.exec(select(Project).where(col(Project.id).in_(keys)))) if keys else []


def currency(session: Session, decision: Decision) -> str:
    """What its sums are in: that of its call, or of its mission's money lines, where they have one alone."""
    offer = offer_of(session, decision.call_id) if decision.call_id else None
    if offer is not None:
        return offer.currency
    return currency_of(session, decision.mission_id) if decision.mission_id else ""


def title(session: Session, option: Mapping[str, Any], projects: Mapping[UUID, str]) -> Phrase:
    """The title of a mission or a project, the start of an amendment's words, or words of the committee's own."""
    if "title" in option:
        return Phrase(option["title"])
    kind, subject = SubjectKind(option["subject_kind"]), UUID(option["subject_id"])
    if kind is SubjectKind.MISSION:
        return Phrase(session.get_one(Mission, subject).title)
    if kind is SubjectKind.PROJECT:
        return Phrase(projects[subject] or TAKEN_BACK)
    if kind is SubjectKind.MOTION:
        return motions.words(session, session.get_one(Motion, subject))
    statement = session.get_one(Statement, subject)
    if statement.state is not StatementState.VISIBLE or not statement.text:
        return Phrase(TAKEN_BACK)
    return phrase(N_("The words proposed: “%(words)s”"), words=excerpt(statement.text))


def outcome(decision: Decision) -> Phrase:
    """What a counted vote came to, in a word or two: of several options one is chosen, and none is carried."""
    state = DecisionState(decision.outcome)
    if is_answer(decision) or state not in OF_OPTIONS:
        return Phrase(label(state))
    if state is DecisionState.LOST and decision.rule.get("default"):
        return Phrase(N_("None of these"))
    return Phrase(OF_OPTIONS[state])


def is_answer(decision: Decision) -> bool:
    """Whether it asks for or against one thing; every page of a list asks this of each vote."""
    rule = RULES.get(decision.rule.get("name", ""))
    return rule is None or rule.chooses is Chooses.ANSWER


def told_outcome(session: Session, decision: Decision) -> Phrase:
    """The same, with what was chosen named."""
    named = titles(session, decision)
    chosen = tuple(named[each] for each in decision.result["selected"])
    is_chosen = decision.outcome == DecisionState.CARRIED and not is_answer(decision)
    return phrase(N_("Chosen: %(options)s"), options=chosen) if is_chosen else outcome(decision)


OF_OPTIONS = {DecisionState.CARRIED: N_("Chosen"), DecisionState.LOST: N_("Nothing was chosen")}
TAKEN_BACK = N_("Words that somebody took back")
LONGEST = 120


def excerpt(words: str) -> str:
    return words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…"


def bars(
    asked: Question, figures: Mapping[str, Any], presence: Sequence[Presence], *, is_inquorate: bool = False
) -> list[dict[str, Any]]:
    """One line for each group and one overall, as the result component draws them; of votes for or against only."""
    if not asked.is_answer or "total" not in figures or "for" not in figures["total"]:
        return []
    by_group = {row["group"]: row for row in figures["groups"]}
    nobody = {"for": 0, "against": 0, "abstain": 0}
    # A group of an open vote in which nobody voted has a line too; of a secret one its line would be missing anyway.
    rows = [
        bar(by_group.get(each.group, {"group": each.group, **nobody}), each)
        for each in presence
        if each.group in by_group or (each.seats and not asked.terms.secret)
    ]
    total = figures["total"]
    overall = {
        "in_favour": total["for"],
        "against": total["against"],
        "abstain": total["abstain"],
        "seats": sum(each.seats for each in presence),
        "group": "overall",
        **overall_verdict(asked, figures, is_inquorate=is_inquorate),
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


def overall_verdict(
    asked: Question, figures: Mapping[str, Any], *, is_inquorate: bool = False
) -> dict[str, Any]:
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
    elif is_inquorate:
        is_reached, said = False, N_("%(n)s of %(all)s for, and too few voted")
    facts = {"n": total["for"], "all": decided, "share": share(needed)}
    return {"verdict": Phrase(said, facts), "favours": is_reached}
