"""What a chair saw of a mission and what it is now: so that nobody freezes a text they have not read."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from app.errors import Conflict
from app.i18n import _, day, word
from app.models.decision import Decision
from app.models.mission import Mission
from app.models.submission import Submission
from app.rules.disclosure import PUBLIC_STATES
from app.rules.phrases import Phrase, phrase
from app.rules.words import N_, Direction, IndicatorLens, SubjectKind
from app.services import decisions_freeze, events, missions, missions_draft

QUOTATION = re.compile(r"\[(submission|statement) ([0-9a-f-]{36})\]")
TAKEN_BACK = N_("The words of one person, who took them back.")
OF_INDICATOR = {
    "name": N_("What is counted or measured"),
    "lens": N_("What it looks at"),
    "unit": N_("Unit"),
    "direction": N_("Direction"),
    "baseline": N_("Where it stands (baseline)"),
    "baseline_at": N_("On which day"),
    "goal": N_("Where it shall stand (goal)"),
    "due": N_("By which day"),
    "source": N_("Where the numbers come from"),
    "owner": N_("Who answers for it"),
}
NOTHING = (Phrase(""), "")


class TextChanged(Conflict):
    sentence: ClassVar[str] = N_(
        "The mission has changed since you opened this page, so no vote is announced yet. What changed stands below. "
        "Your question and dates are kept: announce the vote again if you still want to."
    )


@dataclass(frozen=True)
class Change:
    """One part of a mission, as the page showed it and as it is now; empty where there is none."""

    part: Phrase
    was: str
    now: str


def require_seen(session: Session, decision: Decision, about: Sequence[Mission], seen: str) -> None:
    """Refuse to freeze a text that differs from the one that was shown."""
    if decisions_freeze.fingerprint(session, decision, about) != seen:
        raise TextChanged()


def changes(session: Session, mission: Mission, version: int) -> list[Change]:
    """What differs between that version and the present one; nothing where that version was not kept."""
    before = kept_at(session, mission, version)
    if before is None:
        return []
    after = missions.snapshot(session, mission)
    here = {clause["id"]: clause["text"] for clause in after["clauses"]}
    here |= {route["id"]: route["title"] for route in after["routes"]}
    was = dict(parts(before, quoted(session, before, here)))
    now = dict(parts(after, {}))
    keys = [*was, *(key for key in now if key not in was)]
    found = (
        Change((now.get(key) or was[key])[0], was.get(key, NOTHING)[1], now.get(key, NOTHING)[1])
        for key in keys
    )
    return [each for each in found if each.was != each.now]


def kept_at(session: Session, mission: Mission, version: int) -> dict[str, Any] | None:
    for kept in events.versions(session, SubjectKind.MISSION, mission.id):
        try:
            facts = json.loads(kept.words or "")
        except ValueError:
            continue  # The reason of a withdrawal, or erased.
        if isinstance(facts, dict) and facts.get("version") == version:
            return facts
    return None


def quoted(session: Session, before: dict[str, Any], here: dict[str, str]) -> dict[str, str]:
    """The words behind each reference: as they stand here, as that voice or amendment has them, or taken back."""
    told = [(each["id"], each["text"]) for each in before["clauses"]]
    told += [(each["id"], each["title"]) for each in before["routes"]]
    found = {part: match for part, words in told if (match := QUOTATION.fullmatch(words))}
    sources = {part: (SubjectKind(match[1]), UUID(match[2])) for part, match in found.items()}
    readable = words_of_sources(session, set(sources.values()))
    return {
        part: here.get(part) or readable[source] if source in readable else _(TAKEN_BACK)
        for part, source in sources.items()
    }


def words_of_sources(
    session: Session, sources: set[tuple[SubjectKind, UUID]]
) -> dict[tuple[SubjectKind, UUID], str]:
    """The words of voices and amendments that may be read now."""
    voices = {key for kind, key in sources if kind is SubjectKind.SUBMISSION}
    others = {key for kind, key in sources if kind is SubjectKind.STATEMENT}
    told: dict[tuple[SubjectKind, UUID], str] = {}
    if voices:
        query = select(Submission).where(
            col(Submission.id).in_(voices), col(Submission.state).in_(PUBLIC_STATES)
        )
        told |= {
            (SubjectKind.SUBMISSION, each.id): missions_draft.excerpt(each) for each in session.exec(query)
        }
    for key in others - missions.unreadable_among(session, set(), others):
        kept = events.versions(session, SubjectKind.STATEMENT, key)
        if kept and kept[-1].words is not None:
            told[SubjectKind.STATEMENT, key] = kept[-1].words
    return told


def clause_texts(session: Session, kept: dict[str, Any]) -> dict[str, str]:
    """The words of every clause in a version that was kept, by its id; those taken back are left out."""
    told = quoted(session, kept, {})
    taken_back = _(TAKEN_BACK)
    words = {each["id"]: told.get(each["id"], each["text"]) for each in kept["clauses"]}
    return {key: text for key, text in words.items() if text != taken_back}


def parts(facts: dict[str, Any], told: dict[str, str]) -> Iterator[tuple[str, tuple[Phrase, str]]]:
    """Every part of a mission's text with its name, in order; `told` holds words that stand as a reference."""
    yield "title", (Phrase(N_("Title")), facts["title"])
    yield "affected", (Phrase(N_("Who is affected")), facts.get("affected", ""))
    for number, clause in enumerate(facts["clauses"], 1):
        key = clause["id"]
        words = told.get(key, clause["text"])
        yield key, (phrase(N_("Clause %(number)s"), number=number), words)
        sources = str(len(clause["sources"]))
        yield f"{key} sources", (phrase(N_("Sources of clause %(number)s"), number=number), sources)
    for place, indicator in enumerate(facts["indicators"]):
        for name, label in OF_INDICATOR.items():
            yield f"indicator {place} {name}", (Phrase(label), shown(name, indicator[name]))
    for route in facts["routes"]:
        words = " ".join(each for each in (told.get(route["id"], route["title"]), route["summary"]) if each)
        yield route["id"], (Phrase(N_("Rival route")), words)
    yield "sdg", (Phrase(N_("Targets of the Sustainable Development Goals")), ", ".join(facts["sdg"]))


def shown(name: str, value: str | None) -> str:
    """A value of an indicator as people read it; a number in every digit, since any of them may have changed."""
    if not value:
        return ""
    if name in ("baseline_at", "due"):
        return day(date.fromisoformat(value))
    if name == "lens":
        return word(IndicatorLens(value))
    return word(Direction(value)) if name == "direction" else value
