"""The page to compare with: FastAPI, SQLAlchemy and Jinja showing 20 mapped rows of the same table."""

import os
from uuid import UUID

from fastapi import FastAPI
from jinja2 import Environment, select_autoescape
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from sqlmodel import col, select
from starlette.responses import HTMLResponse

from app.models.submission import Submission
from app.rules.words import SubmissionState

PAGE = """<!doctype html><html lang="en"><head><title>Bare</title></head><body><h1>Voices</h1><ul>
{% for row in rows %}<li><a href="/submissions/{{ row.id }}">{{ row.text }}</a>
<span>{{ row.place }}, {{ row.language }}, {{ row.endorsement_count }}, {{ row.submitted_at }}</span></li>{% endfor %}
</ul></body></html>"""


def make() -> FastAPI:
    """For uvicorn; the database and the call come through the environment."""
    engine = create_engine(os.environ["DATABASE_URL"])
    template = Environment(autoescape=select_autoescape(default=True)).from_string(PAGE)
    call = os.environ["BENCH_CALL"]
    query = (
        select(Submission)
        .where(col(Submission.call_id) == UUID(call), col(Submission.state) == SubmissionState.VISIBLE)
        .order_by(col(Submission.number).desc())
        .limit(20)
    )
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/")
    def page() -> HTMLResponse:
        with Session(engine) as session:
            rows = session.scalars(query).all()
        return HTMLResponse(template.render(rows=rows))

    return app
