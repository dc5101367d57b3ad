"""Replaying the log: as of the instant after every act it tells what the records held then."""

from datetime import timedelta

from sqlmodel import Session, col, select

from app.models.call import Call
from app.models.columns import now
from app.models.event import Event
from app.models.grouping import Grouping
from app.models.person import Person
from app.models.submission import Submission
from app.rules import importing
from app.rules.moderation import HidingRule
from app.rules.phases import CallTimes
from app.rules.words import (
    ClusterState,
    GroupingState,
    SubmissionState,
)
from app.services import (
    accounts,
    answers,
    calls,
    checking,
    clusters_judgement,
    corrections,
    corrections_undo,
    corrections_voices,
    endorsements,
    groupings,
    imports,
    moderation,
    moderation_comments,
    replay,
    statements,
    submissions,
)
from app.services.calls import CallText
from app.services.drafts import Said
from tests.factories import make_call, make_submission
from tests.people import make_organisation, make_person
from tests.replayed import begin
from tests.services.test_corrections import Bench
from tests.services.voices import EMBEDDER, silent

DAY = timedelta(days=1)
HEAD = "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"
RUDE = (HidingRule.INSULT, "It insults the neighbours.")


def wording(session: Session, times: CallTimes) -> CallText:
    agency = make_organisation(session, f"Agency of {times.opens_at}")
    return CallText(
        agency.id, "Life in the desert", "What should we achieve by 2035?", "", "UTC", times, ["en"], [], {}
    )


def test_a_question_with_its_dates(session: Session) -> None:
    carol, memory = make_person(session, "Carol"), begin(session)
    call = calls.create(session, wording(session, CallTimes(now() + DAY, now() + 20 * DAY)), carol.id)
    memory.remember(session, "draft")
    calls.edit(session, call, wording(session, CallTimes(now() + DAY, now() + 21 * DAY)), 1, carol.id)
    memory.remember(session, "edit")
    calls.publish(session, call, carol.id)
    memory.remember(session, "publish")
    calls.extend(session, call, CallTimes(call.opens_at, call.closes_at + DAY, now() + 40 * DAY), carol.id)
    memory.remember(session, "extend")
    calls.cancel(session, call, "Asked twice.", carol.id, "")
    memory.remember(session, "cancel")

    assert memory.wrong(session) == {}


def row(key: int, words: str, moderated: int = 1) -> str:
    return f'1518501496471,x,{key},7,48,8,{moderated},"{words}"\n'


def test_imports_each_told_in_one_line(session: Session) -> None:
    memory = begin(session)
    call = imports.call_for_import(session, "Gathered elsewhere", "The city", "A file")
    memory.remember(session, "new call")
    begun = HEAD + row(1, "Widen the road") + row(2, "Maybe", 0) + row(3, "Rude words", -1) + row(4, "Trees")
    for act, file in {"first": begun, "again": begun, "grown": begun + row(5, "A bus")}.items():
        imports.bring_in(session, call, file.encode(), importing.POLIS, importing.UTF_8, None, silent)
        memory.remember(session, act)

    assert memory.wrong(session) == {}
    one, two, three, four, five = session.exec(select(Submission.number).order_by(col(Submission.number)))
    told = session.exec(
        select(Event.facts).where(Event.kind == "submissions_imported").order_by(col(Event.id))
    )
    assert [facts["states"]["submission"] for facts in told] == [
        {"visible": f"{one},{four}", "submitted": f"{two}", "hidden": f"{three}"},
        {},
        {"visible": f"{five}"},
    ]


def test_ten_thousand_imported_texts_are_one_range(session: Session) -> None:
    call = imports.call_for_import(session, "Gathered elsewhere", "The city", "A file")
    file = HEAD + "".join(row(key, f"Plant tree number {key}") for key in range(10_000))
    imports.bring_in(session, call, file.encode(), importing.POLIS, "latin-1", None, silent)
    session.flush()

    told = session.exec(select(Event).where(Event.kind == "submissions_imported")).one()

    assert len(str(told.facts)) < 400
    found = replay.differences(session)
    assert (found.differing, found.unknown, found.states) == ((), 0, 10_001)


def test_what_citizens_do_before_and_after_their_address_is_confirmed(session: Session) -> None:
    call, memory = make_call(session), begin(session)
    dora = make_person(session, "Dora", email_confirmed_at=None)
    said = submissions.submit(session, call, make_person(session, "Bob"), Said("Shade over the market."), "a")
    memory.remember(session, "submit")
    waiting = submissions.submit(session, call, dora, Said("Trees along the road."), "b")
    endorsements.endorse(session, said, dora)
    memory.remember(session, "endorse before confirming")
    endorsements.endorse(session, said, make_person(session, "Ada"))
    memory.remember(session, "endorse")
    accounts.confirm(session, dora)
    memory.remember(session, "confirm")
    endorsements.take_back(session, said, dora)
    memory.remember(session, "take back")
    submissions.withdraw(session, waiting, dora.id)
    memory.remember(session, "withdraw")

    assert memory.wrong(session) == {}
    assert (said.endorsement_count, waiting.state) == (1, SubmissionState.WITHDRAWN)


