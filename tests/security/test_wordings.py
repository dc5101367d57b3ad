"""What a machine drafted, with words and signs that somebody took back, hid or sent to do harm."""

import json
import time
from pathlib import Path
from threading import Barrier
from zipfile import ZipFile

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.models.correction import Correction
from app.models.mission import Clause
from app.models.person import Person
from app.models.submission import Submission
from app.models.wording import Drafting, DraftingState, Wording
from app.nlp import passages
from app.routers.pages import say
from app.rules.moderation import HidingRule
from app.rules.words import ClusterState, PlacedBy
from app.services import (
    corrections,
    corrections_told,
    corrections_undo,
    drafting,
    exports,
    missions,
    missions_clauses,
    missions_draft,
    missions_show,
    moderation,
    submissions,
    wordings,
)
from app.services.drafting_client import HelperBabbled, wait_of, written
from app.services.drafts import Said
from app.services.missions_clauses import ClauseText
from tests.services.drafted import Scene, make_agreeing, make_mission
from tests.services.test_drafting import EMBEDDER, GOOD
from tests.services.test_one_of_each import at_once

ENDLESS = ("a" * 5_000, "." * 5_000, "a." * 2_500, "ab@" * 1_600, "1" * 5_000)


@pytest.fixture
def scene(session: Session) -> Scene:
    return make_agreeing(session)


def answer(session: Session, scene: Scene, *sentences: object) -> list[Wording]:
    asked = drafting.ask(session, scene.cluster, scene.carol.id)
    drafting.keep(session, asked.id, json.dumps({"summary": sentences}), EMBEDDER, "tiny")
    assert session.get_one(Drafting, asked.id).state is DraftingState.DONE
    return list(session.exec(select(Wording)))


def test_a_sentence_goes_when_a_voice_it_rests_on_is_changed(session: Session, scene: Scene) -> None:
    (drafted,) = answer(session, scene, GOOD)
    wordings.accept(session, scene.cluster, drafted.id, scene.carol.id)
    voice = scene.voices[0]

    said = Said("Something else altogether, without what I told of myself before.")
    submissions.edit(session, voice, said, voice.version, session.get_one(Person, voice.author_id))

    assert wordings.accepted(session, scene.cluster) == []
    assert session.exec(select(Wording)).all() == []


def test_signs_that_steer_or_hide_are_not_kept_from_a_machine(session: Session, scene: Scene) -> None:
    steered = "School roofs\u202e should\u200b carry\u2066 pan\u00adels."
    (drafted,) = answer(session, scene, {**GOOD, "text": steered})

    assert drafted.text == "School roofs should carry panels."


@pytest.mark.parametrize("sign", ["\x00", "\ud800"])
def test_a_sign_that_cannot_be_kept_spoils_one_sentence_only(
    session: Session, scene: Scene, sign: str
) -> None:
    kept = answer(session, scene, {**GOOD, "text": f"School roofs {sign}should carry panels."}, GOOD)

    assert [one.text for one in kept] == [GOOD["text"]]
    assert session.exec(select(Drafting)).one().dropped == {"foreign_signs": 1}


def test_words_withdrawn_while_an_answer_is_read_are_in_no_sentence(clean: Engine) -> None:
    with Session(clean, expire_on_commit=False) as before:
        scene = make_agreeing(before)
        asked = drafting.ask(before, scene.cluster, scene.carol.id)
        before.commit()
    document, turns = json.dumps({"summary": [GOOD]}), ["keep", "withdraw"]

    def act(session: Session, barrier: Barrier) -> None:
        turn = turns.pop()
        if turn == "withdraw":
            barrier.wait()
            voice = session.get_one(Submission, scene.voices[0].id)
            submissions.withdraw(session, voice, voice.author_id or scene.carol.id)
            return
        drafting.keep(session, asked.id, document, EMBEDDER, "tiny")
        barrier.wait()
        time.sleep(0.3)

    assert at_once(clean, act) == []

    with Session(clean) as after:
        assert after.exec(select(Wording)).all() == []


@pytest.mark.parametrize("endless", ENDLESS)
def test_one_endless_word_is_read_once(endless: str) -> None:
    begins = time.process_time()
    for _again in range(10):
        drafting.unnamed(endless, "Ann Lee")
        passages.is_personal(endless)

    assert time.process_time() - begins < 0.3


@pytest.mark.parametrize(
    ("said", "sent"),
    [
        ("write to ana@example.org, please", "write to … please"),
        ("(ana.q+1@example.org)", "…"),
        ("call +56 9 1234 5678,ana@example.org", "call … …"),
        ("ana@example.org,bob@example.org now", "… now"),
        ("see https://example.org/a?b=c now", "see … now"),
        ("at 3 @ noon", "at 3 @ noon"),
    ],
)
def test_addresses_stay_behind(said: str, sent: str) -> None:
    told = drafting.unnamed(said, "")

    assert told == sent


