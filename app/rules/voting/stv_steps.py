"""A single transferable vote in plain words, stage by stage, made from its figures."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.rules.phrases import Phrase, phrase
from app.rules.voting.outcome import Option
from app.rules.voting.stv_stages import VOTE
from app.rules.words import N_

TIES = {
    "stages": N_("Equal votes: %(options)s. The most recent stage at which they differed decides."),
    "cost": N_("Equal votes: %(options)s. The lower cost decides."),
    "lot": N_("Equal votes: %(options)s. The lot decides."),
    "list": N_("Equal votes: %(options)s. No lot was drawn, so the order of the list stands in."),
}


def steps(_settings: Mapping[str, Any], figures: Mapping[str, Any]) -> tuple[Phrase, ...]:
    """The quota, then every stage: what happened, who gained, who was chosen."""
    told = [
        phrase(
            N_("%(valid)s ballots are counted; seats to fill: %(seats)s; quota: %(quota)s votes."),
            valid=figures["valid"],
            seats=figures["seats"],
            quota=figures["quota"],
        )
    ]
    if figures["set_aside"]:
        told.append(
            phrase(
                N_("%(ballots)s ballots have no clear first choice and are set aside."),
                ballots=figures["set_aside"],
            )
        )
    before = [0] * len(figures["options"])
    for number, stage in enumerate(figures["stages"], 1):
        told += told_stage(number, stage, before, figures["options"])
        before = stage["votes"]
    return tuple(told)


def told_stage(
    number: int, stage: Mapping[str, Any], before: Sequence[int], options: Sequence[str]
) -> Iterator[Phrase]:
    if stage["tie"]:
        yield phrase(TIES[stage["tie"]["by"]], options=tuple(map(Option, stage["tie"]["options"])))
    gains = tuple(
        phrase(N_("%(option)s %(votes)s"), option=Option(option), votes=votes(now - then))
        for option, then, now in zip(options, before, stage["votes"], strict=True)
        if now > then
    )
    facts: dict[str, object] = {
        "number": number,
        "gains": gains or (phrase(N_("nobody")),),
        "option": Option(stage["option"] or ""),
        "surplus": votes(stage["surplus"] or 0),
    }
    if stage["kind"] == "first":
        yield Phrase(N_("Stage %(number)s, first choices: %(gains)s."), facts)
    elif stage["kind"] == "surplus":
        words = N_(
            "Stage %(number)s: %(option)s has %(surplus)s votes more than the quota. Every ballot of %(option)s goes "
            "on to its next choice with its part of them. These gain: %(gains)s."
        )
        yield Phrase(words, facts)
    else:
        words = N_(
            "Stage %(number)s: %(option)s has the fewest votes and goes out; the ballots go on to their next choice. "
            "These gain: %(gains)s."
        )
        yield Phrase(words, facts)
    if stage["elected"]:
        yield phrase(
            N_("The quota is reached by: %(options)s."), options=tuple(map(Option, stage["elected"]))
        )
    if stage["filled"]:
        yield phrase(
            N_("No more are left than there are seats to fill, so these are chosen: %(options)s."),
            options=tuple(map(Option, stage["filled"])),
        )


def votes(units: int) -> Phrase | int:
    """Votes to five decimals, with the decimal sign of the reader's language; whole ones plainly."""
    whole, part = divmod(units, VOTE)
    return phrase(N_("%(whole)s.%(part)s"), whole=whole, part=f"{part:05}") if part else whole
