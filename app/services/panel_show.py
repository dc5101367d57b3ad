"""One application after the deadline as its reader may see it: words, money, marks side by side; blind or not."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.conditions.asking import Ask, call_phase, facilitates
from app.conditions.panel import seats_in_panel, sees_names
from app.errors import NotFound
from app.models.application import Application, Teammate
from app.models.attachment import Attachment, attachments_of
from app.models.call import Call
from app.models.columns import now
from app.models.offer import Offer
from app.models.organisation import Organisation
from app.models.panel import (
    InterviewNote,
    Judgement,
    PanelReview,
    judgements_of,
    notes_of,
    panel_review_of,
)
from app.models.person import Person
from app.models.seat import seat_names
from app.rules import applications, budgets, findings, phases
from app.rules import panel as rules
from app.rules.applications import Written
from app.rules.budgets import Sums
from app.rules.eligibility import Verdict
from app.rules.panel import GRADE, NOTE, OVERALL, Marked
from app.rules.phases import Act
from app.rules.words import ApplicationState, CallState, Grade
from app.services import lineage, offers, panel_reviews
from app.services.applications import applicant, fields_of
from app.services.lineage_stations import Station
from app.services.panel_reviews import Standing
from app.viewer import Viewer


def names_in(session: Session, rows: Collection[Application]) -> dict[UUID, list[tuple[str, bool]]]:
    """Everyone in the teams of these applications by name, and whether they have joined."""
    query = (
        select(Teammate.application_id, Person.name, Teammate.joined_at)
        .join(Person, col(Person.id) == Teammate.person_id)
        .where(col(Teammate.application_id).in_([each.id for each in rows]))
    )
    found: dict[UUID, list[tuple[str, bool]]] = {}
    for application_id, name, joined_at in session.exec(query):
        found.setdefault(application_id, []).append((name, joined_at is not None))
    return found


@dataclass(frozen=True)
class Filed:
    """A filed review with its reviewer's name; `counts` until they step aside, `is_late` if others' could be read."""

    name: str
    review: PanelReview
    counts: bool
    is_late: bool


@dataclass(frozen=True)
class Said:
    """What one reviewer said of one criterion, or of the whole."""

    by: Filed
    grade: Grade | None
    note: str


@dataclass(frozen=True)
class Judged:
    """One criterion: the marks of all side by side, and what each reviewer said."""

    marked: Marked
    said: list[Said]


@dataclass(frozen=True)
class Dossier:
    """One application as this reader may see it: words and money, and after that what the panel makes of it."""

    application: Application
    call: Call
    offer: Offer
    phase: CallState
    title: str
    fields: dict[str, Any]
    written: Written
    sums: Sums
    organisation: Organisation | None
    team: list[str]
    files: list[Attachment]
    many_files: int
    is_blind: bool
    facilitates: bool
    findings: list[Verdict]
    standing: Standing
    reviewers: list[tuple[str, PanelReview]]
    mine: PanelReview | None
    judged: list[Judged]
    overall: list[Said]
    weights: list[tuple[Grade, int]]
    history: list[tuple[Judgement, str]]
    notes: list[tuple[InterviewNote, str]]
    stations: list[Station]

    def answer(self, criterion: Mapping[str, Any]) -> str:
        return str(self.fields.get(applications.ANSWER + criterion["id"], ""))

    @property
    def can_check(self) -> bool:
        is_time = phases.allows(Act.CHECK_APPLICATIONS, self.phase)
        is_unsettled = self.application.state in (ApplicationState.SUBMITTED, ApplicationState.INELIGIBLE)
        return self.facilitates and is_time and is_unsettled

    @property
    def can_decide(self) -> bool:
        return self.application.state is ApplicationState.IN_REVIEW and phases.allows(
            Act.REVIEW_APPLICATIONS, self.phase
        )

    @property
    def can_note(self) -> bool:
        return self.application.state in rules.INTERVIEWED and phases.allows(Act.INTERVIEW, self.phase)

    @property
    def has_enough(self) -> bool:
        return self.standing.is_open and len(self.standing.counted) >= self.offer.reviews_wanted


def dossier(session: Session, application: Application, viewer: Viewer) -> Dossier:
    call = session.get_one(Call, application.call_id)
    offer, ask = offers.offer_of(session, call), Ask(session, viewer, application)
    shown, agency = sees_names(ask), facilitates(ask)
    who, team = applicant(session, application), names_in(session, [application]).get(application.id, [])
    hidden = [] if shown else [who.name if who else "", *(name for name, _joined in team)]
    fields = masked(fields_of(session, application), hidden)
    written = applications.read(fields)
    standing = panel_reviews.standing(session, offer, [application])[application.id]
    names = seat_names(session, {each.seat_id for each in standing.asked})
    files = attachments_of(session, application.id)
    judged, overall = judgement(application, offer, standing, names) if standing.is_open else ([], [])
    return Dossier(
        application=application,
        call=call,
        offer=offer,
        phase=call_phase(call),
        title=written.title,
        fields=fields,
        written=written,
        sums=budgets.sums(written.budget, written.asked),
        organisation=who if shown else None,
        team=sorted(name for name, joined in team if joined and shown),
        files=files if shown else [],
        many_files=len(files),
        is_blind=not shown,
        facilitates=agency,
        findings=findings.read(application.findings) if agency else [],
        standing=standing,
        reviewers=[(names[each.seat_id], each) for each in standing.asked],
        mine=panel_review_of(session, application.id, {each.id for each in seats_in_panel(ask)}),
        judged=judged,
        overall=overall,
        weights=rules.by_weight([each.marked for each in judged]),
        history=told_by(session, judgements_of(session, application.id)) if shown else [],
        notes=told_by(session, notes_of(session, application.id)),
        stations=lineage.around_call(session, call),
    )


def masked(fields: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """A form whose words say who applies no more; what is no text is as it was."""
    if not names:
        return fields
    told = {
        name: rules.masked(value, names) if isinstance(value, str) else value
        for name, value in fields.items()
    }
    told["budget"] = [
        {**row, "what": rules.masked(str(row.get("what", "")), names)} for row in fields.get("budget", [])
    ]
    return told


def judgement(
    application: Application, offer: Offer, standing: Standing, names: Mapping[UUID, str]
) -> tuple[list[Judged], list[Said]]:
    """Each criterion with everyone's marks, and what they say of the whole; who stepped aside since counts no more."""
    since = application.reviews_opened_at or application.reviews_due_at
    counted = {each.id for each in standing.counted}
    filed = [
        Filed(names[each.seat_id], each, each.id in counted, bool(since and each.filed_at > since))
        for each in standing.asked
        if each.filed_at is not None
    ]
    marks = rules.marked(offer.criteria, [each.answers for each in standing.counted])
    judged = [
        Judged(each, [said(row, f"{each.id}_{NOTE}", f"{each.id}_{GRADE}") for row in filed])
        for each in marks
    ]
    return judged, [said(row, OVERALL) for row in filed if row.review.answers.get(OVERALL)]


