"""The workbench without JavaScript: group, accept, correct, undo; and what others see of it."""

from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.models.call import Call
from app.models.cluster import Cluster, clusters_of
from app.models.grouping import Grouping, accepted_grouping
from app.models.organisation import Organisation
from app.models.person import Person
from app.rules.words import ClusterLevel, ClusterState, GroupingState
from app.services import groupings
from app.services.groupings_languages import COHESION_WORDS, SEPARATION_WORDS
from tests.client import Browser
from tests.counting import statements
from tests.factories import make_call
from tests.people import make_facilitator, make_person
from tests.services.voices import EMBEDDER, make_themes, silent, voice


@pytest.fixture
def carol(db: Session, agency: Organisation) -> Person:
    return make_facilitator(db, agency)


@pytest.fixture
def call(db: Session, agency: Organisation) -> Call:
    return make_themes(db, make_call(db, agency))[0]


def grouped(db: Session, call: Call) -> Grouping:
    groupings.group_now(db, call.id, EMBEDDER, silent)
    db.commit()
    found = accepted_grouping(db, call.id)
    assert found is not None
    return found


def largest(db: Session, call: Call) -> list[Cluster]:
    grouping = accepted_grouping(db, call.id)
    assert grouping is not None
    return clusters_of(db, grouping.id, ClusterLevel.MISSION)


def test_a_facilitator_groups_and_accepts(visitor: Browser, db: Session, call: Call, carol: Person) -> None:
    bench = f"/calls/{call.id}/workbench"
    visitor.sign_in(db, carol)

    page = visitor.hand_in(visitor.open(bench).form("/groupings"))
    assert "A grouping is running" in page.text
    grouping = db.exec(select(Grouping)).one()
    groupings.run(db, grouping.id, EMBEDDER, silent)
    db.commit()
    proposed = visitor.open(bench)
    assert "first grouping of this question" in proposed.text
    accepted = visitor.hand_in(proposed.form("/acceptance"))

    assert "Everyone now sees this grouping" in accepted.text
    visitor.cookies.clear()
    assert largest(db, call)[0].label in visitor.open(f"/calls/{call.id}/groups").text


def test_a_second_start_is_refused_in_a_sentence(
    visitor: Browser, db: Session, call: Call, carol: Person
) -> None:
    groupings.start(db, call, carol.id)
    db.commit()
    visitor.sign_in(db, carol)

    answer = visitor.fill_in(f"/calls/{call.id}/groupings")

    assert answer.status_code == 409
    assert "already running" in answer.text


def test_progress_asks_again_until_the_run_is_done(
    visitor: Browser, db: Session, call: Call, carol: Person
) -> None:
    grouping = groupings.start(db, call, carol.id)
    db.commit()
    visitor.sign_in(db, carol)
    path, htmx = f"/groupings/{grouping.id}/progress", {"HX-Request": "true"}

    running = visitor.get(path, headers=htmx)
    assert 'hx-trigger="load delay:1s"' in running.text
    grouping.state = GroupingState.PROPOSED
    db.commit()
    done = visitor.get(path, headers=htmx)

    assert done.status_code == 204
    assert done.headers["HX-Redirect"] == f"/calls/{call.id}/workbench"


def test_nobody_else_sees_a_proposal(visitor: Browser, db: Session, call: Call) -> None:
    grouped(db, call)
    groupings.group_now(db, call.id, EMBEDDER, silent)
    db.commit()
    proposal = db.exec(select(Grouping).where(Grouping.state == GroupingState.PROPOSED)).one()
    cluster = clusters_of(db, proposal.id)[0]

    assert visitor.get(f"/groupings/{proposal.id}").status_code == 404
    assert visitor.get(f"/clusters/{cluster.id}").status_code == 404
    visitor.sign_in(db, make_person(db, "Dave"))
    assert visitor.get(f"/groupings/{proposal.id}").status_code == 404
    assert visitor.get(f"/calls/{call.id}/workbench").status_code == 403


def test_a_proposal_is_told_in_words(visitor: Browser, db: Session, call: Call, carol: Person) -> None:
    grouped(db, call)
    for place in ("Calama", "Arica", "Iquique"):
        voice(db, call, f"water water clean drinking water for every family in {place} now")
    db.commit()
    groupings.group_now(db, call.id, EMBEDDER, silent)
    db.commit()
    visitor.sign_in(db, carol)

    page = visitor.open(f"/calls/{call.id}/workbench")

    assert "3 voices are new" in page.text
    assert "A grouping waits for your decision" in page.text


