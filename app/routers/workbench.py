"""The facilitator's workbench: start a grouping, see what is worth checking, correct it, undo."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from app.errors import BadRequest, NotFound
from app.i18n import _, ngettext
from app.models.call import Call
from app.models.cluster import Cluster
from app.models.correction import Correction
from app.permissions import Permission
from app.routers.bench_page import (
    Done,
    Work,
    anew,
    answered,
    bench_page,
    cluster_of,
    taught,
    tried,
    work_of,
)
from app.routers.deps import CurrentViewer, Db, find, load, noun_router
from app.routers.forms import Form
from app.routers.pages import redirect
from app.rules.rates import Limited
from app.services import (
    corrections,
    corrections_alike,
    corrections_gather,
    corrections_keep,
    corrections_undo,
    corrections_voices,
    groupings,
    limits,
)

router = noun_router("/calls/{call_id}")
BenchCall = Annotated[Call, load(Call, to=Permission.READ_WORKBENCH)]
GroupableCall = Annotated[Call, load(Call, to=Permission.START_GROUPING)]
CorrectableCall = Annotated[Call, load(Call, to=Permission.CORRECT_CLUSTER)]
Seen = dict[UUID, UUID | None]


@dataclass(frozen=True)
class Asked:
    """What the form about voices asks for."""

    call: Call
    seen: Seen
    form: FormData
    by: UUID

    def said(self, name: str) -> str:
        return str(self.form.get(name, ""))

    @property
    def instead(self) -> list[UUID]:
        """Earlier corrections whose place this one takes for its voices."""
        try:
            return [UUID(str(each)) for each in self.form.getlist("instead") if each]
        except ValueError as malformed:
            raise BadRequest() from malformed


@router.get("/workbench")
def bench(
    request: Request,
    db: Db,
    call: BenchCall,
    cluster: str | None = None,
    show: str = "",
    after: str | None = None,
    alike: str | None = None,
    history: str = "",
) -> Response:
    chosen = cluster_of(db, call, cluster) if cluster else None
    lesson = correction_of(db, call, alike) if alike else None
    return bench_page(
        request, db, call, Work(chosen, show, after, lesson=lesson, whole_history=history == "all")
    )


@router.post("/groupings")
def start(request: Request, db: Db, viewer: CurrentViewer, call: GroupableCall) -> Response:
    assert viewer.id is not None
    by = viewer.id
    limits.spend(db, Limited.GROUP, by)
    outcome = tried(db, lambda: groupings.start(db, call, by))
    notice = _("The grouping has started. Nothing changes for anyone until you accept what it finds.")
    return answered(
        request, db, call, Work(), outcome, lambda _made: redirect(request, back_to(call), notice)
    )


@router.post("/placements")
def correct_voices(
    request: Request, db: Db, viewer: CurrentViewer, call: CorrectableCall, form: Form
) -> Response:
    """Correct where the chosen voices stand; how is told by the button that was pressed."""
    assert viewer.id is not None
    asked, act = Asked(call, seen_places(form), form, viewer.id), ACTS.get(str(form.get("act", "")))
    if act is None:
        raise BadRequest()
    work = work_of(db, call, form, asked.seen)
    outcome = tried(db, lambda: act(db, asked))
    return answered(request, db, call, work, outcome, lambda done: taught(request, db, call, done))


def back_to(call: Call) -> str:
    return f"/calls/{call.id}/workbench"


def move(db: Session, asked: Asked) -> Done:
    if not asked.said("target"):
        raise corrections_voices.NowhereToGo()
    target = cluster_of(db, asked.call, asked.said("target"))
    made = corrections_voices.move(db, asked.call, asked.seen, target, asked.by, asked.instead)
    return Done(f"{back_to(asked.call)}?cluster={target.id}", moved_notice(len(asked.seen), target), made)


def set_apart(db: Session, asked: Asked) -> Done:
    reason = asked.said("reason")
    made = corrections_voices.set_apart(db, asked.call, asked.seen, reason, asked.by, asked.instead)
    notice = ngettext("One voice is set apart.", "%(num)s voices are set apart.", len(asked.seen))
    return Done(f"{back_to(asked.call)}?show=ungrouped", notice, made)


def split(db: Session, asked: Asked) -> Done:
    origin = cluster_of(db, asked.call, asked.said("origin"))
    correction, made = corrections.split(db, origin, list(asked.seen), asked.by, asked.said("label"))
    return Done(
        f"{back_to(asked.call)}?cluster={made.id}", _("They now stand in a group of their own."), correction
    )


def gather(db: Session, asked: Asked) -> Done:
    correction, made = corrections_gather.gather(
        db, asked.call, asked.seen, asked.by, asked.said("label"), asked.instead
    )
    return Done(
        f"{back_to(asked.call)}?cluster={made.id}", _("They now stand in a group of their own."), correction
    )


def keep_together(db: Session, asked: Asked) -> Done:
    why = asked.said("why")
    made = corrections_keep.keep_together(db, asked.call, asked.seen, asked.by, why, asked.instead)
    came = len(made.payload["put"])
    notice = _("From now on they always share a group.")
    if came:
        told = ngettext("One voice came to the others.", "%(num)s voices came to the others.", came)
        notice = f"{notice} {told}"
    return Done(here(asked), notice, made)


def keep_apart(db: Session, asked: Asked) -> Done:
    why = asked.said("why")
    made = corrections_keep.keep_apart(db, asked.call, asked.seen, asked.by, why, asked.instead)
    put = made.payload["put"]
    out = sum(place is None for place in put.values())
    notice = _("From now on no two of them share a group.")
    if put:
        told = ngettext("One voice had to leave.", "%(num)s voices had to leave.", len(put))
        notice = f"{notice} {told}"
    if out:
        told = ngettext("One stands ungrouped now.", "%(num)s stand ungrouped now.", out)
        notice = f"{notice} {told}"
    return Done(here(asked), notice, made)


def here(asked: Asked) -> str:
    """Back to the list the voices were chosen from."""
    origin, show = asked.said("origin"), asked.said("show")
    wanted = f"?cluster={origin}" if origin else "?show=ungrouped" if show == "ungrouped" else ""
    return f"{back_to(asked.call)}{wanted}"


ACTS: dict[str, Callable[[Session, Asked], Done]] = {
    "move": move,
    "set_apart": set_apart,
    "split": split,
    "gather": gather,
    "keep_together": keep_together,
    "keep_apart": keep_apart,
}


def moved_notice(count: int, target: Cluster) -> str:
    return ngettext(
        "One voice now stands in “%(label)s”.",
        "%(num)s voices now stand in “%(label)s”.",
        count,
        label=target.label,
    )


def seen_places(form: FormData, name: str = "voice") -> Seen:
    """The chosen voices, and where the page saw each of them."""
    try:
        pairs = [str(token).partition(":") for token in form.getlist(name)]
        return {UUID(voice): UUID(home) if home else None for voice, _colon, home in pairs}
    except ValueError as malformed:
        raise BadRequest() from malformed


def correction_of(db: Session, call: Call, raw: str) -> Correction:
    correction = find(db, Correction, raw)
    if correction.call_id != call.id:
        raise NotFound()
    return correction


@router.post("/corrections/{correction_id}/undoing")
def undo(
    request: Request,
    db: Db,
    viewer: CurrentViewer,
    call: CorrectableCall,
    correction_id: str,
    form: Form,
) -> Response:
    """Undo a correction; asked for while another one was refused, what was ticked and typed stays on the bench."""
    assert viewer.id is not None
    by, correction = viewer.id, correction_of(db, call, correction_id)
    work = work_of(db, call, form, seen_places(form)) if form.getlist("voice") else Work()
    outcome = tried(db, lambda: corrections_undo.undo(db, correction, by))

    def told(changed: bool) -> Response:
        notice = (
            _("Undone: the groups are as they were before it.")
            if changed
            else _(
                "Undone: later runs no longer follow it. The groups shown now have changed since and stay."
            )
        )
        if work.ticked:
            anew(request, db)
            return bench_page(request, db, call, work, notice=notice)
        return redirect(request, f"{back_to(call)}#history", notice)

    return answered(request, db, call, work, outcome, told)


@router.post("/corrections/{correction_id}/alike")
def follow(
    request: Request,
    db: Db,
    viewer: CurrentViewer,
    call: CorrectableCall,
    correction_id: str,
    form: Form,
) -> Response:
    """Do the same to the chosen ones of those that look alike; the others are left as they are, and remembered."""
    assert viewer.id is not None
    by, correction, seen = viewer.id, correction_of(db, call, correction_id), seen_places(form)
    if form.get("act") not in ("same", "leave"):
        raise BadRequest()
    does = form.get("act") == "same"
    offered = seen_places(form, "offered")

    def act() -> Done | None:
        if does and not seen:
            raise corrections_voices.NobodyChosen()
        left = set(offered) - set(seen) if does else set(offered)
        corrections_alike.dismiss(db, correction, sorted(left), by)
        if not does:
            return None
        made = corrections_alike.do_the_same(db, call, correction, seen, by)
        notice = ngettext(
            "The same was done to one voice.", "The same was done to %(num)s voices.", len(seen)
        )
        return Done(back_to(call), notice, made)

    def on(done: Done | None) -> Response:
        if done is None:
            return redirect(request, back_to(call), _("They stay as they are and are not offered again."))
        return taught(request, db, call, done)

    return answered(request, db, call, Work(lesson=correction), tried(db, act), on)
