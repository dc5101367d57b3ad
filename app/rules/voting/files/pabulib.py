"""Files of participatory budgets (.pb): what is to be spent, the projects with their costs, the votes.

D. Stolicki, S. Szufa and N. Talmon, "Pabulib: A Participatory Budgeting Library", 2020. Votes may be
approvals, rankings, or points (cumulative and scoring).
"""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

from app.rules.voting.files.cells import rows_of
from app.rules.voting.files.vote_file import (
    BadFile,
    VoteFile,
    mark,
    require_few_options,
    require_once,
    shown,
)
from app.rules.voting.profile import MarkKind, Vote

SECTIONS = ("META", "PROJECTS", "VOTES")
KINDS = {
    "approval": MarkKind.APPROVAL,
    "choose-1": MarkKind.APPROVAL,
    "ordinal": MarkKind.RANKING,
    "cumulative": MarkKind.SCORES,
    "scoring": MarkKind.SCORES,
}
MONEY = re.compile(r"(\d{1,15})(?:[.,](\d{1,6}))?")
THOUSANDS = re.compile(r"[1-9]\d{0,2},\d{3}")  # 1,500 is one and a half, or thousands

Row = tuple[int, Mapping[str, str]]


def read(lines: Sequence[str], _wanted: MarkKind) -> VoteFile:
    """Options are the ids of the projects; amounts with decimals are counted in their smallest unit."""
    sections = sections_of(lines)
    meta = {key: value for _line, row in sections["META"] for key, value in [pair(row)]}
    projects = project_rows(sections["PROJECTS"])
    budget_line, written = budget_of(sections["META"])
    budget = money(written, budget_line)
    if not budget:
        raise BadFile(budget_line, "a budget of nothing: there is nothing to share out.")
    costs = [money(row["cost"], line) for line, row in projects.values()]
    unit = lcm(budget.denominator, *(cost.denominator for cost in costs))
    vote_type = meta.get("vote_type", "approval").lower()
    if vote_type not in KINDS:
        raise BadFile(0, f"the vote_type {shown(vote_type)} is not one of {', '.join(KINDS)}.")
    place = {project: at for at, project in enumerate(projects)}
    votes = tuple(vote_of(row, line, KINDS[vote_type], place) for line, row in sections["VOTES"])
    return VoteFile(
        tuple(projects),
        tuple(row.get("name") or project for project, (_line, row) in projects.items()),
        KINDS[vote_type],
        votes,
        tuple(int(cost * unit) for cost in costs),
        int(budget * unit),
        unit=unit,
        points=KINDS[vote_type] is MarkKind.SCORES,
    )


def sections_of(lines: Sequence[str]) -> dict[str, list[Row]]:
    """The rows of each section with their lines, by the names in its first row."""
    found: dict[str, list[Row]] = {}
    section = ""
    names: list[str] = []
    for line, cells in rows_of(lines, ";"):
        if is_heading(cells):
            section, names = cells[0].strip().upper(), []
            if section in found:
                raise BadFile(line, f"there is a second section {section}.")
            found[section] = []
        elif not section:
            raise BadFile(line, "the file does not begin with the line META.")
        elif not names:
            names = [cell.strip().lower() for cell in cells]
        else:
            found[section].append((line, dict(zip(names, (cell.strip() for cell in cells), strict=False))))
    for name in SECTIONS:
        if name not in found:
            raise BadFile(0, f"there is no section {name}.")
    return found


def is_heading(cells: Sequence[str]) -> bool:
    """The name of a section; spreadsheets put empty cells after it."""
    first = cells[0].strip()
    return (first in SECTIONS and not any(cells[1:])) or (len(cells) == 1 and first.upper() in SECTIONS)


def pair(row: Mapping[str, str]) -> tuple[str, str]:
    """A line of META: what it is called, and its value."""
    values = list(row.values())
    return values[0].lower(), values[1] if len(values) > 1 else ""


def budget_of(rows: Sequence[Row]) -> tuple[int, str]:
    found = [(line, value) for line, row in rows for key, value in [pair(row)] if key == "budget"]
    if not found:
        raise BadFile(0, "META does not say the budget.")
    if len(found) > 1:
        raise BadFile(found[1][0], "META says the budget a second time.")
    return found[0]


def project_rows(rows: Sequence[Row]) -> dict[str, Row]:
    projects: dict[str, Row] = {}
    for line, row in rows:
        project = row.get("project_id", "")
        if not project or "cost" not in row:
            raise BadFile(line, "a project needs a project_id and a cost.")
        if project in projects:
            raise BadFile(line, f"the project {shown(project)} is listed twice.")
        projects[project] = (line, row)
    if not projects:
        raise BadFile(0, "no projects are listed.")
    require_few_options(len(projects), rows[-1][0])
    return projects


def money(written: str, line: int) -> Fraction:
    found = MONEY.fullmatch(written)
    if not found:
        raise BadFile(line, f"{shown(written)} is not an amount of money.")
    if THOUSANDS.fullmatch(written):
        raise BadFile(line, f"{shown(written)} can be read in two ways; write thousands without a comma.")
    return Fraction(f"{found[1]}.{found[2] or 0}")


def vote_of(row: Mapping[str, str], line: int, kind: MarkKind, place: Mapping[str, int]) -> Vote[Any]:
    if "vote" not in row:
        raise BadFile(line, "the column vote is missing.")
    named = [each.strip() for each in row["vote"].split(",") if each.strip()]
    for project in named:
        if project not in place:
            raise BadFile(line, f"the vote names {shown(project)}, which is not among the projects.")
    found = [place[project] for project in named]
    require_once(found, line)
    if kind is MarkKind.APPROVAL:
        return Vote(tuple(sorted(found)))
    if kind is MarkKind.RANKING:
        return Vote(tuple((project,) for project in found))
    points = [
        mark(each.strip(), MarkKind.APPROVAL, line) for each in row.get("points", "").split(",") if each
    ]
    if len(points) != len(found):
        raise BadFile(line, f"the vote names {len(found)} projects and gives points to {len(points)}.")
    return Vote(tuple(sorted(zip(found, points, strict=True))))
