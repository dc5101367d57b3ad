"""The map of a mission is drawn from rows: take a row away, and what it drew is gone."""

from typing import Any

import pytest
from sqlmodel import Session, col, delete, select

from app.models.term import Tag, Term
from app.rules.words import LinkKind, SubjectKind
from app.services import missions_map, missions_sectors, terms
from tests.services.linked import Portfolio, key, make_portfolio


@pytest.fixture
def portfolio(session: Session) -> Portfolio:
    return make_portfolio(session)


def drawn(portfolio: Portfolio) -> dict[str, Any]:
    return missions_map.drawn(missions_map.mapped(portfolio.session, portfolio.mission), "-")


def lines(portfolio: Portfolio) -> set[tuple[str, str]]:
    """Edges by the names of their ends."""
    found = drawn(portfolio)
    names = {node["key"]: node["name"] for node in found["nodes"]}
    return {(names[edge["from"]], names[edge["to"]]) for edge in found["edges"]}


def test_challenge_mission_sectors_projects_map_loses_the_edge_of_a_deleted_tag(
    session: Session, portfolio: Portfolio
) -> None:
    """DOMAIN 1."""
    portfolio.put("roofs", "energy")
    portfolio.put("grids", "energy", "transport")
    call, mission = portfolio.chamber.scene.call.question, portfolio.mission.title
    energy, mobility = (terms.label(each, terms.SECTOR) for each in ("energy", "transport"))
    assert lines(portfolio) == {
        (call, mission), (mission, energy), (mission, mobility), (energy, "Roofs"), (energy, "Grids"),
        (mobility, "Grids"),
    }  # fmt: skip

    gone = select(Term.id).where(Term.code == "transport")
    session.exec(
        delete(Tag).where(col(Tag.term_id).in_(gone), col(Tag.subject_id) == portfolio.projects["grids"].id)
    )

    assert lines(portfolio) == {(call, mission), (mission, energy), (energy, "Roofs"), (energy, "Grids")}


def test_every_node_leads_somewhere_and_orphans_are_flagged(session: Session, portfolio: Portfolio) -> None:
    """DOMAIN 1."""
    portfolio.put("roofs", "energy")
    named = session.exec(select(Term).where(Term.scheme == terms.SECTOR, Term.code == "water")).one()
    session.add(Tag(term_id=named.id, subject_kind=SubjectKind.MISSION, subject_id=portfolio.mission.id))
    session.flush()

    nodes = drawn(portfolio)["nodes"]

    assert all(node["url"] for node in nodes)
    water = terms.label("water", terms.SECTOR)
    flagged = {node["name"] for node in nodes if "orphan" in node}
    assert {water, "Storage", "Grids"} <= flagged
    assert not {"Roofs", terms.label("energy", terms.SECTOR), portfolio.mission.title} & flagged
    assert missions_map.mapped(session, portfolio.mission).orphans == len(flagged)


def test_links_lead_out_of_the_mission(portfolio: Portfolio) -> None:
    portfolio.link("roofs", LinkKind.DEPENDS_ON, key(portfolio.abroad))

    found = drawn(portfolio)

    outside = [node for node in found["nodes"] if node["layer"] == "outside"]
    assert [node["name"] for node in outside] == ["Buses that run on the sun"]
    assert outside[0]["url"] == f"/projects/{portfolio.abroad.id}"
    assert [(edge["kind"], edge["said"]) for edge in found["edges"] if edge["kind"]] == [
        ("depends_on", "depends on")
    ]


def test_a_branch_of_a_sector_is_told_by_its_root(session: Session, portfolio: Portfolio) -> None:
    branches = select(Term.code).where(Term.scheme == terms.SECTOR, col(Term.code).startswith("energy."))
    portfolio.put("roofs", "energy", session.exec(branches).all()[0])

    roofs = portfolio.projects["roofs"]
    assert missions_sectors.of_projects(session, portfolio.mission.id) == [(roofs.id, "energy")]
