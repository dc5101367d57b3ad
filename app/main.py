"""The web application: settings in, one FastAPI app out."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from sqlalchemy import Engine

from app import __version__
from app.db import make_engine
from app.routers import about, errors, health, home, pages
from app.routers.headers import Headers
from app.settings import Settings

STATIC = Path(__file__).parent / "static"
NOUNS = (home, about, health)
log = logging.getLogger(__name__)


def create_app(settings: Settings, engine: Engine | None = None) -> FastAPI:
    """Everything a process needs to answer; background work starts with the process and ends with it."""
    engine = engine or make_engine(settings.database_url, settings.pool_size)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        if app.state.runtime is not None:
            app.state.runtime.stop()
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
    app.state.is_demo = False
    app.state.runtime = None
    pages.set_up(app)
    errors.set_up(app)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for noun in NOUNS:
        app.include_router(noun.router)
    app.add_middleware(Headers, secure=settings.secure_cookies)
    return app


def start_work(app: FastAPI, kind: str = "web") -> None:
    """Run the queues in this process; called before the event loop starts."""
    from app.jobs import runtime
    from app.nlp.embedding import SentenceTransformerEmbedder

    settings: Settings = app.state.settings
    app.state.runtime = runtime.start(
        app.state.engine,
        settings,
        embedder_factory=lambda: SentenceTransformerEmbedder(settings.embedding_model),
        run_queues=settings.run_jobs,
        kind=kind,
    )
