"""Groups, the ungrouped and the map, as everyone reads them: nothing hidden, nothing of words that were taken back."""

from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from app.models.call import Call
from app.models.cluster import Cluster, clusters_of
from app.models.endorsement import Endorsement
from app.models.grouping import Grouping, accepted_grouping
from app.models.placement import Placement
from app.models.submission import Submission
from app.rules.moderation import HidingRule
from app.rules.words import CallState, ClusterLevel, ClusterState, PlacedBy, StakeholderGroup, SubmissionState
from app.services import clusters_judgement, counts, embeddings, groupings, idea_map, moderation, submissions
from tests.client import Browser
from tests.factories import make_call
from tests.people import make_person
from tests.services.voices import EMBEDDER, make_themes, silent, voice


@pytest.fixture
def call(db: Session) -> Call:
    made = make_themes(db)[0]
    voice(db, made, "zebra quux xylophone")
    groupings.group_now(db, made.id, EMBEDDER, silent)
    db.commit()
    return made


def missions(db: Session, call: Call) -> list[Cluster]:
    grouping = accepted_grouping(db, call.id)
    assert grouping is not None
    return clusters_of(db, grouping.id, ClusterLevel.MISSION)


def test_before_any_grouping_each_page_says_what_will_be_there(visitor: Browser, db: Session) -> None:
    call = make_call(db)
    db.commit()

    assert "No groups yet" in visitor.open(f"/calls/{call.id}/groups").text
    assert "No groups yet" in visitor.open(f"/calls/{call.id}/ungrouped").text
    assert "No map yet" in visitor.open(f"/calls/{call.id}/map").text
    assert visitor.get(f"/calls/{call.id}/map.json").json()["id"] == []


def test_every_group_is_listed_the_largest_first(visitor: Browser, db: Session, call: Call) -> None:
    text = visitor.open(f"/calls/{call.id}/groups").text

    places = [text.index(one.label) for one in missions(db, call)]
    assert places == sorted(places)


def test_a_group_shows_its_evidence_and_both_ends_of_the_thread(
    visitor: Browser, db: Session, call: Call
) -> None:
    cluster = missions(db, call)[0]

    page = visitor.open(f"/clusters/{cluster.id}")

    assert cluster.label in page.heading
    for key in cluster.representatives:
        assert f"/submissions/{key}" in page.links
    for words in (
        "Why we think people say this",
        "of the people heard",
        "What was left ungrouped",
        "Suggested by",
    ):
        assert words in page.text


def test_the_pages_of_a_long_group_lead_to_every_voice(visitor: Browser, db: Session, call: Call) -> None:
    for number in range(45):
        voice(
            db,
            call,
            f"solar solar roof panels number {number} on the school roof",
            endorsement_count=number % 3,
        )
    groupings.group_now(db, call.id, EMBEDDER, silent)
    db.commit()
    proposed = db.exec(select(Grouping).where(Grouping.state == "proposed")).one()
    groupings.accept(db, proposed, None)
    db.commit()
    cluster = missions(db, call)[0]
    found: set[str] = set()

    path: str | None = f"/clusters/{cluster.id}"
    while path:
        page = visitor.open(path)
        found |= {
            card.get("href")
            for one in page.main.all("ul")
            if one.get("class") == "voices"
            for card in one.all("a")
        }
        path = next((each for each in page.links if "after=" in each), None)

    assert len(found) == cluster.size > 40


def test_withdrawn_words_disappear_and_are_named_beside_the_count(
    visitor: Browser, db: Session, call: Call
) -> None:
    cluster = missions(db, call)[0]
    quoted = db.get_one(Submission, cluster.representatives[0])
    words, size = quoted.text, cluster.size
    assert words in visitor.open(f"/clusters/{cluster.id}").text
    assert quoted.author_id is not None

    submissions.withdraw(db, quoted, quoted.author_id)
    db.commit()

    page = visitor.open(f"/clusters/{cluster.id}")
    assert words not in page.text
    assert f"All {size - 1} voices" in page.text
    assert "1 more was withdrawn by its author" in page.text
    for path in (f"/calls/{call.id}/groups", f"/calls/{call.id}/map", f"/calls/{call.id}/map.json"):
        assert words not in visitor.get(path).text
    assert visitor.get(f"/calls/{call.id}/map/{quoted.id}.json").status_code == 404


