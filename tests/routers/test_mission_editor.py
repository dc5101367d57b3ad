"""Framing a mission through its pages, as a facilitator without JavaScript does it."""

from decimal import Decimal

import pytest
from sqlmodel import Session, select

from app.models.event import Event
from app.models.mission import Mission, clauses_of, indicators_of
from app.models.notification import Notification
from app.models.project import projects_of
from app.rules.words import MissionState, Origin, StakeholderGroup
from app.services import missions, terms
from tests.client import Browser
from tests.people import make_person
from tests.services.drafted import Scene, make_mission

INDICATOR = {
    "name": "Streets with light all night", "lens": "user", "unit": "streets", "direction": "up", "baseline": "12",
    "baseline_at": "2026-01-01", "goal": "40.5", "due": "2030-06-30", "source": "Meters", "owner": "The agency",
}  # fmt: skip

MONEY = {
    "kind": "announced", "source": "Budget law 2027", "year": "2027", "amount": "1500000.50", "currency": "clp",
    "certainty": "likely",
}  # fmt: skip


@pytest.fixture
def drafted(visitor: Browser, db: Session) -> tuple[Mission, Scene]:
    terms.ensure_sdg(db)
    mission, scene = make_mission(db)
    db.commit()
    visitor.sign_in(db, scene.carol)
    return mission, scene


def again(db: Session, mission: Mission) -> Mission:
    db.expire_all()
    return db.get_one(Mission, mission.id)


def test_a_facilitator_frames_a_mission(
    visitor: Browser, db: Session, drafted: tuple[Mission, Scene]
) -> None:
    mission, _scene = drafted
    edit = f"/missions/{mission.id}/edit"

    page = visitor.open(edit)
    refused = visitor.hand_in(page.form(edit), button="Ready for a committee", status=422)
    assert "Name at least one target" in refused.main.text
    visitor.hand_in(visitor.open(edit).form(edit), {"title": "Light in 40 streets, all night, by 2030"})
    visitor.hand_in(visitor.open(edit).form(edit), {"add": "7.2 A larger share of renewable energy"})
    visitor.hand_in(visitor.open(edit).form(edit), INDICATOR)
    owner = f"organisation:{mission.organisation_id}"
    commitment = {"affected": "Families in forty dark streets", "owned_by": owner}
    visitor.hand_in(visitor.open(edit).form(edit), commitment)
    money = f"/missions/{mission.id}/money"
    visitor.hand_in(visitor.open(money).form(money), MONEY)
    add = visitor.open(f"/missions/{mission.id}/routes/new").form(f"/missions/{mission.id}/routes")
    visitor.hand_in(add, {"title": "Lamps with their own panels", "route": "One by one"})
    ready = visitor.open(edit)
    told = visitor.hand_in(ready.form(edit), button="Ready for a committee")

    assert "Framed" in told.main.text
    assert "from 12 to 40.5 streets by 30 June 2030" in told.main.text
    assert "7. Affordable and clean energy" in told.main.text
    assert again(db, mission).state is MissionState.FRAMED
    kinds = list(session_kinds(db, mission))
    edited = ["mission_edited"] * 4
    assert kinds == ["mission_drafted", *edited, "money_added", "mission_edited", "mission_framed"]


def test_one_button_saves_all_that_is_typed_on_the_page(
    visitor: Browser, db: Session, drafted: tuple[Mission, Scene]
) -> None:
    mission, _scene = drafted
    edit = f"/missions/{mission.id}/edit"
    typed = {"title": "Light in 40 streets by 2030", "add": "7.2", **INDICATOR}

    wrong = visitor.hand_in(visitor.open(edit).form(edit), {**typed, "due": "soon"}, status=422)
    assert again(db, mission).title != typed["title"]
    page = visitor.hand_in(wrong.form(edit), {"due": "2030-06-30"})

    assert "All that you typed here is saved." in page.text
    assert page.form(edit).fields["title"] == typed["title"] == again(db, mission).title
    assert [term.code for term in missions.targets_of(db, mission.id)] == ["7.2"]
    assert indicators_of(db, mission.id)[0].goal == Decimal("40.5")
    assert session_kinds(db, mission) == ["mission_drafted", "mission_edited"]


