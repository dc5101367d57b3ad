"""Terms: the goals and targets of sustainable development, and sectors; kept as trees and tagged on subjects."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from app.i18n import current
from app.models.term import Term
from app.services.missions import code_order, targets_of

SDG, SECTOR, DISCIPLINE = "sdg", "sector", "discipline"
WRITTEN = Path(__file__).parent.parent / "terms"
FILES = {SDG: WRITTEN / "sdg.tsv", SECTOR: WRITTEN / "sectors.tsv", DISCIPLINE: WRITTEN / "disciplines.tsv"}


@dataclass
class Goal:
    """One goal with its targets, or with those of them that a mission names."""

    code: str
    label: str
    targets: list["Target"] = field(default_factory=list)


@dataclass(frozen=True)
class Target:
    id: UUID
    code: str
    label: str
    official: str = ""


@cache
def written(scheme: str = SDG) -> dict[str, dict[str, str]]:
    """The rows of a scheme's file by their code (the official one of goals); parents stand before their children."""
    with FILES[scheme].open(encoding="utf-8", newline="") as lines:
        return {row["code"]: row for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)}


def ensure_all(session: Session) -> None:
    ensure_sdg(session)
    ensure(session, SECTOR)
    ensure(session, DISCIPLINE)


def ensure_sdg(session: Session) -> None:
    ensure(session, SDG)


def ensure(session: Session, scheme: str) -> None:
    """Every entry of a scheme is a term, with the wording of this version; doing it twice changes nothing."""
    rows = written(scheme).values()
    write(session, scheme, [row for row in rows if not row["parent"]], {})
    query = select(Term.code, Term.id).where(Term.scheme == scheme, col(Term.parent_id).is_(None))
    write(session, scheme, [row for row in rows if row["parent"]], dict(session.exec(query).all()))


def write(session: Session, scheme: str, rows: list[dict[str, str]], parents: dict[str, UUID]) -> None:
    """Add what is missing; two processes that start at once add it once."""
    if not rows:
        return
    entry = insert(Term).values(
        [
            {
                "id": uuid4(),
                "scheme": scheme,
                "code": row["code"],
                "label": row["label"],
                "parent_id": parents.get(row["parent"]),
            }
            for row in rows
        ]
    )
    session.connection().execute(
        entry.on_conflict_do_update(
            index_elements=["scheme", "code"],
            set_={"label": entry.excluded.label},
            where=col(Term.label) != entry.excluded.label,
        )
    )


def label(code: str, scheme: str = SDG) -> str:
    """Our few words for a term, in the reader's language."""
    row = written(scheme).get(code, {})
    return row.get(f"label_{current()}") or row.get("label", code)


def roots(scheme: str) -> list[tuple[str, str]]:
    """The first level of a scheme, as code and words in the reader's language."""
    return [(code, label(code, scheme)) for code, row in written(scheme).items() if not row["parent"]]


def tree(session: Session) -> list[Goal]:
    """All goals in order, each with its targets, for the editor."""
    terms = session.exec(select(Term).where(Term.scheme == SDG)).all()
    return rolled_up(sorted(terms, key=lambda term: code_order(term.code)))


def goals_of(session: Session, mission_id: UUID) -> list[Goal]:
    """What a mission serves: its targets under the goals they belong to. The goals follow; nobody picks them."""
    return rolled_up(targets_of(session, mission_id))


def rolled_up(terms: Sequence[Term]) -> list[Goal]:
    goals: dict[str, Goal] = {}
    for term in terms:
        goal_code, dot, _target = term.code.partition(".")
        goal = goals.setdefault(goal_code, Goal(goal_code, label(goal_code)))
        if dot:
            goal.targets.append(Target(term.id, term.code, label(term.code), term.official))
    return list(goals.values())
