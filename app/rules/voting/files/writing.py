"""Counted ballots written for other programs: a table always, .blt for rankings, .pb for approvals under a budget."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.rules.voting.files import table
from app.rules.voting.profile import MarkKind, Vote, facts_of, merged
from app.rules.voting.ruling import Question


def files(
    asked: Question,
    votes: Iterable[Vote[Any]],
    titles: Mapping[str, str],
    question: str,
    *,
    withheld: bool = False,
) -> dict[str, bytes]:
    """Each file by its name. Equal ballots stand in one line, in an order that says nothing of who cast them."""
    listed = merged(Vote(vote.mark, "" if withheld else vote.group, vote.times) for vote in votes)
    found = {"vote.csv": as_table(asked, listed)}
    if asked.mark is MarkKind.RANKING:
        found["vote.blt"] = as_blt(asked, listed, titles, question)
    if asked.mark is MarkKind.APPROVAL and asked.costs and asked.rule.get("budget"):
        found["vote.pb"] = as_pb(asked, listed, titles, question)
    return found


def written(rows: Iterable[Sequence[object]], delimiter: str = ",") -> bytes:
    content = io.StringIO()
    csv.writer(content, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return content.getvalue().encode()


def as_table(asked: Question, votes: Sequence[Vote[Any]]) -> bytes:
    """A row for each different ballot; a column for each option, or one for what was chosen."""
    if asked.mark in (MarkKind.CHOICE, MarkKind.CONSENT):
        rows = [(vote.times, vote.group, vote.mark.value) for vote in votes]
        return written([("times", "group", asked.mark.value), *rows])
    names = [
        f"option {number}" if table.known(option.lower()) or not option.strip() else option
        for number, option in enumerate(asked.options, 1)
    ]
    return written([
        ("times", "group", *names),
        *((vote.times, vote.group, *cells(asked, vote.mark)) for vote in votes),
    ])  # fmt: skip


def cells(asked: Question, mark: Any) -> list[object]:
    """What stands in the column of each option: a tick, its rank, grade or score, or nothing."""
    found: list[object] = [""] * len(asked.options)
    if asked.mark is MarkKind.APPROVAL:
        for option in mark:
            found[option] = 1
    elif asked.mark is MarkKind.RANKING:
        for rank, tier in enumerate(mark, 1):
            for option in tier:
                found[option] = rank
    else:
        for option, value in mark:
            found[option] = value
    return found


def as_blt(asked: Question, votes: Sequence[Vote[Any]], titles: Mapping[str, str], question: str) -> bytes:
    """Options by their number in the list; equal ranks with =, as later programs write them."""
    lines = [f"{len(asked.options)} {asked.rule.get('seats') or 1}"]
    for vote in votes:
        tiers = ["=".join(str(option + 1) for option in tier) for tier in vote.mark]
        lines.append(" ".join([str(vote.times), *tiers, "0"]))
    lines.append("0")
    lines += [quoted(titles.get(option, option)) for option in asked.options]
    lines.append(quoted(question))
    return ("\n".join(lines) + "\n").encode()


def quoted(text: str) -> str:
    inside = " ".join(text.replace('"', "'").split())
    return f'"{inside}"'


def as_pb(asked: Question, votes: Sequence[Vote[Any]], titles: Mapping[str, str], question: str) -> bytes:
    """A voter for each ballot, numbered in an order that says nothing; the group is their neighbourhood."""
    ballots = [vote for vote in votes for _ in range(vote.times)]
    rows: list[Sequence[object]] = [
        ("META",), ("key", "value"), ("description", question), ("num_projects", len(asked.options)),
        ("num_votes", len(ballots)), ("budget", asked.rule["budget"]), ("vote_type", "approval"),
        ("PROJECTS",), ("project_id", "cost", "name"),
        *((option, cost, titles.get(option, option)) for option, cost in zip(asked.options, asked.costs, strict=True)),
        ("VOTES",), ("voter_id", "vote", "neighborhood"),
    ]  # fmt: skip
    for number, vote in enumerate(ballots, 1):
        approved = facts_of(asked.mark, vote.mark, asked.options)["approved"]
        rows.append((number, ",".join(approved), vote.group))
    return written(rows, ";")
