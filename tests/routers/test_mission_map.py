"""The map of a mission, its links, its spill-overs and its lineage through their pages."""

import pytest
from sqlmodel import Session, select

from app.models.link import Link
from app.models.mission import Mission
from app.models.term import Tag, Term
from app.rules.words import (
    Instrument,
    LinkKind,
    LinkStatus,
    MissionState,
    MoneyKind,
    Role,
    ScopeKind,
    SubjectKind,
)
from app.services import counts, terms
from tests.client import Browser
from tests.people import make_person, seat
from tests.services.linked import ASSUMPTION, Portfolio, key, make_portfolio, pay

ENERGY = "energy"


@pytest.fixture
def portfolio(db: Session) -> Portfolio:
    counts._kept.clear()
    made = make_portfolio(db)
    db.commit()
    return made


def as_steward(visitor: Browser, db: Session, portfolio: Portfolio) -> Browser:
    person = make_person(db, "Stella")
    seat(db, person, Role.STEWARD, ScopeKind.ORGANISATION, portfolio.mission.organisation_id)
    return visitor.sign_in(db, person)


def base(portfolio: Portfolio) -> str:
    return f"/missions/{portfolio.mission.id}"


def end(portfolio: Portfolio, name: str) -> str:
    return f"project:{portfolio.projects[name].id}"


def test_challenge_mission_sectors_projects_map_follows_the_tags(
    visitor: Browser, db: Session, portfolio: Portfolio
) -> None:
    """DOMAIN 1, through the page: the sector and its edge stand on the map as long as the tag does."""
    roofs = portfolio.projects["roofs"].id
    assert "hang on nothing" in visitor.open(f"{base(portfolio)}/map").main.text
    portfolio.put("roofs", ENERGY)
    db.commit()

    page = visitor.open(f"{base(portfolio)}/map")
    assert f"#sector-{ENERGY}" in page.links
    edges = visitor.get(f"{base(portfolio)}/map.json").json()["edges"]
    assert {"from": f"sector-{ENERGY}", "to": f"project-{roofs}"}.items() <= edges[-1].items()

    portfolio.put("roofs")
    db.commit()

    found = visitor.get(f"{base(portfolio)}/map.json").json()
    assert not any(ENERGY in edge["from"] + edge["to"] for edge in found["edges"])
    assert terms.label(ENERGY, terms.SECTOR) not in {node["name"] for node in found["nodes"]}


def test_everything_drawn_can_be_opened(visitor: Browser, db: Session, portfolio: Portfolio) -> None:
    portfolio.link("roofs", LinkKind.DEPENDS_ON, key(portfolio.abroad))
    db.commit()

    for node in visitor.get(f"{base(portfolio)}/map.json").json()["nodes"]:
        path, _hash, anchor = node["url"].partition("#")
        visitor.open(path or f"{base(portfolio)}/map")
        written = visitor.get(path or f"{base(portfolio)}/map").text
        assert not anchor or f'id="{anchor}"' in written


def test_a_steward_links_tests_and_removes(visitor: Browser, db: Session, portfolio: Portfolio) -> None:
    as_steward(visitor, db, portfolio)
    page = visitor.open(f"{base(portfolio)}/links")
    typed = {
        "near": end(portfolio, "storage"),
        "kind": "depends_on",
        "far": end(portfolio, "roofs"),
        "assumption": ASSUMPTION,
    }
    page = visitor.hand_in(page.form("/links"), typed)
    assert "Storage depends on Roofs" in page.main.text
    assert "If this stopped: Roofs" in page.main.text

    link = db.exec(select(Link).where(Link.kind == LinkKind.DEPENDS_ON)).one()
    at = f"{base(portfolio)}/links/{link.id}"
    page = visitor.open(at)
    page = visitor.hand_in(page.form(at), {"status": "refuted", "evidence": ""}, status=422)
    assert "by which evidence" in page.main.text.lower()
    page = visitor.hand_in(page.form(at), {"status": "refuted", "evidence": "Prices doubled in 2026."})
    assert "Refuted" in page.main.text
    db.expire_all()
    assert db.get_one(Link, link.id).status is LinkStatus.REFUTED

    page = visitor.open(at)
    page = visitor.hand_in(page.form("/removal"))
    assert "No link yet" in page.main.text


def test_a_circle_is_refused_on_the_page_and_what_was_typed_stays(
    visitor: Browser, db: Session, portfolio: Portfolio
) -> None:
    """DOMAIN 31, through the page."""
    portfolio.link("storage", LinkKind.DEPENDS_ON, "roofs")
    db.commit()
    as_steward(visitor, db, portfolio)
    form = visitor.open(f"{base(portfolio)}/links").form("/links")
    typed = {"near": end(portfolio, "roofs"), "kind": "depends_on", "far": end(portfolio, "storage")}

    page = visitor.hand_in(form, {**typed, "assumption": "They help each other out."}, status=409)

    assert "Roofs → Storage → Roofs" in page.main.text
    assert "They help each other out." in page.text


