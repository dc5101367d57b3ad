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
from app.models.call import Call
from app.models.cluster import Cluster
from app.models.committee import Committee
from app.models.decision import Decision
from app.models.grouping import Grouping
from app.models.mission import Mission
from app.models.submission import Submission
from app.models.tables import metadata
from app.permissions import Permission, SignInNeeded, demand
from app.rules.words import DecisionState
from app.settings import Settings
from tests.client import Browser
from tests.conftest import empty
from tests.page import Page
from tests.routes import Guarded, walk
from tests.world import SECRETS, World, ids, make_world

READERS = ("visitor", "bob", "carol", "otto", "erin", "chair", "alice", "rita")
REFUSED = ("visitor", "dave", "otto", "carol", "alice")
RECORDS: dict[str, type[Any]] = {
    "call_id": Call, "submission_id": Submission, "cluster_id": Cluster, "grouping_id": Grouping,
    "mission_id": Mission, "committee_id": Committee, "decision_id": Decision,
}  # fmt: skip
# Written by hand: what each route asks for. A route with the wrong permission differs from its line here.
ASKS: dict[str, str] = {
    "GET /me": "read_own",
    "GET /me/notifications": "read_own",
    "POST /me/notifications/reading": "read_own",
    "GET /me/profile": "read_own",
    "POST /me/profile": "read_own",
    "POST /me/password": "read_own",
    "POST /me/sessions/end": "read_own",
    "POST /me/confirmation": "read_own",
    "GET /me/submissions": "read_own",
    "GET /staff/people": "manage_people",
    "POST /staff/people": "manage_people",
    "GET /staff/people/{person_id}": "manage_people",
    "POST /staff/people/{person_id}/seats": "manage_people",
    "POST /staff/seats/{seat_id}/end": "manage_people",
    "POST /staff/people/{person_id}/suspension": "manage_people",
    "POST /staff/people/{person_id}/restoration": "manage_people",
    "GET /staff/organisations": "manage_organisations",
    "POST /staff/organisations": "manage_organisations",
    "GET /calls/new": "create_call",
    "POST /calls": "create_call",
    "GET /calls/{call_id}": "read_call",
    "GET /calls/{call_id}/edit": "edit_call",
    "POST /calls/{call_id}/edit": "edit_call",
    "POST /calls/{call_id}/publication": "publish_call",
    "GET /calls/{call_id}/extension": "extend_call",
    "POST /calls/{call_id}/extension": "extend_call",
    "GET /calls/{call_id}/cancellation": "cancel_call",
    "POST /calls/{call_id}/cancellation": "cancel_call",
    "POST /calls/{call_id}/checking": "move_call",
    "POST /calls/{call_id}/archive": "move_call",
    "GET /calls/{call_id}/answers": "read_call",
    "POST /calls/{call_id}/answers": "answer_call",
    "POST /calls/{call_id}/answers/conclusion": "answer_call",
    "GET /calls/{call_id}/import": "import_submissions",
    "POST /calls/{call_id}/import": "import_submissions",
    "GET /calls/{call_id}/import/{run_id}": "import_submissions",
    "POST /calls/{call_id}/import/{run_id}": "import_submissions",
    "GET /calls/{call_id}/submissions": "read_call",
    "GET /calls/{call_id}/submissions/new": "draft_submission",
    "POST /calls/{call_id}/submissions": "draft_submission",
    "POST /calls/{call_id}/similar": "read_call",
    "GET /calls/{call_id}/groups": "read_call",
    "GET /calls/{call_id}/ungrouped": "read_call",
    "GET /calls/{call_id}/map": "read_call",
    "GET /calls/{call_id}/map.json": "read_call",
    "GET /calls/{call_id}/map/{submission_id}.json": "read_call",
    "GET /calls/{call_id}/export": "read_call",
    "GET /calls/{call_id}/moderation": "moderate",
    "GET /calls/{call_id}/workbench": "read_workbench",
    "POST /calls/{call_id}/groupings": "start_grouping",
    "POST /calls/{call_id}/placements": "correct_cluster",
    "POST /calls/{call_id}/corrections/{correction_id}/undoing": "correct_cluster",
    "GET /submissions/{submission_id}": "see_submission",
    "GET /submissions/{submission_id}/versions": "read_submission",
    "GET /submissions/{submission_id}/edit": "edit_submission",
    "POST /submissions/{submission_id}/edit": "edit_submission",
    "GET /submissions/{submission_id}/withdrawal": "withdraw",
    "POST /submissions/{submission_id}/withdrawal": "withdraw",
    "POST /submissions/{submission_id}/endorsement": "endorse",
    "POST /submissions/{submission_id}/comments": "comment",
    "POST /submissions/{submission_id}/comments/{statement_id}/withdrawal": "read_submission",
    "POST /submissions/{submission_id}/comments/{statement_id}/report": "report",
    "POST /submissions/{submission_id}/comments/{statement_id}/hiding": "moderate_submission",
    "POST /submissions/{submission_id}/report": "report",
    "POST /submissions/{submission_id}/appeal": "appeal",
    "POST /submissions/{submission_id}/checking": "check_group",
    "POST /submissions/{submission_id}/publication": "moderate_submission",
    "POST /submissions/{submission_id}/hiding": "moderate_submission",
    "POST /submissions/{submission_id}/reports/resolution": "moderate_submission",
    "POST /submissions/{submission_id}/appeal/decision": "moderate_submission",
    "POST /drafts/{call_id}": "draft_submission",
    "POST /drafts/{call_id}/removal": "read_call",
    "GET /groupings/{grouping_id}": "read_grouping",
    "GET /groupings/{grouping_id}/progress": "read_grouping",
    "POST /groupings/{grouping_id}/acceptance": "accept_grouping",
    "POST /groupings/{grouping_id}/discarding": "accept_grouping",
    "GET /clusters/{cluster_id}": "read_cluster",
    "POST /clusters/{cluster_id}/name": "correct_cluster",
    "POST /clusters/{cluster_id}/merge": "correct_cluster",
    "POST /clusters/{cluster_id}/lock": "correct_cluster",
    "POST /clusters/{cluster_id}/confirmation": "correct_cluster",
    "POST /clusters/{cluster_id}/setting-apart": "correct_cluster",
    "POST /clusters/{cluster_id}/mission": "draft_mission",
    "GET /missions/{mission_id}": "read_mission",
    "GET /missions/{mission_id}/edit": "edit_mission",
    "POST /missions/{mission_id}/edit": "edit_mission",
    "POST /missions/{mission_id}/targets": "edit_mission",
    "POST /missions/{mission_id}/indicator": "edit_mission",
    "POST /missions/{mission_id}/framing": "edit_mission",
    "GET /missions/{mission_id}/clauses/new": "edit_mission",
    "POST /missions/{mission_id}/clauses": "edit_mission",
    "GET /missions/{mission_id}/clauses/{clause_id}": "edit_mission",
    "POST /missions/{mission_id}/clauses/{clause_id}": "edit_mission",
    "POST /missions/{mission_id}/clauses/{clause_id}/removal": "edit_mission",
    "GET /missions/{mission_id}/routes/new": "edit_mission",
    "POST /missions/{mission_id}/routes": "edit_mission",
    "GET /missions/{mission_id}/routes/{route_id}": "edit_mission",
    "POST /missions/{mission_id}/routes/{route_id}": "edit_mission",
    "POST /missions/{mission_id}/routes/{route_id}/removal": "edit_mission",
    "GET /committees/new": "create_committee",
    "POST /committees": "create_committee",
    "GET /committees/{committee_id}": "read_committee",
    "GET /committees/{committee_id}/edit": "edit_committee",
    "POST /committees/{committee_id}/edit": "edit_committee",
    "GET /committees/{committee_id}/seats": "edit_committee",
    "POST /committees/{committee_id}/seats": "edit_committee",
    "POST /committees/{committee_id}/seats/{seat_id}/end": "edit_committee",
    "GET /committees/{committee_id}/agenda/new": "put_question",
    "POST /committees/{committee_id}/agenda": "put_question",
    "GET /decisions/{decision_id}": "read_decision",
    "POST /decisions/{decision_id}/notice": "give_notice",
    "POST /decisions/{decision_id}/removal": "give_notice",
    "POST /decisions/{decision_id}/closing": "close_decision",
    "GET /decisions/{decision_id}/recount.json": "read_decision",
    "GET /decisions/{decision_id}/certification": "certify",
    "POST /decisions/{decision_id}/certification": "certify",
    "POST /decisions/{decision_id}/dissent": "file_dissent",
    "GET /decisions/{decision_id}/ballot": "read_decision",
    "POST /decisions/{decision_id}/ballot": "cast_ballot",
    "GET /decisions/{decision_id}/interest": "declare_interest",
    "POST /decisions/{decision_id}/interest": "declare_interest",
}
PUBLIC = {
    "GET /", "GET /about", "GET /privacy", "GET /accessibility", "GET /moderation-rules", "GET /moderation-log",
    "GET /healthz", "GET /readyz", "POST /preferences", "GET /sign-in", "POST /sign-in", "POST /sign-out",
    "GET /sign-up", "POST /sign-up", "GET /reset", "POST /reset", "GET /link/{token}", "POST /link/{token}",
    "GET /calls", "GET /missions", "GET /committees", "GET /events", "GET /events/verification",
    "GET /events/chain.json",
}  # fmt: skip


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
def place(database_url: str, engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    settings = Settings(
        environment="test", database_url=database_url, var_dir=tmp_path_factory.mktemp("var"), run_jobs=False,
        warm_model=False, secret_key="a-secret-for-tests-of-at-least-32-characters",
    )  # fmt: skip
    app = create_app(settings, engine)
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
    usual: dict[str, object] = {**ids(world), "token": "no-such-token", "run_id": world.people["bob"].id,
                                "correction_id": world.people["bob"].id}  # fmt: skip
    records = world.records
    others = [{"call_id": call.id} for call in world.calls.values()]
    others += [{"submission_id": each.id} for each in world.submissions.values()]
    others += [{"submission_id": records["draft_voice"].id, "call_id": world.calls["draft"].id}]
    others += [{"decision_id": each.id} for each in world.decisions.values()]
    others += [{"grouping_id": records[name].id} for name in ("proposal", "draft_grouping")]
    others += [
        {"cluster_id": records[name].id} for name in ("draft_cluster", "cluster_checking", "project_open")
    ]
    others += [{"mission_id": records["draft_mission"].id}]
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
    record = next((key for key in chosen if key in RECORDS), None)
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
    fits = {"yes": (200, 303, 404, 409), "not found": (404,), "sign in": (303,)}.get(wish)
    fits = fits or (int(wish.split()[1]),)
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
                expected = {"not found": 404, "sign in": 403}.get(wish) or int(wish.split()[1])
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
    doors = [f"/decisions/{decision.id}", f"/decisions/{decision.id}/recount.json", f"/missions/{mission.id}"]
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
