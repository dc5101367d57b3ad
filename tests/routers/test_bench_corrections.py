"""The bench without JavaScript: voices kept together and apart, splits by examples, what looks alike, ways out."""

from uuid import UUID

import pytest
from sqlmodel import Session, select

from app.models.call import Call
from app.models.cluster import Cluster
from app.models.correction import Correction, standing_corrections
from app.models.grouping import accepted_grouping
from app.models.organisation import Organisation
from app.models.person import Person
from app.models.placement import Placement
from app.models.submission import Submission
from app.rules.words import CorrectionKind
from tests.client import Browser
from tests.factories import make_call
from tests.page import Page
from tests.people import make_organisation, make_person
from tests.workbench import boxes, make_grouped, missions, signed_in, ticked

K = CorrectionKind


@pytest.fixture
def call(db: Session, agency: Organisation) -> Call:
    return make_grouped(db, agency)


@pytest.fixture
def carol(visitor: Browser, db: Session, agency: Organisation) -> Person:
    return signed_in(visitor, db, agency)


def bench(call: Call, cluster: Cluster | None = None) -> str:
    return f"/calls/{call.id}/workbench" + (f"?cluster={cluster.id}" if cluster else "")


def standing(db: Session, call: Call) -> list[Correction]:
    db.expire_all()
    return standing_corrections(db, call.id)


def test_voices_are_kept_together_and_apart_with_a_reason(
    visitor: Browser, db: Session, call: Call, carol: Person
) -> None:
    first, second = missions(db, call)[:2]
    one, other = boxes(visitor.open(bench(call, first)))[0], boxes(visitor.open(bench(call, second)))[0]
    both = {"act": "keep_together", "voice": [one, other], "why": "Both ask for a roof."}

    together = visitor.fill_in(f"/calls/{call.id}/placements", both)
    page = visitor.open(bench(call, first))
    apart = visitor.hand_in(page.form("/placements"), {"voice": boxes(page)[2:4]}, button="Keep apart")

    assert "From now on they always share a group. One voice came to the others." in together.text
    assert "From now on no two of them share a group." in apart.text
    assert "had to leave" in apart.text
    assert [each.kind for each in standing(db, call)] == [K.KEEP_TOGETHER, K.KEEP_APART]
    history = visitor.open(bench(call)).text
    assert "Kept 2 voices together" in history
    assert "Why: Both ask for a roof." in history


def test_one_voice_is_too_few_and_the_tick_stays(
    visitor: Browser, db: Session, call: Call, carol: Person
) -> None:
    page = visitor.open(bench(call, missions(db, call)[0]))

    again = visitor.hand_in(
        page.form("/placements"),
        {"voice": boxes(page)[:1], "why": "Because"},
        button="Keep together",
        status=422,
    )

    assert "Choose at least two voices" in again.text
    assert ticked(again) == boxes(page)[:1]
    assert again.form("/placements").fields["why"] == "Because"


def test_a_refusal_names_both_and_undoing_the_earlier_keeps_what_was_ticked(
    visitor: Browser, db: Session, call: Call, carol: Person
) -> None:
    group = missions(db, call)[0]
    page = visitor.open(bench(call, group))
    visitor.hand_in(page.form("/placements"), {"voice": boxes(page)[:2]}, button="Keep together")
    page = visitor.open(bench(call, group))
    chosen = boxes(page)[:2]

    refused = visitor.hand_in(page.form("/placements"), {"voice": chosen}, button="Keep apart", status=409)
    assert "This contradicts an earlier correction. Now: Kept 2 voices apart." in refused.text
    assert f"Earlier, {carol.name} on" in refused.text
    assert "Kept 2 voices together" in refused.text
    assert len(standing(db, call)) == 1
    earlier = standing(db, call)[0].id
    undone = visitor.fill_in(
        f"/calls/{call.id}/corrections/{earlier}/undoing", {"voice": chosen, "origin": group.id}
    )
    page = Page(undone.text, undone.url.path)

    assert "Undone: the groups are as they were before it." in undone.text
    assert sorted(ticked(page)) == sorted(chosen)
    visitor.hand_in(page.form("/placements"), {"voice": chosen}, button="Keep apart")
    assert [each.kind for each in standing(db, call)] == [K.KEEP_APART]


def test_the_later_takes_the_place_of_the_earlier_where_the_person_says_so(
    visitor: Browser, db: Session, call: Call, carol: Person
) -> None:
    first, second, third = missions(db, call)[:3]
    chosen = boxes(visitor.open(bench(call, first)))[:2]
    visitor.fill_in(f"/calls/{call.id}/placements", {"act": "move", "voice": chosen, "target": second.id})
    one = f"{chosen[0].partition(':')[0]}:{second.id}"
    page = visitor.open(bench(call, second))

    refused = visitor.hand_in(
        page.form("/placements"), {"voice": [one], "target": str(third.id)}, button="Move", status=409
    )
    assert "Let this one take its place for these voices" in refused.text
    done = visitor.hand_in(
        refused.form("/placements"),
        {"voice": [one], "target": str(third.id)},
        button="Let this one take its place for these voices",
    )

    assert "One voice now stands in" in done.text
    older, newer = standing(db, call)
    assert newer.payload["instead"] == [str(older.id)]


