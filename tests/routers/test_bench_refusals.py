"""An act of the workbench that is refused comes back to the bench: what was ticked and typed stays, and why."""

from uuid import UUID

import pytest
from sqlmodel import Session, select

from app.models.call import Call
from app.models.grouping import Grouping, accepted_grouping
from app.models.organisation import Organisation
from app.models.person import Person
from app.models.placement import Placement
from app.models.statement import Statement
from app.models.submission import Submission
from app.rules.words import CallState, ClusterState, StatementKind, SubjectKind
from app.services import corrections, corrections_undo, groupings
from app.services.checking import NO, key
from tests.client import Browser
from tests.factories import make_call
from tests.people import make_facilitator
from tests.services.voices import EMBEDDER, silent, voice
from tests.workbench import boxes, make_grouped, missions, signed_in, ticked


@pytest.fixture
def call(db: Session, agency: Organisation) -> Call:
    return make_grouped(db, agency)


@pytest.fixture
def carol(visitor: Browser, db: Session, agency: Organisation) -> Person:
    return signed_in(visitor, db, agency)


def test_setting_apart_without_a_reason_keeps_the_ticks_and_the_place(
    visitor: Browser, db: Session, call: Call, carol: Person
) -> None:
    here = visitor.open(f"/calls/{call.id}/workbench?cluster={missions(db, call)[0].id}")
    chosen = boxes(here)[1:3]
    form = here.form("/placements")

    page = visitor.hand_in(form, {"voice": chosen, "label": "A part"}, button="Set apart", status=422)

    assert "Please write something here." in page.text
    assert "cannot be kept" not in page.text
    assert sorted(ticked(page)) == sorted(chosen)
    again = page.form("/placements")
    assert (again.fields["label"], again.fields["origin"]) == ("A part", form.fields["origin"])
    visitor.hand_in(again, {"reason": "Off the question"}, button="Set apart")
    assert "Off the question" in visitor.open(f"/calls/{call.id}/ungrouped").text


def test_a_voice_that_was_moved_meanwhile_stands_first_and_ticked(
    visitor: Browser, db: Session, call: Call, carol: Person
) -> None:
    first, second = missions(db, call)[:2]
    here = visitor.open(f"/calls/{call.id}/workbench?cluster={first.id}")
    form, chosen = here.form("/placements"), boxes(here)[2]
    visitor.hand_in(form, {"voice": [chosen], "target": str(second.id)}, button="Move")

    page = visitor.hand_in(form, {"voice": [chosen], "label": "Mine"}, button="Split off", status=409)

    assert "changed this group while you were looking at it" in page.text
    assert ticked(page) == boxes(page)[:1] == [f"{chosen.partition(':')[0]}:{second.id}"]
    assert page.form("/placements").fields["label"] == "Mine"


def test_moving_nobody_or_nowhere_says_so_beside_the_form(
    visitor: Browser, db: Session, call: Call, carol: Person
) -> None:
    here = visitor.open(f"/calls/{call.id}/workbench?cluster={missions(db, call)[0].id}")
    form = here.form("/placements")

    nowhere = visitor.hand_in(form, {"voice": boxes(here)[:1]}, button="Move", status=422)
    nobody = visitor.hand_in(form, {"target": form.choices("target")[1]}, button="Move", status=422)

    assert "Choose the group to move them to" in nowhere.text
    assert ticked(nowhere) == boxes(here)[:1]
    assert "Choose at least one voice first" in nobody.text
    assert nobody.form("/placements").fields["target"] == form.choices("target")[1]


def test_a_group_s_own_forms_keep_what_was_typed(
    visitor: Browser, db: Session, call: Call, carol: Person
) -> None:
    here = visitor.open(f"/calls/{call.id}/workbench?cluster={missions(db, call)[0].id}")

    name = visitor.fill_in(here.form("/name").action, {"label": "\u200b!"})
    aside = visitor.fill_in(here.form("/setting-apart").action, {"reason": "  "})
    nothing = visitor.fill_in(here.form("/merge").action, {"other": ""})

    assert [name.status_code, aside.status_code, nothing.status_code] == [422, 422, 422]
    assert 'value="\u200b!"' in name.text or 'value="!"' in name.text
    assert "Choose the group to take in" in nothing.text
    assert "<h1>" in aside.text
    assert "Workbench" in aside.text