def test_a_group_named_after_withdrawn_words_gets_its_keywords(
    visitor: Browser, db: Session, call: Call
) -> None:
    cluster = missions(db, call)[0]
    source = db.get_one(Submission, cluster.measures["label_from"])
    label = cluster.label
    assert source.author_id is not None

    submissions.withdraw(db, source, source.author_id)
    db.commit()

    assert label not in visitor.open(f"/calls/{call.id}/groups").text
    heading = visitor.open(f"/clusters/{cluster.id}").heading
    assert cluster.keywords[0] in heading
    assert "“" not in heading, "keywords are no quotation"


def test_every_page_counts_the_same_public_voices(visitor: Browser, db: Session, call: Call) -> None:
    grouped = db.exec(select(Submission).where(Submission.state == SubmissionState.GROUPED)).all()
    pile = db.exec(select(Submission).where(Submission.state == SubmissionState.VISIBLE)).all()
    moderator = make_person(db, "Mod")
    for each in grouped[:2]:
        assert each.author_id is not None
        submissions.withdraw(db, each, each.author_id)
    moderation.hide(db, grouped[7], moderator, HidingRule.INSULT, "rude", "")
    late = voice(db, call, "so new that nobody has read it")
    db.commit()

    in_groups, alone = len(grouped) - 3, len(pile)
    public = in_groups + alone + 1
    told = visitor.open(f"/calls/{call.id}/submissions").text
    groups = visitor.open(f"/calls/{call.id}/groups").text
    drawn = visitor.open(f"/calls/{call.id}/map").text
    points = visitor.get(f"/calls/{call.id}/map.json").json()

    assert f"{public} voices" in told
    assert f"Public voices{public}In groups{in_groups}Left ungrouped{alone}" in groups
    assert "2 more were withdrawn by their authors" in groups
    assert "1 more is hidden by a moderator" in groups
    assert f"{public} voices around" in drawn
    assert "1 is so new that it has no place here yet" in drawn
    assert len(points["id"]) == public - 1
    assert str(late.id) not in points["id"]
    assert sum(one["size"] for one in points["groups"]) == in_groups


def test_a_restored_voice_counts_again(visitor: Browser, db: Session, call: Call) -> None:
    cluster = missions(db, call)[0]
    hidden = db.get_one(Submission, cluster.representatives[0])
    moderator, size = make_person(db, "Mod"), cluster.size
    moderation.hide(db, hidden, moderator, HidingRule.INSULT, "rude", "")
    db.commit()
    assert db.get_one(Cluster, cluster.id).size == size - 1

    moderation.restore(db, hidden, moderator, "it was no insult", "")
    db.commit()

    assert db.get_one(Cluster, cluster.id).size == size


def test_a_group_set_aside_is_no_concern_of_the_list(visitor: Browser, db: Session, call: Call) -> None:
    every = missions(db, call)
    before = visitor.open(f"/calls/{call.id}/groups").text
    clusters_judgement.judge(db, every[0], ClusterState.SET_ASIDE, make_person(db).id, "Off the question")
    db.commit()

    assert f"{len(every)} shared concerns" in before
    assert f"{len(every) - 1} shared concerns" in visitor.open(f"/calls/{call.id}/groups").text
    assert f"{len(every) - 1} concerns" in visitor.open(f"/calls/{call.id}/map").text


def test_support_says_what_was_given_here_and_what_came_along(
    visitor: Browser, db: Session, call: Call
) -> None:
    cluster = missions(db, call)[0]
    first, second = (db.get_one(Submission, key) for key in cluster.representatives[:2])
    first.endorsement_count, second.imported_agrees = 3, 40
    db.commit()

    listed = visitor.open(f"/calls/{call.id}/groups").text
    page = visitor.open(f"/clusters/{cluster.id}").text

    assert "3 endorsements" in listed
    assert "40 agreements in the source" in listed
    assert "Endorsements here3Agreements in the source40Support, both together43" in page


