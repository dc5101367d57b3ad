"""The durable jobs by name, and putting one in the queue in the very transaction of the act that needs it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from dbos import DBOSClient, DBOSPortableJSONSerializer
from sqlalchemy import Engine
from sqlmodel import Session

APPLICATION = "comission"
SCHEMA = "dbos"


@dataclass(frozen=True)
class Job:
    """What `app/jobs` registers under this name and runs from this queue."""

    name: str
    queue: str


GROUPING = Job("grouping", queue="grouping")
EMBEDDING = Job("embedding", queue="embedding")
IMPORTING = Job("importing", queue="importing")
COUNTING = Job("counting", queue="counting")
DRAFTING = Job("drafting", queue="drafting")


def enqueue(session: Session, job: Job, *arguments: str | Sequence[str], key: str) -> str:
    """Queue the job; it exists only if the caller's transaction commits, and once for each key."""
    workflow_id = f"{job.name}-{key}"
    _client(session.get_bind().engine).enqueue_in_transaction(
        session,
        {"workflow_name": job.name, "queue_name": job.queue, "workflow_id": workflow_id},
        *arguments,
    )
    return workflow_id


@lru_cache(maxsize=8)
def _client(engine: Engine) -> DBOSClient:
    """Build the client that writes queue rows; it opens no connection of its own and runs nothing."""
    return DBOSClient(
        system_database_engine=engine,
        dbos_system_schema=SCHEMA,
        serializer=DBOSPortableJSONSerializer(),
        application_name=APPLICATION,
        lazy=True,
    )
