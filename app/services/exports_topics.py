"""The goals and sectors on voices and groups, as an export writes them; what a machine suggests is not among them."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from app.models.term import Tag, Term
from app.rules.words import SubjectKind
from app.services import terms
from app.services.topics import Line, in_order, line

NOTHING = ("", "")


def codes_on(session: Session, kind: SubjectKind, keys: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """The goals and the sectors on each of these subjects; a group is meant by its key."""
    query = (
        select(Tag.subject_id, Term)
        .join(Term, col(Term.id) == Tag.term_id)
        .where(Tag.subject_kind == kind, col(Tag.subject_id).in_(keys))
    )
    found: dict[UUID, list[Line]] = {}
    for key, term in session.exec(query) if keys else ():
        found.setdefault(key, []).append(line(term))
    return {key: codes(sorted(lines, key=in_order)) for key, lines in found.items()}


def codes(lines: Sequence[Line]) -> tuple[str, str]:
    goals, sectors = (
        [one.code for one in lines if one.scheme == scheme] for scheme in (terms.SDG, terms.SECTOR)
    )
    return ", ".join(goals), ", ".join(sectors)
