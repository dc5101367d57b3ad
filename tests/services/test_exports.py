"""Taking public data along: complete, in batches, without a name and without a word that was taken back."""

import csv
import io
import json
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlmodel import Session

from app.errors import NotFound
from app.models.call import Call
from app.models.cluster import clusters_of
from app.models.columns import now
from app.models.decision import Decision
from app.models.grouping import accepted_grouping
from app.models.organisation import Organisation
from app.rules.disclosure import PUBLIC_STATES
from app.rules.moderation import HidingRule
from app.rules.words import DecisionState, SubmissionState
from app.services import (
    clusters,
    exports,
    exports_rows,
    groupings,
    moderation,
    submissions,
    terms,
    topics,
)
from tests.factories import make_call, make_submission
from tests.people import make_committee, make_person
from tests.services.drafted import Scene, make_mission, make_scene
from tests.services.voices import EMBEDDER, make_themes, silent
from tests.services.voices import voice as said


def unpacked(session: Session, scene: Scene, out: Path) -> dict[str, str]:
    exports.call(session, scene.call.id, out / "all.zip")
    with ZipFile(out / "all.zip") as archive:
        return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_an_export_has_voices_groups_missions_and_how_to_read_them(session: Session, tmp_path: Path) -> None:
    mission, scene = make_mission(session)
    scene.call.source_note = "Statements by the people of Calama, CC BY 4.0."

    files = unpacked(session, scene, tmp_path)

    assert set(files) == {
        "README.txt", "call.json", "submissions.csv", "clusters.csv", "summaries.csv", "placements.csv",
        "missions.json", "decisions.json",
    }  # fmt: skip
    voices = {row["id"]: row for row in rows_of(files["submissions.csv"])}
    first = voices[str(scene.voices[0].id)]
    assert first["text"] == scene.voices[0].text
    assert first["mission_cluster"] == str(scene.cluster.id)
    assert first["project_cluster"] == str(scene.projects["roofs"].id)
    assert len(rows_of(files["clusters.csv"])) == 3
    assert len(rows_of(files["placements.csv"])) == 5
    told = json.loads(files["missions.json"])[0]
    assert told["mission"] == str(mission.id)
    assert {source["id"] for clause in told["clauses"] for source in clause["sources"]} >= {first["id"]}
    assert "CC BY 4.0" in files["README.txt"]
    assert all(head in files["README.txt"] for head in first)


def test_no_word_that_may_not_be_read_and_no_name_is_in_an_export(session: Session, tmp_path: Path) -> None:
    scene = make_scene(session)
    for number, voice in enumerate(scene.voices):
        voice.text = f"Canary{number} {voice.text}"
    mission, _scene = make_mission(session, scene)
    author = make_person(session, "Namecanary Perez", email="mailcanary@example.org")
    make_submission(session, scene.call, author, text="A public voice of somebody.")
    make_submission(session, scene.call, text="Draftcanary words.", state=SubmissionState.DRAFT)
    make_submission(session, scene.call, text="Waitcanary words.", state=SubmissionState.SUBMITTED)
    other = make_call(session, title="Another call")
    make_submission(session, other, text="Othercanary words.")
    session.flush()
    assert scene.voices[0].author_id is not None
    submissions.withdraw(session, scene.voices[0], scene.voices[0].author_id)
    scene.voices[1].state, scene.voices[1].hidden_rule = SubmissionState.HIDDEN, "abuse"
    session.flush()

    everything = "".join(unpacked(session, scene, tmp_path).values())

    for canary in (
        "Canary0",
        "Canary1",
        "Draftcanary",
        "Waitcanary",
        "Othercanary",
        "Namecanary",
        "mailcanary",
    ):
        assert canary not in everything
    assert "Canary2" in everything
    assert str(mission.id) in everything


def test_goals_and_sectors_that_a_person_chose_are_in_an_export_and_suggestions_are_not(
    session: Session, tmp_path: Path
) -> None:
    terms.ensure_all(session)
    scene = make_scene(session)
    every = {(term.scheme, term.code): term for term in topics.choosable(session)}
    sector = next(code for scheme, code in every if scheme == "sector")
    voice, carol = topics.subject_of(scene.voices[0]), scene.carol.id
    for key in (("sdg", "13"), ("sdg", "7"), ("sector", sector)):
        topics.add(session, voice, every[key].id, carol)
    topics.add(session, topics.subject_of(scene.cluster), every["sdg", "11"].id, carol)
    topics.dismiss(session, topics.subject_of(scene.cluster), every["sdg", "3"].id, carol)

    files = unpacked(session, scene, tmp_path)

    voices = {row["id"]: (row["goals"], row["sectors"]) for row in rows_of(files["submissions.csv"])}
    groups = {row["id"]: (row["goals"], row["sectors"]) for row in rows_of(files["clusters.csv"])}
    assert voices.pop(str(scene.voices[0].id)) == ("7, 13", sector)
    assert groups.pop(str(scene.cluster.id)) == ("11", "")
    assert {*voices.values(), *groups.values()} == {("", "")}


