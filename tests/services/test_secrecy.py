"""With a dump of all tables of a closed secret vote voters and ballots are joined no better than by chance."""

import re
from collections.abc import Callable, Iterator
from itertools import permutations
from random import Random
from typing import Any

from sqlalchemy import Engine, text
from sqlmodel import Session

from app.models.tables import metadata
from app.services import ballots_secret, decisions_count, events
from tests.services.chamber import Chamber, make_chamber
from tests.services.racing import SECRET

ROUNDS = 6
Row = dict[str, Any]
Dump = dict[str, list[Row]]


def dump(engine: Engine) -> Dump:
    """Every row of every table with what PostgreSQL itself knows of it: its place, and which transaction wrote it."""
    found: Dump = {}
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            query = f'SELECT t.ctid::text AS ctid, t.xmin::text::bigint AS xmin, t.* FROM "{table.name}" t'
            found[table.name] = [dict(row) for row in connection.execute(text(query)).mappings()]
    return found


def voted(db: Session, seed: int) -> tuple[Chamber, dict[str, str]]:
    """Nine seats, nine different ballots, each in a transaction of its own, in random order; one of them replaced."""
    random = Random(seed)
    chamber = make_chamber(db)
    decision = chamber.put()
    decision.rule, decision.terms = {"name": "supermajority", "version": 1, "share": "2/3"}, SECRET
    db.flush()
    chamber.notice(opens_in=-1)
    db.commit()
    names = list(chamber.members)
    random.shuffle(names)
    truth: dict[str, str] = {}
    for place, name in enumerate(names):
        key = f"{random.getrandbits(128):032x}"
        mark = {"choice": ("for", "against", "abstain")[place % 3]}
        ballots_secret.cast(db, decision, chamber.members[name].id, mark, key)
        db.commit()
        truth[str(chamber.seats[name].id)] = ballots_secret.nonce_of(key)
    decisions_count.close(db, decision, None)
    db.commit()
    events.seal(db, 10_000)
    db.commit()
    return chamber, truth


def ctid(row: Row) -> tuple[int, ...]:
    return tuple(int(each) for each in re.findall(r"\d+", row["ctid"]))


# How an attacker puts the seats, and the ballots, in an order, hoping that the two orders are the same.
Order = Callable[[Row], Any]
SEATS: dict[str, Order] = {
    "place": ctid, "transaction": lambda row: (row["xmin"], ctid(row)), "id": lambda row: str(row["seat_id"]),
}  # fmt: skip
BALLOTS: dict[str, Order] = {
    "place": ctid, "transaction": lambda row: (row["xmin"], ctid(row)), "id": lambda row: str(row["id"]),
    "nonce": lambda row: row["nonce"],
}  # fmt: skip


def guesses(found: Dump) -> Iterator[tuple[str, dict[str, str]]]:
    """Every pairing that an order of the one, forwards or backwards, and an order of the other suggest."""
    for one, by_seat in SEATS.items():
        seats = [str(row["seat_id"]) for row in sorted(found["voted"], key=by_seat)]
        for other, by_ballot in BALLOTS.items():
            listed = [row["nonce"] for row in sorted(found["secret_ballot"], key=by_ballot)]
            for way, ordered in (("forwards", listed), ("backwards", listed[::-1])):
                yield f"{one} and {other}, {way}", dict(zip(seats, ordered, strict=True))


def test_no_order_of_rows_joins_voters_and_ballots(clean: Engine, db: Session) -> None:
    """Each guess is right about as often as a blind one: once in a vote, of nine, on average."""
    right: dict[str, int] = {}
    for seed in range(ROUNDS):
        _chamber, truth = voted(db, seed)
        found = dump(clean)
        mine = {str(row["seat_id"]) for row in found["voted"]} & set(truth)
        found["voted"] = [row for row in found["voted"] if str(row["seat_id"]) in mine]
        found["secret_ballot"] = [row for row in found["secret_ballot"] if row["nonce"] in truth.values()]
        assert len(found["voted"]) == len(found["secret_ballot"]) == 9
        for name, guess in guesses(found):
            right[name] = right.get(name, 0) + sum(truth[seat] == nonce for seat, nonce in guess.items())

    # Six votes: six right on average, with a standard deviation of about 2.5; a real link would give 54.
    assert max(right.values()) <= 20, right


def test_the_attacker_is_able_a_link_that_is_left_is_found(clean: Engine, db: Session) -> None:
    """While the vote is open the transaction does join the two, as the ballot page says: this attacker sees it."""
    chamber = make_chamber(db)
    decision = chamber.put()
    decision.rule, decision.terms = {"name": "supermajority", "version": 1, "share": "2/3"}, SECRET
    db.flush()
    chamber.notice(opens_in=-1)
    db.commit()
    truth = {}
    for number, (name, person) in enumerate(chamber.members.items()):
        ballots_secret.cast(db, decision, person.id, {"choice": "for"}, f"{number:032x}")
        db.commit()
        truth[str(chamber.seats[name].id)] = ballots_secret.nonce_of(f"{number:032x}")
    found = dump(clean)
    found["secret_ballot"] = found["ballot_box"]

    best = max(sum(truth[seat] == nonce for seat, nonce in guess.items()) for _name, guess in guesses(found))

    assert best == 9


def test_after_the_count_nothing_else_names_a_ballot_or_was_written_with_one(
    clean: Engine, db: Session
) -> None:
    """No event, notification or any other row holds an id, nonce or key of a ballot, or shares its transaction."""
    chamber, truth = voted(db, 99)
    found = dump(clean)
    assert found["ballot_box"] == []
    secrets = {str(row["id"]) for row in found["secret_ballot"]} | set(truth.values())

    for table, rows in found.items():
        if table != "secret_ballot":
            assert not [each for row in rows for each in secrets if each in str(row)], table
    written = {row["xmin"] for row in found["voted"]}
    assert not written & {row["xmin"] for row in found["secret_ballot"]}
    assert len({row["xmin"] for row in found["secret_ballot"]}) == 1
    others = {table: rows for table, rows in found.items() if table not in ("voted", "secret_ballot")}
    assert not [table for table, rows in others.items() if written & {row["xmin"] for row in rows}]
    assert chamber.decision


def test_the_table_of_ballots_has_no_time_and_no_number() -> None:
    named = ("voted", "secret_ballot")
    columns = {table: {column.name for column in metadata.tables[table].columns} for table in named}

    assert columns["voted"] == {"decision_id", "seat_id"}
    assert columns["secret_ballot"] == {"id", "decision_id", "group", "mark", "nonce"}
    assert columns["voted"] & columns["secret_ballot"] == {"decision_id"}


def test_a_blind_guess_is_right_once_on_average() -> None:
    """What "chance" means above: over all ways to pair six with six, one pair fits on average."""
    ways = list(permutations(range(6)))

    assert sum(sum(at == each for at, each in enumerate(way)) for way in ways) == len(ways)
