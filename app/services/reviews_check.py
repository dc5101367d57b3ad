"""What a reviewer quotes and links: whether the words stand in the mission, and where a link leads."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlmodel import Session, col, select

from app.models.mission import Clause, Mission, clauses_of, indicators_of
from app.models.project import Project, projects_of
from app.models.submission import Submission
from app.rules import quotations
from app.rules.disclosure import PUBLIC_STATES
from app.rules.reviews import EVIDENCE, QUOTE, SOLUTION_WORDS, Checked
from app.rules.words import Criterion, SubjectKind
from app.services import missions

VOICE = re.compile(r"#?(\d{1,15})")
SUBMISSION = re.compile(r"/submissions/([0-9a-f-]{36})/?")
CLAUSE = re.compile(r"clause-([0-9a-f-]{36})")


@dataclass(frozen=True)
class Words:
    """The texts of a mission that may be read now, and those that were somebody's who took them back."""

    readable: tuple[str, ...]
    gone: tuple[str, ...]

    def hides(self, quoted: str) -> bool:
        """Whether a quotation repeats words that were taken back and stand nowhere else."""
        return quotations.stands_in(quoted, self.gone) and not quotations.stands_in(quoted, self.readable)


def words_of(session: Session, mission: Mission) -> Words:
    """Title, clauses, who is affected, what is measured, and the routes."""
    clauses, projects = clauses_of(session, mission.id), projects_of(session, mission.id)
    gone = gone_parts(session, clauses, projects)
    told = [(each.id, each.text) for each in clauses] + [(each.id, each.title) for each in projects]
    named = [each.name for each in indicators_of(session, mission.id)]
    more = [text for each in projects if each.id not in gone for text in (each.summary, each.route)]
    return Words(
        (mission.title, mission.affected, *named, *more, *(text for key, text in told if key not in gone)),
        tuple(text for key, text in told if key in gone),
    )


def gone_parts(session: Session, clauses: list[Clause], projects: list[Project]) -> set[UUID]:
    """Clauses and routes in the very words of somebody who took them back."""
    behind = missions.sources_of(session, clauses) | missions.sources_of(
        session, projects, SubjectKind.PROJECT
    )
    gone = missions.unreadable(session, (link for links in behind.values() for link in links))
    return {part for part, links in behind.items() if not missions.words_of("told", links, gone)}


def checked(session: Session, mission: Mission, answers: Mapping[str, str], origin: str = "") -> Checked:
    """The fields whose quotation does not stand in the mission, and whose link leads nowhere."""
    words = words_of(session, mission)
    quotes = [f"{criterion}_{QUOTE}" for criterion in Criterion] + [SOLUTION_WORDS]
    links = [f"{criterion}_{EVIDENCE}" for criterion in Criterion]
    return Checked(
        {
            each
            for each in quotes
            if (told := answers.get(each)) and not quotations.stands_in(told, words.readable)
        },
        {
            each
            for each in links
            if (told := answers.get(each)) and not address_of(session, mission, told, origin)
        },
    )


def address_of(session: Session, mission: Mission, evidence: str, origin: str = "") -> str | None:
    """Where evidence leads: a voice by its number, a page of ours, or a page elsewhere; None if nowhere."""
    told = evidence.strip()
    if number := VOICE.fullmatch(told):
        return voice(session, Submission.number == int(number.group(1)))
    path = told.removeprefix(origin) if origin and told.startswith(f"{origin}/") else told
    if path.startswith("/"):
        return page_here(session, mission, path)
    return told if is_elsewhere(told) else None


def page_here(session: Session, mission: Mission, path: str) -> str | None:
    """A voice that may be read, or a clause of this very mission."""
    if found := SUBMISSION.fullmatch(path.partition("#")[0]):
        return voice(session, Submission.id == as_id(found.group(1)))
    if found := CLAUSE.fullmatch(path.partition("#")[2]):
        clause = session.get(Clause, as_id(found.group(1)))
        is_here = clause is not None and clause.mission_id == mission.id
        return f"/missions/{mission.id}#clause-{found.group(1)}" if is_here else None
    return None


def voice(session: Session, wanted: Any) -> str | None:
    query = select(Submission.id).where(wanted, col(Submission.state).in_(PUBLIC_STATES))
    found = session.exec(query).first()
    return f"/submissions/{found}" if found else None


def as_id(raw: str) -> UUID | None:
    try:
        return UUID(raw)
    except ValueError:
        return None


def is_elsewhere(told: str) -> bool:
    """A whole address of the web, without a name and password before its host; never followed by us."""
    try:
        parts = urlsplit(told)
        host = parts.hostname or ""
    except ValueError:
        return False
    is_plain = not any(each.isspace() or ord(each) < 33 for each in told) and "@" not in parts.netloc
    return parts.scheme in ("http", "https") and is_plain and "." in host.strip(".")
