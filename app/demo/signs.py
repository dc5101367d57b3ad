"""What the console says after seeding: where to look, and how to sign in as each person of the demonstration."""

from sqlmodel import Session, col, select

from app.conditions.asking import call_phase, decision_phase
from app.demo import content
from app.models.call import Call
from app.models.committee import all_committees
from app.models.decision import Decision
from app.models.mission import Mission
from app.models.project import Project
from app.rules.words import CallKind, CallState, DecisionState, MissionState, ProjectState

WIDTH = 32


def lines(session: Session, origin: str) -> list[str]:
    """Nothing where the demonstration is not there."""
    calls = session.exec(select(Call).where(col(Call.is_demo)).order_by(col(Call.opens_at))).all()
    if not calls:
        return []
    looked = [line(name, f"{origin}{path}") for name, path in places(session, list(calls))]
    cast = content.cast()
    people = [line(account["email"], account["does"]) for account in cast["accounts"]]
    password = (
        f"Sign in at {origin}/sign-in; the password of everyone in the demonstration: {cast['password']}"
    )
    return ["Where to look:", *looked, "", password, *people]


def line(name: str, told: str) -> str:
    return f"  {name:<{WIDTH}} {told}" if len(name) <= WIDTH else f"  {name}  {told}"


def places(session: Session, calls: list[Call]) -> list[tuple[str, str]]:
    """The pages that show most, as they stand now."""
    found = [("Home", "/")]
    for call in calls:
        phase = call_phase(call)
        if call.kind is CallKind.INNOVATION:
            named = "An innovation call that is open" if phase is CallState.OPEN else "An innovation call"
            found.append((named, f"/calls/{call.id}"))
            if phase is CallState.ANSWERED:
                found.append(("What became of its applications", f"/calls/{call.id}/outcome"))
        elif phase is CallState.OPEN:
            found.append(("A question still open", f"/calls/{call.id}"))
        elif phase is CallState.CHECKING:
            found.append(("A large consultation", f"/calls/{call.id}"))
            found.append(("What was understood", f"/calls/{call.id}/groups"))
            found.append(("Its workbench", f"/calls/{call.id}/workbench"))
        elif phase is CallState.ANSWERED:
            found.append(("An answered question", f"/calls/{call.id}"))
    adopted = select(Mission).where(
        Mission.state == MissionState.ADOPTED, col(Mission.call_id).in_([call.id for call in calls])
    )
    found += [("An adopted mission", f"/missions/{mission.id}") for mission in session.exec(adopted)]
    active = select(Mission).where(
        Mission.state == MissionState.ACTIVE, col(Mission.call_id).in_([call.id for call in calls])
    )
    for mission in session.exec(active):
        found.append(("A mission under way", f"/missions/{mission.id}"))
        found.append(("Its reviews on the way", f"/missions/{mission.id}/course"))
        found.append(("What if its money were cut", f"/missions/{mission.id}/what-if"))
        stopped = select(Project).where(
            Project.mission_id == mission.id, Project.state == ProjectState.STOPPED_TO_LEARN
        )
        found += [("A project stopped to learn", f"/projects/{each.id}") for each in session.exec(stopped)]
    found += [
        ("A vote going on", f"/decisions/{decision.id}")
        for decision in session.exec(select(Decision).order_by(col(Decision.noticed_at)))
        if decision_phase(decision) is DecisionState.OPEN
    ]
    return found + [
        ("The committee", f"/committees/{committee.id}") for committee in all_committees(session)[:1]
    ]
