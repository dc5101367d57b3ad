"""Bundles: every run freezes what it was made from; whoever takes it along makes the same grouping again."""

import io
import json
import zipfile
from pathlib import Path
from uuid import uuid4

import pytest
from sqlmodel import Session, select
from typer.testing import CliRunner

from app.cli import cli
from app.models.call import Call
from app.models.cluster import clusters_of
from app.models.frozen_grouping import FrozenGrouping
from app.models.grouping import Grouping, accepted_grouping
from app.models.submission import Submission
from app.nlp import bundle_files
from app.nlp.bundle_reading import opened
from app.nlp.regroup import regroup
from app.rules.words import SubmissionState
from app.services import bundles, bundles_told, corrections, groupings, submissions
from app.services.groupings_changes import changes
from tests.people import make_person
from tests.services.proposals import accept_part
from tests.services.voices import EMBEDDER, make_themes, silent, voice

LATE = "solar solar solar panels number {} on the roof of the market"


@pytest.fixture
def call(session: Session) -> Call:
    """Enough voices for ties: five themes of twelve, and some strays."""
    call, _themes = make_themes(session)
    for theme in (
        "solar panels roof",
        "water pipes leak",
        "night bus service",
        "mine dust air",
        "school teachers",
    ):
        for number in range(8):
            voice(session, call, f"{theme} {theme} {theme} in street {number} please")
    voice(session, call, "zebra quux xylophone")
    groupings.group_now(session, call.id, EMBEDDER, silent)
    return call


def accepted(session: Session, call: Call) -> Grouping:
    found = accepted_grouping(session, call.id)
    assert found is not None
    return found


def taken(session: Session, grouping: Grouping) -> io.BytesIO:
    held = io.BytesIO()
    bundles.write(session, grouping, held)
    return held


def test_the_accepted_grouping_comes_out_the_same_from_ties_and_from_vectors(
    session: Session, call: Call
) -> None:
    found = regroup(taken(session, accepted(session, call)))

    assert found.is_same
    assert found.from_ties is not None
    assert (found.from_vectors, found.same_ties, found.gone) == ((0, 0), True, 0)
    assert found.from_ties[0].follow > 0.7 * found.rows


def test_the_labels_of_a_bundle_are_those_on_the_pages(session: Session, call: Call) -> None:
    grouping = accepted(session, call)
    bundle = opened(bundle_files.read(taken(session, grouping))[1])

    sizes = sorted(int((bundle.missions == label).sum()) for label in set(bundle.missions.tolist()) - {-1})
    told = sorted(one.size for one in clusters_of(session, grouping.id) if one.parent_id is None)
    assert sizes == told


def test_a_run_with_corrections_that_started_warm_comes_out_the_same(session: Session, call: Call) -> None:
    grouping = accepted(session, call)
    carol = make_person(session, "Carol")
    missions = [one for one in clusters_of(session, grouping.id) if one.parent_id is None]
    corrections.lock(session, missions[0], carol.id)
    corrections.merge(session, missions[1], missions[2], carol.id)
    for number in range(6):
        voice(session, call, LATE.format(number))
    groupings.group_now(session, call.id, EMBEDDER, silent)
    proposed = session.exec(
        select(Grouping).where(Grouping.call_id == call.id, Grouping.state == "proposed")
    ).one()

    held = taken(session, proposed)

    settings = json.loads(bundle_files.read(held)[1]["settings.json"])
    assert settings["corrections"]
    assert settings["previous"]
    assert regroup(held).is_same


def test_withdrawn_words_are_gone_from_the_bundle_and_the_labels_still_follow(
    session: Session, call: Call
) -> None:
    grouping = accepted(session, call)
    gone = session.exec(
        select(Submission).where(Submission.call_id == call.id, Submission.text.startswith("water pipes"))  # type: ignore[attr-defined]
    ).all()[:3]
    words = [one.text for one in gone]
    for one in gone:
        assert one.author_id is not None
        submissions.withdraw(session, one, one.author_id)

    held = taken(session, grouping)

    found = regroup(held)
    assert (found.gone, found.is_same, found.from_vectors) == (3, True, None)
    everything = unpacked(held)
    for one, text in zip(gone, words, strict=True):
        assert text.encode() not in everything
        assert str(one.id).encode() not in everything
        assert one.id.bytes not in everything


def unpacked(held: io.BytesIO) -> bytes:
    with zipfile.ZipFile(held) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


