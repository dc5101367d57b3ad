"""Who is in the demonstration: organisations, people with accounts, a committee and its seats."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from app.demo import content
from app.demo.content import Row
from app.demo.story import Act, Stage
from app.models.columns import now
from app.models.person import Person
from app.rules import composition
from app.rules.words import Role, ScopeKind, StakeholderGroup, SubjectKind
from app.services import committees, events, organisations, passwords, people
from app.services.committees import CommitteeText
from app.services.organisations import OrganisationText

DOMAIN = "example.org"
FOUNDED, SEATED = -460, -455


def accounts() -> dict[str, dict[str, Any]]:
    """The people anyone may sign in as, by their key."""
    return {account["person"]: account for account in content.cast()["accounts"]}


def address(key: str) -> str:
    known = accounts().get(key)
    return str(known["email"]) if known else f"{key.replace('_', '.')}@{DOMAIN}"


def acts(stage: Stage, others: Iterable[Act]) -> list[Act]:
    """Everybody signs up shortly before the first thing they do; the staff and the committee long before."""
    founding = stage.calendar.at(FOUNDED)
    first = {key: founding + timedelta(minutes=10 + place) for place, key in enumerate(accounts())}
    for act in sorted(others, key=lambda act: act.at):
        for key in act.who:
            first.setdefault(key, act.at - timedelta(minutes=Random(f"sign up {key}").uniform(4, 9)))  # noqa: S311
    latest = stage.calendar.past(-1)
    rows = {row["key"]: row for row in everybody()}
    signing_up = sign_up_acts(rows, first, latest)
    seated = stage.calendar.at(SEATED)
    return [Act(founding, found_organisations), *signing_up, Act(seated, seat_everyone)]


def everybody() -> list[Row]:
    return [*content.people(), *content.applicants()]


def sign_up_acts(rows: Mapping[str, Row], first: Mapping[str, datetime], latest: datetime) -> list[Act]:
    kept = passwords.hashed(content.cast()["password"])
    return [
        Act(first.get(key, latest), partial(sign_up, row=row, password_hash=kept))
        for key, row in rows.items()
    ]


def found_organisations(stage: Stage) -> None:
    """Those of the cast with their group and place; those that only a person names, with that person's."""
    known = {each["name"]: each for each in content.cast()["organisations"]}
    for row in everybody():
        if row["organisation"]:
            known.setdefault(
                row["organisation"], {**row, "key": row["organisation"], "name": row["organisation"]}
            )
    for each in known.values():
        stage.organisations[each["key"]] = organisations.add(
            stage.session, OrganisationText(each["name"], StakeholderGroup(each["group"]), each["place"])
        )


def sign_up(stage: Stage, row: Row, password_hash: str) -> None:
    by_name = {organisation.name: organisation.id for organisation in stage.organisations.values()}
    person = Person(
        email=address(row["key"]),
        name=row["name"],
        password_hash=password_hash,
        locale=row["language"],
        group=StakeholderGroup(row["group"]),
        place=row["place"],
        organisation_id=by_name.get(row["organisation"]),
        email_confirmed_at=now(),
    )
    stage.session.add(person)
    stage.session.flush()
    stage.people[row["key"]] = person
    for kind in ("person_signed_up", "address_confirmed"):
        events.record(stage.session, kind, SubjectKind.PERSON, person.id, by=person.id)


def seat_everyone(stage: Stage) -> None:
    """The administrator seats the others; alternates come last, as they name the seat they stand in for."""
    administrator = next(
        key for key, each in accounts().items() if any(seat["role"] == "admin" for seat in each["seats"])
    )
    by = stage.person(administrator)
    found_committee(stage, administrator)
    wanted = [(key, seat) for key, account in accounts().items() for seat in account["seats"]]
    for key, seat in sorted(wanted, key=lambda pair: "alternate_for" in pair[1]):
        kind, scope_id = ScopeKind.PLATFORM, None
        if (committee := stage.committees.get(seat["scope"])) is not None:
            kind, scope_id = ScopeKind.COMMITTEE, committee.id
        elif (organisation := stage.organisations.get(seat["scope"])) is not None:
            kind, scope_id = ScopeKind.ORGANISATION, organisation.id
        given = people.give_seat(
            stage.session,
            stage.people[key],
            Role(seat["role"]),
            kind,
            scope_id,
            group=StakeholderGroup(seat["group"]) if "group" in seat else None,
            alternate_for=stage.seats[seat["alternate_for"]].id if "alternate_for" in seat else None,
            by=None if key == administrator else by,
        )
        stage.seats[seat.get("key", key)] = given


def found_committee(stage: Stage, administrator: str) -> None:
    told = content.cast()["committee"]
    text = CommitteeText(
        organisation_id=stage.organisations[told["organisation"]].id,
        name=told["name"],
        purpose=told["purpose"],
        composition=composition.from_facts(told["composition"]),
    )
    stage.committees[told["key"]] = committees.create(stage.session, text, stage.person(administrator))


def voter_of(seat_key: str) -> str:
    """The key of the person in a seat."""
    return next(
        key
        for key, account in accounts().items()
        if any(seat.get("key") == seat_key for seat in account["seats"])
    )


def seated_as(role: Role, scope: str) -> str:
    """The key of the person who holds this role there."""
    return next(
        key
        for key, account in accounts().items()
        if any(seat["role"] == role and seat["scope"] == scope for seat in account["seats"])
    )
