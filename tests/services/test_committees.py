"""Committees: founding, seating, and what one person cannot hold at once."""

import pytest
from sqlmodel import Session

from app.models.seat import Seat
from app.rules.composition import Bounds
from app.rules.words import Role, StakeholderGroup
from app.services import committees, committees_seats
from app.services.committees import CommitteeText
from tests.people import make_facilitator, make_organisation
from tests.services.chamber import Chamber, make_chamber

G = StakeholderGroup
ORIGIN = "https://example.org"


@pytest.fixture
def chamber(session: Session) -> Chamber:
    return make_chamber(session)


def give(
    chamber: Chamber, email: str, role: Role, group: G | None = None, alternate_for: str | None = None
) -> Seat:
    return committees_seats.seat_by_address(
        chamber.session, chamber.committee, ORIGIN, email=email, role=role, group=group,
        alternate_for=chamber.seats[alternate_for].id if alternate_for else None, by=chamber.scene.carol.id,
    )  # fmt: skip


def test_a_facilitator_founds_a_committee(session: Session) -> None:
    agency = make_organisation(session)
    carol = make_facilitator(session, agency)
    text = CommitteeText(agency.id, "Water council", "Decides on water.", {G.PUBLIC: Bounds(1, 2)})

    committee = committees.create(session, text, carol.id)

    bench = committees.bench(session, committee)
    assert not bench.is_constituted
    assert [gap.english for gap in bench.gaps] == ["public: 1 more to be seated."]
    with pytest.raises(committees.NameTaken):
        committees.create(session, text, carol.id)


def test_the_bench_names_members_alternates_and_offices(chamber: Chamber, session: Session) -> None:
    alternate = chamber.add_alternate("citizens 1")

    bench = committees.bench(session, chamber.committee)

    assert bench.is_constituted
    assert len(bench.members) == 9
    member = next(each for each in bench.members if each.seat.id == chamber.seats["citizens 1"].id)
    assert member.alternate_name == alternate.name
    assert [office.seat.role for office in bench.offices] == [Role.CHAIR, Role.SECRETARY]


def test_an_alternate_sits_for_the_group_of_their_member(chamber: Chamber) -> None:
    given = give(chamber, "new@example.org", Role.ALTERNATE, alternate_for="academia 1")

    assert given.group is G.ACADEMIA
    with pytest.raises(committees_seats.AlternateNamed):
        give(chamber, "other@example.org", Role.ALTERNATE, alternate_for="academia 1")


def test_a_seat_needs_room_a_group_and_a_principal(chamber: Chamber) -> None:
    with pytest.raises(committees_seats.GroupNeeded):
        give(chamber, "new@example.org", Role.MEMBER)
    with pytest.raises(committees_seats.GroupFull):
        give(chamber, "new@example.org", Role.MEMBER, G.CITIZENS)
    with pytest.raises(committees_seats.PrincipalNeeded):
        give(chamber, "new@example.org", Role.ALTERNATE)
    with pytest.raises(committees_seats.OfficeTaken):
        give(chamber, "new@example.org", Role.CHAIR)


def test_nobody_is_a_member_and_an_alternate_at_once(chamber: Chamber) -> None:
    member = chamber.members["public 1"]
    assert member.email

    with pytest.raises(committees_seats.SeatedHere):
        give(chamber, member.email, Role.ALTERNATE, alternate_for="academia 1")


def test_a_members_seat_takes_the_alternates_with_it(chamber: Chamber, session: Session) -> None:
    chamber.add_alternate("academia 1")

    committees_seats.end(session, chamber.committee, chamber.seats["academia 1"].id, chamber.scene.carol.id)

    assert chamber.seats["alternate of academia 1"].ends_at is not None
    bench = committees.bench(session, chamber.committee)
    assert [gap.english for gap in bench.gaps] == ["academia: 1 more to be seated."]
