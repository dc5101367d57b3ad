"""Every route tried by every person: who gets in, what nobody else is told, and that a refusal changes nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, text
from sqlmodel import Session

from app.errors import NotFound, Refusal
from app.main import create_app
from app.models.application import Application
from app.models.call import Call
from app.models.cluster import Cluster
from app.models.committee import Committee
from app.models.condition import Condition
from app.models.decision import Decision
from app.models.grouping import Grouping
from app.models.mission import Mission
from app.models.organisation import Organisation
from app.models.project import Project
from app.models.review import Review, ReviewRound
from app.models.statement import Statement
from app.models.submission import Submission
from app.models.tables import metadata
from app.permissions import Permission, SayFirst, SignInNeeded, demand
from app.rules.words import DecisionState
from app.settings import Settings
from tests.asks import ASKS, PUBLIC
from tests.client import Browser
from tests.conftest import empty
from tests.page import Page
from tests.routes import Guarded, walk
from tests.world import SECRETS, World, ids, make_world

READERS = ("visitor", "bob", "dave", "tina", "carol", "otto", "erin", "chair", "alice", "rita")
REFUSED = ("visitor", "dave", "otto", "carol", "alice")
RECORDS: dict[str, type[Any]] = {
    "call_id": Call, "submission_id": Submission, "cluster_id": Cluster, "grouping_id": Grouping,
    "mission_id": Mission, "committee_id": Committee, "decision_id": Decision, "statement_id": Statement,
    "review_id": Review, "round_id": ReviewRound, "application_id": Application,
    "project_id": Project, "condition_id": Condition, "organisation_id": Organisation,
    "lesson_id": Statement,
}  # fmt: skip


# Named last in an address, and the one that its permission is about.
ASKED_ALONE = ("review_id", "round_id", "application_id")


@dataclass
class Place:
    """The application over one world that only reading and refused acts touch."""

    app: FastAPI
    engine: Engine
    world: World
    browsers: dict[str, Browser]

    def routes(self, method: str) -> list[Guarded]:
        return [each for each in walk(self.app) if each.method == method]


@pytest.fixture(scope="module")
def place(lasting_settings: Settings, engine: Engine) -> Iterator[Place]:
    app = create_app(lasting_settings, engine)
    with Session(engine, expire_on_commit=False) as session:
        world = make_world(session)
        browsers = {"visitor": Browser(app)}
        for name in world.people:
            browsers[name] = Browser(app).sign_in(session, world.people[name])
    for browser in browsers.values():
        browser.follow_redirects = False
    yield Place(app, engine, world, browsers)
    empty(engine)


def variants(world: World) -> list[dict[str, object]]:
    """The ids put into addresses: the usual ones, then records in every state that somebody may not see."""
    usual: dict[str, object] = {**ids(world), "token": "no-such-token",
                                "run_id": world.people["bob"].id, "input_id": world.people["bob"].id,
                                "motion_id": world.people["bob"].id, "evidence_id": world.people["bob"].id,
                                "wording_id": world.people["bob"].id, "remark_id": world.records["remark"].id,
                                "size": world.records["checkpoint"].size,
                                "correction_id": world.people["bob"].id, "key": "ageing"}  # fmt: skip
    records = world.records
    others = [{"call_id": call.id} for call in world.calls.values()]
    others += [{"submission_id": each.id} for each in world.submissions.values()]
    others += [{"submission_id": records["draft_voice"].id, "call_id": world.calls["draft"].id}]
    others += [{"decision_id": each.id} for each in world.decisions.values()]
    others += [{"grouping_id": records[name].id} for name in ("proposal", "draft_grouping")]
    others += [
        {"cluster_id": records[name].id} for name in ("draft_cluster", "cluster_checking", "project_open")
    ]
    others += [
        {"mission_id": records["draft_mission"].id},
        {"mission_id": world.missions[DecisionState.OPEN].id},
    ]
    others += [
        {"application_id": records[f"{name}_application"].id} for name in ("draft", "judged", "unchecked")
    ]
    spoken = ("objection", "hidden_objection", "withdrawn_objection", "answered_objection")
    spoken += ("amendment", "declined_amendment", "hidden_amendment")
    others += [{"statement_id": records[name].id} for name in spoken]
    reviewed = {"mission_id": records["reviewed_mission"].id, "round_id": records["review_round"].id}
    others += [{**reviewed, "review_id": records[name].id} for name in ("draft_review", "filed_review")]
    return [usual, *({**usual, **each} for each in others)]


def addresses(each: Guarded, world: World) -> list[tuple[str, dict[str, object]]]:
    """Every address this route takes among the variants, each once."""
    names = re.findall(r"{(\w+)}", each.path)
    found = {}
    for values in variants(world):
        chosen = {name: values[name] for name in names}
        found[each.path.format(**chosen)] = chosen
    return list(found.items())


def wanted(session: Session, world: World, name: str, each: Guarded, chosen: dict[str, object]) -> str:
    """What the permission of this route answers this person about the record in the address."""
    record = next((key for key in (*ASKED_ALONE, *chosen) if key in chosen and key in RECORDS), None)
    if (line := ASKS.get(str(each))) is None:
        return "yes"
    named = re.sub("_id$", "", record or "")
    about = session.get(RECORDS[record], chosen[record]) if record else None
    try:
        demand(session, world.viewer(session, name), Permission(line), about)
    except NotFound:
        return "not found"
    except SignInNeeded:
        return "sign in"
    except SayFirst:
        return "refused 403, say first"
    except Refusal as refusal:
        return f"refused {refusal.status} {named}"
    return "yes"


def test_every_route_has_its_line(place: Place) -> None:
    found = {str(each): each for each in walk(place.app)}

    assert {name for name, each in found.items() if each.public} == PUBLIC
    assert {name: [str(p) for p in each.permissions] for name, each in found.items() if not each.public} == {
        name: [line] for name, line in ASKS.items()
    }


@pytest.mark.parametrize("name", READERS)
def test_every_page_answers_as_the_permissions_say_and_tells_no_secret(place: Place, name: str) -> None:
    wrong: list[str] = []

    with Session(place.engine) as session:
        for each in place.routes("GET"):
            for address, chosen in addresses(each, place.world):
                answer = place.browsers[name].get(address)
                wish = wanted(session, place.world, name, each, chosen)
                wrong += judged(f"{name} {address} ({each.path})", answer.status_code, wish)
                wrong += told(name, f"{address} ({each.path})", answer.text)
                if (
                    "text/html" in answer.headers.get("content-type", "")
                    and answer.status_code == 200
                    and "<html" in answer.text
                ):
                    wrong += [
                        f"{address} ({each.path}): {fault}" for fault in Page(answer.text, address).faults()
                    ]

    assert wrong == [], "\n".join(wrong[:60])


def told(name: str, where: str, said: str) -> list[str]:
    """The secrets on a page whose reader should not know them."""
    return [
        f"{name} reads {word} on {where}" for word in SECRETS if name not in SECRETS[word] and word in said
    ]


def judged(where: str, status: int, wish: str) -> list[str]:
    """A page that may be seen is there, or leads on; what may not be known is 404 and nothing else."""
    # 501 is said by one address alone: a file that this machine cannot make.
    fits = {"yes": (200, 303, 404, 409, 501), "not found": (404,), "sign in": (303,)}.get(wish)
    # A page leads whoever has not said what ties them to an item to the question; a fragment refuses.
    fits = fits or ((303, 403) if wish.endswith("say first") else (int(wish.split()[1]),))
    return [] if status in fits else [f"{where}: {status}, expected {wish}"]


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_act_changes_nothing(place: Place, name: str) -> None:
    """Every form's address, sent with a right token by those who may not, on records in every state."""
    wrong: list[str] = []
    token = place.browsers[name].token()

    with Session(place.engine) as session:
        before = counted(session)
        for each in place.routes("POST"):
            for address, chosen in addresses(each, place.world) if str(each) in ASKS else []:
                wish = wanted(session, place.world, name, each, chosen)
                if wish == "yes":
                    continue
                answer = place.browsers[name].post(
                    address, data={"csrf_token": token, "choice": "for", "version": "2"}
                )
                expected = {"not found": 404, "sign in": 403}.get(wish) or int(wish.split()[1].strip(","))
                if answer.status_code != expected:
                    wrong.append(
                        f"{name} POST {address} ({each.path}): {answer.status_code}, expected {wish}"
                    )
                wrong += told(name, f"the refusal of {address}", answer.text)
        session.rollback()
        after = counted(session)

    assert wrong == [], "\n".join(wrong[:60])
    assert before == after


