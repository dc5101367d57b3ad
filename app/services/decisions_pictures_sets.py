"""Pictures of sets and portfolios: what each round bought, who paid for it, and what is left."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from app.rules.voting import payments, tally
from app.rules.voting.equal_shares import NAME as EQUAL_SHARES
from app.rules.voting.payments import Ledger
from app.rules.voting.phragmen import NAME as PHRAGMEN
from app.rules.voting.profile import Profile, Vote, merged, read_mark
from app.rules.words import StakeholderGroup
from app.services.decisions_pictures_facts import Counted, parts, percent
from app.services.decisions_pictures_portfolios import side_by_side


def rounds(counted: Counted) -> dict[str, Any]:
    """One line for each round; with the payments of each group where its ballots are published with their group."""
    figures, settings = counted.figures, counted.asked.settings_facts
    cost = dict(zip(counted.asked.options, counted.asked.costs, strict=True)) if counted.asked.costs else {}
    has_money = bool(settings.get("budget")) and bool(cost)
    book = ledger_of(counted) if figures["rounds"] and "voices" in figures else None
    groups = [group for group in StakeholderGroup if book and group.value in book.given]
    most = max([cost.get(row["option"], 1) for row in figures["rounds"]], default=1) if has_money else 1
    spent, rows = 0, []
    for number, row in enumerate(figures["rounds"]):
        paid = book.paid[number] if book else {}
        taken = bool(row.get("taken", row.get("chosen", True)))
        price = cost.get(row["option"], 1) if has_money else 1
        spent += price if taken else 0
        rows.append(
            {
                "id": row["option"], "stage": row.get("stage", "greedy"), "taken": taken, "cost": price,
                "votes": votes_for(figures, row["option"]), "pays": fraction(row.get("pays")),
                "at": fraction(row.get("at")), "spent": spent,
                "paid": [paid.get(group.value, Fraction(0)) for group in groups],
                "parts": parts([(group, paid.get(group.value, Fraction(0))) for group in groups], of=most),
                "width": percent(price, most), "level": row.get("open", []),
            }
        )  # fmt: skip
    total = settings.get("budget") or settings.get("seats") or 0
    return {
        "rows": rows, "groups": groups, "money": has_money,
        "priced": any(row["pays"] is not None for row in rows),
        "total": total, "spent": figures["spent"],
        "left": total - figures["spent"], "ballots": figures["ballots"], "added": figures.get("added", 0),
        "purses": purses(book, figures, groups) if book else [],
        "passed": passed_over(counted, cost if has_money else {}, book),
        "compared": side_by_side(counted),
    }  # fmt: skip


def fraction(told: str | None) -> Fraction | None:
    return Fraction(told) if told is not None else None


def votes_for(figures: Mapping[str, Any], option: str) -> int:
    return int(figures["approvals"][figures["options"].index(option)])


def passed_over(counted: Counted, cost: Mapping[str, int], book: Ledger | None) -> list[dict[str, Any]]:
    """What was not chosen and why, most approved first."""
    found = [
        {
            "id": option,
            "votes": votes_for(counted.figures, option),
            "cost": cost.get(option, 1),
            "why": why_not(counted, option, cost, book) if cost else "",
            "had": book.behind[option] if book else None,
        }
        for option in counted.figures["options"]
        if option not in counted.selected
    ]
    return sorted(found, key=lambda row: -int(row["votes"]))


def why_not(counted: Counted, option: str, cost: Mapping[str, int], book: Ledger | None) -> str:
    """The one reason to tell: nobody wanted it, its supporters could not pay, it is too dear, or the count ended."""
    figures, name = counted.figures, counted.asked.of_table.name
    left = counted.asked.settings_facts["budget"] - figures["spent"]
    if not votes_for(figures, option):
        return "nobody"
    is_filled = any(row.get("stage") == "fill" for row in figures["rounds"])
    if name == EQUAL_SHARES and not is_filled and book and book.behind[option] < cost[option]:
        return "supporters"
    if cost[option] > left:
        return "dear"
    return "poor" if name == EQUAL_SHARES else "ended"


def purses(
    book: Ledger, figures: Mapping[str, Any], groups: Sequence[StakeholderGroup]
) -> list[dict[str, Any]]:
    """What each group was given to spend, what it paid, and what is left with it."""
    ballots = {row["group"]: row["ballots"] for row in figures["voices"]}
    return [
        {
            "group": group,
            "ballots": ballots[group.value],
            "given": book.given[group.value],
            "paid": book.given[group.value] - book.left[group.value],
            "left": book.left[group.value],
        }
        for group in groups
    ]


def ledger_of(counted: Counted) -> Ledger | None:
    """Payments by group, of an open vote; a secret ballot is published without its group."""
    if counted.asked.terms.secret or any(each.group is None for each in counted.ballots):
        return None
    asked = counted.asked
    votes = [
        Vote(read_mark(asked.mark, each.mark, asked.options), each.group.value if each.group else "")
        for each in counted.ballots
    ]
    profile = Profile(asked.options, merged(tally.weighed(votes, asked.terms.weights)), asked.costs)
    return payments.ledger(profile, counted.figures, earning=asked.of_table.name == PHRAGMEN)
