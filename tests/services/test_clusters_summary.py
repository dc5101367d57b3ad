"""Summaries as people read them: sentences of public voices, and no word of one that was taken back."""

from uuid import UUID

import pytest
from sqlmodel import Session, select

from app.models.call import Call
from app.models.cluster import Cluster, clusters_of
from app.models.endorsement import Endorsement
from app.models.grouping import Grouping, accepted_grouping
from app.models.person import Person
from app.models.submission import Submission
from app.rules.moderation import HidingRule
from app.rules.words import ClusterLevel, StakeholderGroup, SubmissionState
from app.services import clusters, clusters_summary, corrections, counts, groupings, moderation, submissions
from app.services.drafts import Said
from tests.people import make_person
from tests.services.voices import EMBEDDER, make_themes, silent, voice

Kinds = StakeholderGroup


@pytest.fixture
def call(session: Session) -> Call:
    made = make_themes(session)[0]
    groupings.group_now(session, made.id, EMBEDDER, silent)
    return made


def of(session: Session, call: Call) -> list[Cluster]:
    grouping = accepted_grouping(session, call.id)
    assert grouping is not None
    return clusters_of(session, grouping.id, ClusterLevel.MISSION)


def read(session: Session, cluster: Cluster) -> clusters_summary.Shown:
    session.refresh(cluster)
    return clusters.evidence(session, cluster).summary


def test_every_group_is_summed_up_in_sentences_of_its_own_voices(session: Session, call: Call) -> None:
    for cluster in of(session, call):
        found = read(session, cluster)

        inside = {one.id for one in clusters.members(session, cluster).rows}
        assert 1 <= len(found.points) <= 5
        assert 0 < found.covered <= 1
        for one in found.points:
            assert one.text in one.submission.text
            assert one.submission.id in inside


def test_what_is_kept_holds_no_words(session: Session, call: Call) -> None:
    kept = str([cluster.summary for cluster in of(session, call)])

    assert "points" in kept
    assert not any(word in kept for word in ("solar", "water", "school"))


@pytest.mark.parametrize("how", ["withdrawn", "hidden", "edited"])
def test_words_taken_back_are_in_no_summary(session: Session, call: Call, how: str) -> None:
    cluster = of(session, call)[0]
    before = read(session, cluster)
    quoted = before.points[0].submission
    words = before.points[0].text
    author = quoted.author_id
    assert author is not None

    if how == "withdrawn":
        submissions.withdraw(session, quoted, author)
    elif how == "hidden":
        moderation.hide(
            session, quoted, make_person(session, "Mo"), HidingRule.INSULT, "It insults people.", ""
        )
    else:
        said = Said(text="x" * len(quoted.text), kind=quoted.kind)
        submissions.edit(session, quoted, said, quoted.version, make_person(session, "Author of it"))

    after = read(session, cluster)
    assert words not in [one.text for one in after.points]
    assert quoted.id not in [one.submission.id for one in after.points]
    assert after.taken_back == 1
    assert after.covered < before.covered
    assert str(quoted.id) not in str(cluster.summary)


def test_a_voice_that_changed_its_length_is_not_quoted_by_a_place_of_before(
    session: Session, call: Call
) -> None:
    """Even if nobody told the summary: the place would cut the new words anywhere."""
    cluster = of(session, call)[0]
    quoted = read(session, cluster).points[0].submission

    quoted.text = "Something else entirely is written here now, and at length"
    session.flush()

    assert quoted.id not in [one.submission.id for one in read(session, cluster).points]


def test_who_leaves_while_a_run_reads_is_in_none_of_its_summaries(session: Session, call: Call) -> None:
    grouping = accepted_grouping(session, call.id)
    assert grouping is not None
    cluster = of(session, call)[0]
    gone = session.get_one(Submission, UUID(cluster.summary["points"][0]["submission"]))
    gone.state, gone.text, gone.title = "withdrawn", "", ""
    session.flush()

    clusters_summary.forget_gone(session, grouping)

    assert str(gone.id) not in str(of(session, call)[0].summary)


def test_a_correction_sums_up_the_groups_it_touched(session: Session, call: Call) -> None:
    first, second = of(session, call)[:2]
    voices = [one.id for one in clusters.members(session, second).rows]

    corrections.merge(session, first, second, make_person(session, "Carol").id)

    live = [one for one in of(session, call) if one.id in (first.id, second.id)]
    found = read(session, live[0])
    assert found.points
    assert {one.submission.id for one in found.points} & set(voices)


LETTER = "solar solar solar panels on the school roof are what the company wants everybody to ask for today"


def campaign(session: Session, call: Call) -> list[UUID]:
    """Twelve copies of a letter, grouped and shown."""
    sent = [voice(session, call, f"{LETTER} {'please' if at % 2 else 'now'} {at}").id for at in range(12)]
    groupings.group_now(session, call.id, EMBEDDER, silent)
    proposed = session.exec(select(Grouping).where(Grouping.state == "proposed")).one()
    groupings.accept(session, proposed, None)
    return sent


def campaigns(session: Session, call: Call) -> list[clusters_summary.Sentence]:
    return [one for cluster in of(session, call) for one in read(session, cluster).campaigns]


