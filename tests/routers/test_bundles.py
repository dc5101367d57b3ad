"""Taking a grouping along from its page: everyone who may read it may make it again."""

import io

import pytest
from sqlmodel import Session, select

from app.models.call import Call
from app.models.grouping import Grouping, accepted_grouping
from app.nlp.regroup import regroup
from app.services import groupings
from tests.client import Browser
from tests.people import make_facilitator
from tests.services.voices import EMBEDDER, silent
from tests.workbench import make_grouped


@pytest.fixture
def call(db: Session) -> Call:
    return make_grouped(db)


def test_everyone_takes_the_accepted_grouping_along(visitor: Browser, db: Session, call: Call) -> None:
    grouping = accepted_grouping(db, call.id)
    assert grouping is not None
    page = visitor.open(f"/groupings/{grouping.id}")
    assert f"/groupings/{grouping.id}/bundle" in page.links

    answer = visitor.get(f"/groupings/{grouping.id}/bundle")

    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["cache-control"] == "no-store"
    assert f"grouping-{grouping.id}.zip" in answer.headers["content-disposition"]
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert regroup(io.BytesIO(answer.content)).is_same


def test_a_proposal_is_for_facilitators(visitor: Browser, db: Session, call: Call) -> None:
    groupings.group_now(db, call.id, EMBEDDER, silent)
    db.commit()
    proposed = db.exec(select(Grouping).where(Grouping.state == "proposed")).one()
    at = f"/groupings/{proposed.id}/bundle"

    assert visitor.get(at).status_code == 404
    from app.models.organisation import Organisation

    visitor.sign_in(db, make_facilitator(db, db.exec(select(Organisation)).one()))
    assert visitor.get(at).status_code == 200


def test_where_nothing_was_kept_there_is_nothing_to_take(visitor: Browser, db: Session, call: Call) -> None:
    from app.models.frozen_grouping import FrozenGrouping

    grouping = accepted_grouping(db, call.id)
    assert grouping is not None
    db.delete(db.get_one(FrozenGrouping, grouping.id))
    db.commit()

    assert f"/groupings/{grouping.id}/bundle" not in visitor.open(f"/groupings/{grouping.id}").links
    assert visitor.get(f"/groupings/{grouping.id}/bundle").status_code == 404
