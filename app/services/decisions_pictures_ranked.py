"""Pictures of ranked ballots: who beats whom and by which chain, and the stages of a transferable vote."""

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from app.rules.voting import ranked_pairs
from app.rules.voting.ruling import Question
from app.rules.voting.stv_stages import VOTE
from app.rules.voting.ties import Measure, TieBreak
from app.rules.words import StakeholderGroup
from app.services.decisions_pictures_facts import Counted, percent

MOST_IN_TABLE = 20  # a table of all pairs is read up to here; all of it stands in the recount file
Table = Sequence[Sequence[int]]


def pairs(counted: Counted) -> dict[str, Any]:
    """Every option against every other, how the winner comes before each of the others, and a cross-check."""
    figures = counted.figures
    options, table = figures["options"], figures["pairwise"]
    remaining = figures.get("remaining", options)
    shown = sorted(options, key=lambda each: standing(figures, each), reverse=True)[:MOST_IN_TABLE]
    place = {option: at for at, option in enumerate(options)}
    winner = counted.selected[0] if counted.selected else None
    return {
        "rows": [
            {"id": one, "cells": [cell(table, place[one], place[other]) for other in shown]} for one in shown
        ],
        "all": len(options),
        "ballots": figures["ballots"],
        "winner": winner,
        "dropped": [each["option"] for each in figures.get("dropped", [])],
        "default": counted.asked.settings_facts.get("default"),
        "contests": list(contests(figures, remaining, winner)) if winner and "paths" in figures else [],
        "check": cross_check(counted.asked, figures) if "paths" in figures else None,
        "first": first_choices(counted),
    }


def first_choices(counted: Counted) -> dict[str, Any] | None:
    """How many ballots of each group put an option first, or level with others first; of open votes only."""
    options = list(counted.figures["options"])
    if counted.asked.terms.secret or len(options) > MOST_IN_TABLE:
        return None
    rows: dict[StakeholderGroup, list[int]] = {}
    many = Counter(ballot.group for ballot in counted.ballots if ballot.is_counted)
    for ballot in counted.ballots:
        ranking = ballot.mark.get("ranking") or []
        if ballot.group is not None and ballot.is_counted:
            row = rows.setdefault(ballot.group, [0] * len(options))
            for option in ranking[0] if ranking else ():
                row[options.index(option)] += 1
    listed = [
        {"group": group, "counts": rows[group], "ballots": many[group]}
        for group in StakeholderGroup
        if group in rows
    ]
    return {"options": options, "rows": listed} if listed else None


def standing(figures: Mapping[str, Any], option: str) -> tuple[bool, bool, int]:
    """The order of a table: winners first, dropped options last, in between by how many others each beats."""
    at, table = figures["options"].index(option), figures["pairwise"]
    beaten = sum(table[at][other] > table[other][at] for other in range(len(table)))
    return option in figures["winners"], option in figures.get("remaining", figures["options"]), beaten


def cell(table: Table, one: int, other: int) -> dict[str, Any] | None:
    """How many prefer one to another, and how many the reverse; None where both are the same."""
    if one == other:
        return None
    over, under = table[one][other], table[other][one]
    return {"over": over, "under": under, "wins": over > under, "level": over == under}


def contests(figures: Mapping[str, Any], remaining: Sequence[str], winner: str) -> Iterator[dict[str, Any]]:
    """The winner against each other that remains: directly, and by the strongest chain of victories."""
    place = {option: at for at, option in enumerate(figures["options"])}
    inner = {option: at for at, option in enumerate(remaining)}
    for other in remaining:
        if other == winner:
            continue
        chain = figures["paths"][inner[winner]][inner[other]]
        yield {
            "other": other,
            **(cell(figures["pairwise"], place[winner], place[other]) or {}),
            "chain": steps_of(figures, remaining, winner, other, chain) if chain else [],
            "back": figures["paths"][inner[other]][inner[winner]],
        }


def steps_of(
    figures: Mapping[str, Any], remaining: Sequence[str], start: str, end: str, weakest: Sequence[int]
) -> list[dict[str, Any]]:
    """The shortest chain of victories that is as strong as the figures say."""
    place = {option: at for at, option in enumerate(figures["options"])}
    before: dict[str, str] = {start: ""}
    queue = deque([start])
    while queue and end not in before:
        one = queue.popleft()
        for other in remaining:
            found = cell(figures["pairwise"], place[one], place[other])
            if found is None or other in before or not found["wins"]:
                continue
            if (found["over"], -found["under"]) >= (weakest[0], -weakest[1]):
                before[other] = one
                queue.append(other)
    walked, at = [end], before[end]
    while at:
        walked.append(at)
        at = before[at]
    walked.reverse()
    return [
        {"one": one, "other": other, **(cell(figures["pairwise"], place[one], place[other]) or {})}
        for one, other in pairwise(walked)
    ]


