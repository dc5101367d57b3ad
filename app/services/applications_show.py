"""What the pages of an application read: the form, its team and files, what is still to do, and what comes next."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from app.conditions.asking import call_phase
from app.models.application import Application, Teammate, lead_of, teammate_of, versions_of
from app.models.attachment import Attachment, attachments_of
from app.models.call import Call
from app.models.offer import Offer, OfferTerms
from app.models.organisation import Organisation
from app.models.panel import InterviewNote
from app.models.person import Person
from app.models.project import Project
from app.rules import applications, budgets, phases
from app.rules.applications import Written
from app.rules.budgets import Sums
from app.rules.eligibility import Verdict
from app.rules.phases import Act
from app.rules.phrases import Phrase
from app.rules.words import N_, ApplicationState, CallState, ProjectState
from app.services import applications_send, applications_team, lineage, offers, panel_show, seeds, stages
from app.services.applications import applicant, fields_of, verdicts, wanted
from app.services.applications_team import Mate
from app.services.lineage_stations import Station
from app.services.offers import FormField
from app.services.seeds import Seed
from app.services.stages import Following
from app.viewer import Viewer

NEXT: dict[ApplicationState, str] = {
    ApplicationState.SUBMITTED: N_(
        "After the deadline the agency checks whether the rules on who may apply are met."
    ),
    ApplicationState.INELIGIBLE: N_("It did not meet the rules on who may apply. The reason stands here."),
    ApplicationState.IN_REVIEW: N_("At least three people of the panel read it, each by themselves."),
    ApplicationState.SHORTLISTED: N_(
        "It is on the shortlist. The panel decides under the budget of the call."
    ),
    ApplicationState.SELECTED: N_("It was selected. The contract and its conditions come next."),
    ApplicationState.RESERVE: N_("It is on the reserve list: it follows if a selected one falls out."),
    ApplicationState.DECLINED: N_("It was not selected. The reason stands here."),
    ApplicationState.WITHDRAWN: N_("It was withdrawn. Nobody but its team can read it."),
}
SHOWN = 50
# What a field is called, on the form, in what is still to do, and where two people wrote into it at once.
LABELS: dict[str, str] = {
    "organisation": N_("Organisation"),
    "eligibility": N_("Who may apply"),
    "title": N_("Title"),
    "summary": N_("Summary"),
    "route": N_("Kind of route"),
    "hypothesis": N_("Hypothesis"),
    "readiness": N_("How ready it is at the start, 1 to 9"),
    "starts": N_("First day"),
    "ends": N_("Last day"),
    "asked": N_("What you ask for"),
    "budget": N_("Budget"),
    "fact-people": N_("People who work for the organisation"),
    "fact-turnover": N_("Turnover of a year"),
    "fact-partners": N_("Other organisations that take part"),
    "fact-roadmap": N_("The roadmap it carries out"),
}
CONTRACTED = N_("It was selected, and has a contract: how it goes on stands on the page of the project.")
DRAFT_OPEN = N_("It is a draft: only its team can read it. It has to be submitted before the deadline.")
DRAFT_LATE = N_("It stayed a draft: the deadline passed before it was submitted. Only its team can read it.")


@dataclass(frozen=True)
class Shown:
    """Everything about one application that its team may read."""

    application: Application
    call: Call
    offer: Offer
    terms: OfferTerms | None
    fields: dict[str, Any]
    written: Written
    sums: Sums
    organisation: Organisation | None
    me: Teammate | None
    lead_is_me: bool
    team: list[Mate]
    files: list[Attachment]
    seeds: list[Seed]
    problems: dict[str, Phrase]
    verdicts: list[Verdict]
    facts_asked: list[FormField]
    phase: CallState
    stations: list[Station]
    notes: list[InterviewNote]
    project: Project | None = None
    next_stage: Following | None = None
    earlier: Application | None = None

    @property
    def is_draft(self) -> bool:
        return self.application.state is ApplicationState.DRAFT

    @property
    def may_write(self) -> bool:
        """Whether the draft can still be changed and submitted."""
        return self.is_draft and self.me is not None and phases.allows(Act.SUBMIT, self.phase)

    @property
    def may_withdraw(self) -> bool:
        return self.lead_is_me and any(
            move.before is self.application.state and move.after is ApplicationState.WITHDRAWN
            for move in applications.MOVES
        )

    @property
    def next(self) -> Phrase:
        if self.is_draft:
            return Phrase(DRAFT_OPEN if phases.allows(Act.SUBMIT, self.phase) else DRAFT_LATE)
        if self.project is not None and self.project.state is not ProjectState.PROPOSED:
            return Phrase(CONTRACTED)
        return Phrase(NEXT[self.application.state])

    @property
    def title(self) -> str:
        return self.application.title

    @property
    def closes_at(self) -> datetime:
        return self.call.closes_at

    def answer(self, criterion: dict[str, Any]) -> str:
        return self.typed_answer(self.fields, criterion)

    @staticmethod
    def typed_answer(typed: dict[str, Any], criterion: dict[str, Any]) -> str:
        return str(typed.get(applications.ANSWER + criterion["id"], ""))

    @staticmethod
    def most_words(criterion: dict[str, Any]) -> int:
        return applications.most_words(criterion)

    def criterion(self, name: str) -> str:
        """The title of the criterion that a field answers."""
        named = {applications.ANSWER + each["id"]: each["title"] for each in self.offer.criteria}
        return str(named.get(name, name))


def shown(session: Session, application: Application, viewer: Viewer) -> Shown:
    call = session.get_one(Call, application.call_id)
    found = wanted(session, call)
    fields = fields_of(session, application)
    written, organisation = applications.read(fields), applicant(session, application)
    is_draft = application.state is ApplicationState.DRAFT
    return Shown(
        application=application,
        call=call,
        offer=found.offer,
        terms=session.get(OfferTerms, application.terms_id) if application.terms_id else found.terms,
        fields=fields,
        written=written,
        sums=budgets.sums(written.budget, written.asked),
        organisation=organisation,
        me=teammate_of(session, application.id, viewer.id),
        lead_is_me=lead_of(session, application.id).person_id == viewer.id,
        team=applications_team.team(session, application.id),
        files=attachments_of(session, application.id),
        seeds=seeds.for_application(session, found.offer, application),
        problems=applications_send.problems(session, found, application) if is_draft else {},
        verdicts=verdicts(session, found, application) if is_draft else [],
        facts_asked=[each for each in offers.form_of(session, found.offer) if each.is_ours],
        phase=call_phase(call),
        stations=lineage.around_call(session, call),
        notes=panel_show.notes_for_applicants(session, application, call),
        project=session.exec(select(Project).where(Project.application_id == application.id)).first(),
        next_stage=stages.open_to(session, application),
        earlier=stages.to_start_from(session, found.offer, application, viewer.id),
    )


@dataclass(frozen=True)
class Kept:
    """One saved version: who saved it, when, and which fields differ from the version before it."""

    number: int
    by: str
    at: datetime
    changed: list[str]


def versions(session: Session, application: Application) -> list[Kept]:
    """What windows held when they saved, the newest first: words that no longer stand in the form are found here."""
    found = versions_of(session, application.id, SHOWN + 1)
    query = select(Person.id, Person.name).where(col(Person.id).in_({each.by_id for each in found}))
    names = dict(session.exec(query).all())
    kept = [
        Kept(each.number, names.get(each.by_id, ""), each.created_at, differing(each.fields, before.fields))
        for each, before in zip(found, [*found[1:], *found[-1:]], strict=True)
    ]
    return kept[:SHOWN]


def differing(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    return [name for name in one if one[name] != other.get(name)]
