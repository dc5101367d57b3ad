"""What a machine drafted, with words and signs that somebody took back, hid or sent to do harm."""

import json
import time
from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.models.person import Person
from app.models.submission import Submission
from app.models.wording import Drafting, DraftingState, Wording
from app.nlp import passages
from app.services import drafting, submissions, wordings
from app.services.drafting_client import HelperBabbled, wait_of, written
from app.services.drafts import Said
from tests.services.drafted import Scene, make_scene
from tests.services.test_drafting import EMBEDDER, GOOD
from tests.services.test_one_of_each import at_once

ENDLESS = ("a" * 5_000, "." * 5_000, "a." * 2_500, "ab@" * 1_600, "1" * 5_000)


@pytest.fixture
def scene(session: Session) -> Scene:
    return make_said(session)


def make_said(session: Session) -> Scene:
    made = make_scene(session)
    made.voices[0].text = "School roofs should carry panels before winter."
    made.voices[1].text = "School roofs should carry panels, as we measured."
    session.flush()
    return made


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
        scene = make_said(before)
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