def test_a_proposal_that_missed_a_correction_offers_no_acceptance(
    visitor: Browser, db: Session, call: Call, carol: Person
) -> None:
    kept, gone = missions(db, call)[:2]
    merged = corrections.merge(db, kept, gone, carol.id)
    groupings.group_now(db, call.id, EMBEDDER, silent)
    db.commit()
    proposed = db.exec(select(Grouping).where(Grouping.state == "proposed")).one()
    before = visitor.open(f"/calls/{call.id}/workbench")
    corrections_undo.undo(db, merged, carol.id)
    db.commit()

    page = visitor.open(f"/calls/{call.id}/workbench")
    alone = visitor.open(f"/groupings/{proposed.id}")
    refused = visitor.hand_in(before.form("/acceptance"), status=409)

    assert "Accept and show it to everyone" in before.text
    assert "Accept and show it to everyone" not in page.text
    assert "cannot be accepted any more" in page.text
    assert "Accepting it changes nothing" not in page.text + alone.text
    assert page.form("/discarding") is not None
    assert "Group again" in page.text
    assert "Start a new one, so that no correction is lost" in refused.text
    assert refused.heading == "Workbench"


def test_the_history_names_a_group_that_was_merged_since(
    visitor: Browser, db: Session, call: Call, carol: Person
) -> None:
    kept, gone, other = missions(db, call)[:3]
    corrections.rename(db, gone, "Night buses", carol.id)
    corrections.merge(db, kept, gone, carol.id)
    corrections.merge(db, other, kept, carol.id)
    db.commit()

    page = visitor.open(f"/calls/{call.id}/workbench")

    assert "a group that is gone" not in page.text
    assert f"(now part of “{other.label}”)" in page.text


def test_the_nearest_group_is_one_that_is_there(
    visitor: Browser, db: Session, call: Call, carol: Person
) -> None:
    kept, gone = missions(db, call)[:2]
    alone = voice(db, call, "zebra quux xylophone")
    groupings.place_new(db, [alone.id])
    grouping = accepted_grouping(db, call.id)
    assert grouping is not None
    db.merge(Placement(grouping_id=grouping.id, submission_id=alone.id, nearest_id=gone.id, reason="Far."))
    corrections.merge(db, kept, gone, carol.id)
    db.commit()

    page = visitor.open(f"/calls/{call.id}/ungrouped")

    assert f"/clusters/{kept.id}" in page.links
    assert f"/clusters/{gone.id}" not in page.links


def test_objections_of_authors_come_first_and_are_counted(
    visitor: Browser, db: Session, call: Call, carol: Person
) -> None:
    group = missions(db, call)[-1]
    meant = db.get_one(Submission, UUID(group.representatives[-1]))
    db.add(
        Statement(
            kind=StatementKind.CHECKING, subject_kind=SubjectKind.SUBMISSION, subject_id=meant.id,
            author_id=meant.author_id, text="I spoke of rivers", rule=NO, form_key=key(meant.id, group),
        )
    )  # fmt: skip
    db.commit()

    page = visitor.open(f"/calls/{call.id}/workbench")
    inside = visitor.open(f"/calls/{call.id}/workbench?cluster={group.id}")

    assert "1 author did not mean this" in page.text
    assert "1 author objects" in page.text
    assert boxes(page)[0].startswith(str(meant.id))
    assert page.text.count("I spoke of rivers") == 1
    assert "Its author says: this is not what I meant. I spoke of rivers" in inside.text


def test_four_voices_that_no_machine_groups_reach_a_mission(
    visitor: Browser, db: Session, agency: Organisation
) -> None:
    visitor.sign_in(db, make_facilitator(db, agency))
    call = make_call(db, agency, state=CallState.SENSEMAKING)
    for text in (
        "A slide for small children",
        "Benches under trees",
        "Dogs need a field",
        "Open the fountain",
    ):
        voice(db, call, text)
    db.commit()
    bench = f"/calls/{call.id}/workbench"
    visitor.hand_in(visitor.open(bench).form("/groupings"))
    groupings.run(db, db.exec(select(Grouping)).one().id, EMBEDDER, silent)
    db.commit()
    accepted = visitor.hand_in(visitor.open(bench).form("/acceptance"))

    assert "Everyone now sees this grouping." in accepted.text
    assert "The one before stays readable" not in accepted.text, "there is none before the first"
    assert "No group was found" in accepted.text
    assert "dealt with" not in accepted.text
    pile = visitor.open(f"{bench}?show=ungrouped")
    assert not pile.form("/placements").has_button("Move"), "there is nowhere to move them to"
    one = visitor.hand_in(
        pile.form("/placements"), {"voice": boxes(pile)[:1]}, button="Make a group", status=422
    )
    assert "Choose at least two voices" in one.text
    assert one.form("/placements").fields["show"] == "ungrouped"
    made = visitor.hand_in(
        pile.form("/placements"), {"voice": boxes(pile)[:3], "label": "Play"}, button="Make a group"
    )
    assert "Put together by a facilitator" in made.text
    assert "Suggested by the machine" not in made.text
    assert "The group: not measured yet" in made.text
    confirmed = visitor.hand_in(made.form("/confirmation"))
    mission = visitor.hand_in(confirmed.form("/mission"))

    assert "Play" in mission.text
    db.expire_all()
    assert [one.state for one in missions(db, call)] == [ClusterState.PROMOTED]
    assert "Made a group of 3 ungrouped voices: “Play”" in visitor.open(bench).text
