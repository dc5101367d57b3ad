"""A count in plain words: the arithmetic of an outcome, step by step, and the same figures for storing."""

from collections.abc import Mapping
from typing import Any

from app.rules.phrases import Phrase, phrase
from app.rules.voting.group_majority import GroupFigures, GroupMajority, Outcome, Tally, reaches, share
from app.rules.words import N_, DecisionState, StakeholderGroup

CARRIED = N_("Carried: every required group is in favour, and overall %(in_favour)s of %(decided)s are for.")
TIED = N_("Tied, and so not carried: %(in_favour)s for and %(against)s against.")
INQUORATE = N_("No decision: too few seats voted in: %(groups)s.")
# What a vote that is not carried fell short of: the overall share, the majority of each group, or both.
LOST_OVERALL = N_(
    "Not carried: every required group is in favour, but overall only %(in_favour)s of %(decided)s are for, "
    "and at least %(share)s is needed."
)
LOST_IN_GROUPS = N_(
    "Not carried: no majority in favour in: %(groups)s. Overall %(in_favour)s of %(decided)s are for, which would "
    "be enough, but every required group must be in favour too."
)
LOST_IN_BOTH = N_(
    "Not carried: no majority in favour in: %(groups)s; and overall only %(in_favour)s of %(decided)s are for, "
    "where at least %(share)s is needed."
)


def sentence(outcome: Outcome) -> Phrase:
    """The outcome in one sentence that names every rule which was not met."""
    total, state = outcome.total, outcome.state
    if state is DecisionState.CARRIED:
        return phrase(CARRIED, in_favour=total.in_favour, decided=total.decided)
    if state is DecisionState.TIED:
        return phrase(TIED, in_favour=total.in_favour, against=total.against)
    if state is DecisionState.INQUORATE:
        return phrase(INQUORATE, groups=tuple(each.group for each in outcome.groups if not each.quorate))
    return lost_sentence(outcome)


def lost_sentence(outcome: Outcome) -> Phrase:
    against = tuple(each.group for each in outcome.groups if each.required and not each.in_favour)
    words = LOST_IN_BOTH
    if not against:
        words = LOST_OVERALL
    elif reaches(outcome.rule.overall, outcome.total):
        words = LOST_IN_GROUPS
    return phrase(
        words,
        groups=against,
        in_favour=outcome.total.in_favour,
        decided=outcome.total.decided,
        share=share(outcome.rule.overall),
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
        words = N_(
            "%(group)s: no seat is left to vote (stepped aside: %(recused)s), so there is no decision."
        )
    elif each.seats == 1:
        words = (
            N_("%(group)s: its one seat voted. That is enough.")
            if each.quorate
            else N_("%(group)s: its one seat did not vote. That is too few.")
        )
    elif each.quorate:
        words = N_(
            "%(group)s: %(cast)s of %(seats)s seats voted; at least %(needed)s had to. That is enough."
        )
    else:
        words = N_(
            "%(group)s: %(cast)s of %(seats)s seats voted; at least %(needed)s had to. That is too few."
        )
    return Phrase(words, facts)


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
            "%(group)s: %(in_favour)s for, %(against)s against, %(abstained)s abstained. Not in favour: "
            "more must be for than against."
        )
    return Phrase(words, facts)


def overall_step(outcome: Outcome) -> Phrase:
    """Whether the votes for reach the share of all votes for and against."""
    facts = {
        "in_favour": outcome.total.in_favour,
        "decided": outcome.total.decided,
        "share": share(outcome.rule.overall),
    }
    if not outcome.total.decided:
        words = N_("Overall: nobody voted for or against; at least %(share)s for is needed. Not reached.")
    elif reaches(outcome.rule.overall, outcome.total):
        words = N_("Overall: %(in_favour)s of %(decided)s are for; at least %(share)s is needed. Reached.")
    else:
        words = N_(
            "Overall: %(in_favour)s of %(decided)s are for; at least %(share)s is needed. Not reached."
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
