"""The applications of the demonstration are forty different ones, and each of them can be submitted."""

from collections import Counter

from app.demo import content
from app.demo.seed_people import everybody
from app.rules.words import PaidBy, StakeholderGroup

CALL = next(each for each in content.offers() if each["key"] == "trials")
PEOPLE = {row["key"]: row for row in everybody()}
WORDS = ("title", "summary", "hypothesis", "goal", "people", "learn")


def test_forty_organisations_of_all_groups_and_many_places_apply() -> None:
    told = content.applications()
    organisations = {PEOPLE[each["by"]]["organisation"] for each in told}

    assert len(told) == len(organisations) == 40
    assert {PEOPLE[each["by"]]["group"] for each in told} == set(StakeholderGroup)
    assert len({PEOPLE[each["by"]]["place"] for each in told}) >= 8
    assert sum(each.get("language") == "es" for each in told) >= 5
    assert len({each["route"] for each in told}) >= 6


def test_no_two_say_the_same() -> None:
    told = [*content.applications(), *content.late(), *content.drafts()]
    for name in WORDS:
        said = Counter(each[name] for each in told if name in each)
        assert max(said.values()) == 1, name
    assert all(len(each["summary"]) > 80 for each in told)


def test_each_budget_is_within_what_the_call_gives() -> None:
    for each in content.applications():
        asked = sum(amount for _what, amount, who in each["budget"] if who == PaidBy.CALL)
        total = sum(amount for _what, amount, _who in each["budget"])
        assert CALL["ticket_least"] <= asked <= CALL["ticket_most"], each["title"]
        assert (total - asked) * 10 >= total, each["title"]
        assert 10 <= each["months"] <= 30, each["title"]
        assert len({what for what, _amount, _who in each["budget"]}) == len(each["budget"])
