"""The corrections at the workbench: the latest first, and every one of them for who asks."""

import pytest
from sqlmodel import Session

from app.models.cluster import clusters_of
from app.rules.words import ClusterLevel
from app.services import corrections, groupings_bench
from tests.client import Browser
from tests.factories import make_call
from tests.people import make_facilitator, make_organisation
from tests.routers.test_workbench import grouped
from tests.services.voices import make_themes


def test_no_correction_is_out_of_reach_however_many_there_are(
    visitor: Browser, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groupings_bench, "HISTORY", 2)
    agency = make_organisation(db)
    call, carol = make_themes(db, make_call(db, agency))[0], make_facilitator(db, agency)
    group = clusters_of(db, grouped(db, call).id, ClusterLevel.MISSION)[0]
    first, *_others = [corrections.rename(db, group, f"Name {each}", carol.id) for each in range(3)]
    db.commit()
    undoing = f"/calls/{call.id}/corrections/{first.id}/undoing"

    short = visitor.sign_in(db, carol).open(f"/calls/{call.id}/workbench")
    whole = visitor.open(short.link("Show all 3 corrections"))

    assert "3 corrections" in short.text
    assert undoing not in short.html
    assert undoing in whole.html
    assert "Show all" not in whole.text
