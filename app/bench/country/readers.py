"""Who reads the pages that are measured, and of which missions, projects, calls and people they read."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Engine, text
from sqlmodel import Session

from app.db import transaction
from app.models.person import Person
from app.services import sign_ins

SUBJECTS = 10  # of each kind, asked for in turns
VISITOR, STEWARD, MEMBER, APPLICANT = "visitor", "steward", "member", "applicant"
USUAL = {
    "mission": "SELECT id FROM mission WHERE state = 'active' ORDER BY id",
    "candidate": "SELECT id FROM mission WHERE state = 'candidate' ORDER BY id",
    "call": "SELECT call_id FROM mission GROUP BY 1 ORDER BY (SELECT count(*) FROM submission s WHERE s.call_id = "
    "mission.call_id) DESC, 1",
    "offer": "SELECT call_id FROM offer ORDER BY call_id",
    "agency": "SELECT DISTINCT organisation_id FROM mission ORDER BY 1",
    "committee": "SELECT id FROM committee ORDER BY id",
    "decision": "SELECT id FROM decision WHERE kind = 'portfolio' ORDER BY id",
}
OF_MISSIONS = {
    "project": "SELECT min(id::text) FROM project WHERE mission_id = :mission AND state = 'running'",
    "indicator": "SELECT min(id::text) FROM indicator WHERE mission_id = :mission",
    "condition": "SELECT min(c.id::text) FROM condition c JOIN project p ON p.id = c.project_id "
    "WHERE p.mission_id = :mission",
    "voice": "SELECT min(l.to_id::text) FROM link l JOIN clause c ON c.id = l.from_id WHERE c.mission_id = :mission "
    "AND l.kind = 'derives_from'",
    "year": "SELECT mode() WITHIN GROUP (ORDER BY year) FROM money WHERE mission_id = :mission AND kind = 'committed'",
}
PEOPLE = {
    STEWARD: "SELECT person_id FROM seat WHERE role = 'steward' AND ends_at IS NULL ORDER BY id",
    MEMBER: "SELECT person_id FROM seat WHERE role = 'member' AND ends_at IS NULL ORDER BY id",
    APPLICANT: "SELECT created_by_id FROM application ORDER BY number",
}
AGENCIES = "organisation_id IN (SELECT scope_id FROM seat WHERE person_id = :person AND role = 'steward')"
# What each reader reads as their own; the rest is as for everyone.
OWN: dict[str, dict[str, str]] = {
    VISITOR: {},
    STEWARD: {
        "mission": f"SELECT id FROM mission WHERE state = 'active' AND {AGENCIES} ORDER BY id",  # noqa: S608
        "candidate": f"SELECT id FROM mission WHERE state = 'candidate' AND {AGENCIES} ORDER BY id",  # noqa: S608
    },
    MEMBER: {
        "committee": "SELECT scope_id FROM seat WHERE person_id = :person AND role = 'member' ORDER BY id"
    },
    APPLICANT: {"application": "SELECT id FROM application WHERE created_by_id = :person ORDER BY number"},
}


@dataclass(frozen=True)
class Reader:
    """Whose cookies are sent, and which subjects are theirs."""

    cookies: dict[str, str]
    subjects: list[dict[str, str]]


def find_readers(engine: Engine) -> dict[str, Reader]:
    """A visitor, and one of each who signed in."""
    with transaction(engine) as session:
        usual = {name: ids(session, query) for name, query in USUAL.items()}
        return {who: reader(session, usual, who) for who in OWN}


def reader(session: Session, usual: dict[str, list[UUID]], who: str) -> Reader:
    if who == VISITOR:
        return Reader({}, subjects(session, usual))
    person = session.get_one(Person, ids(session, PEOPLE[who])[0])
    own = {name: ids(session, query, person=person.id) for name, query in OWN[who].items()}
    cookies = {"session": sign_ins.begin(session, person)}
    return Reader(cookies, subjects(session, usual | own))


def ids(session: Session, query: str, **values: object) -> list[UUID]:
    return [
        row[0]
        for row in session.connection().execute(
            text(f"{query} LIMIT {SUBJECTS}" if "LIMIT" not in query else query), values
        )
    ]


def subjects(session: Session, found: dict[str, list[UUID]]) -> list[dict[str, str]]:
    """One of each kind for each turn; what belongs to a mission is that mission's."""
    listed = []
    for turn in range(SUBJECTS):
        chosen = {name: str(each[turn % len(each)]) for name, each in found.items() if each}
        for name, query in OF_MISSIONS.items():
            value = session.connection().execute(text(query), {"mission": chosen["mission"]}).scalar()
            chosen[name] = str(value)
        listed.append(chosen)
    return listed
