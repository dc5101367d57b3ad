"""The web application: settings in, one FastAPI app out."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import anyio
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from sqlalchemy import Engine

from app import __version__
from app.jobs import runtime
from app.place import embedder_of, open_engine, with_database
from app.routers import (
    about,
    absences,
    amendments,
    answers,
    application_files,
    application_team,
    applications,
    awards,
    backings,
    ballots,
    bundles,
    calendars,
    call_editor,
    calls,
    capabilities,
    checkpoints,
    closing,
    clusters,
    committee_bench,
    committee_editor,
    committees,
    condition_acts,
    conditions,
    conversations,
    copies,
    corrections,
    course,
    coverage,
    dashboards,
    decisions,
    drafts,
    endorsements,
    errors,
    events,
    exports,
    groupings,
    health,
    home,
    idea_map,
    imports,
    indicators,
    interests,
    ledger,
    lessons,
    lineage_pages,
    me,
    milestones,
    minority_reports,
    minutes,
    mission_editor,
    mission_links,
    mission_map,
    mission_parts,
    mission_withdrawal,
    missions,
    moderation,
    motions,
    my_submissions,
    news,
    objections,
    offer_editor,
    offer_parts,
    offers,
    organisations,
    pages,
    panel,
    panel_reviews,
    pledges,
    portfolio,
    portfolio_questions,
    projects,
    question_interests,
    questions,
    readings,
    readings_api,
    remarks,
    returns,
    review_revisions,
    review_rounds,
    reviews,
    seconding,
    seeds,
    selection,
    sign_in,
    spoken,
    staff,
    statements,
    submissions,
    tokens,
    topics,
    versions,
    visions,
    what_if,
    wordings,
    workbench,
)
from app.routers.bodies import Bodies
from app.routers.headers import Headers
from app.services import attachments
from app.settings import Settings, get_settings

STATIC = Path(__file__).parent / "static"
NOUNS = (
    home, about, health, sign_in, me, organisations, staff, call_editor, imports, calls, answers, submissions, drafts,
    endorsements, statements, moderation, my_submissions, missions, mission_editor, mission_parts, tokens,
    mission_map, mission_links, lineage_pages,
    dashboards, ledger, portfolio, what_if, mission_withdrawal, motions, review_rounds, reviews,
    review_revisions, exports,
    clusters, corrections, groupings, workbench, conditions, condition_acts, calendars, returns, capabilities,
    readings, readings_api, indicators, milestones, backings, course, projects, lessons, visions,
    idea_map, committee_editor, committees, interests, question_interests, decisions, closing, ballots, questions,
    events, checkpoints, topics, wordings, seconding, bundles, absences, committee_bench,
    objections, spoken, amendments, conversations, remarks, minutes, versions, news, minority_reports,
    offer_editor, offer_parts, offers, copies, coverage,
    awards, portfolio_questions,
    applications, application_team, application_files, seeds, pledges,
    panel, selection, panel_reviews,
)  # fmt: skip


def create_app(settings: Settings, engine: Engine | None = None) -> FastAPI:
    """Everything a process needs to answer; background work starts and ends with it."""
    engine = engine or open_engine(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        start = partial(
            runtime.start,
            engine,
            settings,
            embedder_factory=lambda: embedder_of(settings),
            run_queues=settings.run_jobs,
        )
        app.state.runtime = await anyio.to_thread.run_sync(start)
        yield
        if not await anyio.to_thread.run_sync(app.state.runtime.stop):
            runtime.leave()
        engine.dispose()

    app = FastAPI(
        title="CoMission",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=lifespan,
    )
    app.state.settings = settings
    app.state.engine = engine
    app.state.runtime = None
    app.state.files = attachments.keeper_of(settings)
    pages.set_up(app)
    errors.set_up(app)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for noun in NOUNS:
        app.include_router(noun.router)
    app.add_middleware(Bodies)
    app.add_middleware(Headers, secure=settings.secure_cookies)
    return app


def from_environment() -> FastAPI:
    """For uvicorn, which builds one application in each of its processes.

    What is loaded by then stays, and the collector looks through it no more: it held up one request in fifteen.
    """
    app = create_app(with_database(get_settings()))
    gc.collect()
    gc.freeze()
    return app
