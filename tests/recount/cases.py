"""Random questions for every rule: options, settings, terms and marks as facts, as a notice would freeze them."""

import importlib.util
import sys
from fractions import Fraction
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

from app.rules.voting.profile import MarkKind
from app.rules.voting.table import RULES
from tests.rules.many import SCALE as SCALE

GROUPS = ("public", "private", "third", "academia", "citizens")
RECOUNT = Path(__file__).parents[2] / "scripts" / "recount.py"
TITLES = ("Shade", "Água", "Söl", "北", "🌞 roofs", "b", "a", "Z", "é", "e\u0301")


def load_recount() -> ModuleType:
    """The script as a stranger has it: from its file, and from no package."""
    spec = importlib.util.spec_from_file_location("recount_of_a_stranger", RECOUNT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def share(random: Random, lowest: Fraction, highest: Fraction) -> str:
    found = random.choice([each for each in SHARES if lowest <= each <= highest])
    return f"{found.numerator}/{found.denominator}"


SHARES = sorted({Fraction(n, d) for d in (1, 2, 3, 4, 5, 7) for n in range(3 * d)})
ONE = Fraction(1)


def settings(random: Random, name: str, options: list[str]) -> dict[str, Any]:
    """Settings of a rule, as they are stored; the rule itself says whether they are any good."""
    return {"name": name, "version": 1, **SETTINGS[name](random, options)}


def group_majority(random: Random, _options: list[str]) -> dict[str, Any]:
    required = random.sample(GROUPS, random.randint(1, 5))
    weights = random.sample(GROUPS, random.choice([0, 0, 2, 5]))
    return {
        "version": 2,
        "required": sorted(required),
        "overall": share(random, Fraction(1, 5), ONE),
        "enough": random.choice([None, random.randint(1, len(required))]),
        "floor": share(random, Fraction(0), ONE),
        "weights": {group: random.randint(1, 5) for group in GROUPS if group in weights},
    }


def supermajority(random: Random, _options: list[str]) -> dict[str, Any]:
    return {"share": share(random, Fraction(1, 2), ONE)}


def approval(random: Random, options: list[str]) -> dict[str, Any]:
    return {
        "seats": random.choice([None, *range(1, len(options) + 2)]),
        "share": share(random, Fraction(0), Fraction(2, 3)),
        "group_share": random.choice(["0/1", "0/1", share(random, Fraction(0), Fraction(1, 2))]),
    }


def majority_judgment(random: Random, options: list[str]) -> dict[str, Any]:
    return {"seats": random.randint(1, len(options)), "floor": random.choice([0, 0, 1, 3])}


def schulze(random: Random, options: list[str]) -> dict[str, Any]:
    if random.random() < 0.4:
        return {"default": None, "majority": "1/1", "quorum": 0}
    return {
        "default": random.choice(options),
        "majority": share(random, ONE, Fraction(2)),
        "quorum": random.choice([0, 0, 1, 3]),
    }


def ranked_pairs(_random: Random, _options: list[str]) -> dict[str, Any]:
    return {}


def a_set(random: Random, options: list[str]) -> dict[str, Any]:
    has_seats = random.random() < 0.5
    return {
        "seats": random.randint(1, len(options)) if has_seats else 0,
        "budget": 0 if has_seats else random.randint(1, 40),
        "by_group": random.random() < 0.5,
        "weights": {
            group: share(random, Fraction(1, 5), Fraction(2)) for group in GROUPS if random.random() < 0.3
        },
    }


def equal_shares(random: Random, options: list[str]) -> dict[str, Any]:
    return {**a_set(random, options), "step": random.choice([0, 1, 1, 2]), "fill": random.random() < 0.4}


def greedy(random: Random, _options: list[str]) -> dict[str, Any]:
    return {"budget": random.randint(1, 40)}


def stv(random: Random, options: list[str]) -> dict[str, Any]:
    return {"seats": random.randint(1, len(options))}


def score(random: Random, options: list[str]) -> dict[str, Any]:
    return {
        "seats": random.randint(1, len(options)),
        "spread": random.choice([0, 2, 5]),
        "least": random.choice([1, 1, 3]),
        "floor": random.choice([0, 0, 4]),
    }


def consent(random: Random, _options: list[str]) -> dict[str, Any]:
    rounds = random.randint(0, 3)
    return {"max_rounds": rounds, "integrated": random.randint(0, rounds)}


SETTINGS = {
    "stv": stv,
    "irv": ranked_pairs,
    "score": score,
    "consent": consent,
    "group_majority": group_majority,
    "supermajority": supermajority,
    "approval": approval,
    "majority_judgment": majority_judgment,
    "schulze": schulze,
    "ranked_pairs": ranked_pairs,
    "equal_shares": equal_shares,
    "phragmen": a_set,
    "greedy": greedy,
    "greedy_no_skip": greedy,
}


def mark(random: Random, kind: MarkKind, options: list[str]) -> dict[str, Any]:
    """A mark as somebody sends it; not always in its one form."""
    some = random.sample(options, random.randint(0, len(options)))
    if kind is MarkKind.CHOICE:
        return {"choice": random.choice(["for", "for", "against", "against", "abstain"])}
    if kind is MarkKind.CONSENT:
        return {"consent": random.choice(["consent", "consent", "consent", "object"])}
    if kind is MarkKind.APPROVAL:
        return {"approved": some}
    if kind is MarkKind.RANKING:
        return {"ranking": tiers(random, some)}
    most = 5 if kind is MarkKind.GRADES else 10
    return {kind.value: {option: random.randint(0, random.choice([1, most])) for option in some}}


def tiers(random: Random, options: list[str]) -> list[list[str]]:
    found: list[list[str]] = []
    for option in options:
        if found and random.random() < 0.25:
            found[-1].append(option)
        else:
            found.append([option])
    return found


def asked(random: Random, name: str) -> dict[str, Any]:
    """A question whose settings its rule accepts."""
    while True:
        drawn = question(random, name)
        try:
            RULES[name].read(drawn["rule"])
        except ValueError:
            continue
        return drawn


def question(random: Random, name: str) -> dict[str, Any]:
    """Options with or without costs, and settings, which the rule may refuse."""
    row = RULES[name]
    many = 1 if row.chooses.value == "answer" else random.randint(2, 6)
    ids = [f"{random.choice(TITLES)}-{number}" for number in range(many)]
    random.shuffle(ids)
    found = settings(random, name, ids)
    has_costs = bool(found.get("budget")) or random.random() < 0.3
    options: list[dict[str, Any]] = [{"id": each} for each in ids]
    if has_costs:
        for each in options:
            each["cost"] = random.choice([0, 1, 2, 3, 5, 8, 13, 50])
    return {"options": options, "rule": found}
