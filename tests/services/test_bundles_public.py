"""Bundles after people withdrew, were hidden, or corrected the groups: what is public today, and nothing else."""

import io
import json
import zipfile
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from app.models.call import Call
from app.models.cluster import Cluster, clusters_of
from app.models.correction import Correction
from app.models.frozen_grouping import FrozenGrouping
from app.models.grouping import Grouping
from app.models.person import Person
from app.models.placement import Placement
from app.models.submission import Submission
from app.nlp import bundle_files
from app.nlp.bundle import Bundle, files_of
from app.nlp.bundle_reading import opened
from app.nlp.regroup import regroup
from app.rules.disclosure import PUBLIC_STATES
from app.rules.moderation import HidingRule
from app.services import (
    bundles,
    bundles_told,
    corrections,
    corrections_keep,
    corrections_undo,
    corrections_voices,
    groupings,
    moderation,
    submissions,
)
from tests.people import make_person
from tests.services.test_bundles import accepted, call, taken, unpacked
from tests.services.test_groupings_levels import Town, town
from tests.services.voices import EMBEDDER, make_themes, silent, voice

__all__ = ["call", "town"]

TWIN = "water pipes leak water pipes leak at the corner of street 3 please"
ORIGIN = "http://localhost"


@pytest.fixture
def twins(session: Session, call: Call) -> tuple[Grouping, Submission, Submission]:
    """A grouping in which two people had said nearly the same."""
    first, second = voice(session, call, TWIN), voice(session, call, TWIN + "!")
    grouping = groupings.group_now(session, call.id, EMBEDDER, silent)
    proposed = session.exec(
        select(Grouping).where(Grouping.call_id == call.id, Grouping.state == "proposed")
    ).one()
    assert grouping
    groupings.accept(session, proposed, None)
    return proposed, first, second


def frozen(session: Session, grouping: Grouping) -> tuple[Bundle, list[UUID]]:
    files = bundle_files.read(io.BytesIO(session.get_one(FrozenGrouping, grouping.id).content))[1]
    keys = bundle_files.read_array(files, bundles.VOICES, "|u1", 2)
    return opened(files), [UUID(bytes=each.tobytes()) for each in keys]


def bundle_in(held: io.BytesIO) -> Bundle:
    return opened(bundle_files.read(held)[1])


def public_ids(session: Session, call: Call) -> list[str]:
    found = session.exec(
        select(Submission)
        .where(Submission.call_id == call.id, col(Submission.state).in_(PUBLIC_STATES))
        .order_by(col(Submission.number))
    )
    return [str(one.id) for one in found]


def leave(session: Session, one: Submission, way: str) -> None:
    assert one.author_id is not None
    if way == "withdrawn":
        submissions.withdraw(session, one, one.author_id)
    else:
        moderator = make_person(session, "Mod")
        moderation.hide(session, one, moderator, HidingRule.PERSONAL_DATA, "names a neighbour", ORIGIN)


@pytest.mark.parametrize("way", ["withdrawn", "hidden"])
def test_a_twin_that_stays_does_not_give_the_words_of_the_gone_away(
    session: Session, call: Call, twins: tuple[Grouping, Submission, Submission], way: str
) -> None:
    grouping, stays, goes = twins
    inside, keys = frozen(session, grouping)
    opaque = inside.ids[keys.index(goes.id)]
    assert inside.ties is not None
    assert inside.ties.nodes[keys.index(stays.id)] == inside.ties.nodes[keys.index(goes.id)]
    leave(session, goes, way)

    held = taken(session, grouping)

    left = bundle_in(held)
    assert list(left.submissions) == public_ids(session, call)
    assert (len(left.ids), left.absent) == (len(keys) - 1, 1)
    assert left.ties is not None
    at = left.submissions.index(str(stays.id))
    assert (left.ties.nodes == left.ties.nodes[at]).sum() == 1
    everything = unpacked(held)
    for trace in (opaque.encode(), str(goes.id).encode(), goes.id.bytes, (TWIN + "!").encode()):
        assert trace not in everything


