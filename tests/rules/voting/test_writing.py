"""Counted ballots written for other programs are read back to the same votes."""

from random import Random
from typing import Any

import pytest

from app.rules.voting import ruling
from app.rules.voting.files import reading, writing
from app.rules.voting.profile import Vote, merged, read_mark
from app.rules.voting.ruling import Question
from app.rules.voting.table import RULES
from app.rules.words import StakeholderGroup
from tests.recount import cases
from tests.rules.many import SCALE

TERMS = {"quorum": "1/2", "required": [], "weights": {}, "tie": {"measure": "none", "lot": ""}, "secret": False,
         "excused": []}  # fmt: skip
NAMES = ["supermajority", "consent", "approval", "schulze", "stv", "majority_judgment", "score", "greedy"]


def made(name: str, seed: int) -> tuple[Question, tuple[Vote[Any], ...]] | None:
    random = Random(f"{name}-{seed}")
    asked = cases.asked(random, name)
    for number, option in enumerate(asked["options"]):
        option["id"] = f"option-{number}"
    try:
        rule = RULES[name].read({**asked["rule"], "default": None, "majority": "1/1", "quorum": 0} if name == "schulze"
                                else asked["rule"])  # fmt: skip
    except ValueError:
        return None
    question = ruling.question("a decision", asked["options"], rule.as_facts(), TERMS)
    groups = [group.value for group in StakeholderGroup]
    votes = merged(
        Vote(read_mark(question.mark, cases.mark(random, question.mark, list(question.options)), question.options),
             random.choice(groups))
        for _ in range(random.randint(1, 12))
    )  # fmt: skip
    return question, votes


@pytest.mark.parametrize("name", NAMES)
def test_what_is_written_is_read_back(name: str) -> None:
    for seed in range(15 * SCALE):
        found = made(name, seed)
        if found is None:
            continue
        question, votes = found
        titles = {option: f"“{option}”, and more" for option in question.options}
        for file, content in writing.files(question, votes, titles, "Which ones?").items():
            read = reading.read(file, content, question.mark)
            profile = read.profile(question.mark)
            if file == "vote.csv":
                assert profile.votes == votes, (name, seed)
                assert name in ("supermajority", "consent") or profile.options == question.options
            else:
                without_groups = merged(Vote(vote.mark, "", vote.times) for vote in votes)
                assert merged(Vote(vote.mark, "", vote.times) for vote in profile.votes) == without_groups
            if file == "vote.blt":
                assert list(read.names) == list(titles.values())
                assert read.seats == question.rule.get("seats", 1)
            if file == "vote.pb":
                assert (read.options, read.costs, read.budget) == (
                    question.options, question.costs, question.rule["budget"]
                )  # fmt: skip


def test_each_kind_of_file_is_written_where_it_can_hold_the_ballots() -> None:
    files = {}
    for name in NAMES:
        found = next(each for each in (made(name, seed) for seed in range(50)) if each is not None)
        files[name] = set(writing.files(*found, {}, "Which?"))

    assert files["stv"] == files["schulze"] == {"vote.csv", "vote.blt"}
    assert files["greedy"] == {"vote.csv", "vote.pb"}
    assert files["supermajority"] == files["score"] == {"vote.csv"}


def test_withheld_groups_are_in_no_file() -> None:
    question, votes = made("stv", 1) or pytest.fail("no case")

    for content in writing.files(question, votes, {}, "Which?", withheld=True).values():
        assert not [group for group in StakeholderGroup if group.value.encode() in content]
