"""The page of a proposal without JavaScript: look coarser and finer, accept some changes, read what was before."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.models.cluster import clusters_of
from app.models.grouping import Grouping, accepted_grouping
from app.models.kept_moves import KeptMoves
from app.models.organisation import Organisation
from app.models.person import Person
from app.models.placement import Placement
from app.models.submission import Submission
from app.rules.words import CallState, ClusterLevel, GroupingState, SubmissionState
from app.services import corrections, corrections_voices, groupings, groupings_moves
from app.services.groupings_moves import Told
from tests.client import Browser
from tests.factories import make_call
from tests.page import Page
from tests.people import make_facilitator, make_person
from tests.services.proposals import World, carry_out


@pytest.fixture
def carol(db: Session, agency: Organisation) -> Person:
    return make_facilitator(db, agency)


@pytest.fixture
def world(db: Session, agency: Organisation, carol: Person) -> World:
    return World(db, make_call(db, agency, state=CallState.SENSEMAKING), carol)


@pytest.fixture
def proposal(db: Session, world: World) -> Grouping:
    found = world.propose()
    world.give_ladder(found)
    db.commit()
    return found


def here(proposal: Grouping) -> str:
    return f"/groupings/{proposal.id}"


def job(db: Session) -> Grouping:
    """What the job that is waiting does."""
    db.expire_all()
    asked = db.exec(select(Grouping).where(Grouping.state == GroupingState.QUEUED)).one()
    carry_out(db, asked.id)
    db.commit()
    return asked


def has_form(page: Page, action: str) -> bool:
    return any(action in form.action for form in page.forms)


def test_its_changes_are_told_in_sentences(
    visitor: Browser, db: Session, proposal: Grouping, carol: Person
) -> None:
    page = visitor.sign_in(db, carol).open(here(proposal))

    assert "“water” grows from 5 voices to 7" in page.text
    assert "2 come from “solar”" in page.text
    assert "“buses” takes in “mining”" in page.text
    assert "New: “school”, with 5 voices" in page.text
    assert "5 were ungrouped" in page.text
    assert "“mining” ends" in page.text
    assert "1 becomes ungrouped" in page.text
    assert "“solar” → “water”" in page.text
    assert "clearly nearer than the next (0.56)" in page.text


def test_some_changes_are_accepted_and_the_rest_stays(
    visitor: Browser, db: Session, world: World, proposal: Grouping, carol: Person
) -> None:
    form = visitor.sign_in(db, carol).open(here(proposal)).form("/partial-acceptance")
    assert len(form.fields["group"]) == 5

    page = visitor.hand_in(form, {"group": [str(key) for key in world.keys("water", "school")]})

    assert "What you chose is being accepted" in page.text
    assert "The chosen changes are being accepted" in page.main.text
    assert page.link("Reload") == page.url
    db.expire_all()
    assert accepted_grouping(db, world.call.id) == world.before
    made = job(db)
    assert accepted_grouping(db, world.call.id) == made
    assert made.accepted_by_id == carol.id
    page = visitor.open(page.link("Reload"))
    assert "Accepted in part: 2 of 5 changes" in page.text
    assert not has_form(page, "acceptance")


def test_while_some_is_being_accepted_nothing_else_is_decided(
    visitor: Browser, db: Session, world: World, proposal: Grouping, carol: Person
) -> None:
    old = visitor.sign_in(db, carol).open(here(proposal))
    forms = [old.form("/partial-acceptance"), old.form("/discarding")]
    water = {"group": [str(key) for key in world.keys("water")]}
    page = visitor.hand_in(forms[0], water)
    asked = page.url

    seen = visitor.open(here(proposal))
    assert "Some of its changes are being accepted." in seen.text
    assert seen.link("See how far it is") == asked
    assert not has_form(seen, "acceptance")
    assert not has_form(seen, "discarding")
    for form, fields in zip(forms, (water, {}), strict=True):
        assert "being accepted at the moment" in visitor.hand_in(form, fields, status=409).text
    bench = visitor.open(f"/calls/{world.call.id}/workbench")
    assert "The chosen changes are being accepted" in bench.text
    part = visitor.get(f"{asked}/progress", headers={"HX-Request": "true"})
    assert part.text.lstrip().startswith("<section")
    job(db)
    ended = visitor.get(f"{asked}/progress", headers={"HX-Request": "true"})
    assert (ended.status_code, ended.headers["HX-Redirect"]) == (204, asked)


def test_a_correction_meanwhile_stops_it_and_the_page_says_why(
    visitor: Browser, db: Session, world: World, proposal: Grouping, carol: Person
) -> None:
    form = visitor.sign_in(db, carol).open(here(proposal)).form("/partial-acceptance")
    page = visitor.hand_in(form, {"group": [str(key) for key in world.keys("water")]})
    solar = next(one for one in clusters_of(db, world.before.id) if one.label == "solar")
    corrections.rename(db, solar, "Sun", carol.id)
    db.commit()

    job(db)

    page = visitor.open(page.url)
    assert "Something was corrected since this grouping ran" in page.text
    assert page.link("The proposal it was chosen from") == here(proposal)
    bench = visitor.open(f"/calls/{world.call.id}/workbench")
    assert "Something was corrected since this grouping ran" in bench.text
    assert has_form(bench, "/discarding")
    assert accepted_grouping(db, world.call.id) == world.before


def test_who_was_held_back_by_a_correction_is_told(
    visitor: Browser, db: Session, world: World, carol: Person
) -> None:
    solar = next(one for one in clusters_of(db, world.before.id) if one.label == "solar")
    moved, themes = world.themes["water"][0], world.themes
    home = db.get_one(Placement, (world.before.id, moved)).cluster_id
    corrections_voices.move(db, world.call, {moved: home}, solar, carol.id)
    groups = {"solar": themes["solar"], "water": themes["water"], "buses": [*themes["buses"], world.new],
              "mining": themes["mining"], "school": themes["school"]}  # fmt: skip
    hostile = world.written.propose(groups)
    db.commit()
    form = visitor.sign_in(db, carol).open(here(hostile)).form("/partial-acceptance")

    page = visitor.hand_in(form, {"group": [str(key) for key in world.keys("water")]})
    job(db)

    assert "One voice stayed where it was, because a correction holds it." in visitor.open(page.url).text


def test_all_changes_together_are_the_proposal(
    visitor: Browser, db: Session, world: World, proposal: Grouping, carol: Person
) -> None:
    page = visitor.hand_in(visitor.sign_in(db, carol).open(here(proposal)).form("/partial-acceptance"))

    assert "The one before stays readable" in page.text
    db.expire_all()
    assert accepted_grouping(db, world.call.id) == proposal


def test_no_change_is_refused_and_the_ticks_are_kept(
    visitor: Browser, db: Session, proposal: Grouping, carol: Person
) -> None:
    form = visitor.sign_in(db, carol).open(here(proposal)).form("/partial-acceptance")

    page = visitor.hand_in(form, {"group": []}, status=422)

    assert "Choose at least one change" in page.text
    assert "group" not in page.form("/partial-acceptance").fields


def test_ticks_that_name_nothing_are_no_choice(
    visitor: Browser, db: Session, proposal: Grouping, carol: Person
) -> None:
    visitor.sign_in(db, carol)

    assert visitor.fill_in(f"{here(proposal)}/partial-acceptance", {"group": "x"}).status_code == 400


def test_after_a_correction_nothing_can_be_chosen(
    visitor: Browser, db: Session, world: World, proposal: Grouping, carol: Person
) -> None:
    form = visitor.sign_in(db, carol).open(here(proposal)).form("/partial-acceptance")
    solar = next(one for one in clusters_of(db, world.before.id) if one.label == "solar")
    corrections.rename(db, solar, "Sun", carol.id)
    db.commit()

    page = visitor.hand_in(form, status=409)

    assert "Something was corrected since" in page.text
    assert not has_form(page, "acceptance")
    assert not has_form(page, "levels")


def test_other_levels_are_looked_at_by_a_plain_form(
    visitor: Browser, db: Session, proposal: Grouping, carol: Person
) -> None:
    form = visitor.sign_in(db, carol).open(here(proposal)).form(f"{here(proposal)}#levels")
    assert form.fields == {"mission": "2", "project": "3"}

    page = visitor.open(f"{here(proposal)}?mission=1&project=2")

    assert "Step 1 for missions, step 2 for project proposals." in page.text
    assert "2 missions, 5 project proposals" in page.text
    assert page.form("/levels", button="Use these levels").fields["mission"] == "1"


@pytest.mark.parametrize("steps", ["mission=3&project=2", "mission=0&project=2", "mission=x&project=9999999"])
def test_levels_that_are_none_say_so(
    visitor: Browser, db: Session, proposal: Grouping, carol: Person, steps: str
) -> None:
    page = visitor.sign_in(db, carol).open(f"{here(proposal)}?{steps}")

    assert "choose for them a finer step" in page.text or "no such step" in page.text
    assert "Use these levels" not in page.text


def test_sliding_asks_for_the_part_that_changes(
    visitor: Browser, db: Session, proposal: Grouping, carol: Person
) -> None:
    visitor.sign_in(db, carol)
    path = f"{here(proposal)}/levels?mission=1&project=3"

    part = visitor.get(path, headers={"HX-Request": "true"})
    whole = visitor.get(path, follow_redirects=False)

    assert part.status_code == 200
    assert part.text.lstrip().startswith('<div id="steps-seen"')
    assert "<html" not in part.text
    assert whole.status_code == 303


def test_levels_are_used_by_a_run_that_takes_the_place_of_the_proposal(
    visitor: Browser, db: Session, world: World, proposal: Grouping, carol: Person
) -> None:
    page = visitor.sign_in(db, carol).open(f"{here(proposal)}?mission=1&project=2")

    running = visitor.hand_in(page.form("/levels", button="Use these levels"))

    assert "The groups at these levels are being worked out" in running.text
    made = db.exec(select(Grouping).where(Grouping.state == GroupingState.QUEUED)).one()
    assert "A grouping is running" in running.text
    done = visitor.get(f"/groupings/{made.id}/progress", headers={"HX-Request": "true"})
    assert done.status_code == 200
    refused = visitor.hand_in(page.form("/levels", button="Use these levels"), status=409)
    assert "already running" in refused.text


def test_nobody_else_sees_the_ladder(
    visitor: Browser, db: Session, world: World, proposal: Grouping, carol: Person
) -> None:
    groupings.accept(db, proposal, carol.id)
    db.commit()
    htmx = {"HX-Request": "true"}

    assert visitor.get(f"{here(proposal)}/levels", headers=htmx).status_code in (401, 403)
    assert "Coarser or finer" not in visitor.open(here(proposal)).text
    visitor.sign_in(db, make_person(db, "Dave"))
    assert visitor.get(f"{here(proposal)}/levels", headers=htmx).status_code == 403
    assert "Coarser or finer" not in visitor.open(f"{here(proposal)}?mission=1&project=2").text


def test_every_grouping_so_far_stays_readable(
    visitor: Browser, db: Session, world: World, proposal: Grouping, carol: Person
) -> None:
    visitor.sign_in(db, carol)
    keys = [str(key) for key in world.keys("water")]
    visitor.hand_in(visitor.open(here(proposal)).form("/partial-acceptance"), {"group": keys})
    job(db)
    path = f"/calls/{world.call.id}/groupings"
    assert "Carol" in visitor.open(path).text
    visitor.cookies.clear()

    page = visitor.open(path)

    assert len(page.main.all("tr")) == 1 + 2
    assert "1 of 5 changes" in page.text
    assert "Carol" not in page.text
    assert "everyone sees it now" in page.text
    old = visitor.open(here(world.before))
    assert "mining" in old.text
    assert not has_form(old, "acceptance")


def test_many_past_groupings_have_pages(
    visitor: Browser, db: Session, world: World, proposal: Grouping, carol: Person
) -> None:
    began = world.before.accepted_at
    assert began is not None
    for day in range(1, 45):
        at = began - timedelta(days=day)
        facts = {"call_id": world.call.id, "accepted_at": at, "accepted_by_id": carol.id, "size": day}
        db.add(Grouping(state=GroupingState.SUPERSEDED, **facts))
    db.commit()

    pages = [visitor.open(f"/calls/{world.call.id}/groupings")]
    while "Next page" in pages[-1].text:
        pages.append(visitor.open(pages[-1].link("Next page")))

    rows = [row.text for page in pages for row in page.main.all("tr")[1:]]
    assert [len(page.main.all("tr")) - 1 for page in pages] == [20, 20, 5]
    assert len(set(rows)) == 45
    assert ["everyone sees it now" in row for row in rows] == [True] + [False] * 44
    assert pages[1].link("Previous page") == f"/calls/{world.call.id}/groupings"
    # What ends one page is what the first of the next page lasted until.
    since, until = ([cell.text for cell in page.main.all("time")] for page in pages[:2])
    assert until[1] == since[-2]
    assert visitor.get(f"/calls/{world.call.id}/groupings?after=x").status_code == 400


def test_the_bench_offers_to_group_again(visitor: Browser, db: Session, world: World, carol: Person) -> None:
    world.before.measures = {**world.before.measures, "voices": 20}
    world.before.created_at = world.before.finished_at = world.call.opens_at
    db.commit()

    page = visitor.sign_in(db, carol).open(f"/calls/{world.call.id}/workbench")

    assert "6 new voices since; group again?" in page.text


def test_an_uncertain_grouping_says_so_to_everyone(
    visitor: Browser, db: Session, world: World, proposal: Grouping, carol: Person
) -> None:
    proposal.measures = {**proposal.measures, "stability": 0.3}
    db.commit()
    visitor.sign_in(db, carol)
    assert "A coarser step is often firmer" in visitor.open(here(proposal)).text
    assert "Its groups are uncertain" in visitor.open(f"/calls/{world.call.id}/workbench").text
    groupings.accept(db, proposal, carol.id)
    db.commit()
    visitor.cookies.clear()

    assert "These groups are uncertain" in visitor.open(here(proposal)).text
    groups = visitor.open(f"/calls/{world.call.id}/groups")
    assert "These groups are uncertain" in groups.text
    assert groups.link("Groupings so far") == f"/calls/{world.call.id}/groupings"
    assert "These groups are uncertain" in visitor.open(f"/calls/{world.call.id}/map").text
    group = clusters_of(db, proposal.id, ClusterLevel.MISSION)[0]
    assert "This group is uncertain" in visitor.open(f"/clusters/{group.id}").text
    proposal.measures = {**proposal.measures, "stability": 0.9}
    db.commit()
    assert "uncertain" not in visitor.open(f"/calls/{world.call.id}/map").text
    assert "uncertain" not in visitor.open(f"/clusters/{group.id}").text


def test_withdrawn_words_are_in_no_move(
    visitor: Browser, db: Session, world: World, proposal: Grouping, carol: Person
) -> None:
    gone = db.get_one(Submission, world.themes["solar"][4])
    words, gone.text, gone.state = gone.text, "", SubmissionState.WITHDRAWN
    db.commit()

    page = visitor.sign_in(db, carol).open(here(proposal))

    assert words[:40] not in page.text
    assert "1 comes from “solar”" in page.text


def test_every_move_of_a_grouping_is_listed(
    visitor: Browser, db: Session, world: World, proposal: Grouping, carol: Person
) -> None:
    visitor.sign_in(db, carol)
    keys = [str(key) for key in world.keys("water", "school")]
    visitor.hand_in(visitor.open(here(proposal)).form("/partial-acceptance"), {"group": keys})
    job(db)
    db.expire_all()
    made = accepted_grouping(db, world.call.id)
    assert made is not None
    visitor.cookies.clear()

    page = visitor.open(f"{here(made)}/moves")

    assert db.get(KeptMoves, made.id) is not None
    rows = [row.text for row in page.main.all("tr")]
    assert len(rows) == 1 + 7
    assert sum("“solar” “water”" in row for row in rows) == 2
    assert sum("ungrouped “school”" in row for row in rows) == 5
    assert "Nobody changes groups" in visitor.open(f"{here(made)}/moves?page=9").text
    assert visitor.get(f"{here(proposal)}/moves").status_code == 404


def test_every_move_of_both_levels_can_be_read(
    visitor: Browser, db: Session, world: World, proposal: Grouping, carol: Person
) -> None:
    themes, keys = world.themes, world.written.keys
    groupings.accept(db, proposal, carol.id)
    roofs = next(one for one in clusters_of(db, world.before.id) if one.label == "roofs")
    told = [
        Told(key, keys["solar"], keys["water"], 0.9 - at / 1000)
        for at, key in enumerate(themes["solar"] * 24)
    ]
    inner = [
        Told(themes["mining"][0], None, roofs.key, None),
        Told(themes["mining"][1], roofs.key, None, 0.25),
    ]
    groupings_moves.keep(db, proposal.id, {ClusterLevel.MISSION: told, ClusterLevel.PROJECT: inner})
    nothing = {"submissions": 0, "missions": 0, "projects": 0, "ungrouped": 0}
    proposal.diff = {
        "kept": [], "grown": [], "new": [], "gone": [], "split": [], "merged": [], "joined": 0, "rearranged": 2,
        "moved": {"count": 120, "texts": []}, "before": nothing, "after": nothing,
    }  # fmt: skip
    gone = db.get_one(Submission, themes["mining"][1])
    gone.state, gone.hidden_rule = SubmissionState.HIDDEN, "abuse"
    db.commit()

    pages = [visitor.open(f"{here(proposal)}/moves")]
    while "Next page" in pages[-1].text:
        pages.append(visitor.open(pages[-1].link("Next page")))

    assert [len(page.main.all("tr")) - 1 for page in pages] == [50, 50, 20]
    assert "Page 2 of 3" in pages[1].text
    assert pages[1].link("Previous page") == f"{here(proposal)}/moves?page=1"
    assert all("“solar” “water”" in row.text for page in pages for row in page.main.all("tr")[1:])
    inside = visitor.open(pages[0].link("To another project proposal of their group 2"))
    rows = [row.text for row in inside.main.all("tr")]
    assert len(rows) == 1 + 1
    assert "no project proposal “roofs” – –" in rows[1]
    assert "One voice of this page was withdrawn or hidden since and is not listed." in inside.text
    assert "stay in their group" in inside.text
    assert "changes its project proposal" in visitor.open(here(proposal)).text


def test_a_proposal_leads_to_its_moves_between_projects(
    visitor: Browser, db: Session, world: World, carol: Person
) -> None:
    solar = world.themes["solar"]
    groups = {"solar": {"roofs": solar[:2], "fields": solar[2:]}, "water": world.themes["water"],
              "buses": world.themes["buses"], "mining": world.themes["mining"]}  # fmt: skip
    proposal = world.written.propose(groups, world.themes["school"])
    db.commit()

    page = visitor.sign_in(db, carol).open(here(proposal))

    assert page.link("Every voice that stays in its group and changes its project proposal").endswith(
        "/moves?level=project"
    )


def test_a_long_list_of_moves_has_pages(
    visitor: Browser, db: Session, world: World, proposal: Grouping
) -> None:
    keys = {name: str(key) for name, key in world.written.keys.items()}
    told = [
        {"submission": str(key), "from": keys["solar"], "to": keys["water"], "margin": 0.2}
        for key in (world.themes["solar"] * 20)[:60]
    ]
    nothing = {"submissions": 0, "missions": 0, "projects": 0, "ungrouped": 0}
    world.before.diff = {
        "kept": [], "grown": [], "new": [], "gone": [], "split": [], "merged": [], "joined": 0,
        "moved": {"count": 700, "texts": told}, "before": nothing, "after": nothing,
    }  # fmt: skip
    db.commit()

    first = visitor.open(f"{here(world.before)}/moves")

    assert "The 60 clearest of 700." in first.text
    assert len(first.main.all("tr")) == 51
    second = visitor.open(first.link("Next page"))
    assert len(second.main.all("tr")) == 11
    assert "nearer than the next" in second.text
