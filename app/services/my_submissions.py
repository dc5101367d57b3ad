"""What one person wrote: drafts and submissions, each with its question, its group and what is asked of them now."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from app.models import submission_lists
from app.models.call import Call
from app.models.cluster import Cluster
from app.models.grouping import Grouping
from app.models.person import Person
from app.models.placement import Placement
from app.models.submission import Submission
from app.rules import keyset
from app.rules.words import GroupingState
from app.services import checking, drafts
from app.services.checking import Question


@dataclass(frozen=True)
class Mine:
    submission: Submission
    call: Call
    cluster: Cluster | None = None
    question: Question | None = None


@dataclass(frozen=True)
class MyPage:
    drafts: list[tuple[Submission, Call]]
    sent: list[Mine]
    next: str | None = None


def page(session: Session, person: Person, cursor: str = "") -> MyPage:
    """Drafts on the first page only; submissions twenty at a time."""
    before = None
    if cursor:
        (before,) = (int(str(each)) for each in keyset.decode(cursor, "mine", [int]))
    size = submission_lists.PAGE
    found = submission_lists.of_author(session, person.id, before, size + 1)
    shown = found[:size]
    more = keyset.encode("mine", [shown[-1].number or 0]) if len(found) > size else None
    calls = calls_of(session, {each.call_id for each in shown})
    groups = groups_of(session, [each.id for each in shown])
    asked = checking.questions(session, [(each, calls[each.call_id], groups.get(each.id)) for each in shown])
    sent = [Mine(each, calls[each.call_id], groups.get(each.id), asked.get(each.id)) for each in shown]
    return MyPage([] if cursor else drafts.of_person(session, person.id), sent, more)


def calls_of(session: Session, ids: set[UUID]) -> dict[UUID, Call]:
    return {call.id: call for call in session.exec(select(Call).where(col(Call.id).in_(ids)))} if ids else {}


def groups_of(session: Session, ids: list[UUID]) -> dict[UUID, Cluster]:
    """The group of each in the accepted grouping of its call, in one statement."""
    query = (
        select(Placement.submission_id, Cluster)
        .join(Cluster, col(Cluster.id) == Placement.cluster_id)
        .join(Grouping, col(Grouping.id) == Placement.grouping_id)
        .where(col(Placement.submission_id).in_(ids), Grouping.state == GroupingState.ACCEPTED)
    )
    return dict(session.exec(query).all()) if ids else {}
