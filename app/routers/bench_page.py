"""The workbench as a page: also what an act of it answers with when it is refused, so that nothing typed is lost."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from app.errors import NotFound, Refusal
from app.models.call import Call
from app.models.cluster import Cluster
from app.models.correction import Correction
from app.models.grouping import accepted_grouping
from app.routers.cookies import settings_of
from app.routers.deps import find
from app.routers.forms import values
from app.routers.pages import redirect, render, say, viewer_of
from app.rules.texts import TextRefused
from app.services import (
    corrections_alike,
    corrections_told,
    groupings_bench,
    groupings_doubts,
    groupings_languages,
    groupings_story,
    lineage,
)
from app.services.groupings_bench import Name
from app.services.groupings_doubts import Doubt

Made = TypeVar("Made")
VOICES = "voices"
SAID_AT_THE_BENCH = (409, 422)


@dataclass(frozen=True)
class Work:
    """Which list of voices is on the bench, and what stands in its forms."""

    cluster: Cluster | None = None
    show: str = ""
    after: str | None = None
    typed: dict[str, str] = field(default_factory=dict)
    ticked: frozenset[UUID] = frozenset()
    form: str = ""
    lesson: Correction | None = None
    instead: tuple[str, ...] = ()
    whole_history: bool = False

    def said(self, form: str, name: str, otherwise: str = "") -> str:
        """What was typed into a field of one of the bench's forms."""
        return self.typed.get(name, otherwise) if form == self.form else otherwise

    @property
    def is_pile(self) -> bool:
        return self.show == "ungrouped" and self.cluster is None


@dataclass(frozen=True)
class Refused:
    """The sentence of a refusal; `is_of_a_text` where it is about what was typed or left out.

    `older` is the correction that it contradicts.
    """

    sentence: str
    status: int
    is_of_a_text: bool = False
    older: UUID | None = None


@dataclass(frozen=True)
class Done:
    """Where to go on, what is now true, and the correction that may teach something."""

    to: str
    notice: str
    correction: Correction


def bench_page(
    request: Request, db: Session, call: Call, work: Work, refused: Refused | None = None, notice: str = ""
) -> Response:
    model = settings_of(request).embedding_model
    seen = groupings_bench.bench(db, call, model, whole_history=work.whole_history)
    rows, following = rows_of(db, seen, work)
    proposed = seen.proposed
    story = groupings_story.story(db, proposed) if proposed and not seen.is_overtaken else None
    every = [line for mission in seen.lines for line in (mission, *mission.projects)]
    return render(
        request,
        "workbench/show.html",
        status=refused.status if refused else 200,
        call=call,
        bench=seen,
        chosen=next((line for line in every if work.cluster and line.cluster.id == work.cluster.id), None),
        reading=groupings_languages.reading(seen.model, work.cluster) if work.cluster else None,
        pile=work.is_pile,
        rows=rows,
        following=following,
        busy=groupings_bench.is_busy(seen.latest),
        story=story,
        proposed=proposed,
        work=work,
        refused=refused,
        told={one.id: said_of(one, seen.names) for one, _person in seen.history},
        alike=corrections_alike.alike(db, seen.accepted, work.lesson)
        if seen.accepted and work.lesson
        else None,
        **({"notices": [("fact", notice)]} if notice else {}),
        stations=lineage.around_call(db, call, "group"),
    )


def said_of(correction: Correction, names: Mapping[str, Name]) -> tuple[str, str]:
    """What a correction did, and the identity of the group it speaks of."""
    labels = {key: name.label for key, name in names.items()}
    return say(corrections_told.what(correction, labels)), corrections_told.group_of(correction)


def rows_of(db: Session, seen: groupings_bench.Bench, work: Work) -> tuple[list[Doubt], str | None]:
    """The voices of the list that was asked for; those ticked that are in it no more stand before them."""
    if seen.accepted is None:
        return [], None
    if work.cluster or work.is_pile:
        rows, following = groupings_doubts.voices(
            db, seen.accepted, work.cluster, work.after, seen.objections
        )
    else:
        rows, following = groupings_doubts.doubts(db, seen.accepted, seen.objections), None
    missing = sorted(work.ticked - {row.submission.id for row in rows})
    moved = groupings_doubts.named(db, seen.accepted, missing)
    return groupings_doubts.with_clusters(db, seen.accepted, moved, seen.objections) + rows, following


def work_of(db: Session, call: Call, form: FormData, ticked: Iterable[UUID]) -> Work:
    """The bench as the form about voices saw it."""
    origin = str(form.get("origin", ""))
    chosen = cluster_of(db, call, origin) if origin else None
    after = str(form.get("after", "")) or None
    instead = tuple(str(each) for each in form.getlist("instead"))
    show = str(form.get("show", ""))
    return Work(chosen, show, after, values(form), frozenset(ticked), VOICES, instead=instead)


def cluster_of(db: Session, call: Call, raw: str) -> Cluster:
    cluster = find(db, Cluster, raw)
    if cluster.call_id != call.id:
        raise NotFound()
    return cluster


def tried(db: Session, act: Callable[[], Made]) -> Made | Refused:
    """Do an act, or undo all of it and say why it was refused; what is no matter of the bench goes its own way."""
    try:
        with db.begin_nested():
            return act()
    except Refusal as refusal:
        if refusal.status not in SAID_AT_THE_BENCH:
            raise
        return refused_by(refusal)


def refused_by(refusal: Refusal) -> Refused:
    """What is wrong with a field is said at the field, in as few words as there."""
    if isinstance(refusal, TextRefused):
        return Refused(say(refusal.facts["problem"]), refusal.status, is_of_a_text=True)
    return Refused(say(refusal.phrase), refusal.status, older=getattr(refusal, "older", None))


def answered(
    request: Request, db: Session, call: Call, work: Work, outcome: Any, then: Callable[[Any], Response]
) -> Response:
    """Where an act leads; refused, back to the bench with everything that was ticked and typed."""
    if isinstance(outcome, Refused):
        anew(request, db)
        return bench_page(request, db, call, work, outcome)
    return then(outcome)


def anew(request: Request, db: Session) -> None:
    """Read everything again as it is now, but who looks: the page of a refusal names them when all else is gone."""
    viewer = viewer_of(request)
    known = {id(one) for one in (viewer.person, *viewer.seats)}
    for one in db.identity_map.values():
        if id(one) not in known:
            db.expire(one)


def taught(request: Request, db: Session, call: Call, done: Done) -> Response:
    """On to where the voices are now, with what looks like them where there is something."""
    grouping = accepted_grouping(db, call.id)
    found = corrections_alike.alike(db, grouping, done.correction) if grouping else None
    more = f"{'&' if '?' in done.to else '?'}alike={done.correction.id}" if found else ""
    return redirect(request, done.to + more, done.notice)
