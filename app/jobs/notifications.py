"""The mail outbox: sends what is due, a few letters in a transaction, one process at a time.

A plain loop, not a durable job: the notification row that has not been mailed is the lasting
record. A process killed between the mail server's answer and our commit sends those few again.
"""

from sqlalchemy import Engine

from app.jobs.loops import alone
from app.services import mail
from app.settings import Settings


def send(engine: Engine, settings: Settings) -> bool:
    """Send one batch; answers whether to go on at once."""
    return bool(alone(engine, "mail", lambda session: mail.send_due(session, settings)))
