"""Every table in one import, for migrations' check and for the tests."""

from sqlmodel import SQLModel

from app.models import (  # noqa: F401
    ballot,
    call,
    cluster,
    committee,
    correction,
    decision,
    embedding,
    endorsement,
    event,
    grouping,
    heartbeat,
    import_run,
    link_token,
    mission,
    notification,
    organisation,
    outgoing_mail,
    person,
    placement,
    rate_count,
    seat,
    statement,
    submission,
    term,
    text_version,
    web_session,
)

metadata = SQLModel.metadata
