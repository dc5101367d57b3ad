"""What a correction teaches: the nearest voices are offered, never moved, and what is left is remembered."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from app.models.correction import Correction
from app.models.event import Event
from app.models.placement import Placement
from app.models.submission import Submission
from app.rules.words import SubmissionState
from app.services import (
    corrections,
    corrections_alike,
    corrections_keep,
    corrections_seeds,
    corrections_undo,
    corrections_voices,
    groupings,
)
from app.services.corrections_alike import Alike
from app.services.corrections_ground import Changed
from tests.services.test_corrections import Bench, snapshot
from tests.services.voices import EMBEDDER, voice

STRAY = [f"water water buses pipes for drivers in station {number}" for number in range(6)]


class School(Bench):
    """A call where six voices about pipes for bus drivers stand among those about water."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.strays = [voice(session, self.call, text).id for text in STRAY]
        groupings.place_new(session, [])
        self.run_again()
        water = self.of("water")
        for key in self.strays:
            place = session.get_one(Placement, (self.grouping.id, key))
            place.cluster_id, place.reason = water.id, ""
        session.flush()

    def alike(self, correction: Correction) -> Alike | None:
        return corrections_alike.alike(self.session, self.grouping, correction)

    def offered(self, correction: Correction) -> list[UUID]:
        found = self.alike(correction)
        return [offer.submission.id for offer in found.offers] if found else []

    def move(self, *voices: UUID) -> Correction:
        return corrections_voices.move(
            self.session, self.call, self.seen(*voices), self.of("buses"), self.carol.id
        )

    def same(self, correction: Correction, *voices: UUID) -> Correction:
        return corrections_alike.do_the_same(
            self.session, self.call, correction, self.seen(*voices), self.carol.id
        )


@pytest.fixture
def school(session: Session) -> School:
    return School(session)


def test_the_voices_like_a_moved_one_are_offered_and_nobody_is_moved(school: School) -> None:
    before = snapshot(school)
    made = school.move(school.strays[0])
    moved = {key for key, home in snapshot(school).items() if home != before[key]}

    found = school.alike(made)

    assert found is not None
    assert moved == {school.strays[0]}
    assert {offer.submission.id for offer in found.offers} == set(school.strays[1:])
    assert found.lesson.target == school.of("buses")
    leads = [offer.lead for offer in found.offers]
    assert leads == sorted(leads, reverse=True)
    assert all(0.1 <= lead <= 1 for lead in leads)
    assert all(offer.home == school.of("water") for offer in found.offers)


def test_the_same_is_done_to_the_chosen_ones_and_stands_as_a_correction(school: School) -> None:
    made = school.move(school.strays[0])

    again = school.same(made, *school.strays[1:3])

    assert all(school.mission_of(key) == school.of("buses") for key in school.strays[:3])
    assert set(again.payload["submissions"]) == {str(key) for key in school.strays[1:3]}
    assert set(school.offered(made)) == set(school.strays[3:])


def test_what_was_left_is_not_offered_for_the_same_group_again(school: School) -> None:
    made = school.move(school.strays[0])

    corrections_alike.dismiss(school.session, made, school.strays[1:4], school.carol.id)

    assert set(school.offered(made)) == set(school.strays[4:])
    other = school.move(school.strays[4])
    assert school.offered(other) == [school.strays[5]]
    events = school.session.exec(select(Event).where(Event.kind == "offers_dismissed")).all()
    assert [len(event.facts["submissions"]) for event in events] == [3]
    corrections_alike.dismiss(school.session, made, school.strays[1:4], school.carol.id)
    assert len(school.session.exec(select(Event).where(Event.kind == "offers_dismissed")).all()) == 1


def test_voices_like_those_set_apart_are_offered_with_the_same_reason(school: School) -> None:
    made = corrections_voices.set_apart(
        school.session, school.call, school.seen(school.strays[0]), "Not our question.", school.carol.id
    )
    assert set(school.offered(made)) == set(school.strays[1:])

    school.same(made, school.strays[1])

    place = school.session.get_one(Placement, (school.grouping.id, school.strays[1]))
    assert (place.cluster_id, place.reason) == (None, "Not our question.")


def test_voices_like_those_kept_together_join_them(school: School) -> None:
    seen = school.seen(school.strays[0], school.themes["buses"][0])
    school.session.get_one(Placement, (school.grouping.id, school.themes["buses"][0])).weight = 2.0
    made = corrections_keep.keep_together(school.session, school.call, seen, school.carol.id, "One wish.")
    found = school.alike(made)
    assert found is not None
    chosen = found.offers[0].submission.id

    again = school.same(made, chosen)

    assert str(chosen) in again.payload["submissions"]
    assert set(made.payload["submissions"]) < set(again.payload["submissions"])
    assert school.mission_of(chosen) == school.mission_of(school.strays[0])


def test_a_split_teaches_who_should_have_left_too(school: School) -> None:
    made, part = corrections.split(school.session, school.of("water"), school.strays[:2], school.carol.id)

    assert set(school.offered(made)) == set(school.strays[2:])
    school.same(made, school.strays[2])
    assert school.mission_of(school.strays[2]) == part


