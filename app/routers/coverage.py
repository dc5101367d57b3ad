"""Coverage of a question: who spoke so far, beside who lives there."""

import re
from decimal import Decimal
from typing import Annotated, Any

from fastapi import Request
from pydantic import AfterValidator
from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from app.i18n import _
from app.models.call import Call
from app.permissions import Permission
from app.routers.call_head import call_head
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.forms import Form, FormModel, Problem, cleaned, read, tried, values
from app.routers.pages import redirect, render, say
from app.rules import texts
from app.rules.texts import Limits
from app.rules.words import StakeholderGroup
from app.services import coverage
from app.viewer import Viewer

router = noun_router("/calls/{call_id}/coverage")
ToRead = Annotated[Call, load(Call, to=Permission.READ_COVERAGE)]
ToExpect = Annotated[Call, load(Call, to=Permission.EXPECT_COVERAGE)]
# Digits alone: a number with an exponent is a few letters long, and as an exact fraction larger than any memory.
SHARE = re.compile(r"-?[0-9]{1,6}([.,][0-9]{0,6})?")


def shares_in(lines: str) -> str:
    """Each line is a name, a colon and a number."""
    for line in lines.splitlines():
        if line.strip() and share_in(line) is None:
            raise Problem(
                _("Write each place on a line of its own, with a colon and its share: %(line)s", line=line)
            )
    return lines


def share_in(line: str) -> tuple[str, Decimal] | None:
    name, colon, number = line.rpartition(":")
    written, name = number.strip().rstrip("%"), " ".join(name.split())[:100]
    if not (colon and name and SHARE.fullmatch(written)):
        return None
    return name, Decimal(written.replace(",", "."))


class ExpectedEntry(FormModel):
    places: Annotated[str, cleaned(Limits(0, 4_000)), AfterValidator(shares_in)] = ""
    source: Annotated[str, cleaned(texts.SHORT)] = ""


def page(
    request: Request, db: Session, viewer: Viewer, call: Call, typed: dict[str, Any], errors: dict[str, str],
    status: int = 200,
) -> Response:  # fmt: skip
    found = coverage.of_call(db, call)
    return render(
        request, "calls/coverage.html", status=status, found=found, typed=typed, errors=errors,
        **call_head(db, viewer, call),
    )  # fmt: skip


def typed_before(call: Call) -> dict[str, Any]:
    known = call.expected
    places = "\n".join(f"{name}: {share}" for name, share in known.get("place", {}).items())
    groups = {f"group_{name}": share for name, share in known.get("group", {}).items()}
    return {**groups, "places": places, "source": known.get("source", "")}


@router.get("")
def show(request: Request, db: Db, viewer: CurrentViewer, call: ToRead) -> Response:
    return page(request, db, viewer, call, typed_before(call), {})


def groups_in(form: FormData) -> tuple[dict[str, Decimal], dict[str, str]]:
    found: dict[str, Decimal] = {}
    errors: dict[str, str] = {}
    for group in StakeholderGroup:
        raw = str(form.get(f"group_{group}", "")).strip()
        if not raw:
            continue
        share = share_in(f"{group}:{raw}")
        if share is None:
            errors[f"group_{group}"] = _("Please write a number, with a point before the decimals.")
        else:
            found[group.value] = share[1]
    return found, errors


@router.post("")
def expect(request: Request, db: Db, viewer: CurrentViewer, call: ToExpect, form: Form) -> Response:
    assert viewer.id is not None
    by, (entry, errors), (groups, wrong) = viewer.id, read(form, ExpectedEntry), groups_in(form)
    if entry is None or wrong:
        return page(request, db, viewer, call, dict(values(form)), errors | wrong, 422)
    listed = (share_in(line) for line in entry.places.splitlines())
    places, source = {each[0]: each[1] for each in listed if each is not None}, entry.source
    refusal = tried(db, lambda: coverage.expect(db, call, groups, places, source, by))
    if refusal is not None:
        told = {"form": say(refusal.phrase)}
        return page(request, db, viewer, call, dict(values(form)), told, refusal.status)
    return redirect(request, f"/calls/{call.id}/coverage", _("Saved. Gaps are shown from now on."))