@pytest.mark.parametrize("way", ["withdrawn", "hidden"])
def test_its_labels_follow_from_the_graph_and_the_graph_from_what_is_public(
    session: Session, call: Call, twins: tuple[Grouping, Submission, Submission], way: str
) -> None:
    grouping, _stays, goes = twins
    leave(session, goes, way)

    found = regroup(taken(session, grouping))

    assert (found.is_same, found.gone, found.from_vectors) == (True, 1, None)
    assert (found.structure, found.same_ties) == ("ties", True)
    assert found.from_ties is not None
    assert found.from_ties[0].follow > 0.7 * found.rows
    assert "1 more, of the run" in bundles_told.told(found)[1]


def test_those_who_stay_are_grouped_in_the_bundle_as_the_run_grouped_them(
    session: Session, call: Call, twins: tuple[Grouping, Submission, Submission]
) -> None:
    grouping, _stays, goes = twins
    before = bundle_in(taken(session, grouping))
    leave(session, goes, "withdrawn")

    after = bundle_in(taken(session, grouping))

    kept = [at for at, key in enumerate(before.submissions) if key != str(goes.id)]
    for then, now in ((before.missions[kept], after.missions), (before.projects[kept], after.projects)):
        assert ((then[:, None] == then) == (now[:, None] == now)).all()
        assert ((then < 0) == (now < 0)).all()


def test_a_voice_that_comes_back_brings_the_frozen_graph_back(
    session: Session, call: Call, twins: tuple[Grouping, Submission, Submission]
) -> None:
    grouping, _stays, goes = twins
    before = bundle_in(taken(session, grouping))
    leave(session, goes, "hidden")
    assert bundle_in(taken(session, grouping)).absent == 1

    moderation.restore(session, goes, make_person(session, "Mod two"), "it was fine", ORIGIN)

    assert files_of(bundle_in(taken(session, grouping))) == files_of(before)


