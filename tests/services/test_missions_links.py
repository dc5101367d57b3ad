"""Links of a mission: with an assumption, tested by evidence, and never in a circle of dependence."""

from decimal import Decimal

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.errors import NotFound
from app.models.event import Event
from app.models.link import Link
from app.models.project import Project
from app.rules import links as rules
from app.rules.words import (
    CallState,
    LinkKind,
    LinkStatus,
    MissionState,
    ProjectState,
    ProjectVerdict,
    SubjectKind,
)
from app.services import links_show, missions_links, missions_routes
from app.services.missions_links import LinkText
from app.services.missions_numbers import MissionOver
from tests.services.linked import ASSUMPTION, Portfolio, key, make_portfolio

K = LinkKind


@pytest.fixture
def portfolio(session: Session) -> Portfolio:
    return make_portfolio(session)


def hit_by(portfolio: Portfolio, name: str) -> list[tuple[str, int]]:
    found = links_show.what_depends_on(portfolio.session, portfolio.projects[name])
    return [(each.end.title, each.steps) for each in found]


def test_stopping_a_lists_what_depends_on_a(session: Session, portfolio: Portfolio) -> None:
    """DOMAIN 31: directly and through others, over the bounds of a mission; what has ended waits for nothing."""
    portfolio.link("storage", K.DEPENDS_ON, "roofs")
    portfolio.link("grids", K.DEPENDS_ON, "storage")
    portfolio.link("grids", K.COMPLEMENTS, "roofs")
    missions_links.add(
        session, portfolio.other, K.DEPENDS_ON, key(portfolio.abroad), key(portfolio.projects["grids"]),
        LinkText(ASSUMPTION), portfolio.steward,
    )  # fmt: skip

    assert hit_by(portfolio, "roofs") == [("Storage", 1), ("Grids", 2), ("Buses that run on the sun", 3)]
    assert hit_by(portfolio, "grids") == [("Buses that run on the sun", 1)]

    portfolio.abroad.state, portfolio.abroad.verdict = ProjectState.COMPLETED, ProjectVerdict.SUPPORTED
    portfolio.abroad.ended_at = portfolio.mission.adopted_at
    session.flush()
    assert hit_by(portfolio, "grids") == []


def test_a_cycle_in_depends_on_is_refused(session: Session, portfolio: Portfolio) -> None:
    """DOMAIN 31: the refusal names the circle that it would close."""
    portfolio.link("storage", K.DEPENDS_ON, "roofs")
    portfolio.link("grids", K.DEPENDS_ON, "storage")

    with pytest.raises(rules.CircleOfDependence) as refused:
        portfolio.link("roofs", K.DEPENDS_ON, "grids")

    assert refused.value.facts["path"] == "Roofs → Grids → Storage → Roofs"
    portfolio.link("roofs", K.COMPLEMENTS, "grids")


def test_the_database_refuses_a_circle_too(session: Session, portfolio: Portfolio) -> None:
    portfolio.link("storage", K.DEPENDS_ON, "roofs")
    back = portfolio.link("roofs", K.SPILLS_OVER_TO, key(portfolio.other))

    ends = {"from_kind": SubjectKind.PROJECT, "from_id": portfolio.projects["roofs"].id}
    ends |= {"to_kind": SubjectKind.PROJECT, "to_id": portfolio.projects["storage"].id}
    for write in (
        insert(Link).values(Link(kind=K.DEPENDS_ON, **ends).model_dump()),
        update(Link).where(col(Link.id) == back.id).values(kind=K.DEPENDS_ON, **ends),
    ):
        with pytest.raises(IntegrityError, match="circle"), session.begin_nested():
            session.exec(write)


def test_a_pair_is_linked_once_whichever_way_round(session: Session, portfolio: Portfolio) -> None:
    portfolio.link("roofs", K.COMPETES_WITH, "storage")

    with pytest.raises(missions_links.LinkedAlready):
        portfolio.link("storage", K.COMPETES_WITH, "roofs")
    portfolio.link("storage", K.COMPLEMENTS, "roofs")


