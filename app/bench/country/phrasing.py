"""Words for what is seeded: combined from short lists, so that no two titles of one list are the same."""

WHAT = ("solar heat", "clean water", "school meals", "old houses", "night buses", "river banks", "local grain",
        "spare batteries", "shade trees", "waste heat", "care at home", "safe crossings", "open data", "used phones",
        "rain gardens", "shared vans", "cool roofs", "repair skills", "small farms", "quiet streets")  # fmt: skip
DEED = ("Bring {} to every district", "Halve the cost of {}", "Double the share of {}", "Make {} work without subsidy",
        "Open {} to everyone", "Learn to run {} ourselves", "Keep {} through a dry year", "Share {} among villages",
        "Test {} in ten places", "Prove {} in one winter")  # fmt: skip
WHERE = ("the north", "the valley", "the old town", "the coast", "the hill villages", "the east side", "the harbour",
         "the new quarter", "the plain", "the islands")  # fmt: skip
BODY = (
    "Works",
    "Cooperative",
    "Institute",
    "Trust",
    "Agency",
    "League",
    "Laboratory",
    "Union",
    "Council",
    "Network",
)
SECTIONS = ("why", "goal", "goal", "organisations", "measure", "conditions")
UNITS = ("homes", "tonnes a year", "people", "kWh", "percent", "hours", "EUR/MWh", "litres")


def mission(number: int) -> str:
    """Distinct for 2,000 missions; a number is added beyond."""
    deed, rest = DEED[number % len(DEED)], number // len(DEED)
    what, turn = WHAT[rest % len(WHAT)], rest // len(WHAT)
    place = WHERE[turn % len(WHERE)]
    more = f" ({number})" if turn >= len(WHERE) else ""
    return f"{deed.format(what)} in {place}{more}"


def project(mission_number: int, number: int) -> str:
    what, place = WHAT[(mission_number + number) % len(WHAT)], WHERE[number % len(WHERE)]
    return f"{what.capitalize()} in {place}, way {number + 1}"


def voice(number: int) -> str:
    what, place = WHAT[number % len(WHAT)], WHERE[number // len(WHAT) % len(WHERE)]
    return (
        f"We in {place} need {what} that neighbours can look after, and somebody who answers us. ({number})"
    )


def organisation(number: int, group: str) -> str:
    what, body = WHAT[number % len(WHAT)], BODY[number // len(WHAT) % len(BODY)]
    return f"{what.title()} {body} {number + 1} ({group})"