def test_a_project_elsewhere_is_linked_by_its_address(
    visitor: Browser, db: Session, portfolio: Portfolio
) -> None:
    as_steward(visitor, db, portfolio)
    form = visitor.open(f"{base(portfolio)}/links").form("/links")
    typed = {"near": end(portfolio, "roofs"), "kind": "spills_over_to", "assumption": ASSUMPTION}
    address = f"https://example.org/missions/{portfolio.other.id}/map#project-{portfolio.abroad.id}"

    page = visitor.hand_in(form, {**typed, "address": "somewhere"}, status=422)
    page = visitor.hand_in(page.form("/links"), {"address": address, "size": "40", "unit": "jobs"})

    assert "Roofs spills over to Buses that run on the sun" in page.main.text
    assert "40 jobs" in visitor.open(f"{base(portfolio)}/spillovers").main.text
    assert "Buses that run on the sun" in visitor.open(f"/missions/{portfolio.other.id}/spillovers").main.text


def test_others_read_links_and_make_none(visitor: Browser, db: Session, portfolio: Portfolio) -> None:
    link = portfolio.link("storage", LinkKind.DEPENDS_ON, "roofs")
    db.commit()
    visitor.sign_in(db, portfolio.chamber.members["citizens 1"])

    assert "Add a link" not in visitor.open(f"{base(portfolio)}/links").text
    for path in ("links", f"links/{link.id}", f"links/{link.id}/removal"):
        assert visitor.fill_in(f"{base(portfolio)}/{path}").status_code == 403


def test_a_failed_mission_tells_what_spilled_over(
    visitor: Browser, db: Session, portfolio: Portfolio
) -> None:
    """DOMAIN 30, through the page."""
    portfolio.link(
        "roofs", LinkKind.SPILLS_OVER_TO, key(portfolio.other), size=40, unit="jobs", status=LinkStatus.SUPPORTED,
        evidence="Counted in a survey.",
    )  # fmt: skip
    mission = db.get_one(Mission, portfolio.mission.id)
    mission.state, mission.outcome_reason = MissionState.ENDED_NOT_MET, "The drought went on."
    db.commit()

    page = visitor.open(f"{base(portfolio)}/spillovers")

    assert "still counts" in page.main.text
    assert "40 jobs" in page.main.text


def test_paying_twice_shows_what_is_built_on_before_a_procurement(
    visitor: Browser, db: Session, portfolio: Portfolio
) -> None:
    """DOMAIN 40, the links: made on our page, read on the page of what is bought; a refuted one leads nowhere."""
    as_steward(visitor, db, portfolio)
    pay(db, portfolio.projects["roofs"], 300, MoneyKind.SPENT)
    portfolio.projects["grids"].instrument = Instrument.PROCUREMENT
    db.commit()
    bought = f"/projects/{portfolio.projects['grids'].id}/inputs"
    assert "already paid: 300" not in visitor.open(bought).main.text
    form = visitor.open(f"{base(portfolio)}/links").form("/links")

    typed = {"near": end(portfolio, "grids"), "kind": "derives_from", "far": end(portfolio, "roofs")}
    visitor.hand_in(form, {**typed, "assumption": ASSUMPTION})

    page = visitor.open(bought)
    assert "The public already paid: 300 CLP" in page.main.text
    assert "Roofs" in page.main.text
    link = db.exec(select(Link).where(Link.kind == LinkKind.DERIVES_FROM, Link.assumption != "")).one()
    link.status, link.evidence = LinkStatus.REFUTED, "It uses another design."
    db.commit()
    assert "already paid: 300" not in visitor.open(bought).main.text


def test_sdg_anchoring_shows_a_target_under_its_goal(
    visitor: Browser, db: Session, portfolio: Portfolio
) -> None:
    """DOMAIN 2: 17 goals, 169 targets; 7.2 shows under goal 7, and a goal alone anchors nothing."""
    terms.ensure_sdg(db)
    every = db.exec(select(Term).where(Term.scheme == terms.SDG, Term.code.in_(terms.written()))).all()
    assert len([each for each in every if each.parent_id is None]) == 17
    assert len([each for each in every if each.parent_id is not None]) == 169
    target = next(each for each in every if each.code == "7.2")
    db.add(Tag(term_id=target.id, subject_kind=SubjectKind.MISSION, subject_id=portfolio.mission.id))
    db.commit()

    page = visitor.open(base(portfolio))

    assert f"7. {terms.label('7')}" in page.main.text
    assert f"7.2 {terms.label('7.2')}" in page.main.text


@pytest.mark.parametrize("of", ["calls", "missions", "submissions"])
def test_the_lineage_is_drawn_and_told(visitor: Browser, db: Session, portfolio: Portfolio, of: str) -> None:
    voice = portfolio.chamber.scene.voices[0].id
    ids = {"calls": portfolio.mission.call_id, "missions": portfolio.mission.id, "submissions": voice}
    address = f"/{of}/{ids[of]}/lineage"

    page = visitor.open(address)
    found = visitor.get(f"{address}.json").json()

    assert found["bands"]
    assert portfolio.mission.title in page.main.text
    for stop in found["stops"]:
        assert stop["url"] in page.links, f"{stop} is drawn and not told"
