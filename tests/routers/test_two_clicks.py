"""The thread never breaks: from every voice of an answered question to its answer, from every clause to its sources."""

import random
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, col, select

from app.models.call import Call
from app.models.cluster import Cluster
from app.models.columns import now
from app.models.grouping import Grouping
from app.models.link import Link
from app.models.mission import Clause, Mission, clauses_of
from app.models.placement import Placement
from app.models.submission import Submission
from app.rules.moderation import HidingRule
from app.rules.words import (
    ClusterState,
    GroupingState,
    LinkKind,
    Origin,
    StakeholderGroup,
    SubjectKind,
    SubmissionState,
)
from app.services import answers, calls, counts, missions_draft, moderation, submissions
from tests.client import Browser
from tests.factories import make_call, make_submission
from tests.people import make_facilitator, make_organisation, make_person
from tests.rules.many import SCALE
from tests.services.drafted import add_cluster

DAY = timedelta(days=1)


@dataclass
class Answered:
    """A question that was answered; `answer_of` is the agency's word to each voice."""

    call: Call
    answer_of: dict[UUID, str] = field(default_factory=dict)
    missions: list[Mission] = field(default_factory=list)
    gone: list[UUID] = field(default_factory=list)


def make_answered(session: Session, chance: random.Random) -> Answered:
    """Some groups with some proposals each, some voices in none; some are taken back or hidden afterwards."""
    agency = make_organisation(session, f"Agency {uuid4().hex[:8]}")
    carol = make_facilitator(session, agency, f"Carol {uuid4().hex[:6]}")
    call = make_call(
        session, agency, closes_at=now() - DAY, sense_until=now() + DAY, check_until=now() + 2 * DAY
    )
    grouping = Grouping(call_id=call.id, state=GroupingState.ACCEPTED, accepted_at=now(), finished_at=now())
    session.add(grouping)
    session.flush()
    made, groups = Answered(call), dict[str, list[Submission]]()
    for number in range(chance.randint(1, 3)):
        top, voices = make_group(session, grouping, chance)
        groups[str(top.key)] = voices
        if chance.random() < 0.7:
            made.missions.append(missions_draft.draft(session, top, carol.id))
            add_clause(session, made.missions[-1], voices, number)
    loose = [make_voice(session, call, chance) for _each in range(chance.randint(0, 2))]
    session.add_all(
        Placement(grouping_id=grouping.id, submission_id=each.id, reason="unlike") for each in loose
    )
    groups |= {"ungrouped": loose} if loose else {}
    session.flush()
    calls.start_checking(session, call, carol.id, "")
    for key, voices in groups.items():
        outcome = chance.choice([SubmissionState.TAKEN_UP, SubmissionState.NOT_TAKEN_UP])
        reason = f"Our reason is {uuid4().hex}."
        answers.answer(session, call, key, outcome, reason, carol.id)
        made.answer_of |= {each.id: reason for each in voices}
    answers.conclude(session, call, carol.id, "")
    for voice in chance.sample([each for voices in groups.values() for each in voices], 2):
        made.gone.append(voice.id)
        if chance.random() < 0.5:
            submissions.withdraw(session, voice, voice.author_id or carol.id)
        else:
            moderation.hide(session, voice, carol, HidingRule.PERSONAL_DATA, "It insults.", "")
    return made


def make_voice(session: Session, call: Call, chance: random.Random) -> Submission:
    person = make_person(session, f"Voice {uuid4().hex[:10]}")
    words = f"The square of our quarter needs shade, benches and water {uuid4().hex}."
    group = chance.choice(list(StakeholderGroup))
    return make_submission(session, call, person, text=words, group=group, state=SubmissionState.GROUPED)


def make_group(
    session: Session, grouping: Grouping, chance: random.Random
) -> tuple[Cluster, list[Submission]]:
    call = session.get_one(Call, grouping.call_id)
    voices = [make_voice(session, call, chance) for _each in range(chance.randint(2, 14))]
    top = add_cluster(session, grouping, voices, label=voices[0].text[:80], state=ClusterState.CONFIRMED)
    under = [
        add_cluster(session, grouping, voices, label=f"Proposal {number}", parent_id=top.id)
        for number in range(chance.randint(0, 2))
    ]
    for voice in voices:
        cluster = chance.choice([top, *under])
        session.add(Placement(grouping_id=grouping.id, submission_id=voice.id, cluster_id=cluster.id))
    session.flush()
    return top, voices


def add_clause(session: Session, mission: Mission, voices: list[Submission], number: int) -> None:
    """A clause that rests on every voice of the group."""
    last = max(each.position for each in clauses_of(session, mission.id))
    clause = Clause(
        mission_id=mission.id,
        position=last + 1,
        section="change",
        text=f"Shade, {number}.",
        origin=Origin.SUBMISSION,
    )
    session.add(clause)
    session.flush()
    session.add_all(
        Link(
            kind=LinkKind.DERIVES_FROM, from_kind=SubjectKind.CLAUSE, from_id=clause.id,
            to_kind=SubjectKind.SUBMISSION, to_id=each.id,
        )
        for each in voices
    )  # fmt: skip
    session.flush()


def addresses(visitor: Browser, path: str) -> list[str]:
    """Pages that one click leads to from here, in their order."""
    links = [link.partition("#")[0] for link in visitor.open(path).links]
    pages = [each for each in links if each.startswith("/") and not each.startswith("/static")]
    return list(dict.fromkeys(pages))


def clicks_to(visitor: Browser, start: str, words: str, near: str) -> int:
    """How many clicks from a page to one with these words; only pages of the question and of groups are walked."""
    if words in visitor.open(start).main.text:
        return 0
    first = [each for each in addresses(visitor, start) if near in each or "/clusters/" in each]
    if any(words in visitor.open(each).main.text for each in first):
        return 1
    second = {
        there
        for each in first
        for there in addresses(visitor, each)
        if near in there or "/clusters/" in there
    }
    return 2 if any(words in visitor.get(each).text for each in sorted(second)) else 3


@pytest.mark.parametrize("seed", range(2 * SCALE))
def test_every_voice_reaches_its_answer_in_two_clicks(visitor: Browser, db: Session, seed: int) -> None:
    made = make_answered(db, random.Random(seed))
    db.commit()
    counts.forget(made.call.id)
    assert made.answer_of

    for voice, reason in made.answer_of.items():
        assert clicks_to(visitor, f"/submissions/{voice}", reason, f"/calls/{made.call.id}") <= 2


@pytest.mark.parametrize("seed", range(100, 100 + 2 * SCALE))
def test_every_clause_reaches_its_sources_in_two_clicks(visitor: Browser, db: Session, seed: int) -> None:
    made = make_answered(db, random.Random(seed))
    db.commit()
    counts.forget(made.call.id)

    for mission in made.missions:
        start = f"/missions/{mission.id}"
        here = addresses(visitor, start)
        clauses = {each.id for each in clauses_of(db, mission.id)}
        query = select(Link).where(col(Link.from_id).in_(clauses), Link.kind == LinkKind.DERIVES_FROM)
        sources = db.exec(query).all()
        assert clauses == {each.from_id for each in sources}
        wanted = {f"/{each.to_kind}s/{each.to_id}" for each in sources} - set(here)
        for each in here if wanted else []:
            wanted -= set(addresses(visitor, each)) if start in each else set()
        assert not wanted
