"""A call with a confirmed group of two proposals, and the mission drafted from it, made by hand and quickly."""

from dataclasses import dataclass
from uuid import uuid4

from sqlmodel import Session

from app.models.call import Call
from app.models.cluster import Cluster
from app.models.columns import now
from app.models.grouping import Grouping
from app.models.mission import Mission
from app.models.person import Person
from app.models.placement import Placement
from app.models.submission import Submission
from app.rules.words import ClusterLevel, ClusterState, GroupingState, StakeholderGroup, SubmissionState
from app.services import missions_draft
from tests.factories import make_call, make_submission
from tests.people import make_facilitator, make_organisation, make_person

SAID = (
    ("roofs", StakeholderGroup.CITIZENS, "Every school roof should carry panels before the next winter."),
    ("roofs", StakeholderGroup.ACADEMIA, "We measured it: school roofs could power their quarter at noon."),
    ("roofs", StakeholderGroup.CITIZENS, "Let the parents' association own a share of the school panels."),
    ("storage", StakeholderGroup.PRIVATE, "Batteries in the old station would keep the light on at night."),
    ("storage", StakeholderGroup.CITIZENS, "A shared battery for each street is cheaper than one a house."),
)


@dataclass
class Scene:
    """Everything around one group, to act on."""

    call: Call
    carol: Person
    grouping: Grouping
    cluster: Cluster
    projects: dict[str, Cluster]
    voices: list[Submission]


def make_scene(session: Session, **call_changes: object) -> Scene:
    organisation = make_organisation(session, f"Agency {uuid4().hex[:8]}")
    call = make_call(session, organisation, **call_changes)
    carol = make_facilitator(session, organisation, f"Carol {uuid4().hex[:6]}")
    grouping = Grouping(call_id=call.id, state=GroupingState.ACCEPTED, accepted_at=now(), finished_at=now())
    session.add(grouping)
    session.flush()
    voices = [
        make_submission(
            session,
            call,
            make_person(session, f"Voice {uuid4().hex[:10]}"),
            text=text,
            group=group,
            state=SubmissionState.GROUPED,
        )
        for _project, group, text in SAID
    ]
    cluster = add_cluster(
        session, grouping, voices, label="Power made where we live", state=ClusterState.CONFIRMED
    )
    projects = {}
    for name in ("roofs", "storage"):
        mine = [voice for voice, said in zip(voices, SAID, strict=True) if said[0] == name]
        projects[name] = add_cluster(
            session, grouping, mine, label=mine[0].text[:80], parent_id=cluster.id, keywords=[name, "power"]
        )
        for voice in mine:
            place = Placement(grouping_id=grouping.id, submission_id=voice.id, cluster_id=projects[name].id)
            session.add(place)
    session.flush()
    return Scene(call, carol, grouping, cluster, projects, voices)


def make_agreeing(session: Session) -> Scene:
    """Two people say the same of school roofs; three speak of other things."""
    made = make_scene(session)
    made.voices[0].text = "School roofs should carry panels before winter."
    made.voices[1].text = "School roofs should carry panels, as we measured."
    session.flush()
    return made


def add_cluster(session: Session, grouping: Grouping, voices: list[Submission], **changes: object) -> Cluster:
    facts = {
        "grouping_id": grouping.id,
        "call_id": grouping.call_id,
        "level": ClusterLevel.PROJECT if "parent_id" in changes else ClusterLevel.MISSION,
        "keywords": ["power", "school", "roof"],
        "size": len(voices),
        "authors": len(voices),
        "representatives": [str(voice.id) for voice in voices[:2]],
        "odd": [str(voice.id) for voice in voices[-1:]],
        "measures": {"label_from": str(voices[0].id) if voices else None},
        **changes,
    }
    cluster = Cluster(**facts)
    session.add(cluster)
    session.flush()
    return cluster


def make_mission(session: Session, scene: Scene | None = None) -> tuple[Mission, Scene]:
    scene = scene or make_scene(session)
    return missions_draft.draft(session, scene.cluster, scene.carol.id), scene