def test_a_helper_cannot_trip_who_reads_its_answer() -> None:
    with pytest.raises(HelperBabbled):
        written(b"[" * 200_000)
    assert wait_of("²") == wait_of("-1") == wait_of("1e9") == 0.0


def accepted_title(session: Session, scene: Scene) -> str:
    asked = drafting.ask(session, scene.cluster, scene.carol.id)
    drafting.keep(session, asked.id, json.dumps({"title": [GOOD]}), EMBEDDER, "tiny")
    row = session.exec(select(Wording)).one()
    scene.cluster.keywords = ["roofs", "panels"]
    wordings.accept(session, scene.cluster, row.id, scene.carol.id)
    session.refresh(scene.cluster)
    assert scene.cluster.label == GOOD["text"]
    return row.text


def take_back(session: Session, scene: Scene, how: str) -> None:
    voice = scene.voices[0]
    author = session.get_one(Person, voice.author_id)
    if how == "withdrawn":
        submissions.withdraw(session, voice, author.id)
    elif how == "hidden":
        moderation.hide(session, voice, scene.carol, HidingRule.INSULT, "It insults.", "")
    else:
        submissions.edit(
            session, voice, Said("Something else altogether, of another thing."), voice.version, author
        )
    session.flush()
    session.expire_all()


@pytest.mark.parametrize("how", ["withdrawn", "hidden", "edited"])
def test_no_group_is_called_what_was_drafted_from_words_taken_back(
    session: Session, scene: Scene, how: str
) -> None:
    words = accepted_title(session, scene)
    later = corrections.rename(session, scene.cluster, "Sun", scene.carol.id)
    corrections_undo.undo(session, later, scene.carol.id)
    assert scene.cluster.label == words

    take_back(session, scene, how)

    assert (scene.cluster.label, scene.cluster.label_by) == ("roofs, panels", PlacedBy.MACHINE)
    kept = session.exec(select(Correction)).all()
    assert words not in str([one.payload for one in kept])
    first = next(one for one in kept if one.undone_at is None)
    assert say(corrections_told.what(first, {})) == "Renamed to “words that were taken back”"


def test_undoing_a_later_name_does_not_bring_a_drafted_one_back(session: Session, scene: Scene) -> None:
    words = accepted_title(session, scene)
    later = corrections.rename(session, scene.cluster, "Sun", scene.carol.id)

    take_back(session, scene, "withdrawn")
    assert scene.cluster.label == "Sun"
    corrections_undo.undo(session, later, scene.carol.id)

    assert scene.cluster.label == "roofs, panels"
    assert words not in scene.cluster.label


@pytest.mark.parametrize("how", ["withdrawn", "hidden"])
def test_a_drafted_clause_loses_its_words_with_a_voice_it_rests_on(
    session: Session, scene: Scene, tmp_path: Path, how: str
) -> None:
    mission = make_mission(session, scene)[0]
    asked = drafting.ask(session, mission, scene.carol.id)
    document = json.dumps({"clause": [{**GOOD, "section": "goal"}]})
    drafting.keep(session, asked.id, document, EMBEDDER, "tiny")
    wordings.accept(session, mission, session.exec(select(Wording)).one().id, scene.carol.id)
    words = str(GOOD["text"])
    assert words in str(missions.snapshot(session, mission))
    clause = session.exec(select(Clause).where(Clause.text == words)).one()
    moved = ClauseText(clause.section, words, clause.origin, 1, [voice.id for voice in scene.voices[:2]])
    missions_clauses.write(session, mission, clause, moved, mission.version, scene.carol.id)

    take_back(session, scene, how)

    shown = missions_show.shown(session, mission)
    told = [each.text for section in shown.sections for each in section.clauses]
    exports.call(session, scene.call.id, tmp_path / "all.zip")
    with ZipFile(tmp_path / "all.zip") as archive:
        exported = "".join(archive.read(name).decode() for name in archive.namelist())
    assert words not in str(missions.snapshot(session, mission))
    assert words not in told
    assert "" in told
    assert words not in exported


def test_a_mission_is_not_called_what_a_machine_drafted(session: Session, scene: Scene) -> None:
    words = accepted_title(session, scene)
    scene.cluster.state = ClusterState.CONFIRMED

    mission = missions_draft.draft(session, scene.cluster, scene.carol.id)

    assert words not in mission.title
    assert mission.title == "Roofs, panels"