def test_what_groups_say_is_in_an_export_as_on_their_pages(session: Session, tmp_path: Path) -> None:
    call = make_themes(session)[0]
    letter = "solar solar solar panels on the school roof are what the company wants everybody to ask for"
    copies = [said(session, call, f"{letter} number {at}") for at in range(8)]
    groupings.group_now(session, call.id, EMBEDDER, silent)
    grouping = accepted_grouping(session, call.id)
    assert grouping is not None
    group = next(one for one in clusters_of(session, grouping.id) if one.summary["campaigns"])
    seen = clusters.evidence(session, group).summary
    gone = seen.points[0].submission
    canary = seen.points[0].text
    assert gone.author_id is not None
    before = summaries_of(session, call, tmp_path)[str(group.id)]
    assert [row["text"] for row in before if row["part"] == "says"] == [one.text for one in seen.points]
    assert [row["voices"] for row in before if row["part"] == "sent_many_times"] == ["8"]

    submissions.withdraw(session, gone, gone.author_id)
    other = next(one for one in copies if one.id != gone.id)
    moderation.hide(session, other, make_person(session, "Mo"), HidingRule.INSULT, "It insults.", "")
    after = summaries_of(session, call, tmp_path)[str(group.id)]

    assert canary not in [row["text"] for row in after]
    assert str(gone.id) not in str(after)
    left = sum(one.state in PUBLIC_STATES for one in copies)
    assert [row["voices"] for row in after if row["part"] == "sent_many_times"] == [str(left)]


def summaries_of(session: Session, call: Call, out: Path) -> dict[str, list[dict[str, str]]]:
    """The rows of each group, through the file that somebody takes along."""
    exports.call(session, call.id, out / "all.zip")
    found: dict[str, list[dict[str, str]]] = {}
    with ZipFile(out / "all.zip") as archive:
        for row in rows_of(archive.read("summaries.csv").decode("utf-8-sig")):
            found.setdefault(row["cluster"], []).append(row)
    return found


def test_cells_are_never_formulas(session: Session, tmp_path: Path) -> None:
    scene = make_scene(session)
    scene.voices[0].text = '=HYPERLINK("http://evil.example")'
    scene.voices[1].place = "@SUM(1)"
    session.flush()

    voices = {row["id"]: row for row in rows_of(unpacked(session, scene, tmp_path)["submissions.csv"])}

    assert voices[str(scene.voices[0].id)]["text"].startswith("'=")
    assert voices[str(scene.voices[1].id)]["place"] == "'@SUM(1)"


def test_an_author_has_one_code_within_an_export_and_another_in_the_next(
    session: Session, tmp_path: Path
) -> None:
    scene = make_scene(session)
    scene.voices[1].author_id = scene.voices[0].author_id
    session.flush()

    exported = [rows_of(unpacked(session, scene, tmp_path)["submissions.csv"]) for _each in range(2)]

    codes = [{row["id"]: row["author"] for row in rows} for rows in exported]
    first, second = str(scene.voices[0].id), str(scene.voices[1].id)
    assert codes[0][first] == codes[0][second]
    assert len(set(codes[0].values())) == 4
    assert codes[0][first] != codes[1][first]


def test_batches_lose_and_repeat_nothing(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = make_scene(session)
    monkeypatch.setattr(exports_rows, "BATCH", 2)

    files = unpacked(session, scene, tmp_path)

    numbers = [int(row["number"]) for row in rows_of(files["submissions.csv"])]
    assert numbers == sorted(voice.number or 0 for voice in scene.voices)


def test_nothing_about_a_vote_is_told_before_it_is_counted(session: Session, tmp_path: Path) -> None:
    mission, scene = make_mission(session)
    agency = session.get_one(Organisation, scene.call.organisation_id)
    draft = Decision(
        committee_id=make_committee(session, agency).id,
        mission_id=mission.id,
        question="Shall this be adopted?",
    )
    session.add(draft)
    session.flush()

    assert json.loads(unpacked(session, scene, tmp_path)["decisions.json"]) == []
    draft.state, draft.frozen_hash = DecisionState.OPEN, "0" * 64
    draft.opens_at, draft.closes_at = now() - timedelta(days=1), now() + timedelta(days=1)
    session.flush()
    told = json.loads(unpacked(session, scene, tmp_path)["decisions.json"])[0]

    assert told["state"] == "open"
    assert not {"recount", "outcome", "reasons", "result"} & set(told)


def test_an_unknown_call_is_not_found(session: Session, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        exports.call(session, make_person(session).id, tmp_path / "all.zip")
    with pytest.raises(exports.NoFolder):
        exports.call(session, make_call(session).id, tmp_path / "nowhere" / "all.zip")


def test_an_export_says_how_far_it_is(session: Session, tmp_path: Path) -> None:
    call = make_call(session)
    told: list[tuple[str, float]] = []

    exports.call(session, call.id, tmp_path / "all.zip", lambda name, share: told.append((name, share)))

    assert [name for name, _share in told] == ["submissions", "clusters", "summaries", "placements"]
    assert [share for _name, share in told] == sorted(share for _name, share in told)
    assert list(exports.heard(range(2_500), told.append))[-1] == 2_499  # type: ignore[arg-type]
    assert told[4:] == [0, 1_000, 2_000]
