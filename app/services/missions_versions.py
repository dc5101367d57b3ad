"""Versions of a mission's text: who made each, when and why, and any two of them side by side, word by word."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.errors import NotFound
from app.models.decision import Decision, decisions_about
from app.models.event import Event
from app.models.mission import Mission
from app.models.person import Person
from app.models.statement import Statement
from app.models.text_version import TextVersion
from app.rules import word_diffs
from app.rules.phrases import Phrase
from app.rules.word_diffs import Part, Stretch
from app.rules.words import N_, StatementState, SubjectKind
from app.services import decisions_compare, events

# What a version came from, by the part that its event names; several parts of one form are told together.
REASONS: dict[str, str] = {
    "title": N_("The title was changed."),
    "targets": N_("Targets of the Sustainable Development Goals were chosen."),
    "indicator": N_("The indicator was changed."),
    "clause": N_("A clause was written or changed."),
    "clause_removed": N_("A clause was removed."),
    "route": N_("A route was written or changed."),
    "route_removed": N_("A route was removed."),
    "amendment": N_("Other words were accepted into the mission."),
}
DRAFTED = N_("It was drafted from what people said.")
CHANGED = N_("The text was changed.")
VOTED = N_("A vote put these words in.")
MOST = 200  # of a page; older ones stay kept
NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Version:
    """One state of the text; `amendment` is where its words came from, `frozen_by` the votes that fixed it."""

    number: int
    at: datetime
    by: str
    why: list[Phrase]
    amendment: UUID | None = None
    reason: str = ""
    frozen_by: tuple[Decision, ...] = ()


@dataclass(frozen=True)
class Compared:
    """One part of the text in two versions."""

    part: Phrase
    stretches: list[Stretch]

    @property
    def is_changed(self) -> bool:
        return any(each.part is not Part.SAME for each in self.stretches)


@dataclass(frozen=True)
class Comparison:
    left: Version
    right: Version
    changed: list[Compared]
    unchanged: int


def listed(session: Session, mission: Mission) -> list[Version]:
    """Every version whose words are kept, the newest first."""
    kept = texts(session, mission)
    made = {
        str(event.facts.get(name)): event
        for event in of_mission(session, mission)
        for name in ("words", "text")
    }
    query = select(Person.id, Person.name).where(
        col(Person.id).in_({each.author_id for each, _facts in kept})
    )
    names = dict(session.exec(query).all())
    amended = reasons_of(session, made.values())
    frozen = frozen_versions(session, mission)
    return [
        version_of(each, facts, made.get(each.hash), names.get(each.author_id or NOBODY, ""), amended, frozen)
        for each, facts in reversed(kept)
    ]


def texts(session: Session, mission: Mission) -> list[tuple[TextVersion, dict[str, Any]]]:
    """The latest versions that are the mission's text; the reason of a withdrawal is kept beside them, and is none."""
    query = select(TextVersion).where(
        TextVersion.subject_kind == SubjectKind.MISSION, TextVersion.subject_id == mission.id
    )
    latest = session.exec(query.order_by(col(TextVersion.number).desc()).limit(MOST)).all()
    found = []
    for kept in reversed(latest):
        try:
            facts = json.loads(kept.words or "")
        except ValueError:
            continue
        if isinstance(facts, dict) and "clauses" in facts:
            found.append((kept, facts))
    return found


def of_mission(session: Session, mission: Mission) -> list[Event]:
    return events.of_subject(session, SubjectKind.MISSION, mission.id)


def reasons_of(session: Session, made: Sequence[Event] | Any) -> dict[UUID, Statement]:
    """The amendments that versions came from, as far as they may be read."""
    ids = {UUID(str(event.facts["amendment"])) for event in made if event.facts.get("amendment")}
    query = select(Statement).where(col(Statement.id).in_(ids), Statement.state == StatementState.VISIBLE)
    return {each.id: each for each in session.exec(query)} if ids else {}


def frozen_versions(session: Session, mission: Mission) -> dict[int, list[Decision]]:
    """Which version of the mission each vote fixed at its notice, as its frozen text says."""
    found: dict[int, list[Decision]] = {}
    for _mission, decision in decisions_about(session, [mission.id]):
        for kept in events.versions(session, SubjectKind.DECISION, decision.id)[:1]:
            if version := frozen_version(kept.words or "", mission.id):
                found.setdefault(version, []).append(decision)
    return found


def frozen_version(words: str, mission_id: UUID) -> int:
    """The version of this mission in the frozen text of a decision about one or several; 0 where it names none."""
    try:
        facts = json.loads(words)
    except ValueError:
        return 0
    told = facts.get("missions", [facts]) if isinstance(facts, dict) else []
    named = [each for each in told if isinstance(each, dict) and each.get("mission") == str(mission_id)]
    return next((int(each["version"]) for each in named), 0)


def version_of(
    kept: TextVersion, facts: dict[str, Any], event: Event | None, by: str, amended: dict[UUID, Statement],
    frozen: dict[int, list[Decision]],
) -> Version:  # fmt: skip
    amendment = UUID(str(event.facts["amendment"])) if event and event.facts.get("amendment") else None
    said = amended.get(amendment) if amendment else None
    votes = tuple(frozen.get(int(facts.get("version", 0)), ()))
    return Version(kept.number, kept.created_at, by, why(event), said.id if said else None, frozen_by=votes)


def why(event: Event | None) -> list[Phrase]:
    if event is None or event.kind == "decision_certified":
        return [Phrase(VOTED if event else CHANGED)]
    if event.kind == "mission_drafted":
        return [Phrase(DRAFTED)]
    named = [REASONS.get(part) for part in str(event.facts.get("part", "")).split(", ")]
    return [Phrase(each) for each in named if each] or [Phrase(CHANGED)]


def compare(session: Session, mission: Mission, left: int, right: int) -> Comparison:
    """Two versions by their numbers, part by part; words taken back since are in neither."""
    versions = {each.number: each for each in listed(session, mission)}
    facts = {kept.number: told for kept, told in texts(session, mission)}
    if left not in versions or right not in versions:
        raise NotFound()
    before, after = (told_parts(session, facts[number]) for number in (left, right))
    keys = [*before, *(key for key in after if key not in before)]
    found = [
        Compared(
            (after.get(key) or before[key])[0],
            word_diffs.diff(before.get(key, NOTHING)[1], after.get(key, NOTHING)[1]),
        )
        for key in keys
    ]
    changed = [each for each in found if each.is_changed]
    return Comparison(versions[left], versions[right], changed, len(found) - len(changed))


NOTHING = (Phrase(""), "")


def told_parts(session: Session, facts: dict[str, Any]) -> dict[str, tuple[Phrase, str]]:
    return dict(decisions_compare.parts(facts, decisions_compare.quoted(session, facts, {})))
