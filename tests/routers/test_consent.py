"""Words that somebody takes back are gone from every door at its next reading."""

import io
from zipfile import ZipFile

from sqlmodel import Session, select

from app.models.link import Link
from app.models.mission import clauses_of
from app.services import counts, missions, search
from tests.client import Browser
from tests.services.drafted import make_mission

SAID = "Nandu feathers on every lamp keep the birds away."


def test_withdrawn_words_are_gone_from_page_search_group_and_export(visitor: Browser, db: Session) -> None:
    """DOMAIN 22: one withdraws, and no page, search, group, mission or file has the words any more; counts stay."""
    mission, scene = make_mission(db)
    voice, author = scene.voices[0], scene.voices[0].author_id
    voice.text, voice.title = SAID, ""
    voice.search = search.document("", SAID, "en")
    scene.cluster.label, scene.projects["roofs"].label = SAID, SAID
    clause = clauses_of(db, mission.id)[0]
    clause.text = SAID
    query = select(Link).where(Link.from_id == clause.id, Link.to_id == voice.id)
    db.exec(query).one().note = missions.QUOTED
    db.commit()
    doors = [
        f"/submissions/{voice.id}", f"/calls/{scene.call.id}/submissions?q=nandu", f"/clusters/{scene.cluster.id}",
        f"/calls/{scene.call.id}/groups", f"/calls/{scene.call.id}/submissions",
    ]  # fmt: skip
    assert [each for each in doors if SAID not in visitor.open(each).main.text] == []
    assert SAID in exported(visitor, f"/calls/{scene.call.id}/export")

    visitor.sign_in(db, db.get_one(type(scene.carol), author))
    assert visitor.fill_in(f"/submissions/{voice.id}/withdrawal").status_code == 200
    visitor.cookies.clear()
    counts.forget(scene.call.id)

    for each in (*doors, f"/missions/{mission.id}", f"/submissions/{voice.id}/versions"):
        assert "Nandu" not in visitor.get(each).text
    assert "Nandu" not in exported(visitor, f"/calls/{scene.call.id}/export")


def exported(visitor: Browser, path: str) -> str:
    """Every file of the export, one after the other."""
    with ZipFile(io.BytesIO(visitor.get(path).content)) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())