def test_the_graph_of_those_who_stay_is_made_once(
    session: Session,
    call: Call,
    twins: tuple[Grouping, Submission, Submission],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    grouping, _stays, goes = twins
    leave(session, goes, "withdrawn")
    first = taken(session, grouping).getvalue()

    def made_again(_bundle: Bundle) -> Bundle:
        raise AssertionError("the graph was made twice")

    monkeypatch.setattr(bundles.bundle_public, "tied", made_again)

    assert taken(session, grouping).getvalue() == first


def test_few_voices_are_rebuilt_after_one_withdrew(session: Session) -> None:
    small, themes = make_themes(session)
    groupings.group_now(session, small.id, EMBEDDER, silent)
    grouping = accepted(session, small)
    whole = regroup(taken(session, grouping))
    leave(session, session.get_one(Submission, themes["water"][1]), "withdrawn")

    found = regroup(taken(session, grouping))

    assert (whole.is_same, whole.structure, whole.from_vectors, whole.gone) == (True, "links", (0, 0), 0)
    assert (found.is_same, found.structure, found.same_ties, found.gone) == (True, "links", True, 1)
    assert found.from_ties is not None
    assert found.from_ties[0].follow > 0.7 * found.rows
    assert "distances between the few texts" in bundles_told.told(found)[1]


def test_other_steps_of_a_ladder_are_rebuilt_after_one_withdrew(session: Session, town: Town) -> None:
    curve = town.curve
    made = town.cut(0 if curve.mission else 1, curve.last)
    groupings.accept(session, made, town.carol.id)
    whole = regroup(taken(session, made))
    leave(session, session.get_one(Submission, town.themes["water"][1]), "withdrawn")

    found = regroup(taken(session, made))

    assert (whole.is_same, whole.structure, whole.from_vectors) == (True, "rungs", (0, 0))
    assert (found.is_same, found.structure, found.gone) == (True, "rungs", 1)
    assert found.from_ties is not None
    assert found.from_ties[0].follow > 0.8 * found.rows


def test_a_ladder_that_was_kept_without_its_named_rows_is_rebuilt_too(session: Session, town: Town) -> None:
    made = town.cut(0 if town.curve.mission else 1, town.curve.last)
    row = session.get_one(FrozenGrouping, made.id)
    files = bundle_files.read(io.BytesIO(row.content))[1]
    held = io.BytesIO()
    bundle_files.write({name: one for name, one in files.items() if name != "settled.json"}, {}, held)
    row.content = held.getvalue()
    session.flush()

    assert regroup(taken(session, made)).structure == "rungs"


# --- what people corrected ---


def mission_of(session: Session, grouping: Grouping, one: UUID) -> Cluster:
    place = session.get_one(Placement, (grouping.id, one))
    assert place.cluster_id is not None
    home = session.get_one(Cluster, place.cluster_id)
    return session.get_one(Cluster, home.parent_id) if home.parent_id else home


def place_of(session: Session, grouping: Grouping, one: UUID) -> dict[UUID, UUID | None]:
    return {one: session.get_one(Placement, (grouping.id, one)).cluster_id}


def two_apart(session: Session, call: Call, grouping: Grouping) -> tuple[Submission, Submission]:
    """Two voices that stand in two missions."""
    found = [
        session.exec(
            select(Submission).where(
                Submission.call_id == call.id, col(Submission.text).startswith(f"{theme} {theme}")
            )
        ).all()[0]
        for theme in ("mine dust air", "school teachers")
    ]
    assert mission_of(session, grouping, found[0].id) != mission_of(session, grouping, found[1].id)
    return found[0], found[1]


def test_what_was_corrected_since_is_told_beside_what_the_run_found(session: Session, call: Call) -> None:
    grouping, carol = accepted(session, call), make_person(session, "Carol")
    before = regroup(taken(session, grouping))
    one, other = two_apart(session, call, grouping)
    target = mission_of(session, grouping, other.id)
    corrections_voices.move(session, call, place_of(session, grouping, one.id), target, carol.id)

    held = taken(session, grouping)

    found, inside = regroup(held), bundle_in(held)
    assert before.today is not None
    assert (before.today.acts, before.today.elsewhere) == (0, (0, 0))
    assert found.is_same
    assert found.today is not None
    assert (found.today.acts, found.today.elsewhere[0], found.today.named) == (1, 1, 1)
    row = inside.submissions.index(str(one.id))
    companion = inside.submissions.index(str(other.id))
    assert inside.today is not None
    assert inside.today[0][row] == inside.today[0][companion]
    assert inside.missions[row] != inside.missions[companion]
    assert [(act.kind, act.sides, act.in_run) for act in inside.acts] == [("move", ((row,),), False)]
    assert "made or took back 1 corrections" in bundles_told.told(found)[1]
    assert "rows.tsv" in bundle_files.read(held)[0]["reproduces"]


def test_what_the_run_was_given_is_told_as_such_and_what_was_undone_as_undone(
    session: Session, call: Call
) -> None:
    before, carol = accepted(session, call), make_person(session, "Carol")
    one, other = two_apart(session, call, before)
    target = mission_of(session, before, other.id)
    move = corrections_voices.move(session, call, place_of(session, before, one.id), target, carol.id)
    groupings.group_now(session, call.id, EMBEDDER, silent)
    proposed = session.exec(
        select(Grouping).where(Grouping.call_id == call.id, Grouping.state == "proposed")
    ).one()
    groupings.accept(session, proposed, carol.id)
    given = bundle_in(taken(session, proposed))
    of_before = bundle_in(taken(session, before))

    corrections_undo.undo(session, session.get_one(Correction, move.id), carol.id)

    undone = taken(session, proposed)
    assert [(act.kind, act.in_run, act.is_undone) for act in given.acts] == [("move", True, False)]
    assert [(act.kind, act.in_run, act.is_undone) for act in bundle_in(undone).acts] == [("move", True, True)]
    # The grouping of before was corrected while it was shown; what came after it was superseded is not its own.
    assert [(act.kind, act.in_run) for act in of_before.acts] == [("move", False)]
    assert bundle_in(taken(session, before)).acts == of_before.acts
    assert regroup(undone).is_same


def test_nobody_and_no_reason_is_told_of_a_correction(session: Session, call: Call) -> None:
    grouping, carol = accepted(session, call), make_person(session, "Carol")
    one, other = two_apart(session, call, grouping)
    seen = place_of(session, grouping, one.id)
    corrections_voices.set_apart(session, call, seen, "It praises zirconium", carol.id)
    both = place_of(session, grouping, other.id) | place_of(session, grouping, one.id)
    corrections_keep.keep_apart(session, call, both, carol.id, "They quarrel about beryllium")

    everything = unpacked(taken(session, grouping))

    for trace in (b"zirconium", b"beryllium", str(carol.id).encode(), carol.id.bytes, b"Carol"):
        assert trace not in everything
    assert b"set_apart" in everything


def test_a_correction_of_two_is_not_told_by_the_one_who_stays(session: Session, call: Call) -> None:
    grouping, carol = accepted(session, call), make_person(session, "Carol")
    one, other = two_apart(session, call, grouping)
    both = place_of(session, grouping, one.id) | place_of(session, grouping, other.id)
    corrections_keep.keep_together(session, call, both, carol.id)
    assert [act.kind for act in bundle_in(taken(session, grouping)).acts] == ["keep_together"]

    leave(session, other, "withdrawn")

    assert bundle_in(taken(session, grouping)).acts == ()


def regrouped(session: Session, call: Call) -> Grouping:
    groupings.group_now(session, call.id, EMBEDDER, silent)
    return session.exec(
        select(Grouping).where(Grouping.call_id == call.id, Grouping.state == "proposed")
    ).one()


def test_a_run_after_a_withdrawal_tells_no_half_of_a_correction(session: Session, call: Call) -> None:
    grouping, carol = accepted(session, call), make_person(session, "Carol")
    one, other = two_apart(session, call, grouping)
    both = place_of(session, grouping, one.id) | place_of(session, grouping, other.id)
    corrections_keep.keep_together(session, call, both, carol.id)
    leave(session, other, "withdrawn")

    held = taken(session, regrouped(session, call))

    inside = bundle_in(held)
    assert (inside.absent, inside.acts, inside.inputs.corrections) == (1, (), ())
    assert list(inside.submissions) == public_ids(session, call)
    assert regroup(held).is_same


def test_that_the_companions_of_a_moved_voice_have_all_left_is_not_told(session: Session, call: Call) -> None:
    grouping, carol = accepted(session, call), make_person(session, "Carol")
    one, other = two_apart(session, call, grouping)
    target = mission_of(session, grouping, other.id)
    corrections_voices.move(session, call, place_of(session, grouping, one.id), target, carol.id)
    assert bundle_in(taken(session, regrouped(session, call))).inputs.corrections != ()
    anchors = session.exec(select(Correction)).one().payload["anchors"]
    for key in anchors:
        leave(session, session.get_one(Submission, UUID(key)), "withdrawn")
    groupings.discard(
        session, session.exec(select(Grouping).where(Grouping.state == "proposed")).one(), carol.id
    )
    proposed = regrouped(session, call)
    assert frozen(session, proposed)[0].inputs.corrections != ()

    held = taken(session, proposed)

    assert bundle_in(held).inputs.corrections == ()
    assert bundle_in(held).absent == len(anchors)
    assert regroup(held).is_same


def test_merged_groups_and_later_rows_are_counted(session: Session, call: Call) -> None:
    grouping, carol = accepted(session, call), make_person(session, "Carol")
    missions = [one for one in clusters_of(session, grouping.id) if one.parent_id is None]
    smaller = min(missions[0].size, missions[1].size)
    corrections.merge(session, missions[0], missions[1], carol.id)

    found = regroup(taken(session, grouping))

    assert found.today is not None
    assert found.today.acts == 1
    assert found.today.elsewhere[0] == smaller
    assert found.today.named >= smaller


def test_no_correction_of_somebody_withdrawn_is_left_in_settings(session: Session, call: Call) -> None:
    grouping, carol = accepted(session, call), make_person(session, "Carol")
    one, other = two_apart(session, call, grouping)
    target = mission_of(session, grouping, other.id)
    corrections_voices.move(session, call, place_of(session, grouping, one.id), target, carol.id)
    leave(session, one, "withdrawn")

    with zipfile.ZipFile(taken(session, grouping)) as archive:
        settings = json.loads(archive.read("settings.json"))

    assert settings["acts"] == []
    assert settings["corrections"] == []
    assert settings["absent"] == 1
    assert session.exec(select(Person).where(Person.id == carol.id)).one()
