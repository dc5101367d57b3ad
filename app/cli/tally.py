"""The command that counts a standard file of votes by any of the rules; needs no database."""

import json
from dataclasses import dataclass, fields
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

import typer

from app.console import Json, bar, console
from app.rules.phrases import Phrase, in_english
from app.rules.voting import approval, equal_shares, greedy, greedy_no_skip, group_majority, phragmen
from app.rules.voting.files.pabulib import money
from app.rules.voting.files.reading import read
from app.rules.voting.files.vote_file import MOST_BYTES, BadFile, VoteFile
from app.rules.voting.outcome import Count, Option
from app.rules.voting.profile import Profile
from app.rules.voting.table import RULES, Rule
from app.rules.voting.ties import TieBreak
from app.rules.words import StakeholderGroup

commands = typer.Typer()

NAMES = tuple(name.replace("_", "-") for name in RULES)
ADDING = (greedy.NAME, greedy_no_skip.NAME)
SHARING = (equal_shares.NAME, phragmen.NAME)


@dataclass(frozen=True)
class Asked:
    """What the command line says beside the rule and the file."""

    seats: int | None
    budget: str
    by_group: bool
    fill: bool
    lot: str | None


@commands.command()
def tally(
    file: Annotated[
        Path,
        typer.Argument(help="Votes as .blt, .pb (Pabulib), .soc .soi .toc .toi (PrefLib), .abif or .csv."),
    ],
    rule: Annotated[str, typer.Option(metavar="RULE", help=f"One of {', '.join(NAMES)}.")],
    seats: Annotated[
        int | None, typer.Option(min=1, help="How many to choose; as the file says, or 1.")
    ] = None,
    budget: Annotated[str, typer.Option(help="What may be spent; as the file says.")] = "",
    lot: Annotated[
        str | None, typer.Option(metavar="VALUE", help="The value drawn, which puts equals in order.")
    ] = None,
    by_group: Annotated[
        bool,
        typer.Option("--by-group", help="Equal shares and Phragmén: every group gets as much as another."),
    ] = False,
    fill: Annotated[
        bool, typer.Option("--fill", help="Equal shares: what is left goes to the most approved that fit.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Count a file of votes. Without --lot, equals stand in the order of the file and are reported as tied."""
    if rule not in NAMES:
        raise typer.BadParameter(f"{rule} is none of {', '.join(NAMES)}.", param_hint="--rule")
    found = RULES[rule.replace("-", "_")]
    asked = Asked(seats, budget, by_group, fill, lot)
    try:
        votes = read(file.name, content_of(file), found.mark)
        count = counted(found, votes, asked, as_json)
    except BadFile as problem:
        place = f"{file}, line {problem.line}" if problem.line else str(file)
        console.print(f"{place}: {problem.why}", style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(2) from problem
    steps = [said(step, votes) for step in count.steps]
    typer.echo(facts_of(rule, count, steps) if as_json else "\n".join([*steps, *result(count, votes)]))


def facts_of(rule: str, count: Count, steps: list[str]) -> str:
    facts = {"rule": rule, "selected": list(count.selected), "tied": list(count.tied), "steps": steps}
    return json.dumps(facts, ensure_ascii=False)


def content_of(file: Path) -> bytes:
    try:
        # One byte more than is read, so that a device without an end is refused too.
        with file.open("rb") as stream:
            return stream.read(MOST_BYTES + 1)
    except OSError as problem:
        raise BadFile(0, f"this file cannot be read ({problem.strerror or problem}).") from problem


def counted(rule: Rule, votes: VoteFile, asked: Asked, quiet: bool) -> Count:
    profile = profile_of(rule, votes)
    settings = settings_of(rule, votes, profile, asked)
    ties = TieBreak(profile.options, value=asked.lot)
    if rule.name != equal_shares.NAME:
        return rule.count(settings, profile, ties)
    with bar(quiet) as tell:
        return equal_shares.count(
            settings, profile, ties, lambda rounds, cost: tell(f"Round {rounds}", cost / settings.total)
        )


def profile_of(rule: Rule, votes: VoteFile) -> Profile[Any]:
    """Where a file gives points, the rules that take the most approved first add them up."""
    if rule.name in ADDING and votes.points:
        return votes.split_points()
    return votes.profile(rule.mark)


def settings_of(rule: Rule, votes: VoteFile, profile: Profile[Any], asked: Asked) -> Any:
    """What the rule is asked, from the command line or else from the file."""
    module = rule.module
    if rule.name in ADDING:
        return module.Settings(budget=limit(votes, asked))
    if rule.name in SHARING:
        means = means_of(votes, asked)
        if rule.name == equal_shares.NAME:
            # One unit of the file's currency more for every ballot in each round.
            means |= {"step": votes.unit, "fill": asked.fill}
        return module.Settings(by_group=asked.by_group, **means)
    seats = asked.seats or votes.seats or 1
    if rule.name == approval.NAME:
        return approval.Settings(seats=seats, share=Fraction(0))
    if rule.name == group_majority.NAME:
        return group_majority.Settings(required=groups_of(profile))
    if "seats" in {field.name for field in fields(module.Settings)}:
        return module.Settings(seats=seats)
    return rule.defaults


def groups_of(profile: Profile[Any]) -> tuple[StakeholderGroup, ...]:
    """Every group that cast a ballot must be in favour."""
    found = {vote.group for vote in profile.votes}
    if not found:
        raise BadFile(0, "no ballot is in it, so there is no group that could be in favour.")
    for group in sorted(found):
        if group not in set(StakeholderGroup):
            known = ", ".join(StakeholderGroup)
            raise BadFile(0, f"a ballot is of the group '{group}'; this rule needs one of {known} for each.")
    return tuple(group for group in StakeholderGroup if group in found)


def limit(votes: VoteFile, asked: Asked) -> int:
    """The budget; without one, as many options as there are seats, where each costs one."""
    if not asked.budget and not votes.budget and asked.seats:
        return asked.seats
    if not asked.budget:
        return votes.budget or need("--budget")
    given = money(asked.budget, 0) * votes.unit
    if given.denominator > 1 or given < 1:
        raise BadFile(
            0, f"a budget of {asked.budget} is not a whole number of what the costs are counted in."
        )
    return int(given)


def means_of(votes: VoteFile, asked: Asked) -> dict[str, int]:
    if asked.budget and asked.seats:
        raise typer.BadParameter("give --seats or --budget, and not both.", param_hint="--seats")
    if asked.seats or not (asked.budget or votes.budget):
        return {"seats": asked.seats or votes.seats or need("--seats or --budget")}
    return {"budget": limit(votes, asked)}


def need(what: str) -> int:
    raise BadFile(0, f"the file does not say how much may be chosen; give {what}.")


def said(step: Phrase, votes: VoteFile) -> str:
    """A step in English, where an option is its id and its name."""
    names = dict(zip(votes.options, votes.names, strict=True))

    def show(fact: object) -> str:
        if isinstance(fact, Phrase):
            return fact.say(str, show)
        if isinstance(fact, (list, tuple, set, frozenset)):
            return ", ".join(show(each) for each in fact)
        return named(fact, names) if isinstance(fact, Option) else in_english(fact)

    return step.say(str, show)


def named(option: str, names: dict[str, str]) -> str:
    name = names.get(option, option)
    return option if name == option else f"{option} ({name})"


def result(count: Count, votes: VoteFile) -> list[str]:
    names = dict(zip(votes.options, votes.names, strict=True))
    chosen = ", ".join(named(option, names) for option in count.selected)
    lines = [f"Chosen: {chosen or 'none'}."]
    if count.tied:
        tied = ", ".join(named(option, names) for option in count.tied)
        lines.append(f"Tied, so that the order of the file stood in: {tied}.")
    return lines