def test_a_hidden_voice_and_a_changed_one_are_not_in_it_either(session: Session, call: Call) -> None:
    grouping = accepted(session, call)
    hidden, changed = session.exec(
        select(Submission).where(Submission.call_id == call.id, Submission.text.startswith("mine dust"))  # type: ignore[attr-defined]
    ).all()[:2]
    hidden.state, hidden.hidden_rule = SubmissionState.HIDDEN, "off_topic"
    changed.text, changed.version = "other words entirely", changed.version + 1
    session.flush()

    held = taken(session, grouping)

    assert regroup(held).gone == 2
    assert hidden.text.encode() not in unpacked(held)
    assert b"other words entirely" not in unpacked(held)


def test_no_person_is_in_it(session: Session, call: Call) -> None:
    everything = unpacked(taken(session, accepted(session, call)))

    for one in session.exec(select(Submission).where(Submission.call_id == call.id)):
        assert str(one.author_id).encode() not in everything
    assert b"Author" not in everything


def test_what_is_kept_holds_no_word(session: Session, call: Call) -> None:
    row = session.get_one(FrozenGrouping, accepted(session, call).id)

    everything = unpacked(io.BytesIO(row.content))

    for word in (b"solar", b"panels", b"zebra", b"Calama"):
        assert word not in everything


def test_a_grouping_of_before_has_none(session: Session, call: Call) -> None:
    grouping = accepted(session, call)
    session.delete(session.get_one(FrozenGrouping, grouping.id))
    session.flush()

    assert not bundles.is_kept(session, grouping.id)
    with pytest.raises(bundles.NotFrozen):
        bundles.write(session, grouping, io.BytesIO())
    with pytest.raises(bundles.GroupingUnknown):
        bundles.by_id(session, str(uuid4()))


def test_the_command_says_that_it_is_the_same(session: Session, call: Call, tmp_path: Path) -> None:
    file = tmp_path / "grouping.zip"
    file.write_bytes(taken(session, accepted(session, call)).getvalue())

    done = CliRunner().invoke(cli, ["regroup", str(file)])
    as_json = CliRunner().invoke(cli, ["regroup", str(file), "--json"])

    assert done.exit_code == 0
    assert "It is the same grouping." in done.stdout
    assert json.loads(as_json.stdout)["same"] is True


def test_the_command_fails_in_a_sentence_where_something_was_changed(
    session: Session, call: Call, tmp_path: Path
) -> None:
    held = taken(session, accepted(session, call))
    for name in ("rows.tsv", "near_weights.npy", "vectors.npy", "settings.json", "settled.json"):
        with zipfile.ZipFile(held) as archive:
            files = {one: archive.read(one) for one in archive.namelist()}
        files[name] = files[name][:-2] + bytes([files[name][-2] ^ 1]) + files[name][-1:]
        file = tmp_path / "changed.zip"
        with zipfile.ZipFile(file, "w") as archive:
            for one, content in files.items():
                archive.writestr(one, content)

        done = CliRunner().invoke(cli, ["regroup", str(file)])

        assert done.exit_code == 1
        assert f"{name} was changed" in done.stdout
        assert "Traceback" not in done.output


@pytest.mark.parametrize("content", [b"", b"no zip at all"])
def test_the_command_refuses_what_is_no_bundle(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.zip"
    file.write_bytes(content)

    assert CliRunner().invoke(cli, ["regroup", str(file)]).exit_code == 1
    assert CliRunner().invoke(cli, ["regroup", str(tmp_path / "none.zip")]).exit_code == 1


def test_a_grouping_of_some_changes_names_what_does_not_follow(session: Session, call: Call) -> None:
    before, carol = accepted(session, call), make_person(session, "Carol")
    for number in range(6):
        voice(session, call, LATE.format(number))
        voice(session, call, f"night night bus service late in street {number} please")
    groupings.group_now(session, call.id, EMBEDDER, silent)
    proposed = session.exec(
        select(Grouping).where(Grouping.call_id == call.id, Grouping.state == "proposed")
    ).one()
    offered = sorted(changes(session, proposed, before).keys, key=str)
    assert len(offered) > 1

    made = accept_part(session, proposed, offered[:1], carol.id)

    found = regroup(taken(session, made))
    assert found.is_same
    assert (found.from_vectors, found.same_ties) == (None, True)
    assert "took some changes" in bundles_told.told(found)[1]
