"""Submitting an application once, with a receipt; withdrawing one; deleting a draft."""

import secrets
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.conditions.asking import times_of
from app.errors import Conflict, NotAcceptable, NotFound
from app.models.application import (
    Application,
    ApplicationVersion,
    Teammate,
    teammates_of,
    version_of,
)
from app.models.attachment import attachments_of
from app.models.call import Call
from app.models.columns import now
from app.models.organisation import Organisation
from app.models.project import Project
from app.models.seed import AdoptedSeed, seeds_of
from app.rules import applications, eligibility, findings, phases
from app.rules.applications import TooLate
from app.rules.phases import Act
from app.rules.phrases import Phrase
from app.rules.words import N_, ApplicationState, CallState, SubjectKind
from app.services import events, notifications, offers
from app.services.applications import NotADraft, Wanted, applicant, fields_of, known, verdicts, wanted


class NotReady(NotAcceptable):
    """Something of the form is not right yet; the page of the submission says what."""

    sentence: ClassVar[str] = N_("It was not submitted: some things are still to do. They are listed here.")


class ContractDrawn(Conflict):
    sentence: ClassVar[str] = N_(
        "A contract was drawn up from this application. Tell the agency if it shall come to nothing: it says so with "
        "a reason, and the next of the reserve can move up."
    )


class TermsChanged(Conflict):
    sentence: ClassVar[str] = N_(
        "Read the terms as they are now, and accept them: without that nothing is submitted."
    )


class ChangedMeanwhile(Conflict):
    sentence: ClassVar[str] = N_(
        "A teammate changed the application while you were reading it. Look at it as it is now, then submit it."
    )


class AppliedAlready(Conflict):
    sentence: ClassVar[str] = N_(
        "Your organisation has submitted an application to this call already. This one stays a draft until that one "
        "is withdrawn."
    )


class NotSent(NotFound):
    sentence: ClassVar[str] = N_("This application was not submitted, so it has no receipt.")


def problems(
    session: Session, found: Wanted, application: Application, at: datetime | None = None
) -> dict[str, Phrase]:
    """All that stands between a draft and its submission, by the part of the page it is about."""
    told = applications.problems(fields_of(session, application), found.asked)
    if applicant(session, application) is None:
        told["organisation"] = Phrase(N_("Say which organisation applies."))
    if not eligibility.all_hold(verdicts(session, found, application, at)):
        told["eligibility"] = Phrase(N_("Some rules on who may apply are not met, or not answered."))
    return told


def submit(
    session: Session, application: Application, by: UUID, *, arrived: datetime, seen: int, terms: UUID | None
) -> Application:
    """Submit what was read and checked, once; the same again answers the receipt that stands.

    `arrived` is when the request reached the platform: `rules.applications.in_time` says what is in time. The call is
    held meanwhile, so that nobody cancels it or moves on from it between the check and the end of the act.
    """
    call = session.get_one(Call, application.call_id)
    session.refresh(call, with_for_update={"read": True})
    session.refresh(application, with_for_update=True)
    if application.state is not ApplicationState.DRAFT:
        return submitted_already(application)
    found = wanted(session, call)
    require_in_time(call, arrived)
    if seen != application.version:
        raise ChangedMeanwhile()
    if problems(session, found, application, arrived):
        raise NotReady()
    if found.terms is not None and terms != found.terms.id:
        raise TermsChanged()
    finish(session, found, application, by, arrived)
    return application


def submitted_already(application: Application) -> Application:
    if application.state is ApplicationState.WITHDRAWN:
        raise NotADraft()
    return application


def require_in_time(call: Call, arrived: datetime) -> None:
    """Whether the call took applications at that instant; a call that was cancelled meanwhile takes none."""
    times = times_of(call)
    phase = phases.phase(times, call.state, arrived)
    if call.state in (CallState.PUBLISHED, CallState.OPEN) and arrived >= call.closes_at:
        raise TooLate(closes=call.closes_at, arrived=arrived)
    phases.require(Act.SUBMIT, phase, times)
    if not applications.in_time(arrived, now(), call.closes_at):
        raise TooLate(closes=call.closes_at, arrived=now())