def test_a_grouping_that_found_nothing_says_so(visitor: Browser, db: Session) -> None:
    call = make_call(db)
    voice(db, call, "A slide for small children")
    voice(db, call, "Dogs need a field")
    groupings.group_now(db, call.id, EMBEDDER, silent)
    db.commit()

    groups = visitor.open(f"/calls/{call.id}/groups").text
    drawn = visitor.open(f"/calls/{call.id}/map").text

    assert "No groups were found" in groups
    assert "0 voices" not in groups
    assert "shared concern" not in groups
    assert "2 voices, in no group yet" in drawn
    assert "0 concerns" not in drawn


def test_the_ungrouped_stand_with_their_reason(visitor: Browser, db: Session, call: Call) -> None:
    grouping = accepted_grouping(db, call.id)
    assert grouping is not None
    query = select(Placement).where(Placement.grouping_id == grouping.id, col(Placement.cluster_id).is_(None))
    pile = db.exec(query).all()
    assert pile

    page = visitor.open(f"/calls/{call.id}/ungrouped")

    assert "zebra quux xylophone" in page.text
    assert all(one.reason and one.by is PlacedBy.MACHINE for one in pile)
    assert pile[0].reason in page.text


def test_an_earlier_grouping_stays_readable_and_names_the_present_one(
    visitor: Browser, db: Session, call: Call
) -> None:
    before = missions(db, call)[0]
    groupings.group_now(db, call.id, EMBEDDER, silent)
    proposed = db.exec(select(Grouping).where(Grouping.state == "proposed")).one()
    groupings.accept(db, proposed, None)
    db.commit()

    page = visitor.open(f"/clusters/{before.id}")

    now = next(one for one in missions(db, call) if one.key == before.key)
    assert "an earlier grouping" in page.text
    assert f"/clusters/{now.id}" in page.links
    assert str(proposed.seed) in visitor.open(f"/groupings/{proposed.id}").text


def test_the_map_and_its_table_say_the_same(visitor: Browser, db: Session, call: Call) -> None:
    data = visitor.get(f"/calls/{call.id}/map.json").json()
    page = visitor.open(f"/calls/{call.id}/map")

    columns = {len(data[name]) for name in ("id", "x", "y", "group", "text")}
    assert columns == {26}
    assert {one["size"] for one in data["groups"]} == {one.size for one in missions(db, call)}
    assert {f"/submissions/{key}" for key in data["id"]} == {
        each for each in page.links if each.startswith("/submissions/")
    }


def test_a_large_map_asks_for_words_one_by_one(
    visitor: Browser, db: Session, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idea_map, "TEXTS_AT_MOST", 10)

    data = visitor.get(f"/calls/{call.id}/map.json").json()

    assert data["text"] is None
    asked = visitor.get(f"/calls/{call.id}/map/{data['id'][0]}.json").json()
    assert asked["text"].startswith("solar")


def test_hidden_and_waiting_words_are_on_no_page_of_groups(visitor: Browser, db: Session, call: Call) -> None:
    for path in ("groups", "ungrouped", "map", "map.json"):
        text = visitor.get(f"/calls/{call.id}/{path}").text
        assert "hidden words" not in text
        assert "waiting words" not in text


def test_groups_of_a_draft_are_nobodys_business(visitor: Browser, db: Session, call: Call) -> None:
    cluster = missions(db, call)[0]
    call.state = CallState.DRAFT
    db.add(call)
    db.commit()

    for path in ("groups", "ungrouped", "map", "map.json"):
        assert visitor.get(f"/calls/{call.id}/{path}").status_code == 404
    assert cluster.id