def test_removing_a_clause_keeps_what_is_typed_and_not_saved(
    visitor: Browser, db: Session, drafted: tuple[Mission, Scene]
) -> None:
    mission, _scene = drafted
    edit, many = f"/missions/{mission.id}/edit", len(clauses_of(db, mission.id))
    typed = {"title": "Half a thou", "unit": "streets"}

    page = visitor.hand_in(visitor.open(edit).form(edit), typed, button="Remove")

    assert "The clause is removed" in page.text
    assert "is not saved yet" in page.text
    assert len(clauses_of(db, mission.id)) == many - 1
    fields = page.form(edit).fields
    assert (fields["title"], fields["unit"]) == ("Half a thou", "streets")
    assert again(db, mission).title != "Half a thou"
    visitor.hand_in(page.form(edit))
    assert again(db, mission).title == "Half a thou"


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"goal": "12"}, "goal", "Baseline and goal are the same"),
        ({"direction": "down"}, "goal", "The goal lies in the other direction"),
        ({"due": "2025-12-31"}, "due", "The due date is not after the day of the baseline."),
        ({"baseline_at": "", "due": "2020-12-31"}, "due", "The due date is not after"),
    ],
)
def test_an_indicator_that_contradicts_itself_is_not_saved(
    visitor: Browser,
    db: Session,
    drafted: tuple[Mission, Scene],
    wrong: dict[str, str],
    field: str,
    sentence: str,
) -> None:
    mission, _scene = drafted
    edit = f"/missions/{mission.id}/edit"

    page = visitor.hand_in(visitor.open(edit).form(edit), {**INDICATOR, **wrong}, status=422)

    assert sentence in page.main.text
    assert f'id="{field}-error"' in page.html
    assert page.form(edit).fields["name"] == INDICATOR["name"]
    assert indicators_of(db, mission.id) == []


def test_a_mission_drafted_by_mistake_is_withdrawn_and_stays_readable(
    visitor: Browser, db: Session, drafted: tuple[Mission, Scene]
) -> None:
    mission, scene = drafted
    edit, page = f"/missions/{mission.id}/edit", f"/missions/{mission.id}/withdrawal"
    first = clauses_of(db, mission.id)[0].text

    visitor.hand_in(
        visitor.open(visitor.open(edit).link("Withdraw")).form(page), {"reason": "no"}, status=422
    )
    told = visitor.hand_in(visitor.open(page).form(page), {"reason": "It repeats the mission on lamps."})

    assert again(db, mission).state is MissionState.WITHDRAWN
    assert "It repeats the mission on lamps." in told.main.text
    assert first in told.main.text
    assert visitor.get(edit).status_code == visitor.get(page).status_code == 409
    assert mission.title in visitor.open("/missions").text
    told_to = select(Notification.person_id).where(Notification.kind == "mission_withdrawn")
    assert set(db.exec(told_to)) == {voice.author_id for voice in scene.voices}
    visitor.hand_in(told.form(f"/missions/{mission.id}/restoration"))
    assert again(db, mission).state is MissionState.CANDIDATE
    assert session_kinds(db, mission) == ["mission_drafted", "mission_withdrawn", "mission_reopened"]


def test_a_mission_before_the_committee_is_not_withdrawn(
    visitor: Browser, db: Session, drafted: tuple[Mission, Scene]
) -> None:
    mission, _scene = drafted
    mission.state = MissionState.ON_BALLOT
    db.commit()

    answer = visitor.fill_in(f"/missions/{mission.id}/withdrawal", {"reason": "A mistake.", "version": "1"})

    assert answer.status_code == 409
    assert again(db, mission).state is MissionState.ON_BALLOT


def session_kinds(db: Session, mission: Mission) -> list[str]:
    query = select(Event.kind).where(Event.subject_id == mission.id).order_by(Event.id)  # type: ignore[arg-type]
    return list(db.exec(query))


def test_a_framed_mission_becomes_a_candidate_again_when_a_gate_fails(
    visitor: Browser, db: Session, drafted: tuple[Mission, Scene]
) -> None:
    mission, _scene = drafted
    mission.state = MissionState.FRAMED
    db.commit()
    edit = f"/missions/{mission.id}/edit"

    visitor.hand_in(visitor.open(edit).form(edit), {"title": "Another title for it"})

    assert again(db, mission).state is MissionState.CANDIDATE


def test_two_facilitators_at_once_lose_nothing(
    visitor: Browser, db: Session, drafted: tuple[Mission, Scene]
) -> None:
    mission, _scene = drafted
    edit = f"/missions/{mission.id}/edit"
    slow = visitor.open(edit).form(edit)
    visitor.hand_in(visitor.open(edit).form(edit), {"title": "The faster title"})

    page = visitor.hand_in(slow, {"title": "The slower title"}, status=409)

    assert again(db, mission).title == "The faster title"
    assert "The slower title" in page.html
    assert {"faster", "slower"} <= set(page.form(edit).fields["title"].split())
    visitor.hand_in(page.form(edit), {"title": "The slower title"})
    assert again(db, mission).title == "The slower title"