def finish(session: Session, found: Wanted, application: Application, by: UUID, arrived: datetime) -> None:
    """Make it submitted: the receipt is of all that it holds, and the database lets one stand for an organisation."""
    organisation, kept = applicant(session, application), kept_of(session, application)
    assert organisation is not None
    salt, holds = secrets.token_hex(32), content(session, found, application, organisation, arrived)
    facts = known(session, found, application, arrived)
    checked = findings.frozen(offers.rules_of(session, found.call, found.offer), facts, found.offer.currency)
    kept.sent = {"salt": salt, "content": holds}
    application.receipt = applications.receipt(holds, salt)
    application.organisation_id = organisation.id
    application.submitted_at, application.state = arrived, ApplicationState.SUBMITTED
    application.findings = checked
    if found.terms is not None:
        application.terms_id, application.terms_accepted_at = found.terms.id, arrived
    try:
        with session.begin_nested():
            session.flush()
    except IntegrityError as problem:
        raise AppliedAlready() from problem
    events.record(
        session, "application_submitted", SubjectKind.APPLICATION, application.id, by=by,
        state=application.state, call=application.call_id, organisation=organisation.id,
        version=application.version, receipt=application.receipt,
    )  # fmt: skip
    tell_team(session, application, found.call, by)


def tell_team(session: Session, application: Application, call: Call, by: UUID) -> None:
    """The others of the team are told; whoever was only invited is not."""
    mates = teammates_of(session, application.id)
    people = [each.person_id for each in mates if each.joined_at is not None and each.person_id != by]
    kind = f"application_{application.state}"
    notifications.tell(session, people, kind, SubjectKind.APPLICATION, application.id, title=call.title)


def kept_of(session: Session, application: Application) -> ApplicationVersion:
    kept = version_of(session, application.id, application.version)
    assert kept is not None
    return kept


def content(
    session: Session, found: Wanted, application: Application, organisation: Organisation, arrived: datetime
) -> dict[str, Any]:
    """All that was submitted, as the receipt covers it and the applicants can download it."""
    files = [(each.name, each.sha256) for each in attachments_of(session, application.id)]
    facts = {
        "application": application.id,
        "call": application.call_id,
        "organisation": {"id": organisation.id, "name": organisation.name},
        "submitted_at": arrived,
        "terms": {"number": found.terms.number, "hash": found.terms.text_hash} if found.terms else None,
        "seeds": sorted(str(each.cluster_key) for each in seeds_of(session, application.id)),
    }
    return applications.content(fields_of(session, application), files, facts)


def receipt_file(session: Session, application: Application) -> dict[str, Any]:
    """What was submitted with its salt and receipt: whoever has it can compute the receipt anew."""
    kept = kept_of(session, application)
    if not kept.sent:
        raise NotSent()
    how = "HMAC-SHA-256, keyed with the salt as text, of the content as canonical JSON (RFC 8785)"
    return {"receipt": application.receipt, "how": how, **kept.sent}


def withdraw(session: Session, application: Application, by: UUID) -> None:
    """Take it out of the call: from now on nobody but its team may read it, and the organisation may apply anew."""
    session.refresh(application, with_for_update=True)
    applications.require_move(application.state, ApplicationState.WITHDRAWN)
    if session.exec(select(Project.id).where(Project.application_id == application.id)).first() is not None:
        raise ContractDrawn()
    application.state, application.withdrawn_at = ApplicationState.WITHDRAWN, now()
    application.reserve_place = None
    session.flush()
    events.record(
        session, "application_withdrawn", SubjectKind.APPLICATION, application.id, by=by,
        call=application.call_id,
    )  # fmt: skip
    tell_team(session, application, session.get_one(Call, application.call_id), by)


def delete_draft(session: Session, application: Application) -> None:
    """Throw a draft away, with its files and its team, also after the call has closed. A draft has no event."""
    session.refresh(application, with_for_update=True)
    if application.state is not ApplicationState.DRAFT:
        raise NotADraft()
    key = application.id
    for table in (AdoptedSeed, ApplicationVersion, Teammate):
        session.connection().execute(delete(table).where(col(table.application_id) == key))
    session.delete(application)
    session.flush()
