"""Minority reports: a group most of whose votes lost files one report, its seats sign it, before certification."""

import pytest
from sqlmodel import Session

from app.errors import NotFound
from app.rules.phases import PhaseForbids
from app.rules.words import Choice, StakeholderGroup
from app.services import decisions_certify, decisions_count, minority_reports
from app.services.decisions_certify import NotOnTheLosingSide
from app.services.minority_reports import GroupNotOnTheLosingSide, ReportFiled
from tests.replayed import begin
from tests.services.chamber import Chamber, make_chamber
from tests.services.signed import sign_by_two

WHY = "The upkeep after 2035 is paid for by nobody, and we said so three times."


@pytest.fixture
def counted(session: Session) -> Chamber:
    """Lost: two of three citizens, one of two of business against; the mission fails where a group says no."""
    chamber = make_chamber(session)
    chamber.notice(opens_in=-1)
    chamber.cast_all(
        Choice.FOR, citizens_1=Choice.AGAINST, citizens_2=Choice.AGAINST, private_1=Choice.AGAINST
    )
    decisions_count.close(session, chamber.decision, chamber.chair.id)  # type: ignore[arg-type]
    return chamber


def losers(chamber: Chamber) -> list[str]:
    """Those whose vote lost and who stand in a group most of whose votes lost."""
    assert chamber.decision is not None
    groups = minority_reports.losing_groups(chamber.session, chamber.decision)
    return [
        name for name, person in chamber.members.items()
        if chamber.seats[name].group in groups
        and decisions_certify.may_dissent(chamber.session, chamber.decision, person.id)
    ]  # fmt: skip


def test_one_report_a_group_and_the_others_sign_it(counted: Chamber) -> None:
    session, decision = counted.session, counted.decision
    assert decision is not None
    first, second, *_others = [name for name in losers(counted) if name.startswith(group_with_two(counted))]
    one, two = counted.members[first], counted.members[second]

    report = minority_reports.file(session, decision, one.id, WHY)
    with pytest.raises(ReportFiled):
        minority_reports.file(session, decision, two.id, WHY)
    assert minority_reports.of(session, decision, two.id, is_time=True).may_sign == {report.id}
    minority_reports.sign(session, decision, report.id, two.id)
    minority_reports.sign(session, decision, report.id, two.id)

    seen = minority_reports.of(session, decision, two.id, is_time=True)
    assert seen.signed[report.id] == [two.name]
    assert seen.may_sign == frozenset()
    assert [each.id for each in decisions_certify.dissents(session, decision)] == [report.id]
    with pytest.raises(GroupNotOnTheLosingSide):
        minority_reports.sign(session, decision, report.id, one.id)


def group_with_two(chamber: Chamber) -> str:
    names = [name.split()[0] for name in losers(chamber)]
    return next(name for name in names if names.count(name) >= 2)


def test_who_won_files_nothing_and_a_group_that_won_has_no_report(counted: Chamber) -> None:
    session, decision = counted.session, counted.decision
    assert decision is not None
    outcome = {
        name: decisions_certify.may_dissent(session, decision, person.id)
        for name, person in counted.members.items()
    }
    winner = next(name for name, ballot in outcome.items() if ballot is None)
    with pytest.raises(NotOnTheLosingSide):
        minority_reports.file(session, decision, counted.members[winner].id, WHY)

    alone = [name for name, ballot in outcome.items() if ballot is not None and name not in losers(counted)]
    for name in alone:
        with pytest.raises(GroupNotOnTheLosingSide):
            minority_reports.file(session, decision, counted.members[name].id, WHY)
    assert alone or len(minority_reports.losing_groups(session, decision)) < len(StakeholderGroup)


def test_it_is_filed_before_the_certification_only(counted: Chamber) -> None:
    session, decision = counted.session, counted.decision
    assert decision is not None
    name = losers(counted)[0]
    sign_by_two(session, decision)
    decisions_certify.certify(session, decision, "The votes say so.", counted.secretary.id)

    with pytest.raises(PhaseForbids):
        minority_reports.file(session, decision, counted.members[name].id, WHY)


def test_a_signature_needs_a_report_of_this_decision(counted: Chamber) -> None:
    session, decision = counted.session, counted.decision
    assert decision is not None

    with pytest.raises(NotFound):
        minority_reports.sign(session, decision, counted.mission.id, counted.members[losers(counted)[0]].id)


def test_the_log_tells_of_it_by_hashes(counted: Chamber) -> None:
    session, decision = counted.session, counted.decision
    assert decision is not None
    memory = begin(session)
    name = losers(counted)[0]
    report = minority_reports.file(session, decision, counted.members[name].id, WHY)
    memory.remember(session, "filed")

    states = memory.rebuilt(session, memory.kept[0][1]).found["statement"]
    assert states[str(report.id)]["state"] == "visible"