def test_moderation_with_reports_appeals_and_comments(session: Session) -> None:
    carol, bob, ada = (make_person(session, name) for name in ("Carol", "Bob", "Ada"))
    said = make_submission(session, make_call(session), bob)
    waiting = make_submission(
        session, session.get_one(Call, said.call_id), bob, state=SubmissionState.SUBMITTED
    )
    memory = begin(session)

    def appeal(upheld: bool) -> None:
        moderation.hide(session, said, carol, *RUDE, "")
        memory.remember(session, f"hide {upheld}")
        statements.appeal(session, said, bob, "It does not.")
        memory.remember(session, f"appeal {upheld}")
        moderation.decide_appeal(session, said, carol, upheld=upheld, reason="We looked again.", origin="")
        memory.remember(session, f"decide {upheld}")

    comments = [statements.comment(session, said, ada, f"Yes, number {n}", str(n), None) for n in range(3)]
    memory.remember(session, "comment")
    statements.report(session, said, ada, "Rude.")
    statements.report(session, said, bob, "Rude.", comments[0].id)
    memory.remember(session, "report")
    moderation_comments.hide(session, said, comments[0].id, carol, *RUDE, "")
    memory.remember(session, "hide comment")
    moderation.keep_visible(session, said, said.id, carol, "It breaks no rule.")
    memory.remember(session, "keep")
    for comment in comments[:2]:
        statements.withdraw_comment(session, said, comment, ada.id)
        memory.remember(session, f"withdraw comment {comment.id}")
    moderation.publish(session, waiting, carol)
    memory.remember(session, "publish")
    appeal(True)
    appeal(False)

    assert memory.wrong(session) == {}
    assert (said.state, said.comment_count) == (SubmissionState.HIDDEN, 1)


class Watched(Bench):
    """A bench whose every act is remembered."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.memory = begin(session)

    def did(self, act: str) -> None:
        self.memory.remember(self.session, act)


def test_corrections_their_undoing_and_runs_between_them(session: Session) -> None:
    bench = Watched(session)
    carol, solar = bench.carol.id, bench.themes["solar"]
    off = corrections_voices.set_apart(
        session, bench.call, bench.seen(*solar[:2]), "Off the question.", carol
    )
    bench.did("set apart")
    moved = corrections_voices.move(
        session, bench.call, bench.seen(solar[0]), bench.of("water"), carol, [off.id]
    )
    bench.did("move")
    merged = corrections.merge(session, bench.of("buses"), bench.of("mining"), carol)
    bench.did("merge")
    clusters_judgement.judge(session, bench.of("water"), ClusterState.CONFIRMED, carol)
    bench.did("confirm")
    bench.run_again()
    bench.did("run")
    for correction in (moved, merged):
        corrections_undo.undo(session, correction, carol)
        bench.did(f"undo {correction.kind}")
    split, _made = corrections.split(session, bench.of("school"), bench.themes["school"][:2], carol)
    bench.did("split")
    corrections_undo.undo(session, split, carol)
    bench.did("undo split")
    corrections.rename(session, bench.of("water"), "Water for everyone", carol)
    corrections_undo.undo(session, corrections.lock(session, bench.of("water"), carol), carol)
    clusters_judgement.judge(session, bench.of("school"), ClusterState.SET_ASIDE, carol, "Not ours.")
    bench.did("set aside")
    bench.run_again()
    bench.did("run again")

    assert bench.memory.wrong(session) == {}
    assert bench.of("school").state is ClusterState.SET_ASIDE


def test_runs_that_are_started_discarded_or_fail_and_voices_that_come_late(session: Session) -> None:
    bench = Watched(session)
    carol = bench.carol.id
    runs: list[Grouping] = []
    for ends in ("discarded", "failed", "overtaken"):
        runs.append(groupings.start(session, bench.call, carol))
        bench.did(f"start, to be {ends}")
        runs[-1].state = GroupingState.RUNNING  # which its job writes, and no event tells
        session.flush()
        bench.did(f"running, to be {ends}")
        if ends == "failed":
            groupings.fail(session, runs[-1].id)
        else:
            groupings.run(session, runs[-1].id, EMBEDDER, silent)
        bench.did(f"run, to be {ends}")
        if ends == "discarded":
            groupings.discard(session, runs[-1], carol)
    bench.did("discard")
    late = submissions.submit(
        session, bench.call, bench.carol, Said("solar solar panels on the roof"), "late"
    )
    bench.did("late")
    groupings.accept(session, runs[-1], carol)
    bench.did("accept")
    submissions.withdraw(session, session.get_one(Submission, bench.themes["water"][0]), carol)
    bench.did("withdraw")

    assert bench.memory.wrong(session) == {}
    assert late.state in (SubmissionState.VISIBLE, SubmissionState.GROUPED)


def test_checking_and_answering(session: Session) -> None:
    bench = Watched(session)
    call, carol = bench.call, bench.carol.id
    clusters_judgement.judge(session, bench.of("water"), ClusterState.CONFIRMED, carol)
    call.closes_at = now()
    bench.memory = begin(session)
    calls.start_checking(session, call, carol, "")
    bench.did("start checking")
    for key in bench.themes["water"]:
        voice = session.get_one(Submission, key)
        author = session.get_one(Person, voice.author_id)
        checking.answer(session, voice, author, agrees=True, words="Yes.")
        checking.answer(session, voice, author, agrees=True, words="Yes, indeed.")
        bench.did(f"check {key}")
    outcomes = (SubmissionState.TAKEN_UP, SubmissionState.NOT_TAKEN_UP)
    for place, group in enumerate(answers.overview(session, call)):
        for outcome in outcomes[: 1 + place % 2]:
            answers.answer(session, call, group.key, outcome, "We have heard you.", carol)
            bench.did(f"answer {group.key} {outcome}")
    answers.conclude(session, call, carol, "")
    bench.did("conclude")
    calls.archive(session, call, carol)
    bench.did("archive")

    assert bench.memory.wrong(session) == {}
    states = set(session.exec(select(Submission.state).where(Submission.call_id == call.id)))
    assert set(outcomes) <= states
