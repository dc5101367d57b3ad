"""Amendments of a mission: reading them, proposing other words, writing them anew, and the answer to each."""

from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

from fastapi import Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.errors import NotFound, Refusal
from app.i18n import _
from app.models.amendment import Amendment
from app.models.mission import Clause, Mission
from app.models.statement import Statement
from app.permissions import Permission
from app.routers.cookies import settings_of
from app.routers.deps import CurrentViewer, Db, find, load, noun_router
from app.routers.forms import Form, FormModel, Maybe, cleaned, read, values
from app.routers.mission_asked import ToRead, ToSteer
from app.routers.pages import redirect, render, say
from app.rules import texts, word_diffs
from app.rules.mission_sections import GOAL, SECTIONS
from app.rules.rates import Limited
from app.rules.texts import Limits
from app.rules.words import AnswerState, StatementKind
from app.services import amendments, amendments_decide, amendments_show, deliberation, limits
from app.services.amendments import AmendmentText, OtherWindow, SameWords
from app.services.amendments_decide import LookAgain, NotAsShown
from app.services.missions_edit import MissionChanged

router = noun_router("/missions/{mission_id}/amendments")
ToSpeakOn = Annotated[Mission, load(Mission, to=Permission.SPEAK_ON_MISSION)]


class AmendmentEntry(FormModel):
    words: Annotated[str, cleaned(texts.CLAUSE)]
    reason: Annotated[str, cleaned(texts.REASON)]
    clause: Annotated[UUID | None, Maybe] = None
    section: Annotated[str, cleaned(Limits(0, 60, one_line=True))] = ""
    version: Annotated[int, Field(ge=0, le=10**6)] = 0

    def text(self) -> AmendmentText:
        return AmendmentText(self.words, self.reason, self.clause, self.section)


class AnswerEntry(FormModel):
    outcome: Literal["accepted", "declined", "to_vote"]
    reason: Annotated[str, cleaned(texts.REASON)]
    version: Annotated[int, Field(ge=1, le=10**6)]
    seen: Annotated[str, Field(max_length=64)] = ""


@router.get("")
def index(request: Request, db: Db, mission: ToRead) -> Response:
    listed = amendments_show.page(db, mission, request.query_params.get("page", ""))
    about = deliberation.about(db, mission)
    return render(request, "missions/amendments.html", about=about, listed=listed)


@router.get("/new")
def new(request: Request, db: Db, mission: ToSpeakOn) -> Response:
    clause = clause_of(db, mission, request.query_params.get("clause", ""))
    first = {"words": amendments.text_of(db, clause), "reason": "", "section": GOAL}
    return editor(request, db, mission, None, clause, first)


def clause_of(db: Session, mission: Mission, raw: str) -> Clause | None:
    return amendments.clause_of(db, mission, find(db, Clause, raw).id) if raw else None


def editor(
    request: Request, db: Session, mission: Mission, statement: Statement | None, clause: Clause | None,
    typed: dict[str, Any], errors: dict[str, str] | None = None, status: int = 200, **facts: Any,
) -> Response:  # fmt: skip
    """The form for other words, with the clause as it stands beside it."""
    return render(
        request, "missions/amendment_edit.html", status=status, about=deliberation.about(db, mission),
        statement=statement, clause=clause, present=amendments.text_of(db, clause), typed=typed,
        errors=errors or {}, sections=SECTIONS, form_key=typed.get("form_key") or uuid4().hex, **facts,
    )  # fmt: skip


@router.post("")
def propose(request: Request, db: Db, viewer: CurrentViewer, mission: ToSpeakOn, form: Form) -> Response:
    assert viewer.person is not None
    typed = values(form)
    entry, errors = read(form, AmendmentEntry)
    if entry is not None:
        limits.spend(db, Limited.AMEND, viewer.id)
        try:
            made = amendments.propose(
                db, mission, viewer.person, entry.text(), typed.get("form_key") or uuid4().hex
            )
            told = _("Your proposal is public. Its steward accepts it, declines it or puts it to a vote.")
            return redirect(request, f"/missions/{mission.id}/amendments/{made.id}", told)
        except SameWords as refusal:
            db.rollback()
            errors = {"words": say(refusal.phrase)}
    clause = clause_of(db, mission, typed.get("clause", ""))
    return editor(request, db, mission, None, clause, typed, errors, 422)


