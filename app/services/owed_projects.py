"""What waits for the sides of projects: words to agree, a contract to sign, evidence and milestones that are due."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.models.columns import now
from app.models.milestone import Milestone
from app.rules import labels
from app.rules.phrases import phrase
from app.rules.words import N_, ConditionState, ProjectState, Side
from app.services import conditions_read, project_sides
from app.services.committees_tasks import Task, Turn, Work
from app.services.conditions_read import Read
from app.services.project_sides import Sided

SOON = timedelta(days=30)
S = ProjectState


def of(session: Session, sided: list[Sided]) -> Iterator[Task]:
    """In the same number of statements however many projects of a time zone, conditions and milestones there are."""
    known = {each.project.id: each for each in sided}
    reads = [each for zone in sorted({s.zone for s in sided}) for each in reads_in(session, sided, zone)]
    for read in reads:
        yield from of_condition(read, known[read.project.id])
    unagreed = {each.project.id for each in reads if each.condition.state is ConditionState.PROPOSED}
    for each in sided:
        yield from of_contract(each, is_agreed=each.project.id not in unagreed)
    for milestone in project_sides.milestones_of(session, list(known), now().date() + SOON):
        assert milestone.project_id is not None
        yield of_milestone(milestone, known[milestone.project_id])


def reads_in(session: Session, sided: list[Sided], zone: str) -> list[Read]:
    return conditions_read.of_projects(session, [each.project for each in sided if each.zone == zone])


def task(sided: Sided, words: str, url: str, due: date | None = None, **facts: object) -> Task:
    end = datetime.combine(due, time(23, 59), ZoneInfo(sided.zone)) if due else None
    return Task(Turn.MINE, Work.OFFICE, sided.title, phrase(words, **facts), url, end, zone=sided.zone)


def of_condition(read: Read, sided: Sided) -> Iterator[Task]:
    """Words that wait for this side's yes; evidence that is due of who leads, and overdue for both."""
    url, kind = f"/conditions/{read.condition.id}", labels.label(read.condition.kind)
    if read.proposed is not None and sided.side not in read.yes_of(read.proposed):
        yield task(sided, N_("Words of a condition wait for your yes: %(kind)s"), url, kind=kind)
    check = read.next_check
    if check is None:
        return
    if check.state is ConditionState.BREACHED:
        yield task(sided, N_("Evidence is overdue: %(kind)s"), url, check.due, kind=kind)
    elif check.state is ConditionState.DUE and sided.side is Side.LEAD:
        yield task(sided, N_("Show evidence: %(kind)s"), url, check.due, kind=kind)


def of_contract(sided: Sided, *, is_agreed: bool) -> Iterator[Task]:
    """From a drawn-up contract to the first day of the work."""
    project, at = sided.project, f"/projects/{sided.project.id}"
    if project.state is S.PROPOSED and project.lead_organisation_id is not None:
        if not project.hypothesis:
            yield task(sided, N_("Write what the project assumes, before its contract"), at)
        elif is_agreed and sided.side is Side.FUNDER:
            words = N_("Everything is agreed: contract the project")
            yield task(sided, words, f"{at}/conditions#contract")
    elif project.state is S.CONTRACTED and sided.side is Side.LEAD:
        yield task(sided, N_("It is contracted: start the work"), at, project.starts)


def of_milestone(milestone: Milestone, sided: Sided) -> Task:
    words = (
        N_("A milestone is near, and nobody has said that it is reached: %(title)s")
        if milestone.due >= now().date()
        else N_("A milestone is past its day, and nobody has said that it is reached: %(title)s")
    )
    url = f"/missions/{milestone.mission_id}/milestones#milestone-{milestone.id}"
    return task(sided, words, url, milestone.due, title=milestone.title)
