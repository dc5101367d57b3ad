"""A small town with one of everything, and a marked word in each thing that not everyone may know."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.models.call import Call
from app.models.cluster import Cluster
from app.models.columns import now
from app.models.committee import Committee
from app.models.decision import Decision
from app.models.grouping import Grouping
from app.models.mission import Mission
from app.models.person import Person
from app.models.placement import Placement
from app.models.seat import live_seats_in, live_seats_of
from app.models.statement import Statement
from app.models.submission import Submission
from app.rules.words import (
    CallState,
    ClusterLevel,
    ClusterState,
    DecisionState,
    GroupingState,
    LinkPurpose,
    Role,
    ScopeKind,
    StakeholderGroup,
    StatementKind,
    SubjectKind,
)
from app.services import links, submissions
from app.viewer import VISITOR, Viewer
from tests import world_applications, world_reviews, world_steering, world_words
from tests.factories import make_call, make_submission
from tests.people import (
    make_admin,
    make_committee,
    make_facilitator,
    make_member,
    make_organisation,
    make_person,
    seat,
)
from tests.world_votes import DAY, SPEAKERS, D, S, add, framed, votes

# Each word stands in one thing only, with the people who may read it. Nobody else may find it on any page.
SECRETS: dict[str, set[str]] = {
    "xqdraftcall": {"carol"},
    "xqdraftcallvoice": {"carol"},
    "xqdraftcallgroup": {"carol"},
    "xqdraftcallmission": {"carol"},
    "xqmydraft": {"bob"},
    "xqwaiting": {"bob", "carol"},
    "xqhidden": {"bob", "carol"},
    "xqwithdrawn": set(),
    "xqreport": {"carol"},
    "xqappeal": {"bob", "carol"},
    "xqproposed": {"carol"},
    "xqquestion": {"chair", "deputy", "secretary"},
    "xqballot": {"alice"},
    "xqdraftreview": {"alice"},
    "xqblindreview": {"paula"},
    "xqhiddenobjection": {"bob", "carol"},
    "xqhiddenamendment": {"bob", "carol"},
    "xqclosed": {"chair", "deputy", "secretary", "alice", "paula", "priya", "tom", "standin"},
    "xqnote": {"chair", "deputy", "secretary", "alice", "paula", "priya", "tom", "standin"},
    "xqwithdrawnobjection": set(),
    "xqsubmittedapplication": {"dave", "tina"},
    "xqdraftapplication": {"dave"},
    "xqwithdrawnapplication": set(),
    "xqdraftoffer": {"carol"},
    "xqtoken": {"dave"},
    "xqjudgedapplication": {
        "carol",
        "chair",
        "deputy",
        "secretary",
        "alice",
        "paula",
        "priya",
        "tom",
        "rita",
        "standin",
    },
    # Whoever keeps the list of organisations knows that they exist, and not that they applied.
    "xqblindfirm": {"carol", "erin"},
    "xqlatefirm": {"carol", "erin"},
    "xquncheckedapplication": {"carol"},
    "xqpanelreview": {"paula"},
    "bob@example.org": {"bob", "erin"},
    "dave@example.org": {"dave", "erin"},
}


@dataclass
class World:
    """Everyone and everything by name; `ids` names the records that addresses are filled with."""

    people: dict[str, Person] = field(default_factory=dict)
    calls: dict[str, Call] = field(default_factory=dict)
    submissions: dict[str, Submission] = field(default_factory=dict)
    missions: dict[str, Mission] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    records: dict[str, Any] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def viewer(self, session: Session, name: str) -> Viewer:
        if name == "visitor":
            return VISITOR
        return Viewer(self.people[name], tuple(live_seats_of(session, self.people[name].id)))


def make_world(session: Session) -> World:
    world = World()
    agency, other = make_organisation(session), make_organisation(session, "Port Authority")
    committee = make_committee(session, agency, purpose="It decides on the missions of the desert.")
    people(session, world, agency, other, committee)
    calls(session, world, agency)
    voices(session, world)
    groups(session, world)
    for name in (*(each for each in DecisionState if each is not D.UPHELD), D.UPHELD):
        world.missions[name] = framed(session, world, f"Shade over the market, the {name.value} way")
    votes(session, world, committee)
    behind_the_scenes(session, world)
    world_words.said(session, world)
    world_reviews.asked(session, world, committee)
    world_words.behind_closed_doors(session, world)
    world_applications.applied_for(session, world)
    world_steering.steered(session, world)
    world_applications.judged(session, world)
    submissions.withdraw(session, world.submissions["withdrawn"], world.people["bob"].id)
    world.tokens = {p.value: links.issue(session, p, world.people["dave"]) for p in LinkPurpose}
    session.commit()
    return world


def people(session: Session, world: World, agency: Any, other: Any, committee: Committee) -> None:
    world.people |= {
        "bob": make_person(session, "Bob"), "dave": make_person(session, "Dave"), "erin": make_admin(session),
        "carol": make_facilitator(session, agency), "otto": make_facilitator(session, other, "Otto"),
    }  # fmt: skip
    seats = dict(zip(("paula", "priya", "tom", "rita", "alice"), StakeholderGroup, strict=True))
    seats |= {"rita": StakeholderGroup.ACADEMIA, "tom": StakeholderGroup.THIRD}
    for name, group in seats.items():
        world.people[name], world.records[f"seat_{name}"] = make_member(
            session, committee, name.title(), group
        )
    for role in (Role.CHAIR, Role.DEPUTY, Role.SECRETARY):
        world.people[role.value] = make_person(session, role.value.title())
        seat(session, world.people[role.value], role, ScopeKind.COMMITTEE, committee.id)
    world.people["standin"] = make_person(session, "Stan Din")
    rita = world.records["seat_rita"].id
    seat(
        session,
        world.people["standin"],
        Role.ALTERNATE,
        ScopeKind.COMMITTEE,
        committee.id,
        alternate_for_id=rita,
    )
    # They were seated before the votes that are already over.
    for each in live_seats_in(session, ScopeKind.COMMITTEE, committee.id):
        each.starts_at = now() - 60 * DAY
    session.flush()
    world.records |= {"committee": committee, "agency": agency}


def calls(session: Session, world: World, agency: Any) -> None:
    over = {"opens_at": now() - 40 * DAY, "closes_at": now() - 10 * DAY}
    kinds: dict[str, dict[str, Any]] = {
        "open": {"title": "Shade and sun in our town"},
        "published": {
            "title": "Water for the valley",
            "opens_at": now() + 5 * DAY,
            "closes_at": now() + 15 * DAY,
        },
        "sensemaking": {"title": "Buses at night", "sense_until": now() + 10 * DAY, **over},
        "checking": {"title": "Dust from the mines", "state": CallState.CHECKING, **over},
        "answered": {"title": "Schools of the desert", "state": CallState.ANSWERED, **over},
        "cancelled": {
            "title": "Asked twice",
            "state": CallState.CANCELLED,
            "cancelled_reason": "Asked twice.",
        },
        "draft": {"title": "xqdraftcall", "state": CallState.DRAFT, "published_at": None},
    }
    for name, changes in kinds.items():
        world.calls[name] = make_call(
            session, agency, languages=["en", "es"], brief="Write freely.", **changes
        )
    world.records["draft_voice"] = make_submission(
        session, world.calls["draft"], text="xqdraftcallvoice and more"
    )


def voices(session: Session, world: World) -> None:
    bob, dave, main = world.people["bob"], world.people["dave"], world.calls["open"]
    told: dict[str, dict[str, Any]] = {
        "visible": {"text": "Trees along the main street would give shade to everyone."},
        "mydraft": {"state": S.DRAFT, "text": "xqmydraft is not finished yet", "submitted_at": None},
        "waiting": {"state": S.SUBMITTED, "text": "xqwaiting for a moderator to read it"},
        "hidden": {
            "state": S.HIDDEN,
            "text": "xqhidden words",
            "hidden_rule": "abuse",
            "hidden_reason": "Insults.",
        },
        "withdrawn": {"text": "xqwithdrawn words that their author takes back later"},
    }
    for name, changes in told.items():
        world.submissions[name] = make_submission(session, main, bob, **changes)
    world.submissions["other"] = make_submission(
        session, main, dave, text="Panels over the car park, and cafés below."
    )
    for name in ("checking", "answered", "sensemaking"):
        world.submissions[name] = make_submission(
            session, world.calls[name], bob, state=S.GROUPED, text=f"A voice on what matters while {name}."
        )
    comment = {"subject_kind": SubjectKind.SUBMISSION, "author_id": dave.id}
    shown = world.submissions["visible"].id
    world.records["comment"] = add(
        session, Statement(kind="comment", subject_id=shown, text="Yes, please.", **comment)
    )
    add(
        session,
        Statement(kind=StatementKind.REPORT, subject_id=shown, text="xqreport: look at it", **comment),
    )
    appeal = {**comment, "author_id": bob.id, "subject_id": world.submissions["hidden"].id}
    add(session, Statement(kind=StatementKind.APPEAL, text="xqappeal: I meant it kindly", **appeal))


def groups(session: Session, world: World) -> None:
    """An accepted grouping in each call that has voices, and one that nobody accepted yet."""
    for name in ("open", "sensemaking", "checking", "answered"):
        call = world.calls[name]
        said = [make_submission(session, call, text=f"Voice {n} of {name} on shade.", group=g, state=S.GROUPED)
                for n, g in enumerate((*SPEAKERS, *SPEAKERS))]  # fmt: skip
        own = [world.submissions["withdrawn" if name == "open" else name]]
        world.records |= grouping_with(session, call, [*own, *said], name)
    proposal = add(
        session,
        Grouping(call_id=world.calls["sensemaking"].id, state=GroupingState.PROPOSED, finished_at=now()),
    )
    add(session, cluster_of(proposal, "xqproposed", [world.submissions["sensemaking"]]))
    done = {"state": GroupingState.ACCEPTED, "accepted_at": now(), "finished_at": now()}
    hidden = add(session, Grouping(call_id=world.calls["draft"].id, **done))
    world.records |= {"proposal": proposal, "draft_grouping": hidden}
    world.records["draft_cluster"] = add(
        session, cluster_of(hidden, "xqdraftcallgroup", [world.records["draft_voice"]])
    )
    unseen = Mission(
        call_id=hidden.call_id, organisation_id=world.records["agency"].id, title="xqdraftcallmission"
    )
    world.records["draft_mission"] = add(session, unseen)


def grouping_with(session: Session, call: Call, said: list[Submission], name: str) -> dict[str, Any]:
    grouping = add(session, Grouping(
        call_id=call.id, state=GroupingState.ACCEPTED, size=len(said), ungrouped=1, accepted_at=now(),
        finished_at=now(), model="hashing",
    ))  # fmt: skip
    top = add(session, cluster_of(grouping, f"Shade for everyone in {name}", said))
    halves = [said[:-1:2], said[1:-1:2]]
    # The machine names a group by quoting a voice in it: in the open call, one that is taken back later.
    inner = [add(session, cluster_of(grouping, half[0].text, half, top)) for half in halves]
    for number, half in enumerate(halves):
        for place, each in enumerate(half):
            spot = {"x": place / 10, "y": number / 10}
            add(session, Placement(
                grouping_id=grouping.id, submission_id=each.id, cluster_id=inner[number].id, margin=0.4, **spot
            ))  # fmt: skip
    add(session, Placement(grouping_id=grouping.id, submission_id=said[-1].id, cluster_id=None, reason="far"))
    return {f"grouping_{name}": grouping, f"cluster_{name}": top, f"project_{name}": inner[0]}


def cluster_of(
    grouping: Grouping, label: str, said: list[Submission], parent: Cluster | None = None
) -> Cluster:
    return Cluster(
        grouping_id=grouping.id, call_id=grouping.call_id, label=label, parent_id=parent.id if parent else None,
        level=ClusterLevel.PROJECT if parent else ClusterLevel.MISSION, keywords=["shade", "sun"], size=len(said),
        authors=len(said), representatives=[str(each.id) for each in said[:2]], odd=[str(said[-1].id)],
        state=ClusterState.SUGGESTED, measures={"label_from": str(said[0].id)}, cohesion=0.6, separation=0.3,
    )  # fmt: skip


def behind_the_scenes(session: Session, world: World) -> None:
    from app.models.endorsement import Endorsement
    from app.services import events, notifications

    add(
        session, Endorsement(submission_id=world.submissions["visible"].id, person_id=world.people["dave"].id)
    )
    notifications.tell(
        session, [world.people["bob"].id], "mission_drafted", SubjectKind.MISSION, world.missions[D.OPEN].id, "",
        title="Shade",
    )  # fmt: skip
    events.record(
        session, "call_published", SubjectKind.CALL, world.calls["open"].id, by=world.people["carol"].id
    )
    signed(session, world)


def signed(session: Session, world: World) -> None:
    """What the platform does by itself: seal the log, and sign what was announced, counted and logged."""
    from app.models.signature import latest_checkpoint
    from app.services import events, signatures
    from app.settings import Settings

    key = "town.example/events AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    events.seal(session, 10_000)
    signatures.sign_due(session, Settings(environment="test", signing_key=key))
    world.records["checkpoint"] = latest_checkpoint(session)


def ids(world: World) -> dict[str, UUID]:
    """What the names in addresses stand for, unless a test says otherwise."""
    return {
        "person_id": world.people["dave"].id,
        "seat_id": world.records["seat_alice"].id,
        "organisation_id": world.records["agency"].id,
        "call_id": world.calls["open"].id,
        "submission_id": world.submissions["visible"].id,
        "statement_id": world.records["comment"].id,
        "cluster_id": world.records["cluster_open"].id,
        "grouping_id": world.records["grouping_open"].id,
        "mission_id": world.missions[D.UPHELD].id,
        "review_id": world.records["open_review"].id,
        "round_id": world.records["open_round"].id,
        "committee_id": world.records["committee"].id,
        "decision_id": world.decisions[D.OPEN].id,
        "clause_id": world.records["clause"].id,
        "route_id": world.records["route"].id,
        "interest_id": world.records["interest"].id,
        "absence_id": world.records["absence"].id,
        "link_id": world.records["link"].id,
        "application_id": world.records["application"].id,
        "teammate_id": world.records["teammate"].id,
        "attachment_id": world.records["teammate"].id,
        "pledge_id": world.records["pledge"].id,
        "project_id": world.records["route"].id,
        "milestone_id": world.records["milestone"].id,
        "indicator_id": world.records["indicator"].id,
        "reading_id": world.records["reading"].id,
        "condition_id": world.records["condition"].id,
        "course_review_id": world.records["course_review"].id,
        "token_id": world.records["token"].id,
        "lesson_id": world.records["lesson"].id,
    }