def test_nothing_is_offered_that_a_person_spoke_of_or_that_is_closed_or_gone(school: School) -> None:
    made = school.move(school.strays[0])
    seen = school.seen(school.strays[1])
    corrections_voices.set_apart(school.session, school.call, seen, "Not our question.", school.carol.id)
    gone = school.session.get_one(Submission, school.strays[2])
    gone.state, gone.text = SubmissionState.WITHDRAWN, ""
    school.session.flush()
    assert set(school.offered(made)) == set(school.strays[3:])

    corrections.lock(school.session, school.of("water"), school.carol.id)

    assert school.offered(made) == []


def test_a_merge_teaches_which_voices_elsewhere_belong_to_it_too(school: School) -> None:
    """Buses and schools become one; one voice about buses stands among those about mines, another in no group."""
    session, by = school.session, school.carol.id
    lost, alone, own = school.themes["buses"][3], school.themes["buses"][4], school.themes["mining"][0]
    buses = school.of("buses")
    for key, home in ((lost, school.of("mining").id), (alone, None)):
        session.get_one(Placement, (school.grouping.id, key)).cluster_id = home
    session.flush()

    made = corrections.merge(session, buses, school.of("school"), by)
    found = school.alike(made)

    assert found is not None
    assert found.lesson.target == buses
    offered = {offer.submission.id: offer for offer in found.offers}
    assert {lost, alone} <= offered.keys()
    assert own not in offered
    assert offered[lost].home == school.of("mining")
    assert offered[alone].home is None
    assert all(school.mission_of(key) != found.lesson.target for key in offered)
    corrections_alike.dismiss(session, made, [alone], by)
    again = school.same(made, lost)
    assert school.mission_of(lost) == buses
    assert again.payload["to"] == str(buses.key)
    assert not {lost, alone} & set(school.offered(made))


@pytest.mark.parametrize("act", ["lock", "rename"])
def test_a_lock_and_a_name_teach_nothing(school: School, act: str) -> None:
    session, water, by = school.session, school.of("water"), school.carol.id
    made = {
        "lock": lambda: corrections.lock(session, water, by),
        "rename": lambda: corrections.rename(session, water, "Another name", by),
    }[act]()

    assert school.alike(made) is None
    with pytest.raises(Changed):
        school.same(made, school.strays[0])


def test_an_undone_correction_offers_nothing(school: School) -> None:
    made = school.move(school.strays[0])
    corrections_undo.undo(school.session, made, school.carol.id)

    assert school.alike(made) is None


@pytest.fixture
def index(engine: Engine) -> Iterator[str]:
    """Made and committed before the test: an index is not always read in the transaction that made it."""
    size = EMBEDDER.dimensions
    with engine.begin() as connection:
        connection.execute(text(
            f"CREATE INDEX near_ones ON embedding USING hnsw ((vector::vector({size})) vector_cosine_ops) "
            f"WHERE model = '{EMBEDDER.name}'"
        ))  # fmt: skip
    yield "near_ones"
    with engine.begin() as connection:
        connection.execute(text("DROP INDEX near_ones"))


def test_the_search_for_them_goes_along_the_index(index: str, school: School) -> None:
    """Its cost does not grow with the voices: as many rows are looked at, however many there are."""
    size, connection = EMBEDDER.dimensions, school.session.connection()
    near = corrections_alike.nearest(school.session, school.grouping, tuple(school.strays[:1]))
    # With so few rows the planner would rather read them all; a hundred thousand are not to be read.
    connection.execute(text("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off"))
    connection.execute(text("SET LOCAL enable_bitmapscan = off"))
    facts = {"model": EMBEDDER.name, "call": school.call.id, "examples": school.strays[:2], "nearest": 40}
    plan = connection.execute(corrections_alike.near_query(size, "EXPLAIN "), facts).scalars().all()

    assert set(school.strays) <= near
    assert len(near) <= corrections_alike.NEAREST
    # Whichever index of the model's vectors it is: another test may have left one of its own.
    assert index
    assert any("Order By: ((vector)::vector" in line for line in plan), "\n".join(plan)


def test_a_group_is_split_by_examples_as_the_preview_shows(school: School) -> None:
    water, strays = school.of("water"), school.strays
    staying, leaving = school.themes["water"][:2], strays[:2]

    seen = corrections_seeds.preview(school.session, water, staying, leaving)
    made, part = corrections_seeds.split(school.session, water, staying, leaving, school.carol.id, "Pipes")

    assert (seen.leaving, seen.staying) == (part.size, water.size)
    assert {row.submission.id for row in seen.rows if row.leaves} == {
        key for key in snapshot(school) if school.mission_of(key) == part
    }
    assert all(school.mission_of(key) == part for key in strays)
    assert all(school.mission_of(key) == water for key in staying)
    assert set(made.payload["seeds"]["left"]) == {str(key) for key in leaving}
    school.run_again()
    assert len({one.key for key in strays if (one := school.mission_of(key))}) == 1
    homes = {one.key for key in (strays[0], staying[0]) if (one := school.mission_of(key))}
    assert len(homes) == 2


def test_examples_are_needed_on_both_sides(school: School) -> None:
    water = school.of("water")

    for staying, leaving in (([], school.strays[:1]), (school.strays[:1], []), (school.strays[:1],) * 2):
        with pytest.raises(corrections_seeds.ExamplesOfBoth):
            corrections_seeds.preview(school.session, water, staying, leaving)
    with pytest.raises(Changed):
        corrections_seeds.preview(school.session, water, school.strays[:1], school.themes["solar"][:1])
