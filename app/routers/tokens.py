"""Tokens for programs that act for me: made, shown once, and revoked."""

from typing import Annotated

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.i18n import _
from app.models.api_token import tokens_of
from app.models.columns import now
from app.models.person import Person
from app.permissions import Permission
from app.routers.deps import CurrentViewer, Db, needs, noun_router, record_id
from app.routers.forms import Form, FormModel, cleaned, read, tried
from app.routers.pages import redirect, render, say
from app.rules.texts import Limits
from app.services import tokens

router = noun_router("/me/tokens")
OWN = [needs(Permission.READ_OWN)]


class TokenEntry(FormModel):
    name: Annotated[str, cleaned(Limits(2, 100, one_line=True))]


def page(
    request: Request, db: Session, person: Person, errors: dict[str, str], made: str = "", status: int = 200
) -> Response:
    return render(
        request, "me/tokens.html", status=status, tokens=tokens_of(db, person.id), made=made, errors=errors, at=now()
    )  # fmt: skip


@router.get("", dependencies=OWN)
def index(request: Request, db: Db, viewer: CurrentViewer) -> Response:
    assert viewer.person is not None
    return page(request, db, viewer.person, {})


@router.post("", dependencies=OWN)
def make(request: Request, db: Db, viewer: CurrentViewer, form: Form) -> Response:
    """The answer is the page itself, since it is the only one that ever shows the token."""
    assert viewer.person is not None
    person, (entry, errors) = viewer.person, read(form, TokenEntry)
    if entry is None:
        return page(request, db, person, errors, status=422)
    made: list[str] = []
    refusal = tried(db, lambda: made.append(tokens.make(db, person, entry.name)))
    if refusal is not None:
        return page(request, db, person, {"name": say(refusal.phrase)}, status=refusal.status)
    return page(request, db, person, {}, made[0])


@router.post("/{token_id}/revocation", dependencies=OWN)
def revoke(request: Request, db: Db, viewer: CurrentViewer, token_id: str) -> Response:
    assert viewer.id is not None
    tokens.revoke(db, viewer.id, record_id(token_id))
    return redirect(request, "/me/tokens", _("The token is revoked: no program can use it any more."))