def test_a_clause_is_written_moved_and_removed_with_its_sources(
    visitor: Browser, db: Session, drafted: tuple[Mission, Scene]
) -> None:
    mission, scene = drafted
    new = f"/missions/{mission.id}/clauses/new"
    form = visitor.open(new).form(f"/missions/{mission.id}/clauses")
    fields = {"text": "Every street has light all night.", "origin": "submission", "position": "1"}

    refused = visitor.hand_in(form, fields, button="Save", status=422)
    assert "Name at least one voice or group" in refused.main.text
    found = visitor.hand_in(form, {**fields, "q": f"{scene.voices[3].number}"}, button="Search")
    assert scene.voices[3].text in found.main.text
    visitor.hand_in(
        found.form(f"/missions/{mission.id}/clauses"),
        {"submissions": [str(scene.voices[3].id)]},
        button="Save",
    )

    first = clauses_of(db, mission.id)[0]
    assert (first.text, first.origin, first.position) == (fields["text"], Origin.SUBMISSION, 1)
    assert [link.to_id for link in missions.sources_of(db, [first])[first.id]] == [scene.voices[3].id]
    assert [each.position for each in clauses_of(db, mission.id)] == [1, 2, 3, 4, 5]
    visitor.fill_in(
        f"/missions/{mission.id}/clauses/{first.id}/removal", {"version": again(db, mission).version}
    )
    assert len(clauses_of(db, mission.id)) == 4


def test_a_clause_of_another_mission_is_not_found(
    visitor: Browser, db: Session, drafted: tuple[Mission, Scene]
) -> None:
    mission, _scene = drafted
    other, _other_scene = make_mission(db)
    db.commit()
    foreign = clauses_of(db, other.id)[0]

    assert visitor.get(f"/missions/{mission.id}/clauses/{foreign.id}").status_code == 404
    assert visitor.get(f"/missions/{mission.id}/clauses/nonsense").status_code == 404
    assert visitor.get(f"/missions/{mission.id}/routes/{projects_of(db, other.id)[0].id}").status_code == 404


def test_words_on_the_ballot_are_not_edited(
    visitor: Browser, db: Session, drafted: tuple[Mission, Scene]
) -> None:
    mission, _scene = drafted
    mission.state = MissionState.ON_BALLOT
    db.commit()

    seen = visitor.get(f"/missions/{mission.id}/edit")
    sent = visitor.fill_in(
        f"/missions/{mission.id}/edit", {"title": "Sneaky words", "version": mission.version}
    )

    assert seen.status_code == sent.status_code == 409
    assert again(db, mission).title != "Sneaky words"


def test_an_indicator_keeps_what_is_known_and_says_what_is_wrong(
    visitor: Browser, db: Session, drafted: tuple[Mission, Scene]
) -> None:
    mission, _scene = drafted
    form = visitor.open(f"/missions/{mission.id}/edit").form(f"/missions/{mission.id}/edit")

    wrong = visitor.hand_in(form, {"name": "Streets with light", "baseline": "a dozen"}, status=422)
    assert 'value="a dozen"' in wrong.html
    visitor.hand_in(form, {"name": "Streets with light", "baseline": "0"})

    kept = indicators_of(db, mission.id)[0]
    assert (kept.name, kept.baseline, kept.goal) == ("Streets with light", 0, None)
    gap = next(gate for gate in missions.gates_of(db, mission) if gate.key == "indicator")
    assert "a baseline" not in str(gap.missing)
    assert "a goal" in str(gap.missing)


@pytest.mark.parametrize("path", ["edit", "clauses/new", "routes/new"])
def test_nobody_else_sees_the_editor(
    visitor: Browser, db: Session, drafted: tuple[Mission, Scene], path: str
) -> None:
    mission, _scene = drafted
    visitor.sign_in(db, make_person(db, "Dave", group=StakeholderGroup.CITIZENS))

    assert visitor.get(f"/missions/{mission.id}/{path}").status_code == 403


HOSTILE = [
    "=cmd|'/c calc'!A1", "<script>alert(1)</script>", "\u202egnp.exe", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L", "x" * 1_000_000, "a\x00b",
]  # fmt: skip


FIELDS: dict[str, tuple[tuple[str, dict[str, str]], ...]] = {
    "edit": (
        ("title", {}),
        *(
            (name, {"title": "A mission"})
            for name in ("add", "name", "unit", "source", "owner", "baseline", "due")
        ),
    ),
    "clauses": (
        ("text", {"origin": "agency", "section": "why"}),
        ("section", {"origin": "agency", "text": "A clause."}),
        ("q", {"search": "yes", "text": "A clause."}),
        ("submissions", {"origin": "submission", "text": "A clause."}),
    ),
    "routes": (("title", {}), ("summary", {"title": "A route"}), ("route", {"title": "A route"})),
}


@pytest.mark.parametrize("path", FIELDS)
def test_hostile_text_is_refused_or_harmless(
    visitor: Browser, db: Session, drafted: tuple[Mission, Scene], path: str
) -> None:
    mission, _scene = drafted

    for field, rest in FIELDS[path]:
        for text in HOSTILE:
            entry = {"version": str(again(db, mission).version), **rest, field: text}
            answer = visitor.fill_in(f"/missions/{mission.id}/{path}", entry)
            assert answer.status_code in (200, 413, 422), f"{field}: {text[:20]!r}"
            assert "<script>alert" not in answer.text

    shown = visitor.get(f"/missions/{mission.id}").text
    assert [each for each in ("<script>alert", "\u202e", "\x00") if each in shown] == []