def test_the_lock_that_stands_in_the_way_is_named_with_who_locked(
    visitor: Browser, db: Session, call: Call, carol: Person
) -> None:
    first, second = missions(db, call)[:2]
    visitor.hand_in(visitor.open(bench(call, first)).form("/lock", button="Lock"))
    page = visitor.open(bench(call, second))

    refused = visitor.hand_in(
        page.form("/placements"),
        {"voice": boxes(page)[:1], "target": str(first.id)},
        button="Move",
        status=409,
    )
    merged = visitor.hand_in(page.form("/merge"), {"other": str(first.id)}, status=409)

    for answer in (refused, merged):
        assert f"Earlier, {carol.name} on" in answer.text
        assert "Locked “" in answer.text
        assert "Undo the earlier one" in answer.text
    visitor.hand_in(merged.form("/undoing", button="Undo the earlier one"))
    assert standing(db, call) == []


def test_a_group_is_split_by_examples_after_a_look(
    visitor: Browser, db: Session, call: Call, carol: Person
) -> None:
    group = missions(db, call)[0]
    size = group.size
    page = visitor.open(f"/clusters/{group.id}/split")
    form = page.form(f"/clusters/{group.id}/split")
    names = list(dict.fromkeys(name for name in form.fields if name.startswith("side-")))
    stay, leave = names[0], names[1]

    empty = visitor.hand_in(form, button="Show who would go where", status=422)
    assert "Choose at least one example for each side." in empty.text
    shown = visitor.hand_in(form, {stay: "stay", leave: "leave"}, button="Show who would go where")
    assert "Who would go where" in shown.text
    assert len(missions(db, call)) == 5
    preview = shown.form(f"/clusters/{group.id}/split")
    other = visitor.hand_in(preview, {stay: "leave", leave: "stay"}, button="Split like this")
    assert "Who would go where" in other.text, "other examples than those shown are shown first"
    assert standing(db, call) == []
    done = visitor.hand_in(preview, {"label": "A part of it"}, button="Split like this")

    assert "The group is split" in done.text
    db.expire_all()
    made = next(one for one in missions(db, call) if one.label == "A part of it")
    assert made.size + group.size == size
    assert standing(db, call)[0].payload["seeds"]["left"] == [leave.removeprefix("side-")]


def test_ticked_voices_become_examples(visitor: Browser, db: Session, call: Call, carol: Person) -> None:
    group = missions(db, call)[0]
    voice = boxes(visitor.open(bench(call, group)))[0]

    answer = visitor.fill_in(f"/clusters/{group.id}/split", {"act": "examples", "voice": [voice]})

    form = Page(answer.text, answer.url.path).form(f"/clusters/{group.id}/split")
    assert form.fields[f"side-{voice.partition(':')[0]}"] == "leave"


def test_what_looks_alike_is_offered_done_and_left(
    visitor: Browser, db: Session, call: Call, carol: Person
) -> None:
    first, second = missions(db, call)[:2]
    chosen = boxes(visitor.open(bench(call, first)))[0]
    moved = visitor.fill_in(
        f"/calls/{call.id}/placements", {"act": "move", "voice": [chosen], "target": second.id}
    )
    page = Page(moved.text, moved.url.path)
    made = standing(db, call)[0]
    assert "look like these" in moved.text or "looks like these" in moved.text
    form = page.form("/alike")
    offers = [each.get("value") for each in form.element.all("input") if each.get("name") == "voice"]
    assert all(token.endswith(str(first.id)) for token in offers)

    nobody = visitor.hand_in(form, {"voice": []}, button="Move the ticked ones there too", status=422)
    assert "Choose at least one voice first." in nobody.text
    visitor.hand_in(form, {"voice": offers[:1]}, button="Move the ticked ones there too")

    older, newer = standing(db, call)
    assert newer.payload["submissions"] == [offers[0].partition(":")[0]]
    assert {*older.dismissed} == {token.partition(":")[0] for token in offers[1:]}
    again = visitor.open(f"{bench(call)}?alike={made.id}")
    assert "Nothing else looks like these" in again.text


def test_all_can_be_left_as_they_are(visitor: Browser, db: Session, call: Call, carol: Person) -> None:
    first, second = missions(db, call)[:2]
    chosen = boxes(visitor.open(bench(call, first)))[0]
    moved = visitor.fill_in(
        f"/calls/{call.id}/placements", {"act": "move", "voice": [chosen], "target": second.id}
    )

    left = visitor.hand_in(Page(moved.text, moved.url.path).form("/alike"), button="Leave all as they are")

    assert "not offered again" in left.text
    assert len(standing(db, call)) == 1


