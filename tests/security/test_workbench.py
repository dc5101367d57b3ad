"""The doors of the workbench and of proposals: hostile fields, ids of other questions, forms without a token."""

from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select

from app.models.cluster import Cluster, clusters_of
from app.models.correction import Correction, standing_corrections
from app.models.grouping import Grouping, accepted_grouping
from app.models.person import Person
from app.models.placement import Placement
from app.rules.words import CallState, GroupingState
from app.services import corrections_voices, groupings, terms
from tests.client import Browser
from tests.factories import make_call
from tests.people import make_facilitator, make_organisation
from tests.routers.test_hostile_texts import HOSTILE
from tests.services.proposals import World


class Town:
    """A question with a proposal, a correction and a facilitator."""

    def __init__(self, db: Session, name: str) -> None:
        agency = make_organisation(db, f"{name} agency")
        self.carol: Person = make_facilitator(db, agency, f"Carol of {name}")
        self.world = World(db, make_call(db, agency, state=CallState.SENSEMAKING), self.carol)
        themes, call = self.world.themes, self.world.call
        self.voices = [str(key) for key in (*themes["water"][:2], *themes["buses"][:2])]
        seen = self.places(db, themes["water"][0])
        target = self.group(db, "buses")
        self.correction: Correction = corrections_voices.move(db, call, seen, target, self.carol.id)
        self.proposal: Grouping = self.world.propose()
        self.world.give_ladder(self.proposal)
        db.commit()
        self.cluster = self.group(db, "water")

    def group(self, db: Session, label: str) -> Cluster:
        found = accepted_grouping(db, self.world.call.id)
        assert found is not None
        return next(one for one in clusters_of(db, found.id) if one.key == self.world.written.keys[label])

    def places(self, db: Session, *voices: UUID) -> dict[UUID, UUID | None]:
        found = accepted_grouping(db, self.world.call.id)
        assert found is not None
        return {key: db.get_one(Placement, (found.id, key)).cluster_id for key in voices}

    def doors(self) -> dict[str, dict[str, object]]:
        """Every POST of this part, with fields that are right or nearly so."""
        call, cluster = f"/calls/{self.world.call.id}", f"/clusters/{self.cluster.id}"
        proposal = f"/groupings/{self.proposal.id}"
        voices = [f"{key}:{self.cluster.id}" for key in self.voices]
        return {
            f"{call}/placements": {"act": "keep_together", "voice": voices, "why": "x", "label": "y",
                                   "reason": "z", "target": str(self.cluster.id), "origin": str(self.cluster.id),
                                   "show": "", "after": "", "instead": str(self.correction.id)},
            f"{call}/corrections/{self.correction.id}/alike": {"act": "same", "voice": voices, "offered": voices},
            f"{call}/corrections/{self.correction.id}/undoing": {"voice": voices, "after": ""},
            f"{cluster}/name": {"label": "x", "seen": ""},
            f"{cluster}/merge": {"other": str(self.cluster.id), "seen": ""},
            f"{cluster}/split": {"act": "split", "voice": voices[:1], f"side-{self.voices[1]}": "stay", "label": "x",
                                 "shown": "", "seen": ""},
            f"{cluster}/lock": {"seen": ""},
            f"{cluster}/setting-apart": {"reason": "x", "seen": ""},
            f"{cluster}/topics": {"act": "add", "term": str(uuid4())},
            f"/submissions/{self.voices[0]}/topics": {"act": "add", "term": str(uuid4())},
            f"{proposal}/levels": {"mission": "1", "project": "2"},
            f"{proposal}/partial-acceptance": {"group": [str(key) for key in self.world.keys("water")]},
        }  # fmt: skip


@pytest.fixture
def town(db: Session) -> Town:
    terms.ensure_all(db)
    return Town(db, "North")


def test_nothing_hostile_in_any_field_is_an_error(app: FastAPI, db: Session, town: Town) -> None:
    broken = []
    values = {**HOSTILE, "nothing": "", "negative": "-1", "huge": "9" * 400, "infinite": "1e400", "ids": str(uuid4()),
              "colons": ":" * 200, "half": f"{uuid4()}:", "act": "keep_apart"}  # fmt: skip
    with Browser(app) as browser:
        browser.sign_in(db, town.carol)
        token = browser.token()
        for path, fields in town.doors().items():
            for field in fields:
                for name, value in values.items():
                    if name == "lone surrogate":
                        value = "\ufffd"
                    sent = {"csrf_token": token, **fields, field: value}
                    answer = browser.post(path, data=sent, follow_redirects=False)
                    if answer.status_code >= 500 or "<script>alert(1)" in answer.text:
                        broken.append((path.rpartition("/")[2], field, name, answer.status_code))

    assert broken == []


QUERIES = (
    "after=x", "after=%00", "unsure=1&after=%F0%9F%98%80", "cluster=%00", "alike=x", "alike=%00", "show=%00",
     "mission=%00&project=-1", "mission=9999999&project=1e9", "page=%00", "page=-1", "page=999", "order=%00",
)  # fmt: skip


