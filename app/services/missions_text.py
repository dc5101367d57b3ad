"""The text of a mission as one piece: kept as a version whenever it changes."""

import json
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session

from app.errors import NotAcceptable
from app.models.link import Link
from app.models.mission import Mission, clauses_of
from app.models.project import projects_of
from app.rules.words import N_, SubjectKind
from app.services import events, missions

QUOTATION = "[{} {}]"
LONGEST = 50_000


class MissionTooLong(NotAcceptable):
    sentence: ClassVar[str] = N_(
        "All texts of a mission together are too long: shorten some, so that people can read it in one sitting."
    )


def keep(session: Session, mission: Mission, by: UUID | None) -> str:
    """Keep the present text as the next version, and answer the salted hash for its event."""
    number = len(events.versions(session, SubjectKind.MISSION, mission.id)) + 1
    words = whole(session, mission)
    if len(words) > LONGEST:
        raise MissionTooLong()
    return events.keep_text(session, SubjectKind.MISSION, mission.id, number, words, by)


def whole(session: Session, mission: Mission) -> str:
    """All words and numbers of it; words still somebody's own stand as a reference, for they may take them back."""
    facts = missions.snapshot(session, mission)
    clauses, routes = clauses_of(session, mission.id), projects_of(session, mission.id)
    quoted = quoted_in(missions.sources_of(session, clauses))
    named = quoted_in(missions.sources_of(session, routes, SubjectKind.PROJECT))
    for clause in facts["clauses"]:
        clause["text"] = quoted.get(clause["id"], clause["text"])
    for route in facts["routes"]:
        route["title"] = named.get(route["id"], route["title"])
    return json.dumps(facts, ensure_ascii=False, sort_keys=True)


def quoted_in(sources: dict[UUID, list[Link]]) -> dict[str, str]:
    """The parts that are still a quotation, each with the reference that stands for its words.

    What an amendment put in are its words, whatever voices it goes on using: the latest one stands for them.
    """
    return {
        str(part): QUOTATION.format(link.to_kind.value, link.to_id)
        for part, links in sources.items()
        for link in sorted(links, key=lambda each: each.to_kind is SubjectKind.STATEMENT)
        if link.note == missions.QUOTED
    }
