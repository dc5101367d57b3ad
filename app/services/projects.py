"""The life of a project: what it assumes, its start, its pauses, and its end with a verdict and a lesson."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import Session

from app.errors import Conflict, NotAcceptable
from app.models.columns import now
from app.models.mission import Mission
from app.models.project import Project
from app.rules import projects as rules
from app.rules.replay_kinds import Noun
from app.rules.words import N_, ProjectState, ProjectVerdict, StatementState, SubjectKind
from app.services import events, lessons, links_show, notifications, spoken
from app.services.links_show import Dependent

S = ProjectState
BOUND = frozenset(ProjectState) - {S.PROPOSED}
ENDS = {S.COMPLETED: "project_completed", S.STOPPED_TO_LEARN: "project_stopped"}


class HypothesisBound(Conflict):
    sentence: ClassVar[str] = N_(
        "The project is contracted, so what it assumes stays as it was written before the work began."
    )


class HypothesisChanged(Conflict):
    sentence: ClassVar[str] = N_(
        "Somebody changed what this project assumes since you opened the page. What you typed stands here: look at "
        "what they wrote, and send yours again if it shall take its place."
    )


class LessonMissing(NotAcceptable):
    sentence: ClassVar[str] = N_(
        "A project ends with a lesson: write what others should know who try something like it."
    )


class DependentsUnseen(Conflict):
    sentence: ClassVar[str] = N_(
        "Other things depend on this project. Read what they are, and say that you have, before you stop it."
    )


@dataclass(frozen=True)
class End:
    """How a project ends: what became of its hypothesis, what shows it, and what others should know."""

    verdict: ProjectVerdict
    reason: str
    lesson: str


def write_hypothesis(session: Session, project: Project, text: str, version: int, by: UUID) -> None:
    """What the project assumes and could turn out false: written before its contract, and fixed by it."""
    session.refresh(project, with_for_update=True)
    if project.state in BOUND and project.hypothesis:
        raise HypothesisBound()
    if project.version != version:
        raise HypothesisChanged()
    project.hypothesis = text
    project.version += 1
    text_hash = events.keep_text(session, SubjectKind.PROJECT, project.id, project.version, text, by)
    record(session, "project_hypothesis_written", project, by, version=project.version, text_hash=text_hash)
    session.flush()


def start(session: Session, project: Project, by: UUID) -> None:
    move(session, project, S.RUNNING, "")
    record(session, "project_started", project, by)
    session.flush()


def pause(session: Session, project: Project, reason: str, by: UUID) -> None:
    move(session, project, S.PAUSED, reason)
    record(session, "project_paused", project, by, **reasoned(session, project, reason, by))
    session.flush()


def resume(session: Session, project: Project, reason: str, by: UUID) -> None:
    move(session, project, S.RUNNING, reason)
    record(session, "project_resumed", project, by, **reasoned(session, project, reason, by))
    session.flush()


def reasoned(session: Session, project: Project, reason: str, by: UUID) -> dict[str, str]:
    """The salted hash of a reason, whose words are kept as a version of the project's text."""
    project.outcome_reason, project.version = reason, project.version + 1
    return {
        "text_hash": events.keep_text(session, SubjectKind.PROJECT, project.id, project.version, reason, by)
    }


def move(session: Session, project: Project, becomes: ProjectState, reason: str) -> None:
    """Take a step that the table of states knows, with the row locked."""
    session.refresh(project, with_for_update=True)
    rules.require_move(project.state, becomes, reason=reason)
    project.state = becomes


def complete(session: Session, project: Project, said: End, by: UUID, origin: str = "") -> None:
    """The work is done: whatever it showed, it leaves a verdict and a lesson."""
    end(session, project, S.COMPLETED, said, by)
    tell_followers(session, project, "project_completed", origin)


def stop(
    session: Session, project: Project, said: End, by: UUID, seen: frozenset[UUID] = frozenset(), origin: str = ""
) -> list[Dependent]:  # fmt: skip
    """Stop to learn. What depends on the project must have been seen; who steers that is told."""
    session.refresh(project, with_for_update=True)
    hit = links_show.what_depends_on(session, project)
    if not {each.end.id for each in hit} <= seen:
        raise DependentsUnseen()
    end(session, project, S.STOPPED_TO_LEARN, said, by, left=[each.end.id for each in hit])
    tell_followers(session, project, "project_stopped", origin)
    tell_dependents(session, project, hit, by, origin)
    return hit


def end(
    session: Session, project: Project, becomes: ProjectState, said: End, by: UUID, **facts: Any
) -> None:  # fmt: skip
    if not said.lesson.strip():
        raise LessonMissing()
    session.refresh(project, with_for_update=True)
    rules.require_move(project.state, becomes, reason=said.reason)
    lesson = lessons.with_end(session, project, said.lesson, by)
    project.state, project.verdict, project.ended_at = becomes, said.verdict, now()
    text_hash = reasoned(session, project, said.reason, by)
    record(
        session, ENDS[becomes], project, by, verdict=said.verdict, states={
            Noun.STATEMENT: {StatementState.VISIBLE: [lesson.id]}
        }, **text_hash, **facts,
    )  # fmt: skip
    session.flush()


def record(session: Session, kind: str, project: Project, by: UUID, **facts: Any) -> None:
    events.record(session, kind, SubjectKind.PROJECT, project.id, by=by, mission=project.mission_id, **facts)


def tell_followers(session: Session, project: Project, kind: str, origin: str) -> None:
    mission = session.get_one(Mission, project.mission_id)
    people = notifications.followers(session, SubjectKind.MISSION, mission.id)
    notifications.tell(session, people, kind, SubjectKind.PROJECT, project.id, origin, title=mission.title)


def tell_dependents(session: Session, project: Project, hit: list[Dependent], by: UUID, origin: str) -> None:
    """Who steers a mission in which something waits for the project learns that it will not come."""
    for mission_id in sorted({each.end.mission_id for each in hit if each.end.mission_id}):
        mission = session.get_one(Mission, mission_id)
        people = [each for each in spoken.stewards_of(session, mission) if each != by]
        notifications.tell(
            session,
            people,
            "project_stopped_below",
            SubjectKind.PROJECT,
            project.id,
            origin,
            title=mission.title,
        )