def test_a_broken_cursor_is_a_plain_refusal(visitor: Browser, call: Call) -> None:
    for path in ("ungrouped", "map"):
        assert visitor.get(f"/calls/{call.id}/{path}?after=nonsense").status_code == 400


def test_a_published_voice_finds_its_group_at_once(db: Session, call: Call) -> None:
    new = voice(
        db, call, "solar solar panels on the school roof in Calama now", state=SubmissionState.SUBMITTED
    )
    embeddings.embed_batch(db, [new.id], EMBEDDER)
    moderation.publish(db, new, make_person(db, "Carol"))

    assert new.state is SubmissionState.GROUPED


def test_counts_of_nothing_are_not_told(visitor: Browser, db: Session, call: Call) -> None:
    grouping = accepted_grouping(db, call.id)
    assert grouping is not None
    cluster = missions(db, call)[0]
    grouping.ungrouped = cluster.size = cluster.support = 0
    db.commit()

    assert "stand alone" not in visitor.open(f"/calls/{call.id}/map").text
    assert "supported 0" not in visitor.open(f"/calls/{call.id}/groups").text
    assert "All 0 voices" not in visitor.open(f"/clusters/{cluster.id}").text


def test_an_open_question_says_until_when_there_are_no_groups(visitor: Browser, db: Session) -> None:
    call = make_call(db)
    db.commit()

    for page in ("groups", "map"):
        assert "The question is open until" in visitor.open(f"/calls/{call.id}/{page}").text


def test_a_group_says_what_it_says_in_sentences_of_its_voices(
    visitor: Browser, db: Session, call: Call
) -> None:
    cluster = missions(db, call)[0]
    quoted = db.get_one(Submission, UUID(cluster.summary["points"][0]["submission"]))
    words = quoted.text

    page = visitor.open(f"/clusters/{cluster.id}")

    assert "What this group says" in page.text
    assert "A machine chose them and wrote nothing itself" in page.text
    assert words in page.text
    assert f"/submissions/{quoted.id}" in page.links
    assert "Who speaks, and who agrees" in page.text
    assert quoted.author_id is not None
    submissions.withdraw(db, quoted, quoted.author_id)
    db.commit()
    again = visitor.open(f"/clusters/{cluster.id}").text
    assert words not in again
    assert "was taken back or changed since" in again


def test_the_list_of_groups_has_an_order_by_breadth(visitor: Browser, db: Session, call: Call) -> None:
    small = missions(db, call)[-1]
    told = db.get_one(Submission, UUID(small.representatives[0]))
    for at, group in enumerate(["private", "private", "academia", "academia"]):
        giver = make_person(db, f"Giver {at}", group=StakeholderGroup(group))
        db.add(Endorsement(submission_id=told.id, person_id=giver.id))
    voice(db, call, "solar solar solar panels on the roof of the market")
    db.commit()
    counts.forget(call.id)

    plain = visitor.open(f"/calls/{call.id}/groups")
    broad = visitor.open(f"/calls/{call.id}/groups?order=breadth")

    assert f"/calls/{call.id}/groups?order=breadth" in plain.links
    labels = [one.label for one in missions(db, call)]
    assert min(labels, key=broad.text.index) == small.label
    assert all(label in broad.text and label in plain.text for label in labels)
    assert "two people or more who speak or endorse" in broad.text
    other = visitor.open(f"/calls/{call.id}/groups?order=nonsense").text
    assert sorted(labels, key=other.index) == sorted(labels, key=plain.text.index)


def test_votes_of_the_source_say_whether_people_agree(visitor: Browser, db: Session, call: Call) -> None:
    cluster = missions(db, call)[0]
    for key in cluster.representatives:
        told = db.get_one(Submission, UUID(key))
        told.imported_agrees, told.imported_disagrees = 20, 180
    db.commit()

    text = visitor.open(f"/clusters/{cluster.id}").text

    votes = 200 * len(cluster.representatives)
    assert f"most disagreed: {votes * 9 // 10:,} of {votes:,} votes" in text
    assert "which does not tell who cast them" in text
    assert "endorses here: Citizens. Where people voted" in text
