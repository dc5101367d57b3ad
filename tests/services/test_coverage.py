"""Coverage of a question: counted from public voices, beside the people expected."""

from decimal import Decimal

from sqlmodel import Session, select

from app.models.event import Event
from app.rules.words import StakeholderGroup, SubmissionState
from app.services import counts, coverage
from tests.factories import make_call, make_submission
from tests.people import make_facilitator, make_organisation


def test_an_under_represented_group_is_shown_before_close(session: Session) -> None:
    """DOMAIN 15: coverage by group and place beside the population, gaps flagged while the call is open."""
    agency = make_organisation(session)
    carol, call = make_facilitator(session, agency), make_call(session, agency, places=["Calama", "Taltal"])
    for number in range(12):
        group = StakeholderGroup.CITIZENS if number < 2 else StakeholderGroup.PRIVATE
        make_submission(session, call, group=group, place="Calama")
    make_submission(session, call, group=StakeholderGroup.CITIZENS, state=SubmissionState.SUBMITTED)
    make_submission(session, call, group=None, place="")

    coverage.expect(session, call, {"citizens": Decimal(60)}, {"Taltal": Decimal(30)}, "Census", carol.id)
    counts.forget(call.id)
    found = coverage.of_call(session, call)

    assert [(each.name, each.voices) for each in found.gaps] == [("citizens", 2), ("Taltal", 0)]
    assert found.source == "Census"
    event = session.exec(select(Event).where(Event.kind == "coverage_expected")).one()
    assert "Census" not in str(event.facts)
