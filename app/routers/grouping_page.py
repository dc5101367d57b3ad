"""The page of one grouping: what it found, and, while it waits for a decision, its levels and changes to choose."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app import permissions
from app.models.call import Call
from app.models.grouping import Grouping, accepted_grouping
from app.permissions import Permission
from app.routers.bench_page import Refused, refused_by
from app.routers.pages import render, viewer_of
from app.services import (
    bundles,
    clusters,
    groupings,
    groupings_bench,
    groupings_changes,
    groupings_ladder,
    groupings_levels,
    groupings_preview,
    groupings_story,
    groupings_words,
    lineage,
)
from app.services.groupings_ladder import Curve


@dataclass(frozen=True)
class Asked:
    """The two steps of the ladder to look at, from 0, and what is wrong with them."""

    mission: int
    project: int
    wrong: Refused | None = None


@dataclass(frozen=True)
class Wrong:
    """What was refused on this page: about the levels, or about the changes that were ticked."""

    levels: Refused | None = None
    ticks: Refused | None = None

    @property
    def status(self) -> int:
        found = self.levels or self.ticks
        return found.status if found else 200


FINE = Wrong()
WORDS = {"steadiness": groupings_words.steadiness, "steadiness_told": groupings_words.steadiness_told}


def grouping_page(
    request: Request,
    db: Session,
    grouping: Grouping,
    steps: tuple[str, str] = ("", ""),
    ticked: Collection[UUID] | None = None,
    wrong: Wrong = FINE,
) -> Response:
    call = db.get_one(Call, grouping.call_id)
    story = groupings_story.story(db, grouping)
    before = accepted_grouping(db, call.id)
    is_overtaken = groupings_bench.is_proposed(grouping) and groupings.is_overtaken(db, grouping, before)
    may_decide = groupings_bench.is_proposed(grouping) and permissions.can(
        db, viewer_of(request), Permission.ACCEPT_GROUPING, grouping
    )
    under_way = groupings.part_under_way(db, grouping) if may_decide else None
    decides = may_decide and under_way is None
    changes = groupings_changes.changes(db, grouping, before) if decides and before else None
    curve = groupings_ladder.curve(db, grouping.id) if decides else None
    asked = asked_of(curve, *steps) if curve else None
    return render(
        request,
        "groupings/show.html",
        status=wrong.status,
        grouping=grouping,
        call=call,
        story=story,
        is_overtaken=is_overtaken,
        is_uncertain=groupings_words.is_uncertain(grouping),
        decides=decides,
        under_way=under_way,
        changes=None if is_overtaken else changes,
        ticked=ticked if ticked is not None else changes.keys if changes else frozenset(),
        wrong_ticks=wrong.ticks.sentence if wrong.ticks else None,
        groups=[clusters.Group(one, model=grouping.model) for one in story.missions],
        parameters=groupings_words.parameters(grouping),
        stations=lineage.around_call(db, call, "group"),
        has_bundle=bundles.is_kept(db, grouping.id),
        **levels(db, grouping, curve, asked, wrong.levels, is_asked=any(steps)),
    )


def levels(
    db: Session,
    grouping: Grouping,
    curve: Curve | None,
    asked: Asked | None,
    refused: Refused | None = None,
    *,
    is_asked: bool = True,
) -> dict[str, Any]:
    """What the part about coarser and finer shows; groups at other steps only once somebody asks."""
    wrong = refused or (asked.wrong if asked else None)
    seen = (
        groupings_preview.preview(db, grouping, asked.mission, asked.project)
        if asked and is_asked and not wrong
        else None
    )
    return {
        "curve": curve,
        "asked": asked,
        "seen": seen,
        "wrong": wrong.sentence if wrong else None,
        **WORDS,
    }


def asked_of(curve: Curve, mission: str, project: str) -> Asked:
    """The steps that the address names, counted from 1 there; those of the proposal where it names none."""
    asked = Asked(step(mission, curve.mission), step(project, curve.project))
    try:
        groupings_levels.require_steps(curve, asked.mission, asked.project)
    except groupings_levels.NoSuchStep as refusal:
        return Asked(curve.mission, curve.project, refused_by(refusal))
    except groupings_levels.NotFiner as refusal:
        return replace(asked, wrong=refused_by(refusal))
    return asked


def step(raw: str, otherwise: int) -> int:
    """A number beyond every ladder where something else than a number was written."""
    if not raw:
        return otherwise
    return int(raw) - 1 if raw.isascii() and raw.isdigit() and len(raw) < 4 else -1
