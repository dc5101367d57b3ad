"""The what-if run that a motion's form cites: carried along by the page of the run, checked when it is sent."""

from typing import Annotated

from fastapi import Request
from pydantic import Field
from starlette.datastructures import FormData

from app.routers.forms import FormModel, read
from app.services.what_if import Cited, RunHasChanged

NAMES = ("cited_year", "cited_percent", "cited_vote", "cited_hash")


class CitedEntry(FormModel):
    cited_year: Annotated[int, Field(ge=1900, le=2200)]
    cited_percent: Annotated[int, Field(ge=1, le=100)]
    cited_vote: Annotated[str, Field(max_length=36)]
    cited_hash: Annotated[str, Field(max_length=64)]


def asked_with(request: Request) -> dict[str, str]:
    """What an address says of a run to cite, for the form that stands there."""
    return {
        name: request.query_params[name].replace("\0", "") for name in NAMES if name in request.query_params
    }


def cited(form: FormData) -> Cited | None:
    """The run that a form cites, if it cites one; what is no run at all comes to nothing that could be cited."""
    if not form.get("cited_hash"):
        return None
    entry, _errors = read(form, CitedEntry)
    if entry is None:
        raise RunHasChanged()
    return Cited(entry.cited_year, entry.cited_percent, entry.cited_vote, entry.cited_hash)
