"""What would fall if a year's money were cut: a page and a file, both made on reading; nothing is ever written."""

from typing import Annotated

from fastapi import Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import JSONResponse, Response

from app.errors import NotFound, Refusal
from app.models.columns import now
from app.models.mission import Mission
from app.routers.deps import Db, noun_router
from app.routers.forms import FormModel, read
from app.routers.mission_asked import ToRead
from app.routers.pages import render, say
from app.services import decisions_words, ledger, lineage, portfolio, portfolio_votes, what_if
from app.services.portfolio_votes import Chosen
from app.services.what_if import Run

router = noun_router("/missions/{mission_id}/what-if")
USUAL = 30  # percent


class Cut(FormModel):
    year: Annotated[int, Field(ge=1900, le=2200)]
    percent: Annotated[int, Field(ge=1, le=100)]
    vote: str = ""
    hash: Annotated[str, Field(max_length=64)] = ""


@router.get("")
def show(request: Request, db: Db, mission: ToRead) -> Response:
    votes = portfolio_votes.of_mission(db, mission.id)
    asked: dict[str, object] = dict(request.query_params)
    if not votes or "year" not in asked:
        return page(request, db, mission, votes, {**proposed(db, mission), **asked}, {})
    entry, errors = read(asked, Cut)
    chosen = named(votes, entry.vote if entry else "")
    if entry is None or chosen is None:
        return page(request, db, mission, votes, asked, errors, 422)
    try:
        found = what_if.run(db, mission, chosen, entry.year, entry.percent)
    except Refusal as refusal:
        return page(request, db, mission, votes, asked, {"year": say(refusal.phrase)}, refusal.status)
    return page(request, db, mission, votes, asked, {}, run=found)


def proposed(db: Session, mission: Mission) -> dict[str, object]:
    """What the form shows first: the next year that money is promised for, and a cut as large as one that happened."""
    years = sorted({each.year for each in ledger.lines(db, mission.id)})
    ahead = [each for each in years if each >= now().year] or years or [now().year]
    return {"year": ahead[0], "percent": USUAL}


def named(votes: list[Chosen], wanted: str) -> Chosen | None:
    """The vote that the address names; where it names none, the latest."""
    if not wanted:
        return votes[0] if votes else None
    return next((each for each in votes if str(each.decision.id) == wanted), None)


def page(
    request: Request,
    db: Session,
    mission: Mission,
    votes: list[Chosen],
    typed: dict[str, object],
    errors: dict[str, str],
    status: int = 200,
    run: Run | None = None,
) -> Response:
    return render(
        request, "missions/what_if.html", status=status, mission=mission, votes=votes, typed=typed, errors=errors,
        run=run, stated=typed.get("hash", ""), titles=decisions_words.titles(db, run.chosen.decision) if run else {},
        projects=dict(portfolio.titles(db, mission)), stations=lineage.of_mission(db, mission),
    )  # fmt: skip


@router.get("/run.json")
def file(request: Request, db: Db, mission: ToRead) -> Response:
    """The whole run as facts, with the hash by which a decision can cite it."""
    entry, _errors = read(dict(request.query_params), Cut)
    chosen = named(portfolio_votes.of_mission(db, mission.id), entry.vote) if entry else None
    if entry is None or chosen is None:
        raise NotFound()
    found = what_if.run(db, mission, chosen, entry.year, entry.percent)
    name = f"what-if-{entry.year}-{entry.percent}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return JSONResponse(what_if.document(found), headers=headers)
