"""The official wording of goals and targets, loaded from the file that the United Nations publish."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, select

from app.models.term import Term
from app.rules import official_terms
from app.services import missions, terms


@dataclass(frozen=True)
class Loaded:
    """How many terms have their official wording now, and how many of them are new or changed."""

    terms: int
    changed: int

    @property
    def sentence(self) -> str:
        return (
            f"{self.terms} goals and targets have their official wording; {self.changed} are new or changed."
        )

    def as_facts(self) -> dict[str, Any]:
        return {"terms": self.terms, "changed": self.changed}


def load(session: Session, content: bytes) -> Loaded:
    """Put the full wording beside our few words; a file that is not whole changes nothing."""
    terms.ensure_sdg(session)
    known = {each.code: each for each in session.exec(select(Term).where(Term.scheme == terms.SDG))}
    found = official_terms.parse(content, sorted(known, key=missions.code_order))
    changed = [code for code, words in found.items() if known[code].official != words]
    for code in changed:
        known[code].official = found[code]
    session.flush()
    return Loaded(len(found), len(changed))


def wordings(session: Session) -> dict[str, str]:
    """The official words by code, as far as they are loaded."""
    query = select(Term.code, Term.official).where(Term.scheme == terms.SDG, Term.official != "")
    return dict(session.exec(query).all())
