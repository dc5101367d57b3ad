"""What the page of a result draws, for each rule: plain rows from the stored figures, to be read as a table too."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any

from app.rules import suppression
from app.rules.voting import majority_judgment
from app.rules.voting.outcome import Grade as Mark
from app.rules.voting.profile import HIGHEST_GRADE
from app.rules.voting.ruling import Question
from app.rules.words import Criterion, DecisionState, Grade, StakeholderGroup
from app.services import decisions_pictures_ranked as ranked
from app.services import decisions_pictures_sets as sets
from app.services import decisions_words
from app.services.decisions_pictures_facts import Counted, parts

GRADES = tuple(Grade)  # the best first


@dataclass(frozen=True)
class Picture:
    """`template` draws `facts`; nothing is in them that the figures, or the published ballots, do not say."""

    template: str
    facts: Mapping[str, Any]


def picture(counted: Counted) -> Picture:
    """How the result of one rule is drawn, told by its name; not at all, where groups are withheld."""
    if not counted.figures:
        return Picture("decisions/results/_withheld.html", {"are_few": not counted.ballots})
    template, facts = PICTURES[counted.asked.of_table.name]
    return Picture(template, facts(counted))


def answer(counted: Counted) -> dict[str, Any]:
    """For and against: a line for each group and one overall, and the criteria on which those against it rest."""
    is_inquorate = counted.kept["state"] == DecisionState.INQUORATE
    rows = decisions_words.bars(counted.asked, counted.figures, counted.presence, is_inquorate=is_inquorate)
    shown = groups_shown(counted, [counted.figures["groups"]], ("for", "against", "abstain"))
    if not counted.asked.terms.secret:
        shown |= {row["group"] for row in rows}
    for row in rows:
        # Weighed ballots are more than the seats; then the votes themselves fill the bar.
        row["most"] = max(row["seats"], row["in_favour"] + row["against"] + row["abstain"])
    bars = [row for row in rows if row["group"] == "overall" or row["group"] in shown]
    total = counted.figures["total"]
    return {
        "bars": bars,
        "hidden": len(rows) - len(bars),
        "is_inquorate": is_inquorate,
        "in_favour": total["for"],
        "decided": total["for"] + total["against"],
        "share": overall_share(counted.figures),
        "weighed": bool(counted.asked.settings_facts.get("weights")),
        "multiplied": bool(counted.asked.terms.weights),
        "needed": needed_share(counted.asked),
        "criteria": criteria(counted),
    }


def overall_share(figures: Mapping[str, Any]) -> Fraction:
    """For, of all who voted for or against; of weighed groups it stands in the figures."""
    total = figures["total"]
    return (
        Fraction(figures["share"])
        if "share" in figures
        else Fraction(total["for"], (total["for"] + total["against"]) or 1)
    )


def needed_share(asked: Question) -> Fraction:
    settings = asked.settings_facts
    return Fraction(settings.get("overall") or settings.get("share") or "1/2")


def criteria(counted: Counted) -> list[tuple[Criterion, int]]:
    """On which criteria those who voted against rest it; those that nobody named are left out."""
    named = [each.criterion for each in counted.ballots if each.criterion]
    return [(each, named.count(each.value)) for each in Criterion if each.value in named]


def consent(counted: Counted) -> dict[str, Any]:
    """Who consents and who objects, group by group, and every objection with its reason."""
    figures = counted.figures
    shown = groups_shown(counted, [figures["groups"]], ("consent", "object"))
    return {
        "total": figures["total"],
        "groups": [row for row in in_order(figures["groups"]) if row["group"] in shown],
        "objections": [each for each in counted.ballots if each.mark.get("consent") == "object"],
        "verdict": figures["verdict"],
        "round": figures["integrated"] + 1,
        "most": figures["max_rounds"] + 1,
    }


def approval(counted: Counted) -> dict[str, Any]:
    """Approvals of each option, most first, with how many were needed, in all and in each group."""
    figures, settings = counted.figures, counted.asked.settings_facts
    share, lines = Fraction(settings["share"]), lines_of_options(figures, "approvals")
    shown = groups_shown(counted, lines, ("yes", "no"))
    groups = [row for row in in_order(figures["groups"]) if row["group"] in shown]
    rows = [
        {
            "id": option,
            "approvals": figures["approvals"][at],
            "groups": [row["approvals"][at] for row in groups],
            "reached": option in figures["reached"],
            "chosen": option in counted.selected,
        }
        for at, option in enumerate(figures["options"])
    ]
    return {
        "ballots": figures["ballots"],
        "needed": ceil(share * figures["ballots"]),
        "share": share,
        "group_share": Fraction(settings["group_share"]),
        "groups": groups,
        "rows": sorted(rows, key=lambda row: -int(row["approvals"])),
    }


def lines_of_options(figures: Mapping[str, Any], name: str) -> list[list[dict[str, Any]]]:
    """For each option a line of every group: who ticked it and who did not."""
    return [
        [
            {"group": row["group"], "yes": row[name][at], "no": row["ballots"] - row[name][at]}
            for row in figures["groups"]
        ]
        for at in range(len(figures["options"]))
    ]


def merit(counted: Counted) -> dict[str, Any]:
    """The merit profile of each option, best first, in all and in each group."""
    figures = counted.figures
    place = {option: at for at, option in enumerate(figures["options"])}
    lines = [
        [{"group": row["group"], **dict(enumerate(row["grades"][at]))} for row in figures["groups"]]
        for at in place.values()
    ]
    shown = groups_shown(counted, lines, tuple(range(HIGHEST_GRADE + 1)))
    groups = [row for row in in_order(figures["groups"]) if row["group"] in shown]
    floor = counted.asked.settings_facts["floor"]
    rows = [
        {
            "id": option,
            **profile(figures["grades"][place[option]], figures["ballots"]),
            "groups": [
                (row["group"], profile(row["grades"][place[option]], row["ballots"])) for row in groups
            ],
            "chosen": option in counted.selected,
            "too_low": figures["medians"][place[option]] < floor,
        }
        for option in figures["order"]
    ]
    return {"ballots": figures["ballots"], "grades": GRADES, "rows": rows, "floor": Mark(floor)}


def profile(grades: Sequence[int], ballots: int) -> dict[str, Any]:
    """One bar of six grades, the best first, with the middle one."""
    counts = list(reversed(grades))
    middle = (
        GRADES[HIGHEST_GRADE - majority_judgment.majority_grade(list(grades), ballots)] if ballots else None
    )
    return {"counts": counts, "parts": parts(zip(GRADES, counts, strict=True)), "median": middle}


def score(counted: Counted) -> dict[str, Any]:
    """How often each option was given each score, its middle, and whether the scores lie too far apart."""
    figures, settings = counted.figures, counted.asked.settings_facts
    place = {option: at for at, option in enumerate(figures["options"])}
    unscored = [option for option in figures["options"] if option not in figures["order"]]
    most = max((many for row in figures["scores"] for many in row), default=0)
    rows = [
        {
            "id": option,
            "scores": figures["scores"][place[option]],
            **figures["rows"][place[option]],
            "discuss": option in figures["discuss"],
            "chosen": option in counted.selected,
        }
        for option in [*figures["order"], *unscored]
    ]
    for row in rows:
        row |= {name: Fraction(row[name]) for name in ("median", "mean") if row[name] is not None}
    return {"ballots": figures["ballots"], "rows": rows, "most": most or 1, "spread": settings["spread"]}


def in_order(groups: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Groups as every page lists them."""
    place = {group.value: at for at, group in enumerate(StakeholderGroup)}
    return sorted(groups, key=lambda row: place[row["group"]])