@pytest.mark.parametrize(("near", "kind", "far", "typed", "refusal"), [
    ("roofs", K.DEPENDS_ON, "roofs", {}, rules.LinksItself),
    ("roofs", K.SPILLS_OVER_TO, "storage", {}, rules.StaysInside),
    ("roofs", K.FOLLOWS, "storage", {}, rules.EndsDoNotFit),
    ("roofs", K.DEPENDS_ON, "storage", {"status": LinkStatus.REFUTED}, rules.NoEvidence),
    ("roofs", K.DEPENDS_ON, "storage", {"size": Decimal(3), "unit": "jobs"}, rules.NoSize),
])  # fmt: skip
def test_what_cannot_be_linked(
    portfolio: Portfolio,
    near: str,
    kind: LinkKind,
    far: str,
    typed: dict[str, object],
    refusal: type[Exception],
) -> None:
    with pytest.raises(refusal):
        portfolio.link(near, kind, far, **typed)


def test_a_link_begins_at_home_and_ends_where_everyone_may_look(
    session: Session, portfolio: Portfolio
) -> None:
    with pytest.raises(NotFound):
        missions_links.add(
            session, portfolio.mission, K.DEPENDS_ON, key(portfolio.abroad), key(portfolio.projects["roofs"]),
            LinkText(ASSUMPTION), portfolio.steward,
        )  # fmt: skip

    from app.models.call import Call

    session.get_one(Call, portfolio.other.call_id).state = CallState.DRAFT
    session.flush()
    with pytest.raises(NotFound):
        portfolio.link("roofs", K.DEPENDS_ON, key(portfolio.abroad))


def test_an_assumption_is_tested_and_the_log_says_so(session: Session, portfolio: Portfolio) -> None:
    link = portfolio.link("storage", K.DEPENDS_ON, "roofs")
    found = LinkText("Panels stay cheap.", LinkStatus.REFUTED, "Prices rose by a third in 2026.")

    missions_links.edit(session, portfolio.mission, link, found, 1, portfolio.steward)

    assert (link.status, link.version, link.tested_at is not None) == (LinkStatus.REFUTED, 2, True)
    assert missions_links.refuted(session, portfolio.mission) == [link]
    told = session.exec(select(Event).where(Event.kind == "link_edited")).one()
    assert (told.facts["link_status"], told.facts["link"]) == ("refuted", str(link.id))
    assert "Panels" not in str(told.facts)


def test_two_windows_never_overwrite_each_other(session: Session, portfolio: Portfolio) -> None:
    link = portfolio.link("storage", K.DEPENDS_ON, "roofs")
    missions_links.edit(session, portfolio.mission, link, LinkText("Mine came first."), 1, portfolio.steward)

    with pytest.raises(missions_links.LinkChanged):
        missions_links.edit(
            session, portfolio.mission, link, LinkText("Mine too late."), 1, portfolio.steward
        )
    with pytest.raises(missions_links.LinkChanged):
        missions_links.remove(session, portfolio.mission, link, 1, portfolio.steward)

    missions_links.remove(session, portfolio.mission, link, 2, portfolio.steward)
    assert links_show.told(session, portfolio.mission) == []


def test_a_rejected_mission_gets_no_links(session: Session, portfolio: Portfolio) -> None:
    portfolio.mission.state = MissionState.REJECTED
    session.flush()

    with pytest.raises(MissionOver):
        portfolio.link("storage", K.DEPENDS_ON, "roofs")


def test_a_route_that_is_removed_leaves_no_link(session: Session, portfolio: Portfolio) -> None:
    portfolio.mission.state = MissionState.CANDIDATE
    session.flush()
    portfolio.link("storage", K.DEPENDS_ON, "roofs")
    roofs = portfolio.projects["roofs"]

    missions_routes.remove(
        session, portfolio.mission, roofs, portfolio.mission.version, portfolio.chamber.scene.carol.id
    )

    assert session.get(Project, roofs.id) is None
    assert links_show.told(session, portfolio.mission) == []


def test_voices_behind_a_route_are_no_links_to_edit(session: Session, portfolio: Portfolio) -> None:
    behind = session.exec(
        select(Link).where(Link.kind == K.DERIVES_FROM, Link.from_kind == SubjectKind.PROJECT)
    ).all()
    assert behind

    assert links_show.told(session, portfolio.mission) == []
    for each in behind:
        with pytest.raises(NotFound):
            missions_links.find(session, portfolio.mission, each.id)