def test_a_merge_offers_voices_elsewhere_that_are_nearer_to_the_merged_group(
    visitor: Browser, db: Session, call: Call, carol: Person
) -> None:
    first, second, third = missions(db, call)[:3]
    grouping = accepted_grouping(db, call.id)
    assert grouping is not None
    strays = db.exec(select(Placement).where(Placement.cluster_id == first.id)).all()[:2]
    for stray in strays:
        stray.cluster_id = third.id
    db.commit()
    form = visitor.open(bench(call, first)).form(f"/clusters/{first.id}/merge")

    page = visitor.hand_in(form, {"other": str(second.id)})

    assert "Merged." in page.text
    assert "You merged another group into" in page.main.text
    offers = form_values(page, "/alike")
    assert {f"{stray.submission_id}:{third.id}" for stray in strays} <= set(offers)
    visitor.hand_in(page.form("/alike"), {"voice": offers[:1]}, button="Move the ticked ones there too")
    assert [one.kind.value for one in standing(db, call)] == ["merge", "move"]


def form_values(page: Page, action: str) -> list[str]:
    inputs = page.form(action).element.all("input")
    return [str(each.get("value")) for each in inputs if each.get("name") == "voice"]


def test_nobody_else_follows_splits_or_reads_examples(
    visitor: Browser, db: Session, call: Call, carol: Person
) -> None:
    group = missions(db, call)[0]
    other = make_call(db, make_organisation(db, "Another agency"), title="Another question")
    chosen = boxes(visitor.open(bench(call, group)))[0]
    visitor.fill_in(
        f"/calls/{call.id}/placements", {"act": "set_apart", "voice": [chosen], "reason": "Off topic"}
    )
    made = standing(db, call)[0]
    db.commit()

    assert visitor.fill_in(f"/calls/{call.id}/corrections/{made.id}/alike", {"act": "all"}).status_code == 400
    assert visitor.get(f"/calls/{other.id}/workbench?alike={made.id}").status_code in (403, 404)
    visitor.sign_in(db, make_person(db, "Dave"))
    assert visitor.get(f"/clusters/{group.id}/split").status_code == 403
    for path, act in (
        (f"/clusters/{group.id}/split", "split"),
        (f"/calls/{call.id}/corrections/{made.id}/alike", "same"),
    ):
        assert visitor.fill_in(path, {"act": act}).status_code == 403
    assert standing(db, call) == [made]


def test_only_the_unsure_are_shown_in_every_list_and_on_the_map(
    visitor: Browser, db: Session, call: Call
) -> None:
    group = missions(db, call)[0]
    grouping = accepted_grouping(db, call.id)
    assert grouping is not None
    places = db.exec(select(Placement).where(Placement.cluster_id == group.id)).all()
    for place in db.exec(select(Placement)).all():
        place.margin = 0.5
    places[0].margin, places[0].nearest_id = 0.04, missions(db, call)[1].id
    torn, far = places[1], places[2]
    torn.cluster_id, torn.nearest_id, torn.margin, torn.reason = (
        None,
        group.id,
        0.02,
        "It is torn between two groups; a facilitator will look at it.",
    )
    # The nearest group is told of it too; that makes nobody torn.
    far.cluster_id, far.nearest_id, far.margin, far.reason = (
        None,
        group.id,
        0.0,
        "It is not close enough to any group.",
    )
    db.commit()
    words = {place.submission_id: db.get_one(Submission, place.submission_id).text for place in places}
    unsure = words[places[0].submission_id]

    page = visitor.open(f"/clusters/{group.id}")
    assert "Only the one voice of which the machine is unsure" in page.text
    only = visitor.open(f"/clusters/{group.id}?unsure=1")
    pile = visitor.open(f"/calls/{call.id}/ungrouped")
    pile_only = visitor.open(f"/calls/{call.id}/ungrouped?unsure=1")
    drawn = visitor.open(f"/calls/{call.id}/map?unsure=1")
    everything, points = (
        visitor.get(f"/calls/{call.id}/map.json{more}").json() for more in ("", "?unsure=1")
    )

    assert unsure in only.main.text
    assert "unsure (0.04)" in only.main.text
    assert "sure (0.50)" not in only.main.text
    assert "narrowly nearer than the next (0.02)" in pile.main.text
    assert words[far.submission_id] in pile.main.text
    assert words[far.submission_id] not in pile_only.main.text
    assert words[torn.submission_id] in pile_only.main.text
    assert "Only the 2 voices of which the machine is unsure." in drawn.main.text
    assert {UUID(key) for key in points["id"]} == {places[0].submission_id, torn.submission_id}
    assert sum(everything["unsure"]) == 2
    assert len(everything["unsure"]) == len(everything["id"]) == 25
