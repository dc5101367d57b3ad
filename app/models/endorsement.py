"""Endorsements: one per person and submission, enforced by the primary key."""

from datetime import datetime
from uuid import UUID

from sqlmodel import SQLModel

from app.models.columns import created, to


class Endorsement(SQLModel, table=True):
    """A person stands behind a submission; it counts once their address is confirmed."""

    submission_id: UUID = to("submission.id", on_delete="CASCADE", primary_key=True)
    person_id: UUID = to("person.id", primary_key=True, index=True)
    counts: bool = True
    created_at: datetime = created()