def test_nothing_hostile_in_an_address_is_an_error(app: FastAPI, db: Session, town: Town) -> None:
    call, proposal = f"/calls/{town.world.call.id}", f"/groupings/{town.proposal.id}"
    pages = [
        f"{call}/{name}" for name in ("workbench", "map", "map.json", "ungrouped", "groups", "groupings")
    ]
    pages += [proposal, f"{proposal}/levels", f"{proposal}/moves", f"/clusters/{town.cluster.id}"]
    with Browser(app) as browser:
        browser.sign_in(db, town.carol)
        asked = [f"{page}?{query}" for page in pages for query in QUERIES]
        answers = {page: browser.get(page).status_code for page in asked}

    assert {page: status for page, status in answers.items() if status >= 500} == {}


def test_no_door_opens_without_a_token_or_for_somebody_else(app: FastAPI, db: Session, town: Town) -> None:
    other = Town(db, "South")
    before = snapshot(db, town)
    opened = []
    with Browser(app) as browser:
        browser.sign_in(db, town.carol)
        for path, fields in town.doors().items():
            forged = browser.post(path, data=fields, follow_redirects=False).status_code
            opened += [("forged", path, forged)] if forged != 403 else []
        browser.sign_in(db, other.carol)
        token = browser.token()
        for path, fields in town.doors().items():
            foreign = browser.post(path, data={"csrf_token": token, **fields}, follow_redirects=False)
            opened += (
                [("foreign", path, foreign.status_code)] if foreign.status_code not in (403, 404) else []
            )

    assert opened == []
    assert snapshot(db, town) == before


def test_things_of_another_question_are_not_found_through_ones_own(
    app: FastAPI, db: Session, town: Town
) -> None:
    """The facilitator of one question sends ids of another through her own doors."""
    other = Town(db, "South")
    before = snapshot(db, other)
    mine = f"/calls/{town.world.call.id}"
    theirs = [f"{key}:{other.cluster.id}" for key in other.voices]
    tried: list[tuple[str, dict[str, object]]] = [
        (f"{mine}/corrections/{other.correction.id}/undoing", {}),
        (f"{mine}/corrections/{other.correction.id}/alike", {"act": "leave", "offered": theirs}),
        (f"{mine}/corrections/{town.correction.id}/alike", {"act": "same", "voice": theirs}),
        (f"{mine}/placements", {"act": "move", "voice": theirs, "target": str(town.cluster.id)}),
        (f"{mine}/placements", {"act": "set_apart", "voice": theirs, "reason": "They are not ours."}),
        (f"{mine}/placements", {"act": "keep_apart", "voice": theirs}),
        (f"{mine}/placements", {"act": "keep_together", "voice": theirs}),
        (f"{mine}/placements", {"act": "keep_together", "voice": theirs, "instead": str(other.correction.id)}),
        (f"{mine}/placements", {"act": "gather", "voice": [f"{key}:" for key in other.voices]}),
        (f"/clusters/{town.cluster.id}/merge", {"other": str(other.cluster.id)}),
        (f"/clusters/{town.cluster.id}/split", {"act": "preview", "voice": theirs, f"side-{theirs[1][:36]}": "stay"}),
        (f"/groupings/{town.proposal.id}/partial-acceptance", {"group": [str(k) for k in other.world.keys("water")]}),
    ]  # fmt: skip
    with Browser(app) as browser:
        browser.sign_in(db, town.carol)
        answers = [browser.fill_in(path, fields, follow_redirects=False) for path, fields in tried]
        pages = [
            f"{mine}/workbench?alike={other.correction.id}",
            f"{mine}/workbench?cluster={other.cluster.id}",
        ]
        read = [browser.get(page).status_code for page in pages]

    assert [one.status_code for one in answers if one.status_code not in (404, 409, 422)] == []
    assert read == [404, 404]
    assert snapshot(db, other) == before
    words = other.world.session.get_one(Cluster, other.cluster.id).label
    assert all(other.voices[0] not in one.text for one in answers), words


def snapshot(db: Session, town: Town) -> tuple[object, ...]:
    db.expire_all()
    call = town.world.call.id
    found = accepted_grouping(db, call)
    assert found is not None
    query = select(Placement.submission_id, Placement.cluster_id, Placement.by)
    places = sorted(map(str, db.exec(query.where(Placement.grouping_id == found.id))))
    states = sorted(db.exec(select(Grouping.state).where(Grouping.call_id == call)))
    standing = [(str(one.id), tuple(one.dismissed)) for one in standing_corrections(db, call)]
    return found.id, places, states, standing


def test_a_proposal_is_unknown_to_who_may_not_decide_on_it(app: FastAPI, db: Session, town: Town) -> None:
    assert town.proposal.state is GroupingState.PROPOSED
    proposed = clusters_of(db, town.proposal.id)[0]
    paths = [
        f"/groupings/{town.proposal.id}{end}" for end in ("", "/moves", "/levels", "/bundle", "/progress")
    ]
    with Browser(app) as browser:
        answers = [browser.get(path).status_code for path in (*paths, f"/clusters/{proposed.id}")]
        listed = browser.get(f"/calls/{town.world.call.id}/groupings").text

    assert answers == [404] * 6
    assert str(town.proposal.id) not in listed
    groupings.discard(db, town.proposal, town.carol.id)
