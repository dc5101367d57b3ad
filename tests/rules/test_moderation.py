import pytest

from app.rules import moderation
from app.rules.moderation import CHOOSABLE, RULES, HidingRule, RuleUnknown


def test_every_rule_is_explained():
    assert set(RULES) == set(HidingRule)
    assert all(each.title and each.explanation for each in RULES.values())


@pytest.mark.parametrize("rule", CHOOSABLE)
def test_a_moderator_names_a_rule(rule):
    assert moderation.require_rule(rule.value) is rule


@pytest.mark.parametrize("key", ["", "disliked", "PERSONAL_DATA", "rejected_in_source", "insult "])
def test_nothing_is_hidden_without_a_rule(key):
    with pytest.raises(RuleUnknown):
        moderation.require_rule(key)
