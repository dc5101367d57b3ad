"""What somebody's form of a mission started from, and what it comes to beside what a colleague saved meanwhile."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.models.mission import Mission
from app.rules import merging
from app.rules.merging import Together
from app.rules.words import N_, SubjectKind
from app.services import decisions_compare
from app.services.decisions_compare import OF_INDICATOR

TEXTS = frozenset({"title", "affected", "text", "summary", "purpose"})
# What a field is called where two people wrote into it at once.
LABELS: dict[str, str] = {
    **OF_INDICATOR,
    "title": N_("Title"),
    "affected": N_("Who is affected"),
    "owned_by": N_("Owner"),
    "sectors": N_("Sectors"),
    "disciplines": N_("Disciplines"),
    "readiness": N_("How ready it is at the start, 1 to 9"),
    "text": N_("The clause"),
    "section": N_("Part of the text"),
    "position": N_("Place in the text"),
    "origin": N_("Who says this?"),
    "summary": N_("Summary"),
    "route": N_("Kind of route"),
    "lead_organisation_id": N_("Who leads it"),
    "name": N_("Name"),
    "purpose": N_("What it decides on"),
}


def started_from(session: Session, mission: Mission, version: int) -> dict[str, Any] | None:
    """The fields of the editor as that version of the mission filled them in."""
    kept = decisions_compare.kept_at(session, mission, version)
    if kept is None:
        return None
    indicator: dict[str, Any] = next(iter(kept["indicators"]), {})
    blank = dict.fromkeys(OF_INDICATOR, "")
    lists = {
        "targets": list(kept["sdg"]),
        **{name: kept.get(name, []) for name in ("sectors", "disciplines")},
    }
    texts = {
        "title": kept["title"],
        "affected": kept.get("affected", ""),
        "owned_by": kept.get("owner") or "",
    }
    return {**texts, **lists, "add": "", **blank, **indicator}


def clause_started_from(
    session: Session, mission: Mission, clause_id: UUID | None, version: int
) -> dict[str, Any] | None:
    """A clause as that version of the mission had it; words taken back since are not in it."""
    kept = decisions_compare.kept_at(session, mission, version)
    found = next((each for each in kept["clauses"] if each["id"] == str(clause_id)), None) if kept else None
    if kept is None or found is None:
        return None
    facts = {name: found[name] for name in ("section", "origin", "position")}
    texts = decisions_compare.clause_texts(session, kept)
    sources = {
        kind: [each["id"] for each in found["sources"] if each["kind"] == kind]
        for kind in (SubjectKind.SUBMISSION, SubjectKind.CLUSTER)
    }
    lists = {
        "submissions": sources[SubjectKind.SUBMISSION],
        "clusters": sources[SubjectKind.CLUSTER],
    }
    return {**facts, **lists, **({"text": texts[found["id"]]} if found["id"] in texts else {})}


def route_started_from(
    session: Session, mission: Mission, route_id: UUID | None, version: int
) -> dict[str, Any] | None:
    kept = decisions_compare.kept_at(session, mission, version)
    found = next((each for each in kept["routes"] if each["id"] == str(route_id)), None) if kept else None
    if kept is None or found is None:
        return None
    told = decisions_compare.quoted(session, kept, {})
    facts = {name: found[name] for name in ("summary", "route")}
    return {
        **facts,
        "title": told.get(found["id"], found["title"]),
        "lead_organisation_id": found["lead_organisation"],
        "readiness": found.get("readiness"),
    }


def together(base: Mapping[str, Any] | None, mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Together:
    """Both people's changes, of the fields that the page holds; what it does not know of stays as it was typed."""
    known = {name: value for name, value in mine.items() if name in theirs}
    found = merging.together(base, known, theirs, TEXTS)
    return Together({**mine, **found.fields}, found.clashes)