def test_near_copies_are_named_with_their_number(session: Session, call: Call) -> None:
    campaign(session, call)

    told = campaigns(session, call)

    assert [one.voices for one in told] == [12]
    assert told[0].text.startswith(LETTER)
    quoted = [key for cluster in of(session, call) for key in cluster.representatives]
    assert sum(session.get_one(Submission, UUID(key)).text.startswith(LETTER) for key in quoted) <= 2
    kept = [one for cluster in of(session, call) for one in cluster.summary["campaigns"]]
    assert [len(one["copies"]) for one in kept] == [12]
    assert all(isinstance(number, int) for number in kept[0]["copies"])


@pytest.mark.parametrize("how", ["withdrawn", "hidden", "edited"])
def test_copies_that_are_taken_back_are_counted_no_more(session: Session, call: Call, how: str) -> None:
    """Also the very one whose words stand there: another of them is shown then."""
    sent = campaign(session, call)
    shown = campaigns(session, call)[0].submission
    mo = make_person(session, "Mo")
    for left, one in enumerate([shown.id, *(key for key in sent if key != shown.id)][:11], 1):
        gone = session.get_one(Submission, one)
        author = gone.author_id
        assert author is not None
        if how == "withdrawn":
            submissions.withdraw(session, gone, author)
        elif how == "hidden":
            moderation.hide(session, gone, mo, HidingRule.INSULT, "It insults people.", "")
        else:
            said = Said(text=f"Something else about buses, number {left}.", kind=gone.kind)
            submissions.edit(session, gone, said, gone.version, session.get_one(Person, author))
        told = campaigns(session, call)

        assert [one.voices for one in told] == ([12 - left] if left < 11 else [])
        assert all(one.submission.id != gone.id for one in told)
        assert all(one.text.startswith(LETTER) for one in told)


def test_copies_that_leave_while_a_run_reads_are_not_counted(session: Session, call: Call) -> None:
    sent = campaign(session, call)
    grouping = accepted_grouping(session, call.id)
    assert grouping is not None
    for key in sent[:5]:
        gone = session.get_one(Submission, key)
        gone.state, gone.hidden_rule = SubmissionState.HIDDEN, "insult"
    session.flush()

    clusters_summary.forget_gone(session, grouping)

    assert [one.voices for one in campaigns(session, call)] == [7]


def test_a_correction_counts_the_copies_of_the_groups_it_touched(session: Session, call: Call) -> None:
    campaign(session, call)
    solar = next(one for one in of(session, call) if read(session, one).campaigns)
    other = next(one for one in of(session, call) if one.id != solar.id)

    corrections.merge(session, solar, other, make_person(session, "Carol").id)

    kept = next(one for one in of(session, call) if one.id == solar.id).summary["campaigns"]
    assert [(one["voices"], len(one["copies"])) for one in kept] == [(12, 12)]
    assert all(isinstance(number, int) for number in kept[0]["copies"])


def test_a_small_group_with_broad_support_is_marked_and_comes_first_by_breadth(
    session: Session, call: Call
) -> None:
    for at in range(20):
        voice(session, call, f"solar solar solar panels on roof number {at} in Calama")
    groupings.group_now(session, call.id, EMBEDDER, silent)
    proposed = session.exec(select(Grouping).where(Grouping.state == "proposed")).one()
    groupings.accept(session, proposed, None)
    small = of(session, call)[-1]
    told = clusters.members(session, small).rows[0]
    for at, group in enumerate([Kinds.PRIVATE, Kinds.PRIVATE, Kinds.ACADEMIA, Kinds.ACADEMIA]):
        giver = make_person(session, f"Giver {at}", group=group)
        session.add(Endorsement(submission_id=told.id, person_id=giver.id))
    giver = make_person(session, "Waiting", group=Kinds.PUBLIC)
    session.add(Endorsement(submission_id=told.id, person_id=giver.id, counts=False))
    session.flush()
    counts.forget(call.id)

    largest = clusters.of_call(session, call).missions
    broadest = clusters.of_call(session, call, broadest_first=True).missions

    assert largest[0].cluster.size > small.size
    assert broadest[0].cluster.id == small.id
    assert broadest[0].is_small_and_broad
    assert broadest[0].breadth.people == {"citizens": small.authors, "private": 2, "academia": 2}
    assert not any(one.is_small_and_broad for one in broadest[1:])
    assert {one.cluster.id for one in largest} == {one.cluster.id for one in broadest}, (
        "nothing is hidden by size"
    )


def test_votes_are_told_by_whose_voices_they_are_about(session: Session, call: Call) -> None:
    cluster = of(session, call)[0]
    rows = clusters.members(session, cluster).rows
    for at, submission in enumerate(rows):
        submission.group = Kinds.PRIVATE if at < 2 else Kinds.CITIZENS
        agreed = (5, 95) if at < 2 else (90, 10)
        submission.imported_agrees, submission.imported_disagrees = agreed
        submission.place = "Calama" if at else ""
    session.flush()

    found = clusters.evidence(session, cluster).voices

    sides = {side.name: side for side in found.groups}
    assert sides["private"].agrees == 10
    assert sides["private"].disagrees == 190
    assert sides["private"].voices == 2
    assert found.whole.votes == 100 * len(rows)
    assert found.division.agreed == ("citizens",)
    assert found.division.contested == ("private",)
    assert [(side.name, side.voices) for side in found.places] == [("Calama", len(rows) - 1)]
    assert [side.name for side in found.languages] == ["en"]