def said(row: Filed, note: str, grade: str = "") -> Said:
    told, answers = row.review.answers.get(grade, ""), row.review.answers
    return Said(row, Grade(told) if told in set(Grade) else None, answers.get(note, ""))


def told_by(session: Session, rows: Sequence[Any]) -> list[tuple[Any, str]]:
    """Each with the name of whoever said it."""
    people = {each.by_id for each in rows}
    query = select(Person.id, Person.name).where(col(Person.id).in_(people))
    names = dict(session.exec(query).all()) if people else {}
    return [(each, names.get(each.by_id, "")) for each in rows]


def notes_for_applicants(session: Session, application: Application, call: Call) -> list[InterviewNote]:
    """The notes of an interview as those who were interviewed read them: once answered, if the call said so."""
    is_answered = call_phase(call, now()) in (CallState.ANSWERED, CallState.ARCHIVED)
    return (
        notes_of(session, application.id)
        if is_answered and offers.offer_of(session, call).tells_notes
        else []
    )


def own_review(session: Session, application: Application, viewer: Viewer) -> PanelReview:
    """The review that the reader is asked for; whoever is asked for none finds none."""
    seats = {each.id for each in seats_in_panel(Ask(session, viewer, application))}
    found = panel_review_of(session, application.id, seats)
    if found is None:
        raise NotFound()
    return found


def call_of(session: Session, application: Application) -> Call:
    return session.get_one(Call, application.call_id)


def around(session: Session, call: Call) -> list[Station]:
    return lineage.around_call(session, call)
