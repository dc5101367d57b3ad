"""Organisations, people, and a constituted committee for every agency that asks."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from app.bench.country import phrasing
from app.bench.country.world import YEARS, Body, Person, World
from app.models import committee, organisation, person, seat
from app.rules import composition, names
from app.rules.composition import Bounds
from app.rules.words import CommitteeState, Role, ScopeKind, StakeholderGroup, SubjectKind

SEATS_A_GROUP = 2
GROUPS = tuple(StakeholderGroup)


def seed(world: World) -> None:
    began = world.now - timedelta(days=365 * YEARS + 60)
    seed_organisations(world, began)
    seed_people(world, began)
    agencies = world.organisations[StakeholderGroup.PUBLIC]
    for number in range(world.sizes.calls):
        world.bodies.append(Body(world.key(), agencies[number % len(agencies)], {}, world.key(), world.key()))
    seed_committees(world, began)


def seed_organisations(world: World, began: Any) -> None:
    rows, first = [], world.count(organisation.Organisation)
    for number in range(first, first + max(20, world.sizes.missions // 2)):
        group, key = GROUPS[number % len(GROUPS)], world.key()
        name = phrasing.organisation(number, group.value)
        rows.append(
            {"id": key, "name": name, "name_key": names.key(name), "group": group, "created_at": began}
        )
        world.organisations.setdefault(group, []).append(key)
        world.say(began, "organisation_added", SubjectKind.ORGANISATION, key, group=group.value)
    world.pour(organisation.Organisation, rows)


def seed_people(world: World, began: Any) -> None:
    rows = []
    for number in range(max(60, world.sizes.missions * 4)):
        group, key = GROUPS[number % len(GROUPS)], world.key()
        own = world.pick(world.organisations[group])
        name = f"Person {number + 1}"
        world.people.append(Person(key, name, group, own))
        rows.append(
            {
                "id": key, "name": name, "email": f"load-{key.hex[:12]}@example.org", "group": group,
                "organisation_id": own, "email_confirmed_at": began, "created_at": began,
            }
        )  # fmt: skip
    world.pour(person.Person, rows)


def seed_committees(world: World, began: Any) -> None:
    asked = composition.as_facts({group: Bounds(SEATS_A_GROUP, SEATS_A_GROUP + 1, 1) for group in GROUPS})
    rows, seats, first = [], [], world.count(committee.Committee) + 1
    for number, body in enumerate(world.bodies):
        rows.append(
            {
                "id": body.key, "organisation_id": body.agency, "name": f"Steering committee {first + number}",
                "purpose": "Steers the missions of its agency.", "composition": asked, "created_at": began,
                "state": CommitteeState.CONSTITUTED, "state_since": began,
            }
        )  # fmt: skip
        world.say(
            began, "committee_created", SubjectKind.COMMITTEE, body.key, composition=asked,
            organisation=body.agency,
        )  # fmt: skip
        seats += seated(world, body, number, began)
        world.say(began, "committee_constituted", SubjectKind.COMMITTEE, body.key, since=began.isoformat())
    world.pour(committee.Committee, rows)
    world.pour(seat.Seat, seats)


def seated(world: World, body: Body, number: int, began: Any) -> list[dict[str, Any]]:
    """Two members a group, a chair, a secretary, and the steward and facilitator of the agency."""
    count = len(GROUPS) * SEATS_A_GROUP + 3
    start = number * count
    chosen = [world.people[(start + each) % len(world.people)] for each in range(count)]
    rows = []
    for each in chosen[: len(GROUPS) * SEATS_A_GROUP]:
        key = world.key()
        body.seats[key] = each
        rows.append(row(world, key, each, Role.MEMBER, ScopeKind.COMMITTEE, body.key, began, each.group))
    chair, secretary, steward = chosen[-3:]
    rows.append(row(world, world.key(), chair, Role.CHAIR, ScopeKind.COMMITTEE, body.key, began))
    rows.append(row(world, body.secretary, secretary, Role.SECRETARY, ScopeKind.COMMITTEE, body.key, began))
    rows.append(row(world, body.steward, steward, Role.STEWARD, ScopeKind.ORGANISATION, body.agency, began))
    rows.append(
        row(world, world.key(), steward, Role.FACILITATOR, ScopeKind.ORGANISATION, body.agency, began)
    )
    return rows


def row(
    world: World, key: UUID, who: Person, role: Role, scope: ScopeKind, of: UUID, began: Any,
    group: StakeholderGroup | None = None,
) -> dict[str, Any]:  # fmt: skip
    world.say(
        began, "seat_given", SubjectKind.SEAT, key, person=who.key, role=role.value, scope_kind=scope.value,
        scope=of, group=group.value if group else None, ends_at=None,
    )  # fmt: skip
    return {
        "id": key, "person_id": who.key, "role": role, "scope_kind": scope, "scope_id": of, "group": group,
        "starts_at": began,
    }  # fmt: skip
