"""Words that may name a solution are found in two languages, and a plain goal is left in peace."""

import pytest

from app.rules.solutions import hints


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "Every village has power by installing solar panels on the school.",
            ["by installing", "solar panels"],
        ),
        ("Clean the bay through the construction of a treatment plant.", ["through the construction of"]),
        ("Water for all mediante plantas desalinizadoras.", ["mediante", "plantas desalinizadoras"]),
        ("Luz para todos, instalando baterías en cada casa.", ["instalando", "baterías"]),
        ("A mobile app for every pupil.", ["mobile app"]),
        ("Everyone drives a Voltra™.", ["Voltra™"]),
    ],
)
def test_ways_and_things_are_found(text, words):
    assert [each.words for each in hints([text])] == words


@pytest.mark.parametrize(
    "text",
    [
        "Power day and night in all 28 off-grid villages and coves of the region by 2032",
        "By 2034, burn almost nothing for our electricity between eight and eleven in the evening",
        "Luz de día y de noche en las 28 localidades antes de 2032",
        "No child coughs from dust on the way to school by 2030.",
        "Everyone can drink from the tap; happiness and the applause of the town.",
        "",
    ],
)
def test_a_goal_that_names_none(text):
    assert hints([text]) == []


def test_each_wording_is_told_once_with_the_words_around_it():
    long = (
        "Before it stands a rather long beginning of a sentence, and then hydrogen is made, "
        + "and so on " * 9
    )

    found = hints([long, "Hydrogen again."])

    assert [each.words for each in found] == ["hydrogen"]
    assert found[0].before.startswith("…")
    assert found[0].after.endswith("…")
    assert found[0].before.strip("…") + found[0].words + found[0].after.strip("…") in long


def test_hostile_texts_take_no_time():
    assert hints(["by using " * 20_000 + "a" * 50_000]) != []