def counted(session: Session) -> dict[str, Any]:
    """Rows of every table, and one number over everything written in them but the signs of life of a session."""
    found = {}
    for table in metadata.sorted_tables:
        if table.name in ("web_session", "websession", "rate_count", "ratecount"):
            continue
        query = f'SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM "{table.name}" AS t'
        found[table.name] = tuple(session.execute(text(query)).one())
    return found


def test_an_id_that_is_none_is_not_found(place: Place) -> None:
    """A malformed or unknown id is a plain page that says so, for everyone and on every route."""
    for each in place.routes("GET"):
        if "{" not in each.path:
            continue
        for odd in ("1", "x' OR 1=1", "00000000-0000-0000-0000-000000000000", "%00", "..%2f..", "ÿ" * 50):
            answer = place.browsers["erin"].get(re.sub(r"{\w+}", odd, each.path))

            assert answer.status_code in (303, 403, 404, 422), f"{each.path} with {odd}: {answer.status_code}"
            assert "Traceback" not in answer.text


def test_an_open_vote_shows_nothing_of_its_count(place: Place) -> None:
    """Alice voted: no door that anyone else can open says that anybody did, or how."""
    decision = place.world.decisions[DecisionState.OPEN]
    mission, committee = place.world.missions[DecisionState.OPEN], place.world.records["committee"]
    about = f"kind=decision&subject={decision.id}"
    doors = [f"/decisions/{decision.id}", f"/decisions/{decision.id}/pack.zip", f"/missions/{mission.id}"]
    doors += [f"/committees/{committee.id}", f"/events?{about}", "/events/chain.json"]

    for name in READERS:
        if name == "alice":
            continue
        for door in doors:
            answer = place.browsers[name].get(door)
            found = re.search(
                r"(?i)(\d+ (of \d+ )?(seats?|members?|ballots?) (have |has )?(voted|cast)|turnout)",
                answer.text,
            )

            assert found is None, f"{name} on {door}: {found}"
