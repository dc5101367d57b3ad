"""A count in plain words: the arithmetic of an outcome, step by step, and the same figures for storing."""

from collections.abc import Mapping
from typing import Any

from app.rules.phrases import Phrase, phrase
from app.rules.voting.group_majority import GroupFigures, GroupMajority, Outcome, Tally, reaches, share
from app.rules.words import N_, DecisionState, StakeholderGroup

SENTENCES = {
    DecisionState.CARRIED: N_(
        "Carried: every required group is in favour, and overall %(in_favour)s of %(decided)s votes are for."
    ),
    DecisionState.LOST: N_("Not carried: overall %(in_favour)s of %(decided)s votes are for."),
    DecisionState.TIED: N_("Tied, and so not carried: %(in_favour)s for and %(against)s against."),
    DecisionState.INQUORATE: N_("No decision: too few seats voted in at least one group."),
}


def sentence(outcome: Outcome) -> Phrase:
    """The outcome in one sentence."""
    total = outcome.total
    return phrase(
        SENTENCES[outcome.state], in_favour=total.in_favour, against=total.against, decided=total.decided
    )


def steps(outcome: Outcome) -> list[Phrase]:
    """What was asked, group by group and then overall, with the figures that answered it."""
    told = [set_aside(outcome)] if outcome.set_aside else []
    told += [quorum_step(each) for each in outcome.groups]
    if outcome.state is not DecisionState.INQUORATE:
        told += [majority_step(each) for each in outcome.groups if each.required]
        told.append(overall_step(outcome))
    return [*told, sentence(outcome)]


def set_aside(outcome: Outcome) -> Phrase:
    return phrase(
        N_("Ballots of seats that stepped aside, not counted: %(ballots)s."), ballots=outcome.set_aside
    )


def quorum_step(each: GroupFigures) -> Phrase:
    """Whether enough seats of the group voted."""
    facts = {
        "group": each.group,
        "seats": each.seats,
        "cast": each.tally.cast,
        "needed": each.needed,
        "recused": each.recused,
    }
    if not each.seats:
        return Phrase(
            N_("%(group)s: no seat is left to vote (stepped aside: %(recused)s), so there is no decision."),
            facts,
        )
    if each.quorate:
        return Phrase(
            N_("%(group)s: %(cast)s of %(seats)s seats voted; %(needed)s were needed. That is enough."), facts
        )
    return Phrase(
        N_("%(group)s: %(cast)s of %(seats)s seats voted; %(needed)s were needed. That is too few."), facts
    )


def majority_step(each: GroupFigures) -> Phrase:
    """Whether the group is in favour; abstentions are named and weigh nothing."""
    facts = {
        "group": each.group,
        "in_favour": each.tally.in_favour,
        "against": each.tally.against,
        "abstained": each.tally.abstained,
    }
    if each.in_favour:
        words = N_("%(group)s: %(in_favour)s for, %(against)s against, %(abstained)s abstained. In favour.")
    else:
        words = N_(
            "%(group)s: %(in_favour)s for, %(against)s against, %(abstained)s abstained. Not in favour."
        )
    return Phrase(words, facts)


def overall_step(outcome: Outcome) -> Phrase:
    """Whether the votes for reach the share of all votes for and against."""
    facts = {
        "in_favour": outcome.total.in_favour,
        "decided": outcome.total.decided,
        "share": share(outcome.rule.overall),
    }
    if reaches(outcome.rule.overall, outcome.total):
        words = N_(
            "Overall: %(in_favour)s of %(decided)s votes are for; at least %(share)s is needed. Reached."
        )
    else:
        words = N_(
            "Overall: %(in_favour)s of %(decided)s votes are for; at least %(share)s is needed. Not reached."
        )
    return Phrase(words, facts)


def as_facts(outcome: Outcome) -> dict[str, Any]:
    """The outcome as it is stored with the decision; `from_facts` reads it back."""
    return {
        "state": outcome.state.value,
        "rule": outcome.rule.as_facts(),
        "total": tally_facts(outcome.total),
        "set_aside": outcome.set_aside,
        "groups": [
            {
                "group": each.group.value,
                "required": each.required,
                "seats": each.seats,
                "recused": each.recused,
                "needed": each.needed,
                **tally_facts(each.tally),
            }
            for each in outcome.groups
        ],
    }


def tally_facts(tally: Tally) -> dict[str, int]:
    return {"for": tally.in_favour, "against": tally.against, "abstain": tally.abstained}


def read_tally(facts: Mapping[str, Any]) -> Tally:
    return Tally(facts["for"], facts["against"], facts["abstain"])


def from_facts(facts: Mapping[str, Any]) -> Outcome:
    groups = tuple(
        GroupFigures(
            group=StakeholderGroup(row["group"]),
            required=row["required"],
            seats=row["seats"],
            recused=row["recused"],
            needed=row["needed"],
            tally=read_tally(row),
        )
        for row in facts["groups"]
    )
    return Outcome(
        state=DecisionState(facts["state"]),
        rule=GroupMajority.from_facts(facts["rule"]),
        groups=groups,
        total=read_tally(facts["total"]),
        set_aside=facts["set_aside"],
    )
