"""Saving an application as it is typed: versions, and several people's windows on one form without lost words.

A window tells the version it started from. Where somebody saved meanwhile, both are brought together: what only one
changed is taken; where both changed the same words, nothing of that field is written until a person has looked at it.
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col

from app.models.application import (
    Application,
    ApplicationVersion,
    last_of_window,
    version_of,
)
from app.models.columns import now
from app.rules import applications, merging
from app.rules.applications import ANSWER, TEXTS_MERGED
from app.rules.merging import Clash, Together
from app.services.applications import fields_of, hold_draft

KEPT_VERSIONS = 200


@dataclass(frozen=True)
class Saved:
    """`seen` is the version the window goes on from; `clashes` are fields of which nothing was written."""

    seen: int
    clashes: list[Clash] = field(default_factory=list)
    by_others: bool = False


def save_typed(
    session: Session, application: Application, fields: dict[str, Any], seen: int, by: UUID, window: str = ""
) -> Saved:
    """Save what a window holds while somebody types in it; the window itself does not change."""
    hold_draft(session, application)
    current = fields_of(session, application)
    seen = started_from(session, application, seen, window)
    if seen == application.version:
        return Saved(write(session, application, fields, by, window))
    base = version_of(session, application.id, seen)
    if base is None:
        return Saved(seen, brought_together(None, fields, current).clashes, by_others=True)
    found = brought_together(base.fields, fields, current)
    clashing = {each.field for each in found.clashes}
    # What the window holds is its own next base, but for what clashes: that has to clash again until it is settled.
    own = fields | {name: base.fields.get(name, "") for name in clashing}
    held = keep_version(session, application, own, by, window)
    merged = found.fields | {name: current.get(name, "") for name in clashing}
    write(session, application, merged, by)
    return Saved(held, found.clashes, by_others=True)


def started_from(session: Session, application: Application, seen: int, window: str) -> int:
    """What the window holds of the application: its own last saving too, also where the answer never reached it."""
    return max(seen, last_of_window(session, application.id, window)) if window else seen


def save_whole(
    session: Session, application: Application, fields: dict[str, Any], seen: int, by: UUID, window: str = ""
) -> Together:
    """Save the whole form; with clashes nothing is written, and both texts come back to be looked at."""
    hold_draft(session, application)
    current = fields_of(session, application)
    seen = started_from(session, application, seen, window)
    if seen == application.version:
        found = Together(fields, [])
    else:
        base = version_of(session, application.id, seen)
        found = brought_together(base.fields if base else None, fields, current)
    if not found.clashes:
        write(session, application, found.fields, by)
    return found


def brought_together(base: dict[str, Any] | None, mine: dict[str, Any], theirs: dict[str, Any]) -> Together:
    texts = TEXTS_MERGED | {name for name in mine if name.startswith(ANSWER)}
    return merging.together(base, mine, theirs, texts)


def write(
    session: Session, application: Application, fields: dict[str, Any], by: UUID, window: str = ""
) -> int:
    """Make these fields what the application holds; the same again makes no version."""
    if fields == fields_of(session, application):
        return application.version
    number = keep_version(session, application, fields, by, window)
    written = applications.read(fields)
    application.title, application.summary = written.title, written.summary
    application.route, application.hypothesis = written.route, written.hypothesis
    application.readiness, application.asked = written.readiness, written.asked
    application.starts, application.ends = written.starts, written.ends
    application.answers = dict(written.answers)
    application.budget = [each.as_facts() for each in written.budget]
    application.updated_at = now()
    session.add(application)
    session.flush()
    return number


def keep_version(
    session: Session, application: Application, fields: dict[str, Any], by: UUID, window: str
) -> int:
    """Number what a window holds; versions that no open window can have started from are forgotten."""
    application.version += 1
    session.add(
        ApplicationVersion(
            application_id=application.id,
            number=application.version,
            fields=dict(fields),
            by_id=by,
            window=window,
        )
    )
    session.flush()
    old = delete(ApplicationVersion).where(
        col(ApplicationVersion.application_id) == application.id,
        col(ApplicationVersion.number) < application.version - KEPT_VERSIONS,
    )
    session.connection().execute(old)
    return application.version