def cross_check(asked: Question, figures: Mapping[str, Any]) -> dict[str, Any] | None:
    """Who wins by ranked pairs among the options that Schulze's rule compared; None where nobody voted."""
    if not figures["ballots"]:
        return None
    place = {option: at for at, option in enumerate(figures["options"])}
    kept = tuple(figures["remaining"])
    table = [[figures["pairwise"][place[one]][place[other]] for other in kept] for one in kept]
    measured = asked.terms.measure is Measure.LOWER_COST and asked.costs
    costs = tuple(asked.costs[place[option]] for option in kept) if measured else ()
    ties = TieBreak(kept, costs, asked.decision, asked.lot)
    order = ties.in_order(range(len(kept)))
    found = ranked_pairs.possible(table, order, ranked_pairs.lock(table, order), ties)
    winners = [kept[at] for at in sorted(found)]
    # With a lot drawn each rule names the one it drew; without, all that it cannot tell apart.
    compared = figures["winners"]
    if asked.lot is not None:
        compared = [kept[at] for at in ties.in_order(kept.index(each) for each in compared)[:1]]
    return {"winners": winners, "agrees": winners == compared}


def stages(counted: Counted) -> dict[str, Any]:
    """Votes of each option at each stage, the quota, and who is chosen or goes out when."""
    figures = counted.figures
    ends = fates(figures)
    most = max((votes for stage in figures["stages"] for votes in stage["votes"]), default=0)
    most = max(most, figures["quota"] * VOTE)
    order = sorted(
        figures["options"], key=lambda each: turn_of(ends.get(each), counted.selected, each, len(ends))
    )
    place = {option: at for at, option in enumerate(figures["options"])}
    rows = [
        {
            "id": option,
            "fate": ends.get(option),
            "cells": [told_cell(figures, number, place[option], most) for number in range(len(figures["stages"]))],
            "chosen": option in counted.selected,
        }
        for option in order
    ]  # fmt: skip
    return {
        "rows": rows,
        "stages": [told_stage(number, stage) for number, stage in enumerate(figures["stages"], 1)],
        "quota": figures["quota"],
        "quota_at": percent(figures["quota"] * VOTE, most),
        "valid": figures["valid"],
        "set_aside": figures["set_aside"],
        "seats": figures["seats"],
        "first": first_choices(counted),
    }


def fates(figures: Mapping[str, Any]) -> dict[str, tuple[str, int]]:
    """What became of each option, and at which stage: elected, filled (the last seats), or out."""
    found: dict[str, tuple[str, int]] = {}
    for number, stage in enumerate(figures["stages"], 1):
        found |= dict.fromkeys(stage["elected"], ("elected", number))
        found |= dict.fromkeys(stage["filled"], ("filled", number))
        if stage["kind"] == "exclusion":
            found[stage["option"]] = ("out", number)
    return found


def turn_of(fate: tuple[str, int] | None, selected: Sequence[str], option: str, many: int) -> tuple[int, int]:
    """The chosen in the order of their election, then who was left at the end, then who went out last."""
    if option in selected:
        return 0, selected.index(option)
    return (1, 0) if fate is None else (2, many - fate[1])


def told_stage(number: int, stage: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "number": number,
        "kind": stage["kind"],
        "option": stage["option"],
        "surplus": in_votes(stage["surplus"]) if stage["surplus"] is not None else None,
        "exhausted": in_votes(stage["exhausted"]),
        "lost": in_votes(stage["lost"]),
    }


def told_cell(figures: Mapping[str, Any], number: int, at: int, most: int) -> dict[str, Any] | None:
    """One option at one stage; None once it is out."""
    stages, option = figures["stages"], figures["options"][at]
    gone = [stage["option"] for stage in stages[:number] if stage["kind"] == "exclusion"]
    if option in gone:
        return None
    votes, stage = stages[number]["votes"][at], stages[number]
    change = votes - (stages[number - 1]["votes"][at] if number else 0)
    return {
        "votes": in_votes(votes),
        "change": in_votes(change) if number and change else None,
        "width": percent(votes, most),
        "elected": option in stage["elected"] or option in stage["filled"],
        "out": stage["kind"] == "exclusion" and stage["option"] == option,
    }


def in_votes(units: int) -> Decimal:
    """Votes as people read them, exact to the five decimals that are counted."""
    return Decimal(units) / VOTE
