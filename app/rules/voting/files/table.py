"""Tables of votes (.csv): one row a ballot, with one column of marks or a column for each option.

The first row names the columns, which stand in any order, with , or ; or a tab between them:

    times      how many ballots say exactly this (1 where there is no such column); also count, or weight
    group      the stakeholder group the ballot speaks for: public, private, third, academia or citizens
    ballot, id, seat, voter, name, ballot_id, seat_id, voter_id     not read

and one of these columns of marks, whose options stand in the order in which the file first names them:

    choice     for, against or abstain
    consent    consent or object
    approvals  A|C           options apart by | or ;
    ranking    A>B=C         best first; = for equal ranks; what is left out is last
    grades     A:5|B:0       whole numbers from 0 to 5
    scores     A:10|B:3      whole numbers from 0 to 10

or any other columns: each is an option, and its cells say what the rule counts: 1, x or yes where approved; its rank,
1 the best; its grade or score; or, with one such column, for, against, abstain, consent or object. An empty cell is no
mark, and a row without a filled cell no ballot.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from app.rules.voting.files.cells import Row, rows_of
from app.rules.voting.files.vote_file import (
    MOST_OPTIONS,
    BadFile,
    VoteFile,
    mark,
    require_few_options,
    require_once,
    shown,
    whole,
)
from app.rules.voting.profile import Consent, MarkKind, Vote
from app.rules.words import Choice

MARK_COLUMNS = {
    "choice": MarkKind.CHOICE,
    "consent": MarkKind.CONSENT,
    "approvals": MarkKind.APPROVAL,
    "ranking": MarkKind.RANKING,
    "grades": MarkKind.GRADES,
    "scores": MarkKind.SCORES,
}
NOT_READ = frozenset({"ballot", "id", "seat", "voter", "name", "ballot_id", "seat_id", "voter_id"})
TIMES = ("times", "count", "weight")
ONE_THING = "proposal"
ONE_OPTION = (MarkKind.CHOICE, MarkKind.CONSENT)
TICKED, NOT_TICKED = frozenset({"1", "x", "yes", "true"}), frozenset({"", "0", "no", "false"})
CHOICES = {"yes": Choice.FOR, "no": Choice.AGAINST, **{choice.value: choice for choice in Choice}}
CONSENTS = {consent.value: consent for consent in Consent}


@dataclass(frozen=True)
class Table:
    """The names of the columns, and the filled rows as they are read."""

    names: list[str]
    rows: Iterator[Row]

    def at(self, name: str) -> int | None:
        return self.names.index(name) if name in self.names else None


def read(lines: Sequence[str], wanted: MarkKind) -> VoteFile:
    """Options are the names in the cells, or of the columns."""
    table = table_of(lines)
    marks = [name for name in table.names if name in MARK_COLUMNS]
    columns = [name for name in table.names if not known(name)]
    if len(marks) > 1 or (marks and columns):
        both = ", ".join(shown(name) for name in [*marks, *columns][:3])
        raise BadFile(1, f"there is more than one way to read the marks: {both}; keep one.")
    if marks:
        return from_marks(table, marks[0])
    if columns:
        require_few_options(len(columns), 1)
        return from_columns(table, columns, wanted)
    raise BadFile(1, f"no column holds marks ({', '.join(MARK_COLUMNS)}, or one for each option).")


def table_of(lines: Sequence[str]) -> Table:
    """Known names of columns in small letters; rows filled up to as many cells."""
    begun = next(text for text in lines if text.strip())
    filled = rows_of(lines, max(",;\t", key=begun.count))
    line, names = next(filled, (1, []))
    if not names:
        raise BadFile(1, "no column has a name.")
    if len(names) > MOST_OPTIONS + len(NOT_READ):
        raise BadFile(line, f"there are {len(names)} columns; at most {MOST_OPTIONS} are read.")
    names = [name.strip() for name in names]
    names = [name.lower() if known(name.lower()) else name for name in names]
    if "" in names:
        raise BadFile(line, "a column has no name.")
    if len(set(names)) < len(names):
        raise BadFile(line, "two columns have the same name.")
    return Table(names, widened(filled, len(names)))


def widened(filled: Iterator[Row], many: int) -> Iterator[Row]:
    for line, cells in filled:
        if len(cells) > many:
            raise BadFile(line, f"there are {len(cells)} cells, but only {many} columns.")
        yield line, [*(cell.strip() for cell in cells), *[""] * (many - len(cells))]


def known(name: str) -> bool:
    return name in MARK_COLUMNS or name in NOT_READ or name in TIMES or name == "group"


def ballots(table: Table, read_one: Callable[[list[str], int], Any]) -> tuple[Vote[Any], ...]:
    """A vote for each row; `read_one` makes its mark of the cells."""
    given = [name for name in TIMES if name in table.names]
    if len(given) > 1:
        raise BadFile(1, f"both {given[0]} and {given[1]} would say how often a ballot was cast; keep one.")
    times_at, group_at = table.at(given[0]) if given else None, table.at("group")
    votes = []
    for line, cells in table.rows:
        times = (cells[times_at] if times_at is not None else "") or "1"
        group = cells[group_at].lower() if group_at is not None else ""
        many = whole(times, line, "the number of times a ballot was cast", least=1)
        votes.append(Vote(read_one(cells, line), group, many))
    return tuple(votes)


def from_marks(table: Table, column: str) -> VoteFile:
    """One column holds the whole mark."""
    kind, at = MARK_COLUMNS[column], table.names.index(column)
    places = {ONE_THING: 0} if kind in ONE_OPTION else {}
    read_one = CELLS[kind]
    votes = ballots(table, lambda cells, line: read_one(cells[at], places, line))
    if not places:
        raise BadFile(0, "no ballot names an option.")
    require_few_options(len(places), 0)
    return VoteFile(tuple(places), tuple(places), kind, votes)


def parts_of(cell: str) -> list[str]:
    return [part.strip() for part in cell.replace(";", "|").split("|") if part.strip()]


def place_of(option: str, places: dict[str, int], line: int) -> int:
    if not option:
        raise BadFile(line, "an option without a name.")
    return places.setdefault(option, len(places))


def read_approvals(cell: str, places: dict[str, int], line: int) -> tuple[int, ...]:
    found = [place_of(part, places, line) for part in parts_of(cell)]
    require_once(found, line)
    return tuple(sorted(found))


def read_ranking(cell: str, places: dict[str, int], line: int) -> tuple[tuple[int, ...], ...]:
    tiers = [
        tuple(sorted(place_of(each.strip(), places, line) for each in tier.split("=")))
        for tier in cell.split(">")
        if cell
    ]
    require_once([option for tier in tiers for option in tier], line)
    return tuple(tiers)


def reading_values(kind: MarkKind) -> Callable[[str, dict[str, int], int], tuple[tuple[int, int], ...]]:
    def read_values(cell: str, places: dict[str, int], line: int) -> tuple[tuple[int, int], ...]:
        found = []
        for part in parts_of(cell):
            option, colon, value = part.rpartition(":")
            if not colon:
                raise BadFile(line, f"{shown(part)} is not an option, a colon and a number.")
            found.append((place_of(option.strip(), places, line), mark(value.strip(), kind, line)))
        require_once([option for option, _value in found], line)
        return tuple(sorted(found))

    return read_values


def read_choice(cell: str, _places: dict[str, int], line: int) -> Choice:
    if cell.lower() not in CHOICES:
        raise BadFile(line, f"{shown(cell)} is not for, against or abstain.")
    return CHOICES[cell.lower()]


def read_consent(cell: str, _places: dict[str, int], line: int) -> Consent:
    if cell.lower() not in CONSENTS:
        raise BadFile(line, f"{shown(cell)} is not consent or object.")
    return CONSENTS[cell.lower()]


CELLS: dict[MarkKind, Callable[[str, dict[str, int], int], Any]] = {
    MarkKind.CHOICE: read_choice,
    MarkKind.CONSENT: read_consent,
    MarkKind.APPROVAL: read_approvals,
    MarkKind.RANKING: read_ranking,
    MarkKind.GRADES: reading_values(MarkKind.GRADES),
    MarkKind.SCORES: reading_values(MarkKind.SCORES),
}


def from_columns(table: Table, columns: Sequence[str], wanted: MarkKind) -> VoteFile:
    """A column for each option, whose cells say what the rule counts."""
    places = [table.names.index(column) for column in columns]
    if wanted not in ONE_OPTION:
        votes = ballots(table, lambda cells, line: across([cells[at] for at in places], wanted, line))
    elif len(columns) == 1:
        votes = ballots(table, lambda cells, line: CELLS[wanted](cells[places[0]], {}, line))
    else:
        raise BadFile(1, f"this rule asks about one thing, and there are {len(columns)} columns of options.")
    return VoteFile(tuple(columns), tuple(columns), wanted, votes)


def across(cells: Sequence[str], wanted: MarkKind, line: int) -> Any:
    """The mark of one row, whose cells belong to the options in turn."""
    if wanted is MarkKind.APPROVAL:
        return tuple(option for option, cell in enumerate(cells) if ticked(cell, line))
    if wanted is MarkKind.RANKING:
        tiers: dict[int, list[int]] = {}
        for option, cell in enumerate(cells):
            if cell:
                tiers.setdefault(whole(cell, line, "a rank, 1 for the best", least=1), []).append(option)
        return tuple(tuple(tiers[rank]) for rank in sorted(tiers))
    return tuple((option, mark(cell, wanted, line)) for option, cell in enumerate(cells) if cell)


def ticked(cell: str, line: int) -> bool:
    if cell.lower() in TICKED:
        return True
    if cell.lower() in NOT_TICKED:
        return False
    raise BadFile(line, f"{shown(cell)} is neither a tick (1, x, yes) nor none (0, no, or empty).")