def test_a_group_is_renamed_confirmed_locked_and_set_aside(
    visitor: Browser, db: Session, call: Call, carol: Person
) -> None:
    grouped(db, call)
    cluster = largest(db, call)[0]
    here = f"/calls/{call.id}/workbench?cluster={cluster.id}"
    visitor.sign_in(db, carol)

    visitor.hand_in(visitor.open(here).form("/name"), {"label": "Sun for all"})
    visitor.hand_in(visitor.open(here).form("/confirmation"))
    visitor.hand_in(visitor.open(here).form("/lock", button="Lock"))
    visitor.hand_in(visitor.open(here).form("/lock", button="Unlock"))
    visitor.hand_in(visitor.open(here).form("/setting-apart"), {"reason": "Another ministry decides this."})

    db.refresh(cluster)
    assert (cluster.label, cluster.state, cluster.is_locked) == ("Sun for all", ClusterState.SET_ASIDE, False)
    visitor.cookies.clear()
    page = visitor.open(f"/clusters/{cluster.id}")
    assert page.heading == "Sun for all"
    assert "Another ministry decides this." in page.text


def test_voices_are_moved_split_off_and_set_apart(
    visitor: Browser, db: Session, call: Call, carol: Person
) -> None:
    grouped(db, call)
    first, second = largest(db, call)[:2]
    sizes = first.size, second.size
    here = f"/calls/{call.id}/workbench?cluster={first.id}"
    visitor.sign_in(db, carol)

    def tick(count: int) -> list[str]:
        boxes = visitor.open(here).main.all("input")
        return [box.get("value") for box in boxes if box.get("name") == "voice"][:count]

    moved = visitor.fill_in(
        f"/calls/{call.id}/placements", {"act": "move", "voice": tick(1), "target": str(second.id)}
    )
    apart = visitor.fill_in(
        f"/calls/{call.id}/placements", {"act": "set_apart", "voice": tick(1), "reason": "Off topic"}
    )
    facts = {"act": "split", "voice": tick(2), "origin": str(first.id), "label": "A part of it"}
    split = visitor.fill_in(f"/calls/{call.id}/placements", facts)

    assert [answer.status_code for answer in (moved, apart, split)] == [200, 200, 200]
    db.expire_all()
    assert (first.size, second.size) == (sizes[0] - 4, sizes[1] + 1)
    pile = visitor.open(f"/calls/{call.id}/ungrouped")
    assert "Off topic" in pile.text
    assert "Split 2 voices off" in visitor.open(here).text


def test_a_stale_tab_is_told_to_reload(visitor: Browser, db: Session, call: Call, carol: Person) -> None:
    grouped(db, call)
    cluster = largest(db, call)[0]
    visitor.sign_in(db, carol)
    stale = visitor.open(f"/calls/{call.id}/workbench?cluster={cluster.id}").form("/name")
    visitor.hand_in(stale, {"label": "First name"})

    page = visitor.hand_in(stale, {"label": "Second name"}, status=409)

    assert "Someone changed this group" in page.text


def test_two_groups_are_merged_and_the_merge_is_undone(
    visitor: Browser, db: Session, call: Call, carol: Person
) -> None:
    grouped(db, call)
    kept, gone = largest(db, call)[:2]
    size = kept.size
    visitor.sign_in(db, carol)
    page = visitor.open(f"/calls/{call.id}/workbench?cluster={kept.id}")

    merged = visitor.hand_in(page.form("/merge"), {"other": str(gone.id)})
    assert "Merged" in merged.text
    assert "merged into another" in visitor.open(f"/clusters/{gone.id}").text
    undone = visitor.hand_in(merged.form("/undoing"))

    assert "Undone" in undone.text
    db.expire_all()
    assert (kept.size, gone.merged_into_id) == (size, None)


def test_nobody_corrects_without_a_seat(visitor: Browser, db: Session, call: Call) -> None:
    grouped(db, call)
    cluster = largest(db, call)[0]
    visitor.sign_in(db, make_person(db, "Dave"))

    for act in ("name", "merge", "lock", "confirmation", "setting-apart"):
        assert visitor.fill_in(f"/clusters/{cluster.id}/{act}", {"label": "Mine"}).status_code == 403
    assert visitor.fill_in(f"/calls/{call.id}/placements", {"act": "move"}).status_code == 403


