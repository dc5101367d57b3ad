"""Applications: begun, saved by several people, submitted once and in time, withdrawn; and races between them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, func, text
from sqlmodel import Session, col, select

from app.errors import Refusal
from app.models.application import Application, ApplicationVersion, Teammate
from app.models.call import Call
from app.models.columns import now
from app.models.event import Event
from app.models.offer import OfferTerms
from app.models.person import Person
from app.rules import applications as rules
from app.rules.moves import MoveForbidden
from app.rules.phases import PhaseForbids
from app.rules.replay_kinds import Noun
from app.rules.words import ApplicationState, CallState
from app.services import applications, applications_save, applications_send, replay
from app.services.applications import NotADraft, fields_of
from app.services.applications_save import KEPT_VERSIONS, save_typed, save_whole
from app.services.applications_send import AppliedAlready, ChangedMeanwhile, NotReady, TermsChanged
from tests.applied import FORM, LINES, Offered, close, form, make_offered, send
from tests.people import make_person
from tests.services.racing import without

SECOND = timedelta(seconds=1)


@pytest.fixture
def offered(session: Session) -> Offered:
    return make_offered(session)


def events_of(session: Session, application: Application) -> list[str]:
    query = select(Event.kind).where(Event.subject_id == application.id).order_by(col(Event.id))
    return list(session.exec(query))


def differing(session: Session) -> list[str]:
    """Applications whose state is not what the log tells."""
    return [each.id for each in replay.differences(session).differing if each.noun == Noun.APPLICATION]


def test_beginning_twice_is_one_draft_with_its_lead(offered: Offered) -> None:
    first, second = offered.begun(), offered.begun()

    assert first.id == second.id
    team = offered.session.exec(select(Teammate).where(Teammate.application_id == first.id)).all()
    assert [each.person_id for each in team] == [offered.lead.id]


def test_a_draft_is_no_act_and_a_submission_is_one(offered: Offered) -> None:
    application = offered.written()
    assert events_of(offered.session, application) == []

    send(offered, application, offered.lead)

    assert events_of(offered.session, application) == ["application_submitted"]
    assert application.state is ApplicationState.SUBMITTED
    assert application.organisation_id == offered.firm.id
    assert application.terms_id == offered.terms.id  # type: ignore[union-attr]
    assert application.terms_accepted_at == application.submitted_at
    assert differing(offered.session) == []


def test_what_is_typed_is_kept_right_or_not(offered: Offered) -> None:
    application = offered.begun()
    wrong = form(starts="next spring", asked="a lot", readiness="11")

    applications_save.save_whole(offered.session, application, wrong, application.version, offered.lead.id)

    assert fields_of(offered.session, application) == wrong
    assert (application.starts, application.asked, application.readiness) == (None, None, None)
    assert application.title == FORM["title"]


def test_saving_the_same_again_makes_no_version(offered: Offered) -> None:
    application = offered.written()
    before = application.version

    save_typed(offered.session, application, form(), before, offered.lead.id)

    assert application.version == before


def test_two_windows_lose_no_word_of_either(offered: Offered) -> None:
    """Each saves by itself again and again, and neither reloads: what one changed, the other does not undo."""
    session, mate = offered.session, make_person(offered.session, "Mate")
    application = offered.written()
    mine = theirs = application.version
    for turn in range(3):
        mine = save_typed(session, application, form(title=f"Mine {turn}"), mine, offered.lead.id).seen
        theirs = save_typed(session, application, form(route=f"theirs {turn}"), theirs, mate.id).seen

    kept = fields_of(session, application)

    assert (kept["title"], kept["route"]) == ("Mine 2", "theirs 2")


def test_a_window_whose_answer_was_lost_is_no_other_window(offered: Offered) -> None:
    """Its first saving was cut off after it was done: what is typed further goes on from there."""
    session = offered.session
    application = offered.written()
    start = application.version
    save_typed(session, application, form(title="Half a ti"), start, offered.lead.id, "w1")

    found = save_typed(session, application, form(title="Half a title"), start, offered.lead.id, "w1")

    assert found.clashes == []
    assert application.title == "Half a title"
    others = save_typed(session, application, form(title="Another title"), start, offered.lead.id, "w2")
    assert [each.field for each in others.clashes] == ["title"]


def test_two_people_in_one_text_both_stay_in_it(offered: Offered) -> None:
    session, mate = offered.session, make_person(offered.session, "Mate")
    application = offered.written(summary="One sentence stands here. Another one follows it.")
    start = application.version
    save_typed(session, application, form(summary="My first sentence stands here. Another one follows it."), start,
               offered.lead.id)  # fmt: skip

    save_typed(session, application, form(summary="One sentence stands here. Another one follows it today."), start,
               mate.id)  # fmt: skip

    assert fields_of(session, application)["summary"] == (
        "My first sentence stands here. Another one follows it today."
    )


def test_the_same_words_changed_by_two_wait_until_somebody_looked_at_both(offered: Offered) -> None:
    session, mate = offered.session, make_person(offered.session, "Mate")
    application = offered.written()
    start = application.version
    save_typed(session, application, form(route="theirs"), start, mate.id)

    first = save_typed(session, application, form(route="mine", title="New title"), start, offered.lead.id)
    again = save_typed(
        session, application, form(route="mine", title="New title"), first.seen, offered.lead.id
    )
    whole = save_whole(
        session, application, form(route="mine", title="New title"), again.seen, offered.lead.id
    )

    assert [each.field for each in first.clashes] == [each.field for each in again.clashes] == ["route"]
    assert [(each.theirs, each.mine) for each in whole.clashes] == [("theirs", "mine")]
    kept = fields_of(session, application)
    assert (kept["route"], kept["title"]) == ("theirs", "New title")

    settled = save_whole(session, application, form(route="both"), application.version, offered.lead.id)
    assert not settled.clashes
    assert application.route == "both"


def test_lines_of_the_budget_that_two_people_add_both_stand(offered: Offered) -> None:
    session, mate = offered.session, make_person(offered.session, "Mate")
    application = offered.written()
    start = application.version
    one, other = ({"what": name, "amount": "1", "source": "own"} for name in ("Paint", "Nails"))
    save_typed(session, application, form(lines=[*LINES, one]), start, offered.lead.id)

    save_typed(session, application, form(lines=[*LINES, other]), start, mate.id)

    assert [each["what"] for each in fields_of(session, application)["budget"]][-2:] == ["Nails", "Paint"]


def test_a_window_older_than_what_is_kept_writes_over_nothing(offered: Offered) -> None:
    session = offered.session
    application = offered.written()
    start = application.version
    for turn in range(KEPT_VERSIONS + 5):
        save_typed(session, application, form(title=f"Turn {turn}"), application.version, offered.lead.id)

    found = save_typed(session, application, form(title="Old window"), start, offered.lead.id)

    assert [each.field for each in found.clashes] == ["title"]
    assert application.title == f"Turn {KEPT_VERSIONS + 4}"
    kept = select(func.count()).where(ApplicationVersion.application_id == application.id)
    assert session.exec(kept).one() <= KEPT_VERSIONS + 1


def test_late_by_one_second_is_late(offered: Offered) -> None:
    application = offered.written()
    offered.call.closes_at = now() - SECOND
    offered.session.flush()

    with pytest.raises(rules.TooLate):
        send(offered, application, offered.lead, arrived=offered.call.closes_at + SECOND)
    with pytest.raises(rules.TooLate):
        send(offered, application, offered.lead, arrived=offered.call.closes_at)
    assert application.state is ApplicationState.DRAFT


def test_what_reached_us_in_time_counts_though_its_work_ends_after_the_deadline(offered: Offered) -> None:
    application = offered.written()
    offered.call.closes_at = now() - SECOND
    offered.session.flush()
    arrived = offered.call.closes_at - SECOND

    send(offered, application, offered.lead, arrived=arrived)

    assert (application.state, application.submitted_at) == (ApplicationState.SUBMITTED, arrived)


def test_what_lingered_for_more_than_a_minute_does_not_count(offered: Offered) -> None:
    application = offered.written()
    offered.call.closes_at = now() - 90 * SECOND
    offered.session.flush()

    with pytest.raises(rules.TooLate):
        send(offered, application, offered.lead, arrived=offered.call.closes_at - SECOND)


def test_a_draft_is_not_written_after_the_deadline(offered: Offered) -> None:
    application = offered.written()
    close(offered)

    with pytest.raises(PhaseForbids):
        save_typed(offered.session, application, form(title="Later"), application.version, offered.lead.id)


def test_a_call_that_was_cancelled_takes_nothing(offered: Offered) -> None:
    application = offered.written()
    offered.call.state, offered.call.cancelled_reason = CallState.CANCELLED, "No money."
    offered.session.flush()

    with pytest.raises(PhaseForbids):
        send(offered, application, offered.lead)


def test_submitting_twice_is_one_submission_with_one_receipt(offered: Offered) -> None:
    application = offered.submitted()
    receipt = application.receipt

    again = send(offered, application, offered.lead)

    assert (again.id, again.receipt) == (application.id, receipt)
    assert events_of(offered.session, application) == ["application_submitted"]


def test_the_receipt_can_be_computed_anew_from_its_file_whatever_changes_later(offered: Offered) -> None:
    application = offered.submitted()
    offered.firm.name = "Sun Works and Daughters"
    newer = OfferTerms(call_id=offered.call.id, number=2, text="Other terms.", text_hash="0" * 64)
    offered.session.add(newer)
    offered.session.flush()

    told = applications_send.receipt_file(offered.session, application)

    assert rules.receipt(told["content"], told["salt"]) == application.receipt == told["receipt"]
    assert told["content"]["form"]["title"] == FORM["title"]
    assert told["content"]["terms"]["number"] == 1


def test_what_is_submitted_is_what_was_read(offered: Offered) -> None:
    application = offered.written()
    seen = application.version
    save_typed(offered.session, application, form(title="Changed by a teammate"), seen, offered.lead.id)

    with pytest.raises(ChangedMeanwhile):
        send(offered, application, offered.lead, seen=seen)


def test_a_form_that_is_not_ready_stays_a_draft(offered: Offered) -> None:
    application = offered.written(asked="80000")

    with pytest.raises(NotReady):
        send(offered, application, offered.lead)
    assert set(applications_send.problems(offered.session, applications.wanted(offered.session, offered.call),
                                          application)) == {"budget"}  # fmt: skip


def test_the_rules_on_who_may_apply_hold_at_submission_too(session: Session) -> None:
    offered = make_offered(session, eligibility=[{"kind": "group", "among": ["academia"]}])
    application = offered.written()

    with pytest.raises(NotReady):
        send(offered, application, offered.lead)


@pytest.mark.parametrize("terms", [None, uuid4()])
def test_terms_are_accepted_in_their_present_version(offered: Offered, terms: Any) -> None:
    application = offered.written()

    with pytest.raises(TermsChanged):
        send(offered, application, offered.lead, terms=terms)


def test_an_organisation_has_one_application_in_a_call(offered: Offered) -> None:
    offered.submitted()
    colleague = make_person(offered.session, "Colleague", organisation_id=offered.firm.id)
    second = offered.written(colleague)

    with pytest.raises(AppliedAlready), offered.session.begin_nested():
        send(offered, second, colleague)


def test_after_withdrawing_the_organisation_may_apply_anew(offered: Offered) -> None:
    first = offered.submitted()

    applications_send.withdraw(offered.session, first, offered.lead.id)
    second = offered.submitted()

    assert first.state is ApplicationState.WITHDRAWN
    assert second.id != first.id
    assert events_of(offered.session, first) == ["application_submitted", "application_withdrawn"]
    assert differing(offered.session) == []
    with pytest.raises(MoveForbidden):
        applications_send.withdraw(offered.session, first, offered.lead.id)


def test_a_submitted_application_is_neither_changed_nor_deleted(offered: Offered) -> None:
    application = offered.submitted()

    with pytest.raises(NotADraft):
        save_typed(offered.session, application, form(title="Later"), application.version, offered.lead.id)
    with pytest.raises(NotADraft):
        applications_send.delete_draft(offered.session, application)


def test_a_deleted_draft_leaves_nothing(offered: Offered) -> None:
    application = offered.written()
    key = application.id

    applications_send.delete_draft(offered.session, application)

    for table in (Application, Teammate, ApplicationVersion):
        column = col(table.id if table is Application else table.application_id)
        assert offered.session.exec(select(func.count()).where(column == key)).one() == 0


def at_once(engine: Engine, acts: list[Any]) -> list[str]:
    """Each act in a session of its own, all at the same instant; what each was refused with."""
    barrier = Barrier(len(acts))

    def one(act: Any) -> str:
        with Session(engine, expire_on_commit=False) as session:
            barrier.wait(10)
            try:
                act(session)
                session.commit()
            except Refusal as refusal:
                return type(refusal).__name__
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def scene(engine: Engine) -> tuple[Offered, list[Application], list[Person]]:
    """Two drafts of one organisation, ready to be submitted."""
    with Session(engine, expire_on_commit=False) as session:
        offered = make_offered(session)
        people = [offered.lead, make_person(session, "Colleague", organisation_id=offered.firm.id)]
        drafts = [offered.written(each) for each in people]
        session.commit()
    return offered, drafts, people


def sender(offered: Offered, draft: Application, person: Person) -> Any:
    def act(session: Session) -> None:
        application = session.get_one(Application, draft.id)
        session.get_one(Call, offered.call.id)
        facts = {"arrived": now(), "seen": draft.version, "terms": offered.terms.id}  # type: ignore[union-attr]
        applications_send.submit(session, application, person.id, **facts)

    return act


def submitted(engine: Engine) -> int:
    with Session(engine) as session:
        return int(
            session.execute(text("SELECT count(*) FROM application WHERE state = 'submitted'")).scalar_one()
        )


def test_of_two_applications_of_one_organisation_sent_at_once_one_stands(races: Engine) -> None:
    offered, drafts, people = scene(races)

    told = at_once(races, [sender(offered, *each) for each in zip(drafts, people, strict=True)])

    assert sorted(told) == ["", "AppliedAlready"]
    assert submitted(races) == 1


def test_without_the_index_both_would_stand(races: Engine) -> None:
    """The race is real: it is the database that decides it."""
    with without(races, "one_application_per_organisation"):
        offered, drafts, people = scene(races)
        told = at_once(races, [sender(offered, *each) for each in zip(drafts, people, strict=True)])

        assert (told, submitted(races)) == (["", ""], 2)


def test_ten_sendings_of_one_application_are_one_event(races: Engine) -> None:
    offered, drafts, people = scene(races)

    told = at_once(races, [sender(offered, drafts[0], people[0])] * 10)

    assert told == [""] * 10
    with Session(races) as session:
        query = select(func.count()).where(Event.kind == "application_submitted")
        assert session.exec(query).one() == 1


def test_beginning_in_ten_windows_at_once_is_one_draft(races: Engine) -> None:
    with Session(races, expire_on_commit=False) as session:
        offered = make_offered(session)
        session.commit()

    def begin(session: Session) -> None:
        applications.begin(
            session, session.get_one(Call, offered.call.id), session.get_one(Person, offered.lead.id)
        )

    assert at_once(races, [begin] * 10) == [""] * 10
    with Session(races) as session:
        assert session.exec(select(func.count()).select_from(Application)).one() == 1
