"""The mail outbox: sends what is due, a letter at a time, one process at a time.

A plain loop, not a durable job: the row of a letter that was not sent is the lasting record. Every letter is a
transaction of its own. A process killed between the mail server's answer and our commit sends that one letter again,
under the same Message-ID, by which mailboxes know it; none is lost.
"""

from sqlalchemy import Engine

from app.jobs.loops import alone
from app.services import mail
from app.settings import Settings


def send(engine: Engine, settings: Settings) -> bool:
    """Send a few letters; answers whether to go on at once."""
    sent = 0
    for _letter in range(mail.AT_ONCE):
        if not alone(engine, "mail", lambda session: mail.send_due(session, settings, limit=1)):
            break
        sent += 1
    return sent == mail.AT_ONCE