@router.get("/{statement_id}")
def show(request: Request, db: Db, mission: ToRead, statement_id: str) -> Response:
    return page(request, db, mission, one_of(db, mission, statement_id), {})


def one_of(db: Session, mission: Mission, raw: str) -> Statement:
    """A proposal for other words of this very mission."""
    found = find(db, Statement, raw)
    if (found.kind, found.subject_id) != (StatementKind.AMENDMENT, mission.id):
        raise NotFound()
    return found


def page(
    request: Request, db: Session, mission: Mission, statement: Statement, typed: dict[str, str],
    errors: dict[str, str] | None = None, status: int = 200,
) -> Response:  # fmt: skip
    return render(
        request, "missions/amendment.html", status=status, about=deliberation.about(db, mission),
        shown=amendments_show.one(db, mission, statement), typed=typed, errors=errors or {},
    )  # fmt: skip


@router.get("/{statement_id}/edit")
def edit(request: Request, db: Db, viewer: CurrentViewer, mission: ToSpeakOn, statement_id: str) -> Response:
    statement = mine(db, viewer.id, mission, statement_id)
    amendment = db.get_one(Amendment, statement.id)
    first = {"words": statement.text, "reason": amendment.reason, "version": amendment.version}
    return editor(request, db, mission, statement, still_there(db, statement), first)


def mine(db: Session, person_id: UUID | None, mission: Mission, raw: str) -> Statement:
    statement = one_of(db, mission, raw)
    if statement.author_id != person_id:
        raise NotFound()
    return statement


def still_there(db: Session, statement: Statement) -> Clause | None:
    return db.get(Clause, statement.about_id) if statement.about_id else None


@router.post("/{statement_id}/edit")
def revise(
    request: Request, db: Db, viewer: CurrentViewer, mission: ToSpeakOn, statement_id: str, form: Form
) -> Response:
    assert viewer.id is not None
    statement, typed = mine(db, viewer.id, mission, statement_id), values(form)
    entry, errors = read(form, AmendmentEntry)
    if entry is None:
        return editor(request, db, mission, statement, still_there(db, statement), typed, errors, 422)
    try:
        amendments.revise(db, statement, entry.text(), entry.version, viewer.id)
    except (SameWords, OtherWindow) as refusal:
        db.rollback()
        return again(request, db, mission, statement, typed, refusal)
    told = _("Your proposal is public as you wrote it now.")
    return redirect(request, f"/missions/{mission.id}/amendments/{statement.id}", told)


def again(
    request: Request, db: Session, mission: Mission, statement: Statement, typed: dict[str, str], refusal: Refusal
) -> Response:  # fmt: skip
    """The form once more; where another window was faster, its words beside those typed here."""
    errors, clause = {"words": say(refusal.phrase)}, still_there(db, statement)
    if not isinstance(refusal, OtherWindow):
        return editor(request, db, mission, statement, clause, typed, errors, refusal.status)
    amendment = db.get_one(Amendment, statement.id)
    base = amendments.text_of(db, clause)
    merged = word_diffs.merge(base, typed.get("words", ""), statement.text)
    kept = {**typed, "words": merged.text, "version": amendment.version}
    return editor(
        request, db, mission, statement, clause, kept, errors, refusal.status,
        theirs=statement.text, mine=typed.get("words", ""),
    )  # fmt: skip


@router.post("/{statement_id}/answer")
def answer(
    request: Request, db: Db, viewer: CurrentViewer, mission: ToSteer, statement_id: str, form: Form
) -> Response:
    assert viewer.person is not None
    by, origin = viewer.person, settings_of(request).origin
    statement, typed = one_of(db, mission, statement_id), values(form)
    entry, errors = read(form, AnswerEntry)
    if entry is None:
        return page(request, db, mission, statement, typed, errors, 422)
    try:
        if entry.outcome == "accepted":
            amendments_decide.accept(db, statement, by, entry.reason, entry.version, entry.seen, origin)
        else:
            amendments_decide.answer(db, statement, by, AnswerState(entry.outcome), entry.reason, origin)
    except (LookAgain, NotAsShown, MissionChanged) as refusal:
        db.rollback()
        return page(request, db, mission, statement, typed, {"reason": say(refusal.phrase)}, refusal.status)
    here = f"/missions/{mission.id}/amendments/{statement.id}"
    return redirect(request, here, _("Your answer is public, and whoever proposed it is told."))
