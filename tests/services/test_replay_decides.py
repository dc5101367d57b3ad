"""Replaying the log: missions, routes, votes and seats, as of the instant after every act."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from app.models.columns import now
from app.models.project import projects_of
from app.rules import replay as rules
from app.rules.replay_kinds import Noun
from app.rules.words import (
    Choice,
    DecisionState,
    InterestEffect,
    InterestKind,
    MissionState,
    Role,
    ScopeKind,
    StakeholderGroup,
    SubjectKind,
)
from app.services import (
    committees_seats,
    decisions,
    decisions_certify,
    decisions_count,
    events,
    missions_draft,
    missions_edit,
    missions_routes,
    people,
    replay,
)
from app.services.missions_routes import RouteText
from tests.people import make_admin, make_committee, make_organisation, make_person
from tests.replayed import begin
from tests.services.chamber import make_chamber
from tests.services.declared import declare
from tests.services.drafted import make_scene
from tests.services.signed import sign_by_two

WAY = RouteText("Panels over the market", "", "roofs", None)


def test_a_mission_and_its_routes(session: Session) -> None:
    scene, memory = make_scene(session), begin(session)
    carol = scene.carol.id
    mission = missions_draft.draft(session, scene.cluster, carol)
    memory.remember(session, "draft")
    missions_edit.retitle(session, mission, "Power made where we live", 1, carol)
    memory.remember(session, "title")
    way = missions_routes.write(session, mission, None, WAY, mission.version, carol)
    memory.remember(session, "route")
    missions_routes.write(session, mission, way, WAY, mission.version, carol)
    missions_routes.remove(session, mission, projects_of(session, mission.id)[0], mission.version, carol)
    memory.remember(session, "route removed")

    assert memory.wrong(session) == {}


@pytest.mark.parametrize(
    ("choice", "becomes"), [(Choice.FOR, MissionState.ADOPTED), (Choice.AGAINST, MissionState.REJECTED)]
)
def test_a_vote_from_its_question_to_its_reasons(
    session: Session, choice: Choice, becomes: MissionState
) -> None:
    chamber, memory = make_chamber(session), begin(session)
    events.record(
        session, "mission_framed", SubjectKind.MISSION, chamber.mission.id
    )  # it is framed by hand there
    taken_back = chamber.put()
    memory.remember(session, "put")
    decisions.withdraw_question(session, taken_back, chamber.chair.id)
    memory.remember(session, "withdraw")
    chamber.decision = None
    decision = chamber.notice(opens_in=0, at=now())
    noticed = now()
    memory.remember(session, "notice")
    for name, effect in {"private 1": InterestEffect.RECUSE, "third 1": InterestEffect.DISCLOSE}.items():
        member = chamber.members.pop(name) if effect is InterestEffect.RECUSE else chamber.members[name]
        declare(session, decision, member.id, InterestKind.MONEY, "I sell panels.", effect)
        memory.remember(session, effect)
    chamber.cast_all(choice, citizens_1=Choice.AGAINST if choice is Choice.FOR else Choice.FOR)
    memory.remember(session, "ballots")
    decisions_count.close(session, decision, chamber.chair.id)
    memory.remember(session, "count")
    decisions_certify.dissent(session, decision, chamber.members["citizens 1"].id, "It costs too much.")
    memory.remember(session, "dissent")
    sign_by_two(session, decision)
    memory.remember(session, "sign")
    decisions_certify.certify(session, decision, "The numbers can be followed.", chamber.secretary.id)
    memory.remember(session, "certify")

    assert memory.wrong(session) == {}
    assert chamber.mission.state is becomes
    then = replay.states_at(session, noticed).found[Noun.DECISION][str(decision.id)]
    assert rules.effective(Noun.DECISION, then, noticed) == DecisionState.OPEN
    assert rules.effective(Noun.DECISION, then, noticed + timedelta(days=30)) == DecisionState.CLOSED


def test_seats_that_are_given_and_ended(session: Session) -> None:
    agency, erin = make_organisation(session), make_admin(session)
    committee, memory = make_committee(session, agency), begin(session)
    carol = people.give_seat(
        session,
        make_person(session, "Carol"),
        Role.FACILITATOR,
        ScopeKind.ORGANISATION,
        agency.id,
        by=erin.id,
    )
    memory.remember(session, "seat a facilitator")
    member, alternate = (
        people.give_seat(
            session, make_person(session, role.title()), role, ScopeKind.COMMITTEE, committee.id,
            group=StakeholderGroup.CITIZENS, by=erin.id, alternate_for=None,
        )
        for role in (Role.MEMBER, Role.CHAIR)
    )  # fmt: skip
    standin = people.give_seat(
        session, make_person(session, "Stan"), Role.ALTERNATE, ScopeKind.COMMITTEE, committee.id,
        group=StakeholderGroup.CITIZENS, by=erin.id, alternate_for=member.id,
    )  # fmt: skip
    memory.remember(session, "seat a committee")
    committees_seats.end(session, committee, member.id, erin.id)
    memory.remember(session, "end a member's seat and the alternate's")
    people.end_seat(session, carol, erin.id)
    memory.remember(session, "end a facilitator's seat")

    assert memory.wrong(session) == {}
    assert all(each.ends_at for each in (carol, member, standin))
    assert alternate.ends_at is None
