"""Every table in one import, for migrations' check and for the tests."""

from sqlmodel import SQLModel

from app.models import (  # noqa: F401
    absence,
    assignment,
    ballot,
    call,
    cluster,
    committee,
    committee_letter,
    correction,
    decision,
    embedding,
    endorsement,
    event,
    frozen_grouping,
    grouping,
    heartbeat,
    import_run,
    kept_moves,
    ladder,
    link_token,
    mission,
    money,
    notification,
    organisation,
    outgoing_mail,
    person,
    placement,
    rate_count,
    review,
    seat,
    statement,
    submission,
    term,
    text_version,
    topic_scorer,
    web_session,
    wording,
)

metadata = SQLModel.metadata