def groups_shown(
    counted: Counted, tables: Sequence[Sequence[Mapping[Any, Any]]], marks: Sequence[Any]
) -> set[str]:
    """The groups whose lines may be drawn: all of an open vote, of a secret one those that tell of nobody.

    `tables` hold a line of each group, one table for each option. The one place where that is asked.
    """
    named = {row["group"] for table in tables for row in table}
    if not counted.asked.terms.secret:
        return named
    for table in tables:
        lines = {row["group"]: tuple(row[mark] for mark in marks) for row in table}
        named &= set(suppression.shown(lines).groups)
    return named


Draw = Callable[[Counted], dict[str, Any]]
PICTURES: Mapping[str, tuple[str, Draw]] = {
    "group_majority": ("decisions/results/_answer.html", answer),
    "supermajority": ("decisions/results/_answer.html", answer),
    "consent": ("decisions/results/_consent.html", consent),
    "approval": ("decisions/results/_approval.html", approval),
    "majority_judgment": ("decisions/results/_merit.html", merit),
    "score": ("decisions/results/_score.html", score),
    "schulze": ("decisions/results/_pairs.html", ranked.pairs),
    "ranked_pairs": ("decisions/results/_pairs.html", ranked.pairs),
    "irv": ("decisions/results/_stages.html", ranked.stages),
    "stv": ("decisions/results/_stages.html", ranked.stages),
    "equal_shares": ("decisions/results/_rounds.html", sets.rounds),
    "phragmen": ("decisions/results/_rounds.html", sets.rounds),
    "greedy": ("decisions/results/_rounds.html", sets.rounds),
    "greedy_no_skip": ("decisions/results/_rounds.html", sets.rounds),
}