def test_a_correction_of_another_call_is_not_found(
    visitor: Browser, db: Session, call: Call, agency: Organisation, carol: Person
) -> None:
    grouped(db, call)
    other = make_call(db, agency, title="Another question")
    cluster_id = largest(db, call)[0].id
    db.commit()
    visitor.sign_in(db, carol)

    assert visitor.get(f"/calls/{other.id}/workbench?cluster={cluster_id}").status_code == 404
    assert visitor.get(f"/calls/{call.id}/workbench?cluster=nothing").status_code == 404


def test_the_workbench_warns_where_the_model_does_not_know_a_language(
    visitor: Browser, db: Session, call: Call, carol: Person
) -> None:
    visitor.sign_in(db, carol)
    assert "made for English" not in visitor.open(f"/calls/{call.id}/workbench").text
    voice(db, call, "agua limpia para todos", language="es")
    db.commit()

    assert "made for English" in visitor.open(f"/calls/{call.id}/workbench").text


def test_no_page_asks_more_as_voices_grow(
    visitor: Browser, db: Session, call: Call, carol: Person, clean: Engine
) -> None:
    grouping = grouped(db, call)
    cluster = largest(db, call)[0]
    visitor.sign_in(db, carol)
    paths = [
        f"/calls/{call.id}/groups",
        f"/calls/{call.id}/ungrouped",
        f"/calls/{call.id}/map",
        f"/calls/{call.id}/map.json",
        f"/clusters/{cluster.id}",
        f"/groupings/{grouping.id}",
        f"/calls/{call.id}/workbench",
        f"/calls/{call.id}/workbench?cluster={cluster.id}",
    ]
    before = {path: asked(visitor, clean, path) for path in paths}
    for number in range(60):
        voice(db, call, f"solar roof panels number {number} for the school in Calama")
    db.commit()
    groupings.place_new(db, [])
    fresh = groupings.group_now(db, call.id, EMBEDDER, silent)
    assert UUID(fresh["call"]) == call.id
    groupings.accept(db, db.exec(select(Grouping).where(Grouping.state == "proposed")).one(), carol.id)
    db.commit()

    again = [path.replace(str(cluster.id), str(largest(db, call)[0].id)) for path in paths]
    after = {path: asked(visitor, clean, now) for path, now in zip(paths, again, strict=True)}
    assert {path: after[path] for path in paths if after[path] > before[path]} == {}


def asked(visitor: Browser, engine: Engine, path: str) -> int:
    with statements(engine) as sent:
        assert visitor.get(path).status_code == 200, path
    return len(sent)


def test_how_a_grouping_was_made_is_told_in_plain_words(
    visitor: Browser, db: Session, call: Call, carol: Person
) -> None:
    found = grouped(db, call)
    found.seconds = 1.215
    found.parameters = {**found.parameters, "method": "average links"}
    db.commit()

    page = visitor.open(f"/groupings/{found.id}")

    assert "2 seconds" in page.text
    assert "1.215" not in page.text
    assert "How alike a voice must be to a group to stand in it" in page.text
    assert "Voices were joined as long as they are alike on average" in page.text
    assert not [raw for raw in found.parameters if raw in page.text.split()]


def test_a_group_that_the_model_cannot_read_is_not_judged(visitor: Browser, db: Session, call: Call) -> None:
    found = grouped(db, call)
    group = largest(db, call)[0]
    before = visitor.open(f"/clusters/{group.id}").text
    group.languages = {"zh": group.size}
    db.commit()

    page = visitor.open(f"/clusters/{group.id}").text
    listed = visitor.open(f"/calls/{call.id}/groups").text

    claims = [*COHESION_WORDS.values(), *SEPARATION_WORDS.values()]
    assert any(claim in before for claim in claims)
    assert not [claim for claim in claims if claim in page]
    assert "cannot judge how alike voices in other languages are" in page
    assert "cannot judge how alike voices in other languages are" in listed
    assert "not judged: the model reads English only" in visitor.open(f"/groupings/{found.id}").text


def test_the_facilitator_reads_which_languages_the_model_does_not(
    visitor: Browser, db: Session, call: Call, carol: Person
) -> None:
    for at in range(3):
        voice(db, call, f"agua limpia para todas las familias {at}", language="es")
    grouped(db, call)
    visitor.sign_in(db, carol)

    text = visitor.open(f"/calls/{call.id}/workbench").text

    assert "was made for English" in text
    assert "Not in English: Spanish (3 voices)" in " ".join(text.split())
